//! An entry of a log: where else it is, whether it is committed and why, and who took it in first.

use std::rc::Rc;

use raft_core::{Index, Node, Payload, Reason, Term};
use raft_sim::{EventKind, MilestoneKind, Server, Timeline, World, kv};

use super::{Line, Said};
use crate::label;
use crate::text::EntryWords as Words;

/// An entry, in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryDetails {
    /// The server in whose log it was selected.
    pub server: u64,
    /// Its index.
    pub index: u64,
    /// Its term: the colour.
    pub term: u64,
    /// What it says, short.
    pub label: Rc<str>,
    /// Where it is, server by server.
    pub places: Rc<[(u64, Words)]>,
    /// Whether it is committed, and why or why not.
    pub verdict: Words,
    /// Whose write it is, if it can be followed from here: the client, and the number of the call among the client's.
    pub write: Option<(u64, u64)>,
    /// The event in which a leader took it in; of one that was taken in long ago, the event that committed it.
    pub origin: Option<Line>,
    /// Whether the log has an entry before it, and one after it.
    pub neighbours: (bool, bool),
}

impl EntryDetails {
    /// Of a server's entry; none if its log has none there.
    pub(super) fn of(timeline: &Timeline, server: u64, index: u64) -> Option<EntryDetails> {
        let world = timeline.world();
        let own = world.servers().iter().find(|it| it.id().0 == server)?;
        let at = Index(index);
        let entry = log(own).get(at)?;
        let term = entry.term;
        let places = world.servers().iter().map(|it| (it.id().0, place(it, at, term)));
        Some(EntryDetails {
            server,
            index,
            term: term.0,
            label: label::entry(entry),
            places: places.collect(),
            verdict: verdict(world, at, term),
            write: match &entry.payload {
                Payload::Command(command) => Some((command.client.0, command.serial.0)),
                Payload::NoOp | Payload::Configuration(_) => None,
            }
            .filter(|&call| is_remembered(timeline, call)),
            origin: origin(timeline, at, term).or_else(|| committed(timeline, at)),
            neighbours: (log(own).get(at.previous()).is_some(), log(own).get(at.next()).is_some()),
        })
    }
}

fn log(server: &Server) -> &raft_core::Log<kv::Command> {
    server.node().map_or(&server.disk().stable().log, Node::log)
}

/// What a server has at an index where another has an entry of this term.
fn place(server: &Server, at: Index, term: Term) -> Words {
    let log = log(server);
    match (log.get(at), server.node()) {
        (Some(entry), _) if entry.term != term => Words::Other(entry.term.0),
        (Some(_), None) => Words::OnDisk,
        (Some(_), Some(node)) if at <= node.durable_index() => Words::Durable,
        (Some(_), Some(_)) => Words::Volatile,
        (None, _) if at <= log.base().index => Words::Compacted,
        (None, _) => Words::Missing,
    }
}

fn verdict(world: &World, at: Index, term: Term) -> Words {
    let nodes = || world.servers().iter().filter_map(Server::node);
    let is_committed = |node: &Node<kv::Command>| at <= node.commit_index() && node.log().term_at(at) == Some(term);
    let leader = world.leader().and_then(|id| world.server(id)?.node());
    let configuration = leader.or(nodes().next()).map(Node::configuration);
    let is_voter = |server: &&Server| configuration.is_none_or(|it| it.is_voter(server.id()));
    // What a snapshot holds is durable too, and committed.
    let has_it = |server: &&Server| {
        matches!(
            place(server, at, term),
            Words::Durable | Words::OnDisk | Words::Compacted
        )
    };
    let voters = world.servers().iter().filter(is_voter);
    let (servers, all) = (voters.clone().filter(has_it).count() as u64, voters.count() as u64);
    let needed = configuration.map_or(all / 2 + 1, |it| it.majority() as u64);
    if nodes().any(is_committed) {
        return if servers >= needed {
            Words::Committed(servers, all)
        } else {
            Words::CommittedBefore
        };
    }
    match leader {
        None => Words::NoLeader,
        Some(_) if servers < needed => Words::Waits(servers, needed),
        Some(leader) if term < leader.current_term() => Words::Earlier(leader.current_term().0),
        Some(_) => Words::Uncounted,
    }
}

fn is_remembered(timeline: &Timeline, call: (u64, u64)) -> bool {
    let mut events = timeline.events().iter();
    events.any(|event| matches!(event.kind, EventKind::Called { client, serial, .. } if (client.0, serial.0) == call))
}

/// The event in which a leader committed it first.
fn committed(timeline: &Timeline, at: Index) -> Option<Line> {
    let until = timeline.world().events();
    let reached = timeline.milestones().iter();
    let mut reached = reached.take_while(|milestone| milestone.event.0 <= until);
    let found = reached.find(|it| matches!(it.kind, MilestoneKind::Committed(index) if index >= at))?;
    Some(Line {
        event: found.event.0,
        at_us: found.moment.at.0,
        what: Said::Entry(Words::CommittedBy(found.server.unwrap_or_default().0)),
    })
}

/// The event in which a leader put it at the end of its log.
fn origin(timeline: &Timeline, at: Index, of: Term) -> Option<Line> {
    let mut events = timeline.events().iter();
    let event = events.find(
        |event| matches!(event.kind, EventKind::Because(Reason::Appended { index, term }) if (index, term) == (at, of)),
    )?;
    Some(Line {
        event: event.id.0,
        at_us: event.at.0,
        what: Said::Entry(Words::TakenBy(event.server.unwrap_or_default().0)),
    })
}
