//! Snapshots (§7): forgetting the beginning of the log, and sending the state machine to who needs it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Node, configurations};
use crate::{
    Body, Command, Configuration, Effect, Effects, Ignorance, Index, InstallSnapshot, Instant, NodeId, Position,
    ProgressState, Reason, Round, Rule, Seq, Snapshot, SnapshotWrite, Term,
};

/// A snapshot of which the first bytes have come in, from the leader of this term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Incoming {
    pub(super) last: Position,
    configuration: Configuration,
    pub(super) data: Vec<u8>,
}

impl<C: Command> Node<C> {
    /// The host has written its state machine down, as it is after `index`.
    pub(super) fn compact(&mut self, index: Index, data: Vec<u8>, effects: &mut Effects<C>) {
        assert!(
            index <= self.commit_index,
            "the host compacted up to {index}, but only {} have been applied",
            self.commit_index
        );
        let Some(last) = self.log.position_at(index) else {
            return;
        };
        if index <= self.snapshot.last.index {
            return;
        }
        let in_force = self.configurations.partition_point(|&(at, _)| at <= index);
        let (_, configuration) = self.configurations[in_force.saturating_sub(1)].clone();
        self.snapshot = Arc::new(Snapshot {
            last,
            configuration,
            data,
        });
        // A few entries stay, for followers that are only a little behind; and so does what is not durable yet.
        let base = Index(index.0.saturating_sub(self.settings.compaction_keeps));
        let base = base.min(self.durable_index()).max(self.log.base().index);
        self.log.compact(base);
        self.configurations = configurations(&self.snapshot, &self.log);
        self.unwritten.snapshot = Some(SnapshotWrite {
            snapshot: self.snapshot.clone(),
            keep_after: Some(base),
        });
        let first_index = self.log.first_index();
        effects.because(Reason::Compacted { last, first_index });
        self.write(effects);
    }

    /// The follower needs what has been compacted: it gets the next piece of the snapshot.
    ///
    /// Once one is on its way it goes on, even if there is a later one by now: else a leader that compacts faster than
    /// a snapshot arrives would begin anew for ever.
    pub(super) fn send_piece(&mut self, to: NodeId, effects: &mut Effects<C>) {
        let latest = self.snapshot.clone();
        let chunk_bytes = self.settings.snapshot_chunk_bytes;
        let leader = self.leading_mut();
        let round = leader.round;
        let Some(peer) = leader.progress.get_mut(to) else {
            return;
        };
        let last = latest.last;
        if peer.send_snapshot(latest) {
            effects.because(Reason::SnapshotNeeded { to, last });
        }
        let ProgressState::Snapshot { snapshot, offset, .. } = &peer.state else {
            return;
        };
        let (snapshot, offset) = (snapshot.clone(), *offset);
        peer.sent(snapshot.last.index);
        let from = usize::try_from(offset).map_or(snapshot.data.len(), |from| from.min(snapshot.data.len()));
        let until = from.saturating_add(chunk_bytes).min(snapshot.data.len());
        let piece = InstallSnapshot {
            last: snapshot.last,
            configuration: snapshot.configuration.clone(),
            offset: from as u64,
            data: snapshot.data[from..until].to_vec(),
            done: until == snapshot.data.len(),
            round,
        };
        self.send(to, || Body::InstallSnapshot(piece), Seq(0), effects);
    }

    /// The follower has the bytes before `next_offset`.
    pub(super) fn send_next_piece(
        &mut self,
        from: NodeId,
        last_index: Index,
        next_offset: u64,
        effects: &mut Effects<C>,
    ) {
        let Some(peer) = self.peer_or_ignore(from, effects) else {
            return;
        };
        if peer.has_snapshot_until(last_index, next_offset) {
            self.send_piece(from, effects);
        } else {
            let by = Ignorance::NoLongerAsked;
            effects.because(Reason::Ignored { from, by });
        }
    }

    /// Figure 13, "InstallSnapshot RPC, receiver implementation".
    pub(super) fn answer_install_snapshot(
        &mut self,
        now: Instant,
        from: NodeId,
        term: Term,
        piece: InstallSnapshot,
        effects: &mut Effects<C>,
    ) {
        let InstallSnapshot { last, round, .. } = piece;
        // 1. "Reply immediately if term < currentTerm."
        if self.is_of_the_past(term) {
            let by = Ignorance::OldTerm { theirs: term };
            effects.because(Reason::Ignored { from, by });
            if self.answers_stale_leaders() {
                self.answer_piece(from, last.index, 0, Round(0), effects);
            }
            return;
        }
        if !self.follow(now, from, effects) {
            return;
        }
        // What is committed here is in the snapshot too; nothing is to be done but to say so.
        if last.index <= self.commit_index {
            return self.acknowledge_snapshot(from, last.index, round, effects);
        }
        let done = piece.done;
        let next_offset = match self.take_piece(piece) {
            Ok(next_offset) => next_offset,
            Err(next_offset) => {
                let by = Ignorance::OutOfPlace { next_offset };
                effects.because(Reason::Ignored { from, by });
                return self.answer_piece(from, last.index, next_offset, round, effects);
            }
        };
        effects.because(Reason::SnapshotGrew {
            from,
            bytes: next_offset,
            done,
        });
        // 5. "Reply and wait for more data chunks if done is false."
        if !done {
            return self.answer_piece(from, last.index, next_offset, round, effects);
        }
        self.install_snapshot(effects);
        self.acknowledge_snapshot(from, last.index, round, effects);
    }

    /// Steps 2 to 4: "create new snapshot file if first chunk, write data into snapshot file at given offset". Returns how
    /// many bytes there are; as an error, if the piece does not come next.
    fn take_piece(&mut self, piece: InstallSnapshot) -> Result<u64, u64> {
        let InstallSnapshot {
            last,
            configuration,
            offset,
            data,
            ..
        } = piece;
        let is_same = |incoming: &Incoming| incoming.last == last;
        // A late piece of an earlier snapshot does not throw a later one away.
        let is_later = |incoming: &Incoming| incoming.last.index > last.index;
        let begins = offset == 0 && !self.incoming.as_ref().is_some_and(is_later);
        if begins && !self.incoming.as_ref().is_some_and(is_same) {
            self.incoming = Some(Incoming {
                last,
                configuration,
                data: Vec::new(),
            });
        }
        let incoming = self.incoming.as_mut().filter(|incoming| is_same(incoming));
        let Some(incoming) = incoming else { return Err(0) };
        if incoming.data.len() as u64 != offset {
            return Err(incoming.data.len() as u64);
        }
        incoming.data.extend(data);
        Ok(incoming.data.len() as u64)
    }

    /// Steps 6 to 8: "if existing log entry has same index and term as snapshot's last included entry, retain
    /// log entries following it; otherwise discard the entire log; reset state machine using snapshot contents".
    fn install_snapshot(&mut self, effects: &mut Effects<C>) {
        let Some(incoming) = self.incoming.take() else { return };
        let Incoming {
            last,
            configuration,
            data,
            ..
        } = incoming;
        self.snapshot = Arc::new(Snapshot {
            last,
            configuration,
            data,
        });
        let matches = self.log.position_at(last.index) == Some(last) && self.rule(Rule::KeepMatchingSuffix);
        if matches {
            self.log.compact(last.index);
        } else {
            self.log.reset(last);
            self.durability.replaced(last.index);
        }
        self.unwritten.snapshot = Some(SnapshotWrite {
            snapshot: self.snapshot.clone(),
            keep_after: matches.then_some(last.index),
        });
        self.configurations = configurations(&self.snapshot, &self.log);
        self.commit_index = last.index;
        let kept = self.log.last_index().0 - last.index.0;
        effects.because(Reason::SnapshotInstalled { last, kept });
        self.tell_configuration(effects);
        let snapshot = self.snapshot.clone();
        effects.push(Effect::Restore { snapshot });
    }

    fn acknowledge_snapshot(&mut self, to: NodeId, match_index: Index, round: Round, effects: &mut Effects<C>) {
        let after = self.write(effects);
        let reply = || Body::AppendEntriesReply { match_index, round };
        self.send(to, reply, after, effects);
    }

    fn answer_piece(
        &mut self,
        to: NodeId,
        last_index: Index,
        next_offset: u64,
        round: Round,
        effects: &mut Effects<C>,
    ) {
        self.write(effects);
        let reply = || Body::InstallSnapshotReply {
            last_index,
            next_offset,
            round,
        };
        self.send(to, reply, Seq(0), effects);
    }
}
