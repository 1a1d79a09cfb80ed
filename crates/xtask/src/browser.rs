//! The scripts of `e2e/`, run against the page in real browsers.
//!
//! Owns what those scripts are told: which browsers to start and which port is free.
//! What they do is theirs.

use std::net::{Ipv4Addr, TcpListener};

use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

/// Runs a script of `e2e/package.json`; page, packages and browsers must be there.
pub(crate) fn script(name: &str, takes: &str) -> Outcome {
    say::step(&format!("running `{name}` of e2e in real browsers: {takes}"));
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = process::program(npm);
    command
        .args(["run", "--silent", name])
        .current_dir(process::root().join("e2e"));
    command.env("PLAYGROUND_PORT", free_port()?.to_string());
    let browsers = [
        ("PLAYGROUND_CHROMIUM", tools::CHROMIUM.program()),
        ("PLAYGROUND_FIREFOX", tools::FIREFOX.program()),
    ];
    for (variable, program) in browsers {
        if let Some(program) = program {
            command.env(variable, program);
        }
    }
    process::run(&mut command)
}

/// A port that nobody uses, so that several clones can test at the same time.
fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on this machine: {error}"))
}
