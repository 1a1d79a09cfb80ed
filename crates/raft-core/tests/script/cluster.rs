//! The cluster of a script: its servers, and a network in which nothing moves unless it is told to.
//!
//! Whatever happens is told in [`Cluster::told`], in the words of `words`.

use std::collections::BTreeMap;
use std::fmt::Display;

use raft_core::{
    Configuration, Effect, Input, Instant, Message, NodeId, Payload, Position, Role, Settings, Stable, Term,
};

use super::words::{self, S};
use crate::server::{Persisted, Server};

/// Why a command of a script cannot be carried out.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Default)]
pub(crate) struct Cluster {
    settings: Settings,
    servers: BTreeMap<NodeId, Server>,
    /// Messages on the way, in the order in which they were sent.
    network: Vec<Message<String>>,
    /// The transcript since it was last [taken](Cluster::take).
    told: String,
    /// The kinds of reasons in it.
    kinds: Vec<&'static str>,
}

/// Which messages of those on the way.
#[derive(Default)]
pub(crate) struct Which {
    pub(crate) from: Option<NodeId>,
    pub(crate) to: Option<NodeId>,
    /// The n-th of those that fit, from 1; all if none is given.
    pub(crate) only: Option<usize>,
}

impl Cluster {
    /// As many servers, each with an empty disk, and nothing on the way.
    pub(crate) fn new(size: u64, settings: Settings) -> Cluster {
        let configuration = Configuration::new((1..=size).map(NodeId));
        let server = |id| Server::new(NodeId(id), settings.clone(), configuration.clone());
        Cluster {
            servers: (1..=size).map(|id| (NodeId(id), server(id))).collect(),
            settings,
            ..Cluster::default()
        }
    }

    /// The transcript so far, and the kinds of reasons in it; both begin anew.
    pub(crate) fn take(&mut self) -> (String, Vec<&'static str>) {
        (std::mem::take(&mut self.told), std::mem::take(&mut self.kinds))
    }

    /// Starts a server that has done nothing yet from another disk.
    pub(crate) fn use_disk(&mut self, id: NodeId, change: impl FnOnce(&mut Stable<String>)) -> Result<()> {
        let server = self.server(id)?;
        let mut disk = server.disk().clone();
        let untouched = Server::with_disk(id, self.settings.clone(), disk.clone());
        if self.server(id)? != &untouched {
            return Err(format!("{} has already done something", S(id)).into());
        }
        change(&mut disk);
        if disk.hard_state.current_term < disk.log.last_position().term {
            return Err("no disk has an entry of a later term than its current one".into());
        }
        self.servers
            .insert(id, Server::with_disk(id, self.settings.clone(), disk));
        Ok(())
    }

    /// Moves a server's clock to where its election timer runs out.
    pub(crate) fn election_timeout(&mut self, id: NodeId) -> Result<()> {
        let deadline = match self.role(id)? {
            Role::Follower(follower) => follower.election_timer.ok_or("it does not know the time")?.deadline,
            Role::Candidate(candidate) => candidate.election_timer.deadline,
            Role::Leader(_) => return Err("a leader does not wait for a leader".into()),
        };
        self.tick_at(id, deadline)
    }

    /// Moves a server's clock to its next heartbeat, or to where it asks for votes again.
    pub(crate) fn retry_timeout(&mut self, id: NodeId) -> Result<()> {
        let deadline = match self.role(id)? {
            Role::Follower(_) => return Err("a follower repeats nothing".into()),
            Role::Candidate(candidate) => candidate.retry_timer.deadline,
            Role::Leader(leader) => leader.heartbeat_timer.deadline,
        };
        self.tick_at(id, deadline)
    }

    /// Moves a server's clock on.
    pub(crate) fn wait(&mut self, id: NodeId, ms: u64) -> Result<()> {
        let now = self.server(id)?.now().after_us(ms * 1_000);
        let told = self.told.len();
        self.tick_at(id, now)?;
        if self.told.len() == told {
            self.tell(format_args!("{} goes on waiting", S(id)));
        }
        Ok(())
    }

    /// The oldest writes under way become durable; all if no number is given.
    pub(crate) fn persist(&mut self, id: NodeId, writes: Option<usize>) -> Result<()> {
        let pending = self.server(id)?.writes();
        let writes = writes.unwrap_or(pending);
        if writes == 0 || writes > pending {
            return Err(format!("{} has {pending} writes under way", S(id)).into());
        }
        self.watch(id, |cluster| {
            let persisted = cluster.server_mut(id)?.persist(writes);
            let Persisted { seq, leaving, effects } = persisted.expect("writes are under way");
            cluster.tell(format_args!("{}'s disk has #{seq}", S(id)));
            for message in leaving {
                cluster.send(message);
            }
            cluster.carry_out(id, effects);
            Ok(())
        })
    }

    /// Messages arrive, in the order in which they were sent.
    pub(crate) fn deliver(&mut self, which: &Which) -> Result<()> {
        for message in self.pick(which)? {
            self.arrive(message)?;
        }
        Ok(())
    }

    /// Messages are lost.
    pub(crate) fn lose(&mut self, which: &Which) -> Result<()> {
        for message in self.pick(which)? {
            self.tell(format_args!("lost: {}", words::message(&message)));
        }
        Ok(())
    }

    /// Messages are on the way once more, behind all others.
    pub(crate) fn duplicate(&mut self, which: &Which) -> Result<()> {
        let before = self.network.clone();
        let picked = self.pick(which)?;
        self.network = before;
        for message in picked {
            self.tell(format_args!("twice: {}", words::message(&message)));
            self.network.push(message);
        }
        Ok(())
    }

    /// A message arrives at a server, whoever has sent it and whomever it is meant for.
    pub(crate) fn arrive_at(&mut self, id: NodeId, message: Message<String>) -> Result<()> {
        let content = words::message(&message);
        if self.server(id)?.node().is_none() {
            self.tell(format_args!("lost, {} is down: {content}", S(id)));
            return Ok(());
        }
        self.tell(format_args!("arrives: {content}"));
        self.step(id, Input::Message(message))
    }

    fn arrive(&mut self, message: Message<String>) -> Result<()> {
        self.arrive_at(message.to, message)
    }

    /// A client asks a server to replicate a command.
    pub(crate) fn propose(&mut self, id: NodeId, command: String) -> Result<()> {
        self.step(id, Input::Propose(command))
    }

    /// A server ends; the oldest of its writes under way may have reached the disk.
    pub(crate) fn crash(&mut self, id: NodeId, written: usize) -> Result<()> {
        let server = self.server_mut(id)?;
        let lost = server
            .writes()
            .checked_sub(written)
            .ok_or("it has not so many writes under way")?;
        server.crash(written);
        let lost = match lost {
            0 => "no write".into(),
            1 => "1 write".into(),
            _ => format!("{lost} writes"),
        };
        self.tell(format_args!("{} crashes and loses {lost}", S(id)));
        Ok(())
    }

    /// A server starts again.
    pub(crate) fn restart(&mut self, id: NodeId) -> Result<()> {
        let server = self.server_mut(id)?;
        if server.node().is_some() {
            return Err("it is running".into());
        }
        server.start();
        self.tell_status(id)
    }

    /// Writes and messages of these servers, and among them, go through until none is left.
    pub(crate) fn stabilize(&mut self, ids: &[NodeId]) -> Result<()> {
        loop {
            let mut is_stable = true;
            for &id in ids {
                if self.server(id)?.writes() > 0 {
                    self.persist(id, None)?;
                    is_stable = false;
                }
            }
            let is_inside = |message: &mut Message<String>| ids.contains(&message.from) && ids.contains(&message.to);
            for message in self.network.extract_if(.., is_inside).collect::<Vec<_>>() {
                self.arrive(message)?;
                is_stable = false;
            }
            if is_stable {
                return Ok(());
            }
        }
    }

    /// All servers.
    pub(crate) fn ids(&self) -> Vec<NodeId> {
        self.servers.keys().copied().collect()
    }

    /// What a server is, believes and has on its disk.
    pub(crate) fn tell_status(&mut self, id: NodeId) -> Result<()> {
        let server = self.server(id)?;
        let Some(node) = server.node() else {
            let Stable { hard_state, log, .. } = server.disk();
            let told = format!(
                "{} is down; on its disk: term {}, {}; log {}",
                S(id),
                hard_state.current_term,
                words::vote(hard_state.voted_for),
                words::log(log)
            );
            self.tell(told);
            return Ok(());
        };
        let mut told = vec![format!(
            "{} is {} in term {}, {}; log {}; durable {}, committed {}",
            S(id),
            words::role(node.role()),
            node.current_term(),
            words::vote(node.voted_for()),
            words::log(node.log()),
            node.durable_index(),
            node.commit_index()
        )];
        if let Role::Leader(leader) = node.role() {
            let progress = leader.progress.iter();
            told.extend(progress.map(|(id, progress)| format!("  of {}", words::progress(id, progress))));
        }
        self.tell(told.join("\n"));
        Ok(())
    }

    /// What is on the way.
    pub(crate) fn tell_network(&mut self) {
        for message in self.network.clone() {
            self.tell(format_args!("on the way: {}", words::message(&message)));
        }
    }

    fn tick_at(&mut self, id: NodeId, now: Instant) -> Result<()> {
        self.watch(id, |cluster| {
            let effects = cluster.server_mut(id)?.tick_at(now);
            cluster.carry_out(id, effects);
            Ok(())
        })
    }

    fn step(&mut self, id: NodeId, input: Input<String>) -> Result<()> {
        self.role(id)?;
        self.watch(id, |cluster| {
            let effects = cluster.server_mut(id)?.step(input);
            cluster.carry_out(id, effects);
            Ok(())
        })
    }

    /// Tells whether the role of a server has changed.
    fn watch(&mut self, id: NodeId, act: impl FnOnce(&mut Cluster) -> Result<()>) -> Result<()> {
        let before = words::role(self.role(id)?);
        act(self)?;
        let after = words::role(self.role(id)?);
        if before != after {
            self.tell(format_args!("{} is {after} now", S(id)));
        }
        Ok(())
    }

    /// Tells the effects of one call, and sends what may leave.
    fn carry_out(&mut self, id: NodeId, effects: Vec<Effect<String>>) {
        for effect in effects {
            match effect {
                Effect::Persist { seq, write } => self.tell(words::write(id, seq, &write)),
                Effect::Send { message, after } => {
                    if self.servers[&id].is_durable(after) {
                        self.send(message);
                    } else {
                        self.tell(format_args!(
                            "held until #{after} is durable: {}",
                            words::message(&message)
                        ));
                    }
                }
                Effect::Apply { index, entry } => self.tell(words::apply(id, index, &entry)),
                Effect::Proposed { index, term } => {
                    let place = words::place(Position { term, index });
                    self.tell(format_args!("{} takes the proposal as {place}", S(id)));
                }
                Effect::Refused { leader } => {
                    let leader = leader.map_or("no leader is known".into(), |leader| format!("ask {}", S(leader)));
                    self.tell(format_args!("{} refuses the proposal: {leader}", S(id)));
                }
                Effect::Because(reason) => {
                    self.kinds.push(words::kind(&reason));
                    self.tell(words::reason(id, &reason));
                }
            }
        }
    }

    fn send(&mut self, message: Message<String>) {
        self.tell(words::message(&message));
        self.network.push(message);
    }

    /// Takes messages out of the network.
    fn pick(&mut self, which: &Which) -> Result<Vec<Message<String>>> {
        let mut nth = 0;
        let picked = self.network.extract_if(.., |message| {
            let fits = which.from.is_none_or(|from| from == message.from) && which.to.is_none_or(|to| to == message.to);
            nth += usize::from(fits);
            fits && which.only.is_none_or(|only| only == nth)
        });
        let picked: Vec<Message<String>> = picked.collect();
        if picked.is_empty() {
            return Err("there is no such message on the way".into());
        }
        Ok(picked)
    }

    fn server(&self, id: NodeId) -> Result<&Server> {
        Ok(self.servers.get(&id).ok_or("there is no such server")?)
    }

    fn server_mut(&mut self, id: NodeId) -> Result<&mut Server> {
        Ok(self.servers.get_mut(&id).ok_or("there is no such server")?)
    }

    fn role(&self, id: NodeId) -> Result<&Role> {
        let node = self.server(id)?.node();
        Ok(node.ok_or_else(|| format!("{} is down", S(id)))?.role())
    }

    fn tell(&mut self, line: impl Display) {
        self.told += &format!("{line}\n");
    }
}

/// Reads entries as they are written in scripts: `1 2:x=3`.
pub(crate) fn parse_entries(text: &str) -> Result<Vec<raft_core::Entry<String>>> {
    let entry = |word: &str| {
        let (term, payload) = match word.split_once(':') {
            Some((term, command)) => (term, Payload::Command(command.to_string())),
            None => (word, Payload::NoOp),
        };
        let term = Term(term.parse()?);
        Ok(raft_core::Entry { term, payload })
    };
    text.split_whitespace().map(entry).collect()
}

/// Reads a place in a log as it is written in scripts: `3@2`, entry 3 of term 2.
pub(crate) fn parse_place(text: &str) -> Result<Position> {
    let (index, term) = text.split_once('@').ok_or("a place is written index@term")?;
    Ok(Position {
        index: raft_core::Index(index.parse()?),
        term: Term(term.parse()?),
    })
}
