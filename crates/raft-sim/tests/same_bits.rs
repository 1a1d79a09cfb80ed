//! Same recording, same trace hash: here, in WebAssembly, and (through the page, in `e2e/`) in real browsers.
//!
//! `same_bits.txt` holds the hashes. A change of what happens in a history changes them; it is then written anew with
//! `UPDATE_GOLDENFILES=1 cargo test -p raft-sim --test same_bits`, and the change belongs into the commit message.

use raft_sim::{ClientId, Command, Config, Instant, NodeId, Timeline};

const GOLDEN: &str = include_str!("same_bits.txt");
const SEEDS: u64 = 50;

/// The history of a seed, told by its number alone: at one second a server crashes and a client writes to the
/// leader, if that is still up; at two and a half seconds the server comes back; the hash is taken at one second and
/// at five. A page tells the same through the methods of its element.
fn hashes(seed: u64) -> [String; 2] {
    let server = NodeId(seed % 5 + 1);
    let mut timeline = Timeline::new(Config::default(), seed);
    timeline.seek_to(Instant(1_000_000));
    let before = timeline.world().trace_hash().to_string();
    timeline.record(Command::Crash { server });
    if let Some(leader) = timeline.world().leader() {
        timeline.record(Command::put(ClientId(1), "x", seed.to_string()).to(leader));
    }
    timeline.seek_to(Instant(2_500_000));
    timeline.record(Command::Restart { server });
    timeline.seek_to(Instant(5_000_000));
    [before, timeline.world().trace_hash().to_string()]
}

fn table() -> String {
    let rows = (1..=SEEDS).map(|seed| format!("{seed} {}\n", hashes(seed).join(" ")));
    format!(
        "# seed, trace hash at 1 s, trace hash at 5 s\n{}",
        rows.collect::<String>()
    )
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn same_bits_everywhere() {
    let table = table();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_GOLDENFILES").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/same_bits.txt");
        return std::fs::write(path, table).expect("the table can be written");
    }
    assert_eq!(
        table, GOLDEN,
        "histories are not what they were; if that is meant, write same_bits.txt anew"
    );
}
