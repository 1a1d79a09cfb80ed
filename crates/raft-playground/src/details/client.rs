//! A client: what it waits for, and what it asked and was told lately.

use std::rc::Rc;

use raft_sim::{ClientId, Event, EventKind, Timeline};

use crate::label;
use crate::scene::{Client, clients, told};
use crate::text::time::TimeWords;
use crate::text::{EntryWords, Message as Text, MotionWords, WhyWords};

/// A client, in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDetails {
    /// The client, as the picture shows it.
    pub client: Client,
    /// Whom it takes for the leader.
    pub believes_in: Option<u64>,
    /// What it asked and was told, newest first, as far as it is remembered.
    pub history: Rc<[Line]>,
}

/// One thing that it did or was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The event.
    pub event: u64,
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// What.
    pub what: Said,
}

/// What is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// As the story does.
    Story(Text),
    /// Otherwise.
    Word(MotionWords),
    /// Of an entry.
    Entry(EntryWords),
    /// As a cause of something.
    Why(WhyWords),
    /// Of a message that leaves.
    Message(TimeWords),
    /// Of a message, and what became of it.
    Arrival(TimeWords, TimeWords),
    /// The same, of what was done by hand.
    ByHand(Box<Said>),
}

impl Said {
    /// In a language.
    #[must_use]
    pub fn text(&self, lang: crate::text::Lang) -> String {
        match self {
            Said::Story(text) => text.text(lang),
            Said::Word(word) => word.text(lang),
            Said::Why(word) => word.text(lang),
            Said::Entry(word) => word.text(lang),
            Said::Message(word) => word.text(lang),
            Said::Arrival(word, fate) => [&word.text(lang), " · ", &*fate.text(lang)].concat(),
            Said::ByHand(said) => [&said.text(lang), " · ", &*WhyWords::ByHand.text(lang)].concat(),
        }
    }
}

/// So much of its history is shown.
const LINES_MAX: usize = 40;

impl ClientDetails {
    pub(super) fn of(timeline: &Timeline, id: u64) -> Option<ClientDetails> {
        let mut all = timeline.world().clients().iter();
        let believes_in = all.find(|client| client.id().0 == id)?.believes_in();
        let client = clients(timeline).into_iter().find(|client| client.id == id)?;
        let lines = timeline
            .events()
            .iter()
            .rev()
            .filter_map(|event| line(timeline, id, event));
        Some(ClientDetails {
            client,
            believes_in: believes_in.map(|server| server.0),
            history: lines.take(LINES_MAX).collect(),
        })
    }
}

/// An answer that a client got.
pub(crate) fn answer(timeline: &Timeline, event: &Event) -> Option<Line> {
    match event.kind {
        EventKind::Returned { client, .. } => line(timeline, client.0, event),
        _ => None,
    }
}

/// What an event means to a client.
fn line(timeline: &Timeline, id: u64, event: &Event) -> Option<Line> {
    let (client, what) = match &event.kind {
        EventKind::Asked { client, serial, to, .. } => {
            let operation = crate::scene::operation(timeline, *client, *serial)?;
            let what = Text::ClientAsked {
                client: client.0,
                to: to.0,
                request: label::request(operation),
            };
            (client, Said::Story(what))
        }
        EventKind::Returned {
            client,
            serial,
            from,
            answer,
            stale,
        } => {
            let (who, from) = (client.0, from.0);
            let answer = told(timeline, *client, *serial, answer);
            let what = if *stale {
                Text::ClientReadOld { client: who, answer }
            } else {
                Text::ClientKnows {
                    client: who,
                    from,
                    answer,
                }
            };
            (client, Said::Story(what))
        }
        EventKind::TurnedAway { client, from, .. } => (client, Said::Word(MotionWords::TurnedAway(client.0, from.0))),
        EventKind::ClientTimedOut { client, .. } => (client, Said::Word(MotionWords::TimedOut(client.0))),
        _ => return None,
    };
    (*client == ClientId(id)).then_some(Line {
        event: event.id.0,
        at_us: event.at.0,
        what,
    })
}
