//! What must always be true, and whether it is; what has been seen; and the seed, by which somebody else gets the same
//! cluster.

use std::rc::Rc;

use raft_playground::scene::{Property, Seen, Selection, Violation};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, SafetyWords as Words, WhyWords, rule_text};
use yew::prelude::*;

use crate::details::line_of;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) properties: Rc<[Property]>,
    pub(crate) seen: Rc<[Seen]>,
    pub(crate) seed: u64,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel of the safety properties.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        properties,
        seen,
        seed,
        lang,
        ..
    } = props;
    html! {
        <section class="panel properties">
            <h2>{ Text::PanelProperties.text(*lang) }</h2>
            <ul>
                { for properties.iter().map(|property| item(property, props)) }
            </ul>
            <details class="seen-list">
                <summary>{ Words::Sometimes.text(*lang) }</summary>
                <ul>
                    { for seen.iter().map(|seen| seen_item(seen, props)) }
                </ul>
            </details>
            <p class="seed">{ Text::Seed(*seed).text(*lang) }</p>
        </section>
    }
}

fn item(property: &Property, props: &Props) -> Html {
    let lang = props.lang;
    let meaning = property.meaning.text(lang);
    let name = property.name.text(lang);
    match &property.violation {
        None => html! {
            <li title={meaning}>
                <svg viewBox="-8 -8 16 16" role="img" aria-label={Text::PropertyHolds.text(lang)}>
                    <path class="yes" d="M-5 0.5L-1.6 3.8L5 -3.8" />
                </svg>
                { name }
            </li>
        },
        Some(violation) => html! {
            <li class="violated" title={meaning}>
                <svg viewBox="-8 -8 16 16" aria-hidden="true"><path class="no" d="M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5" /></svg>
                <div>
                    <b>{ name }</b>
                    <p>{ Text::PropertyViolated { at_us: violation.at_us }.text(lang) }</p>
                    <p>{ violation.facts.text(lang) }</p>
                    if !violation.answers.is_empty() {
                        <ol class="answers">{ for violation.answers.iter().map(|line| line_of(line, lang, &props.on_action)) }</ol>
                    }
                    { verdict(violation, props) }
                </div>
            </li>
        },
    }
}

/// What may have brought it about, and the ways to it.
fn verdict(violation: &Violation, props: &Props) -> Html {
    let (lang, event) = (props.lang, violation.event);
    let to = |action: Action| props.on_action.reform(move |_: MouseEvent| action.clone());
    html! {
        <>
            if violation.without.is_empty() {
                <p>{ Words::AllOn.text(lang) }</p>
            } else {
                <p>{ Words::SwitchedOff.text(lang) }</p>
                <ul class="without">{ for violation.without.iter().map(|rule| html! { <li>{ rule_text(*rule, lang).0 }</li> }) }</ul>
            }
            <p class="ways">
                <button class="ask" onclick={to(Action::GoToEvent { event })}>{ Words::GoThere.text(lang) }</button>
                <button class="ask" onclick={to(Action::Select(Selection::Event(event)))}>{ WhyWords::Ask.text(lang) }</button>
            </p>
        </>
    }
}

fn seen_item(seen: &Seen, props: &Props) -> Html {
    let lang = props.lang;
    let (name, meaning) = (seen.name.text(lang), seen.meaning.text(lang));
    match seen.event {
        Some(event) => {
            let on_click = props.on_action.reform(move |_: MouseEvent| Action::GoToEvent { event });
            html! {
                <li title={meaning}>
                    <svg viewBox="-8 -8 16 16" role="img" aria-label={Words::Seen.text(lang)}>
                        <path class="yes" d="M-5 0.5L-1.6 3.8L5 -3.8" />
                    </svg>
                    <button class="ask" onclick={on_click}>{ name }</button>
                </li>
            }
        }
        None => html! {
            <li class="unseen-yet" title={meaning}>
                <svg viewBox="-8 -8 16 16" role="img" aria-label={Words::NotYet.text(lang)}><circle r="2" /></svg>
                { name }
            </li>
        },
    }
}
