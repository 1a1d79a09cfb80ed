//! Elections (§5.2, §5.4.1): standing, asking, voting, counting; PreVote; CheckQuorum; the two-stage style.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Node;
use super::replication::weight;
use crate::role::{Candidate, Leader, PreCandidate, Role};
use crate::{
    Body, ByNode, Command, Effects, ElectionStyle, HardState, Ignorance, Index, Instant, NodeId, Payload, Position,
    Reason, Round, Rule, Seq, Term, Timer, VoteDenial,
};

/// Standing.
impl<C: Command> Node<C> {
    /// Nothing has been heard for too long, or a candidacy had no result (§5.2).
    pub(super) fn election_timed_out(&mut self, now: Instant, effects: &mut Effects<C>) {
        // Learners, and whoever has been removed, wait for a leader, however long it takes.
        if !self.may_be_needed_as_leader() {
            self.become_follower(now, None, effects);
            return self.restart_election_timer(now);
        }
        match (self.settings.election_style, &self.role) {
            (ElectionStyle::Standard, _) if self.settings.pre_vote => self.become_pre_candidate(now, effects),
            (ElectionStyle::Standard, _) => {
                let waited_us = now.since_us(self.waits_since(now));
                let term = self.raise_term();
                effects.because(Reason::ElectionTimedOut { term, waited_us });
                self.become_candidate(now, false, effects);
            }
            (ElectionStyle::TwoStage { .. }, Role::Follower(follower)) if follower.waits_to_stand => {
                let term = self.current_term();
                let own_vote = self.voted_for().is_none();
                effects.because(Reason::ElectionDelayEnded { term, own_vote });
                self.become_candidate(now, false, effects);
            }
            (ElectionStyle::TwoStage { .. }, _) => self.wait_to_stand(now, effects),
        }
    }

    /// Since when it has been waiting: for a leader, questions and all, or for the result of a candidacy.
    fn waits_since(&self, now: Instant) -> Instant {
        match &self.role {
            Role::Follower(follower) => follower.election_timer.map_or(now, |timer| timer.started),
            Role::PreCandidate(candidate) => candidate.waits_since,
            Role::Candidate(candidate) => candidate.election_timer.started,
            Role::Leader(_) => now,
        }
    }

    /// "Increment currentTerm" (§5.2).
    pub(super) fn raise_term(&mut self) -> Term {
        let current_term = self.current_term().next();
        self.set_hard_state(HardState {
            current_term,
            voted_for: None,
        });
        current_term
    }

    /// The lecture's first stage: the term rises at once, then a random delay in which the vote is still free for others.
    fn wait_to_stand(&mut self, now: Instant, effects: &mut Effects<C>) {
        let waited_us = now.since_us(self.waits_since(now));
        let term = self.raise_term();
        self.write(effects);
        self.become_follower(now, None, effects);
        let delay = self.draw_election_timer(now);
        let Role::Follower(follower) = &mut self.role else {
            panic!("it has just become a follower");
        };
        follower.election_timer = Some(delay);
        follower.waits_to_stand = true;
        effects.because(Reason::HeartbeatTimedOut {
            term,
            waited_us,
            delay_us: delay.deadline.since_us(now),
        });
    }

    /// "Vote for self, reset election timer, send RequestVote RPCs to all other servers" (§5.2). The term has been raised.
    pub(super) fn become_candidate(&mut self, now: Instant, transfer: bool, effects: &mut Effects<C>) {
        assert!(
            !matches!(self.role, Role::Leader(_)),
            "a leader does not stand for election"
        );
        // One vote a term, also for oneself: in a two-stage election it may have been given away.
        let own_vote = self.voted_for().is_none();
        if own_vote && self.rule(Rule::RecordOwnVote) {
            self.set_hard_state(HardState {
                voted_for: Some(self.id),
                ..self.hard_state
            });
        }
        let standing = self.write(effects);
        let election_timer = match self.settings.election_style {
            ElectionStyle::Standard => self.draw_election_timer(now),
            ElectionStyle::TwoStage { .. } => Timer::start(now, self.settings.election_timeout_us_max),
        };
        self.role = Role::Candidate(Candidate {
            election_timer,
            retry_timer: Timer::start(now, self.settings.heartbeat_interval_us),
            votes: ByNode::new(),
            grants: 0,
            standing,
            own_vote,
            transfer,
        });
        self.ask_for_votes(effects);
    }

    /// "Would I be elected?" Only with a yes of a majority does the term rise (dissertation, §9.6).
    fn become_pre_candidate(&mut self, now: Instant, effects: &mut Effects<C>) {
        let waits_since = self.waits_since(now);
        let waited_us = now.since_us(waits_since);
        let next_term = self.current_term().next();
        effects.because(Reason::PreVoteBegan { next_term, waited_us });
        self.role = Role::PreCandidate(PreCandidate {
            waits_since,
            election_timer: self.draw_election_timer(now),
            retry_timer: Timer::start(now, self.settings.heartbeat_interval_us),
            votes: self
                .configuration()
                .is_voter(self.id)
                .then_some((self.id, true))
                .into_iter()
                .collect(),
        });
        self.ask_for_votes(effects);
        self.maybe_stand(now, effects);
    }

    /// Asks everybody who has a vote and has not answered yet, and returns how many that are.
    ///
    /// The request leaves before the own vote is durable, because it promises nothing. But it names only the
    /// durable end of the log: what could still be lost must not win an election.
    fn ask_for_votes(&self, effects: &mut Effects<C>) -> u64 {
        let last = self.durable_position();
        let (votes, body) = match &self.role {
            Role::PreCandidate(candidate) => {
                let next_term = self.current_term().next();
                (&candidate.votes, Body::RequestPreVote { next_term, last })
            }
            Role::Candidate(candidate) => {
                let transfer = candidate.transfer;
                (&candidate.votes, Body::RequestVote { last, transfer })
            }
            Role::Follower(_) | Role::Leader(_) => panic!("only candidates ask for votes"),
        };
        let mut asked = 0;
        for to in self.configuration().members() {
            if to != self.id && self.configuration().is_voter(to) && !votes.contains(to) {
                self.send(to, || body.clone(), Seq(0), effects);
                asked += 1;
            }
        }
        asked
    }

    /// "Servers retry RPCs if they do not receive a response in a timely manner" (§5.1).
    pub(super) fn ask_again(&mut self, now: Instant, effects: &mut Effects<C>) {
        let again = Timer::start(now, self.settings.heartbeat_interval_us);
        match &mut self.role {
            Role::PreCandidate(candidate) => candidate.retry_timer = again,
            Role::Candidate(candidate) => candidate.retry_timer = again,
            Role::Follower(_) | Role::Leader(_) => panic!("only candidates ask for votes"),
        }
        let servers = self.ask_for_votes(effects);
        if servers > 0 {
            effects.because(Reason::VotesAskedAgain { servers });
        }
    }
}

/// Voting.
impl<C: Command> Node<C> {
    /// Figure 2, "RequestVote RPC, receiver implementation".
    pub(super) fn answer_request_vote(
        &mut self,
        now: Instant,
        candidate: NodeId,
        term: Term,
        last: Position,
        effects: &mut Effects<C>,
    ) {
        let denial = self.denial(candidate, term, last);
        match denial {
            Some(by) => {
                effects.because(Reason::VoteDenied { to: candidate, by });
                if !self.rule(Rule::KeepTimerOnDeniedVote) {
                    self.restart_election_timer(now);
                }
            }
            None => {
                effects.because(Reason::VoteGranted { to: candidate, term });
                self.grant(now, candidate, effects);
            }
        }
        // A vote must be on disk before the candidate may count it (figure 2: "updated on stable storage
        // before responding to RPCs"); a refusal promises nothing and may leave at once.
        let written = self.write(effects);
        let granted = denial.is_none();
        let (after, in_term) = if granted {
            (written, term)
        } else {
            (Seq(0), self.current_term())
        };
        let reply = || Body::RequestVoteReply { granted };
        self.send_in_term(in_term, candidate, reply, after, effects);
    }

    /// Why a candidate does not get the vote, if it does not.
    fn denial(&self, candidate: NodeId, term: Term, last: Position) -> Option<VoteDenial> {
        let HardState {
            current_term,
            voted_for,
        } = self.hard_state;
        // 1. "Reply false if term < currentTerm" (§5.1).
        if term < current_term {
            return Some(VoteDenial::LowerTerm {
                mine: current_term,
                theirs: term,
            });
        }
        // 2. "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as
        //    receiver's log, grant vote" (§5.2, §5.4). A vote belongs to its term.
        let given = voted_for.filter(|&for_| for_ != candidate && term == current_term);
        if let Some(for_) = given
            && self.rule(Rule::OneVotePerTerm)
        {
            return Some(VoteDenial::AlreadyVoted { for_ });
        }
        self.log_denial(last)
    }

    /// Why the candidate's log is not good enough, if it is not (§5.4.1). The own log counts
    /// as a whole, durable or not: that can only make the voter stricter.
    fn log_denial(&self, theirs: Position) -> Option<VoteDenial> {
        let mine = self.log.last_position();
        let theirs_is = if self.rule(Rule::CompareTermFirst) {
            theirs.cmp(&mine)
        } else {
            theirs.index.cmp(&mine.index)
        };
        let suffices = match theirs_is {
            Ordering::Less => false,
            Ordering::Equal => self.rule(Rule::EqualLogsMayWin),
            Ordering::Greater => true,
        };
        (!suffices && self.rule(Rule::LogUpToDate)).then_some(VoteDenial::LogBehind { mine, theirs })
    }

    /// Gives the vote away. A voter that helps somebody into office waits before it stands itself (§5.2), and before it
    /// asks any further whether it could win: a late yes would depose whom it has just voted for.
    fn grant(&mut self, now: Instant, candidate: NodeId, effects: &mut Effects<C>) {
        if self.voted_for() != Some(candidate) {
            self.set_hard_state(HardState {
                voted_for: Some(candidate),
                ..self.hard_state
            });
        }
        if let Role::PreCandidate(_) = self.role {
            self.become_follower(now, None, effects);
        }
        self.restart_election_timer(now);
    }

    /// The receiver's side of PreVote (dissertation, §9.6): nothing is recorded, and no timer is touched.
    pub(super) fn answer_pre_vote(
        &mut self,
        now: Instant,
        candidate: NodeId,
        next_term: Term,
        last: Position,
        effects: &mut Effects<C>,
    ) {
        let denial = self.pre_vote_denial(now, next_term, last);
        effects.because(match denial {
            Some(by) => Reason::PreVoteDenied { to: candidate, by },
            None => Reason::PreVoteGranted {
                to: candidate,
                next_term,
            },
        });
        // The request may have brought a higher term, which has to be written.
        self.write(effects);
        let granted = denial.is_none();
        let reply = || Body::RequestPreVoteReply { next_term, granted };
        self.send(candidate, reply, Seq(0), effects);
    }

    fn pre_vote_denial(&self, now: Instant, next_term: Term, last: Position) -> Option<VoteDenial> {
        if next_term <= self.current_term() {
            return Some(VoteDenial::LowerTerm {
                mine: self.current_term(),
                theirs: next_term,
            });
        }
        if let Some(heard_us_ago) = self.leader_heard_us_ago(now) {
            return Some(VoteDenial::LeaderAlive { heard_us_ago });
        }
        self.log_denial(last)
    }
}

/// Counting.
impl<C: Command> Node<C> {
    /// An answer has come. It is of this term: older ones are ignored, newer ones have ended the candidacy.
    pub(super) fn count_vote(&mut self, now: Instant, from: NodeId, granted: bool, effects: &mut Effects<C>) {
        let Role::Candidate(candidate) = &mut self.role else {
            let by = Ignorance::NoLongerAsked;
            return effects.because(Reason::Ignored { from, by });
        };
        note_answer(&mut candidate.votes, from, granted);
        candidate.grants += u64::from(granted);
        let (votes, needed) = self.tally_of_votes();
        effects.because(Reason::VoteCounted {
            from,
            granted,
            votes,
            needed,
        });
        self.maybe_become_leader(now, effects);
    }

    /// A candidate's own vote counts like any other, once it is durable; if it has one in its latest configuration.
    pub(super) fn count_own_vote(&mut self, now: Instant, effects: &mut Effects<C>) {
        let has_vote = self.configuration().is_voter(self.id);
        let Some(candidate) = self.candidacy() else { return };
        if self.durability.durable() < candidate.standing {
            return;
        }
        if has_vote && candidate.own_vote && !candidate.votes.contains(self.id) {
            self.count_vote(now, self.id, true, effects);
        } else {
            self.maybe_become_leader(now, effects);
        }
    }

    /// "If votes received from majority of servers: become leader" (§5.2).
    fn maybe_become_leader(&mut self, now: Instant, effects: &mut Effects<C>) {
        let candidate = self.candidacy().expect("only candidates are elected");
        let has_granted = |id| self.has_granted(id);
        let is_elected = if self.rule(Rule::DistinctVotes) {
            self.configuration().is_quorum(self.settings.rules, has_granted)
        } else {
            candidate.grants >= self.configuration().majority() as u64
        };
        // Whoever has granted: nobody leads before the term and the own vote of this candidacy are durable.
        if is_elected && self.durability.durable() >= candidate.standing {
            self.become_leader(now, effects);
        }
    }

    /// An answer to "would I be elected?" has come.
    ///
    /// It names the term that was asked about, not the question: if the same was asked before, a late answer counts too.
    /// That can cost a term that PreVote would have spared, and no more: who leads is decided by votes.
    pub(super) fn count_pre_vote(
        &mut self,
        now: Instant,
        from: NodeId,
        next_term: Term,
        granted: bool,
        effects: &mut Effects<C>,
    ) {
        let is_about_now = next_term == self.current_term().next();
        let (true, Role::PreCandidate(candidate)) = (is_about_now, &mut self.role) else {
            let by = Ignorance::NoLongerAsked;
            return effects.because(Reason::Ignored { from, by });
        };
        note_answer(&mut candidate.votes, from, granted);
        let (votes, needed) = self.tally_of_votes();
        effects.because(Reason::PreVoteCounted {
            from,
            granted,
            votes,
            needed,
        });
        self.maybe_stand(now, effects);
    }

    /// A majority would vote for it: now it stands.
    fn maybe_stand(&mut self, now: Instant, effects: &mut Effects<C>) {
        let Role::PreCandidate(_) = &self.role else {
            return;
        };
        let would_grant = |id| self.has_granted(id);
        if self.configuration().is_quorum(self.settings.rules, would_grant) {
            let waited_us = now.since_us(self.waits_since(now));
            let term = self.raise_term();
            effects.because(Reason::ElectionTimedOut { term, waited_us });
            self.become_candidate(now, false, effects);
        }
    }

    /// Whether this server has granted its vote, or would.
    fn has_granted(&self, id: NodeId) -> bool {
        match &self.role {
            Role::PreCandidate(PreCandidate { votes, .. }) | Role::Candidate(Candidate { votes, .. }) => {
                votes.get(id) == Some(&true)
            }
            Role::Follower(_) | Role::Leader(_) => false,
        }
    }

    /// How many votes it has, and how many it needs.
    fn tally_of_votes(&self) -> (u64, u64) {
        self.configuration()
            .tally(self.settings.rules, |id| self.has_granted(id))
    }

    fn become_leader(&mut self, now: Instant, effects: &mut Effects<C>) {
        assert!(
            matches!(self.role, Role::Candidate(_)),
            "only candidates become leaders"
        );
        let term = self.current_term();
        let (votes, needed) = self.tally_of_votes();
        effects.because(Reason::Elected { term, votes, needed });
        let uncommitted = self.log.iter_from(self.commit_index.next());
        // "Volatile state on leaders, reinitialized after election" (figure 2).
        self.role = Role::Leader(Leader {
            heartbeat_timer: Timer::start(now, self.settings.heartbeat_interval_us),
            quorum_timer: self.start_quorum_timer(now),
            progress: ByNode::new(),
            uncommitted_bytes: weight(uncommitted.map(|(_, entry)| entry)),
            round: Round(1),
            open_rounds: VecDeque::new(),
            lease: None,
            lease_is_over: false,
            reads: VecDeque::new(),
            early_reads: Vec::new(),
            transfer: None,
        });
        self.meet_members(now, self.log.last_index());
        self.open_round(now);
        if self.rule(Rule::NoOpPerTerm) {
            // A no-op at the start of each term: only an entry of its own term tells a leader which
            // entries of earlier terms are committed (§8). It is also the first heartbeat.
            self.append(now, Payload::NoOp, effects);
        } else {
            self.send_heartbeats(now, effects);
        }
    }

    /// How long it leads on unless a majority is heard: an election timeout from when it last was.
    pub(super) fn start_quorum_timer(&self, heard: Instant) -> Option<Timer> {
        let patience_us = self.settings.election_timeout_us_max;
        self.settings.check_quorum.then(|| Timer::start(heard, patience_us))
    }

    /// CheckQuorum: "a leader steps down if an election timeout elapses without a successful round of heartbeats
    /// to a majority of its cluster" (dissertation, §6.2). Returns whether it still leads.
    pub(super) fn check_quorum(&mut self, now: Instant, effects: &mut Effects<C>) -> bool {
        let leader = self.leading();
        let heard = |id| match leader.progress.get(id) {
            Some(peer) => peer.heard,
            None if id == self.id => now,
            None => Instant(0),
        };
        let majority_heard = self.configuration().quorum_value(self.settings.rules, heard);
        let timer = self.start_quorum_timer(majority_heard);
        if timer.is_some_and(|timer| !timer.is_due(now)) {
            self.leading_mut().quorum_timer = timer;
            return true;
        }
        let term = self.current_term();
        effects.because(Reason::QuorumLost { term });
        self.become_follower(now, None, effects);
        false
    }

    /// A follower has answered: it still follows, as it did when `round` began.
    pub(super) fn heard_back(&mut self, now: Instant, from: NodeId, round: Round, effects: &mut Effects<C>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let latest = leader.round;
        if let Some(peer) = leader.progress.get_mut(from)
            && round <= latest
        {
            peer.heard = now;
            peer.acked_round = peer.acked_round.max(round);
            self.maybe_confirm(now, effects);
        }
    }

    /// The highest index that is on a majority, the own one as far as it is durable (§5.3).
    pub(super) fn quorum_match_index(&self) -> Index {
        self.configuration()
            .quorum_value(self.settings.rules, |id| self.match_index(id))
    }
}

/// One answer a voter: a doubled message is no second vote. A yes stays, and outweighs a no: that may be the late answer
/// to an earlier question.
fn note_answer(votes: &mut ByNode<bool>, from: NodeId, granted: bool) {
    if granted {
        votes.insert(from, true);
    } else {
        votes.insert_if_new(from, false);
    }
}
