//! Which writes have been issued, which are durable, and how far that makes the log durable.

use alloc::collections::VecDeque;

use crate::{Index, Seq};

/// The one ordered sequence of a node's writes, as far as it is still under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Durability {
    /// The latest write issued.
    issued: Seq,
    /// The latest write known to be durable, and with it all before.
    durable: Seq,
    /// The highest index whose latest write, and every write before it, is durable.
    durable_index: Index,
    /// Writes of entries under way, oldest first, each with the highest index of which it is
    /// the latest write: a later write that begins below takes the rest over. So these never fall.
    entries_under_way: VecDeque<(Seq, Index)>,
}

impl Durability {
    /// After a start everything read back is durable.
    pub(crate) fn new(last_index: Index) -> Durability {
        Durability {
            issued: Seq(0),
            durable: Seq(0),
            durable_index: last_index,
            entries_under_way: VecDeque::new(),
        }
    }

    /// Notes the next write; `entries` are the first and last index of its entries, if it has any.
    pub(crate) fn issue(&mut self, entries: Option<(Index, Index)>) -> Seq {
        self.issued = self.issued.next();
        if let Some((first, last)) = entries {
            let kept = first.previous();
            self.durable_index = self.durable_index.min(kept);
            // They never fall, so only the latest can reach beyond what is kept.
            let cut = self.entries_under_way.iter_mut().rev();
            for (_, index) in cut.take_while(|(_, index)| *index > kept) {
                *index = kept;
            }
            self.entries_under_way.push_back((self.issued, last));
        }
        self.issued
    }

    /// A snapshot takes the place of the whole log: nothing in it is certain until that is durable. The
    /// write that is issued next brings it.
    pub(crate) fn replaced(&mut self, last_index: Index) {
        self.durable_index = Index(0);
        self.entries_under_way.clear();
        self.entries_under_way.push_back((self.issued.next(), last_index));
    }

    /// Notes that `seq`, and every write before it, is durable.
    pub(crate) fn persisted(&mut self, seq: Seq) {
        self.durable = self.durable.max(seq);
        while let Some(&(oldest, last)) = self.entries_under_way.front()
            && oldest <= self.durable
        {
            self.durable_index = self.durable_index.max(last);
            self.entries_under_way.pop_front();
        }
    }

    /// The latest write issued.
    pub(crate) fn issued(&self) -> Seq {
        self.issued
    }

    /// The latest write known to be durable.
    pub(crate) fn durable(&self) -> Seq {
        self.durable
    }

    /// The highest index whose latest write, and every write before it, is durable.
    pub(crate) fn durable_index(&self) -> Index {
        self.durable_index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn an_index_written_twice_waits_for_its_second_write() {
        let mut durability = Durability::new(Index(2));
        let first = durability.issue(Some((Index(3), Index(5))));
        let second = durability.issue(Some((Index(4), Index(4))));
        assert_eq!(durability.durable_index(), Index(2));
        durability.persisted(first);
        assert_eq!(durability.durable_index(), Index(3), "4 has been written again");
        durability.persisted(second);
        assert_eq!(durability.durable_index(), Index(4), "5 is gone");
    }

    #[test]
    fn a_snapshot_in_place_of_the_log_is_durable_when_its_write_is() {
        let mut durability = Durability::new(Index(4));
        let entries = durability.issue(Some((Index(5), Index(6))));
        durability.replaced(Index(9));
        let snapshot = durability.issue(None);
        durability.persisted(entries);
        assert_eq!(durability.durable_index(), Index(0));
        let more = durability.issue(Some((Index(10), Index(10))));
        durability.persisted(snapshot);
        assert_eq!(durability.durable_index(), Index(9));
        durability.persisted(more);
        assert_eq!(durability.durable_index(), Index(10));
    }

    #[test]
    fn cutting_durable_entries_makes_them_undurable_at_once() {
        let mut durability = Durability::new(Index(9));
        let write = durability.issue(Some((Index(4), Index(6))));
        assert_eq!(durability.durable_index(), Index(3));
        durability.persisted(write);
        assert_eq!(durability.durable_index(), Index(6));
    }

    proptest! {
        /// The dumb twin remembers for each index the write that wrote it last.
        #[test]
        fn agrees_with_remembering_each_index(steps in prop::collection::vec((any::<bool>(), 0u64..6, 1u64..4), 1..40)) {
            let mut durability = Durability::new(Index(0));
            let mut written_by: Vec<u64> = Vec::new();
            let (mut issued, mut durable) = (0u64, 0u64);
            for (writes, a, b) in steps {
                if writes {
                    let first = a.min(written_by.len() as u64) + 1;
                    let last = first + b - 1;
                    issued += 1;
                    written_by.truncate(usize::try_from(first - 1).unwrap());
                    written_by.resize(usize::try_from(last).unwrap(), issued);
                    prop_assert_eq!(durability.issue(Some((Index(first), Index(last)))), Seq(issued));
                } else {
                    durable = durable.max(issued.saturating_sub(a));
                    durability.persisted(Seq(durable));
                }
                let twin = written_by.iter().take_while(|&&by| by <= durable).count() as u64;
                prop_assert_eq!(durability.durable_index(), Index(twin));
            }
        }
    }
}
