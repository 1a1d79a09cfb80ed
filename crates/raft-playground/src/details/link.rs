//! The link between two servers.

use raft_core::NodeId;
use raft_sim::World;

use crate::network::{Setting, settings_of};
use crate::scene::{Link, link};

/// The link between two servers: what is cut, and how both of its directions are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkDetails {
    /// The link, as the picture shows it.
    pub link: Link,
    /// Its dials.
    pub settings: Vec<Setting>,
}

impl LinkDetails {
    pub(super) fn of(world: &World, a: u64, b: u64) -> Option<LinkDetails> {
        let exists = |id: u64| world.server(NodeId(id)).is_some();
        (a < b && exists(a) && exists(b)).then(|| LinkDetails {
            link: link(world, NodeId(a), NodeId(b)),
            settings: settings_of(world, NodeId(a), NodeId(b)),
        })
    }
}
