//! A message in flight.

use raft_playground::details::MessageDetails;
use yew::prelude::*;

use super::Props;

pub(super) fn view(details: &MessageDetails, props: &Props) -> Html {
    html! {
        <section class="panel details">
            <p>{ details.message.text.text(props.lang) }</p>
        </section>
    }
}
