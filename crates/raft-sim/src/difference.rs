//! Two futures of one past, side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{Index, Instant, NodeId, Position, Role, Term};

use crate::player::Player;
use crate::{Client, Event, Operation, Recording, Server, World, kv};

/// What is different in two histories that begin alike: of each pair the first is of the one, the second of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first event of each that the other does not have there; none: nothing has happened any more.
    pub first: [Option<Event>; 2],
    /// The time at which they are compared.
    pub at: Instant,
    /// The servers that are not the same at that time.
    pub servers: Vec<ServerDifference>,
    /// The clients that do not wait for the same answer.
    pub clients: Vec<ClientDifference>,
}

/// What is different of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDifference {
    /// Which.
    pub client: ClientId,
    /// What it waits for; none: it waits for nothing.
    pub waits_for: [Option<Operation>; 2],
}

/// What is different of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerDifference {
    /// Which.
    pub server: NodeId,
    /// What it is; none: it has not been set up.
    pub look: [Option<Look>; 2],
    /// Where the logs part; none: they are the same.
    pub log_from: Option<Index>,
    /// The keys whose values differ, with both values; none: it has none.
    pub keys: Vec<DifferingKey>,
}

/// A key, and its value in the one history and in the other.
pub type DifferingKey = (Arc<str>, [Option<Arc<str>>; 2]);

/// What can be said of a server in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How it is.
    pub condition: Condition,
    /// Its term, on its disk if it is down.
    pub term: Term,
    /// Its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The leader that it knows.
    pub leader: Option<NodeId>,
    /// What it knows to be committed.
    pub commit_index: Index,
    /// The end of its log.
    pub last: Position,
}

/// How a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Down.
    Crashed,
    /// It stands still.
    Paused,
    /// It follows.
    Follower,
    /// It asks whether it could win.
    PreCandidate,
    /// It stands for election.
    Candidate,
    /// It leads.
    Leader,
}

impl Difference {
    /// Follows two recordings from a common start to a time.
    pub(crate) fn between(recordings: [&Recording; 2], start: &Player, at: Instant) -> Difference {
        let [mut one, mut other] = [Side::new(recordings[0], start), Side::new(recordings[1], start)];
        let first = loop {
            match [one.next_event(at), other.next_event(at)] {
                [None, None] => break [None, None],
                [one, other] if one == other => (),
                parted => break parted,
            }
        };
        one.player.advance_to(at, recordings[0], &mut ());
        other.player.advance_to(at, recordings[1], &mut ());
        let worlds = [&one.player.world, &other.player.world];
        let ids: BTreeSet<NodeId> = worlds
            .iter()
            .flat_map(|world| world.servers())
            .map(Server::id)
            .collect();
        Difference {
            first,
            at,
            servers: ids
                .into_iter()
                .filter_map(|id| ServerDifference::of(id, worlds))
                .collect(),
            clients: differing_clients(worlds),
        }
    }
}

/// One of the two, event by event.
struct Side<'a> {
    recording: &'a Recording,
    player: Player,
    /// Events that have happened and have not been looked at yet, latest first.
    events: Vec<Event>,
}

impl Side<'_> {
    fn new<'a>(recording: &'a Recording, start: &Player) -> Side<'a> {
        Side {
            recording,
            player: start.clone(),
            events: Vec::new(),
        }
    }

    /// The next event, if it is not after `at`.
    fn next_event(&mut self, at: Instant) -> Option<Event> {
        while self.events.is_empty() {
            self.player.next_step_at(self.recording).filter(|next| *next <= at)?;
            self.player.step(self.recording, &mut self.events);
            self.events.reverse();
        }
        self.events.pop()
    }
}

impl ServerDifference {
    fn of(server: NodeId, worlds: [&World; 2]) -> Option<ServerDifference> {
        let servers = worlds.map(|world| world.server(server));
        let difference = ServerDifference {
            server,
            look: servers.map(|server| server.map(Look::of)),
            log_from: logs_part_from(servers),
            keys: differing_keys(servers),
        };
        let [one, other] = difference.look;
        let differs = one != other || difference.log_from.is_some() || !difference.keys.is_empty();
        differs.then_some(difference)
    }
}

impl Look {
    fn of(server: &Server) -> Look {
        let Some(node) = server.node() else {
            let stable = server.disk().stable();
            return Look {
                condition: Condition::Crashed,
                term: stable.hard_state.current_term,
                voted_for: stable.hard_state.voted_for,
                leader: None,
                commit_index: stable.snapshot.last.index,
                last: stable.log.last_position(),
            };
        };
        Look {
            condition: match node.role() {
                _ if server.is_paused() => Condition::Paused,
                Role::Follower(_) => Condition::Follower,
                Role::PreCandidate(_) => Condition::PreCandidate,
                Role::Candidate(_) => Condition::Candidate,
                Role::Leader(_) => Condition::Leader,
            },
            term: node.current_term(),
            voted_for: node.voted_for(),
            leader: node.leader(),
            commit_index: node.commit_index(),
            last: node.log().last_position(),
        }
    }
}

/// The first index at which two logs are not the same, as far as neither has been compacted.
fn logs_part_from(servers: [Option<&Server>; 2]) -> Option<Index> {
    let [one, other] = [servers[0]?.log(), servers[1]?.log()];
    let first = one.first_index().max(other.first_index());
    let last = one.last_index().max(other.last_index());
    (first.0..=last.0)
        .map(Index)
        .find(|&index| one.get(index) != other.get(index))
}

fn differing_keys(servers: [Option<&Server>; 2]) -> Vec<DifferingKey> {
    let states = servers.map(|server| server.and_then(Server::state).cloned().unwrap_or_default());
    let keys: BTreeSet<&Arc<str>> = states.iter().flat_map(kv::State::iter).map(|(key, _)| key).collect();
    let values = |key: &Arc<str>| [0, 1].map(|place: usize| states[place].get(key).cloned());
    let all = keys.into_iter().map(|key| (key.clone(), values(key)));
    all.filter(|(_, [one, other])| one != other).collect()
}

fn differing_clients(worlds: [&World; 2]) -> Vec<ClientDifference> {
    let ids: BTreeSet<ClientId> = worlds
        .iter()
        .flat_map(|world| world.clients())
        .map(Client::id)
        .collect();
    let call = |world: &World, id| {
        let mut clients = world.clients().iter();
        let call = clients.find(|client| client.id() == id)?.call()?;
        Some((call.serial, call.operation.clone()))
    };
    let all = ids
        .into_iter()
        .map(|client| (client, worlds.map(|world| call(world, client))));
    all.filter(|(_, [one, other])| one != other)
        .map(|(client, calls)| ClientDifference {
            client,
            waits_for: calls.map(|call| call.map(|(_, operation)| operation)),
        })
        .collect()
}
