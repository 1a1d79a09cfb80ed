//! Log replication and commit (§5.3, §5.4.2): appending, sending, checking, going back, counting.

use super::Node;
use crate::role::{Role, Transfer};
use crate::{
    AppendEntries, Body, Command, Effect, Effects, Entries, EntriesRejection, Entry, Ignorance, Index, Instant, NodeId,
    Payload, Position, Progress, ProgressState, Reason, Refusal, Round, Rule, Seq, Term, Timer,
};

/// The leader's side.
impl<C: Command> Node<C> {
    /// "If command received from client: append entry to local log" (§5.3).
    pub(super) fn propose(&mut self, now: Instant, command: C, effects: &mut Effects<C>) {
        if let Some(why) = self.refusal().or_else(|| self.refusal_of_bytes(command.size_bytes())) {
            return effects.push(Effect::Refused { why });
        }
        let (index, term) = self.append(now, Payload::Command(command), effects);
        effects.push(Effect::Proposed { index, term });
    }

    /// Why nothing can be asked of this server now, if so. Whoever does not lead says who does.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        match &self.role {
            Role::Leader(leader) => leader.transfer.map(|Transfer { to, .. }| Refusal::Transferring { to }),
            _ => Some(Refusal::NotLeader { leader: self.leader() }),
        }
    }

    /// Why a command of this size has to wait, if it has to. Only commands weigh anything: a change of members may be what
    /// helps a cluster that cannot keep up.
    fn refusal_of_bytes(&self, bytes: u64) -> Option<Refusal> {
        let waiting = self.leading().uncommitted_bytes;
        // One command is always taken, however large it is.
        let is_too_much = waiting > 0 && waiting.saturating_add(bytes) > self.settings.uncommitted_bytes_max;
        is_too_much.then_some(Refusal::TooMuchUncommitted { bytes: waiting })
    }

    /// Puts an entry of the current term at the end of the log, and sends it on.
    pub(super) fn append(&mut self, now: Instant, payload: Payload<C>, effects: &mut Effects<C>) -> (Index, Term) {
        let term = self.current_term();
        let entry = Entry { term, payload };
        let leader = self.leading_mut();
        leader.uncommitted_bytes = leader.uncommitted_bytes.saturating_add(weight([&entry]));
        let is_configuration = matches!(entry.payload, Payload::Configuration(_));
        let last = self.log.last_index();
        let index = last.next();
        self.put_after(last, Entries::from(entry));
        effects.because(Reason::Appended { index, term });
        self.write(effects);
        if is_configuration {
            self.tell_configuration(effects);
            // Who is new is probed with the entry that makes it a member.
            self.meet_members(now, index.previous());
        }
        self.replicate_to_all(effects);
        if self.acknowledges_early() {
            self.maybe_commit(now, effects);
        }
        (index, term)
    }

    fn replicate_to_all(&mut self, effects: &mut Effects<C>) {
        self.each_follower(|node, to| node.replicate(to, effects));
    }

    /// Does something for each follower, in their order.
    pub(super) fn each_follower(&mut self, mut act: impl FnMut(&mut Self, NodeId)) {
        let mut next = self.leading().progress.first();
        while let Some(to) = next {
            act(self, to);
            next = self.leading().progress.after(to);
        }
    }

    /// "If last log index ≥ nextIndex for a follower: send AppendEntries RPC with log entries starting
    /// at nextIndex" (§5.3), as many as may be on the way at once.
    ///
    /// They may leave before the leader's own write is durable: they promise nothing, and its
    /// own disk counts for the commit only once it is done (dissertation, §10.2.1).
    pub(super) fn replicate(&mut self, to: NodeId, effects: &mut Effects<C>) {
        let last_index = self.log.last_index();
        let in_flight_max = self.settings.in_flight_max;
        while let Some(peer) = self.leading().progress.get(to) {
            let next_index = peer.next_index;
            if next_index > last_index || !peer.may_send(in_flight_max) {
                return;
            }
            self.send_batch(to, next_index, effects);
        }
    }

    /// "Upon election, and during idle periods: send heartbeats to each server, to prevent election timeouts" (§5.2).
    ///
    /// A heartbeat names the entry before `next_index` like any other AppendEntries, so the answer also tells
    /// whether something has been lost. Whoever is being probed gets its probe again, entries and all.
    pub(super) fn send_heartbeats(&mut self, now: Instant, effects: &mut Effects<C>) {
        effects.because(Reason::HeartbeatDue);
        let heartbeat_timer = Timer::start(now, self.settings.heartbeat_interval_us);
        self.leading_mut().heartbeat_timer = heartbeat_timer;
        self.open_round(now);
        self.each_follower(|node, to| {
            let Progress { next_index, state, .. } = node.peer(to);
            let next_index = *next_index;
            match state {
                ProgressState::Replicate { .. } => node.send_question(to, effects),
                ProgressState::Probe { .. } | ProgressState::Snapshot { .. } => {
                    node.send_batch(to, next_index, effects);
                }
            }
        });
        self.maybe_confirm(now, effects);
        self.tell_successor_again(effects);
    }

    /// Asks a follower nothing but whether it still follows: no entries, whatever it lacks.
    ///
    /// It names the entry before `next_index`, or, where that has been compacted, the last one that has been.
    pub(super) fn send_question(&mut self, to: NodeId, effects: &mut Effects<C>) {
        let next_index = self.peer(to).next_index.max(self.log.first_index());
        let round = self.leading().round;
        self.send_entries(to, next_index, Entries::new(), round, effects);
    }

    /// Entries from `next_index` on; or a snapshot, if they have been compacted.
    fn send_batch(&mut self, to: NodeId, next_index: Index, effects: &mut Effects<C>) {
        if next_index < self.log.first_index() {
            return self.send_piece(to, effects);
        }
        let entries = self.log.batch(next_index, self.settings.batch_bytes_max);
        let round = self.leading().round;
        self.send_entries(to, next_index, entries, round, effects);
    }

    /// One AppendEntries with these entries, which begin at the follower's `next_index`.
    fn send_entries(
        &mut self,
        to: NodeId,
        next_index: Index,
        entries: Entries<C>,
        round: Round,
        effects: &mut Effects<C>,
    ) {
        let Some(previous) = self.log.position_at(next_index.previous()) else {
            return self.send_piece(to, effects);
        };
        let last = Index(previous.index.0 + entries.len() as u64);
        let request = || {
            Body::AppendEntries(AppendEntries {
                previous,
                entries,
                commit: self.commit_index,
                round,
            })
        };
        self.send(to, request, Seq(0), effects);
        let told_commit = self.commit_index;
        if let Some(peer) = self.leading_mut().progress.get_mut(to) {
            peer.sent(last);
            peer.told_commit = told_commit;
        }
    }

    /// "If successful: update nextIndex and matchIndex for follower" (§5.3).
    pub(super) fn note_match(&mut self, now: Instant, from: NodeId, match_index: Index, effects: &mut Effects<C>) {
        let last_index = self.log.last_index();
        let base = self.log.base().index;
        // Where a rule is off, a follower may have more than its leader.
        let overstates = match_index > last_index && self.settings.rules.keep_messages_sound();
        let Some(peer) = self.peer_or_ignore(from, effects) else {
            return;
        };
        if overstates {
            let by = Ignorance::NotBelievable;
            return effects.because(Reason::Ignored { from, by });
        }
        let matched = match_index.min(last_index);
        if peer.accepted(matched, base) {
            effects.because(Reason::FollowerMatched { from, matched });
            // What is committed already needs no more of them.
            if matched > self.commit_index {
                self.maybe_commit(now, effects);
            }
        }
        // The commit may have removed the follower, or the leader.
        if matches!(self.role, Role::Leader(_)) {
            self.replicate(from, effects);
            self.maybe_tell_commit(from, effects);
            self.maybe_tell_successor(from, effects);
        }
    }

    /// "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry" (§5.3), by a whole
    /// term at once: the follower has skipped its entries of too high terms, the leader skips its own.
    pub(super) fn go_back(&mut self, from: NodeId, previous_index: Index, hint: Position, effects: &mut Effects<C>) {
        let hinted = hint.index.min(self.log.last_index());
        let common = self.log.last_with_term_at_most(hint.term, hinted);
        let base = self.log.base().index;
        let hint_is_match = !self.rule(Rule::HintIsNotMatch);
        let Some(peer) = self.peer_or_ignore(from, effects) else {
            return;
        };
        if !peer.rejected(previous_index, common) {
            let by = Ignorance::NoLongerAsked;
            return effects.because(Reason::Ignored { from, by });
        }
        if hint_is_match {
            peer.accepted(hinted, base);
        }
        let next_index = peer.next_index;
        effects.because(Reason::WentBack { to: from, next_index });
        self.send_batch(from, next_index, effects);
    }

    /// "If there exists an N such that N > commitIndex, a majority of `matchIndex[i]` ≥ N, and
    /// `log[N].term == currentTerm`: set commitIndex = N" (§5.3, §5.4).
    pub(super) fn maybe_commit(&mut self, now: Instant, effects: &mut Effects<C>) {
        // Most answers bring nothing new: that is cheaper to see than how far a majority has got.
        let is_beyond = |id| self.match_index(id) > self.commit_index;
        if !self.configuration().is_quorum(self.settings.rules, is_beyond) {
            return;
        }
        let index = self.quorum_match_index();
        let current_term = self.current_term();
        let entry_term = self.log.term_at(index).unwrap_or_default();
        // Entries of earlier terms commit only with one of the leader's own (§5.4.2, figure 8).
        if entry_term != current_term && self.rule(Rule::CommitOwnTermOnly) {
            return effects.because(Reason::CommitHeld {
                index,
                entry_term,
                current_term,
            });
        }
        let rules = self.settings.rules;
        let (servers, needed) = self.configuration().tally(rules, |id| self.match_index(id) >= index);
        effects.because(Reason::MajorityMatched { index, servers, needed });
        self.release_bytes(index);
        let before = self.commit_index;
        self.commit_to(index, effects);
        self.announce_commit(effects);
        self.start_early_reads(now, effects);
        self.configuration_may_be_committed(now, before, effects);
    }

    /// How far a server's log is known to be durable; the own one counts like everybody's.
    pub(super) fn match_index(&self, id: NodeId) -> Index {
        if id != self.id {
            let peer = self.leading().progress.get(id);
            return peer.map_or(Index(0), |peer| peer.match_index);
        }
        if self.acknowledges_early() {
            self.log.last_index()
        } else {
            self.durable_index()
        }
    }

    /// Whether what is not durable yet counts already, as it never must (figure 2: "updated on stable storage before
    /// responding to RPCs").
    fn acknowledges_early(&self) -> bool {
        !self.rule(Rule::PersistBeforeAcknowledge)
    }

    /// What is committed weighs on nobody any more.
    fn release_bytes(&mut self, index: Index) {
        let committed = self.log.iter_from(self.commit_index.next());
        let committed = committed.take_while(|&(place, _)| place <= index);
        let bytes = weight(committed.map(|(_, entry)| entry));
        let leader = self.leading_mut();
        leader.uncommitted_bytes = leader.uncommitted_bytes.saturating_sub(bytes);
    }

    /// Tells everybody of the new commit index, without waiting for the next heartbeat.
    fn announce_commit(&mut self, effects: &mut Effects<C>) {
        self.each_follower(|node, to| node.maybe_tell_commit(to, effects));
    }

    /// Tells a follower of the commit index, if that is wanted and news. Whoever has yet to answer hears
    /// of it afterwards: so a stream of entries is not followed by a stream of commit indexes.
    fn maybe_tell_commit(&mut self, to: NodeId, effects: &mut Effects<C>) {
        let Some(peer) = self.leading().progress.get(to) else {
            return;
        };
        let (next_index, is_news) = (peer.next_index, peer.told_commit < self.commit_index);
        if self.settings.announce_commit && is_news && peer.is_idle() {
            // Round zero asks for no answer: it would say again what the follower has just said. If the news is lost,
            // the next heartbeat brings it.
            self.send_entries(to, next_index, Entries::new(), Round(0), effects);
        }
    }

    fn peer(&self, id: NodeId) -> &Progress {
        self.leading().progress.get(id).expect("a leader knows every follower")
    }

    /// What the leader knows of a follower, or a reason why its answer has no meaning here.
    pub(super) fn peer_or_ignore(&mut self, from: NodeId, effects: &mut Effects<C>) -> Option<&mut Progress> {
        let peer = match &mut self.role {
            Role::Leader(leader) => leader.progress.get_mut(from),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => None,
        };
        if peer.is_none() {
            let by = Ignorance::NoLongerAsked;
            effects.because(Reason::Ignored { from, by });
        }
        peer
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
        if self.is_of_the_past(term) {
            let by = EntriesRejection::LowerTerm {
                mine: self.current_term(),
                theirs: term,
            };
            effects.because(Reason::EntriesRejected { from, by });
            if self.answers_stale_leaders() {
                // Should it lead again in this very term, that is no answer to what it asks then: no round is given back.
                self.reject(from, request.previous.index, Position::default(), Round(0), effects);
            }
            return;
        }
        if !self.follow(now, from, effects) {
            return;
        }
        // 2. "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm" (§5.3).
        if let Some(by) = self.inconsistency(request.previous) {
            effects.because(Reason::EntriesRejected { from, by });
            let Position { term, index } = request.previous;
            let agreeing = self.log.last_with_term_at_most(term, index);
            let hint = self.log.position_at(agreeing).unwrap_or_default();
            return self.reject(from, index, hint, request.round, effects);
        }
        let (commit, round, is_asked) = (request.commit, request.round, request.asks());
        // 3. and 4. are in `store`.
        let Some(matched) = self.store(from, request, effects) else {
            self.write(effects);
            return;
        };
        // What is acknowledged must be durable: also what an earlier, still pending write brought.
        let written = self.write(effects);
        let after = if self.acknowledges_early() { Seq(0) } else { written };
        let acknowledged = if self.rule(Rule::AcknowledgeOnlyTheRequest) {
            matched
        } else {
            self.log.last_index()
        };
        // Whoever only tells of a new commit index, and asks nothing, hears of it if that does not fit, and only then.
        if is_asked {
            let reply = || Body::AppendEntriesReply {
                match_index: acknowledged,
                round,
            };
            self.send(from, reply, after, effects);
        }
        // 5. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)" (§5.3).
        let bound = if self.rule(Rule::BoundCommitByMatch) {
            matched
        } else {
            self.log.last_index()
        };
        let index = commit.min(bound);
        if index > self.commit_index {
            effects.because(Reason::CommitLearned { from, index });
            self.commit_to(index, effects);
        }
    }

    /// Whether a leader speaks that has been replaced: "if leader's term < currentTerm, reject" (§5.1).
    pub(super) fn is_of_the_past(&self, term: Term) -> bool {
        term < self.current_term() && self.rule(Rule::RefuseLowerTerm)
    }

    /// Whether such a leader gets an answer, from which it learns of the later term (§5.1).
    pub(super) fn answers_stale_leaders(&self) -> bool {
        self.rule(Rule::AnswerStaleLeaders)
    }

    /// Whoever sends AppendEntries or a snapshot of this term leads it: "if AppendEntries RPC received from new
    /// leader: convert to follower" (§5.2). And it is alive, so the wait begins anew. Returns whether it follows.
    pub(super) fn follow(&mut self, now: Instant, leader: NodeId, effects: &mut Effects<C>) -> bool {
        // A term has one leader (Election Safety). Where a rule is off there can be two, and followers of both.
        let is_second = self.leader().is_some_and(|known| known != leader);
        if matches!(self.role, Role::Leader(_)) || is_second && self.settings.rules.keep_messages_sound() {
            let by = Ignorance::SecondLeader;
            effects.because(Reason::Ignored { from: leader, by });
            return false;
        }
        if self.leader() != Some(leader) {
            effects.because(Reason::LeaderHeard {
                leader,
                term: self.current_term(),
                was_candidate: !matches!(self.role, Role::Follower(_)),
            });
        }
        self.become_follower(now, Some(leader), effects);
        if let Role::Follower(follower) = &mut self.role {
            follower.heard = Some(now);
            follower.waits_to_stand = false;
        }
        self.restart_election_timer(now);
        true
    }

    /// What is wrong with the log before the new entries, if anything is.
    fn inconsistency(&self, previous: Position) -> Option<EntriesRejection> {
        // What has been compacted was committed, so it is the same everywhere (Leader Completeness).
        if previous.index < self.log.base().index {
            return None;
        }
        match self.log.term_at(previous.index) {
            None => Some(EntriesRejection::PreviousMissing {
                last: self.log.last_index(),
                previous,
            }),
            Some(mine) if mine != previous.term && self.rule(Rule::CheckPreviousEntry) => {
                Some(EntriesRejection::PreviousDiffers { mine, previous })
            }
            Some(_) => None,
        }
    }

    /// Brings the log in line with the leader's, and returns up to where they agree now. Nothing
    /// is done, and nothing returned, if that would undo what is committed.
    fn store(&mut self, from: NodeId, request: AppendEntries<C>, effects: &mut Effects<C>) -> Option<Index> {
        let AppendEntries { previous, entries, .. } = request;
        let matched = Index(previous.index.0 + entries.len() as u64);
        // Entries that are there already stay: a late message must not cut off what came after it.
        let known = self.known(previous.index, &entries);
        let keep = Index(previous.index.0 + known as u64);
        let entries = entries.skip(known);
        let appended = entries.len() as u64;
        // 3. "If an existing entry conflicts with a new one (same index but different terms), delete
        //    the existing entry and all that follow it" (§5.3).
        let truncated = if appended > 0 || self.truncates_always() {
            self.log.last_index().0.saturating_sub(keep.0)
        } else {
            0
        };
        let never_cut = if self.settings.rules.keep_messages_sound() {
            self.commit_index
        } else {
            // Also between servers for which a rule is off: what has been compacted is not there to be replaced.
            self.log.base().index
        };
        if keep < never_cut && appended > 0 {
            let commit_index = self.commit_index;
            let by = Ignorance::CutsCommitted { commit_index };
            effects.because(Reason::Ignored { from, by });
            return None;
        }
        // 4. "Append any new entries not already in the log."
        if truncated > 0 || appended > 0 {
            let before = self.configuration_entry().clone();
            self.put_after(keep, entries);
            if *self.configuration_entry() != before {
                self.tell_configuration(effects);
            }
        }
        effects.because(Reason::EntriesAccepted {
            from,
            matched,
            appended,
            truncated,
        });
        Some(matched)
    }

    /// How many of the entries after `previous` are in the log already, or have been compacted.
    fn known(&self, previous: Index, entries: &[Entry<C>]) -> usize {
        let base = self.log.base().index;
        if self.truncates_always() {
            let compacted = base.0.saturating_sub(previous.0);
            return entries.len().min(usize::try_from(compacted).unwrap_or(usize::MAX));
        }
        let places = (previous.next().0..).map(Index);
        let known = entries.iter().zip(places);
        let is_known = |index: Index, term| index < base || self.log.term_at(index) == Some(term);
        known.take_while(|(entry, index)| is_known(*index, entry.term)).count()
    }

    /// Whether even entries that match are cut off, as they never must be: "if an existing entry conflicts" (§5.3).
    fn truncates_always(&self) -> bool {
        !self.rule(Rule::TruncateOnlyOnConflict)
    }

    /// A rejection promises nothing, so it leaves at once; but a new term has to be written all the same.
    fn reject(&mut self, from: NodeId, previous_index: Index, hint: Position, round: Round, effects: &mut Effects<C>) {
        self.write(effects);
        let reply = || Body::AppendEntriesRejected {
            previous_index,
            hint,
            round,
        };
        self.send(from, reply, Seq(0), effects);
    }
}

/// What entries weigh until they are committed: only commands do.
pub(super) fn weight<'a, C: Command + 'a>(entries: impl IntoIterator<Item = &'a Entry<C>>) -> u64 {
    let bytes = entries.into_iter().map(|entry| match &entry.payload {
        Payload::Command(command) => command.size_bytes(),
        Payload::NoOp | Payload::Configuration(_) => 0,
    });
    bytes.fold(0, u64::saturating_add)
}
