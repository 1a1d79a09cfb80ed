//! The command line of the evidence. `cargo xtask` runs it in release.

use std::num::NonZero;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Instant as Clock;

use raft_evidence::{bench, campaign, figure16, verify};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["bench"] => run_bench(),
        ["figure16"] => run_figure16(),
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
    eprintln!("{problem}\nusage: raft-evidence bench | figure16 | fuzz SEEDS | seed SEED | verify");
    ExitCode::from(2)
}

fn run_bench() -> ExitCode {
    let rows = bench::run();
    for row in &rows {
        println!("{row}");
    }
    ExitCode::from(u8::from(!rows.iter().all(bench::Row::is_kept)))
}

fn run_figure16() -> ExitCode {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let start = Clock::now();
    let rows = figure16::LINES.map(|line| {
        eprintln!("{line} ms: {} crashes", line.trials);
        figure16::Row::new(line, line.run(line.trials, threads))
    });
    eprintln!("done in {:.1} s\n", start.elapsed().as_secs_f64());
    println!(
        "From the crash of a leader until all others have heard from the next, in ms\n\n{}",
        figure16::HEAD
    );
    for row in &rows {
        println!("{row}");
    }
    println!("\n{}\n\n{}", figure16::summary(&rows), figure16::ATTRIBUTION);
    ExitCode::from(u8::from(!rows.iter().all(figure16::Row::is_near)))
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
