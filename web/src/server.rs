//! One server of the ring: its shape, its timer, its votes, and the words below it.

use raft_playground::layout::{Point, Ring, polygon, tenths};
use raft_playground::palette::term_class;
use raft_playground::scene::{Role, Selection, Server, VoteState};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

use crate::glyph;

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
    let class = classes!(
        "server",
        role_class(server.role),
        term_class(server.term),
        server.paused.then_some("paused"),
        selected.then_some("selected")
    );
    html! {
        <g {class} transform={format!("translate({} {})", tenths(x), tenths(y))}>
            <g class="shape" role="button" tabindex={if *tab_stop { "0" } else { "-1" }} data-server={server.id.to_string()}
                aria-label={name(server, *lang)} onclick={on_click} onfocus={on_focus}>
                <circle class="halo" r={tenths(ring.radius + 12.0).to_string()} />
                { shape(server.role, ring.radius) }
                { inside(server, &ring) }
            </g>
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
            let half = radius * 0.8;
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

/// The term, and a candidate's votes around it, each in the direction of its voter.
fn inside(server: &Server, ring: &Ring) -> Html {
    if server.role == Role::Crashed {
        return Html::default();
    }
    let votes = server.votes.iter().map(|mark| {
        let Point { x, y } = ring.vote_mark(mark.from);
        html! { <g key={mark.from} transform={format!("translate({} {})", tenths(x), tenths(y))}>{ glyph::vote(mark.state) }</g> }
    });
    html! {
        <>
            <text class="term">{ server.term }</text>
            { for votes }
        </>
    }
}

fn label(server: &Server, ring: &Ring, lang: Lang, on_label: Callback<MouseEvent>) -> Html {
    let role = Text::RoleWord(server.role).text(lang);
    // What counts down is written by the painter, in the picture above.
    let line = match (server.role, server.kept) {
        (Role::Crashed, Some((kept, had))) => Text::Kept { kept, had }.text(lang),
        _ if server.paused => Text::StandsStill.text(lang),
        (Role::PreCandidate | Role::Candidate, _) => tally(server).text(lang),
        _ => String::new(),
    };
    let first_dy = if ring.label_above(server.id) { "-1.25em" } else { "1em" };
    html! {
        <text class="label" y={label_y(server.id, ring)} onclick={on_label} aria-hidden="true">
            <tspan class="name" x="0" dy={first_dy}>{ Text::ServerName(server.id).text(lang) }</tspan>
            <tspan class="role" dx="0.3em">{ role }</tspan>
            <tspan class="line" x="0" dy="1.4em">{ line }</tspan>
        </text>
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
    match server.role {
        Role::PreCandidate | Role::Candidate => format!("{}, {}", facts.text(lang), tally(server).text(lang)),
        _ => facts.text(lang),
    }
}
