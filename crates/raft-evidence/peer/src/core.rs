//! The core as a host drives it when disks and networks take no time.

use std::hint::black_box;
use std::time::Instant as Clock;

use raft_core::{Configuration, Effect, Effects, Input, Instant, Node, NodeId, Payload, Settings, Stable};

use crate::{Applied, BATCH_BYTES, Cluster, IN_FLIGHT, SERVERS, median};

pub(crate) struct Servers {
    servers: Vec<Server>,
    /// What has not arrived yet, per server.
    mailboxes: [Vec<Input<u64>>; SERVERS],
    effects: Effects<u64>,
    now: Instant,
    /// Whether nothing reaches the last server, and nothing comes from it.
    is_cut_off: bool,
    delivered: u64,
}

struct Server {
    node: Node<u64>,
    disk: Stable<u64>,
    applied: Applied,
}

impl Servers {
    /// Lets everything arrive that is under way.
    fn drain(&mut self) {
        while self.mailboxes.iter().any(|mailbox| !mailbox.is_empty()) {
            for at in 0..SERVERS {
                let mut arrived = std::mem::take(&mut self.mailboxes[at]);
                for input in arrived.drain(..) {
                    self.servers[at].node.step(self.now, input, &mut self.effects);
                }
                self.mailboxes[at] = arrived;
                self.carry_out(at);
            }
        }
    }

    /// The loop over the effects. Writes are durable at once; that the last one is says that all are.
    fn carry_out(&mut self, at: usize) {
        let Server { disk, applied, .. } = &mut self.servers[at];
        let mut written = None;
        for effect in self.effects.drain() {
            match effect {
                Effect::Persist { seq, write } => {
                    disk.write(write);
                    written = Some(Input::Persisted { seq });
                }
                // The write that it waits for came before it and is durable.
                Effect::Send { message, .. } => {
                    let to = message.to.0 as usize - 1;
                    let is_lost = self.is_cut_off && (to == SERVERS - 1 || at == SERVERS - 1);
                    if !is_lost {
                        self.delivered += 1;
                        self.mailboxes[to].push(Input::Message(message));
                    }
                }
                Effect::Apply { entry, .. } => {
                    if let Payload::Command(command) = entry.payload {
                        applied.apply(command);
                    }
                }
                Effect::Proposed { .. } | Effect::Because(_) => {}
                unexpected => panic!("nobody asked for {unexpected:?}"),
            }
        }
        self.mailboxes[at].extend(written);
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
            ..Settings::default()
        };
        let server = |id: NodeId| Server {
            node: Node::new(id, settings.clone(), disk.clone(), id.0),
            disk: disk.clone(),
            applied: Applied::default(),
        };
        let mut servers = Servers {
            servers: ids.map(server).collect(),
            mailboxes: Default::default(),
            effects: Effects::new(),
            now: Instant(0),
            is_cut_off: false,
            delivered: 0,
        };
        while servers.servers[0].node.leader() != Some(NodeId(1)) {
            let first = &mut servers.servers[0].node;
            servers.now = first.next_deadline().expect("a follower has a deadline");
            first.tick(servers.now, &mut servers.effects);
            servers.carry_out(0);
            servers.drain();
        }
        servers
    }

    fn write(&mut self, commands: std::ops::Range<u64>) {
        for command in commands {
            let first = &mut self.servers[0].node;
            first.step(self.now, Input::Propose(command), &mut self.effects);
        }
        self.carry_out(0);
        self.drain();
    }

    fn beat(&mut self) {
        let interval_us = self.servers[0].node.settings().heartbeat_interval_us;
        self.now = self.now.after_us(interval_us);
        for at in 0..SERVERS {
            self.servers[at].node.tick(self.now, &mut self.effects);
            self.carry_out(at);
            self.drain();
        }
    }

    fn cut_off_the_last(&mut self, is_cut_off: bool) {
        self.is_cut_off = is_cut_off;
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
