//! What is selected, in detail: each kind of thing in a file of its own.
//!
//! Details are made from the cluster at the cursor like the rest of a scene, and only for the one thing that is
//! selected.

mod client;
mod entry;
mod event;
mod link;
mod message;
mod reason;
mod server;
mod waiting;
mod write;

use raft_sim::Timeline;

pub(crate) use client::answer;
pub use client::{ClientDetails, Line, Said};
pub use entry::EntryDetails;
pub(crate) use event::of_vote;
pub use event::{EventDetails, Root};
pub use link::LinkDetails;
pub use message::{MessageDetails, MessageField};
pub use server::{Field, Fields, Move, Peer, RoleDiagram, ServerDetails, Stage, Value};
pub(crate) use write::followed;
pub use write::{WriteDetails, WriteStage};

use crate::scene::Selection;
use crate::story::Narrator;

/// The details of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details {
    /// Of a client.
    Client(ClientDetails),
    /// Of a message.
    Message(MessageDetails),
    /// Of a link.
    Link(LinkDetails),
    /// Of an entry.
    Entry(EntryDetails),
    /// Of an event.
    Event(EventDetails),
    /// Of a write, stage by stage.
    Write(WriteDetails),
    /// Of a server.
    Server(Box<ServerDetails>),
}

impl Details {
    /// Of what is selected; none if it is not there at the cursor. What the reader holds is late, and of the write that is
    /// followed it can be known that it is stuck.
    pub(crate) fn of(
        timeline: &Timeline,
        narrator: &Narrator,
        selection: Selection,
        held: Option<(u64, u64)>,
        is_stuck: bool,
    ) -> Option<Details> {
        match selection {
            Selection::Client(id) => ClientDetails::of(timeline, id).map(Details::Client),
            Selection::Message(id) => MessageDetails::of(timeline, id, held).map(Details::Message),
            Selection::Link(a, b) => LinkDetails::of(timeline.world(), a, b).map(Details::Link),
            Selection::Entry { server, index } => EntryDetails::of(timeline, server, index).map(Details::Entry),
            Selection::Event(id) => EventDetails::of(timeline, narrator, id).map(Details::Event),
            Selection::LatestWrite | Selection::Write { .. } => {
                Some(Details::Write(WriteDetails::of(timeline, selection, is_stuck)))
            }
            Selection::Server(id) => ServerDetails::of(timeline, id).map(|details| Details::Server(Box::new(details))),
            _ => None,
        }
    }
}
