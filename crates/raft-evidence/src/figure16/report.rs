//! What is printed: a row a line, and what the dissertation says in words.

use std::fmt;

use super::{Curve, LINES, Line, PATIENCE_US, published};

/// What stands in the columns of a [`Row`]: milliseconds, ours and published.
pub const HEAD: &str = concat!(
    "                     median                  p90                  p99                 mean   median\n",
    "timeout     ours  published      ours  published      ours  published      ours  published    ratio"
);

/// A line of ours beside the published one.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line.
    pub line: Line,
    /// Ours.
    pub ours: Curve,
    /// The published one.
    pub published: Curve,
}

impl Row {
    /// Our curve of a line, beside the published one.
    #[must_use]
    pub fn new(line: Line, ours: Curve) -> Row {
        let published = published(&line);
        Row { line, ours, published }
    }

    /// Whether the medians are as near as they have to be.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.line.distance.allows(self.ours.median(), self.published.median())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { line, ours, published } = self;
        write!(f, "{line:<7}")?;
        let figures: [fn(&Curve) -> f64; 4] = [Curve::median, |c| c.quantile(0.9), |c| c.quantile(0.99), Curve::mean];
        for figure in figures {
            write!(f, " {:>8}  {:>9} ", ms(figure(ours)), ms(figure(published)))?;
        }
        let ratio = ours.median() / published.median();
        let ratio = if ratio.is_finite() {
            format!("{ratio:.2}")
        } else {
            String::new()
        };
        let verdict = if self.is_near() { "yes" } else { "NO" };
        write!(f, " {ratio:>7}   {}: {verdict}", line.distance)
    }
}

/// Milliseconds; of what has never been over it is known how long it has lasted at least.
fn ms(ms: f64) -> String {
    if ms.is_finite() {
        format!("{ms:.0}")
    } else {
        format!(">{}", PATIENCE_US / 1_000)
    }
}

/// What the dissertation says of its curves, beside what is to be said of ours: a row for each of [`LINES`], in order.
#[must_use]
pub fn summary(rows: &[Row; LINES.len()]) -> String {
    let [none, _, five_ms, _, fifty_ms, _] = rows;
    format!(
        "Published: without randomness \"consistently\" over 10 s. Ours: {:.0} % of the trials over 10 s.\n\
         Published: with 5 ms of randomness a median of 287 ms. Ours: {} ms.\n\
         Published: with 50 ms the worst of 1,000 trials took 513 ms. Ours: {} ms.",
        none.ours.share_over(10_000.0) * 100.0,
        ms(five_ms.ours.median()),
        ms(fifty_ms.ours.longest()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_how_near_it_is() {
        let of = |ms: u64| Curve::of_trials(vec![Some(ms * 1_000)]);
        let row = |line: Line, ours: Curve| Row::new(line, ours).to_string();
        let [none, .., widest] = LINES;
        assert!(row(widest, of(171)).ends_with("1.00   within 10 %: yes"));
        assert!(row(widest, of(342)).ends_with("2.00   within 10 %: NO"));
        let never = row(none, Curve::of_trials(vec![None]));
        assert!(
            never.contains(" >600000 ") && never.ends_with("over 10 s: yes"),
            "{never}"
        );
    }
}
