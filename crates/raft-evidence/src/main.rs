//! The command line of the evidence. `cargo xtask` runs it in release.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant as Clock;

use raft_evidence::campaign::{Failure, Problem};
use raft_evidence::shrink::{self, Goal};
use raft_evidence::{bench, figure16, jobs, report, rules, table, verify};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["bench"] => run_bench(None),
        ["bench", "--wasm", path] => run_bench(Some(Path::new(path))),
        ["figure16"] => run_figure16(),
        ["fuzz", ref flags @ ..] => match Campaign::parse(flags) {
            Ok(campaign) => campaign.run(),
            Err(problem) => usage(&problem),
        },
        ["rules"] => run_rules(None),
        ["rule", id] => run_rule(id),
        ["rules", path] => run_rules(Some(path)),
        ["verify"] => ExitCode::from(u8::from(!verify::verify())),
        [] => usage("no command"),
        [other, ..] => usage(&format!("`{other}` is not a command, or has the wrong arguments")),
    }
}

fn usage(problem: &str) -> ExitCode {
    eprintln!(
        "{problem}\nusage: raft-evidence bench [--wasm FILE] | figure16 | fuzz [--seeds N] [--from SEED] [--jobs J] | rules [FILE] | rule ID | verify"
    );
    ExitCode::from(2)
}

fn run_bench(wasm: Option<&Path>) -> ExitCode {
    let rows = match bench::run(wasm) {
        Ok(rows) => rows,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    for row in &rows {
        println!("{row}");
    }
    ExitCode::from(u8::from(!rows.iter().all(bench::Row::is_kept)))
}

fn run_figure16() -> ExitCode {
    let start = Clock::now();
    let rows = figure16::LINES.map(|line| {
        eprintln!("{line} ms: {} crashes", line.trials);
        figure16::Row::new(line, line.run(line.trials, jobs::available()))
    });
    eprintln!("done in {:.1} s\n", start.elapsed().as_secs_f64());
    println!(
        "From the crash of a leader until all others have heard from the next, in ms\n\n{}",
        figure16::HEAD
    );
    for row in &rows {
        println!("{row}");
    }
    println!("\n{}\n\n{}", figure16::summary(&rows), figure16::ATTRIBUTION);
    ExitCode::from(u8::from(!rows.iter().all(figure16::Row::is_near)))
}

/// Which seeds, on how many threads.
struct Campaign {
    seeds: u64,
    from: u64,
    jobs: usize,
}

impl Campaign {
    fn parse(flags: &[&str]) -> Result<Campaign, String> {
        let mut campaign = Campaign {
            seeds: 1_000,
            from: 0,
            jobs: jobs::available(),
        };
        for flag in flags.chunks(2) {
            let &[name, value] = flag else {
                return Err(format!("`{}` needs a number", flag[0]));
            };
            match name {
                "--seeds" => campaign.seeds = number(name, value, &(1..=u64::MAX))?,
                "--from" => campaign.from = number(name, value, &(0..=u64::MAX))?,
                "--jobs" => campaign.jobs = number(name, value, &(1..=jobs::JOBS_MAX))?,
                _ => return Err(format!("`{name}` is not known")),
            }
        }
        Ok(campaign)
    }

    fn run(&self) -> ExitCode {
        let start = Clock::now();
        let seeds = self.from..self.from.saturating_add(self.seeds);
        let total = jobs::run(seeds, self.jobs);
        if let Some(failure) = total.failure {
            tell_failure(&failure);
            return ExitCode::FAILURE;
        }
        let seconds = start.elapsed().as_secs_f64();
        let rate = total.events as f64 / seconds.max(0.001);
        println!(
            "{} seeds, {} cluster-seconds, {} events, {} entries committed in {seconds:.1} s on {} threads: {rate:.0} events a second",
            total.passed,
            total.cluster_us / 1_000_000,
            total.events,
            total.committed,
            jobs::threads(self.seeds, self.jobs),
        );
        println!("No property was violated, and every cluster worked again after healing.");
        ExitCode::SUCCESS
    }
}

fn number<N>(name: &str, value: &str, range: &RangeInclusive<N>) -> Result<N, String>
where
    N: FromStr + PartialOrd + Display,
{
    let number = value.parse().ok().filter(|number| range.contains(number));
    let (min, max) = (range.start(), range.end());
    number.ok_or_else(|| format!("`{name}` needs a number from {min} to {max}, and `{value}` is none"))
}

/// The seed, what was wrong, and a history that is as short as can be found.
fn tell_failure(failure: &Failure) {
    let seed = failure.seed;
    let what = match &failure.problem {
        Problem::Violated(violation) => format!("{} was violated", violation.property.id()),
        Problem::NoAnswer => "all was healed, and a client had no answer".to_owned(),
        Problem::NotHealed => "the heal phase did not heal everything".to_owned(),
        Problem::Panicked(words) => format!("an assertion failed: {words}"),
    };
    println!(
        "Seed {seed}: {what}, {:.1} s after the beginning.",
        failure.moment.at.0 as f64 / 1e6
    );
    println!("Again: cargo xtask fuzz --seeds 1 --from {seed}");
    println!(
        "Now its {} commands are shrunk; that may take a minute.\n",
        failure.recording.commands.len()
    );
    std::panic::set_hook(Box::new(|_| ()));
    let hit = shrink::shrink(&failure.recording, Goal::of(&failure.problem), failure.moment.at);
    let _ = std::panic::take_hook();
    println!("{}", report::of_failure(failure, hit.as_ref()));
}

/// Hunts one rule, and tells all of it.
fn run_rule(id: &str) -> ExitCode {
    let Some(hunt) = rules::HUNTS.iter().find(|hunt| hunt.rule.id() == id) else {
        return usage(&format!("`{id}` is no rule"));
    };
    let trophy = hunt.run();
    println!("{id} off: {} after {:?} seeds", hunt.breaks.id(), trophy.seeds);
    match &trophy.hit {
        Some(hit) => println!("{}", report::report(hit)),
        None => println!("not found"),
    }
    trophy.panics.iter().for_each(|failure| tell_failure(failure));
    ExitCode::SUCCESS
}

/// Hunts every rule, and writes the table.
fn run_rules(path: Option<&str>) -> ExitCode {
    let start = Clock::now();
    let done = AtomicUsize::new(0);
    let trophies = rules::run_all(jobs::available(), |hunt, trophy| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        let seconds = start.elapsed().as_secs_f64();
        let median = trophy
            .median()
            .map_or_else(|| "not found".to_owned(), |median| format!("median {median} seeds"));
        let commands = trophy.hit.as_ref().map_or(0, |hit| hit.recording.commands.len());
        let (id, breaks, of) = (hunt.rule.id(), hunt.breaks.id(), rules::HUNTS.len());
        println!("{seconds:6.0} s  {done:2} of {of}  {id:<30} {breaks:<22} {median}, {commands} commands");
    });
    let kept: Vec<table::Kept> = trophies.iter().map(table::Kept::from).collect();
    let text = table::write(&kept);
    match path.map(|path| (path, std::fs::write(path, &text))) {
        Some((path, Ok(()))) => println!("Written: {path}"),
        Some((path, Err(error))) => return usage(&format!("cannot write {path}: {error}")),
        None => println!("{text}"),
    }
    let mut is_well = true;
    for failure in trophies.iter().flat_map(|trophy| &trophy.panics) {
        is_well = false;
        tell_failure(failure);
    }
    ExitCode::from(u8::from(!is_well))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_has_seeds_and_not_too_many_threads() {
        let jobs = |flags: &[&str]| Campaign::parse(flags).map(|campaign| campaign.jobs);
        assert_eq!(jobs(&["--jobs", "1"]), Ok(1));
        assert_eq!(jobs(&["--from", "0", "--jobs", "256"]), Ok(256));
        for refused in ["0", "257", "4294967295", "18446744073709551616", "-1", "many"] {
            let sentence = format!("`--jobs` needs a number from 1 to 256, and `{refused}` is none");
            assert_eq!(jobs(&["--jobs", refused]), Err(sentence));
        }
        assert!(jobs(&["--seeds", "0"]).is_err());
        assert!(jobs(&["--jobs"]).is_err());
        assert!(jobs(&["--threads", "2"]).is_err());
    }
}
