//! The details of what is selected, where the story is: each kind of thing in a file of its own.

mod client;
mod entry;
mod event;
mod link;
mod message;
mod server;
mod write;

use std::rc::Rc;

pub(crate) use message::open as messages;
use raft_playground::details::{Details, Line};
use raft_playground::scene::Selection;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use web_sys::Element;
use yew::prelude::*;

use crate::story;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) details: Option<Rc<Details>>,
    /// The latest turn of the story, whose place they take.
    pub(crate) latest: Option<story::ItemProps>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel of it; nothing if nothing is selected.
pub(crate) fn view(props: &Props) -> Html {
    match props.details.as_deref() {
        None => Html::default(),
        Some(Details::Client(details)) => client::view(details, props),
        Some(Details::Entry(details)) => entry::view(details, props),
        Some(Details::Event(details)) => event::view(details, props),
        Some(Details::Link(details)) => link::view(details, props),
        Some(Details::Write(details)) => write::view(details, props),
        Some(Details::Message(details)) => message::view(details, props),
        Some(Details::Server(details)) => server::view(details, props),
    }
}

/// The stages of a write scroll to the one that is next, or else to the last, as far as they have to.
pub(crate) fn show_stage(root: &Element) {
    let find = |selector| root.query_selector(selector).ok().flatten();
    let (Some(panel), Some(stage)) = (
        find(".write-details"),
        find(".write-details :is([aria-current], li:last-child)"),
    ) else {
        return;
    };
    let below = stage.get_bounding_client_rect().bottom() - panel.get_bounding_client_rect().bottom();
    // What stands above them stays, and would cover it.
    let top = find(".write-details .top").map_or(0.0, |top| top.get_bounding_client_rect().bottom());
    let above = top - stage.get_bounding_client_rect().top();
    let by = if below > 0.0 {
        below + 8.0
    } else {
        -f64::max(above, 0.0)
    };
    panel.set_scroll_top(panel.scroll_top() + by as i32);
}

/// The button that closes it.
fn close(props: &Props) -> Html {
    let on_click = props
        .on_action
        .reform(|_: MouseEvent| Action::Select(Selection::Nothing));
    let text = Text::Close.text(props.lang);
    html! { <button class="icon" aria-label={text.clone()} title={text} onclick={on_click}>{ "×" }</button> }
}

/// One thing that happened, and the way back to its moment.
fn line(line: &Line, props: &Props) -> Html {
    line_of(line, props.lang, &props.on_action)
}

/// The same, wherever it stands.
pub(crate) fn line_of(line: &Line, lang: Lang, on_action: &Callback<Action>) -> Html {
    let event = line.event;
    let on_click = on_action.reform(move |_: MouseEvent| Action::GoToEvent { event });
    let (when, what) = (Text::Clock { us: line.at_us }.text(lang), line.what.text(lang));
    html! {
        <li key={event}>
            <button class="when" aria-label={format!("{when} {what}")} onclick={on_click}>{ &when }</button>
            <p>{ what }</p>
        </li>
    }
}
