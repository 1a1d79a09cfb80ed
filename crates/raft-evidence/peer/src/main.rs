//! The core of the playground beside the crate `raft`, on the same work in the same run.
//!
//! The work: five servers in memory, one write of eight bytes at a time, drained: the next
//! one begins when all five have applied the last one and nothing is under way. Neither
//! side sends bytes, waits for a disk or lets time pass, so what is measured is the
//! protocol and its bookkeeping. Each takes the write as its interface wants it: the core a
//! number, because it is generic over commands, and the peer a vector of bytes. Batches of both alternate, so that whatever else the
//! machine does disturbs both; the verdict is the median of the ratios.

mod core;
mod peer;

use std::process::ExitCode;
use std::time::Instant;

/// From the design: how many times as fast as the peer the core must be.
const BUDGET: f64 = 4.0;
const WRITES_PER_BATCH: u64 = 20_000;
/// Odd, so that there is a median.
const BATCHES: usize = 9;

/// How many servers, on both sides.
const SERVERS: usize = 5;

/// Five servers with a leader.
trait Cluster {
    /// Writes through the leader, and returns when nothing is under way any more.
    fn write(&mut self, command: u64);

    /// What each server has applied.
    fn applied(&self) -> [Applied; SERVERS];
}

/// A state machine that can be compared: how many commands, and what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Applied {
    commands: u64,
    digest: u64,
}

impl Applied {
    fn apply(&mut self, command: u64) {
        self.commands += 1;
        self.digest = self.digest.wrapping_mul(31).wrapping_add(command);
    }
}

fn main() -> ExitCode {
    let (mut core, mut peer) = (core::Servers::elect(), peer::Servers::elect());
    let mut expected = Applied::default();
    let mut batches = Vec::new();
    println!("writes a second, {SERVERS} servers in memory, one write at a time, drained");
    println!("{:>12} {:>12} {:>8}", "raft-core", "raft 0.7", "ratio");
    // The first one warms up.
    for batch in 0..=BATCHES as u64 {
        let commands = batch * WRITES_PER_BATCH..(batch + 1) * WRITES_PER_BATCH;
        commands.clone().for_each(|command| expected.apply(command));
        let core_rate = rate(&mut core, commands.clone(), expected);
        let peer_rate = rate(&mut peer, commands, expected);
        if batch > 0 {
            println!("{core_rate:>12.0} {peer_rate:>12.0} {:>7.1}x", core_rate / peer_rate);
            batches.push(core_rate / peer_rate);
        }
    }
    verdict(batches)
}

/// Writes a second; fails unless every server has applied exactly what was expected.
fn rate(cluster: &mut impl Cluster, commands: std::ops::Range<u64>, expected: Applied) -> f64 {
    let started = Instant::now();
    for command in commands {
        cluster.write(command);
    }
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(cluster.applied(), [expected; SERVERS], "the work was not done");
    WRITES_PER_BATCH as f64 / seconds
}

fn verdict(mut ratios: Vec<f64>) -> ExitCode {
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    let met = median >= BUDGET;
    let word = if met { "met" } else { "MISSED" };
    println!("the core is {median:.1} times as fast; the budget is {BUDGET} times: {word}");
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
