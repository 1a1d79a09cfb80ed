//! `cargo xtask figure16`: how long electing a leader takes, beside what the paper's figure 16 shows.
//!
//! Owns the call; the crashes are simulated and compared by `raft-evidence`, whose failure is that a median is too far away.

use crate::args::Flags;
use crate::process::{self, Outcome};
use crate::say;

pub(crate) fn run(_: &Flags) -> Outcome {
    say::step("figure 16, 5,100 crashes of a leader: about 2 minutes to build, 10 seconds to run");
    process::run(process::cargo(
        "run --release --locked --package raft-evidence -- figure16",
    ))
}
