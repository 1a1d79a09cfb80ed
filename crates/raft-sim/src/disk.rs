//! A server's disk: writes take their time, one after the other, and a crash takes what is not done.

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::{Configuration, Instant, Seq, Stable, Write};

use crate::agenda::Due;
use crate::{DiskConfig, kv};

/// A disk.
#[derive(Clone, Debug)]
pub struct Disk {
    /// How long it takes.
    pub(crate) config: DiskConfig,
    /// What is durable.
    stable: Stable<kv::Command>,
    /// The latest durable write of the running server.
    durable: Seq,
    /// What is on its way to the platter, oldest first. Of a disk that stalls there may be thousands, and checkpoints
    /// share them.
    pending: VecDeque<Arc<Pending>>,
    /// While it is stalled: the writes that would be done by now, oldest first.
    stalled: Option<Vec<Arc<Due>>>,
}

#[derive(Clone, Debug)]
struct Pending {
    seq: Seq,
    write: Write<kv::Command>,
    done_at: Instant,
}

impl Disk {
    pub(crate) fn new(configuration: Configuration, config: DiskConfig) -> Disk {
        Disk {
            config,
            stable: Stable::new(configuration),
            durable: Seq(0),
            pending: VecDeque::new(),
            stalled: None,
        }
    }

    /// What a crash would leave.
    #[must_use]
    pub fn stable(&self) -> &Stable<kv::Command> {
        &self.stable
    }

    /// How many writes are under way.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The writes under way, oldest first, each with its number and the time at which it will be durable unless the disk
    /// stalls.
    pub fn writes(&self) -> impl Iterator<Item = (Seq, &Write<kv::Command>, Instant)> {
        let pending = self.pending.iter();
        pending.map(|pending| (pending.seq, &pending.write, pending.done_at))
    }

    /// How long writes take.
    #[must_use]
    pub fn config(&self) -> &DiskConfig {
        &self.config
    }

    /// Whether nothing becomes durable any more.
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// Whether the write `seq` of the running server is durable.
    pub(crate) fn is_durable(&self, seq: Seq) -> bool {
        seq <= self.durable
    }

    /// The latest durable write of the running server.
    pub(crate) fn durable(&self) -> Seq {
        self.durable
    }

    /// Begins a write and returns when it will be durable: not before the one ahead of it.
    pub(crate) fn issue(&mut self, seq: Seq, write: Write<kv::Command>, done_at: Instant) -> Instant {
        let ahead = self.pending.back().map_or(Instant(0), |pending| pending.done_at);
        let done_at = done_at.max(ahead);
        self.pending.push_back(Arc::new(Pending { seq, write, done_at }));
        done_at
    }

    /// The oldest write is done.
    pub(crate) fn complete(&mut self, seq: Seq) {
        let pending = self.pending.pop_front().expect("a write is done only once");
        assert_eq!(pending.seq, seq, "writes are done in order");
        self.stable.write(Arc::unwrap_or_clone(pending).write);
        self.durable = seq;
    }

    /// From now on nothing becomes durable.
    pub(crate) fn stall(&mut self) {
        self.stalled.get_or_insert_default();
    }

    /// It goes on, and these writes are done now.
    pub(crate) fn unstall(&mut self) -> impl Iterator<Item = Due> + use<> {
        let stalled = self.stalled.take().unwrap_or_default();
        stalled.into_iter().map(Arc::unwrap_or_clone)
    }

    /// If it is stalled, keeps what would be done now.
    pub(crate) fn keep_if_stalled(&mut self, due: Due) -> Option<Due> {
        match &mut self.stalled {
            Some(stalled) => {
                stalled.push(Arc::new(due));
                None
            }
            None => Some(due),
        }
    }

    /// The server crashes: whatever is not durable is gone, and its next life counts from zero.
    pub(crate) fn crash(&mut self) {
        self.pending.clear();
        if let Some(stalled) = &mut self.stalled {
            stalled.clear();
        }
        self.durable = Seq(0);
    }
}
