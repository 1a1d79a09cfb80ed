//! Reads (§8; dissertation, §6.4): what a leader must know before it answers one.
//!
//! A leader may have been deposed without knowing it. So it notes its commit index, begins a round, and
//! answers when a majority has given the round back: at that time nobody else can have committed anything.
//! The round counts from when it was *sent*; as long as the majority's patience lasts from then on,
//! nobody else can be elected, and that is the lease.

use super::Node;
use crate::role::{Leader, PendingRead, Role};
use crate::{Command, Effect, Effects, Instant, NodeId, ReadId, ReadMode, Reason, Refusal, Round, Rule, Timer};

impl<C: Command> Node<C> {
    /// A client wants to read.
    pub(super) fn read(&mut self, now: Instant, id: ReadId, mode: ReadMode, effects: &mut Effects<C>) {
        if mode == ReadMode::Local {
            let index = self.commit_index;
            return effects.push(Effect::ReadReady { id, index });
        }
        if mode == ReadMode::Lease && self.settings.lease_drift_ppm_max.is_none() {
            let why = Refusal::NoLeases;
            return effects.push(Effect::ReadRefused { id, why });
        }
        let leader = self.leader();
        let has_committed = self.has_committed_in_term() || !self.rule(Rule::OwnTermBeforeReads);
        let Role::Leader(reign) = &mut self.role else {
            let why = Refusal::NotLeader { leader };
            return effects.push(Effect::ReadRefused { id, why });
        };
        // Only with an entry of its own term does it know what is committed (§8).
        if !has_committed {
            reign.early_reads.push(id);
            return effects.because(Reason::ReadWaitsForCommit { id });
        }
        if mode == ReadMode::Lease
            && let Some(lease) = reign.lease.filter(|lease| !lease.is_due(now))
        {
            let left_us = lease.deadline.since_us(now);
            effects.because(Reason::LeaseHolds { id, left_us });
            let index = self.commit_index;
            return effects.push(Effect::ReadReady { id, index });
        }
        self.ask_for_read(now, id, effects);
    }

    /// "The leader needs to exchange heartbeat messages with a majority of the cluster before responding" (§8).
    fn ask_for_read(&mut self, now: Instant, id: ReadId, effects: &mut Effects<C>) {
        let index = self.commit_index;
        if !self.rule(Rule::ConfirmLeadershipForReads) {
            return effects.push(Effect::ReadReady { id, index });
        }
        let round = self.leading().round.next();
        self.leading_mut().reads.push_back(PendingRead { id, round, index });
        effects.because(Reason::ReadAsks { id, round });
        self.ask_everybody(now, effects);
    }

    /// The leader has committed in its term: reads that came before can be asked for now.
    pub(super) fn start_early_reads(&mut self, now: Instant, effects: &mut Effects<C>) {
        if self.has_committed_in_term() {
            for id in core::mem::take(&mut self.leading_mut().early_reads) {
                self.ask_for_read(now, id, effects);
            }
        }
    }

    /// Asks everybody whether it still leads; their next answers will tell. Entries and snapshots that are on their way to
    /// a follower are not sent again for that: reads can be many, and lost messages are the heartbeats' business.
    fn ask_everybody(&mut self, now: Instant, effects: &mut Effects<C>) {
        self.open_round(now);
        self.each_follower(|node, to| node.send_question(to, effects));
        // Who decides alone need not wait for answers.
        self.maybe_confirm(now, effects);
    }

    /// A new round, which all messages carry from now on. Only a lease asks later when it began.
    pub(super) fn open_round(&mut self, now: Instant) {
        let has_leases = self.settings.lease_us().is_some();
        let leader = self.leading_mut();
        leader.round = leader.round.next();
        if has_leases {
            leader.open_rounds.push_back((leader.round, now));
        }
    }

    /// A round may have come back from a majority: that answers reads, and renews the lease.
    pub(super) fn maybe_confirm(&mut self, now: Instant, effects: &mut Effects<C>) {
        let leader = self.leading();
        let acked = |id: NodeId| match leader.progress.get(id) {
            Some(peer) => peer.acked_round,
            None if id == self.id => leader.round,
            None => Round(0),
        };
        // Most answers bring nothing new: that is cheaper to see than how far a majority has got.
        let for_lease = leader.open_rounds.front().map(|&(round, _)| round);
        let for_reads = leader.reads.front().map(|read| read.round);
        let Some(oldest) = for_lease.into_iter().chain(for_reads).min() else {
            return;
        };
        if !self
            .configuration()
            .is_quorum(self.settings.rules, |id| acked(id) >= oldest)
        {
            return;
        }
        let confirmed = self.configuration().quorum_value(self.settings.rules, acked);
        self.renew_lease(now, confirmed);
        let leader = self.leading_mut();
        while let Some(&PendingRead { id, round, index }) = leader.reads.front()
            && round <= confirmed
        {
            leader.reads.pop_front();
            effects.because(Reason::ReadConfirmed { id, round });
            effects.push(Effect::ReadReady { id, index });
        }
    }

    /// Nobody of the majority votes for another before its patience ends, which began after the round was sent.
    fn renew_lease(&mut self, now: Instant, confirmed: Round) {
        let lease_us = self.settings.lease_us();
        let full_us = self.settings.patience_us();
        let keeps_margin = self.rule(Rule::LeaseMargin);
        let leader = self.leading_mut();
        let mut sent_at = None;
        while let Some(&(round, at)) = leader.open_rounds.front()
            && round <= confirmed
        {
            sent_at = Some(at);
            leader.open_rounds.pop_front();
        }
        if let (Some(sent_at), Some(lease_us), false) = (sent_at, lease_us, leader.lease_is_over) {
            leader.lease = Some(if keeps_margin {
                Timer::start(sent_at, lease_us)
            } else {
                Timer::start(now, full_us)
            });
        }
    }
}

impl Leader {
    /// Voters forget their patience when a leader tells somebody to stand: no lease any more in this term.
    pub(super) fn end_lease(&mut self) {
        self.lease = None;
        self.lease_is_over = true;
    }
}
