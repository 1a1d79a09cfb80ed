//! A line of a scenario, read word by word. Whoever reads says what has to come, so that errors can.

use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{Index, NodeId, Term};

use super::error::{ParseError, ParseErrorKind};
use crate::Config;

/// No number of a scenario is larger, but for seeds.
const NUMBER_MAX: u64 = 1_000_000_000;

/// No time of a scenario is longer, in microseconds: an hour.
const TIME_US_MAX: u64 = 3_600_000_000;

/// Decimal numbers have six places.
const ONE: u64 = 1_000_000;

/// What is left of a line.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    number: usize,
    text: &'a str,
    /// Where it goes on, in bytes.
    at: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(number: usize, text: &'a str) -> Line<'a> {
        let mut line = Line { number, text, at: 0 };
        line.skip_space();
        line
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text[self.at..].trim_end()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
        self.skip_space();
    }

    pub(super) fn error(&self, kind: ParseErrorKind) -> ParseError {
        ParseError {
            line: self.number,
            column: self.text[..self.at].chars().count() + 1,
            kind,
        }
    }

    pub(super) fn expected(&self, what: &'static str) -> ParseError {
        let found = match self.peek() {
            "" => self.rest().chars().take(1).collect(),
            word => word.to_string(),
        };
        self.error(ParseErrorKind::Expected { what, found })
    }

    /// The next word, or nothing if there is a sign or the end. A hyphen inside belongs to the word, an arrow does not.
    pub(super) fn peek(&self) -> &'a str {
        let rest = self.rest();
        let mut end = 0;
        for (place, char) in rest.char_indices() {
            let after = rest[place + char.len_utf8()..].chars().next();
            let is_inside = char.is_alphanumeric()
                || char == '_'
                || char == '-' && place > 0 && after.is_some_and(char::is_alphanumeric);
            if !is_inside {
                break;
            }
            end = place + char.len_utf8();
        }
        &rest[..end]
    }

    /// The next word, whatever it is.
    pub(super) fn word(&mut self, what: &'static str) -> Result<&'a str, ParseError> {
        let word = self.peek();
        if word.is_empty() {
            return Err(self.expected(what));
        }
        self.skip(word.len());
        Ok(word)
    }

    /// Goes over words if they come next, in large or small letters.
    pub(super) fn takes(&mut self, words: &str) -> bool {
        let mut ahead = self.clone();
        for word in words.split(' ') {
            if !ahead.peek().eq_ignore_ascii_case(word) {
                return false;
            }
            ahead.skip(word.len());
        }
        *self = ahead;
        true
    }

    /// Words that have to come.
    pub(super) fn wants(&mut self, words: &'static str) -> Result<(), ParseError> {
        if self.takes(words) {
            Ok(())
        } else {
            Err(self.expected(words))
        }
    }

    /// Goes over a sign if it comes next.
    pub(super) fn takes_sign(&mut self, sign: &str) -> bool {
        let comes = self.rest().starts_with(sign);
        if comes {
            self.skip(sign.len());
        }
        comes
    }

    /// A sign that has to come.
    pub(super) fn wants_sign(&mut self, sign: &'static str) -> Result<(), ParseError> {
        if self.takes_sign(sign) {
            Ok(())
        } else {
            Err(self.expected(sign))
        }
    }

    /// Nothing more may come.
    pub(super) fn wants_end(&self) -> Result<(), ParseError> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.expected("the end of the line"))
        }
    }

    /// Tries to read something; what cannot be read stays.
    pub(super) fn maybe<T>(&mut self, read: impl FnOnce(&mut Line<'a>) -> Result<T, ParseError>) -> Option<T> {
        let mut ahead = self.clone();
        let read = read(&mut ahead).ok()?;
        *self = ahead;
        Some(read)
    }
}

/// Numbers.
impl Line<'_> {
    pub(super) fn whole(&mut self, what: &'static str) -> Result<u64, ParseError> {
        self.whole_up_to(NUMBER_MAX, what)
    }

    pub(super) fn whole_up_to(&mut self, max: u64, what: &'static str) -> Result<u64, ParseError> {
        let digits = self.peek();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.expected(what));
        }
        let number = digits.parse().ok().filter(|&number| number <= max);
        let number = number.ok_or_else(|| self.error(ParseErrorKind::TooLarge { max }))?;
        self.skip(digits.len());
        Ok(number)
    }

    /// A number with up to six decimal places, in millionths.
    fn millionths(&mut self, what: &'static str) -> Result<u64, ParseError> {
        let rest = self.rest();
        let is_part = |char: char| char.is_ascii_digit() || char == '.';
        let len = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        let (whole, places) = rest[..len].split_once('.').unwrap_or((&rest[..len], ""));
        let is_number = !whole.is_empty() && places.len() <= 6 && !places.contains('.');
        if !is_number {
            return Err(self.expected(what));
        }
        let too_large = || self.error(ParseErrorKind::TooLarge { max: NUMBER_MAX });
        let whole: u64 = whole.parse().map_err(|_| too_large())?;
        if whole > NUMBER_MAX {
            return Err(too_large());
        }
        let places: u64 = format!("{places:0<6}").parse().expect("six digits are a number");
        self.skip(len);
        Ok(whole * ONE + places)
    }

    /// A unit of time, in microseconds.
    fn unit_us(&mut self) -> Result<u64, ParseError> {
        for (unit, us) in [("us", 1), ("µs", 1), ("ms", 1_000), ("s", ONE)] {
            if self.takes(unit) {
                return Ok(us);
            }
        }
        Err(self.expected("us, ms or s"))
    }

    fn in_us(&self, millionths: u64, unit_us: u64) -> Result<u64, ParseError> {
        let us = u128::from(millionths) * u128::from(unit_us) / u128::from(ONE);
        let us = u64::try_from(us).ok().filter(|&us| us <= TIME_US_MAX);
        us.ok_or_else(|| self.error(ParseErrorKind::TooLarge { max: TIME_US_MAX }))
    }

    /// A time, in microseconds.
    pub(super) fn time_us(&mut self) -> Result<u64, ParseError> {
        let number = self.millionths("a time")?;
        let unit_us = self.unit_us()?;
        self.in_us(number, unit_us)
    }

    /// "10 to 15 ms", or just "10 ms", in microseconds. The shorter time comes first.
    pub(super) fn times_us(&mut self) -> Result<(u64, u64), ParseError> {
        let start = self.clone();
        let (min_us, max_us) = self.two_times_us()?;
        if min_us > max_us {
            return Err(start.error(ParseErrorKind::Backwards));
        }
        Ok((min_us, max_us))
    }

    fn two_times_us(&mut self) -> Result<(u64, u64), ParseError> {
        let min = self.millionths("a time")?;
        let min_unit_us = self.maybe(Line::unit_us);
        if min_unit_us.is_some() && !self.takes("to") {
            let us = self.in_us(min, min_unit_us.unwrap_or(1))?;
            return Ok((us, us));
        }
        if min_unit_us.is_none() {
            self.wants("to")?;
        }
        let max = self.millionths("a time")?;
        let max_unit_us = self.unit_us()?;
        Ok((
            self.in_us(min, min_unit_us.unwrap_or(max_unit_us))?,
            self.in_us(max, max_unit_us)?,
        ))
    }

    /// "5 %", in millionths.
    pub(super) fn percent_ppm(&mut self) -> Result<u64, ParseError> {
        let number = self.millionths("a number and %")?;
        self.wants_sign("%")?;
        Ok(number / 100)
    }

    /// "5 %" of something, so that there cannot be more than all of it; in millionths.
    pub(super) fn share_ppm(&mut self) -> Result<u64, ParseError> {
        let start = self.clone();
        let ppm = self.percent_ppm()?;
        start.wants_at_most(ppm, Config::PPM_MAX)
    }

    /// What has been read from here on, in millionths, unless it is too much.
    pub(super) fn wants_at_most(&self, ppm: u64, ppm_max: u64) -> Result<u64, ParseError> {
        if ppm <= ppm_max {
            Ok(ppm)
        } else {
            let max = ppm_max / (ONE / 100);
            Err(self.error(ParseErrorKind::TooLarge { max }))
        }
    }
}

/// Names.
impl Line<'_> {
    pub(super) fn server(&mut self) -> Result<NodeId, ParseError> {
        self.numbered(['S', 's'], Config::SERVERS_MAX)
            .map(NodeId)
            .ok_or_else(|| self.expected("a server, S1 to S9"))
    }

    pub(super) fn client(&mut self) -> Result<ClientId, ParseError> {
        self.numbered(['c', 'C'], Config::CLIENTS_MAX)
            .map(ClientId)
            .ok_or_else(|| self.expected("a client, c1 to c16"))
    }

    fn numbered(&mut self, letters: [char; 2], max: u64) -> Option<u64> {
        let word = self.peek();
        let digits = word.strip_prefix(letters)?;
        let number = digits.parse().ok().filter(|number| (1..=max).contains(number))?;
        self.skip(word.len());
        Some(number)
    }

    pub(super) fn term(&mut self) -> Result<Term, ParseError> {
        self.whole("a term").map(Term)
    }

    pub(super) fn index(&mut self) -> Result<Index, ParseError> {
        self.whole("an index").map(Index)
    }

    /// A key and a value: "x=1".
    pub(super) fn pair(&mut self) -> Result<(Arc<str>, Arc<str>), ParseError> {
        let key = self.word("a key and a value, like x=1")?;
        self.wants_sign("=")?;
        Ok((key.into(), self.word("a value")?.into()))
    }
}
