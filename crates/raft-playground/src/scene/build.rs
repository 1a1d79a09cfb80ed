//! How a scene is made from the cluster: a function of the timeline and of what the session adds to it.
//!
//! Whatever has not changed since the last scene is shared with it, so that whoever draws can skip it.

use std::rc::Rc;

use raft_core::{Body, ByNode, Entry, Index, Log, Node, NodeId, Role as CoreRole};
use raft_sim::{
    Clock, InFlight, Milestone, MilestoneKind, Parcel, Property as SimProperty, PropertyKind, Timeline, World, kv,
};

use super::{
    Call, Client, Lane, LogEntry, LogRow, Mark, MarkKind, Message, MessageKind, Progress, Property, Role, Scene,
    Selection, Server, Story, Stretch, Timer, TimerKind, Violation, VoteMark, VoteState,
};
use crate::branches::Branches;
use crate::details::Details;
use crate::diagram::Watch;
use crate::label;
use crate::text::Message as Text;

/// A lane has room for so many stretches.
const STRETCHES_MAX: u64 = 600;
/// The slider has room for so many commits.
const COMMIT_MARKS_MAX: u64 = 400;
/// And a lane for so many other marks of a kind.
const MARKS_MAX: u64 = 150;

/// What a scene shows besides the cluster.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) next_write: (String, String),
    pub(crate) selection: Selection,
    pub(crate) playing: bool,
    pub(crate) slowdown_milli: u64,
    pub(crate) span_us: u64,
    pub(crate) branches: u64,
    pub(crate) branch_list: Option<Branches>,
}

/// Makes scenes, and remembers the last one.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    last: Rc<Scene>,
    /// The logs in it, to see at a glance what has changed.
    logs: Vec<Log<kv::Command>>,
}

impl Builder {
    /// The scene at the cursor of the timeline; the last one if it is the same.
    pub(crate) fn build<'a>(
        &mut self,
        timeline: &Timeline,
        story: impl Iterator<Item = &'a Story>,
        view: &View,
        watch: Option<&mut Watch>,
    ) -> Rc<Scene> {
        let world = timeline.world();
        let last = self.last.clone();
        let lanes = lanes(timeline);
        let selected = match view.selection {
            Selection::Event(event) => Some(event),
            _ => None,
        };
        let diagram = watch.map(|watch| watch.diagram(timeline, &lanes, selected));
        let scene = Scene {
            servers: shared(&last.servers, servers(world, &last.servers)),
            messages: shared(&last.messages, messages(world)),
            clients: shared(&last.clients, clients(world)),
            logs: shared(&last.logs, self.log_rows(world)),
            story: shared(&last.story, story.cloned().collect()),
            properties: shared(&last.properties, properties(world)),
            lanes: shared(&last.lanes, thinned(lanes, &last.lanes, view.span_us)),
            marks: shared(&last.marks, marks(timeline.milestones(), view.span_us)),
            next_write: (
                shared_str(&last.next_write.0, &view.next_write.0),
                shared_str(&last.next_write.1, &view.next_write.1),
            ),
            writable: world.leader().map(|leader| leader.0),
            selection: view.selection,
            details: details(timeline, view.selection, last.details.as_ref()),
            playing: view.playing,
            slowdown_milli: view.slowdown_milli,
            span_us: view.span_us,
            branches: view.branches,
            diagram: shared_rc(last.diagram.as_ref(), diagram),
            branch_list: shared_rc(last.branch_list.as_ref(), view.branch_list.clone()),
        };
        if scene != *last {
            self.last = Rc::new(scene);
        }
        self.last.clone()
    }
}

/// The old slice if it says the same.
fn shared<T: PartialEq>(old: &Rc<[T]>, new: Vec<T>) -> Rc<[T]> {
    if **old == *new { old.clone() } else { new.into() }
}

/// The old one if it says the same.
fn shared_rc<T: PartialEq>(old: Option<&Rc<T>>, new: Option<T>) -> Option<Rc<T>> {
    let new = new?;
    Some(old.filter(|old| ***old == new).cloned().unwrap_or_else(|| Rc::new(new)))
}

fn shared_str(old: &Rc<str>, new: &str) -> Rc<str> {
    if **old == *new { old.clone() } else { new.into() }
}

/// What is selected, in detail; the last of it if that says the same.
fn details(timeline: &Timeline, selection: Selection, last: Option<&Rc<Details>>) -> Option<Rc<Details>> {
    let details = Details::of(timeline, selection)?;
    match last.filter(|last| ***last == details) {
        Some(last) => Some(last.clone()),
        None => Some(Rc::new(details)),
    }
}

fn servers(world: &World, last: &[Server]) -> Vec<Server> {
    let last = last.iter().map(Some).chain(std::iter::repeat(None));
    let servers = world.servers().iter().zip(last);
    servers
        .map(|(server, last)| self::server(world, server, last))
        .collect()
}

fn server(world: &World, server: &raft_sim::Server, last: Option<&Server>) -> Server {
    match server.node() {
        Some(node) => running(world, server, node, last),
        None => crashed(world, server),
    }
}

fn running(world: &World, server: &raft_sim::Server, node: &Node<kv::Command>, last: Option<&Server>) -> Server {
    let (timer, known) = match node.role() {
        CoreRole::Follower(follower) => {
            let kind = if follower.waits_to_stand {
                TimerKind::ElectionDelay
            } else {
                TimerKind::Election
            };
            (follower.election_timer.map(|timer| (kind, timer)), None)
        }
        CoreRole::PreCandidate(it) => (Some((TimerKind::Election, it.election_timer)), Some(&it.votes)),
        CoreRole::Candidate(it) => (Some((TimerKind::Election, it.election_timer)), Some(&it.votes)),
        CoreRole::Leader(leader) => (Some((TimerKind::Heartbeat, leader.heartbeat_timer)), None),
    };
    let votes = known.map(|known| votes(world, node, known)).unwrap_or_default();
    Server {
        id: node.id().0,
        role: role(server),
        term: node.current_term().0,
        leader: node.leader().map(|leader| leader.0),
        timer: timer.map(|(kind, timer)| in_world_time(kind, timer, server.clock())),
        votes: match last {
            Some(last) => shared(&last.votes, votes),
            None => votes.into(),
        },
        majority: node.configuration().majority() as u64,
        voted_for: node.voted_for().map(|id| id.0),
        log_len: node.log().last_index().0,
        commit_index: node.commit_index().0,
        kept: None,
        paused: server.is_paused(),
    }
}

/// A node goes by its server's clock, the picture by that of the world.
fn in_world_time(kind: TimerKind, timer: raft_core::Timer, clock: &Clock) -> Timer {
    Timer {
        kind,
        started_us: clock.time_of(timer.started).0,
        deadline_us: clock.time_of(timer.deadline).0,
    }
}

/// What a server is.
pub(crate) fn role(server: &raft_sim::Server) -> Role {
    match server.node().map(Node::role) {
        Some(CoreRole::Follower(_)) => Role::Follower,
        Some(CoreRole::PreCandidate(_)) => Role::PreCandidate,
        Some(CoreRole::Candidate(_)) => Role::Candidate,
        Some(CoreRole::Leader(_)) => Role::Leader,
        None => Role::Crashed,
    }
}

/// What is left of a server that is down: its disk.
fn crashed(world: &World, server: &raft_sim::Server) -> Server {
    let disk = server.disk().stable();
    Server {
        id: server.id().0,
        role: Role::Crashed,
        term: disk.hard_state.current_term.0,
        leader: None,
        timer: None,
        votes: Rc::default(),
        majority: world.servers().len() as u64 / 2 + 1,
        voted_for: disk.hard_state.voted_for.map(|id| id.0),
        log_len: disk.log.last_index().0,
        commit_index: 0,
        kept: server.crash().map(|crash| (crash.kept.0, crash.had.0)),
        paused: false,
    }
}

fn votes(world: &World, node: &Node<kv::Command>, known: &ByNode<bool>) -> Vec<VoteMark> {
    let voters = world.servers().iter().map(raft_sim::Server::id);
    let voters = voters.filter(|&id| node.configuration().is_voter(id));
    let gave_own_away = node.candidacy().is_some_and(|candidacy| !candidacy.own_vote);
    let mark = |voter: NodeId| VoteMark {
        from: voter.0,
        state: match known.get(voter) {
            Some(true) => VoteState::Granted,
            Some(false) => VoteState::Denied,
            None if voter == node.id() && gave_own_away => VoteState::Denied,
            None if voter == node.id() || is_under_way(world, node, voter) => VoteState::OnItsWay,
            None => VoteState::Silent,
        },
    };
    voters.map(mark).collect()
}

/// Whether the request for a vote, or its answer, is in flight, or the answer waits for the voter's disk.
fn is_under_way(world: &World, node: &Node<kv::Command>, voter: NodeId) -> bool {
    let in_flight = world
        .in_flight()
        .filter_map(between_servers)
        .map(|(_, message)| message);
    in_flight.chain(world.held(voter)).any(|message| {
        let asks = message.from == node.id() && message.to == voter;
        let answers = message.from == voter && message.to == node.id();
        match (&message.body, node.candidacy()) {
            (Body::RequestVote { .. }, Some(_)) => asks && message.term == node.current_term(),
            (Body::RequestVoteReply { .. }, Some(_)) => answers && message.term >= node.current_term(),
            (Body::RequestPreVote { next_term, .. }, None) => asks && *next_term == node.current_term().next(),
            (Body::RequestPreVoteReply { next_term, .. }, None) => answers && *next_term == node.current_term().next(),
            _ => false,
        }
    })
}

/// What is on its way from server to server, and not to or from a client.
pub(crate) fn between_servers(in_flight: &InFlight) -> Option<(&InFlight, &raft_core::Message<kv::Command>)> {
    match &in_flight.parcel {
        Parcel::Raft(message) => Some((in_flight, message)),
        Parcel::Request(_) | Parcel::Reply(_) => None,
    }
}

fn clients(world: &World) -> Vec<Client> {
    let client = |client: &raft_sim::Client| Client {
        id: client.id().0,
        call: client.call().map(|call| Call {
            request: label::request(&call.operation),
            asked: call.asked.0,
            tries: call.tries,
        }),
        queued: client.waiting() as u64,
    };
    world.clients().iter().map(client).collect()
}

fn messages(world: &World) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for message in world.in_flight().filter_map(between_servers).map(message) {
        let place = messages.partition_point(|other| other.id < message.id);
        messages.insert(place, message);
    }
    messages
}

pub(crate) fn message((in_flight, message): (&InFlight, &raft_core::Message<kv::Command>)) -> Message {
    let (kind, text) = saying(message);
    Message {
        id: in_flight.id.0,
        from: message.from.0,
        to: message.to.0,
        term: message.term.0,
        kind,
        sent_us: in_flight.sent_at.0,
        arrives_us: in_flight.arrives_at.0,
        lost: in_flight.lost,
        text: if in_flight.lost {
            Text::WillBeLost(Box::new(text))
        } else {
            text
        },
    }
}

/// What a message says, for the eye and in words.
fn saying(message: &raft_core::Message<kv::Command>) -> (MessageKind, Text) {
    let (from, to, term) = (message.from.0, message.to.0, message.term.0);
    match &message.body {
        Body::RequestVote { last, .. } => {
            let (last_index, last_term) = (last.index.0, last.term.0);
            (
                MessageKind::VoteRequest,
                Text::AsksForVote {
                    from,
                    to,
                    term,
                    last_index,
                    last_term,
                },
            )
        }
        Body::RequestVoteReply { granted: true } => (MessageKind::VoteGranted, Text::GivesVote { from, to, term }),
        Body::RequestVoteReply { granted: false } => (MessageKind::VoteDenied, Text::RefusesVote { from, to, term }),
        Body::AppendEntries(request) if request.entries.is_empty() => {
            let commit = request.commit.0;
            (MessageKind::Heartbeat, Text::SendsHeartbeat { from, to, term, commit })
        }
        Body::AppendEntries(request) => {
            let entries = label::batch(&request.entries, request.previous.index.next());
            let (previous_index, previous_term) = (request.previous.index.0, request.previous.term.0);
            let text = Text::SendsEntries {
                from,
                to,
                term,
                entries,
                previous_index,
                previous_term,
            };
            (MessageKind::Entries(request.entries.len() as u64), text)
        }
        Body::AppendEntriesReply { match_index, .. } => {
            let match_index = match_index.0;
            (MessageKind::Accepted, Text::Confirms { from, to, match_index })
        }
        Body::AppendEntriesRejected { previous_index, .. } => {
            let previous_index = previous_index.0;
            (
                MessageKind::Rejected,
                Text::RejectsEntries {
                    from,
                    to,
                    previous_index,
                },
            )
        }
        Body::RequestPreVote { next_term, last } => {
            let text = Text::AsksForPreVote {
                from,
                to,
                term: next_term.0,
                last_index: last.index.0,
                last_term: last.term.0,
            };
            (MessageKind::PreVoteRequest, text)
        }
        Body::RequestPreVoteReply { next_term, granted } => {
            let (server, term) = (from, next_term.0);
            if *granted {
                (MessageKind::PreVoteGranted, Text::WouldVote { server, to, term })
            } else {
                (MessageKind::PreVoteDenied, Text::WouldNotVote { server, to })
            }
        }
        Body::InstallSnapshot(piece) => {
            let text = Text::SendsSnapshot {
                from,
                to,
                last_index: piece.last.index.0,
                until: piece.offset + piece.data.len() as u64,
                done: piece.done,
            };
            (MessageKind::Snapshot, text)
        }
        Body::InstallSnapshotReply { next_offset, .. } => {
            let bytes = *next_offset;
            (MessageKind::SnapshotReceived, Text::HasOfSnapshot { from, to, bytes })
        }
        Body::TimeoutNow => (MessageKind::TimeoutNow, Text::TellsToStand { from, to }),
    }
}

impl Builder {
    fn log_rows(&mut self, world: &World) -> Vec<LogRow> {
        let logs: Vec<Log<kv::Command>> = world.servers().iter().map(|server| log(server).clone()).collect();
        let before = std::mem::replace(&mut self.logs, logs);
        let leader = world.leader().and_then(|leader| world.server(leader)?.node());
        let rows = world.servers().iter().zip(&self.logs).enumerate();
        rows.map(|(place, (server, log))| {
            let last = self.last.logs.get(place).zip(before.get(place));
            log_row(server, log, leader, last)
        })
        .collect()
    }
}

/// A server's log: in memory while it runs, else what its disk has.
fn log(server: &raft_sim::Server) -> &Log<kv::Command> {
    server.node().map_or(&server.disk().stable().log, Node::log)
}

fn log_row(
    server: &raft_sim::Server,
    log: &Log<kv::Command>,
    leader: Option<&Node<kv::Command>>,
    last: Option<(&LogRow, &Log<kv::Command>)>,
) -> LogRow {
    let node = server.node();
    let commit_index = node.map_or(0, |node| node.commit_index().0);
    let durable_index = node.map_or(log.last_index(), Node::durable_index).0;
    let entries = match last {
        Some((row, before))
            if before == log && (row.commit_index, row.durable_index) == (commit_index, durable_index) =>
        {
            row.entries.clone()
        }
        _ => entries(log, commit_index, durable_index, last),
    };
    LogRow {
        server: server.id().0,
        entries,
        first_index: log.first_index().0,
        commit_index,
        durable_index,
        progress: leader.and_then(|leader| progress(leader, server.id())),
        state: state(server.state(), last.map(|(row, _)| &row.state)),
        crashed: node.is_none(),
    }
}

fn entries(
    log: &Log<kv::Command>,
    commit_index: u64,
    durable_index: u64,
    last: Option<(&LogRow, &Log<kv::Command>)>,
) -> Rc<[LogEntry]> {
    let label = |index: Index, entry: &Entry<kv::Command>| {
        let (row, _) = last.filter(|(_, before)| before.get(index) == Some(entry))?;
        let place = usize::try_from(index.0.checked_sub(row.first_index)?).ok()?;
        Some(row.entries.get(place)?.label.clone())
    };
    let entries = log.iter_from(Index(1)).map(|(index, entry)| LogEntry {
        term: entry.term.0,
        label: label(index, entry).unwrap_or_else(|| label::entry(entry)),
        committed: index.0 <= commit_index,
        durable: index.0 <= durable_index,
    });
    entries.collect()
}

fn progress(leader: &Node<kv::Command>, follower: NodeId) -> Option<Progress> {
    let CoreRole::Leader(leader) = leader.role() else {
        return None;
    };
    leader.progress.get(follower).map(|progress| Progress {
        next_index: progress.next_index.0,
        match_index: progress.match_index.0,
    })
}

type State = Rc<[(Rc<str>, Rc<str>)]>;

fn state(state: Option<&kv::State>, last: Option<&State>) -> State {
    let pairs = || state.into_iter().flat_map(kv::State::iter);
    let is_same = |last: &&State| {
        let last = last.iter().map(|(key, value)| (&**key, &**value));
        last.eq(pairs().map(|(key, value)| (&**key, &**value)))
    };
    match last.filter(is_same) {
        Some(last) => last.clone(),
        None => pairs()
            .map(|(key, value)| (Rc::from(&**key), Rc::from(&**value)))
            .collect(),
    }
}

fn properties(world: &World) -> Vec<Property> {
    let violation = |property| world.properties().and_then(|properties| properties.violation(property));
    let property = |property| Property {
        name: Text::PropertyName(property),
        meaning: Text::PropertyMeaning(property),
        violation: violation(property).map(|violation| Violation {
            at_us: violation.at.0,
            facts: Text::Facts(violation.facts),
        }),
    };
    let guaranteed = SimProperty::ALL
        .iter()
        .filter(|it| it.kind() != PropertyKind::Sometimes);
    guaranteed.copied().map(property).collect()
}

fn lanes(timeline: &Timeline) -> Vec<Lane> {
    let servers = timeline.world().servers();
    let first = Stretch {
        from_us: 0,
        role: Role::Follower,
        term: 0,
    };
    // Whoever is set up later has no past before that.
    let at_first = |server: &raft_sim::Server| server.id().0 <= timeline.world().config().servers;
    let begin = |server| Vec::from_iter(at_first(server).then_some(first));
    let mut stretches: Vec<Vec<Stretch>> = servers.iter().map(begin).collect();
    for milestone in timeline.milestones() {
        let place = |id| servers.binary_search_by_key(&id, raft_sim::Server::id).ok();
        if let Some(place) = milestone.server.and_then(place) {
            let lane = &mut stretches[place];
            lane.extend(stretch(milestone, lane.last()));
        }
    }
    let lanes = servers.iter().zip(stretches);
    lanes
        .map(|(server, stretches)| Lane {
            server: server.id().0,
            stretches: stretches.into(),
        })
        .collect()
}

/// Without the stretches that nobody could see: then drawing costs the same however long the history is.
fn thinned(mut lanes: Vec<Lane>, last: &[Lane], span_us: u64) -> Vec<Lane> {
    let least_us = span_us / STRETCHES_MAX;
    for (place, lane) in lanes.iter_mut().enumerate() {
        // As long as there are few, those that are short may stay.
        let least_us = if lane.stretches.len() as u64 > STRETCHES_MAX {
            least_us
        } else {
            0
        };
        let mut seen: Vec<Stretch> = Vec::new();
        for (place, stretch) in lane.stretches.iter().enumerate() {
            let next = lane.stretches.get(place + 1);
            let is_seen = next.is_none_or(|next| next.from_us - stretch.from_us >= least_us);
            let is_other = seen
                .last()
                .is_none_or(|last| (last.role, last.term) != (stretch.role, stretch.term));
            if is_seen && (is_other || least_us == 0) {
                seen.push(*stretch);
            }
        }
        lane.stretches = match last.get(place) {
            Some(last) => shared(&last.stretches, seen),
            None => seen.into(),
        };
    }
    lanes
}

/// The stretch that a milestone begins, if it begins one.
fn stretch(milestone: &Milestone, before: Option<&Stretch>) -> Option<Stretch> {
    let term_before = before.map_or(0, |before| before.term);
    let (role, term) = match milestone.kind {
        // It asks about the next term, and is still in the one before.
        MilestoneKind::Asked(_) => (Role::PreCandidate, term_before),
        MilestoneKind::Stood(term) => (Role::Candidate, term.0),
        MilestoneKind::Elected(term) => (Role::Leader, term.0),
        MilestoneKind::Followed(term) | MilestoneKind::Started(term) => (Role::Follower, term.0),
        MilestoneKind::Crashed => (Role::Crashed, term_before),
        MilestoneKind::Committed(_) | MilestoneKind::Violated => return None,
    };
    Some(Stretch {
        from_us: milestone.moment.at.0,
        role,
        term,
    })
}

/// Elections, crashes, restarts, violations, and the commits of writes; not more of these than can be told apart.
///
/// Each reign begins with an empty entry: a commit of no more entries than leaders were elected since the last one is
/// taken for that of their empty ones alone, and is no mark.
fn marks(milestones: &[Milestone], span_us: u64) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let (mut committed, mut elections, mut room_from_us) = (0, 0, 0);
    for milestone in milestones {
        let at_us = milestone.moment.at.0;
        let kind = match milestone.kind {
            MilestoneKind::Elected(_) => {
                elections += 1;
                MarkKind::Elected
            }
            MilestoneKind::Crashed => MarkKind::Crashed,
            MilestoneKind::Started(_) => MarkKind::Restarted,
            MilestoneKind::Violated => MarkKind::Violated,
            MilestoneKind::Committed(index) => {
                let is_write = index.0 > committed + std::mem::take(&mut elections);
                committed = index.0;
                if !is_write || at_us < room_from_us {
                    continue;
                }
                room_from_us = at_us + span_us / COMMIT_MARKS_MAX;
                MarkKind::Committed
            }
            MilestoneKind::Asked(_) | MilestoneKind::Stood(_) | MilestoneKind::Followed(_) => continue,
        };
        let server = milestone.server.unwrap_or_default().0;
        let is_near = |mark: &&Mark| mark.at_us + span_us / MARKS_MAX > at_us;
        let mut near = marks.iter().rev().take_while(is_near);
        if kind != MarkKind::Violated
            && kind != MarkKind::Committed
            && near.any(|mark| (mark.server, mark.kind) == (server, kind))
        {
            continue;
        }
        marks.push(Mark { at_us, server, kind });
    }
    marks
}
