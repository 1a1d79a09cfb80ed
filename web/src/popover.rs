//! A button that opens something: a menu, a few sliders.
//!
//! The browser does all of it: it opens and closes, closes at Escape and at a press elsewhere, gives the focus back to
//! the button, tells assistive programs whether it is open, and puts it above everything else. The style says where.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
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
            <div class="popover" {id} popover="auto">{ content }</div>
        </>
    }
}

/// Opens one from elsewhere, as by a press of its button; closes it if it is open.
pub(crate) fn open(target: &Element, id: &str) {
    let root = target.closest(".playground").ok().flatten();
    let button = root.and_then(|root| root.query_selector(&format!("[popovertarget={id}]")).ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}
