//! The crate `raft`, driven as its documentation says, with its own storage in memory.

use raft::eraftpb::{Entry, EntryType, Message};
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};

use crate::{Applied, Cluster, SERVERS};

pub(crate) struct Servers {
    servers: Vec<Server>,
    /// What has not arrived yet, per server.
    mailboxes: [Vec<Message>; SERVERS],
}

struct Server {
    node: RawNode<MemStorage>,
    applied: Applied,
}

impl Servers {
    pub(crate) fn elect() -> Servers {
        let mut servers = Servers {
            servers: (1..=SERVERS as u64).map(Server::new).collect(),
            mailboxes: Default::default(),
        };
        servers.servers[0].node.campaign().expect("a follower can stand");
        servers.carry_out(0);
        servers.drain();
        assert_eq!(
            servers.servers[0].node.raft.state,
            StateRole::Leader,
            "nobody else stood"
        );
        servers
    }

    /// Lets everything arrive that is under way.
    fn drain(&mut self) {
        while self.mailboxes.iter().any(|mailbox| !mailbox.is_empty()) {
            for at in 0..SERVERS {
                let mut arrived = std::mem::take(&mut self.mailboxes[at]);
                for message in arrived.drain(..) {
                    self.servers[at].node.step(message).expect("the message is for it");
                }
                self.mailboxes[at] = arrived;
                self.carry_out(at);
            }
        }
    }

    /// The loop over `Ready`: store, send, apply, advance.
    fn carry_out(&mut self, at: usize) {
        while self.servers[at].node.has_ready() {
            let server = &mut self.servers[at];
            let mut ready = server.node.ready();
            let mut messages = ready.take_messages();
            server.apply(ready.take_committed_entries());
            let mut storage = server.node.raft.raft_log.store.wl();
            storage.append(ready.entries()).expect("the entries follow each other");
            if let Some(hard_state) = ready.hs() {
                storage.set_hardstate(hard_state.clone());
            }
            drop(storage);
            messages.extend(ready.take_persisted_messages());
            let mut rest = server.node.advance(ready);
            if let Some(commit) = rest.commit_index() {
                server.node.raft.raft_log.store.wl().mut_hard_state().commit = commit;
            }
            messages.extend(rest.take_messages());
            server.apply(rest.take_committed_entries());
            server.node.advance_apply();
            self.send(messages);
        }
    }

    fn send(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.mailboxes[message.to as usize - 1].push(message);
        }
    }
}

impl Server {
    fn new(id: u64) -> Server {
        let members: Vec<u64> = (1..=SERVERS as u64).collect();
        let storage = MemStorage::new_with_conf_state((members, vec![]));
        // The same limits as the core's defaults; nothing that the core has not switched on.
        let config = Config {
            id,
            max_size_per_msg: 64 * 1024,
            max_inflight_msgs: 16,
            ..Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let node = RawNode::new(&config, storage, &logger).expect("the settings are its own");
        Server {
            node,
            applied: Applied::default(),
        }
    }

    fn apply(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            // A new leader's first entry is empty.
            if entry.entry_type() == EntryType::EntryNormal && !entry.data.is_empty() {
                let command = entry.data.as_slice().try_into().expect("eight bytes");
                self.applied.apply(u64::from_le_bytes(command));
            }
        }
    }
}

impl Cluster for Servers {
    fn write(&mut self, command: u64) {
        self.servers[0]
            .node
            .propose(vec![], command.to_le_bytes().to_vec())
            .expect("it leads");
        self.carry_out(0);
        self.drain();
    }

    fn applied(&self) -> [Applied; SERVERS] {
        std::array::from_fn(|at| self.servers[at].applied)
    }
}
