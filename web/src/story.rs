//! What happened, and why: the latest first, each a way back to its moment.

use std::rc::Rc;

use raft_playground::scene::{Selection, Story};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, WhyWords as Words};
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::shown::Shown;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) story: Rc<[Story]>,
    /// How many lines had been told before these.
    pub(crate) before: u64,
    /// Which element shows which line.
    pub(crate) shown: Shown,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel of the narration.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        story,
        before,
        shown,
        lang,
        on_action,
    } = props;
    // The latest comes first.
    let places = (*before..before + story.len() as u64).rev();
    html! {
        <section class="panel story">
            <h2>{ Text::PanelStory.text(*lang) }</h2>
            <ol class="scroller" tabindex="0" role="list" aria-label={Text::PanelStory.text(*lang)}>
                { for story.iter().zip(places).map(|(item, place)| html! {
                    <Memo key={shown.key(place)} part={Part::StoryItem(ItemProps {
                        item: item.clone(),
                        lang: *lang,
                        on_action: on_action.clone(),
                    })} />
                }) }
            </ol>
        </section>
    }
}

#[derive(PartialEq)]
pub(crate) struct ItemProps {
    item: Story,
    lang: Lang,
    on_action: Callback<Action>,
}

/// One sentence of it.
pub(crate) fn item(props: &ItemProps) -> Html {
    let ItemProps { item, lang, on_action } = props;
    let event = item.event;
    let on_click = on_action.reform(move |_: MouseEvent| Action::GoToEvent { event });
    let on_ask = on_action.reform(move |_: MouseEvent| Action::Select(Selection::Event(event)));
    let (when, what) = (Text::Clock { us: item.at_us }.text(*lang), item.what.text(*lang));
    let name = item.who.name().map(|name| name.text(*lang)).unwrap_or_default();
    // A sentence begins with the server or the client that it is about: that stands out.
    let (name, rest) = what
        .strip_prefix(name.as_str())
        .map_or(("", what.as_str()), |rest| (name.as_str(), rest));
    html! {
        <li>
            <button class="when" aria-label={format!("{when} {what}")} onclick={on_click}>{ &when }</button>
            <div>
                <p>
                    <b>{ name }</b>{ rest }
                    <button class="ask" aria-label={format!("{} {what}", Words::Ask.text(*lang))} onclick={on_ask}>
                        { Words::Ask.text(*lang) }
                    </button>
                </p>
                if item.why.is_some() || item.section.is_some() {
                    <p class="why">
                        { item.why.as_ref().map(|why| why.text(*lang)) }
                        if let Some(section) = item.section { <span class="section">{ "\u{a0}" }{ Text::Section(section).text(*lang) }</span> }
                    </p>
                }
            </div>
        </li>
    }
}
