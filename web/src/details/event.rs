//! An event, and what led to it, each line a way back to its moment.

use raft_playground::details::{EventDetails, Root};
use raft_playground::scene::Selection;
use raft_playground::session::Action;
use raft_playground::text::{Message as Text, WhyWords as Words, capitalized};
use yew::prelude::*;

use super::Props;

pub(super) fn view(details: &EventDetails, props: &Props) -> Html {
    let lang = props.lang;
    let event = details.event;
    let close = Text::Close.text(lang);
    html! {
        <section class="panel details event-details" aria-label={Words::Ask.text(lang)}>
            <div class="heading">
                <h2>{ details.what.text(lang) }</h2>
                <button class="icon" aria-label={close.clone()} title={close}
                    onclick={props.on_action.reform(|_: MouseEvent| Action::Select(Selection::Nothing))}>{ "×" }</button>
            </div>
            <p>
                <button class="when" title={Words::GoThere.text(lang)}
                    onclick={props.on_action.reform(move |_: MouseEvent| Action::GoToEvent { event })}>
                    { Text::Clock { us: details.at_us }.text(lang) }
                </button>
                { details.why.as_ref().map(|why| capitalized(&why.text(lang))) }
                if let Some(section) = details.section { <span class="section">{ "\u{a0}" }{ Text::Section(section).text(lang) }</span> }
            </p>
            if details.causes.is_empty() {
                <p class="hint">{ if details.root == Root::ByHand { Words::DoneByHand } else { Words::FirstCause }.text(lang) }</p>
            } else {
                <h3>{ Words::Causes.text(lang) }</h3>
                <ol class="scroller causes" tabindex="0" role="list" aria-label={Words::Causes.text(lang)}>
                    { for details.causes.iter().map(|line| super::line(line, props)) }
                    if details.root == Root::OutOfSight { <li><p class="hint">{ Words::More.text(lang) }</p></li> }
                </ol>
            }
        </section>
    }
}
