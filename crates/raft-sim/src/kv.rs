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
