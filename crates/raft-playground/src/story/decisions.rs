//! Why servers do what they do, put into words.

use std::rc::Rc;

use raft_core::{EntriesRejection, Ignorance, Index, Log, Node, NodeId, Reason, Role as CoreRole, VoteDenial};
use raft_sim::{Event, EventKind, Timeline, kv};

use super::{Told, is_made_to_time_out, reasons};
use crate::label;
use crate::scene::Section::{self, Dissertation, Paper};
use crate::scene::{Role, Who};
use crate::text::{Entries, Message};

/// A decision of a server, with all that it takes to put it into words.
pub(super) struct Decision<'a> {
    /// The events of the step.
    pub(super) step: &'a [Event],
    /// Right after the step.
    pub(super) timeline: &'a Timeline,
    /// What the servers were before the step.
    pub(super) roles: &'a [(NodeId, Role)],
    pub(super) server: NodeId,
}

impl Decision<'_> {
    /// What a decision is worth telling. Heartbeats that change nothing, single votes as they are counted, and single
    /// pieces of a snapshot are not.
    pub(super) fn because(&self, reason: &Reason) -> Option<Told> {
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
                self.unless_made_to(Message::BecauseAsksFirst {
                    waited_ms: waited_us / 1_000,
                }),
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
                self.unless_made_to(Message::BecauseHeartbeatTimedOut {
                    waited_ms: waited_us / 1_000,
                }),
                Paper("5.2"),
            ),
            Reason::ElectionDelayEnded { term, own_vote: true } => (
                Message::StoodForElection { server, term: term.0 },
                self.unless_made_to(Message::BecauseDelayEnded { for_: None }),
                Paper("5.2"),
            ),
            Reason::ElectionDelayEnded { term, own_vote: false } => (
                Message::StoodWithoutOwnVote { server, term: term.0 },
                self.unless_made_to(Message::BecauseDelayEnded {
                    for_: self.node()?.voted_for().map(|id| id.0),
                }),
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
                    self.unless_made_to(Message::BecauseNoAnswer),
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
            Reason::Elected { term, votes, needed } => (
                Message::Elected { server, term: term.0 },
                if votes < needed {
                    Message::BecauseTooFewVoted { votes, needed }
                } else {
                    let servers = self.voters();
                    Message::BecauseMajorityVoted { votes, servers }
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
                self.unless_made_to(Message::BecauseQuorumLost),
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
        Some((Who::Server(self.server.0), what, Some(why), Some(section)))
    }

    /// Why a timer ran out; if somebody made it, that. The server's own clock has jumped then, and how long it believes to
    /// have waited is not how long it was.
    fn unless_made_to(&self, why: Message) -> Message {
        let mut decisions = self
            .step
            .iter()
            .filter(|event| event.server == Some(self.server) && matches!(event.kind, EventKind::Because(_)));
        if decisions.any(|decision| is_made_to_time_out(self.timeline.events(), decision)) {
            Message::BecauseMadeToTimeOut
        } else {
            why
        }
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
        let mut roles = self.roles.iter();
        let role = roles.find(|(server, _)| *server == self.server);
        role.map_or(Role::Follower, |(_, role)| *role)
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
            None => (self.unless_made_to(self.timed_out(waited_us / 1_000)), Paper("5.2")),
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
        let (index, servers) = (index.0, self.voters());
        let is_joint = self.node().is_some_and(|node| node.configuration().is_joint());
        if 2 * count <= servers && !is_joint {
            return Message::BecauseTooFewHave {
                index,
                on,
                count,
                servers,
            };
        }
        Message::BecauseMajorityHas {
            index,
            on,
            count,
            servers,
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

pub(crate) fn denied(server: u64, to: u64, by: VoteDenial) -> (Message, Section) {
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

pub(crate) fn rejected(from: u64, by: EntriesRejection) -> (Message, Section) {
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
