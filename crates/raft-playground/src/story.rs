//! The narration: which events become a line, and in which words.
//!
//! It follows the history step by step, because a line names things (the label of an entry, who has it) that are there
//! right after the step and may be gone later. What has been told is remembered, and shown again when time goes back.

use std::rc::Rc;

use raft_core::{
    Body, EntriesRejection, Ignorance, Index, Log, Node, NodeId, ReadId, Reason, Refusal, Role as CoreRole, Term,
    VoteDenial,
};
use raft_sim::{Command, Event, EventKind, Fact, InFlight, Timeline, Violation, kv};

use crate::label;
use crate::scene::Section::{self, Dissertation, Paper};
use crate::scene::{self, Role, Story};
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
    /// What the servers were after the last event that was heard, in their order.
    roles: Vec<Role>,
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
            roles: roles(timeline),
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
        (self.doomed, self.roles) = (doomed(timeline), roles(timeline));
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
        (self.doomed, self.roles) = (doomed(timeline), roles(timeline));
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
                step,
                timeline,
                server,
                roles: &self.roles,
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
            (EventKind::Refused { why }, Some(server)) => refused(timeline, event, server, *why)?,
            (EventKind::ReadReady { id, .. }, Some(server)) => answered(step, server, *id),
            (EventKind::ReadRefused { why, .. }, Some(server)) => {
                let (why, section) = refusal(*why);
                (server, Message::RefusedRead(server.0), Some(why), section)
            }
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
        Some((from, what, Some(Message::BecauseNetworkLoses), Some(Paper("5.1"))))
    }
}

/// To whom, what, why, and where to read about it.
type Told = (NodeId, Message, Option<Message>, Option<Section>);

fn restarted(timeline: &Timeline, server: NodeId, term: Term) -> Option<Told> {
    let disk = timeline.world().server(server)?.disk().stable();
    let why = Message::BecauseRestarted {
        term: term.0,
        entries: disk.log.last_index().0,
    };
    Some((server, Message::Restarted(server.0), Some(why), Some(Paper("5.2"))))
}

/// What was wanted of a server is in the command. What the client of the workload wants is not told.
fn refused(timeline: &Timeline, event: &Event, server: NodeId, why: Refusal) -> Option<Told> {
    let events = timeline.events();
    let cause = event.cause?;
    let cause = events.binary_search_by_key(&cause, |event| event.id).ok()?;
    let what = match &events[cause].kind {
        EventKind::Commanded(Command::Write { key, value, .. }) => Message::RefusedWrite {
            server: server.0,
            label: label::write(key, value),
        },
        EventKind::Commanded(_) => Message::RefusedRequest(server.0),
        _ => return None,
    };
    let (why, section) = refusal(why);
    Some((server, what, Some(why), section))
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

/// A read is answered, and in the same step it is known why it may be.
fn answered(step: &[Event], server: NodeId, read: ReadId) -> Told {
    let reasons = reasons(step, server);
    let mut known = reasons.filter_map(|reason| match *reason {
        Reason::ReadConfirmed { id, .. } if id == read => Some((Message::BecauseReadConfirmed, Paper("8"))),
        Reason::LeaseHolds { id, left_us } if id == read => {
            let left_ms = left_us / 1_000;
            Some((Message::BecauseLeaseHolds { left_ms }, Dissertation("6.4.1")))
        }
        _ => None,
    });
    let (why, section) = known.next().unwrap_or((Message::BecauseLocalRead, Paper("8")));
    (server, Message::AnsweredRead(server.0), Some(why), Some(section))
}

/// Why the server did what it did in a step.
fn reasons(step: &[Event], server: NodeId) -> impl Iterator<Item = &Reason> {
    step.iter().filter_map(move |event| match &event.kind {
        EventKind::Because(reason) if event.server == Some(server) => Some(reason),
        _ => None,
    })
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

fn roles(timeline: &Timeline) -> Vec<Role> {
    timeline.world().servers().iter().map(scene::role).collect()
}

/// Heartbeats come again by themselves, and so do their answers: only the rest is missed.
fn doomed(timeline: &Timeline) -> Vec<(u64, Lost)> {
    let lost = timeline.world().in_flight().filter(|in_flight| in_flight.lost);
    lost.filter_map(|in_flight| Some((in_flight.id.0, missed(in_flight)?)))
        .collect()
}

fn missed(in_flight: &InFlight) -> Option<Lost> {
    match &in_flight.message.body {
        Body::RequestVote { .. } => Some(Lost::VoteRequest),
        Body::RequestVoteReply { .. } => Some(Lost::Vote),
        Body::RequestPreVote { .. } => Some(Lost::PreVoteRequest),
        Body::RequestPreVoteReply { .. } => Some(Lost::PreVote),
        Body::AppendEntries(request) => (!request.entries.is_empty()).then_some(Lost::Entries),
        Body::InstallSnapshot(_) => Some(Lost::Snapshot),
        Body::TimeoutNow => Some(Lost::TimeoutNow),
        Body::AppendEntriesReply { .. } | Body::AppendEntriesRejected { .. } | Body::InstallSnapshotReply { .. } => {
            None
        }
    }
}

/// A decision of a server, with all that it takes to put it into words.
struct Telling<'a> {
    /// The events of the step.
    step: &'a [Event],
    /// Right after the step.
    timeline: &'a Timeline,
    server: NodeId,
    /// What the servers were before the step, in their order.
    roles: &'a [Role],
}

impl Telling<'_> {
    /// What a decision is worth telling. Heartbeats that change nothing, single votes as they are counted, and single
    /// pieces of a snapshot are not.
    fn because(&self, reason: &Reason) -> Option<Told> {
        let server = self.server.0;
        let (what, why, section) = match *reason {
            Reason::ElectionTimedOut { term, waited_us } => {
                let (why, section) = self.why_it_stands(waited_us);
                (Message::StoodForElection { server, term: term.0 }, why, section)
            }
            Reason::PreVoteBegan { next_term, waited_us } => (
                Message::BeganPreVote {
                    server,
                    term: next_term.0,
                },
                Message::BecauseAsksFirst {
                    waited_ms: waited_us / 1_000,
                },
                Dissertation("9.6"),
            ),
            Reason::PreVoteGranted { to, next_term } => (
                Message::WouldVote {
                    server,
                    to: to.0,
                    term: next_term.0,
                },
                Message::BecauseNoLeaderHeard { to: to.0 },
                Dissertation("9.6"),
            ),
            Reason::PreVoteDenied { to, by } => {
                let (why, section) = denied(server, to.0, by);
                (Message::WouldNotVote { server, to: to.0 }, why, section)
            }
            Reason::HeartbeatTimedOut {
                term,
                waited_us,
                delay_us,
            } => (
                Message::WaitsToStand {
                    server,
                    term: term.0,
                    delay_ms: delay_us / 1_000,
                },
                Message::BecauseHeartbeatTimedOut {
                    waited_ms: waited_us / 1_000,
                },
                Paper("5.2"),
            ),
            Reason::ElectionDelayEnded { term, own_vote: true } => (
                Message::StoodForElection { server, term: term.0 },
                Message::BecauseDelayEnded { for_: None },
                Paper("5.2"),
            ),
            Reason::ElectionDelayEnded { term, own_vote: false } => (
                Message::StoodWithoutOwnVote { server, term: term.0 },
                Message::BecauseDelayEnded {
                    for_: self.node()?.voted_for().map(|id| id.0),
                },
                Paper("5.2"),
            ),
            Reason::ToldToStand { from, term } => (
                Message::StoodForElection { server, term: term.0 },
                Message::BecauseToldToStand { from: from.0 },
                Dissertation("3.10"),
            ),
            Reason::VotesAskedAgain { .. } => {
                let servers = self.sent_to();
                (
                    Message::AskedAgain { server, servers },
                    Message::BecauseNoAnswer,
                    Paper("5.1"),
                )
            }
            Reason::HigherTerm { from, mine, theirs } => (
                self.adopted(theirs.0)?,
                Message::BecauseHigherTerm {
                    from: from.0,
                    mine: mine.0,
                    theirs: theirs.0,
                },
                Paper("5.1"),
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
                Paper("5.2"),
            ),
            Reason::VoteDenied { to, by } => {
                let (why, section) = denied(server, to.0, by);
                (Message::RefusedVote { server, to: to.0 }, why, section)
            }
            Reason::Elected { term, votes, .. } => (
                Message::Elected { server, term: term.0 },
                Message::BecauseMajorityVoted {
                    votes,
                    servers: self.voters(),
                },
                Paper("5.2"),
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
                Paper("5.2"),
            ),
            Reason::EntriesAccepted {
                from,
                matched,
                appended,
                truncated,
            } if appended > 0 => {
                let first = Index(matched.0 + 1 - appended);
                let (what, why) = self.stored(from.0, first, matched, truncated);
                (what, why, Paper("5.3"))
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
                Paper("5.3"),
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
                Paper("5.4.2"),
            ),
            Reason::MajorityMatched { index, servers, .. } => (
                Message::Committed {
                    server,
                    entries: self.applied()?,
                },
                self.majority_has(index, servers),
                Paper("5.3"),
            ),
            Reason::CommitLearned { from, index } => (
                Message::Applied {
                    server,
                    entries: self.applied().filter(changes_the_state)?,
                },
                Message::BecauseLeaderCommitted {
                    from: from.0,
                    index: index.0,
                },
                Paper("5.3"),
            ),
            Reason::Appended { index, .. } => match label::range(self.log()?, index, index) {
                Entries::NoOp => (
                    Message::Appended {
                        server,
                        entries: Entries::NoOp,
                    },
                    Message::BecauseNewLeader,
                    Paper("8"),
                ),
                entries @ Entries::Configuration(_) => (
                    Message::Appended { server, entries },
                    Message::BecauseMembersChange { index: index.0 },
                    Paper("6"),
                ),
                entries => (
                    Message::Appended { server, entries },
                    Message::BecauseClientWrote { index: index.0 },
                    Paper("5.3"),
                ),
            },
            Reason::QuorumLost { .. } => (
                Message::Resigned(server),
                Message::BecauseQuorumLost,
                Dissertation("6.2"),
            ),
            Reason::Removed { index, .. } => (
                Message::Resigned(server),
                Message::BecauseRemoved { index: index.0 },
                Paper("6"),
            ),
            Reason::ConfigurationInForce {
                index,
                voters,
                learners,
                joint,
            } => (
                Message::UsesConfiguration {
                    server,
                    voters,
                    learners,
                    joint,
                },
                self.why_in_force(index, joint),
                Paper("6"),
            ),
            Reason::TransferBegan { to } => (
                Message::BeganTransfer { server, to: to.0 },
                Message::BecauseSuccessorCatchesUp { to: to.0 },
                Dissertation("3.10"),
            ),
            Reason::TransferTold { to } => (
                Message::ToldToStand { server, to: to.0 },
                Message::BecauseSuccessorHasAll { to: to.0 },
                Dissertation("3.10"),
            ),
            Reason::TransferAbandoned { to } => (
                Message::GaveUpTransfer { server, to: to.0 },
                Message::BecauseSuccessorSilent { to: to.0 },
                Dissertation("3.10"),
            ),
            Reason::SnapshotNeeded { to, last } => (
                Message::BeganSnapshot {
                    server,
                    to: to.0,
                    last_index: last.index.0,
                },
                Message::BecauseNeedsCompacted { to: to.0 },
                Paper("7"),
            ),
            Reason::SnapshotInstalled { last, kept } => (
                Message::InstalledSnapshot {
                    server,
                    last_index: last.index.0,
                },
                Message::BecauseSnapshotReplaces { kept },
                Paper("7"),
            ),
            Reason::Compacted { last, first_index } => (
                Message::Compacted {
                    server,
                    last_index: last.index.0,
                },
                Message::BecauseSnapshotHolds {
                    first_index: first_index.0,
                },
                Paper("7"),
            ),
            Reason::ReadWaitsForCommit { .. } => (
                Message::ReadWaits(server),
                Message::BecauseNothingCommittedInTerm,
                Paper("8"),
            ),
            Reason::ReadAsks { .. } => (Message::AsksForRead(server), Message::BecauseMayBeDeposed, Paper("8")),
            Reason::Ignored { from, by } => {
                let (why, section) = ignored(by)?;
                (Message::IgnoredMessage { server, from: from.0 }, why, section)
            }
            // An answered read says why itself.
            Reason::ReadConfirmed { .. } | Reason::LeaseHolds { .. } => return None,
            Reason::VoteCounted { .. }
            | Reason::PreVoteCounted { .. }
            | Reason::SnapshotGrew { .. }
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
            Role::Follower | Role::PreCandidate | Role::Leader | Role::Crashed => {
                Message::BecauseTimedOut { waited_ms }
            }
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
        let voted = |reason: &Reason| matches!(reason, Reason::VoteGranted { .. });
        match self.role_before() {
            was @ (Role::Leader | Role::Candidate) => Some(Message::SteppedDown { server, was, term }),
            Role::Follower | Role::PreCandidate | Role::Crashed if reasons(self.step, self.server).any(voted) => None,
            Role::Follower | Role::PreCandidate | Role::Crashed => Some(Message::MovedToTerm { server, term }),
        }
    }

    /// What the server was before this step: whoever adopts a term does so first.
    fn role_before(&self) -> Role {
        let servers = self.timeline.world().servers().iter().zip(self.roles);
        let mut roles = servers.filter_map(|(server, role)| (server.id() == self.server).then_some(*role));
        roles.next().unwrap_or(Role::Follower)
    }

    /// With PreVote the timeout was told before: now a majority has said that it would vote.
    fn why_it_stands(&self, waited_us: u64) -> (Message, Section) {
        let votes = reasons(self.step, self.server).filter_map(|reason| match *reason {
            Reason::PreVoteBegan { .. } => Some(1),
            Reason::PreVoteCounted { votes, .. } => Some(votes),
            _ => None,
        });
        match votes.last() {
            Some(votes) => {
                let servers = self.voters();
                (Message::BecauseWouldWin { votes, servers }, Dissertation("9.6"))
            }
            None => (self.timed_out(waited_us / 1_000), Paper("5.2")),
        }
    }

    fn why_in_force(&self, index: Index, joint: bool) -> Message {
        let cut_off = reasons(self.step, self.server).any(|reason| match *reason {
            Reason::EntriesAccepted {
                matched,
                appended,
                truncated,
                ..
            } => truncated > 0 && index.0 + appended <= matched.0,
            _ => false,
        });
        match (cut_off, joint) {
            (true, _) => Message::BecauseConfigurationCutOff,
            (false, true) => Message::BecauseJoint,
            (false, false) => Message::BecauseConfigurationArrived,
        }
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
            servers: self.voters(),
        }
    }

    /// Who has an entry durably, as far as the leader knows.
    fn servers_with(&self, index: Index) -> Option<Vec<u64>> {
        let node = self.node()?;
        let CoreRole::Leader(leader) = node.role() else {
            return None;
        };
        let followers = leader
            .progress
            .iter()
            .filter(|(_, progress)| progress.match_index >= index);
        let mut servers: Vec<u64> = followers.map(|(id, _)| id.0).collect();
        servers.retain(|&server| node.configuration().is_voter(NodeId(server)));
        if node.durable_index() >= index && node.configuration().is_voter(self.server) {
            let place = servers.partition_point(|&server| server < self.server.0);
            servers.insert(place, self.server.0);
        }
        Some(servers)
    }

    /// How many servers have a say, as the server knows.
    fn voters(&self) -> u64 {
        let configuration = self.node().map(Node::configuration).into_iter();
        let members = configuration.flat_map(|it| it.members().filter(|&id| it.is_voter(id)));
        members.count() as u64
    }

    fn log(&self) -> Option<&Log<kv::Command>> {
        self.node().map(Node::log)
    }

    fn node(&self) -> Option<&Node<kv::Command>> {
        self.timeline.world().server(self.server)?.node()
    }
}

/// What every term and every change of the members brings along is not worth telling again when it is applied.
fn changes_the_state(entries: &Entries) -> bool {
    !matches!(entries, Entries::NoOp | Entries::Configuration(_))
}

fn denied(server: u64, to: u64, by: VoteDenial) -> (Message, Section) {
    match by {
        VoteDenial::LowerTerm { mine, theirs } => {
            let why = Message::BecauseCandidateOfLowerTerm {
                to,
                mine: mine.0,
                theirs: theirs.0,
            };
            (why, Paper("5.1"))
        }
        VoteDenial::AlreadyVoted { for_ } if for_.0 == server => (Message::BecauseVotedForItself, Paper("5.2")),
        VoteDenial::AlreadyVoted { for_ } => (Message::BecauseAlreadyVoted { for_: for_.0 }, Paper("5.2")),
        VoteDenial::LogBehind { mine, theirs } => {
            let why = Message::BecauseLogBehind {
                to,
                my_index: mine.index.0,
                my_term: mine.term.0,
                their_index: theirs.index.0,
                their_term: theirs.term.0,
            };
            (why, Paper("5.4.1"))
        }
        VoteDenial::LeaderAlive { heard_us_ago } => (leader_alive(heard_us_ago), Dissertation("9.6")),
    }
}

fn leader_alive(heard_us_ago: u64) -> Message {
    let heard_ms_ago = heard_us_ago / 1_000;
    Message::BecauseLeaderAlive { heard_ms_ago }
}

fn rejected(from: u64, by: EntriesRejection) -> (Message, Section) {
    match by {
        EntriesRejection::LowerTerm { mine, theirs } => {
            let why = Message::BecauseLeaderOfLowerTerm {
                from,
                mine: mine.0,
                theirs: theirs.0,
            };
            (why, Paper("5.1"))
        }
        EntriesRejection::PreviousMissing { last, previous } => {
            let why = Message::BecausePreviousMissing {
                previous_index: previous.index.0,
                last: last.0,
            };
            (why, Paper("5.3"))
        }
        EntriesRejection::PreviousDiffers { mine, previous } => {
            let why = Message::BecausePreviousDiffers {
                previous_index: previous.index.0,
                previous_term: previous.term.0,
                mine: mine.0,
            };
            (why, Paper("5.3"))
        }
    }
}

/// Late answers are ignored all the time; whoever is not listened to, and what no correct server sends, is news.
fn ignored(by: Ignorance) -> Option<(Message, Section)> {
    match by {
        Ignorance::SecondLeader => Some((Message::BecauseSecondLeader, Paper("5.2"))),
        Ignorance::CutsCommitted { commit_index } => {
            let commit_index = commit_index.0;
            Some((Message::BecauseCutsCommitted { commit_index }, Paper("5.4")))
        }
        Ignorance::LeaderAlive { heard_us_ago } => Some((leader_alive(heard_us_ago), Dissertation("4.2.3"))),
        Ignorance::NotAVoter => Some((Message::BecauseNotAVoter, Dissertation("4.2.1"))),
        Ignorance::OutOfPlace { next_offset } => Some((Message::BecauseOutOfPlace { next_offset }, Paper("7"))),
        Ignorance::NotForMe
        | Ignorance::UnknownServer
        | Ignorance::NotBelievable
        | Ignorance::OldTerm { .. }
        | Ignorance::NoLongerAsked => None,
    }
}

#[cfg(test)]
mod tests {
    use raft_core::{Position, Round};
    use raft_sim::{Config, EventId};

    use super::*;
    use crate::text::Lang;

    const OTHER: NodeId = NodeId(2);
    const INDEX: Index = Index(19);
    const READ: ReadId = ReadId(7);

    /// What is told of the last of these, which all happen to the first server of a new cluster in one step.
    fn told(kinds: &[EventKind]) -> Option<Story> {
        let timeline = Timeline::new(Config::default(), 1);
        let events = (1..).zip(kinds).map(|(id, kind)| Event {
            id: EventId(id),
            at: raft_core::Instant(3_000),
            step: 1,
            cause: None,
            server: Some(NodeId(1)),
            kind: kind.clone(),
        });
        let step: Vec<Event> = events.collect();
        Narrator::new(&timeline).tell(step.last()?, &step, &timeline)
    }

    #[track_caller]
    fn check(reason: Reason, en: &str) {
        check_all(&[EventKind::Because(reason)], en);
    }

    /// What is told, why, and where to read about it; nothing if nothing is told.
    #[track_caller]
    fn check_all(kinds: &[EventKind], en: &str) {
        let text = |story: Story| {
            let section = story.section.map(Message::Section);
            let parts = [Some(story.what), story.why, section].into_iter().flatten();
            let parts: Vec<String> = parts.map(|part| part.text(Lang::En)).collect();
            parts.join(" / ")
        };
        assert_eq!(told(kinds).map(text).unwrap_or_default(), en);
    }

    #[test]
    fn a_transfer_is_told() {
        check(
            Reason::TransferBegan { to: OTHER },
            "S1 began to hand over to S2 / first S2 gets all that it lacks. Meanwhile the leader takes no writes. / \
             dissertation §3.10",
        );
        check(
            Reason::TransferTold { to: OTHER },
            "S1 told S2 to stand for election at once / S2 has every entry of its log, so it can win at once. / \
             dissertation §3.10",
        );
        check(
            Reason::TransferAbandoned { to: OTHER },
            "S1 gave up handing over to S2 / S2 did not take over within an election timeout: it leads on itself. / \
             dissertation §3.10",
        );
        let (from, term) = (OTHER, Term(4));
        check(
            Reason::ToldToStand { from, term },
            "S1 voted for itself in term 4 / S2 hands over to it, so it need not wait for a timeout. / dissertation §3.10",
        );
    }

    #[test]
    fn a_change_of_the_members_is_told() {
        let in_force = |joint| Reason::ConfigurationInForce {
            index: INDEX,
            voters: 4,
            learners: 0,
            joint,
        };
        check(
            in_force(false),
            "S1 is now in a configuration of 4 voters / \
             a configuration acts as soon as a server has it, committed or not. / §6",
        );
        check(
            in_force(true),
            "S1 is now in joint consensus, on the way to 4 voters / \
             until the change is complete, every decision needs a majority of the old voters and one of the new. / §6",
        );
        let cut_off = Reason::EntriesAccepted {
            from: OTHER,
            matched: Index(21),
            appended: 1,
            truncated: 1,
        };
        check_all(
            &[EventKind::Because(cut_off), EventKind::Because(in_force(false))],
            "S1 is now in a configuration of 4 voters / \
             the entry that changed it was cut off: the one before acts again. / §6",
        );
        check(
            Reason::Removed {
                index: INDEX,
                term: Term(3),
            },
            "S1 stepped down as leader / the configuration in entry 19 is committed, and it has no vote in it. / §6",
        );
    }

    #[test]
    fn snapshots_are_told_but_not_their_pieces() {
        let last = Position {
            term: Term(3),
            index: INDEX,
        };
        check(
            Reason::SnapshotNeeded { to: OTHER, last },
            "S1 began to send S2 its snapshot, up to entry 19 / \
             what S2 needs has been compacted: only the snapshot has it. / §7",
        );
        check(
            Reason::SnapshotGrew {
                from: OTHER,
                bytes: 100,
                done: false,
            },
            "",
        );
        check(
            Reason::SnapshotInstalled { last, kept: 2 },
            "S1 installed a snapshot up to entry 19 / the snapshot takes the place of its state and of its log so far; \
             what follows, 2 entries, fits and stays. / §7",
        );
        check(
            Reason::Compacted {
                last,
                first_index: Index(4),
            },
            "S1 compacted its log: entries up to 19 are in a snapshot / \
             the snapshot holds what they led to: its log now begins with entry 4. / §7",
        );
    }

    #[test]
    fn an_answered_read_says_why_it_may_be() {
        let round = Round(4);
        let ready = EventKind::ReadReady { id: READ, index: INDEX };
        check_all(
            &[
                EventKind::Because(Reason::ReadConfirmed { id: READ, round }),
                ready.clone(),
            ],
            "S1 answered a read / since the read came, a majority has said that it still leads. / §8",
        );
        let left_us = 42_000;
        check_all(
            &[
                EventKind::Because(Reason::LeaseHolds { id: READ, left_us }),
                ready.clone(),
            ],
            "S1 answered a read / its lease lasts for another 42 ms: nobody else can be elected before. / \
             dissertation §6.4.1",
        );
        check_all(
            &[ready],
            "S1 answered a read / it asked nobody: what it has may be stale. / §8",
        );
        check(
            Reason::ReadWaitsForCommit { id: READ },
            "S1 lets a read wait / \
             it has not committed in its own term yet: until then it does not know all that is committed. / §8",
        );
        check(
            Reason::ReadAsks { id: READ, round },
            "S1 asked whether it still leads, for a read / \
             another may lead by now without its knowing: a majority must say that it still leads. / §8",
        );
        let why = Refusal::NoLeases;
        check_all(
            &[EventKind::ReadRefused { id: READ, why }],
            "S1 turned a read away / reads by lease are not switched on. / dissertation §6.4.1",
        );
    }
}
