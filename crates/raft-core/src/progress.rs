//! What a leader knows of one follower's log, and what it may send to it next.

use alloc::collections::VecDeque;
use alloc::sync::Arc;

use crate::{Index, Instant, Round, Snapshot};

/// A leader's view of one follower (`next_index` and `match_index` of the paper's figure 2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The next entry to send. Always above `match_index`.
    pub next_index: Index,
    /// The highest entry known to be durable on the follower; zero at first.
    pub match_index: Index,
    /// How freely the leader sends.
    pub state: ProgressState,
    /// The highest commit index that it has been told of.
    pub told_commit: Index,
    /// The latest round that the follower has given back.
    pub acked_round: Round,
    /// When the leader last heard from it.
    pub heard: Instant,
}

/// How freely a leader sends to a follower.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProgressState {
    /// Where the logs agree is not known yet: one message at a time, then wait for its answer.
    Probe {
        /// Whether that one message is on the way. A heartbeat sends it again.
        waiting: bool,
    },
    /// The logs agree up to `next_index`: entries go out as they come, `next_index` runs ahead.
    Replicate {
        /// The last index of each batch on the way, oldest first.
        in_flight: VecDeque<Index>,
    },
    /// The follower needs entries that have been compacted: it gets a snapshot, piece by piece (§7).
    Snapshot {
        /// The one that is on its way: the leader may have a later one by now.
        snapshot: Arc<Snapshot>,
        /// How many of its bytes the follower has.
        offset: u64,
        /// Whether a piece is on the way. A heartbeat sends it again.
        waiting: bool,
    },
}

impl Progress {
    /// What a new leader assumes: the follower has all that the leader has (figure 2), but that is to be probed.
    #[must_use]
    pub fn new(last_index: Index, now: Instant) -> Progress {
        Progress {
            next_index: last_index.next(),
            match_index: Index(0),
            told_commit: Index(0),
            state: ProgressState::Probe { waiting: false },
            acked_round: Round(0),
            heard: now,
        }
    }

    /// Whether another batch may leave now.
    #[must_use]
    pub fn may_send(&self, in_flight_max: usize) -> bool {
        match &self.state {
            ProgressState::Probe { waiting } | ProgressState::Snapshot { waiting, .. } => !waiting,
            ProgressState::Replicate { in_flight } => in_flight.len() < in_flight_max,
        }
    }

    /// Whether it has answered everything, and so has no occasion to hear of a new commit index.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(&self.state, ProgressState::Replicate { in_flight } if in_flight.is_empty())
    }

    /// Notes that entries up to `last` have been sent. Whoever replicates goes on after them;
    /// whoever probes waits for the answer.
    pub(crate) fn sent(&mut self, last: Index) {
        match &mut self.state {
            ProgressState::Probe { waiting } | ProgressState::Snapshot { waiting, .. } => *waiting = true,
            ProgressState::Replicate { in_flight } => {
                if last >= self.next_index {
                    in_flight.push_back(last);
                    self.next_index = last.next();
                }
            }
        }
    }

    /// Notes that the follower has everything up to `index`; the leader has what comes after `base`. Returns whether
    /// that is news.
    pub(crate) fn accepted(&mut self, index: Index, base: Index) -> bool {
        let news = index > self.match_index;
        self.match_index = self.match_index.max(index);
        self.next_index = self.next_index.max(self.match_index.next());
        match &mut self.state {
            // An old answer does not say that the snapshot has arrived; but perhaps that it is not needed any more.
            ProgressState::Snapshot { snapshot, .. } if index < snapshot.last.index && self.match_index < base => {}
            ProgressState::Probe { .. } | ProgressState::Snapshot { .. } => {
                self.next_index = self.match_index.next();
                self.state = ProgressState::Replicate {
                    in_flight: VecDeque::new(),
                };
            }
            ProgressState::Replicate { in_flight } => {
                while in_flight.front().is_some_and(|&last| last <= index) {
                    in_flight.pop_front();
                }
            }
        }
        news
    }

    /// Goes back after a rejection of the entry after `previous`: the logs may agree up to `common`,
    /// which the leader has found from the follower's hint. Returns whether the rejection was
    /// about the present; an old one changes nothing. So each answer goes further back than the one before it, and there
    /// is no going back below what the follower has confirmed: one that has lost that is asked again with the next
    /// heartbeat, and not at once for each answer, of which the network may make two.
    pub(crate) fn rejected(&mut self, previous: Index, common: Index) -> bool {
        let current = previous > self.match_index
            && match self.state {
                ProgressState::Probe { .. } => previous.next() == self.next_index,
                ProgressState::Replicate { .. } => previous < self.next_index,
                ProgressState::Snapshot { .. } => false,
            };
        if current {
            self.next_index = common.min(previous.previous()).max(self.match_index).next();
            self.state = ProgressState::Probe { waiting: false };
        }
        current
    }

    /// Begins to send a snapshot, unless one is under way already. Returns whether it begins.
    pub(crate) fn send_snapshot(&mut self, snapshot: Arc<Snapshot>) -> bool {
        let is_under_way = matches!(self.state, ProgressState::Snapshot { .. });
        if !is_under_way {
            self.state = ProgressState::Snapshot {
                snapshot,
                offset: 0,
                waiting: false,
            };
        }
        !is_under_way
    }

    /// Notes that the follower has the first `next_offset` bytes of a snapshot. Returns whether that is about the present.
    pub(crate) fn has_snapshot_until(&mut self, last_index: Index, next_offset: u64) -> bool {
        match &mut self.state {
            ProgressState::Snapshot {
                snapshot,
                offset,
                waiting,
            } if snapshot.last.index == last_index && *offset != next_offset => {
                *offset = next_offset;
                *waiting = false;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Configuration, Position, Term};
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn probes_one_at_a_time_then_runs_ahead() {
        let mut progress = Progress::new(Index(4), Instant(0));
        assert!(progress.may_send(2));
        progress.sent(Index(5));
        assert!(!progress.may_send(2));
        assert_eq!(progress.next_index, Index(5), "a probe does not run ahead");
        assert!(progress.accepted(Index(5), Index(0)));
        progress.sent(Index(6));
        progress.sent(Index(8));
        assert_eq!(progress.next_index, Index(9));
        assert!(!progress.may_send(2), "the window is full");
        assert!(progress.accepted(Index(6), Index(0)));
        assert!(progress.may_send(2));
        assert!(!progress.accepted(Index(6), Index(0)), "no news");
    }

    #[test]
    fn a_rejection_goes_back_but_never_below_the_match() {
        let mut progress = Progress::new(Index(9), Instant(0));
        assert!(progress.rejected(Index(9), Index(3)));
        assert_eq!(progress.next_index, Index(4));
        assert!(!progress.rejected(Index(9), Index(1)), "that one was answered before");
        progress.sent(Index(5));
        progress.accepted(Index(5), Index(0));
        progress.sent(Index(9));
        assert!(!progress.rejected(Index(4), Index(0)), "it has matched since");
        assert!(progress.rejected(Index(9), Index(2)));
        assert_eq!(progress.next_index, Index(6));
    }

    #[test]
    fn what_was_confirmed_is_not_asked_again_at_once() {
        let mut progress = Progress::new(Index(9), Instant(0));
        progress.accepted(Index(6), Index(0));
        progress.sent(Index(7));
        assert!(
            progress.rejected(Index(7), Index(0)),
            "it goes back to what was confirmed"
        );
        assert_eq!(progress.next_index, Index(7));
        progress.sent(Index(7));
        assert!(!progress.rejected(Index(6), Index(0)), "which it had, and has lost");
        assert!(!progress.may_send(2), "a heartbeat asks again");
    }

    fn snapshot_until(index: u64) -> Arc<Snapshot> {
        let last = Position {
            term: Term(2),
            index: Index(index),
        };
        Arc::new(Snapshot {
            last,
            configuration: Configuration::default(),
            data: alloc::vec![0; 30],
        })
    }

    #[test]
    fn a_snapshot_under_way_is_not_begun_anew_for_a_later_one() {
        let mut progress = Progress::new(Index(9), Instant(0));
        assert!(progress.send_snapshot(snapshot_until(7)));
        progress.sent(Index(7));
        assert!(progress.has_snapshot_until(Index(7), 10));
        assert!(!progress.send_snapshot(snapshot_until(8)));
        assert!(matches!(progress.state, ProgressState::Snapshot { offset: 10, .. }));
        // It has arrived; what comes after it has been compacted meanwhile, so the later one is next.
        progress.accepted(Index(7), Index(8));
        assert!(progress.send_snapshot(snapshot_until(8)));
    }

    #[test]
    fn a_snapshot_goes_out_piece_by_piece() {
        let mut progress = Progress::new(Index(9), Instant(0));
        progress.send_snapshot(snapshot_until(7));
        progress.sent(Index(7));
        assert!(!progress.may_send(9));
        assert!(progress.has_snapshot_until(Index(7), 10));
        assert!(!progress.has_snapshot_until(Index(7), 10), "the same answer again");
        assert!(!progress.has_snapshot_until(Index(6), 20), "another snapshot");
        progress.accepted(Index(3), Index(6));
        assert!(matches!(progress.state, ProgressState::Snapshot { offset: 10, .. }));
        progress.accepted(Index(7), Index(6));
        assert_eq!(progress.next_index, Index(8));
        assert!(matches!(progress.state, ProgressState::Replicate { .. }));
    }

    #[test]
    fn a_late_answer_spares_the_rest_of_a_snapshot() {
        let mut progress = Progress::new(Index(9), Instant(0));
        progress.send_snapshot(snapshot_until(7));
        progress.accepted(Index(5), Index(5));
        assert_eq!(progress.next_index, Index(6));
        assert!(matches!(progress.state, ProgressState::Replicate { .. }));
    }

    #[test]
    fn a_rejection_always_goes_back() {
        let mut progress = Progress::new(Index(9), Instant(0));
        assert!(progress.rejected(Index(9), Index(9)), "a hint that leads nowhere");
        assert_eq!(progress.next_index, Index(9));
    }

    /// What happens to a leader's view of a follower.
    #[derive(Clone, Copy, Debug)]
    enum Happening {
        /// As many entries as may be sent at once are sent.
        Sent(u64),
        Accepted(u64),
        Rejected {
            previous: u64,
            common: u64,
        },
    }

    fn happening() -> impl Strategy<Value = Happening> {
        prop_oneof![
            (0u64..4).prop_map(Happening::Sent),
            (0u64..20).prop_map(Happening::Accepted),
            (0u64..20, 0u64..20).prop_map(|(previous, common)| Happening::Rejected { previous, common }),
        ]
    }

    /// The dumb twin: it keeps all that was ever sent and answered, and works everything out anew from that.
    #[derive(Debug, PartialEq, Eq)]
    struct Twin {
        match_index: u64,
        next_index: u64,
        /// The ends of the batches on the way; none while it is being probed.
        in_flight: Option<Vec<u64>>,
        /// Whether a probe is on the way.
        probes: bool,
    }

    impl Twin {
        fn of(first: u64, history: &[Happening]) -> Twin {
            let match_after = |count: usize| {
                let accepted = history[..count].iter().map(|happening| match happening {
                    Happening::Accepted(index) => *index,
                    _ => 0,
                });
                accepted.max().unwrap_or(0)
            };
            // The last thing that changed how freely it sends is where the rest begins.
            let mut twin = Twin {
                match_index: match_after(history.len()),
                next_index: first,
                in_flight: None,
                probes: false,
            };
            for (place, happening) in history.iter().enumerate() {
                let matched = match_after(place + 1);
                match (*happening, &mut twin.in_flight) {
                    (Happening::Sent(_), None) => twin.probes = true,
                    (Happening::Sent(0), Some(_)) => {}
                    (Happening::Sent(count), Some(in_flight)) => {
                        in_flight.push(twin.next_index + count - 1);
                        twin.next_index += count;
                    }
                    (Happening::Accepted(_), None) => {
                        twin.in_flight = Some(Vec::new());
                        twin.probes = false;
                        twin.next_index = matched + 1;
                    }
                    (Happening::Accepted(index), Some(in_flight)) => {
                        in_flight.retain(|last| *last > index);
                        twin.next_index = twin.next_index.max(matched + 1);
                    }
                    (Happening::Rejected { previous, common }, in_flight) => {
                        let is_of_now = matched < previous
                            && match in_flight {
                                Some(_) => previous < twin.next_index,
                                None => previous + 1 == twin.next_index,
                            };
                        if is_of_now {
                            twin.next_index = common.min(previous.saturating_sub(1)).max(matched) + 1;
                            twin.in_flight = None;
                            twin.probes = false;
                        }
                    }
                }
            }
            twin
        }
    }

    proptest! {
        #[test]
        fn progress_agrees_with_working_it_out_anew(
            last_index in 0u64..12,
            wished in prop::collection::vec(happening(), 0..40),
            in_flight_max in 1usize..4,
        ) {
            let mut progress = Progress::new(Index(last_index), Instant(0));
            let mut history = Vec::new();
            for happening in wished {
                match happening {
                    Happening::Sent(count) if progress.may_send(in_flight_max) => {
                        progress.sent(Index((progress.next_index.0 + count).saturating_sub(1)));
                    }
                    Happening::Sent(_) => continue,
                    Happening::Accepted(index) => {
                        progress.accepted(Index(index), Index(0));
                    }
                    Happening::Rejected { previous, common } => {
                        progress.rejected(Index(previous), Index(common));
                    }
                }
                history.push(happening);
                let twin = Twin::of(last_index + 1, &history);
                prop_assert_eq!(progress.match_index.0, twin.match_index);
                prop_assert_eq!(progress.next_index.0, twin.next_index);
                prop_assert!(progress.next_index > progress.match_index);
                let may_send = twin.in_flight.map_or(!twin.probes, |in_flight| in_flight.len() < in_flight_max);
                prop_assert_eq!(progress.may_send(in_flight_max), may_send);
            }
        }
    }
}
