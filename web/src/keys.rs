//! Which key does what, where the focus is.

use raft_playground::layout::SERVERS_MAX;

/// What has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The shape of a server.
    Server(u64),
    /// A link of the ring.
    Link(u64, u64),
    /// An entry of a log: a button, one of many.
    Entry,
    /// A button or a link: it gets Enter, and Space.
    Control,
    /// A slider, a list that scrolls: it gets the arrows, and has no use for Space.
    Slider,
    /// The playground itself.
    Playground,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stroke {
    TogglePlay,
    StepForward,
    StepBack,
    Slower,
    Faster,
    /// To this server.
    FocusServer(u64),
    /// To the server so many places on, round the ring.
    FocusNext(i64),
    /// Crashes or restarts this server.
    Toggle(u64),
    /// Crashes or restarts the selected server.
    ToggleSelected,
    /// Cuts or heals this link.
    ToggleLink(u64, u64),
    /// To the link so many places on.
    FocusNextLink(i64),
    /// To the entry so many columns and rows on.
    FocusNextEntry(i64, i64),
    /// Opens the menu of the selected server.
    Menu,
    /// Lets the selected server time out.
    TimeOut,
    Write,
    NextMessage,
    PreviousMessage,
    Read,
    /// Opens the menu of partitions.
    Partition,
    Heal,
    /// Closes the details.
    Close,
    Language,
    Help,
    /// Nothing more than when it was pressed; neither does the browser do anything.
    Held,
}

/// What a key without modifiers does. `clicked`: a pointer brought the focus there, not the keyboard. Then
/// Space plays and pauses. `repeated`: the key is being held.
pub(crate) fn stroke(key: &str, focus: Focus, clicked: bool, repeated: bool) -> Option<Stroke> {
    let stroke = match (key, focus) {
        (" ", Focus::Server(server)) if !clicked => Stroke::Toggle(server),
        ("Enter" | "x" | "X", Focus::Server(server)) => Stroke::Toggle(server),
        ("ArrowRight" | "ArrowDown", Focus::Server(_)) => Stroke::FocusNext(1),
        ("ArrowLeft" | "ArrowUp", Focus::Server(_)) => Stroke::FocusNext(-1),
        (" ", Focus::Link(a, b)) if !clicked => Stroke::ToggleLink(a, b),
        ("Enter" | "x" | "X", Focus::Link(a, b)) => Stroke::ToggleLink(a, b),
        ("ArrowRight" | "ArrowDown", Focus::Link(..)) => Stroke::FocusNextLink(1),
        ("ArrowLeft" | "ArrowUp", Focus::Link(..)) => Stroke::FocusNextLink(-1),
        ("ArrowRight", Focus::Entry) => Stroke::FocusNextEntry(1, 0),
        ("ArrowLeft", Focus::Entry) => Stroke::FocusNextEntry(-1, 0),
        ("ArrowDown", Focus::Entry) => Stroke::FocusNextEntry(0, 1),
        ("ArrowUp", Focus::Entry) => Stroke::FocusNextEntry(0, -1),
        (" ", Focus::Control | Focus::Entry) if !clicked => return None,
        ("Enter", Focus::Control | Focus::Entry | Focus::Slider) => return None,
        (" ", _) => Stroke::TogglePlay,
        ("Escape", _) => Stroke::Close,
        ("Enter" | "x" | "X", _) => Stroke::ToggleSelected,
        (".", _) => Stroke::StepForward,
        (",", _) => Stroke::StepBack,
        ("[", _) => Stroke::Slower,
        ("]", _) => Stroke::Faster,
        ("m" | "M" | "ContextMenu", _) => Stroke::Menu,
        ("t" | "T", _) => Stroke::TimeOut,
        ("w" | "W", _) => Stroke::Write,
        ("n" | "N", _) => Stroke::NextMessage,
        ("b" | "B", _) => Stroke::PreviousMessage,
        ("r" | "R", _) => Stroke::Read,
        ("p" | "P", _) => Stroke::Partition,
        ("h" | "H", _) => Stroke::Heal,
        ("l" | "L", _) => Stroke::Language,
        ("?", _) => Stroke::Help,
        _ => {
            let server = key
                .parse()
                .ok()
                .filter(|server| (1..=SERVERS_MAX as u64).contains(server))?;
            Stroke::FocusServer(server)
        }
    };
    let may_repeat = matches!(
        stroke,
        Stroke::StepForward
            | Stroke::StepBack
            | Stroke::Slower
            | Stroke::Faster
            | Stroke::FocusNext(_)
            | Stroke::FocusNextLink(_)
            | Stroke::FocusNextEntry(..)
    );
    Some(if repeated && !may_repeat { Stroke::Held } else { stroke })
}
