//! How fast the world turns, how fast its history is walked, and how much room it takes.
//!
//! Speeds are in cluster-seconds per CPU second, so that a busy machine does not matter much; the yardstick of the same
//! run is how fast this machine turns the node's own random numbers.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant as Clock};

use raft_core::Random;
use raft_sim::{Config, Instant, Timeline, Workload, World};

const SECOND_US: u64 = 1_000_000;

/// Five servers, one client, ten writes a second: what the budgets are about.
#[must_use]
pub fn subject() -> Config {
    Config {
        workload: Some(Workload::puts(100_000)),
        ..Config::default()
    }
}

/// One measurement beside its budget.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub name: &'static str,
    /// The figure.
    pub figure: f64,
    /// What it may be at least, or at most.
    pub budget: Budget,
    /// The unit of both.
    pub unit: &'static str,
}

/// What a figure may be.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Whatever it is: a yardstick.
    Yardstick,
}

impl Row {
    /// Whether the budget is kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        match self.budget {
            Budget::AtLeast(least) => self.figure >= least,
            Budget::AtMost(most) => self.figure <= most,
            Budget::Yardstick => true,
        }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Row { name, figure, unit, .. } = self;
        write!(f, "{name:<48} {figure:>12.1} {unit:<26}")?;
        let verdict = if self.is_kept() { "kept" } else { "MISSED" };
        match self.budget {
            Budget::AtLeast(least) => write!(f, "at least {least:>8}  {verdict}"),
            Budget::AtMost(most) => write!(f, "at most  {most:>8}  {verdict}"),
            Budget::Yardstick => f.write_str("yardstick"),
        }
    }
}

/// Measures everything; the world as WebAssembly as well, if the example `turn` of `raft-sim` is there as such.
///
/// # Errors
///
/// Why the WebAssembly could not be run.
pub fn run(wasm: Option<&Path>) -> Result<Vec<Row>, String> {
    // Memory comes first: later on there would be freed room to hide in.
    let memory = history_memory();
    let watched = watched();
    let native = watched.figure;
    let mut rows = vec![yardstick(), unwatched(), watched];
    if let Some(wasm) = wasm {
        rows.extend(in_wasm(wasm, native)?);
    }
    rows.push(seek());
    rows.extend(memory);
    Ok(rows)
}

/// The median of several timings, because machines are noisy.
fn median(time: impl FnMut(u64) -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..7).map(time).collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// The processor's time of this thread, where the system tells it, or else what a clock on the wall says.
struct Stopwatch {
    wall: Clock,
    cpu: Option<Duration>,
}

impl Stopwatch {
    fn start() -> Stopwatch {
        Stopwatch {
            cpu: cpu(),
            wall: Clock::now(),
        }
    }

    fn elapsed(&self) -> Duration {
        match (self.cpu, cpu()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.wall.elapsed(),
        }
    }
}

/// How long this thread has been on a processor, on Linux.
fn cpu() -> Option<Duration> {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let ns = figures.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(ns))
}

fn yardstick() -> Row {
    let seconds = median(|seed| {
        let mut random = Random::new(seed);
        let start = Stopwatch::start();
        for _ in 0..20_000_000 {
            black_box(random.next_u64());
        }
        start.elapsed()
    });
    Row {
        name: "random numbers of the node",
        figure: 20.0 / seconds,
        budget: Budget::Yardstick,
        unit: "million a second",
    }
}

fn turn(mut world: World, cluster_seconds: u64) -> Duration {
    let start = Stopwatch::start();
    world.advance_to(Instant(cluster_seconds * SECOND_US), &mut ());
    black_box(world.trace_hash());
    start.elapsed()
}

fn unwatched() -> Row {
    let seconds = median(|seed| turn(World::unwatched(subject(), seed), 1_000));
    Row {
        name: "world, 5 nodes, 10 writes a second",
        figure: 1_000.0 / seconds,
        budget: Budget::AtLeast(10_000.0),
        unit: "cluster-seconds a second",
    }
}

fn watched() -> Row {
    let seconds = median(|seed| turn(World::new(subject(), seed), 1_000));
    Row {
        name: "the same with every property on",
        figure: 1_000.0 / seconds,
        budget: Budget::AtLeast(3_000.0),
        unit: "cluster-seconds a second",
    }
}

/// The same in Node, in the median of several runs, beside the native figure of this run.
fn in_wasm(wasm: &Path, native: f64) -> Result<[Row; 2], String> {
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", include_str!("turn.mjs"), "--"]);
    let output = node.arg(wasm).output();
    let output = output.map_err(|error| format!("`node` could not be started: {error}"))?;
    let told = String::from_utf8_lossy(&output.stdout);
    let seconds: f64 = told.trim().parse().map_err(|_| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        format!("{} cannot be run in Node: {told}{complaint}", wasm.display())
    })?;
    let figure = 1_000.0 / seconds;
    Ok([
        Row {
            name: "the same as WebAssembly",
            figure,
            budget: Budget::Yardstick,
            unit: "cluster-seconds a second",
        },
        Row {
            name: "of native, that is",
            figure: 100.0 * figure / native,
            budget: Budget::AtLeast(50.0),
            unit: "%",
        },
    ])
}

/// The slowest of a thousand random places in ten minutes of history. Each is visited three times, and the best
/// counts, because what is so short is easily interrupted.
fn seek() -> Row {
    let mut timeline = Timeline::new(subject(), 1);
    timeline.advance_to(Instant(600 * SECOND_US));
    let mut random = Random::new(2);
    let mut places: Vec<_> = (0..1_000)
        .map(|_| (Instant(random.between(0, 600 * SECOND_US)), Duration::MAX))
        .collect();
    for _ in 0..3 {
        for (at, best) in &mut places {
            let start = Clock::now();
            timeline.seek_to(*at);
            *best = start.elapsed().min(*best);
        }
    }
    let slowest = places.iter().map(|(_, best)| *best).max().unwrap_or_default();
    Row {
        name: "slowest of 1,000 seeks in 10 minutes, native",
        figure: slowest.as_secs_f64() * 1e3,
        budget: Budget::AtMost(16.0),
        unit: "ms",
    }
}

/// The memory of a thousand cluster-seconds of history, where the system tells how much a process holds.
fn history_memory() -> Option<Row> {
    let before = resident_kb()?;
    let mut timeline = Timeline::new(subject(), 1);
    timeline.advance_to(Instant(1_000 * SECOND_US));
    let after = resident_kb()?;
    black_box(timeline.end());
    Some(Row {
        name: "history of 1,000 cluster-seconds, each",
        figure: after.saturating_sub(before) as f64 / 1_000.0,
        budget: Budget::AtMost(16.0),
        unit: "KB",
    })
}

/// What the process holds in memory, in KB, on Linux.
fn resident_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
