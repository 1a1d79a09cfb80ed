//! A distribution of times, measured here or published.

/// Times, each with the share of the trials that took no longer.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Milliseconds and cumulative probability; both rise. An infinite time: it was not over as long as anybody waited.
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// The curve through these points of milliseconds and cumulative probability.
    ///
    /// # Panics
    ///
    /// If there are none, or they do not rise.
    #[must_use]
    pub fn new(points: Vec<(f64, f64)>) -> Curve {
        assert!(!points.is_empty(), "a curve without points says nothing");
        let rises = |pair: &[(f64, f64)]| pair[0].0 <= pair[1].0 && pair[0].1 < pair[1].1;
        assert!(points.windows(2).all(rises), "a distribution rises");
        Curve { points }
    }

    /// The curve of trials, each with its time in microseconds, or without one if it was not over in time.
    ///
    /// # Panics
    ///
    /// If there are none.
    #[must_use]
    pub fn of_trials(trials: Vec<Option<u64>>) -> Curve {
        let count = trials.len() as f64;
        let in_ms = |us: Option<u64>| us.map_or(f64::INFINITY, |us| us as f64 / 1e3);
        let mut times: Vec<f64> = trials.into_iter().map(in_ms).collect();
        times.sort_unstable_by(f64::total_cmp);
        // A trial stands in the middle of its step, as in the published curves.
        let shares = (0..times.len()).map(|place| (place as f64 + 0.5) / count);
        Curve::new(times.iter().copied().zip(shares).collect())
    }

    /// The time that this share of the trials did not exceed, in milliseconds.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let place = self.points.partition_point(|&(_, reached)| reached < share);
        self.points[place.min(self.points.len() - 1)].0
    }

    /// The time that half of the trials did not exceed, in milliseconds.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The longest time, in milliseconds.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.quantile(1.0)
    }

    /// The mean, in milliseconds.
    #[must_use]
    pub fn mean(&self) -> f64 {
        // A point stands for all trials around it: the published figure does not always tell two of them apart.
        let between = self.points.windows(2).map(|pair| (pair[0].1 + pair[1].1) / 2.0);
        let ends: Vec<f64> = between.chain([1.0]).collect();
        let starts = [0.0].into_iter().chain(ends.iter().copied());
        let steps = self.points.iter().zip(starts.zip(&ends));
        steps.map(|(&(ms, _), (start, end))| ms * (end - start)).sum()
    }

    /// Which share of the trials took longer than this.
    #[must_use]
    pub fn share_over(&self, ms: f64) -> f64 {
        let over = self.points.partition_point(|&(time, _)| time <= ms);
        let before = over.checked_sub(1).map_or(0.0, |last| self.points[last].1);
        let after = self.points.get(over).map_or(1.0, |&(_, share)| share);
        match over {
            0 => 1.0,
            over if over == self.points.len() => 0.0,
            _ => 1.0 - (before + after) / 2.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_become_a_distribution() {
        let curve = Curve::of_trials(vec![Some(4_000), Some(1_000), Some(2_000), Some(3_000)]);
        assert_eq!(curve.median(), 3.0);
        assert_eq!(curve.quantile(0.1), 1.0);
        assert_eq!(curve.longest(), 4.0);
        assert!((curve.mean() - 2.5).abs() < 1e-9);
        assert_eq!(
            [0.0, 1.0, 2.5, 4.0].map(|ms| curve.share_over(ms)),
            [1.0, 0.75, 0.5, 0.0]
        );
    }

    #[test]
    fn a_trial_that_was_never_over_is_the_longest() {
        let curve = Curve::of_trials(vec![None, Some(1_000), Some(2_000)]);
        assert_eq!(curve.median(), 2.0);
        assert_eq!(curve.longest(), f64::INFINITY);
        assert_eq!(curve.mean(), f64::INFINITY);
    }

    #[test]
    fn a_point_stands_for_the_trials_around_it() {
        // Four trials, of which the figure shows the two in the middle as one.
        let curve = Curve::new(vec![(1.0, 0.125), (2.0, 0.5), (5.0, 0.875)]);
        let expected = 1.0 * 0.3125 + 2.0 * 0.375 + 5.0 * 0.3125;
        assert!((curve.mean() - expected).abs() < 1e-9);
    }
}
