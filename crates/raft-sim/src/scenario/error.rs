//! What is wrong with the text of a scenario, and where.

use std::fmt;

use crate::ConfigError;

/// Why a text is no scenario. Line and column count from 1, the column in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line.
    pub line: usize,
    /// The column at which it stops making sense.
    pub column: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// Something else has to stand there.
    Expected {
        /// What.
        what: &'static str,
        /// What stands there; empty: the line ends.
        found: String,
    },
    /// There is nothing of that name.
    Unknown {
        /// Nothing of what kind.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The number is larger than anything that could be meant.
    TooLarge {
        /// The largest that is allowed.
        max: u64,
    },
    /// The time that should be the shorter of two is the longer one.
    Backwards,
    /// It has been said already.
    Repeated(&'static str),
    /// It has to be said, and is not. The place is the end of the text.
    Missing(&'static str),
    /// Only the two-stage election has a heartbeat timeout, and another line says that the election is the standard one.
    AtOdds,
    /// The cluster that is described cannot be simulated. The place is the setting after which it cannot.
    Config(ConfigError),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        match &self.kind {
            ParseErrorKind::Expected { what, found } if found.is_empty() => {
                write!(f, "expected {what}, but the line ends")
            }
            ParseErrorKind::Expected { what, found } => write!(f, "expected {what}, found \"{found}\""),
            ParseErrorKind::Unknown { what, name } => write!(f, "there is no {what} \"{name}\""),
            ParseErrorKind::TooLarge { max } => write!(f, "the number is too large: it must be at most {max}"),
            ParseErrorKind::Backwards => f.write_str("the shorter time must come first"),
            ParseErrorKind::Repeated(what) => write!(f, "{what} has been said already"),
            ParseErrorKind::Missing(what) => write!(f, "{what} is missing"),
            ParseErrorKind::AtOdds => f.write_str("the standard election has no heartbeat timeout"),
            ParseErrorKind::Config(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}
