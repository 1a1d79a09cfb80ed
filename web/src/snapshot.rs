//! What is shown, as a plain object for the page around: numbers that can pass 2^53 are strings.

use std::rc::Rc;

use raft_playground::scene::{Client, LogEntry, LogRow, Message, MessageKind, Property, Scene, Server, VoteState};
use raft_playground::session::Session;
use raft_playground::text::{Lang, Request};
use serde::{Serialize, Serializer};

use crate::server::role_class;

/// Everything that is shown at one moment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    now_us: u64,
    playing: bool,
    slowdown: f64,
    lang: &'static str,
    seed: String,
    trace_hash: String,
    selected: Option<u64>,
    /// Who would take a write.
    leader: Option<u64>,
    servers: Vec<ServerShown>,
    messages: Vec<MessageShown>,
    clients: Vec<ClientShown>,
    properties: Vec<PropertyShown>,
    story: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerShown {
    id: u64,
    name: String,
    role: &'static str,
    paused: bool,
    term: u64,
    leader: Option<u64>,
    voted_for: Option<u64>,
    votes: Vec<u64>,
    commit_index: u64,
    durable_index: u64,
    log: Vec<EntryShown>,
    #[serde(serialize_with = "object")]
    state: Rc<[(Rc<str>, Rc<str>)]>,
    next_index: Option<u64>,
    match_index: Option<u64>,
}

#[derive(Serialize)]
struct EntryShown {
    index: u64,
    term: u64,
    label: String,
    committed: bool,
    durable: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageShown {
    id: u64,
    from: u64,
    to: u64,
    term: u64,
    kind: &'static str,
    sent_us: u64,
    arrives_us: u64,
    lost: bool,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientShown {
    id: u64,
    /// What it waits for: a write as in `x=8`, or a key that it reads.
    waits_for: Option<String>,
    asked: Option<u64>,
    tries: u64,
    queued: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PropertyShown {
    name: String,
    holds: bool,
}

impl Snapshot {
    pub(crate) fn of(session: &Session, scene: &Scene, lang: Lang) -> Snapshot {
        Snapshot {
            now_us: session.now_us(),
            playing: scene.playing,
            slowdown: scene.slowdown_milli as f64 / 1_000.0,
            lang: lang.tag(),
            seed: session.seed().to_string(),
            trace_hash: format!("{:016x}", session.trace_hash()),
            selected: scene.selected(),
            leader: scene.writable,
            servers: scene
                .servers
                .iter()
                .zip(scene.logs.iter())
                .map(|(server, row)| show_server(server, row))
                .collect(),
            messages: scene
                .messages
                .iter()
                .map(|message| show_message(message, lang))
                .collect(),
            clients: scene.clients.iter().map(show_client).collect(),
            properties: scene
                .properties
                .iter()
                .map(|property| show_property(property, lang))
                .collect(),
            story: scene.story.iter().map(|item| item.what.text(lang)).collect(),
        }
    }
}

fn show_server(server: &Server, row: &LogRow) -> ServerShown {
    let granted = server.votes.iter().filter(|mark| mark.state == VoteState::Granted);
    ServerShown {
        id: server.id,
        name: format!("S{}", server.id),
        role: role_class(server.role),
        paused: server.paused,
        term: server.term,
        leader: server.leader,
        voted_for: server.voted_for,
        votes: granted.map(|mark| mark.from).collect(),
        commit_index: row.commit_index,
        durable_index: row.durable_index,
        log: (row.first_index..)
            .zip(row.entries.iter())
            .map(|(index, entry)| show_entry(index, &entry))
            .collect(),
        state: Rc::clone(&row.state),
        next_index: row.progress.map(|progress| progress.next_index),
        match_index: row.progress.map(|progress| progress.match_index),
    }
}

fn show_entry(index: u64, entry: &LogEntry) -> EntryShown {
    let LogEntry {
        term,
        label,
        committed,
        durable,
    } = entry;
    EntryShown {
        index,
        term: *term,
        label: label.to_string(),
        committed: *committed,
        durable: *durable,
    }
}

fn show_message(message: &Message, lang: Lang) -> MessageShown {
    MessageShown {
        id: message.id,
        from: message.from,
        to: message.to,
        term: message.term,
        kind: match message.kind {
            MessageKind::VoteRequest => "vote-request",
            MessageKind::VoteGranted => "vote-granted",
            MessageKind::VoteDenied => "vote-denied",
            MessageKind::Heartbeat => "heartbeat",
            MessageKind::Entries(_) => "entries",
            MessageKind::Accepted => "accepted",
            MessageKind::Rejected => "rejected",
            MessageKind::PreVoteRequest => "pre-vote-request",
            MessageKind::PreVoteGranted => "pre-vote-granted",
            MessageKind::PreVoteDenied => "pre-vote-denied",
            MessageKind::Snapshot => "snapshot",
            MessageKind::SnapshotReceived => "snapshot-received",
            MessageKind::TimeoutNow => "timeout-now",
            MessageKind::Request => "request",
            MessageKind::Answer => "answer",
            MessageKind::TurnedAway => "turned-away",
        },
        sent_us: message.sent_us,
        arrives_us: message.arrives_us,
        lost: message.lost,
        text: message.text.text(lang),
    }
}

fn show_client(client: &Client) -> ClientShown {
    let call = client.call.as_ref();
    ClientShown {
        id: client.id,
        waits_for: call.map(|call| match &call.request {
            Request::Write(label) | Request::Read(label) => label.to_string(),
        }),
        asked: call.map(|call| call.asked),
        tries: call.map_or(0, |call| call.tries),
        queued: client.queued,
    }
}

fn show_property(property: &Property, lang: Lang) -> PropertyShown {
    PropertyShown {
        name: property.name.text(lang),
        holds: property.violation.is_none(),
    }
}

/// Keys and values as the properties of one object.
fn object<S: Serializer>(pairs: &[(Rc<str>, Rc<str>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (&**key, &**value)))
}
