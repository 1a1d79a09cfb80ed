//! The command line of the evidence. `cargo xtask` runs it in release.

use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Instant as Clock;

use raft_evidence::{bench, campaign, verify};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["bench"] => run_bench(),
        ["fuzz", seeds] => match seeds.parse() {
            Ok(0) => usage("no seeds are no campaign"),
            Ok(seeds) => fuzz(0..=seeds - 1),
            Err(error) => usage(&format!("`{seeds}` is not a number of seeds: {error}")),
        },
        ["seed", seed] => match seed.parse() {
            Ok(seed) => fuzz(seed..=seed),
            Err(error) => usage(&format!("`{seed}` is not a seed: {error}")),
        },
        ["verify"] => ExitCode::from(u8::from(!verify::verify())),
        [] => usage("no command"),
        [other, ..] => usage(&format!("`{other}` is not a command, or has the wrong arguments")),
    }
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}\nusage: raft-evidence bench | fuzz SEEDS | seed SEED | verify");
    ExitCode::from(2)
}

fn run_bench() -> ExitCode {
    let rows = bench::run();
    for row in &rows {
        println!("{row}");
    }
    ExitCode::from(u8::from(!rows.iter().all(bench::Row::is_kept)))
}

fn fuzz(seeds: RangeInclusive<u64>) -> ExitCode {
    let start = Clock::now();
    let mut events = 0;
    let count = seeds.end() - seeds.start() + 1;
    for seed in seeds {
        match campaign::run(seed) {
            Ok(summary) => events += summary.events,
            Err(failure) => {
                println!("{failure}");
                return ExitCode::FAILURE;
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{count} seeds, {events} events in {seconds:.1} s: no property violated, every cluster worked again after healing"
    );
    ExitCode::SUCCESS
}
