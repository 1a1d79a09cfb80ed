//! A server: how it came to its role, what it keeps, and the way to what can be done to it.

use raft_playground::details::{Field, Fields, ServerDetails};
use raft_playground::scene::Selection;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, ServerWords as Words, WhyWords};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::Props;
use crate::{glyph, menu, role_diagram, story};

pub(super) fn view(details: &ServerDetails, props: &Props) -> Html {
    let Props { lang, on_action, .. } = props;
    let lang = *lang;
    let name = Text::ServerName(details.id).text(lang);
    let close = Text::Close.text(lang);
    let on_close = on_action.reform(|_: MouseEvent| Action::Select(Selection::Nothing));
    let on_menu = |event: MouseEvent| {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(button) = button.and_then(|target| target.closest("button").ok().flatten()) {
            menu::open(&button, None);
        }
    };
    let mut sections: Vec<Html> = details
        .sections
        .iter()
        .map(|section| self::section(section, lang))
        .collect();
    if !details.peers.is_empty() {
        // After what figure 2 says of all servers.
        sections.insert(2, peers(details, lang));
    }
    if !details.state.is_empty() {
        sections.insert(2, state(details, lang));
    }
    if !details.votes.is_empty() {
        sections.insert(2, votes(details, props));
    }
    html! {
        <section class="panel details server-details" aria-label={name.clone()}>
            <div class="head">
                <h2><b>{ name }</b>{ " " }{ details.title.text(lang) }{ " · " }{ Text::Term(details.term).text(lang) }</h2>
                <button class="opens-menu" aria-haspopup="menu" aria-keyshortcuts="M" title={Words::MenuOf(details.id).text(lang)}
                    onclick={on_menu}>{ Words::Menu.text(lang) }{ " …" }</button>
                <button class="icon plain" aria-label={close.clone()} title={close} onclick={on_close}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path class="rays" d="M4 4L12 12M12 4L4 12" /></svg>
                </button>
            </div>
            // The story is below: whoever has crashed a leader wants to see who follows it.
            if let Some(latest) = &props.latest {
                <div class="of-cluster"><span>{ WhyWords::Latest.text(lang) }</span>{ story::latest(latest) }</div>
            }
            <div class="scroller" tabindex="0" role="group" aria-label={Text::ServerName(details.id).text(lang)}>
                { role_diagram::view(&details.diagram, lang, on_action) }
                <div class="sections">{ for sections }</div>
            </div>
        </section>
    }
}

fn section(section: &Fields, lang: Lang) -> Html {
    html! {
        <details open={section.is_open}>
            <summary>{ section.name.text(lang) }</summary>
            <dl>{ for section.fields.iter().map(|field| self::field(field, lang)) }</dl>
        </details>
    }
}

fn field(field: &Field, lang: Lang) -> Html {
    let label = field.label(lang);
    html! {
        <div>
            <dt>if field.paper.is_some() { <code>{ label }</code> } else { { label } }</dt>
            { for field.values.iter().map(|value| html! { <dd>{ value.text(lang) }</dd> }) }
        </div>
    }
}

/// What a candidate knows of each vote, and the question why.
fn votes(details: &ServerDetails, props: &Props) -> Html {
    let (candidate, lang) = (details.id, props.lang);
    html! {
        <details open=true>
            <summary>{ Words::Votes.text(lang) }</summary>
            <ul class="votes" role="list">{ for details.votes.iter().map(|mark| {
                let voter = mark.from;
                let words = mark.words().text(lang);
                let ask = WhyWords::Ask.text(lang);
                let on_click = props.on_action.reform(move |_: MouseEvent| Action::AskVote { candidate, voter });
                html! {
                    <li key={voter}>
                        <svg class="legend" viewBox="-6 -6 12 12" aria-hidden="true">{ glyph::vote(mark.state) }</svg>
                        { &words }
                        <button class="ask" aria-label={format!("{words}: {ask}")} onclick={on_click}>{ ask }</button>
                    </li>
                }
            }) }</ul>
        </details>
    }
}

/// All that the log table has no room for.
fn state(details: &ServerDetails, lang: Lang) -> Html {
    html! {
        <details open=true>
            <summary>{ Words::StateMachine.text(lang) }</summary>
            <dl>{ for details.state.iter().map(|(key, value)| html! { <div><dt><code>{ key }</code></dt><dd>{ value }</dd></div> }) }</dl>
        </details>
    }
}

fn peers(details: &ServerDetails, lang: Lang) -> Html {
    html! {
        <details open=true>
            <summary>{ Words::OnLeaders.text(lang) }</summary>
            <table>
                <thead><tr>
                    <th scope="col">{ Words::Peer.text(lang) }</th>
                    <th scope="col"><code>{ "nextIndex" }</code></th>
                    <th scope="col"><code>{ "matchIndex" }</code></th>
                    <th scope="col">{ Words::State.text(lang) }</th>
                </tr></thead>
                <tbody>{ for details.peers.iter().map(|peer| html! {
                    <tr>
                        <th scope="row">{ Text::ServerName(peer.server).text(lang) }</th>
                        <td>{ peer.next_index }</td>
                        <td>{ peer.match_index }</td>
                        <td>{ peer.state.text(lang) }</td>
                    </tr>
                }) }</tbody>
            </table>
        </details>
    }
}
