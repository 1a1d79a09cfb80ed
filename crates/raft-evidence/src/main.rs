//! The command line of the evidence. `cargo xtask` runs it in release.

use std::process::ExitCode;
use std::time::Instant as Clock;

use raft_evidence::{bench, jobs};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["bench"] => run_bench(),
        ["fuzz", ref flags @ ..] => match Campaign::parse(flags) {
            Ok(campaign) => campaign.run(),
            Err(problem) => usage(&problem),
        },
        ["rules"] => {
            let start = Clock::now();
            let _ = raft_evidence::rules::run_all(2, |hunt, trophy| {
                println!("{:6.1} {:28} {:?} median {:?} of {:?} commands {:?} at {:?} servers {:?} panics {}", start.elapsed().as_secs_f64(), hunt.rule.id(), hunt.breaks, trophy.median(), trophy.seeds, trophy.hit.as_ref().map(|h| h.recording.commands.len()), trophy.hit.as_ref().map(|h| h.moment.at.0/1000), trophy.hit.as_ref().map(|h| h.recording.config.servers), trophy.panics.len());
                for p in trophy.panics.iter().take(2) { println!("   panic seed {} {:?}", p.seed, p.problem); }
            });
            ExitCode::SUCCESS
        }
        [] => usage("no command"),
        [other, ..] => usage(&format!("`{other}` is not a command, or has the wrong arguments")),
    }
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}\nusage: raft-evidence bench | fuzz [--seeds N] [--from SEED] [--jobs J]");
    ExitCode::from(2)
}

fn run_bench() -> ExitCode {
    let rows = bench::run();
    for row in &rows {
        println!("{row}");
    }
    ExitCode::from(u8::from(!rows.iter().all(bench::Row::is_kept)))
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
            let number: u64 = value.parse().map_err(|error| format!("`{name} {value}`: {error}"))?;
            match name {
                "--seeds" => campaign.seeds = number.max(1),
                "--from" => campaign.from = number,
                "--jobs" => campaign.jobs = usize::try_from(number).unwrap_or(1).max(1),
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
            println!("seed {}: {:?} at {:?}", failure.seed, failure.problem, failure.at);
            let goal = match failure.problem { raft_evidence::campaign::Problem::Violated(v) => raft_evidence::shrink::Goal::Violates(v.property), raft_evidence::campaign::Problem::Panicked(_) => raft_evidence::shrink::Goal::Panics, _ => raft_evidence::shrink::Goal::NoAnswer };
            if let Some(hit) = raft_evidence::shrink::shrink(&failure.recording, goal, failure.at) {
                println!("{:#?}", hit.recording.config);
                for (at, c) in &hit.recording.commands { println!("{} {c:?}", at.at.0); }
                println!("seed {} until {:?}", hit.recording.seed, hit.moment);
            }
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
            self.jobs,
        );
        println!("No property was violated, and every cluster worked again after healing.");
        ExitCode::SUCCESS
    }
}
