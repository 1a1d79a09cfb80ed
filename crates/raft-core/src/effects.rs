//! What goes into a node and what comes out.

use alloc::vec::Vec;

use crate::{Entry, Index, Message, NodeId, Reason, Seq, Term, Write};

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
    /// A client wants a command to be replicated.
    Propose(C),
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
    /// The proposal is in the leader's log. It is committed if an entry of this term is applied at this index,
    /// and lost if one of another term is.
    Proposed {
        /// Where.
        index: Index,
        /// In which term.
        term: Term,
    },
    /// The proposal is refused, because this node does not lead. Nothing has happened.
    Refused {
        /// The leader, if it is known: ask there.
        leader: Option<NodeId>,
    },
    /// Why the effects around this one are as they are. Nothing is to be done.
    Because(Reason),
}

/// What one call brought about, in the order in which it is to be done.
///
/// A host keeps one, gives it to each call, and [drains](Effects::drain) it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "effects that are not carried out are lost promises"]
pub struct Effects<C> {
    list: Vec<Effect<C>>,
}

impl<C> Default for Effects<C> {
    fn default() -> Self {
        Effects { list: Vec::new() }
    }
}

impl<C> Effects<C> {
    /// None yet.
    pub fn new() -> Effects<C> {
        Effects::default()
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

    pub(crate) fn because(&mut self, reason: Reason) {
        self.push(Effect::Because(reason));
    }
}
