//! A client: what it waits for, and what it asked and was told lately, each line a way back to its moment.

use raft_playground::details::ClientDetails;
use raft_playground::text::{Message as Text, MotionWords as Words, Request};
use yew::prelude::*;

use super::Props;

pub(super) fn view(details: &ClientDetails, props: &Props) -> Html {
    let (lang, client) = (props.lang, &details.client);
    let server = |server: u64| Text::ServerName(server).text(lang);
    let mut facts = Vec::new();
    match &client.call {
        Some(call) => {
            let (Request::Write(label) | Request::Read(label)) = &call.request;
            facts.push((Words::WaitsFor, label.to_string()));
            facts.push((Words::Asked, server(call.asked)));
            facts.push((Words::Tries, call.tries.to_string()));
        }
        None => facts.push((Words::WaitsFor, Words::Nothing.text(lang))),
    }
    if client.queued > 0 {
        facts.push((Words::Queued, client.queued.to_string()));
    }
    let believes = details.believes_in.map_or_else(|| "—".to_owned(), server);
    facts.push((Words::Believes, believes));
    let title = Text::ClientName(client.id).text(lang);
    let whose = if client.is_own { Words::Own } else { Words::OfWorkload };
    html! {
        <section class="panel details client-details" aria-label={title.clone()}>
            <div class="heading">
                <h2>{ title }</h2>
                <span class="way-of">{ whose.text(lang) }</span>
                { super::close(props) }
            </div>
            <dl>
                { for facts.into_iter().map(|(name, value)| html! { <div><dt>{ name.text(lang) }</dt><dd>{ value }</dd></div> }) }
            </dl>
            <h3>{ Words::History.text(lang) }</h3>
            if details.history.is_empty() {
                <p class="hint">{ Words::NoHistory.text(lang) }</p>
            }
            <ol class="scroller" tabindex="0" role="list" aria-label={Words::History.text(lang)}>
                { for details.history.iter().map(|line| super::line(line, props)) }
            </ol>
        </section>
    }
}
