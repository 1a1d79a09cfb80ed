//! One machine of the cluster: its disk and its clock, which stay, and what runs on it, which may crash.

use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{Configuration, Index, Instant, Log, Message, Node, NodeId, Payload, ReadId, Seq, Settings, Term};

use crate::agenda::Due;
use crate::{Clock, Disk, DiskConfig, EventId, kv};

/// A machine.
#[derive(Clone, Debug)]
pub struct Server {
    id: NodeId,
    pub(crate) disk: Disk,
    pub(crate) clock: Clock,
    pub(crate) running: Option<Running>,
    crash: Option<Crash>,
    /// How often it has been started: what was begun in an earlier life does not concern this one.
    pub(crate) life: u64,
}

/// What is in memory only.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) node: Node<kv::Command>,
    pub(crate) state: kv::State,
    /// Messages that wait for a write, oldest first. Of a disk that stalls there may be thousands, and checkpoints share them.
    pub(crate) held: Vec<(Seq, Arc<Message<kv::Command>>)>,
    /// When the node wants to be called, in the time of the world, and the event that made it so.
    pub(crate) wake: Option<(Instant, EventId)>,
    /// Writes of clients that wait until they are applied, oldest first.
    pub(crate) writes: Vec<WaitingWrite>,
    /// Reads of clients that wait until they may be done, oldest first.
    pub(crate) reads: Vec<WaitingRead>,
    /// While it is paused: what has come in the meantime, oldest first. There may be thousands, and checkpoints share them.
    pub(crate) backlog: Option<Vec<Arc<Due>>>,
}

/// A client's write in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WaitingWrite {
    pub(crate) index: Index,
    pub(crate) term: Term,
    pub(crate) client: ClientId,
    pub(crate) serial: Serial,
}

/// A client's read.
#[derive(Clone, Debug)]
pub(crate) struct WaitingRead {
    pub(crate) id: ReadId,
    pub(crate) key: Arc<str>,
    pub(crate) client: ClientId,
    pub(crate) serial: Serial,
}

/// What a crash took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Crash {
    /// When.
    pub at: Instant,
    /// Up to here the disk has the log that it had.
    pub kept: Index,
    /// The end of the log that it had.
    pub had: Index,
    /// The end of what is on the disk. Beyond `kept` these are entries that it had already replaced, but
    /// not durably: they come back.
    pub on_disk: Index,
    /// The term that it had, if the disk knows only an older one.
    pub lost_term: Option<Term>,
    /// Whom it had given its vote in that term, if the disk does not know.
    pub lost_vote: Option<NodeId>,
}

impl Server {
    pub(crate) fn new(id: NodeId, configuration: Configuration, disk: DiskConfig) -> Server {
        Server {
            id,
            disk: Disk::new(configuration, disk),
            clock: Clock::default(),
            running: None,
            crash: None,
            life: 0,
        }
    }

    /// Starts it from its disk.
    pub(crate) fn start(&mut self, settings: Settings, seed: u64) {
        assert!(self.running.is_none(), "a server that runs is not started again");
        self.life += 1;
        self.crash = None;
        self.running = Some(Running {
            node: Node::new(self.id, settings, self.disk.stable().clone(), seed),
            state: kv::State::restore(&self.disk.stable().snapshot.data),
            held: Vec::new(),
            wake: None,
            writes: Vec::new(),
            reads: Vec::new(),
            backlog: None,
        });
    }

    /// Stops it where it is. Whatever was not durable is lost.
    pub(crate) fn stop(&mut self, at: Instant) -> Crash {
        let running = self.running.take().expect("only what runs can crash");
        self.disk.crash();
        let (lost_term, lost_vote) = volatile_state(&running.node, &self.disk);
        let crash = Crash {
            at,
            kept: running.node.durable_index(),
            had: running.node.log().last_index(),
            on_disk: self.disk.stable().log.last_index(),
            lost_term,
            lost_vote,
        };
        self.crash = Some(crash);
        crash
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The node, unless the server is down.
    #[must_use]
    pub fn node(&self) -> Option<&Node<kv::Command>> {
        self.running.as_ref().map(|running| &running.node)
    }

    /// The configuration that it goes by; while it is down, the one that it will go by.
    #[must_use]
    pub fn configuration(&self) -> Configuration {
        if let Some(node) = self.node() {
            return node.configuration().clone();
        }
        let stable = self.disk.stable();
        let entries = stable.log.iter_from(stable.snapshot.last.index.next());
        let configurations = entries.filter_map(|(_, entry)| match &entry.payload {
            Payload::Configuration(configuration) => Some(configuration),
            Payload::NoOp | Payload::Command(_) => None,
        });
        configurations.last().unwrap_or(&stable.snapshot.configuration).clone()
    }

    /// Its disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Its log: in memory while it runs, else what its disk has.
    #[must_use]
    pub fn log(&self) -> &Log<kv::Command> {
        match self.node() {
            Some(node) => node.log(),
            None => &self.disk.stable().log,
        }
    }

    /// What a crash would take of its term and its vote: the term, if the disk knows only an older one, and whom it has
    /// given its vote in its term, if the disk does not know.
    #[must_use]
    pub fn volatile_state(&self) -> (Option<Term>, Option<NodeId>) {
        self.node()
            .map_or((None, None), |node| volatile_state(node, &self.disk))
    }

    /// Its clock, which is what its node goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its state machine, unless the server is down: it lives in memory and is built again from the log.
    #[must_use]
    pub fn state(&self) -> Option<&kv::State> {
        self.running.as_ref().map(|running| &running.state)
    }

    /// What the crash took, while the server is down.
    #[must_use]
    pub fn crash(&self) -> Option<&Crash> {
        self.crash.as_ref()
    }

    /// Whether it stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.backlog.is_some())
    }

    /// How much has come in while it stands still.
    #[must_use]
    pub fn backlog(&self) -> usize {
        let backlog = self.running.as_ref().and_then(|running| running.backlog.as_ref());
        backlog.map_or(0, Vec::len)
    }

    /// Whether it runs, and does not stand still.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.backlog.is_none())
    }

    /// The reads of clients that wait until they may be done: whose, and which.
    pub fn waiting_reads(&self) -> impl Iterator<Item = (ClientId, Serial)> {
        let reads = self.running.iter().flat_map(|running| &running.reads);
        reads.map(|read| (read.client, read.serial))
    }

    /// The writes of clients that wait until they are applied: whose, which, and where in the log.
    pub fn waiting_writes(&self) -> impl Iterator<Item = (ClientId, Serial, Index)> {
        let writes = self.running.iter().flat_map(|running| &running.writes);
        writes.map(|write| (write.client, write.serial, write.index))
    }
}

/// The term and the vote of a node, as far as they are not on its disk.
fn volatile_state(node: &Node<kv::Command>, disk: &Disk) -> (Option<Term>, Option<NodeId>) {
    let (term, vote) = (node.current_term(), node.voted_for());
    let durable = disk.stable().hard_state;
    (
        Some(term).filter(|&term| term != durable.current_term),
        vote.filter(|_| (term, vote) != (durable.current_term, durable.voted_for)),
    )
}
