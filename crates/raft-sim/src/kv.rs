//! The replicated state machine of the playground: a map from keys to values.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use raft_core::Rules;
use raft_core::session::{ClientId, Outcome, Serial, Sessions};

/// What a log entry holds: a client's write, with its number. Every log that has it shares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Command(Arc<Numbered>);

/// A client's write, with its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Numbered {
    /// Whose it is.
    pub client: ClientId,
    /// Its number among the client's: a write that is repeated keeps it.
    pub serial: Serial,
    /// What it does.
    pub write: Write,
}

impl Command {
    /// A client's write, with its number.
    #[must_use]
    pub fn new(client: ClientId, serial: Serial, write: Write) -> Command {
        Command(Arc::new(Numbered { client, serial, write }))
    }
}

impl Deref for Command {
    type Target = Numbered;

    fn deref(&self) -> &Numbered {
        &self.0
    }
}

/// A change of the map.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Write {
    /// Put this value under this key.
    Put {
        /// The key.
        key: Arc<str>,
        /// The value.
        value: Arc<str>,
    },
    /// Put this value under this key if another one is there now.
    CompareAndSet {
        /// The key.
        key: Arc<str>,
        /// What must be there; none: nothing.
        expected: Option<Arc<str>>,
        /// The value.
        value: Arc<str>,
    },
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The value is there.
    Written,
    /// Another value was there than expected, and still is.
    NotAsExpected,
    /// This is under the key.
    Value(Option<Arc<str>>),
}

impl Write {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &Arc<str> {
        match self {
            Write::Put { key, .. } | Write::CompareAndSet { key, .. } => key,
        }
    }

    /// What it makes of the value under its key: the new one, unless it stays, and the answer.
    #[must_use]
    pub fn on(&self, now: Option<&Arc<str>>) -> (Option<&Arc<str>>, Answer) {
        match self {
            Write::Put { value, .. } => (Some(value), Answer::Written),
            Write::CompareAndSet { expected, value, .. } if expected.as_ref() == now => (Some(value), Answer::Written),
            Write::CompareAndSet { .. } => (None, Answer::NotAsExpected),
        }
    }
}

impl raft_core::Command for Command {
    fn size_bytes(&self) -> u64 {
        let len = match &self.write {
            Write::Put { key, value } => key.len() + value.len(),
            Write::CompareAndSet { key, expected, value } => {
                key.len() + expected.as_ref().map_or(0, |expected| expected.len()) + value.len()
            }
        };
        len as u64
    }
}

/// What a server's state machine holds: the map, and the latest answer to each client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    map: BTreeMap<Arc<str>, Arc<str>>,
    sessions: Sessions<Answer>,
}

impl State {
    /// Carries out one command, unless it has been carried out before.
    pub fn apply(&mut self, rules: Rules, command: &Command) -> Outcome<Answer> {
        let map = &mut self.map;
        self.sessions.once(rules, command.client, command.serial, || {
            let key = command.write.key();
            let (value, answer) = command.write.on(map.get(key));
            if let Some(value) = value {
                map.insert(key.clone(), value.clone());
            }
            answer
        })
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<str>> {
        self.map.get(key)
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.map.iter()
    }

    /// What was carried out last for each client.
    #[must_use]
    pub fn sessions(&self) -> &Sessions<Answer> {
        &self.sessions
    }

    /// Writes it down, for a snapshot: the number of keys, each key and each value, and then each client, the number
    /// of its latest write, and whether that was done. A number is eight bytes, little-endian; a text is its length
    /// and its bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_number(&mut bytes, self.map.len() as u64);
        for text in self.map.iter().flat_map(|(key, value)| [key, value]) {
            put_number(&mut bytes, text.len() as u64);
            bytes.extend(text.as_bytes());
        }
        for (client, serial, answer) in self.sessions.iter() {
            put_number(&mut bytes, client.0);
            put_number(&mut bytes, serial.0);
            put_number(&mut bytes, u64::from(*answer == Answer::Written));
        }
        bytes
    }

    /// Reads what has been written down. It ends where it makes no sense any more.
    #[must_use]
    pub fn restore(mut bytes: &[u8]) -> State {
        let mut state = State::default();
        for _ in 0..take_number(&mut bytes).unwrap_or(0) {
            let (Some(key), Some(value)) = (take_text(&mut bytes), take_text(&mut bytes)) else {
                return state;
            };
            state.map.insert(key, value);
        }
        let mut number = || take_number(&mut bytes);
        while let (Some(client), Some(serial), Some(was_done)) = (number(), number(), number()) {
            let answer = if was_done == 1 {
                Answer::Written
            } else {
                Answer::NotAsExpected
            };
            let _ = state
                .sessions
                .once(Rules::ALL, ClientId(client), Serial(serial), || answer);
        }
        state
    }
}

fn put_number(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend(number.to_le_bytes());
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*number))
}

fn take_text(bytes: &mut &[u8]) -> Option<Arc<str>> {
    let len = usize::try_from(take_number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    std::str::from_utf8(text).ok().map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_can_be_read() {
        let mut state = State::default();
        assert_eq!(State::restore(&state.snapshot()), state);
        for (serial, (key, value)) in [("x", "1"), ("", "empty key"), ("键", "值")].into_iter().enumerate() {
            let write = Write::CompareAndSet {
                key: key.into(),
                expected: (serial == 1).then(|| "something".into()),
                value: value.into(),
            };
            let command = Command::new(ClientId(serial as u64 % 2), Serial(serial as u64), write);
            let _ = state.apply(Rules::ALL, &command);
        }
        assert_eq!(state.iter().count(), 2);
        assert_eq!(state.sessions().iter().count(), 2);
        let bytes = state.snapshot();
        assert_eq!(State::restore(&bytes), state);
        for end in 0..bytes.len() {
            let _ = State::restore(&bytes[..end]);
        }
    }
}
