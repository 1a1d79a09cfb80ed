//! `cargo xtask verify`: a model checker explores the real node, with all rules and without single ones.
//!
//! Owns the call; the model is in `raft-evidence`.

use crate::args::Flags;
use crate::process::{self, Outcome};
use crate::say;

pub(crate) fn run(_: &Flags) -> Outcome {
    say::step("model checking the core: about 2 minutes to build, 10 to 20 to run on two cores");
    process::run(process::cargo(
        "run --release --locked --package raft-evidence -- verify",
    ))
}
