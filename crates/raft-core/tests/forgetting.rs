//! A node that forgets the past after each call does what its twin does that forgets nothing.

use raft_core::{
    Configuration, Effect, Effects, ElectionStyle, Input, Instant, Message, Node, NodeId, Random, Seq, Settings, Stable,
};

/// Where the lengths of timeouts make no difference.
const END_OF_TIME: Instant = Instant(u64::MAX);

/// The same server twice.
struct Twins {
    forgetful: Node<u64>,
    faithful: Node<u64>,
    /// By how much the numbers of the writes have fallen on the forgetful one.
    fallen: u64,
}

impl Twins {
    fn new(id: u64, settings: &Settings) -> Twins {
        let stable = Stable::new(Configuration::new((1..=3).map(NodeId)));
        let forgetful = Node::new(NodeId(id), settings.clone(), stable, id);
        Twins {
            faithful: forgetful.clone(),
            forgetful,
            fallen: 0,
        }
    }

    /// Calls both, compares what they do, and says what they say. `input` is told which write to number from.
    fn call(&mut self, input: Option<impl Fn(u64) -> Input<u64>>) -> Vec<Message<u64>> {
        let (mut expected, mut effects) = (Effects::new(), Effects::new());
        match input {
            Some(input) => {
                self.faithful.step(END_OF_TIME, input(0), &mut expected);
                self.forgetful.step(END_OF_TIME, input(self.fallen), &mut effects);
            }
            None => {
                self.faithful.tick(END_OF_TIME, &mut expected);
                self.forgetful.tick(END_OF_TIME, &mut effects);
            }
        }
        let expected: Vec<Effect<u64>> = expected.drain().map(|effect| self.renumbered(effect)).collect();
        let effects: Vec<Effect<u64>> = effects.drain().collect();
        assert_eq!(effects, expected);
        self.fallen += self.forgetful.forget_the_past().0;
        let mut faithful = self.faithful.clone();
        faithful.forget_the_past();
        assert_eq!(self.forgetful, faithful, "to forget later is to forget as much");
        let said = effects.into_iter().filter_map(|effect| match effect {
            Effect::Send { message, .. } => Some(message),
            _ => None,
        });
        said.collect()
    }

    /// An effect of the faithful one, as the forgetful one numbers it.
    fn renumbered(&self, effect: Effect<u64>) -> Effect<u64> {
        let renumber = |seq: Seq| Seq(seq.0.saturating_sub(self.fallen));
        match effect {
            Effect::Persist { seq, write } => {
                let seq = renumber(seq);
                Effect::Persist { seq, write }
            }
            Effect::Send { message, after } => {
                // What waits for a write that is durable waits for nothing.
                let after = renumber(after);
                Effect::Send { message, after }
            }
            effect => effect,
        }
    }
}

#[test]
fn to_forget_the_past_changes_nothing_that_is_to_come() {
    let mut leaders = 0;
    for seed in 0..200 {
        let election_style = match seed % 2 {
            0 => ElectionStyle::Standard,
            _ => ElectionStyle::TWO_STAGE,
        };
        let settings = Settings {
            election_style,
            ..Settings::default()
        };
        let mut random = Random::new(seed);
        let mut draw = |below: usize| random.between(0, below as u64 - 1) as usize;
        let mut servers: Vec<Twins> = (1..=3).map(|id| Twins::new(id, &settings)).collect();
        let mut said: Vec<Message<u64>> = Vec::new();
        for number in 0..400 {
            let server = draw(3);
            let input: Option<Box<dyn Fn(u64) -> Input<u64>>> = match draw(20) {
                0 => None,
                1 => Some(Box::new(move |_| Input::Propose(number))),
                2..8 => {
                    let issued = servers[server].faithful.issued().0;
                    Some(Box::new(move |fallen| Input::Persisted {
                        seq: Seq(issued.saturating_sub(fallen)),
                    }))
                }
                _ if said.is_empty() => None,
                _ => {
                    let message = said[draw(said.len())].clone();
                    Some(Box::new(move |_| Input::Message(message.clone())))
                }
            };
            said.extend(servers[server].call(input));
            leaders += usize::from(servers[server].forgetful.reign().is_some());
        }
    }
    assert!(leaders > 1000, "there is much to forget: {leaders}");
}
