//! What clients do and are told, put into words.

use raft_core::{NodeId, ReadId, ReadMode, Reason, Refusal};
use raft_sim::{ClientId, EventKind, Operation, Serial, kv};

use super::{Telling, Told, reasons, refusal};
use crate::label;
use crate::scene::Section::{self, Dissertation, Paper};
use crate::scene::Who;
use crate::text::{Answer, Message};

impl Telling<'_> {
    /// Whether somebody at the page asks through this client, and not a workload.
    pub(super) fn is_the_readers(&self, client: ClientId) -> bool {
        let workload = self.timeline.recording().config.workload.as_ref();
        workload.is_none_or(|workload| client.0 > workload.clients)
    }

    /// What a client waited for when the step began.
    pub(super) fn operation(&self, client: ClientId, serial: Serial) -> Option<&Operation> {
        let calls = &mut self.before.calls.iter();
        let call = calls.find(|(caller, number, _)| (*caller, *number) == (client, serial));
        call.map(|(.., operation)| operation)
    }

    /// Whom a client asks in this step.
    pub(super) fn asks(&self, client: ClientId) -> Option<NodeId> {
        self.step.iter().find_map(|event| match event.kind {
            EventKind::Asked { client: who, to, .. } if who == client => Some(to),
            _ => None,
        })
    }

    pub(super) fn called(&self, client: ClientId, operation: &Operation) -> Option<Told> {
        let to = self.asks(client).filter(|_| self.is_the_readers(client))?;
        // A leader without its majority may not be the one that leads.
        let node = self.timeline.world().server(to).and_then(raft_sim::Server::node);
        let leads = node.is_some_and(|node| matches!(node.role(), raft_core::Role::Leader(_)));
        let why = match operation {
            Operation::Read {
                mode: ReadMode::Local, ..
            } => Message::BecauseAnybodyReads,
            _ if !leads => Message::BecauseOnlyLeadersServe,
            Operation::Write(_) => Message::BecauseLeaderWrites,
            Operation::Read { .. } => Message::BecauseLeaderReads,
        };
        let what = Message::ClientAsked {
            client: client.0,
            to: to.0,
            request: label::request(operation),
        };
        Some((Who::Client(client.0), what, Some(why), Some(Paper("8"))))
    }

    /// A client that waits for an answer keeps what it is to ask for later.
    pub(super) fn waits_to_ask(&self, client: ClientId, operation: &Operation) -> Option<Told> {
        let mut clients = self.timeline.world().clients().iter();
        let waits = clients.any(|it| it.id() == client && it.waiting() > 0);
        let what = Message::ClientWillAsk {
            client: client.0,
            request: label::request(operation),
        };
        waits.then_some((Who::Client(client.0), what, Some(Message::BecauseOneAtATime), None))
    }

    pub(super) fn request_lost(&self, client: ClientId, to: NodeId) -> Option<Told> {
        let who = Who::Client(client.0);
        if let Some(dropped) = self.dropped(who, Who::Server(to.0)) {
            return Some(dropped);
        }
        let is_down = self.timeline.world().server(to)?.node().is_none();
        let what = Message::LostRequest {
            client: client.0,
            to: to.0,
        };
        let why = if is_down {
            Message::BecauseDown { server: to.0 }
        } else {
            Message::BecauseRequestsGetLost
        };
        self.is_the_readers(client)
            .then_some((who, what, Some(why), Some(Paper("8"))))
    }

    pub(super) fn answered(
        &self,
        server: NodeId,
        client: ClientId,
        serial: Serial,
        result: &Result<kv::Answer, Refusal>,
    ) -> Option<Told> {
        let operation = self.operation(client, serial).filter(|_| self.is_the_readers(client))?;
        let who = Who::Server(server.0);
        match result {
            Ok(answer) => {
                let what = Message::Answered {
                    server: server.0,
                    client: client.0,
                    answer: self::answer(operation, answer),
                };
                let (why, section) = match answer {
                    kv::Answer::Written => (Message::BecauseDone, Paper("5.3")),
                    kv::Answer::NotAsExpected => (Message::BecauseNotAsExpected, Paper("5.3")),
                    kv::Answer::Value(_) => self.why_read(server),
                };
                Some((who, what, Some(why), Some(section)))
            }
            Err(why) => {
                let what = match operation {
                    Operation::Write(write) => Message::RefusedWrite {
                        server: server.0,
                        label: label::write(write),
                    },
                    Operation::Read { .. } => Message::RefusedRead(server.0),
                };
                let (why, section) = refusal(*why);
                Some((who, what, Some(why), section))
            }
        }
    }

    /// A read is answered, and in the same step it is known why it may be.
    fn why_read(&self, server: NodeId) -> (Message, Section) {
        let ready = self.step.iter().find(|event| Some(event.id) == self.event.cause);
        let read = ready.and_then(|event| match event.kind {
            EventKind::ReadReady { id, .. } => Some(id),
            _ => None,
        });
        let is_it = |id: ReadId| read == Some(id);
        let mut known = reasons(self.step, server).filter_map(|reason| match *reason {
            Reason::ReadConfirmed { id, .. } if is_it(id) => Some((Message::BecauseReadConfirmed, Paper("8"))),
            Reason::LeaseHolds { id, left_us } if is_it(id) => {
                let left_ms = left_us / 1_000;
                Some((Message::BecauseLeaseHolds { left_ms }, Dissertation("6.4.1")))
            }
            _ => None,
        });
        known.next().unwrap_or((Message::BecauseLocalRead, Paper("8")))
    }

    pub(super) fn turned_away(&self, client: ClientId, from: NodeId) -> Option<Told> {
        let (who, from) = (Who::Client(client.0), from.0);
        let (what, why) = match self.asks(client) {
            Some(NodeId(to)) => {
                let what = Message::ClientTurnedTo { client: client.0, to };
                (what, Message::BecauseNamed { from, leader: to })
            }
            None => (Message::ClientWaits(client.0), Message::BecauseTurnedAway { from }),
        };
        self.is_the_readers(client)
            .then_some((who, what, Some(why), Some(Paper("8"))))
    }

    /// What somebody who runs the cluster wanted of it. What a client wanted is told with its answer.
    pub(super) fn refused(&self, server: Option<NodeId>, why: Refusal) -> Option<Told> {
        let cause = self.step.iter().find(|event| Some(event.id) == self.event.cause)?;
        let EventKind::Commanded(_) = cause.kind else {
            return None;
        };
        let Some(NodeId(server)) = server else {
            return Some((Who::Cluster, Message::NobodyDoesIt, None, None));
        };
        let (why, section) = refusal(why);
        Some((Who::Server(server), Message::RefusedRequest(server), Some(why), section))
    }
}

/// The answer to a client's call, as far as a line needs it.
pub(crate) fn answer(operation: &Operation, answer: &kv::Answer) -> Answer {
    let label = match operation {
        Operation::Write(write) => label::write(write),
        Operation::Read { key, .. } => (&**key).into(),
    };
    match answer {
        kv::Answer::Written => Answer::Written(label),
        kv::Answer::NotAsExpected => Answer::NotWritten(label),
        kv::Answer::Value(value) => Answer::Value {
            key: label,
            value: value.as_deref().map(Into::into),
        },
    }
}
