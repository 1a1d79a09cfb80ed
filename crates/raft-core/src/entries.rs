//! Entries on their way: in a message, or in a write.

use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::iter::Chain;
use core::ops::Deref;
use core::option;
use core::slice;

use crate::Entry;

/// Entries that follow each other; a slice of them, to look at.
///
/// Mostly it is one, for proposals leave as they come, or none, in a heartbeat: these need no memory of their own.
#[derive(Clone, Debug)]
pub struct Entries<C> {
    list: List<C>,
}

#[derive(Clone, Debug)]
enum List<C> {
    One(Entry<C>),
    Many(Vec<Entry<C>>),
}

impl<C> Entries<C> {
    /// None.
    #[must_use]
    pub fn new() -> Entries<C> {
        Entries::from(Vec::new())
    }

    /// The same without the first `count`.
    #[must_use]
    pub fn skip(self, count: usize) -> Entries<C> {
        match self.list {
            List::Many(mut list) => {
                list.drain(..count.min(list.len()));
                Entries::from(list)
            }
            List::One(_) if count > 0 => Entries::new(),
            List::One(entry) => Entries::from(entry),
        }
    }
}

impl<C> Default for Entries<C> {
    fn default() -> Self {
        Entries::new()
    }
}

impl<C> From<Entry<C>> for Entries<C> {
    fn from(entry: Entry<C>) -> Self {
        let list = List::One(entry);
        Entries { list }
    }
}

impl<C> From<Vec<Entry<C>>> for Entries<C> {
    fn from(list: Vec<Entry<C>>) -> Self {
        let list = List::Many(list);
        Entries { list }
    }
}

impl<C> FromIterator<Entry<C>> for Entries<C> {
    fn from_iter<I: IntoIterator<Item = Entry<C>>>(entries: I) -> Self {
        Entries::from(Vec::from_iter(entries))
    }
}

impl<C> Deref for Entries<C> {
    type Target = [Entry<C>];

    fn deref(&self) -> &[Entry<C>] {
        match &self.list {
            List::One(entry) => slice::from_ref(entry),
            List::Many(list) => list,
        }
    }
}

// How they are kept makes no difference.
impl<C: PartialEq> PartialEq for Entries<C> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<C: Eq> Eq for Entries<C> {}

impl<C: Hash> Hash for Entries<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<C> IntoIterator for Entries<C> {
    type Item = Entry<C>;
    type IntoIter = Chain<option::IntoIter<Entry<C>>, vec::IntoIter<Entry<C>>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, many) = match self.list {
            List::One(entry) => (Some(entry), Vec::new()),
            List::Many(list) => (None, list),
        };
        one.into_iter().chain(many)
    }
}

impl<'a, C> IntoIterator for &'a Entries<C> {
    type Item = &'a Entry<C>;
    type IntoIter = slice::Iter<'a, Entry<C>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Payload, Term};

    #[test]
    fn how_they_are_kept_makes_no_difference() {
        let entry = |term| Entry::<u64> {
            term: Term(term),
            payload: Payload::NoOp,
        };
        let one = Entries::from(entry(1));
        assert_eq!(one, Entries::from(vec![entry(1)]));
        assert_eq!(one.clone().skip(0), one);
        assert_eq!(one.clone().skip(1), Entries::new());
        assert_eq!(one.clone().into_iter().collect::<Entries<u64>>(), one);
        let many = Entries::from_iter([1, 2, 3].map(entry));
        assert_eq!(many.clone().skip(2), Entries::from(entry(3)));
        assert_eq!(many.clone().skip(4), Entries::new());
        assert_eq!(many.clone().into_iter().collect::<Vec<_>>(), *many);
    }
}
