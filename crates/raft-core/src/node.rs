//! The node: one server of a Raft cluster as a deterministic state machine.
//!
//! This file owns the state of the paper's figure 2, the one `match` over everything that can
//! happen, and what all roles share: terms, writes, commit. Elections are in `election`,
//! replication in `replication`. Time, randomness, network and disk are the host's.

mod election;
mod replication;

use crate::durability::Durability;
use crate::role::{Candidate, Follower, Leader, Role};
use crate::{
    Body, Command, Configuration, Effect, Effects, HardState, Ignorance, Index, Input, Instant, Log, Message, NodeId,
    Position, Random, Reason, Seq, Settings, Stable, Suffix, Term, Timer, Write,
};

/// One server.
///
/// A clone is a checkpoint: given the same calls it does the same as the original, to the last bit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node<C> {
    id: NodeId,
    settings: Settings,
    configuration: Configuration,
    random: Random,

    // Persistent state on all servers (figure 2): a change counts once its write is durable.
    hard_state: HardState,
    log: Log<C>,

    // Volatile state on all servers (figure 2). Whatever is committed is given to the state
    // machine in the same step, so `last_applied` would always equal `commit_index`.
    commit_index: Index,
    role: Role,

    /// Which of the persistent state is really persistent by now.
    durability: Durability,
    /// What of the persistent state has changed since the last write was issued.
    unwritten: Unwritten,
}

/// Changes that no write has been issued for; empty between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Unwritten {
    hard_state: bool,
    /// The log has changed from here on.
    log_from: Option<Index>,
}

impl<C: Command> Node<C> {
    /// Starts a server: the first start and every restart are the same call.
    ///
    /// It wants to be called at once ([`next_deadline`](Node::next_deadline) is the beginning of
    /// time), because only a call tells it what time it is.
    ///
    /// # Panics
    ///
    /// If `settings` do not pass [`Settings::check`].
    #[must_use]
    pub fn new(id: NodeId, settings: Settings, stable: Stable<C>, seed: u64) -> Node<C> {
        if let Err(error) = settings.check() {
            panic!("settings that cannot work: {error}");
        }
        Node {
            id,
            settings,
            configuration: stable.configuration,
            random: Random::new(seed),
            hard_state: stable.hard_state,
            durability: Durability::new(stable.log.last_index()),
            log: stable.log,
            commit_index: Index(0),
            // "When servers start up, they begin as followers" (§5.2).
            role: Role::Follower(Follower {
                leader: None,
                election_timer: None,
            }),
            unwritten: Unwritten::default(),
        }
    }

    /// Takes one input and says what follows from it.
    ///
    /// # Panics
    ///
    /// If the host confirms a write that this node has not issued. Nothing that a message says can make it panic.
    pub fn step(&mut self, now: Instant, input: Input<C>, effects: &mut Effects<C>) {
        self.learn_the_time(now);
        match input {
            Input::Message(message) => self.receive(now, message, effects),
            Input::Persisted { seq } => self.persisted(now, seq, effects),
            Input::Propose(command) => self.propose(command, effects),
        }
        self.check_invariants();
    }

    /// Does what is due: stands for election, asks again, or sends heartbeats.
    pub fn tick(&mut self, now: Instant, effects: &mut Effects<C>) {
        self.learn_the_time(now);
        match &self.role {
            Role::Follower(follower) => {
                if follower.election_timer.is_some_and(|timer| timer.is_due(now)) {
                    self.become_candidate(now, effects);
                }
            }
            Role::Candidate(candidate) => {
                if candidate.election_timer.is_due(now) {
                    self.become_candidate(now, effects);
                } else if candidate.retry_timer.is_due(now) {
                    self.ask_again(now, effects);
                }
            }
            Role::Leader(leader) => {
                if leader.heartbeat_timer.is_due(now) {
                    self.send_heartbeats(now, effects);
                }
            }
        }
        self.check_invariants();
    }

    /// When [`tick`](Node::tick) has something to do next, if no input comes before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        Some(match &self.role {
            Role::Follower(follower) => follower.election_timer.map_or(Instant(0), |timer| timer.deadline),
            Role::Candidate(candidate) => candidate.election_timer.deadline.min(candidate.retry_timer.deadline),
            Role::Leader(leader) => leader.heartbeat_timer.deadline,
        })
    }

    /// The whole of figure 2, "Rules for Servers", as far as messages go.
    fn receive(&mut self, now: Instant, message: Message<C>, effects: &mut Effects<C>) {
        if let Some(by) = self.reason_to_ignore(&message) {
            let from = message.from;
            return effects.because(Reason::Ignored { from, by });
        }
        let Message { from, term, body, .. } = message;
        if term > self.hard_state.current_term {
            self.adopt_term(now, from, term, effects);
            if !body.is_request() {
                // A reply of a higher term answers no question of the term that has just begun here.
                self.write(effects);
                return;
            }
        }
        match body {
            Body::RequestVote { last } => self.answer_request_vote(now, from, term, last, effects),
            Body::RequestVoteReply { granted } => self.count_vote(now, from, granted, effects),
            Body::AppendEntries(request) => self.answer_append_entries(now, from, term, request, effects),
            Body::AppendEntriesReply { match_index } => self.note_match(from, match_index, effects),
            Body::AppendEntriesRejected { previous_index, hint } => {
                self.go_back(from, previous_index, hint, effects);
            }
        }
    }

    /// Whatever a peer sends is a message, not a command: what cannot be right is not looked at.
    fn reason_to_ignore(&self, message: &Message<C>) -> Option<Ignorance> {
        if message.to != self.id {
            return Some(Ignorance::NotForMe);
        }
        if message.from == self.id || !self.configuration.contains(message.from) {
            return Some(Ignorance::UnknownServer);
        }
        if !message.is_believable() {
            return Some(Ignorance::NotBelievable);
        }
        if message.term < self.hard_state.current_term && !message.body.is_request() {
            let theirs = message.term;
            return Some(Ignorance::OldTerm { theirs });
        }
        None
    }

    /// "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (§5.1).
    fn adopt_term(&mut self, now: Instant, from: NodeId, term: Term, effects: &mut Effects<C>) {
        let mine = self.hard_state.current_term;
        assert!(mine < term, "a term is adopted only if it is higher");
        effects.because(Reason::HigherTerm {
            from,
            mine,
            theirs: term,
        });
        self.set_hard_state(HardState {
            current_term: term,
            voted_for: None,
        });
        self.become_follower(now, None);
    }

    /// From any role; a follower keeps its running timer, for it has heard nothing that speaks for a leader (§5.2).
    fn become_follower(&mut self, now: Instant, leader: Option<NodeId>) {
        let election_timer = match &self.role {
            Role::Follower(follower) => follower.election_timer,
            Role::Candidate(_) | Role::Leader(_) => Some(self.draw_election_timer(now)),
        };
        self.role = Role::Follower(Follower { leader, election_timer });
    }

    /// A fresh timeout, drawn anew each time, so that split votes are rare and do not repeat (§5.2).
    fn draw_election_timer(&mut self, now: Instant) -> Timer {
        let Settings {
            election_timeout_us_min: min,
            election_timeout_us_max: max,
            ..
        } = self.settings;
        Timer::start(now, self.random.between(min, max))
    }

    /// A node that has just started learns from its first call what time it is, and begins to wait.
    fn learn_the_time(&mut self, now: Instant) {
        if let Role::Follower(Follower {
            election_timer: None, ..
        }) = self.role
        {
            self.restart_election_timer(now);
        }
    }

    /// Something has been heard that speaks for waiting: a leader, or a candidate worth the vote (§5.2).
    /// Only followers wait for others.
    fn restart_election_timer(&mut self, now: Instant) {
        let timer = self.draw_election_timer(now);
        if let Role::Follower(follower) = &mut self.role {
            follower.election_timer = Some(timer);
        }
    }

    fn set_hard_state(&mut self, hard_state: HardState) {
        self.hard_state = hard_state;
        self.unwritten.hard_state = true;
    }

    /// Issues one write for everything that has changed, if anything has, and returns the latest write issued.
    ///
    /// Whatever is promised now rests on that one and all before it, also when nothing new had to be written.
    fn write(&mut self, effects: &mut Effects<C>) -> Seq {
        let Unwritten { hard_state, log_from } = core::mem::take(&mut self.unwritten);
        if !hard_state && log_from.is_none() {
            return self.durability.issued();
        }
        let suffix = log_from.map(|first_index| Suffix {
            first_index,
            entries: self
                .log
                .iter_from(first_index)
                .map(|(_, entry)| entry.clone())
                .collect(),
        });
        let seq = self
            .durability
            .issue(log_from.map(|first| (first, self.log.last_index())));
        let hard_state = hard_state.then_some(self.hard_state);
        let write = Write { hard_state, suffix };
        effects.push(Effect::Persist { seq, write });
        seq
    }

    /// A write is durable: what waited for it may count now.
    fn persisted(&mut self, now: Instant, seq: Seq, effects: &mut Effects<C>) {
        assert!(
            seq <= self.durability.issued(),
            "the host confirmed write {seq}, but only {} have been issued",
            self.durability.issued()
        );
        self.durability.persisted(seq);
        match self.role {
            Role::Follower(_) => {}
            Role::Candidate(_) => self.count_own_vote(now, effects),
            Role::Leader(_) => self.maybe_commit(effects),
        }
    }

    /// Moves the commit index up and gives what is new to the state machine, in order (§5.3).
    fn commit_to(&mut self, index: Index, effects: &mut Effects<C>) {
        assert!(self.commit_index < index, "the commit index only rises");
        for index in self.commit_index.0 + 1..=index.0 {
            let index = Index(index);
            let entry = self.log.get(index).expect("what commits is in the log").clone();
            effects.push(Effect::Apply { index, entry });
        }
        self.commit_index = index;
    }

    fn send(&self, to: NodeId, body: Body<C>, after: Seq, effects: &mut Effects<C>) {
        let message = Message {
            from: self.id,
            to,
            term: self.hard_state.current_term,
            body,
        };
        effects.push(Effect::Send { message, after });
    }

    /// The voter at this place of the configuration, unless that is this server.
    fn other(&self, place: usize) -> Option<NodeId> {
        Some(self.configuration.voters()[place]).filter(|&id| id != self.id)
    }

    /// What holds after every call, whatever has come in.
    fn check_invariants(&self) {
        debug_assert_eq!(self.unwritten, Unwritten::default(), "every change has been written");
        debug_assert!(
            self.commit_index <= self.log.last_index(),
            "what is committed is in the log"
        );
        debug_assert!(
            self.durability.durable_index() <= self.log.last_index(),
            "what is durable is in the log"
        );
        debug_assert!(
            self.log.last_position().term <= self.hard_state.current_term,
            "no entry comes from a later term"
        );
        if let Role::Leader(Leader { progress, .. }) = &self.role {
            for peer in progress.values() {
                debug_assert!(peer.match_index < peer.next_index, "what matches is not sent again");
                debug_assert!(
                    peer.next_index <= self.log.last_index().next(),
                    "what is sent next is in the log, or comes next"
                );
            }
        }
    }
}

/// What can be seen from outside.
impl<C> Node<C> {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The members of the cluster, as it knows them.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The latest term that it has seen (figure 2).
    #[must_use]
    pub fn current_term(&self) -> Term {
        self.hard_state.current_term
    }

    /// Who has its vote in this term (figure 2).
    #[must_use]
    pub fn voted_for(&self) -> Option<NodeId> {
        self.hard_state.voted_for
    }

    /// Its log, durable or not (figure 2).
    #[must_use]
    pub fn log(&self) -> &Log<C> {
        &self.log
    }

    /// The highest entry that it knows to be committed, and has given to its state machine (figure 2).
    #[must_use]
    pub fn commit_index(&self) -> Index {
        self.commit_index
    }

    /// The highest entry whose latest write, and every write before it, is durable.
    #[must_use]
    pub fn durable_index(&self) -> Index {
        self.durability.durable_index()
    }

    /// The latest write that it has issued since it started; zero if none.
    #[must_use]
    pub fn issued(&self) -> Seq {
        self.durability.issued()
    }

    /// What it is, with the data of the role.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// The leader of its term, as far as it knows; itself if it leads.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Follower(follower) => follower.leader,
            Role::Candidate(_) => None,
            Role::Leader(_) => Some(self.id),
        }
    }

    /// The candidacy, while it is one.
    #[must_use]
    pub fn candidacy(&self) -> Option<&Candidate> {
        match &self.role {
            Role::Candidate(candidate) => Some(candidate),
            Role::Follower(_) | Role::Leader(_) => None,
        }
    }

    /// The end of its durable log: what it names when it asks for votes.
    fn durable_position(&self) -> Position {
        self.log
            .position_at(self.durable_index())
            .expect("what is durable is in the log")
    }
}
