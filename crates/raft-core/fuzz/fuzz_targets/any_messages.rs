//! Whatever the bytes say: the core does not panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| raft_core_fuzz::play(bytes));
