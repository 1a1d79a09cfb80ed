//! The cluster of a script: its servers, and a network in which nothing moves unless it is told to.
//!
//! Whatever happens is told in [`Cluster::told`], in the words of `words`.

use std::collections::BTreeMap;
use std::fmt::Display;

use raft_core::{
    Configuration, Effect, Entry, Index, Input, Instant, Message, NodeId, Payload, Position, Role, Settings, Stable,
    Term,
};

use super::words::{self, S};
use crate::server::{Persisted, Server};

/// Why a command of a script cannot be carried out.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Default)]
pub(crate) struct Cluster {
    settings: Settings,
    /// Whether the messages tell their round.
    tells_rounds: bool,
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
    /// The members, each with an empty disk, and nothing on the way.
    pub(crate) fn new(configuration: &Configuration, settings: Settings, tells_rounds: bool) -> Cluster {
        let server = |id| Server::new(id, settings.clone(), configuration.clone());
        Cluster {
            servers: configuration.members().map(|id| (id, server(id))).collect(),
            settings,
            tells_rounds,
            ..Cluster::default()
        }
    }

    /// One more server, which knows of no member, and no member of it.
    pub(crate) fn join(&mut self, id: NodeId) -> Result<()> {
        if self.servers.contains_key(&id) {
            return Err("there is such a server already".into());
        }
        let server = Server::new(id, self.settings.clone(), Configuration::default());
        self.servers.insert(id, server);
        self.tell_status(id)
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
            Role::PreCandidate(candidate) => candidate.election_timer.deadline,
            Role::Candidate(candidate) => candidate.election_timer.deadline,
            Role::Leader(_) => return Err("a leader does not wait for a leader".into()),
        };
        self.tick_at(id, deadline)
    }

    /// Moves a server's clock to its next heartbeat, or to where it asks for votes again.
    pub(crate) fn retry_timeout(&mut self, id: NodeId) -> Result<()> {
        let deadline = match self.role(id)? {
            Role::Follower(_) => return Err("a follower repeats nothing".into()),
            Role::PreCandidate(candidate) => candidate.retry_timer.deadline,
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
            self.tell(format_args!("lost: {}", self.message(&message)));
        }
        Ok(())
    }

    /// Messages are on the way once more, behind all others.
    pub(crate) fn duplicate(&mut self, which: &Which) -> Result<()> {
        let before = self.network.clone();
        let picked = self.pick(which)?;
        self.network = before;
        for message in picked {
            self.tell(format_args!("twice: {}", self.message(&message)));
            self.network.push(message);
        }
        Ok(())
    }

    /// A message arrives at a server, whoever has sent it and whomever it is meant for.
    pub(crate) fn arrive_at(&mut self, id: NodeId, message: Message<String>) -> Result<()> {
        let content = self.message(&message);
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

    /// A server is asked for something.
    pub(crate) fn ask(&mut self, id: NodeId, input: Input<String>) -> Result<()> {
        self.step(id, input)
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
            let Stable {
                hard_state,
                snapshot,
                log,
            } = server.disk();
            let told = format!(
                "{} is down; on its disk: term {}, {}; {}log {}",
                S(id),
                hard_state.current_term,
                words::vote(hard_state.voted_for),
                words::snapshot(snapshot).map_or(String::new(), |snapshot| snapshot + "; "),
                words::log(log)
            );
            self.tell(told);
            return Ok(());
        };
        let mut told = vec![format!(
            "{} is {} in term {}, {}; {}log {}; durable {}, committed {}",
            S(id),
            words::role(node.role()),
            node.current_term(),
            words::vote(node.voted_for()),
            words::snapshot(node.snapshot()).map_or(String::new(), |snapshot| snapshot + "; "),
            words::log(node.log()),
            node.durable_index(),
            node.commit_index()
        )];
        let first = Configuration::new(self.servers.keys().copied());
        if *node.configuration() != first {
            told.push(format!("  members {}", words::members(node.configuration())));
        }
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
            self.tell(format_args!("on the way: {}", self.message(&message)));
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
                        let message = self.message(&message);
                        self.tell(format_args!("held until #{after} is durable: {message}"));
                    }
                }
                Effect::Apply { index, entry } => self.tell(words::apply(id, index, &entry)),
                Effect::Proposed { index, term } => {
                    let place = words::place(Position { term, index });
                    self.tell(format_args!("{} takes the proposal as {place}", S(id)));
                }
                Effect::Refused { why } => {
                    self.kinds.push(words::refusal_kind(&why));
                    self.tell(format_args!("{} refuses: {}", S(id), words::refusal(why)));
                }
                Effect::Restore { snapshot } => {
                    let snapshot = words::snapshot(&snapshot).ok_or("a snapshot of nothing").unwrap();
                    self.tell(format_args!("{} restores its state machine: {snapshot}", S(id)));
                }
                Effect::ReadReady { id: read, index } => {
                    self.tell(format_args!("{} can answer read {read}, as of entry {index}", S(id)));
                }
                Effect::ReadRefused { id: read, why } => {
                    self.kinds.push(words::refusal_kind(&why));
                    self.tell(format_args!("{} refuses read {read}: {}", S(id), words::refusal(why)));
                }
                Effect::Because(reason) => {
                    self.kinds.push(words::reason_kind(&reason));
                    self.tell(words::reason(id, &reason));
                }
            }
        }
    }

    fn message(&self, message: &Message<String>) -> String {
        words::message(message, self.tells_rounds)
    }

    fn send(&mut self, message: Message<String>) {
        self.tell(self.message(&message));
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

/// Reads entries as they are written in scripts: `1 2:x=3 2:{1,2,3}`.
pub(crate) fn parse_entries(text: &str) -> Result<Vec<Entry<String>>> {
    let entry = |word: &str| {
        let (term, payload) = match word.split_once(':') {
            Some((term, members)) if members.starts_with('{') => {
                (term, Payload::Configuration(parse_members(members)?))
            }
            Some((term, command)) => (term, Payload::Command(command.to_string())),
            None => (word, Payload::NoOp),
        };
        let term = Term(term.parse()?);
        Ok(Entry { term, payload })
    };
    text.split_whitespace().map(entry).collect()
}

/// Reads members as they are written in scripts: `{1,2,3}`, `{1,2,3+4}`, `{1,2,3=>1,2,4}`.
pub(crate) fn parse_members(text: &str) -> Result<Configuration> {
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let text = text.ok_or("members are written in braces")?;
    let list = |text: &str| -> Result<Vec<NodeId>> {
        let words = text.split(',').filter(|word| !word.is_empty());
        words.map(|word| Ok(NodeId(word.parse()?))).collect()
    };
    let (voters, learners) = text.split_once('+').unwrap_or((text, ""));
    let (outgoing, voters) = match voters.split_once("=>") {
        Some((outgoing, voters)) => (Some(outgoing), voters),
        None => (None, voters),
    };
    let next = Configuration::new(list(voters)?).with_learners(list(learners)?);
    Ok(match outgoing {
        Some(outgoing) => Configuration::new(list(outgoing)?).joint_with(&next),
        None => next,
    })
}

/// Reads a place in a log as it is written in scripts: `3@2`, entry 3 of term 2.
pub(crate) fn parse_place(text: &str) -> Result<Position> {
    let (index, term) = text.split_once('@').ok_or("a place is written index@term")?;
    Ok(Position {
        index: Index(index.parse()?),
        term: Term(term.parse()?),
    })
}
