//! One server of the ring: its shape, its timer, its votes, and the words below it.

use raft_playground::layout::{Point, Ring, polygon, tenths};
use raft_playground::palette::term_class;
use raft_playground::scene::{DiskState, Membership, Role, Selection, Server, VoteState};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, RingWords};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::{glyph, menu};

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) server: Server,
    /// How many servers the ring has.
    pub(crate) servers: usize,
    pub(crate) selected: bool,
    /// Whether Tab comes here; the arrows go on to the others.
    pub(crate) tab_stop: bool,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// A server. Its shape is a button that crashes and restarts it, its label selects it.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        server,
        servers,
        selected,
        tab_stop,
        lang,
        on_action,
    } = props;
    let ring = Ring::new(*servers);
    let Point { x, y } = ring.place(server.id);
    let id = server.id;
    let on_click = on_action.reform(move |_: MouseEvent| Action::Toggle { server: id });
    let on_focus = on_action.reform(move |_: FocusEvent| Action::Select(Selection::Server(id)));
    let on_label = on_action.reform(move |_: MouseEvent| Action::Select(Selection::Server(id)));
    let on_menu = |event: MouseEvent| {
        event.prevent_default();
        let shape = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(shape) = shape.and_then(|target| target.closest("[data-server]").ok().flatten()) {
            // A key has no place.
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            menu::open(&shape, (at != (0.0, 0.0)).then_some(at));
        }
    };
    let class = classes!(
        "server",
        role_class(server.role),
        term_class(server.term),
        server.paused.then_some("paused"),
        server.cut_off.then_some("cut-off"),
        match server.membership {
            Membership::Voter => None,
            Membership::Learner => Some("learner"),
            Membership::Outside => Some("outside"),
        },
        server.accused.then_some("accused"),
        selected.then_some("selected")
    );
    html! {
        <g {class} transform={format!("translate({} {})", tenths(x), tenths(y))}>
            <g class="shape" role="button" tabindex={if *tab_stop { "0" } else { "-1" }} data-server={server.id.to_string()}
                aria-label={name(server, *lang)} onclick={on_click} onfocus={on_focus}
                oncontextmenu={on_menu}>
                <circle class="halo" r={tenths(ring.radius + 12.0).to_string()} />
                if server.cut_off {
                    <circle class="moat" r={tenths(ring.radius + 12.0).to_string()} />
                }
                { shape(server.role, ring.radius) }
                { inside(server, &ring, *lang) }
            </g>
            { votes(server, &ring, *lang, on_action) }
            { badges(server, &ring, *lang) }
            { label(server, &ring, *lang, on_label) }
        </g>
    }
}

/// The class of a role.
pub(crate) fn role_class(role: Role) -> &'static str {
    match role {
        Role::Follower => "follower",
        Role::PreCandidate => "pre-candidate",
        Role::Candidate => "candidate",
        Role::Leader => "leader",
        Role::Crashed => "crashed",
    }
}

/// The outline that stands for a role.
pub(crate) fn shape(role: Role, radius: f64) -> Html {
    match role {
        Role::Follower => html! { <circle class="outline" r={tenths(radius - 3.0).to_string()} /> },
        Role::PreCandidate | Role::Candidate => {
            // Not so large that its lower corner meets the words below, which stand higher in Chinese.
            let half = radius * 0.78;
            let (from, side) = (tenths(-half).to_string(), tenths(2.0 * half).to_string());
            html! {
                <rect class="outline" transform="rotate(45)" x={from.clone()} y={from} width={side.clone()} height={side}
                    rx={tenths(radius * 0.13).to_string()} />
            }
        }
        Role::Leader => html! {
            <>
                <polygon class="rim" points={polygon(6, radius + 5.0)} />
                <polygon class="outline" points={polygon(6, radius - 1.0)} />
            </>
        },
        Role::Crashed => {
            let arm = tenths(radius * 0.34);
            html! {
                <>
                    <circle class="outline" r={tenths(radius - 3.0).to_string()} />
                    <path class="cross" d={format!("M-{arm} -{arm}L{arm} {arm}M{arm} -{arm}L-{arm} {arm}")} />
                </>
            }
        }
    }
}

/// The term, and to whom it gave its vote.
fn inside(server: &Server, ring: &Ring, lang: Lang) -> Html {
    if server.role == Role::Crashed {
        return Html::default();
    }
    let given = server.gave_vote_to();
    let half_width = 6.0 + 6.5 * server.term.to_string().len() as f64;
    let above = given.is_some().then_some("above");
    let mut vote = given.map_or_else(String::new, |candidate| RingWords::VotedFor(candidate).text(lang));
    if server.vote_is_volatile {
        vote = vote + " · " + &RingWords::VoteNotOnDisk.text(lang);
    }
    html! {
        <>
            if server.term_is_volatile {
                <g class={classes!("volatile-term", above)}>
                    <title>{ RingWords::TermNotOnDisk.text(lang) }</title>
                    { volatile(-half_width, half_width, 11.0) }
                </g>
            }
            <text class={classes!("term", above)}>{ server.term }</text>
            if let Some(candidate) = given {
                <g class="given" transform={format!("translate(0 {})", tenths(ring.radius * 0.5))}>
                    <title>{ vote }</title>
                    if server.vote_is_volatile {
                        { volatile(-19.0, 22.0, 8.5) }
                    }
                    <path class="yes" d="M-15 -1L-12 2L-7 -4" />
                    <text x="-4" y="0.35em">{ Text::ServerName(candidate).text(lang) }</text>
                </g>
            }
        </>
    }
}

/// The frame around what a crash would take, dotted like the entries that are not durable: from left to right, and half
/// its height.
pub(crate) fn volatile(left: f64, right: f64, height: f64) -> Html {
    let (x, y) = (tenths(left).to_string(), tenths(-height).to_string());
    let (width, height) = (tenths(right - left).to_string(), tenths(2.0 * height).to_string());
    html! { <rect class="volatile" {x} {y} {width} {height} rx="4" /> }
}

/// A candidate's votes around its term, each in the direction of its voter; each can be asked why it is as it is.
fn votes(server: &Server, ring: &Ring, lang: Lang, on_action: &Callback<Action>) -> Html {
    let candidate = server.id;
    let votes = server.votes.iter().map(|mark| {
        let Point { x, y } = ring.vote_mark(mark.from);
        let voter = mark.from;
        let on_click = on_action.reform(move |_: MouseEvent| Action::AskVote { candidate, voter });
        html! {
            <g key={voter} class="vote-mark" transform={format!("translate({} {})", tenths(x), tenths(y))} onclick={on_click}>
                <title>{ mark.words().text(lang) }</title>
                <circle class="hit" r="8" />
                { glyph::vote(mark.state) }
            </g>
        }
    });
    html! { <>{ for votes }</> }
}

/// The pictures of badges.
pub(crate) const PAUSED: &str = "M-2.5 -4V4M2.5 -4V4";
pub(crate) const DISK: &str = "M-5 -3.5C-5 -6 5 -6 5 -3.5V3.5C5 6 -5 6 -5 3.5ZM-5 -3.5C-5 -1 5 -1 5 -3.5";
pub(crate) const DISK_STALLED: &str = "M-5 -3.5C-5 -6 5 -6 5 -3.5V3.5C5 6 -5 6 -5 3.5ZM-3 3L3 -2";

/// One of them.
pub(crate) fn stroke(d: &'static str) -> Html {
    html! { <path {d} /> }
}

/// The picture of a clock that runs fast or slow.
pub(crate) fn clock(fast: bool) -> Html {
    let hands = if fast { "M0 -5.5V0L4.5 -2" } else { "M0 -5.5V0L-4.5 2" };
    html! { <><circle class="face" r="6" />{ stroke(hands) }</> }
}

/// Small marks at the edge: it stands still or hands over, its clock is wrong, its disk is slow.
fn badges(server: &Server, ring: &Ring, lang: Lang) -> Html {
    if server.role == Role::Crashed {
        return Html::default();
    }
    let badge = |at: (f64, f64), class: &'static str, words: RingWords, picture: Html| {
        let Point { x, y } = at_edge(at, ring);
        html! {
            <g class={classes!("badge", class)} transform={format!("translate({} {})", tenths(x), tenths(y))}>
                <title>{ words.text(lang) }</title>
                <g class="glyph"><circle r="9" />{ picture }</g>
            </g>
        }
    };
    html! {
        <>
            if server.paused {
                { badge((0.78, -0.78), "strong", RingWords::Paused, stroke(PAUSED)) }
            } else if let Some(to) = server.hands_over_to {
                { badge((0.78, -0.78), "strong", RingWords::HandsOver(to), stroke("M-5 0H4M1 -3.5L4.5 0L1 3.5")) }
            }
            if server.drift_ppm != 0 {
                { badge((-0.78, -0.78), "clock-badge", clock_words(server), clock(server.drift_ppm > 0)) }
            }
            if let Some((class, words, picture)) = disk(server) {
                { badge(AT_DISK, class, words, stroke(picture)) }
            }
        </>
    }
}

/// Where the mark of a disk is: so much of the way to the edge of its server.
const AT_DISK: (f64, f64) = (0.78, 0.62);

/// A place at the edge of a server, from its middle.
fn at_edge((right, down): (f64, f64), ring: &Ring) -> Point {
    let at = |side: f64| side * (ring.radius + 4.0);
    Point {
        x: at(right),
        y: at(down),
    }
}

/// The mark of a disk at work. It comes and goes with each write: when, the painter says.
pub(crate) fn writing(server: u64, ring: &Ring) -> Html {
    let (place, disk) = (ring.place(server), at_edge(AT_DISK, ring));
    let (x, y) = (tenths(place.x + disk.x), tenths(place.y + disk.y));
    html! {
        <g key={server} class="badge writing" transform={format!("translate({x} {y})")}>
            <g class="glyph"><circle r="9" />{ stroke(DISK) }</g>
        </g>
    }
}

fn clock_words(server: &Server) -> RingWords {
    let words = server.conditions().into_iter();
    words.last().unwrap_or(RingWords::ClockFast(0))
}

/// The mark of a disk that is not as usual.
fn disk(server: &Server) -> Option<(&'static str, RingWords, &'static str)> {
    match server.disk {
        DiskState::Usual => None,
        DiskState::Slow => Some(("slow-disk", RingWords::DiskSlow, DISK)),
        DiskState::Stalled => Some(("stalled-disk", RingWords::DiskStalled, DISK_STALLED)),
    }
}

fn label(server: &Server, ring: &Ring, lang: Lang, on_label: Callback<MouseEvent>) -> Html {
    let role = server.title().text(lang);
    let (above, dense) = (ring.label_above(server.id), ring.is_dense());
    // What counts down is written by the painter, in the picture above.
    let line = match (server.role, server.kept) {
        (Role::Crashed, Some((_, 0))) => RingWords::EmptyLog.text(lang),
        (Role::Crashed, Some((kept, had))) if dense => RingWords::Kept(kept, had).text(lang),
        (Role::Crashed, Some((kept, had))) => Text::Kept { kept, had }.text(lang),
        (Role::PreCandidate | Role::Candidate, _) if !server.paused => match tally(server) {
            Text::WritingOwnVote if dense => RingWords::Writing.text(lang),
            tally => tally.text(lang),
        },
        // The marks and the name tell all.
        _ => server
            .conditions()
            .first()
            .map_or_else(String::new, |words| words.text(lang)),
    };
    // Where there is room, one more.
    let conditions = server.conditions();
    let second = conditions
        .get(1)
        .filter(|_| !line.is_empty() && server.votes.is_empty() && !dense);
    let second = second.map_or_else(String::new, |words| " · ".to_owned() + &words.text(lang));
    let aside = tenths(ring.label_aside(server.id)).to_string();
    let first_dy = match (above, dense) {
        (false, _) => "1em",
        (true, false) => "-1.25em",
        (true, true) => "-2.4em",
    };
    let (role_x, role_dx, role_dy) = if dense {
        (Some(aside.clone()), None, Some("1.15em"))
    } else {
        (None, Some("0.3em"), None)
    };
    html! {
        <text class={classes!("label", above.then_some("above"))} y={label_y(server.id, ring)} onclick={on_label} aria-hidden="true">
            <tspan class="name" x={aside.clone()} dy={first_dy}>{ Text::ServerName(server.id).text(lang) }</tspan>
            <tspan class="role" x={role_x} dx={role_dx} dy={role_dy}>{ role }</tspan>
            <tspan class="line" x={aside} dy="1.4em">{ line }</tspan>
            <tspan class="line second">{ second }</tspan>
        </text>
    }
}

/// How far the line that counts down is from there.
pub(crate) fn line_dy(server: u64, ring: &Ring) -> &'static str {
    match (ring.label_above(server), ring.is_dense()) {
        (true, _) => "-0.1em",
        (false, false) => "2.6em",
        (false, true) => "3.9em",
    }
}

/// Where the words of a server begin, from its middle.
pub(crate) fn label_y(server: u64, ring: &Ring) -> String {
    tenths(if ring.label_above(server) {
        -ring.radius - 17.0
    } else {
        ring.radius + 12.0
    })
    .to_string()
}

/// How many votes a candidate has. Its own counts once it is on its disk: until then that is what it waits for.
fn tally(server: &Server) -> Text {
    let mut votes = server.votes.iter();
    if votes.any(|mark| mark.from == server.id && mark.state == VoteState::OnItsWay) {
        return Text::WritingOwnVote;
    }
    let granted = server
        .votes
        .iter()
        .filter(|mark| mark.state == VoteState::Granted)
        .count();
    Text::VotesTally {
        votes: granted as u64,
        servers: server.votes.len() as u64,
    }
}

/// Everything about a server, for the ear.
fn name(server: &Server, lang: Lang) -> String {
    let facts = Text::ServerAria {
        server: server.id,
        role: server.role,
        term: server.term,
        entries: server.log_len,
        committed: server.commit_index,
        paused: server.paused,
    };
    let mut name = facts.text(lang);
    let mut add = |words: &str| {
        name += match lang {
            Lang::En => ", ",
            Lang::Zh => "，",
        };
        name += words;
    };
    if matches!(server.role, Role::PreCandidate | Role::Candidate) {
        add(&tally(server).text(lang));
    }
    let more = server.standing().into_iter().chain(server.conditions());
    let more = more.chain(server.gave_vote_to().map(RingWords::VotedFor)).chain(
        [
            server.term_is_volatile.then_some(RingWords::TermNotOnDisk),
            // Of a candidate its tally tells it.
            (server.vote_is_volatile && server.gave_vote_to().is_some()).then_some(RingWords::VoteNotOnDisk),
        ]
        .into_iter()
        .flatten(),
    );
    for words in more.filter(|words| *words != RingWords::Paused) {
        add(&words.text(lang));
    }
    name
}
