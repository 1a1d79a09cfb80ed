//! `cargo xtask bench`: figures beside their budgets, each measured in one run with
//! its yardstick. Owns the order; the measuring is done by `raft-evidence`, by the
//! comparison with the crate `raft` that lies in its folder, and in the browser by `e2e`.

use crate::args::Flags;
use crate::browser;
use crate::page;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

/// A workspace of its own: what the crate `raft` needs to build concerns nobody else.
pub(crate) const PEER: &str = "crates/raft-evidence/peer/Cargo.toml";

pub(crate) fn run(flags: &Flags) -> Outcome {
    if flags.has("--browser") {
        return in_browser();
    }
    let simulation = simulation();
    let peer = peer();
    simulation.and(peer)
}

fn simulation() -> Outcome {
    say::step("measuring the simulation: about 2 minutes to build, 1 minute to run");
    process::run(process::cargo(
        "run --release --locked --package raft-evidence -- bench",
    ))
}

fn peer() -> Outcome {
    tools::require(&[&tools::PROTOC])?;
    say::step("measuring the core beside the crate `raft`: about 2 minutes to build and to run");
    process::run(process::cargo(&format!(
        "run --release --locked --manifest-path {PEER} --target-dir target/peer"
    )))
}

fn in_browser() -> Outcome {
    tools::require(tools::FOR_PAGE)?;
    tools::require(tools::FOR_BROWSERS)?;
    page::build()?;
    browser::script("bench", "about 2 minutes")
}
