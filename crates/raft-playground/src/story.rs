//! The narration: which events become a line, and in which words.
//!
//! It follows the history step by step, because a line names things (the label of an entry, who has it) that are there
//! right after the step and may be gone later. What has been told is remembered, and shown again when time goes back.

mod clients;
mod commands;
mod decisions;
mod network;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use raft_core::{Instant, NodeId, Reason, Refusal, Term};
use raft_sim::{ClientId, Command, Event, EventKind, MessageId, Operation, Serial, Timeline, Violation};

pub(crate) use self::clients::answer;
use self::decisions::Decision;
pub(crate) use self::decisions::{denied, rejected};
use self::network::missed;
use crate::scene::Section::{self, Dissertation, Paper};
use crate::scene::{self, Role, Story, Who};
use crate::text::{Lost, LostVote, Message};

/// So many lines are shown.
const LINES_SHOWN: usize = 50;
/// So many are remembered; beyond, the older half is told again when it is asked for.
const LINES_REMEMBERED: usize = 4_000;

/// A story that was forgotten is told again from so long ago at most, in microseconds of the cluster.
pub(crate) const STORY_US: u64 = 60_000_000;

/// What has been told of the history.
#[derive(Debug)]
pub(crate) struct Narrator {
    /// All lines about the events in `from..=to`, oldest first.
    lines: Vec<Line>,
    from: u64,
    to: u64,
    /// From when to when it has listened.
    heard: RangeInclusive<Instant>,
    /// How things stood after the last event that was heard.
    before: Before,
}

/// What a step may end, and a line about it needs to know.
#[derive(Debug)]
struct Before {
    /// Messages on their way that would be missed if they were lost.
    missed: Vec<(MessageId, Lost)>,
    /// What the servers were.
    roles: Vec<(NodeId, Role)>,
    /// What the clients waited for.
    calls: Vec<(ClientId, Serial, Operation)>,
}

impl Before {
    fn at(timeline: &Timeline) -> Before {
        let mut before = Before {
            missed: Vec::new(),
            roles: Vec::new(),
            calls: Vec::new(),
        };
        before.look(timeline);
        before
    }

    /// Looks again, after each step: it needs no new memory, and what a client waits for is copied only when it is new.
    fn look(&mut self, timeline: &Timeline) {
        let world = timeline.world();
        self.missed.clear();
        let in_flight = world.in_flight();
        self.missed
            .extend(in_flight.filter_map(|in_flight| Some((in_flight.id, missed(in_flight)?))));
        self.roles.clear();
        let servers = world.servers().iter();
        self.roles
            .extend(servers.map(|server| (server.id(), scene::role(server))));
        let calls = || {
            world
                .clients()
                .iter()
                .filter_map(|client| Some((client.id(), client.call()?)))
        };
        let known = self.calls.iter().map(|(client, serial, _)| (*client, *serial));
        if !known.eq(calls().map(|(client, call)| (client, call.serial))) {
            self.calls.clear();
            self.calls
                .extend(calls().map(|(client, call)| (client, call.serial, call.operation.clone())));
        }
    }
}

/// A line, and the step that brought it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) step: u64,
    pub(crate) story: Story,
}

impl Narrator {
    /// Begins at the cursor.
    pub(crate) fn new(timeline: &Timeline) -> Narrator {
        let to = timeline.world().events();
        Narrator {
            lines: Vec::new(),
            from: to + 1,
            to,
            heard: timeline.world().now()..=timeline.world().now(),
            before: Before::at(timeline),
        }
    }

    /// Whether it has heard of all that is to be told at the cursor.
    pub(crate) fn knows(&self, timeline: &Timeline) -> bool {
        (self.from - 1..=self.to).contains(&timeline.world().events())
    }

    /// Whether it has as much to tell of a time as is shown. Of what happened at that very time it may not have heard
    /// all: whoever is there knows.
    pub(crate) fn may_know(&self, at: Instant) -> bool {
        let since = *self.heard.start();
        let lines = self.lines.partition_point(|line| line.story.at_us <= at.0);
        let is_enough = lines >= LINES_SHOWN || since == Instant(0) || since.after_us(STORY_US) <= at;
        is_enough && self.heard.contains(&at)
    }

    /// Listens to the step that has just been done, unless it has heard it before, and to silence.
    pub(crate) fn hear(&mut self, timeline: &Timeline) {
        let now = timeline.world().now();
        self.heard = *self.heard.start()..=now.max(*self.heard.end());
        let events = timeline.events();
        let new = events.iter().rev().take_while(|event| event.id.0 > self.to).count();
        let new = &events[events.len() - new..];
        let Some(last) = new.last() else { return };
        self.to = last.id.0;
        for event in new {
            if let Some(story) = self.tell(event, new, timeline).filter(|story| !self.is_repeated(story)) {
                self.lines.push(Line {
                    step: event.step,
                    story,
                });
            }
        }
        self.before.look(timeline);
        if self.lines.len() > LINES_REMEMBERED {
            self.lines.drain(..LINES_REMEMBERED / 2);
            let first = &self.lines[0].story;
            self.from = first.event;
            self.heard = Instant(first.at_us)..=now;
        }
    }

    /// The future has changed: what was told of it is void.
    pub(crate) fn forget_future(&mut self, timeline: &Timeline) {
        let now = timeline.world().events();
        self.lines.truncate(self.up_to(now));
        self.to = self.to.min(now);
        self.heard = *self.heard.start()..=*self.heard.end().min(&timeline.world().now());
        self.before.look(timeline);
    }

    /// The lines to show when `events` events have happened, newest first.
    pub(crate) fn latest(&self, events: u64) -> impl Iterator<Item = &Story> {
        let lines = &self.lines[..self.up_to(events)];
        lines.iter().rev().take(LINES_SHOWN).map(|line| &line.story)
    }

    /// How many lines come before those.
    pub(crate) fn before_latest(&self, events: u64) -> u64 {
        self.up_to(events).saturating_sub(LINES_SHOWN) as u64
    }

    /// The lines about the events after `after`, up to the event `until`.
    pub(crate) fn between(&self, after: u64, until: u64) -> &[Line] {
        let (first, last) = (self.up_to(after), self.up_to(until));
        &self.lines[first.min(last)..last]
    }

    /// The line about an event, if it is remembered and has one.
    pub(crate) fn line(&self, event: u64) -> Option<&Story> {
        match self.between(event.checked_sub(1)?, event) {
            [line] => Some(&line.story),
            _ => None,
        }
    }

    /// The first line about a step, and about somebody, if one is remembered.
    pub(crate) fn line_of_step(&self, step: u64, who: Option<Who>) -> Option<&Story> {
        let first = self.lines.partition_point(|line| line.step < step);
        let mut lines = self.lines[first..].iter().take_while(|line| line.step == step);
        let line = lines.find(|line| who.is_none_or(|who| line.story.who == who))?;
        Some(&line.story)
    }

    fn up_to(&self, event: u64) -> usize {
        self.lines.partition_point(|line| line.story.event <= event)
    }

    fn tell(&self, event: &Event, step: &[Event], timeline: &Timeline) -> Option<Story> {
        let telling = Telling {
            event,
            step,
            timeline,
            before: &self.before,
        };
        let (who, what, why, section) = telling.told()?;
        Some(Story {
            event: event.id.0,
            at_us: event.at.0,
            who,
            what,
            why,
            section,
        })
    }

    /// A candidate asks again until it is answered, and a leader sends again what a cut link swallows: that is told
    /// once.
    fn is_repeated(&self, story: &Story) -> bool {
        let mut own = self
            .lines
            .iter()
            .rev()
            .map(|line| &line.story)
            .filter(|line| line.who == story.who);
        let asks = |what: &Message| matches!(what, Message::AskedAgain { .. });
        let stands = |what: &Message| matches!(what, Message::StoodForElection { .. });
        if asks(&story.what) {
            let last = own.find(|line| asks(&line.what) || stands(&line.what));
            return last.is_some_and(|line| line.what == story.what);
        }
        let is_cut = story.why == Some(Message::BecauseLinkCut);
        is_cut
            && own
                .take(LINES_SHOWN)
                .any(|line| line.what == story.what && line.why == story.why)
    }
}

/// To whom, what, why, and where to read about it.
type Told = (Who, Message, Option<Message>, Option<Section>);

/// Something that happened, with all that it takes to put it into words.
struct Telling<'a> {
    event: &'a Event,
    /// The events of the step.
    step: &'a [Event],
    /// Right after the step.
    timeline: &'a Timeline,
    /// Right before it.
    before: &'a Before,
}

impl Telling<'_> {
    /// What is worth a line. What the clients of a workload do is not, unless something goes wrong.
    fn told(&self) -> Option<Told> {
        let paper = |section| Some(Paper(section));
        match (&self.event.kind, self.event.server) {
            (EventKind::Commanded(command), _) => self.commanded(command),
            (EventKind::Because(reason), Some(server)) => Decision {
                step: self.step,
                timeline: self.timeline,
                roles: &self.before.roles,
                server,
            }
            .because(reason),
            (
                EventKind::Crashed {
                    kept,
                    had,
                    on_disk,
                    lost_term,
                    lost_vote,
                },
                Some(NodeId(server)),
            ) => {
                let vote = |NodeId(candidate)| {
                    if candidate == server {
                        LostVote::Own
                    } else {
                        LostVote::For(candidate)
                    }
                };
                let lost = (lost_term.map(|term| term.0), lost_vote.map(vote));
                let why = if on_disk > kept {
                    Message::BecauseCrashedBeforeCut {
                        kept: kept.0,
                        back: on_disk.0 - kept.0,
                        lost,
                    }
                } else {
                    Message::BecauseCrashed {
                        kept: kept.0,
                        had: had.0,
                        lost,
                    }
                };
                Some((Who::Server(server), Message::Crashed(server), Some(why), None))
            }
            (EventKind::Started { term }, Some(server)) => self.started(server, *term),
            (EventKind::Paused, Some(NodeId(server))) => {
                let why = Some(Message::BecausePaused);
                Some((Who::Server(server), Message::Paused(server), why, None))
            }
            (EventKind::Resumed, Some(NodeId(server))) => {
                let why = Some(Message::BecauseResumed);
                Some((Who::Server(server), Message::Resumed(server), why, None))
            }
            (EventKind::Called { client, operation, .. }, _) => self.called(*client, operation),
            (EventKind::RequestLost { client, .. }, Some(to)) => self.request_lost(*client, to),
            (
                EventKind::Answered {
                    client, serial, result, ..
                },
                Some(server),
            ) => self.answered(server, *client, *serial, result),
            (EventKind::AnswerLost { client, .. }, Some(NodeId(server))) => {
                if let Some(dropped) = self.dropped(Who::Server(server), Who::Client(client.0)) {
                    return Some(dropped);
                }
                let what = Message::LostAnswer {
                    server,
                    client: client.0,
                };
                let told = (
                    Who::Server(server),
                    what,
                    Some(Message::BecauseAnswersGetLost),
                    paper("8"),
                );
                self.is_the_readers(*client).then_some(told)
            }
            (
                EventKind::Returned {
                    client,
                    serial,
                    from,
                    answer,
                    stale,
                },
                _,
            ) => {
                let operation = self.operation(*client, *serial)?;
                let (client, told) = (client.0, self::answer(operation, answer));
                let who = Who::Client(client);
                if *stale {
                    let what = Message::ClientReadOld { client, answer: told };
                    return Some((who, what, Some(Message::BecauseStale { from: from.0 }), paper("8")));
                }
                // Why it was given stands in the server's line.
                let what = Message::ClientKnows {
                    client,
                    from: from.0,
                    answer: told,
                };
                self.is_the_readers(ClientId(client)).then_some((who, what, None, None))
            }
            (EventKind::TurnedAway { client, from, .. }, _) => self.turned_away(*client, *from),
            (EventKind::ClientTimedOut { client, .. }, _) => {
                let (client, to) = (client.0, self.asks(*client)?.0);
                let what = Message::ClientRepeats { client, to };
                Some((
                    Who::Client(client),
                    what,
                    Some(Message::BecauseClientWaited),
                    paper("8"),
                ))
            }
            (EventKind::Refused { why }, server) => self.refused(server, *why),
            (EventKind::Lost { message, from }, Some(to)) => self.lost(*message, *from, to),
            (EventKind::Duplicated { message, of }, _) => self.duplicated(*message, *of),
            (EventKind::Violated(violation), _) => Some(violated(violation)),
            // Each of these is part of something that is told.
            (
                EventKind::Asked { .. }
                | EventKind::RequestDelivered { .. }
                | EventKind::TimerFired
                | EventKind::Sent { .. }
                | EventKind::Delivered { .. }
                | EventKind::Undeliverable { .. }
                | EventKind::WriteIssued { .. }
                | EventKind::WriteDurable { .. }
                | EventKind::Applied { .. }
                | EventKind::Proposed { .. }
                | EventKind::Restored { .. }
                | EventKind::ReadReady { .. }
                | EventKind::ReadRefused { .. },
                _,
            ) => None,
            // These happen to servers.
            (
                EventKind::Because(_)
                | EventKind::Crashed { .. }
                | EventKind::Started { .. }
                | EventKind::Paused
                | EventKind::Resumed
                | EventKind::RequestLost { .. }
                | EventKind::Answered { .. }
                | EventKind::AnswerLost { .. }
                | EventKind::Lost { .. },
                None,
            ) => None,
        }
    }

    fn started(&self, server: NodeId, term: Term) -> Option<Told> {
        let is_change = |event: &Event| matches!(event.kind, EventKind::Commanded(Command::ChangeMembers { .. }));
        if self.step.iter().any(is_change) {
            let (what, why) = (Message::SetUp(server.0), Message::BecauseSetUp);
            return Some((Who::Server(server.0), what, Some(why), Some(Paper("6"))));
        }
        let disk = self.timeline.world().server(server)?.disk().stable();
        let why = Message::BecauseRestarted {
            term: term.0,
            entries: disk.log.last_index().0,
        };
        let what = Message::Restarted(server.0);
        Some((Who::Server(server.0), what, Some(why), Some(Paper("5.2"))))
    }
}

fn refusal(why: Refusal) -> (Message, Option<Section>) {
    let (why, section) = match why {
        Refusal::NotLeader { leader } => {
            let leader = leader.map(|leader| leader.0);
            (Message::BecauseNotLeader { leader }, Paper("8"))
        }
        Refusal::Transferring { to } => (Message::BecauseTransferring { to: to.0 }, Dissertation("3.10")),
        Refusal::TooMuchUncommitted { bytes } => return (Message::BecauseTooMuchUncommitted { bytes }, None),
        Refusal::NoLeases => (Message::BecauseNoLeases, Dissertation("6.4.1")),
        Refusal::ChangeUnderWay { index } => (Message::BecauseChangeUnderWay { index: index.0 }, Paper("6")),
        Refusal::NothingCommittedInTerm => (Message::BecauseNothingCommittedInTerm, Dissertation("4.1")),
        Refusal::NoChange => (Message::BecauseNoChange, Paper("6")),
        Refusal::NoVoters => (Message::BecauseNoVoters, Paper("6")),
        Refusal::NotAVoter => (Message::BecauseOnlyVotersLead, Dissertation("3.10")),
    };
    (why, Some(section))
}

/// Why the server did what it did in a step.
fn reasons(step: &[Event], server: NodeId) -> impl Iterator<Item = &Reason> {
    step.iter().filter_map(move |event| match &event.kind {
        EventKind::Because(reason) if event.server == Some(server) => Some(reason),
        _ => None,
    })
}

/// Whether a decision was taken because somebody made the server's timer run out. `events` are those that are remembered.
pub(crate) fn is_made_to_time_out(events: &[Event], decision: &Event) -> bool {
    let cause_of = |event: &Event| {
        let place = events.binary_search_by_key(&event.cause?, |event| event.id).ok()?;
        Some(&events[place])
    };
    let timer = cause_of(decision).filter(|cause| cause.kind == EventKind::TimerFired);
    let set_by = timer.and_then(cause_of).map(|cause| &cause.kind);
    matches!(set_by, Some(EventKind::Commanded(Command::TimeOut { .. })))
}

fn violated(violation: &Violation) -> Told {
    let property = violation.property;
    let (who, what) = match violation.server() {
        Some(NodeId(server)) => (Who::Server(server), Message::Violated { server, property }),
        None => (Who::Cluster, Message::ViolatedByAll(property)),
    };
    (who, what, Some(Message::Facts(violation.facts)), None)
}
