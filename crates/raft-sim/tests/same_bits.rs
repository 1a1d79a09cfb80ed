//! Same recording, same trace hash: here, in WebAssembly, and (through the page, in `e2e/`) in real browsers.
//!
//! `same_bits.txt` holds a thousand recordings as codes, and the hash of each at its moment. A change of what happens in
//! a history changes them; they are then written anew with `UPDATE_GOLDENFILES=1 cargo test -p raft-sim --test same_bits`,
//! and the change belongs into the commit message.

mod drawn;

use raft_sim::{Code, Timeline, TraceHash};

const GOLDEN: &str = include_str!("same_bits.txt");
const RECORDINGS: u64 = 1_000;

/// Where a code leads, and the hash there.
fn replay(code: &Code) -> TraceHash {
    let mut timeline = Timeline::replay(code.recording.clone());
    timeline.seek(code.moment);
    assert_eq!(timeline.moment(), code.moment, "the code leads where it says");
    timeline.world().trace_hash()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn same_bits_everywhere() {
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_GOLDENFILES").is_some() {
        return write_anew();
    }
    let mut recordings = 0;
    for line in GOLDEN.lines() {
        let (hash, code) = line.split_once(' ').expect("a hash and a code");
        let code = Code::decode(code).expect("what has been encoded can be decoded");
        assert_eq!(
            replay(&code).to_string(),
            hash,
            "histories are not what they were; if that is meant, write same_bits.txt anew: {line}"
        );
        recordings += 1;
    }
    assert_eq!(recordings, RECORDINGS);
}

#[cfg(not(target_arch = "wasm32"))]
fn write_anew() {
    let line = |seed| {
        let (recording, moment) = drawn::history(seed);
        let mut timeline = Timeline::replay(recording.clone());
        timeline.seek(moment);
        let hash = timeline.world().trace_hash();
        format!("{hash} {}\n", Code::new(recording, moment, hash).encode())
    };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/same_bits.txt");
    let lines: String = (1..=RECORDINGS).map(line).collect();
    std::fs::write(path, lines).expect("the table can be written");
}
