//! How fast the world turns, how fast its history is walked, and how much room it takes.
//!
//! Speeds are in cluster-seconds per CPU second; the yardstick of the same run is how fast this machine
//! turns the node's own random numbers, so that a noisy machine shows.

use std::hint::black_box;
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

/// Measures everything.
#[must_use]
pub fn run() -> Vec<Row> {
    // Memory comes first: later on there would be freed room to hide in.
    let memory = history_memory();
    let mut rows = vec![yardstick(), unwatched(), watched(), seek()];
    rows.extend(memory);
    rows
}

/// The median of several timings, because machines are noisy.
fn median(mut time: impl FnMut(u64) -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..7).map(&mut time).collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn yardstick() -> Row {
    let seconds = median(|seed| {
        let mut random = Random::new(seed);
        let start = Clock::now();
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
    let start = Clock::now();
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

/// The slowest of a thousand seeks to random places in ten minutes of history.
fn seek() -> Row {
    let mut timeline = Timeline::new(subject(), 1);
    timeline.advance_to(Instant(600 * SECOND_US));
    let mut random = Random::new(2);
    let mut slowest = Duration::ZERO;
    for _ in 0..1_000 {
        let at = Instant(random.between(0, 600 * SECOND_US));
        let start = Clock::now();
        timeline.seek_to(at);
        slowest = slowest.max(start.elapsed());
    }
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
