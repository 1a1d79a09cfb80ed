//! The help: what to try first, what the pointer does, and the keys.

use raft_playground::text::{HelpWords, KeyMeaning, Lang, Message as Text};
use yew::prelude::*;

/// The dialog. A form of this method closes it without a script.
pub(crate) fn dialog(lang: Lang) -> Html {
    html! {
        <dialog aria-label={Text::Help.text(lang)}>
            // Read from the beginning: without this the focus goes to the button at the end.
            <h2 tabindex="-1" autofocus=true>{ Text::Title.text(lang) }</h2>
            <p>{ Text::HelpIntro.text(lang) }</p>
            <h3>{ HelpWords::ByHand.text(lang) }</h3>
            <dl class="by-hand">
                { for HelpWords::GESTURES.into_iter().map(|(gesture, does)| html! {
                    <div><dt>{ gesture.text(lang) }</dt><dd>{ does.text(lang) }</dd></div>
                }) }
            </dl>
            <h3>{ Text::HelpKeys.text(lang) }</h3>
            <dl>
                { for KeyMeaning::ALL.into_iter().map(|key| html! {
                    <div>
                        <dt><kbd>{ Text::KeySigns(key).text(lang) }</kbd></dt>
                        <dd>{ Text::KeyMeaning(key).text(lang) }</dd>
                    </div>
                }) }
            </dl>
            <form method="dialog"><button class="primary">{ Text::Close.text(lang) }</button></form>
        </dialog>
    }
}
