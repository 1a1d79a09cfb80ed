//! What the fuzzer's bytes mean: a text that claims to be a code, and what a code holds, also deflated.
//!
//! Whatever comes out can be simulated, takes little memory, and has a code that gives it back.

use std::mem::size_of_val;

use raft_core::{Change, NodeId};
use raft_sim::{Code, Command, Operation, kv};

/// What is decoded takes at most so much memory, in bytes.
const MEMORY_MAX: usize = 8 << 20;

/// Reads the bytes in each of the ways.
pub fn read(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    check(&format!("v1.{}", base64url(bytes)));
    // The mark of what is deflated, and of the only kind of block: the fuzzer should not have to find them.
    if let Some((first, rest)) = bytes.split_first() {
        check(&format!("v1.{}", base64url(&[&[1, first & !7 | 0b011], rest].concat())));
    }
}

fn check(text: &str) {
    let Ok(code) = Code::decode(text) else {
        return;
    };
    assert_eq!(
        code.recording.config.check(),
        Ok(()),
        "a cluster that cannot be simulated"
    );
    assert!(
        memory(&code) <= MEMORY_MAX,
        "{} bytes of memory for {text}",
        memory(&code)
    );
    let again = Code::decode(&code.encode());
    assert_eq!(again.as_ref(), Ok(&code), "the code of what was read from {text}");
}

/// How many bytes a recording takes, but for what the allocator adds to each allocation.
fn memory(code: &Code) -> usize {
    let commands = &code.recording.commands;
    let behind = commands
        .iter()
        .map(|(_, command)| memory_behind(command))
        .sum::<usize>();
    commands.capacity() * size_of_val(&commands[..commands.len().min(1)]) + behind
}

fn memory_behind(command: &Command) -> usize {
    let ids = |ids: &[NodeId]| size_of_val(ids);
    match command {
        Command::Partition { groups } => {
            size_of_val(&groups[..]) + groups.iter().map(|group| ids(group)).sum::<usize>()
        }
        // A text that is there twice is shared: this is more than it takes.
        Command::Ask { operation, .. } => match operation {
            Operation::Write(kv::Write::Put { value, .. }) => value.len().min(20),
            Operation::Write(kv::Write::CompareAndSet { value, .. }) => 2 * value.len().min(20),
            Operation::Read { .. } => 0,
        },
        Command::ChangeMembers {
            change: Change::Replace(configuration),
        } => ids(configuration.voters()) + ids(configuration.outgoing()) + ids(configuration.learners()),
        Command::SetSettings(settings) => size_of_val(&**settings),
        _ => 0,
    }
}

/// Bytes as the letters of a code.
pub fn base64url(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bit = |place: usize| {
        bytes
            .get(place / 8)
            .map_or(0, |byte| usize::from(byte >> (7 - place % 8) & 1))
    };
    let letter = |place: usize| letters[(0..6).fold(0, |six, nth| six << 1 | bit(place + nth))];
    (0..bytes.len() * 8)
        .step_by(6)
        .map(|place| char::from(letter(place)))
        .collect()
}
