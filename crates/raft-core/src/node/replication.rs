//! Log replication and commit (§5.3, §5.4.2): appending, sending, checking, going back, counting.

use alloc::vec::Vec;

use super::Node;
use crate::role::{Leader, Role};
use crate::{
    AppendEntries, Body, Command, Effect, Effects, EntriesRejection, Entry, Ignorance, Index, Instant, NodeId, Payload,
    Position, Progress, ProgressState, Reason, Seq, Term, Timer,
};

/// The leader's side.
impl<C: Command> Node<C> {
    /// "If command received from client: append entry to local log" (§5.3). Whoever does not lead says who does.
    pub(super) fn propose(&mut self, command: C, effects: &mut Effects<C>) {
        if matches!(self.role, Role::Leader(_)) {
            let (index, term) = self.append(Payload::Command(command), effects);
            effects.push(Effect::Proposed { index, term });
        } else {
            let leader = self.leader();
            effects.push(Effect::Refused { leader });
        }
    }

    /// Puts an entry of the current term at the end of the log, and sends it on.
    pub(super) fn append(&mut self, payload: Payload<C>, effects: &mut Effects<C>) -> (Index, Term) {
        assert!(matches!(self.role, Role::Leader(_)), "only leaders append");
        let term = self.hard_state.current_term;
        let index = self.log.append(Entry { term, payload });
        self.unwritten.log_from = Some(index);
        effects.because(Reason::Appended { index, term });
        self.write(effects);
        for place in 0..self.configuration.voters().len() {
            let Some(to) = self.other(place) else { continue };
            self.replicate(to, effects);
        }
        (index, term)
    }

    /// "If last log index ≥ nextIndex for a follower: send AppendEntries RPC with log entries starting
    /// at nextIndex" (§5.3), as many as may be on the way at once.
    ///
    /// They may leave before the leader's own write is durable: they promise nothing, and its
    /// own disk counts for the commit only once it is done (dissertation, §10.2.1).
    fn replicate(&mut self, to: NodeId, effects: &mut Effects<C>) {
        let last_index = self.log.last_index();
        let in_flight_max = self.settings.in_flight_max;
        loop {
            let progress = self.follower(to);
            if progress.next_index > last_index || !progress.may_send(in_flight_max) {
                return;
            }
            let entries = self.log.batch(progress.next_index, self.settings.batch_bytes_max);
            self.send_entries(to, entries, effects);
        }
    }

    /// "Upon election, and during idle periods: send heartbeats to each server, to prevent election timeouts" (§5.2).
    ///
    /// A heartbeat names the entry before `next_index` like any other AppendEntries, so the answer also tells
    /// whether something has been lost. Whoever is being probed gets its probe again, entries and all.
    pub(super) fn send_heartbeats(&mut self, now: Instant, effects: &mut Effects<C>) {
        effects.because(Reason::HeartbeatDue);
        let heartbeat_timer = Timer::start(now, self.settings.heartbeat_interval_us);
        let leader = self.leading_mut();
        leader.heartbeat_timer = heartbeat_timer;
        for progress in leader.progress.values_mut() {
            progress.heartbeat_due();
        }
        for place in 0..self.configuration.voters().len() {
            let Some(to) = self.other(place) else { continue };
            let progress = self.follower(to);
            let entries = match progress.state {
                ProgressState::Probe { .. } => self.log.batch(progress.next_index, self.settings.batch_bytes_max),
                ProgressState::Replicate { .. } => Vec::new(),
            };
            self.send_entries(to, entries, effects);
        }
    }

    /// One AppendEntries with these entries, which begin at the follower's `next_index`.
    fn send_entries(&mut self, to: NodeId, entries: Vec<Entry<C>>, effects: &mut Effects<C>) {
        let next_index = self.follower(to).next_index;
        let previous = self.log.position_at(next_index.previous());
        let previous = previous.expect("a leader sends what follows an entry of its log");
        let last = Index(previous.index.0 + entries.len() as u64);
        let request = AppendEntries {
            previous,
            entries,
            commit: self.commit_index,
        };
        self.send(to, Body::AppendEntries(request), Seq(0), effects);
        let progress = self.leading_mut().progress.get_mut(to);
        progress.expect("a leader knows every follower").sent(last);
    }

    /// "If successful: update nextIndex and matchIndex for follower" (§5.3).
    pub(super) fn note_match(&mut self, from: NodeId, match_index: Index, effects: &mut Effects<C>) {
        let last_index = self.log.last_index();
        let Some(leader) = self.leading_or_ignore(from, effects) else {
            return;
        };
        let by = Ignorance::NotBelievable;
        if match_index > last_index {
            return effects.because(Reason::Ignored { from, by });
        }
        let progress = leader.progress.get_mut(from).expect("a leader knows every follower");
        if progress.accepted(match_index) {
            let matched = match_index;
            effects.because(Reason::FollowerMatched { from, matched });
            self.maybe_commit(effects);
        }
        self.replicate(from, effects);
    }

    /// "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry" (§5.3), by a whole
    /// term at once: the follower has skipped its entries of too high terms, the leader skips its own.
    pub(super) fn go_back(&mut self, from: NodeId, previous_index: Index, hint: Position, effects: &mut Effects<C>) {
        let common = self.log.last_with_term_at_most(hint.term, hint.index);
        let Some(leader) = self.leading_or_ignore(from, effects) else {
            return;
        };
        let progress = leader.progress.get_mut(from).expect("a leader knows every follower");
        if !progress.rejected(previous_index, common) {
            let by = Ignorance::NoLongerAsked;
            return effects.because(Reason::Ignored { from, by });
        }
        let next_index = progress.next_index;
        effects.because(Reason::WentBack { to: from, next_index });
        let entries = self.log.batch(next_index, self.settings.batch_bytes_max);
        self.send_entries(from, entries, effects);
    }

    /// "If there exists an N such that N > commitIndex, a majority of `matchIndex[i]` ≥ N, and
    /// `log[N].term == currentTerm`: set commitIndex = N" (§5.3, §5.4).
    pub(super) fn maybe_commit(&mut self, effects: &mut Effects<C>) {
        let leader = self.leading();
        // The leader's own log counts as far as it is durable, like everybody's.
        let match_index = |id| match leader.progress.get(id) {
            Some(progress) => progress.match_index,
            None => self.durable_index(),
        };
        // Most answers bring nothing new: that is cheaper to see than how far a majority has got.
        if !self.configuration.is_quorum(|id| match_index(id) > self.commit_index) {
            return;
        }
        let index = self.configuration.quorum_index(match_index);
        let voters = self.configuration.voters().iter();
        let servers = voters.filter(|&&id| match_index(id) >= index).count() as u64;
        let needed = self.configuration.majority() as u64;
        let entry_term = self.log.term_at(index).expect("what matches is in the log");
        let current_term = self.hard_state.current_term;
        // Entries of earlier terms commit only with one of the leader's own (§5.4.2, figure 8).
        if entry_term != current_term {
            return effects.because(Reason::CommitHeld {
                index,
                entry_term,
                current_term,
            });
        }
        effects.because(Reason::MajorityMatched { index, servers, needed });
        self.commit_to(index, effects);
        if self.settings.announce_commit {
            self.announce_commit(effects);
        }
    }

    /// Tells those who replicate of the new commit index, without waiting for the next heartbeat.
    fn announce_commit(&mut self, effects: &mut Effects<C>) {
        for place in 0..self.configuration.voters().len() {
            let Some(to) = self.other(place) else { continue };
            if let ProgressState::Replicate { .. } = self.follower(to).state {
                self.send_entries(to, Vec::new(), effects);
            }
        }
    }

    fn follower(&self, id: NodeId) -> &Progress {
        self.leading().progress.get(id).expect("a leader knows every follower")
    }

    fn leading(&self) -> &Leader {
        match &self.role {
            Role::Leader(leader) => leader,
            Role::Follower(_) | Role::Candidate(_) => panic!("only leaders replicate"),
        }
    }

    fn leading_mut(&mut self) -> &mut Leader {
        match &mut self.role {
            Role::Leader(leader) => leader,
            Role::Follower(_) | Role::Candidate(_) => panic!("only leaders replicate"),
        }
    }

    /// The leader's data, or a reason why an answer from a follower has no meaning here.
    fn leading_or_ignore(&mut self, from: NodeId, effects: &mut Effects<C>) -> Option<&mut Leader> {
        match &mut self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower(_) | Role::Candidate(_) => {
                let by = Ignorance::NoLongerAsked;
                effects.because(Reason::Ignored { from, by });
                None
            }
        }
    }
}

/// The follower's side.
impl<C: Command> Node<C> {
    /// Figure 2, "AppendEntries RPC, receiver implementation".
    pub(super) fn answer_append_entries(
        &mut self,
        now: Instant,
        from: NodeId,
        term: Term,
        request: AppendEntries<C>,
        effects: &mut Effects<C>,
    ) {
        // 1. "Reply false if term < currentTerm" (§5.1).
        let mine = self.hard_state.current_term;
        if term < mine {
            let by = EntriesRejection::LowerTerm { mine, theirs: term };
            return self.reject(from, request.previous, Position::default(), by, effects);
        }
        if let Role::Leader(_) = self.role {
            let by = Ignorance::SecondLeader;
            return effects.because(Reason::Ignored { from, by });
        }
        self.follow(now, from, effects);
        // 2. "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm" (§5.3).
        if let Some(by) = self.inconsistency(request.previous) {
            let Position { term, index } = request.previous;
            let agreeing = self.log.last_with_term_at_most(term, index);
            let hint = self.log.position_at(agreeing).expect("the hint is in the log");
            return self.reject(from, request.previous, hint, by, effects);
        }
        let commit = request.commit;
        // 3. and 4. are in `store`.
        let Some(matched) = self.store(from, request, effects) else {
            // Not answered; but a new term has to be written all the same.
            self.write(effects);
            return;
        };
        // What is acknowledged must be durable: also what an earlier, still pending write brought.
        let after = self.write(effects);
        let reply = Body::AppendEntriesReply { match_index: matched };
        self.send(from, reply, after, effects);
        // 5. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)" (§5.3).
        let index = commit.min(matched);
        if index > self.commit_index {
            effects.because(Reason::CommitLearned { from, index });
            self.commit_to(index, effects);
        }
    }

    /// Whoever sends AppendEntries of this term leads it: "if AppendEntries RPC received from new leader:
    /// convert to follower" (§5.2). And it is alive, so the wait begins anew.
    fn follow(&mut self, now: Instant, leader: NodeId, effects: &mut Effects<C>) {
        if self.leader() != Some(leader) {
            effects.because(Reason::LeaderHeard {
                leader,
                term: self.hard_state.current_term,
                was_candidate: self.candidacy().is_some(),
            });
        }
        self.become_follower(now, Some(leader));
        self.restart_election_timer(now);
    }

    /// What is wrong with the log before the new entries, if anything is.
    fn inconsistency(&self, previous: Position) -> Option<EntriesRejection> {
        match self.log.term_at(previous.index) {
            None => Some(EntriesRejection::PreviousMissing {
                last: self.log.last_index(),
                previous,
            }),
            Some(mine) if mine != previous.term => Some(EntriesRejection::PreviousDiffers { mine, previous }),
            Some(_) => None,
        }
    }

    /// Brings the log in line with the leader's, and returns up to where they agree now. Nothing
    /// is done, and nothing returned, if that would undo what is committed.
    fn store(&mut self, from: NodeId, request: AppendEntries<C>, effects: &mut Effects<C>) -> Option<Index> {
        let first_index = request.previous.index.next();
        let matched = Index(request.previous.index.0 + request.entries.len() as u64);
        let last_index = self.log.last_index();
        // Entries that are there already stay: a late message must not cut off what came after it.
        let known = request.entries.iter().zip(first_index.0..);
        let known = known.take_while(|(entry, index)| self.log.term_at(Index(*index)) == Some(entry.term));
        let known = known.count();
        let fresh = Index(first_index.0 + known as u64);
        let appended = (request.entries.len() - known) as u64;
        let mut truncated = 0;
        if appended > 0 {
            if fresh <= self.commit_index {
                let commit_index = self.commit_index;
                let by = Ignorance::CutsCommitted { commit_index };
                effects.because(Reason::Ignored { from, by });
                return None;
            }
            // 3. "If an existing entry conflicts with a new one (same index but different terms), delete
            //    the existing entry and all that follow it" (§5.3).
            truncated = last_index.next().0 - fresh.0;
            self.log.truncate_after(fresh.previous());
            // 4. "Append any new entries not already in the log."
            for entry in request.entries.into_iter().skip(known) {
                self.log.append(entry);
            }
            self.unwritten.log_from = Some(fresh);
        }
        effects.because(Reason::EntriesAccepted {
            from,
            matched,
            appended,
            truncated,
        });
        Some(matched)
    }

    /// A rejection promises nothing, so it leaves at once; but a new term has to be written all the same.
    fn reject(
        &mut self,
        from: NodeId,
        previous: Position,
        hint: Position,
        by: EntriesRejection,
        effects: &mut Effects<C>,
    ) {
        effects.because(Reason::EntriesRejected { from, by });
        self.write(effects);
        let previous_index = previous.index;
        let reply = Body::AppendEntriesRejected { previous_index, hint };
        self.send(from, reply, Seq(0), effects);
    }
}
