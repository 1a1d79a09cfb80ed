//! Snapshots (§7): the state machine at one index, in place of all entries up to there.

use alloc::vec::Vec;

use crate::{Configuration, Position};

/// The state machine as it was after one entry, and what else those entries told.
///
/// The beginning is a snapshot too: of nothing, at index zero, with the first configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// The last entry in it.
    pub last: Position,
    /// The configuration in force at that entry.
    pub configuration: Configuration,
    /// The state machine, as the host has written it down. The core never looks inside.
    pub data: Vec<u8>,
}
