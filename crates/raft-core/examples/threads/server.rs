//! A server: the host of a node. It carries out what the node says, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant as Clock};

use raft_core::session::ClientId;
use raft_core::{
    Effect, Effects, Index, Input, Instant, Message, Node, NodeId, ReadId, ReadMode, Reason, Refusal, Seq, Settings,
    Term,
};

use crate::client::{Answer, Wish};
use crate::counters::{Add, Counters};
use crate::disk::Disk;
use crate::machine::{Network, Power, Stopped};

/// After so many entries a server writes its state machine down, and forgets the entries before.
const ENTRIES_PER_SNAPSHOT: u64 = 100;

pub(crate) struct Server {
    node: Node<Add>,
    effects: Effects<Add>,
    disk: Disk,
    counters: Counters,
    network: Arc<Network>,
    power: Power,
    started: Clock,
    /// The latest write that is durable.
    durable: Seq,
    /// Who wants to know what the node makes of the write that it is given just now.
    proposing: Option<Sender<Answer>>,
    /// Who waits for which entry to be applied. It must be of that term: another leader may put another one there.
    writers: BTreeMap<Index, (Term, Sender<Answer>)>,
    /// Who waits to read which counter.
    readers: BTreeMap<ReadId, (ClientId, Sender<Answer>)>,
    latest_read: ReadId,
}

pub(crate) enum Event {
    Arrived(Message<Add>),
    Asked(Wish),
}

impl Server {
    /// Duty 1: start from what the disk holds; it is all that a server knows.
    pub(crate) fn start(id: NodeId, disk: Disk, network: Arc<Network>, power: Power) -> Server {
        let stable = disk.stable.clone();
        let seed = std::time::UNIX_EPOCH
            .elapsed()
            .map_or(0, |time| time.as_micros() as u64)
            ^ id.0;
        Server {
            counters: Counters::restore(&stable.snapshot),
            node: Node::new(id, Settings::default(), stable, seed),
            effects: Effects::new(),
            disk,
            network,
            power,
            started: Clock::now(),
            durable: Seq(0),
            proposing: None,
            writers: BTreeMap::new(),
            readers: BTreeMap::new(),
            latest_read: ReadId(0),
        }
    }

    pub(crate) fn run(&mut self, inbox: &Receiver<Event>) -> Result<(), Stopped> {
        loop {
            let deadline = self.node.next_deadline().unwrap_or(Instant(u64::MAX));
            let event = inbox.recv_timeout(Duration::from_micros(deadline.since_us(self.now())));
            // Duty 2: tell the time.
            self.node.tick(self.now(), &mut self.effects);
            self.carry_out()?;
            // Duty 3: hand over what happens.
            match event {
                Ok(Event::Arrived(message)) => self.step(Input::Message(message))?,
                Ok(Event::Asked(wish)) => self.take(wish)?,
                Err(_) => {}
            }
            self.maybe_compact()?;
        }
    }

    fn now(&self) -> Instant {
        Instant(self.started.elapsed().as_micros() as u64)
    }

    fn step(&mut self, input: Input<Add>) -> Result<(), Stopped> {
        self.node.step(self.now(), input, &mut self.effects);
        self.carry_out()
    }

    /// Duty 4: carry out the effects, in their order. To say that a write is durable brings about more of them.
    fn carry_out(&mut self) -> Result<(), Stopped> {
        while !self.effects.is_empty() {
            let (mut written, mut held) = (self.durable, Vec::new());
            for effect in self.effects.drain() {
                self.power.check()?;
                match effect {
                    Effect::Persist { seq, write } => {
                        self.disk.write(write);
                        written = seq;
                    }
                    Effect::Send { message, after } if after <= self.durable => self.network.deliver(message),
                    Effect::Send { message, .. } => held.push(message),
                    Effect::Restore { snapshot } => {
                        self.counters = Counters::restore(&snapshot);
                        // Whether these are in it nobody can tell: their clients hear nothing, and ask again.
                        self.writers = self.writers.split_off(&snapshot.last.index.next());
                    }
                    Effect::Apply { index, entry } => {
                        let counter = self.counters.apply(index, &entry);
                        let writer = self.writers.remove(&index).filter(|(term, _)| *term == entry.term);
                        if let (Some(counter), Some((_, writer))) = (counter, writer) {
                            answer(&writer, Answer::Counter(counter));
                        }
                    }
                    Effect::Proposed { index, term } => {
                        let writer = self.proposing.take();
                        self.writers.extend(writer.map(|writer| (index, (term, writer))));
                    }
                    Effect::Refused { why } => {
                        let writer = self.proposing.take();
                        writer.iter().for_each(|writer| answer(writer, refusal(why)));
                    }
                    Effect::ReadReady { id, .. } => {
                        let reader = self.readers.remove(&id);
                        let counter = |client| Answer::Counter(self.counters.of(client));
                        reader
                            .iter()
                            .for_each(|(client, reader)| answer(reader, counter(*client)));
                    }
                    Effect::ReadRefused { id, why } => {
                        let reader = self.readers.remove(&id);
                        reader.iter().for_each(|(_, reader)| answer(reader, refusal(why)));
                    }
                    Effect::Because(reason) => tell(self.node.id(), reason),
                }
            }
            // One sync makes all these writes durable. Then what they promise may leave.
            if written > self.durable {
                self.disk.sync(&self.power)?;
                self.durable = written;
                self.node
                    .step(self.now(), Input::Persisted { seq: written }, &mut self.effects);
            }
            held.into_iter().for_each(|message| self.network.deliver(message));
        }
        Ok(())
    }

    /// Duties 5 and 6: take writes and reads.
    fn take(&mut self, wish: Wish) -> Result<(), Stopped> {
        match wish {
            Wish::Add(add, writer) => {
                self.proposing = Some(writer);
                self.step(Input::Propose(add))
            }
            Wish::Read(client, reader) => {
                self.latest_read.0 += 1;
                let (id, mode) = (self.latest_read, ReadMode::ReadIndex);
                self.readers.insert(id, (client, reader));
                self.step(Input::Read { id, mode })
            }
        }
    }

    /// Duty 7: compact from time to time.
    fn maybe_compact(&mut self) -> Result<(), Stopped> {
        let index = self.counters.applied;
        if index.0 < self.node.snapshot().last.index.0 + ENTRIES_PER_SNAPSHOT {
            return Ok(());
        }
        let data = self.counters.written_down();
        self.step(Input::Compact { index, data })
    }
}

fn refusal(why: Refusal) -> Answer {
    match why {
        Refusal::NotLeader { leader: Some(leader) } => Answer::AskTheLeader(leader),
        _ => Answer::NotNow,
    }
}

/// Whoever does not wait any more misses nothing.
fn answer(asker: &Sender<Answer>, answer: Answer) {
    let _ = asker.send(answer);
}

/// The journal: of all reasons, those that make a story.
fn tell(id: NodeId, reason: Reason) {
    match reason {
        Reason::Elected { term, .. } => println!("server {id}: leads term {term}"),
        Reason::SnapshotInstalled { last, .. } => println!("server {id}: gets a snapshot up to entry {}", last.index),
        _ => {}
    }
}
