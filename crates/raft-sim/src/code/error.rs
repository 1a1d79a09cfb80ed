//! Why a text is no code, in words for whoever pasted it.

use std::fmt;

use raft_core::SettingsError;

use crate::{Code, ConfigError};

/// Why a text is no code of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// It does not begin with a version, as in `v1.`
    NoVersion,
    /// It begins with a version that nobody knows here.
    UnknownVersion {
        /// Which.
        version: u32,
    },
    /// It is longer than any code.
    TooLong {
        /// How many bytes it has.
        bytes: usize,
    },
    /// A character is not of base64url.
    NotALetter {
        /// Which character of the whole text, from 1.
        nth: usize,
        /// The character.
        found: char,
    },
    /// The letters do not end where a byte ends: some are missing, or some are too many.
    Torn,
    /// What was deflated cannot be inflated.
    Damaged,
    /// It inflates to more than any recording has.
    TooMuch,
    /// The letters are fine, but what they say is not.
    Wrong {
        /// Where.
        place: Place,
        /// What is wrong there.
        problem: Problem,
    },
}

/// A part of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What comes first: the engine's version, the trace hash, the seed.
    Head,
    /// How the cluster is set up.
    Config,
    /// How many commands there are, and how their moments are written.
    Commands,
    /// A command, and its moment.
    Command {
        /// Which, from 1.
        nth: u64,
    },
    /// The moment to go to.
    Moment,
    /// Behind everything.
    End,
}

/// What is wrong in a place of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The bytes end in the middle of it.
    EndsEarly,
    /// There is more than there should be.
    GoesOn,
    /// A number is larger than can be.
    NumberTooLarge,
    /// A number that stands for something stands for nothing.
    Unknown {
        /// What it should stand for.
        what: &'static str,
        /// The number.
        tag: u64,
    },
    /// More of something than any code holds.
    TooMany {
        /// How many.
        count: u64,
        /// How many there may be.
        max: u64,
    },
    /// A text is not UTF-8.
    NotUtf8,
    /// A text is a number, but is not written as one.
    NumberAsText,
    /// A moment does not come after the one before it.
    OutOfOrder,
    /// Such a cluster cannot be simulated.
    Config(ConfigError),
    /// Such settings cannot work.
    Settings(SettingsError),
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVersion => f.write_str("a code begins with its version, as in `v1.`"),
            Self::UnknownVersion { version } => {
                write!(
                    f,
                    "this is a code of version {version}; only version {} is known here",
                    Code::VERSION
                )
            }
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "this is too long for a code: {bytes} bytes, of at most {}",
                    Code::LEN_MAX
                )
            }
            Self::NotALetter { nth, found } => write!(
                f,
                "character {nth} is `{found}`: after the version there are only letters, digits, `-` and `_`"
            ),
            Self::Torn => {
                f.write_str("the code is not whole: characters are missing at its end, or there are too many")
            }
            Self::Damaged => f.write_str("the code is damaged: it cannot be inflated"),
            Self::TooMuch => write!(f, "the code inflates to more than {} bytes", Code::BYTES_MAX),
            Self::Wrong { place, problem } => write!(f, "{place}: {problem}"),
        }
    }
}

impl std::error::Error for CodeError {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("at the beginning of the code"),
            Self::Config => f.write_str("in the configuration"),
            Self::Commands => f.write_str("before the commands"),
            Self::Command { nth } => write!(f, "in command {nth}"),
            Self::Moment => f.write_str("in the moment"),
            Self::End => f.write_str("at the end of the code"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndsEarly => f.write_str("the code ends early"),
            Self::GoesOn => f.write_str("the code goes on, though everything has been said"),
            Self::NumberTooLarge => f.write_str("a number is too large"),
            Self::Unknown { what, tag } => write!(f, "{tag} stands for no {what}"),
            Self::TooMany { count, max } => write!(f, "there are {count} where at most {max} are allowed"),
            Self::NotUtf8 => f.write_str("a text is not UTF-8"),
            Self::NumberAsText => f.write_str("a text is a number, but is not written as one"),
            Self::OutOfOrder => f.write_str("the moments are out of order"),
            Self::Config(error) => error.fmt(f),
            Self::Settings(error) => error.fmt(f),
        }
    }
}
