//! The options of the cluster as a whole, and the rules of Raft with a switch each.

use std::rc::Rc;

use raft_playground::cluster::{Cluster, RULES, SNAPSHOTS, Switch, WRITES};
use raft_playground::layout::SERVERS_MAX;
use raft_playground::session::{Action, Command, Rule};
use raft_playground::text::{Lang, ServerWords as Words, rule_text};
use yew::prelude::*;

use crate::popover;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) cluster: Rc<Cluster>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The buttons of both, and the warning while a rule is off.
pub(crate) fn view(props: &Props) -> Html {
    let lang = props.lang;
    html! {
        <div class="cluster-options">
            if let Some(warning) = props.cluster.warning() {
                <button class="not-raft" popovertarget="rules">{ warning.text(lang) }</button>
            }
            { popover::view("rules", Words::Rules.text(lang), None, None, rules(props)) }
            { popover::view("settings", Words::Settings.text(lang), None, None, settings(props)) }
        </div>
    }
}

fn settings(props: &Props) -> Html {
    let Props {
        cluster,
        lang,
        on_action,
    } = props;
    let lang = *lang;
    let act = |action: Action| on_action.reform(move |_: MouseEvent| action.clone());
    let choice = |name: Words, values: &[u64], now: u64, word: fn(u64) -> Option<Words>, action: fn(u64) -> Action| {
        let name = name.text(lang);
        html! {
            <div class="choice" role="group" aria-label={name.clone()}>
                <span aria-hidden="true">{ name }</span>
                { for values.iter().map(|&value| html! {
                    <button aria-pressed={(value == now).to_string()} onclick={act(action(value))}>
                        { word(value).map_or_else(|| value.to_string(), |word| word.text(lang)) }
                    </button>
                }) }
            </div>
        }
    };
    let servers: Vec<u64> = (1..=SERVERS_MAX as u64).collect();
    html! {
        <div class="settings">
            <h3>{ Words::WhileItRuns.text(lang) }</h3>
            { for cluster.switches.iter().map(|&(switch, on, refused)| match switch {
                Switch::TwoStage => html! {
                    <div class="styles" role="group" aria-label={Words::ElectionStyle.text(lang)}>
                        { style(Words::Standard, !on, None, act(Action::TurnSwitch(switch)), lang) }
                        { style(Words::TwoStage, on, refused, act(Action::TurnSwitch(switch)), lang) }
                    </div>
                },
                _ => self::switch(switch.name().text(lang), None, on, refused.map(|why| why.text(lang)), act(Action::TurnSwitch(switch))),
            }) }
            <h3>{ Words::NewClusterWith.text(lang) }</h3>
            { choice(Words::Servers, &servers, cluster.servers, |_| None, |servers| Action::SetServers { servers }) }
            { choice(Words::Writes, &WRITES, cluster.writes_per_second, |_| None, |writes| Action::SetWritesPerSecond { writes }) }
            { choice(Words::SnapshotEvery, &SNAPSHOTS, cluster.snapshot_every, |entries| (entries == 0).then_some(Words::Never), |entries| Action::SetSnapshotEvery { entries }) }
        </div>
    }
}

/// One of two: only the other one can be chosen.
fn style(name: Words, on: bool, refused: Option<Words>, on_click: Callback<MouseEvent>, lang: Lang) -> Html {
    let refused = refused.filter(|_| !on).map(|why| why.text(lang));
    let is_off = refused.is_some();
    let on_click = move |event: MouseEvent| {
        if !on && !is_off {
            on_click.emit(event);
        }
    };
    html! {
        <button class="style" aria-pressed={on.to_string()} aria-disabled={is_off.then_some("true")} title={refused.clone()} onclick={on_click}>
            <span>{ name.text(lang) }</span>
            if let Some(why) = refused { <small>{ why }</small> }
        </button>
    }
}

/// A switch with its name, perhaps a second sentence, and why it cannot be turned.
fn switch(name: String, more: Option<&str>, on: bool, refused: Option<String>, on_click: Callback<MouseEvent>) -> Html {
    let is_off = refused.is_some();
    let on_click = move |event: MouseEvent| {
        if !is_off {
            on_click.emit(event);
        }
    };
    html! {
        <button class="switch" role="switch" aria-checked={on.to_string()} aria-disabled={is_off.then_some("true")}
            title={refused.clone()} onclick={on_click}>
            <span>
                { name }
                if let Some(more) = more { <small>{ more.to_owned() }</small> }
                if let Some(why) = refused { <small>{ why }</small> }
            </span>
            <svg viewBox="0 0 32 20" aria-hidden="true"><rect x="1" y="1" width="30" height="18" rx="9" /><circle cx={if on { "22" } else { "10" }} cy="10" r="6" /></svg>
        </button>
    }
}

fn rules(props: &Props) -> Html {
    let Props {
        cluster,
        lang,
        on_action,
    } = props;
    let turn = |rule: Rule| {
        let on = !cluster.off.contains(&rule);
        let (guards, breaks) = rule_text(rule, *lang);
        let turn = on_action.reform(move |_: MouseEvent| Action::Do(Command::SetRule { rule, on: !on }));
        switch(guards.to_owned(), Some(breaks), on, None, turn)
    };
    let all_on = on_action.reform(|_: MouseEvent| Action::AllRules);
    html! {
        <div class="rules">
            <div class="head">
                <p>{ Words::RulesIntro.text(*lang) }</p>
                <button class="all-on" aria-disabled={cluster.off.is_empty().then_some("true")} onclick={all_on}>{ Words::AllOn.text(*lang) }</button>
            </div>
            { for RULES.iter().map(|&(about, rules)| html! {
                <div role="group" aria-label={about.text(*lang)}>
                    <h3>{ about.text(*lang) }</h3>
                    { for rules.iter().map(|&rule| turn(rule)) }
                </div>
            }) }
        </div>
    }
}
