//! The narration: which events become a line, and in which words.
//!
//! It follows the history step by step, because a line names things (the label of an entry, who has it) that are there
//! right after the step and may be gone later. What has been told is remembered, and shown again when time goes back.

use std::rc::Rc;

use raft_core::{EntriesRejection, Ignorance, Index, Log, NodeId, Reason, Role as CoreRole, Term, VoteDenial};
use raft_sim::{Command, Event, EventKind, Fact, InFlight, MilestoneKind, Timeline, Violation, kv};

use crate::label;
use crate::scene::{Role, Story};
use crate::text::{Entries, Lost, Message};

/// So many lines are shown.
const LINES_SHOWN: usize = 50;
/// So many are remembered; beyond, the older half is told again when it is asked for.
const LINES_REMEMBERED: usize = 4_000;

/// What has been told of the history.
#[derive(Debug)]
pub(crate) struct Narrator {
    /// All lines about the events in `from..=to`, oldest first.
    lines: Vec<Line>,
    from: u64,
    to: u64,
    /// Messages on their way that will be lost, and would be missed.
    doomed: Vec<(u64, Lost)>,
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
            doomed: doomed(timeline),
        }
    }

    /// Whether it has heard everything up to the cursor that it should be able to tell.
    pub(crate) fn has_heard(&self, timeline: &Timeline) -> bool {
        (self.from - 1..=self.to).contains(&timeline.world().events())
    }

    /// Listens to the step that has just been done, unless it has heard it before.
    pub(crate) fn hear(&mut self, timeline: &Timeline) {
        let events = timeline.events();
        let new = &events[events.partition_point(|event| event.id.0 <= self.to)..];
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
        self.doomed = doomed(timeline);
        if self.lines.len() > LINES_REMEMBERED {
            self.lines.drain(..LINES_REMEMBERED / 2);
            self.from = self.lines[0].story.event;
        }
    }

    /// Whether there are as many lines as are shown at once.
    pub(crate) fn can_fill_the_panel(&self) -> bool {
        self.lines.len() >= LINES_SHOWN
    }

    /// The future has changed: what was told of it is void.
    pub(crate) fn forget_future(&mut self, timeline: &Timeline) {
        let now = timeline.world().events();
        self.lines.truncate(self.up_to(now));
        self.to = self.to.min(now);
        self.doomed = doomed(timeline);
    }

    /// The lines to show when `events` events have happened, newest first.
    pub(crate) fn latest(&self, events: u64) -> impl Iterator<Item = &Story> {
        let lines = &self.lines[..self.up_to(events)];
        lines.iter().rev().take(LINES_SHOWN).map(|line| &line.story)
    }

    /// The lines about the events after `after`, up to the event `until`.
    pub(crate) fn between(&self, after: u64, until: u64) -> &[Line] {
        let (first, last) = (self.up_to(after), self.up_to(until));
        &self.lines[first.min(last)..last]
    }

    fn up_to(&self, event: u64) -> usize {
        self.lines.partition_point(|line| line.story.event <= event)
    }

    fn tell(&self, event: &Event, step: &[Event], timeline: &Timeline) -> Option<Story> {
        let told = match (&event.kind, event.server) {
            (EventKind::Because(reason), Some(server)) => Telling {
                event,
                step,
                timeline,
                server,
            }
            .because(reason)?,
            (EventKind::Crashed { kept, had, on_disk }, Some(server)) => {
                let why = if on_disk > kept {
                    Message::BecauseCrashedBeforeCut {
                        kept: kept.0,
                        back: on_disk.0 - kept.0,
                    }
                } else {
                    Message::BecauseCrashed {
                        kept: kept.0,
                        had: had.0,
                    }
                };
                (server, Message::Crashed(server.0), Some(why), None)
            }
            (EventKind::Started { term }, Some(server)) => restarted(timeline, server, *term)?,
            (EventKind::Refused { leader }, Some(server)) => refused(timeline, event, server, *leader)?,
            (EventKind::Lost { message, from }, Some(to)) => self.lost(message.0, *from, to)?,
            (EventKind::Violated(violation), _) => violated(violation),
            _ => return None,
        };
        let (server, what, why, section) = told;
        Some(Story {
            event: event.id.0,
            at_us: event.at.0,
            server: server.0,
            what,
            why,
            section,
        })
    }

    /// A candidate asks again until it is answered: that is told once for the same servers.
    fn is_repeated(&self, story: &Story) -> bool {
        let asks = |what: &Message| matches!(what, Message::AskedAgain { .. });
        let stands = |what: &Message| matches!(what, Message::StoodForElection { .. });
        let own = self.lines.iter().rev().map(|line| &line.story);
        let mut candidacy = own.filter(|line| line.server == story.server && (asks(&line.what) || stands(&line.what)));
        asks(&story.what) && candidacy.next().is_some_and(|line| line.what == story.what)
    }

    fn lost(&self, message: u64, from: NodeId, to: NodeId) -> Option<Told> {
        let &(_, what) = self.doomed.iter().find(|(id, _)| *id == message)?;
        let what = Message::LostMessage {
            server: from.0,
            to: to.0,
            what,
        };
        Some((from, what, Some(Message::BecauseNetworkLoses), Some("5.1")))
    }
}

/// To whom, what, why, and the section of the paper.
type Told = (NodeId, Message, Option<Message>, Option<&'static str>);

fn restarted(timeline: &Timeline, server: NodeId, term: Term) -> Option<Told> {
    let disk = timeline.world().server(server)?.disk().stable();
    let why = Message::BecauseRestarted {
        term: term.0,
        entries: disk.log.last_index().0,
    };
    Some((server, Message::Restarted(server.0), Some(why), Some("5.2")))
}

fn refused(timeline: &Timeline, event: &Event, server: NodeId, leader: Option<NodeId>) -> Option<Told> {
    let events = timeline.events();
    let cause = event.cause?;
    let cause = events.binary_search_by_key(&cause, |event| event.id).ok()?;
    let EventKind::Commanded(Command::Write { key, value, .. }) = &events[cause].kind else {
        return None;
    };
    let what = Message::RefusedWrite {
        server: server.0,
        label: label::write(key, value),
    };
    let why = Message::BecauseNotLeader {
        leader: leader.map(|leader| leader.0),
    };
    Some((server, what, Some(why), Some("8")))
}

fn violated(violation: &Violation) -> Told {
    let server = violation.facts.iter().rev().find_map(fact_server).unwrap_or_default();
    let property = violation.property;
    let what = Message::Violated {
        server: server.0,
        property,
    };
    (server, what, Some(Message::Facts(violation.facts)), None)
}

fn fact_server(fact: &Fact) -> Option<NodeId> {
    match *fact {
        Fact::Leads { server, .. }
        | Fact::Rewrote { server, .. }
        | Fact::Has { server, .. }
        | Fact::Lacks { server, .. }
        | Fact::Applied { server, .. } => Some(server),
        Fact::Committed { .. } => None,
    }
}

/// Heartbeats come again by themselves, and so do their answers: only the rest is missed.
fn doomed(timeline: &Timeline) -> Vec<(u64, Lost)> {
    let lost = timeline.world().in_flight().filter(|in_flight| in_flight.lost);
    lost.filter_map(|in_flight| Some((in_flight.id.0, missed(in_flight)?)))
        .collect()
}

fn missed(in_flight: &InFlight) -> Option<Lost> {
    match &in_flight.message.body {
        raft_core::Body::RequestVote { .. } => Some(Lost::VoteRequest),
        raft_core::Body::RequestVoteReply { .. } => Some(Lost::Vote),
        raft_core::Body::AppendEntries(request) => (!request.entries.is_empty()).then_some(Lost::Entries),
        raft_core::Body::AppendEntriesReply { .. } | raft_core::Body::AppendEntriesRejected { .. } => None,
    }
}

/// A decision of a server, with all that it takes to put it into words.
struct Telling<'a> {
    event: &'a Event,
    /// The events of the step.
    step: &'a [Event],
    /// Right after the step.
    timeline: &'a Timeline,
    server: NodeId,
}

impl Telling<'_> {
    /// What a decision is worth telling. Heartbeats that change nothing, and single votes as they are counted, are not.
    fn because(&self, reason: &Reason) -> Option<Told> {
        let server = self.server.0;
        let (what, why, section) = match *reason {
            Reason::ElectionTimedOut { term, waited_us } => (
                Message::StoodForElection { server, term: term.0 },
                self.timed_out(waited_us / 1_000),
                "5.2",
            ),
            Reason::VotesAskedAgain { .. } => {
                let servers = self.sent_to();
                (Message::AskedAgain { server, servers }, Message::BecauseNoAnswer, "5.1")
            }
            Reason::HigherTerm { from, mine, theirs } => (
                self.adopted(theirs.0)?,
                Message::BecauseHigherTerm {
                    from: from.0,
                    mine: mine.0,
                    theirs: theirs.0,
                },
                "5.1",
            ),
            // The same vote once more is no news: nothing had to be written for it.
            Reason::VoteGranted { .. } if !self.has_written() => return None,
            Reason::VoteGranted { to, term } => (
                Message::Voted {
                    server,
                    to: to.0,
                    term: term.0,
                },
                Message::BecauseVoteFree { to: to.0 },
                "5.2",
            ),
            Reason::VoteDenied { to, by } => {
                let (why, section) = denied(server, to.0, by);
                (Message::RefusedVote { server, to: to.0 }, why, section)
            }
            Reason::Elected { term, votes, .. } => (
                Message::Elected { server, term: term.0 },
                Message::BecauseMajorityVoted {
                    votes,
                    servers: self.servers(),
                },
                "5.2",
            ),
            Reason::LeaderHeard {
                leader,
                term,
                was_candidate: true,
            } => (
                Message::GaveUp {
                    server,
                    leader: leader.0,
                },
                Message::BecauseLeaderHeard {
                    leader: leader.0,
                    term: term.0,
                },
                "5.2",
            ),
            Reason::EntriesAccepted {
                from,
                matched,
                appended,
                truncated,
            } if appended > 0 => {
                let first = Index(matched.0 + 1 - appended);
                let (what, why) = self.stored(from.0, first, matched, truncated);
                (what, why, "5.3")
            }
            Reason::EntriesRejected { from, by } => {
                let (why, section) = rejected(from.0, by);
                (Message::RefusedEntries { server, from: from.0 }, why, section)
            }
            Reason::WentBack { to, next_index } => (
                Message::WentBack {
                    server,
                    to: to.0,
                    next_index: next_index.0,
                },
                Message::BecauseFollowerDiffers { to: to.0 },
                "5.3",
            ),
            Reason::CommitHeld {
                index,
                entry_term,
                current_term,
            } => (
                Message::HeldCommit { server, index: index.0 },
                Message::BecauseOfEarlierTerm {
                    entry_term: entry_term.0,
                    current_term: current_term.0,
                },
                "5.4.2",
            ),
            Reason::MajorityMatched { index, servers, .. } => (
                Message::Committed {
                    server,
                    entries: self.applied()?,
                },
                self.majority_has(index, servers),
                "5.3",
            ),
            Reason::CommitLearned { from, index } => (
                Message::Applied {
                    server,
                    entries: self.applied().filter(|entries| *entries != Entries::NoOp)?,
                },
                Message::BecauseLeaderCommitted {
                    from: from.0,
                    index: index.0,
                },
                "5.3",
            ),
            Reason::Appended { index, .. } => match label::range(self.log()?, index, index) {
                Entries::NoOp => (
                    Message::Appended {
                        server,
                        entries: Entries::NoOp,
                    },
                    Message::BecauseNewLeader,
                    "8",
                ),
                entries => (
                    Message::Appended { server, entries },
                    Message::BecauseClientWrote { index: index.0 },
                    "5.3",
                ),
            },
            Reason::Ignored { from, by } => {
                let (why, section) = ignored(by)?;
                (Message::IgnoredMessage { server, from: from.0 }, why, section)
            }
            Reason::VoteCounted { .. }
            | Reason::LeaderHeard { .. }
            | Reason::HeartbeatDue
            | Reason::EntriesAccepted { .. }
            | Reason::FollowerMatched { .. } => return None,
        };
        Some((self.server, what, Some(why), Some(section)))
    }

    /// Whoever stood already has found no majority; whoever did not has heard nothing.
    fn timed_out(&self, waited_ms: u64) -> Message {
        match self.role_before() {
            Role::Candidate => Message::BecauseNoMajority { waited_ms },
            Role::Follower | Role::Leader | Role::Crashed => Message::BecauseTimedOut { waited_ms },
        }
    }

    /// To whom the server sent something in this step.
    fn sent_to(&self) -> Rc<[u64]> {
        let events = self.step.iter().filter(|event| event.server == Some(self.server));
        let sent = events.filter_map(|event| match event.kind {
            EventKind::Sent { to, .. } => Some(to.0),
            _ => None,
        });
        sent.collect()
    }

    /// Whether the server wrote something in this step.
    fn has_written(&self) -> bool {
        let mut written = self.step.iter().filter(|event| event.server == Some(self.server));
        written.any(|event| matches!(event.kind, EventKind::WriteIssued { .. }))
    }

    /// A higher term is told of whoever loses an office by it. A voter's next line says the term anyway.
    fn adopted(&self, term: u64) -> Option<Message> {
        let server = self.server.0;
        let voted = |event: &Event| matches!(event.kind, EventKind::Because(Reason::VoteGranted { .. }));
        match self.role_before() {
            was @ (Role::Leader | Role::Candidate) => Some(Message::SteppedDown { server, was, term }),
            Role::Follower | Role::Crashed if self.step.iter().any(voted) => None,
            Role::Follower | Role::Crashed => Some(Message::MovedToTerm { server, term }),
        }
    }

    /// What the server was before this event.
    fn role_before(&self) -> Role {
        let milestones = self.timeline.milestones().iter().rev();
        let turns = milestones.filter(|turn| turn.server == Some(self.server) && turn.event < self.event.id);
        let mut roles = turns.filter_map(|turn| match turn.kind {
            MilestoneKind::Stood(_) => Some(Role::Candidate),
            MilestoneKind::Elected(_) => Some(Role::Leader),
            MilestoneKind::Followed(_) | MilestoneKind::Started(_) => Some(Role::Follower),
            MilestoneKind::Crashed => Some(Role::Crashed),
            MilestoneKind::Committed(_) | MilestoneKind::Violated => None,
        });
        roles.next().unwrap_or(Role::Follower)
    }

    fn stored(&self, from: u64, first: Index, last: Index, truncated: u64) -> (Message, Message) {
        let server = self.server.0;
        let log = self.log();
        let entries = log.map_or(Entries::At(last.0), |log| label::range(log, first, last));
        if truncated > 0 {
            let what = Message::Replaced {
                server,
                truncated,
                entries,
            };
            return (what, Message::BecauseConflict { from });
        }
        let previous = first.previous();
        let why = match log.and_then(|log| log.term_at(previous)) {
            Some(term) if previous > Index(0) => Message::BecausePreviousMatches {
                from,
                previous_index: previous.0,
                previous_term: term.0,
            },
            _ => Message::BecauseFromTheStart { from },
        };
        (Message::Appended { server, entries }, why)
    }

    /// The entries that the server applied in this step.
    fn applied(&self) -> Option<Entries> {
        let mut applied = self.step.iter().filter_map(|event| match event.kind {
            EventKind::Applied { index, .. } if event.server == Some(self.server) => Some(index),
            _ => None,
        });
        let first = applied.next()?;
        let last = applied.next_back().unwrap_or(first);
        Some(label::range(self.log()?, first, last))
    }

    fn majority_has(&self, index: Index, count: u64) -> Message {
        let on: Rc<[u64]> = self.servers_with(index).unwrap_or_default().into();
        let on = if on.len() as u64 == count { on } else { Rc::default() };
        Message::BecauseMajorityHas {
            index: index.0,
            on,
            count,
            servers: self.servers(),
        }
    }

    /// Who has an entry durably, as far as the leader knows.
    fn servers_with(&self, index: Index) -> Option<Vec<u64>> {
        let node = self.timeline.world().server(self.server)?.node()?;
        let CoreRole::Leader(leader) = node.role() else {
            return None;
        };
        let followers = leader
            .progress
            .iter()
            .filter(|(_, progress)| progress.match_index >= index);
        let mut servers: Vec<u64> = followers.map(|(id, _)| id.0).collect();
        if node.durable_index() >= index {
            let place = servers.partition_point(|&server| server < self.server.0);
            servers.insert(place, self.server.0);
        }
        Some(servers)
    }

    fn servers(&self) -> u64 {
        self.timeline.world().servers().len() as u64
    }

    fn log(&self) -> Option<&Log<kv::Command>> {
        Some(self.timeline.world().server(self.server)?.node()?.log())
    }
}

fn denied(server: u64, to: u64, by: VoteDenial) -> (Message, &'static str) {
    match by {
        VoteDenial::LowerTerm { mine, theirs } => {
            let why = Message::BecauseCandidateOfLowerTerm {
                to,
                mine: mine.0,
                theirs: theirs.0,
            };
            (why, "5.1")
        }
        VoteDenial::AlreadyVoted { for_ } if for_.0 == server => (Message::BecauseVotedForItself, "5.2"),
        VoteDenial::AlreadyVoted { for_ } => (Message::BecauseAlreadyVoted { for_: for_.0 }, "5.2"),
        VoteDenial::LogBehind { mine, theirs } => {
            let why = Message::BecauseLogBehind {
                to,
                my_index: mine.index.0,
                my_term: mine.term.0,
                their_index: theirs.index.0,
                their_term: theirs.term.0,
            };
            (why, "5.4.1")
        }
    }
}

fn rejected(from: u64, by: EntriesRejection) -> (Message, &'static str) {
    match by {
        EntriesRejection::LowerTerm { mine, theirs } => {
            let why = Message::BecauseLeaderOfLowerTerm {
                from,
                mine: mine.0,
                theirs: theirs.0,
            };
            (why, "5.1")
        }
        EntriesRejection::PreviousMissing { last, previous } => {
            let why = Message::BecausePreviousMissing {
                previous_index: previous.index.0,
                last: last.0,
            };
            (why, "5.3")
        }
        EntriesRejection::PreviousDiffers { mine, previous } => {
            let why = Message::BecausePreviousDiffers {
                previous_index: previous.index.0,
                previous_term: previous.term.0,
                mine: mine.0,
            };
            (why, "5.3")
        }
    }
}

/// Late answers are ignored all the time; what no correct server sends is news.
fn ignored(by: Ignorance) -> Option<(Message, &'static str)> {
    match by {
        Ignorance::SecondLeader => Some((Message::BecauseSecondLeader, "5.2")),
        Ignorance::CutsCommitted { commit_index } => {
            let commit_index = commit_index.0;
            Some((Message::BecauseCutsCommitted { commit_index }, "5.4"))
        }
        Ignorance::NotForMe
        | Ignorance::UnknownServer
        | Ignorance::NotBelievable
        | Ignorance::OldTerm { .. }
        | Ignorance::NoLongerAsked => None,
    }
}
