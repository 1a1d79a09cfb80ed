//! Figure 16 of the paper: how long electing a new leader takes after a crash, for six ranges of election timeouts.
//!
//! Ours, from the simulation, stands beside what was measured on a real cluster (the curves of the dissertation, §9.3).
//! This file owns the lines of the figure and how near ours have to come; `trial` is one crash, `published`
//! the data, `curve` a distribution, `report` what is printed.
//!
//! # What is the same
//!
//! Five servers, one broadcast about 15 ms: a one-way delay uniform in 0.6–5.4 ms, and a write of 3 ms before a voter
//! answers, while the candidate's own write overlaps its requests. The leader is "crashed randomly within its heartbeat
//! interval, which was half of the minimum election timeout". The heartbeat before is synchronised, so that the
//! followers' timers start together. "The servers in each trial had different log lengths, so two of the four servers
//! were not eligible to become leader." Measured "from when the old leader crashed until the other servers received the
//! new leader's first heartbeat", 1,000 times a line, 100 times for 150–150.
//!
//! # What is different
//!
//! - Delays are drawn from one range, where there were a gigabit network, TCP, solid-state disks and an operating system.
//! - Timers start at the very same microsecond and clocks run exactly alike. So without any randomness all stand at
//!   once for ever, where real machines fell out of step after 10 to 528 seconds.
//! - The published curves are of one cluster, whose leader crashed again and again; each trial here is a cluster of its own.
//!
//! Nothing is chosen per line but what the line is about, its longest timeout.

mod curve;
mod published;
mod report;
mod trial;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

pub use curve::Curve;
pub use published::{ATTRIBUTION, published};
pub use report::{HEAD, Row, summary};

/// How long a trial waits for a new leader, in microseconds: longer than the longest published trial.
pub const PATIENCE_US: u64 = 600_000_000;

/// The shortest election timeout of all lines, in microseconds.
const TIMEOUT_US_MIN: u64 = 150_000;

/// One line of the figure: a range of election timeouts. It is shown as in the figure, `150–155`.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The longest election timeout, in microseconds; the shortest is 150 ms in all lines.
    pub timeout_us_max: u64,
    /// How many trials.
    pub trials: u64,
    /// How near our median has to come.
    pub distance: Distance,
}

/// How near a median has to come to the published one.
#[derive(Clone, Copy, Debug)]
pub enum Distance {
    /// At most so many per cent more or less.
    Percent(f64),
    /// At most so many times as long or as short.
    Factor(f64),
    /// Anything above so many milliseconds.
    LongerThanMs(f64),
}

/// The lines of the figure.
pub const LINES: [Line; 6] = [
    Line::new(150, 100, Distance::LongerThanMs(10_000.0)),
    // With hardly any randomness it counts whether timers start at the very same microsecond.
    Line::new(151, 1_000, Distance::Factor(1.5)),
    Line::new(155, 1_000, Distance::Percent(10.0)),
    Line::new(175, 1_000, Distance::Percent(10.0)),
    Line::new(200, 1_000, Distance::Percent(10.0)),
    Line::new(300, 1_000, Distance::Percent(10.0)),
];

impl Distance {
    /// Whether a median is near enough to the published one, both in milliseconds.
    #[must_use]
    pub fn allows(self, ours: f64, published: f64) -> bool {
        match self {
            Distance::Percent(percent) => (ours - published).abs() <= published * percent / 100.0,
            Distance::Factor(factor) => ours <= published * factor && published <= ours * factor,
            Distance::LongerThanMs(ms) => ours > ms,
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Distance::Percent(percent) => write!(f, "within {percent} %"),
            Distance::Factor(factor) => write!(f, "within a factor of {factor}"),
            Distance::LongerThanMs(ms) => write!(f, "over {} s", ms / 1e3),
        }
    }
}

impl Line {
    const fn new(timeout_ms_max: u64, trials: u64, distance: Distance) -> Line {
        Line {
            timeout_us_max: timeout_ms_max * 1_000,
            trials,
            distance,
        }
    }

    /// Runs the first `trials` trials; the number of threads changes nothing but how long it takes.
    ///
    /// # Panics
    ///
    /// If a trial cannot be set up, or a property is violated in it. The message names its seed.
    #[must_use]
    pub fn run(&self, trials: u64, threads: usize) -> Curve {
        let next = AtomicU64::new(0);
        let work = || {
            let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
            let seeds = seeds.take_while(|&seed| seed < trials);
            seeds
                .map(|seed| trial::downtime_us(self.timeout_us_max, seed))
                .collect::<Vec<_>>()
        };
        let downtimes = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = running.into_iter().map(std::thread::ScopedJoinHandle::join);
            done.flat_map(|of_one| of_one.expect("a trial that panics has said why"))
                .collect()
        });
        Curve::of_trials(downtimes)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (TIMEOUT_US_MIN / 1_000, self.timeout_us_max / 1_000);
        f.pad(&format!("{min}–{max}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred trials tell less than a thousand, so the distances are wider here.
    #[test]
    fn medians_come_near_the_published_ones() {
        let check = |line: Line, distance: Distance| {
            let (ours, published) = (line.run(100, 2).median(), published(&line).median());
            assert!(
                distance.allows(ours, published),
                "{line}: {ours} ms, published {published} ms"
            );
        };
        let [_, _, five_ms, _, _, widest] = LINES;
        check(five_ms, Distance::Factor(1.5));
        check(widest, Distance::Percent(20.0));
    }

    #[test]
    fn without_randomness_nobody_is_elected() {
        assert_eq!(trial::downtime_us(TIMEOUT_US_MIN, 1), None);
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let [.., line] = LINES;
        assert_eq!(line.run(10, 1), line.run(10, 3));
    }

    #[test]
    fn a_distance_has_two_sides() {
        let tenth = Distance::Percent(10.0);
        assert!(tenth.allows(90.0, 100.0) && tenth.allows(110.0, 100.0));
        assert!(!tenth.allows(89.9, 100.0) && !tenth.allows(110.1, 100.0));
        let half_again = Distance::Factor(1.5);
        assert!(half_again.allows(100.0, 150.0) && half_again.allows(150.0, 100.0));
        assert!(!half_again.allows(99.0, 150.0) && !half_again.allows(151.0, 100.0));
        assert!(Distance::LongerThanMs(10.0).allows(f64::INFINITY, 1.0));
        assert!(!Distance::LongerThanMs(10.0).allows(10.0, 1.0));
    }
}
