//! The log in memory: entries by index, cheap to clone, cut and append at the end.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{Command, Entries, Entry, Index, Position, Term};

/// Entries are kept in shared blocks of this many, so that a clone of the log copies one
/// pointer per block and a write after it copies one block at most.
const BLOCK_LEN: u64 = 32;

/// The entries of one server (§5.3), from the one after its base on: what is before has been compacted (§7).
///
/// Cloning shares the blocks: a thousand clones of a long log cost little more than one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Log<C> {
    /// The last entry that is not in the log any more; zeros if the log begins at the beginning.
    base: Position,
    /// The last entry, which most questions are about; the base if there is none.
    last: Position,
    /// Block n of the whole history holds the indexes from n * `BLOCK_LEN` + 1 on. These are the blocks from the one with
    /// the first entry on, none empty and all complete, but for what is before the base and after
    /// the end: equal logs have equal blocks.
    blocks: Vec<Arc<Vec<Entry<C>>>>,
}

impl<C> Default for Log<C> {
    fn default() -> Self {
        Log {
            base: Position::default(),
            last: Position::default(),
            blocks: Vec::new(),
        }
    }
}

impl<C> Log<C> {
    /// An empty log.
    #[must_use]
    pub fn new() -> Log<C> {
        Log::default()
    }

    /// The last entry that has been compacted; zeros if none has.
    #[must_use]
    pub fn base(&self) -> Position {
        self.base
    }

    /// The index of the first entry that is, or would be, in the log.
    #[must_use]
    pub fn first_index(&self) -> Index {
        self.base.index.next()
    }

    /// The index of the last entry; that of the base if there is none.
    #[must_use]
    pub fn last_index(&self) -> Index {
        self.last.index
    }

    /// How many entries at the beginning of a block are missing, because they were compacted.
    fn missing_in(&self, block: usize) -> u64 {
        if block == 0 { self.base.index.0 % BLOCK_LEN } else { 0 }
    }

    /// The entry at `index`, if it is in the log.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry<C>> {
        let place = index.0.checked_sub(1)?;
        let block = (place / BLOCK_LEN).checked_sub(self.base.index.0 / BLOCK_LEN)?;
        let block = usize::try_from(block).ok()?;
        let in_block = (place % BLOCK_LEN).checked_sub(self.missing_in(block))?;
        self.blocks.get(block)?.get(usize::try_from(in_block).ok()?)
    }

    /// The block that has the place of `index`.
    fn block_of(&self, index: Index) -> Option<&Arc<Vec<Entry<C>>>> {
        let block = (index.0.checked_sub(1)? / BLOCK_LEN).checked_sub(self.base.index.0 / BLOCK_LEN)?;
        self.blocks.get(usize::try_from(block).ok()?)
    }

    /// The term at `index`: that of the base at its index, nothing before it or beyond the last entry.
    #[must_use]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.last.index {
            return Some(self.last.term);
        }
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(|entry| entry.term)
    }

    /// Index and term of the last entry; those of the base if there is none.
    #[must_use]
    pub fn last_position(&self) -> Position {
        self.last
    }

    /// Index and term at `index`, if the log reaches that far.
    #[must_use]
    pub fn position_at(&self, index: Index) -> Option<Position> {
        let term = self.term_at(index)?;
        Some(Position { term, index })
    }

    /// Entries from `first` to the end, as far as they are in the log, with their indexes.
    pub fn iter_from(&self, first: Index) -> impl Iterator<Item = (Index, &Entry<C>)> {
        let first = first.max(self.first_index());
        let entries = self.entries_from(first).zip(first.0..);
        entries.map(|(entry, index)| (Index(index), entry))
    }

    /// The same without their indexes.
    fn entries_from(&self, first: Index) -> impl Iterator<Item = &Entry<C>> {
        let place = first.previous().max(self.base.index).0;
        let block = place / BLOCK_LEN - self.base.index.0 / BLOCK_LEN;
        let block = usize::try_from(block).unwrap_or(usize::MAX);
        let in_block = in_memory(place % BLOCK_LEN - self.missing_in(block));
        let (begun, whole) = match self.blocks.get(block..) {
            Some([begun, whole @ ..]) => (begun.get(in_block..).unwrap_or_default(), whole),
            _ => (&[][..], &[][..]),
        };
        begun.iter().chain(whole.iter().flat_map(|block| block.iter()))
    }

    /// The last index, not beyond `limit`, whose term is at most `term`.
    ///
    /// Both sides of a failed consistency check use it to skip a whole term at once (end of §5.3):
    /// what lies above cannot be common to a log that has `term` at `limit`.
    #[must_use]
    pub fn last_with_term_at_most(&self, term: Term, limit: Index) -> Index {
        let mut index = limit.min(self.last_index());
        // What has been compacted is committed, and so common to all: there is no need to go further back.
        while index > self.base.index && self.term_at(index).is_some_and(|mine| mine > term) {
            index = index.previous();
        }
        index
    }
}

impl<C: PartialEq> Log<C> {
    /// The last index up to which this log and another hold the same. What either has compacted contradicts nothing, and
    /// blocks that both share are not looked into: a log and an earlier clone of it are compared in no time.
    #[must_use]
    pub fn agrees_until(&self, other: &Log<C>) -> Index {
        let last = self.last.index.min(other.last.index);
        let mut index = self.base.index.max(other.base.index);
        while index < last {
            let next = index.next();
            let shared = match (self.block_of(next), other.block_of(next)) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                _ => false,
            };
            if shared {
                index = Index((index.0 / BLOCK_LEN + 1) * BLOCK_LEN);
            } else if self.get(next) == other.get(next) {
                index = next;
            } else {
                break;
            }
        }
        index.min(last)
    }
}

impl<C: Clone> Log<C> {
    /// Adds one entry at the end and returns its index.
    pub fn append(&mut self, entry: Entry<C>) -> Index {
        self.extend([entry]);
        self.last.index
    }

    /// The block that the next entry belongs to, and for how many there is room.
    fn open_block(&mut self) -> (&mut Vec<Entry<C>>, u64) {
        let in_block = self.last.index.0 % BLOCK_LEN;
        if in_block == 0 || self.blocks.is_empty() {
            let block = Vec::with_capacity(in_memory(BLOCK_LEN));
            self.blocks.push(Arc::new(block));
        }
        let block = self.blocks.last_mut().expect("there is one now");
        (Arc::make_mut(block), BLOCK_LEN - in_block)
    }

    /// Cuts off everything after `last`; nothing if the log ends before.
    pub fn truncate_after(&mut self, last: Index) {
        let Some(last) = self
            .position_at(last.max(self.base.index))
            .filter(|position| position.index < self.last.index)
        else {
            return;
        };
        self.last = last;
        if last.index == self.base.index {
            return self.blocks.clear();
        }
        let place = last.index.0 - 1;
        let block = in_memory(place / BLOCK_LEN - self.base.index.0 / BLOCK_LEN);
        self.blocks.truncate(block + 1);
        let keep = in_memory(place % BLOCK_LEN + 1 - self.missing_in(block));
        if keep < self.blocks[block].len() {
            Arc::make_mut(&mut self.blocks[block]).truncate(keep);
        }
    }

    /// Forgets everything up to and including `index`, which becomes the base (§7). Nothing if that is not in the log.
    pub fn compact(&mut self, index: Index) {
        let Some(base) = self
            .position_at(index)
            .filter(|position| position.index > self.base.index)
        else {
            return;
        };
        let gone = base.index.0 / BLOCK_LEN - self.base.index.0 / BLOCK_LEN;
        let missing = self.missing_in(in_memory(gone));
        self.blocks.drain(..in_memory(gone).min(self.blocks.len()));
        self.base = base;
        if base.index == self.last.index {
            return self.blocks.clear();
        }
        let more = in_memory(base.index.0 % BLOCK_LEN - missing);
        if more > 0 {
            Arc::make_mut(&mut self.blocks[0]).drain(..more);
        }
    }

    /// Forgets everything: the log goes on after `base`, of which a snapshot tells (§7).
    pub fn reset(&mut self, base: Position) {
        self.base = base;
        self.last = base;
        self.blocks.clear();
    }
}

impl<C: Clone> Extend<Entry<C>> for Log<C> {
    /// Adds entries at the end.
    fn extend<I: IntoIterator<Item = Entry<C>>>(&mut self, entries: I) {
        let mut entries = entries.into_iter();
        while let Some(entry) = entries.next() {
            let (block, room) = self.open_block();
            let before = block.len();
            block.push(entry);
            block.extend(entries.by_ref().take(in_memory(room - 1)));
            let added = block.len() - before;
            let term = block.last().map_or(Term(0), |last| last.term);
            let index = Index(self.last.index.0 + added as u64);
            self.last = Position { term, index };
        }
    }
}

fn in_memory(count: u64) -> usize {
    usize::try_from(count).expect("a log in memory has fewer entries than there are addresses")
}

impl<C: Command> Log<C> {
    /// Copies of the entries from `first` on, as many as fit into `bytes_max`, but at least one if there is one.
    #[must_use]
    pub fn batch(&self, first: Index, bytes_max: u64) -> Entries<C> {
        // Most often only the last one is wanted.
        if first == self.last.index
            && let Some(entry) = self.get(first)
        {
            return Entries::from(entry.clone());
        }
        let mut bytes = 0u64;
        let fits = |(nth, entry): &(usize, &Entry<C>)| {
            bytes = bytes.saturating_add(entry.size_bytes());
            *nth == 0 || bytes <= bytes_max
        };
        // Counted first, for there may be many, and then a vector that grows copies them again and again.
        let count = self.entries_from(first).enumerate().take_while(fits).count();
        let mut batch = Vec::with_capacity(count);
        batch.extend(self.entries_from(first).take(count).cloned());
        Entries::from(batch)
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
        let mut base = 0;
        for step in 0..5_000 {
            match random.between(0, 19) {
                0 => {
                    let last = random.between(base, base + twin.len() as u64 + 3);
                    log.truncate_after(Index(last));
                    twin.truncate(usize::try_from(last - base).unwrap());
                }
                1 => {
                    let index = random.between(base, base + twin.len() as u64);
                    log.compact(Index(index));
                    twin.drain(..usize::try_from(index - base).unwrap());
                    base = index;
                }
                _ => {
                    assert_eq!(log.append(entry(step)), Index(base + twin.len() as u64 + 1));
                    twin.push(entry(step));
                }
            }
            assert_eq!(log.base().index, Index(base));
            assert_eq!(log.last_index(), Index(base + twin.len() as u64));
            let at = random.between(0, base + twin.len() as u64 + 2);
            let place = at.checked_sub(base + 1).map(|place| usize::try_from(place).unwrap());
            assert_eq!(log.get(Index(at)), place.and_then(|place| twin.get(place)));
            if step % 100 == 0 {
                clones.push((log.clone(), twin.clone()));
            }
        }
        for (clone, twin) in clones {
            let entries: Vec<_> = clone.iter_from(Index(0)).map(|(_, e)| e.clone()).collect();
            assert_eq!(entries, twin, "a clone changed with its original");
            let mut anew = Log::new();
            anew.reset(clone.base());
            for entry in twin {
                anew.append(entry);
            }
            assert_eq!(clone, anew, "equal entries, unequal logs");
        }
    }

    /// The dumb twin looks at every entry.
    #[test]
    fn agrees_as_far_as_every_entry_does() {
        let mut random = crate::Random::new(7);
        let mut ends = [0; 2];
        for _ in 0..500 {
            let mut log = log(&[1; 100][..usize::try_from(random.between(0, 100)).unwrap()]);
            let mut other = log.clone();
            for log in [&mut log, &mut other] {
                log.compact(Index(random.between(0, 20)));
                log.truncate_after(Index(random.between(0, 120)));
                for _ in 0..random.between(0, 40) {
                    log.append(entry(random.between(1, 2)));
                }
            }
            let last = log.last_index().min(other.last_index());
            let from = log.base().index.max(other.base().index);
            let mut twin = from.min(last);
            while twin < last && log.get(twin.next()) == other.get(twin.next()) {
                twin = twin.next();
            }
            assert_eq!(log.agrees_until(&other), twin, "{log:?} {other:?}");
            assert_eq!(other.agrees_until(&log), twin);
            ends[usize::from(twin < last)] += 1;
        }
        assert!(ends.iter().all(|&count| count > 20), "{ends:?}");
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
