//! The replicated state machine of the playground: a map from keys to values.

use std::collections::BTreeMap;
use std::sync::Arc;

/// "Put this value under this key."
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Command {
    /// The key.
    pub key: Arc<str>,
    /// The value.
    pub value: Arc<str>,
}

impl raft_core::Command for Command {
    fn size_bytes(&self) -> u64 {
        (self.key.len() + self.value.len()) as u64
    }
}

/// What a server's state machine holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    map: BTreeMap<Arc<str>, Arc<str>>,
}

impl State {
    /// Carries out one command.
    pub fn apply(&mut self, command: &Command) {
        self.map.insert(command.key.clone(), command.value.clone());
    }

    /// Writes the map down, for a snapshot: each key and each value as its length in four bytes, little-endian, and its text.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in self.map.iter().flat_map(|(key, value)| [key, value]) {
            let len = u32::try_from(text.len()).expect("keys and values are short");
            bytes.extend(len.to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }

    /// Reads a map that has been written down. It ends where it makes no sense any more.
    #[must_use]
    pub fn restore(mut bytes: &[u8]) -> State {
        let mut state = State::default();
        while let (Some(key), Some(value)) = (take_text(&mut bytes), take_text(&mut bytes)) {
            state.map.insert(key, value);
        }
        state
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
}

fn take_text(bytes: &mut &[u8]) -> Option<Arc<str>> {
    let (len, rest) = bytes.split_first_chunk()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let (text, rest) = rest.split_at_checked(len)?;
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
        for (key, value) in [("x", "1"), ("", "empty key"), ("键", "值")] {
            state.apply(&Command {
                key: key.into(),
                value: value.into(),
            });
        }
        let bytes = state.snapshot();
        assert_eq!(State::restore(&bytes), state);
        for end in 0..bytes.len() {
            let _ = State::restore(&bytes[..end]);
        }
    }
}
