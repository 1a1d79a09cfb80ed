//! Which element shows which item of a long list.

use std::cell::Cell;

/// Items that follow each other, and which of as many elements shows each.
///
/// As the reader goes on, the elements of those that go come back for those that come, and all between stay what they
/// are. After a jump, when nearly all are others, every element stays where it is. So none is ever made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    first: u64,
    count: u64,
    /// The element of the item zero, if that were shown.
    turn: u64,
}

impl Shown {
    /// Goes on to other items, or stays.
    pub(crate) fn go_on(self, first: u64, count: u64) -> Shown {
        let count = count.max(1);
        let turn = if count != self.count {
            0
        } else if first.abs_diff(self.first) < count.div_ceil(2) {
            self.turn
        } else {
            (self.first + self.turn + count - first % count) % count
        };
        Shown { first, count, turn }
    }

    /// The same for one that is kept from rendering to rendering.
    pub(crate) fn go_on_in(kept: &Cell<Shown>, first: u64, count: u64) -> Shown {
        kept.set(kept.get().go_on(first, count));
        kept.get()
    }

    /// The key of the element that shows an item.
    pub(crate) fn key(self, item: u64) -> u64 {
        (item + self.turn) % self.count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(shown: Shown) -> Vec<u64> {
        (shown.first..shown.first + shown.count)
            .map(|item| shown.key(item))
            .collect()
    }

    #[test]
    fn who_stays_keeps_its_element_and_who_comes_takes_that_of_who_goes() {
        let begun = Shown::default().go_on(0, 5);
        assert_eq!(keys(begun), [0, 1, 2, 3, 4]);
        let later = begun.go_on(2, 5);
        assert_eq!(keys(later), [2, 3, 4, 0, 1]);
        assert_eq!(keys(later.go_on(1, 5)), [1, 2, 3, 4, 0]);
    }

    #[test]
    fn after_a_jump_every_element_is_where_it_was() {
        let mut shown = Shown::default().go_on(3, 5);
        for first in [1_000, 17, 0, 4, 999] {
            let before = keys(shown);
            shown = shown.go_on(first, 5);
            assert_eq!(keys(shown), before, "to {first}");
        }
    }

    #[test]
    fn no_two_items_share_an_element() {
        let mut shown = Shown::default();
        for (first, count) in [
            (0, 0),
            (0, 3),
            (1, 3),
            (1, 4),
            (9, 4),
            (8, 4),
            (8, 7),
            (80, 7),
            (82, 7),
            (2, 2),
        ] {
            shown = shown.go_on(first, count);
            let mut keys = keys(shown);
            keys.sort_unstable();
            assert!(keys.iter().copied().eq(0..shown.count), "{shown:?}");
        }
    }
}
