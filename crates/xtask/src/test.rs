//! `cargo xtask test`: everything that can fail, in order, from the quick to the slow.
//!
//! Owns the stages and the closing summary. A stage that fails does not stop the
//! others, so that one run shows all that is wrong; a stage whose tools cannot be
//! installed, or whose page was not built, is not run and says why.

use std::fmt;
use std::time::{Duration, Instant};

use crate::args::Flags;
use crate::browser;
use crate::page;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools::{self, Missing, Tool};

struct Stage {
    name: &'static str,
    half: Half,
    needs: &'static [&'static [&'static Tool]],
    /// The stage that must have passed before.
    after: Option<&'static str>,
    run: fn() -> Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Native,
    Browser,
}

const STAGES: &[Stage] = &[
    Stage {
        name: "native tests",
        half: Half::Native,
        needs: &[],
        after: None,
        run: native,
    },
    Stage {
        name: "no_std build",
        half: Half::Native,
        needs: &[&[&tools::BARE_METAL_TARGET]],
        after: None,
        run: bare_metal,
    },
    Stage {
        name: "wasm tests",
        half: Half::Native,
        needs: &[&[&tools::WASM_TARGET, &tools::WASM_BINDGEN]],
        after: None,
        run: wasm,
    },
    Stage {
        name: "page build",
        half: Half::Browser,
        needs: &[tools::FOR_PAGE],
        after: None,
        run: page::build,
    },
    Stage {
        name: "browser tests",
        half: Half::Browser,
        needs: &[tools::FOR_BROWSERS],
        after: Some("page build"),
        run: || browser::script("test", "about 3 minutes"),
    },
];

fn native() -> Outcome {
    say::step("native tests of all crates: about 5 minutes with a cold build");
    process::run(process::cargo("test --locked --no-fail-fast --workspace --exclude web"))
}

fn bare_metal() -> Outcome {
    say::step("building raft-core without the standard library: about 10 seconds");
    process::run(process::cargo(
        "build --locked -p raft-core --target thumbv7em-none-eabihf",
    ))
}

fn wasm() -> Outcome {
    say::step("the same recordings in WebAssembly, run by Node: about 2 minutes");
    let words = "test --locked -p raft-sim --target wasm32-unknown-unknown --test same_bits";
    let mut command = process::cargo(words);
    let runner = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
    command
        .env(runner, "wasm-bindgen-test-runner")
        .env("PATH", tools::path());
    process::run(&mut command)
}

pub(crate) fn run(flags: &Flags) -> Outcome {
    let stages: Vec<&Stage> = STAGES.iter().filter(|stage| is_chosen(stage.half, flags)).collect();
    let needs: Vec<&Tool> = stages.iter().flat_map(|stage| stage.needs.concat()).collect();
    let missing = tools::install(&needs);
    let mut report = Report::default();
    for stage in stages {
        report.add(stage, &missing);
    }
    say::step("summary");
    say::line(&report.summary());
    report.outcome()
}

/// Both flags together mean the same as none.
fn is_chosen(half: Half, flags: &Flags) -> bool {
    let (native, browser) = (flags.has("--native"), flags.has("--browser"));
    match half {
        Half::Native => native || !browser,
        Half::Browser => browser || !native,
    }
}

/// Below the reason in the line above it.
const NEXT_LINE: &str = "\n                        ";

/// What became of each stage.
#[derive(Default)]
struct Report {
    lines: Vec<Line>,
}

struct Line {
    stage: &'static str,
    verdict: Verdict,
}

enum Verdict {
    Passed(Duration),
    Failed(Duration, String),
    NotRun(String),
}

impl Report {
    fn add(&mut self, stage: &Stage, missing: &[Missing]) {
        let verdict = match self.obstacle(stage, missing) {
            Some(obstacle) => Verdict::NotRun(obstacle),
            None => timed(stage.run),
        };
        self.lines.push(Line {
            stage: stage.name,
            verdict,
        });
    }

    /// Why a stage cannot run.
    fn obstacle(&self, stage: &Stage, missing: &[Missing]) -> Option<String> {
        let needed = |tool: &&Missing| stage.needs.concat().iter().any(|need| need.is(tool));
        let tools: Vec<String> = missing.iter().filter(needed).map(Missing::to_string).collect();
        if !tools.is_empty() {
            return Some(tools.join(NEXT_LINE));
        }
        let before = stage.after?;
        let passed = |line: &Line| line.stage == before && line.verdict.is_pass();
        (!self.lines.iter().any(passed)).then(|| format!("it needs the stage `{before}`"))
    }

    /// What happened, a line for each stage.
    fn summary(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(Line::to_string).collect();
        lines.join("\n")
    }

    fn outcome(&self) -> Outcome {
        match self.lines.iter().filter(|line| !line.verdict.is_pass()).count() {
            0 => Ok(()),
            1 => Err("one stage did not pass".to_owned()),
            failures => Err(format!("{failures} stages did not pass")),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage;
        match &self.verdict {
            Verdict::Passed(took) => write!(f, "passed   {stage:<14} {}", say::duration(*took)),
            Verdict::Failed(took, reason) => {
                write!(f, "FAILED   {stage:<14} {}: {reason}", say::duration(*took))
            }
            Verdict::NotRun(reason) => write!(f, "NOT RUN  {stage:<14} {reason}"),
        }
    }
}

impl Verdict {
    fn is_pass(&self) -> bool {
        matches!(self, Verdict::Passed(_))
    }
}

fn timed(run: fn() -> Outcome) -> Verdict {
    let started = Instant::now();
    match run() {
        Ok(()) => Verdict::Passed(started.elapsed()),
        Err(reason) => Verdict::Failed(started.elapsed(), reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSES: Stage = Stage {
        name: "passes",
        half: Half::Native,
        needs: &[],
        after: None,
        run: || Ok(()),
    };
    const FAILS: Stage = Stage {
        name: "fails",
        run: || Err("it must".to_owned()),
        ..PASSES
    };

    fn report(stages: &[&Stage]) -> Report {
        let mut report = Report::default();
        stages.iter().for_each(|stage| report.add(stage, &[]));
        report
    }

    #[test]
    fn all_must_pass() {
        assert_eq!(report(&[&PASSES, &PASSES]).outcome(), Ok(()));
        assert!(report(&[&PASSES, &FAILS]).outcome().is_err());
        assert!(report(&[&FAILS, &PASSES]).outcome().is_err());
    }

    #[test]
    fn what_needs_a_failed_stage_is_not_run_and_counts_as_failed() {
        let after = |before| Stage {
            name: "after",
            after: Some(before),
            ..PASSES
        };
        let last = |report: Report| report.lines.into_iter().last().expect("a line").verdict;
        assert!(last(report(&[&PASSES, &after("passes")])).is_pass());
        let verdict = last(report(&[&FAILS, &after("fails")]));
        assert!(matches!(verdict, Verdict::NotRun(reason) if reason.contains("`fails`")));
        let summary = report(&[&FAILS, &after("fails")]).summary();
        assert!(
            summary.contains("FAILED   fails") && summary.contains("NOT RUN  after"),
            "{summary}"
        );
        assert!(report(&[&FAILS, &after("fails")]).outcome().is_err());
    }
}
