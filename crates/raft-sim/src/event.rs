//! What happens in the world, as data: each event with its moment and its cause.

use raft_core::session::{ClientId, Serial};
use raft_core::{Index, Instant, NodeId, Position, ReadId, Reason, Refusal, Seq, Term};

use crate::client::Operation;
use crate::{Command, Violation, kv};

/// A place in the history: several steps can share a microsecond, so the time alone would not do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// How many steps have been done.
    pub step: u64,
    /// The time; not before the last of these steps, and before the next.
    pub at: Instant,
}

/// The number of an event in the history, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u64);

/// The number of a message in the history, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When.
    pub at: Instant,
    /// How many steps had been done once this one was: go to this step to see what the event brought.
    pub step: u64,
    /// The event that brought it about; none: it came from outside, or from the beginning.
    pub cause: Option<EventId>,
    /// The server that it happened on.
    pub server: Option<NodeId>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Somebody did something to the cluster.
    Commanded(Command),
    /// A client began to want something.
    Called {
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
        /// What it wants.
        operation: Operation,
    },
    /// A client's request left for a server.
    Asked {
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
        /// The message.
        message: MessageId,
        /// For whom.
        to: NodeId,
    },
    /// A client's request arrived at the server.
    RequestDelivered {
        /// The message.
        message: MessageId,
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
    },
    /// A client's request got lost, or found the server down.
    RequestLost {
        /// The message.
        message: MessageId,
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
    },
    /// The server's answer to a client left.
    Answered {
        /// The message.
        message: MessageId,
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
        /// The answer, or why there is none.
        result: Result<kv::Answer, Refusal>,
    },
    /// The server's answer to a client got lost.
    AnswerLost {
        /// The message.
        message: MessageId,
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
    },
    /// A client has the answer that it waited for.
    Returned {
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
        /// From whom.
        from: NodeId,
        /// The answer.
        answer: kv::Answer,
        /// Whether it was a local read, and told of a value that had already been replaced when the client called.
        stale: bool,
    },
    /// A client was turned away, and will ask again.
    TurnedAway {
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
        /// By whom.
        from: NodeId,
        /// Why.
        why: Refusal,
    },
    /// A client has waited long enough for an answer, and asks elsewhere.
    ClientTimedOut {
        /// Which client.
        client: ClientId,
        /// The number of the call.
        serial: Serial,
    },
    /// The server stands still.
    Paused,
    /// The server goes on.
    Resumed,
    /// A message got a twin.
    Duplicated {
        /// The twin.
        message: MessageId,
        /// Of which.
        of: MessageId,
    },
    /// The server started, or started again.
    Started {
        /// The term that its disk remembers.
        term: Term,
    },
    /// The server crashed.
    Crashed {
        /// Up to here its disk has the log that it had.
        kept: Index,
        /// The end of the log that it had.
        had: Index,
        /// The end of what is on its disk: beyond `kept` old entries that come back, because their
        /// replacement was not durable.
        on_disk: Index,
        /// The term that it had, if its disk knows only an older one.
        lost_term: Option<Term>,
        /// Whom it had given its vote in that term, if its disk does not know.
        lost_vote: Option<NodeId>,
    },
    /// A timer of the server ran out.
    TimerFired,
    /// A message left the server.
    Sent {
        /// Which.
        message: MessageId,
        /// For whom.
        to: NodeId,
    },
    /// A message arrived at the server.
    Delivered {
        /// Which.
        message: MessageId,
        /// From whom.
        from: NodeId,
    },
    /// A message got lost on its way to the server. The cause is what lost it: its departure, if that was chance.
    Lost {
        /// Which.
        message: MessageId,
        /// From whom.
        from: NodeId,
    },
    /// A message arrived where nobody listened: the server is down.
    Undeliverable {
        /// Which.
        message: MessageId,
        /// From whom.
        from: NodeId,
    },
    /// A write went to the server's disk.
    WriteIssued {
        /// Its number since the server started.
        seq: Seq,
        /// The first and the last index of the entries in it, if it has any.
        entries: Option<(Index, Index)>,
    },
    /// A write is durable.
    WriteDurable {
        /// Its number since the server started.
        seq: Seq,
    },
    /// The state machine took an entry.
    Applied {
        /// Its index.
        index: Index,
        /// Its term.
        term: Term,
    },
    /// The leader took a client's command into its log.
    Proposed {
        /// Where.
        index: Index,
        /// In which term.
        term: Term,
    },
    /// The server refused what was wanted of it. Without a server: nobody leads.
    Refused {
        /// Why.
        why: Refusal,
    },
    /// The state machine was replaced by a snapshot.
    Restored {
        /// The last entry in it.
        last: Position,
    },
    /// The state machine may be read.
    ReadReady {
        /// The read.
        id: ReadId,
        /// What it must at least see.
        index: Index,
    },
    /// A read cannot be done here, or can no longer.
    ReadRefused {
        /// The read.
        id: ReadId,
        /// Why.
        why: Refusal,
    },
    /// Why the node did what it did.
    Because(Reason),
    /// A property has been violated.
    Violated(Violation),
}

/// Whoever wants to see the events go by.
pub trait Observer {
    /// An event has just happened.
    fn observe(&mut self, event: Event);
}

/// Sees nothing.
impl Observer for () {
    fn observe(&mut self, _: Event) {}
}

/// Keeps everything.
impl Observer for Vec<Event> {
    fn observe(&mut self, event: Event) {
        self.push(event);
    }
}
