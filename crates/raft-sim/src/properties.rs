//! What must always be true: the five properties of the paper's figure 3, checked from outside the nodes.
//!
//! Each check runs when something happens that could break it, looks at all servers at once, and
//! remembers only what the servers themselves may forget: who led, and what was committed.

use raft_core::{Entry, Index, Instant, Log, NodeId, Term};

use crate::{EventId, Server, kv};

/// A property of the paper's figure 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// "At most one leader can be elected in a given term" (§5.2).
    ElectionSafety,
    /// "A leader never overwrites or deletes entries in its log; it only appends new entries" (§5.3).
    LeaderAppendOnly,
    /// "If two logs contain an entry with the same index and term, then the logs are identical in
    /// all entries up through the given index" (§5.3).
    LogMatching,
    /// "If a log entry is committed in a given term, then that entry will be present in the logs
    /// of the leaders for all higher-numbered terms" (§5.4).
    LeaderCompleteness,
    /// "If a server has applied a log entry at a given index to its state machine, no other
    /// server will ever apply a different log entry for the same index" (§5.4.3).
    StateMachineSafety,
}

impl Property {
    /// All of them, in the order of the paper.
    pub const ALL: [Property; 5] = [
        Property::ElectionSafety,
        Property::LeaderAppendOnly,
        Property::LogMatching,
        Property::LeaderCompleteness,
        Property::StateMachineSafety,
    ];
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
            | Fact::Applied { server, .. } => Some(server),
            Fact::Committed { .. } => None,
        }
    }
}

/// The five properties, and whether each has held so far.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    /// Who was elected first in each term, by term.
    leaders: Vec<(Term, NodeId)>,
    /// Every entry that any server has applied.
    committed: Log<kv::Command>,
    /// Who applied which entries first, and in which term: from this index on, until the next one.
    first_applied: Vec<(Index, NodeId, Term)>,
    violations: [Option<Violation>; Property::ALL.len()],
}

/// A property that has just been found not to hold, and why.
pub(crate) type Contradiction = (Property, [Fact; 2]);

impl Properties {
    /// The first violation of a property, if there was one.
    #[must_use]
    pub fn violation(&self, property: Property) -> Option<&Violation> {
        self.violations[property as usize].as_ref()
    }

    /// The first violation of each property that was violated, in the order of the paper.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().flatten()
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
        slot.get_or_insert(violation);
        is_first
    }

    /// A server has been elected: Election Safety, Leader Completeness.
    pub(crate) fn elected(&mut self, server: &Server, found: &mut Vec<Contradiction>) {
        let Some(node) = server.node() else { return };
        let (server, term) = (server.id(), node.current_term());
        let first = self.first_leader(term, server);
        if first != server {
            let facts = [Fact::Leads { server: first, term }, Fact::Leads { server, term }];
            found.push((Property::ElectionSafety, facts));
        }
        // What has been compacted was committed when it was.
        for (index, entry) in self.committed.iter_from(node.log().first_index()) {
            if node.log().get(index) != Some(entry) {
                found.extend(self.incomplete(server, term, index, entry));
                break;
            }
        }
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
        let mine = log(&servers[changed]);
        for (place, other) in servers.iter().enumerate() {
            if place == changed {
                continue;
            }
            let theirs = log(other);
            for (index, entry) in mine.iter_from(first.max(theirs.first_index())) {
                let Some(their_entry) = theirs.get(index) else { break };
                let previous = |log: &Log<_>| log.term_at(index.previous()).unwrap_or_default();
                let same_before = previous(mine) == previous(theirs);
                if entry.term == their_entry.term && !(same_before && entry == their_entry) {
                    let fact = |server: &Server| Fact::Has {
                        server: server.id(),
                        index,
                        term: entry.term,
                        previous_term: previous(log(server)),
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
        index: Index,
        entry: &Entry<kv::Command>,
        found: &mut Vec<Contradiction>,
    ) {
        let Some(node) = servers[by].node() else { return };
        let (server, term) = (servers[by].id(), node.current_term());
        if let Some(first) = self.committed.get(index) {
            if first != entry {
                let first_server = self.first_applied_at(index).map_or(server, |(server, _)| server);
                let fact = |server, term| Fact::Applied { server, index, term };
                let facts = [fact(first_server, first.term), fact(server, entry.term)];
                found.push((Property::StateMachineSafety, facts));
            }
            return;
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

/// A server's log: in memory while it runs, else what its disk has.
fn log(server: &Server) -> &Log<kv::Command> {
    match server.node() {
        Some(node) => node.log(),
        None => &server.disk().stable().log,
    }
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
            let write = Command::Write {
                to: None,
                key: "x".into(),
                value: value.into(),
            };
            world.command(&write, &mut ());
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
        let mut elect = |servers: &[Server]| found(|found| properties.elected(&servers[leader(servers)], found));
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
            found(|found| properties.applied(servers, 0, Index(index), entry, found))
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
            let clean = found(|found| properties.applied(&one, 0, index, entry, found));
            assert_eq!(clean, []);
        }
        assert_eq!(found(|found| properties.elected(&one[leader(&one)], found)), []);
        let later = later.servers();
        let expected = [Property::LeaderCompleteness];
        assert_eq!(
            found(|found| properties.elected(&later[leader(later)], found)),
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
            found(|found| properties.applied(&mixed, follower, Index(index), entry, found))
        };
        let contradictions: Vec<_> = (1..=2).flat_map(apply).collect();
        assert!(contradictions.contains(&Property::LeaderCompleteness));
    }
}
