//! One machine of the cluster: its disk, which stays, and what runs on it, which may crash.

use raft_core::{Configuration, Index, Instant, Message, Node, NodeId, Seq, Settings};

use crate::{Disk, EventId, kv};

/// A machine.
#[derive(Clone, Debug)]
pub struct Server {
    id: NodeId,
    pub(crate) disk: Disk,
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
    /// Messages that wait for a write, oldest first.
    pub(crate) held: Vec<(Seq, Message<kv::Command>)>,
    /// When the node wants to be called, and the event that made it so.
    pub(crate) wake: Option<(Instant, EventId)>,
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
}

impl Server {
    pub(crate) fn new(id: NodeId, configuration: Configuration) -> Server {
        Server {
            id,
            disk: Disk::new(configuration),
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
        });
    }

    /// Stops it where it is. Whatever was not durable is lost.
    pub(crate) fn stop(&mut self, at: Instant) -> Crash {
        let running = self.running.take().expect("only what runs can crash");
        self.disk.crash();
        let crash = Crash {
            at,
            kept: running.node.durable_index(),
            had: running.node.log().last_index(),
            on_disk: self.disk.stable().log.last_index(),
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

    /// Its disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
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
}
