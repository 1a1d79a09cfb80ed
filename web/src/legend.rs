//! What shapes and lines mean: part of the pictures that they explain.

use raft_playground::scene::{MessageKind, Role, VoteState};
use raft_playground::text::{Lang, LogsWords, Message as Text, MotionWords, RingWords};
use yew::prelude::*;

use crate::{glyph, server};

/// The legend of the ring.
pub(crate) fn ring(lang: Lang) -> Html {
    let small = |content: Html| html! { <svg viewBox="-12 -12 24 24" aria-hidden="true">{ content }</svg> };
    let role = |role: Role| {
        let class = classes!("server", server::role_class(role));
        (
            html! { <svg viewBox="-48 -48 96 96" aria-hidden="true"><g {class}>{ server::shape(role, 38.0) }</g></svg> },
            Text::RoleName(role),
        )
    };
    let message = |kind, text| (small(glyph::message(kind)), text);
    let vote = |state, text| (small(glyph::vote(state)), text);
    // The answer as it comes, and then inside the candidate.
    let answer = |kind, state, text| {
        let pictures = html! { <>{ small(glyph::message(kind)) }{ small(glyph::vote(state)) }</> };
        (pictures, text)
    };
    let timer = html! { <><circle class="timer-track" r="8" /><circle class="timer-arc" r="8" pathLength="100" stroke-dasharray="100" stroke-dashoffset="35" transform="rotate(-90)" /></> };
    legend(
        lang,
        [
            role(Role::Leader),
            role(Role::Candidate),
            role(Role::Follower),
            (small(timer), Text::LegendTimer),
            message(MessageKind::Heartbeat, Text::LegendHeartbeat),
            message(MessageKind::Entries(1), Text::LegendEntries),
            message(MessageKind::Accepted, Text::LegendAccepted),
            message(MessageKind::Rejected, Text::LegendRejected),
            message(MessageKind::VoteRequest, Text::LegendVoteRequest),
            answer(MessageKind::VoteGranted, VoteState::Granted, Text::LegendVoteGranted),
            answer(MessageKind::VoteDenied, VoteState::Denied, Text::LegendVoteDenied),
            vote(VoteState::OnItsWay, Text::LegendVoteOnItsWay),
            vote(VoteState::Silent, Text::LegendVoteSilent),
        ]
        .map(|(picture, text)| (picture, text.text(lang)))
        .into_iter()
        .chain([
            (
                small(glyph::message(MessageKind::Request)),
                MotionWords::LegendRequest.text(lang),
            ),
            (
                small(glyph::message(MessageKind::Answer)),
                MotionWords::LegendAnswer.text(lang),
            ),
        ]),
        more(lang),
    )
}

/// What is seen less often.
fn more(lang: Lang) -> Html {
    use MessageKind as M;
    let small = |content: Html| html! { <svg viewBox="-12 -12 24 24" aria-hidden="true">{ content }</svg> };
    let message = |kind, words: MotionWords| (small(glyph::message(kind)), words.text(lang));
    let badge = |picture: Html, words: RingWords| {
        let picture = html! { <g class="badge"><g class="glyph"><circle r="9" />{ picture }</g></g> };
        (small(picture), words.text(lang))
    };
    let crashed = html! { <svg viewBox="-48 -48 96 96" aria-hidden="true"><g class="server crashed">{ server::shape(Role::Crashed, 38.0) }</g></svg> };
    let outline = |class: &'static str, around: Html| {
        html! {
            <svg viewBox="-48 -48 96 96" aria-hidden="true">
                <g class={classes!("server", class)}>{ around }{ server::shape(Role::Follower, 38.0) }</g>
            </svg>
        }
    };
    let items = [
        (crashed, Text::RoleName(Role::Crashed).text(lang)),
        message(M::PreVoteRequest, MotionWords::LegendPreVote),
        message(M::PreVoteGranted, MotionWords::LegendPreVoteGranted),
        message(M::PreVoteDenied, MotionWords::LegendPreVoteDenied),
        message(M::Snapshot, MotionWords::LegendSnapshot),
        message(M::SnapshotReceived, MotionWords::LegendSnapshotReceived),
        message(M::TimeoutNow, MotionWords::LegendTimeoutNow),
        message(M::TurnedAway, MotionWords::LegendTurnedAway),
        badge(server::stroke(server::PAUSED), RingWords::Paused),
        badge(server::stroke(server::DISK), RingWords::Writing),
        badge(server::stroke(server::DISK_STALLED), RingWords::DiskStalled),
        badge(server::clock(true), RingWords::LegendDrift),
        (outline("learner", Html::default()), RingWords::Learner.text(lang)),
        (outline("outside", Html::default()), RingWords::NotAMember.text(lang)),
        (
            outline("follower", html! { <circle class="moat" r="46" /> }),
            RingWords::LegendCutOff.text(lang),
        ),
        (
            small(html! { <>{ server::volatile(-9.0, 9.0, 10.0) }<text class="term">{ "2" }</text></> }),
            RingWords::LegendNotOnDisk.text(lang),
        ),
    ];
    html! {
        <details>
            <summary>{ MotionWords::LegendMore.text(lang) }</summary>
            { legend(lang, items.into_iter(), Html::default()) }
        </details>
    }
}

/// The legend of the log table.
pub(crate) fn logs(lang: Lang) -> Html {
    let small = |content: Html| html! { <svg viewBox="0 0 20 20" aria-hidden="true">{ content }</svg> };
    let cell = |class: &'static str| {
        small(html! { <rect class={classes!("legend-entry", class)} x="2.5" y="3.5" width="15" height="13" rx="2" /> })
    };
    legend(
        lang,
        [
            (cell("committed"), Text::LegendCommitted),
            (cell("uncommitted"), Text::LegendUncommitted),
            (cell("not-durable"), Text::LegendNotDurable),
            (
                small(html! { <rect class="applied-bar" x="8.5" y="2" width="3" height="16" rx="1" /> }),
                Text::LegendApplied,
            ),
            (
                small(html! { <circle class="match-dot" cx="10" cy="10" r="4.5" /> }),
                Text::LegendMatch,
            ),
            (
                small(html! { <path class="next-mark" d="M10 5L15.5 14.5H4.5Z" /> }),
                Text::LegendNext,
            ),
        ]
        .map(|(picture, text)| (picture, text.text(lang)))
        .into_iter()
        .chain([
            (
                small(html! { <>
                    <rect class="legend-entry committed" x="2.5" y="3.5" width="15" height="13" rx="2" />
                    <path class="differs-mark" d="M9 2.5H18.5V12Z" />
                </> }),
                LogsWords::LegendDiffers.text(lang),
            ),
            (
                small(html! { <>
                    <rect class="legend-entry committed" x="2.5" y="5.5" width="15" height="12" rx="2" />
                    <path class="in-snapshot-mark" d="M0 1.5H18.5V5" />
                </> }),
                LogsWords::LegendInSnapshotToo.text(lang),
            ),
        ]),
        Html::default(),
    )
}

fn legend(lang: Lang, items: impl Iterator<Item = (Html, String)>, more: Html) -> Html {
    html! {
        // Where it scrolls it is no stop of Tab: what it has for the keyboard is inside.
        <ul class="legend" tabindex="-1" aria-label={Text::PanelLegend.text(lang)}>
            { for items.map(|(picture, text)| html! { <li>{ picture }{ text }</li> }) }
            if more != Html::default() { <li class="more">{ more }</li> }
        </ul>
    }
}
