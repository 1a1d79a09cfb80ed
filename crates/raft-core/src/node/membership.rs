//! Membership (§6; dissertation, chapter 4): one server at a time, or by joint consensus; learners.
//!
//! A configuration is an entry like any other, but acts as soon as it is in the log: the entries that
//! are committed with it must already have its majority.

use alloc::collections::BTreeSet;

use super::Node;
use crate::{
    Change, Command, Configuration, Effect, Effects, Index, Instant, NodeId, Payload, Progress, Reason, Refusal, Rule,
};

impl<C: Command> Node<C> {
    /// The host wants to change the members.
    pub(super) fn change_members(&mut self, now: Instant, change: &Change, effects: &mut Effects<C>) {
        let next = match self.next_configuration(change) {
            Ok(next) => next,
            Err(why) => return effects.push(Effect::Refused { why }),
        };
        let (index, term) = self.append(now, Payload::Configuration(next), effects);
        effects.push(Effect::Proposed { index, term });
    }

    /// The configuration that a change leads to first, or why it may not begin.
    fn next_configuration(&self, change: &Change) -> Result<Configuration, Refusal> {
        if let Some(why) = self.refusal() {
            return Err(why);
        }
        // "A leader may not begin another change before the previous one is committed" (§6; dissertation, §4.1).
        let (index, now) = self.configuration_entry();
        if *index > self.commit_index || now.is_joint() {
            return Err(Refusal::ChangeUnderWay { index: *index });
        }
        // Two leaders of different terms, each with an uncommitted change of its own, could decide without each other
        // (dissertation, §4.1 as corrected in 2015).
        if !self.has_committed_in_term() && self.rule(Rule::OwnTermBeforeMembership) {
            return Err(Refusal::NothingCommittedInTerm);
        }
        let next = match change {
            Change::AddVoter(id) => now.with_voter(*id),
            Change::AddLearner(id) => now.with_learner(*id),
            Change::Remove(id) => now.without(*id),
            Change::Replace(next) => next.leave_joint(),
        };
        if next == *now {
            return Err(Refusal::NoChange);
        }
        if next.voters().is_empty() {
            return Err(Refusal::NoVoters);
        }
        Ok(match change {
            Change::Replace(_) => now.joint_with(&next),
            Change::AddVoter(_) | Change::AddLearner(_) | Change::Remove(_) => next,
        })
    }

    /// Says which configuration is in force now.
    pub(super) fn tell_configuration(&self, effects: &mut Effects<C>) {
        let (index, configuration) = self.configuration_entry();
        effects.because(Reason::ConfigurationInForce {
            index: *index,
            voters: configuration.voters().len() as u64,
            learners: configuration.learners().len() as u64,
            joint: configuration.is_joint(),
        });
    }

    /// A leader looks after everybody in the last committed configuration and in those after it: who is
    /// on its way out gets the entry that says so. Of who is new it assumes that it has the log up to `assumed`.
    pub(super) fn meet_members(&mut self, now: Instant, assumed: Index) {
        let members: BTreeSet<NodeId> = self
            .undecided_configurations()
            .iter()
            .flat_map(|(_, configuration)| configuration.members())
            .collect();
        let me = self.id;
        let progress = &mut self.leading_mut().progress;
        progress.retain(|id| members.contains(&id));
        for id in members.into_iter().filter(|&id| id != me) {
            progress.insert_if_new(id, Progress::new(assumed, now));
        }
    }

    /// The last configuration that is known to be committed, and those after it.
    fn undecided_configurations(&self) -> &[(Index, Configuration)] {
        let committed = self
            .configurations
            .partition_point(|&(index, _)| index <= self.commit_index);
        &self.configurations[committed.saturating_sub(1)..]
    }

    /// "A server that is not part of its own latest configuration should still start new elections, as it might still be
    /// needed until the C_new entry is committed" (dissertation, §4.2.2): perhaps nobody else has that entry.
    pub(super) fn may_be_needed_as_leader(&self) -> bool {
        let acting = self.configuration_entry().0;
        let undecided = self.undecided_configurations().iter();
        let mut acting = undecided.filter(|(index, _)| *index <= acting);
        acting.any(|(_, configuration)| configuration.is_voter(self.id))
    }

    /// Whether any configuration that this server has names `id`.
    pub(super) fn knows(&self, id: NodeId) -> bool {
        self.configurations
            .iter()
            .any(|(_, configuration)| configuration.contains(id))
    }

    /// The leader's commit index has risen from `before`, perhaps beyond a configuration.
    pub(super) fn configuration_may_be_committed(&mut self, now: Instant, before: Index, effects: &mut Effects<C>) {
        let (index, configuration) = self.configuration_entry();
        let (index, is_joint) = (*index, configuration.is_joint());
        let is_voter = configuration.is_voter(self.id);
        // The configuration that a cluster begins with is no entry. Only if it is joint does anything come of it.
        if index > self.commit_index || index == Index(0) && !is_joint {
            return;
        }
        if index > before {
            self.meet_members(now, self.log.last_index());
        }
        if is_joint {
            // "Once C_old,new has been committed […] it is now safe for the leader to create a log entry describing C_new" (§6).
            let next = self.configuration().leave_joint();
            let is_appended = self.configurations.last().is_some_and(|(last, _)| *last > index);
            if !is_appended {
                self.append(now, Payload::Configuration(next), effects);
            }
        } else if !is_voter {
            // "The leader steps down once it has committed the C_new log entry" (§6).
            let term = self.current_term();
            effects.because(Reason::Removed { index, term });
            self.become_follower(now, None, effects);
        }
    }
}
