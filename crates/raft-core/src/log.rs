//! The log in memory: entries by index, cheap to clone, cut and append at the end.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{Command, Entry, Index, Position, Term};

/// Entries are kept in shared blocks of this many, so that a clone of the log copies one
/// pointer per block and a write after it copies one block at most.
const BLOCK_LEN: usize = 32;

/// The entries of one server, from index 1 on (§5.3).
///
/// Cloning shares the blocks: a thousand clones of a long log cost little more than one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Log<C> {
    /// All full but the last, and none empty: equal logs have equal blocks.
    blocks: Vec<Arc<Vec<Entry<C>>>>,
}

impl<C> Default for Log<C> {
    fn default() -> Self {
        Log { blocks: Vec::new() }
    }
}

impl<C> Log<C> {
    /// An empty log.
    #[must_use]
    pub fn new() -> Log<C> {
        Log::default()
    }

    /// The index of the last entry; zero if there is none.
    #[must_use]
    pub fn last_index(&self) -> Index {
        let len = match self.blocks.split_last() {
            None => 0,
            Some((last, full)) => full.len() * BLOCK_LEN + last.len(),
        };
        Index(len as u64)
    }

    /// The entry at `index`, if there is one.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry<C>> {
        let place = usize::try_from(index.0.checked_sub(1)?).ok()?;
        self.blocks.get(place / BLOCK_LEN)?.get(place % BLOCK_LEN)
    }

    /// The term at `index`: zero before the first entry, nothing beyond the last.
    #[must_use]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == Index(0) {
            return Some(Term(0));
        }
        self.get(index).map(|entry| entry.term)
    }

    /// Index and term of the last entry; zeros if there is none.
    #[must_use]
    pub fn last_position(&self) -> Position {
        self.position_at(self.last_index())
            .expect("the last index is inside the log")
    }

    /// Index and term at `index`, if the log reaches that far.
    #[must_use]
    pub fn position_at(&self, index: Index) -> Option<Position> {
        let term = self.term_at(index)?;
        Some(Position { term, index })
    }

    /// Entries from `first` to the end, with their indexes.
    pub fn iter_from(&self, first: Index) -> impl Iterator<Item = (Index, &Entry<C>)> {
        let first = first.0.max(1);
        (first..=self.last_index().0).filter_map(|index| {
            let index = Index(index);
            self.get(index).map(|entry| (index, entry))
        })
    }

    /// The last index, not beyond `limit`, whose term is at most `term`.
    ///
    /// Both sides of a failed consistency check use it to skip a whole term at once (end of §5.3):
    /// what lies above cannot be common to a log that has `term` at `limit`.
    #[must_use]
    pub fn last_with_term_at_most(&self, term: Term, limit: Index) -> Index {
        let mut index = limit.min(self.last_index());
        while self.term_at(index).is_some_and(|mine| mine > term) {
            index = index.previous();
        }
        index
    }
}

impl<C: Clone> Log<C> {
    /// Adds one entry at the end and returns its index.
    pub fn append(&mut self, entry: Entry<C>) -> Index {
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK_LEN => Arc::make_mut(block).push(entry),
            _ => {
                let mut block = Vec::with_capacity(BLOCK_LEN);
                block.push(entry);
                self.blocks.push(Arc::new(block));
            }
        }
        self.last_index()
    }

    /// Cuts off everything after `last`; nothing if the log ends before.
    pub fn truncate_after(&mut self, last: Index) {
        let keep = last.0.min(self.last_index().0);
        let keep = usize::try_from(keep).expect("a log in memory has fewer entries than addresses");
        self.blocks.truncate(keep.div_ceil(BLOCK_LEN));
        if let Some(block) = self.blocks.last_mut() {
            let in_last = (keep - 1) % BLOCK_LEN + 1;
            if in_last < block.len() {
                Arc::make_mut(block).truncate(in_last);
            }
        }
    }
}

impl<C: Command> Log<C> {
    /// Copies of the entries from `first` on, as many as fit into `bytes_max`, but at least one if there is one.
    #[must_use]
    pub fn batch(&self, first: Index, bytes_max: u64) -> Vec<Entry<C>> {
        let mut bytes = 0u64;
        self.iter_from(first)
            .enumerate()
            .take_while(|(nth, (_, entry))| {
                bytes = bytes.saturating_add(entry.size_bytes());
                *nth == 0 || bytes <= bytes_max
            })
            .map(|(_, (_, entry))| entry.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;

    fn entry(term: u64) -> Entry<u64> {
        Entry {
            term: Term(term),
            payload: Payload::Command(term),
        }
    }

    fn log(terms: &[u64]) -> Log<u64> {
        let mut log = Log::new();
        for &term in terms {
            log.append(entry(term));
        }
        log
    }

    /// The dumb twin: a plain vector must agree with the blocks after every operation.
    #[test]
    fn agrees_with_a_vector() {
        let mut random = crate::Random::new(42);
        let mut log = Log::new();
        let mut twin: Vec<Entry<u64>> = Vec::new();
        let mut clones = Vec::new();
        for step in 0..2_000 {
            if random.between(0, 9) == 0 {
                let last = random.between(0, twin.len() as u64 + 3);
                log.truncate_after(Index(last));
                twin.truncate(usize::try_from(last).unwrap());
            } else {
                log.append(entry(step));
                twin.push(entry(step));
            }
            assert_eq!(log.last_index(), Index(twin.len() as u64));
            let at = random.between(0, twin.len() as u64 + 2);
            let expected = at.checked_sub(1).and_then(|i| twin.get(usize::try_from(i).unwrap()));
            assert_eq!(log.get(Index(at)), expected);
            if step % 100 == 0 {
                clones.push((log.clone(), twin.clone()));
            }
        }
        for (clone, twin) in clones {
            let entries: Vec<_> = clone.iter_from(Index(1)).map(|(_, e)| e.clone()).collect();
            assert_eq!(entries, twin, "a clone changed with its original");
            let terms: Vec<u64> = twin.iter().map(|e| e.term.0).collect();
            assert_eq!(clone, self::log(&terms), "equal entries, unequal logs");
        }
    }

    #[test]
    fn zero_has_term_zero_and_beyond_the_end_there_is_none() {
        let log = log(&[1, 1, 3]);
        assert_eq!(log.term_at(Index(0)), Some(Term(0)));
        assert_eq!(log.term_at(Index(3)), Some(Term(3)));
        assert_eq!(log.term_at(Index(4)), None);
        assert_eq!(log.term_at(Index(u64::MAX)), None);
    }

    #[test]
    fn a_whole_term_is_skipped() {
        let log = log(&[1, 1, 4, 4, 4, 6]);
        assert_eq!(log.last_with_term_at_most(Term(5), Index(6)), Index(5));
        assert_eq!(log.last_with_term_at_most(Term(3), Index(6)), Index(2));
        assert_eq!(log.last_with_term_at_most(Term(6), Index(99)), Index(6));
        assert_eq!(log.last_with_term_at_most(Term(0), Index(6)), Index(0));
    }

    #[test]
    fn a_batch_keeps_to_its_limit_but_always_moves() {
        let log = log(&[1, 1, 1, 1]);
        assert_eq!(log.batch(Index(2), 32).len(), 2);
        assert_eq!(log.batch(Index(2), 1).len(), 1);
        assert_eq!(log.batch(Index(5), 32).len(), 0);
        assert_eq!(log.batch(Index(0), u64::MAX).len(), 4);
    }
}
