//! The world around the nodes: clock, network, disks, clients, faults, properties, recording, timeline.
//!
//! A discrete-event simulation of a whole cluster of [`raft_core`] nodes. It owns everything a node
//! leaves to its host, knows no screen, and is deterministic: the same [`Recording`] gives the same history, event by
//! event, on every machine, and the [trace hash](World::trace_hash) says so.
//!
//! [`World`] is the cluster at one moment; it interprets the effects of the nodes in one function. [`Properties`] watch it.
//! [`Timeline`] is its history: checkpoints and replay, to go anywhere and to do something else there.
//!
//! ```
//! use raft_sim::{Command, Config, Instant, NodeId, Timeline};
//!
//! let mut timeline = Timeline::new(Config::default(), 7);
//! timeline.advance_to(Instant(1_000_000));
//! let leader = timeline.world().leader().expect("a leader within a second");
//!
//! timeline.record(Command::Crash { server: leader });
//! timeline.advance_to(Instant(2_000_000));
//! assert_ne!(timeline.world().leader(), Some(leader));
//!
//! timeline.seek_to(Instant(999_999));
//! assert_eq!(timeline.world().leader(), Some(leader));
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod agenda;
mod client;
mod clock;
mod code;
mod command;
mod config;
mod difference;
mod disk;
mod event;
pub mod history;
pub mod kv;
pub mod linearizability;
mod network;
mod player;
mod properties;
mod recording;
pub mod scenario;
pub mod scenarios;
mod server;
mod timeline;
mod trace;
mod world;

pub use agenda::{InFlight, Parcel};
pub use client::{Call, Client, Operation, Reply, Request};
pub use clock::Clock;
pub use code::{Code, CodeError, ENGINE, Place, Problem};
pub use command::{Command, Links};
pub use config::{Config, ConfigError, Disk as DiskConfig, Network as NetworkConfig, Workload};
pub use difference::{ClientDifference, Condition, Difference, DifferingKey, Look, ServerDifference};
pub use disk::Disk;
pub use event::{Event, EventId, EventKind, MessageId, Moment, Observer};
pub use network::Network;
pub use properties::{Fact, Properties, Property, PropertyKind, Violation};
pub use recording::Recording;
pub use server::{Crash, Server};
pub use timeline::{Branch, Excursion, Milestone, MilestoneKind, Timeline};
pub use trace::TraceHash;
pub use world::World;

pub use raft_core::session::{ClientId, Serial};
pub use raft_core::{Index, Instant, NodeId, Term};
