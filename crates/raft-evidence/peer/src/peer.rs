//! The crate `raft`, driven as its documentation says, with its own storage in memory.

use raft::eraftpb::{Entry, EntryType, Message};
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};

use crate::{Applied, BATCH_BYTES, Cluster, IN_FLIGHT, KEPT, SERVERS};

pub(crate) struct Servers {
    servers: Vec<Server>,
    /// Whether nothing reaches the last server, and nothing comes from it.
    is_cut_off: bool,
    delivered: u64,
}

struct Server {
    node: RawNode<MemStorage>,
    applied: Applied,
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

    /// The loop over `Ready`: store, send, apply, advance. A message arrives as soon as it is sent. Returns whether
    /// there was anything to do.
    fn carry_out(&mut self, at: usize) -> bool {
        let server = &mut self.servers[at];
        if !server.node.has_ready() {
            return false;
        }
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
        for message in messages {
            self.send(at, message);
        }
        true
    }

    fn send(&mut self, at: usize, message: Message) {
        let to = message.to as usize - 1;
        let is_lost = self.is_cut_off && (to == SERVERS - 1 || at == SERVERS - 1);
        if !is_lost {
            self.delivered += 1;
            self.servers[to].node.step(message).expect("the message is for it");
        }
    }
}

impl Server {
    fn new(id: u64) -> Server {
        let members: Vec<u64> = (1..=SERVERS as u64).collect();
        let storage = MemStorage::new_with_conf_state((members, vec![]));
        // The same limits as the core's; nothing that the core has not switched on.
        let config = Config {
            id,
            // A tick is a heartbeat interval.
            heartbeat_tick: 1,
            max_size_per_msg: BATCH_BYTES,
            max_inflight_msgs: IN_FLIGHT,
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
    fn elect() -> Servers {
        let mut servers = Servers {
            servers: (1..=SERVERS as u64).map(Server::new).collect(),
            is_cut_off: false,
            delivered: 0,
        };
        servers.servers[0].node.campaign().expect("a follower can stand");
        servers.drain();
        assert_eq!(
            servers.servers[0].node.raft.state,
            StateRole::Leader,
            "nobody else stood"
        );
        servers
    }

    fn write(&mut self, commands: std::ops::Range<u64>) {
        for command in commands {
            let first = &mut self.servers[0].node;
            first.propose(vec![], command.to_le_bytes().to_vec()).expect("it leads");
        }
        self.drain();
    }

    fn beat(&mut self) {
        for at in 0..SERVERS {
            self.servers[at].node.tick();
            self.drain();
        }
    }

    fn cut_off_the_last(&mut self, is_cut_off: bool) {
        self.is_cut_off = is_cut_off;
    }

    fn compact(&mut self) {
        for Server { node, .. } in &self.servers {
            let kept_from = (node.raft.raft_log.applied + 1).saturating_sub(KEPT);
            let mut storage = node.raft.raft_log.store.wl();
            storage.compact(kept_from).expect("it has been applied");
        }
    }

    fn applied(&self) -> [Applied; SERVERS] {
        std::array::from_fn(|at| self.servers[at].applied)
    }

    fn delivered(&self) -> u64 {
        self.delivered
    }
}
