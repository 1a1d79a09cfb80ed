//! Time as the caller tells it: integers, no clock.

/// A moment of the node's own clock, in microseconds since a start that the caller chooses.
///
/// Only differences matter, and only on one node: Raft never compares the clocks of two servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    /// The moment `us` microseconds later; the end of time stays the end of time.
    #[must_use]
    pub fn after_us(self, us: u64) -> Instant {
        Instant(self.0.saturating_add(us))
    }

    /// How many microseconds have passed since `earlier`; zero if it has not come yet.
    #[must_use]
    pub fn since_us(self, earlier: Instant) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A deadline, and when it was set: whoever draws it wants to know how much has run off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timer {
    /// When the timer was set.
    pub started: Instant,
    /// When it runs out.
    pub deadline: Instant,
}

impl Timer {
    /// A timer set `now` that runs out `duration_us` microseconds later.
    #[must_use]
    pub fn start(now: Instant, duration_us: u64) -> Timer {
        Timer {
            started: now,
            deadline: now.after_us(duration_us),
        }
    }

    /// Whether it has run out.
    #[must_use]
    pub fn is_due(&self, now: Instant) -> bool {
        self.deadline <= now
    }
}
