//! The cluster at one moment, and the one function that interprets what nodes want done.

mod clients;
mod commands;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use raft_core::session::{ClientId, Outcome, Serial};
use raft_core::{
    Configuration, Effect, Effects, ElectionStyle, Index, Input, Instant, Message, NodeId, Payload, Random, Reason,
    Role, Rules, Settings, Term,
};

use crate::agenda::{Agenda, Due, InFlight, Parcel};
use crate::client::Client;
use crate::network::Network;
use crate::properties::Contradiction;
use crate::{
    Config, DiskConfig, Event, EventId, EventKind, MessageId, Moment, Observer, Properties, Server, TraceHash,
    Violation, kv,
};

/// A cluster and everything around it.
///
/// A clone is a checkpoint: given the same commands at the same steps it goes on exactly like the original.
#[derive(Clone, Debug)]
pub struct World {
    config: Arc<Config>,
    /// How the nodes behave: as configured, or as commanded since.
    raft: Arc<Settings>,
    random: Random,
    now: Instant,
    steps: u64,
    events: u64,
    messages: u64,
    reads: u64,
    /// How many writes the workload has made, so that each is another.
    wishes: u64,
    /// The furthest that any server has ever applied the log.
    applied_max: Index,
    /// What is under each key there, be that server up or not.
    newest: BTreeMap<Arc<str>, Arc<str>>,
    /// The last configuration that any server has applied.
    committed_configuration: Configuration,
    trace_hash: TraceHash,
    /// As configured, or as commanded since.
    network: Network,
    /// How the disk of a new server is: as configured, or as commanded for all since.
    disk: DiskConfig,
    /// By number.
    servers: Vec<Server>,
    /// By number.
    clients: Vec<Client>,
    agenda: Agenda,
    /// None: nobody watches, which is faster.
    properties: Option<Properties>,
    /// Empty between steps; kept for its memory.
    effects: Effects<kv::Command>,
}

/// What brought a call of a node about.
#[derive(Clone, Copy)]
struct Cause {
    event: EventId,
    /// The client whose request it is.
    asking: Option<(ClientId, Serial)>,
}

impl From<EventId> for Cause {
    fn from(event: EventId) -> Cause {
        Cause { event, asking: None }
    }
}

impl World {
    /// A cluster whose servers have all just started, at time zero.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn new(config: Config, seed: u64) -> World {
        World::observed(config, seed, &mut ())
    }

    /// The same, and somebody sees the servers start.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn observed(config: Config, seed: u64, observer: &mut dyn Observer) -> World {
        World::start(config, seed, Some(Properties::default()), observer)
    }

    /// The same cluster without the properties: they cost time, and change nothing of what happens.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn unwatched(config: Config, seed: u64) -> World {
        World::start(config, seed, None, &mut ())
    }

    fn start(config: Config, seed: u64, properties: Option<Properties>, observer: &mut dyn Observer) -> World {
        if let Err(error) = config.check() {
            panic!("a configuration that cannot be simulated: {error}");
        }
        let ids = (1..=config.servers).map(NodeId);
        let configuration = Configuration::new(ids.clone());
        let server = |id| Server::new(id, configuration.clone(), config.disk.clone());
        let mut world = World {
            random: Random::new(seed),
            now: Instant(0),
            steps: 0,
            events: 0,
            messages: 0,
            reads: 0,
            wishes: 0,
            applied_max: Index(0),
            newest: BTreeMap::new(),
            committed_configuration: configuration.clone(),
            trace_hash: TraceHash::default(),
            network: Network::new(config.network.clone()),
            disk: config.disk.clone(),
            servers: ids.map(server).collect(),
            clients: Vec::new(),
            agenda: Agenda::default(),
            properties,
            effects: Effects::new(),
            raft: Arc::new(config.raft.clone()),
            config: Arc::new(config),
        };
        for place in 0..world.servers.len() {
            world.start_server(place, None, observer);
        }
        world.start_workload();
        world.note_health();
        world
    }
}

/// Going on.
impl World {
    /// When the next step is due; none: nothing will ever happen again by itself.
    #[must_use]
    pub fn next_step_at(&self) -> Option<Instant> {
        self.next_step().map(|(at, _)| at)
    }

    /// When the next step is due, and whose timer it is, if it is one.
    fn next_step(&self) -> Option<(Instant, Option<usize>)> {
        match (self.agenda.next_at(), self.next_timer()) {
            // Of an item and a timer in the same microsecond the item comes first: a heartbeat in time is in time. So it is
            // with a timer that ran out while its server was paused: now is when it can be looked at.
            (Some(at), timer) if timer.is_none_or(|(timer_at, _)| at <= timer_at.max(self.now)) => Some((at, None)),
            (_, timer) => timer.map(|(at, place)| (at, Some(place))),
        }
    }

    /// Does the next thing that is due, and moves the time there. Returns whether there was one.
    pub fn step(&mut self, observer: &mut dyn Observer) -> bool {
        self.step_until(Instant(u64::MAX), observer)
    }

    /// The same, if it is due until `last`.
    fn step_until(&mut self, last: Instant, observer: &mut dyn Observer) -> bool {
        let Some((at, timer)) = self.next_step().filter(|(at, _)| *at <= last) else {
            return false;
        };
        self.begin_step(at);
        match timer {
            Some(place) => self.fire_timer(place, observer),
            None => {
                let due = self.agenda.take_next().expect("it has just been looked at");
                self.carry_out(due, observer);
            }
        }
        self.check_liveness(observer);
        true
    }

    /// Does everything that is due until `at`, and moves the time there.
    pub fn advance_to(&mut self, at: Instant, observer: &mut dyn Observer) {
        while self.step_until(at, observer) {}
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

    fn begin_step(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.steps += 1;
    }

    fn carry_out(&mut self, due: Due, observer: &mut dyn Observer) {
        match due {
            Due::Arrival(in_flight) => self.arrive(in_flight, observer),
            Due::Written { .. } => self.written(due, observer),
            Due::WriteNoticed { server, life, event } => self.notice_write(server, life, event, observer),
            Due::Wish(client) => self.wish(client, observer),
            Due::Impatience(patience) => self.lose_patience(patience, observer),
        }
    }

    fn arrive(&mut self, in_flight: InFlight, observer: &mut dyn Observer) {
        let to = match &in_flight.parcel {
            Parcel::Raft(message) => message.to,
            Parcel::Request(request) => request.to,
            Parcel::Reply(_) => return self.deliver_reply(in_flight, observer),
        };
        let place = self.place(to);
        if let Some(place) = place
            && let Some(running) = &mut self.servers[place].running
            && let Some(backlog) = &mut running.backlog
            && !in_flight.lost
        {
            return backlog.push(Arc::new(Due::Arrival(in_flight)));
        }
        let up = place.filter(|&place| self.servers[place].running.is_some());
        let InFlight {
            id: message,
            parcel,
            lost,
            sent_by,
            ..
        } = in_flight;
        match parcel {
            Parcel::Raft(content) => {
                let from = content.from;
                let kind = match (lost, up) {
                    (true, _) => EventKind::Lost { message, from },
                    (false, None) => EventKind::Undeliverable { message, from },
                    (false, Some(_)) => EventKind::Delivered { message, from },
                };
                let head = self.tell(Some(sent_by), Some(to), kind, observer);
                if let (Some(place), false) = (up, lost) {
                    self.run(place, Some(Input::Message(content)), head, observer);
                }
            }
            Parcel::Request(request) => {
                let (client, serial) = (request.client, request.serial);
                let kind = match up {
                    Some(_) if !lost => EventKind::RequestDelivered {
                        message,
                        client,
                        serial,
                    },
                    _ => EventKind::RequestLost {
                        message,
                        client,
                        serial,
                    },
                };
                let head = self.tell(Some(sent_by), Some(to), kind, observer);
                if let (Some(place), false) = (up, lost) {
                    self.serve(place, request, head, observer);
                }
            }
            Parcel::Reply(_) => unreachable!("replies go to clients"),
        }
    }

    fn written(&mut self, due: Due, observer: &mut dyn Observer) {
        let Due::Written {
            server,
            life,
            seq,
            issued_by,
        } = due
        else {
            unreachable!("only what has been written is written")
        };
        let place = self.place(server).expect("servers write");
        let machine = &mut self.servers[place];
        if machine.life != life || machine.running.is_none() {
            return;
        }
        let Some(_) = machine.disk.keep_if_stalled(due) else {
            return;
        };
        machine.disk.complete(seq);
        let event = self.tell(Some(issued_by), Some(server), EventKind::WriteDurable { seq }, observer);
        let running = self.servers[place]
            .running
            .as_mut()
            .expect("it has just been seen to run");
        match &mut running.backlog {
            Some(backlog) => backlog.push(Arc::new(Due::WriteNoticed { server, life, event })),
            None => self.notice_write(server, life, event, observer),
        }
    }

    /// The node hears that writes are durable.
    fn notice_write(&mut self, server: NodeId, life: u64, event: EventId, observer: &mut dyn Observer) {
        let place = self.place(server).expect("servers write");
        if self.servers[place].life != life || self.servers[place].running.is_none() {
            return;
        }
        let seq = self.servers[place].disk.durable();
        self.release_held(place, event, observer);
        self.run(place, Some(Input::Persisted { seq }), event, observer);
    }

    /// Messages that have waited for this write leave now, oldest first.
    fn release_held(&mut self, place: usize, cause: EventId, observer: &mut dyn Observer) {
        let server = &mut self.servers[place];
        let Some(running) = &mut server.running else { return };
        if running.held.is_empty() {
            return;
        }
        let disk = &server.disk;
        let released: Vec<_> = running
            .held
            .extract_if(.., |(after, _)| disk.is_durable(*after))
            .collect();
        for (_, message) in released {
            self.send(Arc::unwrap_or_clone(message), cause, observer);
        }
    }

    fn start_server(&mut self, place: usize, cause: Option<EventId>, observer: &mut dyn Observer) {
        let seed = self.random.next_u64();
        self.servers[place].start((*self.raft).clone(), seed);
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
        let servers = self.servers.iter().enumerate();
        let wakes = servers.filter_map(|(place, server)| {
            let running = server.running.as_ref().filter(|running| running.backlog.is_none())?;
            Some((running.wake?.0, place))
        });
        wakes.min()
    }

    fn fire_timer(&mut self, place: usize, observer: &mut dyn Observer) {
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
    fn run(
        &mut self,
        place: usize,
        input: Option<Input<kv::Command>>,
        cause: impl Into<Cause>,
        observer: &mut dyn Observer,
    ) {
        let cause = cause.into();
        let mut effects = std::mem::take(&mut self.effects);
        let server = &mut self.servers[place];
        let now = server.clock.shows_at(self.now);
        let running = server.running.as_mut().expect("only what runs is called");
        let led = leads(&running.node);
        match input {
            Some(input) => running.node.step(now, input, &mut effects),
            None => running.node.tick(now, &mut effects),
        }
        self.interpret(place, &mut effects, led, cause, observer);
        self.effects = effects;
        self.set_wake(place, cause.event);
        self.maybe_take_snapshot(place, cause.event, observer);
    }

    /// A server that takes snapshots by itself takes one, if enough has been applied since the last.
    fn maybe_take_snapshot(&mut self, place: usize, cause: EventId, observer: &mut dyn Observer) {
        let Some(every) = self.config.snapshot_every else {
            return;
        };
        let node = self.servers[place].node().expect("it has just been called");
        if node.commit_index().0 >= node.snapshot().last.index.0.saturating_add(every) {
            self.take_snapshot(place, cause, observer);
        }
    }

    fn take_snapshot(&mut self, place: usize, cause: EventId, observer: &mut dyn Observer) {
        let Some(running) = &self.servers[place].running else {
            return;
        };
        let index = running.node.commit_index();
        if index > running.node.snapshot().last.index {
            let data = running.state.snapshot();
            self.run(place, Some(Input::Compact { index, data }), cause, observer);
        }
    }

    /// The one place where effects become deeds.
    fn interpret(
        &mut self,
        place: usize,
        effects: &mut Effects<kv::Command>,
        led: Option<(Term, Index)>,
        cause: Cause,
        observer: &mut dyn Observer,
    ) {
        let head = cause.event;
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
                    let server = &mut self.servers[place];
                    let takes_us = self
                        .random
                        .between(server.disk.config.write_us_min, server.disk.config.write_us_max);
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
                        self.send(message, head, observer);
                    } else {
                        let running = server.running.as_mut().expect("only what runs sends");
                        running.held.push((after, Arc::new(message)));
                    }
                }
                Effect::Apply { index, entry } => {
                    let rules = self.raft.rules;
                    let running = self.servers[place].running.as_mut().expect("only what runs applies");
                    let outcome = match &entry.payload {
                        Payload::Command(command) => Some(running.state.apply(rules, command)),
                        Payload::NoOp | Payload::Configuration(_) => None,
                    };
                    if index > self.applied_max {
                        self.applied_max = index;
                        match &entry.payload {
                            Payload::Configuration(configuration) => {
                                self.committed_configuration = configuration.clone();
                            }
                            Payload::Command(command) => {
                                let key = command.write.key();
                                if let Some(value) = running.state.get(key) {
                                    self.newest.insert(key.clone(), value.clone());
                                }
                            }
                            Payload::NoOp => (),
                        }
                    }
                    let term = entry.term;
                    let applied = self.tell(Some(head), Some(id), EventKind::Applied { index, term }, observer);
                    self.check(applied, observer, |properties, servers, found| {
                        properties.applied(servers, place, (index, &entry), applied, found);
                    });
                    let answer = match outcome {
                        Some(Outcome::Done(answer) | Outcome::Repeated(answer)) => Some(answer),
                        // Of an earlier call than the client's latest: it has its answer.
                        Some(Outcome::Stale) | None => None,
                    };
                    self.answer_write(place, index, term, answer.as_ref(), applied, observer);
                }
                Effect::Proposed { index, term } => {
                    let proposed = EventKind::Proposed { index, term };
                    self.tell(Some(head), Some(id), proposed, observer);
                    self.await_write(place, index, term, cause.asking);
                }
                Effect::Refused { why } => {
                    let refused = self.tell(Some(head), Some(id), EventKind::Refused { why }, observer);
                    if let Some((client, serial)) = cause.asking {
                        self.answer(place, client, serial, Err(why), refused, observer);
                    }
                }
                Effect::Restore { snapshot } => {
                    let running = self.servers[place].running.as_mut().expect("only what runs restores");
                    running.state = kv::State::restore(&snapshot.data);
                    let last = snapshot.last;
                    // Whether these were carried out cannot be seen in a snapshot: their clients ask again.
                    running.writes.retain(|write| write.index > last.index);
                    self.applied_max = self.applied_max.max(last.index);
                    let restored = self.tell(Some(head), Some(id), EventKind::Restored { last }, observer);
                    self.check(restored, observer, |properties, servers, found| {
                        properties.restored(restored);
                        Properties::log_changed(servers, place, Index(1), found);
                    });
                }
                Effect::ReadReady { id: read, index } => {
                    let ready = self.tell(Some(head), Some(id), EventKind::ReadReady { id: read, index }, observer);
                    self.answer_read(place, read, Ok(()), ready, observer);
                }
                Effect::ReadRefused { id: read, why } => {
                    let refused = self.tell(Some(head), Some(id), EventKind::ReadRefused { id: read, why }, observer);
                    self.answer_read(place, read, Err(why), refused, observer);
                }
                Effect::Because(reason) => {
                    let decided = self.tell(Some(head), Some(id), EventKind::Because(reason), observer);
                    if let Reason::Elected { .. } = reason {
                        self.check(decided, observer, |properties, servers, found| {
                            properties.elected(&servers[place], decided, found);
                        });
                    }
                }
            }
        }
    }

    /// Puts a message to another server on the network.
    fn send(&mut self, message: Message<kv::Command>, cause: EventId, observer: &mut dyn Observer) {
        self.trace_hash.message(&message);
        let (from, to) = (message.from, message.to);
        let id = self.next_message();
        let sent_by = self.tell(Some(cause), Some(from), EventKind::Sent { message: id, to }, observer);
        self.transmit(id, Parcel::Raft(message), sent_by, observer);
    }

    fn next_message(&mut self) -> MessageId {
        self.messages += 1;
        MessageId(self.messages)
    }

    /// The network decides at once what becomes of a message.
    fn transmit(&mut self, id: MessageId, parcel: Parcel, sent_by: EventId, observer: &mut dyn Observer) {
        let (link, is_cut) = match &parcel {
            Parcel::Raft(message) => {
                let (from, to) = (message.from, message.to);
                (self.network.link(from, to), self.network.is_cut(from, to))
            }
            // Clients reach everybody.
            Parcel::Request(_) | Parcel::Reply(_) => (self.network.all(), false),
        };
        let fate = Network::draw(link, &mut self.random);
        let in_flight = InFlight {
            id,
            origin: id,
            parcel,
            sent_at: self.now,
            arrives_at: self.now.after_us(fate.takes_us),
            lost: fate.lost || is_cut,
            sent_by,
        };
        if let Some(twin) = fate.twin {
            let lost = twin.lost || is_cut;
            self.duplicate(&in_flight, twin.takes_us, lost, sent_by, observer);
        }
        self.enter_in_flight(in_flight);
    }

    /// Puts a twin of a message on its way. It has a fate of its own: it may arrive though the message is lost.
    fn duplicate(&mut self, of: &InFlight, takes_us: u64, lost: bool, cause: EventId, observer: &mut dyn Observer) {
        let message = self.next_message();
        let from = match &of.parcel {
            Parcel::Raft(message) => Some(message.from),
            Parcel::Request(_) => None,
            Parcel::Reply(reply) => Some(reply.from),
        };
        let duplicated = EventKind::Duplicated { message, of: of.id };
        let sent_by = self.tell(Some(cause), from, duplicated, observer);
        self.enter_in_flight(InFlight {
            id: message,
            sent_at: self.now,
            arrives_at: self.now.after_us(takes_us),
            lost,
            sent_by,
            ..of.clone()
        });
    }

    fn enter_in_flight(&mut self, in_flight: InFlight) {
        // What was lost in the past is gone now.
        self.agenda
            .enter(in_flight.ends_at().max(self.now), Due::Arrival(in_flight));
    }

    /// Asks the node when it wants to be called; `cause` is why, if that has changed.
    fn set_wake(&mut self, place: usize, cause: EventId) {
        let server = &mut self.servers[place];
        if let Some(running) = &mut server.running {
            let deadline = running.node.next_deadline().map(|at| server.clock.time_of(at));
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
        observer: &mut dyn Observer,
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
        observer: &mut dyn Observer,
        check: impl FnOnce(&mut Properties, &[Server], &mut Vec<Contradiction>),
    ) {
        let Some(properties) = &mut self.properties else {
            return;
        };
        let mut found = Vec::new();
        check(properties, &self.servers, &mut found);
        for (property, facts) in found {
            let violation = Violation {
                property,
                event,
                at: self.now,
                facts,
            };
            let watching = self.properties.as_mut();
            if watching.is_some_and(|properties| properties.violate(violation)) {
                let server = violation.server();
                self.tell(Some(event), server, EventKind::Violated(violation), observer);
            }
        }
    }
}

/// Term and last index of a leader's log; none for other roles.
fn leads(node: &raft_core::Node<kv::Command>) -> Option<(Term, Index)> {
    matches!(node.role(), Role::Leader(_)).then(|| (node.current_term(), node.log().last_index()))
}

/// Liveness: what Raft promises only where everything works.
impl World {
    /// Whether everything works, so that within a time there must be a leader, and agreement: all members run, no link
    /// is cut or loses anything, and messages, disks and clocks keep to the timing requirement (§5.6): a broadcast takes
    /// clearly less than an election timeout, and less than timeouts differ; heartbeats come in time, also those of the
    /// slowest clock for the fastest.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        let ids = self.members();
        let mut members = self.servers.iter().filter(|server| ids.contains(&server.id()));
        let works = |server: &Server| server.is_active() && !server.disk.is_stalled();
        let drifts = || self.servers.iter().map(|server| server.clock.drift_ppm());
        // By how much longer than it should a time takes by the slowest clock, and by the fastest.
        let real_us = |us: u64, drift_ppm: Option<i64>| {
            let speed = u64::try_from(1_000_000 + drift_ppm.unwrap_or(0)).unwrap_or(1).max(1);
            us.saturating_mul(1_000_000) / speed
        };
        let raft = &self.raft;
        let latency_us = self.network.latency_us_max(&ids);
        let slowest_write = self.servers.iter().map(|server| server.disk.config.write_us_max).max();
        let broadcast_us = latency_us.saturating_mul(2).saturating_add(slowest_write.unwrap_or(0));
        let heartbeat_us = real_us(raft.heartbeat_interval_us, drifts().min());
        let patience_us = real_us(raft.patience_us(), drifts().max());
        let range_us = raft.election_timeout_us_max - raft.election_timeout_us_min;
        self.network.is_whole(&ids)
            && members.all(works)
            && broadcast_us.saturating_mul(2) < patience_us
            && broadcast_us < range_us
            && heartbeat_us.saturating_add(latency_us) < patience_us
    }

    /// Whether a server that has been removed runs, has not heard of it, and stands for election: without CheckQuorum and PreVote
    /// nothing is promised as long as nobody switches it off (dissertation, §4.2.3).
    fn is_disturbed(&self) -> bool {
        if self.raft.check_quorum || self.raft.pre_vote {
            return false;
        }
        let mut strangers = self.servers.iter().filter(|server| {
            let may_stand = server
                .node()
                .is_some_and(|node| node.configuration().is_voter(server.id()));
            may_stand && !self.committed_configuration.contains(server.id())
        });
        strangers.any(|server| !self.members().contains(&server.id()))
    }

    /// The servers that have a say, or receive the log: those of the last configuration that any server has applied, and of
    /// those that these servers go by now. Whoever has been removed is a machine like any other.
    #[must_use]
    pub fn members(&self) -> BTreeSet<NodeId> {
        let committed = self.committed_configuration.members();
        let appended = committed.filter_map(|id| self.server(id)).flat_map(|server| {
            let configuration = server.configuration();
            configuration.members().collect::<Vec<_>>()
        });
        self.committed_configuration.members().chain(appended).collect()
    }

    /// Within this time there must be a leader, and agreement, where everything works: 20 of the longest election timeouts.
    ///
    /// In two stages it takes longer, and chance has a longer tail: where only one server has the log to win, another one that
    /// stands before it in one term is likely to do so in the next, too, because all wait about equally long. Measured with
    /// 2 to 5 servers and default times: a median of 1.2 s, 12 s for the slowest hundredth, and ten times rarer with every
    /// 6 s more. So it is given 60 attempts, each a heartbeat timeout, a delay, and a candidacy without result.
    #[must_use]
    pub fn liveness_us(&self) -> u64 {
        let longest_us = self.raft.election_timeout_us_max;
        match self.raft.election_style {
            ElectionStyle::Standard => longest_us.saturating_mul(20),
            ElectionStyle::TwoStage { heartbeat_timeout_us } => {
                let attempt_us = longest_us.saturating_mul(2).saturating_add(heartbeat_timeout_us);
                attempt_us.saturating_mul(60)
            }
        }
    }

    /// After a disturbance: the time in which there must be a leader and agreement begins anew, or there is none.
    fn note_health(&mut self) {
        let is_healthy = self.is_healthy();
        if let Some(properties) = &mut self.properties {
            properties.note_health(is_healthy, self.now);
        }
    }

    fn check_liveness(&mut self, observer: &mut dyn Observer) {
        if self.properties.as_ref().is_some_and(Properties::awaits_liveness) {
            if self.is_disturbed() {
                return self.note_health();
            }
            let patience_us = self.liveness_us();
            let now = self.now;
            self.check(EventId(self.events), observer, |properties, servers, found| {
                properties.check_liveness(servers, now, patience_us, found);
            });
        }
    }
}

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

    /// How the nodes behave now: as configured, or as commanded since.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.raft
    }

    /// Which rules are in force now.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.raft.rules
    }

    /// What lies between the servers now.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// All clients that have wanted something, by number.
    #[must_use]
    pub fn clients(&self) -> &[Client] {
        &self.clients
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
        self.servers.binary_search_by_key(&id, Server::id).ok()
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
        held.iter().map(|(_, message)| &**message)
    }

    /// What must always be true, if anybody watches.
    #[must_use]
    pub fn properties(&self) -> Option<&Properties> {
        self.properties.as_ref()
    }
}
