//! Elections (§5.2, §5.4.1): standing, asking, voting, counting.

use super::Node;
use crate::role::{Candidate, Leader, Role};
use crate::{
    Body, ByNode, Command, Effects, HardState, Ignorance, Instant, NodeId, Payload, Position, Progress, Reason, Seq,
    Term, Timer, VoteDenial,
};

impl<C: Command> Node<C> {
    /// "On conversion to candidate, start election" (§5.2). A candidate whose time has run out does the same again.
    pub(super) fn become_candidate(&mut self, now: Instant, effects: &mut Effects<C>) {
        let waited = match &self.role {
            Role::Follower(follower) => follower.election_timer,
            Role::Candidate(candidate) => Some(candidate.election_timer),
            Role::Leader(_) => panic!("a leader does not stand for election"),
        };
        if !self.configuration.contains(self.id) {
            return self.restart_election_timer(now);
        }
        // "Increment currentTerm, vote for self, reset election timer, send RequestVote RPCs to all other servers."
        let term = self.hard_state.current_term.next();
        let waited_us = waited.map_or(0, |timer| now.since_us(timer.started));
        effects.because(Reason::ElectionTimedOut { term, waited_us });
        self.set_hard_state(HardState {
            current_term: term,
            voted_for: Some(self.id),
        });
        let standing = self.write(effects);
        self.role = Role::Candidate(Candidate {
            election_timer: self.draw_election_timer(now),
            retry_timer: Timer::start(now, self.settings.heartbeat_interval_us),
            votes: ByNode::new(),
            standing,
        });
        self.ask_for_votes(effects);
    }

    /// Asks everybody who has not answered yet, and returns how many that are.
    ///
    /// The request leaves before the own vote is durable, because it promises nothing. But it names only the
    /// durable end of the log: what could still be lost must not win an election.
    fn ask_for_votes(&self, effects: &mut Effects<C>) -> u64 {
        let candidate = self.candidacy().expect("only candidates ask for votes");
        let last = self.durable_position();
        let mut asked = 0;
        for place in 0..self.configuration.voters().len() {
            let Some(to) = self.other(place) else { continue };
            if !candidate.votes.contains(to) {
                self.send(to, Body::RequestVote { last }, Seq(0), effects);
                asked += 1;
            }
        }
        asked
    }

    /// "Servers retry RPCs if they do not receive a response in a timely manner" (§5.1).
    pub(super) fn ask_again(&mut self, now: Instant, effects: &mut Effects<C>) {
        let retry_timer = Timer::start(now, self.settings.heartbeat_interval_us);
        let Role::Candidate(candidate) = &mut self.role else {
            panic!("only candidates ask for votes");
        };
        candidate.retry_timer = retry_timer;
        let servers = self.ask_for_votes(effects);
        if servers > 0 {
            effects.because(Reason::VotesAskedAgain { servers });
        }
    }

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
            Some(by) => effects.because(Reason::VoteDenied { to: candidate, by }),
            None => {
                effects.because(Reason::VoteGranted { to: candidate, term });
                self.grant(now, candidate);
            }
        }
        // A vote must be on disk before the candidate may count it (figure 2: "updated on stable storage
        // before responding to RPCs"); a refusal promises nothing and may leave at once.
        let written = self.write(effects);
        let granted = denial.is_none();
        let after = if granted { written } else { Seq(0) };
        self.send(candidate, Body::RequestVoteReply { granted }, after, effects);
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
        //    receiver's log, grant vote" (§5.2, §5.4).
        if let Some(for_) = voted_for.filter(|&for_| for_ != candidate) {
            return Some(VoteDenial::AlreadyVoted { for_ });
        }
        // The own log counts as a whole here, durable or not: that can only make the voter stricter.
        let mine = self.log.last_position();
        (last < mine).then_some(VoteDenial::LogBehind { mine, theirs: last })
    }

    /// Gives the vote away. A voter that helps somebody into office waits before it stands itself (§5.2).
    fn grant(&mut self, now: Instant, candidate: NodeId) {
        if self.hard_state.voted_for.is_none() {
            self.set_hard_state(HardState {
                voted_for: Some(candidate),
                ..self.hard_state
            });
        }
        self.restart_election_timer(now);
    }

    /// An answer has come. It is of this term: older ones are ignored, newer ones have ended the candidacy.
    pub(super) fn count_vote(&mut self, now: Instant, from: NodeId, granted: bool, effects: &mut Effects<C>) {
        let needed = self.configuration.majority() as u64;
        let Role::Candidate(candidate) = &mut self.role else {
            let by = Ignorance::NoLongerAsked;
            return effects.because(Reason::Ignored { from, by });
        };
        // One answer a voter: a doubled message is no second vote.
        candidate.votes.insert_if_new(from, granted);
        let votes = candidate.votes_granted();
        effects.because(Reason::VoteCounted {
            from,
            granted,
            votes,
            needed,
        });
        self.maybe_become_leader(now, effects);
    }

    /// A candidate's own vote counts like any other, once it is durable.
    pub(super) fn count_own_vote(&mut self, now: Instant, effects: &mut Effects<C>) {
        let standing = self.candidacy().expect("only candidates count votes").standing;
        if self.durability.durable() >= standing && self.hard_state.voted_for == Some(self.id) {
            let is_counted = self.candidacy().is_some_and(|c| c.votes.contains(self.id));
            if !is_counted {
                self.count_vote(now, self.id, true, effects);
            }
        }
    }

    /// "If votes received from majority of servers: become leader" (§5.2).
    fn maybe_become_leader(&mut self, now: Instant, effects: &mut Effects<C>) {
        let candidate = self.candidacy().expect("only candidates are elected");
        let granted = |id| candidate.votes.get(id) == Some(&true);
        let is_durable = self.durability.durable() >= candidate.standing;
        if is_durable && self.configuration.is_quorum(granted) {
            let votes = candidate.votes_granted();
            self.become_leader(now, votes, effects);
        }
    }

    fn become_leader(&mut self, now: Instant, votes: u64, effects: &mut Effects<C>) {
        assert!(
            matches!(self.role, Role::Candidate(_)),
            "only candidates become leaders"
        );
        let term = self.hard_state.current_term;
        let needed = self.configuration.majority() as u64;
        effects.because(Reason::Elected { term, votes, needed });
        // "Volatile state on leaders, reinitialized after election" (figure 2).
        let last_index = self.log.last_index();
        let followers = self.configuration.voters().iter().filter(|&&id| id != self.id);
        self.role = Role::Leader(Leader {
            heartbeat_timer: Timer::start(now, self.settings.heartbeat_interval_us),
            progress: followers.map(|&id| (id, Progress::new(last_index))).collect(),
        });
        // A no-op at the start of each term: only an entry of its own term tells a leader which
        // entries of earlier terms are committed (§8). It is also the first heartbeat.
        self.append(Payload::NoOp, effects);
    }
}
