//! Evidence that the core and the simulator are right, and how fast they are.
//!
//! Native only, and nothing depends on it: `cargo xtask` runs it in release.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod bench;
pub mod campaign;
pub mod figure16;
pub mod jobs;
pub mod report;
pub mod rules;
pub mod shrink;
pub mod swarm;
pub mod table;
pub mod verify;
