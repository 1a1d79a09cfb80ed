//! Many seeds on several threads, with a word now and then on how far they are.

use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::campaign::{self, Failure, Summary};

/// What many seeds brought.
#[derive(Debug, Default)]
pub struct Total {
    /// How many passed.
    pub passed: u64,
    /// Events simulated.
    pub events: u64,
    /// Time simulated, in microseconds.
    pub cluster_us: u64,
    /// Entries committed.
    pub committed: u64,
    /// The failure of the lowest seed, if any failed.
    pub failure: Option<Box<Failure>>,
}

/// No machine has use for more threads; `cargo xtask fuzz --jobs` takes no more either.
pub const JOBS_MAX: usize = 256;

/// How many threads make sense here.
#[must_use]
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, |threads| threads.get().min(JOBS_MAX))
}

/// On how many threads so many seeds run, if there may be so many threads: no more than there are seeds.
#[must_use]
pub fn threads(seeds: u64, jobs: usize) -> usize {
    let seeds = usize::try_from(seeds).unwrap_or(usize::MAX);
    jobs.min(JOBS_MAX).min(seeds).max(1)
}

/// Runs seeds until one fails, on at most so many threads. What is on the way then is finished.
#[must_use]
pub fn run(seeds: Range<u64>, jobs: usize) -> Total {
    let count = seeds.end - seeds.start;
    let seeds = Mutex::new(seeds);
    let done = AtomicBool::new(false);
    let total = Mutex::new(Total::default());
    // A failed assertion is told with its seed and its recording, not in the middle of the bar.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads(count, jobs))
            .map(|_| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let next = seeds.lock().expect("no thread dies with the lock").next();
                        let Some(seed) = next else { return };
                        let result = campaign::run(seed);
                        let has_failed = result.is_err();
                        total.lock().expect("no thread dies with the lock").add(result);
                        done.fetch_or(has_failed, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let mut bar = Bar::new(count);
        while !workers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            std::thread::sleep(Duration::from_millis(50));
            let total = total.lock().expect("no thread dies with the lock");
            bar.show(total.passed, total.events);
        }
        bar.end();
    });
    std::panic::set_hook(hook);
    total.into_inner().expect("no thread dies with the lock")
}

impl Total {
    fn add(&mut self, result: Result<Summary, Box<Failure>>) {
        match result {
            Ok(summary) => {
                self.passed += 1;
                self.events += summary.events;
                self.cluster_us += summary.cluster_us;
                self.committed += summary.committed;
            }
            Err(failure) => {
                if self.failure.as_ref().is_none_or(|known| failure.seed < known.seed) {
                    self.failure = Some(failure);
                }
            }
        }
    }
}

/// How far it is: a bar on a terminal, else a line every few seconds.
struct Bar {
    count: u64,
    start: Instant,
    shown: Option<Instant>,
    is_terminal: bool,
}

impl Bar {
    fn new(count: u64) -> Bar {
        Bar {
            count,
            start: Instant::now(),
            shown: None,
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, passed: u64, events: u64) {
        let now = Instant::now();
        let every = Duration::from_millis(if self.is_terminal { 200 } else { 5_000 });
        if now.duration_since(self.shown.unwrap_or(self.start)) < every {
            return;
        }
        self.shown = Some(now);
        let seconds = now.duration_since(self.start).as_secs_f64();
        let text = progress(passed, self.count, events, seconds);
        let mut out = std::io::stderr();
        let _ = match self.is_terminal {
            true => write!(out, "\r{} {text}\x1b[K", bar(passed, self.count)),
            false => writeln!(out, "{text}"),
        };
        let _ = out.flush();
    }

    fn end(&self) {
        if self.is_terminal && self.shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn bar(done: u64, of: u64) -> String {
    const WIDTH: u64 = 24;
    let full = done * WIDTH / of.max(1);
    let cells = (0..WIDTH).map(|cell| if cell < full { '#' } else { '.' });
    format!("[{}]", cells.collect::<String>())
}

fn progress(done: u64, of: u64, events: u64, seconds: f64) -> String {
    let rate = events as f64 / seconds.max(0.001) / 1e6;
    let left = match done {
        0 => String::new(),
        _ => {
            let left = seconds * (of - done) as f64 / done as f64;
            format!(", about {:.0}:{:02.0} left", (left / 60.0).floor(), left % 60.0)
        }
    };
    format!("{done} of {of} seeds, {rate:.2} million events a second{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_said_in_numbers_and_in_a_bar() {
        assert_eq!(bar(0, 10), "[........................]");
        assert_eq!(bar(5, 10), "[############............]");
        assert_eq!(bar(10, 10), "[########################]");
        assert_eq!(
            progress(100, 400, 3_000_000, 30.0),
            "100 of 400 seeds, 0.10 million events a second, about 1:30 left"
        );
        assert_eq!(progress(0, 400, 0, 0.0), "0 of 400 seeds, 0.00 million events a second");
    }

    #[test]
    fn there_are_no_more_threads_than_seeds() {
        assert_eq!(threads(6, 2), 2);
        assert_eq!(threads(6, 100), 6);
        assert_eq!(threads(u64::MAX, usize::MAX), JOBS_MAX);
        assert_eq!(threads(0, 0), 1);
    }

    #[test]
    fn two_jobs_do_every_seed_once() {
        let total = run(0..6, 2);
        assert_eq!(total.passed, 6, "{:?}", total.failure);
        assert!(total.failure.is_none());
        // After the last seed of all does not come the first.
        assert_eq!(run(u64::MAX - 2..u64::MAX, 2).passed, 2);
    }
}
