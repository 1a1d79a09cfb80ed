//! Clients: each wants one thing at a time, and repeats it elsewhere until it has an answer.
//!
//! What a client does with what it hears is decided here; the world carries its requests and answers, which can be lost
//! like any message. A request that is repeated keeps its number, so that a write is carried out once (§8).

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{Index, NodeId, ReadMode, Refusal};

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
    /// How far the server had applied the log.
    pub applied: Index,
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
    /// For a local read: how far any server had applied the log when it began, and what was under the key there.
    pub(crate) newest: Option<(Index, Option<Arc<str>>)>,
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

/// What a client makes of a reply.
pub(crate) enum Heard {
    /// It has what it wanted.
    Answer(kv::Answer, Call),
    /// It was turned away, and asks that server at once.
    GoThere(Refusal),
    /// It was turned away, and waits a little before it asks elsewhere.
    Wait(Refusal),
    /// It does not wait for that any more.
    Nothing,
}

/// What it does.
impl Client {
    pub(crate) fn wish(&mut self, wish: Wish) {
        self.queue.push_back(wish);
    }

    /// Begins what it wants next, unless it still waits. It asks whom it is to ask, or whom it takes for the leader, or `somebody`.
    pub(crate) fn begin(&mut self, somebody: NodeId) -> Option<EventId> {
        if self.call.is_some() {
            return None;
        }
        let wish = self.queue.pop_front()?;
        self.serial = Serial(self.serial.0 + 1);
        self.call = Some(Call {
            serial: self.serial,
            operation: wish.operation,
            tries: 0,
            asked: wish.to.or(self.leader).unwrap_or(somebody),
            called_by: wish.because,
            newest: None,
        });
        Some(wish.because)
    }

    /// Notes what was newest anywhere when its local read began.
    pub(crate) fn remember_newest(&mut self, newest: (Index, Option<Arc<str>>)) {
        if let Some(call) = &mut self.call {
            call.newest = Some(newest);
        }
    }

    /// Sends its request, once more.
    pub(crate) fn ask(&mut self) -> Option<Request> {
        let client = self.id;
        self.call.as_mut().map(|call| {
            call.tries += 1;
            Request {
                client,
                serial: call.serial,
                to: call.asked,
                operation: call.operation.clone(),
            }
        })
    }

    /// Makes something of a reply.
    pub(crate) fn hear(&mut self, reply: Reply) -> Heard {
        let Some(call) = self.call.take_if(|call| call.serial == reply.serial) else {
            return Heard::Nothing;
        };
        match reply.result {
            Ok(answer) => {
                if call.operation.is_linearizable() {
                    self.leader = Some(reply.from);
                }
                Heard::Answer(answer, call)
            }
            Err(why) => {
                let asks_elsewhere_already = call.asked != reply.from;
                let call = self.call.insert(call);
                if asks_elsewhere_already {
                    return Heard::Nothing;
                }
                self.leader = match why {
                    Refusal::NotLeader { leader } => leader.filter(|leader| *leader != reply.from),
                    Refusal::Transferring { to } => Some(to),
                    _ => self.leader,
                };
                match (why, self.leader) {
                    (Refusal::NotLeader { .. }, Some(leader)) => {
                        call.asked = leader;
                        Heard::GoThere(why)
                    }
                    _ => Heard::Wait(why),
                }
            }
        }
    }

    /// It has waited long enough for this try: it asks whom it now takes for the leader, or `somebody`. Returns whether it still waited.
    pub(crate) fn lose_patience(&mut self, serial: Serial, tries: u64, somebody: NodeId) -> bool {
        let Some(call) = &mut self.call else { return false };
        if (call.serial, call.tries) != (serial, tries) {
            return false;
        }
        // Whom it has just asked in vain is not asked again.
        self.leader = self.leader.filter(|&leader| leader != call.asked);
        call.asked = self.leader.unwrap_or(somebody);
        true
    }
}
