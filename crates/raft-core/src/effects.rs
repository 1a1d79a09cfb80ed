//! What goes into a node and what comes out.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{Configuration, Entry, Index, Message, NodeId, ReadId, Reason, Seq, Snapshot, Term, Write};

/// Something that happened outside the node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input<C> {
    /// A message has arrived. Messages may be lost, doubled, late and out of order.
    Message(Message<C>),
    /// The write with this number, and every write before it, is on stable storage.
    Persisted {
        /// Its number.
        seq: Seq,
    },
    /// A client wants a command to be replicated. Answer: [`Effect::Proposed`] or [`Effect::Refused`].
    Propose(C),
    /// A client wants to read. Answer: [`Effect::ReadReady`] or [`Effect::ReadRefused`], now or later.
    Read {
        /// The host's name for it.
        id: ReadId,
        /// How fresh it must be.
        mode: ReadMode,
    },
    /// The members are to change (§6). Answer: [`Effect::Proposed`] or [`Effect::Refused`].
    ChangeMembers(Change),
    /// Another server is to lead (dissertation, §3.10). Refused, or done as well as it goes.
    TransferLeadership {
        /// Which one.
        to: NodeId,
    },
    /// The state machine has been written down as it is after `index`: what is before may be forgotten (§7). If the
    /// node's snapshot reaches as far already, nothing is done.
    Compact {
        /// The last entry in it. It must have been applied.
        index: Index,
        /// The state machine.
        data: Vec<u8>,
    },
}

/// How fresh a read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadMode {
    /// Linearizable: the leader asks a majority whether it still leads (§8; dissertation, §6.4).
    ReadIndex,
    /// Linearizable as long as clocks keep to the drift that the settings allow: the leader does not ask
    /// while its lease lasts (dissertation, §6.4.1). Without a lease it asks.
    Lease,
    /// Whatever this server has, on any server: perhaps stale.
    Local,
}

/// A change of the members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// One more voter; a learner becomes one.
    AddVoter(NodeId),
    /// One more learner; a voter becomes one.
    AddLearner(NodeId),
    /// One server less.
    Remove(NodeId),
    /// Any other configuration, by joint consensus (§6).
    Replace(Configuration),
}

/// Something that the host has to do, or may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect<C> {
    /// Put this on stable storage, after all writes before it; then say [`Input::Persisted`].
    Persist {
        /// Its number.
        seq: Seq,
        /// What to write.
        write: Write<C>,
    },
    /// Send this message, but not before the write `after` is durable; zero: at once.
    Send {
        /// The message.
        message: Message<C>,
        /// The write that must be durable first: the message promises what is in it.
        after: Seq,
    },
    /// Give this committed entry to the state machine. Indexes come in order, each once.
    Apply {
        /// Its place in the log.
        index: Index,
        /// The entry.
        entry: Entry<C>,
    },
    /// Replace the state machine by what this snapshot holds. The next entry applied comes after it. What became of
    /// proposals up to there cannot be told: whoever waits for one asks again.
    Restore {
        /// The snapshot.
        snapshot: Arc<Snapshot>,
    },
    /// The proposal is in the leader's log. It is committed if an entry of this term is applied at this index, and lost
    /// if one of another term is. If a snapshot is restored beyond the index, it may be either.
    Proposed {
        /// Where.
        index: Index,
        /// In which term.
        term: Term,
    },
    /// What was wanted is refused. Nothing has happened.
    Refused {
        /// Why.
        why: Refusal,
    },
    /// The state machine may be read: it has applied everything that the read must see.
    ReadReady {
        /// The read.
        id: ReadId,
        /// What it must at least see.
        index: Index,
    },
    /// The read cannot be done here, or can no longer.
    ReadRefused {
        /// The read.
        id: ReadId,
        /// Why.
        why: Refusal,
    },
    /// Why the effects around this one are as they are. Nothing is to be done.
    Because(Reason),
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Only the leader can do that.
    NotLeader {
        /// The leader, if it is known: ask there.
        leader: Option<NodeId>,
    },
    /// The leader is about to hand over (dissertation, §3.10).
    Transferring {
        /// To whom: ask there, soon.
        to: NodeId,
    },
    /// Too much waits to be committed already: ask again later.
    TooMuchUncommitted {
        /// How much, in bytes.
        bytes: u64,
    },
    /// Lease reads are not switched on.
    NoLeases,
    /// Another change of the members is not committed yet (§6).
    ChangeUnderWay {
        /// Its entry.
        index: Index,
    },
    /// The leader has not committed in its term yet (dissertation, §4.1 as corrected).
    NothingCommittedInTerm,
    /// It is so already.
    NoChange,
    /// Nobody would be left to vote.
    NoVoters,
    /// Only another voter can take over.
    NotAVoter,
}

/// What one call brought about, in the order in which it is to be done.
///
/// A host keeps one, gives it to each call, and [drains](Effects::drain) it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "effects that are not carried out are lost promises"]
pub struct Effects<C> {
    list: Vec<Effect<C>>,
    /// Whether the host wants to know why.
    tells_reasons: bool,
}

impl<C> Default for Effects<C> {
    fn default() -> Self {
        Effects {
            list: Vec::new(),
            tells_reasons: true,
        }
    }
}

impl<C> Effects<C> {
    /// None yet.
    pub fn new() -> Effects<C> {
        Effects::default()
    }

    /// None yet, and [`Effect::Because`] will not be among them: for a host that keeps no journal.
    pub fn without_reasons() -> Effects<C> {
        Effects {
            tells_reasons: false,
            ..Effects::default()
        }
    }

    /// Takes the effects out, first to last.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect<C>> + '_ {
        self.list.drain(..)
    }

    /// Looks at the effects, first to last.
    pub fn iter(&self) -> impl Iterator<Item = &Effect<C>> {
        self.list.iter()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn push(&mut self, effect: Effect<C>) {
        self.list.push(effect);
    }

    /// The same, but room is made first, and the effect is written where it stays: effects are large, and much of
    /// what a node does is to write them.
    pub(crate) fn push_with(&mut self, effect: impl FnOnce() -> Effect<C>) {
        self.list.extend(core::iter::once_with(effect));
    }

    pub(crate) fn because(&mut self, reason: Reason) {
        if self.tells_reasons {
            self.push_with(|| Effect::Because(reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_can_be_left_out() {
        let why = Refusal::NoChange;
        let mut effects = Effects::<u64>::new();
        effects.because(Reason::HeartbeatDue);
        effects.push(Effect::Refused { why });
        let mut without = Effects::<u64>::without_reasons();
        without.because(Reason::HeartbeatDue);
        without.push(Effect::Refused { why });
        assert!(effects.iter().skip(1).eq(without.iter()));
        assert_eq!(without.iter().count(), 1);
    }
}
