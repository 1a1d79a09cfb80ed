//! What can be done to a cluster. Each is recorded, and replayed at the same moment.

use std::sync::Arc;

use raft_core::NodeId;

/// Something done to the cluster from outside.
///
/// What makes no sense at the moment (crashing a crashed server, naming a server
/// that does not exist) changes nothing.
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
    /// A client writes.
    Write {
        /// The server that it asks; none: whoever leads.
        to: Option<NodeId>,
        /// The key.
        key: Arc<str>,
        /// The value.
        value: Arc<str>,
    },
    /// From now on this many of a million messages get lost.
    SetLoss {
        /// Zero to a million; more is taken as a million.
        ppm: u64,
    },
}
