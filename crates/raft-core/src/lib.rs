//! Raft, the consensus algorithm, as one deterministic state machine.
//!
//! A [`Node`] is one server of a cluster. It owns all that a server decides: elections, replication, commit,
//! membership, snapshots, reads, leadership transfer. It leaves to its host all that a machine does: there is no
//! network in it, no clock, no disk, no source of chance and no thread. Time and inputs go in, ordered [`Effects`]
//! come out; the same calls give the same effects, to the last bit, on every machine. So a cluster can be simulated,
//! replayed and checked exhaustively with the very code that serves its clients.
//!
//! Section numbers (§) are those of the extended version of "In Search of an Understandable Consensus Algorithm"
//! (Ongaro and Ousterhout, 2014); "dissertation" is Ongaro's "Consensus: Bridging Theory and Practice" (2014).
//!
//! # The way through the code
//!
//! | file | what is in it |
//! | --- | --- |
//! | `node.rs` | the state of the paper's figure 2, the one `match` over all that can happen, terms, writes, commit |
//! | `node/` | the rules, a capability each: election, replication, membership, snapshots, reads, transfer |
//! | `role.rs` | [`Role`]: the data that only a follower, a candidate or a leader has |
//! | `message.rs`, `effects.rs` | what servers say to each other; what goes into a node and what comes out |
//! | `entry.rs`, `entries.rs` | [`Entry`]: what the log is made of; [`Entries`]: some of them on their way |
//! | `log.rs`, `quorum.rs`, `progress.rs`, `durability.rs` | [`Log`], [`Configuration`], [`Progress`] and writes under way: plain data and arithmetic, with tests of their own |
//! | `stable.rs`, `snapshot.rs` | [`Stable`]: what survives a crash, and the [`Write`]s that change it |
//! | `settings.rs`, `rules.rs` | what a host may choose; the rules that can be switched off |
//! | `reason.rs` | [`Reason`]: why each decision fell, as data |
//! | `session.rs` | [`session`]: client sessions, for the host's state machine |
//!
//! # What the host does
//!
//! In this order. `examples/threads` is a host to copy: three servers with threads, channels and files.
//!
//! 1. **Start.** Read the disk into a [`Stable`]; a server that never ran has [`Stable::new`], with the same
//!    configuration on each first member and [`Configuration::default`] on one that is to join later. Set the state
//!    machine to `stable.snapshot`. Then [`Node::new`], with a seed that differs from server to server. A restart is
//!    the same call.
//! 2. **Tell the time.** Call [`Node::tick`] when [`Node::next_deadline`] has come, or often enough. [`Instant`]s are
//!    the server's own and never go back; no two servers need to agree about them.
//! 3. **Hand over what happens**: a message ([`Input::Message`]), a write that has become durable
//!    ([`Input::Persisted`]), a client's wish. Messages may be lost, doubled, late and out of order.
//! 4. **Carry out the effects**, after each call and in their order:
//!    - [`Effect::Persist`]: write it, after all writes before it, as a whole or not at all. When it is durable, say
//!      [`Input::Persisted`]; to say so for a later write is enough. Writing can take its time, the node goes on
//!      meanwhile;
//!    - [`Effect::Send`]: send the message once the write that it names is durable. It may be lost;
//!    - [`Effect::Restore`]: set the state machine to this snapshot, which has come from the leader;
//!    - [`Effect::Apply`]: give the entry to the state machine. Entries come in the order of the log, each once;
//!      without a command there is nothing to do but to remember how far it has got;
//!    - [`Effect::Proposed`], [`Effect::Refused`], [`Effect::ReadReady`], [`Effect::ReadRefused`]: answer whoever
//!      asked;
//!    - [`Effect::Because`]: nothing, or a line in a journal. Who keeps none takes [`Effects::without_reasons`].
//! 5. **Take writes** with [`Input::Propose`]. A follower refuses and names the leader. `Proposed` says only where
//!    the entry stands: it is done when an entry of that term is applied at that index, and lost if one of another
//!    term is; if a snapshot is restored beyond it, it may be either. A client that hears nothing asks again; so that
//!    nothing is done twice, the state machine keeps [`session::Sessions`].
//! 6. **Take reads** with [`Input::Read`]. When `ReadReady` comes in its turn, the state machine has what the read
//!    must see. [`ReadMode`] says how much that is, and what it costs.
//! 7. **Compact** from time to time: write the state machine down, sessions and all, and say [`Input::Compact`]. The
//!    node keeps a short tail of the log, and sends the snapshot to whoever needs what is gone.
//! 8. **Change the members** with [`Input::ChangeMembers`], one change at a time: one server ([`Change::AddVoter`],
//!    [`Change::AddLearner`], [`Change::Remove`]) or any number by joint consensus ([`Change::Replace`]). A server
//!    that has to catch up first becomes a learner first. A removed server can be switched off when the change has
//!    been applied.
//! 9. **Hand over** with [`Input::TransferLeadership`] before the leader is switched off: it spares the cluster a
//!    timeout.
//! 10. **After a crash** forget the node, and everything that was not durable, and begin at 1. A server whose disk is
//!     lost must not come back under its name: it has forgotten what it promised.
//!
//! # Three servers
//!
//! They elect a leader and replicate a command, all in memory:
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
//!                 Effect::Restore { .. } => unreachable!("nobody compacts here"),
//!                 // Answers and reasons; nobody waits for them here.
//!                 _ => {}
//!             }
//!         }
//!     }
//! }
//! assert!(applied.iter().all(|log| *log == [Payload::NoOp, Payload::Command(42)]));
//! ```
//!
//! # Options
//!
//! [`Settings`] holds them; the default is the paper, without options. All servers of a cluster should have the same.
//!
//! - [`ElectionStyle::Standard`] is the paper's election: wait a random time, then raise the term and stand (§5.2).
//!   [`ElectionStyle::TwoStage`] is the one of many lectures: when heartbeats fail the term rises at once, and a
//!   random delay follows in which the vote is still free for others. It is as safe, because each vote is still given
//!   once and is durable first; but a single late heartbeat already costs a term.
//! - **PreVote** (`pre_vote`): a server asks whether it could win before it raises its term. It contradicts the two
//!   stages, which raise it first: [`SettingsError::PreVoteInTwoStages`].
//! - **CheckQuorum** (`check_quorum`): a leader without a majority steps down, and who hears a leader does not vote.
//!   Without it a removed server that does not know of its removal, and hears of no leader any more, stands again and
//!   again, and deposes the leader each time (dissertation, §4.2.3); PreVote alone helps only while its log is behind.
//! - **Lease reads** (`lease_drift_ppm_max`): a leader reads without asking while nobody else can have been elected.
//!   That rests on clocks that keep to the drift allowed, and on voters that wait: without CheckQuorum it is refused,
//!   [`SettingsError::LeaseWithoutCheckQuorum`].
//! - Batches, windows, chunks and limits: each field says its unit and its reason.
//!
//! [`Settings::check`] says what does not fit; [`Node::new`] does not start with it.
//!
//! # Rules that can be switched off
//!
//! [`Rules`] is a set of bits in the settings, one for each [`Rule`] that makes Raft safe or live, tested at the one
//! line that it guards. With all of them, which is the default, this is Raft. Without one it is a broken Raft that
//! shows what the rule is for; the rule's documentation says which property breaks. The node never panics even then:
//! two leaders of a term are for the world around it to find.
//!
//! # Features and dependencies
//!
//! None of either. The crate needs `alloc`, and no `std`.
//!
//! # What is not here
//!
//! - Encoding, transport, storage: [`Message`] and [`Write`] are plain data.
//! - Protection from liars. Damaged and impossible messages are ignored with a reason ([`Ignorance`]), but who forges
//!   believable ones can do harm. Raft trusts its members; so should the network.
//! - Paging. The log after the last snapshot and the latest snapshot are kept in memory; one that comes in, too.
//! - Housekeeping. The host decides when to compact, when a learner knows enough to vote, and which sessions to
//!   [forget](session::Sessions::forget): they do not expire by themselves.
//! - Forwarding. A follower sends nobody's write or read on to the leader; linearizable reads are the leader's.
//! - Batching of proposals. Each one leaves at once, as long as the window of its follower is open; what has to wait
//!   leaves together.

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod by_node;
mod durability;
mod effects;
mod entries;
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
pub use entries::Entries;
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
