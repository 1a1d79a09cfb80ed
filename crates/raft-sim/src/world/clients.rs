//! Clients: their requests and answers on the network, and what servers do with them.

use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{Index, Input, NodeId, ReadId, Refusal, Term};

use super::{Cause, World};
use crate::agenda::{Due, InFlight, Parcel, Patience};
use crate::client::{Client, Heard, Operation, Reply, Request, Wish};
use crate::server::{WaitingRead, WaitingWrite};
use crate::{Config, EventId, EventKind, Observer, Server, kv};

/// The keys that the clients of a workload use.
const KEYS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// What clients do.
impl World {
    /// The clients of a workload begin one after the other, so that not all ask at once.
    pub(super) fn start_workload(&mut self) {
        let Some(workload) = &self.config.workload else { return };
        let (clients, interval_us) = (workload.clients, workload.interval_us);
        for client in 1..=clients {
            // Divided first, so that no interval is too long.
            let first = interval_us / clients * client;
            self.agenda
                .enter(self.now.after_us(first.max(1)), Due::Wish(ClientId(client)));
        }
    }

    /// A client of the workload wants something, unless it still waits for an answer.
    pub(super) fn wish(&mut self, client: ClientId, observer: &mut dyn Observer) {
        let workload = self.config.workload.clone().expect("only a workload wishes");
        self.agenda
            .enter(self.now.after_us(workload.interval_us), Due::Wish(client));
        let place = self.client_place(client);
        if self.clients[place].call().is_some() {
            return;
        }
        let operation = self.draw_operation(&workload);
        let because = EventId(0);
        self.ask(
            client,
            Wish {
                to: None,
                operation,
                because,
            },
            observer,
        );
    }

    fn draw_operation(&mut self, workload: &crate::Workload) -> Operation {
        self.wishes += 1;
        let key = if workload.clients == 1 {
            self.wishes % workload.keys
        } else {
            self.random.between(0, workload.keys - 1)
        };
        let key = usize::try_from(key).map_or(KEYS[0], |key| KEYS[key]).into();
        let value = self.wishes.to_string().into();
        let percent = if workload.reads_percent + workload.compare_and_sets_percent > 0 {
            self.random.between(0, 99)
        } else {
            100
        };
        if percent < workload.reads_percent {
            let mode = workload.read_mode;
            Operation::Read { key, mode }
        } else if percent < workload.reads_percent + workload.compare_and_sets_percent {
            // What one server has there: it may well be so still.
            let somebody = self.somebody();
            let state = self.server(somebody).and_then(Server::state);
            let expected = state.and_then(|state| state.get(&key)).cloned();
            Operation::Write(kv::Write::CompareAndSet { key, expected, value })
        } else {
            Operation::Write(kv::Write::Put { key, value })
        }
    }

    /// Any server.
    fn somebody(&mut self) -> NodeId {
        let last = self.servers.len() as u64 - 1;
        let place = usize::try_from(self.random.between(0, last)).unwrap_or(0);
        self.servers[place].id()
    }

    fn client_place(&mut self, id: ClientId) -> usize {
        self.clients
            .binary_search_by_key(&id, Client::id)
            .unwrap_or_else(|place| {
                self.clients.insert(place, Client::new(id));
                place
            })
    }

    /// A client wants something, now or after what it wants already.
    pub(super) fn ask(&mut self, client: ClientId, wish: Wish, observer: &mut dyn Observer) {
        if !(1..=Config::CLIENTS_MAX).contains(&client.0) {
            return;
        }
        let place = self.client_place(client);
        self.clients[place].wish(wish);
        self.begin_call(place, observer);
    }

    /// A client begins what it wants next, unless it still waits for something.
    fn begin_call(&mut self, place: usize, observer: &mut dyn Observer) {
        if self.clients[place].call().is_some() || self.clients[place].waiting() == 0 {
            return;
        }
        let somebody = match self.clients[place].believes_in() {
            Some(leader) => leader,
            None => self.somebody(),
        };
        let Some(because) = self.clients[place].begin(somebody) else {
            return;
        };
        let client = self.clients[place].id();
        let call = self.clients[place].call().expect("it has just begun");
        let (serial, operation) = (call.serial, call.operation.clone());
        if !operation.is_linearizable() {
            let newest = self.newest(operation.key());
            self.clients[place].remember_newest(newest);
        }
        let cause = (because != EventId(0)).then_some(because);
        let called = EventKind::Called {
            client,
            serial,
            operation: operation.clone(),
        };
        let called = self.tell(cause, None, called, observer);
        self.check(called, observer, |properties, _, _| {
            properties.called(client, serial, &operation);
        });
        self.send_request(place, called, observer);
    }

    /// How far the log has been applied anywhere, and what was under a key there. Whoever applied it may be down by now.
    fn newest(&self, key: &str) -> (Index, Option<Arc<str>>) {
        (self.applied_max, self.newest.get(key).cloned())
    }

    fn send_request(&mut self, place: usize, cause: EventId, observer: &mut dyn Observer) {
        let Some(request) = self.clients[place].ask() else {
            return;
        };
        let Request { client, serial, to, .. } = request;
        let tries = self.clients[place].call().map_or(0, |call| call.tries);
        let message = self.next_message();
        let asked = EventKind::Asked {
            client,
            serial,
            message,
            to,
        };
        let sent_by = self.tell(Some(cause), None, asked, observer);
        self.transmit(message, Parcel::Request(request), sent_by, observer);
        let patience = Patience {
            client,
            serial,
            tries,
            since: sent_by,
        };
        self.have_patience(patience, self.config.client_timeout_us);
    }

    fn have_patience(&mut self, patience: Patience, for_us: u64) {
        self.agenda.enter(self.now.after_us(for_us), Due::Impatience(patience));
    }

    pub(super) fn lose_patience(&mut self, patience: Patience, observer: &mut dyn Observer) {
        let Patience {
            client,
            serial,
            tries,
            since,
        } = patience;
        let place = self.client_place(client);
        let is_waited_for = self.clients[place]
            .call()
            .is_some_and(|call| (call.serial, call.tries) == (serial, tries));
        if !is_waited_for {
            return;
        }
        let asked = self.clients[place].call().map(|call| call.asked);
        let mut somebody = self.somebody();
        // Elsewhere, if there is an elsewhere.
        if Some(somebody) == asked && self.servers.len() > 1 {
            let next = self.servers.iter().map(Server::id).find(|&id| id > somebody);
            somebody = next.unwrap_or(self.servers[0].id());
        }
        if self.clients[place].lose_patience(serial, tries, somebody) {
            let kind = EventKind::ClientTimedOut { client, serial };
            let timed_out = self.tell(Some(since), None, kind, observer);
            self.send_request(place, timed_out, observer);
        }
    }

    /// A reply ends its way: the client has its answer, or asks elsewhere.
    pub(super) fn deliver_reply(&mut self, in_flight: InFlight, observer: &mut dyn Observer) {
        let InFlight {
            id: message,
            parcel,
            lost,
            sent_by,
            ..
        } = in_flight;
        let Parcel::Reply(reply) = parcel else {
            unreachable!("only replies go to clients")
        };
        let Reply {
            from,
            client,
            serial,
            applied,
            ..
        } = reply;
        if lost {
            let kind = EventKind::AnswerLost {
                message,
                client,
                serial,
            };
            self.tell(Some(sent_by), Some(from), kind, observer);
            return;
        }
        let place = self.client_place(client);
        match self.clients[place].hear(reply) {
            Heard::Nothing => (),
            Heard::Answer(answer, call) => {
                let is_other = |value| answer != kv::Answer::Value(value);
                let stale = call
                    .newest
                    .clone()
                    .is_some_and(|(newest, value)| applied < newest && is_other(value));
                let returned = EventKind::Returned {
                    client,
                    serial,
                    from,
                    answer: answer.clone(),
                    stale,
                };
                let returned = self.tell(Some(sent_by), None, returned, observer);
                self.check(returned, observer, |properties, _, found| {
                    properties.returned(returned, client, &call, (from, &answer), found);
                });
                self.begin_call(place, observer);
            }
            Heard::GoThere(why) => {
                let turned = self.turned_away(client, serial, from, why, sent_by, observer);
                self.send_request(place, turned, observer);
            }
            Heard::Wait(why) => {
                let turned = self.turned_away(client, serial, from, why, sent_by, observer);
                let patience = Patience {
                    client,
                    serial,
                    tries: self.clients[place].call().map_or(0, |call| call.tries),
                    since: turned,
                };
                self.have_patience(patience, self.config.client_timeout_us / 4 + 1);
            }
        }
    }

    fn turned_away(
        &mut self,
        client: ClientId,
        serial: Serial,
        from: NodeId,
        why: Refusal,
        cause: EventId,
        observer: &mut dyn Observer,
    ) -> EventId {
        let kind = EventKind::TurnedAway {
            client,
            serial,
            from,
            why,
        };
        self.tell(Some(cause), None, kind, observer)
    }
}

/// What servers do with requests.
impl World {
    /// A request has arrived.
    pub(super) fn serve(&mut self, place: usize, request: Request, head: EventId, observer: &mut dyn Observer) {
        let Request {
            client,
            serial,
            operation,
            ..
        } = request;
        let input = match operation {
            Operation::Write(write) => Input::Propose(kv::Command::new(client, serial, write)),
            Operation::Read { key, mode } => {
                self.reads += 1;
                let id = ReadId(self.reads);
                let running = self.servers[place].running.as_mut().expect("only what runs serves");
                running.reads.push(WaitingRead {
                    id,
                    key,
                    client,
                    serial,
                });
                Input::Read { id, mode }
            }
        };
        let cause = Cause {
            event: head,
            asking: Some((client, serial)),
        };
        self.run(place, Some(input), cause, observer);
    }

    /// A client's write is in the log: its answer waits until it is applied.
    pub(super) fn await_write(&mut self, place: usize, index: Index, term: Term, asking: Option<(ClientId, Serial)>) {
        let running = self.servers[place].running.as_mut().expect("only what runs proposes");
        if let Some((client, serial)) = asking {
            running.writes.push(WaitingWrite {
                index,
                term,
                client,
                serial,
            });
        }
    }

    /// An entry has been applied: whoever waits for one at its index has its answer, or is sent elsewhere.
    pub(super) fn answer_write(
        &mut self,
        place: usize,
        index: Index,
        term: Term,
        answer: Option<&kv::Answer>,
        cause: EventId,
        observer: &mut dyn Observer,
    ) {
        let running = self.servers[place].running.as_mut().expect("only what runs applies");
        if running.writes.is_empty() {
            return;
        }
        let leader = running.node.leader();
        let answered: Vec<_> = running
            .writes
            .extract_if(.., |write| write.index <= index)
            .filter(|write| write.index == index)
            .collect();
        for write in answered {
            let WaitingWrite { client, serial, .. } = write;
            if write.term != term {
                self.answer(
                    place,
                    client,
                    serial,
                    Err(Refusal::NotLeader { leader }),
                    cause,
                    observer,
                );
            } else if let Some(answer) = answer {
                let event = self.answer(place, client, serial, Ok(answer.clone()), cause, observer);
                self.check(event, observer, |properties, _, _| {
                    properties.acknowledged(index, client, serial);
                });
            }
        }
    }

    /// A read may be done, or not.
    pub(super) fn answer_read(
        &mut self,
        place: usize,
        id: ReadId,
        ready: Result<(), Refusal>,
        cause: EventId,
        observer: &mut dyn Observer,
    ) {
        let running = self.servers[place].running.as_mut().expect("only what runs reads");
        let Some(read) = running.reads.iter().position(|read| read.id == id) else {
            return;
        };
        let WaitingRead {
            key, client, serial, ..
        } = running.reads.remove(read);
        let result = ready.map(|()| kv::Answer::Value(running.state.get(&key).cloned()));
        self.answer(place, client, serial, result, cause, observer);
    }

    /// A server answers a client.
    pub(super) fn answer(
        &mut self,
        place: usize,
        client: ClientId,
        serial: Serial,
        result: Result<kv::Answer, Refusal>,
        cause: EventId,
        observer: &mut dyn Observer,
    ) -> EventId {
        let server = &self.servers[place];
        let from = server.id();
        let applied = server.node().map_or(Index(0), raft_core::Node::commit_index);
        let message = self.next_message();
        let answered = EventKind::Answered {
            message,
            client,
            serial,
            result: result.clone(),
        };
        let sent_by = self.tell(Some(cause), Some(from), answered, observer);
        let reply = Reply {
            from,
            client,
            serial,
            result,
            applied,
        };
        self.transmit(message, Parcel::Reply(reply), sent_by, observer);
        sent_by
    }
}
