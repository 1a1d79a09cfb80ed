//! The past as lanes, one a server, on the slider that goes there.

use std::rc::Rc;

use raft_playground::layout::{self, is_dense, mark_at, share, tenths, time_at};
use raft_playground::palette::term_class;
use raft_playground::scene::{Lane, Mark, MarkKind, Role, Stretch};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::painter::write_text;
use crate::server::role_class;
use crate::transport::acting;

/// The distance from lane to lane, in pixels.
const LANE: u64 = 16;
/// How far the mark of a commit reaches from the middle of its lane.
const COMMIT: f64 = 5.5;
/// So many marks are made anew together: hundreds are there, and only the last ones come.
const TOGETHER: usize = 32;
/// Whoever presses so near a mark, in pixels, means the mark.
const REACH: f64 = 12.0;

/// The lanes and the time slider that they are. What has come last reaches to the right end; the painter uncovers it as time
/// goes on, and moves the cursor. Both are boxes: a browser moves those without painting anything anew.
pub(crate) fn view(lanes: &[Lane], marks: &Rc<[Mark]>, span_us: u64, lang: Lang, on_action: &Callback<Action>) -> Html {
    let by_server: Rc<[u64]> = lanes.iter().map(|lane| lane.server).collect();
    let to_pointer = acting(on_action, {
        let marks = Rc::clone(marks);
        move |event: PointerEvent| {
            let slider = slider(&event)?;
            point(&slider, &event, span_us, lang);
            let mut us = time_at(drag(&slider, &event)?, span_us);
            if event.type_() == "pointerdown" {
                let area = slider.get_bounding_client_rect();
                let past = slider.query_selector(".past").ok()??.get_bounding_client_rect();
                // In a short window the lanes are lower.
                let along = (f64::from(event.client_y()) - past.top()) / past.height().max(1.0);
                let row = along * by_server.len() as f64;
                let server = by_server.get(row.max(0.0) as usize).copied().unwrap_or_default();
                let reach_us = (REACH / area.width().max(1.0) * span_us as f64) as u64;
                us = mark_at(&marks, server, us, reach_us).map_or(us, |mark| mark.at_us);
            }
            Some(Action::SeekTo { us })
        }
    });
    let on_key = acting(on_action, move |event: KeyboardEvent| {
        let us = key_to(&slider(&event)?, &event, span_us)?;
        event.prevent_default();
        event.stop_propagation();
        Some(Action::SeekTo { us })
    });
    let height = LANE * lanes.len() as u64;
    html! {
        <div class="timeline">
            <div class="lane-names" aria-hidden="true">
                { for lanes.iter().map(|lane| html! { <span key={lane.server}>{ Text::ServerName(lane.server).text(lang) }</span> }) }
            </div>
            <div class={classes!("lanes", is_dense(lanes.len()).then_some("dense"))} role="slider" tabindex="0" aria-label={Text::TimeSlider.text(lang)} aria-valuemin="0"
                aria-valuemax={(span_us / 1_000).to_string()} onpointerdown={to_pointer.clone()} onpointermove={to_pointer}
                onkeydown={on_key}>
                <svg class="past" height={height.to_string()} aria-hidden="true">
                    <defs>
                        <pattern id="down" width="7" height="16" patternUnits="userSpaceOnUse">
                            <path class="down" d="M0.5 6.5H4.5M0.5 9.5H4.5" />
                        </pattern>
                    </defs>
                    { for (0..).zip(lanes.iter()).map(|(row, lane)| html! {
                        <Memo key={lane.server} part={Part::Lane(LaneProps { lane: lane.clone(), row, span_us })} />
                    }) }
                </svg>
                <div class="layer" aria-hidden="true">
                    <div class="to-come">
                        <svg height={height.to_string()}>{ for (0..lanes.len() as u64).map(empty) }</svg>
                    </div>
                </div>
                <svg class="now" aria-hidden="true">
                    <g>
                        <g class="marks">{ for (0_u64..).zip(marks.chunks(TOGETHER)).map(|(key, marks)| html! {
                            <Memo {key} part={Part::Marks(MarksProps { marks: marks.into(), span_us, height, lang })} />
                        }) }</g>
                        <svg class="pointed" overflow="visible">
                            <line y1="0" y2={height.to_string()} />
                            <text y="11"></text>
                        </svg>
                    </g>
                </svg>
                <div class="layer" aria-hidden="true"><div class="cursor" /></div>
            </div>
        </div>
    }
}

/// The slider, of which something has got an event.
fn slider(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".lanes").ok()?
}

/// Says which time a pointer is at: of what is shown, only that is not in a scene.
fn point(slider: &Element, event: &PointerEvent, span_us: u64, lang: Lang) {
    let area = slider.get_bounding_client_rect();
    let along = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
    let Ok(Some(pointed)) = slider.query_selector(".pointed") else {
        return;
    };
    let us = time_at(along, span_us);
    let _ = pointed.set_attribute("x", &percent(us, span_us));
    let _ = pointed.set_attribute("class", if along > 0.5 { "pointed late" } else { "pointed" });
    if let Some(text) = pointed.last_element_child() {
        write_text(&text, &Text::Time { us }.text(lang));
    }
}

/// Where a pointer is that presses the slider, from 0 to 1. It may leave the slider while it is held.
fn drag(slider: &Element, event: &PointerEvent) -> Option<f64> {
    let pressed = event.type_() == "pointerdown" && event.button() == 0;
    if pressed {
        slider.set_pointer_capture(event.pointer_id()).ok()?;
    } else if !slider.has_pointer_capture(event.pointer_id()) {
        return None;
    }
    let area = slider.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - area.left()) / area.width().max(1.0))
}

/// Where a key leads on the slider, in microseconds of the cluster.
fn key_to(slider: &Element, event: &KeyboardEvent, span_us: u64) -> Option<u64> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let now_us = slider.get_attribute("aria-valuenow")?.parse::<u64>().ok()? * 1_000;
    let (step, page) = (span_us / 200, span_us / 20);
    match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => Some(now_us.saturating_sub(step)),
        "ArrowRight" | "ArrowUp" => Some(now_us + step),
        "PageDown" => Some(now_us.saturating_sub(page)),
        "PageUp" => Some(now_us + page),
        "Home" => Some(0),
        "End" => Some(span_us),
        _ => None,
    }
}

#[derive(PartialEq)]
pub(crate) struct LaneProps {
    lane: Lane,
    row: u64,
    span_us: u64,
}

/// The stretches of a lane; the last one as long as there is room.
pub(crate) fn past(props: &LaneProps) -> Html {
    let LaneProps { lane, row, span_us } = props;
    html! {
        <g>
            { empty(*row) }
            { for lane.stretches.iter().enumerate().map(|(place, &it)| {
                let next = lane.stretches.get(place + 1);
                stretch(it, next.map_or(*span_us, |next| next.from_us), *row, *span_us)
            }) }
        </g>
    }
}

/// A lane in which nothing has happened.
fn empty(row: u64) -> Html {
    html! { <rect class="lane" y={(LANE * row + 6).to_string()} height="4" width="100%" /> }
}

/// A time in which a server has one role in one term.
fn stretch(Stretch { from_us, role, term }: Stretch, until_us: u64, row: u64, span_us: u64) -> Html {
    // Roles are told by height too.
    let height = match role {
        Role::Leader => 11,
        Role::PreCandidate | Role::Candidate => 8,
        Role::Follower => 5,
        Role::Crashed => LANE,
    };
    let middle = (LANE * row + LANE / 2) as f64;
    let (y, height) = (tenths(middle - height as f64 / 2.0).to_string(), height.to_string());
    let width = percent(until_us.saturating_sub(from_us), span_us);
    let class = classes!("stretch", role_class(role), term_class(term));
    html! { <rect {class} x={percent(from_us, span_us)} {y} {height} {width} rx="1" /> }
}

#[derive(PartialEq)]
pub(crate) struct MarksProps {
    marks: Rc<[Mark]>,
    span_us: u64,
    height: u64,
    lang: Lang,
}

/// Some marks that follow one another.
pub(crate) fn marks(props: &MarksProps) -> Html {
    let MarksProps {
        marks,
        span_us,
        height,
        lang,
    } = props;
    html! { <>{ for keyed(marks).map(|(key, mark)| self::mark(mark, key, *span_us, *height, *lang)) }</> }
}

/// Marks that keep their elements when others come: without keys each would take over the next one's.
fn keyed(marks: &[Mark]) -> impl Iterator<Item = (u64, &Mark)> {
    let mut last = (0, 0);
    marks.iter().map(move |mark| {
        // Several may be of one time.
        let nth = if last.0 == mark.at_us { last.1 + 1 } else { 0 };
        last = (mark.at_us, nth);
        (mark.at_us * 64 + nth, mark)
    })
}

fn mark(mark: &Mark, key: u64, span_us: u64, height: u64, lang: Lang) -> Html {
    let Mark { at_us, server, kind } = *mark;
    // What concerns the cluster as a whole goes through all lanes.
    let is_of_all = server == 0;
    let y = if is_of_all { 0 } else { LANE * server - LANE / 2 };
    let (x, title) = (percent(at_us, span_us), Text::Mark { kind, server, at_us }.text(lang));
    let picture = match kind {
        MarkKind::Committed => {
            // There are hundreds of them. A line needs no place of its own, which costs the browser something in every
            // picture.
            let [y1, y2] = [-COMMIT, COMMIT].map(|half| tenths(y as f64 + half).to_string());
            return html! { <line {key} class="committed" x1={x.clone()} x2={x} {y1} {y2}><title>{ title }</title></line> };
        }
        MarkKind::Elected => {
            html! { <polygon class="elected" points="0,-5 4.4,-2.5 4.4,2.5 0,5 -4.4,2.5 -4.4,-2.5" /> }
        }
        MarkKind::Crashed => html! { <path class="no" d="M-3 -3L3 3M3 -3L-3 3" /> },
        MarkKind::Restarted => html! { <circle class="restarted" r="3" /> },
        MarkKind::Violated => html! { <path class="violated" d="M0 -7L7 0L0 7L-7 0Z" /> },
    };
    html! {
        <svg {key} {x} y={y.to_string()} overflow="visible">
            <title>{ title }</title>
            if is_of_all { <path class="of-all" d={format!("M0 0V{height}")} /> }
            { picture }
        </svg>
    }
}

/// How far along a time is.
pub(crate) fn percent(us: u64, span_us: u64) -> String {
    layout::percent(share(us, 0, span_us), 1.0)
}
