//! Time: play and pause, one event on or back, the clock, the speed, and the lanes of the past.

use std::rc::Rc;

use raft_playground::branches::Branches;
use raft_playground::diagram::Diagram;
use raft_playground::layout::{SPEED_STEPS, slowdown_milli, speed_step};
use raft_playground::scene::{Lane, Mark, Selection, TimePanel};
use raft_playground::session::Action;
use raft_playground::text::time::TimeWords as Words;
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::{branches, diagram, lanes};

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) playing: bool,
    pub(crate) slowdown_milli: u64,
    pub(crate) lanes: Rc<[Lane]>,
    pub(crate) marks: Rc<[Mark]>,
    pub(crate) span_us: u64,
    /// How many other futures are kept.
    pub(crate) branches: u64,
    pub(crate) branch_list: Option<Rc<Branches>>,
    pub(crate) diagram: Option<Rc<Diagram>>,
    pub(crate) selection: Selection,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel at the bottom.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        playing,
        lang,
        on_action,
        ..
    } = props;
    let on_speed = acting(on_action, |event: InputEvent| {
        let slider = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
        let step = slider.value().parse().ok()?;
        Some(Action::SetSlowdown {
            milli: slowdown_milli(step),
        })
    });
    let button = |action: Action, text: Text, class: &'static str, picture: &'static str| {
        let on_click = on_action.reform(move |_: MouseEvent| action.clone());
        html! {
            <button class={classes!("icon", class)} aria-label={text.text(*lang)} title={text.text(*lang)} onclick={on_click}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={picture} /></svg>
            </button>
        }
    };
    let opens = |panel: TimePanel, open: bool, words: Words| {
        let on_click = on_action.reform(move |_: MouseEvent| Action::TogglePanel(panel));
        html! { <button aria-expanded={open.to_string()} onclick={on_click}>{ words.text(*lang) }</button> }
    };
    html! {
        <section class="panel transport" role="group" aria-label={Text::PanelTimeline.text(*lang)}>
            <div class="controls">
                if *playing {
                    { button(Action::Pause, Text::Pause, "primary", "M3.5 2.5H6.5V13.5H3.5ZM9.5 2.5H12.5V13.5H9.5Z") }
                } else {
                    { button(Action::Play, Text::Play, "primary", "M4 2L13.5 8L4 14Z") }
                }
                { button(Action::StepBack, Text::StepBack, "", "M12.5 2.5V13.5L5.5 8ZM3 2.5H4.8V13.5H3Z") }
                { button(Action::StepForward, Text::StepForward, "", "M3.5 2.5V13.5L10.5 8ZM11.2 2.5H13V13.5H11.2Z") }
                <span class="watch"><span class="clock"></span></span>
                { speed(props.slowdown_milli, *lang, on_speed) }
                <div class="time-panels">
                    { opens(TimePanel::Diagram, props.diagram.is_some(), Words::SpaceTime) }
                    { opens(TimePanel::Branches, props.branch_list.is_some(), Words::Branches(props.branches + 1)) }
                </div>
            </div>
            if let Some(diagram) = &props.diagram {
                <Memo part={Part::Diagram(diagram::Props {
                    diagram: diagram.clone(),
                    selection: props.selection,
                    lang: *lang,
                    on_action: on_action.clone(),
                })} />
            }
            if let Some(branches) = &props.branch_list {
                <Memo part={Part::Branches(branches::Props {
                    branches: branches.clone(),
                    lang: *lang,
                    on_action: on_action.clone(),
                })} />
            }
            { lanes::view(&props.lanes, &props.marks, props.span_us, *lang, on_action) }
        </section>
    }
}

/// Does what an event asks for, if it asks for something.
pub(crate) fn acting<E: 'static>(
    on_action: &Callback<Action>,
    asked: impl Fn(E) -> Option<Action> + 'static,
) -> Callback<E> {
    let on_action = on_action.clone();
    Callback::from(move |event| {
        if let Some(action) = asked(event) {
            on_action.emit(action);
        }
    })
}

/// "1 s of the cluster takes … 25 s", on a logarithmic slider: faster to the right.
fn speed(milli: u64, lang: Lang, on_input: Callback<InputEvent>) -> Html {
    html! {
        <label class="speed">
            <span>{ Text::SpeedLabel.text(lang) }</span>
            <input type="range" min="0" max={SPEED_STEPS.to_string()} value={speed_step(milli).to_string()} oninput={on_input}
                aria-label={Text::SpeedLabel.text(lang)}
                aria-valuetext={Text::SpeedSentence { slowdown_milli: milli }.text(lang)} />
            // Not read out: the slider says it already.
            <output aria-hidden="true">{ Text::SpeedValue { slowdown_milli: milli }.text(lang) }</output>
        </label>
    }
}
