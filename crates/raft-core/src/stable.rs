//! What survives a crash, and the writes that change it.

use alloc::vec::Vec;

use crate::{Configuration, Entry, Index, Log, NodeId, Term};

/// A server's stable storage: the "persistent state" of the paper's figure 2, and who the members are.
///
/// A host keeps one per server, applies each [`Write`] to it in order, and gives it to
/// [`Node::new`](crate::Node::new) at every start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stable<C> {
    /// The servers of the cluster.
    pub configuration: Configuration,
    /// The latest term and the vote given in it.
    pub hard_state: HardState,
    /// The entries.
    pub log: Log<C>,
}

/// The two small values that must survive a crash, written together: a vote belongs to its term (§5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HardState {
    /// The latest term that the server has seen; zero at first, and never falls.
    pub current_term: Term,
    /// The candidate that has its vote in this term.
    pub voted_for: Option<NodeId>,
}

/// One write to stable storage. It is done as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write<C> {
    /// The new term and vote, if they changed.
    pub hard_state: Option<HardState>,
    /// The new end of the log, if it changed.
    pub suffix: Option<Suffix<C>>,
}

/// A new end of the log: it replaces everything from `first_index` on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suffix<C> {
    /// Where the entries go; whatever is stored here or after is cut off first.
    pub first_index: Index,
    /// The entries, in order.
    pub entries: Vec<Entry<C>>,
}

impl<C> Stable<C> {
    /// What a server has before it first starts.
    #[must_use]
    pub fn new(configuration: Configuration) -> Stable<C> {
        Stable {
            configuration,
            hard_state: HardState::default(),
            log: Log::new(),
        }
    }
}

impl<C: Clone> Stable<C> {
    /// Carries out one write.
    pub fn write(&mut self, write: Write<C>) {
        if let Some(hard_state) = write.hard_state {
            self.hard_state = hard_state;
        }
        if let Some(suffix) = write.suffix {
            self.log.truncate_after(suffix.first_index.previous());
            for entry in suffix.entries {
                self.log.append(entry);
            }
        }
    }
}
