//! What must hold in every state (figure 3), and what some state must show, so that a bound is known to reach it.

use std::sync::atomic::{AtomicBool, Ordering};

use raft_core::{Index, Log, Role};
use stateright::Property;

use super::bound::{Bound, Wish};
use super::model::Cluster;
use super::server::SharedServer;
use super::state::State;

/// What has been found so far. The checker asks again for each state, and keeps the last one that it is told of, at
/// some cost; it is told of the first only.
#[derive(Debug, Default)]
pub(super) struct Found {
    always: [AtomicBool; ALWAYS.len()],
    sometimes: [AtomicBool; SOMETIMES.len()],
}

type Condition = fn(&Cluster, &State) -> bool;

/// The safety properties of figure 3, and what a read must see (§8).
const ALWAYS: [(&str, Condition); 6] = [
    ("Election Safety", election_safety),
    ("Leader Append-Only", |_, state| !state.history.rewrote),
    ("Log Matching", log_matching),
    ("Leader Completeness", leader_completeness),
    ("State Machine Safety", |_, state| !state.history.diverged),
    ("Linearizable reads", |_, state| !state.history.stale),
];

/// What a run has to come across, or its bound would be too narrow to show anything.
const SOMETIMES: [(&str, Condition); 10] = [
    ("a server leads", |_, state| !state.history.leaders.is_empty()),
    ("an entry is committed", |_, state| !state.history.committed.is_empty()),
    ("a message has an effect again", |cluster, _| {
        cluster.seen.doubled.load(Ordering::Relaxed)
    }),
    ("two candidates at once", two_candidates_at_once),
    ("two terms have leaders", |_, state| state.history.leaders.len() > 1),
    ("a crash loses a write", |cluster, _| {
        cluster.seen.lost_write.load(Ordering::Relaxed)
    }),
    ("a crash hides that a write is durable", |cluster, _| {
        cluster.seen.hidden_write.load(Ordering::Relaxed)
    }),
    ("every wish is granted", |cluster, state| {
        usize::from(state.spent.wishes) == cluster.bound.wishes.len()
    }),
    ("a snapshot is installed", |cluster, _| {
        cluster.seen.snapshot.load(Ordering::Relaxed)
    }),
    ("a read is answered", |_, state| state.history.read),
];

/// Every property of a run within this bound.
pub(super) fn all(bound: &Bound) -> Vec<Property<Cluster>> {
    let two_stands = bound.timeouts > 1;
    let slow_crashes = bound.crashes > 0 && bound.slow_disks;
    let reads = bound.wishes.contains(&Wish::Read);
    vec![
        always::<0>(),
        always::<1>(),
        always::<2>(),
        always::<3>(),
        always::<4>(),
    ]
    .into_iter()
    .chain(reads.then(always::<5>))
    .chain([sometimes::<0>(), sometimes::<1>()])
    // Elsewhere a second copy may never change anything: a voter answers once, and a yes stays.
    .chain(bound.slow_disks.then(sometimes::<2>))
    .chain(two_stands.then(sometimes::<3>))
    .chain(two_stands.then(sometimes::<4>))
    .chain(slow_crashes.then(sometimes::<5>))
    .chain(slow_crashes.then(sometimes::<6>))
    .chain((!bound.wishes.is_empty()).then(sometimes::<7>))
    .chain(bound.wishes.contains(&Wish::Compact).then(sometimes::<8>))
    .chain(reads.then(sometimes::<9>))
    .collect()
}

fn always<const N: usize>() -> Property<Cluster> {
    Property::always(ALWAYS[N].0, |cluster, state| {
        let found = &cluster.found.always[N];
        (ALWAYS[N].1)(cluster, state) || found.swap(true, Ordering::Relaxed)
    })
}

fn sometimes<const N: usize>() -> Property<Cluster> {
    Property::sometimes(SOMETIMES[N].0, |cluster, state| {
        let found = &cluster.found.sometimes[N];
        !found.load(Ordering::Relaxed) && (SOMETIMES[N].1)(cluster, state) && !found.swap(true, Ordering::Relaxed)
    })
}

/// "At most one leader can be elected in a given term" (§5.2).
fn election_safety(_: &Cluster, state: &State) -> bool {
    let terms = state.history.leaders.windows(2);
    terms.into_iter().all(|two| two[0].0 != two[1].0)
}

/// "If two logs contain an entry with the same index and term, then the logs are identical in all entries up through the
/// given index" (§5.3).
fn log_matching(_: &Cluster, state: &State) -> bool {
    let logs = || state.servers.iter().map(|server| server.node.log());
    logs()
        .enumerate()
        .all(|(place, log)| logs().skip(place + 1).all(|other| logs_match(log, other)))
}

fn logs_match(one: &Log<u64>, other: &Log<u64>) -> bool {
    let first = one.first_index().max(other.first_index());
    let common = one.iter_from(first).zip(other.iter_from(first));
    // Once they differ, no later entry may have the same term in both.
    let mut differ = false;
    common.into_iter().all(|((_, one), (_, other))| {
        let is_same_term = one.term == other.term;
        differ |= one != other;
        !(differ && is_same_term)
    })
}

/// "If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all
/// higher-numbered terms" (§5.4).
fn leader_completeness(_: &Cluster, state: &State) -> bool {
    let leaders = state.servers.iter().filter(|server| server.node.reign().is_some());
    leaders.into_iter().all(|leader| {
        let log = leader.node.log();
        let earlier = |in_term| in_term < leader.node.current_term();
        let mut committed = (1..).map(Index).zip(&state.history.committed);
        committed.all(|(index, known)| {
            !earlier(known.in_term) || index <= log.base().index || log.term_at(index) == Some(known.entry.term)
        })
    })
}

/// "A leader never overwrites or deletes entries in its log; it only appends new entries" (§5.3): whether `after` goes on
/// where `before` ended, but for what has been compacted.
pub(super) fn continues(after: &Log<u64>, before: &Log<u64>) -> bool {
    let first = after.first_index();
    after.last_index() >= before.last_index()
        && before
            .iter_from(first)
            .zip(after.iter_from(first))
            .all(|(before, after)| before == after)
}

fn two_candidates_at_once(_: &Cluster, state: &State) -> bool {
    let standing = |server: &&SharedServer| matches!(server.node.role(), Role::Candidate(_));
    let mut terms = state
        .servers
        .iter()
        .filter(standing)
        .map(|server| server.node.current_term());
    terms.next().is_some_and(|first| terms.any(|term| term == first))
}
