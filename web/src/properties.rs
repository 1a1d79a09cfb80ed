//! What must always be true, and whether it is; and the seed, by which somebody else gets the same cluster.

use std::rc::Rc;

use raft_playground::scene::Property;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) properties: Rc<[Property]>,
    pub(crate) seed: u64,
    pub(crate) lang: Lang,
}

/// The panel of the safety properties.
pub(crate) fn view(props: &Props) -> Html {
    let Props { properties, seed, lang } = props;
    html! {
        <section class="panel properties">
            <h2>{ Text::PanelProperties.text(*lang) }</h2>
            <ul>
                { for properties.iter().map(|property| item(property, *lang)) }
            </ul>
            <p class="seed">{ Text::Seed(*seed).text(*lang) }</p>
        </section>
    }
}

fn item(property: &Property, lang: Lang) -> Html {
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
                </div>
            </li>
        },
    }
}
