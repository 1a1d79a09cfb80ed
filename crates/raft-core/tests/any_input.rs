//! Whatever happens: messages that make no sense, lost, doubled and overtaking ones, crashes between writes.
//!
//! A script of the transcripts says what should happen; here it is only said what must never happen, and chance
//! (`proptest`) looks for a way to it. A failure prints the shortest list of acts that leads there.

mod server;

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use raft_core::{
    AppendEntries, Body, Configuration, Effect, Entry, HardState, Index, Input, Instant, Message, Node, NodeId,
    Payload, Position, Role, Seq, Settings, Stable, Term,
};

use server::Server;

/// One thing that happens. Servers and messages on the way are chosen modulo how many there are.
#[derive(Clone, Debug)]
enum Act {
    /// Its clock moves on.
    Wait { at: usize, us: u64 },
    /// A client asks for a command of that length.
    Propose { at: usize, len: usize },
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
        1 => (at, 0..3usize).prop_map(|(at, written)| Act::Restart { at, written }),
        24 => (0..20usize, prop::bool::weighted(0.1)).prop_map(|(nth, is_copied)| Act::Deliver { nth, is_copied }),
        1 => (0..20usize).prop_map(|nth| Act::Lose { nth }),
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
    let payload = prop_oneof![Just(Payload::NoOp), "[a-z]{0,9}".prop_map(Payload::Command)];
    (number(), payload).prop_map(|(term, payload)| Entry {
        term: Term(term),
        payload,
    })
}

/// Entries whose terms rise, and some whose terms do not.
fn entries() -> impl Strategy<Value = Vec<Entry<String>>> {
    let in_order = vec(entry(), 0..5).prop_map(|mut entries| {
        entries.sort_by_key(|entry| entry.term);
        entries
    });
    prop_oneof![4 => in_order, 1 => vec(entry(), 0..5)]
}

fn message() -> impl Strategy<Value = Message<String>> {
    let body = prop_oneof![
        2 => place().prop_map(|last| Body::RequestVote { last }),
        2 => any::<bool>().prop_map(|granted| Body::RequestVoteReply { granted }),
        4 => (place(), entries(), number()).prop_map(|(previous, entries, commit)| {
            let commit = Index(commit);
            Body::AppendEntries(AppendEntries { previous, entries, commit })
        }),
        2 => number().prop_map(|index| Body::AppendEntriesReply { match_index: Index(index) }),
        2 => (number(), place()).prop_map(|(index, hint)| {
            let previous_index = Index(index);
            Body::AppendEntriesRejected { previous_index, hint }
        }),
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
    let voters = node.configuration().voters();
    let from = voters[message.from.0 as usize % voters.len()];
    let term = Term(node.current_term().0.max(1) + message.term.0 % 3);
    let place = |place: Position| {
        let index = Index(place.index.0 % (node.log().last_index().0 + 1));
        node.log().position_at(index).expect("it is in the log")
    };
    let body = match message.body {
        Body::RequestVote { last } => Body::RequestVote { last: place(last) },
        Body::AppendEntries(AppendEntries {
            previous,
            mut entries,
            commit,
        }) => {
            let previous = place(previous);
            let mut before = previous.term.max(Term(1));
            for entry in &mut entries {
                entry.term = entry.term.clamp(before, term);
                before = entry.term;
            }
            Body::AppendEntries(AppendEntries {
                previous,
                entries,
                commit,
            })
        }
        Body::AppendEntriesRejected { previous_index, hint } => {
            let hint = place(hint);
            let previous_index = previous_index.max(hint.index);
            Body::AppendEntriesRejected { previous_index, hint }
        }
        body @ (Body::RequestVoteReply { .. } | Body::AppendEntriesReply { .. }) => body,
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
    (terms, 0..3u64, prop::option::of(1..=voters)).prop_map(move |(terms, more, vote)| {
        let mut disk = Stable::new(Configuration::new((1..=voters).map(NodeId)));
        for &term in &terms {
            disk.log.append(Entry {
                term: Term(term),
                payload: Payload::NoOp,
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
    (prop_oneof![Just(1), Just(20), Just(1_000)], 1..3usize, any::<bool>()).prop_map(
        |(batch_bytes_max, in_flight_max, announce_commit)| Settings {
            batch_bytes_max,
            in_flight_max,
            announce_commit,
            ..Settings::default()
        },
    )
}

/// Servers, the messages among them, and what has been seen of them so far.
#[derive(Clone, Debug, PartialEq)]
struct World {
    servers: Vec<Server>,
    network: Vec<Message<String>>,
    seen: Vec<Seen>,
}

/// What one server has done, as it looks from outside.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    /// Its term, since it last started.
    term: Term,
    /// The term that it leads, if it does.
    leads: Option<Term>,
    /// What it has applied since it last started.
    applied: Vec<Entry<String>>,
    /// The latest write that it has issued since it last started.
    issued: Seq,
    /// Who has had its vote in each term, also before it last started.
    votes: BTreeMap<Term, NodeId>,
}

impl World {
    fn new(servers: Vec<Server>) -> World {
        World {
            seen: vec![Seen::default(); servers.len()],
            network: Vec::new(),
            servers,
        }
    }

    fn honest(size: u64, settings: &Settings) -> World {
        let configuration = Configuration::new((1..=size).map(NodeId));
        let server = |id| Server::new(NodeId(id), settings.clone(), configuration.clone());
        World::new((1..=size).map(server).collect())
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
                    ..Seen::default()
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
                let Some(at) = usize::try_from(message.to.0 - 1)
                    .ok()
                    .filter(|&at| at < self.servers.len())
                else {
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
                (at, self.servers[at].step(Input::Message(message.clone())))
            }
            Act::Pretend { at, message } => {
                let at = server(at);
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
        let durable_term = self.servers[at].disk().hard_state.current_term;
        if is_promise(&message) {
            assert!(
                durable_term >= message.term,
                "a promise left before its term was durable"
            );
        }
        if message.body == (Body::RequestVoteReply { granted: true }) {
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
            Index(seen.applied.len() as u64),
            "what commits is applied, and nothing else"
        );
        let applied = seen.applied.iter();
        assert!(
            applied.eq(node
                .log()
                .iter_from(Index(1))
                .map(|(_, entry)| entry)
                .take(seen.applied.len())),
            "what is committed changed"
        );
        for (index, entry) in server
            .disk()
            .log
            .iter_from(Index(1))
            .take_while(|(i, _)| *i <= node.durable_index())
        {
            assert_eq!(
                Some(entry),
                node.log().get(index),
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
            seen.vote(term, node.id());
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
                    assert!(write.hard_state.is_some() || write.suffix.is_some(), "an empty write");
                    seen.issued = *seq;
                }
                Effect::Send { message, after } => {
                    assert!(
                        *after <= seen.issued,
                        "a message waits for a write that has not been issued"
                    );
                    assert!(
                        !is_promise(message) || *after == seen.issued,
                        "a promise does not wait for every write before it"
                    );
                    assert!(
                        message.from == id && message.to != id,
                        "a message with a wrong sender or receiver"
                    );
                    assert!(
                        message.is_believable() || message.term > Term::BELIEVABLE_MAX,
                        "a correct server said what no correct server says"
                    );
                    if self.servers[at].is_durable(*after) {
                        self.send(at, message.clone());
                    }
                }
                Effect::Apply { index, entry } => {
                    assert_eq!(
                        *index,
                        Index(seen.applied.len() as u64 + 1),
                        "entries are applied in order, each once"
                    );
                    seen.applied.push(entry.clone());
                }
                Effect::Proposed { index, term } => {
                    let node = self.servers[at].node().expect("it has just answered");
                    assert_eq!(
                        node.log().term_at(*index),
                        Some(*term),
                        "a proposal is not where it should be"
                    );
                }
                Effect::Refused { leader } => assert_ne!(*leader, Some(id), "a leader refused a proposal"),
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
    committed: Vec<Entry<String>>,
}

impl Agreement {
    fn check(&mut self, world: &World) {
        for (at, seen) in world.seen.iter().enumerate() {
            if let Some(term) = seen.leads {
                let first = *self.leaders.entry(term).or_insert(at);
                assert_eq!(first, at, "two leaders of term {term}");
            }
            let both = self.committed.len().min(seen.applied.len());
            assert_eq!(
                seen.applied[..both],
                self.committed[..both],
                "two servers applied different entries"
            );
            self.committed.extend_from_slice(&seen.applied[both..]);
        }
    }
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
        acts in vec(anything(), 0..60),
    ) {
        let server = Server::with_disk(NodeId(id), settings, disk);
        let mut world = World::new(vec![server]);
        for act in &acts {
            let _ = world.act(act);
        }
    }

    #[test]
    fn a_cluster_stands_whatever_it_hears(settings in settings(), acts in vec(anything(), 0..150)) {
        let mut world = World::honest(3, &settings);
        for act in &acts {
            let _ = world.act(act);
        }
    }

    #[test]
    fn an_honest_cluster_agrees(size in 1..6u64, settings in settings(), acts in vec(misfortune(), 0..1_500)) {
        let mut world = World::honest(size, &settings);
        let mut agreement = Agreement::default();
        for act in &acts {
            let _ = world.act(act);
            agreement.check(&world);
        }
    }

    #[test]
    fn a_clone_does_the_same(settings in settings(), before in vec(anything(), 0..60), after in vec(anything(), 0..60)) {
        let mut world = World::honest(3, &settings);
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
