//! What the log is made of.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::Hash;

use crate::{Configuration, Term};

/// A command of the replicated state machine (§2). The core stores and orders commands; it never looks inside.
pub trait Command: Clone + Eq + Hash + Debug {
    /// What the command takes in a message, in bytes: batches are limited by the sum.
    fn size_bytes(&self) -> u64;
}

impl Command for u64 {
    fn size_bytes(&self) -> u64 {
        8
    }
}

impl Command for Vec<u8> {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }
}

impl Command for String {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }
}

/// One entry of the log (§5.3). Its index is its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry<C> {
    /// The term in which a leader created it. With the index it names the entry for ever (Log Matching).
    pub term: Term,
    /// What it says.
    pub payload: Payload<C>,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload<C> {
    /// Nothing: a new leader's first entry, with which it commits what earlier terms left behind (§8).
    NoOp,
    /// A command for the state machine.
    Command(C),
    /// Who the members are from here on (§6): in force as soon as it is in the log, committed or not.
    Configuration(Configuration),
}

impl<C: Command> Entry<C> {
    /// The entry's share of a message, in bytes: its term, and its command if it has one.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        let payload = match &self.payload {
            Payload::NoOp => 0,
            Payload::Command(command) => command.size_bytes(),
            Payload::Configuration(configuration) => 8 * configuration.members().count() as u64,
        };
        payload.saturating_add(8)
    }
}

/// The index and term of an entry: enough to say which log is more up-to-date (§5.4.1).
///
/// Positions compare the way the paper compares logs: the later term wins, and within a
/// term the longer log. That is why the term comes first here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The term of the entry; zero where there is none.
    pub term: Term,
    /// The index of the entry; zero where there is none.
    pub index: crate::Index,
}
