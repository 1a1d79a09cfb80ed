//! The clients, in the corners of the ring's picture: what each waits for, or was told last.

use std::rc::Rc;

use raft_playground::layout::{Point, RING_WIDTH, client_place, shortened, tenths};
use raft_playground::scene::{Client, Selection};
use raft_playground::session::Action;
use raft_playground::text::{Answer, Lang, Message as Text, MotionWords as Words, Request};
use yew::prelude::*;

use crate::ring::view_box;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) clients: Rc<[Client]>,
    pub(crate) selection: Selection,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// Beyond so many there is no room for what they wait for.
const TOLD_MAX: usize = 2;
/// That is no wider, in em: it keeps clear of the words of servers.
const LINE_EMS_MAX: f64 = 8.0;

/// The picture of them; nothing where nobody has asked for anything.
pub(crate) fn view(props: &Props) -> Html {
    let Props { clients, lang, .. } = props;
    if clients.is_empty() {
        return Html::default();
    }
    html! {
        <svg class="clients" viewBox={view_box()} role="group" aria-label={Words::Clients.text(*lang)}>
            { for clients.iter().map(|client| item(client, props)) }
        </svg>
    }
}

fn item(client: &Client, props: &Props) -> Html {
    let (id, lang) = (client.id, props.lang);
    let selection = Selection::Client(id);
    let Point { x, y } = client_place(id);
    let on_right = x > RING_WIDTH / 2.0;
    let is_selected = props.selection == selection;
    let class = classes!(
        "client",
        client.is_own.then_some("own"),
        client.call.is_some().then_some("waits"),
        is_selected.then_some("selected")
    );
    let on_click = props.on_action.reform(move |_: MouseEvent| Action::Select(selection));
    let on_action = props.on_action.clone();
    let on_key = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            on_action.emit(Action::Select(selection));
        }
    });
    let name = [Text::ClientName(id).text(lang), said(client, lang)].join(", ");
    html! {
        <g key={id} {class} transform={format!("translate({} {})", tenths(x), tenths(y))} role="button" tabindex="0"
            aria-label={name} aria-pressed={if is_selected { "true" } else { "false" }} onclick={on_click} onkeydown={on_key}>
            <rect class="hit" x="-19" y="-22" width="38" height="44" />
            <rect class="body" x="-17" y="-13" width="34" height="26" rx="7" />
            <text class={classes!("name", (id > 9).then_some("long"))} dy="0.36em">{ format!("C{id}") }</text>
            if props.clients.len() <= TOLD_MAX {
                <text class={classes!("line", if on_right { "at-end" } else { "at-start" })} x={if on_right { "17" } else { "-17" }} y="32">
                    { shortened(&line(client), LINE_EMS_MAX).into_owned() }
                </text>
            }
        </g>
    }
}

/// What stands below it: `x=3 …` while it waits, `✓ x=3` or `x → 3` once it knows.
fn line(client: &Client) -> String {
    match (&client.call, &client.answer) {
        (Some(call), _) => {
            let (Request::Write(label) | Request::Read(label)) = &call.request;
            [&**label, " …"].concat()
        }
        (None, Some(Answer::Written(label))) => ["✓ ", label].concat(),
        (None, Some(Answer::NotWritten(label))) => ["✗ ", label].concat(),
        (None, Some(Answer::Value { key, value })) => [key, " → ", value.as_deref().unwrap_or("∅")].concat(),
        (None, None) => String::new(),
    }
}

/// The same for the ear.
fn said(client: &Client, lang: Lang) -> String {
    let line = line(client);
    let whose = if client.is_own { Words::Own } else { Words::OfWorkload };
    match (&client.call, &client.answer) {
        (Some(_), _) => [
            whose.text(lang),
            ", ".into(),
            Words::WaitsFor.text(lang),
            " ".into(),
            line,
        ]
        .concat(),
        (None, Some(_)) => [
            whose.text(lang),
            ", ".into(),
            Words::LastAnswer.text(lang),
            " ".into(),
            line,
        ]
        .concat(),
        (None, None) => whose.text(lang),
    }
}
