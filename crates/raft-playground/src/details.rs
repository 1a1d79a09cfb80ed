//! What is selected, in detail: each kind of thing in a file of its own.
//!
//! Details are made from the cluster at the cursor like the rest of a scene, and only for the one thing that is
//! selected.

mod link;
mod message;
mod server;

use raft_sim::Timeline;

pub use link::LinkDetails;
pub use message::MessageDetails;
pub use server::{Field, Fields, Move, Peer, RoleDiagram, ServerDetails, Stage, Value};

use crate::scene::Selection;

/// The details of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details {
    /// Of a message.
    Message(MessageDetails),
    /// Of a link.
    Link(LinkDetails),
    /// Of a server.
    Server(Box<ServerDetails>),
}

impl Details {
    /// Of what is selected; none if it is not there at the cursor.
    pub(crate) fn of(timeline: &Timeline, selection: Selection) -> Option<Details> {
        match selection {
            Selection::Message(id) => MessageDetails::of(timeline.world(), id).map(Details::Message),
            Selection::Link(a, b) => LinkDetails::of(timeline.world(), a, b).map(Details::Link),
            Selection::Server(id) => ServerDetails::of(timeline, id).map(|details| Details::Server(Box::new(details))),
            _ => None,
        }
    }
}
