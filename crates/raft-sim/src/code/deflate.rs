//! Deflate (RFC 1951), as little of it as codes need: one block, with the fixed codes.
//!
//! Any inflater can read what is written here; what is read here must have been written here. That is a
//! choice of size: a complete compressor and decompressor (the crate `miniz_oxide`) would add 17 KB to what a
//! visitor of the page downloads, for a few percent of codes that hardly anybody makes. In the tests it is the judge.

use super::CodeError;
use super::bits::{BitReader, BitWriter};

/// The last symbol of a block.
const END: u16 = 256;

/// Symbols from here on are the lengths of matches.
const LENGTHS: u16 = 257;

/// The longest match.
const LENGTH_MAX: usize = 258;

/// A match is at most so far back.
const DISTANCE_MAX: usize = 32 * 1024;

/// Bytes in fewer bytes, if they repeat themselves.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut writer = BitWriter::default();
    // The last block, and the kind with fixed codes.
    writer.bits(0b011, 3);
    let mut latest = Latest(vec![0; 1 << 12]);
    let mut at = 0;
    while at < bytes.len() {
        let (length, distance) = latest.longest_match(bytes, at);
        if length >= 3 {
            put_match(&mut writer, length, distance);
        } else {
            put_symbol(&mut writer, u16::from(bytes[at]));
        }
        let next = at + length.max(1);
        (at..next).for_each(|place| latest.note(bytes, place));
        at = next;
    }
    put_symbol(&mut writer, END);
    writer.into_bytes()
}

/// Where three bytes have been seen last, by a hash of them: one more than the place; zero: nowhere.
struct Latest(Vec<usize>);

impl Latest {
    fn slot(&mut self, bytes: &[u8], at: usize) -> Option<&mut usize> {
        let &[a, b, c] = bytes.get(at..at + 3)?.first_chunk()?;
        let hash = u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1) >> 20;
        self.0.get_mut(hash as usize)
    }

    fn note(&mut self, bytes: &[u8], at: usize) {
        if let Some(slot) = self.slot(bytes, at) {
            *slot = at + 1;
        }
    }

    /// How many bytes from here on have been there before, and how far back; no bytes: not worth it.
    fn longest_match(&mut self, bytes: &[u8], at: usize) -> (usize, usize) {
        let before = self.slot(bytes, at).and_then(|slot| slot.checked_sub(1));
        let Some(before) = before.filter(|before| at - before <= DISTANCE_MAX) else {
            return (0, 0);
        };
        let pairs = bytes[before..].iter().zip(&bytes[at..]).take(LENGTH_MAX);
        (pairs.take_while(|(a, b)| a == b).count(), at - before)
    }
}

fn put_match(writer: &mut BitWriter, length: usize, distance: usize) {
    let symbol = last_below(29, length, length_from);
    put_symbol(writer, LENGTHS + symbol);
    let (from, extra) = length_from(symbol);
    writer.bits((length - from) as u64, extra);
    let symbol = last_below(30, distance, distance_from);
    put_huffman(writer, symbol, 5);
    let (from, extra) = distance_from(symbol);
    writer.bits((distance - from) as u64, extra);
}

/// The last of the symbols that does not begin above the value.
fn last_below(symbols: u16, value: usize, from: fn(u16) -> (usize, u32)) -> u16 {
    let above = (1..symbols).find(|&symbol| from(symbol).0 > value);
    above.unwrap_or(symbols) - 1
}

/// The shortest length of a symbol, and how many bits say how much longer it is (RFC 1951, section 3.2.5).
fn length_from(symbol: u16) -> (usize, u32) {
    let (quarter, extra) = (usize::from(symbol % 4), (u32::from(symbol) / 4).saturating_sub(1));
    match symbol {
        0..8 => (usize::from(symbol) + 3, 0),
        28.. => (LENGTH_MAX, 0),
        _ => (((4 + quarter) << extra) + 3, extra),
    }
}

/// The shortest distance of a symbol, and how many bits say how much further it is.
fn distance_from(symbol: u16) -> (usize, u32) {
    let (half, extra) = (usize::from(symbol % 2), (u32::from(symbol) / 2).saturating_sub(1));
    match symbol {
        0..4 => (usize::from(symbol) + 1, 0),
        _ => (((2 + half) << extra) + 1, extra),
    }
}

/// The fixed codes (RFC 1951, section 3.2.6).
fn put_symbol(writer: &mut BitWriter, symbol: u16) {
    match symbol {
        0..144 => put_huffman(writer, 0x30 + symbol, 8),
        144..256 => put_huffman(writer, 0x190 + (symbol - 144), 9),
        256..280 => put_huffman(writer, symbol - 256, 7),
        280.. => put_huffman(writer, 0xc0 + (symbol - 280), 8),
    }
}

/// Unlike everything else, Huffman codes stand with their highest bit first.
fn put_huffman(writer: &mut BitWriter, code: u16, len: u32) {
    for place in (0..len).rev() {
        writer.bit(code >> place & 1 == 1);
    }
}

/// The bytes that have been deflated, unless they are more than `max`.
pub(super) fn inflate(deflated: &[u8], max: usize) -> Result<Vec<u8>, CodeError> {
    let mut reader = BitReader::new(deflated);
    let mut bytes = Vec::new();
    if reader.bits(3) != 0b011 {
        return Err(CodeError::Damaged);
    }
    // After the last bit come zeros, and these mean the end.
    loop {
        match take_symbol(&mut reader) {
            END => break,
            length @ LENGTHS.. => {
                let (length, distance) = take_match(&mut reader, length - LENGTHS);
                let from = bytes.len().checked_sub(distance).ok_or(CodeError::Damaged)?;
                // One by one: what is repeated may have been written by this match itself.
                (from..from + length).for_each(|place| bytes.push(bytes[place]));
            }
            byte => bytes.push(byte as u8),
        }
        if bytes.len() > max {
            return Err(CodeError::TooMuch);
        }
    }
    reader.end().map_err(|_| CodeError::Damaged)?;
    Ok(bytes)
}

/// How many bytes, and from how far back; from nowhere, if a symbol is one of those that never occur.
fn take_match(reader: &mut BitReader<'_>, symbol: u16) -> (usize, usize) {
    let (length, extra) = length_from(symbol);
    let length = length + reader.bits(extra) as usize;
    let (distance, extra) = match (symbol, take_huffman(reader, 0, 5)) {
        (29.., _) | (_, 30..) => (usize::MAX, 0),
        (_, symbol) => distance_from(symbol),
    };
    (length, distance.saturating_add(reader.bits(extra) as usize))
}

fn take_symbol(reader: &mut BitReader<'_>) -> u16 {
    let seven = take_huffman(reader, 0, 7);
    match seven {
        0..0x18 => END + seven,
        0x18..0x60 => take_huffman(reader, seven, 1) - 0x30,
        0x60..0x64 => 280 + (take_huffman(reader, seven, 1) - 0xc0),
        0x64.. => 144 + (take_huffman(reader, seven, 2) - 0x190),
    }
}

fn take_huffman(reader: &mut BitReader<'_>, begun: u16, count: u32) -> u16 {
    (0..count).fold(begun, |code, _| code << 1 | u16::from(reader.bit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The judge: it must read from ours what ours has written.
    fn check(bytes: &[u8]) {
        let deflated = deflate(bytes);
        let judged = miniz_oxide::inflate::decompress_to_vec(&deflated).ok();
        assert_eq!(judged.as_deref(), Some(bytes));
        assert_eq!(inflate(&deflated, bytes.len()).as_deref(), Ok(bytes));
    }

    #[test]
    fn every_length_and_every_distance_comes_back() {
        check(b"");
        for length in 0..600 {
            check(&vec![7; length]);
        }
        let mut random = raft_core::Random::new(1);
        let noise: Vec<u8> = (0..40_000).map(|_| random.between(0, 255) as u8).collect();
        for distance in (0..64).chain([100, 1_000, 10_000, 24_577, 32_767, 32_768, 32_769, 39_000]) {
            let mut bytes = noise[..distance].to_vec();
            bytes.extend(&noise[..distance.min(300)]);
            check(&bytes);
        }
    }

    #[test]
    fn repetitions_get_shorter() {
        let bytes = b"crash, restart, ".repeat(100);
        assert!(deflate(&bytes).len() < 50, "{}", deflate(&bytes).len());
    }

    #[test]
    fn what_grows_too_much_is_refused_in_time() {
        let deflated = deflate(&vec![0; 1 << 20]);
        assert!(deflated.len() < 10_000);
        assert_eq!(inflate(&deflated, 65_536), Err(CodeError::TooMuch));
    }

    #[test]
    fn what_nobody_has_deflated_is_damaged() {
        let fine = deflate(b"abcabcabc");
        assert_eq!(inflate(&fine[..fine.len() - 1], 99), Err(CodeError::Damaged));
        let longer = [fine.as_slice(), &[0]].concat();
        assert_eq!(inflate(&longer, 99), Err(CodeError::Damaged));
        // A match before there is anything; a stored block; no bytes.
        let mut writer = BitWriter::default();
        writer.bits(0b011, 3);
        put_match(&mut writer, 3, 1);
        assert_eq!(inflate(&writer.into_bytes(), 99), Err(CodeError::Damaged));
        assert_eq!(inflate(&[0b001], 99), Err(CodeError::Damaged));
        assert_eq!(inflate(&[], 99), Err(CodeError::Damaged));
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in prop::collection::vec(0..4u8, 0..2_000), noise: Vec<u8>) {
            check(&bytes);
            check(&noise);
        }

        #[test]
        fn whatever_is_inflated_is_judged_alike(mut bytes: Vec<u8>) {
            if let Some(first) = bytes.first_mut() {
                *first = *first & !7 | 0b011;
            }
            if let Ok(inflated) = inflate(&bytes, 10_000) {
                prop_assert_eq!(miniz_oxide::inflate::decompress_to_vec(&bytes).ok(), Some(inflated));
            }
        }
    }
}
