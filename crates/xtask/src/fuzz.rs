//! `cargo xtask fuzz`: a fuzzer looks for bytes that make the core panic.
//!
//! Owns the call. What the bytes mean lies in the folder of the fuzz target, and runs as a test on any compiler, too;
//! but only a nightly one can tell the fuzzer where its bytes have led, and it is not installed unasked.

use std::process::Command;

use crate::args::Flags;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

/// A workspace of its own: the compiler that it needs concerns nobody else.
pub(crate) const FUZZ: &str = "crates/raft-core/fuzz/Cargo.toml";
const TARGET: &str = "any_messages";

pub(crate) fn run(flags: &Flags) -> Outcome {
    if process::ask(process::program("rustup").args(["run", "nightly", "rustc", "--version"])).is_none() {
        return Err(missing_nightly());
    }
    tools::require(&[&tools::CARGO_FUZZ])?;
    let seconds = flags.number("--seconds").unwrap_or(60);
    say::step(&format!(
        "fuzzing the core: about 1 minute to build, {seconds} seconds to run"
    ));
    let corpus = process::root().join("target/fuzz/corpus");
    std::fs::create_dir_all(&corpus)
        .map_err(|error| format!("cannot make the folder {}: {error}", corpus.display()))?;
    process::run(command(seconds))
}

fn missing_nightly() -> String {
    "fuzzing needs the nightly toolchain, which is not there. By hand: \
     rustup toolchain install nightly --profile minimal\n       \
     What the fuzzer does runs with bytes by chance, too: cargo test -p raft-core --test any_bytes"
        .to_owned()
}

/// Without sanitizers: there is no unsafe code in the core that they could watch.
fn command(seconds: u16) -> Command {
    let folder = FUZZ.trim_end_matches("/Cargo.toml");
    let mut command = process::program("rustup");
    command.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", folder]);
    command.args(["--sanitizer", "none", "--target-dir", "target/fuzz"]);
    command.args([TARGET, "target/fuzz/corpus", "--"]);
    command.arg(format!("-max_total_time={seconds}"));
    command.env("PATH", tools::path());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzz_target_is_where_it_is_looked_for() {
        let manifest = std::fs::read_to_string(process::root().join(FUZZ)).expect("a file of the repository");
        assert!(manifest.contains(&format!("name = \"{TARGET}\"")), "{manifest}");
        assert!(manifest.contains("cargo-fuzz = true"), "{manifest}");
    }

    #[test]
    fn it_runs_for_as_long_as_it_is_told() {
        let command = command(7);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(words.last().map(AsRef::as_ref), Some("-max_total_time=7"));
        assert!(words.iter().any(|word| word == "crates/raft-core/fuzz"), "{words:?}");
    }

    #[test]
    fn whoever_has_no_nightly_toolchain_learns_what_to_do() {
        let text = missing_nightly();
        assert!(text.contains("rustup toolchain install nightly"), "{text}");
        assert!(text.contains("cargo test -p raft-core --test any_bytes"), "{text}");
    }
}
