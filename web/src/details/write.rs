//! One write, from stage to stage, each a way back to its moment.

use raft_playground::details::{WriteDetails, WriteStage};
use raft_playground::scene::Selection;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, WriteWords as Words};
use yew::prelude::*;

use super::Props;

pub(super) fn view(details: &WriteDetails, props: &Props) -> Html {
    let lang = props.lang;
    let close = Text::Close.text(lang);
    let fate = match details.fate {
        Words::Safe if details.is_stuck => Words::StuckSafe,
        _ if details.is_stuck => Words::Stuck,
        fate => fate,
    };
    let act = |action: Action| props.on_action.reform(move |_: MouseEvent| action.clone());
    html! {
        <section class="panel details write-details" aria-label={Words::Heading.text(lang)}>
            <div class="top">
            <div class="heading">
                <h2>
                    { Words::Heading.text(lang) }
                    if let Some((label, client)) = &details.request { { " " }<b>{ label.to_string() }</b><span class="way-of">{ " " }{ Words::Of(*client).text(lang) }</span> }
                </h2>
                // Here it stays in sight, and under the pointer, while the stages are done.
                if details.fate == Words::Nothing {
                    <button onclick={act(Action::WriteAndFollow)}>{ Words::WriteOne.text(lang) }</button>
                }
                if details.fate == Words::OutOfSight {
                    <button onclick={act(Action::Select(Selection::LatestWrite))}>{ Words::FollowLatest.text(lang) }</button>
                }
                if details.goes_on {
                    <button onclick={act(Action::NextStage)}>{ Words::Next.text(lang) }</button>
                }
                <button class="icon" aria-label={close.clone()} title={close}
                    onclick={act(Action::Select(Selection::Nothing))}>{ "×" }</button>
            </div>
            // Above the stages, so that it is read however many of them are in sight.
            <p class="fate" role="status">{ fate.text(lang) }</p>
            </div>
            <ol role="list">
                { for details.stages.iter().zip(1..).map(|(stage, number)| item(stage, number, props)) }
            </ol>
        </section>
    }
}

fn item(stage: &WriteStage, number: u64, props: &Props) -> Html {
    let lang = props.lang;
    let class = match stage {
        WriteStage { done: Some(_), .. } => "done",
        WriteStage { failed: true, .. } => "failed",
        WriteStage { is_next: true, .. } => "next-up",
        _ => "later",
    };
    let what = stage.what.text(lang);
    let notes: Vec<String> = stage.notes.iter().map(|note| note.text(lang)).collect();
    html! {
        <li key={number} {class} aria-current={stage.is_next.then_some("step")}>
            <span class="number">{ number }</span>
            <div>
                <p>{ &what }</p>
                if stage.done.is_some() && !notes.is_empty() { <p class="note">{ notes.join(if lang == Lang::Zh { "；" } else { "; " }) }</p> }
            </div>
            if let Some((event, at_us)) = stage.done {
                <button class="when" aria-label={format!("{} {what}", Text::Clock { us: at_us }.text(lang))}
                    onclick={props.on_action.reform(move |_: MouseEvent| Action::GoToEvent { event })}>
                    { Text::Clock { us: at_us }.text(lang) }
                </button>
            }
        </li>
    }
}
