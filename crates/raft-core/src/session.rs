//! Client sessions (§8; dissertation, §6.3): a write that is repeated is carried out once.
//!
//! A client gives each of its writes a number, one higher than the last, and repeats a write under its number until it
//! has an answer. The state machine, on every server alike, remembers the latest number and answer of each client. The
//! table is part of the state machine: it belongs into its snapshots.

use alloc::collections::BTreeMap;

use crate::{Rule, Rules};

/// The name of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

/// The number of a client's write, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(pub u64);

/// The latest write of each client, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sessions<A> {
    latest: BTreeMap<ClientId, (Serial, A)>,
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome<A> {
    /// It has been carried out now; this is the answer.
    Done(A),
    /// It was carried out before; this is the answer it had then.
    Repeated(A),
    /// A later write of this client has been carried out: nobody waits for this one any more.
    Stale,
}

impl<A> Default for Sessions<A> {
    fn default() -> Self {
        Sessions {
            latest: BTreeMap::new(),
        }
    }
}

impl<A: Clone> Sessions<A> {
    /// Carries out a client's write, unless it has been carried out before. Writes must come in the order of the log.
    ///
    /// ```
    /// use raft_core::Rules;
    /// use raft_core::session::{ClientId, Outcome, Serial, Sessions};
    ///
    /// let mut sessions = Sessions::default();
    /// let mut counter = 0;
    /// let mut add = |serial| {
    ///     sessions.once(Rules::ALL, ClientId(1), Serial(serial), || {
    ///         counter += 1;
    ///         counter
    ///     })
    /// };
    /// assert_eq!(add(1), Outcome::Done(1));
    /// assert_eq!(add(1), Outcome::Repeated(1));
    /// assert_eq!(add(2), Outcome::Done(2));
    /// assert_eq!(add(1), Outcome::Stale);
    /// ```
    pub fn once(
        &mut self,
        rules: Rules,
        client: ClientId,
        serial: Serial,
        carry_out: impl FnOnce() -> A,
    ) -> Outcome<A> {
        if rules.has(Rule::DeduplicateRetries)
            && let Some((latest, answer)) = self.latest.get(&client)
        {
            if *latest == serial {
                return Outcome::Repeated(answer.clone());
            }
            if *latest > serial {
                return Outcome::Stale;
            }
        }
        let answer = carry_out();
        self.latest.insert(client, (serial, answer.clone()));
        Outcome::Done(answer)
    }

    /// The latest write of a client, and its answer.
    #[must_use]
    pub fn latest(&self, client: ClientId) -> Option<(Serial, &A)> {
        self.latest.get(&client).map(|(serial, answer)| (*serial, answer))
    }

    /// All clients, by name, each with its latest write and its answer.
    pub fn iter(&self) -> impl Iterator<Item = (ClientId, Serial, &A)> {
        self.latest
            .iter()
            .map(|(&client, (serial, answer))| (client, *serial, answer))
    }

    /// Forgets a client that will never repeat anything. Every server must do so at the same place of the log.
    pub fn forget(&mut self, client: ClientId) {
        self.latest.remove(&client);
    }
}
