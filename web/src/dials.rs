//! Sliders for how long messages and writes take, and what becomes of messages.

use raft_playground::network::Setting;
use raft_playground::session::Action;
use raft_playground::text::Lang;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The sliders of these settings, for a link or for all. What is set is done on release; until then only its number
/// follows, so that one movement is one deed.
pub(crate) fn view<'a>(
    settings: impl Iterator<Item = &'a Setting>,
    on: Option<(u64, u64)>,
    lang: Lang,
    on_action: &Callback<Action>,
) -> Html {
    html! { <div class="dials">{ for settings.map(|setting| dial(setting, on, lang, on_action)) }</div> }
}

fn dial(setting: &Setting, on: Option<(u64, u64)>, lang: Lang, on_action: &Callback<Action>) -> Html {
    let Setting { dial, value, back } = *setting;
    let name = dial.name(lang);
    let mut amount = dial.amount(value);
    if let Some(back) = back {
        amount += &(" / ".to_owned() + &dial.amount(back));
    }
    let on_input = Callback::from(move |event: InputEvent| {
        if let Some(slider) = slider(event.target()) {
            let amount = dial.amount(dial.value(stop(&slider)));
            let _ = slider.set_attribute("aria-valuetext", &amount);
            if let Some(output) = slider.next_element_sibling() {
                output.set_text_content(Some(&amount));
            }
        }
    });
    let on_change = crate::transport::acting(on_action, move |event: Event| {
        let stop = stop(&slider(event.target())?);
        Some(Action::Turn { dial, on, stop })
    });
    html! {
        <label>
            <span>{ name }</span>
            <input type="range" min="0" max={dial.last_stop().to_string()} value={dial.stop(value).to_string()}
                aria-valuetext={amount.clone()} oninput={on_input} onchange={on_change} />
            <output key={amount.clone()} aria-hidden="true">{ amount }</output>
        </label>
    }
}

fn slider(target: Option<web_sys::EventTarget>) -> Option<HtmlInputElement> {
    target?.dyn_into().ok()
}

fn stop(slider: &HtmlInputElement) -> usize {
    slider.value().parse().unwrap_or(0)
}
