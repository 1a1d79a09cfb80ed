//! The arc of a timer: all its lengths one below the other, in a window through which one is seen.
//!
//! A browser that is told another length paints it, and all that stands with it; a strip that has been painted once it
//! only moves, see [`crate::course`]. Turned halves of a ring would not do: only what stays upright it moves for nothing.

use std::fmt::Write as _;

use raft_playground::layout::{Point, Ring, tenths};
use raft_playground::scene::{Role, Server};
use web_sys::HtmlElement;
use yew::{Html, html};

use crate::course::Stage;

/// So many lengths there are, besides none: the end of an arc moves by less than two units at a time.
const LENGTHS: u32 = 120;
/// So many are of one path. A browser paints a path as a whole, and of a strip at first only what is near.
const TOGETHER: u32 = 10;
/// How far the window reaches beyond the middle of the line: more than half of its width.
const MARGIN: f64 = 3.0;

/// How far an arc is from the middle of its server.
pub(crate) fn radius(server: &Server, ring: &Ring) -> f64 {
    ring.radius + if server.role == Role::Follower { 2.0 } else { 10.0 }
}

/// Puts the window of an arc around its server.
pub(crate) fn place(window: &HtmlElement, server: &Server, ring: &Ring) {
    let Point { x, y } = ring.place(server.id);
    // The lengths lie alike between pixels only if the window is as high as whole ones of the screen, which may be smaller.
    let pixels = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let numbers = [("--x", x), ("--y", y), ("--half", radius(server, ring) + MARGIN)];
    let numbers = numbers.map(|(name, value)| (name, tenths(value).to_string()));
    for (name, value) in numbers.into_iter().chain([("--pixel", format!("{}px", 1.0 / pixels))]) {
        // What is written, though it is the same, is looked at anew.
        if window.style().get_property_value(name).as_deref() != Ok(&value) {
            let _ = window.style().set_property(name, &value);
        }
    }
}

/// All lengths of an arc that begins at the top, from the whole circle on.
pub(crate) fn strip(radius: f64) -> Html {
    let half = radius + MARGIN;
    let outlines = (0..LENGTHS / TOGETHER).map(|part| outline(radius, part * TOGETHER..(part + 1) * TOGETHER));
    let [from, wide, long] = [-half, 2.0 * half, 2.0 * half * f64::from(LENGTHS)].map(tenths);
    html! {
        <svg viewBox={format!("{from} {from} {wide} {long}")} height={format!("{}%", 100 * LENGTHS)} preserveAspectRatio="none">
            { for outlines.map(|d| html! { <path class="timer-arc" {d} /> }) }
        </svg>
    }
}

/// Some of the lengths.
fn outline(radius: f64, gone: std::ops::Range<u32>) -> String {
    let mut d = String::new();
    let r = tenths(radius);
    for gone in gone {
        let y = 2.0 * (radius + MARGIN) * f64::from(gone);
        let [top, bottom] = [y - radius, y + radius].map(tenths);
        let (sin, cos) = (std::f64::consts::TAU * (1.0 - share(gone))).sin_cos();
        let (to_x, to_y) = (tenths(radius * sin), tenths(y - radius * cos));
        let _ = write!(d, "M0 {top}");
        // An arc of more than a half is drawn as two: its ends may be too near each other to say which way it goes.
        if share(gone) < 0.5 {
            let _ = write!(d, "A{r} {r} 0 0 1 0 {bottom}");
        }
        let _ = write!(d, "A{r} {r} 0 0 1 {to_x} {to_y}");
    }
    d
}

fn share(gone: u32) -> f64 {
    f64::from(gone) / f64::from(LENGTHS)
}

/// From the whole circle to nothing, one length after the other.
pub(crate) fn stages() -> [Stage; 2] {
    [(0.0, 0), (1.0, LENGTHS + 1)].map(|(offset, gone)| Stage {
        offset,
        transform: Some(format!("translateY(calc(-100% * {gone} / {LENGTHS}))")),
        opacity: None,
        easing: Some(format!("steps({})", LENGTHS + 1)),
    })
}

/// How far along its stages an arc is of which such a share is left.
pub(crate) fn along(left: f64) -> f64 {
    let gone = ((1.0 - left) * f64::from(LENGTHS)).floor();
    // In the middle of a step no rounding matters.
    (gone + 0.5) / f64::from(LENGTHS + 1)
}
