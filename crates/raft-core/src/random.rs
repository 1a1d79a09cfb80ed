//! The node's own source of chance, so that cloning a node clones its future.

/// SplitMix64 (Steele, Lea and Flood, 2014): eight bytes of state, every seed is as good as any other.
/// It spreads election timeouts; it keeps no secrets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The same seed gives the same numbers, on every machine.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// The next number, uniform over all of `u64`.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `min` to `max`, both included; `min` if the range is empty.
    pub fn between(&mut self, min: u64, max: u64) -> u64 {
        let Some(span) = max.checked_sub(min).and_then(|width| width.checked_add(1)) else {
            return if min <= max { self.next_u64() } else { min };
        };
        // The high half of a product maps the full range on the span (Lemire, 2019). Its bias, below
        // span / 2^64, is far under anything that a timeout in microseconds could show.
        let scaled = (u128::from(self.next_u64()) * u128::from(span)) >> 64;
        min + u64::try_from(scaled).expect("the high half of a product of two u64 fits a u64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        // The first outputs of the published reference for seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn both_ends_of_a_range_are_drawn_and_nothing_outside() {
        let mut random = Random::new(1);
        let mut seen = [false; 3];
        for _ in 0..100 {
            let n = random.between(7, 9);
            seen[usize::try_from(n - 7).unwrap()] = true;
        }
        assert_eq!(seen, [true; 3]);
        assert_eq!(random.between(5, 5), 5);
        assert_eq!(random.between(5, 4), 5);
        let _ = random.between(0, u64::MAX);
    }
}
