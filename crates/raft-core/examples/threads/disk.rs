//! A disk: a file of records, one a write, each with its length and a checksum. Everything in it is a number of 8 bytes.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use raft_core::session::{ClientId, Serial};
use raft_core::{
    Configuration, Entry, HardState, Index, NodeId, Payload, Position, Snapshot, SnapshotWrite, Stable, Suffix, Term,
    Write,
};

use crate::SERVERS;
use crate::counters::Add;
use crate::machine::{Power, Stopped};

pub(crate) struct Disk {
    path: PathBuf,
    /// What the file says once all is synced.
    pub(crate) stable: Stable<Add>,
    /// Records that are not in the file yet.
    unsynced: Vec<u8>,
    /// Whether they are to take the place of all that are in it.
    begins_anew: bool,
}

impl Disk {
    /// Reads back what is whole. The last record may be torn: then it was never said to be durable, and is dropped.
    pub(crate) fn open(path: PathBuf) -> io::Result<Disk> {
        let file = File::options().create(true).append(true).open(&path)?;
        let bytes = fs::read(&path)?;
        let mut stable = Stable::new(Configuration::new(SERVERS));
        let mut rest = &bytes[..];
        while let Some((write, after)) = first_record(rest) {
            stable.write(write);
            rest = after;
        }
        if !rest.is_empty() {
            println!("{}: {} torn bytes dropped", path.display(), rest.len());
            file.set_len((bytes.len() - rest.len()) as u64)?;
            file.sync_all()?;
        }
        Ok(Disk {
            path,
            stable,
            unsynced: Vec::new(),
            begins_anew: false,
        })
    }

    pub(crate) fn write(&mut self, write: Write<Add>) {
        self.begins_anew |= write.snapshot.is_some();
        let more = record(&write);
        self.stable.write(write);
        if self.begins_anew {
            // With a snapshot the file gets short again: one record says it all.
            self.unsynced = record(&whole(&self.stable));
        } else {
            self.unsynced.extend(more);
        }
    }

    /// Returns when everything is on the disk. If the power has gone, a part of it is.
    pub(crate) fn sync(&mut self, power: &Power) -> Result<(), Stopped> {
        let new = self.path.with_extension("new");
        let mut file = match self.begins_anew {
            true => File::create(&new)?,
            false => File::options().append(true).open(&self.path)?,
        };
        let length = file.metadata()?.len();
        file.write_all(&self.unsynced)?;
        file.sync_all()?;
        if power.is_cut() {
            // It has gone in the middle of this.
            file.set_len(length + self.unsynced.len() as u64 / 2)?;
            return Err(Stopped::PowerCut);
        }
        if self.begins_anew {
            fs::rename(&new, &self.path)?;
            sync_folder_of(&self.path)?;
        }
        self.unsynced.clear();
        self.begins_anew = false;
        Ok(())
    }
}

/// A new name is durable when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// All that a disk says, as one write.
fn whole(stable: &Stable<Add>) -> Write<Add> {
    let first_index = stable.snapshot.last.index.next();
    let entries = stable.log.iter_from(first_index).map(|(_, entry)| entry.clone());
    Write {
        hard_state: Some(stable.hard_state),
        snapshot: Some(SnapshotWrite {
            snapshot: stable.snapshot.clone(),
            keep_after: None,
        }),
        suffix: Some(Suffix {
            first_index,
            entries: entries.collect(),
        }),
    }
}

/// How many words, their checksum, and the words.
fn record(write: &Write<Add>) -> Vec<u8> {
    let words = to_words(write);
    to_bytes([words.len() as u64, checksum(&words)].into_iter().chain(words))
}

/// The first record, if it is whole, and what comes after it.
fn first_record(bytes: &[u8]) -> Option<(Write<Add>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(16)?;
    let head: Vec<u64> = from_bytes(head).collect();
    let (words, after) = rest.split_at_checked(usize::try_from(head[0]).ok()?.checked_mul(8)?)?;
    let words: Vec<u64> = from_bytes(words).collect();
    let is_whole = checksum(&words) == head[1];
    is_whole.then_some((from_words(words.into_iter())?, after))
}

/// FNV-1a, by words.
fn checksum(words: &[u64]) -> u64 {
    let mix = |sum: u64, word: &u64| (sum ^ word).wrapping_mul(0x0100_0000_01b3);
    words.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

fn to_words(write: &Write<Add>) -> Vec<u64> {
    let mut words = Vec::new();
    words.push(u64::from(write.hard_state.is_some()));
    if let Some(HardState {
        current_term,
        voted_for,
    }) = write.hard_state
    {
        words.extend([current_term.0, voted_for.map_or(0, |id| id.0)]);
    }
    words.push(u64::from(write.snapshot.is_some()));
    // The configuration need not be written, because here the members never change.
    if let Some(SnapshotWrite { snapshot, .. }) = &write.snapshot {
        let Position { term, index } = snapshot.last;
        words.extend([term.0, index.0, snapshot.data.len() as u64 / 8]);
        words.extend(from_bytes(&snapshot.data));
    }
    words.push(u64::from(write.suffix.is_some()));
    if let Some(Suffix { first_index, entries }) = &write.suffix {
        words.extend([first_index.0, entries.len() as u64]);
        for entry in entries {
            // Nobody is client zero.
            let (client, serial) = match &entry.payload {
                Payload::Command(add) => (add.client.0, add.serial.0),
                Payload::NoOp => (0, 0),
                Payload::Configuration(_) => unreachable!("here the members never change"),
            };
            words.extend([entry.term.0, client, serial]);
        }
    }
    words
}

/// The way back; nothing if there are too few words.
fn from_words(mut words: impl Iterator<Item = u64>) -> Option<Write<Add>> {
    let mut next = || words.next();
    let mut write = Write {
        hard_state: None,
        snapshot: None,
        suffix: None,
    };
    if next()? == 1 {
        write.hard_state = Some(HardState {
            current_term: Term(next()?),
            voted_for: Some(next()?).filter(|&id| id != 0).map(NodeId),
        });
    }
    if next()? == 1 {
        let (term, index, length) = (Term(next()?), Index(next()?), next()?);
        let data = (0..length).map(|_| next()).collect::<Option<Vec<u64>>>()?;
        let snapshot = Arc::new(Snapshot {
            last: Position { term, index },
            configuration: Configuration::new(SERVERS),
            data: to_bytes(data),
        });
        write.snapshot = Some(SnapshotWrite {
            snapshot,
            keep_after: None,
        });
    }
    if next()? == 1 {
        let (first_index, length) = (Index(next()?), next()?);
        let mut entry = || {
            let (term, client, serial) = (Term(next()?), ClientId(next()?), Serial(next()?));
            let payload = match client {
                ClientId(0) => Payload::NoOp,
                _ => Payload::Command(Add { client, serial }),
            };
            Some(Entry { term, payload })
        };
        let entries = (0..length).map(|_| entry()).collect::<Option<_>>()?;
        write.suffix = Some(Suffix { first_index, entries });
    }
    Some(write)
}

pub(crate) fn to_bytes(words: impl IntoIterator<Item = u64>) -> Vec<u8> {
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

pub(crate) fn from_bytes(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (words, _) = bytes.as_chunks();
    words.iter().copied().map(u64::from_le_bytes)
}
