//! A message in flight.

use raft_sim::World;

use crate::scene::{Message, between_servers, message};

/// A message in flight, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDetails {
    /// The message, as the picture shows it.
    pub message: Message,
}

impl MessageDetails {
    pub(super) fn of(world: &World, id: u64) -> Option<MessageDetails> {
        let mut between_servers = world.in_flight().filter_map(between_servers);
        let found = between_servers.find(|(in_flight, _)| in_flight.id.0 == id)?;
        let message = message(found);
        Some(MessageDetails { message })
    }
}
