//! Leadership transfer (dissertation, §3.10): the leader brings its successor up to date and tells it to stand.

use super::Node;
use crate::role::{Role, Transfer};
use crate::{Body, Command, Effect, Effects, Ignorance, Instant, NodeId, Progress, Reason, Refusal, Seq, Timer};

impl<C: Command> Node<C> {
    /// The host wants somebody else to lead. Until that is so, or given up, no proposals are taken.
    pub(super) fn transfer_leadership(&mut self, now: Instant, to: NodeId, effects: &mut Effects<C>) {
        let refusal = self.refusal();
        let is_other_voter = to != self.id && self.configuration().voters().contains(&to);
        if let Some(why) = refusal.or((!is_other_voter).then_some(Refusal::NotAVoter)) {
            return effects.push(Effect::Refused { why });
        }
        // "If leadership transfer does not complete after about an election timeout, the prior leader aborts the transfer."
        let timer = Timer::start(now, self.settings.election_timeout_us_max);
        self.leading_mut().transfer = Some(Transfer { to, timer, told: false });
        effects.because(Reason::TransferBegan { to });
        self.replicate(to, effects);
        self.maybe_tell_successor(to, effects);
    }

    /// Once the successor has all entries it is told.
    pub(super) fn maybe_tell_successor(&mut self, from: NodeId, effects: &mut Effects<C>) {
        let last_index = self.log.last_index();
        let leader = self.leading_mut();
        let is_up_to_date = |peer: &Progress| peer.match_index == last_index;
        if let Some(transfer) = &mut leader.transfer
            && (transfer.to == from && !transfer.told)
            && leader.progress.get(from).is_some_and(is_up_to_date)
        {
            transfer.told = true;
            leader.end_lease();
            effects.because(Reason::TransferTold { to: from });
            self.send(from, || Body::TimeoutNow, Seq(0), effects);
        }
    }

    /// The word to the successor may have been lost.
    pub(super) fn tell_successor_again(&mut self, effects: &mut Effects<C>) {
        if let Some(Transfer { to, told: true, .. }) = self.leading().transfer {
            self.send(to, || Body::TimeoutNow, Seq(0), effects);
        }
    }

    /// The successor has not taken over in time.
    pub(super) fn abandon_transfer(&mut self, effects: &mut Effects<C>) {
        if let Some(Transfer { to, .. }) = self.leading_mut().transfer.take() {
            effects.because(Reason::TransferAbandoned { to });
        }
    }

    /// The successor's side: "when it receives the TimeoutNow request, it starts an election as if its
    /// election timer had fired". It does not ask before, and it does not wait.
    pub(super) fn told_to_stand(&mut self, now: Instant, from: NodeId, effects: &mut Effects<C>) {
        let stands_already = matches!(self.role, Role::Candidate(_) | Role::Leader(_));
        let has_vote = self.configuration().voters().contains(&self.id);
        // Only the leader of the term hands over. Who that is, a server that has just restarted may not know.
        let is_another = self.leader().is_some_and(|leader| leader != from);
        let refusal = if stands_already {
            Some(Ignorance::NoLongerAsked)
        } else if !has_vote {
            Some(Ignorance::NotAVoter)
        } else if is_another && self.settings.rules.keep_messages_sound() {
            Some(Ignorance::SecondLeader)
        } else {
            None
        };
        if let Some(by) = refusal {
            self.write(effects);
            return effects.because(Reason::Ignored { from, by });
        }
        // Also who waits to stand: the term that it waits in is the leader's.
        let term = self.raise_term();
        effects.because(Reason::ToldToStand { from, term });
        self.become_candidate(now, true, effects);
    }
}
