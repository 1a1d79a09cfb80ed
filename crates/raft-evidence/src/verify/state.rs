//! A state of the whole cluster, as the checker compares it.

use std::sync::Arc;

use raft_core::{Entry, Index, NodeId, ReadId, Term};

use super::network::Network;
use super::print::Printed;
use super::server::SharedServer;

/// All that the future depends on, and as much of the past as the properties need.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// In the order of their names, from 1 on.
    pub(super) servers: Vec<SharedServer>,
    pub(super) network: Arc<Network>,
    pub(super) spent: Spent,
    pub(super) history: Printed<History>,
}

/// What has been used up of what the bound allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Spent {
    pub(super) timeouts: u8,
    pub(super) heartbeats: u8,
    pub(super) crashes: u8,
    pub(super) wishes: u8,
    /// The last server to which anything has happened; zero if none.
    pub(super) touched: u64,
}

/// What an observer from outside remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct History {
    /// Who has led, sorted.
    pub(super) leaders: Vec<(Term, NodeId)>,
    /// What has been committed, from index 1 on.
    pub(super) committed: Vec<Committed>,
    /// Two servers have applied different entries at one index.
    pub(super) diverged: bool,
    /// A leader has changed or lost an entry of its own log.
    pub(super) rewrote: bool,
    /// The reads that have been asked for, each with how much was committed then.
    pub(super) reads: Vec<(ReadId, Index)>,
    /// A read has been answered.
    pub(super) read: bool,
    /// A read has been answered without all that was committed when it was asked for.
    pub(super) stale: bool,
}

/// An entry that somebody has known to be committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Committed {
    pub(super) entry: Entry<u64>,
    /// The term of the first who knew.
    pub(super) in_term: Term,
}

impl State {
    pub(super) fn server(&self, id: NodeId) -> &SharedServer {
        &self.servers[place(id)]
    }
}

/// Where a server stands in the list.
pub(super) fn place(id: NodeId) -> usize {
    usize::try_from(id.0 - 1).expect("servers are counted from 1")
}
