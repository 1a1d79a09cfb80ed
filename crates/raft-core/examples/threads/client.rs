//! A client: it repeats a write under the same number until it has an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use raft_core::NodeId;
use raft_core::session::{ClientId, Serial};

use crate::SERVERS;
use crate::counters::Add;
use crate::machine::Network;
use crate::server::Event;

pub(crate) struct Client {
    id: ClientId,
    network: Arc<Network>,
    /// Who leads, as far as it knows.
    server: NodeId,
}

/// What a client wants of a server, and where the answer goes.
pub(crate) enum Wish {
    Add(Add, Sender<Answer>),
    Read(ClientId, Sender<Answer>),
}

pub(crate) enum Answer {
    Counter(u64),
    AskTheLeader(NodeId),
    NotNow,
}

impl Client {
    pub(crate) fn new(id: ClientId, network: &Arc<Network>) -> Client {
        Client {
            id,
            network: network.clone(),
            server: SERVERS[0],
        }
    }

    /// Returns how many writes were acknowledged.
    pub(crate) fn write_until(mut self, is_over: &AtomicBool) -> Result<u64, String> {
        let client = self.id;
        let mut writes = 0;
        while !is_over.load(Ordering::Relaxed) {
            let serial = Serial(writes + 1);
            let counter = self.ask(|answer| Wish::Add(Add { client, serial }, answer));
            if counter != serial.0 {
                return Err(format!("write {} of client {} made it {counter}", serial.0, client.0));
            }
            writes = counter;
        }
        let counter = self.ask(|answer| Wish::Read(client, answer));
        println!(
            "client {}: {writes} writes acknowledged, its counter is at {counter}",
            client.0
        );
        (counter == writes)
            .then_some(writes)
            .ok_or(format!("client {} reads {counter}", client.0))
    }

    /// Asks one server after the other until one answers.
    fn ask(&mut self, wish: impl Fn(Sender<Answer>) -> Wish) -> u64 {
        loop {
            let (sender, answer) = mpsc::channel();
            self.network.send(self.server, Event::Asked(wish(sender)));
            match answer.recv_timeout(Duration::from_millis(300)) {
                Ok(Answer::Counter(counter)) => return counter,
                Ok(Answer::AskTheLeader(leader)) => self.server = leader,
                Ok(Answer::NotNow) | Err(_) => {
                    self.server = SERVERS[self.server.0 as usize % SERVERS.len()];
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
    }
}
