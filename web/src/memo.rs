//! What is rendered again only when something in it has changed.
//!
//! All such parts are one component, because a visitor downloads the life cycle of each kind of component anew.

use raft_playground::text::Lang;
use yew::prelude::*;

use crate::{
    branches, clients, details, diagram, gestures, header, help, lanes, legend, links, logs, menu, parting, properties,
    ring, server, settings_panel, story, transport,
};

/// A part of the page, with everything that it shows.
#[derive(PartialEq)]
pub(crate) enum Part {
    Branches(branches::Props),
    Clients(clients::Props),
    Details(details::Props),
    Diagram(diagram::Props),
    DiagramLegend(Lang),
    Gestures(gestures::Props),
    Header(header::Props),
    Help(Lang),
    Lane(lanes::LaneProps),
    Latest(story::ItemProps),
    Links(links::Props),
    LogLegend(Lang),
    LogRow(logs::RowProps),
    Logs(logs::Props),
    Marks(lanes::MarksProps),
    Menu(menu::Props),
    Motion(ring::MotionProps),
    Parting(parting::Props),
    Properties(properties::Props),
    Ring(ring::Props),
    RingLegend(Lang),
    Server(server::Props),
    Settings(settings_panel::Props),
    Story(story::Props),
    StoryItem(story::ItemProps),
    Transport(transport::Props),
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) part: Part,
}

/// A part that is left alone while it stays the same.
#[component]
pub(crate) fn Memo(props: &Props) -> Html {
    match &props.part {
        Part::Branches(props) => branches::view(props),
        Part::Clients(props) => clients::view(props),
        Part::Details(props) => details::view(props),
        Part::Diagram(props) => diagram::view(props),
        Part::DiagramLegend(lang) => diagram::legend(*lang),
        Part::Gestures(props) => gestures::view(props),
        Part::Header(props) => header::view(props),
        Part::Help(lang) => help::dialog(*lang),
        Part::Lane(props) => lanes::past(props),
        Part::Latest(props) => story::latest(props),
        Part::Links(props) => links::view(props),
        Part::LogLegend(lang) => legend::logs(*lang),
        Part::LogRow(props) => logs::row(props),
        Part::Logs(props) => logs::view(props),
        Part::Marks(props) => lanes::marks(props),
        Part::Menu(props) => menu::view(props),
        Part::Motion(props) => ring::motion(props),
        Part::Parting(props) => parting::view(props),
        Part::Properties(props) => properties::view(props),
        Part::Ring(props) => ring::view(props),
        Part::RingLegend(lang) => legend::ring(*lang),
        Part::Server(props) => server::view(props),
        Part::Settings(props) => settings_panel::view(props),
        Part::Story(props) => story::view(props),
        Part::StoryItem(props) => story::item(props),
        Part::Transport(props) => transport::view(props),
    }
}
