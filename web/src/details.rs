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
use web_sys::{Element, ScrollBehavior, ScrollToOptions};
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

/// So much of it is to be in sight, in pixels.
const SEEN: f64 = 300.0;
/// Or so much, where the pointer is on the ring or the logs: what is under it does not move if it need not.
const SEEN_MIN: f64 = 90.0;

/// After it has opened: on a phone it lies over the lower part of the ring, as long as something stands above that; the
/// page goes up by so much. Beside the ring it may open behind the controls of time, below the logs of many servers: the
/// page goes up until enough of it is seen.
pub(crate) fn clear_ring(root: &Element, smoothly: bool) {
    let area = |selector| Some(root.query_selector(selector).ok()??.get_bounding_client_rect());
    let (Some(details), Some(ring)) = (area(".details"), area(".picture")) else {
        return;
    };
    let beside = details.left() >= ring.right() || details.right() <= ring.left();
    let pointed = root.query_selector(":is(.picture, .logs):hover");
    let is_pointed = pointed.is_ok_and(|it| it.is_some());
    // All stages of a write: the button that does them stays under the pointer.
    let seen = area(".write-details").map_or(SEEN, |it| it.height());
    let enough = if is_pointed { SEEN_MIN } else { seen };
    // Of who reads further below it is not to be brought back.
    let by = match area(".transport") {
        // Only where the ring stays while the page goes.
        Some(dock) if beside && ring_stays(root) => {
            let (top, bottom) = (details.top(), dock.top());
            if top + f64::min(details.height(), enough) > bottom {
                top + f64::min(details.height(), seen) - bottom
            } else {
                0.0
            }
        }
        _ if beside => return,
        _ => f64::min(ring.bottom() - details.top(), ring.top()),
    };
    if by < 1.0 {
        return;
    }
    let options = ScrollToOptions::new();
    options.set_top(by);
    options.set_behavior(if smoothly {
        ScrollBehavior::Smooth
    } else {
        ScrollBehavior::Instant
    });
    if let Some(window) = web_sys::window() {
        window.scroll_by_with_scroll_to_options(&options);
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

/// Whether the ring stays in sight while the page is scrolled.
fn ring_stays(root: &Element) -> bool {
    let stage = root.query_selector(".stage").ok().flatten();
    let style = stage.and_then(|stage| web_sys::window()?.get_computed_style(&stage).ok()?);
    style.is_some_and(|style| style.get_property_value("position").is_ok_and(|it| it == "sticky"))
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
