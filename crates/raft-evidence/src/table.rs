//! The table of rules as it is checked in: written by `cargo xtask rules`, kept true by a test.

use std::fmt::Write;

use raft_core::{Reason, Rule};
use raft_sim::{Code, Command, Config, Event, EventKind, Instant, Moment, NodeId, Observer, Recording, World};

use crate::report::{fact_in_words, link};
use crate::rules::{HUNTS, Hunt, SEEDS_MAX, STARTS, Trophy};
use crate::shrink::{Script, play_through, watch};

/// Where it is, seen from the top of the repository.
pub const PATH: &str = "crates/raft-evidence/rules.md";

/// Rules that no hunt has brought down, and why; their history is that of the scenario of the same name.
pub const EXPLAINED: &[(Rule, &str)] = &[(
    Rule::BoundCommitByMatch,
    "No swarm has found that, so the history is that of the scenario of the same name. It takes an AppendEntries that a \
     follower with an old tail accepts, that ends before the tail, and that carries a commit index beyond its end. But a \
     leader leaves the probing state only with an answer, and every probe carries the entry after the one that it names: the first \
     message that such a follower accepts brings the entry that conflicts with its tail, and cuts it. Only if it then \
     crashes before the cut is on its disk does the old tail come back, behind the leader's back. (The paper's leaders may \
     probe with empty heartbeats; there it takes less.)",
)];

/// The whole file.
#[must_use]
pub fn write(trophies: &[Trophy]) -> String {
    let mut text = format!(
        "# What breaks without each rule\n\n\
         Made by `cargo xtask rules`; a test replays every row, with the rule off and with all rules on.\n\n\
         Each hunt begins with the rule off and draws swarms of faults until the property is among those violated. *Seeds* \
         is the median of {STARTS} hunts from different starts, each of at most {SEEDS_MAX} seeds of 15 cluster-seconds and \
         a heal phase. *Commands* and *after* are of the shortest history found, and the code shows it: put it after the \
         address of the page. What the swarms lean to, and what contradicts what in the history, stands below the table.\n\n\
         | rule | off means | breaks | seeds | commands | after | history |\n\
         | --- | --- | --- | ---: | ---: | ---: | --- |\n"
    );
    for (hunt, trophy) in HUNTS.iter().zip(trophies) {
        let _ = writeln!(text, "{}", row(hunt, trophy));
    }
    let _ = writeln!(text, "{}", pre_vote_row());
    text += "\n## How each is found, and what contradicts what\n\n";
    for (hunt, trophy) in HUNTS.iter().zip(trophies) {
        let _ = writeln!(text, "{}", explanation(hunt, trophy));
    }
    text += PRE_VOTE;
    text
}

fn row(hunt: &Hunt, trophy: &Trophy) -> String {
    let (id, off, breaks) = (hunt.rule.id(), hunt.off, hunt.breaks.id());
    let seeds = trophy
        .median()
        .map_or_else(|| "—".to_owned(), |median| median.to_string());
    match &trophy.hit {
        Some(hit) => {
            let commands = hit.recording.commands.len();
            let after = after(hit.moment);
            let code = link(&hit.recording, hit.moment);
            format!("| {id} | {off} | {breaks} | {seeds} | {commands} | {after} | `{code}` |")
        }
        None => format!("| {id} | {off} | {breaks} | — | — | — | not found, see below |"),
    }
}

fn after(moment: Moment) -> String {
    format!("{:.2} s", moment.at.0 as f64 / 1e6)
}

fn explanation(hunt: &Hunt, trophy: &Trophy) -> String {
    let leaning = if hunt.leaning.is_empty() {
        "nothing in particular"
    } else {
        hunt.leaning
    };
    let mut text = format!("- **{}**: swarms lean to {leaning}.", hunt.rule.id());
    if let Some(hit) = &trophy.hit {
        let (events, world) = watch(&hit.recording, hit.moment);
        let properties = world.properties().expect("it is watched");
        if let Some(violation) = properties.violation(hunt.breaks) {
            let [one, other] = violation.facts.map(|fact| fact_in_words(&fact, &events));
            let _ = write!(text, " Found: {one}; {other}.");
        }
    }
    if let Some((_, why)) = EXPLAINED.iter().find(|(rule, _)| *rule == hunt.rule) {
        let _ = write!(text, " {why}");
    }
    text
}

const PRE_VOTE: &str = "- **pre-vote** is an option, not a rule. Without it, 1, 2 and 3 reach each other, 4 only 2, and 5 only 3: \
    4 and 5 hear from no leader that they cannot reach, stand again and again, and depose it with their terms, for a minute here \
    and for ever. With it nobody is elected after the links are cut, because whoever hears from a leader would not vote.\n";

fn pre_vote_row() -> String {
    let recording = partly_connected();
    let off = elections(&recording, false);
    let moment = end_of_the_minute(&recording);
    let code = link(&recording, moment);
    let commands = recording.commands.len();
    format!(
        "| pre-vote (option) | nobody asks whether it could win before it raises its term | a stable leader: {off} elections in a \
         minute, with it {} | 1 | {commands} | {} | `{code}` |",
        elections(&recording, true),
        after(moment),
    )
}

/// Five servers and a leader; then 4 reaches only 2, and 5 only 3.
#[must_use]
pub fn partly_connected() -> Recording {
    let mut script = Script {
        config: Config::default(),
        seed: 0,
        commands: Vec::new(),
    };
    for (a, b) in [(1, 4), (1, 5), (2, 5), (3, 4), (4, 5)] {
        for (from, to) in [(a, b), (b, a)] {
            let (from, to) = (NodeId(from), NodeId(to));
            script.commands.push((Instant(1_000_000), Command::Cut { from, to }));
        }
    }
    // A leader in the middle, whom a majority reaches.
    let leads = |seed: &u64| {
        let mut world = World::unwatched(script.config.clone(), *seed);
        world.advance_to(Instant(1_000_000), &mut ());
        world.leader().is_some_and(|leader| leader.0 <= 3)
    };
    script.seed = (0..100).find(leads).unwrap_or(0);
    play_through(&script, Instant(0)).0
}

fn end_of_the_minute(recording: &Recording) -> Moment {
    play_through(&Script::of(recording), Instant(61_000_000)).1.moment()
}

/// How many are elected in the minute after the links are cut.
#[must_use]
pub fn elections(recording: &Recording, pre_vote: bool) -> u64 {
    struct Counter(u64);
    impl Observer for Counter {
        fn observe(&mut self, event: Event) {
            let is_elected = matches!(event.kind, EventKind::Because(Reason::Elected { .. }));
            self.0 += u64::from(is_elected && event.at > Instant(1_000_000));
        }
    }
    let mut config = recording.config.clone();
    config.raft.pre_vote = pre_vote;
    let mut world = World::new(config, recording.seed);
    let mut counter = Counter(0);
    for (moment, command) in &recording.commands {
        world.advance_to(moment.at, &mut counter);
        world.command(command, &mut counter);
    }
    world.advance_to(Instant(61_000_000), &mut counter);
    counter.0
}

/// A row of the table, as far as it can be replayed.
#[derive(Clone, Debug)]
pub struct Row {
    /// The rule's id.
    pub id: String,
    /// What it breaks.
    pub breaks: String,
    /// The history, if there is one.
    pub code: Option<Code>,
}

/// Reads the rows of a table.
///
/// # Errors
///
/// A code that cannot be read.
pub fn read(text: &str) -> Result<Vec<Row>, String> {
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let rows = lines.skip(2).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, _, breaks, .., history] = cells[..] else {
            return Err(format!("not a row: {line}"));
        };
        let code = history.trim_matches('`').strip_prefix('#').map(Code::decode);
        let code = code.transpose().map_err(|error| format!("{id}: {error}"))?;
        let (id, breaks) = (id.to_owned(), breaks.to_owned());
        Ok(Row { id, breaks, code })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file, as it is checked in.
    const TABLE: &str = include_str!("../rules.md");

    #[test]
    fn every_rule_has_its_row_and_every_row_is_true() {
        let rows = read(TABLE).unwrap();
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let mut expected: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        expected.push("pre-vote (option)");
        assert_eq!(ids, expected);
        for (row, hunt) in rows.iter().zip(HUNTS) {
            let id = &row.id;
            assert_eq!(row.breaks, hunt.breaks.id(), "{id}");
            let Some(code) = &row.code else {
                let is_explained = EXPLAINED.iter().any(|(rule, _)| rule == &hunt.rule);
                assert!(is_explained, "{id} has neither a history nor an explanation");
                continue;
            };
            let config = &code.recording.config;
            assert_eq!(
                config.raft.rules,
                hunt.others().without(hunt.rule),
                "{id}: the rule is off"
            );
            let (_, world) = watch(&code.recording, code.moment);
            assert!(
                code.matches(world.trace_hash()),
                "{id} replays differently: run `cargo xtask rules` again"
            );
            let properties = world.properties().unwrap();
            let violation = properties.violation(hunt.breaks);
            assert_eq!(violation.map(|violation| violation.at), Some(code.moment.at), "{id}");

            let mut script = Script::of(&code.recording);
            script.config.raft.rules = hunt.others();
            let (_, world) = play_through(&script, code.moment.at);
            let violations: Vec<_> = world.properties().unwrap().violations().collect();
            assert!(violations.is_empty(), "{id}: with the rule on: {violations:?}");
        }
    }

    #[test]
    fn without_pre_vote_a_partly_connected_server_deposes_a_stable_leader_for_ever() {
        let recording = partly_connected();
        assert!(elections(&recording, false) > 20);
        assert_eq!(elections(&recording, true), 0);
        let row = read(TABLE).unwrap().pop().unwrap();
        assert_eq!(row.code.unwrap().recording, recording);
    }
}
