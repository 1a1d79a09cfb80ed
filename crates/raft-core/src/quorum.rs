//! Who the members are, and when enough of them agree. Pure arithmetic, no role and no log.

use alloc::vec::Vec;

use crate::{Index, NodeId};

/// The servers of a cluster (§6).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Configuration {
    /// Sorted, and each once: the order can be seen in the order of messages.
    voters: Vec<NodeId>,
}

impl Configuration {
    /// A cluster of these voters; their order and repetitions do not matter.
    #[must_use]
    pub fn new(voters: impl IntoIterator<Item = NodeId>) -> Configuration {
        let mut sorted: Vec<NodeId> = Vec::new();
        for id in voters {
            if let Err(place) = sorted.binary_search(&id) {
                sorted.insert(place, id);
            }
        }
        Configuration { voters: sorted }
    }

    /// The servers whose votes and logs count, in ascending order.
    #[must_use]
    pub fn voters(&self) -> &[NodeId] {
        &self.voters
    }

    /// Whether `id` is one of them.
    #[must_use]
    pub fn contains(&self, id: NodeId) -> bool {
        self.voters.binary_search(&id).is_ok()
    }

    /// How many voters decide: more than half (§5.2). Any two majorities share a server.
    #[must_use]
    pub fn majority(&self) -> usize {
        self.voters.len() / 2 + 1
    }

    /// Whether those for whom `agrees` holds are a majority.
    #[must_use]
    pub fn is_quorum(&self, agrees: impl Fn(NodeId) -> bool) -> bool {
        let agreeing = self.voters.iter().filter(|&&id| agrees(id)).count();
        agreeing >= self.majority()
    }

    /// The highest index that a majority has reached (§5.3, §5.4): N such that a majority
    /// of `match_index` ≥ N. Zero without voters.
    #[must_use]
    pub fn quorum_index(&self, match_index: impl Fn(NodeId) -> Index) -> Index {
        // The N-th largest of N needed ones: at least that many reach it, and no higher index has as many.
        // A cluster is small, so looking at each candidate in turn is as fast as sorting, and needs no memory.
        self.voters
            .iter()
            .map(|&id| match_index(id))
            .filter(|&index| self.is_quorum(|id| match_index(id) >= index))
            .max()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cluster(n: u64) -> Configuration {
        Configuration::new((1..=n).map(NodeId))
    }

    #[test]
    fn more_than_half() {
        let majorities: Vec<usize> = (0..=9).map(|n| cluster(n).majority()).collect();
        assert_eq!(majorities, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn nobody_decides_nothing() {
        assert!(!cluster(0).is_quorum(|_| true));
        assert_eq!(cluster(0).quorum_index(|_| Index(7)), Index(0));
    }

    #[test]
    fn repetitions_count_once() {
        let twice = Configuration::new([NodeId(2), NodeId(1), NodeId(2)]);
        assert_eq!(twice.voters(), [NodeId(1), NodeId(2)]);
    }

    proptest! {
        /// The dumb twin: count down from the top until enough have got that far.
        #[test]
        fn quorum_index_agrees_with_counting_down(matches in prop::collection::vec(0u64..20, 1..9)) {
            let configuration = cluster(matches.len() as u64);
            let reached = |id: NodeId| Index(matches[usize::try_from(id.0 - 1).unwrap()]);
            let enough = |index: &u64| matches.iter().filter(|&&m| m >= *index).count() * 2 > matches.len();
            let dumb = (0..=20).rev().find(enough).map(Index).unwrap();
            prop_assert_eq!(configuration.quorum_index(reached), dumb);
        }

        #[test]
        fn any_two_majorities_share_a_server(n in 1u64..8, one in 0u32..256, other in 0u32..256) {
            let configuration = cluster(n);
            let in_one = |id: NodeId| one >> id.0 & 1 == 1;
            let in_other = |id: NodeId| other >> id.0 & 1 == 1;
            if configuration.is_quorum(in_one) && configuration.is_quorum(in_other) {
                prop_assert!(configuration.voters().iter().any(|&id| in_one(id) && in_other(id)));
            }
        }
    }
}
