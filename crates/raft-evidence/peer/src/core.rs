//! The core as a host drives it when disks and networks take no time.

use std::hint::black_box;
use std::time::Instant as Clock;

use raft_core::{Configuration, Effect, Effects, Input, Instant, Node, NodeId, Payload, Settings, Stable};

use crate::{Applied, BATCH_BYTES, Cluster, IN_FLIGHT, KEPT, SERVERS, median};

pub(crate) struct Servers {
    servers: Vec<Server>,
    now: Instant,
    /// Whether nothing reaches the last server, and nothing comes from it.
    is_cut_off: bool,
    delivered: u64,
}

struct Server {
    node: Node<u64>,
    disk: Stable<u64>,
    applied: Applied,
    /// What the node wants done.
    effects: Effects<u64>,
}

impl Servers {
    /// Carries out everything that is to be done, and everything that comes of it.
    fn drain(&mut self) {
        let mut idle = 0;
        for at in (0..SERVERS).cycle() {
            idle = if self.carry_out(at) { 0 } else { idle + 1 };
            if idle == SERVERS {
                return;
            }
        }
    }

    /// The loop over the effects: store, send, apply, and say that what has been stored is durable. A message arrives
    /// as soon as it is sent. Returns whether there was anything to do.
    fn carry_out(&mut self, at: usize) -> bool {
        if self.servers[at].effects.is_empty() {
            return false;
        }
        let mut effects = std::mem::take(&mut self.servers[at].effects);
        let mut stored = None;
        for effect in effects.drain() {
            match effect {
                Effect::Persist { seq, write } => {
                    self.servers[at].disk.write(write);
                    stored = Some(seq);
                }
                // The write that it waits for came before it and is durable.
                Effect::Send { message, .. } => {
                    let to = message.to.0 as usize - 1;
                    let is_lost = self.is_cut_off && (to == SERVERS - 1 || at == SERVERS - 1);
                    if !is_lost {
                        self.delivered += 1;
                        self.servers[to].step(self.now, Input::Message(message));
                    }
                }
                Effect::Apply { entry, .. } => {
                    if let Payload::Command(command) = entry.payload {
                        self.servers[at].applied.apply(command);
                    }
                }
                Effect::Proposed { .. } => {}
                unexpected => panic!("nobody asked for {unexpected:?}"),
            }
        }
        // Nobody has sent it anything meanwhile: what is empty now can be used again.
        self.servers[at].effects = effects;
        if let Some(seq) = stored {
            self.servers[at].step(self.now, Input::Persisted { seq });
        }
        true
    }
}

impl Server {
    fn step(&mut self, now: Instant, input: Input<u64>) {
        self.node.step(now, input, &mut self.effects);
    }
}

impl Cluster for Servers {
    /// The first server is the only one whose time passes, so it is elected.
    fn elect() -> Servers {
        let ids = (1..=SERVERS as u64).map(NodeId);
        let disk = Stable::new(Configuration::new(ids.clone()));
        let settings = Settings {
            // The peer tells of a new commit index at once, so the core does.
            announce_commit: true,
            batch_bytes_max: BATCH_BYTES,
            in_flight_max: IN_FLIGHT,
            compaction_keeps: KEPT,
            ..Settings::default()
        };
        let server = |id: NodeId| Server {
            node: Node::new(id, settings.clone(), disk.clone(), id.0),
            disk: disk.clone(),
            applied: Applied::default(),
            effects: Effects::without_reasons(),
        };
        let mut servers = Servers {
            servers: ids.map(server).collect(),
            now: Instant(0),
            is_cut_off: false,
            delivered: 0,
        };
        while servers.servers[0].node.leader() != Some(NodeId(1)) {
            let Server { node, effects, .. } = &mut servers.servers[0];
            servers.now = node.next_deadline().expect("a follower has a deadline");
            node.tick(servers.now, effects);
            servers.drain();
        }
        servers
    }

    fn write(&mut self, commands: std::ops::Range<u64>) {
        for command in commands {
            self.servers[0].step(self.now, Input::Propose(command));
        }
        self.drain();
    }

    fn beat(&mut self) {
        let interval_us = self.servers[0].node.settings().heartbeat_interval_us;
        self.now = self.now.after_us(interval_us);
        for at in 0..SERVERS {
            let Server { node, effects, .. } = &mut self.servers[at];
            node.tick(self.now, effects);
            self.drain();
        }
    }

    fn cut_off_the_last(&mut self, is_cut_off: bool) {
        self.is_cut_off = is_cut_off;
    }

    fn compact(&mut self) {
        for server in &mut self.servers {
            let index = server.node.commit_index();
            let data = Vec::new();
            server.step(self.now, Input::Compact { index, data });
        }
        self.drain();
    }

    fn applied(&self) -> [Applied; SERVERS] {
        std::array::from_fn(|at| self.servers[at].applied)
    }

    fn delivered(&self) -> u64 {
        self.delivered
    }
}

/// What a checkpoint of a leader with so many entries costs, in nanoseconds.
pub(crate) fn clone_ns(entries: u64) -> f64 {
    const CLONES: u32 = 1_000;
    let mut servers = Servers::elect();
    servers.write(0..entries);
    let node = &servers.servers[0].node;
    let round = |_| {
        let started = Clock::now();
        for _ in 0..CLONES {
            black_box(black_box(node).clone());
        }
        started.elapsed().as_secs_f64() * 1e9 / f64::from(CLONES)
    };
    median((0..99).map(round))
}
