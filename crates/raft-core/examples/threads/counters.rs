//! The state machine: a counter for each client.

use raft_core::session::{ClientId, Outcome, Serial, Sessions};
use raft_core::{Command, Entry, Index, Payload, Rules, Snapshot};

use crate::disk::{from_bytes, to_bytes};

/// "Add one to my counter; once, however often you hear this."
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Add {
    pub(crate) client: ClientId,
    pub(crate) serial: Serial,
}

impl Command for Add {
    fn size_bytes(&self) -> u64 {
        16
    }
}

#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) applied: Index,
    /// Of each client the latest write and its answer; and that is where its counter is.
    sessions: Sessions<u64>,
}

impl Counters {
    pub(crate) fn of(&self, client: ClientId) -> u64 {
        self.sessions.latest(client).map_or(0, |(_, counter)| *counter)
    }

    /// Returns what whoever wanted this is to hear.
    pub(crate) fn apply(&mut self, index: Index, entry: &Entry<Add>) -> Option<u64> {
        self.applied = index;
        let Payload::Command(Add { client, serial }) = entry.payload else {
            return None;
        };
        let next = self.of(client) + 1;
        match self.sessions.once(Rules::ALL, client, serial, || next) {
            Outcome::Done(counter) | Outcome::Repeated(counter) => Some(counter),
            Outcome::Stale => None,
        }
    }

    /// The sessions belong into the snapshot: they are part of the state machine.
    pub(crate) fn written_down(&self) -> Vec<u8> {
        let clients = self.sessions.iter();
        to_bytes(clients.flat_map(|(client, serial, counter)| [client.0, serial.0, *counter]))
    }

    pub(crate) fn restore(snapshot: &Snapshot) -> Counters {
        let mut sessions = Sessions::default();
        let words: Vec<u64> = from_bytes(&snapshot.data).collect();
        for client in words.chunks_exact(3) {
            let _ = sessions.once(Rules::ALL, ClientId(client[0]), Serial(client[1]), || client[2]);
        }
        let applied = snapshot.last.index;
        Counters { applied, sessions }
    }
}
