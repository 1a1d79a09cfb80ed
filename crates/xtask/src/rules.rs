//! `cargo xtask rules`: each rule switched off, what breaks, how soon it is found, and the shortest history of it.
//!
//! Owns the call; the hunting is done by `raft-evidence`, and a test of it keeps the table true.

use crate::args::Flags;
use crate::campaign::EVIDENCE;
use crate::process::{self, Outcome};
use crate::say;

const TABLE: &str = "crates/raft-evidence/rules.md";

pub(crate) fn run(_: &Flags) -> Outcome {
    say::step("hunting 32 rules and shrinking what is found: about 2 minutes to build, a few to run");
    process::run(process::cargo(&format!("{EVIDENCE} rules {TABLE}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_where_it_is_written() {
        assert!(process::root().join(TABLE).is_file());
    }
}
