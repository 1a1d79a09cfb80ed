//! The core of the playground beside the crate `raft`, on the same work in the same run.
//!
//! Five servers in memory. Neither side sends bytes, waits for a disk or lets time pass, so what is measured is the
//! protocol and its bookkeeping. Both tell of a new commit index at once, and have the same limits of batches and of
//! what is on the way; how many messages each delivers is printed beside the times. Each takes a write as its interface
//! wants it: the core a number, because it is generic over commands, and the peer a vector of eight bytes. Nobody reads why
//! the servers decide as they do: the core leaves its reasons out, and the peer's logger discards its lines unformatted.
//!
//! After each round all five must have applied exactly what was written. Then, while nobody measures, they compact
//! their logs, as hosts do: a log that grows for ever always needs fresh memory, and measures the kernel. Rounds of
//! both alternate, and most are shorter than what a scheduler gives at a time, so that whatever else the machine does
//! disturbs few of them, and both sides alike; the verdict is the median of the ratios. Before each measured round its
//! side has one that does not count, which clears away what the other side has left in the caches and in the allocator.

mod core;
mod peer;

use std::ops::Range;
use std::process::ExitCode;
use std::time::Instant;

/// From the design: how many times as fast as the peer the core must be, on each work.
const BUDGET: f64 = 4.0;
/// How many servers, on both sides.
const SERVERS: usize = 5;
/// How many bytes of entries go into a message, on both sides.
const BATCH_BYTES: u64 = 64 * 1024;
/// How many messages with entries may be on the way to a follower, on both sides.
const IN_FLIGHT: usize = 16;

/// How many entries stay in a log when it is compacted, on both sides.
const KEPT: u64 = 16;

/// How long the log is of the node whose clone is measured.
const ENTRIES_CLONED: u64 = 1_000;

/// Five servers with a leader.
trait Cluster {
    /// The first server leads, and nothing is under way.
    fn elect() -> Self;

    /// Hands these to the leader, and returns when nothing is under way any more.
    fn write(&mut self, commands: Range<u64>);

    /// Lets a heartbeat interval pass, and everything arrive that comes of it.
    fn beat(&mut self);

    /// From now on nothing reaches the last server, and nothing comes from it; or everything does again.
    fn cut_off_the_last(&mut self, is_cut_off: bool);

    /// Everybody forgets its log but for the last entries.
    fn compact(&mut self);

    /// What each server has applied.
    fn applied(&self) -> [Applied; SERVERS];

    /// How many messages have been delivered so far.
    fn delivered(&self) -> u64;
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

/// What is measured.
#[derive(Clone, Copy)]
enum Work {
    /// So many proposals at once; the next ones when all five servers have applied these.
    Writes { at_once: u64, times: u64 },
    /// Nothing but heartbeats.
    Beats { times: u64 },
    /// A follower has been away for so many entries.
    CatchUp { entries: u64 },
}

/// Each work with its name and its number of rounds, which is odd, so that there is a median.
const WORKS: [(&str, Work, usize); 4] = [
    ("a write, one at a time", Work::Writes { at_once: 1, times: 200 }, 999),
    ("a write, in batches of 64", Work::Writes { at_once: 64, times: 4 }, 999),
    ("an idle heartbeat interval", Work::Beats { times: 200 }, 999),
    (
        "an entry, follower 10,000 behind",
        Work::CatchUp { entries: 10_000 },
        15,
    ),
];

/// One side at work.
struct Bench<C> {
    cluster: C,
    /// What every server must have applied.
    expected: Applied,
}

/// What one round took, for each write, interval or entry.
#[derive(Clone, Copy, Debug)]
struct Cost {
    ns: f64,
    messages: f64,
}

impl<C: Cluster> Bench<C> {
    fn new() -> Bench<C> {
        Bench {
            cluster: C::elect(),
            expected: Applied::default(),
        }
    }

    /// The next so many commands, each only once in a run.
    fn commands(&mut self, count: u64) -> Range<u64> {
        let commands = self.expected.commands..self.expected.commands + count;
        commands.clone().for_each(|command| self.expected.apply(command));
        commands
    }

    /// One round; fails unless every server has applied exactly what was expected.
    fn round(&mut self, work: Work) -> Cost {
        let cost = match work {
            Work::Writes { at_once, times } => {
                let commands = self.commands(at_once * times);
                self.timed(at_once * times, |cluster| {
                    for batch in 0..times {
                        let first = commands.start + batch * at_once;
                        cluster.write(first..first + at_once);
                    }
                })
            }
            Work::Beats { times } => self.timed(times, |cluster| (0..times).for_each(|_| cluster.beat())),
            Work::CatchUp { entries } => {
                let behind = self.expected;
                let commands = self.commands(entries);
                self.cluster.cut_off_the_last(true);
                commands.for_each(|command| self.cluster.write(command..command + 1));
                assert_eq!(self.cluster.applied()[SERVERS - 1], behind, "it is not behind");
                self.cluster.cut_off_the_last(false);
                self.timed(entries, Cluster::beat)
            }
        };
        assert_eq!(
            self.cluster.applied(),
            [self.expected; SERVERS],
            "the work was not done"
        );
        self.cluster.compact();
        cost
    }

    /// The second of two rounds: the first one pays for what the other side has left behind.
    fn second_round(&mut self, work: Work) -> Cost {
        self.round(work);
        self.round(work)
    }

    fn timed(&mut self, units: u64, work: impl FnOnce(&mut C)) -> Cost {
        let before = self.cluster.delivered();
        let started = Instant::now();
        work(&mut self.cluster);
        Cost {
            ns: started.elapsed().as_secs_f64() * 1e9 / units as f64,
            messages: (self.cluster.delivered() - before) as f64 / units as f64,
        }
    }
}

fn main() -> ExitCode {
    println!("{SERVERS} servers in memory, medians; in brackets the messages delivered\n");
    println!("{:<34} {:>18} {:>18} {:>7}", "ns for", "raft-core", "raft 0.7", "ratio");
    let missed = WORKS
        .into_iter()
        .filter(|(name, work, rounds)| !is_met(name, *work, *rounds));
    let missed = missed.count();
    let ns = core::clone_ns(ENTRIES_CLONED);
    println!("{:<34} {ns:>9.0}", format!("a clone, {ENTRIES_CLONED} entries"));
    println!("\nthe budget is {BUDGET} times as fast on each: {}", verdict(missed));
    if missed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn verdict(missed: usize) -> String {
    match missed {
        0 => "met".to_owned(),
        missed => format!("MISSED on {missed} of {}", WORKS.len()),
    }
}

/// Measures one work and prints its line.
fn is_met(name: &str, work: Work, rounds: usize) -> bool {
    let mut core = Bench::<core::Servers>::new();
    let mut peer = Bench::<peer::Servers>::new();
    // The first rounds warm up.
    let rounds = (0..=rounds).map(|_| (core.second_round(work), peer.second_round(work)));
    let rounds: Vec<(Cost, Cost)> = rounds.skip(1).collect();
    let core = median(rounds.iter().map(|(core, _)| core.ns));
    let peer = median(rounds.iter().map(|(_, peer)| peer.ns));
    let ratio = median(rounds.iter().map(|(core, peer)| peer.ns / core.ns));
    let messages = |cost: &Cost| format!("({:.2})", cost.messages);
    let (of_core, of_peer) = &rounds[0];
    println!(
        "{name:<34} {core:>9.0} {:>8} {peer:>9.0} {:>8} {ratio:>6.1}x",
        messages(of_core),
        messages(of_peer)
    );
    ratio >= BUDGET
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
