//! What servers say to each other: the remote procedure calls of the paper's figure 2,
//! each as a request and a reply of its own, because the network answers when it likes.

use alloc::vec::Vec;

use crate::{Entry, Index, NodeId, Position, Term};

/// A message from one server to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message<C> {
    /// The server that says it.
    pub from: NodeId,
    /// The server that it is meant for.
    pub to: NodeId,
    /// The sender's `current_term` when it said it; every message has one (§5.1).
    pub term: Term,
    /// What it says.
    pub body: Body<C>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body<C> {
    /// A candidate asks for a vote (§5.2).
    RequestVote {
        /// The end of the candidate's durable log, for the voter's comparison (§5.4.1).
        last: Position,
    },
    /// The answer to `RequestVote`. Its term is the term it is about.
    RequestVoteReply {
        /// Whether the candidate has the sender's vote in this term.
        granted: bool,
    },
    /// A leader replicates entries, or just says that it is there (§5.2, §5.3).
    AppendEntries(AppendEntries<C>),
    /// The follower has everything up to and including `match_index`, durably.
    AppendEntriesReply {
        /// The last entry that the request was about.
        match_index: Index,
    },
    /// The follower lacks `previous`, or has another entry there, or knows a higher term.
    AppendEntriesRejected {
        /// Which request this answers: its `previous.index`.
        previous_index: Index,
        /// The last place, not beyond `previous`, where the logs may agree: all that the follower has
        /// above it is of higher terms than `previous` is. The leader goes on from here (end of §5.3).
        hint: Position,
    },
}

/// What a leader sends: a heartbeat is the same without entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppendEntries<C> {
    /// The entry just before the new ones: the follower must have it too (§5.3).
    pub previous: Position,
    /// What to store; empty in a heartbeat. The first one's index is `previous.index + 1`.
    pub entries: Vec<Entry<C>>,
    /// The leader's `commit_index`.
    pub commit: Index,
}

impl<C> Message<C> {
    /// Whether a correct server could have said this. What fails here is damaged or forged, and is not looked at.
    #[must_use]
    pub fn is_believable(&self) -> bool {
        let term_is_believable = Term(1) <= self.term && self.term <= Term::BELIEVABLE_MAX;
        term_is_believable
            && match &self.body {
                Body::RequestVote { last } => last.is_possible() && last.term < self.term,
                Body::AppendEntries(request) => request.previous.is_possible() && request.entries_fit(self.term),
                Body::AppendEntriesRejected { previous_index, hint } => {
                    hint.is_possible() && hint.index <= *previous_index && hint.term <= self.term
                }
                Body::RequestVoteReply { .. } | Body::AppendEntriesReply { .. } => true,
            }
    }
}

impl<C> Body<C> {
    /// Whether this asks for an answer. A request of an old term is answered, so that its sender
    /// learns of the new one; a reply of an old term is not even looked at (§5.1).
    #[must_use]
    pub fn is_request(&self) -> bool {
        match self {
            Body::RequestVote { .. } | Body::AppendEntries(_) => true,
            Body::RequestVoteReply { .. } | Body::AppendEntriesReply { .. } | Body::AppendEntriesRejected { .. } => {
                false
            }
        }
    }
}

impl<C> AppendEntries<C> {
    /// Terms never fall along a log, and a leader sends no entry from a term after its own.
    fn entries_fit(&self, leader: Term) -> bool {
        let mut before = self.previous.term;
        for entry in &self.entries {
            if entry.term < before || entry.term == Term(0) {
                return false;
            }
            before = entry.term;
        }
        before <= leader
    }
}

impl Position {
    /// Index zero and term zero belong together: there is nothing before the first entry, and no entry of term zero.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (self.index == Index(0)) == (self.term == Term(0))
    }
}
