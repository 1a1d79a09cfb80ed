//! What changes with the language only.

use raft_playground::text::Lang;
use yew::prelude::*;

use crate::{help, legend};

/// Which.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    RingLegend,
    LogLegend,
    Help,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) part: Part,
    pub(crate) lang: Lang,
}

/// A part that is rendered once and left alone.
#[component]
pub(crate) fn Still(props: &Props) -> Html {
    match props.part {
        Part::RingLegend => legend::ring(props.lang),
        Part::LogLegend => legend::logs(props.lang),
        Part::Help => help::dialog(props.lang),
    }
}
