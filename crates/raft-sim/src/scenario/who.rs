//! Who is meant: a server by its number or by its role, and which messages.

use std::fmt;

use raft_core::session::ClientId;
use raft_core::{Body, Index, NodeId, Role, Term};

use super::error::{ParseError, ParseErrorKind};
use super::line::Line;
use super::play::FailureKind;
use crate::{InFlight, Parcel, Server, World};

/// One server or several. Roles are looked up when it matters, and stand for numbers from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// "S1".
    Server(NodeId),
    /// "the leader": of several the one of the highest term.
    Leader,
    /// "a follower": of several the one with the lowest number.
    Follower,
    /// "every follower": all that run and do not lead.
    Followers,
    /// "everybody".
    Everybody,
    /// "S1, S2".
    List(Vec<NodeId>),
}

impl Who {
    pub(super) fn parse(line: &mut Line<'_>) -> Result<Who, ParseError> {
        if line.takes("the leader") {
            Ok(Who::Leader)
        } else if line.takes("a follower") {
            Ok(Who::Follower)
        } else if line.takes("every follower") {
            Ok(Who::Followers)
        } else if line.takes("everybody") {
            Ok(Who::Everybody)
        } else {
            let first = line
                .server()
                .map_err(|_| line.expected("a server, like S1 or \"the leader\""))?;
            let mut list = vec![first];
            while line.takes_sign(",") {
                list.push(line.server()?);
            }
            Ok(if list.len() == 1 {
                Who::Server(first)
            } else {
                Who::List(list)
            })
        }
    }

    /// Those who are meant now, to have something done to them.
    ///
    /// # Errors
    ///
    /// Nobody is, or one who is named is not there.
    pub(super) fn there(&self, world: &World) -> Result<Vec<NodeId>, FailureKind> {
        let ids = self.now(world);
        let are_there = ids.iter().all(|&id| world.server(id).is_some());
        if !ids.is_empty() && are_there {
            Ok(ids)
        } else {
            Err(FailureKind::NobodyMeant)
        }
    }

    /// Those who are meant now, whether they are there or not.
    #[must_use]
    pub fn now(&self, world: &World) -> Vec<NodeId> {
        let leader = world.leader();
        let follows = |server: &&Server| {
            let is_follower = |role: &Role| matches!(role, Role::Follower(_));
            server.node().is_some_and(|node| is_follower(node.role()))
        };
        let followers = || world.servers().iter().filter(follows).map(Server::id);
        match self {
            Who::Server(id) => vec![*id],
            Who::Leader => leader.into_iter().collect(),
            Who::Follower => followers().take(1).collect(),
            Who::Followers => followers().collect(),
            Who::Everybody => world.servers().iter().map(Server::id).collect(),
            Who::List(ids) => ids.clone(),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Server(id) => write!(f, "S{id}"),
            Who::Leader => f.write_str("the leader"),
            Who::Follower => f.write_str("a follower"),
            Who::Followers => f.write_str("every follower"),
            Who::Everybody => f.write_str("everybody"),
            Who::List(ids) => {
                let names: Vec<String> = ids.iter().map(|id| format!("S{id}")).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

/// Either end of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Servers.
    Server(Who),
    /// A client.
    Client(ClientId),
}

impl End {
    fn parse(line: &mut Line<'_>) -> Result<End, ParseError> {
        match line.maybe(Line::client) {
            Some(client) => Ok(End::Client(client)),
            None => Who::parse(line).map(End::Server),
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A kind of message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            const ALL: &[(Kind, &str)] = &[$((Kind::$name, $word),)*];
        }
    };
}

kinds! {
    /// Any.
    Message = "message",
    /// RequestVote.
    RequestVote = "RequestVote",
    /// A vote that is granted.
    Vote = "vote",
    /// A vote that is denied.
    Denial = "denial",
    /// RequestPreVote.
    RequestPreVote = "RequestPreVote",
    /// The answer to RequestPreVote.
    PreVote = "PreVote",
    /// AppendEntries, with entries or without.
    AppendEntries = "AppendEntries",
    /// AppendEntries with entries.
    Entries = "entries",
    /// AppendEntries without entries.
    Heartbeat = "heartbeat",
    /// "I have it."
    Acknowledgement = "acknowledgement",
    /// "It does not fit."
    Rejection = "rejection",
    /// A piece of a snapshot.
    Snapshot = "snapshot",
    /// TimeoutNow.
    TimeoutNow = "TimeoutNow",
    /// A client's request.
    Request = "request",
    /// A server's answer to a client.
    Answer = "answer",
}

impl Kind {
    pub(super) fn parse(line: &mut Line<'_>) -> Result<Kind, ParseError> {
        let found = Kind::ALL.iter().find(|(_, word)| line.takes(word));
        if let Some((kind, _)) = found {
            return Ok(*kind);
        }
        match line.peek() {
            "" => Err(line.expected("a kind of message")),
            name => Err(line.error(ParseErrorKind::Unknown {
                what: "kind of message",
                name: name.to_string(),
            })),
        }
    }

    fn fits(self, parcel: &Parcel) -> bool {
        let body = match parcel {
            Parcel::Raft(message) => &message.body,
            Parcel::Request(_) => return matches!(self, Kind::Request | Kind::Message),
            Parcel::Reply(_) => return matches!(self, Kind::Answer | Kind::Message),
        };
        match self {
            Kind::Message => true,
            Kind::RequestVote => matches!(body, Body::RequestVote { .. }),
            Kind::Vote => matches!(body, Body::RequestVoteReply { granted: true }),
            Kind::Denial => matches!(body, Body::RequestVoteReply { granted: false }),
            Kind::RequestPreVote => matches!(body, Body::RequestPreVote { .. }),
            Kind::PreVote => matches!(body, Body::RequestPreVoteReply { .. }),
            Kind::AppendEntries => matches!(body, Body::AppendEntries(_)),
            Kind::Entries => matches!(body, Body::AppendEntries(request) if !request.entries.is_empty()),
            Kind::Heartbeat => matches!(body, Body::AppendEntries(request) if request.entries.is_empty()),
            Kind::Acknowledgement => matches!(body, Body::AppendEntriesReply { .. }),
            Kind::Rejection => matches!(body, Body::AppendEntriesRejected { .. }),
            Kind::Snapshot => matches!(body, Body::InstallSnapshot(_)),
            Kind::TimeoutNow => matches!(body, Body::TimeoutNow),
            Kind::Request | Kind::Answer => false,
        }
    }
}

/// Messages of a kind: "vote of term 2 from S3 to S1", "entries with 2 to S3".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letters {
    kind: Kind,
    of_term: Option<Term>,
    with_entry: Option<Index>,
    from: Option<End>,
    to: Option<End>,
}

impl Letters {
    pub(super) fn parse(line: &mut Line<'_>) -> Result<Letters, ParseError> {
        let kind = Kind::parse(line)?;
        let mut letters = Letters {
            kind,
            of_term: None,
            with_entry: None,
            from: None,
            to: None,
        };
        if line.takes("of term") {
            letters.of_term = Some(line.term()?);
        }
        if line.takes("with") {
            letters.with_entry = Some(line.index()?);
        }
        if line.takes("from") {
            letters.from = Some(End::parse(line)?);
        }
        if line.takes("to") {
            letters.to = Some(End::parse(line)?);
        }
        Ok(letters)
    }

    /// The same with everything sent or received by one server alone.
    pub(super) fn sent_by(self, who: Who) -> Letters {
        Letters {
            from: Some(End::Server(who)),
            ..self
        }
    }

    pub(super) fn received_by(self, who: Who) -> Letters {
        Letters {
            to: Some(End::Server(who)),
            ..self
        }
    }

    /// The same with numbers in place of roles: who they are now.
    pub(super) fn settled(self, world: &World) -> Letters {
        let settle = |end| match end {
            End::Server(who) => End::Server(Who::List(who.now(world))),
            End::Client(client) => End::Client(client),
        };
        Letters {
            from: self.from.map(settle),
            to: self.to.map(settle),
            ..self
        }
    }

    /// Whether a message is one of them.
    #[must_use]
    pub fn mean(&self, in_flight: &InFlight, world: &World) -> bool {
        let parcel = &in_flight.parcel;
        let (from, to) = ends(parcel);
        let is = |end: &End, actual: &End| match (end, actual) {
            (End::Server(who), End::Server(Who::Server(id))) => who.now(world).contains(id),
            (end, actual) => end == actual,
        };
        let has_term = |term: Term| matches!(parcel, Parcel::Raft(message) if message.term == term);
        let has_entry = |index: Index| match parcel {
            Parcel::Raft(message) => match &message.body {
                Body::AppendEntries(request) => {
                    let first = request.previous.index.next().0;
                    (first..first + request.entries.len() as u64).contains(&index.0)
                }
                _ => false,
            },
            _ => false,
        };
        self.kind.fits(parcel)
            && self.of_term.is_none_or(has_term)
            && self.with_entry.is_none_or(has_entry)
            && self.from.as_ref().is_none_or(|end| is(end, &from))
            && self.to.as_ref().is_none_or(|end| is(end, &to))
    }
}

fn ends(parcel: &Parcel) -> (End, End) {
    let server = |id| End::Server(Who::Server(id));
    match parcel {
        Parcel::Raft(message) => (server(message.from), server(message.to)),
        Parcel::Request(request) => (End::Client(request.client), server(request.to)),
        Parcel::Reply(reply) => (server(reply.from), End::Client(reply.client)),
    }
}
