//! Bits, and numbers that take few of them if they are small.
//!
//! The first bit is the lowest of the first byte, as in deflate, which is written with the same writer.

use super::Problem;

/// Bits, one after the other.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// How many bits of the last byte are taken; zero: all.
    taken: u32,
}

impl BitWriter {
    pub(super) fn bit(&mut self, bit: bool) {
        if self.taken == 0 {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.taken;
        }
        self.taken = (self.taken + 1) % 8;
    }

    /// The lowest `count` bits, the lowest first.
    pub(super) fn bits(&mut self, value: u64, count: u32) {
        for place in 0..count {
            self.bit(value >> place & 1 == 1);
        }
    }

    /// A varint by bits. There are 2^`first` numbers of the shortest size, of `first` bits, and each next size has one
    /// bit more, and so holds twice as many numbers; which size it is comes first, a one for each that is
    /// left out and then a zero. (An exponential Golomb code, if a name is wanted.) So no number has two forms, and
    /// with a `first` that suits it a number takes hardly more bits than it has.
    pub(super) fn number(&mut self, value: u64, first: u32) {
        let (size, place) = size_and_place(value, first);
        for _ in first..size {
            self.bit(true);
        }
        self.bit(false);
        self.bits(place, size);
    }

    /// The bytes; what is left of the last one is zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The size of a number, and its place among the numbers of that size.
fn size_and_place(value: u64, first: u32) -> (u32, u64) {
    let (mut size, mut place) = (first, value);
    while size < u64::BITS && place >= 1 << size {
        place -= 1 << size;
        size += 1;
    }
    (size, place)
}

/// How many bits [`BitWriter::number`] writes.
pub(super) fn number_len(value: u64, first: u32) -> u64 {
    let (size, _) = size_and_place(value, first);
    u64::from(2 * size - first + 1)
}

/// Reads what a [`BitWriter`] has written, or what claims to be that.
///
/// From the first problem on all bits are zeros, and so are all numbers; so whoever reads needs not ask after each,
/// only before believing any of it. That makes reading short, in the source and in what a visitor of the page
/// downloads.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// How many bits have been read.
    read: usize,
    /// The first one.
    problem: Option<Problem>,
}

impl BitReader<'_> {
    pub(super) fn new(bytes: &[u8]) -> BitReader<'_> {
        BitReader {
            bytes,
            read: 0,
            problem: None,
        }
    }

    /// Something cannot be right. What is noticed after that does not matter any more.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// Whether all that has been read so far can be believed.
    pub(super) fn check(&self) -> Result<(), Problem> {
        self.problem.map_or(Ok(()), Err)
    }

    pub(super) fn bit(&mut self) -> bool {
        self.bits(1) == 1
    }

    /// At most 64.
    pub(super) fn bits(&mut self, count: u32) -> u64 {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.read / 8).filter(|_| self.problem.is_none());
            let Some(byte) = byte else {
                self.fail(Problem::EndsEarly);
                return 0;
            };
            value |= u64::from(byte >> (self.read % 8) & 1) << place;
            self.read += 1;
        }
        value
    }

    pub(super) fn number(&mut self, first: u32) -> u64 {
        let mut size = first;
        while self.bit() {
            size += 1;
            if size > u64::BITS {
                self.fail(Problem::NumberTooLarge);
            }
        }
        // How many numbers there are of the shorter sizes: 2^size - 2^first, also if 2^64 is no number here.
        let shorter = 1u64.checked_shl(size).unwrap_or(0).wrapping_sub(1 << first);
        let number = self.bits(size).checked_add(shorter);
        self.or_too_large(number)
    }

    /// A number, if there is one; zero, if there is a problem.
    pub(super) fn or_too_large(&mut self, number: Option<u64>) -> u64 {
        if number.is_none() {
            self.fail(Problem::NumberTooLarge);
        }
        number.filter(|_| self.problem.is_none()).unwrap_or(0)
    }

    /// All has been read, but for the zeros that fill the last byte.
    pub(super) fn end(mut self) -> Result<(), Problem> {
        self.check()?;
        let left = self.bytes.len() * 8 - self.read;
        let is_filling = left < 8 && self.bits(left as u32) == 0;
        if is_filling { Ok(()) } else { Err(Problem::GoesOn) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_and_has_the_length_that_was_foretold() {
        let edges = (0..64).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1]);
        for value in edges.chain([u64::MAX - 1, u64::MAX]) {
            for first in 0..32 {
                let mut writer = BitWriter::default();
                writer.number(value, first);
                let bytes = writer.into_bytes();
                let mut reader = BitReader::new(&bytes);
                assert_eq!(reader.number(first), value, "{value} from {first} bits");
                assert_eq!(
                    reader.read as u64,
                    number_len(value, first),
                    "{value} from {first} bits"
                );
                assert_eq!(reader.end(), Ok(()), "{value} from {first} bits");
            }
        }
    }

    #[test]
    fn small_numbers_are_short() {
        let lens = |first| [0, 1, 2, 3, 7, 1_000_000].map(|value| number_len(value, first));
        assert_eq!(lens(0), [1, 3, 3, 5, 7, 39]);
        assert_eq!(lens(2), [3, 3, 3, 3, 5, 37]);
        assert_eq!(lens(20), [21; 6]);
    }

    #[test]
    fn a_number_above_all_numbers_is_refused() {
        let mut reader = BitReader::new(&[0xff; 99]);
        assert_eq!(reader.number(0), 0);
        assert_eq!(reader.check(), Err(Problem::NumberTooLarge));
        let mut writer = BitWriter::default();
        writer.bits(u64::MAX, 64);
        writer.bit(false);
        writer.bits(1, 64);
        let bytes = writer.into_bytes();
        let mut reader = BitReader::new(&bytes);
        assert_eq!(reader.number(0), 0);
        assert_eq!(reader.check(), Err(Problem::NumberTooLarge));
    }

    #[test]
    fn what_ends_early_is_noticed_and_gives_zeros() {
        let mut reader = BitReader::new(&[0xff]);
        assert_eq!(reader.bits(4), 0b1111);
        assert_eq!(reader.check(), Ok(()));
        assert_eq!(reader.bits(5), 0);
        assert_eq!(reader.number(7), 0);
        reader.fail(Problem::NotUtf8);
        assert_eq!(reader.check(), Err(Problem::EndsEarly));
        assert_eq!(reader.end(), Err(Problem::EndsEarly));
    }

    #[test]
    fn what_goes_on_is_noticed() {
        assert_eq!(BitReader::new(&[0]).end(), Err(Problem::GoesOn));
        let mut reader = BitReader::new(&[0b10]);
        assert!(!reader.bit());
        assert_eq!(reader.end(), Err(Problem::GoesOn));
    }
}
