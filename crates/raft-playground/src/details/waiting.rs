//! What kept an answer away from a client that asks again: no cause of its patience running out, but what everybody asks for.

use std::collections::BTreeSet;

use raft_core::{NodeId, ReadMode};
use raft_sim::{Command, Config, Event, EventId, EventKind, MessageId, Operation, Timeline, World};

use crate::scene::Story;
use crate::story::Narrator;
use crate::text::{Message, NetworkSetting};

/// The line about it, if it was done by hand: its question or the answer was lost, or whom it asked could not answer.
pub(super) fn kept_away<'a>(
    timeline: &Timeline,
    narrator: &'a Narrator,
    event: &Event,
    causes: &[Event],
) -> Option<&'a Story> {
    if !matches!(event.kind, EventKind::ClientTimedOut { .. }) {
        return None;
    }
    let asked = causes
        .iter()
        .find(|cause| matches!(cause.kind, EventKind::Asked { .. }))?;
    let EventKind::Asked { message, to, .. } = asked.kind else {
        return None;
    };
    let dropped = |lost: EventId| {
        let line = narrator.line(lost.0);
        line.filter(|story| matches!(story.what, Message::Dropped { .. }))
    };
    let unable = |until: EventId| unable(timeline, narrator, asked, to, causes, until);
    match fate(timeline, asked, message, event) {
        Fate::Lost(lost) => dropped(lost)
            .or_else(|| unable(event.id))
            .or_else(|| lossy(narrator, lost)),
        Fate::AnswerLost(lost) => dropped(lost).or_else(|| lossy(narrator, lost)),
        // It comes too late.
        Fate::Answered(answered) => unable(answered),
        Fate::Open => unable(event.id),
    }
}

/// What became of a question.
enum Fate {
    /// It was lost, or found the server down.
    Lost(EventId),
    /// It arrived, or is on its way; there is no answer yet.
    Open,
    /// There is an answer.
    Answered(EventId),
    /// There was.
    AnswerLost(EventId),
}

fn fate(timeline: &Timeline, asked: &Event, question: MessageId, until: &Event) -> Fate {
    let (mut fate, mut answer) = (Fate::Open, None);
    let EventKind::Asked { client, serial, .. } = asked.kind else {
        return fate;
    };
    timeline.go_on(&mut timeline.excursion(asked.at), until.at, |_, passed| {
        if passed.id <= asked.id || passed.id >= until.id {
            return;
        }
        match passed.kind {
            EventKind::RequestLost { message, .. } if message == question => fate = Fate::Lost(passed.id),
            EventKind::Answered {
                message,
                client: of,
                serial: number,
                ..
            } if (of, number) == (client, serial) => {
                answer = Some(message);
                fate = Fate::Answered(passed.id);
            }
            EventKind::AnswerLost { message, .. } if answer == Some(message) => fate = Fate::AnswerLost(passed.id),
            _ => {}
        }
    });
    fate
}

/// What made messages of clients get lost, if something did.
fn lossy(narrator: &Narrator, before: EventId) -> Option<&Story> {
    let mut lines = narrator.between(0, before.0).iter().rev().map(|line| &line.story);
    let set = lines.find_map(|story| match story.what {
        Message::NetworkSet {
            between: None,
            setting: NetworkSetting::Loss { ppm },
        } => Some((story, ppm)),
        _ => None,
    });
    set.filter(|(_, ppm)| *ppm > 0).map(|(story, _)| story)
}

/// The last deed without which the server could have answered, at some time since it was asked.
fn unable<'a>(
    timeline: &Timeline,
    narrator: &'a Narrator,
    asked: &Event,
    server: NodeId,
    causes: &[Event],
    until: EventId,
) -> Option<&'a Story> {
    let operation = causes.iter().find_map(|cause| match &cause.kind {
        EventKind::Called { operation, .. } => Some(operation),
        _ => None,
    })?;
    let mut state = State::default();
    let mut blamed: Option<&Story> = None;
    let mut found = None;
    for line in narrator.between(0, until.0) {
        state.take(timeline, &line.story);
        match (blamed, state.can_answer(timeline.world(), server, operation)) {
            (None, false) => blamed = Some(&line.story),
            (Some(deed), true) => {
                found = found
                    .into_iter()
                    .chain((line.story.event > asked.id.0).then_some(deed))
                    .last();
                blamed = None;
            }
            _ => {}
        }
    }
    blamed.or(found)
}

/// What of the cluster does not work, as far as somebody wanted it.
#[derive(Default)]
struct State {
    /// Down, or standing still.
    idle: BTreeSet<(NodeId, Idle)>,
    /// The ways that are cut.
    cut: BTreeSet<(NodeId, NodeId)>,
    /// Whether every message gets lost.
    loses_all: bool,
}

/// Why a server does nothing, or writes nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Idle {
    Down,
    Paused,
    Stalled,
}

impl State {
    fn take(&mut self, timeline: &Timeline, story: &Story) {
        let mut set = |server: u64, why: Idle, on: bool| {
            let server = (NodeId(server), why);
            if on {
                self.idle.insert(server);
            } else {
                self.idle.remove(&server);
            }
        };
        match story.what {
            Message::Crashed(server) => {
                set(server, Idle::Down, true);
                // Whoever stood still does not any more.
                set(server, Idle::Paused, false);
            }
            Message::Restarted(server) => set(server, Idle::Down, false),
            Message::Paused(server) => set(server, Idle::Paused, true),
            Message::Resumed(server) => set(server, Idle::Paused, false),
            Message::DiskStalled(server) => set(server, Idle::Stalled, true),
            Message::DiskGoesOn(server) => set(server, Idle::Stalled, false),
            Message::CannotReach { server, to } => {
                self.cut.insert((NodeId(server), NodeId(to)));
            }
            Message::ReachesAgain { server, to } => {
                self.cut.remove(&(NodeId(server), NodeId(to)));
            }
            Message::HealedAll => self.cut.clear(),
            Message::NetworkSet {
                between: None,
                setting: NetworkSetting::Loss { ppm },
            } => self.loses_all = ppm >= Config::PPM_MAX,
            Message::Partitioned(_) => self.part(timeline, EventId(story.event)),
            _ => {}
        }
    }

    /// Takes over who is apart.
    fn part(&mut self, timeline: &Timeline, event: EventId) {
        self.cut.clear();
        let Some(EventKind::Commanded(Command::Partition { groups })) = timeline.event(event).map(|it| it.kind) else {
            return;
        };
        let servers: Vec<NodeId> = timeline.world().servers().iter().map(raft_sim::Server::id).collect();
        let is_together = |a, b| groups.iter().any(|group| group.contains(&a) && group.contains(&b));
        let ways = servers.iter().flat_map(|&a| servers.iter().map(move |&b| (a, b)));
        self.cut.extend(ways.filter(|&(a, b)| a != b && !is_together(a, b)));
    }

    /// Whether a server has what it takes to answer: for most that is a majority, and for a write one that can keep it.
    fn can_answer(&self, world: &World, server: NodeId, operation: &Operation) -> bool {
        let is = |id, why| self.idle.contains(&(id, why));
        let works = |id| !is(id, Idle::Down) && !is(id, Idle::Paused);
        let writes = matches!(operation, Operation::Write(_));
        let hears = |id| id == server || !self.cut.contains(&(server, id)) && !self.cut.contains(&(id, server));
        let has_majority = || {
            let configuration = world.server(server).map(raft_sim::Server::configuration);
            configuration.is_none_or(|it| {
                it.quorum_value(world.rules(), |id| {
                    works(id) && hears(id) && !(writes && is(id, Idle::Stalled))
                })
            })
        };
        let needs_nobody = matches!(
            operation,
            Operation::Read {
                mode: ReadMode::Local,
                ..
            }
        );
        works(server) && !self.loses_all && (needs_nobody || has_majority())
    }
}
