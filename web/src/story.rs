//! What happened, and why: the latest first, each a way back to its moment.

use std::rc::Rc;

use raft_playground::scene::{Selection, Story};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, WhyWords as Words, capitalized};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::shown::Shown;

/// No line is lower, in pixels.
const LINE_MIN: i32 = 37;
/// How high a line is that is not drawn, in pixels.
const LINE_USUAL: usize = 72;

/// How much of the story is drawn: what surely fills its place, and all as soon as the reader scrolls or has
/// the focus there: it is not to go with a line, and the End key finds the end.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Window {
    fit: usize,
    whole: bool,
}

impl Window {
    /// Before anything has been measured.
    pub(crate) const START: Window = Window { fit: 12, whole: false };

    /// What is seen in the place of the story.
    pub(crate) fn of(scroller: &Element) -> Window {
        Window {
            fit: usize::try_from(scroller.client_height() / LINE_MIN + 3).unwrap_or(0),
            whole: scroller.scroll_top() > 0 || scroller.matches(":focus-within").unwrap_or(false),
        }
    }

    /// How many of the lines are drawn, the latest of them.
    pub(crate) fn lines(self, told: usize) -> usize {
        if self.whole { told } else { told.min(self.fit) }
    }
}

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) story: Rc<[Story]>,
    /// How many lines had been told before these.
    pub(crate) before: u64,
    /// So many of the latest are drawn.
    pub(crate) lines: usize,
    /// Which element shows which line.
    pub(crate) shown: Shown,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
    /// The story is scrolled, or the focus comes or goes.
    pub(crate) on_seen: Callback<Event>,
}

/// The panel of the narration.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        story,
        before,
        lines,
        shown,
        lang,
        on_action,
        on_seen,
    } = props;
    let left_out = story.len() - lines;
    let on_focus = on_seen.reform(|event: FocusEvent| event.into());
    // The latest comes first.
    let end = *before + story.len() as u64;
    let (places, last) = ((*before..end).rev(), end.saturating_sub(1));
    html! {
        <section class="panel story">
            <h2>{ Text::PanelStory.text(*lang) }</h2>
            <ol class="scroller" tabindex="0" role="list" aria-label={Text::PanelStory.text(*lang)} onscroll={on_seen}
                onfocusin={on_focus.clone()} onfocusout={on_focus} onkeydown={|event: KeyboardEvent| on_key(&event)}>
                // A list of its own, so that its lines are known by their keys.
                <>{ for story.iter().zip(places).take(*lines).map(|(item, place)| html! {
                    <Memo key={shown.key(place)} part={Part::StoryItem(ItemProps {
                        item: item.clone(),
                        is_stop: place == last,
                        is_alone: false,
                        lang: *lang,
                        on_action: on_action.clone(),
                    })} />
                }) }</>
                if left_out > 0 {
                    <li class="left-out" aria-hidden="true"><svg width="1" height={(left_out * LINE_USUAL).to_string()} /></li>
                }
            </ol>
        </section>
    }
}

#[derive(PartialEq)]
pub(crate) struct ItemProps {
    pub(crate) item: Story,
    /// Whether Tab stops there; arrows lead to the other lines.
    pub(crate) is_stop: bool,
    /// Whether it stands by itself, outside of the list.
    pub(crate) is_alone: bool,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// A line's way to its moment, what it says, and the question about it.
fn parts(props: &ItemProps) -> (Html, String, Html) {
    let ItemProps {
        item,
        is_stop,
        is_alone,
        lang,
        on_action,
    } = props;
    let tabindex = if *is_stop { "0" } else { "-1" };
    // In the list arrows lead there.
    let ask_tabindex = if *is_alone { "0" } else { "-1" };
    let event = item.event;
    let on_click = on_action.reform(move |_: MouseEvent| Action::GoToEvent { event });
    let on_ask = on_action.reform(move |_: MouseEvent| Action::Select(Selection::Event(event)));
    let (when, what) = (Text::Clock { us: item.at_us }.text(*lang), item.what.text(*lang));
    let ask = Words::Ask.text(*lang);
    (
        html! { <button class="when" {tabindex} aria-label={format!("{when} {what}")} onclick={on_click}>{ &when }</button> },
        what.clone(),
        html! { <button class="ask" tabindex={ask_tabindex} aria-label={format!("{ask} {what}")} onclick={on_ask}>{ ask }</button> },
    )
}

/// The latest turn, in one line: where the story itself is out of sight. Whoever has crashed a leader wants to see who
/// follows it.
pub(crate) fn latest(props: &ItemProps) -> Html {
    let (when, what, ask) = parts(props);
    html! { <p class="latest">{ when }<span title={what.clone()}>{ what }</span>{ ask }</p> }
}

/// One sentence of it.
pub(crate) fn item(props: &ItemProps) -> Html {
    let ItemProps { item, lang, .. } = props;
    let (when, what, ask) = parts(props);
    let name = item.who.name().map(|name| name.text(*lang)).unwrap_or_default();
    // A sentence begins with the server or the client that it is about: that stands out.
    let (name, rest) = what
        .strip_prefix(name.as_str())
        .map_or(("", what.as_str()), |rest| (name.as_str(), rest));
    html! {
        <li>
            { when }
            <div>
                <p><b>{ name }</b>{ rest }{ ask }</p>
                if item.why.is_some() || item.section.is_some() {
                    <p class="why">
                        { item.why.as_ref().map(|why| capitalized(&why.text(*lang))) }
                        if let Some(section) = item.section { <span class="section">{ "\u{a0}" }{ Text::Section(section).text(*lang) }</span> }
                    </p>
                }
            </div>
        </li>
    }
}

/// Arrows go from line to line, and between the two buttons of a line.
fn on_key(event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let step: fn(&Element) -> Option<Element> = match event.key().as_str() {
        "ArrowDown" => Element::next_element_sibling,
        "ArrowUp" => Element::previous_element_sibling,
        "ArrowRight" | "ArrowLeft" => |line| Some(line.clone()),
        _ => return,
    };
    let Some(button) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let is_when = button.matches(".when").unwrap_or(false);
    let wants_when = match event.key().as_str() {
        "ArrowRight" => false,
        "ArrowLeft" => true,
        _ => is_when,
    };
    let Some(line) = button.closest("li").ok().flatten().and_then(|line| step(&line)) else {
        return;
    };
    let of_line = line.query_selector(if wants_when { ".when" } else { ".ask" });
    if let Some(to) = of_line.ok().flatten().and_then(|to| to.dyn_into::<HtmlElement>().ok()) {
        let _ = to.focus();
        event.prevent_default();
        event.stop_propagation();
    }
}
