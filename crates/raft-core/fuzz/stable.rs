//! What the fuzzer does, without a fuzzer: bytes by chance, the same on every machine, on any compiler.
//!
//! A fuzzer learns which bytes lead somewhere new; this one is blind. But it runs with all the tests.

// As a crate of its own, which the fuzzer needs, it has a door.
#[allow(unreachable_pub)]
#[path = "src/lib.rs"]
mod any_messages;

#[test]
fn no_bytes_make_a_server_panic() {
    let mut random = raft_core::Random::new(1);
    for _ in 0..3_000 {
        let length = random.between(0, 2_000);
        let bytes: Vec<u8> = (0..length).map(|_| random.between(0, 255) as u8).collect();
        any_messages::play(&bytes);
    }
}
