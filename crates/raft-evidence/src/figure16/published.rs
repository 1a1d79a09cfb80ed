//! The published curves, read from the file that they came in.

use super::{Curve, Line};

/// Digitised from the published figure; its first line says whose it is.
const CSV: &str = include_str!("../../data/fig16_randomness.csv");

/// Whose measurements they are, and under which licence. It goes wherever they go.
pub const ATTRIBUTION: &str =
    "Published curves: Diego Ongaro, dissertation, chapter 9, CC BY 4.0; digitised from the figure.";

/// The published curve of a line.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn published(line: &Line) -> Curve {
    let name = line.to_string().replace('–', "-");
    let rows = CSV.lines().filter(|row| !row.starts_with('#')).skip(1);
    let points = rows.filter_map(|row| {
        let fields: Vec<&str> = row.split(',').collect();
        let [_figure, timeout_ms, election_ms, cum_prob] = fields[..] else {
            panic!("the data have four columns: {row}");
        };
        (timeout_ms == name).then(|| (number(election_ms), number(cum_prob)))
    });
    Curve::new(points.collect())
}

fn number(field: &str) -> f64 {
    field
        .parse()
        .unwrap_or_else(|error| panic!("`{field}` in the data is no number: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::LINES;
    use super::*;

    #[test]
    fn the_data_say_whose_they_are() {
        let first = CSV.lines().next().unwrap();
        for text in [first, ATTRIBUTION] {
            assert!(text.contains("CC BY 4.0") && text.contains("Diego Ongaro"), "{text}");
        }
    }

    #[test]
    fn the_data_say_what_the_dissertation_says_of_them() {
        let [none, _, five_ms, _, fifty_ms, _] = LINES.map(|line| published(&line));
        assert!(none.share_over(9_800.0) == 1.0 && none.share_over(10_000.0) >= 0.99);
        assert_eq!(five_ms.median().round(), 287.0);
        assert_eq!(fifty_ms.longest().ceil(), 513.0);
    }
}
