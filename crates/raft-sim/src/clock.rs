//! A server's clock: it may run fast or slow, and jump, but never goes back.

use raft_core::Instant;

/// So many millionths make the whole.
const WHOLE: i64 = 1_000_000;

/// A clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Clock {
    /// At this time of the world…
    set_at: Instant,
    /// …it showed this…
    showed: Instant,
    /// …and has run fast by so many millionths since; slow, if negative.
    drift_ppm: i64,
    /// Its last jump.
    jump: Option<Jump>,
}

/// A clock leaps over some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Jump {
    /// When.
    at: Instant,
    /// What it showed before.
    from: Instant,
    /// And after.
    to: Instant,
    /// How fast it ran before, see [`Clock`].
    drift_ppm: i64,
}

impl Clock {
    /// The slowest drift: a tenth of the true speed.
    pub const DRIFT_PPM_MIN: i64 = -900_000;
    /// The fastest drift: ten times the true speed.
    pub const DRIFT_PPM_MAX: i64 = 9_000_000;

    /// By how many millionths it runs fast; slow, if negative.
    #[must_use]
    pub fn drift_ppm(&self) -> i64 {
        self.drift_ppm
    }

    /// What it shows at a time of the world.
    #[must_use]
    pub fn shows_at(&self, at: Instant) -> Instant {
        self.showed
            .after_us(scale(at.since_us(self.set_at), self.speed(), WHOLE as u64))
    }

    /// When it shows a time: the first time of the world at which it shows no less. Of what it showed before it was
    /// last set this is what it would have been at today's speed; what it has leapt over, it showed when it jumped last.
    #[must_use]
    pub fn time_of(&self, shown: Instant) -> Instant {
        match shown.0.checked_sub(self.showed.0) {
            // Divisions of this size are slow, and most clocks are right.
            Some(ahead) if self.drift_ppm == 0 => self.set_at.after_us(ahead),
            Some(ahead) => {
                let speed = self.speed();
                let rounded_up = u128::from(ahead) * WHOLE as u128 + u128::from(speed - 1);
                let us = u64::try_from(rounded_up / u128::from(speed)).unwrap_or(u64::MAX);
                self.set_at.after_us(us)
            }
            None => match self.jump {
                Some(jump) if shown < jump.from => before(jump.at, jump.from.since_us(shown), jump.drift_ppm),
                Some(jump) if shown <= jump.to => jump.at,
                _ => before(self.set_at, self.showed.since_us(shown), self.drift_ppm),
            },
        }
    }

    /// From `at` on it runs fast by so many millionths, within the limits.
    pub(crate) fn set_drift(&mut self, at: Instant, ppm: i64) {
        *self = Clock {
            set_at: at,
            showed: self.shows_at(at),
            drift_ppm: ppm.clamp(Clock::DRIFT_PPM_MIN, Clock::DRIFT_PPM_MAX),
            jump: self.jump,
        };
    }

    /// At `at` it jumps forward to `shown`.
    pub(crate) fn jump(&mut self, at: Instant, shown: Instant) {
        let before = self.shows_at(at);
        if shown <= before {
            return;
        }
        // Two at one moment are one.
        let first = Jump {
            at,
            from: before,
            to: shown,
            drift_ppm: self.drift_ppm,
        };
        let jump = self.jump.filter(|jump| jump.at == at).unwrap_or(first);
        *self = Clock {
            set_at: at,
            showed: shown,
            drift_ppm: self.drift_ppm,
            jump: Some(Jump { to: shown, ..jump }),
        };
    }

    /// How many of its seconds pass in a million seconds of the world.
    fn speed(&self) -> u64 {
        speed(self.drift_ppm)
    }
}

fn speed(drift_ppm: i64) -> u64 {
    u64::try_from(WHOLE + drift_ppm).expect("the drift is within its limits")
}

/// When it was so many microseconds of a clock before a time.
fn before(at: Instant, us: u64, drift_ppm: i64) -> Instant {
    let ago = scale(us, WHOLE as u64, speed(drift_ppm));
    Instant(at.0.saturating_sub(ago))
}

fn scale(us: u64, by: u64, of: u64) -> u64 {
    if by == of {
        return us;
    }
    u64::try_from(u128::from(us) * u128::from(by) / u128::from(of)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_a_time_no_later_than_it_says_it_will() {
        let mut clock = Clock::default();
        for (at, ppm) in [
            (0, 0),
            (1_000, 70_001),
            (500_000, -333_333),
            (2_000_000, 9_000_000),
            (3_000_000, i64::MIN),
        ] {
            clock.set_drift(Instant(at), ppm);
            for ahead in [0, 1, 2, 3, 999, 1_000_003] {
                let shown = clock.shows_at(Instant(at)).after_us(ahead);
                let time = clock.time_of(shown);
                assert!(clock.shows_at(time) >= shown);
                assert!(time == Instant(at) || clock.shows_at(Instant(time.0 - 1)) < shown);
            }
        }
        assert_eq!(clock.drift_ppm(), Clock::DRIFT_PPM_MIN);
    }

    #[test]
    fn it_jumps_forward_only() {
        let mut clock = Clock::default();
        clock.jump(Instant(10), Instant(50));
        assert_eq!(clock.shows_at(Instant(11)), Instant(51));
        clock.jump(Instant(20), Instant(5));
        assert_eq!(clock.shows_at(Instant(20)), Instant(60));
        assert_eq!(clock.time_of(Instant(55)), Instant(15), "of the past: at today's speed");
    }

    #[test]
    fn what_it_leapt_over_it_showed_when_it_jumped() {
        let mut clock = Clock::default();
        clock.jump(Instant(100), Instant(300));
        assert_eq!(clock.time_of(Instant(80)), Instant(80), "before the jump it was right");
        for leapt_over in [101, 200, 300] {
            assert_eq!(clock.time_of(Instant(leapt_over)), Instant(100));
        }
        assert_eq!(clock.time_of(Instant(310)), Instant(110));
        // Neither another jump at the same moment nor another speed makes it forget.
        clock.jump(Instant(100), Instant(500));
        clock.set_drift(Instant(120), 1_000_000);
        for (shown, at) in [(80, 80), (101, 100), (400, 100), (500, 100), (540, 130)] {
            assert_eq!(clock.time_of(Instant(shown)).0, at, "{shown}");
        }
    }
}
