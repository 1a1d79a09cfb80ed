//! One server as the checker's host runs it: the real node, its disk, its writes under way, and the messages that wait
//! for one of them.
//!
//! The host's clock stands at the end of time. Every deadline is there too ([`Instant::after_us`] goes no further), so a
//! timer is either not armed or due: [`Server::tick`] fires it whenever the checker likes, and no two states differ in
//! when something was set.

use std::collections::VecDeque;

use raft_core::{Effect, Effects, Input, Instant, Node, NodeId, Seq, Settings, Stable, Write};

use super::network::Envelope;
use super::print::Printed;

const END_OF_TIME: Instant = Instant(u64::MAX);

/// One server, always running: while it is down nothing reaches it, and that nothing reaches it is among the
/// interleavings anyway.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Server {
    pub(super) node: Node<u64>,
    /// What survives a crash.
    pub(super) disk: Stable<u64>,
    /// Writes under way, oldest first. They are counted from the last durable one on, so the first has the number one.
    pub(super) writes: VecDeque<Write<u64>>,
    /// Messages that must not leave before a write is durable, each with the number of that write.
    held: Vec<(Seq, Envelope)>,
}

/// What a call brought about that concerns others than the server.
pub(super) struct Called<'a> {
    /// Puts a message into its envelope.
    pub(super) envelope: &'a dyn Fn(raft_core::Message<u64>) -> Envelope,
    /// Messages that leave.
    pub(super) leaving: Vec<Envelope>,
    /// Every other effect, in order.
    pub(super) told: &'a mut dyn FnMut(&Node<u64>, Effect<u64>),
}

impl Server {
    /// A server that starts, for the first time or again.
    pub(super) fn start(id: NodeId, settings: Settings, disk: Stable<u64>) -> Server {
        let mut node = Node::new(id, settings, disk.clone(), 0);
        // The first call tells the time; that nothing has become durable is all there is to say.
        let nothing = Input::Persisted { seq: Seq(0) };
        let mut effects = Effects::new();
        node.step(END_OF_TIME, nothing, &mut effects);
        assert!(effects.is_empty(), "nothing is due when a server starts");
        node.forget_the_past();
        Server {
            node,
            disk,
            writes: VecDeque::new(),
            held: Vec::new(),
        }
    }

    /// The same server after a crash: the oldest `written` writes have reached the disk, though it was never told so;
    /// the others are lost, and so is all that waited for any of them.
    pub(super) fn crash(&self, written: usize) -> Server {
        let mut disk = self.disk.clone();
        for write in self.writes.iter().take(written) {
            disk.write(write.clone());
        }
        Server::start(self.node.id(), self.node.settings().clone(), disk)
    }

    /// Its timer runs out.
    pub(super) fn tick(&mut self, called: &mut Called<'_>) {
        self.call(called, |node, effects| node.tick(END_OF_TIME, effects));
    }

    /// It takes an input.
    pub(super) fn step(&mut self, input: Input<u64>, called: &mut Called<'_>) {
        self.call(called, |node, effects| node.step(END_OF_TIME, input, effects));
    }

    /// Its oldest write under way becomes durable.
    pub(super) fn persist(&mut self, called: &mut Called<'_>) {
        if let Some(write) = self.writes.pop_front() {
            self.disk.write(write);
            self.step(Input::Persisted { seq: Seq(1) }, called);
        }
    }

    fn call(&mut self, called: &mut Called<'_>, call: impl FnOnce(&mut Node<u64>, &mut Effects<u64>)) {
        let mut effects = Effects::new();
        call(&mut self.node, &mut effects);
        for effect in effects.drain() {
            match effect {
                Effect::Persist { write, .. } => self.writes.push_back(write),
                Effect::Send { message, after } => self.held.push((after, (called.envelope)(message))),
                effect => (called.told)(&self.node, effect),
            }
        }
        let fallen = self.node.forget_the_past();
        for (after, _) in &mut self.held {
            after.0 = after.0.saturating_sub(fallen.0);
        }
        let leaving = self.held.extract_if(.., |(after, _)| *after == Seq(0));
        called.leaving.extend(leaving.map(|(_, message)| message));
        // A message that is said again says nothing new, and need not wait for a later write.
        self.held.sort_unstable_by_key(|&(after, message)| (message, after));
        self.held.dedup_by_key(|(_, message)| *message);
    }
}

/// Servers are shared by all states in which they are the same.
pub(super) type SharedServer = Printed<Server>;
