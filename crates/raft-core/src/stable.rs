//! What survives a crash, and the writes that change it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{Configuration, Entries, Index, Log, NodeId, Position, Snapshot, Term};

/// A server's stable storage: the "persistent state" of the paper's figure 2, and the latest snapshot.
///
/// A host keeps one per server, carries out each [`Write`] on it in order, and gives it to
/// [`Node::new`](crate::Node::new) at every start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stable<C> {
    /// The latest term and the vote given in it.
    pub hard_state: HardState,
    /// The latest snapshot; its index is never before the base of the log.
    pub snapshot: Arc<Snapshot>,
    /// The entries that have not been compacted.
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
    /// The new snapshot, if there is one; it comes before the entries.
    pub snapshot: Option<SnapshotWrite>,
    /// The new end of the log, if it changed.
    pub suffix: Option<Suffix<C>>,
}

impl<C> Default for Write<C> {
    /// Nothing.
    fn default() -> Self {
        Write {
            hard_state: None,
            snapshot: None,
            suffix: None,
        }
    }
}

impl<C> Write<C> {
    /// Whether nothing is to be written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hard_state.is_none() && self.snapshot.is_none() && self.suffix.is_none()
    }
}

/// A new snapshot, and what becomes of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SnapshotWrite {
    /// The snapshot.
    pub snapshot: Arc<Snapshot>,
    /// The new base of the log: entries after it stay. None: the log is reset, and goes on after the snapshot.
    pub keep_after: Option<Index>,
}

/// A new end of the log: it replaces everything from `first_index` on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suffix<C> {
    /// Where the entries go; whatever is stored here or after is cut off first.
    pub first_index: Index,
    /// The entries, in order.
    pub entries: Entries<C>,
}

impl<C> Stable<C> {
    /// What a server has before it first starts: it belongs to a cluster of this configuration. A
    /// server that is to join a running cluster starts with the default one, of nobody.
    #[must_use]
    pub fn new(configuration: Configuration) -> Stable<C> {
        Stable {
            hard_state: HardState::default(),
            snapshot: Arc::new(Snapshot {
                last: Position::default(),
                configuration,
                data: Vec::new(),
            }),
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
        if let Some(SnapshotWrite { snapshot, keep_after }) = write.snapshot {
            match keep_after {
                Some(index) => self.log.compact(index),
                None => self.log.reset(snapshot.last),
            }
            self.snapshot = snapshot;
        }
        if let Some(suffix) = write.suffix {
            self.log.truncate_after(suffix.first_index.previous());
            self.log.extend(suffix.entries);
        }
    }
}
