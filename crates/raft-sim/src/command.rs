//! What can be done to a cluster. Each is recorded, and replayed at the same moment.

use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{Change, NodeId, ReadMode, Rule, Settings};

use crate::client::Operation;
use crate::{DiskConfig, MessageId, kv};

/// Something done to the cluster from outside.
///
/// What makes no sense at the moment (crashing a crashed server, naming a server
/// that does not exist, settings that cannot work) changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// The server stops at once. What was not durable is lost.
    Crash {
        /// Which one.
        server: NodeId,
    },
    /// A crashed server starts again from its disk.
    Restart {
        /// Which one.
        server: NodeId,
    },
    /// The server stands still, as under a long garbage collection: what reaches it waits, and its clock goes on.
    Pause {
        /// Which one.
        server: NodeId,
    },
    /// A paused server goes on, and finds all that has come in the meantime.
    Resume {
        /// Which one.
        server: NodeId,
    },
    /// From now on the server's clock runs fast by so many millionths; slow, if negative.
    SetDrift {
        /// Which one.
        server: NodeId,
        /// At least -900,000: a clock does not stand still; at most 9,000,000.
        ppm: i64,
    },
    /// The server's clock jumps to where its next timer runs out; that of a candidate, to where its election does.
    TimeOut {
        /// Which one.
        server: NodeId,
    },
    /// From now on the server's disk takes this long for a write.
    SetDisk {
        /// Which one; none: all.
        server: Option<NodeId>,
        /// How long.
        disk: DiskConfig,
    },
    /// From now on nothing becomes durable on the server's disk.
    StallDisk {
        /// Which one.
        server: NodeId,
    },
    /// A stalled disk goes on.
    UnstallDisk {
        /// Which one.
        server: NodeId,
    },
    /// The server writes its state machine down, and forgets the log up to there.
    TakeSnapshot {
        /// Which one.
        server: NodeId,
    },
    /// Nothing reaches `to` from `from` any more, and what is on the way is lost.
    Cut {
        /// From this server.
        from: NodeId,
        /// To this one.
        to: NodeId,
    },
    /// What `from` sends reaches `to` again.
    Heal {
        /// From this server.
        from: NodeId,
        /// To this one.
        to: NodeId,
    },
    /// Servers of different groups cannot reach each other any more; those of one group can. Who is in no group is alone.
    Partition {
        /// The groups.
        groups: Vec<Vec<NodeId>>,
    },
    /// Every link is whole again.
    HealAll,
    /// From now on messages take this long.
    SetLatency {
        /// Which.
        on: Links,
        /// The shortest time, in microseconds.
        us_min: u64,
        /// The longest, in microseconds; not below the shortest.
        us_max: u64,
    },
    /// From now on this many of a million messages get lost.
    SetLoss {
        /// Which.
        on: Links,
        /// Zero to a million; more is taken as a million.
        ppm: u64,
    },
    /// From now on this many of a million messages arrive twice.
    SetDuplication {
        /// Which.
        on: Links,
        /// Zero to a million; more is taken as a million.
        ppm: u64,
    },
    /// From now on this many of a million messages are held up, for up to ten times the longest latency.
    SetReordering {
        /// Which.
        on: Links,
        /// Zero to a million; more is taken as a million.
        ppm: u64,
    },
    /// A message on its way is lost.
    Drop {
        /// Which.
        message: MessageId,
    },
    /// A message on its way takes longer.
    Delay {
        /// Which.
        message: MessageId,
        /// By how much, in microseconds.
        by_us: u64,
    },
    /// A message on its way arrives a second time, on its own way.
    Duplicate {
        /// Which.
        message: MessageId,
    },
    /// A client wants something, as soon as it has the answer to what it wanted before.
    Ask {
        /// Which client, from 1 to [`Config::CLIENTS_MAX`](crate::Config::CLIENTS_MAX).
        client: ClientId,
        /// The server that it asks first; none: whom it takes for the leader.
        to: Option<NodeId>,
        /// What it wants.
        operation: Operation,
    },
    /// The leader is to change the members. A server that is not there yet is set up, with an empty disk.
    ChangeMembers {
        /// How.
        change: Change,
    },
    /// The leader is to hand over.
    TransferLeadership {
        /// To this server.
        to: NodeId,
    },
    /// From now on a rule is in force, or is not, on every server.
    SetRule {
        /// Which.
        rule: Rule,
        /// Whether it is in force.
        on: bool,
    },
    /// From now on every server has these settings.
    SetSettings(Arc<Settings>),
}

/// Some of the links between servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Links {
    /// All, also those of clients; what was set for one alone is gone.
    All,
    /// One, in one direction.
    One {
        /// From this server.
        from: NodeId,
        /// To this one.
        to: NodeId,
    },
}

impl Command {
    /// A client puts a value under a key.
    #[must_use]
    pub fn put(client: ClientId, key: impl Into<Arc<str>>, value: impl Into<Arc<str>>) -> Command {
        Command::Ask {
            client,
            to: None,
            operation: Operation::Write(kv::Write::Put {
                key: key.into(),
                value: value.into(),
            }),
        }
    }

    /// A client reads the value under a key.
    #[must_use]
    pub fn read(client: ClientId, key: impl Into<Arc<str>>, mode: ReadMode) -> Command {
        Command::Ask {
            client,
            to: None,
            operation: Operation::Read { key: key.into(), mode },
        }
    }

    /// The same, but a client asks this server first.
    #[must_use]
    pub fn to(self, server: NodeId) -> Command {
        match self {
            Command::Ask { client, operation, .. } => Command::Ask {
                client,
                to: Some(server),
                operation,
            },
            other => other,
        }
    }

    /// The server that it is done to, if it is done to one.
    #[must_use]
    pub fn server(&self) -> Option<NodeId> {
        match *self {
            Command::Crash { server }
            | Command::Restart { server }
            | Command::Pause { server }
            | Command::Resume { server }
            | Command::SetDrift { server, .. }
            | Command::TimeOut { server }
            | Command::StallDisk { server }
            | Command::UnstallDisk { server }
            | Command::TakeSnapshot { server } => Some(server),
            Command::SetDisk { server, .. } => server,
            Command::Ask { to, .. } => to,
            Command::Cut { .. }
            | Command::Heal { .. }
            | Command::Partition { .. }
            | Command::HealAll
            | Command::SetLatency { .. }
            | Command::SetLoss { .. }
            | Command::SetDuplication { .. }
            | Command::SetReordering { .. }
            | Command::Drop { .. }
            | Command::Delay { .. }
            | Command::Duplicate { .. }
            | Command::ChangeMembers { .. }
            | Command::TransferLeadership { .. }
            | Command::SetRule { .. }
            | Command::SetSettings(_) => None,
        }
    }
}
