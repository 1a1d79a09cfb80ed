//! `cargo xtask fuzz core` and `code`: a fuzzer looks for bytes that make the core panic, or the recording code.
//! Without one of these words `cargo xtask fuzz` is a campaign.
//!
//! Owns the call. What the bytes mean lies in the folder of the fuzz target, and runs as a test on any compiler, too;
//! but only a nightly one can tell the fuzzer where its bytes have led, and it is not installed unasked.

use std::process::Command;

use crate::args::Flags;
use crate::campaign;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

/// Something to fuzz. Its folder is a workspace of its own: the compiler that it needs concerns nobody else.
pub(crate) struct Target {
    /// The word on the command line.
    word: &'static str,
    /// For a person.
    what: &'static str,
    folder: &'static str,
    name: &'static str,
    /// What does the same without a fuzzer.
    test: &'static str,
    /// What the fuzzer is told besides.
    flags: &'static [&'static str],
}

/// The first is meant if none is named.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        word: "core",
        what: "the core",
        folder: "crates/raft-core/fuzz",
        name: "any_messages",
        test: "-p raft-core --test any_bytes",
        flags: &[],
    },
    Target {
        word: "code",
        what: "the recording code",
        folder: "crates/raft-sim/fuzz",
        name: "any_code",
        test: "-p raft-sim --test any_code",
        // As long as codes can be, and a limit for the memory of it all, most of which is the fuzzer's.
        flags: &["-max_len=70000", "-rss_limit_mb=256"],
    },
];

impl Target {
    pub(crate) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    /// The bytes that led somewhere new.
    fn corpus(&self) -> String {
        format!("target/fuzz/corpus-{}", self.word)
    }
}

pub(crate) fn run(flags: &Flags) -> Outcome {
    let named = TARGETS.iter().find(|target| flags.has(target.word));
    // Whoever says for how long means the fuzzer.
    let Some(target) = named.or(flags.has("--seconds").then_some(&TARGETS[0])) else {
        return campaign::run(flags);
    };
    if process::ask(process::program("rustup").args(["run", "nightly", "rustc", "--version"])).is_none() {
        return Err(missing_nightly(target));
    }
    tools::require(&[&tools::CARGO_FUZZ])?;
    let seconds = flags.number("--seconds").unwrap_or(60);
    say::step(&format!(
        "fuzzing {}: about 1 minute to build, {seconds} seconds to run",
        target.what
    ));
    let corpus = process::root().join(target.corpus());
    std::fs::create_dir_all(&corpus)
        .map_err(|error| format!("cannot make the folder {}: {error}", corpus.display()))?;
    process::run(command(target, seconds))
}

fn missing_nightly(target: &Target) -> String {
    format!(
        "fuzzing needs the nightly toolchain, which is not there. By hand: \
         rustup toolchain install nightly --profile minimal\n       \
         What the fuzzer does runs with bytes by chance, too: cargo test {}",
        target.test
    )
}

/// Without sanitizers: there is no unsafe code of ours that they could watch.
fn command(target: &Target, seconds: u64) -> Command {
    let mut command = process::program("rustup");
    command.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", target.folder]);
    command.args(["--sanitizer", "none", "--target-dir", "target/fuzz"]);
    command.args([target.name, &target.corpus(), "--"]);
    command.args(target.flags);
    command.arg(format!("-max_total_time={seconds}"));
    command.env("PATH", tools::path());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzz_targets_are_where_they_are_looked_for() {
        for target in TARGETS {
            let manifest = process::root().join(target.manifest());
            let manifest = std::fs::read_to_string(manifest).expect("a file of the repository");
            assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{manifest}");
            assert!(manifest.contains("cargo-fuzz = true"), "{manifest}");
        }
    }

    #[test]
    fn it_runs_for_as_long_as_it_is_told() {
        for target in TARGETS {
            let command = command(target, 7);
            let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
            assert_eq!(words.last().map(AsRef::as_ref), Some("-max_total_time=7"));
            assert!(words.iter().any(|word| word == target.folder), "{words:?}");
        }
    }

    #[test]
    fn whoever_has_no_nightly_toolchain_learns_what_to_do() {
        for target in TARGETS {
            let text = missing_nightly(target);
            assert!(text.contains("rustup toolchain install nightly"), "{text}");
            assert!(text.contains(&format!("cargo test {}", target.test)), "{text}");
        }
    }
}
