//! A second opinion: the judge of `raft-sim` and the linearizability tester of `stateright` agree on random histories.
//!
//! The tester knows nothing of registers or keys: it tries the orders of all calls on a map, given here as its reference
//! object.

use std::collections::BTreeMap;
use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{Random, ReadMode};
use raft_sim::Operation;
use raft_sim::kv::{Answer, Write};
use raft_sim::linearizability::Linearizability;
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

/// The reference object.
#[derive(Clone, Debug, Default)]
struct Map(BTreeMap<Arc<str>, Arc<str>>);

impl SequentialSpec for Map {
    type Op = Operation;
    type Ret = Answer;

    fn invoke(&mut self, operation: &Operation) -> Answer {
        match operation {
            Operation::Write(write) => {
                let (value, answer) = write.on(self.0.get(write.key()));
                if let Some(value) = value.cloned() {
                    self.0.insert(write.key().clone(), value);
                }
                answer
            }
            Operation::Read { key, .. } => Answer::Value(self.0.get(key).cloned()),
        }
    }
}

/// How random histories are made.
struct Recipe {
    clients: u64,
    keys: u64,
    values: u64,
    acts: u64,
    compare_and_sets_percent: u64,
    /// How many of a hundred answers are not what happened.
    lies_percent: u64,
}

enum Client {
    Idle,
    Called(Operation),
    /// Its call has taken effect; the answer is under way.
    Done(Answer),
}

impl Recipe {
    /// Calls take effect on a real map at random moments between their beginning and their answer, and some answers
    /// are lies. Both judges are asked after every answer, until the first violation. Returns whether there was one.
    fn is_linearizable(&self, seed: u64) -> bool {
        let mut random = Random::new(seed);
        let mut map = Map::default();
        let mut clients: Vec<_> = (0..self.clients).map(|_| (Serial(0), Client::Idle)).collect();
        let mut ours = Linearizability::default();
        let mut theirs = LinearizabilityTester::new(Map::default());
        for _ in 0..self.acts {
            let id = ClientId(random.between(1, self.clients));
            let (serial, client) = &mut clients[id.0 as usize - 1];
            *client = match std::mem::replace(client, Client::Idle) {
                Client::Idle => {
                    serial.0 += 1;
                    let operation = self.operation(&mut random);
                    ours.called(id, *serial, &operation);
                    theirs.on_invoke(id.0, operation.clone()).unwrap();
                    Client::Called(operation)
                }
                Client::Called(operation) => Client::Done(map.invoke(&operation)),
                Client::Done(truth) => {
                    let is_lie = random.between(1, 100) <= self.lies_percent;
                    let answer = if is_lie { self.lie(&mut random, &truth) } else { truth };
                    theirs.on_return(id.0, answer.clone()).unwrap();
                    let verdict = ours.returned(id, *serial, &answer);
                    assert_eq!(verdict.is_ok(), theirs.is_consistent(), "seed {seed}: {theirs:#?}");
                    assert_eq!(ours.unjudged(), 0, "seed {seed}");
                    if verdict.is_err() {
                        return false;
                    }
                    Client::Idle
                }
            }
        }
        true
    }

    fn operation(&self, random: &mut Random) -> Operation {
        let key: Arc<str> = format!("k{}", random.between(1, self.keys)).into();
        let value = random.between(1, self.values).to_string().into();
        if random.between(1, 100) <= self.compare_and_sets_percent {
            let expected = self.some_value(random);
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

    fn some_value(&self, random: &mut Random) -> Option<Arc<str>> {
        let value = random.between(0, self.values);
        (value > 0).then(|| value.to_string().into())
    }

    fn lie(&self, random: &mut Random, truth: &Answer) -> Answer {
        match truth {
            Answer::Value(_) => Answer::Value(self.some_value(random)),
            // Not only a compare-and-set: a put that was not done, either.
            Answer::Written => Answer::NotAsExpected,
            Answer::NotAsExpected => Answer::Written,
        }
    }
}

#[test]
fn stateright_agrees() {
    let small = Recipe {
        clients: 4,
        keys: 1,
        values: 2,
        acts: 30,
        compare_and_sets_percent: 30,
        lies_percent: 10,
    };
    let recipes = [
        Recipe { keys: 2, ..small },
        Recipe { values: 5, ..small },
        Recipe {
            compare_and_sets_percent: 0,
            ..small
        },
        Recipe {
            compare_and_sets_percent: 80,
            ..small
        },
        Recipe {
            clients: 3,
            keys: 3,
            acts: 45,
            ..small
        },
        small,
    ];
    for recipe in recipes {
        let good = (0..1_000).filter(|&seed| recipe.is_linearizable(seed)).count();
        assert!(
            (150..=850).contains(&good),
            "both occur: {good} of 1,000 are linearizable"
        );
        let honest = Recipe {
            lies_percent: 0,
            ..recipe
        };
        let good = (0..200).filter(|&seed| honest.is_linearizable(seed)).count();
        assert_eq!(good, 200);
    }
}
