//! The link between two servers: what is cut, and how it is set.

use raft_playground::details::LinkDetails;
use raft_playground::scene::Selection;
use raft_playground::session::{Action, Command, NodeId};
use raft_playground::text::NetworkWords as Words;
use yew::prelude::*;

use super::Props;
use crate::dials;

pub(super) fn view(details: &LinkDetails, props: &Props) -> Html {
    let Props { lang, on_action, .. } = props;
    let link = details.link;
    let way = |from: u64, to: u64, is_cut: bool| {
        let ends = (NodeId(from), NodeId(to));
        let (command, label, words) = if is_cut {
            let (from, to) = ends;
            (
                Command::Heal { from, to },
                Words::Heal,
                Words::HealWay(ends.0.0, ends.1.0),
            )
        } else {
            let (from, to) = ends;
            (Command::Cut { from, to }, Words::Cut, Words::CutWay(ends.0.0, ends.1.0))
        };
        let on_click = on_action.reform(move |_: MouseEvent| Action::Do(command.clone()));
        let state = if is_cut { Words::CutBoth } else { Words::Whole };
        html! {
            <li>
                <b>{ Words::Way(from, to).text(*lang) }</b>
                <span class={if is_cut { "is-cut" } else { "" }}>{ state.text(*lang) }</span>
                <button aria-label={words.text(*lang)} onclick={on_click}>{ label.text(*lang) }</button>
            </li>
        }
    };
    let on_close = on_action.reform(|_: MouseEvent| Action::Select(Selection::Nothing));
    let close = Words::Close.text(*lang);
    let title = Words::Link(link.a, link.b).text(*lang);
    html! {
        <section class="panel details link-details" aria-label={title.clone()}>
            <div class="details-head">
                <h2>{ title }</h2>
                <button class="icon plain" aria-label={close.clone()} title={close} onclick={on_close}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path class="rays" d="M4 4L12 12M12 4L4 12" /></svg>
                </button>
            </div>
            <ul class="ways">
                { way(link.a, link.b, link.cut_there) }
                { way(link.b, link.a, link.cut_back) }
            </ul>
            <h3>{ Words::BothWays.text(*lang) }</h3>
            { dials::view(details.settings.iter(), Some((link.a, link.b)), *lang, on_action) }
        </section>
    }
}
