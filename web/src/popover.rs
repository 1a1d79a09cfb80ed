//! A button that opens something: a menu, a few sliders.
//!
//! The browser does all of it: it opens and closes, closes at Escape and at a press elsewhere, gives the focus back to
//! the button, tells assistive programs whether it is open, and puts it above everything else. The style says where.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

/// The button of a popover and what it opens. `id` is unique within the playground; `title` says what the button is
/// for, if its words do not; `key` names its key. With `content` its class is `popover`.
pub(crate) fn view(
    id: &'static str,
    label: String,
    title: Option<String>,
    key: Option<&'static str>,
    content: Html,
) -> Html {
    html! {
        <>
            <button class="opens" popovertarget={id} {title} aria-keyshortcuts={key}>
                { label }
                <svg viewBox="0 0 10 6" aria-hidden="true"><path d="M1 1L5 5L9 1" /></svg>
            </button>
            <div class="popover" {id} popover="auto" onkeydown={|event: KeyboardEvent| on_key(&event)}>{ content }</div>
        </>
    }
}

/// Opens one from elsewhere, as by a press of its button; closes it if it is open.
pub(crate) fn open(target: &Element, id: &str) {
    let root = target.closest(".playground").ok().flatten();
    let button = root.and_then(|root| root.query_selector(&format!("[popovertarget={id}]")).ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
        let content = button.next_element_sibling();
        if let Some(content) = content.filter(|it| it.matches(":popover-open").unwrap_or(false)) {
            move_focus(&content, "Home");
        }
    }
}

/// Arrows go from button to button.
fn on_key(event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.filter(|it| it.matches("button").unwrap_or(false)) else {
        return;
    };
    let Some(content) = button.closest(".popover").ok().flatten() else {
        return;
    };
    if move_focus(&content, &event.key()) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Moves the focus to another button of a list, or of a menu, if that is what a key does.
pub(crate) fn move_focus(list: &Element, key: &str) -> bool {
    let Ok(items) = list.query_selector_all("button") else {
        return false;
    };
    let root = list.get_root_node().dyn_into::<web_sys::ShadowRoot>().ok();
    let active = root.and_then(|root| root.active_element()).map(Node::from);
    let count = items.length();
    let now = (0..count).find(|&place| items.item(place).is_some() && items.item(place) == active);
    let to = match key {
        "ArrowDown" | "ArrowRight" => now.map_or(0, |now| (now + 1) % count),
        "ArrowUp" | "ArrowLeft" => now.map_or(0, |now| (now + count - 1) % count),
        "Home" => 0,
        "End" => count.saturating_sub(1),
        _ => return false,
    };
    if let Some(item) = items.item(to) {
        let _ = item.unchecked_into::<HtmlElement>().focus();
    }
    true
}
