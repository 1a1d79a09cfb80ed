//! `cargo xtask check`: what must hold before each commit, without running a program
//! of ours.
//!
//! Owns the list of checks and runs all of them, so that one run shows all that is
//! wrong. The checks that are ours, and not those of a tool, stand in the modules
//! below, each as a function from plain data to the list of what is wrong.

mod architecture;
mod licences;
mod metadata;
mod tidy;
mod unused;

use std::time::Instant;

use crate::args::Flags;
use crate::bench::PEER;
use crate::fuzz::{TARGETS, Target};
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;
use metadata::Metadata;

struct Check {
    name: &'static str,
    run: fn() -> Outcome,
}

const CHECKS: &[Check] = &[
    Check {
        name: "format",
        run: format,
    },
    Check {
        name: "tidy",
        run: || verdict(&tidy::problems()?),
    },
    Check {
        name: "spelling",
        run: spelling,
    },
    Check {
        name: "architecture",
        run: || verdict(&architecture::problems(&Metadata::read()?)),
    },
    Check {
        name: "licences",
        run: || verdict(&licences::problems(&Metadata::read()?)),
    },
    Check {
        name: "unused dependencies",
        run: || verdict(&unused::problems(&Metadata::read()?)?),
    },
    Check {
        name: "lints",
        run: lints,
    },
    Check {
        name: "lints of the page",
        run: web_lints,
    },
    Check {
        name: "docs",
        run: docs,
    },
];

pub(crate) fn run(_: &Flags) -> Outcome {
    tools::require(&[&tools::RUSTFMT, &tools::CLIPPY, &tools::WASM_TARGET, &tools::TYPOS])?;
    let mut failed = Vec::new();
    for check in CHECKS {
        say::step(check.name);
        let started = Instant::now();
        match (check.run)() {
            Ok(()) => say::line(&format!("fine ({})", say::duration(started.elapsed()))),
            Err(reason) => {
                say::line(&reason);
                failed.push(check.name);
            }
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(format!("not fine: {}", failed.join(", "))),
    }
}

/// What is wrong, a line each.
fn verdict(problems: &[String]) -> Outcome {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems.join("\n")),
    }
}

fn format() -> Outcome {
    process::run(process::cargo("fmt --all --check"))?;
    // The comparison with a peer and the fuzz targets are workspaces of their own.
    let fuzz = TARGETS.iter().map(Target::manifest);
    for manifest in fuzz.chain([PEER.to_owned()]) {
        process::run(process::cargo(&format!("fmt --check --manifest-path {manifest}")))?;
    }
    Ok(())
}

fn spelling() -> Outcome {
    let mut typos = process::program("typos");
    typos
        .args(["--config", "crates/xtask/typos.toml"])
        .env("PATH", tools::path());
    process::run(&mut typos)
}

fn lints() -> Outcome {
    process::run(process::cargo(
        "clippy -q --locked --workspace --exclude web --all-targets -- --deny warnings",
    ))
}

/// The page is linted for the only target that it is built for.
fn web_lints() -> Outcome {
    process::run(process::cargo(
        "clippy -q --locked -p web --target wasm32-unknown-unknown -- --deny warnings",
    ))
}

fn docs() -> Outcome {
    let mut doc = process::cargo("doc -q --locked --workspace --exclude web --no-deps --document-private-items");
    process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}
