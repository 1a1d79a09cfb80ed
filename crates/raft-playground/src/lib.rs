//! raft-playground
