//! Client sessions (§8; dissertation, §6.3): a write that is repeated is carried out once, on every server alike.

use raft_core::session::{ClientId, Outcome, Serial, Sessions};
use raft_core::{Rule, Rules};

/// A counter behind sessions, as a state machine of a host.
#[derive(Default)]
struct Counter {
    value: u64,
    sessions: Sessions<u64>,
}

impl Counter {
    fn add(&mut self, rules: Rules, client: u64, serial: u64, amount: u64) -> Outcome<u64> {
        let value = &mut self.value;
        self.sessions.once(rules, ClientId(client), Serial(serial), || {
            *value += amount;
            *value
        })
    }
}

#[test]
fn a_repeated_write_gets_the_answer_that_it_had() {
    let mut counter = Counter::default();
    assert_eq!(counter.add(Rules::ALL, 1, 1, 5), Outcome::Done(5));
    assert_eq!(counter.add(Rules::ALL, 2, 1, 1), Outcome::Done(6));
    assert_eq!(counter.add(Rules::ALL, 1, 1, 5), Outcome::Repeated(5));
    assert_eq!(counter.value, 6);
}

#[test]
fn a_write_before_the_latest_is_stale() {
    let mut counter = Counter::default();
    assert_eq!(counter.add(Rules::ALL, 1, 2, 5), Outcome::Done(5));
    assert_eq!(counter.add(Rules::ALL, 1, 1, 7), Outcome::Stale);
    assert_eq!(counter.value, 5);
}

#[test]
fn without_deduplicate_retries_a_repeated_write_is_carried_out_again() {
    let rules = Rules::ALL.without(Rule::DeduplicateRetries);
    let mut counter = Counter::default();
    assert_eq!(counter.add(rules, 1, 1, 5), Outcome::Done(5));
    assert_eq!(counter.add(rules, 1, 1, 5), Outcome::Done(10));
}

#[test]
fn a_client_that_is_forgotten_begins_anew() {
    let mut counter = Counter::default();
    let _ = counter.add(Rules::ALL, 1, 1, 5);
    assert_eq!(counter.sessions.latest(ClientId(1)), Some((Serial(1), &5)));
    assert_eq!(counter.sessions.iter().count(), 1);
    counter.sessions.forget(ClientId(1));
    assert_eq!(counter.sessions.latest(ClientId(1)), None);
    assert_eq!(counter.add(Rules::ALL, 1, 1, 5), Outcome::Done(10));
}
