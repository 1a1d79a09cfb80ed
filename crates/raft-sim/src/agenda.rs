//! What is going to happen: messages on their way, writes, the client. Timers are asked from the nodes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use raft_core::session::{ClientId, Serial};
use raft_core::{Instant, Message, NodeId, Seq};

use crate::client::{Reply, Request};
use crate::{EventId, MessageId, kv};

/// What is due when. Of two things in the same microsecond the one entered first comes first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    entered: u64,
    order: BinaryHeap<Place>,
    /// What is due, each at its slot: it is large, and stays where it is while the order changes.
    items: Vec<Option<Due>>,
    /// Slots without anything.
    free: Vec<usize>,
}

/// When something is due, as the how-manieth it was entered, and its slot.
type Place = Reverse<(Instant, u64, usize)>;

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// A message ends its way.
    Arrival(InFlight),
    /// A write is done, if the server has not crashed since.
    Written {
        server: NodeId,
        life: u64,
        seq: Seq,
        issued_by: EventId,
    },
    /// The node of a server that was paused hears that writes have become durable meanwhile.
    WriteNoticed { server: NodeId, life: u64, event: EventId },
    /// A client of the workload wants something.
    Wish(ClientId),
    /// A client loses patience with a try, if it still waits.
    Impatience(Patience),
}

/// How long a client waits for an answer to a try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) client: ClientId,
    pub(crate) serial: Serial,
    /// Which try.
    pub(crate) tries: u64,
    /// The event since which it waits.
    pub(crate) since: EventId,
}

/// What is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Parcel {
    /// A message from server to server.
    Raft(Message<kv::Command>),
    /// A client's request.
    Request(Request),
    /// A server's answer to a client.
    Reply(Reply),
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InFlight {
    /// Its number.
    pub id: MessageId,
    /// Of a copy the number of what it is a copy of in the end; else its own.
    pub origin: MessageId,
    /// What it says, from whom and to whom.
    pub parcel: Parcel,
    /// When it left.
    pub sent_at: Instant,
    /// When it arrives, or would.
    pub arrives_at: Instant,
    /// Whether it gets lost, halfway.
    pub lost: bool,
    pub(crate) sent_by: EventId,
}

impl InFlight {
    /// The event of its departure.
    #[must_use]
    pub fn sent_by(&self) -> EventId {
        self.sent_by
    }

    /// When it is gone: at its arrival, or halfway if it gets lost.
    #[must_use]
    pub fn ends_at(&self) -> Instant {
        if self.lost {
            self.sent_at.after_us(self.arrives_at.since_us(self.sent_at) / 2)
        } else {
            self.arrives_at
        }
    }
}

impl Agenda {
    pub(crate) fn enter(&mut self, at: Instant, due: Due) {
        self.entered += 1;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.items.push(None);
            self.items.len() - 1
        });
        self.items[slot] = Some(due);
        self.order.push(Reverse((at, self.entered, slot)));
    }

    /// When the next thing is due.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.order.peek().map(|Reverse((at, ..))| *at)
    }

    pub(crate) fn take_next(&mut self) -> Option<Due> {
        let Reverse((_, _, slot)) = self.order.pop()?;
        self.free.push(slot);
        self.items[slot].take()
    }

    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.items.iter().flatten().filter_map(|due| match due {
            Due::Arrival(in_flight) => Some(in_flight),
            _ => None,
        })
    }

    /// Takes messages out before they arrive, in the order in which they left.
    pub(crate) fn take_in_flight(&mut self, is_meant: impl Fn(&InFlight) -> bool) -> Vec<InFlight> {
        let mut taken = Vec::new();
        self.order.retain(|&Reverse((_, _, slot))| {
            let item = &mut self.items[slot];
            match item.take() {
                Some(Due::Arrival(in_flight)) if is_meant(&in_flight) => {
                    taken.push(in_flight);
                    self.free.push(slot);
                    false
                }
                due => {
                    *item = due;
                    true
                }
            }
        });
        taken.sort_by_key(|in_flight| in_flight.id);
        taken
    }
}
