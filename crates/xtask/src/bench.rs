//! `cargo xtask bench`: figures beside their budgets, each measured in one run with
//! its yardstick. Owns the order, and how the world is made into WebAssembly; the
//! measuring is done by `raft-evidence`, by an example of `raft-playground`, by the
//! comparison with the crate `raft` that lies in its folder, and in the browser by `e2e`.

use std::path::PathBuf;

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
    tools::require(&[&tools::WASM_TARGET, &tools::WASM_OPT])?;
    say::step("measuring the simulation: about 4 minutes to build, 1 minute to run");
    let wasm = world_as_wasm()?;
    let bench = "run --release --locked --package raft-evidence -- bench --wasm";
    let figures = process::run(process::cargo(bench).arg(wasm));
    let seek = "run --release --locked --package raft-playground --example seek";
    figures.and(process::run(process::cargo(seek)))
}

/// The world alone as WebAssembly, made as the page is: with its profile and its flags of wasm-opt.
fn world_as_wasm() -> Result<PathBuf, String> {
    let build = "build --profile page --locked --target wasm32-unknown-unknown --package raft-sim --example turn";
    let messages = process::read(process::cargo(build).arg("--message-format=json-render-diagnostics"))?;
    // The message about an artifact has its path between quotes, and no other has one of this name.
    let built = messages.split('"').find(|word| word.ends_with("turn.wasm"));
    let built = PathBuf::from(built.ok_or("cargo does not say where it has put turn.wasm")?);
    let small = built.with_extension("opt.wasm");
    let mut wasm_opt = process::program("wasm-opt");
    wasm_opt.env("PATH", tools::path()).args(page::WASM_OPT).arg(&built);
    process::run(wasm_opt.arg("-o").arg(&small))?;
    Ok(small)
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
