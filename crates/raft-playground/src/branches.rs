//! The branches of the history: where each parted from what is shown, how far it goes, and two of them side by side.
//!
//! What is different is found by the simulator; here it becomes rows that can be shown.

use std::rc::Rc;
use std::sync::Arc;

use raft_core::NodeId;
use raft_sim::{
    ClientDifference, Command, Condition, Difference, DifferingKey, Event, EventKind, Look, Operation, Timeline,
};

use crate::label;
use crate::scene::Role;
use crate::text::time::TimeWords as Words;
use crate::text::{Lang, Message, Request};

/// The list of branches, and the one that is compared with what is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branches {
    /// The number of the branch that is shown.
    pub number: u64,
    /// As far as that has been reached.
    pub end_us: u64,
    /// Who leads at its cursor, and in which term.
    pub leader: Option<(u64, u64)>,
    /// The others, the one left last first.
    pub others: Rc<[Branch]>,
    /// Two side by side, if that is wanted.
    pub comparison: Option<Rc<Comparison>>,
}

/// A future that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its place: the number that [`Action::TakeUp`](crate::session::Action::TakeUp) takes.
    pub place: usize,
    /// Its number, which stays.
    pub number: u64,
    /// Where it parts from what is shown, in microseconds of the cluster.
    pub parted_us: u64,
    /// What was done in it from there on first, and when, in microseconds of the cluster; none: nothing.
    pub done: Option<(u64, Deed)>,
    /// What was done instead, in what is shown.
    pub instead: Option<(u64, Deed)>,
    /// How far it had been played.
    pub end_us: u64,
    /// Who led at its end, and in which term.
    pub leader: Option<(u64, u64)>,
}

/// Something done to the cluster or that happened in it, short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    words: Words,
    /// What a client asked for.
    label: Option<Rc<str>>,
}

impl Deed {
    /// In words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let words = self.words.text(lang);
        match &self.label {
            Some(label) => words + " " + label,
            None => words,
        }
    }
}

/// Two branches side by side: of each pair the first is what is shown, the second the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The place of the other.
    pub place: usize,
    /// The number of both.
    pub numbers: [u64; 2],
    /// When they are compared, in microseconds of the cluster.
    pub at_us: u64,
    /// When the other had been left, if that was before: it is played on for the comparison.
    pub left_us: Option<u64>,
    /// The first event of each that the other does not have there: when, and what.
    pub first: [Option<(u64, Deed)>; 2],
    /// The servers that are not the same.
    pub servers: Rc<[ServerRows]>,
    /// The clients that do not wait for the same: their numbers, and what each waits for.
    pub clients: Rc<[(u64, Values)]>,
}

/// Two values, the one of what is shown first; none: there is none.
pub type Values = [Option<Rc<str>>; 2];

/// What is different of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerRows {
    /// Its number.
    pub server: u64,
    /// A name and the two values of it.
    pub rows: Rc<[(Words, [Value; 2])]>,
    /// From which entry on the logs are not the same.
    pub log_from: Option<u64>,
    /// The keys that have other values, with both.
    pub keys: Rc<[(Rc<str>, Values)]>,
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The server is not there.
    NotThere,
    /// A role.
    Role(Role),
    /// It stands still.
    Paused,
    /// A server.
    Server(u64),
    /// Nobody, nothing.
    Nothing,
    /// A number.
    Number(u64),
    /// The index and the term of an entry.
    Position(u64, u64),
}

impl Value {
    /// In words.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        match self {
            Value::NotThere => Words::NotThere.text(lang),
            Value::Role(role) => Message::RoleWord(role).text(lang),
            Value::Paused => Message::StandsStill.text(lang),
            Value::Server(server) => Message::ServerName(server).text(lang),
            Value::Nothing => "—".into(),
            Value::Number(number) => number.to_string(),
            Value::Position(index, term) => Words::IndexOfTerm(index, term).text(lang),
        }
    }
}

impl Branches {
    /// Of a history.
    pub(crate) fn of(timeline: &Timeline, comparison: Option<Rc<Comparison>>) -> Branches {
        let world = timeline.world();
        let leader = world.leader().and_then(|id| world.server(id)?.node());
        let mut others: Vec<Branch> = (0..timeline.branches().len())
            .map(|place| branch(timeline, place))
            .collect();
        others.reverse();
        Branches {
            number: timeline.number(),
            end_us: timeline.end().at.0,
            leader: leader.map(|node| (node.id().0, node.current_term().0)),
            others: others.into(),
            comparison,
        }
    }
}

fn branch(timeline: &Timeline, place: usize) -> Branch {
    let shown = timeline.recording();
    let branch = &timeline.branches()[place];
    let parted = shown
        .parts_from(&branch.recording)
        .unwrap_or(branch.end.min(timeline.end()));
    let pairs = shown.commands.iter().zip(&branch.recording.commands);
    let common = pairs.take_while(|(one, other)| one == other).count();
    let next = |commands: &[(raft_sim::Moment, Command)]| {
        let next = commands.get(common);
        next.map(|(moment, command)| (moment.at.0, deed(command)))
    };
    Branch {
        place,
        number: branch.number,
        parted_us: parted.at.0,
        done: next(&branch.recording.commands),
        instead: next(&shown.commands),
        end_us: branch.end.at.0,
        leader: branch.leader.map(|(server, term)| (server.0, term.0)),
    }
}

/// What was done, short.
fn deed(command: &Command) -> Deed {
    let words = match command {
        Command::Ask { client, operation, .. } => {
            let (Request::Write(label) | Request::Read(label)) = label::request(operation);
            return Deed {
                words: Words::Asked(client.0),
                label: Some(label),
            };
        }
        Command::Crash { server } => Words::Crashed(server.0),
        Command::Restart { server } => Words::Restarted(server.0),
        Command::Pause { server } => Words::Paused(server.0),
        Command::Resume { server } => Words::Resumed(server.0),
        Command::TimeOut { server } => Words::TimedOut(server.0),
        Command::TakeSnapshot { server } => Words::Snapshot(server.0),
        Command::Cut { from, to } => Words::Cut(from.0, to.0),
        Command::Heal { from, to } => Words::Healed(from.0, to.0),
        Command::Partition { .. } => Words::Partitioned,
        Command::HealAll => Words::HealedAll,
        Command::Drop { .. } => Words::MessageDropped,
        Command::Delay { .. } => Words::MessageDelayed,
        Command::Duplicate { .. } => Words::MessageDoubled,
        Command::ChangeMembers { .. } => Words::MembersChanged,
        Command::TransferLeadership { to } => Words::Transferred(to.0),
        Command::SetRule { .. } => Words::RuleChanged,
        _ => Words::SettingChanged,
    };
    Deed { words, label: None }
}

/// What happened, short.
fn happening(event: &Event) -> Deed {
    let server = event.server.unwrap_or_default().0;
    let words = match &event.kind {
        EventKind::Commanded(command) => return deed(command),
        EventKind::Started { .. } => Words::Restarted(server),
        EventKind::Crashed { .. } => Words::Crashed(server),
        EventKind::Paused => Words::Paused(server),
        EventKind::Resumed => Words::Resumed(server),
        EventKind::TimerFired => Words::TimerRanOut(server),
        EventKind::Sent { to, .. } => Words::Sent(server, to.0),
        EventKind::Delivered { from, .. } => Words::Arrived(server, from.0),
        EventKind::Lost { from, .. } | EventKind::Undeliverable { from, .. } => Words::LostOnTheWay(server, from.0),
        EventKind::Because(_) => Words::Decided(server),
        EventKind::WriteIssued { .. } | EventKind::WriteDurable { .. } => Words::Wrote(server),
        EventKind::Applied { .. } => Words::Applied(server),
        EventKind::Called { client, .. }
        | EventKind::Asked { client, .. }
        | EventKind::Returned { client, .. }
        | EventKind::TurnedAway { client, .. }
        | EventKind::ClientTimedOut { client, .. } => Words::Client(client.0),
        _ => Words::Other,
    };
    Deed { words, label: None }
}

impl Comparison {
    /// Of what is shown with a branch, at the cursor's time. None: there is no such branch.
    pub(crate) fn of(timeline: &Timeline, place: usize) -> Option<Comparison> {
        let Difference {
            first,
            at,
            servers,
            clients,
        } = timeline.difference(place)?;
        let other = &timeline.branches()[place];
        let left = other.end.at;
        let waits_for = |operation: &Operation| {
            let (Request::Write(label) | Request::Read(label)) = label::request(operation);
            label
        };
        let client = |it: &ClientDifference| {
            let waits_for = it.waits_for.each_ref().map(|call| call.as_ref().map(waits_for));
            (it.client.0, waits_for)
        };
        Some(Comparison {
            place,
            numbers: [timeline.number(), other.number],
            at_us: at.0,
            left_us: Some(left.0).filter(|&left| left < at.0),
            first: first.map(|event| event.map(|event| (event.at.0, happening(&event)))),
            servers: servers.iter().map(server).collect(),
            clients: clients.iter().map(client).collect(),
        })
    }
}

fn server(difference: &raft_sim::ServerDifference) -> ServerRows {
    let row = |words, of: fn(&Look) -> Value| {
        let values = difference.look.map(|look| look.as_ref().map_or(Value::NotThere, of));
        (words, values)
    };
    ServerRows {
        server: difference.server.0,
        rows: [
            row(Words::Role, |look| condition(look.condition)),
            row(Words::Term, |look| Value::Number(look.term.0)),
            row(Words::Vote, |look| named(look.voted_for)),
            row(Words::Leader, |look| named(look.leader)),
            row(Words::Commit, |look| Value::Number(look.commit_index.0)),
            row(Words::Log, |look| Value::Position(look.last.index.0, look.last.term.0)),
        ]
        .into(),
        log_from: difference.log_from.map(|index| index.0),
        keys: difference.keys.iter().map(key).collect(),
    }
}

fn key((key, values): &DifferingKey) -> (Rc<str>, Values) {
    let shared = |text: &Arc<str>| Rc::from(&**text);
    (shared(key), values.each_ref().map(|value| value.as_ref().map(shared)))
}

fn named(server: Option<NodeId>) -> Value {
    server.map_or(Value::Nothing, |server| Value::Server(server.0))
}

fn condition(condition: Condition) -> Value {
    Value::Role(match condition {
        Condition::Crashed => Role::Crashed,
        Condition::Paused => return Value::Paused,
        Condition::Follower => Role::Follower,
        Condition::PreCandidate => Role::PreCandidate,
        Condition::Candidate => Role::Candidate,
        Condition::Leader => Role::Leader,
    })
}
