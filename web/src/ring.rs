//! The ring, in three pictures that lie on each other: the servers and their links, above them the messages, and
//! above those what runs off. What moves in one makes the browser paint no other.

use std::rc::Rc;

use raft_playground::layout::{Point, RING_HEIGHT, RING_WIDTH, Ring, tenths};
use raft_playground::scene::{Link, Role, Selection, Server, TimerKind};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

use crate::arc;
use crate::links;
use crate::memo::{Memo, Part};
use crate::painter::{shows_disk, shows_remaining, shows_timer};
use crate::parting::{self, Draw};
use crate::server::{self, label_y, line_dy, role_class};

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) servers: Rc<[Server]>,
    pub(crate) links: Rc<[Link]>,
    pub(crate) selection: Selection,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
    pub(crate) on_draw: Callback<Draw>,
}

/// The servers and their links.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        servers,
        selection,
        lang,
        on_draw,
        ..
    } = props;
    let (selected, selected_link) = match *selection {
        Selection::Server(server) => (Some(server), None),
        Selection::Link(a, b) => (None, Some((a, b))),
        _ => (None, None),
    };
    let tab_stop = selected.unwrap_or(1);
    let leader = servers
        .iter()
        .filter(|server| server.role == Role::Leader)
        .max_by_key(|server| server.term);
    let label = Text::RingAria {
        servers: servers.len() as u64,
        leader: leader.map(|leader| leader.id),
    };
    let drawing = |draw: fn(&PointerEvent) -> Option<Draw>| {
        let on_draw = on_draw.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(draw) = draw(&event) {
                on_draw.emit(draw);
            }
        })
    };
    html! {
        <svg class="ring" viewBox={view_box()} role="group" aria-label={label.text(*lang)}
            onpointerdown={drawing(parting::begin)} onpointermove={drawing(parting::go_on)}
            onpointerup={drawing(|_| Some(Draw::End))} onpointercancel={drawing(|_| Some(Draw::Cancel))}>
            <Memo part={Part::Links(links::Props {
                links: props.links.clone(),
                servers: servers.len(),
                selected: selected_link,
                lang: *lang,
                on_action: props.on_action.clone(),
            })} />
            { for servers.iter().map(|server| html! {
                <Memo key={server.id} part={Part::Server(server::Props {
                    server: server.clone(),
                    servers: servers.len(),
                    selected: selected == Some(server.id),
                    tab_stop: server.id == tab_stop,
                    lang: *lang,
                    on_action: props.on_action.clone(),
                })} />
            }) }
        </svg>
    }
}

#[derive(PartialEq)]
pub(crate) struct MotionProps {
    pub(crate) servers: Rc<[Server]>,
    /// What pointers do to messages.
    pub(crate) on_pointer: Callback<PointerEvent>,
}

/// Timers, disks at work, and a layer for messages. The painter says how far, whether and where.
pub(crate) fn motion(props: &MotionProps) -> Html {
    let MotionProps { servers, on_pointer } = props;
    let ring = Ring::new(servers.len());
    let disks = servers.iter().filter(|server| shows_disk(server));
    let timed = || servers.iter().filter(|server| shows_timer(server));
    let around = |server: &Server| {
        let Point { x, y } = ring.place(server.id);
        format!("translate({} {})", tenths(x), tenths(y))
    };
    let class = |server: &Server| classes!(role_class(server.role), timer_class(server));
    let tracks = timed().map(|server| {
        html! {
            <g key={server.id} class={class(server)} transform={around(server)}>
                if timer_class(server) == Some("delay") {
                    // The heartbeat timeout has run out, and stays to be seen.
                    <circle class="timer-out" r={tenths(ring.radius + 7.0).to_string()} />
                }
                <circle class="timer-track" r={tenths(arc::radius(server, &ring)).to_string()} />
            </g>
        }
    });
    let arcs = timed().map(|server| {
        html! {
            <div key={server.id} class={classes!("arc", class(server))}>{ arc::strip(arc::radius(server, &ring)) }</div>
        }
    });
    let words = timed().filter(|server| shows_remaining(server)).map(|server| {
        html! {
            <g key={server.id} transform={around(server)}>
                <text class="line remaining" x={tenths(ring.label_aside(server.id)).to_string()} y={label_y(server.id, &ring)}
                    dy={line_dy(server.id, &ring)} />
            </g>
        }
    });
    html! {
        <>
            <svg class="way-layer" viewBox={view_box()} aria-hidden="true"><path class="way" /></svg>
            <div class="traffic" aria-hidden="true"
                onpointerdown={on_pointer} onpointermove={on_pointer} onpointerup={on_pointer} onpointercancel={on_pointer}
                onpointerover={on_pointer} />
            // Above the messages, so that the words below the servers stay legible.
            <svg class="tracks" viewBox={view_box()} aria-hidden="true">{ for tracks }</svg>
            <div class="arcs" aria-hidden="true">{ for arcs }</div>
            <svg class="timers" viewBox={view_box()} aria-hidden="true">
                <g>{ for words }</g>
                <g>{ for disks.map(|server| server::writing(server.id, &ring)) }</g>
            </svg>
        </>
    }
}

/// The class of what runs off: the two stages of an election are told apart.
fn timer_class(server: &Server) -> Option<&'static str> {
    let timer = server.timer?;
    let is_delay = timer.kind == TimerKind::ElectionDelay;
    is_delay
        .then_some("delay")
        .or_else(|| server.paused.then_some("paused"))
}

pub(crate) fn view_box() -> String {
    format!("0 0 {} {}", tenths(RING_WIDTH), tenths(RING_HEIGHT))
}
