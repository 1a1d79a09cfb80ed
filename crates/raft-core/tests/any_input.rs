//! Whatever happens: messages that make no sense, lost, doubled and overtaking ones, crashes between writes.
//!
//! A script of the transcripts says what should happen; here it is only said what must never happen, and chance
//! (`proptest`) looks for a way to it. A failure prints the shortest list of acts that leads there.

mod server;

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use raft_core::{
    AppendEntries, Body, Change, Configuration, Effect, ElectionStyle, Entries, Entry, HardState, Index, Input,
    InstallSnapshot, Instant, Message, Node, NodeId, Payload, Position, ReadId, ReadMode, Refusal, Role, Round, Rule,
    Seq, Settings, Snapshot, Stable, Term,
};

use server::Server;

/// One thing that happens. Servers and messages on the way are chosen modulo how many there are.
#[derive(Clone, Debug)]
enum Act {
    /// Its clock moves on.
    Wait { at: usize, us: u64 },
    /// A client asks for a command of that length.
    Propose { at: usize, len: usize },
    /// A client wants to read.
    Read { at: usize, mode: ReadMode },
    /// The members are to change.
    Change { at: usize, change: Change },
    /// Another server is to lead.
    Transfer { at: usize, to: NodeId },
    /// Its host has written its state machine down, as it was so many entries ago.
    Compact { at: usize, back: u64 },
    /// Its oldest writes become durable.
    Persist { at: usize, count: usize },
    /// It crashes, after so many more of its writes have reached the disk, and starts again.
    Restart { at: usize, written: usize },
    /// A message arrives; its copy stays on the way, if it has one.
    Deliver { nth: usize, is_copied: bool },
    /// A message is lost.
    Lose { nth: usize },
    /// A message out of nowhere arrives, whomever it is meant for.
    Forge { at: usize, message: Message<String> },
    /// A message that the server has no reason to doubt, from another member: its numbers fit the server's own.
    Pretend { at: usize, message: Message<String> },
}

/// What can befall an honest cluster.
fn misfortune() -> impl Strategy<Value = Act> {
    let at = 0..5usize;
    let wait = prop_oneof![4 => Just(75_000u64), 1 => Just(300_000)];
    prop_oneof![
        2 => (at.clone(), wait).prop_map(|(at, us)| Act::Wait { at, us }),
        2 => (at.clone(), 0..40usize).prop_map(|(at, len)| Act::Propose { at, len }),
        12 => (at.clone(), 1..4usize).prop_map(|(at, count)| Act::Persist { at, count }),
        1 => (at.clone(), 0..3usize).prop_map(|(at, written)| Act::Restart { at, written }),
        1 => (at.clone(), mode()).prop_map(|(at, mode)| Act::Read { at, mode }),
        1 => (at.clone(), change()).prop_map(|(at, change)| Act::Change { at, change }),
        1 => (at.clone(), 1..6u64).prop_map(|(at, to)| Act::Transfer { at, to: NodeId(to) }),
        1 => (at, 0..3u64).prop_map(|(at, back)| Act::Compact { at, back }),
        24 => (0..20usize, prop::bool::weighted(0.1)).prop_map(|(nth, is_copied)| Act::Deliver { nth, is_copied }),
        1 => (0..20usize).prop_map(|nth| Act::Lose { nth }),
    ]
}

fn mode() -> impl Strategy<Value = ReadMode> {
    prop_oneof![Just(ReadMode::ReadIndex), Just(ReadMode::Lease), Just(ReadMode::Local)]
}

fn members() -> impl Strategy<Value = Configuration> {
    let ids = || vec((1..6u64).prop_map(NodeId), 0..4);
    (ids(), ids()).prop_map(|(voters, learners)| Configuration::new(voters).with_learners(learners))
}

fn change() -> impl Strategy<Value = Change> {
    let id = || (1..6u64).prop_map(NodeId);
    prop_oneof![
        2 => id().prop_map(Change::AddVoter),
        1 => id().prop_map(Change::AddLearner),
        1 => id().prop_map(Change::Remove),
        2 => members().prop_map(Change::Replace),
    ]
}

/// All of that, and messages that no correct server sends, and clocks that jump to the end of time.
fn anything() -> impl Strategy<Value = Act> {
    let forge = (0..5usize, message()).prop_map(|(at, message)| Act::Forge { at, message });
    let pretend = (0..5usize, message()).prop_map(|(at, message)| Act::Pretend { at, message });
    let wait = (0..5usize, number()).prop_map(|(at, us)| Act::Wait { at, us });
    prop_oneof![40 => misfortune(), 20 => forge, 20 => pretend, 1 => wait]
}

/// Mostly small, so that numbers meet; sometimes at the edge of what is believed, or of all numbers.
fn number() -> impl Strategy<Value = u64> {
    let believable_max = Term::BELIEVABLE_MAX.0;
    prop_oneof![
        40 => 0..6u64,
        1 => believable_max - 1..=believable_max + 1,
        1 => u64::MAX - 1..=u64::MAX,
    ]
}

fn place() -> impl Strategy<Value = Position> {
    (number(), number()).prop_map(|(term, index)| Position {
        term: Term(term),
        index: Index(index),
    })
}

fn entry() -> impl Strategy<Value = Entry<String>> {
    let joint = (members(), members()).prop_map(|(from, to)| from.joint_with(&to));
    let payload = prop_oneof![
        4 => Just(Payload::NoOp),
        4 => "[a-z]{0,9}".prop_map(Payload::Command),
        1 => members().prop_map(Payload::Configuration),
        1 => joint.prop_map(Payload::Configuration),
    ];
    (number(), payload).prop_map(|(term, payload)| Entry {
        term: Term(term),
        payload,
    })
}

/// Entries whose terms rise, and some whose terms do not.
fn entries() -> impl Strategy<Value = Entries<String>> {
    let in_order = vec(entry(), 0..5).prop_map(|mut entries| {
        entries.sort_by_key(|entry| entry.term);
        entries
    });
    prop_oneof![4 => in_order, 1 => vec(entry(), 0..5)].prop_map(Entries::from)
}

fn message() -> impl Strategy<Value = Message<String>> {
    let round = || number().prop_map(Round);
    let body = prop_oneof![
        2 => (number(), place()).prop_map(|(term, last)| Body::RequestPreVote { next_term: Term(term), last }),
        2 => (number(), any::<bool>()).prop_map(|(term, granted)| {
            let next_term = Term(term);
            Body::RequestPreVoteReply { next_term, granted }
        }),
        2 => (place(), any::<bool>()).prop_map(|(last, transfer)| Body::RequestVote { last, transfer }),
        2 => any::<bool>().prop_map(|granted| Body::RequestVoteReply { granted }),
        4 => (place(), entries(), number(), round()).prop_map(|(previous, entries, commit, round)| {
            let commit = Index(commit);
            Body::AppendEntries(AppendEntries { previous, entries, commit, round })
        }),
        2 => (number(), round()).prop_map(|(index, round)| {
            let match_index = Index(index);
            Body::AppendEntriesReply { match_index, round }
        }),
        2 => (number(), place(), round()).prop_map(|(index, hint, round)| {
            let previous_index = Index(index);
            Body::AppendEntriesRejected { previous_index, hint, round }
        }),
        4 => (place(), members(), number(), vec(any::<u8>(), 0..5), any::<bool>(), round()).prop_map(
            |(last, configuration, offset, data, done, round)| {
                Body::InstallSnapshot(InstallSnapshot { last, configuration, offset, data, done, round })
            }
        ),
        2 => (number(), number(), round()).prop_map(|(last, next_offset, round)| {
            let last_index = Index(last);
            Body::InstallSnapshotReply { last_index, next_offset, round }
        }),
        1 => Just(Body::TimeoutNow),
    ];
    (number(), number(), number(), body).prop_map(|(from, to, term, body)| Message {
        from: NodeId(from),
        to: NodeId(to),
        term: Term(term),
        body,
    })
}

/// Turns any message into one that this server has no reason to doubt: terms are counted from its own, and
/// places are those of its own log.
fn fit(message: Message<String>, node: &Node<String>) -> Message<String> {
    let members: Vec<NodeId> = node.configuration().members().collect();
    let from = members.get(message.from.0 as usize % members.len().max(1));
    let from = *from.unwrap_or(&message.from);
    let term = Term(node.current_term().0.max(1) + message.term.0 % 3);
    let place = |place: Position| {
        let (base, last) = (node.log().base().index.0, node.log().last_index().0);
        let index = Index(base + place.index.0 % (last - base + 1));
        node.log().position_at(index).expect("it is in the log")
    };
    let body = match message.body {
        Body::RequestPreVote { next_term, last } => Body::RequestPreVote {
            next_term: Term(term.0 + 1 + next_term.0 % 2),
            last: place(last),
        },
        Body::RequestPreVoteReply { next_term, granted } => Body::RequestPreVoteReply {
            next_term: Term(node.current_term().0 + next_term.0 % 2),
            granted,
        },
        Body::RequestVote { last, transfer } => Body::RequestVote {
            last: place(last),
            transfer,
        },
        Body::AppendEntries(AppendEntries {
            previous,
            entries,
            commit,
            round,
        }) => {
            let previous = place(previous);
            let mut before = previous.term.max(Term(1));
            let entries = entries.into_iter().map(|entry| {
                before = entry.term.min(term).max(before);
                Entry { term: before, ..entry }
            });
            Body::AppendEntries(AppendEntries {
                previous,
                entries: entries.collect(),
                commit,
                round,
            })
        }
        Body::AppendEntriesRejected {
            previous_index,
            hint,
            round,
        } => {
            let hint = place(hint);
            let previous_index = previous_index.max(hint.index);
            Body::AppendEntriesRejected {
                previous_index,
                hint,
                round,
            }
        }
        Body::InstallSnapshot(piece) => {
            // At the end of the log, in it, or beyond.
            let last = place(piece.last);
            let more = piece.last.index.0 % 3;
            let last = Position {
                index: Index(last.index.0.saturating_add(more)),
                term: last.term.min(term).max(Term(1)),
            };
            let offset = piece.offset % 7;
            Body::InstallSnapshot(InstallSnapshot { last, offset, ..piece })
        }
        Body::InstallSnapshotReply { next_offset, round, .. } => Body::InstallSnapshotReply {
            last_index: node.snapshot().last.index,
            next_offset,
            round,
        },
        body @ (Body::RequestVoteReply { .. } | Body::AppendEntriesReply { .. } | Body::TimeoutNow) => body,
    };
    Message {
        from,
        to: node.id(),
        term,
        body,
    }
}

/// A disk with which a server can start.
fn disk(voters: u64) -> impl Strategy<Value = Stable<String>> {
    let terms = vec(1..4u64, 0..6).prop_map(|mut terms| {
        terms.sort_unstable();
        terms
    });
    (terms, 0..3u64, prop::option::of(1..=voters), 0..4u64).prop_map(move |(terms, more, vote, compacted)| {
        let configuration = Configuration::new((1..=voters).map(NodeId));
        let mut disk = Stable::new(configuration.clone());
        for &term in &terms {
            disk.log.append(Entry {
                term: Term(term),
                payload: Payload::NoOp,
            });
        }
        if let Some(last) = disk.log.position_at(Index(compacted)).filter(|_| compacted > 0) {
            disk.log.compact(Index(compacted - more.min(compacted)));
            disk.snapshot = Arc::new(Snapshot {
                last,
                configuration,
                data: b"before".to_vec(),
            });
        }
        let current_term = Term(terms.last().copied().unwrap_or_default() + more);
        disk.hard_state = HardState {
            current_term,
            voted_for: vote.map(NodeId).filter(|_| current_term > Term(0)),
        };
        disk
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let sizes = (prop_oneof![Just(1), Just(20), Just(1_000)], 1..3usize, 0..3u64);
    let more = (any::<bool>(), prop_oneof![Just(30), Just(1_000_000)]);
    let elections = prop_oneof![
        2 => Just((ElectionStyle::Standard, false)),
        1 => Just((ElectionStyle::Standard, true)),
        1 => Just((ElectionStyle::TWO_STAGE, false)),
    ];
    let leases = prop_oneof![2 => Just((false, None)), 1 => Just((true, None)), 1 => Just((true, Some(100_000)))];
    (sizes, more, elections, leases).prop_map(|(sizes, more, elections, leases)| {
        let (batch_bytes_max, in_flight_max, compaction_keeps) = sizes;
        let (announce_commit, uncommitted_bytes_max) = more;
        let (election_style, pre_vote) = elections;
        let (check_quorum, lease_drift_ppm_max) = leases;
        Settings {
            election_style,
            pre_vote,
            check_quorum,
            lease_drift_ppm_max,
            batch_bytes_max,
            in_flight_max,
            uncommitted_bytes_max,
            compaction_keeps,
            snapshot_chunk_bytes: 3,
            announce_commit,
            ..Settings::default()
        }
    })
}

/// A rule, or none.
fn rule() -> impl Strategy<Value = Option<Rule>> {
    prop_oneof![1 => Just(None), 9 => (0..Rule::ALL.len()).prop_map(|nth| Some(Rule::ALL[nth]))]
}

/// The state machine: all that it has applied goes into one number, and a snapshot of it is that number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    applied: Index,
    digest: u64,
}

impl State {
    fn apply(&mut self, index: Index, entry: &Entry<String>) {
        assert_eq!(index, self.applied.next(), "entries are applied in order, each once");
        let mut hasher = DefaultHasher::new();
        (self.digest, entry).hash(&mut hasher);
        *self = State {
            applied: index,
            digest: hasher.finish(),
        };
    }

    fn data(self) -> Vec<u8> {
        self.digest.to_le_bytes().to_vec()
    }

    /// Forged snapshots may be anything.
    fn restore(snapshot: &Snapshot) -> State {
        let digest = <[u8; 8]>::try_from(&snapshot.data[..]).unwrap_or_default();
        State {
            applied: snapshot.last.index,
            digest: u64::from_le_bytes(digest),
        }
    }
}

/// Servers, the messages among them, and what has been seen of them so far.
#[derive(Clone, Debug, PartialEq)]
struct World {
    servers: Vec<Server>,
    network: Vec<Message<String>>,
    seen: Vec<Seen>,
    /// Whether all rules are on, so that all that is said of Raft must hold.
    is_raft: bool,
    /// Whether nothing has been forged.
    is_honest: bool,
    /// How many reads there have been, and what those that wait must at least see.
    reads: (u64, BTreeMap<ReadId, Index>),
}

/// What one server has done, as it looks from outside.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    /// Its term, since it last started.
    term: Term,
    /// The term that it leads, if it does.
    leads: Option<Term>,
    /// Its state machine, and as it was after each entry applied since it last started.
    state: State,
    states: BTreeMap<Index, State>,
    /// What it has applied since it last started.
    applied: BTreeMap<Index, Entry<String>>,
    /// The latest write that it has issued since it last started.
    issued: Seq,
    /// Who has had its vote in each term, also before it last started.
    votes: BTreeMap<Term, NodeId>,
}

impl World {
    fn new(servers: Vec<Server>) -> World {
        let settings = servers[0].node().expect("it has just started").settings();
        World {
            is_raft: settings.rules.are_all_on(),
            is_honest: true,
            seen: servers.iter().map(Seen::of).collect(),
            network: Vec::new(),
            reads: (0, BTreeMap::new()),
            servers,
        }
    }

    /// So many members, and others that know of no member.
    fn honest(members: u64, others: u64, settings: &Settings) -> World {
        let configuration = Configuration::new((1..=members).map(NodeId));
        let server = |id| {
            let knows = if id <= members {
                configuration.clone()
            } else {
                Configuration::default()
            };
            Server::new(NodeId(id), settings.clone(), knows)
        };
        World::new((1..=members + others).map(server).collect())
    }

    /// How far anybody has committed.
    fn committed(&self) -> Index {
        let applied = self.seen.iter().map(|seen| seen.state.applied);
        applied.max().unwrap_or_default()
    }

    /// Carries out one act, and returns what the server made of it.
    fn act(&mut self, act: &Act) -> Vec<Effect<String>> {
        let server = |at: &usize| at % self.servers.len();
        let (at, effects) = match act {
            Act::Wait { at, us } => {
                let at = server(at);
                let now = self.servers[at].now().after_us(*us);
                let effects = self.servers[at].tick_at(now);
                let deadline = self.servers[at].node().and_then(Node::next_deadline);
                assert!(
                    deadline.is_some_and(|deadline| now < deadline || deadline == Instant(u64::MAX)),
                    "what is due has not been done"
                );
                (at, effects)
            }
            Act::Propose { at, len } => {
                let at = server(at);
                (at, self.servers[at].step(Input::Propose("x".repeat(*len))))
            }
            Act::Read { at, mode } => {
                let at = server(at);
                self.reads.0 += 1;
                let id = ReadId(self.reads.0);
                // Clocks here run as they like, so nothing can be said of leases.
                if *mode == ReadMode::ReadIndex {
                    self.reads.1.insert(id, self.committed());
                }
                (at, self.servers[at].step(Input::Read { id, mode: *mode }))
            }
            Act::Change { at, change } => {
                let at = server(at);
                (at, self.servers[at].step(Input::ChangeMembers(change.clone())))
            }
            Act::Transfer { at, to } => {
                let at = server(at);
                (at, self.servers[at].step(Input::TransferLeadership { to: *to }))
            }
            Act::Compact { at, back } => {
                let at = server(at);
                let index = Index(self.seen[at].state.applied.0.saturating_sub(*back));
                let Some(state) = self.seen[at].states.get(&index) else {
                    return Vec::new();
                };
                let data = state.data();
                (at, self.servers[at].step(Input::Compact { index, data }))
            }
            Act::Persist { at, count } => {
                let at = server(at);
                let Some(persisted) = self.servers[at].persist(*count) else {
                    return Vec::new();
                };
                assert!(
                    persisted.seq <= self.seen[at].issued,
                    "a write has become durable that was not issued"
                );
                for message in persisted.leaving {
                    self.send(at, message);
                }
                (at, persisted.effects)
            }
            Act::Restart { at, written } => {
                let at = server(at);
                let server = &mut self.servers[at];
                server.crash(server.writes().min(*written));
                server.start();
                self.seen[at] = Seen {
                    votes: std::mem::take(&mut self.seen[at].votes),
                    ..Seen::of(server)
                };
                (at, Vec::new())
            }
            Act::Deliver { nth, is_copied } => {
                let Some(nth) = nth.checked_rem(self.network.len()) else {
                    return Vec::new();
                };
                let message = if *is_copied {
                    self.network[nth].clone()
                } else {
                    self.network.remove(nth)
                };
                let place = message
                    .to
                    .0
                    .checked_sub(1)
                    .and_then(|place| usize::try_from(place).ok());
                let Some(at) = place.filter(|&at| at < self.servers.len()) else {
                    return Vec::new();
                };
                (at, self.servers[at].step(Input::Message(message)))
            }
            Act::Lose { nth } => {
                if let Some(nth) = nth.checked_rem(self.network.len()) {
                    self.network.remove(nth);
                }
                return Vec::new();
            }
            Act::Forge { at, message } => {
                let at = server(at);
                self.is_honest = false;
                (at, self.servers[at].step(Input::Message(message.clone())))
            }
            Act::Pretend { at, message } => {
                let at = server(at);
                self.is_honest = false;
                let node = self.servers[at].node().expect("whoever crashes starts again");
                let message = fit(message.clone(), node);
                (at, self.servers[at].step(Input::Message(message)))
            }
        };
        self.look_at(at, &effects);
        effects
    }

    /// A message leaves. What it promises must be on the disk by now.
    fn send(&mut self, at: usize, message: Message<String>) {
        let disk = self.servers[at].disk();
        let durable_term = disk.hard_state.current_term;
        if self.is_raft && is_promise(&message) {
            assert!(
                durable_term >= message.term,
                "a promise left before its term was durable"
            );
        }
        if let Body::AppendEntriesReply { match_index, .. } = message.body
            && self.is_raft
            && self.is_honest
            && durable_term == message.term
        {
            assert!(
                match_index <= disk.log.last_index(),
                "what was acknowledged is not on the disk"
            );
        }
        if self.is_raft && message.body == (Body::RequestVoteReply { granted: true }) {
            self.seen[at].vote(message.term, message.to);
        }
        self.network.push(message);
    }

    /// What must hold after every call.
    fn look_at(&mut self, at: usize, effects: &[Effect<String>]) {
        self.look_at_effects(at, effects);
        let server = &self.servers[at];
        let node = server.node().expect("whoever crashes starts again");
        let seen = &mut self.seen[at];
        assert!(node.current_term() >= seen.term, "the term fell");
        seen.term = node.current_term();
        assert_eq!(
            node.commit_index(),
            seen.state.applied,
            "what commits is applied, and nothing else"
        );
        if !self.is_raft {
            return;
        }
        let (base, last) = (node.log().base().index, node.log().last_index());
        assert!(node.commit_index() <= last, "what is committed is not in the log");
        for (index, entry) in seen.applied.range(base.next()..) {
            assert_eq!(node.log().get(*index), Some(entry), "what is committed changed");
        }
        for (index, entry) in server.disk().log.iter_from(base.next()) {
            assert!(
                index > node.durable_index() || node.log().get(index) == Some(entry),
                "it takes for durable what is not on the disk"
            );
        }
        assert!(
            node.durable_index() <= server.disk().log.last_index(),
            "it takes for durable what is not on the disk"
        );
        let leads = matches!(node.role(), Role::Leader(_)).then_some(node.current_term());
        if let Some(term) = leads {
            assert!(
                server.disk().hard_state.current_term >= term,
                "it leads in a term that a crash would undo"
            );
            // In a two-stage election a leader may have voted for another.
            if node.voted_for() == Some(node.id()) {
                seen.vote(term, node.id());
            }
        }
        seen.leads = leads;
    }

    /// What must hold for all that one call brings about; sends what may leave.
    fn look_at_effects(&mut self, at: usize, effects: &[Effect<String>]) {
        let id = self.servers[at].node().expect("whoever crashes starts again").id();
        for effect in effects {
            let seen = &mut self.seen[at];
            match effect {
                Effect::Persist { seq, write } => {
                    assert_eq!(*seq, seen.issued.next(), "writes are numbered in order");
                    assert!(!write.is_empty(), "an empty write");
                    seen.issued = *seq;
                }
                Effect::Send { message, after } => {
                    assert!(
                        *after <= seen.issued,
                        "a message waits for a write that has not been issued"
                    );
                    assert!(
                        message.from == id && message.to != id,
                        "a message with a wrong sender or receiver"
                    );
                    assert!(
                        !self.is_raft || !is_promise(message) || *after == seen.issued,
                        "a promise does not wait for every write before it"
                    );
                    assert!(
                        !self.is_raft || !self.is_honest || message.is_believable(),
                        "a correct server said what no correct server says"
                    );
                    if self.servers[at].is_durable(*after) {
                        self.send(at, message.clone());
                    }
                }
                Effect::Apply { index, entry } => {
                    seen.state.apply(*index, entry);
                    seen.states.insert(*index, seen.state);
                    seen.applied.insert(*index, entry.clone());
                }
                Effect::Restore { snapshot } => {
                    assert!(snapshot.last.index > seen.state.applied, "a snapshot that goes back");
                    seen.state = State::restore(snapshot);
                    seen.states = BTreeMap::from([(seen.state.applied, seen.state)]);
                    seen.applied.clear();
                }
                Effect::ReadReady { id, index } => {
                    assert!(*index <= seen.state.applied, "it cannot see that yet");
                    if let Some(least) = self.reads.1.remove(id)
                        && self.is_raft
                        && self.is_honest
                    {
                        assert!(*index >= least, "a read missed what was committed before it came");
                    }
                }
                Effect::ReadRefused { id, .. } => {
                    self.reads.1.remove(id);
                }
                Effect::Proposed { index, term } => {
                    let node = self.servers[at].node().expect("it has just answered");
                    assert_eq!(
                        node.log().term_at(*index),
                        Some(*term),
                        "a proposal is not where it should be"
                    );
                }
                Effect::Refused { why } => {
                    let me = Refusal::NotLeader { leader: Some(id) };
                    assert_ne!(*why, me, "a leader says that it is none");
                }
                Effect::Because(_) => {}
            }
        }
    }
}

/// Whether others will build on what it says: it may rest on any write before it.
fn is_promise(message: &Message<String>) -> bool {
    matches!(
        message.body,
        Body::RequestVoteReply { granted: true } | Body::AppendEntriesReply { .. }
    )
}

impl Seen {
    /// A server that has just started, from what its disk holds.
    fn of(server: &Server) -> Seen {
        let state = State::restore(&server.disk().snapshot);
        Seen {
            state,
            states: BTreeMap::from([(state.applied, state)]),
            ..Seen::default()
        }
    }

    /// "Each server will vote for at most one candidate in a given term" (§5.2): itself or another.
    fn vote(&mut self, term: Term, candidate: NodeId) {
        let first = *self.votes.entry(term).or_insert(candidate);
        assert_eq!(first, candidate, "a second vote in term {term}");
    }
}

/// Election Safety and State Machine Safety (the paper's figure 3), which only honest clusters have.
#[derive(Default)]
struct Agreement {
    leaders: BTreeMap<Term, usize>,
    states: BTreeMap<Index, State>,
}

impl Agreement {
    fn check(&mut self, world: &World) {
        for (at, seen) in world.seen.iter().enumerate() {
            if let Some(term) = seen.leads {
                let first = *self.leaders.entry(term).or_insert(at);
                assert_eq!(first, at, "two leaders of term {term}");
            }
            let known = self.states.keys().next_back().copied().unwrap_or_default();
            let first = seen.states.keys().next().copied().unwrap_or_default();
            for (index, state) in seen.states.range(first.max(known.min(seen.state.applied))..) {
                let agreed = *self.states.entry(*index).or_insert(*state);
                assert_eq!(agreed, *state, "two servers applied different entries");
            }
        }
    }
}

/// Everything works again: clocks run alike, writes become durable, and messages arrive.
fn heal(world: &mut World, agreement: &mut Agreement) {
    for _ in 0..3_000 {
        for at in 0..world.servers.len() {
            let _ = world.act(&Act::Wait { at, us: 10_000 });
            let _ = world.act(&Act::Persist { at, count: usize::MAX });
        }
        for _ in 0..world.network.len() {
            let _ = world.act(&Act::Deliver {
                nth: 0,
                is_copied: false,
            });
        }
        agreement.check(world);
        if is_settled(world) {
            return;
        }
    }
    let nodes = world.servers.iter().map(|server| (server.node(), server.writes()));
    panic!("the cluster does not come to rest: {:#?}", nodes.collect::<Vec<_>>());
}

/// There is a leader, everything in its log is committed, and every member has applied it.
fn is_settled(world: &World) -> bool {
    let mut nodes = world.servers.iter().filter_map(Server::node);
    nodes.any(|leader| {
        let has_all = |id: NodeId| {
            let place = usize::try_from(id.0 - 1).expect("a small number");
            world
                .seen
                .get(place)
                .is_none_or(|seen| seen.state.applied == leader.log().last_index())
        };
        matches!(leader.role(), Role::Leader(_))
            && leader.commit_index() == leader.log().last_index()
            && leader.log().term_at(leader.commit_index()) == Some(leader.current_term())
            && leader.configuration().members().all(has_all)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        // What fails becomes a script of the transcripts, where it can be read.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Also one that is no member, alone, or with a log and a vote from before.
    #[test]
    fn one_server_stands_whatever_it_hears(
        (id, disk) in (1..4u64).prop_flat_map(|voters| (1..=voters + 1, disk(voters))),
        settings in settings(),
        rule in rule(),
        acts in vec(anything(), 0..60),
    ) {
        let rules = rule.map_or(settings.rules, |rule| settings.rules.without(rule));
        let server = Server::with_disk(NodeId(id), Settings { rules, ..settings }, disk);
        let mut world = World::new(vec![server]);
        for act in &acts {
            let _ = world.act(act);
        }
    }

    /// Also without any one rule: what is broken then is the cluster, never the server.
    #[test]
    fn a_cluster_stands_whatever_it_hears(settings in settings(), rule in rule(), acts in vec(anything(), 0..150)) {
        let rules = rule.map_or(settings.rules, |rule| settings.rules.without(rule));
        let mut world = World::honest(3, 2, &Settings { rules, ..settings });
        for act in &acts {
            let _ = world.act(act);
        }
    }

    /// No message is forged here, so that leaders come to reign without a rule.
    #[test]
    fn a_cluster_without_a_rule_stands(settings in settings(), rule in rule(), acts in vec(misfortune(), 0..800)) {
        let rules = rule.map_or(settings.rules, |rule| settings.rules.without(rule));
        let mut world = World::honest(3, 2, &Settings { rules, ..settings });
        for act in &acts {
            let _ = world.act(act);
        }
    }

    #[test]
    fn an_honest_cluster_agrees(
members in 1..6u64,
        settings in settings(),
        acts in vec(misfortune(), 0..1_500),
    ) {
        let mut world = World::honest(members, 5 - members, &settings);
        let mut agreement = Agreement::default();
        for act in &acts {
            let _ = world.act(act);
            agreement.check(&world);
        }
        heal(&mut world, &mut agreement);
    }

    #[test]
    fn a_clone_does_the_same(settings in settings(), before in vec(anything(), 0..60), after in vec(anything(), 0..60)) {
        let mut world = World::honest(3, 1, &settings);
        for act in &before {
            let _ = world.act(act);
        }
        let mut clone = world.clone();
        for act in &after {
            prop_assert_eq!(world.act(act), clone.act(act));
            prop_assert_eq!(&world, &clone);
        }
    }
}
