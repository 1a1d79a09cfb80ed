//! What can happen in a cluster, as a model for stateright: the states, the actions, and what an action leads to.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use raft_core::{Effect, Index, Input, Message, Node, NodeId, Position, ReadId, ReadMode, Reason, Role, Rule};
use stateright::{Model, Property};

use super::bound::{Bound, Wish};
use super::network::{Envelope, Messages, Network};
use super::print::Printed;
use super::properties::{self, Found};
use super::server::{Called, Server, SharedServer};
use super::state::{Committed, History, Spent, State, place};

/// A cluster within a bound.
#[derive(Debug)]
pub struct Cluster {
    pub(super) bound: Bound,
    pub(super) messages: Messages,
    /// Whether messages that can never make a difference again are forgotten.
    forgets: bool,
    /// Whether servers to which nothing has happened take turns.
    takes_turns: bool,
    pub(super) seen: Seen,
    pub(super) found: Found,
}

/// One thing that can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The timer of a server runs out: it stands, or asks, or sends heartbeats.
    Timer(NodeId),
    /// A message arrives. It may do so again.
    Arrival(Envelope),
    /// The oldest write under way of a server becomes durable.
    Durable(NodeId),
    /// A server crashes and starts again.
    Crash {
        /// Which one.
        server: NodeId,
        /// How many of its writes under way have reached the disk, oldest first.
        written: usize,
    },
    /// The next wish is put to a server.
    Wish(NodeId),
}

/// What a run has come across: so that it shows that the bound reaches what it is to cover. It is no part of any state.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) lost_write: AtomicBool,
    pub(super) hidden_write: AtomicBool,
    pub(super) doubled: AtomicBool,
    pub(super) snapshot: AtomicBool,
}

impl Cluster {
    /// A cluster that has not started.
    #[must_use]
    pub fn new(bound: Bound) -> Cluster {
        Cluster {
            // Without this rule no reply is ever out of date.
            forgets: bound.settings.rules.has(Rule::MatchVoteTerm),
            takes_turns: bound.servers_are_alike(),
            bound,
            messages: Messages::default(),
            seen: Seen::default(),
            found: Found::default(),
        }
    }

    /// What an action leads to, and every effect on the way; nothing if it changes nothing.
    pub(super) fn act(
        &self,
        state: &State,
        action: Action,
        told: &mut dyn FnMut(&Node<u64>, &Effect<u64>),
    ) -> Option<State> {
        let (id, input) = match action {
            Action::Timer(id) | Action::Durable(id) => (id, None),
            Action::Crash { server, written } => return self.crash(state, action, server, written),
            Action::Arrival(envelope) => {
                let message = self.messages.message(envelope);
                (message.to, Some(Input::Message(message)))
            }
            Action::Wish(id) => (id, Some(self.wish(state, id))),
        };
        let before = state.server(id);
        let mut after = Server::clone(before);
        let mut history = Cow::Borrowed(&*state.history);
        if let Some(Input::Read { id, .. }) = input {
            let committed = Index(history.committed.len() as u64);
            history.to_mut().reads.push((id, committed));
        }
        let mut refused = false;
        let envelope = |message: Message<u64>| self.messages.envelope(message);
        let mut called = Called {
            envelope: &envelope,
            leaving: Vec::new(),
            told: &mut |node, effect| {
                told(node, &effect);
                refused |= matches!(effect, Effect::Refused { .. });
                if let Effect::Restore { .. } = effect {
                    self.seen.snapshot.store(true, Ordering::Relaxed);
                }
                note(&mut history, node, effect);
            },
        };
        match (action, input) {
            (_, Some(input)) => after.step(input, &mut called),
            (Action::Timer(_), None) => after.tick(&mut called),
            (_, None) => after.persist(&mut called),
        }
        while !self.bound.slow_disks && !after.writes.is_empty() {
            after.persist(&mut called);
        }
        let leaving = called.leaving;
        if refused {
            return None;
        }
        note_log(&mut history, &before.node, &after.node);
        self.state_after(state, action, after, history, &leaving)
    }

    /// The state in which one server is another one; nothing if that is no difference.
    fn state_after(
        &self,
        state: &State,
        action: Action,
        server: Server,
        history: Cow<'_, History>,
        leaving: &[Envelope],
    ) -> Option<State> {
        let id = server.node.id();
        let mut servers = state.servers.clone();
        // Most messages that arrive again change nothing: that is cheaper to see than the print of a server.
        let is_unchanged = server == **state.server(id);
        if !is_unchanged {
            servers[place(id)] = Printed::new(server);
        }
        let network = self.network_after(&servers, &state.network, leaving);
        if is_unchanged && network == state.network {
            return None;
        }
        let history = match history {
            Cow::Borrowed(_) => state.history.clone(),
            Cow::Owned(history) => Printed::new(history),
        };
        let spent = spent_after(state, action, &state.server(id).node);
        Some(State {
            servers,
            network,
            spent,
            history,
        })
    }

    fn crash(&self, state: &State, action: Action, id: NodeId, written: usize) -> Option<State> {
        let server = state.server(id);
        let next = self.state_after(
            state,
            action,
            server.crash(written),
            Cow::Borrowed(&*state.history),
            &[],
        )?;
        if written < server.writes.len() {
            self.seen.lost_write.store(true, Ordering::Relaxed);
        }
        if written > 0 {
            self.seen.hidden_write.store(true, Ordering::Relaxed);
        }
        Some(next)
    }

    /// What is on its way after a server has said something, or is no longer who it was.
    fn network_after(&self, servers: &[SharedServer], network: &Arc<Network>, leaving: &[Envelope]) -> Arc<Network> {
        let mut network = Arc::clone(network);
        for &message in leaving {
            if !network.contains(message) {
                Arc::make_mut(&mut network).send(message);
            }
        }
        let is_dead = |envelope: Envelope| self.forgets && envelope.is_dead(&servers[place(envelope.to())]);
        if network.iter().any(is_dead) {
            Arc::make_mut(&mut network).retain(|envelope| !is_dead(envelope));
        }
        network
    }

    /// Up to which server something may happen next. Servers to which nothing has happened are alike, if the bound does
    /// not name them, and no decision depends on the order of names: so it can as well be the first of them.
    fn last_to_act(&self, state: &State) -> NodeId {
        let servers = self.bound.servers;
        match self.takes_turns {
            true => NodeId(servers.min(state.spent.touched + 1)),
            false => NodeId(servers),
        }
    }

    fn may_fire(&self, state: &State, node: &Node<u64>) -> bool {
        match node.role() {
            Role::Leader(_) => state.spent.heartbeats < self.bound.heartbeats,
            _ if node.id().0 > self.bound.impatient => false,
            Role::Follower(follower) if follower.waits_to_stand => true,
            _ => state.spent.timeouts < self.bound.timeouts,
        }
    }

    fn wish(&self, state: &State, id: NodeId) -> Input<u64> {
        let number = state.spent.wishes;
        match &self.bound.wishes[usize::from(number)] {
            Wish::Write => Input::Propose(u64::from(number) + 1),
            Wish::Members(change) => Input::ChangeMembers(change.clone()),
            Wish::Compact => Input::Compact {
                index: state.server(id).node.commit_index(),
                data: Vec::new(),
            },
            Wish::HandOver(to) => Input::TransferLeadership { to: *to },
            Wish::Read => Input::Read {
                id: ReadId(u64::from(number)),
                mode: ReadMode::ReadIndex,
            },
        }
    }
}

/// What has been used up after an action.
fn spent_after(state: &State, action: Action, before: &Node<u64>) -> Spent {
    let mut spent = state.spent;
    match (action, before.role()) {
        (Action::Timer(_), Role::Leader(_)) => spent.heartbeats += 1,
        // The delay of a two-stage election has been paid for when the term rose.
        (Action::Timer(_), Role::Follower(follower)) if follower.waits_to_stand => {}
        (Action::Timer(_), _) => spent.timeouts += 1,
        (Action::Wish(_), _) => spent.wishes += 1,
        (Action::Crash { .. }, _) => spent.crashes += 1,
        (Action::Arrival(_) | Action::Durable(_), _) => {}
    }
    spent.touched = spent.touched.max(before.id().0);
    spent
}

/// What an observer makes of an effect.
fn note(history: &mut Cow<'_, History>, node: &Node<u64>, effect: Effect<u64>) {
    let known = |index: Index| {
        let place = usize::try_from(index.0 - 1).expect("the first index is 1");
        history.committed.get(place).map(|known| &known.entry)
    };
    match effect {
        Effect::Apply { index, entry } => match known(index) {
            Some(known) if *known == entry => {}
            Some(_) => history.to_mut().diverged = true,
            None => {
                let in_term = node.current_term();
                history.to_mut().committed.push(Committed { entry, in_term });
            }
        },
        Effect::Restore { snapshot } => {
            let Position { term, index } = snapshot.last;
            if known(index).map(|known| known.term) != Some(term) {
                history.to_mut().diverged = true;
            }
        }
        Effect::Because(Reason::Elected { term, .. }) => {
            let reign = (term, node.id());
            if let Err(place) = history.leaders.binary_search(&reign) {
                history.to_mut().leaders.insert(place, reign);
            }
        }
        Effect::ReadReady { id, index } => {
            let mut asked = history.reads.iter();
            let is_stale = asked.any(|&(asked, committed)| asked == id && index < committed);
            let history = history.to_mut();
            history.read = true;
            history.stale |= is_stale;
        }
        _ => {}
    }
}

/// What an observer makes of the log of a leader before and after a step.
fn note_log(history: &mut Cow<'_, History>, before: &Node<u64>, after: &Node<u64>) {
    let reign = |node: &Node<u64>| node.reign().map(|_| node.current_term());
    let leads_on = reign(before).is_some() && reign(before) == reign(after);
    if leads_on && !properties::continues(after.log(), before.log()) {
        history.to_mut().rewrote = true;
    }
}

impl Model for Cluster {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let start = |id| {
            let server = Server::start(id, self.bound.settings.clone(), self.bound.disk(id));
            Printed::new(server)
        };
        vec![State {
            servers: self.bound.ids().map(start).collect(),
            network: Arc::default(),
            spent: Spent::default(),
            history: Printed::new(History::default()),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let last = self.last_to_act(state);
        let servers = &state.servers[..place(last) + 1];
        for server in servers {
            let id = server.node.id();
            if self.may_fire(state, &server.node) {
                actions.push(Action::Timer(id));
            }
            if !server.writes.is_empty() {
                actions.push(Action::Durable(id));
            }
            if server.node.reign().is_some() && usize::from(state.spent.wishes) < self.bound.wishes.len() {
                actions.push(Action::Wish(id));
            }
        }
        let arriving = state.network.iter().filter(|envelope| envelope.to() <= last);
        actions.extend(arriving.map(Action::Arrival));
        if state.spent.crashes < self.bound.crashes {
            for server in servers {
                let id = server.node.id();
                let crash = |written| Action::Crash { server: id, written };
                actions.extend((0..=server.writes.len()).map(crash));
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let next = self.act(state, action, &mut |_, _| {})?;
        self.witness_doubling(&next, action);
        Some(next)
    }

    /// A candidate counts answers, for the sake of a rule that is off, and they may come again without end. With more
    /// than there are servers nothing is different.
    fn within_boundary(&self, state: &State) -> bool {
        let grants = |node: &Node<u64>| node.candidacy().map_or(0, |candidate| candidate.grants);
        state
            .servers
            .iter()
            .all(|server| grants(&server.node) <= self.bound.servers)
    }

    fn properties(&self) -> Vec<Property<Cluster>> {
        properties::all(&self.bound)
    }
}

impl Cluster {
    /// Whether a message that has just arrived still changes something when it arrives again.
    fn witness_doubling(&self, next: &State, action: Action) {
        if let Action::Arrival(_) = action
            && !self.seen.doubled.load(Ordering::Relaxed)
            && self.act(next, action, &mut |_, _| {}).is_some()
        {
            self.seen.doubled.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::Hash;

    use raft_core::ElectionStyle;

    use super::*;

    /// Everything that a cluster can come to.
    fn reached(cluster: &Cluster) -> HashSet<State> {
        let mut open = cluster.init_states();
        let mut reached: HashSet<State> = open.iter().cloned().collect();
        while let Some(state) = open.pop() {
            let next = cluster.next_states(&state).into_iter();
            for state in next.filter(|state| cluster.within_boundary(state)) {
                if reached.insert(state.clone()) {
                    open.push(state);
                }
            }
        }
        reached
    }

    /// Compares what a cluster can come to with and without something that is to spare states, in some respect.
    fn compare<T: Eq + Hash>(leave_out: fn(&mut Cluster), respect: fn(&State) -> T) {
        for style in [ElectionStyle::Standard, ElectionStyle::TWO_STAGE] {
            for (timeouts, crashes, slow_disks) in [(2, 0, false), (1, 1, true)] {
                let bound = Bound {
                    timeouts,
                    crashes,
                    slow_disks,
                    ..Bound::new("a test", style)
                };
                let mut cluster = Cluster::new(bound.clone());
                let sparing = reached(&cluster);
                leave_out(&mut cluster);
                let all = reached(&cluster);
                let of = |states: &HashSet<State>| states.iter().map(respect).collect::<HashSet<T>>();
                assert!(of(&sparing) == of(&all), "{bound}: something is not reached");
                assert!(sparing.len() < all.len(), "{bound}: nothing is spared");
            }
        }
    }

    #[test]
    fn servers_come_to_the_same_whether_dead_messages_are_forgotten_or_not() {
        compare(|cluster| cluster.forgets = false, |state| state.servers.clone());
    }

    #[test]
    fn servers_that_take_turns_come_to_the_same_but_for_their_names() {
        let nameless = |state: &State| {
            let servers = state.servers.iter().map(|server| {
                let node = &server.node;
                let votes_for_itself = node.voted_for().map(|id| id == node.id());
                let role = std::mem::discriminant(node.role());
                let logs = (node.log().clone(), server.disk.log.clone());
                let state = (
                    node.current_term(),
                    votes_for_itself,
                    node.commit_index(),
                    server.writes.len(),
                );
                Printed::new((role, logs, state)).print()
            });
            let mut servers: Vec<u64> = servers.collect();
            servers.sort_unstable();
            (servers, state.network.iter().count())
        };
        compare(|cluster| cluster.takes_turns = false, nameless);
    }
}
