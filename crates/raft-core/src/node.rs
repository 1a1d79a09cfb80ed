//! The node: one server of a Raft cluster as a deterministic state machine.
//!
//! This file owns the state of the paper's figure 2, the one `match` over everything that can
//! happen, and what all roles share: terms, timers, writes, the log, commit. Elections are in `election`,
//! replication in `replication`, and each further capability in a file of its own. Time, randomness,
//! network and disk are the host's.

mod election;
mod membership;
mod reads;
mod replication;
mod snapshots;
mod transfer;

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use crate::durability::Durability;
use crate::role::{Candidate, Follower, Leader, PreCandidate, Role};
use crate::{
    Body, Command, Configuration, Effect, Effects, ElectionStyle, Entries, HardState, Ignorance, Index, Input, Instant,
    Log, Message, NodeId, Payload, Position, Random, Reason, Refusal, Rule, Seq, Settings, SettingsError, Snapshot,
    Stable, Suffix, Term, Timer, Write,
};

/// One server.
///
/// A clone is a checkpoint: given the same calls it does the same as the original, to the last bit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node<C> {
    id: NodeId,
    settings: Settings,
    random: Random,

    // Persistent state on all servers (figure 2): a change counts once its write is durable.
    hard_state: HardState,
    snapshot: Arc<Snapshot>,
    log: Log<C>,

    // Volatile state on all servers (figure 2). Whatever is committed is given to the state
    // machine in the same step, so `last_applied` would always equal `commit_index`.
    commit_index: Index,
    role: Role,

    /// The configurations that the snapshot and the log tell of, each with its entry's index, oldest first. Never empty.
    configurations: Vec<(Index, Configuration)>,
    /// A snapshot that is coming in.
    incoming: Option<snapshots::Incoming>,
    /// Which of the persistent state is really persistent by now.
    durability: Durability,
    /// What of the persistent state has changed since the last write was issued: the next write. Empty between calls.
    unwritten: Write<C>,
}

impl<C: Command> Node<C> {
    /// Starts a server: the first start and every restart are the same call.
    ///
    /// The state machine has been restored from the snapshot in `stable`; the next entry to apply comes after it.
    /// The node wants to be called at once ([`next_deadline`](Node::next_deadline) is the beginning of
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
        let Stable {
            hard_state,
            snapshot,
            log,
        } = stable;
        Node {
            id,
            settings,
            random: Random::new(seed),
            hard_state,
            configurations: configurations(&snapshot, &log),
            commit_index: snapshot.last.index,
            snapshot,
            durability: Durability::new(log.last_index()),
            log,
            // "When servers start up, they begin as followers" (§5.2).
            role: Role::Follower(Follower::default()),
            incoming: None,
            unwritten: Write::default(),
        }
    }

    /// Takes one input and says what follows from it.
    ///
    /// # Panics
    ///
    /// If the host confirms a write that this node has not issued, or compacts what it has not
    /// applied. Nothing that a message says can make it panic.
    pub fn step(&mut self, now: Instant, input: Input<C>, effects: &mut Effects<C>) {
        self.learn_the_time(now);
        match input {
            Input::Message(message) => self.receive(now, message, effects),
            Input::Persisted { seq } => self.persisted(now, seq, effects),
            Input::Propose(command) => self.propose(now, command, effects),
            Input::Read { id, mode } => self.read(now, id, mode, effects),
            Input::ChangeMembers(change) => self.change_members(now, &change, effects),
            Input::TransferLeadership { to } => self.transfer_leadership(now, to, effects),
            Input::Compact { index, data } => self.compact(index, data, effects),
        }
        self.check_invariants();
    }

    /// Does what is due: stands for election, asks again, sends heartbeats, steps down, gives up.
    pub fn tick(&mut self, now: Instant, effects: &mut Effects<C>) {
        self.learn_the_time(now);
        match &self.role {
            Role::Follower(follower) => {
                if follower.election_timer.is_some_and(|timer| timer.is_due(now)) {
                    self.election_timed_out(now, effects);
                }
            }
            Role::PreCandidate(PreCandidate {
                election_timer,
                retry_timer,
                ..
            })
            | Role::Candidate(Candidate {
                election_timer,
                retry_timer,
                ..
            }) => {
                if election_timer.is_due(now) {
                    self.election_timed_out(now, effects);
                } else if retry_timer.is_due(now) {
                    self.ask_again(now, effects);
                }
            }
            Role::Leader(leader) => {
                let is_due = |timer: Option<Timer>| timer.is_some_and(|timer| timer.is_due(now));
                let heartbeat_is_due = leader.heartbeat_timer.is_due(now);
                if is_due(leader.transfer.map(|transfer| transfer.timer)) {
                    self.abandon_transfer(effects);
                }
                if is_due(self.leading().quorum_timer) && !self.check_quorum(now, effects) {
                    return;
                }
                if heartbeat_is_due {
                    self.send_heartbeats(now, effects);
                }
            }
        }
        self.check_invariants();
    }

    /// From now on it has these settings. Timers that run go on as they are; a lease that was won under other settings
    /// ends. As ever, all servers of a cluster should have the same.
    ///
    /// # Errors
    ///
    /// Why the settings cannot work; then nothing has changed.
    pub fn change_settings(&mut self, now: Instant, settings: Settings) -> Result<(), SettingsError> {
        settings.check()?;
        self.settings = settings;
        let quorum_timer = self.start_quorum_timer(now);
        if let Role::Leader(leader) = &mut self.role {
            // Voters may have had less patience than a lease now lasts when they gave these rounds back.
            leader.open_rounds.clear();
            leader.lease = None;
            leader.quorum_timer = quorum_timer;
        }
        self.check_invariants();
        Ok(())
    }

    /// When [`tick`](Node::tick) has something to do next, if no input comes before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        Some(match &self.role {
            Role::Follower(follower) => follower.election_timer.map_or(Instant(0), |timer| timer.deadline),
            Role::PreCandidate(PreCandidate {
                election_timer,
                retry_timer,
                ..
            })
            | Role::Candidate(Candidate {
                election_timer,
                retry_timer,
                ..
            }) => election_timer.deadline.min(retry_timer.deadline),
            Role::Leader(leader) => {
                let others = [leader.quorum_timer, leader.transfer.map(|transfer| transfer.timer)];
                let first = others.into_iter().flatten().map(|timer| timer.deadline).min();
                first.map_or(leader.heartbeat_timer.deadline, |first| {
                    first.min(leader.heartbeat_timer.deadline)
                })
            }
        })
    }

    /// The whole of figure 2, "Rules for Servers", as far as messages go.
    fn receive(&mut self, now: Instant, message: Message<C>, effects: &mut Effects<C>) {
        if let Some(by) = self.reason_to_ignore(now, &message) {
            return effects.because(Reason::Ignored { from: message.from, by });
        }
        let Message { from, term, body, .. } = message;
        let is_request_vote = matches!(body, Body::RequestVote { .. });
        if term > self.current_term() && (!is_request_vote || self.rule(Rule::AdoptHigherTerm)) {
            self.adopt_term(now, from, term, effects);
            if !body.is_request() {
                // A reply of a higher term answers no question of the term that has just begun here.
                self.write(effects);
                return;
            }
        }
        match body {
            Body::RequestPreVote { next_term, last } => self.answer_pre_vote(now, from, next_term, last, effects),
            Body::RequestPreVoteReply { next_term, granted } => {
                self.count_pre_vote(now, from, next_term, granted, effects);
            }
            Body::RequestVote { last, .. } => self.answer_request_vote(now, from, term, last, effects),
            Body::RequestVoteReply { granted } => self.count_vote(now, from, granted, effects),
            Body::AppendEntries(request) => self.answer_append_entries(now, from, term, request, effects),
            Body::AppendEntriesReply { match_index, round } => {
                self.heard_back(now, from, round, effects);
                self.note_match(now, from, match_index, effects);
            }
            Body::AppendEntriesRejected {
                previous_index,
                hint,
                round,
            } => {
                self.heard_back(now, from, round, effects);
                self.go_back(from, previous_index, hint, effects);
            }
            Body::InstallSnapshot(piece) => self.answer_install_snapshot(now, from, term, piece, effects),
            Body::InstallSnapshotReply {
                last_index,
                next_offset,
                round,
            } => {
                self.heard_back(now, from, round, effects);
                self.send_next_piece(from, last_index, next_offset, effects);
            }
            Body::TimeoutNow => self.told_to_stand(now, from, effects),
        }
    }

    /// Whatever a peer sends is a message, not a command: what cannot be right is not looked at.
    fn reason_to_ignore(&self, now: Instant, message: &Message<C>) -> Option<Ignorance> {
        let Message { from, to, term, body } = message;
        if *to != self.id {
            return Some(Ignorance::NotForMe);
        }
        // A request may well come from a server whose addition has not reached this one yet (dissertation, §4.1).
        if *from == self.id || !body.is_request() && !self.knows(*from) {
            return Some(Ignorance::UnknownServer);
        }
        // It answers a question of an earlier term, and says only that this term has begun (§5.1): whoever leads it by
        // now has not been answered, neither for a read or a lease nor about the log.
        if *term == self.current_term() && body.answers_nothing() {
            return Some(Ignorance::NoLongerAsked);
        }
        // Where a rule is off, servers may say what no correct server says.
        let is_sound = if self.settings.rules.keep_messages_sound() {
            message.is_believable()
        } else {
            message.leaves_room()
        };
        if !is_sound || !term.is_believable_in(self.current_term()) {
            return Some(Ignorance::NotBelievable);
        }
        if *term < self.current_term() && !self.answers_old_term(body) {
            return Some(Ignorance::OldTerm { theirs: *term });
        }
        // "If a server receives a RequestVote request within the minimum election timeout of hearing from
        // a current leader, it does not update its term or grant its vote" (dissertation, §4.2.3).
        let would_disturb = match body {
            Body::RequestVote { transfer, .. } => self.settings.check_quorum && !transfer,
            // Who only asks deposes nobody (dissertation, §9.6); and no yes could come of it. A member whose term is higher
            // says so when it answers the leader.
            Body::RequestPreVote { .. } => *term > self.current_term(),
            _ => false,
        };
        if would_disturb && let Some(heard_us_ago) = self.leader_heard_us_ago(now) {
            return Some(Ignorance::LeaderAlive { heard_us_ago });
        }
        None
    }

    /// Whether something from an earlier term is looked at: requests, so that their senders learn of the later one.
    fn answers_old_term(&self, body: &Body<C>) -> bool {
        match body {
            Body::RequestVoteReply { .. } => !self.rule(Rule::MatchVoteTerm),
            Body::TimeoutNow => false,
            _ => body.is_request(),
        }
    }

    /// "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (§5.1).
    fn adopt_term(&mut self, now: Instant, from: NodeId, term: Term, effects: &mut Effects<C>) {
        let mine = self.current_term();
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
        self.become_follower(now, None, effects);
    }

    /// From any role. Whoever has an election timer running keeps it, for it has heard nothing that speaks for a leader,
    /// and has granted no vote (figure 2, "Rules for Servers: Followers"); a leader had none.
    fn become_follower(&mut self, now: Instant, leader: Option<NodeId>, effects: &mut Effects<C>) {
        if let Role::Follower(follower) = &mut self.role {
            follower.leader = leader;
            return;
        }
        let election_timer = match &self.role {
            Role::PreCandidate(candidate) => candidate.election_timer,
            Role::Candidate(candidate) => candidate.election_timer,
            Role::Follower(_) | Role::Leader(_) => self.draw_follower_timer(now),
        };
        let follower = Follower {
            leader,
            election_timer: Some(election_timer),
            ..Follower::default()
        };
        if let Role::Leader(gone) = core::mem::replace(&mut self.role, Role::Follower(follower)) {
            refuse_reads(gone, leader, effects);
        }
    }

    /// How long a follower waits for a leader: a random time (§5.2), or the lecture's fixed heartbeat timeout.
    fn draw_follower_timer(&mut self, now: Instant) -> Timer {
        match self.settings.election_style {
            ElectionStyle::Standard => self.draw_election_timer(now),
            ElectionStyle::TwoStage { heartbeat_timeout_us } => Timer::start(now, heartbeat_timeout_us),
        }
    }

    /// A fresh timeout, drawn anew each time, so that split votes are rare and do not repeat (§5.2).
    fn draw_election_timer(&mut self, now: Instant) -> Timer {
        let Settings {
            election_timeout_us_min: min,
            election_timeout_us_max: max,
            ..
        } = self.settings;
        let max = if self.rule(Rule::RandomizedTimeouts) { max } else { min };
        Timer::start(now, self.random.between(min, max))
    }

    /// A node that has just started learns from its first call what time it is, and begins to wait.
    fn learn_the_time(&mut self, now: Instant) {
        if let Role::Follower(Follower {
            election_timer: None, ..
        }) = self.role
        {
            let election_timer = Some(self.draw_follower_timer(now));
            // It may have promised its patience to a lease before it crashed, and has forgotten when (dissertation, §6.4.1).
            let heard = self.settings.lease_drift_ppm_max.map(|_| now);
            self.role = Role::Follower(Follower {
                election_timer,
                heard,
                ..Follower::default()
            });
        }
    }

    /// Something has been heard that speaks for waiting: a leader, or a candidate worth the vote (§5.2).
    /// Only followers wait for others; and one that waits to stand goes on waiting to stand.
    fn restart_election_timer(&mut self, now: Instant) {
        if let Role::Follower(Follower {
            waits_to_stand: false, ..
        }) = self.role
        {
            let timer = self.draw_follower_timer(now);
            if let Role::Follower(follower) = &mut self.role {
                follower.election_timer = Some(timer);
            }
        }
    }

    /// How long ago, in microseconds, it heard from a leader, if that is less than its patience. A leader hears itself.
    fn leader_heard_us_ago(&self, now: Instant) -> Option<u64> {
        match &self.role {
            Role::Follower(Follower { heard: Some(heard), .. }) => {
                let heard_us_ago = now.since_us(*heard);
                (heard_us_ago < self.settings.patience_us()).then_some(heard_us_ago)
            }
            Role::Leader(_) => Some(0),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => None,
        }
    }

    fn set_hard_state(&mut self, hard_state: HardState) {
        // The leader of another term may have other bytes of the same snapshot.
        self.incoming
            .take_if(|_| hard_state.current_term != self.hard_state.current_term);
        self.hard_state = hard_state;
        let is_own = |&id: &NodeId| id == self.id;
        let persists_vote = self.rule(Rule::PersistVote);
        self.unwritten.hard_state = Some(HardState {
            voted_for: hard_state.voted_for.filter(|id| persists_vote || is_own(id)),
            ..hard_state
        });
    }

    /// Puts these entries after `last`, in place of what is there. If that cuts a configuration off, the one
    /// before is in force again (§6).
    fn put_after(&mut self, last: Index, entries: Entries<C>) {
        assert!(self.unwritten.suffix.is_none(), "one new end of the log a write");
        let first_index = last.next();
        if last < self.log.last_index() {
            self.log.truncate_after(last);
            let kept = self.configurations.partition_point(|&(index, _)| index <= last);
            self.configurations.truncate(kept.max(1));
        }
        for (entry, index) in entries.iter().zip(first_index.0..) {
            if let Payload::Configuration(configuration) = &entry.payload {
                self.configurations.push((Index(index), configuration.clone()));
            }
        }
        self.log.extend(entries.iter().cloned());
        self.unwritten.suffix = Some(Suffix { first_index, entries });
    }

    /// Issues the write for everything that has changed, if anything has, and returns the latest write issued.
    ///
    /// Whatever is promised now rests on that one and all before it, also when nothing new had to be written.
    fn write(&mut self, effects: &mut Effects<C>) -> Seq {
        if self.unwritten.is_empty() {
            return self.durability.issued();
        }
        let mut write = core::mem::take(&mut self.unwritten);
        // The term and the entries that came with it are one write: after a crash between two of them a server would have
        // entries of a term that it does not know (figure 2: "updated on stable storage before responding").
        if !self.rule(Rule::WriteTermWithEntries) && write.suffix.is_some() {
            let hard_state = write.hard_state.take();
            let awaited = self.issue(write, effects);
            if hard_state.is_some() {
                let late = Write {
                    hard_state,
                    ..Write::default()
                };
                self.issue(late, effects);
            }
            return awaited;
        }
        self.issue(write, effects)
    }

    fn issue(&mut self, write: Write<C>, effects: &mut Effects<C>) -> Seq {
        let first = write.suffix.as_ref().map(|suffix| suffix.first_index);
        let entries = first.map(|first| (first, self.log.last_index()));
        let seq = self.durability.issue(entries);
        effects.push_with(|| Effect::Persist { seq, write });
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
            Role::Follower(_) | Role::PreCandidate(_) => {}
            Role::Candidate(_) => self.count_own_vote(now, effects),
            Role::Leader(_) => self.maybe_commit(now, effects),
        }
    }

    /// Moves the commit index up and gives what is new to the state machine, in order (§5.3).
    fn commit_to(&mut self, index: Index, effects: &mut Effects<C>) {
        assert!(self.commit_index < index, "the commit index only rises");
        assert!(index <= self.log.last_index(), "what commits is in the log");
        let committed = self.log.iter_from(self.commit_index.next());
        for (index, entry) in committed.take_while(|&(at, _)| at <= index) {
            let entry = entry.clone();
            effects.push_with(|| Effect::Apply { index, entry });
        }
        self.commit_index = index;
        // A snapshot of what is committed here by now is not needed any more.
        self.incoming.take_if(|incoming| incoming.last.index <= index);
    }

    fn send(&self, to: NodeId, body: impl FnOnce() -> Body<C>, after: Seq, effects: &mut Effects<C>) {
        self.send_in_term(self.current_term(), to, body, after, effects);
    }

    fn send_in_term(
        &self,
        term: Term,
        to: NodeId,
        body: impl FnOnce() -> Body<C>,
        after: Seq,
        effects: &mut Effects<C>,
    ) {
        let from = self.id;
        effects.push_with(|| {
            let body = body();
            let message = Message { from, to, term, body };
            Effect::Send { message, after }
        });
    }

    /// Whether a rule is in force: with all of them this is Raft.
    fn rule(&self, rule: Rule) -> bool {
        self.settings.rules.has(rule)
    }

    /// What holds after every call, whatever has come in. The last ones hold only in Raft: what a
    /// missing rule brings about is for the world to find, not for the node.
    fn check_invariants(&self) {
        debug_assert!(self.unwritten.is_empty(), "every change has been written");
        debug_assert!(!self.configurations.is_empty(), "there is always a configuration");
        debug_assert!(
            self.log.base().index <= self.snapshot.last.index,
            "what has been compacted is in the snapshot"
        );
        debug_assert!(
            self.durability.durable_index() <= self.log.last_index(),
            "what is durable is in the log"
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
        if self.settings.rules.keep_messages_sound() {
            debug_assert!(
                self.commit_index <= self.log.last_index(),
                "what is committed is in the log"
            );
            debug_assert!(
                self.log.last_position().term <= self.current_term(),
                "no entry comes from a later term"
            );
        }
    }
}

/// For checkers that compare nodes.
impl<C> Node<C> {
    /// Forgets what no decision depends on: the random numbers begin anew, and writes are counted from the last
    /// durable one. So nodes become equal that differ only in how they came about. What is to come stays the same, but
    /// for the lengths of timeouts and the numbers of writes.
    ///
    /// Returns by how much the numbers of the writes have fallen: those that the host knows fall by as much.
    pub fn forget_the_past(&mut self) -> Seq {
        self.random = Random::new(0);
        let fallen = self.durability.renumber();
        if let Role::Candidate(candidate) = &mut self.role {
            candidate.standing = Seq(candidate.standing.0.saturating_sub(fallen.0));
        }
        fallen
    }
}

/// The configuration of the snapshot, and those in the log after it.
fn configurations<C>(snapshot: &Snapshot, log: &Log<C>) -> Vec<(Index, Configuration)> {
    let mut configurations = vec![(snapshot.last.index, snapshot.configuration.clone())];
    let in_log = log.iter_from(snapshot.last.index.next());
    configurations.extend(in_log.filter_map(|(index, entry)| match &entry.payload {
        Payload::Configuration(configuration) => Some((index, configuration.clone())),
        Payload::NoOp | Payload::Command(_) => None,
    }));
    configurations
}

/// Whoever leads no longer cannot answer the reads that wait.
fn refuse_reads<C>(gone: Leader, leader: Option<NodeId>, effects: &mut Effects<C>) {
    let waiting = gone.reads.into_iter().map(|read| read.id);
    for id in waiting.chain(gone.early_reads) {
        let why = Refusal::NotLeader { leader };
        effects.push(Effect::ReadRefused { id, why });
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

    /// The configuration in force: the latest one in its log, committed or not (§6).
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration_entry().1
    }

    /// The same, with the index of its entry; that of the snapshot if the log has none.
    fn configuration_entry(&self) -> &(Index, Configuration) {
        let acts_when_appended = self.settings.rules.has(Rule::ConfigurationWhenAppended);
        let acting = self.configurations.iter().rev();
        let mut acting = acting.filter(|(index, _)| acts_when_appended || *index <= self.commit_index);
        acting.next().unwrap_or(&self.configurations[0])
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

    /// Its latest snapshot, durable or not (§7).
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// How many bytes it has of a snapshot that is still arriving from the leader; zero if none is.
    #[must_use]
    pub fn snapshot_bytes_received(&self) -> u64 {
        self.incoming.as_ref().map_or(0, |incoming| incoming.data.len() as u64)
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
            Role::PreCandidate(_) | Role::Candidate(_) => None,
            Role::Leader(_) => Some(self.id),
        }
    }

    /// The candidacy, while it is one.
    #[must_use]
    pub fn candidacy(&self) -> Option<&Candidate> {
        match &self.role {
            Role::Candidate(candidate) => Some(candidate),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Leader(_) => None,
        }
    }

    /// The reign, while it leads.
    #[must_use]
    pub fn reign(&self) -> Option<&Leader> {
        match &self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => None,
        }
    }

    fn leading(&self) -> &Leader {
        self.reign().expect("only leaders do this")
    }

    fn leading_mut(&mut self) -> &mut Leader {
        match &mut self.role {
            Role::Leader(leader) => leader,
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => panic!("only leaders do this"),
        }
    }

    /// Whether a leader has committed in its term: only then does it know what is committed (§8).
    fn has_committed_in_term(&self) -> bool {
        self.log.term_at(self.commit_index) == Some(self.current_term())
    }

    /// The end of its durable log: what it names when it asks for votes. Nothing, while a snapshot replaces it.
    fn durable_position(&self) -> Position {
        self.log.position_at(self.durable_index()).unwrap_or_default()
    }
}
