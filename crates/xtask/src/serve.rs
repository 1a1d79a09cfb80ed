//! `cargo xtask serve`: the page on this machine, rebuilt whenever a file changes.
//!
//! Owns the choice of the port and the one line that a person waits for: the address.
//! Building, watching and serving is Trunk's.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Child;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::args::Flags;
use crate::page;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

const DEFAULT_PORT: u16 = 8080;
/// Where the page is built into, for serving only: Trunk adds its script for reloading.
const FOLDER: &str = "target/serve";
/// How many ports after the default one are tried.
const OTHER_PORTS: u16 = 20;
/// Trunk tells of each build; where it listens is told by us, once, at an address that works everywhere.
const LOG: &str = "info,trunk::serve=warn";

pub(crate) fn run(flags: &Flags) -> Outcome {
    let port = choose_port(flags.port())?;
    tools::require(tools::FOR_PAGE)?;
    say::step("building the page, optimised: about 2 minutes at first, half a minute later");
    let mut trunk = process::bound_to_us(page::trunk("serve")?);
    trunk.args(["--address", "127.0.0.1", "--port", &port.to_string(), "--dist", FOLDER]);
    if std::env::var_os("RUST_LOG").is_none() {
        trunk.env("RUST_LOG", LOG);
    }
    let started = SystemTime::now();
    let mut trunk = trunk.spawn().map_err(|error| format!("cannot start Trunk: {error}"))?;
    announce(port, started, &mut trunk)?;
    let status = trunk.wait().map_err(|error| format!("lost sight of Trunk: {error}"))?;
    Err(format!("Trunk stopped serving ({status})"))
}

/// Waits for the server, which listens once the first build is over, and says where it is.
fn announce(port: u16, started: SystemTime, trunk: &mut Child) -> Outcome {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if let Ok(Some(status)) = trunk.try_wait() {
            return Err(format!("Trunk ended before it served the page ({status})"));
        }
        thread::sleep(Duration::from_millis(200));
    }
    let built = std::fs::metadata(process::root().join(FOLDER).join("index.html"))
        .and_then(|file| file.modified())
        .is_ok_and(|modified| modified >= started);
    say::step(&match built {
        true => format!("the playground runs at http://127.0.0.1:{port}/ (Ctrl-C ends it)"),
        false => "the page could not be built, see above; it is tried again \
                  as soon as a file changes (Ctrl-C ends this)"
            .to_owned(),
    });
    Ok(())
}

fn choose_port(wanted: Option<u16>) -> Result<u16, String> {
    if let Some(port) = wanted {
        return match is_free(port) {
            true => Ok(port),
            false => Err(format!(
                "port {port} cannot be used: another program has it, or it needs more rights. \
                 Without `--port` a free one is found"
            )),
        };
    }
    (DEFAULT_PORT..=DEFAULT_PORT + OTHER_PORTS)
        .find(|port| is_free(*port))
        .ok_or_else(|| format!("no port from {DEFAULT_PORT} on is free; name one with `--port N`"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_refused_when_it_was_asked_for() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = busy.local_addr().expect("it is bound").port();
        let reason = choose_port(Some(port)).expect_err("the port is busy");
        assert!(reason.contains(&port.to_string()), "{reason}");
        drop(busy);
        assert_eq!(choose_port(Some(port)), Ok(port));
    }

    #[test]
    fn without_a_wish_a_free_port_is_found() {
        let port = choose_port(None).expect("one of them is free");
        assert!((DEFAULT_PORT..=DEFAULT_PORT + OTHER_PORTS).contains(&port));
    }
}
