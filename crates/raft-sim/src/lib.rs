//! raft-sim
