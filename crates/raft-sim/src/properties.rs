//! What must always be true, and what must come to pass: checked from outside the nodes.
//!
//! Each check runs when something happens that could break it, looks at all servers at once, and
//! remembers only what the servers themselves may forget: who led, what was committed, and what clients were told.

use raft_core::session::{ClientId, Serial};
use raft_core::{Configuration, Entry, Index, Instant, Log, NodeId, Payload, Role, Term};

use crate::linearizability::{Against, CallId, Linearizability, NotLinearizable};
use crate::{Call, EventId, Server, kv};

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident;)*) => {
        /// A property of a history.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Property {
            $($(#[$doc])* $name,)*
        }

        impl Property {
            /// All of them, those of the paper's figure 3 first and in its order.
            pub const ALL: &[Property] = &[$(Property::$name,)*];

            const COUNT: usize = Property::ALL.len();

            /// The name used in tables and texts. It never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Property::$name => $id,)*
                }
            }

            /// Whether it must always hold, or is to be seen.
            #[must_use]
            pub const fn kind(self) -> PropertyKind {
                match self {
                    $(Property::$name => PropertyKind::$kind,)*
                }
            }
        }
    };
}

/// What a property says of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PropertyKind {
    /// It must hold after every event: safety.
    Always,
    /// It must come to pass within 20 of the longest election timeouts in which everything works: liveness.
    Eventually,
    /// It comes to pass in some histories: whoever never sees it has not tried much.
    Sometimes,
}

properties! {
    /// "At most one leader can be elected in a given term" (§5.2).
    ElectionSafety = "election-safety", Always;
    /// "A leader never overwrites or deletes entries in its log; it only appends new entries" (§5.3).
    LeaderAppendOnly = "leader-append-only", Always;
    /// "If two logs contain an entry with the same index and term, then the logs are identical in
    /// all entries up through the given index" (§5.3).
    LogMatching = "log-matching", Always;
    /// "If a log entry is committed in a given term, then that entry will be present in the logs
    /// of the leaders for all higher-numbered terms" (§5.4).
    LeaderCompleteness = "leader-completeness", Always;
    /// "If a server has applied a log entry at a given index to its state machine, no other
    /// server will ever apply a different log entry for the same index" (§5.4.3).
    StateMachineSafety = "state-machine-safety", Always;
    /// Every answer to a client is one that a single map could have given, at some time between the call and its return (§8).
    Linearizability = "linearizability", Always;
    /// What a client has been told is written is in the log of every later leader.
    Durability = "durability", Always;
    /// Where everything works, somebody leads, and all members follow.
    LeaderEmerges = "leader-emerges", Eventually;
    /// Where everything works, all members apply what was in the leader's log when they began to follow.
    LogsAgree = "logs-agree", Eventually;
    /// Somebody is elected.
    LeaderElected = "leader-elected", Sometimes;
    /// Somebody else is elected in a later term.
    LeaderReplaced = "leader-replaced", Sometimes;
    /// A client's write is committed.
    WriteCommitted = "write-committed", Sometimes;
    /// A client has an answer to what it had to ask more than once.
    RetryAnswered = "retry-answered", Sometimes;
    /// A server takes over a leader's snapshot.
    SnapshotInstalled = "snapshot-installed", Sometimes;
    /// A change of the members is committed.
    MembersChanged = "members-changed", Sometimes;
}

/// The first time that a property did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// The event after which it did not hold.
    pub event: EventId,
    /// When.
    pub at: Instant,
    /// Two facts that contradict each other.
    pub facts: [Fact; 2],
}

impl Violation {
    /// The server on which it came to light.
    #[must_use]
    pub fn server(&self) -> Option<NodeId> {
        self.facts.iter().rev().find_map(Fact::server)
    }
}

/// One half of a contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The server was elected leader of the term.
    Leads {
        /// The server.
        server: NodeId,
        /// The term.
        term: Term,
    },
    /// A leader wrote at an index although its log was longer.
    Rewrote {
        /// The leader.
        server: NodeId,
        /// Its term.
        term: Term,
        /// Where it wrote.
        index: Index,
        /// Where its log ended before.
        last_index: Index,
    },
    /// The server's log has this entry, after one of that term.
    Has {
        /// The server.
        server: NodeId,
        /// The entry's index.
        index: Index,
        /// The entry's term.
        term: Term,
        /// The term of the entry before it.
        previous_term: Term,
    },
    /// The entry was committed.
    Committed {
        /// Its index.
        index: Index,
        /// Its term.
        term: Term,
        /// The term in which a server first knew it.
        in_term: Term,
    },
    /// The leader does not have that entry.
    Lacks {
        /// The leader.
        server: NodeId,
        /// The term that it leads.
        leads_term: Term,
        /// The index where something else is, or nothing.
        index: Index,
    },
    /// The server gave this entry to its state machine.
    Applied {
        /// The server.
        server: NodeId,
        /// The entry's index.
        index: Index,
        /// The entry's term.
        term: Term,
    },
    /// The client was told that its write is in the log.
    Told {
        /// The client.
        client: ClientId,
        /// The number of its call.
        serial: Serial,
        /// Where the write is.
        index: Index,
    },
    /// The client's call returned with the answer that it did.
    Returned {
        /// The client.
        client: ClientId,
        /// The number of its call.
        serial: Serial,
        /// Who answered.
        from: NodeId,
    },
    /// The client had been told otherwise before.
    ToldBefore {
        /// The client.
        client: ClientId,
        /// The number of its call.
        serial: Serial,
    },
    /// The client's compare-and-set was done on the same value.
    Rival {
        /// The client.
        client: ClientId,
        /// The number of its call.
        serial: Serial,
    },
    /// The client was told of what the other says it has not written.
    Saw {
        /// The client.
        client: ClientId,
        /// The number of its call.
        serial: Serial,
    },
    /// No write made it so.
    NeverSo,
    /// Everything has worked since then.
    Works {
        /// When the last fault ended.
        since: Instant,
    },
    /// Nobody leads whom all members follow.
    NobodyLeads,
    /// The server has not applied what was in the leader's log.
    Behind {
        /// The server.
        server: NodeId,
        /// How far it has applied the log.
        applied: Index,
        /// How far the log went when all members had begun to follow.
        of: Index,
    },
}

impl Fact {
    /// The server that the fact is about, if it is about one.
    #[must_use]
    pub fn server(&self) -> Option<NodeId> {
        match *self {
            Fact::Leads { server, .. }
            | Fact::Rewrote { server, .. }
            | Fact::Has { server, .. }
            | Fact::Lacks { server, .. }
            | Fact::Applied { server, .. }
            | Fact::Behind { server, .. } => Some(server),
            Fact::Committed { .. }
            | Fact::Told { .. }
            | Fact::Returned { .. }
            | Fact::ToldBefore { .. }
            | Fact::Rival { .. }
            | Fact::Saw { .. }
            | Fact::NeverSo
            | Fact::Works { .. }
            | Fact::NobodyLeads => None,
        }
    }
}

impl Fact {
    /// The client's call that the fact is about, if it is about one.
    #[must_use]
    pub fn call(&self) -> Option<(ClientId, Serial)> {
        match *self {
            Fact::Told { client, serial, .. }
            | Fact::Returned { client, serial, .. }
            | Fact::ToldBefore { client, serial }
            | Fact::Rival { client, serial }
            | Fact::Saw { client, serial } => Some((client, serial)),
            _ => None,
        }
    }
}

impl From<Against> for Fact {
    fn from(against: Against) -> Fact {
        match against {
            Against::Told(CallId { client, serial }) => Fact::ToldBefore { client, serial },
            Against::Rival(CallId { client, serial }) => Fact::Rival { client, serial },
            Against::Seen(CallId { client, serial }) => Fact::Saw { client, serial },
            Against::Start => Fact::NeverSo,
        }
    }
}

/// The properties, and whether each has held, or come to pass, so far.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    /// Who was elected first in each term, by term.
    leaders: Vec<(Term, NodeId)>,
    /// Every entry that any server has applied.
    committed: Log<kv::Command>,
    /// Who applied which entries first, and in which term: from this index on, until the next one.
    first_applied: Vec<(Index, NodeId, Term)>,
    /// The last entry of which a client has been told. Whoever has it has all before it.
    told: Option<(Index, ClientId, Serial)>,
    linearizability: Linearizability,
    /// While everything works, and leader or agreement are still awaited.
    progress: Option<Progress>,
    violations: [Option<Box<Violation>>; Property::COUNT],
    /// The events in which what is to be seen was first seen.
    seen: [Option<EventId>; Property::COUNT],
}

/// How far a cluster in which everything works has come.
#[derive(Clone, Copy, Debug)]
struct Progress {
    since: Instant,
    /// When the servers that are behind last came nearer: a long log takes its time.
    nearer_at: Instant,
    /// How near they were then: see [`nearness`].
    nearness: (u64, u64),
    /// The leader whom all members follow, its term, and the end of its log when they had begun to.
    leader: Option<(NodeId, Term, Index)>,
}

/// A property that has just been found not to hold, and why.
pub(crate) type Contradiction = (Property, [Fact; 2]);

impl Properties {
    /// The first violation of a property, if there was one.
    #[must_use]
    pub fn violation(&self, property: Property) -> Option<&Violation> {
        self.violations[property as usize].as_deref()
    }

    /// The first violation of each property that was violated, in the order of [`Property::ALL`].
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().flatten().map(Box::as_ref)
    }

    /// The event in which a property that is sometimes seen was first seen.
    #[must_use]
    pub fn seen(&self, property: Property) -> Option<EventId> {
        self.seen[property as usize]
    }

    /// Every entry that any server has applied so far, in order.
    #[must_use]
    pub fn committed(&self) -> &Log<kv::Command> {
        &self.committed
    }

    /// Notes a violation, if it is the first of its property.
    pub(crate) fn violate(&mut self, violation: Violation) -> bool {
        let slot = &mut self.violations[violation.property as usize];
        let is_first = slot.is_none();
        slot.get_or_insert_with(|| Box::new(violation));
        is_first
    }

    fn see(&mut self, property: Property, event: EventId) {
        debug_assert_eq!(property.kind(), PropertyKind::Sometimes, "only some are to be seen");
        self.seen[property as usize].get_or_insert(event);
    }

    /// A server has been elected: Election Safety, Leader Completeness, Durability.
    pub(crate) fn elected(&mut self, server: &Server, event: EventId, found: &mut Vec<Contradiction>) {
        let Some(node) = server.node() else { return };
        let (server, term) = (server.id(), node.current_term());
        self.see(Property::LeaderElected, event);
        if self
            .leaders
            .iter()
            .any(|&(earlier, other)| earlier < term && other != server)
        {
            self.see(Property::LeaderReplaced, event);
        }
        let first = self.first_leader(term, server);
        if first != server {
            let facts = [Fact::Leads { server: first, term }, Fact::Leads { server, term }];
            found.push((Property::ElectionSafety, facts));
        }
        // What has been compacted was committed when it was.
        for (index, entry) in self.committed.iter_from(node.log().first_index()) {
            if node.log().get(index) != Some(entry) {
                found.extend(self.incomplete(server, term, index, entry));
                found.extend(self.not_durable(server, term, index));
                break;
            }
        }
    }

    /// A leader that lacks what a client has been told of breaks Durability, if it leads a later term.
    fn not_durable(&self, server: NodeId, leads_term: Term, index: Index) -> Option<Contradiction> {
        let (told, client, serial) = self.told.filter(|&(told, ..)| told >= index)?;
        let (_, in_term) = self.first_applied_at(told)?;
        let facts = [
            Fact::Told {
                client,
                serial,
                index: told,
            },
            Fact::Lacks {
                server,
                leads_term,
                index,
            },
        ];
        (in_term < leads_term).then_some((Property::Durability, facts))
    }

    /// A client is told that its write is done.
    pub(crate) fn acknowledged(&mut self, index: Index, client: ClientId, serial: Serial) {
        if self.told.is_none_or(|(told, ..)| told < index) {
            self.told = Some((index, client, serial));
        }
    }

    /// A client calls.
    pub(crate) fn called(&mut self, client: ClientId, serial: Serial, operation: &crate::Operation) {
        self.linearizability.called(client, serial, operation);
    }

    /// A call returns: Linearizability.
    pub(crate) fn returned(
        &mut self,
        event: EventId,
        client: ClientId,
        call: &Call,
        (from, answer): (NodeId, &kv::Answer),
        found: &mut Vec<Contradiction>,
    ) {
        if call.tries > 1 {
            self.see(Property::RetryAnswered, event);
        }
        if let Err(NotLinearizable { call, against }) = self.linearizability.returned(client, call.serial, answer) {
            let CallId { client, serial } = call;
            let returned = Fact::Returned { client, serial, from };
            found.push((Property::Linearizability, [against.into(), returned]));
        }
    }

    /// How many answers could not be judged, because there was too much to explain: with any, that
    /// [`Property::Linearizability`] has not been violated means less.
    #[must_use]
    pub fn unjudged(&self) -> u64 {
        self.linearizability.unjudged()
    }

    /// A server has taken over a snapshot.
    pub(crate) fn restored(&mut self, event: EventId) {
        self.see(Property::SnapshotInstalled, event);
    }

    /// Who was elected first in a term; `server` if nobody has been yet.
    fn first_leader(&mut self, term: Term, server: NodeId) -> NodeId {
        match self.leaders.binary_search_by_key(&term, |&(term, _)| term) {
            Ok(place) => self.leaders[place].1,
            Err(place) => {
                self.leaders.insert(place, (term, server));
                server
            }
        }
    }

    /// A leader that lacks a committed entry breaks Leader Completeness, if it leads a later term than the entry's commit.
    fn incomplete(
        &self,
        server: NodeId,
        leads_term: Term,
        index: Index,
        entry: &Entry<kv::Command>,
    ) -> Option<Contradiction> {
        let (_, in_term) = self.first_applied_at(index)?;
        let term = entry.term;
        let facts = [
            Fact::Committed { index, term, in_term },
            Fact::Lacks {
                server,
                leads_term,
                index,
            },
        ];
        (in_term < leads_term).then_some((Property::LeaderCompleteness, facts))
    }

    fn first_applied_at(&self, index: Index) -> Option<(NodeId, Term)> {
        let after = self.first_applied.partition_point(|&(from, ..)| from <= index);
        let &(_, server, term) = self.first_applied.get(after.checked_sub(1)?)?;
        Some((server, term))
    }

    /// A leader has written entries from `first` on; when the step began its log ended at `last_index`: Leader Append-Only.
    pub(crate) fn leader_wrote(server: &Server, first: Index, last_index: Index, found: &mut Vec<Contradiction>) {
        let Some(node) = server.node() else { return };
        if first <= last_index {
            let (server, term) = (server.id(), node.current_term());
            let facts = [
                Fact::Leads { server, term },
                Fact::Rewrote {
                    server,
                    term,
                    index: first,
                    last_index,
                },
            ];
            found.push((Property::LeaderAppendOnly, facts));
        }
    }

    /// A server's log has changed from `first` on: Log Matching.
    ///
    /// Below `first` it was compared when it changed there, so each new entry needs only to be
    /// the same as, and to come after the same as, an entry of its index and term elsewhere.
    pub(crate) fn log_changed(servers: &[Server], changed: usize, first: Index, found: &mut Vec<Contradiction>) {
        let mine = servers[changed].log();
        for (place, other) in servers.iter().enumerate() {
            if place == changed {
                continue;
            }
            let theirs = other.log();
            for (index, entry) in mine.iter_from(first.max(theirs.first_index())) {
                let Some(their_entry) = theirs.get(index) else { break };
                let previous = |log: &Log<_>| log.term_at(index.previous()).unwrap_or_default();
                let same_before = previous(mine) == previous(theirs);
                if entry.term == their_entry.term && !(same_before && entry == their_entry) {
                    let fact = |server: &Server| Fact::Has {
                        server: server.id(),
                        index,
                        term: entry.term,
                        previous_term: previous(server.log()),
                    };
                    found.push((Property::LogMatching, [fact(&servers[changed]), fact(other)]));
                    return;
                }
            }
        }
    }

    /// A server has applied an entry: State Machine Safety; and Leader Completeness, for leaders that are there already.
    pub(crate) fn applied(
        &mut self,
        servers: &[Server],
        by: usize,
        (index, entry): (Index, &Entry<kv::Command>),
        event: EventId,
        found: &mut Vec<Contradiction>,
    ) {
        let Some(node) = servers[by].node() else { return };
        let (server, term) = (servers[by].id(), node.current_term());
        if let Some(first) = self.committed.get(index) {
            if first != entry {
                let first_server = self.first_applied_at(index).map_or(server, |(server, _)| server);
                let fact = |server, term| Fact::Applied { server, index, term };
                let applied = fact(server, entry.term);
                found.push((Property::StateMachineSafety, [fact(first_server, first.term), applied]));
                if let Some((told, client, serial)) = self.told.filter(|&(told, ..)| told == index) {
                    let told = Fact::Told {
                        client,
                        serial,
                        index: told,
                    };
                    found.push((Property::Durability, [told, applied]));
                }
            }
            return;
        }
        match &entry.payload {
            Payload::Command(_) => self.see(Property::WriteCommitted, event),
            Payload::Configuration(_) => self.see(Property::MembersChanged, event),
            Payload::NoOp => (),
        }
        let appended = self.committed.append(entry.clone());
        assert_eq!(appended, index, "servers apply their logs in order");
        if self
            .first_applied
            .last()
            .is_none_or(|&(_, s, t)| (s, t) != (server, term))
        {
            self.first_applied.push((index, server, term));
        }
        for leader in servers.iter().filter_map(Server::node) {
            let leads = leader.leader() == Some(leader.id());
            if leads && leader.log().get(index) != Some(entry) {
                found.extend(self.incomplete(leader.id(), leader.current_term(), index, entry));
            }
        }
    }
}

/// Liveness.
impl Properties {
    /// A command has been carried out, and now everything works, or not.
    pub(crate) fn note_health(&mut self, works: bool, now: Instant) {
        self.progress = works.then_some(Progress {
            since: now,
            nearer_at: now,
            nearness: (0, 0),
            leader: None,
        });
    }

    /// Whether everything works, but leader or agreement are still awaited.
    #[must_use]
    pub fn awaits_liveness(&self) -> bool {
        self.progress.is_some()
    }

    /// Something has happened while everything works: has it brought a leader, and agreement? If neither comes for so long, that is
    /// a violation.
    pub(crate) fn check_liveness(
        &mut self,
        servers: &[Server],
        now: Instant,
        patience_us: u64,
        found: &mut Vec<Contradiction>,
    ) {
        let Some(progress) = &mut self.progress else { return };
        let leader = leader_of_all(servers);
        if progress.leader.map(|(id, term, _)| (id, term)) != leader.map(|(id, term, _)| (id, term)) {
            progress.leader = leader;
        }
        let behind = progress.leader.and_then(|(id, _, end)| {
            let nearness = nearness(servers, id, end);
            if nearness > progress.nearness {
                (progress.nearness, progress.nearer_at) = (nearness, now);
            }
            somebody_behind(servers, id, end)
        });
        if progress.leader.is_some() && behind.is_none() {
            self.progress = None;
        } else if now.since_us(progress.nearer_at) >= patience_us {
            let works = Fact::Works { since: progress.since };
            found.push(match behind {
                Some(behind) => (Property::LogsAgree, [works, behind]),
                None => (Property::LeaderEmerges, [works, Fact::NobodyLeads]),
            });
            self.progress = None;
        }
    }
}

/// The leader whom all voters follow, its term and the end of its log.
fn leader_of_all(servers: &[Server]) -> Option<(NodeId, Term, Index)> {
    let nodes = || servers.iter().filter_map(Server::node);
    let leader = nodes()
        .filter(|node| matches!(node.role(), Role::Leader(_)))
        .max_by_key(|node| node.current_term())?;
    let (id, term) = (leader.id(), leader.current_term());
    let mut voters = nodes().filter(|node| leader.configuration().is_voter(node.id()));
    voters
        .all(|node| node.leader() == Some(id) && node.current_term() == term)
        .then(|| (id, term, leader.log().last_index()))
}

/// How many entries up to the given end the members have applied together, and how many bytes they have of snapshots
/// that are still arriving.
fn nearness(servers: &[Server], leader: NodeId, end: Index) -> (u64, u64) {
    let nodes = || servers.iter().filter_map(Server::node);
    let Some(leader) = nodes().find(|node| node.id() == leader) else {
        return (0, 0);
    };
    let members = || nodes().filter(|node| leader.configuration().contains(node.id()));
    let applied = members().map(|node| node.commit_index().min(end).0).sum();
    let received = members().map(raft_core::Node::snapshot_bytes_received).sum();
    (applied, received)
}

/// A member that has not applied everything up to the given end.
fn somebody_behind(servers: &[Server], leader: NodeId, end: Index) -> Option<Fact> {
    let nodes = || servers.iter().filter_map(Server::node);
    let members: &Configuration = nodes().find(|node| node.id() == leader)?.configuration();
    let mut behind = nodes().filter(|node| members.contains(node.id()) && node.commit_index() < end);
    behind.next().map(|node| Fact::Behind {
        server: node.id(),
        applied: node.commit_index(),
        of: end,
    })
}

#[cfg(test)]
mod tests {
    //! Servers from different worlds in one cluster contradict each other in every way: each check must find it.

    use super::*;
    use crate::{Command, Config, World};

    /// Three servers of a world in which clients wrote `value`, five seconds old.
    fn servers(seed: u64, value: &str) -> Vec<Server> {
        let config = Config {
            servers: 3,
            ..Config::default()
        };
        let mut world = World::new(config, seed);
        for second in 1..=5 {
            world.advance_to(Instant(second * 1_000_000), &mut ());
            world.command(&Command::put(ClientId(1), "x", value), &mut ());
        }
        world.advance_to(Instant(6_000_000), &mut ());
        assert_eq!(world.properties().unwrap().violations().count(), 0);
        world.servers().to_vec()
    }

    fn leader(servers: &[Server]) -> usize {
        let is_leader = |server: &Server| server.node().is_some_and(|node| node.leader() == Some(node.id()));
        servers.iter().position(is_leader).unwrap()
    }

    /// Two worlds with leaders of the same term on different servers, and different logs.
    fn two_worlds() -> (Vec<Server>, Vec<Server>) {
        let one = servers(1, "1");
        let term = |servers: &[Server]| servers[leader(servers)].node().unwrap().current_term();
        let other = (2..).map(|seed| servers(seed, "2"));
        let mut other = other.filter(|other| leader(other) != leader(&one) && term(other) == term(&one));
        let other = other.next().unwrap();
        (one, other)
    }

    fn found(check: impl FnOnce(&mut Vec<Contradiction>)) -> Vec<Property> {
        let mut found = Vec::new();
        check(&mut found);
        found.into_iter().map(|(property, _)| property).collect()
    }

    #[test]
    fn two_leaders_of_a_term() {
        let (one, other) = two_worlds();
        let mut properties = Properties::default();
        let mut elect =
            |servers: &[Server]| found(|found| properties.elected(&servers[leader(servers)], EventId(1), found));
        assert_eq!(elect(&one), []);
        assert_eq!(elect(&one), [], "the same again");
        assert_eq!(elect(&other), [Property::ElectionSafety]);
    }

    #[test]
    fn a_leader_that_rewrites() {
        let (one, _) = two_worlds();
        let leader = &one[leader(&one)];
        let last = leader.node().unwrap().log().last_index();
        let wrote = |first| found(|found| Properties::leader_wrote(leader, first, last, found));
        assert_eq!(wrote(last.next()), []);
        assert_eq!(wrote(last), [Property::LeaderAppendOnly]);
    }

    #[test]
    fn logs_that_differ_at_the_same_index_and_term() {
        let (one, mut mixed) = two_worlds();
        let changed = |servers: &[Server]| found(|found| Properties::log_changed(servers, 0, Index(1), found));
        assert_eq!(changed(&one), []);
        mixed[0] = one[0].clone();
        assert_eq!(changed(&mixed), [Property::LogMatching]);
    }

    #[test]
    fn different_entries_applied_at_the_same_index() {
        let (one, other) = two_worlds();
        let mut properties = Properties::default();
        let mut apply = |servers: &[Server], index: u64| {
            let entry = servers[0].node().unwrap().log().get(Index(index)).unwrap();
            found(|found| properties.applied(servers, 0, (Index(index), entry), EventId(1), found))
        };
        assert_eq!(apply(&one, 1), []);
        assert_eq!(apply(&one, 2), []);
        assert_eq!(apply(&other, 1), [], "a no-op of the same term is the same entry");
        assert_eq!(apply(&other, 2), [Property::StateMachineSafety]);
    }

    #[test]
    fn a_later_leader_without_a_committed_entry() {
        let (one, _) = two_worlds();
        let mut later = World::new(
            Config {
                servers: 3,
                ..Config::default()
            },
            1,
        );
        while later
            .leader()
            .and_then(|id| later.server(id)?.node())
            .is_none_or(|node| node.current_term() < Term(3))
        {
            // A second and a third election, and nobody has written anything.
            if let Some(server) = later.leader() {
                later.command(&Command::Crash { server }, &mut ());
                later.command(&Command::Restart { server }, &mut ());
            }
            later.advance_to(later.now().after_us(1_000_000), &mut ());
        }
        let mut properties = Properties::default();
        for (index, entry) in one[0].node().unwrap().log().iter_from(Index(1)) {
            let clean = found(|found| properties.applied(&one, 0, (index, entry), EventId(1), found));
            assert_eq!(clean, []);
        }
        assert_eq!(
            found(|found| properties.elected(&one[leader(&one)], EventId(1), found)),
            []
        );
        let later = later.servers();
        let expected = [Property::LeaderCompleteness];
        assert_eq!(
            found(|found| properties.elected(&later[leader(later)], EventId(1), found)),
            expected
        );
        // And the other way round: the leader is there first, and then the entry is committed in an earlier term.
        let mut mixed = later.to_vec();
        let follower = (0..3).find(|&place| place != leader(later)).unwrap();
        mixed[follower] = one[follower].clone();
        let mut properties = Properties::default();
        let log = one[follower].node().unwrap().log();
        let apply = |index: u64| {
            let entry = log.get(Index(index)).unwrap();
            found(|found| properties.applied(&mixed, follower, (Index(index), entry), EventId(1), found))
        };
        let contradictions: Vec<_> = (1..=2).flat_map(apply).collect();
        assert!(contradictions.contains(&Property::LeaderCompleteness));
    }
}
