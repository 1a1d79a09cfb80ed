//! The past as lanes, one a server, on the slider that goes there.

use std::rc::Rc;

use raft_playground::layout::{share, time_at};
use raft_playground::palette::term_class;
use raft_playground::scene::{Lane, Mark, MarkKind, Role, Stretch};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use web_sys::Element;
use yew::prelude::*;

use crate::server::role_class;

/// The distance from lane to lane, in pixels.
const LANE: f64 = 16.0;

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
    let Props {
        lanes,
        marks,
        span_us,
        lang,
        ..
    } = props;
    let slider = use_node_ref();
    let to_pointer = {
        let known = (slider.clone(), *span_us, props.on_action.clone());
        use_callback(known, |event: PointerEvent, (slider, span_us, on_action)| {
            if let Some(along) = slider.cast::<Element>().and_then(|slider| drag(&slider, &event)) {
                on_action.emit(Action::SeekTo {
                    us: time_at(along, *span_us),
                });
            }
        })
    };
    let on_key = {
        let known = (slider.clone(), *span_us, props.on_action.clone());
        use_callback(known, |event: KeyboardEvent, (slider, span_us, on_action)| {
            let us = slider
                .cast::<Element>()
                .and_then(|slider| key_to(&slider, &event, *span_us));
            if let Some(us) = us {
                event.prevent_default();
                event.stop_propagation();
                on_action.emit(Action::SeekTo { us });
            }
        })
    };
    let height = LANE * lanes.len() as f64;
    html! {
        <div class="timeline">
            <div class="lane-names" aria-hidden="true">
                { for lanes.iter().map(|lane| html! { <span key={lane.server}>{ Text::ServerName(lane.server).text(*lang) }</span> }) }
            </div>
            <div class="lanes" ref={slider} role="slider" tabindex="0" aria-label={Text::TimeSlider.text(*lang)} aria-valuemin="0"
                aria-valuemax={(span_us / 1_000).to_string()} onpointerdown={to_pointer.clone()} onpointermove={to_pointer}
                onkeydown={on_key}>
                <svg height={height.to_string()} aria-hidden="true">
                    <defs>
                        <pattern id="down" width="7" height="16" patternUnits="userSpaceOnUse">
                            <path class="down" d="M0.5 6.5H4.5M0.5 9.5H4.5" />
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
            <rect class="lane" y="6" height="4" width="100%" rx="2" />
            { for lane.stretches.iter().enumerate().map(|(i, stretch)| {
                let Stretch { from_us, role, term } = *stretch;
                // Roles are told by height too.
                let (y, height) = match role {
                    Role::Leader => ("2.5", "11"),
                    Role::Candidate => ("4", "8"),
                    Role::Follower => ("5.5", "5"),
                    Role::Crashed => ("0", "16"),
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
    let MarksProps {
        marks,
        lanes,
        span_us,
        lang,
    } = props;
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
        MarkKind::Elected => {
            html! { <polygon class="elected" points="0,-5 4.4,-2.5 4.4,2.5 0,5 -4.4,2.5 -4.4,-2.5" /> }
        }
        MarkKind::Crashed => html! { <path class="no" d="M-3 -3L3 3M3 -3L-3 3" /> },
        MarkKind::Restarted => html! { <circle class="restarted" r="3" /> },
        MarkKind::Committed => html! { <path class="committed" d="M0 -5.5V5.5" /> },
        MarkKind::Violated => html! { <path class="violated" d="M0 -7L7 0L0 7L-7 0Z" /> },
    }
}

fn percent(us: u64, span_us: u64) -> String {
    format!("{:.2}%", share(us, 0, span_us) * 100.0)
}
