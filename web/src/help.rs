//! The help: what to try first, and the keys.

use raft_playground::text::{KeyMeaning, Lang, Message as Text};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    /// The dialog, for whoever opens it.
    pub(crate) dialog: NodeRef,
}

/// The dialog.
#[component]
pub(crate) fn Help(props: &Props) -> Html {
    let Props { lang, dialog } = props;
    let on_close = use_callback(dialog.clone(), |_: MouseEvent, dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            dialog.close();
        }
    });
    html! {
        <dialog ref={dialog.clone()} aria-label={Text::Help.text(*lang)}>
            <h2>{ Text::Title.text(*lang) }</h2>
            <p>{ Text::HelpIntro.text(*lang) }</p>
            <h3>{ Text::HelpKeys.text(*lang) }</h3>
            <dl>
                { for KeyMeaning::ALL.into_iter().map(|key| html! {
                    <div>
                        <dt><kbd>{ Text::KeySigns(key).text(*lang) }</kbd></dt>
                        <dd>{ Text::KeyMeaning(key).text(*lang) }</dd>
                    </div>
                }) }
            </dl>
            <button class="primary" onclick={on_close}>{ Text::Close.text(*lang) }</button>
        </dialog>
    }
}
