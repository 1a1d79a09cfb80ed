//! How entries of the log are named.

use std::rc::Rc;

use raft_core::{Entry, Index, Log, Payload};
use raft_sim::kv;

use crate::scene::NO_OP_LABEL;
use crate::text::Entries;

/// The label of one entry: `x=3`, or a dash.
pub(crate) fn entry(entry: &Entry<kv::Command>) -> Rc<str> {
    match &entry.payload {
        Payload::NoOp => NO_OP_LABEL.into(),
        Payload::Command(command) => write(&command.key, &command.value),
    }
}

/// The label of a write.
pub(crate) fn write(key: &str, value: &str) -> Rc<str> {
    [key, "=", value].concat().into()
}

/// The entries of a log from `first` to `last`, as a sentence names them.
pub(crate) fn range(log: &Log<kv::Command>, first: Index, last: Index) -> Entries {
    if first < last {
        return Entries::Range {
            first: first.0,
            last: last.0,
        };
    }
    log.get(last)
        .map_or(Entries::At(last.0), |it| Entries::labelled(&entry(it)))
}

/// The same for entries in a message, of which the first has the index `first`.
pub(crate) fn batch(entries: &[Entry<kv::Command>], first: Index) -> Entries {
    match entries {
        [only] => Entries::labelled(&entry(only)),
        _ => Entries::Range {
            first: first.0,
            last: first.0 + entries.len() as u64 - 1,
        },
    }
}
