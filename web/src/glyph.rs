//! The shapes of messages and of what stands beside them: the same in the ring and in the legend.
//!
//! Kind and direction are told by shape: what a leader sends points where it goes, what a candidate asks is a square
//! (in dashes while it only asks whether it could win), what a client asks is a capsule, and an answer to any of them
//! keeps its outline and says yes or no. A shape is data, because the painter makes it without Yew.

use std::fmt::Write as _;

use raft_playground::layout::tenths;
use raft_playground::scene::{MessageKind, VoteState};
use yew::{Html, classes, html};

/// A path: its class and its outline.
type Stroke = (&'static str, &'static str);

/// The corners of a shape that points to the right.
pub(crate) type Corners = &'static [(f64, f64)];

/// The shape of a message around the origin.
pub(crate) struct Glyph {
    /// What family it is of.
    pub(crate) class: &'static str,
    /// What points where it goes.
    pub(crate) pointer: Option<Corners>,
    /// Its other outlines.
    pub(crate) strokes: &'static [Stroke],
    /// What is written on it: a class, and the sign if it is always the same.
    pub(crate) sign: Option<(&'static str, &'static str)>,
}

/// The class of what points.
pub(crate) const POINTER: &str = "solid";
const ARROW: Corners = &[(-10.0, -8.0), (4.0, -8.0), (11.0, 0.0), (4.0, 8.0), (-10.0, 8.0)];
const SMALL_ARROW: Corners = &[(-6.0, -4.5), (1.0, -4.5), (6.0, 0.0), (1.0, 4.5), (-6.0, 4.5)];
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
        M::Heartbeat | M::Entries(_) | M::Snapshot | M::TimeoutNow => &[],
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
        pointer: match kind {
            M::Heartbeat => Some(SMALL_ARROW),
            M::Entries(_) | M::Snapshot | M::TimeoutNow => Some(ARROW),
            _ => None,
        },
        strokes,
        sign: match kind {
            M::Entries(_) => Some(("count entries", "")),
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
        class,
        pointer,
        strokes,
        sign,
    } = glyph(kind);
    let text = match kind {
        MessageKind::Entries(entries) => entries.to_string(),
        _ => sign.map_or_else(String::new, |(_, text)| text.to_owned()),
    };
    html! {
        <g {class}>
            if let Some(corners) = pointer { <path class={POINTER} d={turned(corners, 0.0)} /> }
            { for strokes.iter().map(|(class, d)| html! { <path class={*class} d={*d} /> }) }
            if let Some((class, _)) = sign { <text class={classes!(class)} y={SIGN_Y}>{ text }</text> }
        </g>
    }
}

/// The outline of what points, after a turn by so many degrees. It is turned here, because a browser that finds a
/// transform inside what moves paints it anew in each frame.
pub(crate) fn turned(corners: Corners, heading: f64) -> String {
    let (sin, cos) = heading.to_radians().sin_cos();
    let mut outline = String::new();
    for (place, (x, y)) in corners.iter().enumerate() {
        let (x, y) = (tenths(x * cos - y * sin), tenths(x * sin + y * cos));
        let _ = write!(outline, "{}{x} {y}", if place == 0 { "M" } else { "L" });
    }
    outline + "Z"
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
