//! What kept an answer away from a client that asks again: no cause of its patience running out, but what everybody asks for.

use std::collections::BTreeSet;

use raft_core::{NodeId, ReadMode};
use raft_sim::{Command, Config, Event, EventId, EventKind, MessageId, Operation, Timeline};

use super::event::right_after;
use crate::scene::{Story, Who};
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
    let EventKind::Asked {
        message, to, client, ..
    } = asked.kind
    else {
        return None;
    };
    let dropped = |lost: EventId| {
        let line = narrator.line(lost.0);
        line.filter(|story| matches!(story.what, Message::Dropped { .. }))
    };
    let unable = |until: EventId| {
        let operation = causes.iter().find_map(|cause| match &cause.kind {
            EventKind::Called { operation, .. } => Some(operation),
            _ => None,
        })?;
        unable(timeline, narrator, [asked, event], to, Some(operation), until)
    };
    // Whoever stands still takes no message.
    let idle = || self::unable(timeline, narrator, [asked, event], to, None, event.id);
    let network = |of: fn(&NetworkSetting) -> Option<u64>| {
        latest(narrator, event.id, |what| match what {
            Message::NetworkSet { between: None, setting } => of(setting),
            _ => None,
        })
    };
    let lossy = || {
        let set = network(|setting| match setting {
            NetworkSetting::Loss { ppm } => Some(*ppm),
            _ => None,
        });
        set.filter(|(_, ppm)| *ppm > 0).map(|(story, _)| story)
    };
    let slow = || {
        let set = network(|setting| match setting {
            NetworkSetting::Latency { us_max, .. } => Some(*us_max),
            _ => None,
        });
        set.filter(is_long).map(|(story, _)| story)
    };
    let delayed = || {
        let (client, server) = (Who::Client(client.0), Who::Server(to.0));
        let set = latest(narrator, event.id, |what| match what {
            Message::Delayed { from, to, by_us } if [(client, server), (server, client)].contains(&(*from, *to)) => {
                Some(*by_us)
            }
            _ => None,
        });
        set.filter(|(story, _)| story.event > asked.id.0)
            .filter(is_long)
            .map(|(story, _)| story)
    };
    let slow_disk = || {
        let set = latest(narrator, event.id, |what| match what {
            Message::DiskSet { us_max, .. } => Some(*us_max),
            _ => None,
        });
        set.filter(is_long).map(|(story, _)| story)
    };
    match fate(timeline, asked, message, event) {
        Fate::Lost(lost) => dropped(lost).or_else(|| unable(event.id)).or_else(lossy),
        Fate::AnswerLost(lost) => dropped(lost).or_else(lossy),
        Fate::UnderWay => idle().or_else(delayed).or_else(slow),
        // It comes too late.
        Fate::Answered(answered) => unable(answered).or_else(delayed).or_else(slow),
        Fate::Arrived => unable(event.id).or_else(slow_disk),
    }
}

/// A way or a write that takes at least so long can be why a client's patience runs out, in microseconds.
const LONG_US: u64 = 100_000;

fn is_long((_, us): &(&Story, u64)) -> bool {
    *us >= LONG_US
}

/// The last line before an event that sets something, and what to.
fn latest(narrator: &Narrator, before: EventId, of: impl Fn(&Message) -> Option<u64>) -> Option<(&Story, u64)> {
    let mut lines = narrator.between(0, before.0).iter().rev().map(|line| &line.story);
    lines.find_map(|story| Some((story, of(&story.what)?)))
}

/// What became of a question.
enum Fate {
    /// It was lost, or found the server down.
    Lost(EventId),
    /// It is on its way.
    UnderWay,
    /// It arrived, and there is no answer.
    Arrived,
    /// There is an answer.
    Answered(EventId),
    /// There was.
    AnswerLost(EventId),
}

fn fate(timeline: &Timeline, asked: &Event, question: MessageId, until: &Event) -> Fate {
    let (mut fate, mut answer) = (Fate::UnderWay, None);
    let EventKind::Asked { client, serial, .. } = asked.kind else {
        return fate;
    };
    timeline.go_on(&mut timeline.excursion(asked.at), until.at, |_, passed| {
        if passed.id <= asked.id || passed.id >= until.id {
            return;
        }
        match passed.kind {
            EventKind::RequestLost { message, .. } if message == question => fate = Fate::Lost(passed.id),
            EventKind::RequestDelivered { message, .. } if message == question => fate = Fate::Arrived,
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

/// The last deed without which the server could have answered, at some time from the question until something. A server
/// that does not lead would have turned the client away: who says nothing led. Without an operation only the server itself
/// counts.
fn unable<'a>(
    timeline: &Timeline,
    narrator: &'a Narrator,
    [asked, gave_up]: [&Event; 2],
    server: NodeId,
    operation: Option<&Operation>,
    until: EventId,
) -> Option<&'a Story> {
    // Members and rules as they were then.
    let (configuration, rules) = right_after(timeline, gave_up, |world| {
        Some((world.server(server)?.configuration().clone(), world.rules()))
    })?;
    let is_quorum = |answers: &dyn Fn(NodeId) -> bool| configuration.quorum_value(rules, answers);
    let members: Vec<NodeId> = configuration.members().collect();
    let mut state = State::default();
    let mut blamed: Option<&Story> = None;
    let mut found = None;
    for line in narrator.between(0, until.0) {
        state.take(timeline, &members, &line.story);
        match (blamed, state.can_answer(server, operation, is_quorum)) {
            (None, false) => blamed = Some(&line.story),
            (Some(deed), true) => {
                if line.story.event > asked.id.0 {
                    found = Some(deed);
                }
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
    /// The ways on which every message gets lost.
    loses: BTreeSet<(NodeId, NodeId)>,
}

/// Why a server does nothing, or writes nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Idle {
    Down,
    Paused,
    Stalled,
}

impl State {
    fn take(&mut self, timeline: &Timeline, members: &[NodeId], story: &Story) {
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
            } => {
                self.loses_all = ppm >= Config::PPM_MAX;
                self.loses.clear();
            }
            Message::NetworkSet {
                between: Some((from, to)),
                setting: NetworkSetting::Loss { ppm },
            } => {
                let way = (NodeId(from), NodeId(to));
                if ppm >= Config::PPM_MAX {
                    self.loses.insert(way);
                } else {
                    self.loses.remove(&way);
                }
            }
            Message::Partitioned(_) => self.part(timeline, members, EventId(story.event)),
            _ => {}
        }
    }

    /// Takes over who is apart.
    fn part(&mut self, timeline: &Timeline, members: &[NodeId], event: EventId) {
        self.cut.clear();
        let Some(EventKind::Commanded(Command::Partition { groups })) = timeline.event(event).map(|it| it.kind) else {
            return;
        };
        let is_together = |a, b| groups.iter().any(|group| group.contains(&a) && group.contains(&b));
        let ways = members.iter().flat_map(|&a| members.iter().map(move |&b| (a, b)));
        self.cut.extend(ways.filter(|&(a, b)| a != b && !is_together(a, b)));
    }

    /// Whether a leader has what it takes to answer: for most that is a majority, and for a write one that can keep it.
    fn can_answer(
        &self,
        server: NodeId,
        operation: Option<&Operation>,
        is_quorum: impl Fn(&dyn Fn(NodeId) -> bool) -> bool,
    ) -> bool {
        let is = |id, why| self.idle.contains(&(id, why));
        let works = |id| !is(id, Idle::Down) && !is(id, Idle::Paused);
        let writes = matches!(operation, Some(Operation::Write(_)));
        let passes = |from, to| !self.cut.contains(&(from, to)) && !self.loses.contains(&(from, to));
        let hears = |id| id == server || passes(server, id) && passes(id, server);
        let answers = |id| works(id) && hears(id) && !(writes && is(id, Idle::Stalled));
        let needs_nobody = match operation {
            None => true,
            Some(Operation::Read { mode, .. }) => *mode == ReadMode::Local,
            Some(Operation::Write(_)) => false,
        };
        works(server) && !self.loses_all && (needs_nobody || is_quorum(&answers))
    }
}
