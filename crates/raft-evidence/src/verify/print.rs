//! Values that many states share, each with a print of its own, so that a state is hashed without looking into them.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// A shared value with the hash of all of it. Equal prints are taken for equal values, as the checker itself does
/// with whole states: of a hundred million values two have the same print with a chance of one in three thousand.
#[derive(Debug)]
pub(super) struct Printed<T>(Arc<(u64, T)>);

impl<T: Hash> Printed<T> {
    pub(super) fn new(value: T) -> Printed<T> {
        // Fixed keys: the same value has the same print in every run.
        let print = ahash::RandomState::with_seeds(1, 2, 3, 4).hash_one(&value);
        Printed(Arc::new((print, value)))
    }

    #[cfg(test)]
    pub(super) fn print(&self) -> u64 {
        self.0.0
    }
}

impl<T> Clone for Printed<T> {
    fn clone(&self) -> Printed<T> {
        Printed(Arc::clone(&self.0))
    }
}

impl<T> Deref for Printed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.1
    }
}

impl<T> PartialEq for Printed<T> {
    fn eq(&self, other: &Printed<T>) -> bool {
        self.0.0 == other.0.0
    }
}

impl<T> Eq for Printed<T> {}

impl<T> Hash for Printed<T> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.0.0);
    }
}
