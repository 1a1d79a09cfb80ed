//! The links of the ring: faint, and each a button that cuts and heals it; the secondary button or a long press only
//! selects it. What is cut is dotted, with a cross where nothing comes through.
//!
//! Links cross and meet, and what pointers reach of them is wide: the nearest is meant, whichever lies above.

use std::rc::Rc;

use raft_playground::layout::{Point, RING_HEIGHT, RING_WIDTH, Ring, point_in_ring, tenths};
use raft_playground::scene::{Link, Selection};
use raft_playground::session::Action;
use raft_playground::text::{Lang, NetworkWords as Words};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// As far from a link pointers reach it, in pixels: half of the width of what they reach, and a little.
const REACH_PX: f64 = 14.0;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) links: Rc<[Link]>,
    pub(crate) servers: usize,
    /// The ends of the selected link, if one is.
    pub(crate) selected: Option<(u64, u64)>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// All links: one stop of Tab, the arrows go on to the others.
pub(crate) fn view(props: &Props) -> Html {
    let ring = Ring::new(props.servers);
    let tab_stop = props.selected.unwrap_or((1, 2));
    html! {
        <g class="links" role="group" aria-label={Words::Links.text(props.lang)} onpointermove={point(props.servers)}>
            { for props.links.iter().map(|link| {
                let ends = (link.a, link.b);
                self::link(link, &ring, props.selected == Some(ends), tab_stop == ends, props)
            }) }
            // Above all lines.
            <g class="crosses">{ for props.links.iter().map(|link| crosses(link, &ring)) }</g>
        </g>
    }
}

/// The ends of the link that a pointer means which has reached another; that other if no pointer did.
fn meant(event: &MouseEvent, reached: (u64, u64), servers: usize) -> (u64, u64) {
    let picture = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok()?.closest(".ring").ok()?);
    let Some(area) = picture.map(|picture| picture.get_bounding_client_rect()) else {
        return reached;
    };
    let x = f64::from(event.client_x()) - area.left();
    let y = f64::from(event.client_y()) - area.top();
    let point = point_in_ring(x, y, area.width(), area.height());
    let scale = (area.width() / RING_WIDTH).min(area.height() / RING_HEIGHT).max(0.1);
    let ring = Ring::new(servers);
    // A press of a key is nowhere near.
    if ring.distance_to_link(reached.0, reached.1, point) * scale > REACH_PX {
        return reached;
    }
    ring.link_at(point).unwrap_or(reached)
}

/// Notes which link a pointer means, for the style to say.
fn point(servers: usize) -> Callback<PointerEvent> {
    Callback::from(move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(link) = target.and_then(|target| target.closest("[data-link]").ok().flatten()) else {
            return;
        };
        let (Some(reached), Some(group)) = (ends(&link), link.parent_element()) else {
            return;
        };
        let (a, b) = meant(&event, reached, servers);
        let pointed = group.query_selector(&format!("[data-link='{a} {b}']")).ok().flatten();
        let before = group.query_selector("[data-pointed]").ok().flatten();
        if before != pointed {
            if let Some(before) = before {
                let _ = before.remove_attribute("data-pointed");
            }
            if let Some(pointed) = pointed {
                let _ = pointed.set_attribute("data-pointed", "");
            }
        }
    })
}

/// Where nothing comes through.
fn crosses(link: &Link, ring: &Ring) -> Html {
    let Link { a, b, .. } = *link;
    let [middle, at_b, at_a] = ring.crosses(a, b);
    match (link.cut_there, link.cut_back) {
        (false, false) => Html::default(),
        (true, true) => cross(middle),
        (true, false) => one_way(middle, at_b, ring.heading(a, b)),
        (false, true) => one_way(middle, at_a, ring.heading(b, a)),
    }
}

fn link(link: &Link, ring: &Ring, selected: bool, tab_stop: bool, props: &Props) -> Html {
    let Props { lang, on_action, .. } = props;
    let Link { a, b, .. } = *link;
    let (from, to) = ring.link(a, b);
    let line = |class: &'static str| {
        let [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(|at| tenths(at).to_string());
        html! { <line {class} {x1} {y1} {x2} {y2} /> }
    };
    let select = Action::Select(Selection::Link(a, b));
    let servers = props.servers;
    let meant = move |event: &MouseEvent| meant(event, (a, b), servers);
    let on_click = on_action.reform({
        let on_action = on_action.clone();
        move |event: MouseEvent| {
            let (a, b) = meant(&event);
            on_action.emit(Action::Select(Selection::Link(a, b)));
            Action::ToggleLink { a, b }
        }
    });
    // A press may be the beginning of a line across the ring: only a click selects.
    let on_focus = {
        let on_action = on_action.clone();
        Callback::from(move |event: FocusEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if !target.is_some_and(|target| target.matches(":active").unwrap_or(false)) {
                on_action.emit(select.clone());
            }
        })
    };
    let on_menu = on_action.reform(move |event: MouseEvent| {
        event.prevent_default();
        let (a, b) = meant(&event);
        Action::Select(Selection::Link(a, b))
    });
    let class = classes!(
        "link",
        (link.cut_there && link.cut_back).then_some("cut"),
        link.set_alone.then_some("set-alone"),
        selected.then_some("selected")
    );
    let hint = if link.is_cut() {
        Words::ClickHeals
    } else {
        Words::ClickCuts
    }
    .text(*lang);
    let [middle, ..] = ring.crosses(a, b);
    html! {
        <g {class} key={format!("{a} {b}")} role="button" tabindex={if tab_stop { "0" } else { "-1" }}
            data-link={format!("{a} {b}")} aria-label={name(link, *lang)} onclick={on_click} onfocus={on_focus} oncontextmenu={on_menu}>
            { line("link-hit") }
            { line("link-line") }
            <text class="link-hint" x={tenths(middle.x).to_string()} y={tenths(middle.y).to_string()} dy="-0.9em">{ hint }</text>
        </g>
    }
}

fn cross(Point { x, y }: Point) -> Html {
    let transform = format!("translate({} {})", tenths(x), tenths(y));
    html! {
        <g {transform}><g class="glyph">
            <circle class="cross-ground" r="9" />
            <path class="cut-cross" d="M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5" />
        </g></g>
    }
}

/// From the middle on nothing gets any further than the cross.
fn one_way(middle: Point, end: Point, heading: f64) -> Html {
    let way = format!(
        "M{} {}L{} {}",
        tenths(middle.x),
        tenths(middle.y),
        tenths(end.x),
        tenths(end.y)
    );
    let transform = format!(
        "translate({} {}) rotate({})",
        tenths(middle.x),
        tenths(middle.y),
        tenths(heading)
    );
    html! {
        <>
            <path class="cut-way" d={way} />
            <path class="cut-arrow" {transform} d="M-6 -6L6 0L-6 6Z" />
            { cross(end) }
        </>
    }
}

/// A link and its state, for the ear.
fn name(link: &Link, lang: Lang) -> String {
    let Link { a, b, .. } = *link;
    let state = match (link.cut_there, link.cut_back) {
        (false, false) => Words::Whole,
        (true, true) => Words::CutBoth,
        (true, false) => Words::CutOneWay(a, b),
        (false, true) => Words::CutOneWay(b, a),
    };
    [Words::Link(a, b), state]
        .map(|words| words.text(lang))
        .join(match lang {
            Lang::En => ", ",
            Lang::Zh => "，",
        })
}

/// The ends of the link that is this element.
pub(crate) fn ends(element: &Element) -> Option<(u64, u64)> {
    let ends = element.get_attribute("data-link")?;
    let (a, b) = ends.split_once(' ')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

/// Moves the focus to the link so many places on, which selects it.
pub(crate) fn focus_next(target: &Element, step: i64) {
    let links = target
        .parent_element()
        .and_then(|group| group.query_selector_all("[data-link]").ok());
    let Some(links) = links else { return };
    let count = links.length();
    let here = (0..count).find(|&place| links.item(place).as_ref() == Some(target.as_ref()));
    let next = here.map(|here| (i64::from(here) + step).rem_euclid(i64::from(count)));
    let next = next.and_then(|next| links.item(u32::try_from(next).ok()?));
    if let Some(next) = next {
        let _ = next.unchecked_into::<HtmlElement>().focus();
    }
}
