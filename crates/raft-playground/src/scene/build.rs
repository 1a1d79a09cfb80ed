//! How a scene is made from the cluster: a function of the timeline and of what the session adds to it.
//!
//! Whatever has not changed since the last scene is shared with it, so that whoever draws can skip it.

use std::rc::Rc;

use raft_core::{Body, ByNode, Index, Node, NodeId, Role as CoreRole, Snapshot};
use raft_sim::{
    ClientId, Clock, Event, EventKind, InFlight, Milestone, MilestoneKind, Operation, Parcel, Property as SimProperty,
    PropertyKind, Request, Serial, Timeline, World, kv,
};

use super::differences;
use super::{
    Call, Client, DiskState, Lane, Link, LogEntries, LogRow, Mark, MarkKind, Membership, Message, MessageKind,
    Progress, Property, Role, Scene, Seen, Selection, Server, Stretch, Timer, TimerKind, Violation, VoteMark,
    VoteState,
};
use crate::branches::Branches;
use crate::cluster::Cluster;
use crate::details::{self, Details, Line};
use crate::diagram::Watch;
use crate::label;
use crate::network;
use crate::story::Narrator;
use crate::text::{Answer, Message as Text};

/// A lane has room for so many stretches.
const STRETCHES_MAX: u64 = 600;
/// The slider has room for so many commits.
const COMMIT_MARKS_MAX: u64 = 400;
/// And a lane for so many other marks of a kind.
const MARKS_MAX: u64 = 150;

/// What a scene shows besides the cluster.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Whether only what moves and the ring are looked at; all the rest stays as it was.
    pub(crate) in_passing: bool,
    /// The message that the reader holds, and by how much it would be late if it were let go.
    pub(crate) held: Option<(u64, u64)>,
    /// Whether nothing soon becomes of the write that is followed.
    pub(crate) is_stuck: bool,
    pub(crate) next_write: (String, String),
    pub(crate) next_read: String,
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
    /// The leader that the logs in it have been compared with.
    compared_with: Option<NodeId>,
    answers: Answers,
    /// Whether the history has become another since: the numbers of events and messages have other meanings then.
    is_another_history: bool,
}

impl Builder {
    /// Something was done in the past, or another branch is looked at.
    pub(crate) fn change_history(&mut self) {
        self.is_another_history = true;
    }

    /// The last scene.
    pub(crate) fn last(&self) -> &Scene {
        &self.last
    }

    /// The scene at the cursor of the timeline; the last one if it is the same.
    pub(crate) fn build(
        &mut self,
        timeline: &Timeline,
        narrator: &Narrator,
        view: &View,
        watch: Option<&mut Watch>,
    ) -> Rc<Scene> {
        let last = self.last.clone();
        let mut scene = self.moving(timeline, view);
        if !view.in_passing {
            scene = self.resting(scene, timeline, narrator, view, watch);
        }
        if scene != *last {
            self.last = Rc::new(scene);
        }
        self.is_another_history &= view.in_passing;
        self.last.clone()
    }

    /// What changes with every message: what is in flight, and the ring.
    fn moving(&mut self, timeline: &Timeline, view: &View) -> Scene {
        let world = timeline.world();
        let last = &self.last;
        let known = Some(&**last).filter(|_| !self.is_another_history);
        let (messages, requests) = in_flight(timeline, view.held, known);
        let mut servers = servers(world, &last.servers);
        if view.in_passing {
            keep_figures(&mut servers, &last.servers);
        }
        Scene {
            servers: shared(&last.servers, servers),
            links: shared(&last.links, links(world)),
            messages: shared(&last.messages, messages),
            requests: shared(&last.requests, requests),
            writable: world.leader().map(|leader| leader.0),
            playing: view.playing,
            ..(**last).clone()
        }
    }

    /// What is read at leisure.
    fn resting(
        &mut self,
        moving: Scene,
        timeline: &Timeline,
        narrator: &Narrator,
        view: &View,
        watch: Option<&mut Watch>,
    ) -> Scene {
        let world = timeline.world();
        let story = narrator.latest(world.events());
        let last = self.last.clone();
        let same_history = !self.is_another_history;
        self.answers.hear(timeline);
        let lanes = lanes(timeline);
        let selected = match view.selection {
            Selection::Event(event) => Some(event),
            _ => None,
        };
        let diagram = watch.map(|watch| watch.diagram(timeline, &lanes, selected));
        Scene {
            settings: shared(&last.settings, network::settings(world)),
            cluster: cluster(world, &last.cluster),
            clients: shared(&last.clients, clients_told(timeline, &self.answers)),
            logs: shared(&last.logs, self.log_rows(world)),
            story: shared(&last.story, story.cloned().collect()),
            story_before: narrator.before_latest(world.events()),
            properties: shared(
                &last.properties,
                properties(timeline, same_history.then_some(&*last.properties)),
            ),
            seen: shared(&last.seen, seen(world)),
            lanes: shared(&last.lanes, thinned(lanes, &last.lanes, view.span_us)),
            marks: shared(&last.marks, marks(timeline.milestones(), view.span_us)),
            next_write: (
                shared_str(&last.next_write.0, &view.next_write.0),
                shared_str(&last.next_write.1, &view.next_write.1),
            ),
            next_read: shared_str(&last.next_read, &view.next_read),
            selection: view.selection,
            details: details(
                timeline,
                narrator,
                view,
                last.details.as_ref(),
                !self.is_another_history,
            ),
            slowdown_milli: view.slowdown_milli,
            span_us: view.span_us,
            branches: view.branches,
            diagram: shared_rc(last.diagram.as_ref(), diagram),
            branch_list: shared_rc(last.branch_list.as_ref(), view.branch_list.clone()),
            ..moving
        }
    }
}

/// The old slice if it says the same.
fn shared<T: PartialEq>(old: &Rc<[T]>, new: Vec<T>) -> Rc<[T]> {
    if **old == *new { old.clone() } else { new.into() }
}

/// The options of the cluster; the last ones if they are the same.
fn cluster(world: &World, last: &Rc<Cluster>) -> Rc<Cluster> {
    let cluster = Cluster::of(world);
    if cluster == **last {
        last.clone()
    } else {
        Rc::new(cluster)
    }
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
fn details(
    timeline: &Timeline,
    narrator: &Narrator,
    view: &View,
    last: Option<&Rc<Details>>,
    same_history: bool,
) -> Option<Rc<Details>> {
    // What led to an event does not change any more, and can take a while to be found.
    if let (Selection::Event(id), Some(last), true) = (view.selection, last, same_history)
        && matches!(&**last, Details::Event(details) if details.event == id)
    {
        return Some(last.clone());
    }
    let details = Details::of(timeline, narrator, view.selection, view.held, view.is_stuck)?;
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

/// In passing nobody counts entries: the ring shows none, and its names for the ear can wait for the logs.
fn keep_figures(servers: &mut [Server], last: &[Server]) {
    for (server, last) in servers.iter_mut().zip(last) {
        if server.role == last.role {
            (server.log_len, server.commit_index) = (last.log_len, last.commit_index);
        }
    }
}

pub(crate) fn server(world: &World, server: &raft_sim::Server, last: Option<&Server>) -> Server {
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
    let (lost_term, lost_vote) = server.volatile_state();
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
        term_is_volatile: lost_term.is_some(),
        vote_is_volatile: lost_vote.is_some(),
        log_len: node.log().last_index().0,
        commit_index: node.commit_index().0,
        kept: None,
        paused: server.is_paused(),
        hands_over_to: match node.role() {
            CoreRole::Leader(leader) => leader.transfer.map(|transfer| transfer.to.0),
            _ => None,
        },
        ..around(world, server)
    }
}

/// What has to do with a server and not with its node; the rest of it is blank.
fn around(world: &World, server: &raft_sim::Server) -> Server {
    let id = server.id();
    let leader = world.leader().and_then(|leader| world.server(leader)?.node());
    let own = server.configuration();
    let configuration = leader.map_or(&own, |leader| leader.configuration());
    let others = || {
        world
            .servers()
            .iter()
            .map(raft_sim::Server::id)
            .filter(|&other| other != id)
    };
    let is_cut = |other| world.network().is_cut(id, other) && world.network().is_cut(other, id);
    Server {
        id: id.0,
        role: Role::Crashed,
        term: 0,
        leader: None,
        timer: None,
        votes: Rc::default(),
        majority: 0,
        voted_for: None,
        term_is_volatile: false,
        vote_is_volatile: false,
        log_len: 0,
        commit_index: 0,
        kept: None,
        paused: false,
        membership: if configuration.is_voter(id) {
            Membership::Voter
        } else if configuration.learners().contains(&id) {
            Membership::Learner
        } else {
            Membership::Outside
        },
        cut_off: others().next().is_some() && others().all(is_cut),
        drift_ppm: server.clock().drift_ppm(),
        disk: if server.disk().is_stalled() {
            DiskState::Stalled
        } else if server.disk().config().write_us_max > world.config().disk.write_us_max {
            DiskState::Slow
        } else {
            DiskState::Usual
        },
        writing: server.disk().pending() > 0,
        hands_over_to: None,
        accused: is_accused(world, server.id()),
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
        term: disk.hard_state.current_term.0,
        majority: world.servers().len() as u64 / 2 + 1,
        voted_for: disk.hard_state.voted_for.map(|id| id.0),
        log_len: disk.log.last_index().0,
        kept: server.crash().map(|crash| (crash.kept.0, crash.had.0)),
        ..around(world, server)
    }
}

pub(crate) fn votes(world: &World, node: &Node<kv::Command>, known: &ByNode<bool>) -> Vec<VoteMark> {
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

fn links(world: &World) -> Vec<Link> {
    let ids = world.servers().iter().map(raft_sim::Server::id);
    let pairs = ids
        .clone()
        .flat_map(|a| ids.clone().filter(move |&b| a < b).map(move |b| (a, b)));
    pairs.map(|(a, b)| link(world, a, b)).collect()
}

/// The link between two servers.
pub(crate) fn link(world: &World, a: NodeId, b: NodeId) -> Link {
    let network = world.network();
    let set_alone = |from, to| network.link(from, to) != network.all();
    Link {
        a: a.0,
        b: b.0,
        cut_there: network.is_cut(a, b),
        cut_back: network.is_cut(b, a),
        set_alone: set_alone(a, b) || set_alone(b, a),
    }
}

/// The clients, with what is remembered of their answers.
pub(crate) fn clients(timeline: &Timeline) -> Vec<Client> {
    let mut answers = Answers::default();
    answers.hear(timeline);
    clients_told(timeline, &answers)
}

fn clients_told(timeline: &Timeline, answers: &Answers) -> Vec<Client> {
    let world = timeline.world();
    let workload = timeline.recording().config.workload.as_ref();
    let busy = workload.map_or(0, |workload| workload.clients);
    let client = |client: &raft_sim::Client| Client {
        id: client.id().0,
        is_own: client.id().0 > busy,
        answer: answers.of(client.id()),
        call: client.call().map(|call| Call {
            request: label::request(&call.operation),
            asked: call.asked.0,
            tries: call.tries,
        }),
        queued: client.waiting() as u64,
    };
    world.clients().iter().map(client).collect()
}

/// What each client was told last: followed from event to event.
#[derive(Debug, Default)]
struct Answers {
    latest: Vec<(ClientId, Answer)>,
    /// The last event that was looked at.
    heard: Option<Event>,
}

impl Answers {
    fn of(&self, client: ClientId) -> Option<Answer> {
        let mut latest = self.latest.iter();
        let (_, answer) = latest.find(|(who, _)| *who == client)?;
        Some(answer.clone())
    }

    /// Looks at what has happened since; if the cursor was moved, at all that is remembered before it.
    fn hear(&mut self, timeline: &Timeline) {
        if timeline.world().clients().is_empty() {
            return;
        }
        let events = timeline.events();
        let known = self.heard.as_ref().and_then(|heard| {
            let place = events.binary_search_by_key(&heard.id, |event| event.id).ok()?;
            (events[place] == *heard).then_some(place + 1)
        });
        let from = known.unwrap_or_else(|| {
            self.latest.clear();
            0
        });
        // Backwards, for only the latest answer of each is told, and there can be many.
        let clients = timeline.world().clients().len();
        let mut newer: Vec<(ClientId, Answer)> = Vec::new();
        for event in events[from..].iter().rev() {
            if newer.len() == clients {
                break;
            }
            if let EventKind::Returned {
                client, serial, answer, ..
            } = &event.kind
                && newer.iter().all(|(who, _)| who != client)
            {
                newer.push((*client, told(timeline, *client, *serial, answer)));
            }
        }
        self.latest
            .retain(|(client, _)| newer.iter().all(|(who, _)| who != client));
        self.latest.append(&mut newer);
        self.heard = events.last().cloned();
    }
}

/// An answer, with what it answers.
pub(crate) fn told(timeline: &Timeline, client: ClientId, serial: Serial, answer: &kv::Answer) -> Answer {
    match operation(timeline, client, serial) {
        Some(operation) => crate::story::answer(operation, answer),
        // Asked so long ago that it has been forgotten.
        None => Answer::Written("…".into()),
    }
}

/// What a client wants, or wanted not long ago.
pub(crate) fn operation(timeline: &Timeline, client: ClientId, serial: Serial) -> Option<&Operation> {
    let mut clients = timeline.world().clients().iter().filter(|it| it.id() == client);
    let call = clients
        .find_map(raft_sim::Client::call)
        .filter(|call| call.serial == serial);
    call.map(|call| &call.operation).or_else(|| {
        timeline.events().iter().rev().find_map(|event| match &event.kind {
            EventKind::Called {
                client: who,
                serial: number,
                operation,
            } if (*who, *number) == (client, serial) => Some(operation),
            _ => None,
        })
    })
}

/// All that is in flight, by ascending id: between servers, and from and to clients. What the reader holds is shown as
/// if it had been let go.
pub(crate) fn in_flight(
    timeline: &Timeline,
    held: Option<(u64, u64)>,
    known: Option<&Scene>,
) -> (Vec<Message>, Vec<Message>) {
    let (mut messages, mut requests) = (Vec::new(), Vec::new());
    let (known_messages, known_requests) = known.map_or((&[][..], &[][..]), |last| (&last.messages, &last.requests));
    for parcel in timeline.world().in_flight() {
        let (list, shown) = match between_servers(parcel) {
            Some(_) => (&mut messages, known_messages),
            None => (&mut requests, known_requests),
        };
        let late_us = held.filter(|(id, _)| *id == parcel.id.0).map_or(0, |(_, by_us)| by_us);
        let arrives_us = parcel.arrives_at.0 + late_us;
        // What was seen before need not be put into words again.
        let before = shown.binary_search_by_key(&parcel.id.0, |message| message.id).ok();
        let before = before.map(|place| &shown[place]).filter(|message| {
            (message.sent_us, message.arrives_us, message.lost) == (parcel.sent_at.0, arrives_us, parcel.lost)
        });
        let message = before.cloned().unwrap_or_else(|| Message {
            arrives_us,
            ..in_words(timeline, parcel)
        });
        let place = list.partition_point(|other: &Message| other.id < message.id);
        list.insert(place, message);
    }
    (messages, requests)
}

/// One of them.
fn in_words(timeline: &Timeline, in_flight: &InFlight) -> Message {
    match between_servers(in_flight) {
        Some(found) => message(found),
        None => request(timeline, in_flight),
    }
}

/// What is on its way from or to a client.
fn request(timeline: &Timeline, in_flight: &InFlight) -> Message {
    let (from, to, kind, text) = match &in_flight.parcel {
        Parcel::Reply(reply) => {
            let (server, client) = (reply.from.0, reply.client.0);
            let asked = operation(timeline, reply.client, reply.serial);
            let (kind, text) = match (&reply.result, asked) {
                (Ok(answer), _) => {
                    let answer = told(timeline, reply.client, reply.serial, answer);
                    (MessageKind::Answer, Text::Answered { server, client, answer })
                }
                (Err(_), Some(Operation::Write(write))) => {
                    let label = label::write(write);
                    (MessageKind::TurnedAway, Text::RefusedWrite { server, label })
                }
                (Err(_), _) => (MessageKind::TurnedAway, Text::RefusedRead(server)),
            };
            (server, client, kind, text)
        }
        Parcel::Request(Request {
            client, to, operation, ..
        }) => {
            let (client, to) = (client.0, to.0);
            let request = label::request(operation);
            let text = Text::ClientAsked { client, to, request };
            (client, to, MessageKind::Request, text)
        }
        Parcel::Raft(_) => unreachable!("what lies between servers is no request"),
    };
    on_its_way(in_flight, [from, to, 0], kind, text)
}

/// A message between servers.
pub(crate) fn message((in_flight, message): (&InFlight, &raft_core::Message<kv::Command>)) -> Message {
    let (kind, text) = saying(message);
    on_its_way(in_flight, [message.from.0, message.to.0, message.term.0], kind, text)
}

fn on_its_way(in_flight: &InFlight, [from, to, term]: [u64; 3], kind: MessageKind, text: Text) -> Message {
    Message {
        id: in_flight.id.0,
        from,
        to,
        term,
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
        let last = self.last.logs.clone();
        let leader = world.leader().and_then(|leader| world.server(leader)?.node());
        let before = last.iter().map(Some).chain(std::iter::repeat(None));
        let rows = world.servers().iter().zip(before);
        let mut rows: Vec<LogRow> = rows.map(|(server, last)| log_row(server, leader, last)).collect();
        let leader = leader.map(Node::id);
        let is_same = std::mem::replace(&mut self.compared_with, leader) == leader;
        if let Some(leader) = leader {
            differences::note(&mut rows, leader.0, is_same.then_some(&*last));
        }
        rows
    }
}

fn log_row(server: &raft_sim::Server, leader: Option<&Node<kv::Command>>, last: Option<&LogRow>) -> LogRow {
    let (node, log) = (server.node(), server.log());
    let commit_index = node.map_or(Index(0), Node::commit_index);
    let durable_index = node.map_or(log.last_index(), Node::durable_index);
    let snapshot: &Snapshot = node.map_or(&*server.disk().stable().snapshot, Node::snapshot);
    LogRow {
        server: server.id().0,
        entries: LogEntries::new(log, commit_index, durable_index),
        first_index: log.first_index().0,
        commit_index: commit_index.0,
        durable_index: durable_index.0,
        snapshot_index: snapshot.last.index.0,
        snapshot_term: (log.base().index.0 > 0).then_some(log.base().term.0),
        differing: Rc::default(),
        progress: leader.and_then(|leader| progress(leader, server.id())),
        state: state(server.state(), last.map(|row| &row.state)),
        differing_keys: Rc::default(),
        crashed: node.is_none(),
    }
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

fn properties(timeline: &Timeline, last: Option<&[Property]>) -> Vec<Property> {
    let world = timeline.world();
    let known = |name: &Text, event: u64| {
        let mut same = last.into_iter().flatten().filter(|property| property.name == *name);
        let known = same.find_map(|property| property.violation.as_ref())?;
        (known.event == event).then(|| known.answers.clone())
    };
    let violation = |property| world.properties().and_then(|properties| properties.violation(property));
    let rules = world.rules();
    let is_off = |rule: &&raft_core::Rule| !rules.has(**rule);
    let without: Rc<[raft_core::Rule]> = raft_core::Rule::ALL.iter().filter(is_off).copied().collect();
    let property = |property| Property {
        name: Text::PropertyName(property),
        meaning: Text::PropertyMeaning(property),
        violation: violation(property).map(|violation| Violation {
            at_us: violation.at.0,
            event: violation.event.0,
            facts: Text::Facts(violation.facts),
            // To find them takes a while, and a history does not change.
            answers: known(&Text::PropertyName(property), violation.event.0)
                .unwrap_or_else(|| answers(timeline, violation)),
            without: without.clone(),
        }),
    };
    let guaranteed = SimProperty::ALL
        .iter()
        .filter(|it| it.kind() != PropertyKind::Sometimes);
    guaranteed.copied().map(property).collect()
}

/// The answers to clients that a violation speaks of.
fn answers(timeline: &Timeline, violation: &raft_sim::Violation) -> Rc<[Line]> {
    let calls = violation.facts.map(|fact| fact.call());
    if calls == [None; 2] {
        return Rc::default();
    }
    let events = timeline.events().iter().take_while(|event| event.id <= violation.event);
    let is_meant = |event: &&Event| match event.kind {
        EventKind::Returned { client, serial, .. } => calls.contains(&Some((client, serial))),
        _ => false,
    };
    let lines = events
        .filter(is_meant)
        .filter_map(|event| details::answer(timeline, event));
    lines.collect()
}

fn seen(world: &World) -> Vec<Seen> {
    let event = |property| world.properties().and_then(|properties| properties.seen(property));
    let sometimes = SimProperty::ALL
        .iter()
        .filter(|it| it.kind() == PropertyKind::Sometimes);
    let seen = sometimes.map(|&property| Seen {
        name: Text::PropertyName(property),
        meaning: Text::PropertyMeaning(property),
        event: event(property).map(|event| event.0),
    });
    seen.collect()
}

/// Whether a fact that contradicts another is about this server.
fn is_accused(world: &World, id: NodeId) -> bool {
    let violations = world
        .properties()
        .into_iter()
        .flat_map(raft_sim::Properties::violations);
    let mut facts = violations.flat_map(|violation| &violation.facts);
    facts.any(|fact| match *fact {
        // Whose answer contradicts what others were told.
        raft_sim::Fact::Returned { from, .. } => from == id,
        _ => fact.server() == Some(id),
    })
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
