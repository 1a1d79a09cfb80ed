//! What servers say to each other: the remote procedure calls of the paper and the dissertation,
//! each as a request and a reply of its own, because the network answers when it likes.

use alloc::vec::Vec;

use crate::{Configuration, Entries, Index, NodeId, Position, Round, Term};

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
    /// "Would I have your vote?" Nothing depends on the answer but whether the sender stands at all
    /// (PreVote: dissertation, §9.6).
    RequestPreVote {
        /// The term in which it would stand.
        next_term: Term,
        /// The end of its durable log.
        last: Position,
    },
    /// The answer to `RequestPreVote`.
    RequestPreVoteReply {
        /// The term that was asked about.
        next_term: Term,
        /// Whether the sender would vote for it.
        granted: bool,
    },
    /// A candidate asks for a vote (§5.2).
    RequestVote {
        /// The end of the candidate's durable log, for the voter's comparison (§5.4.1).
        last: Position,
        /// Whether the leader itself has told the candidate to stand: then nobody waits for it (dissertation, §3.10).
        transfer: bool,
    },
    /// The answer to `RequestVote`. A vote is of the term that was asked about; a denial is of the voter's own term, from
    /// which a candidate of a lower one learns of it (§5.1).
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
        /// The round of the request.
        round: Round,
    },
    /// The follower lacks `previous`, or has another entry there, or knows a higher term.
    AppendEntriesRejected {
        /// Which request this answers: its `previous.index`.
        previous_index: Index,
        /// The last place, not beyond `previous`, where the logs may agree: all that the follower has
        /// above it is of higher terms than `previous` is. The leader goes on from here (end of §5.3).
        hint: Position,
        /// The round of the request; zero if that was of a lower term: rounds are counted anew in each.
        round: Round,
    },
    /// A leader sends a piece of its snapshot to a follower that is too far behind (§7).
    InstallSnapshot(InstallSnapshot),
    /// The follower has the first `next_offset` bytes. The end of a snapshot is acknowledged by `AppendEntriesReply`.
    InstallSnapshotReply {
        /// Which snapshot: the index of its last entry.
        last_index: Index,
        /// The byte to go on from.
        next_offset: u64,
        /// The round of the request; zero if that was of a lower term.
        round: Round,
    },
    /// "Stand for election now": the leader wants to hand over (dissertation, §3.10).
    TimeoutNow,
}

/// What a leader sends: a heartbeat is the same without entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppendEntries<C> {
    /// The entry just before the new ones: the follower must have it too (§5.3).
    pub previous: Position,
    /// What to store; empty in a heartbeat. The first one's index is `previous.index + 1`.
    pub entries: Entries<C>,
    /// The leader's `commit_index`.
    pub commit: Index,
    /// The latest round, to be given back; zero: none is asked about.
    pub round: Round,
}

/// A piece of a snapshot (§7, figure 13).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstallSnapshot {
    /// The last entry in the snapshot.
    pub last: Position,
    /// The configuration in force at that entry.
    pub configuration: Configuration,
    /// Where the piece belongs, in bytes.
    pub offset: u64,
    /// The piece.
    pub data: Vec<u8>,
    /// Whether it is the last one.
    pub done: bool,
    /// The latest round, to be given back.
    pub round: Round,
}

impl<C> Body<C> {
    /// Whether this is a no to a request of an earlier term, or to one that asked nothing: all it says is its term.
    #[must_use]
    pub fn answers_nothing(&self) -> bool {
        matches!(
            self,
            Body::AppendEntriesRejected { round: Round(0), .. } | Body::InstallSnapshotReply { round: Round(0), .. }
        )
    }

    /// Whether this asks for something. A request of an old term is answered, so that its sender
    /// learns of the new one; a reply of an old term is not even looked at (§5.1).
    #[must_use]
    pub fn is_request(&self) -> bool {
        match self {
            Body::RequestPreVote { .. }
            | Body::RequestVote { .. }
            | Body::AppendEntries(_)
            | Body::InstallSnapshot(_)
            | Body::TimeoutNow => true,
            Body::RequestPreVoteReply { .. }
            | Body::RequestVoteReply { .. }
            | Body::AppendEntriesReply { .. }
            | Body::AppendEntriesRejected { .. }
            | Body::InstallSnapshotReply { .. } => false,
        }
    }
}

impl<C> Message<C> {
    /// Whether a correct server could have said this. What fails here is damaged or forged, and is not looked at.
    #[must_use]
    pub fn is_believable(&self) -> bool {
        let is_term = |term: Term| Term(1) <= term && term <= Term::BELIEVABLE_MAX;
        let fits = |position: &Position| position.is_believable() && position.term <= self.term;
        self.leaves_room()
            && match &self.body {
                Body::RequestPreVote { next_term, last } => *next_term > self.term && is_term(*next_term) && fits(last),
                Body::RequestPreVoteReply { next_term, .. } => is_term(*next_term),
                // A candidate's log ends in a term before the one that it wants to lead.
                Body::RequestVote { last, .. } => fits(last) && last.term < self.term,
                Body::AppendEntries(request) => request.is_believable(self.term),
                Body::AppendEntriesRejected {
                    previous_index, hint, ..
                } => hint.index <= *previous_index && fits(hint),
                Body::InstallSnapshot(request) => request.last.index > Index(0) && fits(&request.last),
                Body::AppendEntriesReply { .. }
                | Body::InstallSnapshotReply { .. }
                | Body::RequestVoteReply { .. }
                | Body::TimeoutNow => true,
            }
    }

    /// Whether its numbers leave room to count on: all that must be right even between servers for which a rule is off.
    #[must_use]
    pub fn leaves_room(&self) -> bool {
        let is_index = |index: Index| index <= Index::BELIEVABLE_MAX;
        let is_place = |position: &Position| is_index(position.index);
        // Only a question before the first election comes from term zero.
        let first_term = match &self.body {
            Body::RequestPreVote { .. } | Body::RequestPreVoteReply { .. } => Term(0),
            _ => Term(1),
        };
        (first_term..=Term::BELIEVABLE_MAX).contains(&self.term)
            && match &self.body {
                Body::RequestPreVote { last, .. } | Body::RequestVote { last, .. } => is_place(last),
                Body::AppendEntries(request) => is_place(&request.previous) && is_index(request.commit),
                Body::AppendEntriesReply { match_index, .. } => is_index(*match_index),
                Body::AppendEntriesRejected {
                    previous_index, hint, ..
                } => is_index(*previous_index) && is_place(hint),
                Body::InstallSnapshot(request) => is_place(&request.last),
                Body::RequestPreVoteReply { .. }
                | Body::RequestVoteReply { .. }
                | Body::InstallSnapshotReply { .. }
                | Body::TimeoutNow => true,
            }
    }
}

impl<C> AppendEntries<C> {
    /// Whether it asks for an answer: what is to be stored is acknowledged, and a round is given back. What
    /// only tells of a new commit index is answered if it cannot be right, and only then.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.entries.is_empty() || self.round > Round(0)
    }

    /// Terms never fall along a log, and a leader sends no entry from a term after its own.
    fn is_believable(&self, leader: Term) -> bool {
        let mut before = self.previous.term;
        for entry in &self.entries {
            if entry.term < before || entry.term == Term(0) {
                return false;
            }
            before = entry.term;
        }
        self.previous.is_believable() && before <= leader
    }
}

impl Position {
    /// Index zero and term zero belong together: there is nothing before the first entry, and no entry of term zero.
    fn is_believable(&self) -> bool {
        (self.index == Index(0)) == (self.term == Term(0))
    }
}
