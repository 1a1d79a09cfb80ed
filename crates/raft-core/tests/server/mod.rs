//! One server as its host runs it: the node, its clock, its disk, the writes under way, and the messages
//! that wait for a write.
//!
//! It does what the crate's documentation asks of a host, one step at a time. Where messages go, and when, is
//! left to whoever holds several of these.

use std::collections::VecDeque;

use raft_core::{
    Configuration, Effect, Effects, HardState, Input, Instant, Message, Node, NodeId, Rule, Seq, Settings, Stable,
    Write,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    id: NodeId,
    settings: Settings,
    /// None while it is down.
    node: Option<Node<String>>,
    /// What its own clock shows.
    now: Instant,
    /// What survives a crash.
    disk: Stable<String>,
    /// Writes under way, oldest first.
    writes: VecDeque<(Seq, Write<String>)>,
    /// The latest write that is on the disk, of those issued since the last start.
    durable: Seq,
    /// Messages that must not leave before a write is durable.
    held: Vec<(Seq, Message<String>)>,
    /// How often it has started: each time with another seed.
    starts: u64,
}

/// What follows when writes have become durable.
pub(crate) struct Persisted {
    /// The last of them.
    pub(crate) seq: Seq,
    /// The messages that waited for them.
    pub(crate) leaving: Vec<Message<String>>,
    /// What the node makes of it.
    pub(crate) effects: Vec<Effect<String>>,
}

impl Server {
    /// A server that starts for the first time.
    pub(crate) fn new(id: NodeId, settings: Settings, configuration: Configuration) -> Server {
        Server::with_disk(id, settings, Stable::new(configuration))
    }

    /// A server that starts with what is on this disk.
    pub(crate) fn with_disk(id: NodeId, settings: Settings, disk: Stable<String>) -> Server {
        let mut server = Server {
            id,
            settings,
            node: None,
            now: Instant(0),
            disk,
            writes: VecDeque::new(),
            durable: Seq(0),
            held: Vec::new(),
            starts: 0,
        };
        server.start();
        server
    }

    /// None while it is down.
    pub(crate) fn node(&self) -> Option<&Node<String>> {
        self.node.as_ref()
    }

    pub(crate) fn disk(&self) -> &Stable<String> {
        &self.disk
    }

    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// How many writes are under way.
    pub(crate) fn writes(&self) -> usize {
        self.writes.len()
    }

    /// Whether a message that rests on this write may leave.
    pub(crate) fn is_durable(&self, seq: Seq) -> bool {
        seq <= self.durable
    }

    /// Starts it, if it is down, with its clock at zero, and tells it so.
    pub(crate) fn start(&mut self) {
        if self.node.is_none() {
            self.starts += 1;
            self.now = Instant(0);
            let seed = self.id.0.wrapping_mul(1_000).wrapping_add(self.starts);
            self.node = Some(Node::new(self.id, self.settings.clone(), self.disk.clone(), seed));
            let effects = self.tick_at(self.now);
            assert!(effects.is_empty(), "nothing is due when a server starts");
        }
    }

    /// Ends it. The oldest `written` writes under way still reach the disk, unconfirmed; the others are lost,
    /// and so is all that waited for any of them.
    pub(crate) fn crash(&mut self, written: usize) {
        for _ in 0..written {
            self.write_oldest();
        }
        self.node = None;
        self.writes.clear();
        self.held.clear();
        self.durable = Seq(0);
    }

    /// Its clock moves on, and it does what is due.
    pub(crate) fn tick_at(&mut self, now: Instant) -> Vec<Effect<String>> {
        self.now = self.now.max(now);
        self.call(Node::tick)
    }

    /// It takes an input.
    pub(crate) fn step(&mut self, input: Input<String>) -> Vec<Effect<String>> {
        self.call(|node, now, effects| node.step(now, input, effects))
    }

    /// The oldest `count` writes under way become durable, or as many as there are; none if there are none.
    pub(crate) fn persist(&mut self, count: usize) -> Option<Persisted> {
        let seq = (0..count).map_while(|_| self.write_oldest()).last()?;
        let leaving = self.held.extract_if(.., |(after, _)| *after <= seq);
        let leaving = leaving.map(|(_, message)| message).collect();
        let effects = self.step(Input::Persisted { seq });
        Some(Persisted { seq, leaving, effects })
    }

    fn write_oldest(&mut self) -> Option<Seq> {
        let (seq, write) = self.writes.pop_front()?;
        self.disk.write(write);
        self.durable = seq;
        Some(seq)
    }

    /// One call of the node, if it runs, with what follows for the disk.
    fn call(&mut self, call: impl FnOnce(&mut Node<String>, Instant, &mut Effects<String>)) -> Vec<Effect<String>> {
        let mut effects = Effects::new();
        if let Some(node) = &mut self.node {
            call(node, self.now, &mut effects);
        }
        let effects: Vec<Effect<String>> = effects.drain().collect();
        for effect in &effects {
            match effect {
                Effect::Persist { seq, write } => self.writes.push_back((*seq, write.clone())),
                Effect::Send { message, after } if !self.is_durable(*after) => {
                    self.held.push((*after, message.clone()));
                }
                _ => {}
            }
        }
        self.check_that_the_writes_tell_all();
        effects
    }

    /// What is on the disk and on its way there is what the node believes.
    fn check_that_the_writes_tell_all(&self) {
        if let Some(node) = &self.node {
            let mut written = self.disk.clone();
            for (_, write) in &self.writes {
                written.write(write.clone());
            }
            let hard_state = HardState {
                current_term: node.current_term(),
                voted_for: node.voted_for(),
            };
            assert_eq!(
                written.hard_state.current_term, hard_state.current_term,
                "a term was not written"
            );
            assert!(
                written.hard_state == hard_state || !self.settings.rules.has(Rule::PersistVote),
                "a vote was not written"
            );
            assert_eq!(&*written.snapshot, node.snapshot(), "a snapshot was not written");
            assert_eq!(&written.log, node.log(), "a change of the log was not written");
        }
    }
}
