//! The past as lanes, one a server, on the slider that goes there.

use std::rc::Rc;

use raft_playground::layout::{share, time_at};
use raft_playground::palette::term_class;
use raft_playground::scene::{Lane, Mark, MarkKind, Role, Stretch};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::server::role_class;

/// The distance from lane to lane, in pixels.
const LANE: f64 = 18.0;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lanes: Rc<[Lane]>,
    pub(crate) marks: Rc<[Mark]>,
    pub(crate) span_us: u64,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The lanes and the time slider that they are. The painter moves the cursor and lets the last stretches grow.
#[component]
pub(crate) fn LanesView(props: &Props) -> Html {
    let Props { lanes, marks, span_us, lang, .. } = props;
    let to_pointer = use_callback((*span_us, props.on_action.clone()), |event: PointerEvent, (span_us, on_action)| {
        let Some(slider) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let pressed = event.type_() == "pointerdown";
        if event.button() > 0 || !(pressed || slider.has_pointer_capture(event.pointer_id())) {
            return;
        }
        if pressed {
            let _ = slider.set_pointer_capture(event.pointer_id());
        }
        let area = slider.get_bounding_client_rect();
        let along = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
        on_action.emit(Action::SeekTo { us: time_at(along, *span_us) });
    });
    let on_key = use_callback((*span_us, props.on_action.clone()), |event: KeyboardEvent, (span_us, on_action)| {
        let slider = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let now_ms = slider.and_then(|slider| slider.get_attribute("aria-valuenow")).and_then(|now| now.parse::<u64>().ok());
        let (Some(now_ms), false) = (now_ms, event.ctrl_key() || event.meta_key() || event.alt_key()) else { return };
        let (now, step, page) = (now_ms * 1_000, span_us / 200, span_us / 20);
        let us = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(step),
            "ArrowRight" | "ArrowUp" => now + step,
            "PageDown" => now.saturating_sub(page),
            "PageUp" => now + page,
            "Home" => 0,
            "End" => *span_us,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        on_action.emit(Action::SeekTo { us });
    });
    let height = LANE * lanes.len() as f64;
    html! {
        <div class="timeline">
            <div class="lane-names" aria-hidden="true">
                { for lanes.iter().map(|lane| html! { <span key={lane.server}>{ Text::ServerName(lane.server).text(*lang) }</span> }) }
            </div>
            <div class="lanes" role="slider" tabindex="0" aria-label={Text::TimeSlider.text(*lang)} aria-valuemin="0"
                aria-valuemax={(span_us / 1_000).to_string()} onpointerdown={to_pointer.clone()} onpointermove={to_pointer}
                onkeydown={on_key}>
                <svg height={height.to_string()} aria-hidden="true">
                    <defs>
                        <pattern id="down" width="7" height="18" patternUnits="userSpaceOnUse">
                            <path class="down" d="M0.5 7.5H4.5M0.5 10.5H4.5" />
                        </pattern>
                    </defs>
                    { for lanes.iter().enumerate().map(|(row, lane)| html! {
                        <LaneView key={lane.server} lane={lane.clone()} {row} span_us={*span_us} />
                    }) }
                    <Marks marks={marks.clone()} lanes={lanes.len()} span_us={*span_us} lang={*lang} />
                    <svg class="cursor" overflow="visible">
                        <line y1="0" y2={height.to_string()} />
                        <circle cy="-1" r="5" />
                    </svg>
                </svg>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LaneProps {
    lane: Lane,
    row: usize,
    span_us: u64,
}

#[component]
fn LaneView(props: &LaneProps) -> Html {
    let LaneProps { lane, row, span_us } = props;
    let last = lane.stretches.len().saturating_sub(1);
    html! {
        <g transform={format!("translate(0 {})", LANE * *row as f64)}>
            <rect class="lane" y="7" height="4" width="100%" rx="2" />
            { for lane.stretches.iter().enumerate().map(|(i, stretch)| {
                let Stretch { from_us, role, term } = *stretch;
                // Roles are told by height too.
                let (y, height) = match role {
                    Role::Leader => ("3.5", "11"),
                    Role::Candidate => ("4.5", "9"),
                    Role::Follower => ("6.5", "5"),
                    Role::Crashed => ("0", "18"),
                };
                let until = lane.stretches.get(i + 1).map(|next| next.from_us);
                let width = until.map(|until| percent(until.saturating_sub(from_us), *span_us));
                let class = classes!("stretch", role_class(role), term_class(term), (i == last).then_some("growth"));
                html! { <rect key={i} {class} x={percent(from_us, *span_us)} {y} {height} {width} rx="1" /> }
            }) }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct MarksProps {
    marks: Rc<[Mark]>,
    lanes: usize,
    span_us: u64,
    lang: Lang,
}

#[component]
fn Marks(props: &MarksProps) -> Html {
    let MarksProps { marks, lanes, span_us, lang } = props;
    html! {
        <g class="marks">
            { for marks.iter().filter(|mark| (1..=*lanes as u64).contains(&mark.server)).map(|mark| {
                let y = LANE * (mark.server - 1) as f64 + LANE / 2.0;
                let Mark { at_us, server, kind } = *mark;
                html! {
                    <svg x={percent(at_us, *span_us)} y={y.to_string()} overflow="visible">
                        <title>{ Text::Mark { kind, server, at_us }.text(*lang) }</title>
                        { picture(kind) }
                    </svg>
                }
            }) }
        </g>
    }
}

fn picture(kind: MarkKind) -> Html {
    match kind {
        MarkKind::Elected => html! { <polygon class="elected" points="0,-5 4.4,-2.5 4.4,2.5 0,5 -4.4,2.5 -4.4,-2.5" /> },
        MarkKind::Crashed => html! { <path class="no" d="M-3 -3L3 3M3 -3L-3 3" /> },
        MarkKind::Restarted => html! { <circle class="restarted" r="3" /> },
        MarkKind::Committed => html! { <path class="committed" d="M0 -5.5V5.5" /> },
        MarkKind::Violated => html! { <path class="violated" d="M0 -7L7 0L0 7L-7 0Z" /> },
    }
}

fn percent(us: u64, span_us: u64) -> String {
    format!("{:.2}%", share(us, 0, span_us) * 100.0)
}
