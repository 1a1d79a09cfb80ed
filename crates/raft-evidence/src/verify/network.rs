//! The network: whatever has been said may arrive, at any time, any number of times, or never.
//!
//! So it is a set that only grows, and one action, the arrival, is loss, delay, reordering and duplication at once,
//! without a limit to any of them: a message that is never taken is lost, one that is taken twice was duplicated.

use std::collections::HashMap;
use std::sync::RwLock;

use raft_core::{Body, Message, NodeId, Role, Term};

use super::server::Server;

/// Stands for a message, wherever the same is said; with what has to be known of it most often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Envelope {
    /// All messages that are equal have one number.
    number: u32,
    kind: Kind,
    to: u8,
    /// The highest term that the receiver can learn from it.
    term: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Request,
    PreVoteReply,
    VoteReply,
    LeaderReply,
}

impl Envelope {
    /// Who it is for.
    #[must_use]
    pub fn to(self) -> NodeId {
        NodeId(self.to.into())
    }

    /// Whether it can never make a difference again, whatever happens: a reply of a term that its receiver has on its
    /// disk, so that no crash leads back behind it, and in which it neither stands nor leads, nor is still to stand.
    /// It would be ignored. (Requests of earlier terms are answered.)
    pub(super) fn is_dead(self, Server { node, disk, .. }: &Server) -> bool {
        let (term, durable) = (Term(self.term.into()), disk.hard_state.current_term);
        let is_over = term < durable || term == durable && node.current_term() == term;
        match (self.kind, node.role()) {
            (Kind::Request, _) => false,
            (Kind::PreVoteReply, _) => term <= durable,
            (Kind::VoteReply, Role::Candidate(_)) | (Kind::LeaderReply, Role::Leader(_)) => term < durable,
            (Kind::VoteReply, Role::Follower(follower)) if follower.waits_to_stand => term < durable,
            (Kind::VoteReply | Kind::LeaderReply, _) => is_over,
        }
    }
}

/// What has been said so far and can still make a difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Network {
    sent: Vec<Envelope>,
}

impl Network {
    pub(super) fn contains(&self, envelope: Envelope) -> bool {
        self.sent.binary_search(&envelope).is_ok()
    }

    /// A message is on its way from now on.
    pub(super) fn send(&mut self, envelope: Envelope) {
        if let Err(place) = self.sent.binary_search(&envelope) {
            self.sent.insert(place, envelope);
        }
    }

    /// Forgets what is not to be kept.
    pub(super) fn retain(&mut self, keeps: impl Fn(Envelope) -> bool) {
        self.sent.retain(|&envelope| keeps(envelope));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Envelope> {
        self.sent.iter().copied()
    }
}

/// Every message of all states, once.
#[derive(Debug, Default)]
pub(super) struct Messages {
    table: RwLock<Table>,
}

#[derive(Debug, Default)]
struct Table {
    list: Vec<Message<u64>>,
    envelopes: HashMap<Message<u64>, Envelope, ahash::RandomState>,
}

impl Messages {
    /// Puts a message into its envelope.
    pub(super) fn envelope(&self, message: Message<u64>) -> Envelope {
        let known = self.table.read().expect(NO_PANIC).envelopes.get(&message).copied();
        known.unwrap_or_else(|| {
            let Table { list, envelopes } = &mut *self.table.write().expect(NO_PANIC);
            *envelopes.entry(message).or_insert_with_key(|message| {
                list.push(message.clone());
                envelope(list.len() - 1, message)
            })
        })
    }

    /// The message in an envelope.
    pub(super) fn message(&self, envelope: Envelope) -> Message<u64> {
        self.table.read().expect(NO_PANIC).list[envelope.number as usize].clone()
    }
}

const NO_PANIC: &str = "nobody panics while holding the table of messages";

fn envelope(number: usize, message: &Message<u64>) -> Envelope {
    let (kind, term) = match message.body {
        Body::RequestPreVoteReply { next_term, .. } => (Kind::PreVoteReply, next_term.max(message.term)),
        Body::RequestVoteReply { .. } => (Kind::VoteReply, message.term),
        ref body if body.is_request() => (Kind::Request, message.term),
        _ => (Kind::LeaderReply, message.term),
    };
    Envelope {
        number: u32::try_from(number).expect("far fewer messages than four billion"),
        kind,
        to: u8::try_from(message.to.0).expect("a handful of servers"),
        term: u16::try_from(term.0).expect("a handful of terms"),
    }
}
