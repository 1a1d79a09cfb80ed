//! Whatever the bytes say: they are a recording, or an error says why not.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| raft_sim_fuzz::read(bytes));
