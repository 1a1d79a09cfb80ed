//! Room for details: where they open over the ring or out of sight the page goes up, and back when they close.
//!
//! Whoever has pressed a server may press it again, and is to find it where it was: beside the ring the page goes up and
//! the ring is held; under a sheet, as on a phone, the page waits until nobody presses again without looking first, unless the
//! sheet is already where the finger is.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlElement, ScrollBehavior, ScrollToOptions, Window};
use yew::Callback;

use crate::app::media;

/// So much of the details is to be in sight, in pixels.
const SEEN: f64 = 300.0;
/// Or so much, where the pointer is on the logs above them: what is under it does not move if it need not.
const SEEN_MIN: f64 = 90.0;
/// So long somebody may press the same once more without looking first, in milliseconds.
const AGAIN_MS: u32 = 3_000;
/// So long the page takes to go anywhere, in milliseconds.
const WAY_MS: u32 = 1_000;
/// Whoever is no further from where the page went has not gone elsewhere, in pixels.
const NEAR: f64 = 60.0;
/// Where the stage is held, for the style.
const HELD: &str = "--stage-top";

/// What is done to make room for details, and to take it back.
pub(crate) struct Room {
    /// Whether details stood there when they were rendered last.
    had_details: bool,
    /// Whether room is to be made, as soon as nothing is pressed: what is under a pointer stays there.
    wanted: bool,
    /// Runs while somebody may press the same once more.
    again: Option<Timeout>,
    on_again_over: Callback<()>,
    /// From where to where the page went.
    went: Option<[f64; 2]>,
    /// Where the page was when the stage was held.
    held_at: Option<f64>,
}

impl Room {
    /// `on_again_over` is called when [`Room::again_is_over`] is to be.
    pub(crate) fn new(on_again_over: Callback<()>) -> Room {
        Room {
            had_details: false,
            wanted: false,
            again: None,
            on_again_over,
            went: None,
            held_at: None,
        }
    }

    /// After something was drawn, perhaps details; `is_pressed` while a pointer presses something.
    pub(crate) fn rendered(&mut self, root: &Element, has_details: bool, is_pressed: bool) {
        let had_details = std::mem::replace(&mut self.had_details, has_details);
        if had_details && !has_details {
            (self.wanted, self.again) = (false, None);
            self.take_back();
        }
        if has_details && !had_details {
            (self.wanted, self.again) = (true, None);
        }
        self.let_go_if_back(root);
        self.make(root, is_pressed);
    }

    /// Nothing is pressed any more.
    pub(crate) fn released(&mut self, root: &Element) {
        if self.again.is_some() {
            self.wait(AGAIN_MS);
        } else {
            self.make(root, false);
        }
    }

    /// Nobody presses the same once more; or the page is back.
    pub(crate) fn again_is_over(&mut self, root: &Element, is_pressed: bool) {
        self.again = None;
        if self.wanted && !is_pressed {
            self.wanted = false;
            self.go(root);
        }
        self.let_go_if_back(root);
    }

    fn let_go_if_back(&mut self, root: &Element) {
        let is_back = |at: f64| scrolled().is_some_and(|now| now <= at);
        if !self.had_details && self.held_at.is_some_and(is_back) {
            // Here it stands where it is held, anyway.
            self.held_at = None;
            hold(root, None);
        }
    }

    fn make(&mut self, root: &Element, is_pressed: bool) {
        if !self.wanted || is_pressed || self.again.is_some() {
            return;
        }
        if is_over(root) && is_still_pointed(root) {
            self.wait(AGAIN_MS);
        } else {
            self.wanted = false;
            self.go(root);
        }
    }

    fn wait(&mut self, ms: u32) {
        let on_over = self.on_again_over.clone();
        self.again = Some(Timeout::new(ms, move || on_over.emit(())));
    }

    fn go(&mut self, root: &Element) {
        let (Some(by), Some(from)) = (too_low(root).filter(|by| *by >= 1.0), scrolled()) else {
            return;
        };
        if !is_over(root)
            && let Some(stage) = area(root, ".stage")
        {
            hold(root, Some(stage.top()));
            self.held_at = Some(from);
        }
        self.went = Some([from, f64::min(from + by, from + below(root))]);
        scroll_to(from + by);
    }

    /// Unless the reader has gone elsewhere: the ring is held then until they are back.
    fn take_back(&mut self) {
        // Or still on the way, or brought a little further to show what is pressed.
        let is_there = |from: f64, to: f64| scrolled().is_some_and(|now| now > from - NEAR && now < to + NEAR);
        if let Some([from, to]) = self.went.take()
            && is_there(from, to)
        {
            scroll_to(from);
            self.wait(WAY_MS);
        }
    }
}

/// How far the page has to go up for the details. On a phone they lie over the lower part of the ring, as long as something
/// stands above that. Beside the ring they may open behind the controls of time, below the logs of many servers.
fn too_low(root: &Element) -> Option<f64> {
    let (details, ring) = (area(root, ".details")?, area(root, ".picture")?);
    if is_over(root) {
        return Some(f64::min(ring.bottom() - details.top(), ring.top()));
    }
    let dock = area(root, ".transport").filter(|_| ring_stays(root))?;
    // All stages of a write: the button that does them stays under the pointer.
    let seen = area(root, ".write-details").map_or(SEEN, |it| it.height());
    let enough = if area(root, ".logs:hover").is_some() {
        SEEN_MIN
    } else {
        seen
    };
    // Of who reads further below it is not to be brought back.
    let lacks = |seen| details.top() + f64::min(details.height(), seen) - dock.top();
    (lacks(enough) > 0.0).then(|| lacks(seen))
}

/// Whether the details lie over the ring and not beside it.
fn is_over(root: &Element) -> bool {
    let (Some(details), Some(ring)) = (area(root, ".details"), area(root, ".picture")) else {
        return false;
    };
    details.left() < ring.right() && details.right() > ring.left()
}

/// Whether a pointer is on the ring, and what it has pressed there is not covered.
fn is_still_pointed(root: &Element) -> bool {
    let pressed = || area(root, ".picture .selected .outline").or_else(|| area(root, ".picture .selected"));
    let is_covered = |details: DomRect| pressed().is_some_and(|it| (it.top() + it.bottom()) / 2.0 >= details.top());
    area(root, ".picture:hover").is_some() && !area(root, ".details").is_some_and(is_covered)
}

/// Whether the ring stays in sight while the page is scrolled.
fn ring_stays(root: &Element) -> bool {
    let stage = root.query_selector(".stage").ok().flatten();
    let style = stage.and_then(|stage| window()?.get_computed_style(&stage).ok()?);
    style.is_some_and(|style| style.get_property_value("position").is_ok_and(|it| it == "sticky"))
}

fn hold(root: &Element, top: Option<f64>) {
    let Some(root) = root.dyn_ref::<HtmlElement>() else {
        return;
    };
    let _ = match top {
        Some(top) => root.style().set_property(HELD, &format!("{top}px")),
        None => root.style().remove_property(HELD).map(|_| ()),
    };
}

fn area(root: &Element, selector: &str) -> Option<DomRect> {
    Some(root.query_selector(selector).ok()??.get_bounding_client_rect())
}

fn window() -> Option<Window> {
    web_sys::window()
}

/// How far the page is scrolled.
fn scrolled() -> Option<f64> {
    window()?.scroll_y().ok()
}

/// How far it can still be.
fn below(root: &Element) -> f64 {
    let page = root.owner_document().and_then(|document| document.document_element());
    let (Some(page), Some(now)) = (page, scrolled()) else {
        return 0.0;
    };
    f64::max(f64::from(page.scroll_height() - page.client_height()) - now, 0.0)
}

fn scroll_to(top: f64) {
    let options = ScrollToOptions::new();
    options.set_top(top);
    options.set_behavior(if media("(prefers-reduced-motion: reduce)") {
        ScrollBehavior::Instant
    } else {
        ScrollBehavior::Smooth
    });
    if let Some(window) = window() {
        window.scroll_to_with_scroll_to_options(&options);
    }
}
