//! Why a message is on its way, or what a server counts to itself: decisions that the narration tells nobody, because
//! there are too many of them.

use raft_core::Reason;
use raft_sim::{EventId, Timeline};

use super::Said;
use crate::scene::Section::{self, Dissertation, Paper};
use crate::story::{denied, rejected};
use crate::text::WhyWords as Words;

/// Why a server did what an event tells of, and where to read about it.
pub(super) fn why(timeline: &Timeline, event: u64, server: u64) -> Option<(Said, Section)> {
    let (words, section) = match timeline.reason(EventId(event))? {
        Reason::HeartbeatDue => (Words::BecauseHeartbeat, Paper("5.2")),
        Reason::Elected { .. } => (Words::BecauseElected, Paper("5.2")),
        Reason::Appended { .. } => (Words::BecauseAppended, Paper("5.3")),
        Reason::EntriesAccepted { matched, .. } => (Words::BecauseAccepted(matched.0), Paper("5.3")),
        Reason::FollowerMatched { from, matched } => (Words::BecauseMatched(from.0, matched.0), Paper("5.3")),
        Reason::MajorityMatched { index, .. } => (Words::BecauseCommitted(index.0), Paper("5.3")),
        Reason::WentBack { to, next_index } => (Words::BecauseWentBack(to.0, next_index.0), Paper("5.3")),
        Reason::EntriesRejected { from, by } => {
            let (why, section) = rejected(from.0, by);
            return Some((Said::Story(why), section));
        }
        Reason::ElectionTimedOut { term, .. }
        | Reason::ElectionDelayEnded { term, .. }
        | Reason::ToldToStand { term, .. } => (Words::BecauseStands(term.0), Paper("5.2")),
        Reason::PreVoteBegan { next_term, .. } => (Words::BecauseAsksFirst(next_term.0), Dissertation("9.6")),
        Reason::VotesAskedAgain { .. } => (Words::BecauseNoAnswer, Paper("5.1")),
        Reason::VoteGranted { to, .. } => (Words::BecauseGrants(to.0), Paper("5.4.1")),
        Reason::PreVoteGranted { to, .. } => (Words::BecauseWouldGrant(to.0), Dissertation("9.6")),
        Reason::VoteDenied { to, by } | Reason::PreVoteDenied { to, by } => {
            let (why, section) = denied(server, to.0, by);
            return Some((Said::Story(why), section));
        }
        Reason::VoteCounted { votes, needed, .. } => (Words::BecauseCounted(votes, needed), Paper("5.2")),
        Reason::PreVoteCounted { votes, needed, .. } => (Words::BecauseCounted(votes, needed), Dissertation("9.6")),
        Reason::SnapshotNeeded { to, .. } => (Words::BecauseCompacted(to.0), Paper("7")),
        Reason::SnapshotGrew { .. } => (Words::BecausePiece, Paper("7")),
        Reason::SnapshotInstalled { last, .. } => (Words::BecauseAccepted(last.index.0), Paper("7")),
        Reason::TransferBegan { to } | Reason::TransferTold { to } => {
            (Words::BecauseHandsOver(to.0), Dissertation("3.10"))
        }
        Reason::ReadAsks { .. } => (Words::BecauseReads, Paper("8")),
        _ => return None,
    };
    Some((Said::Why(words), section))
}
