//! The shapes of messages and of what stands beside them: the same in the ring and in the legend.
//!
//! Kind and direction are told by shape: what a leader sends points where it goes, what a candidate asks is a square
//! (in dashes while it only asks whether it could win), and an answer to either keeps its outline and says yes or no.

use raft_playground::layout::tenths;
use raft_playground::scene::{MessageKind, VoteState};
use yew::{Html, html};

/// The shape of a message around the origin; `heading` turns what points, in degrees.
pub(crate) fn message(kind: MessageKind, heading: f64) -> Html {
    let turn = format!("rotate({})", tenths(heading));
    match kind {
        MessageKind::Heartbeat => html! { <path class="solid" transform={turn} d="M-6 -4.5H1L6 0L1 4.5H-6Z" /> },
        MessageKind::Entries(entries) => arrow(turn, entries.to_string()),
        MessageKind::Snapshot => arrow(turn, "≡".into()),
        MessageKind::TimeoutNow => arrow(turn, "!".into()),
        MessageKind::VoteRequest => html! { <>{ square() }<text class="question" y="4.2">{ "?" }</text></> },
        MessageKind::VoteGranted => html! { <>{ square() }{ tick() }</> },
        MessageKind::VoteDenied => html! { <>{ square() }{ cross() }</> },
        MessageKind::PreVoteRequest => asks_first(MessageKind::VoteRequest),
        MessageKind::PreVoteGranted => asks_first(MessageKind::VoteGranted),
        MessageKind::PreVoteDenied => asks_first(MessageKind::VoteDenied),
        MessageKind::Accepted | MessageKind::SnapshotReceived => html! { <>{ circle() }{ tick() }</> },
        MessageKind::Rejected => html! { <>{ circle() }{ cross() }</> },
    }
}

/// What a candidate knows of a vote, around the origin.
pub(crate) fn vote(state: VoteState) -> Html {
    match state {
        VoteState::Granted => html! { <circle class="vote granted" r="4.6" /> },
        VoteState::Denied => html! { <path class="vote denied" d="M-3.6 -3.6L3.6 3.6M3.6 -3.6L-3.6 3.6" /> },
        VoteState::OnItsWay => html! { <circle class="vote on-its-way" r="4.2" /> },
        VoteState::Silent => html! { <circle class="vote silent" r="1.6" /> },
    }
}

/// More than a word of the leader, and how much.
fn arrow(turn: String, content: String) -> Html {
    html! {
        <>
            <path class="solid" transform={turn} d="M-10 -8H4L11 0L4 8H-10Z" />
            <text class="count" y="3.6">{ content }</text>
        </>
    }
}

/// The same in dashes: nothing depends on it yet.
fn asks_first(kind: MessageKind) -> Html {
    html! { <g class="asks-first">{ message(kind, 0.0) }</g> }
}

fn square() -> Html {
    html! { <rect class="hollow" x="-8" y="-8" width="16" height="16" rx="1.5" /> }
}

fn circle() -> Html {
    html! { <circle class="hollow" r="8.6" /> }
}

fn tick() -> Html {
    html! { <path class="yes" d="M-4 0.4L-1.2 3.2L4 -3" /> }
}

fn cross() -> Html {
    html! { <path class="no" d="M-3.6 -3.6L3.6 3.6M3.6 -3.6L-3.6 3.6" /> }
}
