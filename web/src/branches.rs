//! The branches of the history: a list, and two of them side by side.

use std::rc::Rc;

use raft_playground::branches::{Branch, Branches, Comparison, Deed, ServerRows, Values};
use raft_playground::session::Action;
use raft_playground::text::time::TimeWords as Words;
use raft_playground::text::{Lang, Message as Text};
use web_sys::Element;
use yew::prelude::*;

use crate::diagram::bring_up;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) branches: Rc<Branches>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel of them, above the lanes.
pub(crate) fn view(props: &Props) -> Html {
    let Props { branches, lang, .. } = props;
    let lang = *lang;
    let hint = if branches.others.is_empty() {
        Words::NoBranches
    } else {
        Words::BranchesHint
    };
    html! {
        <section class="branches" role="group" aria-label={Words::Branches(branches.others.len() as u64 + 1).text(lang)}>
            <p class="hint">{ hint.text(lang) }</p>
            <ul role="list">
                <li class="present">
                    <b>{ Words::Branch(branches.number).text(lang) }</b>
                    <span>{ Words::Present.text(lang) }</span>
                    <span class="reach">{ reach(branches.end_us, branches.leader, lang) }</span>
                </li>
                { for branches.others.iter().map(|branch| item(branch, props)) }
            </ul>
            { for branches.comparison.iter().map(|comparison| compared(comparison, lang)) }
        </section>
    }
}

/// Brings up what has been asked for, below the list: where the panel is low it would be out of sight.
pub(crate) fn show_comparison(root: &Element) {
    let find = |selector| root.query_selector(selector).ok().flatten();
    if let (Some(comparison), Some(panel)) = (find(".comparison"), find(".branches")) {
        bring_up(&comparison, &panel);
    }
}

fn reach(end_us: u64, leader: Option<(u64, u64)>, lang: Lang) -> String {
    let leader = leader.map_or(Words::EndsWithoutLeader, |(server, term)| {
        Words::EndsWithLeader(server, term)
    });
    let end = Text::Time { us: end_us }.text(lang);
    [&*Words::Reaches.text(lang), " ", &end, " · ", &leader.text(lang)].concat()
}

fn item(branch: &Branch, props: &Props) -> Html {
    let Props {
        branches,
        lang,
        on_action,
    } = props;
    let (lang, place) = (*lang, branch.place);
    let is_compared = branches.comparison.as_ref().is_some_and(|it| it.place == place);
    let button = |action: Action, words: Words, pressed: Option<&'static str>| {
        let on_click = on_action.reform(move |_: MouseEvent| action.clone());
        html! { <button onclick={on_click} aria-pressed={pressed}>{ words.text(lang) }</button> }
    };
    // One of them may have been done later, while nothing was done in the other.
    let told = |(at_us, deed): &(u64, Deed)| {
        let when = if *at_us == branch.parted_us {
            String::new()
        } else {
            Text::Time { us: *at_us }.text(lang) + " "
        };
        when + &deed.text(lang)
    };
    let done = branch.done.as_ref().map_or_else(|| Words::NothingDone.text(lang), told);
    html! {
        <li key={place} role="group" aria-label={Words::Branch(branch.number).text(lang)}>
            <b>{ Words::Branch(branch.number).text(lang) }</b>
            <span>
                { Words::PartedAt.text(lang) }{ " " }
                <span class="when">{ Text::Time { us: branch.parted_us }.text(lang) }</span>
                { " · " }{ Words::There.text(lang) }{ done }
                if let Some(instead) = &branch.instead {
                    { " · " }{ Words::Here.text(lang) }{ told(instead) }
                }
            </span>
            <span class="reach">{ reach(branch.end_us, branch.leader, lang) }</span>
            <span class="choices">
                if is_compared {
                    { button(Action::Compare(None), Words::CompareNoMore, Some("true")) }
                } else {
                    { button(Action::Compare(Some(place)), Words::Compare, Some("false")) }
                }
                { button(Action::TakeUp(place), Words::TakeUp, None) }
            </span>
        </li>
    }
}

fn compared(comparison: &Comparison, lang: Lang) -> Html {
    let first = |place: usize| match &comparison.first[place] {
        Some((us, deed)) => [&*Text::Clock { us: *us }.text(lang), " ", &deed.text(lang)].concat(),
        None => Words::NothingHappens.text(lang),
    };
    let [present, other] = comparison.numbers;
    html! {
        <div class="scroller comparison" tabindex="0" role="group" aria-label={Words::Compare.text(lang)}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ Text::Time { us: comparison.at_us }.text(lang) }</th>
                        <th scope="col">
                            { Words::Branch(present).text(lang) }
                            <small>{ Words::Present.text(lang) }</small>
                        </th>
                        <th scope="col">
                            { Words::Branch(other).text(lang) }
                            if let Some(us) = comparison.left_us {
                                <small>{ Text::GoesOnSince { us }.text(lang) }</small>
                            }
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">{ Words::FirstEvents.text(lang) }</th>
                        <td>{ first(0) }</td>
                        <td>{ first(1) }</td>
                    </tr>
                </tbody>
                { for comparison.servers.iter().map(|server| rows(server, lang)) }
                <tbody>
                    { for comparison.clients.iter().map(|(client, values)| row(&Words::ClientWaits(*client).text(lang), values)) }
                </tbody>
            </table>
            if comparison.servers.is_empty() && comparison.clients.is_empty() {
                <p class="hint">{ Words::NoDifference.text(lang) }</p>
            }
        </div>
    }
}

/// What differs of a server stands out; the rest is there to be seen beside it.
fn rows(server: &ServerRows, lang: Lang) -> Html {
    html! {
        <tbody key={server.server}>
            <tr><th scope="rowgroup" colspan="3">{ Text::ServerName(server.server).text(lang) }</th></tr>
            { for server.rows.iter().map(|(words, [one, other])| html! {
                <tr class={(one != other).then_some("differs")}>
                    <th scope="row">{ words.text(lang) }</th>
                    <td>{ one.text(lang) }</td>
                    <td>{ other.text(lang) }</td>
                </tr>
            }) }
            if let Some(index) = server.log_from {
                <tr class="differs"><td colspan="3">{ Words::LogsPart(index).text(lang) }</td></tr>
            }
            { for server.keys.iter().map(|(key, values)| row(key, values)) }
        </tbody>
    }
}

/// Two values that differ.
fn row(name: &str, values: &Values) -> Html {
    html! {
        <tr class="differs">
            <th scope="row">{ name.to_string() }</th>
            { for values.iter().map(|value| html! { <td>{ value.as_deref().unwrap_or("—").to_string() }</td> }) }
        </tr>
    }
}
