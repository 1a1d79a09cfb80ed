//! `verify` on the command line: explores every bound, switches every rule off, prints what comes of it.

use std::time::{Duration, Instant as Clock};

use raft_core::ElectionStyle;

use super::bound::Bound;
use super::catalogue::{Kill, bounds, kills};
use super::run::{Explored, Outcome, Search, run};

/// Runs everything, and returns whether all is as it should be: no property violated with all rules on, every bound
/// seen to reach what it is to cover, and a violation found without each of the rules.
#[must_use]
pub fn verify() -> bool {
    let started = Clock::now();
    let (bounds, kills) = (bounds(), kills());
    println!("With all rules on: every interleaving within the bound, over the real node.");
    println!("Messages are lost, late, out of order and doubled without limit.");
    let explored: Vec<Outcome> = bounds.iter().map(explore).collect();
    println!("\nWithout a rule: the shortest way to a violation. With the rule there is none.");
    let killed = kills.iter().filter(|kill| hunt(kill)).count();
    let held = explored.iter().filter(|outcome| outcome.holds()).count();
    let states = explored.iter().map(|outcome| outcome.explored.states as u64).sum();
    println!(
        "\n{held} of {} bounds hold, {} states in all; {killed} of {} rules are seen to be needed; {}",
        bounds.len(),
        grouped(states),
        kills.len(),
        duration(started.elapsed())
    );
    held == bounds.len() && killed == kills.len()
}

fn explore(bound: &Bound) -> Outcome {
    println!("\n{}, {} election: {bound}", bound.name, style(bound));
    let outcome = run(bound, Search::Everything, &mut print_progress);
    println!("  {}", figures(&outcome.explored));
    for property in &outcome.held {
        println!("  holds: {property}");
    }
    for example in &outcome.seen {
        println!("  seen:  {example}");
    }
    print_problems(&outcome);
    outcome
}

/// Whether the rule is seen to be needed: without it there is a violation, with it there is none in as many steps.
fn hunt(kill: &Kill) -> bool {
    let Kill { rule, breaks, bound } = kill;
    println!("\nwithout {}, {} election: {bound}", rule.id(), style(bound));
    let search = Search::ShortestViolation(breaks);
    let off = run(&kill.without_rule(), search, &mut print_progress);
    let Some((_, steps)) = off.violated.iter().find(|(property, _)| property == breaks) else {
        println!("  NOT FOUND: {breaks} holds; {}", figures(&off.explored));
        return false;
    };
    println!("  {breaks} is violated; found among {}", figures(&off.explored));
    print_steps(steps);
    // The last line says what is wrong, and is no step.
    let on = run(bound, Search::Steps(steps.len() - 1), &mut print_progress);
    let holds = on.violated.is_empty();
    let verdict = if holds {
        "no property is violated in as many steps"
    } else {
        "STILL"
    };
    println!("  with the rule: {verdict}; {}", figures(&on.explored));
    for (property, steps) in &on.violated {
        print_violation(property, steps);
    }
    holds
}

fn print_progress(explored: &Explored) {
    println!("  … {}", figures(explored));
}

fn print_problems(outcome: &Outcome) {
    for (property, steps) in &outcome.violated {
        print_violation(property, steps);
    }
    for example in &outcome.missed {
        println!("  NOT SEEN: {example}");
    }
}

fn print_violation(property: &str, steps: &[String]) {
    println!("  VIOLATED: {property}");
    print_steps(steps);
}

fn print_steps(steps: &[String]) {
    for (step, number) in steps.iter().zip(1..) {
        println!("  {number:>4}. {step}");
    }
}

fn style(bound: &Bound) -> &'static str {
    match bound.settings.election_style {
        ElectionStyle::Standard => "standard",
        ElectionStyle::TwoStage { .. } => "two-stage",
    }
}

fn figures(explored: &Explored) -> String {
    let Explored {
        states,
        steps,
        depth,
        took,
    } = explored;
    format!(
        "{} unique states, {} steps between them, up to {depth} in a row, {}",
        grouped(*states as u64),
        grouped(*steps as u64),
        duration(*took)
    )
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    groups.join(",")
}

fn duration(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
