//! The shapes of messages and of what stands beside them: the same in the ring and in the legend.
//!
//! Kind and direction are told by shape: what a leader sends points where it goes, what a candidate asks is a square
//! (in dashes while it only asks whether it could win), what a client asks is a capsule, and an answer to any of them
//! keeps its outline and says yes or no. A shape is data, because the painter makes it without Yew.

use raft_playground::layout::tenths;
use raft_playground::scene::{MessageKind, VoteState};
use yew::{Html, classes, html};

/// A path: its class and its outline.
type Stroke = (&'static str, &'static str);

/// The shape of a message around the origin.
pub(crate) struct Glyph {
    /// What family it is of.
    pub(crate) class: &'static str,
    /// Its outlines. The first one points to the right and has to be turned, if the shape points at all.
    pub(crate) strokes: &'static [Stroke],
    pub(crate) points: bool,
    /// What is written on it: a class, and the sign if it is always the same.
    pub(crate) sign: Option<(&'static str, &'static str)>,
}

const ARROW: Stroke = ("solid", "M-10 -8H4L11 0L4 8H-10Z");
const SMALL_ARROW: Stroke = ("solid", "M-6 -4.5H1L6 0L1 4.5H-6Z");
const SQUARE: Stroke = ("hollow", "M-7 -8H7Q8 -8 8 -7V7Q8 8 7 8H-7Q-8 8 -8 7V-7Q-8 -8 -7 -8Z");
const CIRCLE: Stroke = ("hollow", "M-8.6 0A8.6 8.6 0 1 1 8.6 0A8.6 8.6 0 1 1 -8.6 0Z");
const CAPSULE: Stroke = ("capsule", "M-5 -7H5A7 7 0 0 1 5 7H-5A7 7 0 0 1 -5 -7Z");
const TICK: Stroke = ("yes", "M-4 0.4L-1.2 3.2L4 -3");
const CROSS: Stroke = ("no", "M-3.6 -3.6L3.6 3.6M3.6 -3.6L-3.6 3.6");
const BARS: Stroke = ("yes", "M-3.6 -3H3.6M-3.6 0H3.6M-3.6 3H3.6");
const DOTS: Stroke = ("dots", "M-4.4 0H-4.3M0 0H0.1M4.4 0H4.5");

/// The shape of a kind of message.
pub(crate) fn glyph(kind: MessageKind) -> Glyph {
    use MessageKind as M;
    let strokes: &'static [Stroke] = match kind {
        M::Heartbeat => &[SMALL_ARROW],
        M::Entries(_) | M::Snapshot | M::TimeoutNow => &[ARROW],
        M::VoteRequest | M::PreVoteRequest => &[SQUARE],
        M::VoteGranted | M::PreVoteGranted => &[SQUARE, TICK],
        M::VoteDenied | M::PreVoteDenied => &[SQUARE, CROSS],
        M::Accepted => &[CIRCLE, TICK],
        M::SnapshotReceived => &[CIRCLE, BARS],
        M::Rejected => &[CIRCLE, CROSS],
        M::Request => &[CAPSULE, DOTS],
        M::Answer => &[CAPSULE, TICK],
        M::TurnedAway => &[CAPSULE, CROSS],
    };
    Glyph {
        class: match kind {
            M::PreVoteRequest | M::PreVoteGranted | M::PreVoteDenied => "glyph asks-first",
            M::Request => "glyph asked",
            M::Answer | M::TurnedAway => "glyph told",
            _ => "glyph",
        },
        strokes,
        points: matches!(kind, M::Heartbeat | M::Entries(_) | M::Snapshot | M::TimeoutNow),
        sign: match kind {
            M::Entries(_) => Some(("count", "")),
            M::Snapshot => Some(("count", "≡")),
            M::TimeoutNow => Some(("count", "!")),
            M::VoteRequest | M::PreVoteRequest => Some(("question", "?")),
            _ => None,
        },
    }
}

/// Where the sign stands.
pub(crate) const SIGN_Y: &str = "3.8";

/// The shape of a message in a legend, pointing to the right.
pub(crate) fn message(kind: MessageKind) -> Html {
    let Glyph {
        class, strokes, sign, ..
    } = glyph(kind);
    let text = match kind {
        MessageKind::Entries(entries) => entries.to_string(),
        _ => sign.map_or_else(String::new, |(_, text)| text.to_owned()),
    };
    html! {
        <g {class}>
            { for strokes.iter().map(|(class, d)| html! { <path class={*class} d={*d} /> }) }
            if let Some((class, _)) = sign { <text class={classes!(class)} y={SIGN_Y}>{ text }</text> }
        </g>
    }
}

/// How a heading is written.
pub(crate) fn turned(heading: f64) -> String {
    format!("rotate({})", tenths(heading))
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
