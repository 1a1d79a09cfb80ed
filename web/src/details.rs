//! The details of what is selected, where the story is: each kind of thing in a file of its own.

mod link;
mod message;
mod server;

use std::rc::Rc;

use raft_playground::details::Details;
use raft_playground::session::Action;
use raft_playground::text::Lang;
use yew::prelude::*;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) details: Option<Rc<Details>>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel of it; nothing if nothing is selected.
pub(crate) fn view(props: &Props) -> Html {
    match props.details.as_deref() {
        None => Html::default(),
        Some(Details::Link(details)) => link::view(details, props),
        Some(Details::Message(details)) => message::view(details, props),
        Some(Details::Server(details)) => server::view(details, props),
    }
}
