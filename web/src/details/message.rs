//! A message in flight: its fields, what can be done to it, and the way to the others.

use raft_playground::details::MessageDetails;
use raft_playground::scene::{Message, Selection, Who};
use raft_playground::session::{Action, Command, MessageId};
use raft_playground::text::{Lang, Message as Text, MotionWords as Words, WhyWords, capitalized};
use yew::prelude::*;

use super::Props;
use crate::glyph;

/// The steps of the buttons that delay.
const DELAYS_MS: [u64; 2] = [5, 50];

/// The button that opens the messages in flight.
pub(crate) fn open(lang: Lang, on_action: &Callback<Action>) -> Html {
    let on_click = on_action.reform(|_: MouseEvent| Action::NextMessage { back: false });
    html! {
        <button class="messages" title={Words::MessagesHint.text(lang)} onclick={on_click}>{ Words::Messages.text(lang) }</button>
    }
}

pub(super) fn view(details: &MessageDetails, props: &Props) -> Html {
    let (lang, message) = (props.lang, &details.message);
    let button = |class: &'static str, text: String, action: Action| {
        let on_click = props.on_action.reform(move |_: MouseEvent| action.clone());
        html! { <button {class} onclick={on_click}>{ text }</button> }
    };
    let arrow = |text: Words, sign: &'static str, back: bool| {
        let on_click = props
            .on_action
            .reform(move |_: MouseEvent| Action::NextMessage { back });
        let text = text.text(lang);
        html! { <button class="icon" aria-label={text.clone()} title={text} onclick={on_click}>{ sign }</button> }
    };
    let (id, sent) = (MessageId(message.id), details.sent);
    let (from, to) = message.ends();
    let what = details.what.text(lang);
    let title = details.call.map_or(what.clone(), |call| [call, " ", &what].concat());
    let (nth, of) = details.nth;
    let ends = if message.lost { Words::LostAt } else { Words::Arrives };
    let moment = |word: Words, us: u64| (word.text(lang), Text::Time { us }.text(lang));
    let moments = [moment(Words::Sent, message.sent_us), moment(ends, message.ends_us())];
    let copy = |copy: &Message| {
        let word = if copy.lost { Words::CopyLost } else { Words::CopyArrives };
        let (name, value) = moment(word, copy.ends_us());
        let id = copy.id;
        let on_click = props
            .on_action
            .reform(move |_: MouseEvent| Action::Select(Selection::Message(id)));
        html! { <span key={id}>{ &name }<button class="ask" aria-label={[&name, " ", &value].concat()} onclick={on_click}>{ value }</button></span> }
    };
    let fact = |(name, value): (String, String), class: Option<&'static str>| html! { <div {class}><dt>{ name }</dt><dd>{ value }</dd></div> };
    html! {
        <section class="panel details message-details" aria-label={title.clone()}>
            <div class="heading">
                <svg class="legend" viewBox="-12 -12 24 24" aria-hidden="true">{ glyph::message(message.kind) }</svg>
                <h2>{ title }</h2>
                <span class="way-of">{ name(from) }{ " → " }{ name(to) }</span>
                { super::close(props) }
            </div>
            // Before what there is to read: a finger has to reach it without scrolling.
            <div class="deeds">
                { button("", Words::Drop.text(lang), Action::Do(Command::Drop { message: id })) }
                { button("", Words::Duplicate.text(lang), Action::Do(Command::Duplicate { message: id })) }
                { for DELAYS_MS.into_iter().map(|ms| button("", Words::Delay(ms).text(lang), Action::Do(Command::Delay { message: id, by_us: ms * 1_000 }))) }
            </div>
            if !details.copies.is_empty() {
                <p class="copies">{ for details.copies.iter().map(copy) }</p>
            }
            <div class="heading">
                <p class="said">{ message.text.text(lang) }</p>
                { arrow(Words::Previous, "‹", true) }
                <span class="nth">{ Words::Nth(nth, of).text(lang) }</span>
                { arrow(Words::Next, "›", false) }
            </div>
            <p class="why">
                { details.why.as_ref().map(|(why, section)| html! { <>{ capitalized(&why.text(lang)) }<span class="section">{ "\u{a0}" }{ Text::Section(*section).text(lang) }</span></> }) }
                { " " }
                <button class="ask" onclick={props.on_action.reform(move |_: MouseEvent| Action::Select(Selection::Event(sent)))}>{ WhyWords::Ask.text(lang) }</button>
            </p>
            <dl>
                { for details.fields.iter().map(|field| fact((field.name.to_owned(), field.value.to_string()), Some("field"))) }
                { for moments.into_iter().map(|moment| fact(moment, None)) }
            </dl>
            <div class="deeds">
                { for [(Words::ToSender, from), (Words::ToReceiver, to)].into_iter().map(|(word, who)| {
                    button("plain", [&word.text(lang), " ", &name(who)].concat(), Action::Select(selection(who)))
                }) }
            </div>
            <p class="hint">{ Words::DragHint.text(lang) }</p>
        </section>
    }
}

/// The name of whoever it is, as the picture writes it.
pub(super) fn name(who: Who) -> String {
    match who {
        Who::Server(server) => format!("S{server}"),
        Who::Client(client) => format!("C{client}"),
        Who::Cluster => String::new(),
    }
}

fn selection(who: Who) -> Selection {
    match who {
        Who::Server(server) => Selection::Server(server),
        Who::Client(client) => Selection::Client(client),
        Who::Cluster => Selection::Nothing,
    }
}
