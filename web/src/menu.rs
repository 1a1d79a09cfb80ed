//! The menu of a server: opened by the secondary button, a long press, a key, or the button in its details.
//!
//! Where it stands belongs to the hand that opened it; what is in it is the selected server's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use raft_playground::details::{Details, ServerDetails};
use raft_playground::hands::{Item, Row};
use raft_playground::session::Action;
use raft_playground::text::{Lang, ServerWords as Words};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEventInit, Node};
use yew::prelude::*;

use crate::popover;

/// A finger that rests so long on a server opens its menu.
const LONG_PRESS_MS: u32 = 500;
/// It rests as long as it does not move further than this.
const REST_MAX: f64 = 10.0;
/// So far it stays from the edges of the playground and of the window.
const MARGIN: f64 = 8.0;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) details: Option<Rc<Details>>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The menu of the selected server; nothing if none is.
pub(crate) fn view(props: &Props) -> Html {
    let Some(Details::Server(details)) = props.details.as_deref() else {
        return Html::default();
    };
    let ServerDetails { id, menu, .. } = &**details;
    html! {
        <div class="popover menu" popover="manual" role="menu" tabindex="-1" aria-label={Words::MenuOf(*id).text(props.lang)}
            onkeydown={|event: KeyboardEvent| on_key(&event)} onfocusout={|event: FocusEvent| on_focus_out(&event)} oncontextmenu={|event: MouseEvent| event.prevent_default()}>
            { for menu.iter().map(|row| self::row(row, props)) }
        </div>
    }
}

fn row(row: &Row, props: &Props) -> Html {
    // Seen where nothing can be pointed at without being pressed.
    let why_not = row.items.iter().filter_map(|item| item.why_not);
    let why_not = why_not.map(|why_not| html! { <small>{ why_not.text(props.lang) }</small> });
    let items = row.items.iter().map(|item| self::item(item, props)).chain(why_not);
    let class = classes!("row", row.begins_group.then_some("begins"));
    match row.name {
        None => html! { <div {class} role="none">{ for items }</div> },
        Some(name) => {
            let name = name.text(props.lang);
            html! {
                <div {class} role="group" aria-label={name.clone()}>
                    <span aria-hidden="true">{ name }</span>
                    { for items }
                </div>
            }
        }
    }
}

fn item(item: &Item, props: &Props) -> Html {
    let lang = props.lang;
    let (action, on_action) = (item.action.clone(), props.on_action.clone());
    let is_off = item.why_not.is_some();
    let on_click = move |event: MouseEvent| {
        if !is_off {
            on_action.emit(action.clone());
            if let Some(menu) = menu_of(event.target()) {
                close(&menu);
            }
        }
    };
    let hint = item.why_not.or(item.hint).map(|words| words.text(lang));
    html! {
        <button role={if item.chosen.is_some() { "menuitemradio" } else { "menuitem" }} tabindex="-1"
            aria-checked={item.chosen.map(|chosen| chosen.to_string())} aria-disabled={is_off.then_some("true")}
            title={hint} onclick={on_click}>
            { item.name.text(lang) }
        </button>
    }
}

/// Gives a server's shape the focus, which selects the server: also if it has it already, and something else is selected.
pub(crate) fn select(shape: &HtmlElement) {
    let _ = shape.blur();
    let _ = shape.focus();
}

/// Opens the menu of a server beside a point of the window. `opener` is what has been used: a server's shape, or a
/// button; it gets the focus back.
pub(crate) fn open(opener: &Element, at: Option<(f64, f64)>) {
    let Some(root) = opener.closest(".playground").ok().flatten() else {
        return;
    };
    let from = opener.get_attribute("data-server");
    let bounds = opener.get_bounding_client_rect();
    let (x, y) = at.unwrap_or((
        bounds.left() + bounds.width() / 2.0,
        bounds.top() + bounds.height() / 2.0,
    ));
    if from.is_some() {
        select(opener.unchecked_ref());
    }
    // By then it has been rendered.
    Timeout::new(0, move || {
        let found = root.query_selector(".menu").ok().flatten();
        let Some(menu) = found.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let _ = menu.set_attribute("data-from", from.as_deref().unwrap_or_default());
        let _ = menu.show_popover();
        place(&menu, &root, x, y);
        popover::move_focus(&menu, "Home");
    })
    .forget();
}

/// Does what the secondary button does there.
fn secondary(shape: &Element, (x, y): (i32, i32)) {
    let init = MouseEventInit::new();
    init.set_client_x(x);
    init.set_client_y(y);
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_composed(true);
    if let Ok(event) = MouseEvent::new_with_mouse_event_init_dict("contextmenu", &init) {
        let _ = shape.dispatch_event(&event);
    }
}

/// A finger that rests on a server, or on a link. Not every browser makes the event of a secondary button of it.
#[derive(Default)]
pub(crate) struct Hold {
    /// Runs while it rests, and where that is.
    resting: RefCell<Option<(Timeout, f64, f64)>>,
    /// It has opened the menu, so that lifting it is no click.
    opened: Rc<Cell<bool>>,
}

impl Hold {
    pub(crate) fn begin(&self, event: &PointerEvent) {
        self.opened.set(false);
        self.resting.take();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let shape = target.and_then(|target| target.closest("[data-server], [data-link]").ok().flatten());
        if let Some(shape) = shape.filter(|_| event.pointer_type() == "touch" && event.is_primary()) {
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            let at = (event.client_x(), event.client_y());
            let opened = Rc::clone(&self.opened);
            let rests = Timeout::new(LONG_PRESS_MS, move || {
                opened.set(true);
                if shape.has_attribute("data-server") {
                    open(&shape, Some((x, y)));
                } else {
                    secondary(&shape, at);
                }
            });
            *self.resting.borrow_mut() = Some((rests, x, y));
        }
    }

    pub(crate) fn go_on(&self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let rests = |&(_, from_x, from_y): &(Timeout, f64, f64)| (x - from_x).hypot(y - from_y) < REST_MAX;
        if self.resting.borrow().as_ref().is_some_and(|resting| !rests(resting)) {
            self.resting.take();
        }
    }

    /// The finger is lifted: that is no click if it has opened the menu.
    pub(crate) fn end(&self, event: &TouchEvent) {
        self.resting.take();
        if self.opened.replace(false) {
            event.prevent_default();
        }
    }

    /// The browser has taken the gesture over, to scroll.
    pub(crate) fn cancel(&self) {
        self.resting.take();
    }
}

/// Puts it where all of it can be seen.
fn place(menu: &HtmlElement, root: &Element, x: f64, y: f64) {
    let Some(window) = web_sys::window() else { return };
    let size = |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|size| size.as_f64()).unwrap_or(f64::MAX);
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let (bounds, own) = (root.get_bounding_client_rect(), menu.get_bounding_client_rect());
    let within = |at: f64, length: f64, from: f64, to: f64| at.min(to - MARGIN - length).max(from + MARGIN);
    let left = within(x, own.width(), bounds.left().max(0.0), bounds.right().min(width));
    // A playground that is lower than its menu lets it stand out, but never beyond the window.
    let top = within(y, own.height(), bounds.top().max(0.0), bounds.bottom().min(height));
    let top = within(top, own.height(), 0.0, height);
    let style = menu.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

fn menu_of(target: Option<web_sys::EventTarget>) -> Option<HtmlElement> {
    let element = target?.dyn_into::<Element>().ok()?;
    element.closest(".menu").ok()??.dyn_into().ok()
}

/// Closes it, and gives the focus back.
fn close(menu: &HtmlElement) {
    let root = menu.closest(".playground").ok().flatten();
    let opener = match menu.get_attribute("data-from").filter(|server| !server.is_empty()) {
        Some(server) => format!("[data-server='{server}']"),
        None => ".opens-menu".to_owned(),
    };
    let _ = menu.hide_popover();
    if let Some(opener) = root.and_then(|root| root.query_selector(&opener).ok().flatten()) {
        let _ = opener.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Keys are the menu's own while it has the focus.
fn on_key(event: &KeyboardEvent) {
    event.stop_propagation();
    let Some(menu) = menu_of(event.target()) else { return };
    match event.key().as_str() {
        "Escape" | "Tab" => close(&menu),
        key if popover::move_focus(&menu, key) => {}
        _ => return,
    }
    event.prevent_default();
}

/// A press elsewhere closes it.
fn on_focus_out(event: &FocusEvent) {
    let Some(menu) = menu_of(event.target()) else { return };
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    if !menu.contains(to.as_ref()) || to.is_none() {
        let _ = menu.hide_popover();
    }
}
