//! What a run explores, and how far.

use std::fmt;

use raft_core::{Change, Configuration, ElectionStyle, Entry, NodeId, Rules, Settings, Stable};

use super::state::place;

/// How far a run goes. Within it there is every interleaving of everything that can happen.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What it is about, as a title.
    pub name: &'static str,
    /// How many servers there are, named from 1 on.
    pub servers: u64,
    /// How many of them, from 1 on, are members from the beginning, with a vote.
    pub voters: u64,
    /// How many of them, from 1 on, have timers that can run out.
    pub impatient: u64,
    /// How often an election timeout begins something: a new term, or a question before one.
    pub timeouts: u8,
    /// How many heartbeats a leader sends, beyond those that carry entries.
    pub heartbeats: u8,
    /// How often a server crashes and starts again.
    pub crashes: u8,
    /// What clients and operators ask for, in this order, each at any time of anybody who leads.
    pub wishes: Vec<Wish>,
    /// Whether writes take time, so that a crash loses them. If not, they are durable at once.
    pub slow_disks: bool,
    /// What earlier terms have left in the logs, from server 1 on; if nothing is said, nothing.
    pub logs: Vec<Vec<Entry<u64>>>,
    /// How the servers behave.
    pub settings: Settings,
}

/// What somebody asks of a leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Another command is to be replicated.
    Write,
    /// The members are to change.
    Members(Change),
    /// The log is to be compacted, as far as it is applied.
    Compact,
    /// Another server is to lead.
    HandOver(NodeId),
    /// A client wants to read, so that it sees all that has been committed before (§8).
    Read,
}

impl Bound {
    /// Three servers and nothing else: the rest is for each bound to say.
    #[must_use]
    pub fn new(name: &'static str, election_style: ElectionStyle) -> Bound {
        Bound {
            name,
            servers: 3,
            voters: 3,
            impatient: 3,
            timeouts: 0,
            heartbeats: 0,
            crashes: 0,
            wishes: Vec::new(),
            slow_disks: false,
            logs: Vec::new(),
            settings: Settings {
                election_style,
                ..Settings::default()
            },
        }
    }

    /// The same with some rule switched off.
    #[must_use]
    pub fn with_rules(&self, rules: Rules) -> Bound {
        let mut bound = self.clone();
        bound.settings.rules = rules;
        bound
    }

    /// The names of all servers.
    pub(super) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.servers).map(NodeId)
    }

    /// Whether the servers differ in nothing but their names.
    pub(super) fn servers_are_alike(&self) -> bool {
        let names_nobody = |wish: &Wish| matches!(wish, Wish::Write | Wish::Compact | Wish::Read);
        self.voters == self.servers
            && self.impatient == self.servers
            && self.logs.is_empty()
            && self.wishes.iter().all(names_nobody)
    }

    /// What is on a server's disk at the beginning.
    pub(super) fn disk(&self, id: NodeId) -> Stable<u64> {
        if id.0 > self.voters {
            return Stable::new(Configuration::default());
        }
        let mut disk = Stable::new(Configuration::new((1..=self.voters).map(NodeId)));
        for entry in self.logs.get(place(id)).into_iter().flatten() {
            disk.log.append(entry.clone());
        }
        let terms = self.logs.iter().flatten().map(|entry| entry.term);
        disk.hard_state.current_term = terms.max().unwrap_or_default();
        disk
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bound {
            servers,
            voters,
            timeouts,
            heartbeats,
            crashes,
            ..
        } = self;
        write!(f, "{servers} servers")?;
        if voters < servers {
            write!(f, " ({voters} of them voters at first)")?;
        }
        write!(f, ", {}", count(*timeouts, "election timeout", "election timeouts"))?;
        if self.impatient < self.servers {
            write!(f, " (of servers 1 to {})", self.impatient)?;
        }
        write!(f, ", {}", count(*heartbeats, "heartbeat", "heartbeats"))?;
        write!(f, ", {}", count(*crashes, "crash", "crashes"))?;
        for wish in &self.wishes {
            write!(f, ", {wish}")?;
        }
        f.write_str(match self.slow_disks {
            true => "; writes take time and are lost in crashes",
            false => "; writes are durable at once",
        })?;
        if !self.logs.is_empty() {
            let terms = |log: &Vec<Entry<u64>>| log.iter().map(|entry| entry.term.0).collect::<Vec<_>>();
            let logs: Vec<_> = self.logs.iter().map(terms).collect();
            write!(f, "; earlier terms have left entries of the terms {logs:?}")?;
        }
        Ok(())
    }
}

fn count(count: u8, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        1 => format!("one {one}"),
        _ => format!("{count} {many}"),
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wish::Write => f.write_str("a write"),
            Wish::Members(Change::AddVoter(id)) => write!(f, "S{id} becomes a voter"),
            Wish::Members(Change::AddLearner(id)) => write!(f, "S{id} becomes a learner"),
            Wish::Members(Change::Remove(id)) => write!(f, "S{id} is removed"),
            Wish::Members(Change::Replace(next)) => {
                f.write_str("the voters become")?;
                next.voters().iter().try_for_each(|id| write!(f, " S{id}"))
            }
            Wish::Compact => f.write_str("a compaction"),
            Wish::HandOver(to) => write!(f, "leadership goes to S{to}"),
            Wish::Read => f.write_str("a read"),
        }
    }
}
