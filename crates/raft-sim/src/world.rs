//! The cluster at one moment, and the one function that interprets what nodes want done.

use std::sync::Arc;

use raft_core::{Effect, Effects, Index, Input, Instant, Message, NodeId, Random, Reason, Refusal, Role, Seq, Term};

use crate::agenda::{Agenda, Due, InFlight};
use crate::config::Network;
use crate::properties::Contradiction;
use crate::{
    Command, Config, Event, EventId, EventKind, MessageId, Moment, Observer, Properties, Server, TraceHash, Violation,
    kv,
};

/// A cluster and everything around it.
///
/// A clone is a checkpoint: given the same commands at the same steps it goes on exactly like the original.
#[derive(Clone, Debug)]
pub struct World {
    config: Arc<Config>,
    random: Random,
    now: Instant,
    steps: u64,
    events: u64,
    messages: u64,
    writes: u64,
    trace_hash: TraceHash,
    /// As configured, or as commanded since.
    network: Network,
    servers: Vec<Server>,
    agenda: Agenda,
    /// None: nobody watches, which is faster.
    properties: Option<Properties>,
    /// Empty between steps; kept for its memory.
    effects: Effects<kv::Command>,
}

impl World {
    /// A cluster whose servers have all just started, at time zero.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn new(config: Config, seed: u64) -> World {
        World::start(config, seed, Some(Properties::default()))
    }

    /// The same cluster without the properties: they cost time, and change nothing of what happens.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn unwatched(config: Config, seed: u64) -> World {
        World::start(config, seed, None)
    }

    fn start(config: Config, seed: u64, properties: Option<Properties>) -> World {
        if let Err(error) = config.check() {
            panic!("a configuration that cannot be simulated: {error}");
        }
        let ids = (1..=config.servers).map(NodeId);
        let configuration = raft_core::Configuration::new(ids.clone());
        let mut world = World {
            random: Random::new(seed),
            now: Instant(0),
            steps: 0,
            events: 0,
            messages: 0,
            writes: 0,
            trace_hash: TraceHash::default(),
            network: config.network.clone(),
            servers: ids.map(|id| Server::new(id, configuration.clone())).collect(),
            agenda: Agenda::default(),
            properties,
            effects: Effects::new(),
            config: Arc::new(config),
        };
        for place in 0..world.servers.len() {
            world.start_server(place, None, &mut ());
        }
        if let Some(workload) = &world.config.workload {
            world.agenda.enter(Instant(workload.interval_us), Due::ClientWrite);
        }
        world
    }
}

/// Going on.
impl World {
    /// When the next step is due; none: nothing will ever happen again by itself.
    #[must_use]
    pub fn next_step_at(&self) -> Option<Instant> {
        let timer = self.next_timer().map(|(at, _)| at);
        self.agenda.next_at().into_iter().chain(timer).min()
    }

    /// Does the next thing that is due, and moves the time there. Returns whether there was one.
    pub fn step(&mut self, observer: &mut impl Observer) -> bool {
        let timer = self.next_timer();
        let item_at = self.agenda.next_at();
        // Of an item and a timer in the same microsecond the item comes first: a heartbeat in time is in time.
        match (item_at, timer) {
            (Some(at), timer) if timer.is_none_or(|(timer_at, _)| at <= timer_at) => {
                self.begin_step(at);
                let due = self.agenda.take_next().expect("it has just been looked at");
                self.carry_out(due, observer);
            }
            (_, Some((at, place))) => {
                self.begin_step(at);
                self.fire_timer(place, observer);
            }
            (_, None) => return false,
        }
        true
    }

    /// Does everything that is due until `at`, and moves the time there.
    pub fn advance_to(&mut self, at: Instant, observer: &mut impl Observer) {
        while self.next_step_at().is_some_and(|next| next <= at) {
            self.step(observer);
        }
        self.idle_until(at);
    }

    /// Lets time pass in which nothing happens.
    pub(crate) fn idle_until(&mut self, at: Instant) {
        debug_assert!(
            self.next_step_at().is_none_or(|next| next > at || next <= self.now),
            "nothing that is due is passed over"
        );
        self.now = self.now.max(at);
    }

    /// Does something to the cluster, now. It counts as a step.
    pub fn command(&mut self, command: &Command, observer: &mut impl Observer) {
        self.begin_step(self.now);
        let server = match command {
            Command::Crash { server } | Command::Restart { server } => Some(*server),
            Command::Write { to, .. } => *to,
            Command::SetLoss { .. } => None,
        };
        let head = self.tell(None, server, EventKind::Commanded(command.clone()), observer);
        match command {
            Command::Crash { server } => self.crash(*server, head, observer),
            Command::Restart { server } => self.restart(*server, head, observer),
            Command::Write { to, key, value } => {
                let command = kv::Command {
                    key: key.clone(),
                    value: value.clone(),
                };
                self.propose(to.or(self.leader()), command, head, observer);
            }
            Command::SetLoss { ppm } => self.network.loss_ppm = (*ppm).min(Config::LOSS_PPM_MAX),
        }
    }

    fn begin_step(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.steps += 1;
    }

    fn carry_out(&mut self, due: Due, observer: &mut impl Observer) {
        match due {
            Due::Arrival(in_flight) => self.arrive(in_flight, observer),
            Due::Written {
                server,
                life,
                seq,
                issued_by,
            } => self.written(server, life, seq, issued_by, observer),
            Due::ClientWrite => self.client_write(observer),
        }
    }

    fn arrive(&mut self, in_flight: InFlight, observer: &mut impl Observer) {
        let InFlight {
            id: message,
            message: content,
            lost,
            sent_by,
            ..
        } = in_flight;
        let (from, to) = (content.from, content.to);
        let place = self.place(to).expect("messages go to members");
        let is_up = self.servers[place].running.is_some();
        let kind = match (lost, is_up) {
            (true, _) => EventKind::Lost { message, from },
            (false, false) => EventKind::Undeliverable { message, from },
            (false, true) => EventKind::Delivered { message, from },
        };
        let head = self.tell(Some(sent_by), Some(to), kind, observer);
        if !lost && is_up {
            self.run(place, Some(Input::Message(content)), head, observer);
        }
    }

    fn written(&mut self, server: NodeId, life: u64, seq: Seq, issued_by: EventId, observer: &mut impl Observer) {
        let place = self.place(server).expect("members write");
        if self.servers[place].life != life || self.servers[place].running.is_none() {
            return;
        }
        self.servers[place].disk.complete(seq);
        let kind = EventKind::WriteDurable { seq };
        let head = self.tell(Some(issued_by), Some(server), kind, observer);
        self.release_held(place, head, observer);
        self.run(place, Some(Input::Persisted { seq }), head, observer);
    }

    /// Messages that have waited for this write leave now, oldest first.
    fn release_held(&mut self, place: usize, cause: EventId, observer: &mut impl Observer) {
        let server = &mut self.servers[place];
        let Some(running) = &mut server.running else { return };
        let disk = &server.disk;
        let released: Vec<_> = running
            .held
            .extract_if(.., |(after, _)| disk.is_durable(*after))
            .collect();
        for (_, message) in released {
            self.transmit(message, cause, observer);
        }
    }

    fn client_write(&mut self, observer: &mut impl Observer) {
        let workload = self.config.workload.as_ref().expect("only a workload writes");
        let next = self.now.after_us(workload.interval_us);
        self.agenda.enter(next, Due::ClientWrite);
        self.writes += 1;
        let head = self.tell(None, None, EventKind::ClientWrote, observer);
        let command = kv::Command {
            key: KEYS[usize::try_from(self.writes % KEYS.len() as u64).unwrap_or(0)].into(),
            value: self.writes.to_string().into(),
        };
        self.propose(self.leader(), command, head, observer);
    }

    fn propose(&mut self, to: Option<NodeId>, command: kv::Command, head: EventId, observer: &mut impl Observer) {
        let place = to.and_then(|to| self.place(to));
        match place.filter(|&place| self.servers[place].running.is_some()) {
            Some(place) => self.run(place, Some(Input::Propose(command)), head, observer),
            None => {
                let why = Refusal::NotLeader { leader: None };
                self.tell(Some(head), to, EventKind::Refused { why }, observer);
            }
        }
    }

    fn crash(&mut self, server: NodeId, head: EventId, observer: &mut impl Observer) {
        let Some(place) = self.place(server) else { return };
        if self.servers[place].running.is_some() {
            let crash = self.servers[place].stop(self.now);
            let kind = EventKind::Crashed {
                kept: crash.kept,
                had: crash.had,
                on_disk: crash.on_disk,
            };
            self.tell(Some(head), Some(server), kind, observer);
        }
    }

    fn restart(&mut self, server: NodeId, head: EventId, observer: &mut impl Observer) {
        let Some(place) = self.place(server) else { return };
        if self.servers[place].running.is_none() {
            self.start_server(place, Some(head), observer);
        }
    }

    fn start_server(&mut self, place: usize, cause: Option<EventId>, observer: &mut impl Observer) {
        let seed = self.random.next_u64();
        self.servers[place].start(self.config.raft.clone(), seed);
        let id = self.servers[place].id();
        let term = self.servers[place].disk().stable().hard_state.current_term;
        let head = self.tell(cause, Some(id), EventKind::Started { term }, observer);
        // What comes back from the disk may be shorter than what the memory held, so it is compared anew.
        self.check(head, observer, |_, servers, found| {
            Properties::log_changed(servers, place, Index(1), found);
        });
        self.run(place, None, head, observer);
    }

    /// The running server whose timer runs out first; of several the one with the lowest number.
    fn next_timer(&self) -> Option<(Instant, usize)> {
        let running = self.servers.iter().enumerate();
        let wakes = running.filter_map(|(place, server)| Some((server.running.as_ref()?.wake?.0, place)));
        wakes.min()
    }

    fn fire_timer(&mut self, place: usize, observer: &mut impl Observer) {
        let server = &self.servers[place];
        let set_by = server
            .running
            .as_ref()
            .and_then(|running| running.wake)
            .map(|(_, by)| by);
        let head = self.tell(set_by, Some(server.id()), EventKind::TimerFired, observer);
        self.run(place, None, head, observer);
    }
}

/// Nodes and their effects.
impl World {
    /// Calls a node, with an input or because its time has come, and does what it wants done.
    fn run(&mut self, place: usize, input: Option<Input<kv::Command>>, head: EventId, observer: &mut impl Observer) {
        let mut effects = std::mem::take(&mut self.effects);
        let running = self.servers[place].running.as_mut().expect("only what runs is called");
        let led = leads(&running.node);
        match input {
            Some(input) => running.node.step(self.now, input, &mut effects),
            None => running.node.tick(self.now, &mut effects),
        }
        self.interpret(place, &mut effects, led, head, observer);
        self.effects = effects;
        self.set_wake(place, head);
    }

    /// The one place where effects become deeds.
    fn interpret(
        &mut self,
        place: usize,
        effects: &mut Effects<kv::Command>,
        led: Option<(Term, Index)>,
        head: EventId,
        observer: &mut impl Observer,
    ) {
        let id = self.servers[place].id();
        for effect in effects.drain() {
            match effect {
                Effect::Persist { seq, write } => {
                    let first = write.suffix.as_ref().map(|suffix| suffix.first_index);
                    let entries = write.suffix.as_ref().map(|suffix| {
                        let last = suffix.first_index.0 + suffix.entries.len() as u64 - 1;
                        (suffix.first_index, Index(last))
                    });
                    let issued_by = self.tell(Some(head), Some(id), EventKind::WriteIssued { seq, entries }, observer);
                    let takes_us = self.draw(self.config.disk.write_us_min, self.config.disk.write_us_max);
                    let server = &mut self.servers[place];
                    let done_at = server.disk.issue(seq, write, self.now.after_us(takes_us));
                    let due = Due::Written {
                        server: id,
                        life: server.life,
                        seq,
                        issued_by,
                    };
                    self.agenda.enter(done_at, due);
                    if let Some(first) = first {
                        self.check(issued_by, observer, |_, servers, found| {
                            let leads = servers[place].node().and_then(leads);
                            if let (Some((before, last_index)), Some((now, _))) = (led, leads)
                                && before == now
                            {
                                Properties::leader_wrote(&servers[place], first, last_index, found);
                            }
                            Properties::log_changed(servers, place, first, found);
                        });
                    }
                }
                Effect::Send { message, after } => {
                    let server = &mut self.servers[place];
                    if server.disk.is_durable(after) {
                        self.transmit(message, head, observer);
                    } else {
                        let running = server.running.as_mut().expect("only what runs sends");
                        running.held.push((after, message));
                    }
                }
                Effect::Apply { index, entry } => {
                    let running = self.servers[place].running.as_mut().expect("only what runs applies");
                    if let raft_core::Payload::Command(command) = &entry.payload {
                        running.state.apply(command);
                    }
                    let term = entry.term;
                    let applied = self.tell(Some(head), Some(id), EventKind::Applied { index, term }, observer);
                    self.check(applied, observer, |properties, servers, found| {
                        properties.applied(servers, place, index, &entry, found);
                    });
                }
                Effect::Proposed { index, term } => {
                    self.tell(Some(head), Some(id), EventKind::Proposed { index, term }, observer);
                }
                Effect::Refused { why } => {
                    self.tell(Some(head), Some(id), EventKind::Refused { why }, observer);
                }
                Effect::Restore { snapshot } => {
                    let running = self.servers[place].running.as_mut().expect("only what runs restores");
                    running.state = kv::State::restore(&snapshot.data);
                    let last = snapshot.last;
                    let restored = self.tell(Some(head), Some(id), EventKind::Restored { last }, observer);
                    self.check(restored, observer, |_, servers, found| {
                        Properties::log_changed(servers, place, Index(1), found);
                    });
                }
                Effect::ReadReady { id: read, index } => {
                    self.tell(Some(head), Some(id), EventKind::ReadReady { id: read, index }, observer);
                }
                Effect::ReadRefused { id: read, why } => {
                    self.tell(Some(head), Some(id), EventKind::ReadRefused { id: read, why }, observer);
                }
                Effect::Because(reason) => {
                    let decided = self.tell(Some(head), Some(id), EventKind::Because(reason), observer);
                    if let Reason::Elected { .. } = reason {
                        self.check(decided, observer, |properties, servers, found| {
                            properties.elected(&servers[place], found);
                        });
                    }
                }
            }
        }
    }

    /// Puts a message on the network, which decides at once what becomes of it.
    fn transmit(&mut self, message: Message<kv::Command>, cause: EventId, observer: &mut impl Observer) {
        self.messages += 1;
        let id = MessageId(self.messages);
        let latency_us = self.draw(self.network.latency_us_min, self.network.latency_us_max);
        let lost = self.random.between(1, Config::LOSS_PPM_MAX) <= self.network.loss_ppm;
        self.trace_hash.message(&message);
        let (from, to) = (message.from, message.to);
        let sent_by = self.tell(Some(cause), Some(from), EventKind::Sent { message: id, to }, observer);
        let in_flight = InFlight {
            id,
            message,
            sent_at: self.now,
            arrives_at: self.now.after_us(latency_us),
            lost,
            sent_by,
        };
        self.agenda.enter(in_flight.ends_at(), Due::Arrival(in_flight));
    }

    fn draw(&mut self, min: u64, max: u64) -> u64 {
        self.random.between(min, max)
    }

    /// Asks the node when it wants to be called; `cause` is why, if that has changed.
    fn set_wake(&mut self, place: usize, cause: EventId) {
        if let Some(running) = &mut self.servers[place].running {
            let deadline = running.node.next_deadline();
            if deadline != running.wake.map(|(at, _)| at) {
                running.wake = deadline.map(|at| (at, cause));
            }
        }
    }

    /// Gives an event its number and its place in the hash, and shows it.
    fn tell(
        &mut self,
        cause: Option<EventId>,
        server: Option<NodeId>,
        kind: EventKind,
        observer: &mut impl Observer,
    ) -> EventId {
        self.events += 1;
        let event = Event {
            id: EventId(self.events),
            at: self.now,
            step: self.steps,
            cause,
            server,
            kind,
        };
        self.trace_hash.event(&event);
        observer.observe(event);
        EventId(self.events)
    }

    /// Runs a check, if anybody watches, and tells of what it finds.
    fn check(
        &mut self,
        event: EventId,
        observer: &mut impl Observer,
        check: impl FnOnce(&mut Properties, &[Server], &mut Vec<Contradiction>),
    ) {
        let Some(mut properties) = self.properties.take() else {
            return;
        };
        let mut found = Vec::new();
        check(&mut properties, &self.servers, &mut found);
        for (property, facts) in found {
            let violation = Violation {
                property,
                event,
                at: self.now,
                facts,
            };
            if properties.violate(violation) {
                let server = violation.server();
                self.tell(Some(event), server, EventKind::Violated(violation), observer);
            }
        }
        self.properties = Some(properties);
    }
}

/// Term and last index of a leader's log; none for other roles.
fn leads(node: &raft_core::Node<kv::Command>) -> Option<(Term, Index)> {
    matches!(node.role(), Role::Leader(_)).then(|| (node.current_term(), node.log().last_index()))
}

/// The keys that the client of a workload writes, in turn.
const KEYS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// What can be seen.
impl World {
    /// How it was set up.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How many steps have been done.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many events there have been.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The place in the history.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            step: self.steps,
            at: self.now,
        }
    }

    /// The hash over all events so far.
    #[must_use]
    pub fn trace_hash(&self) -> TraceHash {
        self.trace_hash
    }

    /// How many messages of a million get lost now.
    #[must_use]
    pub fn loss_ppm(&self) -> u64 {
        self.network.loss_ppm
    }

    /// All servers, by number.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// One server, if there is one of that number.
    #[must_use]
    pub fn server(&self, id: NodeId) -> Option<&Server> {
        self.place(id).map(|place| &self.servers[place])
    }

    fn place(&self, id: NodeId) -> Option<usize> {
        let place = usize::try_from(id.0.checked_sub(1)?).ok()?;
        (place < self.servers.len()).then_some(place)
    }

    /// Who leads: of several the one of the highest term, for the others have been deposed and do not know it yet.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        let nodes = self.servers.iter().filter_map(Server::node);
        let leaders = nodes.filter_map(|node| leads(node).map(|(term, _)| (term, node.id())));
        leaders.max().map(|(_, id)| id)
    }

    /// The messages on their way, in no particular order.
    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.agenda.in_flight()
    }

    /// The messages of a server that wait for a write to become durable, oldest first.
    pub fn held(&self, id: NodeId) -> impl Iterator<Item = &Message<kv::Command>> {
        let running = self.server(id).and_then(|server| server.running.as_ref());
        let held = running.map_or(&[][..], |running| &running.held);
        held.iter().map(|(_, message)| message)
    }

    /// What must always be true, if anybody watches.
    #[must_use]
    pub fn properties(&self) -> Option<&Properties> {
        self.properties.as_ref()
    }
}
