//! `cargo xtask fuzz --seeds N`: campaigns of misfortune. Owns the call; `raft-evidence` draws, simulates, judges and shrinks.

use crate::args::Flags;
use crate::process::{self, Outcome};
use crate::say;

/// Fast, but with whatever the core asserts of itself.
pub(crate) const EVIDENCE: &str = "run --profile campaign --locked --package raft-evidence --";

pub(crate) fn run(flags: &Flags) -> Outcome {
    let seeds = flags.number("--seeds").unwrap_or(1_000);
    let minutes = seeds.div_ceil(5_000);
    say::step(&format!(
        "simulating {seeds} clusters under swarms of faults: about 2 minutes to build, {minutes} to run"
    ));
    process::run(process::cargo(&words(flags)))
}

fn words(flags: &Flags) -> String {
    let mut words = format!("{EVIDENCE} fuzz");
    for name in ["--seeds", "--from", "--jobs"] {
        if let Some(number) = flags.number(name) {
            words += &format!(" {name} {number}");
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_passed_on() {
        assert_eq!(words(&Flags::default()), format!("{EVIDENCE} fuzz"));
    }
}
