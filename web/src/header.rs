//! The line at the top: the name, the language, the theme, the help.

use std::rc::Rc;

use raft_playground::cluster::Cluster;
use raft_playground::layout::polygon;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::settings_panel;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) cluster: Rc<Cluster>,
    pub(crate) on_action: Callback<Action>,
    /// Whether the dark theme is shown now.
    pub(crate) dark: bool,
    /// Whether the name is the page's and not a part's.
    pub(crate) full_page: bool,
    pub(crate) on_language: Callback<MouseEvent>,
    pub(crate) on_theme: Callback<MouseEvent>,
    pub(crate) on_help: Callback<MouseEvent>,
}

/// The header.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        lang, dark, full_page, ..
    } = props;
    let name = Text::Title.text(*lang);
    let theme = if *dark { Text::LightTheme } else { Text::DarkTheme }.text(*lang);
    let help = Text::Help.text(*lang);
    html! {
        <header>
            { logo() }
            if *full_page { <h1>{ name }</h1> } else { <p class="title">{ name }</p> }
            <Memo part={Part::Settings(settings_panel::Props {
                cluster: Rc::clone(&props.cluster),
                lang: *lang,
                on_action: props.on_action.clone(),
            })} />
            <button class="plain" lang={lang.other().tag()} title={Text::SwitchLanguage.text(*lang)} onclick={props.on_language.clone()}>
                { Text::OtherLanguage.text(*lang) }
            </button>
            <button class="icon" aria-label={theme.clone()} title={theme} onclick={props.on_theme.clone()}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    if *dark {
                        <circle cx="8" cy="8" r="3.2" />
                        <path class="rays" d="M8 1V3M8 13V15M1 8H3M13 8H15M3.05 3.05L4.5 4.5M11.5 11.5L12.95 12.95M3.05 12.95L4.5 11.5M11.5 4.5L12.95 3.05" />
                    } else {
                        <path d="M9.5 1.8A6.4 6.4 0 1 0 14.2 9.6A5.2 5.2 0 0 1 9.5 1.8Z" />
                    }
                </svg>
            </button>
            <button class="icon" aria-label={help.clone()} title={help} onclick={props.on_help.clone()}>{ "?" }</button>
        </header>
    }
}

/// Five servers, one of which leads.
fn logo() -> Html {
    let points = polygon(5, 9.0);
    html! {
        <svg class="logo" viewBox="-12 -12 24 24" aria-hidden="true">
            { for points.split(' ').enumerate().map(|(server, point)| {
                let (x, y) = point.split_once(',').unwrap_or_default();
                html! { <circle class={if server == 0 { "leader" } else { "" }} cx={x.to_owned()} cy={y.to_owned()} r="2.9" /> }
            }) }
        </svg>
    }
}
