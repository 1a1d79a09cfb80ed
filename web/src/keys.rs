//! Which key does what, where the focus is.

use raft_playground::layout::SERVERS_MAX;

/// What has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The shape of a server.
    Server(u64),
    /// A button, a slider, a list that scrolls: they get Space, Enter and the arrows.
    Control,
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
    Write,
    Language,
    Help,
}

/// What a key without modifiers does. `repeated`: it is being held.
pub(crate) fn stroke(key: &str, focus: Focus, repeated: bool) -> Option<Stroke> {
    let stroke = match (key, focus) {
        (" " | "Enter" | "x" | "X", Focus::Server(server)) => Stroke::Toggle(server),
        ("ArrowRight" | "ArrowDown", Focus::Server(_)) => Stroke::FocusNext(1),
        ("ArrowLeft" | "ArrowUp", Focus::Server(_)) => Stroke::FocusNext(-1),
        (" " | "Enter", Focus::Control) => return None,
        (" ", Focus::Playground) => Stroke::TogglePlay,
        ("Enter" | "x" | "X", _) => Stroke::ToggleSelected,
        (".", _) => Stroke::StepForward,
        (",", _) => Stroke::StepBack,
        ("[", _) => Stroke::Slower,
        ("]", _) => Stroke::Faster,
        ("w" | "W", _) => Stroke::Write,
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
        Stroke::StepForward | Stroke::StepBack | Stroke::Slower | Stroke::Faster | Stroke::FocusNext(_)
    );
    Some(stroke).filter(|_| may_repeat || !repeated)
}
