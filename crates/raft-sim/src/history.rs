//! What the clients asked and were told, as data: collected while the events go by.

use raft_core::Instant;

use crate::client::Operation;
use crate::kv::Answer;
use crate::linearizability::{CallId, Linearizability, NotLinearizable};
use crate::{Event, EventId, EventKind, Observer};

/// All calls of all clients, in the order in which they began. It observes a world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    calls: Vec<Call>,
}

/// A call of a client, from its beginning to its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// What the client wanted.
    pub operation: Operation,
    /// When it began.
    pub called_at: Instant,
    /// The event with which it began.
    pub called_by: EventId,
    /// How it ended, if it did.
    pub returned: Option<Returned>,
}

/// The end of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// When.
    pub at: Instant,
    /// The event with which it ended.
    pub by: EventId,
    /// The answer.
    pub answer: Answer,
}

/// Whether a history is linearizable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// There is an order of the calls that explains all answers.
    Linearizable,
    /// There is none.
    NotLinearizable(NotLinearizable),
    /// No contradiction was found, but so many answers could not be judged, because there was too much to explain.
    Undecided {
        /// How many.
        unjudged: u64,
    },
}

impl History {
    /// The calls, in the order in which they began.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// A call. If a client has given two the same number: the later.
    #[must_use]
    pub fn call(&self, id: CallId) -> Option<&Call> {
        self.calls.iter().rfind(|call| call.id == id)
    }

    /// Judges it, from the beginning.
    #[must_use]
    pub fn check(&self) -> Verdict {
        let mut judge = Linearizability::default();
        for (call, returned) in self.in_order() {
            let CallId { client, serial } = call.id;
            match returned {
                None => judge.called(client, serial, &call.operation),
                Some(returned) => {
                    if let Err(violation) = judge.returned(client, serial, &returned.answer) {
                        return Verdict::NotLinearizable(violation);
                    }
                }
            }
        }
        match judge.unjudged() {
            0 => Verdict::Linearizable,
            unjudged => Verdict::Undecided { unjudged },
        }
    }

    /// Beginnings and ends, as they happened.
    fn in_order(&self) -> Vec<(&Call, Option<&Returned>)> {
        let mut all = Vec::new();
        for call in &self.calls {
            all.push((call.called_by, call, None));
            all.extend(
                call.returned
                    .as_ref()
                    .map(|returned| (returned.by, call, Some(returned))),
            );
        }
        all.sort_by_key(|&(event, ..)| event);
        all.into_iter().map(|(_, call, returned)| (call, returned)).collect()
    }
}

impl Observer for History {
    fn observe(&mut self, event: Event) {
        match event.kind {
            EventKind::Called {
                client,
                serial,
                operation,
            } => self.calls.push(Call {
                id: CallId { client, serial },
                operation,
                called_at: event.at,
                called_by: event.id,
                returned: None,
            }),
            EventKind::Returned {
                client, serial, answer, ..
            } => {
                let id = CallId { client, serial };
                if let Some(call) = self.calls.iter_mut().rfind(|call| call.id == id) {
                    call.returned = Some(Returned {
                        at: event.at,
                        by: event.id,
                        answer,
                    });
                }
            }
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    //! Random small histories, good and bad, against a dumb twin that tries all orders of all calls on the whole map.

    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use raft_core::session::{ClientId, Serial};
    use raft_core::{NodeId, Random, ReadMode};

    use super::*;
    use crate::kv::Write;
    use crate::linearizability::Against;

    type Map = BTreeMap<Arc<str>, Arc<str>>;

    /// The calls that matter.
    fn judged(history: &History) -> impl Iterator<Item = &Call> {
        history.calls.iter().filter(|call| call.operation.is_linearizable())
    }

    /// The dumb twin: whether some order of the calls explains the answers given up to this event.
    fn is_explained(history: &History, until: EventId) -> bool {
        let called: Vec<_> = judged(history).filter(|call| call.called_by <= until).collect();
        let returned = |call: &Call| call.returned.clone().filter(|returned| returned.by <= until);
        let mut tried = BTreeSet::new();
        let mut ahead = vec![(0_u64, Map::new())];
        while let Some((placed, map)) = ahead.pop() {
            let rest = || (0..called.len()).filter(|place| placed & (1 << place) == 0);
            if rest().all(|place| returned(called[place]).is_none()) {
                return true;
            }
            if !tried.insert((placed, map.clone())) {
                continue;
            }
            for next in rest() {
                let is_before = |end: Returned| end.by < called[next].called_by;
                if rest().any(|other| returned(called[other]).is_some_and(is_before)) {
                    continue;
                }
                let mut map = map.clone();
                let answer = carry_out(&mut map, &called[next].operation);
                if returned(called[next]).is_none_or(|returned| returned.answer == answer) {
                    ahead.push((placed | (1 << next), map));
                }
            }
        }
        false
    }

    fn carry_out(map: &mut Map, operation: &Operation) -> Answer {
        match operation {
            Operation::Write(write) => {
                let (value, answer) = write.on(map.get(write.key()));
                if let Some(value) = value {
                    map.insert(write.key().clone(), value.clone());
                }
                answer
            }
            Operation::Read { key, .. } => Answer::Value(map.get(key).cloned()),
        }
    }

    /// The first call whose answer makes it impossible.
    fn guilty(history: &History) -> Option<CallId> {
        let mut returns: Vec<_> = judged(history).filter(|call| call.returned.is_some()).collect();
        returns.sort_by_key(|call| call.returned.as_ref().map(|returned| returned.by));
        let is_guilty = |call: &&Call| !is_explained(history, call.returned.as_ref().unwrap().by);
        returns.into_iter().find(is_guilty).map(|call| call.id)
    }

    /// How a random history is made.
    struct Recipe {
        clients: u64,
        keys: u64,
        /// How many different values; zero: each is new.
        values: u64,
        calls: usize,
        /// How many of a hundred calls are local reads.
        local_percent: u64,
        /// How many of a hundred calls compare and set, of the others.
        compare_and_sets_percent: u64,
        /// How many of a hundred answers are not what happened.
        lies_percent: u64,
    }

    enum State {
        Idle,
        Called(Operation),
        Done(Operation, Answer),
    }

    impl Recipe {
        /// A real map, on which calls take effect at random moments between their beginning and their answer.
        fn make(&self, seed: u64) -> History {
            let mut random = Random::new(seed);
            let mut history = History::default();
            let mut map = Map::new();
            let mut written = 0;
            let mut states: Vec<_> = (0..self.clients).map(|_| (Serial(0), State::Idle)).collect();
            let mut event = 0;
            while history.calls.len() < self.calls {
                let client = random.between(1, self.clients);
                let (serial, state) = &mut states[client as usize - 1];
                let client = ClientId(client);
                event += 1;
                let mut observe = |serial, kind: &dyn Fn(ClientId, Serial) -> EventKind| {
                    history.observe(Event {
                        id: EventId(event),
                        at: Instant(event),
                        step: event,
                        cause: None,
                        server: None,
                        kind: kind(client, serial),
                    });
                };
                *state = match std::mem::replace(state, State::Idle) {
                    State::Idle => {
                        let operation = self.operation(&mut random, &mut written);
                        *serial = Serial(serial.0 + 1);
                        observe(*serial, &|client, serial| EventKind::Called {
                            client,
                            serial,
                            operation: operation.clone(),
                        });
                        State::Called(operation)
                    }
                    State::Called(operation) => {
                        let answer = carry_out(&mut map, &operation);
                        State::Done(operation, answer)
                    }
                    State::Done(operation, truth) => {
                        let is_stale = !operation.is_linearizable();
                        let is_lie = random.between(1, 100) <= self.lies_percent;
                        let answer = match operation {
                            Operation::Read { .. } if is_stale || is_lie => {
                                Answer::Value(self.some_value(&mut random, written))
                            }
                            Operation::Write(Write::CompareAndSet { .. }) if is_lie => match truth {
                                Answer::Written => Answer::NotAsExpected,
                                _ => Answer::Written,
                            },
                            _ => truth,
                        };
                        observe(*serial, &|client, serial| EventKind::Returned {
                            client,
                            serial,
                            from: NodeId(1),
                            answer: answer.clone(),
                            stale: false,
                        });
                        State::Idle
                    }
                };
            }
            history
        }

        fn operation(&self, random: &mut Random, written: &mut u64) -> Operation {
            let key: Arc<str> = format!("k{}", random.between(1, self.keys)).into();
            let mut value = || self.some_value(random, *written);
            let (expected, value) = (value(), value());
            let value = if self.values == 0 {
                *written += 1;
                written.to_string().into()
            } else {
                value.unwrap_or_else(|| "1".into())
            };
            if random.between(1, 100) <= self.local_percent {
                let mode = ReadMode::Local;
                return Operation::Read { key, mode };
            }
            if random.between(1, 100) <= self.compare_and_sets_percent {
                return Operation::Write(Write::CompareAndSet { key, expected, value });
            }
            match random.between(0, 1) {
                0 => Operation::Write(Write::Put { key, value }),
                _ => Operation::Read {
                    key,
                    mode: ReadMode::ReadIndex,
                },
            }
        }

        fn some_value(&self, random: &mut Random, written: u64) -> Option<Arc<str>> {
            let latest = if self.values == 0 { written } else { self.values };
            let value = random.between(latest.saturating_sub(4), latest);
            (value > 0).then(|| value.to_string().into())
        }
    }

    /// Compares the judge with the dumb twin, and says how many histories were good and how many bad.
    fn compare(recipe: &Recipe, seeds: u64) -> (u64, u64) {
        let (mut good, mut bad) = (0, 0);
        for seed in 0..seeds {
            let history = recipe.make(seed);
            match (history.check(), guilty(&history)) {
                (Verdict::Linearizable, None) => good += 1,
                (Verdict::NotLinearizable(found), Some(call)) if found.call == call => {
                    bad += 1;
                    if let Against::Told(other) = found.against {
                        let ended = history.call(other).and_then(|other| other.returned.as_ref());
                        let began = history.call(call).map(|call| call.called_by);
                        assert!(ended.map(|ended| ended.by) < began, "seed {seed}: it was told before");
                    }
                }
                (found, expected) => panic!("seed {seed}: {found:?}, and the twin says {expected:?}: {history:#?}"),
            }
        }
        (good, bad)
    }

    const SMALL: Recipe = Recipe {
        clients: 4,
        keys: 1,
        values: 2,
        calls: 12,
        local_percent: 0,
        compare_and_sets_percent: 30,
        lies_percent: 40,
    };

    #[test]
    fn the_dumb_twin_agrees() {
        let recipes = [
            SMALL,
            Recipe { keys: 2, ..SMALL },
            Recipe { values: 0, ..SMALL },
            Recipe {
                values: 3,
                clients: 6,
                calls: 14,
                ..SMALL
            },
            Recipe {
                compare_and_sets_percent: 0,
                ..SMALL
            },
            Recipe {
                compare_and_sets_percent: 0,
                values: 4,
                clients: 6,
                ..SMALL
            },
            Recipe {
                compare_and_sets_percent: 80,
                clients: 5,
                ..SMALL
            },
            Recipe {
                local_percent: 30,
                ..SMALL
            },
        ];
        for recipe in recipes {
            let (good, bad) = compare(&recipe, 2_000);
            assert!(good > 200 && bad > 200, "both occur: {good} good, {bad} bad");
            let honest = Recipe {
                lies_percent: 0,
                ..recipe
            };
            assert_eq!(compare(&honest, 500), (500, 0));
        }
    }
    /// After a violation the judge takes for true only what later calls say: one false answer is not held against others
    /// again and again.
    #[test]
    fn a_single_lie_is_found_at_most_once() {
        let honest = Recipe {
            calls: 60,
            lies_percent: 0,
            ..SMALL
        };
        let mut found = 0;
        for seed in 0..2_000 {
            let mut history = honest.make(seed);
            let liar = history.calls[..20]
                .iter_mut()
                .find(|call| matches!(call.operation, Operation::Read { .. }));
            let Some(Returned { answer, .. }) = liar.and_then(|call| call.returned.as_mut()) else {
                continue;
            };
            *answer = Answer::Value(None);
            let mut judge = Linearizability::default();
            let mut violations = 0;
            for (call, returned) in history.in_order() {
                let CallId { client, serial } = call.id;
                match returned {
                    None => judge.called(client, serial, &call.operation),
                    Some(returned) => {
                        violations += usize::from(judge.returned(client, serial, &returned.answer).is_err());
                    }
                }
            }
            assert!(violations <= 1, "seed {seed}");
            found += violations;
        }
        assert!(found > 300, "{found}");
    }

    #[test]
    fn an_undecided_history_says_so() {
        let stormy = Recipe {
            clients: 16,
            values: 3,
            calls: 400,
            lies_percent: 0,
            ..SMALL
        };
        let verdicts: Vec<_> = (0..20).map(|seed| stormy.make(seed).check()).collect();
        assert!(
            verdicts
                .iter()
                .any(|verdict| matches!(verdict, Verdict::Undecided { .. }))
        );
        assert!(
            !verdicts
                .iter()
                .any(|verdict| matches!(verdict, Verdict::NotLinearizable(_)))
        );
    }
}
