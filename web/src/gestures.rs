//! What can be done to the cluster as a whole: write, read, part, heal, and what its network is like.

use std::rc::Rc;

use raft_playground::network::{Dial, Preset, Setting};
use raft_playground::scene::Selection;
use raft_playground::session::{Action, Command};
use raft_playground::text::{Lang, Message as Text, NetworkWords as Words, WriteWords};
use yew::prelude::*;

use crate::{details, dials, popover};

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) next_write: (Rc<str>, Rc<str>),
    pub(crate) next_read: Rc<str>,
    pub(crate) leader: Option<u64>,
    pub(crate) servers: u64,
    /// Whether anything is cut.
    pub(crate) is_cut: bool,
    pub(crate) settings: Rc<[Setting]>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
    pub(crate) on_new_cluster: Callback<MouseEvent>,
    /// Whether a line is to be drawn.
    pub(crate) draws: bool,
    pub(crate) on_draw: Callback<MouseEvent>,
}

/// The row below the ring.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        leader,
        lang,
        on_action,
        is_cut,
        ..
    } = props;
    let act = |action: Action| on_action.reform(move |_: MouseEvent| action.clone());
    let (key, value) = props.next_write.clone();
    let write_hint = leader.map_or(Text::WriteGoesRound, Text::WriteGoesTo).text(*lang);
    let read_hint = leader.map_or(Words::ReadGoesRound, Words::ReadGoesTo).text(*lang);
    let heal_hint = if *is_cut { Words::HealHint } else { Words::NothingCut };
    let new_cluster = Text::NewCluster.text(*lang);
    html! {
        <div class="gestures">
            <button class="primary write" title={write_hint} aria-keyshortcuts="W" onclick={act(Action::WriteNext)}>
                { Text::Write { key, value }.text(*lang) }
            </button>
            <button class="follow" title={WriteWords::FollowHint.text(*lang)} onclick={act(Action::Select(Selection::LatestWrite))}>
                { WriteWords::Follow.text(*lang) }
            </button>
            <button class="read" title={read_hint} aria-keyshortcuts="R" onclick={act(Action::ReadNext)}>
                { Words::Read.text(*lang) }{ " " }{ &props.next_read }
            </button>
            { popover::view("partition", Words::Partition.text(*lang), Some(Words::PartitionHint.text(*lang)), Some("P"), presets(props)) }
            <button class="heal" title={heal_hint.text(*lang)} aria-keyshortcuts="H" aria-disabled={(!*is_cut).then_some("true")}
                onclick={act(Action::Do(Command::HealAll))}>
                { Words::Heal.text(*lang) }
            </button>
            { popover::view("network", Words::Network.text(*lang), Some(Words::NetworkHint.text(*lang)), None, network(props)) }
            { details::messages(*lang, on_action) }
            <button class="icon" aria-label={new_cluster.clone()} title={new_cluster} onclick={props.on_new_cluster.clone()}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path class="rays" d="M13.2 6.2A5.5 5.5 0 1 0 13.5 8.6M13.6 2.6V6.4H9.8" />
                </svg>
            </button>
            <span class="hint" aria-live="polite">{ if props.draws { Words::DrawNow.text(*lang) } else { Text::ClickHint.text(*lang) } }</span>
        </div>
    }
}

/// Partitions by name, with who is on which side.
fn presets(props: &Props) -> Html {
    let plans = Preset::ALL
        .into_iter()
        .filter_map(|preset| Some((preset, preset.plan(props.servers, props.leader)?)));
    let items = plans.enumerate().map(|(place, (preset, plan))| {
        let on_click = props.on_action.reform(move |_: MouseEvent| Action::Part(preset));
        html! {
            <li>
                <button autofocus={place == 0} popovertarget="partition" popovertargetaction="hide" onclick={on_click}>
                    { plan.name.text(props.lang) }<small>{ plan.groups }</small>
                </button>
            </li>
        }
    });
    html! {
        <ul>
            { for items }
            <li>
                <button popovertarget="partition" popovertargetaction="hide" aria-pressed={props.draws.to_string()} onclick={props.on_draw.clone()}>
                    { Words::DrawLine.text(props.lang) }<small>{ Words::DrawLineWhere.text(props.lang) }</small>
                </button>
            </li>
        </ul>
    }
}

/// The dials of all links and disks.
fn network(props: &Props) -> Html {
    let Props {
        settings,
        lang,
        on_action,
        ..
    } = props;
    let some = |disks: bool| {
        settings
            .iter()
            .filter(move |setting| (setting.dial == Dial::Disk) == disks)
    };
    html! {
        <>
            <h3>{ Words::AllLinks.text(*lang) }</h3>
            { dials::view(some(false), None, *lang, on_action) }
            <h3>{ Words::AllDisks.text(*lang) }</h3>
            { dials::view(some(true), None, *lang, on_action) }
        </>
    }
}
