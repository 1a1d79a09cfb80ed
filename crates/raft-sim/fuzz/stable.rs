//! What the fuzzer does, without a fuzzer: bytes by chance, and codes with a few bits changed, the same on every
//! machine, on any compiler.
//!
//! A fuzzer learns which bytes lead somewhere new; this one is blind. But it runs with all the tests.

// As a crate of its own, which the fuzzer needs, it has a door.
#[allow(unreachable_pub)]
#[path = "src/lib.rs"]
mod any_code;

use raft_core::Random;

#[test]
fn any_bytes_are_a_recording_or_an_error() {
    let mut random = Random::new(1);
    for _ in 0..10_000 {
        let length = random.between(0, 300);
        let bytes: Vec<u8> = (0..length).map(|_| random.between(0, 255) as u8).collect();
        any_code::read(&bytes);
    }
}

#[test]
fn a_code_with_a_few_changes_is_a_recording_or_an_error() {
    let mut random = Random::new(1);
    let golden = include_str!("../tests/codes.txt").lines();
    let codes: Vec<&str> = golden.filter(|line| line.starts_with('v')).collect();
    for _ in 0..10_000 {
        let mut code = codes[random.between(0, codes.len() as u64 - 1) as usize]
            .as_bytes()
            .to_vec();
        for _ in 0..random.between(1, 3) {
            let place = random.between(3, code.len() as u64 - 1) as usize;
            code[place] = any_code::base64url(&[random.between(0, 255) as u8]).as_bytes()[0];
        }
        any_code::read(&code);
    }
}

/// Bits that cost little and might ask for much.
#[test]
fn much_of_the_same_takes_little_memory() {
    for byte in 0..=255 {
        any_code::read(&vec![byte; 60_000]);
        // Behind a head that is fine: a seed of one byte, the usual cluster, very many commands.
        let head = [0x04, 0x00, 0x00, 0x03, 0xfe];
        any_code::read(&[&head[..], &vec![byte; 60_000]].concat());
    }
}
