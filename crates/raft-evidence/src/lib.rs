//! raft-evidence
