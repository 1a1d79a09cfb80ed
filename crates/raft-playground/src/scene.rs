//! What the picture shows: plain integers, shared slices and words as data.
//!
//! A scene changes when something happens in the cluster, not when time passes. What moves in
//! between (messages, timers, the cursor) is drawn from the times in it and the clock of the frame.
//!
//! The types are here; how a scene is made from the cluster is in `build`.

mod build;
mod condition;
mod differences;
mod turns;

use std::rc::Rc;

use raft_core::{Entry, Index, Log, Rule};
use raft_sim::kv;

pub(crate) use build::{
    Builder, View, between_servers, clients, in_flight, link, message, operation, role, server, told, votes,
};
pub use condition::{DiskState, Membership, Title};
pub use turns::Turns;

use crate::branches::Branches;
use crate::cluster::Cluster;
use crate::details::{Details, Line};
use crate::diagram::Diagram;
use crate::label;
use crate::network::Setting;
use crate::text::{Answer, Entries, Message as Text, Request, RingWords};

/// Everything that is shown at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The servers, by ascending number: the ring and the rows of the log table.
    pub servers: Rc<[Server]>,
    /// The links between them: the lower number first, in order.
    pub links: Rc<[Link]>,
    /// How all links and disks are set.
    pub settings: Rc<[Setting]>,
    /// The options of the cluster.
    pub cluster: Rc<Cluster>,
    /// The messages between servers in flight, by ascending id.
    pub messages: Rc<[Message]>,
    /// The requests of clients and the answers to them in flight, by ascending id.
    pub requests: Rc<[Message]>,
    /// The clients that have wanted something, by ascending number.
    pub clients: Rc<[Client]>,
    /// The logs: one row a server, in the order of `servers`.
    pub logs: Rc<[LogRow]>,
    /// What happened lately and why, newest first.
    pub story: Rc<[Story]>,
    /// So many lines had been told before these.
    pub story_before: u64,
    /// What Raft guarantees: safety in the order of the paper, then liveness.
    pub properties: Rc<[Property]>,
    /// What comes to pass in some histories, and whether it has in this one.
    pub seen: Rc<[Seen]>,
    /// The past, as far as it has been reached: one lane a server, in the order of `servers`.
    pub lanes: Rc<[Lane]>,
    /// Marks on the slider, oldest first.
    pub marks: Rc<[Mark]>,
    /// The next write that the button would make: key and value.
    pub next_write: (Rc<str>, Rc<str>),
    /// The key that the next read asks for: the one that was written last.
    pub next_read: Rc<str>,
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

    /// The latest of the story that is more than what a turn brings with it: a new leader is seen until something else
    /// happens than that it begins to lead, and that others give up.
    #[must_use]
    pub fn latest_turn(&self) -> Option<&Story> {
        let mut have_given_up = Vec::new();
        let turn = self.story.iter().find(|story| match &story.what {
            Text::GaveUp { server, .. } => {
                have_given_up.push(*server);
                false
            }
            Text::StoodForElection { server, .. } | Text::StoodWithoutOwnVote { server, .. } => {
                !have_given_up.contains(server)
            }
            _ => !story.only_follows(),
        });
        turn.or(self.story.first())
    }

    /// Everything in flight: the messages between servers, then those from and to clients.
    pub fn in_flight(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().chain(self.requests.iter())
    }

    /// The selected message, if one is and it is still in flight.
    #[must_use]
    pub fn selected_message(&self) -> Option<&Message> {
        let Selection::Message(id) = self.selection else {
            return None;
        };
        self.in_flight().find(|message| message.id == id)
    }

    /// Whether this shows the same as another scene but for what moves each frame: what is in flight, how far the
    /// timers are, and which disks are at work.
    #[must_use]
    pub fn differs_in_motion_only(&self, other: &Scene) -> bool {
        let servers = self.servers.iter().zip(other.servers.iter());
        self.servers.len() == other.servers.len()
            && servers.into_iter().all(|(server, other)| server.stands_like(other))
            && *other
                == Scene {
                    servers: other.servers.clone(),
                    messages: other.messages.clone(),
                    requests: other.requests.clone(),
                    ..self.clone()
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
    /// The latest write before the cursor: the reader's own, if there is one.
    LatestWrite,
    /// A client's write.
    Write {
        /// The client's number.
        client: u64,
        /// The number of the call, among the client's.
        serial: u64,
    },
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
    /// Whether a crash would take its term: its disk knows only an older one.
    pub term_is_volatile: bool,
    /// Whether a crash would take its vote.
    pub vote_is_volatile: bool,
    /// How many entries its log has.
    pub log_len: u64,
    /// How far it knows the log to be committed.
    pub commit_index: u64,
    /// What it kept of its log when it crashed: kept and had.
    pub kept: Option<(u64, u64)>,
    /// Whether it stands still: what reaches it waits.
    pub paused: bool,
    /// How it belongs to the cluster, as the leader sees it, or else the server itself.
    pub membership: Membership,
    /// Whether every link to and from it is cut.
    pub cut_off: bool,
    /// By how many millionths its clock runs fast; slow, if negative.
    pub drift_ppm: i64,
    /// How its disk does.
    pub disk: DiskState,
    /// Whether something is on its way to its disk.
    pub writing: bool,
    /// Whom it hands its leadership over to.
    pub hands_over_to: Option<u64>,
    /// Whether a property has been violated on it, or by what it said.
    pub accused: bool,
}

/// The link between two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lower number.
    pub a: u64,
    /// The higher.
    pub b: u64,
    /// Whether nothing gets from `a` to `b`.
    pub cut_there: bool,
    /// Whether nothing gets from `b` to `a`.
    pub cut_back: bool,
    /// Whether it is set otherwise than all links.
    pub set_alone: bool,
}

impl Link {
    /// Whether it is cut in either direction.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut_there || self.cut_back
    }
}

impl Server {
    /// Whether it is the same as another but for how far its timer is, and whether its disk is at work.
    #[must_use]
    pub fn stands_like(&self, other: &Server) -> bool {
        self.timer.map(|timer| timer.kind) == other.timer.map(|timer| timer.kind)
            && *other
                == Server {
                    timer: other.timer,
                    writing: other.writing,
                    ..self.clone()
                }
    }
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its number, from 1.
    pub id: u64,
    /// Whether it is the reader's own, and not one of the workload.
    pub is_own: bool,
    /// What it was told last, if that is not long ago.
    pub answer: Option<Answer>,
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

impl VoteMark {
    /// In words.
    #[must_use]
    pub fn words(&self) -> RingWords {
        match self.state {
            VoteState::Granted => RingWords::VoteGranted(self.from),
            VoteState::Denied => RingWords::VoteDenied(self.from),
            VoteState::OnItsWay => RingWords::VoteOnItsWay(self.from),
            VoteState::Silent => RingWords::VoteSilent(self.from),
        }
    }
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
    /// The sender's number: that of a client if it is a request of one, else of a server.
    pub from: u64,
    /// The receiver's number: that of a client if it is an answer to one, else of a server.
    pub to: u64,
    /// The sender's term; zero if a client has to do with it.
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

impl Message {
    /// From whom to whom.
    #[must_use]
    pub fn ends(&self) -> (Who, Who) {
        let (from, to) = (self.from, self.to);
        match self.kind {
            MessageKind::Request => (Who::Client(from), Who::Server(to)),
            MessageKind::Answer | MessageKind::TurnedAway => (Who::Server(from), Who::Client(to)),
            _ => (Who::Server(from), Who::Server(to)),
        }
    }

    /// When it is gone: at its arrival, or halfway if it gets lost.
    #[must_use]
    pub fn ends_us(&self) -> u64 {
        if self.lost {
            self.sent_us + (self.arrives_us - self.sent_us) / 2
        } else {
            self.arrives_us
        }
    }
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
    /// What a client wants of a server.
    Request,
    /// A server's answer to a client.
    Answer,
    /// A server's refusal to serve a client.
    TurnedAway,
}

/// One row of the log table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The server's number.
    pub server: u64,
    /// Its entries from `first_index` on; of a crashed server, those on its disk.
    pub entries: LogEntries,
    /// The index of the first entry shown (from 1).
    pub first_index: u64,
    /// How far the log is committed, as the server knows; zero: nothing. Also how far it is applied.
    pub commit_index: u64,
    /// How far the log is durable.
    pub durable_index: u64,
    /// The term of the last entry in the snapshot that the log goes on from, if it has been compacted: that entry is the
    /// one before `first_index`.
    pub snapshot_term: Option<u64>,
    /// The index of the last entry in its latest snapshot; zero: it has none. The log may still have that entry, and some
    /// before it.
    pub snapshot_index: u64,
    /// The indexes at which it has another entry than the leader, ascending.
    pub differing: Rc<[u64]>,
    /// What the leader knows of this follower.
    pub progress: Option<Progress>,
    /// The key-value map, by key.
    pub state: Rc<[(Rc<str>, Rc<str>)]>,
    /// The keys in it that have another value in the leader's map, or none.
    pub differing_keys: Rc<[Rc<str>]>,
    /// Whether the server is down: then the state is lost.
    pub crashed: bool,
}

impl LogRow {
    /// The index of the last entry; that of the last one in the snapshot if there is none.
    #[must_use]
    pub fn last_index(&self) -> u64 {
        self.first_index + self.entries.len() as u64 - 1
    }

    /// Whether the leader has another entry at an index.
    #[must_use]
    pub fn differs(&self, index: u64) -> bool {
        self.differing.binary_search(&index).is_ok()
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

/// The entries of a log, each made when it is looked at: a log can be long, and few of its entries are drawn.
///
/// It shares the log with the server. Both to clone and to compare it costs little, however long it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEntries {
    log: Log<kv::Command>,
    commit_index: Index,
    durable_index: Index,
}

impl LogEntries {
    pub(crate) fn new(log: &Log<kv::Command>, commit_index: Index, durable_index: Index) -> LogEntries {
        LogEntries {
            log: log.clone(),
            commit_index,
            durable_index,
        }
    }

    pub(crate) fn log(&self) -> &Log<kv::Command> {
        &self.log
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let before = self.log.first_index().previous();
        (self.log.last_index().0 - before.0) as usize
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at a place, counted from zero at the first that is in the log.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<LogEntry> {
        let index = Index(self.log.first_index().0 + place as u64);
        Some(self.entry(index, self.log.get(index)?))
    }

    /// The last.
    #[must_use]
    pub fn last(&self) -> Option<LogEntry> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = LogEntry> {
        let entries = self.log.iter_from(self.log.first_index());
        entries.map(|(index, entry)| self.entry(index, entry))
    }

    /// The last of them, at most so many, oldest first.
    pub fn latest(&self, count: usize) -> impl Iterator<Item = LogEntry> {
        let from = self.len().saturating_sub(count);
        (from..self.len()).filter_map(|place| self.get(place))
    }

    fn entry(&self, index: Index, entry: &Entry<kv::Command>) -> LogEntry {
        LogEntry {
            term: entry.term.0,
            label: label::entry(entry),
            committed: index <= self.commit_index,
            durable: index <= self.durable_index,
        }
    }
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its term: the colour.
    pub term: u64,
    /// What it says, short: `x=3`, a dash for a no-op, or the members as in `{1–3}`.
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
    /// The number of the event in the history.
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

impl Story {
    /// Whether a turn that has been told brings it with it: the votes and the refusals of an election, the no-op of a new
    /// leader, and what followers store and apply.
    fn only_follows(&self) -> bool {
        match &self.what {
            Text::Appended { entries, .. } | Text::Committed { entries, .. } => *entries == Entries::NoOp,
            Text::Voted { .. }
            | Text::RefusedVote { .. }
            | Text::WouldVote { .. }
            | Text::WouldNotVote { .. }
            | Text::AskedAgain { .. }
            | Text::MovedToTerm { .. }
            | Text::Applied { .. } => true,
            _ => false,
        }
    }
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
    /// The event after which the property did not hold.
    pub event: u64,
    /// The two facts that contradict each other.
    pub facts: Text,
    /// The answers to clients that they speak of, as far as they are remembered, oldest first.
    pub answers: Rc<[Line]>,
    /// The ids of the rules that are switched off.
    pub without: Rc<[Rule]>,
}

/// Something that comes to pass in some histories: whoever never sees it has not tried much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub name: Text,
    /// What it says, in one sentence.
    pub meaning: Text,
    /// The event in which it was first seen.
    pub event: Option<u64>,
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
