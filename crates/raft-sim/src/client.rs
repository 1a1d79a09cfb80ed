//! Clients: each wants one thing at a time, and repeats it elsewhere until it has an answer.
//!
//! What a client does with what it hears is decided here; the world carries its requests and answers, which can be lost
//! like any message. A request that is repeated keeps its number, so that a write is carried out once (§8).

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{NodeId, ReadMode, Refusal};

use crate::{EventId, kv};

/// What a client wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// To change the map. It goes through the log.
    Write(kv::Write),
    /// To know the value under a key.
    Read {
        /// The key.
        key: Arc<str>,
        /// How fresh it must be.
        mode: ReadMode,
    },
}

impl Operation {
    /// The key that it is about.
    #[must_use]
    pub fn key(&self) -> &Arc<str> {
        match self {
            Operation::Write(write) => write.key(),
            Operation::Read { key, .. } => key,
        }
    }

    /// Whether it has to be linearizable: a local read may be stale.
    #[must_use]
    pub fn is_linearizable(&self) -> bool {
        !matches!(
            self,
            Operation::Read {
                mode: ReadMode::Local,
                ..
            }
        )
    }
}

/// A request of a client, on its way to a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// From whom.
    pub client: ClientId,
    /// Its number: the same each time it is repeated.
    pub serial: Serial,
    /// To whom.
    pub to: NodeId,
    /// What for.
    pub operation: Operation,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    /// From whom.
    pub from: NodeId,
    /// To whom.
    pub client: ClientId,
    /// The number of the request.
    pub serial: Serial,
    /// The answer, or why there is none.
    pub result: Result<kv::Answer, Refusal>,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    id: ClientId,
    /// The number of its latest call.
    serial: Serial,
    /// Whom it takes for the leader.
    leader: Option<NodeId>,
    /// What it waits for.
    call: Option<Call>,
    /// What it wants next, and whom it is to ask first.
    queue: VecDeque<Wish>,
}

/// What a client will ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub(crate) to: Option<NodeId>,
    pub(crate) operation: Operation,
    /// The event that brought it about.
    pub(crate) because: EventId,
}

/// What a client waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// Its number.
    pub serial: Serial,
    /// What it is.
    pub operation: Operation,
    /// How often it has been sent. An answer or a timeout that belongs to an earlier try says nothing new.
    pub tries: u64,
    /// Whom it has asked last.
    pub asked: NodeId,
    /// The event with which it began.
    pub(crate) called_by: EventId,
}

impl Client {
    pub(crate) fn new(id: ClientId) -> Client {
        Client {
            id,
            serial: Serial(0),
            leader: None,
            call: None,
            queue: VecDeque::new(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// What it waits for, if it waits.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// How much it wants to ask for later.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Whom it takes for the leader.
    #[must_use]
    pub fn believes_in(&self) -> Option<NodeId> {
        self.leader
    }
}
