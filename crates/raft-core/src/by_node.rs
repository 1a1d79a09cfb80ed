//! What is known of each of a few servers.

use alloc::vec::Vec;

use crate::NodeId;

/// A map from servers to what is known of them, in ascending order. A cluster is small, so one sorted list is
/// faster than a tree, and clones in one piece.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ByNode<V> {
    list: Vec<(NodeId, V)>,
}

impl<V> Default for ByNode<V> {
    fn default() -> Self {
        ByNode { list: Vec::new() }
    }
}

impl<V> ByNode<V> {
    /// Nothing is known of anybody.
    #[must_use]
    pub fn new() -> ByNode<V> {
        ByNode::default()
    }

    /// What is known of a server.
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<&V> {
        self.list.iter().find(|(other, _)| *other == id).map(|(_, value)| value)
    }

    /// The same, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, id: NodeId) -> Option<&mut V> {
        let mut found = self.list.iter_mut().filter(|(other, _)| *other == id);
        found.next().map(|(_, value)| value)
    }

    /// Whether anything is known of a server.
    #[must_use]
    pub fn contains(&self, id: NodeId) -> bool {
        self.get(id).is_some()
    }

    /// Notes what is known of a server, unless something is already. Returns whether it was news.
    pub fn insert_if_new(&mut self, id: NodeId, value: V) -> bool {
        let place = self.list.partition_point(|(other, _)| *other < id);
        let is_new = self.list.get(place).is_none_or(|(other, _)| *other != id);
        if is_new {
            self.list.insert(place, (id, value));
        }
        is_new
    }

    /// Notes what is known of a server, instead of what was known before.
    pub fn insert(&mut self, id: NodeId, value: V) {
        match self.get_mut(id) {
            Some(known) => *known = value,
            None => {
                self.insert_if_new(id, value);
            }
        }
    }

    /// Forgets all servers but these.
    pub fn retain(&mut self, keep: impl Fn(NodeId) -> bool) {
        self.list.retain(|(id, _)| keep(*id));
    }

    /// The first server.
    #[must_use]
    pub fn first(&self) -> Option<NodeId> {
        self.list.first().map(|(id, _)| *id)
    }

    /// The first server after this one: with [`first`](ByNode::first) a way round that may change things as it goes.
    #[must_use]
    pub fn after(&self, id: NodeId) -> Option<NodeId> {
        self.list.iter().map(|(other, _)| *other).find(|other| *other > id)
    }

    /// Servers and what is known of them, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &V)> {
        self.list.iter().map(|(id, value)| (*id, value))
    }

    /// What is known of the servers, in ascending order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.list.iter().map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.list.iter_mut().map(|(_, value)| value)
    }
}

impl<V> FromIterator<(NodeId, V)> for ByNode<V> {
    fn from_iter<I: IntoIterator<Item = (NodeId, V)>>(known: I) -> Self {
        let mut map = ByNode::new();
        for (id, value) in known {
            map.insert_if_new(id, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_tree() {
        let mut random = crate::Random::new(3);
        let mut map = ByNode::new();
        let mut tree = alloc::collections::BTreeMap::new();
        for step in 0..200 {
            let id = NodeId(random.between(0, 20));
            assert_eq!(map.insert_if_new(id, step), !tree.contains_key(&id));
            tree.entry(id).or_insert(step);
            let probe = NodeId(random.between(0, 21));
            assert_eq!(map.get(probe), tree.get(&probe));
            assert_eq!(map.get_mut(probe), tree.get_mut(&probe));
            assert_eq!(map.contains(probe), tree.contains_key(&probe));
        }
        assert!(map.iter().eq(tree.iter().map(|(id, value)| (*id, value))));
        assert_eq!(map, tree.into_iter().collect());
    }
}
