//! What a person reads: lines, announcements, errors, durations.
//!
//! A closed pipe (`cargo xtask | head -1`) is no reason to panic, so nothing here
//! uses `println!`.

use std::io::Write;
use std::time::Duration;

/// A plain line.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// What happens next, set apart from the output of the programs that do it.
pub(crate) fn step(text: &str) {
    line(&format!("\n==> {text}"));
}

/// What went wrong, as the last words of a command.
pub(crate) fn error(text: &str) {
    let _ = writeln!(std::io::stderr(), "\nerror: {text}");
}

/// A duration as a person would say it: `8 s`, `2 min 05 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_millis().div_ceil(1000);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds:02} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_seconds_and_minutes() {
        assert_eq!(duration(Duration::from_millis(1)), "1 s");
        assert_eq!(duration(Duration::from_secs(59)), "59 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 05 s");
    }
}
