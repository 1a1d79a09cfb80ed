//! Raft, the consensus algorithm, as one deterministic state machine.
//!
//! This crate owns what a single server decides: elections, log replication, commit. It knows no
//! network, no clock, no disk, no source of chance and no thread. Section numbers (§) in it are those of the extended
//! version of "In Search of an Understandable Consensus Algorithm" (Ongaro and Ousterhout, 2014).
//!
//! # The way through the code
//!
//! [`Node`] holds the state of the paper's figure 2 and the one `match` over all that can happen. A [`Role`] carries
//! the data that only it has. [`Log`], [`Configuration`] (the arithmetic of majorities) and [`Progress`]
//! are plain data with tests of their own. [`Reason`] says why each decision fell.
//!
//! # What the host does
//!
//! Time and inputs go in, ordered [`Effects`] come out. A host
//!
//! 1. makes a [`Node`] from what its disk holds ([`Stable`]) and a seed that differs from server to server;
//! 2. calls [`Node::tick`] when [`Node::next_deadline`] has come, or often enough;
//! 3. hands over what arrives with [`Node::step`];
//! 4. after each call carries out the effects, in order:
//!    - [`Effect::Persist`]: write it, after all writes before it; when it is durable, say [`Input::Persisted`].
//!      Writing can take its time, the node goes on meanwhile;
//!    - [`Effect::Send`]: send the message once the write that it names is durable. It may be lost;
//!    - [`Effect::Apply`]: give the entry to the state machine;
//!    - [`Effect::Proposed`], [`Effect::Refused`]: answer to an [`Input::Propose`];
//!    - [`Effect::Because`]: nothing, or a line in a journal;
//! 5. after a crash forgets the node, and everything that was not durable, and begins at 1.
//!
//! Three servers that elect a leader and replicate a command, all in memory:
//!
//! ```
//! use raft_core::*;
//!
//! let configuration = Configuration::new([NodeId(1), NodeId(2), NodeId(3)]);
//! let mut disks = vec![Stable::<u64>::new(configuration); 3];
//! let mut nodes: Vec<Node<u64>> = (1..=3)
//!     .map(|id| Node::new(NodeId(id), Settings::default(), disks[id as usize - 1].clone(), id))
//!     .collect();
//! let mut applied = vec![Vec::new(); 3];
//! let mut inputs: Vec<(usize, Input<u64>)> = Vec::new();
//! let mut effects = Effects::new();
//!
//! for now in (0..2_000_000).step_by(1_000).map(Instant) {
//!     for at in 0..3 {
//!         nodes[at].tick(now, &mut effects);
//!         // Here writes are durable and messages arrive before the next millisecond.
//!         for (_, input) in inputs.extract_if(.., |(to, _)| *to == at) {
//!             nodes[at].step(now, input, &mut effects);
//!         }
//!         if now == Instant(1_000_000) && nodes[at].leader() == Some(nodes[at].id()) {
//!             nodes[at].step(now, Input::Propose(42), &mut effects);
//!         }
//!         for effect in effects.drain() {
//!             match effect {
//!                 Effect::Persist { seq, write } => {
//!                     disks[at].write(write);
//!                     inputs.push((at, Input::Persisted { seq }));
//!                 }
//!                 Effect::Send { message, .. } => inputs.push((message.to.0 as usize - 1, Input::Message(message))),
//!                 Effect::Apply { entry, .. } => applied[at].push(entry.payload),
//!                 Effect::Proposed { .. } | Effect::Refused { .. } | Effect::Because(_) => {}
//!             }
//!         }
//!     }
//! }
//! assert!(applied.iter().all(|log| *log == [Payload::NoOp, Payload::Command(42)]));
//! ```
//!
//! # What is not here yet
//!
//! Membership changes, snapshots, PreVote, linearizable reads and leadership transfer. Commands are applied as often
//! as they are proposed: a client that repeats one is not recognised.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod by_node;
mod durability;
mod effects;
mod entry;
mod ids;
mod log;
mod message;
mod node;
mod progress;
mod quorum;
mod random;
mod reason;
mod role;
mod rules;
pub mod session;
mod settings;
mod snapshot;
mod stable;
mod time;

pub use by_node::ByNode;
pub use effects::{Change, Effect, Effects, Input, ReadMode, Refusal};
pub use entry::{Command, Entry, Payload, Position};
pub use ids::{Index, NodeId, ReadId, Round, Seq, Term};
pub use log::Log;
pub use message::{AppendEntries, Body, InstallSnapshot, Message};
pub use node::Node;
pub use progress::{Progress, ProgressState};
pub use quorum::Configuration;
pub use random::Random;
pub use reason::{EntriesRejection, Ignorance, Reason, VoteDenial};
pub use role::{Candidate, Follower, Leader, PendingRead, PreCandidate, Role, Transfer};
pub use rules::{Rule, Rules};
pub use settings::{ElectionStyle, Settings, SettingsError};
pub use snapshot::Snapshot;
pub use stable::{HardState, SnapshotWrite, Stable, Suffix, Write};
pub use time::{Instant, Timer};
