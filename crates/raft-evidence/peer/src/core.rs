//! The core as a host drives it when disks and networks take no time.

use raft_core::{Configuration, Effect, Effects, Input, Instant, Node, NodeId, Payload, Settings, Stable};

use crate::{Applied, Cluster, SERVERS};

pub(crate) struct Servers {
    servers: Vec<Server>,
    /// What has not arrived yet, per server.
    mailboxes: [Vec<Input<u64>>; SERVERS],
    effects: Effects<u64>,
    now: Instant,
}

struct Server {
    node: Node<u64>,
    disk: Stable<u64>,
    applied: Applied,
}

impl Servers {
    /// The first server is the only one whose time passes, so it is elected.
    pub(crate) fn elect() -> Servers {
        let ids = (1..=SERVERS as u64).map(NodeId);
        let disk = Stable::new(Configuration::new(ids.clone()));
        // The peer tells of a new commit index at once, so the core does.
        let settings = Settings {
            announce_commit: true,
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

    fn carry_out(&mut self, at: usize) {
        let Server { disk, applied, .. } = &mut self.servers[at];
        for effect in self.effects.drain() {
            match effect {
                Effect::Persist { seq, write } => {
                    disk.write(write);
                    self.mailboxes[at].push(Input::Persisted { seq });
                }
                // The write that it waits for came before it and is durable.
                Effect::Send { message, .. } => {
                    let to = message.to.0 as usize - 1;
                    self.mailboxes[to].push(Input::Message(message));
                }
                Effect::Apply { entry, .. } => {
                    if let Payload::Command(command) = entry.payload {
                        applied.apply(command);
                    }
                }
                Effect::Proposed { .. } | Effect::Because(_) => {}
                Effect::Refused { leader } => panic!("refused; the leader is {leader:?}"),
            }
        }
    }
}

impl Cluster for Servers {
    fn write(&mut self, command: u64) {
        self.servers[0]
            .node
            .step(self.now, Input::Propose(command), &mut self.effects);
        self.carry_out(0);
        self.drain();
    }

    fn applied(&self) -> [Applied; SERVERS] {
        std::array::from_fn(|at| self.servers[at].applied)
    }
}
