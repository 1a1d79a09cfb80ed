//! What the picture shows: plain integers, shared slices and words as data.
//!
//! A scene changes when something happens in the cluster, not when time passes. What moves in
//! between (messages, timers, the cursor) is drawn from the times in it and the clock of the frame.
//!
//! The types are here; how a scene is made from the cluster is in `build`.

mod build;

use std::rc::Rc;

pub(crate) use build::{Builder, View, between_servers, message, role};

use crate::branches::Branches;
use crate::details::Details;
use crate::diagram::Diagram;
use crate::text::{Entries, Message as Text, Request};

/// Everything that is shown at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The servers, by ascending number: the ring and the rows of the log table.
    pub servers: Rc<[Server]>,
    /// The messages between servers in flight, by ascending id.
    pub messages: Rc<[Message]>,
    /// The clients that have wanted something, by ascending number.
    pub clients: Rc<[Client]>,
    /// The logs: one row a server, in the order of `servers`.
    pub logs: Rc<[LogRow]>,
    /// What happened lately and why, newest first.
    pub story: Rc<[Story]>,
    /// What Raft guarantees: safety in the order of the paper, then liveness.
    pub properties: Rc<[Property]>,
    /// The past, as far as it has been reached: one lane a server, in the order of `servers`.
    pub lanes: Rc<[Lane]>,
    /// Marks on the slider, oldest first.
    pub marks: Rc<[Mark]>,
    /// The next write that the button would make: key and value.
    pub next_write: (Rc<str>, Rc<str>),
    /// The server that the next write goes to: the leader, if one is up.
    pub writable: Option<u64>,
    /// What is selected: its details are shown.
    pub selection: Selection,
    /// The details of it, if it is still there.
    pub details: Option<Rc<Details>>,
    /// Whether time runs.
    pub playing: bool,
    /// How many microseconds of the reader's time one microsecond of the cluster takes, in thousandths.
    pub slowdown_milli: u64,
    /// The right end of the slider, in microseconds of the cluster: a round number beyond what has been reached.
    pub span_us: u64,
    /// How many other futures are kept: those that were left when something was done in their past.
    pub branches: u64,
    /// The list of them, while it is open.
    pub branch_list: Option<Rc<Branches>>,
    /// The space-time diagram, while it is open.
    pub diagram: Option<Rc<Diagram>>,
}

impl Scene {
    /// The selected server, if one is.
    #[must_use]
    pub fn selected(&self) -> Option<u64> {
        match self.selection {
            Selection::Server(server) => Some(server),
            _ => None,
        }
    }
}

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Selection {
    /// Nothing is.
    #[default]
    Nothing,
    /// A server, by its number.
    Server(u64),
    /// A client, by its number.
    Client(u64),
    /// A message, by its id.
    Message(u64),
    /// The link between two servers, the lower number first.
    Link(u64, u64),
    /// An entry of a server's log.
    Entry {
        /// The server's number.
        server: u64,
        /// The entry's index.
        index: u64,
    },
    /// An event of the history, by its number.
    Event(u64),
}

/// A server of the ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its number, from 1; it is called S and this number.
    pub id: u64,
    /// What it is.
    pub role: Role,
    /// Its current term.
    pub term: u64,
    /// The leader that it follows, if it knows one.
    pub leader: Option<u64>,
    /// The timer that runs, unless it has crashed.
    pub timer: Option<Timer>,
    /// The votes of a candidate, or of a server that asks whether it could win: one for every voter, in the order of
    /// the ring; empty in other roles.
    pub votes: Rc<[VoteMark]>,
    /// How many votes make a majority.
    pub majority: u64,
    /// To whom it gave its vote in this term.
    pub voted_for: Option<u64>,
    /// How many entries its log has.
    pub log_len: u64,
    /// How far it knows the log to be committed.
    pub commit_index: u64,
    /// What it kept of its log when it crashed: kept and had.
    pub kept: Option<(u64, u64)>,
    /// Whether it stands still: what reaches it waits.
    pub paused: bool,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its number, from 1.
    pub id: u64,
    /// What it waits for, if it waits.
    pub call: Option<Call>,
    /// How much it will ask for later: it asks for one thing at a time.
    pub queued: u64,
}

/// What a client waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What it wants.
    pub request: Request,
    /// Whom it has asked last.
    pub asked: u64,
    /// How often it has asked.
    pub tries: u64,
}

/// What a server is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A circle.
    Follower,
    /// A dashed diamond: it asks whether it could win.
    PreCandidate,
    /// A diamond.
    Candidate,
    /// A hexagon.
    Leader,
    /// Dashed and crossed out.
    Crashed,
}

/// A timer, drawn as an arc that runs off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Which one.
    pub kind: TimerKind,
    /// When it was set, in microseconds of the cluster.
    pub started_us: u64,
    /// When it runs out.
    pub deadline_us: u64,
}

/// Which timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// Runs out without a leader: then an election begins.
    Election,
    /// Two-stage election: runs out after the term has been raised; then an election begins.
    ElectionDelay,
    /// Runs out regularly: then the leader sends heartbeats.
    Heartbeat,
}

/// One vote of a candidacy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteMark {
    /// The voter.
    pub from: u64,
    /// What is known of the vote.
    pub state: VoteState,
}

/// What a candidate knows of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoteState {
    /// It has the vote.
    Granted,
    /// The vote was refused.
    Denied,
    /// The request or its answer is in flight, or the own vote is being written.
    OnItsWay,
    /// Nothing is under way: the request was lost, or the voter is down.
    Silent,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Unique in the history.
    pub id: u64,
    /// The sender's number.
    pub from: u64,
    /// The receiver's number.
    pub to: u64,
    /// The sender's term.
    pub term: u64,
    /// What kind it is.
    pub kind: MessageKind,
    /// When it left, in microseconds of the cluster.
    pub sent_us: u64,
    /// When it arrives.
    pub arrives_us: u64,
    /// Whether it will be lost on the way: it fades out halfway.
    pub lost: bool,
    /// In words, for whoever points at it or listens.
    pub text: Text,
}

/// What kind a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// RequestVote.
    VoteRequest,
    /// A vote.
    VoteGranted,
    /// No vote.
    VoteDenied,
    /// AppendEntries without entries.
    Heartbeat,
    /// AppendEntries with this many entries.
    Entries(u64),
    /// The entries, or the heartbeat, fit.
    Accepted,
    /// They did not.
    Rejected,
    /// RequestPreVote.
    PreVoteRequest,
    /// It would be a vote.
    PreVoteGranted,
    /// It would be none.
    PreVoteDenied,
    /// InstallSnapshot: a piece of a snapshot.
    Snapshot,
    /// So much of the snapshot has come.
    SnapshotReceived,
    /// TimeoutNow.
    TimeoutNow,
}

/// One row of the log table.
#[derive(Clone, Debug, Eq)]
pub struct LogRow {
    /// The server's number.
    pub server: u64,
    /// Its entries from `first_index` on; of a crashed server, those on its disk.
    pub entries: Rc<[LogEntry]>,
    /// The index of the first entry shown (from 1).
    pub first_index: u64,
    /// How far the log is committed, as the server knows; zero: nothing. Also how far it is applied.
    pub commit_index: u64,
    /// How far the log is durable.
    pub durable_index: u64,
    /// What the leader knows of this follower.
    pub progress: Option<Progress>,
    /// The key-value map, by key.
    pub state: Rc<[(Rc<str>, Rc<str>)]>,
    /// Whether the server is down: then the state is lost.
    pub crashed: bool,
}

/// Most rows share their entries with the scene before, and logs can be long: then the entries need not be looked at.
impl PartialEq for LogRow {
    fn eq(&self, other: &LogRow) -> bool {
        let LogRow {
            server,
            entries,
            first_index,
            commit_index,
            durable_index,
            progress,
            state,
            crashed,
        } = self;
        *server == other.server
            && *first_index == other.first_index
            && *commit_index == other.commit_index
            && *durable_index == other.durable_index
            && *progress == other.progress
            && *crashed == other.crashed
            && *state == other.state
            && (Rc::ptr_eq(entries, &other.entries) || *entries == other.entries)
    }
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The next entry to send.
    pub next_index: u64,
    /// The highest entry known to be durable there; zero: none.
    pub match_index: u64,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its term: the colour.
    pub term: u64,
    /// What it says, short: `x=3`, a dash for a no-op, or the members as in `{1,2,3}`.
    pub label: Rc<str>,
    /// Whether the server knows it to be committed.
    pub committed: bool,
    /// Whether it is durable there.
    pub durable: bool,
}

/// The label of an entry without a command.
pub const NO_OP_LABEL: &str = "—";

impl LogEntry {
    /// What it says, to be put into words.
    #[must_use]
    pub fn entries(&self) -> Entries {
        Entries::labelled(&self.label)
    }
}

/// One thing that happened, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The number of the event in the history: the key.
    pub event: u64,
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// To whom.
    pub who: Who,
    /// What. In every language it begins with the name of the server or client, if it has one, and a space.
    pub what: Text,
    /// Why.
    pub why: Option<Text>,
    /// Where to read about it.
    pub section: Option<Section>,
}

/// Whom something happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// A server, by its number.
    Server(u64),
    /// A client, by its number.
    Client(u64),
    /// The cluster as a whole, or what lies between its servers.
    Cluster,
}

impl Who {
    /// The name, but for the cluster, which needs none.
    #[must_use]
    pub fn name(self) -> Option<Text> {
        match self {
            Who::Server(server) => Some(Text::ServerName(server)),
            Who::Client(client) => Some(Text::ClientName(client)),
            Who::Cluster => None,
        }
    }

    /// The server, if it is one.
    #[must_use]
    pub fn server(self) -> Option<u64> {
        match self {
            Who::Server(server) => Some(server),
            Who::Client(_) | Who::Cluster => None,
        }
    }
}

/// A place to read about Raft, as in `5.4.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// In the paper: Ongaro and Ousterhout, extended version.
    Paper(&'static str),
    /// In Ongaro's dissertation.
    Dissertation(&'static str),
}

/// A property that must always hold, or must come to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: Text,
    /// What it says, in one sentence.
    pub meaning: Text,
    /// The moment and the facts of its violation, if it has been violated.
    pub violation: Option<Violation>,
}

/// How a property was violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// The two facts that contradict each other.
    pub facts: Text,
}

/// The past of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The server's number.
    pub server: u64,
    /// Stretches of one role in one term, oldest first. Each lasts until the next begins, the last until the
    /// end of what has been reached.
    pub stretches: Rc<[Stretch]>,
}

/// A time in which a server had one role in one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When it began, in microseconds of the cluster.
    pub from_us: u64,
    /// The role.
    pub role: Role,
    /// The term.
    pub term: u64,
}

/// A mark on the slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// Whose; zero: that of the cluster as a whole.
    pub server: u64,
    /// What.
    pub kind: MarkKind,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// A leader was elected.
    Elected,
    /// A server crashed.
    Crashed,
    /// A server restarted.
    Restarted,
    /// A write was committed.
    Committed,
    /// A property was violated.
    Violated,
}

/// A panel about time, above the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimePanel {
    /// None is open.
    #[default]
    Nothing,
    /// The list of branches.
    Branches,
    /// The space-time diagram.
    Diagram,
}
