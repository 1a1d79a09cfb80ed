//! Model checking: every interleaving of what can happen in a small cluster, over the real [`Node`](raft_core::Node).
//!
//! `stateright` walks through the states. A state holds the nodes themselves, their disks with the writes under way, what
//! has been said, and what an observer remembers; two states are the same when all of that is. An action is a timer
//! that runs out, a message that arrives, a write that becomes durable, a crash with what it leaves on the disk,
//! or a wish that is put to a leader. A [`Bound`] limits how often timers, crashes and wishes happen, and nothing else.
//! `catalogue` lists the bounds, and the rules of which it is shown what happens without them.
//!
//! # Why what is left out makes no difference
//!
//! - **Time.** The clock of every host stands at the end of time, where every deadline is, too. So a timer is armed or not,
//!   as in the asynchronous model of the paper, and the checker lets it run out whenever it likes.
//! - **Chance and the numbers of writes.** After each call the node forgets both
//!   ([`forget_the_past`](raft_core::Node::forget_the_past)). The first sets only deadlines, which are all the same
//!   here; the second are only compared with each other. A test walks both ways and compares every effect.
//! - **Loss and duplication.** What has been said stays in the network, a set, and may arrive any number of times. Who
//!   is never told has lost the message. No number of losses and copies limits a run.
//! - **Being down.** A server that is down does nothing and hears nothing; that is among the interleavings of one that
//!   is up. So a crash and the start after it are one action.
//! - **Dead messages.** Replies that can only be ignored from now on are forgotten. A test compares what the servers
//!   reach with and without.
//! - **Names.** Servers to which nothing has happened are alike, so the first of them is the next to which something
//!   happens. No decision depends on the order of names.
//!
//! # What is not covered
//!
//! - Whatever lies beyond the bound. Each bound tells what it has come across, so that a narrow one is not taken for a wide one.
//! - A candidate's asking again: at the end of time the election timeout is due as well, and comes first. It would repeat
//!   a request that can arrive again anyway; but for the end of the log that has become durable meanwhile.
//! - Leases, and a leader that steps down because it hears nobody: they are about lengths of time. A server that has
//!   heard from a leader keeps its patience until its own timer runs out.
//! - Liveness. The simulation looks after that.

mod bound;
mod catalogue;
mod model;
mod network;
mod print;
mod properties;
mod report;
mod run;
mod server;
mod state;
mod story;

pub use bound::{Bound, Wish};
pub use catalogue::{Kill, bounds, kills, small_bounds};
pub use model::{Action, Cluster};
pub use network::Envelope;
pub use report::verify;
pub use run::{Explored, Outcome, Search, run};
pub use state::State;
