//! The ring: servers, the links between them, and the messages on their way.

use std::rc::Rc;

use raft_playground::layout::{RING_HEIGHT, RING_WIDTH, Ring};
use raft_playground::scene::{Message, Role, Server};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

use crate::glyph;
use crate::server::ServerView;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) servers: Rc<[Server]>,
    pub(crate) messages: Rc<[Message]>,
    pub(crate) selected: Option<u64>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The picture in the middle.
#[component]
pub(crate) fn RingView(props: &Props) -> Html {
    let Props {
        servers,
        messages,
        selected,
        lang,
        ..
    } = props;
    let ring = Ring::new(servers.len());
    let tab_stop = selected.unwrap_or(1);
    let leader = servers
        .iter()
        .filter(|server| server.role == Role::Leader)
        .max_by_key(|server| server.term);
    let label = Text::RingAria {
        servers: servers.len() as u64,
        leader: leader.map(|leader| leader.id),
    };
    html! {
        <svg class="ring" viewBox={format!("0 0 {RING_WIDTH} {RING_HEIGHT}")} role="group" aria-label={label.text(*lang)}>
            <Links servers={servers.len()} />
            { for servers.iter().map(|server| html! {
                <ServerView key={server.id} server={server.clone()} servers={servers.len()} selected={*selected == Some(server.id)}
                    tab_stop={server.id == tab_stop} lang={*lang} on_action={props.on_action.clone()} />
            }) }
            <g class="messages" aria-hidden="true">
                { for messages.iter().map(|message| html! {
                    <MessageView key={message.id} message={message.clone()} heading={ring.heading(message.from, message.to)}
                        lang={*lang} />
                }) }
            </g>
        </svg>
    }
}

#[derive(Properties, PartialEq)]
struct LinksProps {
    servers: usize,
}

#[component]
fn Links(props: &LinksProps) -> Html {
    let ring = Ring::new(props.servers);
    let coordinate = |value: f64| format!("{value:.1}");
    html! {
        <g class="links">
            { for ring.links().map(|(a, b)| html! {
                <line x1={coordinate(a.x)} y1={coordinate(a.y)} x2={coordinate(b.x)} y2={coordinate(b.y)} />
            }) }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct MessageProps {
    message: Message,
    heading: f64,
    lang: Lang,
}

/// A message; the painter says where.
#[component]
fn MessageView(props: &MessageProps) -> Html {
    let MessageProps { message, heading, lang } = props;
    html! {
        <g class="message">
            <title>{ message.text.text(*lang) }</title>
            <g class="glyph">{ glyph::message(message.kind, *heading) }</g>
        </g>
    }
}
