//! How entries of the log are named.

use std::rc::Rc;

use raft_core::{Configuration, Entry, Index, Log, NodeId, Payload};
use raft_sim::{Operation, kv};

use crate::scene::NO_OP_LABEL;
use crate::text::{Entries, Request};

/// The label of one entry: `x=3`, `x=2→3`, a dash, or the members.
pub(crate) fn entry(entry: &Entry<kv::Command>) -> Rc<str> {
    match &entry.payload {
        Payload::NoOp => NO_OP_LABEL.into(),
        Payload::Command(command) => write(&command.write),
        Payload::Configuration(configuration) => members(configuration).into(),
    }
}

/// The members: `{1–3}`, with a learner `{1–3}+{4}`, on the way to other voters `{1–3}→{1,2,4}`.
fn members(configuration: &Configuration) -> String {
    let mut label = set(configuration.voters());
    if configuration.is_joint() {
        label = set(configuration.outgoing()) + "→" + &label;
    }
    if !configuration.learners().is_empty() {
        label = label + "+" + &set(configuration.learners());
    }
    label
}

fn set(members: &[NodeId]) -> String {
    // Entries have little room, and the members of two often differ only in the last.
    let runs = members.chunk_by(|one, next| one.0 + 1 == next.0);
    let runs = runs.map(|run| match run {
        [first, _, .., last] => format!("{}–{}", first.0, last.0),
        few => {
            let few: Vec<String> = few.iter().map(|id| id.0.to_string()).collect();
            few.join(",")
        }
    });
    ["{", &runs.collect::<Vec<String>>().join(","), "}"].concat()
}

/// The label of a write: `x=3`, or `x=2→3` if it is to be done only where `x` is 2.
pub(crate) fn write(write: &kv::Write) -> Rc<str> {
    match write {
        kv::Write::Put { key, value } => [key, "=", value].concat().into(),
        kv::Write::CompareAndSet { key, expected, value } => {
            let expected = expected.as_deref().unwrap_or("∅");
            [key, "=", expected, "→", value].concat().into()
        }
    }
}

/// What a client wants, as a sentence names it.
pub(crate) fn request(operation: &Operation) -> Request {
    match operation {
        Operation::Write(it) => Request::Write(write(it)),
        Operation::Read { key, .. } => Request::Read((&**key).into()),
    }
}

/// Groups of servers: `S1 S2 | S3`.
pub(crate) fn groups(groups: &[Vec<NodeId>]) -> Rc<str> {
    let group = |group: &Vec<NodeId>| {
        let names: Vec<String> = group.iter().map(|id| format!("S{}", id.0)).collect();
        names.join(" ")
    };
    let groups: Vec<String> = groups.iter().map(group).collect();
    groups.join(" | ").into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_named_by_what_it_changes() {
        let set = |expected: Option<&str>| kv::Write::CompareAndSet {
            key: "x".into(),
            expected: expected.map(Into::into),
            value: "3".into(),
        };
        assert_eq!(&*write(&set(Some("2"))), "x=2→3");
        assert_eq!(&*write(&set(None)), "x=∅→3");
    }

    #[test]
    fn groups_are_named_by_their_servers() {
        assert_eq!(&*groups(&[vec![NodeId(1), NodeId(2)], vec![NodeId(3)]]), "S1 S2 | S3");
    }

    #[test]
    fn a_configuration_is_named_by_its_members() {
        let cluster = |ids: &[u64]| Configuration::new(ids.iter().copied().map(NodeId));
        let three = cluster(&[1, 2, 3]);
        assert_eq!(members(&three), "{1–3}");
        assert_eq!(members(&three.with_learner(NodeId(4))), "{1–3}+{4}");
        assert_eq!(members(&three.joint_with(&cluster(&[1, 5]))), "{1–3}→{1,5}");
        assert_eq!(members(&cluster(&[1, 2, 4, 5, 6, 8])), "{1,2,4–6,8}");
    }
}
