//! An entry of a log: where else it is, and whether it is committed.

use raft_playground::details::EntryDetails;
use raft_playground::palette::term_class;
use raft_playground::scene::Selection;
use raft_playground::session::Action;
use raft_playground::text::{EntryWords as Words, Message as Text, WhyWords, WriteWords};
use yew::prelude::*;

use super::Props;

pub(super) fn view(details: &EntryDetails, props: &Props) -> Html {
    let lang = props.lang;
    let EntryDetails {
        server, index, term, ..
    } = *details;
    let act = |action: Action| props.on_action.reform(move |_: MouseEvent| action.clone());
    let select = |index| act(Action::Select(Selection::Entry { server, index }));
    let icon = |label: String, sign: &'static str, enabled: bool, on_click| {
        html! { <button class="icon" aria-label={label.clone()} title={label} disabled={!enabled} onclick={on_click}>{ sign }</button> }
    };
    html! {
        <section class={classes!("panel", "details", "entry-details", term_class(term))} aria-label={Words::Heading(index, term).text(lang)}>
            <div class="heading">
                <h2>{ Words::Heading(index, term).text(lang) }{ " " }<b class="label-of">{ details.label.to_string() }</b></h2>
                { icon(Words::Previous.text(lang), "‹", details.neighbours.0, select(index.saturating_sub(1))) }
                { icon(Words::Following.text(lang), "›", details.neighbours.1, select(index + 1)) }
                { icon(Text::Close.text(lang), "×", true, act(Action::Select(Selection::Nothing))) }
            </div>
            <p>{ details.verdict.text(lang) }</p>
            if let Some(line) = &details.origin {
                <p class="ways">
                    <button class="ask" onclick={act(Action::GoToEvent { event: line.event })}>
                        { Text::Clock { us: line.at_us }.text(lang) }{ " " }{ line.what.text(lang) }
                    </button>
                    <button class="ask" onclick={act(Action::Select(Selection::Event(line.event)))}>{ WhyWords::Ask.text(lang) }</button>
                </p>
            }
            if let Some((client, serial)) = details.write {
                <p class="ways">
                    <span>{ WriteWords::WrittenBy(client).text(lang) }</span>
                    <button class="ask" onclick={act(Action::Select(Selection::Write { client, serial }))}>{ WriteWords::Follow.text(lang) }</button>
                </p>
            }
            <h3>{ Words::Where.text(lang) }</h3>
            <dl>
                { for details.places.iter().map(|(id, place)| html! {
                    <div key={*id}><dt>{ Text::ServerName(*id).text(lang) }</dt><dd>{ place.text(lang) }</dd></div>
                }) }
            </dl>
        </section>
    }
}
