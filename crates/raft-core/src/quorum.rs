//! Who the members are, and when enough of them agree. Pure arithmetic, no role and no log.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::{NodeId, Rule, Rules};

/// The servers of a cluster (§6).
///
/// While it changes from one set of voters to another by joint consensus, both sets are in it, and
/// every decision needs a majority of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Configuration {
    /// Shared, because entries, messages and snapshots carry it, and hardly any of them has one of its own.
    sides: Arc<Sides>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Sides {
    voters: Members,
    outgoing: Members,
    learners: Members,
}

/// A set of servers: sorted, and each once, because the order can be seen in the order of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Members(Vec<NodeId>);

impl Members {
    fn new(ids: impl IntoIterator<Item = NodeId>) -> Members {
        let mut sorted: Vec<NodeId> = Vec::new();
        for id in ids {
            if let Err(place) = sorted.binary_search(&id) {
                sorted.insert(place, id);
            }
        }
        Members(sorted)
    }

    fn contains(&self, id: NodeId) -> bool {
        self.0.contains(&id)
    }

    fn with(&self, id: NodeId) -> Members {
        Members::new(self.0.iter().copied().chain([id]))
    }

    fn without(&self, id: NodeId) -> Members {
        Members::new(self.0.iter().copied().filter(|&member| member != id))
    }
}

impl Configuration {
    /// A cluster of these voters; their order and repetitions do not matter.
    #[must_use]
    pub fn new(voters: impl IntoIterator<Item = NodeId>) -> Configuration {
        Configuration::of(Sides {
            voters: Members::new(voters),
            ..Sides::default()
        })
    }

    /// The same with these learners: they receive the log, but have no say (dissertation, §4.2.1).
    /// Who votes is no learner.
    #[must_use]
    pub fn with_learners(self, learners: impl IntoIterator<Item = NodeId>) -> Configuration {
        let learners = learners.into_iter().filter(|&id| !self.is_voter(id));
        Configuration::of(Sides {
            learners: Members::new(learners),
            ..Sides::clone(&self.sides)
        })
    }

    /// The joint configuration on the way from this one to `next`: both decide (§6).
    #[must_use]
    pub fn joint_with(&self, next: &Configuration) -> Configuration {
        Configuration::of(Sides {
            voters: next.sides.voters.clone(),
            outgoing: self.sides.voters.clone(),
            // Who is to become a learner is one then; until then it has its vote on the old side.
            learners: next.sides.learners.clone(),
        })
    }

    /// The end of the way: the new voters alone.
    #[must_use]
    pub fn leave_joint(&self) -> Configuration {
        Configuration::of(Sides {
            outgoing: Members::default(),
            ..Sides::clone(&self.sides)
        })
    }

    /// The same with one more voter; a learner becomes one.
    #[must_use]
    pub fn with_voter(&self, id: NodeId) -> Configuration {
        Configuration::of(Sides {
            voters: self.sides.voters.with(id),
            outgoing: self.sides.outgoing.clone(),
            learners: self.sides.learners.without(id),
        })
    }

    /// The same with one more learner; a voter becomes one.
    #[must_use]
    pub fn with_learner(&self, id: NodeId) -> Configuration {
        Configuration::of(Sides {
            voters: self.sides.voters.without(id),
            outgoing: self.sides.outgoing.clone(),
            learners: self.sides.learners.with(id),
        })
    }

    /// The same without a server.
    #[must_use]
    pub fn without(&self, id: NodeId) -> Configuration {
        Configuration::of(Sides {
            voters: self.sides.voters.without(id),
            outgoing: self.sides.outgoing.clone(),
            learners: self.sides.learners.without(id),
        })
    }

    /// The servers whose votes and logs count, in ascending order; of a joint configuration the new ones.
    #[must_use]
    pub fn voters(&self) -> &[NodeId] {
        &self.sides.voters.0
    }

    /// The old voters of a joint configuration, in ascending order; empty otherwise.
    #[must_use]
    pub fn outgoing(&self) -> &[NodeId] {
        &self.sides.outgoing.0
    }

    /// The servers that only learn, in ascending order.
    #[must_use]
    pub fn learners(&self) -> &[NodeId] {
        &self.sides.learners.0
    }

    /// Whether two sets of voters have to agree.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        !self.outgoing().is_empty()
    }

    /// Whether `id` has a say.
    #[must_use]
    pub fn is_voter(&self, id: NodeId) -> bool {
        self.sides.voters.contains(id) || self.sides.outgoing.contains(id)
    }

    /// Whether `id` receives the log.
    #[must_use]
    pub fn contains(&self, id: NodeId) -> bool {
        self.is_voter(id) || self.sides.learners.contains(id)
    }

    /// Everybody who receives the log, in ascending order.
    pub fn members(&self) -> impl Iterator<Item = NodeId> {
        let sides = [self.voters(), self.outgoing(), self.learners()];
        Members::new(sides.into_iter().flatten().copied()).0.into_iter()
    }

    /// How many of the voters decide: more than half (§5.2). Any two majorities share a server.
    #[must_use]
    pub fn majority(&self) -> usize {
        majority(self.voters().len(), Rules::ALL)
    }

    /// Whether those for whom `agrees` holds are a majority: of a joint configuration, of both its sides (§6).
    #[must_use]
    pub fn is_quorum(&self, rules: Rules, agrees: impl Fn(NodeId) -> bool) -> bool {
        let agreeing = |members: &[NodeId]| members.iter().filter(|&&id| agrees(id)).count();
        // Only voters count (dissertation, §4.2.1).
        let learners = if rules.has(Rule::OnlyVotersCount) {
            &[]
        } else {
            self.learners()
        };
        let (voters, outgoing) = (self.voters(), self.outgoing());
        let new_side = agreeing(voters) + agreeing(learners) >= majority(voters.len() + learners.len(), rules);
        new_side && (!self.needs_both_sides(rules) || agreeing(outgoing) >= majority(outgoing.len(), rules))
    }

    /// "Agreement requires separate majorities from both the old and new configurations" (§6).
    fn needs_both_sides(&self, rules: Rules) -> bool {
        self.is_joint() && rules.has(Rule::OverlappingMajorities)
    }

    /// How many agree, and how many are needed: of a joint configuration on the side that lacks more.
    #[must_use]
    pub fn tally(&self, rules: Rules, agrees: impl Fn(NodeId) -> bool) -> (u64, u64) {
        let side = |members: &[NodeId]| {
            let agreeing = members.iter().filter(|&&id| agrees(id)).count();
            (agreeing as u64, majority(members.len(), Rules::ALL) as u64)
        };
        let (new, old) = (side(self.voters()), side(self.outgoing()));
        let lacks_less = |(has, needed): (u64, u64), (other_has, other_needed): (u64, u64)| {
            has.saturating_add(other_needed) > other_has.saturating_add(needed)
        };
        if self.needs_both_sides(rules) && lacks_less(new, old) {
            old
        } else {
            new
        }
    }

    /// The highest value that a majority has reached (§5.3, §5.4): N such that a majority
    /// of values ≥ N. The smallest value there is, if there are no voters.
    #[must_use]
    pub fn quorum_value<T: Ord + Copy + Default>(&self, rules: Rules, value: impl Fn(NodeId) -> T) -> T {
        // A cluster is small: looking at each member's value in turn is as fast as sorting, and needs no memory.
        let sides = [self.voters(), self.outgoing(), self.learners()];
        let reached = sides.into_iter().flatten().map(|&id| value(id));
        reached.fold(T::default(), |highest, reached| {
            let is_higher = reached > highest && self.is_quorum(rules, |id| value(id) >= reached);
            if is_higher { reached } else { highest }
        })
    }

    fn of(sides: Sides) -> Configuration {
        Configuration { sides: Arc::new(sides) }
    }
}

fn majority(voters: usize, rules: Rules) -> usize {
    if rules.has(Rule::Majority) {
        voters / 2 + 1
    } else {
        (voters / 2).max(1)
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
        assert!(!cluster(0).is_quorum(Rules::ALL, |_| true));
        assert_eq!(cluster(0).quorum_value(Rules::ALL, |_| 7), 0);
    }

    #[test]
    fn repetitions_count_once() {
        let twice = Configuration::new([NodeId(2), NodeId(1), NodeId(2)]);
        assert_eq!(twice.voters(), [NodeId(1), NodeId(2)]);
    }

    #[test]
    fn learners_have_no_say() {
        let configuration = cluster(3).with_learners([NodeId(3), NodeId(4), NodeId(5)]);
        assert_eq!(configuration.learners(), [NodeId(4), NodeId(5)]);
        let agree = |id: NodeId| id.0 >= 3;
        assert!(!configuration.is_quorum(Rules::ALL, agree));
        assert!(configuration.is_quorum(Rules::ALL.without(Rule::OnlyVotersCount), agree));
    }

    #[test]
    fn a_joint_configuration_needs_both_sides() {
        let joint = cluster(3).joint_with(&Configuration::new([4, 5, 6].map(NodeId)));
        assert!(!joint.is_quorum(Rules::ALL, |id| id.0 > 3));
        assert!(!joint.is_quorum(Rules::ALL, |id| id.0 <= 3));
        assert!(joint.is_quorum(Rules::ALL, |id| id.0 % 3 != 0));
        assert!(joint.is_quorum(Rules::ALL.without(Rule::OverlappingMajorities), |id| id.0 > 3));
        assert_eq!(joint.leave_joint(), Configuration::new([4, 5, 6].map(NodeId)));
    }

    #[test]
    fn a_tally_is_of_the_side_that_lacks_more() {
        let joint = cluster(3).joint_with(&Configuration::new([1, 4, 5, 6, 7].map(NodeId)));
        let tally = |agrees: fn(NodeId) -> bool| joint.tally(Rules::ALL, agrees);
        assert_eq!(tally(|id| id.0 <= 3), (1, 3), "of the new side only one");
        assert_eq!(tally(|id| id.0 >= 4), (0, 2), "of the old side nobody");
        assert_eq!(tally(|_| false), (0, 3));
        assert_eq!(cluster(3).tally(Rules::ALL, |id| id.0 == 2), (1, 2));
    }

    #[test]
    fn one_server_at_a_time() {
        let learner = cluster(3).with_learner(NodeId(4));
        assert_eq!(learner, cluster(3).with_learners([NodeId(4)]));
        assert_eq!(learner.with_voter(NodeId(4)), cluster(4));
        assert_eq!(cluster(4).without(NodeId(4)), cluster(3));
        assert_eq!(learner.members().count(), 4);
    }

    proptest! {
        /// The dumb twin: count down from the top until enough have got that far.
        #[test]
        fn quorum_value_agrees_with_counting_down(
            new in prop::collection::vec(0u64..20, 1..6),
            old in prop::collection::vec(0u64..20, 0..6),
        ) {
            let split = new.len() as u64;
            let ids = |range: core::ops::RangeInclusive<u64>| Configuration::new(range.map(NodeId));
            let all: Vec<u64> = new.iter().chain(&old).copied().collect();
            let joint = ids(split + 1..=all.len() as u64).joint_with(&ids(1..=split));
            let value = |id: NodeId| all[usize::try_from(id.0 - 1).unwrap()];
            let enough = |values: &[u64], n: u64| values.iter().filter(|&&v| v >= n).count() * 2 > values.len();
            let dumb = (0..=20).rev().find(|&n| enough(&new, n) && (old.is_empty() || enough(&old, n))).unwrap();
            prop_assert_eq!(joint.quorum_value(Rules::ALL, value), dumb);
        }

        #[test]
        fn any_two_majorities_share_a_server(n in 1u64..8, one in 0u32..256, other in 0u32..256) {
            let configuration = cluster(n);
            let in_one = |id: NodeId| one >> id.0 & 1 == 1;
            let in_other = |id: NodeId| other >> id.0 & 1 == 1;
            if configuration.is_quorum(Rules::ALL, in_one) && configuration.is_quorum(Rules::ALL, in_other) {
                prop_assert!(configuration.voters().iter().any(|&id| in_one(id) && in_other(id)));
            }
        }
    }
}
