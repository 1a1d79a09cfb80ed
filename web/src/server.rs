//! One server of the ring: its shape, its timer, its votes, and the words below it.

use raft_playground::layout::{Point, Ring, polygon};
use raft_playground::palette::term_class;
use raft_playground::scene::{Role, Server, VoteState};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

use crate::{glyph, painter};

#[derive(Properties, PartialEq)]
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
#[component]
pub(crate) fn ServerView(props: &Props) -> Html {
    let Props {
        server,
        servers,
        selected,
        tab_stop,
        lang,
        ..
    } = props;
    let ring = Ring::new(*servers);
    let Point { x, y } = ring.place(server.id);
    let on_click = use_callback(
        (server.id, props.on_action.clone()),
        |_: MouseEvent, (server, on_action)| {
            on_action.emit(Action::Toggle { server: *server });
        },
    );
    let on_select = use_callback((server.id, props.on_action.clone()), |(): (), (server, on_action)| {
        on_action.emit(Action::Select { server: Some(*server) });
    });
    let on_focus = on_select.reform(|_: FocusEvent| ());
    let on_label = on_select.reform(|_: MouseEvent| ());
    let class = classes!(
        "server",
        role_class(server.role),
        term_class(server.term),
        selected.then_some("selected")
    );
    html! {
        <g {class} transform={format!("translate({x:.1} {y:.1})")}>
            <g class="shape" role="button" tabindex={if *tab_stop { "0" } else { "-1" }} data-server={server.id.to_string()}
                aria-label={name(server, *servers, *lang)} onclick={on_click} onfocus={on_focus}>
                <circle class="halo" r={(ring.radius + 12.0).to_string()} />
                { timer(server, ring.radius) }
                { shape(server.role, ring.radius) }
                { inside(server, &ring) }
            </g>
            { label(server, *servers, ring.radius, *lang, on_label) }
        </g>
    }
}

/// The class of a role.
pub(crate) fn role_class(role: Role) -> &'static str {
    match role {
        Role::Follower => "follower",
        Role::Candidate => "candidate",
        Role::Leader => "leader",
        Role::Crashed => "crashed",
    }
}

/// The outline that stands for a role.
pub(crate) fn shape(role: Role, radius: f64) -> Html {
    match role {
        Role::Follower => html! { <circle class="outline" r={(radius - 3.0).to_string()} /> },
        Role::Candidate => {
            let half = radius * 0.8;
            let (from, side) = (format!("{:.1}", -half), format!("{:.1}", 2.0 * half));
            html! {
                <rect class="outline" transform="rotate(45)" x={from.clone()} y={from} width={side.clone()} height={side}
                    rx={format!("{:.1}", radius * 0.13)} />
            }
        }
        Role::Leader => html! {
            <>
                <polygon class="rim" points={polygon(6, radius + 5.0)} />
                <polygon class="outline" points={polygon(6, radius - 1.0)} />
            </>
        },
        Role::Crashed => {
            let arm = radius * 0.34;
            html! {
                <>
                    <circle class="outline" r={(radius - 3.0).to_string()} />
                    <path class="cross" d={format!("M-{arm} -{arm}L{arm} {arm}M{arm} -{arm}L-{arm} {arm}")} />
                </>
            }
        }
    }
}

fn timer(server: &Server, radius: f64) -> Html {
    if server.timer.is_none() {
        return Html::default();
    }
    let r = (radius + if server.role == Role::Follower { 2.0 } else { 10.0 }).to_string();
    html! {
        <>
            <circle class="timer-track" r={r.clone()} />
            <circle class="timer-arc" {r} pathLength="100" stroke-dasharray="100" transform="rotate(-90)" />
        </>
    }
}

/// The term, and a candidate's votes around it, each in the direction of its voter.
fn inside(server: &Server, ring: &Ring) -> Html {
    if server.role == Role::Crashed {
        return Html::default();
    }
    let votes = server.votes.iter().map(|mark| {
        let Point { x, y } = ring.vote_mark(mark.from);
        html! { <g key={mark.from} transform={format!("translate({x:.1} {y:.1})")}>{ glyph::vote(mark.state) }</g> }
    });
    html! {
        <>
            <text class="term">{ server.term }</text>
            { for votes }
        </>
    }
}

fn label(server: &Server, servers: usize, radius: f64, lang: Lang, on_label: Callback<MouseEvent>) -> Html {
    // Only the first server has its label above: the others would have it in the ring.
    let above = server.id == 1;
    let y = if above { -radius - 14.0 } else { radius + 12.0 };
    let role = Text::RoleWord(server.role).text(lang);
    let below = match (server.role, server.kept) {
        (Role::Crashed, Some((kept, had))) => Some(Text::Kept { kept, had }),
        (Role::Candidate, _) => Some(tally(server, servers)),
        _ => None,
    };
    let line = match below {
        Some(words) => html! { <tspan key="fixed" class="line" x="0" dy="1.4em">{ words.text(lang) }</tspan> },
        // The painter's words: a tag of its own, so that they never stand beside others.
        None if painter::shows_remaining(server) => {
            html! { <tspan key="remaining" class="line remaining" x="0" dy="1.4em" /> }
        }
        None => Html::default(),
    };
    html! {
        <text class={classes!("label", above.then_some("above"))} y={y.to_string()} onclick={on_label} aria-hidden="true">
            <tspan class="name" x="0" dy={if above { "-1.25em" } else { "1em" }}>{ Text::ServerName(server.id).text(lang) }</tspan>
            <tspan class="role" dx="0.3em">{ role }</tspan>
            { line }
        </text>
    }
}

fn tally(server: &Server, servers: usize) -> Text {
    let granted = server
        .votes
        .iter()
        .filter(|mark| mark.state == VoteState::Granted)
        .count();
    Text::VotesTally {
        votes: granted as u64,
        servers: servers as u64,
    }
}

/// Everything about a server, for the ear.
fn name(server: &Server, servers: usize, lang: Lang) -> String {
    let facts = Text::ServerAria {
        server: server.id,
        role: server.role,
        term: server.term,
        entries: server.log_len,
        committed: server.commit_index,
    };
    match server.role {
        Role::Candidate => format!("{}, {}", facts.text(lang), tally(server, servers).text(lang)),
        _ => facts.text(lang),
    }
}
