//! A server: every field of the paper's figure 2, what else it keeps, what a crash would cost, and how it came to its
//! role.

use std::cmp::Ordering;

use raft_core::{Instant, Node, NodeId, ProgressState, Reason, Role as CoreRole, Timer};
use raft_sim::{Event, EventKind, Milestone, MilestoneKind, Timeline, World, kv};

use crate::hands::{Row, menu};
use crate::scene::Section::{self, Dissertation, Paper};
use crate::scene::{self, Role, Title, VoteMark, role};
use crate::story::is_made_to_time_out;
use crate::text::{Lang, Message as Text, ServerWords as Words, milliseconds};

/// So many writes on their way to the disk are listed.
const WRITES_MAX: usize = 4;

/// A server in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerDetails {
    /// Its number.
    pub id: u64,
    /// What it is.
    pub role: Role,
    /// The same in a word.
    pub title: Title,
    /// Its current term.
    pub term: u64,
    /// What can be done to it.
    pub menu: Vec<Row>,
    /// How it changes roles, and how it did so last.
    pub diagram: RoleDiagram,
    /// What it keeps, section by section.
    pub sections: Vec<Fields>,
    /// What its state machine has come to: keys and their values.
    pub state: Vec<(String, String)>,
    /// Of a leader: what it knows of the others.
    pub peers: Vec<Peer>,
    /// Of a candidate: what it knows of each vote.
    pub votes: Vec<VoteMark>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Its heading.
    pub name: Words,
    /// Whether it is shown at first.
    pub is_open: bool,
    /// What is in it.
    pub fields: Vec<Field>,
}

/// Something that a server keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the paper calls it.
    pub paper: Option<&'static str>,
    /// What it is called else: a word, or the name of a client.
    pub name: Option<Text>,
    /// The name in words, if it has one.
    pub words: Option<Words>,
    /// What it is: each on a line of its own.
    pub values: Vec<Value>,
}

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// Servers, by number; none of them is said in a word.
    Servers(Vec<u64>),
    /// In words.
    Words(Words),
    /// A moment, in microseconds of the cluster.
    Time(u64),
    /// A timer: after how long, and when, in microseconds of the cluster.
    Timer(u64, u64),
    /// From how long to how long, in microseconds.
    Range(u64, u64),
    /// A write on its way to the disk: what is in it, and when it is done, in microseconds of the cluster.
    Write(Vec<Words>, Option<u64>),
}

impl Value {
    /// In a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Value::Number(number) => number.to_string(),
            Value::Servers(servers) if servers.is_empty() => Words::None.text(lang),
            Value::Servers(servers) => {
                let names = servers.iter().map(|&server| Text::ServerName(server).text(lang));
                names.collect::<Vec<_>>().join(" ")
            }
            Value::Words(words) => words.text(lang),
            Value::Time(us) => Text::Time { us: *us }.text(lang),
            Value::Timer(duration_us, us) => {
                Text::Time { us: *us }.text(lang) + &Words::RunsOut(duration_us / 1_000).text(lang)
            }
            Value::Range(min, max) if min == max => milliseconds(*min) + " ms",
            Value::Range(min, max) => milliseconds(*min) + "–" + &milliseconds(*max) + " ms",
            Value::Write(parts, done_us) => {
                let parts = parts.iter().map(|part| part.text(lang));
                let done = done_us.map(|us| Text::Time { us }.text(lang));
                parts.chain(done).collect::<Vec<_>>().join(" · ")
            }
        }
    }
}

impl Field {
    /// Its name in a language.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        let paper = self.paper.map(str::to_owned);
        let name = || self.name.as_ref().map(|name| name.text(lang));
        let words = || self.words.map(|words| words.text(lang));
        paper.or_else(name).or_else(words).unwrap_or_default()
    }

    fn new(paper: Option<&'static str>, words: Option<Words>, value: Value) -> Field {
        Field {
            paper,
            name: None,
            words,
            values: vec![value],
        }
    }
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its number.
    pub server: u64,
    /// The next entry to send.
    pub next_index: u64,
    /// The highest entry known to be durable there.
    pub match_index: u64,
    /// How freely the leader sends.
    pub state: Words,
}

/// A stage of a server's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Follower.
    Follower,
    /// Two-stage election: a follower that has raised its term and waits to stand.
    Waiting,
    /// PreVote: it asks whether it could win.
    PreCandidate,
    /// Candidate.
    Candidate,
    /// Leader.
    Leader,
}

/// The state diagram of a server (the paper's figure 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDiagram {
    /// The stages that there are, as the cluster is set.
    pub stages: Vec<Stage>,
    /// Where the server is; none: it is down.
    pub now: Option<Stage>,
    /// How it came there.
    pub last: Option<Move>,
}

/// A change of role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From where; none: it was down.
    pub from: Option<Stage>,
    /// To where; none: it crashed.
    pub to: Option<Stage>,
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// The event's number.
    pub event: u64,
    /// Why.
    pub why: Words,
    /// Where to read about it.
    pub section: Option<Section>,
}

impl ServerDetails {
    pub(super) fn of(timeline: &Timeline, id: u64) -> Option<ServerDetails> {
        let world = timeline.world();
        let server = world.server(NodeId(id))?;
        let node = server.node();
        let disk = server.disk().stable();
        Some(ServerDetails {
            id,
            role: role(server),
            term: node.map_or(disk.hard_state.current_term, Node::current_term).0,
            menu: menu(world, server.id()),
            diagram: RoleDiagram::of(timeline, server),
            sections: sections(timeline, server),
            state: (server.state().into_iter().flat_map(kv::State::iter))
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .collect(),
            peers: node.map(peers).unwrap_or_default(),
            title: scene::server(timeline.world(), server, None).title(),
            votes: node.map(|node| votes(timeline.world(), node)).unwrap_or_default(),
        })
    }
}

/// Gathers the fields of a section.
struct Gather(Vec<Field>);

impl Gather {
    fn paper(&mut self, name: &'static str, value: Value) {
        self.0.push(Field::new(Some(name), None, value));
    }

    fn words(&mut self, name: Words, value: Value) {
        self.0.push(Field::new(None, Some(name), value));
    }

    fn number(&mut self, name: Words, number: usize) {
        if number > 0 {
            self.words(name, Value::Number(number as u64));
        }
    }

    fn into_section(self, name: Words, is_open: bool) -> Option<Fields> {
        (!self.0.is_empty()).then_some(Fields {
            name,
            is_open,
            fields: self.0,
        })
    }
}

fn sections(timeline: &Timeline, server: &raft_sim::Server) -> Vec<Fields> {
    let world = timeline.world();
    let mut disk = on_disk(world, server);
    cost_of_crashes(&mut disk, timeline, server);
    let sections = [
        persistent(server).into_section(Words::Persistent, true),
        volatile(server).into_section(Words::Volatile, true),
        role_data(world, server).into_section(Words::RoleData, true),
        times(server).into_section(Words::TimeSection, true),
        disk.into_section(Words::DiskSection, true),
        members(server).into_section(Words::Members, false),
        sessions(server).into_section(Words::Sessions, false),
    ];
    sections.into_iter().flatten().collect()
}

fn of_servers(servers: &[NodeId]) -> Value {
    Value::Servers(servers.iter().map(|server| server.0).collect())
}

fn persistent(server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    let hard_state = server.disk().stable().hard_state;
    let (term, vote) = match server.node() {
        Some(node) => (node.current_term(), node.voted_for()),
        None => (hard_state.current_term, hard_state.voted_for),
    };
    it.paper("currentTerm", Value::Number(term.0));
    it.paper("votedFor", Value::Servers(vote.iter().map(|id| id.0).collect()));
    let log = server.log();
    let last = log.last_position();
    let first = log.first_index();
    let words = match last.index.cmp(&first) {
        Ordering::Less => Words::LogEmpty,
        Ordering::Equal => Words::LogOne(last.index.0, last.term.0),
        Ordering::Greater => Words::LogOf(first.0, last.index.0, last.term.0),
    };
    it.paper("log[]", Value::Words(words));
    let snapshot = match server.node() {
        Some(node) => node.snapshot().last,
        None => server.disk().stable().snapshot.last,
    };
    if snapshot.index.0 > 0 {
        it.words(
            Words::SnapshotUpTo,
            Value::Words(Words::EntryOfTerm(snapshot.index.0, snapshot.term.0)),
        );
    }
    it
}

fn volatile(server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    if let Some(node) = server.node() {
        it.paper("commitIndex", Value::Number(node.commit_index().0));
        // What is committed is applied in the same step.
        it.paper("lastApplied", Value::Number(node.commit_index().0));
    }
    it
}

fn role_data(world: &World, server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    let Some(node) = server.node() else { return it };
    let clock = server.clock();
    let tally = |it: &mut Gather, votes: &raft_core::ByNode<bool>| {
        let granted = votes.values().filter(|&&granted| granted).count() as u64;
        let needed = node.configuration().majority() as u64;
        it.words(Words::Granted, Value::Words(Words::GrantedOf(granted, needed)));
    };
    match node.role() {
        CoreRole::Follower(follower) => {
            it.words(
                Words::Leader,
                Value::Servers(follower.leader.iter().map(|id| id.0).collect()),
            );
            if let Some(heard) = follower.heard {
                it.words(Words::LastHeard, Value::Time(clock.time_of(heard).0));
            }
        }
        CoreRole::PreCandidate(candidate) => tally(&mut it, &candidate.votes),
        CoreRole::Candidate(candidate) => {
            tally(&mut it, &candidate.votes);
            let own = if candidate.own_vote {
                Words::CastForItself
            } else {
                Words::GivenAway
            };
            it.words(Words::OwnVote, Value::Words(own));
        }
        CoreRole::Leader(leader) => {
            if let Some(lease) = leader.lease {
                it.words(Words::Lease, Value::Time(clock.time_of(lease.deadline).0));
            }
            if world.settings().lease_drift_ppm_max.is_some() && leader.lease.is_none() {
                it.words(Words::Lease, Value::Words(Words::None));
            }
            it.words(
                Words::PendingReads,
                Value::Number((leader.reads.len() + leader.early_reads.len()) as u64),
            );
            if let Some(transfer) = leader.transfer {
                it.words(Words::Transferring, Value::Servers(vec![transfer.to.0]));
            }
            it.words(Words::Uncommitted, Value::Words(Words::Bytes(leader.uncommitted_bytes)));
        }
    }
    it
}

fn times(server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    let clock = server.clock();
    let mut timer = |name, timer: Option<Timer>| {
        if let Some(timer) = timer {
            // What it is set to is the server's own time, however its clock runs or has jumped.
            let set_to_us = timer.deadline.since_us(timer.started);
            it.words(name, Value::Timer(set_to_us, clock.time_of(timer.deadline).0));
        }
    };
    match server.node().map(Node::role) {
        Some(CoreRole::Follower(follower)) => {
            let name = if follower.waits_to_stand {
                Words::DelayTimer
            } else {
                Words::ElectionTimer
            };
            timer(name, follower.election_timer);
        }
        Some(CoreRole::PreCandidate(candidate)) => {
            timer(Words::ElectionTimer, Some(candidate.election_timer));
            timer(Words::RetryTimer, Some(candidate.retry_timer));
        }
        Some(CoreRole::Candidate(candidate)) => {
            timer(Words::ElectionTimer, Some(candidate.election_timer));
            timer(Words::RetryTimer, Some(candidate.retry_timer));
        }
        Some(CoreRole::Leader(leader)) => {
            timer(Words::HeartbeatTimer, Some(leader.heartbeat_timer));
            timer(Words::QuorumTimer, leader.quorum_timer);
            timer(Words::TransferTimer, leader.transfer.map(|transfer| transfer.timer));
        }
        None => {}
    }
    let percent = clock.drift_ppm().unsigned_abs() / 10_000;
    let drift = match clock.drift_ppm() {
        0 => Words::ClockExact,
        1.. => Words::FastBy(percent),
        _ => Words::SlowBy(percent),
    };
    it.words(Words::ClockField, Value::Words(drift));
    it.number(Words::Backlog, server.backlog());
    it
}

fn on_disk(world: &World, server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    let disk = server.disk();
    if let Some(node) = server.node() {
        let stable = disk.stable();
        let vote = stable.hard_state.voted_for.iter().map(|id| id.0).collect();
        let mut field = Field::new(
            None,
            Some(Words::DurableTerm),
            Value::Number(stable.hard_state.current_term.0),
        );
        field.values.push(Value::Servers(vote));
        it.0.push(field);
        it.words(Words::DurableLog, Value::Number(node.durable_index().0));
        it.0.push(Field {
            paper: None,
            name: None,
            words: Some(Words::PendingWrites),
            values: pending_writes(server),
        });
        it.number(Words::HeldBack, world.held(server.id()).count());
    }
    let time = if disk.is_stalled() {
        Value::Words(Words::Stalled)
    } else {
        Value::Range(disk.config().write_us_min, disk.config().write_us_max)
    };
    it.words(Words::WriteTime, time);
    it
}

/// The writes that are not durable yet, oldest first; not more of them than can be read.
fn pending_writes(server: &raft_sim::Server) -> Vec<Value> {
    let disk = server.disk();
    let values = disk.writes().take(WRITES_MAX).map(|(_, write, done_at)| {
        let hard_state = write.hard_state.as_ref();
        let vote = hard_state.and_then(|hard_state| hard_state.voted_for);
        let suffix = write.suffix.as_ref().map(|suffix| {
            let before = suffix.first_index.previous().0;
            let last = before + suffix.entries.len() as u64;
            entries_after(before, last).unwrap_or(Words::WritesCut(before))
        });
        let snapshot = write.snapshot.as_ref().map(|write| write.snapshot.last.index.0);
        let parts = [
            hard_state.map(|hard_state| Words::LosesTerm(hard_state.current_term.0)),
            vote.map(|candidate| lost_vote(server.id(), candidate)),
            snapshot.map(Words::WritesSnapshot),
            suffix,
        ];
        Value::Write(
            parts.into_iter().flatten().collect(),
            (!disk.is_stalled()).then_some(done_at.0),
        )
    });
    let mut values: Vec<Value> = values.collect();
    match disk.pending().saturating_sub(WRITES_MAX) {
        0 if values.is_empty() => values.push(Value::Number(0)),
        0 => {}
        more => values.push(Value::Words(Words::MoreWrites(more as u64))),
    }
    values
}

/// What a crash would take now, and what the last one took.
fn cost_of_crashes(it: &mut Gather, timeline: &Timeline, server: &raft_sim::Server) {
    if let Some(node) = server.node() {
        let (durable, last) = (node.durable_index().0, node.log().last_index().0);
        let (term, vote) = server.volatile_state();
        let losses = [
            entries_after(durable, last),
            term.map(|term| Words::LosesTerm(term.0)),
            vote.map(|candidate| lost_vote(server.id(), candidate)),
            node.reign().is_some().then_some(Words::LosesReign),
            Some(Words::LosesMemory),
        ];
        it.0.push(Field {
            paper: None,
            name: None,
            words: Some(Words::CrashNow),
            values: losses.into_iter().flatten().map(Value::Words).collect(),
        });
    }
    let now = timeline.world().events();
    let mut events = timeline.events().iter().rev().filter(|event| event.id.0 <= now);
    let last = events.find_map(|event| match event.kind {
        EventKind::Crashed {
            kept,
            had,
            lost_term,
            lost_vote,
            ..
        } if event.server == Some(server.id()) => Some((event.at, kept, had, lost_term, lost_vote)),
        _ => None,
    });
    let crash = server
        .crash()
        .map(|crash| (crash.at, crash.kept, crash.had, crash.lost_term, crash.lost_vote));
    if let Some((at, kept, had, term, vote)) = crash.or(last) {
        let losses = [
            entries_after(kept.0, had.0),
            term.map(|term| Words::LosesTerm(term.0)),
            vote.map(|candidate| lost_vote(server.id(), candidate)),
            Some(Words::LosesMemory),
        ];
        let mut field = Field::new(None, Some(Words::CrashLost), Value::Time(at.0));
        field.values.extend(losses.into_iter().flatten().map(Value::Words));
        it.0.push(field);
    }
}

/// A vote of a server: a loss.
fn lost_vote(server: NodeId, candidate: NodeId) -> Words {
    if candidate == server {
        Words::LosesOwnVote
    } else {
        Words::LosesVote(candidate.0)
    }
}

/// The entries after one up to another, if there are any: a loss.
fn entries_after(kept: u64, had: u64) -> Option<Words> {
    match had.saturating_sub(kept) {
        0 => None,
        1 => Some(Words::LosesEntry(had)),
        _ => Some(Words::LosesEntries(kept + 1, had)),
    }
}

fn members(server: &raft_sim::Server) -> Gather {
    let mut it = Gather(Vec::new());
    let configuration = server.configuration();
    it.words(Words::Voters, of_servers(configuration.voters()));
    if !configuration.outgoing().is_empty() {
        it.words(Words::OldVoters, of_servers(configuration.outgoing()));
    }
    it.words(Words::Learners, of_servers(configuration.learners()));
    it
}

fn sessions(server: &raft_sim::Server) -> Gather {
    let sessions = server.state().into_iter().flat_map(|state| state.sessions().iter());
    let fields = sessions.map(|(client, serial, _)| Field {
        paper: None,
        name: Some(Text::ClientName(client.0)),
        words: None,
        values: vec![Value::Words(Words::Serial(serial.0))],
    });
    Gather(fields.collect())
}

fn votes(world: &World, node: &Node<kv::Command>) -> Vec<VoteMark> {
    match node.role() {
        CoreRole::PreCandidate(it) => scene::votes(world, node, &it.votes),
        CoreRole::Candidate(it) => scene::votes(world, node, &it.votes),
        CoreRole::Follower(_) | CoreRole::Leader(_) => Vec::new(),
    }
}

fn peers(node: &Node<kv::Command>) -> Vec<Peer> {
    let progress = node.reign().into_iter().flat_map(|leader| leader.progress.iter());
    let peer = |(server, progress): (NodeId, &raft_core::Progress)| Peer {
        server: server.0,
        next_index: progress.next_index.0,
        match_index: progress.match_index.0,
        state: match progress.state {
            ProgressState::Probe { .. } => Words::Probe,
            ProgressState::Replicate { .. } => Words::Replicate,
            ProgressState::Snapshot { .. } => Words::SendsSnapshot,
        },
    };
    progress.filter(|(server, _)| *server != node.id()).map(peer).collect()
}

impl RoleDiagram {
    fn of(timeline: &Timeline, server: &raft_sim::Server) -> RoleDiagram {
        let settings = timeline.world().settings();
        let now = match server.node().map(Node::role) {
            None => None,
            Some(CoreRole::Follower(follower)) if follower.waits_to_stand => Some(Stage::Waiting),
            Some(CoreRole::Follower(_)) => Some(Stage::Follower),
            Some(CoreRole::PreCandidate(_)) => Some(Stage::PreCandidate),
            Some(CoreRole::Candidate(_)) => Some(Stage::Candidate),
            Some(CoreRole::Leader(_)) => Some(Stage::Leader),
        };
        let is_two_stage = settings.election_style != raft_core::ElectionStyle::Standard;
        // The settings may have changed since it came where it is.
        let has = |stage, is_set| (is_set || now == Some(stage)).then_some(stage);
        let stages = [
            Some(Stage::Follower),
            has(Stage::Waiting, is_two_stage),
            has(Stage::PreCandidate, settings.pre_vote),
            Some(Stage::Candidate),
            Some(Stage::Leader),
        ];
        RoleDiagram {
            stages: stages.into_iter().flatten().collect(),
            now,
            last: last_move(timeline, server.id(), now),
        }
    }
}

/// A turn of a server, and the stage that it led to; why, as long as it is remembered.
#[derive(Clone, Copy)]
struct Turn {
    event: u64,
    at: Instant,
    to: Option<Stage>,
    is_start: bool,
    /// Whether somebody made its timer run out.
    made_to: bool,
    reason: Option<Reason>,
}

fn last_move(timeline: &Timeline, server: NodeId, now: Option<Stage>) -> Option<Move> {
    let until = timeline.world().events();
    let milestones = timeline.milestones();
    let reached = milestones.partition_point(|milestone| milestone.event.0 <= until);
    let own = milestones[..reached]
        .iter()
        .rev()
        .filter(|milestone| milestone.server == Some(server));
    let mut turns = own.filter_map(|milestone| turn(timeline, milestone));
    let mut last = turns.next()?;
    if last.to == Some(Stage::Waiting) && now == Some(Stage::Follower) {
        // Neither is a turn of a follower in the paper's sense.
        let ended = |event: &Event| match event.kind {
            EventKind::Because(reason @ (Reason::LeaderHeard { .. } | Reason::VoteGranted { .. })) => Some(Turn {
                event: event.id.0,
                at: event.at,
                to: now,
                is_start: false,
                made_to: false,
                reason: Some(reason),
            }),
            _ => None,
        };
        let events = timeline.events().iter().rev();
        let mut later =
            events.filter(|event| event.server == Some(server) && (last.event..=until).contains(&event.id.0));
        if let Some(turn) = later.find_map(ended) {
            return Some(moved(Some(Stage::Waiting), turn));
        }
    }
    // A follower that takes over a term remains one.
    for before in turns {
        if (before.to, last.to) == (Some(Stage::Follower), Some(Stage::Follower)) {
            last = before;
        } else if (before.to, last.to) == (Some(Stage::Waiting), Some(Stage::Waiting)) {
            // Between two waits it has followed somebody, or given its vote.
            return Some(moved(Some(Stage::Follower), last));
        } else {
            return Some(moved(before.to, last));
        }
    }
    match last.to {
        _ if last.is_start => Some(moved(None, last)),
        // It has taken over a term, and was a follower from the beginning of the cluster.
        Some(Stage::Follower) => None,
        _ => Some(moved(Some(Stage::Follower), last)),
    }
}

fn turn(timeline: &Timeline, milestone: &Milestone) -> Option<Turn> {
    let events = timeline.events();
    let found = events.binary_search_by_key(&milestone.event, |event| event.id).ok();
    let reason = found.and_then(|place| match events[place].kind {
        EventKind::Because(reason) => Some(reason),
        _ => None,
    });
    let to = match milestone.kind {
        MilestoneKind::Followed(_) if matches!(reason, Some(Reason::HeartbeatTimedOut { .. })) => Some(Stage::Waiting),
        MilestoneKind::Started(_) | MilestoneKind::Followed(_) => Some(Stage::Follower),
        MilestoneKind::Asked(_) => Some(Stage::PreCandidate),
        MilestoneKind::Stood(_) => Some(Stage::Candidate),
        MilestoneKind::Elected(_) => Some(Stage::Leader),
        MilestoneKind::Crashed => None,
        MilestoneKind::Committed(_) | MilestoneKind::Violated => return None,
    };
    let is_start = matches!(milestone.kind, MilestoneKind::Started(_));
    debug_assert!(!is_start || reason.is_none(), "a start is no decision of a node");
    Some(Turn {
        event: milestone.event.0,
        at: milestone.moment.at,
        to,
        is_start,
        made_to: found.is_some_and(|place| is_made_to_time_out(events, &events[place])),
        reason,
    })
}

fn moved(from: Option<Stage>, turn: Turn) -> Move {
    let (why, section) = match turn.reason {
        None if turn.to.is_none() => (Words::ByCrash, None),
        None if from.is_none() => (Words::ByStart, Some(Paper("5.2"))),
        None => (Words::ByLongAgo, None),
        Some(reason) if turn.made_to && !has_asked(from, &reason) => (Words::ByHand, why(from, &reason).1),
        Some(reason) => why(from, &reason),
    };
    Move {
        from,
        to: turn.to,
        at_us: turn.at.0,
        event: turn.event,
        why,
        section,
    }
}

/// Whether it stands because the votes that it asked for beforehand suffice.
fn has_asked(from: Option<Stage>, reason: &Reason) -> bool {
    from == Some(Stage::PreCandidate) && matches!(reason, Reason::ElectionTimedOut { .. })
}

fn why(from: Option<Stage>, reason: &Reason) -> (Words, Option<Section>) {
    let (why, section) = match *reason {
        Reason::ElectionTimedOut { .. } if has_asked(from, reason) => (Words::ByPreVotes, Dissertation("9.6")),
        Reason::ElectionTimedOut { waited_us, .. } if from == Some(Stage::Candidate) => {
            (Words::ByCandidacyTimeout(waited_us / 1_000), Paper("5.2"))
        }
        Reason::ElectionTimedOut { waited_us, .. } => (Words::ByElectionTimeout(waited_us / 1_000), Paper("5.2")),
        Reason::PreVoteBegan { waited_us, .. } => (Words::ByPreVote(waited_us / 1_000), Dissertation("9.6")),
        Reason::HeartbeatTimedOut { delay_us, .. } => (Words::ByHeartbeatTimeout(delay_us / 1_000), Paper("5.2")),
        Reason::ElectionDelayEnded { .. } => (Words::ByDelay, Paper("5.2")),
        Reason::ToldToStand { from, .. } => (Words::ByTransfer(from.0), Dissertation("3.10")),
        Reason::Elected { votes, needed, .. } if votes < needed => (Words::ByTooFewVotes(votes, needed), Paper("5.2")),
        Reason::Elected { votes, needed, .. } => (Words::ByVotes(votes, needed), Paper("5.2")),
        Reason::HigherTerm { from, mine, theirs } => (Words::ByHigherTerm(from.0, mine.0, theirs.0), Paper("5.1")),
        Reason::LeaderHeard { leader, term, .. } => (Words::ByLeader(leader.0, term.0), Paper("5.2")),
        Reason::VoteGranted { to, .. } => (Words::ByVoteGiven(to.0), Paper("5.2")),
        Reason::QuorumLost { .. } => (Words::ByQuorumLost, Dissertation("6.2")),
        Reason::Removed { .. } => (Words::ByRemoval, Paper("6")),
        _ => return (Words::ByLongAgo, None),
    };
    (why, Some(section))
}
