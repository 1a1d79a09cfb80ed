//! The help: what to try first, and the keys.

use raft_playground::text::{KeyMeaning, Lang, Message as Text};
use yew::prelude::*;

/// The dialog. A form of this method closes it without a script.
pub(crate) fn dialog(lang: Lang) -> Html {
    html! {
        <dialog aria-label={Text::Help.text(lang)}>
            <h2>{ Text::Title.text(lang) }</h2>
            <p>{ Text::HelpIntro.text(lang) }</p>
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
