//! Plays a scenario from a file and tells what was not as it says:
//!
//! ```text
//! cargo run -p raft-sim --example play -- FILE [--all-rules] [--events] [--seed=N]
//! ```
//!
//! With `--all-rules` the same script is played in a cluster where no rule is off; with `--events` everything is told;
//! with another seed chance falls otherwise, which a good script survives.

use std::process::ExitCode;

use raft_sim::scenario::{Play, Scenario};
use raft_sim::{Event, EventKind, Index};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let Some(file) = args.iter().find(|arg| !arg.starts_with("--")) else {
        eprintln!("which file?");
        return ExitCode::FAILURE;
    };
    let scenario = std::fs::read_to_string(file)
        .map_err(|error| error.to_string())
        .and_then(|text| Scenario::parse(&text).map_err(|error| error.to_string()));
    let seed = args.iter().find_map(|arg| arg.strip_prefix("--seed=")?.parse().ok());
    let mut scenario = match scenario {
        Ok(scenario) if has("--all-rules") => scenario.with_all_rules(),
        Ok(scenario) => scenario,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    scenario.seed = seed.unwrap_or(scenario.seed);
    let play = scenario.play();
    if has("--events") {
        play.events.iter().for_each(tell);
    }
    tell_end(&play);
    for failure in &play.failures {
        println!("{file}: {failure}");
    }
    if play.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn tell(event: &Event) {
    // Departures and arrivals are told by what servers make of them.
    let server = event.server.map_or_else(|| "  ".to_string(), |id| format!("S{id}"));
    let at = event.at.0;
    match &event.kind {
        EventKind::Because(reason) => println!("{at:>9} {server} {reason:?}"),
        EventKind::WriteIssued { .. } | EventKind::TimerFired => {}
        kind => println!("{at:>9} {server}   {kind:?}"),
    }
}

fn tell_end(play: &Play) {
    for server in play.world.servers() {
        let Some(node) = server.node() else {
            println!("S{} is down", server.id());
            continue;
        };
        let terms: Vec<u64> = node.log().iter_from(Index(1)).map(|(_, entry)| entry.term.0).collect();
        let role = format!("{:?}", node.role());
        let role = role.split(['(', ' ']).next().unwrap_or_default();
        let map: Vec<String> = server
            .state()
            .into_iter()
            .flat_map(raft_sim::kv::State::iter)
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        println!(
            "S{} {role} term {} vote {:?} log {terms:?} committed {} state {map:?}",
            node.id(),
            node.current_term(),
            node.voted_for().map(|id| id.0),
            node.commit_index()
        );
    }
    let properties = play.world.properties().into_iter();
    for violation in properties.flat_map(raft_sim::Properties::violations) {
        println!(
            "at {} us violated {}: {:?}",
            violation.at.0,
            violation.property.id(),
            violation.facts
        );
    }
}
