//! The code of a recording: all that a history depends on, in a text that fits into a link.
//!
//! `v1.` and base64url of the following bits, the lowest bit of the first byte first. Whole bytes for each number
//! would make a typical recording too long, so its numbers are varints by bits ([`bits`]), with a shortest size that
//! suits each.
//!
//! 1. A zero. (A one: the rest of the byte is zeros, and the bytes after it are all of this, deflated.)
//! 2. The engine's version; 16 bits of the trace hash; the seed, with how many bytes it takes in 3 bits before it.
//! 3. The [configuration](Config), as far as it is not the usual one.
//! 4. How many commands there are. If there are any: 2 bits for the grid, 5 bits for the shortest size of a
//!    time and 5 for that of a number of steps, all three chosen so that the commands become as short as can be.
//! 5. Each command: its moment, as the way from the one before; its tag; its fields. All tags are in [`parts`].
//! 6. The moment to go to: how many commands come after it, and the way from the command before.
//! 7. Zeros, to the end of the byte.
//!
//! **The way to a moment** is the time and the number of steps. The time is counted in points of the grid, which lie
//! 1, 10, 100 or 1,000 µs apart, and if they do not lie 1 apart a bit says whether the moment lies beside its point,
//! and then how far. Steps are more or less as many as the time allows, so what is written is how many they are more
//! or fewer than expected from all the history before.
//!
//! Version 1 can be added to (new tags) but not changed: whoever has a link has it for ever.

mod base64url;
mod bits;
mod deflate;
mod error;
mod parts;

use std::iter;

use raft_core::Instant;

use crate::{Command, Config, Moment, Recording, TraceHash};
use bits::number_len;
use parts::{Part, Reader, Writer, unzigzag, zigzag};

pub use error::{CodeError, Place, Problem};

/// The version of the engine. It goes up with every change that makes the same recording another history: when
/// `same_bits.txt` has to be written anew.
pub const ENGINE: u32 = 5;

/// A recording, a moment of it, and what is needed to notice that it is replayed differently.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// What makes the history.
    pub recording: Recording,
    /// Where to look at it.
    pub moment: Moment,
    /// The [version of the engine](ENGINE) that made the code.
    pub engine: u32,
    /// The first 16 bits of the trace hash at the moment.
    pub trace: u16,
}

impl Code {
    /// The version of the codes that are written. All that came before can be read.
    pub const VERSION: u32 = 1;

    /// No code is longer, in bytes of its text.
    pub const LEN_MAX: usize = "v1.".len() + (Code::BYTES_MAX * 4).div_ceil(3);

    /// What is in a code has at most so many bytes, also when it is inflated.
    pub const BYTES_MAX: usize = 64 * 1024;

    /// So many commands a code has at most.
    pub const COMMANDS_MAX: u64 = 10_000;

    /// The code of a recording and a moment at which its history has this trace hash.
    #[must_use]
    pub fn new(recording: Recording, moment: Moment, hash: TraceHash) -> Code {
        Code {
            recording,
            moment,
            engine: ENGINE,
            trace: first_bits(hash),
        }
    }

    /// Whether the history has come out as it was when the code was made: the trace hash at the moment is the same.
    #[must_use]
    pub fn matches(&self, hash: TraceHash) -> bool {
        self.trace == first_bits(hash)
    }

    /// The text.
    ///
    /// It can be [decoded](Code::decode) if the configuration and all settings in commands pass their checks, the
    /// moments of the commands are in order, no two after the same number of steps, and there is not too much of
    /// anything: not more than [`Code::COMMANDS_MAX`] commands, 64 members of a list, and [`Code::BYTES_MAX`] in all.
    #[must_use]
    pub fn encode(&self) -> String {
        let plain = self.to_bytes();
        let deflated = [&[1], deflate::deflate(&plain).as_slice()].concat();
        let shorter = if deflated.len() < plain.len() { deflated } else { plain };
        format!("v{}.{}", Code::VERSION, base64url::encode(&shorter))
    }

    /// Reads a text. It takes at most a few megabytes of memory, whatever the text is.
    ///
    /// That the history is short is not checked: whoever goes to a moment a million years away should do it step by
    /// step.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, and where.
    pub fn decode(text: &str) -> Result<Code, CodeError> {
        if text.len() > Code::LEN_MAX {
            return Err(CodeError::TooLong { bytes: text.len() });
        }
        let (version, letters) = text.split_once('.').ok_or(CodeError::NoVersion)?;
        let version = version.strip_prefix('v').and_then(|version| version.parse().ok());
        match version.ok_or(CodeError::NoVersion)? {
            Code::VERSION => {}
            version => return Err(CodeError::UnknownVersion { version }),
        }
        let bytes = base64url::decode(letters, text.len() - letters.len() + 1)?;
        match bytes.split_first() {
            Some((1, deflated)) => Code::from_bytes(&deflate::inflate(deflated, Code::BYTES_MAX)?),
            _ => Code::from_bytes(&bytes),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let Recording { config, seed, commands } = &self.recording;
        let mut w = Writer::default();
        w.bits.bit(false);
        w.bits.number(self.engine.into(), 2);
        w.bits.bits(self.trace.into(), 16);
        let seed_bytes = (u64::BITS - seed.leading_zeros()).div_ceil(8).max(1);
        w.bits.bits(u64::from(seed_bytes) - 1, 3);
        w.bits.bits(*seed, 8 * seed_bytes);
        config.put(&mut w);
        w.server_bits = parts::server_bits(config.servers);
        w.bits.number(commands.len() as u64, 4);
        if !commands.is_empty() {
            let ways = Ways::shortest(commands);
            ways.put(&mut w);
            let mut last = Moment::default();
            for (moment, command) in commands {
                ways.put_way(last, *moment, &mut w);
                parts::put_command(command, &mut w);
                last = *moment;
            }
        }
        let before = commands_before(commands, self.moment);
        w.bits.number((commands.len() - before) as u64, 0);
        Ways::TO_THE_MOMENT.put_way(moment_before(commands, before), self.moment, &mut w);
        w.bits.into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Code, CodeError> {
        let mut r = Reader::new(bytes);
        let (engine, trace, seed) = take_head(&mut r);
        r.bits.check().map_err(at(Place::Head))?;
        let config = Config::take(&mut r);
        r.bits.check().map_err(at(Place::Config))?;
        config.check().map_err(Problem::Config).map_err(at(Place::Config))?;
        r.server_bits = parts::server_bits(config.servers);
        let commands = take_commands(&mut r)?;
        let moment = take_moment(&commands, &mut r);
        r.bits.check().map_err(at(Place::Moment))?;
        r.bits.end().map_err(at(Place::End))?;
        Ok(Code {
            recording: Recording { config, seed, commands },
            moment,
            engine,
            trace,
        })
    }
}

/// The bits that a code remembers.
fn first_bits(hash: TraceHash) -> u16 {
    (hash.0 >> 48) as u16
}

fn at(place: Place) -> impl Fn(Problem) -> CodeError {
    move |problem| CodeError::Wrong { place, problem }
}

fn take_head(r: &mut Reader<'_>) -> (u32, u16, u64) {
    if r.bits.bit() {
        // Deflated, but not as it should be: the rest of the byte is not zero, or it is deflated twice.
        r.bits.fail(Problem::Unknown {
            what: "beginning",
            tag: 1,
        });
    }
    let engine = r.bits.number(2);
    if engine > u32::MAX.into() {
        r.bits.fail(Problem::NumberTooLarge);
    }
    let trace = r.bits.bits(16);
    let seed_bytes = r.bits.bits(3) as u32 + 1;
    (engine as u32, trace as u16, r.bits.bits(8 * seed_bytes))
}

fn take_commands(r: &mut Reader<'_>) -> Result<Vec<(Moment, Command)>, CodeError> {
    let (max, mut commands) = (Code::COMMANDS_MAX, Vec::new());
    let count = r.bits.number(4);
    if count > max {
        r.bits.fail(Problem::TooMany { count, max });
    }
    let ways = if count == 0 { Ways::TO_THE_MOMENT } else { Ways::take(r) };
    r.bits.check().map_err(at(Place::Commands))?;
    for nth in 1..=count {
        let last = moment_before(&commands, commands.len());
        let moment = ways.take_way(last, r);
        // Whatever is done is a step: two commands after the same number of steps cannot both be done.
        if nth > 1 && moment.step == last.step {
            r.bits.fail(Problem::OutOfOrder);
        }
        let command = parts::take_command(r);
        r.bits.check().map_err(at(Place::Command { nth }))?;
        commands.push((moment, command));
    }
    Ok(commands)
}

fn take_moment(commands: &[(Moment, Command)], r: &mut Reader<'_>) -> Moment {
    let after = r.bits.number(0);
    let before = (commands.len() as u64).checked_sub(after).unwrap_or_else(|| {
        r.bits.fail(Problem::OutOfOrder);
        0
    });
    let before = before as usize;
    let moment = Ways::TO_THE_MOMENT.take_way(moment_before(commands, before), r);
    if commands_before(commands, moment) != before {
        r.bits.fail(Problem::OutOfOrder);
    }
    moment
}

/// How many commands come before a moment, or at it.
fn commands_before(commands: &[(Moment, Command)], moment: Moment) -> usize {
    commands.partition_point(|(command, _)| command.step <= moment.step && command.at <= moment.at)
}

/// The moment of the last of the first commands; the beginning, if there is none.
fn moment_before(commands: &[(Moment, Command)], count: usize) -> Moment {
    let last = count.checked_sub(1).and_then(|last| commands.get(last));
    last.map_or(Moment::default(), |(moment, _)| *moment)
}

/// How the ways from moment to moment are written.
#[derive(Clone, Copy)]
struct Ways {
    /// The grid, as a power of ten.
    grid: u32,
    /// The shortest size of a time.
    time_bits: u32,
    /// The shortest size of a number of steps.
    step_bits: u32,
}

impl Ways {
    /// The last way is not worth a choice.
    const TO_THE_MOMENT: Ways = Ways {
        grid: 0,
        time_bits: 20,
        step_bits: 6,
    };

    /// The choice that makes all ways together as short as can be.
    fn shortest(commands: &[(Moment, Command)]) -> Ways {
        let moments = commands.iter().map(|(moment, _)| *moment);
        let lasts = iter::once(Moment::default()).chain(moments.clone());
        let pairs: Vec<_> = lasts.zip(moments).collect();
        let len =
            |len: &dyn Fn(Moment, Moment) -> u64| pairs.iter().map(|&(last, moment)| len(last, moment)).sum::<u64>();
        let grids = (0..4).flat_map(|grid| (0..32).map(move |time_bits| (grid, time_bits)));
        let times = grids.map(|(grid, time_bits)| Ways {
            grid,
            time_bits,
            step_bits: 0,
        });
        let steps = (0..32).map(|step_bits| Ways {
            step_bits,
            ..Ways::TO_THE_MOMENT
        });
        let time = times.min_by_key(|ways| len(&|last, moment| ways.time_len(last, moment)));
        let step = steps.min_by_key(|ways| len(&|last, moment| ways.steps_len(last, moment)));
        Ways {
            step_bits: step.unwrap_or(Ways::TO_THE_MOMENT).step_bits,
            ..time.unwrap_or(Ways::TO_THE_MOMENT)
        }
    }

    fn put(&self, w: &mut Writer) {
        w.bits.bits(self.grid.into(), 2);
        w.bits.bits(self.time_bits.into(), 5);
        w.bits.bits(self.step_bits.into(), 5);
    }

    fn take(r: &mut Reader<'_>) -> Ways {
        let [grid, time_bits, step_bits] = [2, 5, 5].map(|bits| r.bits.bits(bits) as u32);
        Ways {
            grid,
            time_bits,
            step_bits,
        }
    }

    fn put_way(&self, last: Moment, moment: Moment, w: &mut Writer) {
        let beside = moment.at.0 % self.us_per_point();
        w.bits.number(self.points(last, moment), self.time_bits);
        if self.grid > 0 {
            w.bits.bit(beside > 0);
            if beside > 0 {
                w.bits.bits(beside, self.beside_bits());
            }
        }
        w.bits.number(zigzag(steps_beyond(last, moment)), self.step_bits);
    }

    fn take_way(&self, last: Moment, r: &mut Reader<'_>) -> Moment {
        let us_per_point = self.us_per_point();
        let points = r.bits.number(self.time_bits);
        let is_beside = self.grid > 0 && r.bits.bit();
        let beside = if is_beside { r.bits.bits(self.beside_bits()) } else { 0 };
        let point = points.checked_add(last.at.0 / us_per_point);
        let point = point.and_then(|point| point.checked_mul(us_per_point));
        let at = r.bits.or_too_large(point.and_then(|point| point.checked_add(beside)));
        let beyond = unzigzag(r.bits.number(self.step_bits));
        let steps = expected_steps(last, Instant(at)).wrapping_add(beyond);
        let step = last.step.checked_add(steps);
        if beside >= us_per_point || at < last.at.0 || step.is_none() {
            r.bits.fail(Problem::OutOfOrder);
        }
        Moment {
            step: step.unwrap_or(last.step),
            at: Instant(at),
        }
    }

    fn time_len(&self, last: Moment, moment: Moment) -> u64 {
        let points = number_len(self.points(last, moment), self.time_bits);
        match moment.at.0 % self.us_per_point() {
            _ if self.grid == 0 => points,
            0 => points + 1,
            _ => points + 1 + u64::from(self.beside_bits()),
        }
    }

    fn steps_len(&self, last: Moment, moment: Moment) -> u64 {
        number_len(zigzag(steps_beyond(last, moment)), self.step_bits)
    }

    /// How far it is, in points of the grid.
    fn points(&self, last: Moment, moment: Moment) -> u64 {
        let [last, next] = [last, moment].map(|moment| moment.at.0 / self.us_per_point());
        next.wrapping_sub(last)
    }

    fn us_per_point(&self) -> u64 {
        10u64.pow(self.grid)
    }

    /// How many bits say how far a moment lies beside its point.
    fn beside_bits(&self) -> u32 {
        u64::BITS - (self.us_per_point() - 1).leading_zeros()
    }
}

/// How many steps more than expected lie between two moments; below zero it wraps.
fn steps_beyond(last: Moment, moment: Moment) -> u64 {
    let steps = moment.step.wrapping_sub(last.step);
    steps.wrapping_sub(expected_steps(last, moment.at))
}

/// As many steps as there were in so much time up to now; at first one in 4 ms.
fn expected_steps(last: Moment, at: Instant) -> u64 {
    let (steps, us) = (u128::from(last.step) + 1, u128::from(last.at.0) + 4_000);
    let more_us = u128::from(at.0.wrapping_sub(last.at.0));
    (more_us * steps / us) as u64
}
