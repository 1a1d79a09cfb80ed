//! What the live region says: elections, crashes and violations, at most once a second.

use gloo_timers::callback::Timeout;
use yew::{AttrValue, Callback};

const PAUSE_MS: u32 = 1_000;
/// So many sentences are said in one breath.
const AT_ONCE_MAX: usize = 3;
/// So many may wait for the next.
const WAITING_MAX: usize = 6;

/// Collects what is to be said until it may be said.
pub(crate) struct Announcer {
    waiting: Vec<String>,
    /// Runs after something has been said; nothing more is said before it is over.
    pause: Option<Timeout>,
    on_pause_over: Callback<()>,
}

impl Announcer {
    /// `on_pause_over` is called when [`Announcer::resume`] may be.
    pub(crate) fn new(on_pause_over: Callback<()>) -> Announcer {
        Announcer {
            waiting: Vec::new(),
            pause: None,
            on_pause_over,
        }
    }

    /// Takes a sentence; gives back what is to be said now.
    pub(crate) fn say(&mut self, sentence: String) -> Option<AttrValue> {
        self.waiting.push(sentence);
        if self.pause.is_some() { None } else { self.next() }
    }

    /// After the pause: gives back what has come up during it.
    pub(crate) fn resume(&mut self) -> Option<AttrValue> {
        self.pause = None;
        self.next()
    }

    fn next(&mut self) -> Option<AttrValue> {
        if self.waiting.is_empty() {
            return None;
        }
        // At a high speed a second holds more than anybody can listen to: then the oldest are left out.
        let too_many = self.waiting.len().saturating_sub(WAITING_MAX);
        self.waiting.drain(..too_many);
        let at_once = self.waiting.len().min(AT_ONCE_MAX);
        let said = self.waiting.drain(..at_once).collect::<Vec<_>>().join(" ");
        let on_pause_over = self.on_pause_over.clone();
        self.pause = Some(Timeout::new(PAUSE_MS, move || on_pause_over.emit(())));
        Some(said.into())
    }
}
