//! What becomes of messages, put into words.

use raft_core::{Body, NodeId};
use raft_sim::{Command, Event, EventKind, InFlight, MessageId, Parcel};

use super::{Telling, Told};
use crate::scene::Section::Paper;
use crate::scene::Who;
use crate::text::{Lost, Message};

impl Telling<'_> {
    pub(super) fn lost(&self, message: MessageId, from: NodeId, to: NodeId) -> Option<Told> {
        if let Some(dropped) = self.dropped(Who::Server(from.0), Who::Server(to.0)) {
            return Some(dropped);
        }
        let &(_, what) = self.before.missed.iter().find(|(id, _)| *id == message)?;
        let what = Message::LostMessage {
            server: from.0,
            to: to.0,
            what,
        };
        let why = if self.timeline.world().network().is_cut(from, to) {
            Message::BecauseLinkCut
        } else {
            Message::BecauseNetworkLoses
        };
        Some((Who::Server(from.0), what, Some(why), Some(Paper("5.1"))))
    }

    /// Somebody took a message off its way in this step.
    pub(super) fn dropped(&self, from: Who, to: Who) -> Option<Told> {
        let is_drop = |event: &Event| matches!(event.kind, EventKind::Commanded(Command::Drop { .. }));
        let told = (
            from,
            Message::Dropped { from, to },
            Some(Message::BecauseNetworkLoses),
            Some(Paper("5.1")),
        );
        self.step.iter().any(is_drop).then_some(told)
    }

    /// What comes twice is worth telling where a loss would be, and where somebody wanted it.
    pub(super) fn duplicated(&self, message: MessageId, of: MessageId) -> Option<Told> {
        let is_wanted = self
            .step
            .iter()
            .any(|event| matches!(event.kind, EventKind::Commanded(Command::Duplicate { .. })));
        let twin = self
            .timeline
            .world()
            .in_flight()
            .find(|in_flight| in_flight.id == message)?;
        let is_news = match &twin.parcel {
            Parcel::Raft(_) => missed(twin).is_some(),
            Parcel::Request(request) => self.is_the_readers(request.client),
            Parcel::Reply(reply) => self.is_the_readers(reply.client),
        };
        let (from, to) = self.ends(message).or_else(|| self.ends(of))?;
        let told = (
            from,
            Message::Duplicated { from, to },
            Some(Message::BecauseNetworkDoubles),
            Some(Paper("5.1")),
        );
        (is_wanted || is_news).then_some(told)
    }

    /// From whom a message on its way is, and for whom.
    pub(super) fn ends(&self, message: MessageId) -> Option<(Who, Who)> {
        let mut in_flight = self.timeline.world().in_flight();
        let in_flight = in_flight.find(|in_flight| in_flight.id == message)?;
        Some(match &in_flight.parcel {
            Parcel::Raft(message) => (Who::Server(message.from.0), Who::Server(message.to.0)),
            Parcel::Request(request) => (Who::Client(request.client.0), Who::Server(request.to.0)),
            Parcel::Reply(reply) => (Who::Server(reply.from.0), Who::Client(reply.client.0)),
        })
    }
}

/// Heartbeats come again by themselves, and so do their answers: only the rest is missed.
pub(super) fn missed(in_flight: &InFlight) -> Option<Lost> {
    let Parcel::Raft(message) = &in_flight.parcel else {
        return None;
    };
    match &message.body {
        Body::RequestVote { .. } => Some(Lost::VoteRequest),
        Body::RequestVoteReply { .. } => Some(Lost::Vote),
        Body::RequestPreVote { .. } => Some(Lost::PreVoteRequest),
        Body::RequestPreVoteReply { .. } => Some(Lost::PreVote),
        Body::AppendEntries(request) => (!request.entries.is_empty()).then_some(Lost::Entries),
        Body::InstallSnapshot(_) => Some(Lost::Snapshot),
        Body::TimeoutNow => Some(Lost::TimeoutNow),
        Body::AppendEntriesReply { .. } | Body::AppendEntriesRejected { .. } | Body::InstallSnapshotReply { .. } => {
            None
        }
    }
}
