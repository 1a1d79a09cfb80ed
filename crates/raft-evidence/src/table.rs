//! The table of rules as it is checked in: written by `cargo xtask rules`, kept true by a test.

use std::fmt::Write;

use raft_core::{Reason, Rule};
use raft_sim::{Command, Config, Event, EventKind, Instant, Moment, NodeId, Observer, Recording, World};

use crate::report::{fact_in_words, link};
use crate::rules::{HUNTS, Hunt, SEEDS_MAX, STARTS, Trophy};
use crate::shrink::{Script, play_through, watch};

/// Where it is, seen from the top of the repository.
pub const PATH: &str = "crates/raft-evidence/rules.md";

/// Rules that hunts may well be given up on, and why; their history is that of the scenario of the same name then.
pub const EXPLAINED: &[(Rule, &str)] = &[(
    Rule::BoundCommitByMatch,
    "No swarm has found that, so the history is that of the scenario of the same name. It takes an AppendEntries that a \
     follower with an old tail accepts, that ends before the tail, and that carries a commit index beyond its end. But a \
     leader leaves the probing state only with an answer, and every probe carries the entry after the one that it names: the first \
     message that such a follower accepts brings the entry that conflicts with its tail, and cuts it. Only if it then \
     crashes before the cut is on its disk does the old tail come back, behind the leader's back. (The paper's leaders may \
     probe with empty heartbeats; there it takes less.)",
)];

/// What the table keeps of a hunt.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The median of the seeds; none: given up.
    pub seeds: Option<u64>,
    /// The shortest history, and where it ends.
    pub history: Option<(Recording, Moment)>,
}

impl From<&Trophy> for Kept {
    fn from(trophy: &Trophy) -> Kept {
        let hit = trophy.hit.as_ref();
        Kept {
            seeds: trophy.median(),
            history: hit.map(|hit| (hit.recording.clone(), hit.moment)),
        }
    }
}

/// The whole file.
#[must_use]
pub fn write(kept: &[Kept]) -> String {
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
    for (hunt, kept) in HUNTS.iter().zip(kept) {
        let _ = writeln!(text, "{}", row(hunt, kept));
    }
    let _ = writeln!(text, "{}", pre_vote_row());
    text += "\n## How each is found, and what contradicts what\n\n";
    for (hunt, kept) in HUNTS.iter().zip(kept) {
        let _ = writeln!(text, "{}", explanation(hunt, kept));
    }
    text += PRE_VOTE;
    text
}

fn row(hunt: &Hunt, kept: &Kept) -> String {
    let (id, off, breaks) = (hunt.rule.id(), hunt.off, hunt.breaks.id());
    let seeds = kept.seeds.map_or_else(|| "—".to_owned(), |median| median.to_string());
    match &kept.history {
        Some((recording, moment)) => {
            let commands = recording.commands.len();
            let after = after(*moment);
            let code = link(recording, *moment);
            format!("| {id} | {off} | {breaks} | {seeds} | {commands} | {after} | `{code}` |")
        }
        None => format!("| {id} | {off} | {breaks} | — | — | — | not found, see below |"),
    }
}

fn after(moment: Moment) -> String {
    format!("{:.2} s", moment.at.0 as f64 / 1e6)
}

fn explanation(hunt: &Hunt, kept: &Kept) -> String {
    let leaning = if hunt.leaning.is_empty() {
        "nothing in particular"
    } else {
        hunt.leaning
    };
    let mut text = format!("- **{}**: swarms lean to {leaning}.", hunt.rule.id());
    if let Some((recording, moment)) = &kept.history {
        let (events, world) = watch(recording, *moment);
        let properties = world.properties().expect("it is watched");
        if let Some(violation) = properties.violation(hunt.breaks) {
            let [one, other] = violation.facts.map(|fact| fact_in_words(&fact, &events));
            let _ = write!(text, " Found: {one}; {other}.");
        }
    }
    if kept.seeds.is_none()
        && let Some((_, why)) = EXPLAINED.iter().find(|(rule, _)| *rule == hunt.rule)
    {
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

#[cfg(test)]
mod tests {
    use raft_sim::Code;

    use super::*;

    /// The file, as it is checked in.
    const TABLE: &str = include_str!("../rules.md");

    /// The cells of each row.
    fn rows() -> Vec<Vec<&'static str>> {
        let rows = TABLE.lines().filter(|line| line.starts_with("| ")).skip(2);
        let cells = |row: &'static str| row.trim_matches('|').split('|').map(str::trim).collect();
        rows.map(cells).collect()
    }

    fn without_code(line: &str) -> &str {
        line.split("`#").next().unwrap_or(line)
    }

    /// What a row keeps of its hunt, and its code.
    fn read(row: &[&str]) -> (Kept, Option<Code>) {
        let (seeds, history) = (row[3], row[6]);
        let code = history.trim_matches('`').strip_prefix('#');
        let code = code.map(|code| Code::decode(code).expect("a code"));
        let kept = Kept {
            seeds: (seeds != "—").then(|| seeds.parse().expect("a number of seeds")),
            history: code.as_ref().map(|code| (code.recording.clone(), code.moment)),
        };
        (kept, code)
    }

    #[test]
    fn every_rule_has_its_row_and_every_row_is_true() {
        let rows = rows();
        let ids: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        let mut expected: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        expected.push("pre-vote (option)");
        assert_eq!(ids, expected);
        for (row, hunt) in rows.iter().zip(HUNTS) {
            let id = hunt.rule.id();
            let (kept, code) = read(row);
            let is_explained = EXPLAINED.iter().any(|(rule, _)| *rule == hunt.rule);
            assert!(kept.seeds.is_some() || is_explained, "{id}: given up without a word");
            let Some(code) = code else { continue };
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

    /// Every word of it: only the medians and the histories are taken for granted. The code of a history may be an old one.
    #[test]
    fn the_file_is_as_it_would_be_written_today() {
        let kept: Vec<Kept> = rows().iter().take(HUNTS.len()).map(|row| read(row).0).collect();
        let today = write(&kept);
        for (line, today) in TABLE.lines().zip(today.lines()) {
            assert_eq!(without_code(line), without_code(today));
        }
        assert_eq!(TABLE.lines().count(), today.lines().count());
    }

    #[test]
    fn what_has_been_found_is_not_explained_away() {
        let (rule, why) = EXPLAINED[0];
        let place = HUNTS.iter().position(|hunt| hunt.rule == rule).unwrap();
        let (mut kept, _) = read(&rows()[place]);
        kept.seeds = Some(355);
        assert!(!explanation(&HUNTS[place], &kept).contains(why));
        kept.seeds = None;
        assert!(explanation(&HUNTS[place], &kept).ends_with(why));
    }

    #[test]
    fn without_pre_vote_a_partly_connected_server_deposes_a_stable_leader_for_ever() {
        let recording = partly_connected();
        assert!(elections(&recording, false) > 20);
        assert_eq!(elections(&recording, true), 0);
        let (_, code) = read(rows().last().unwrap());
        let code = code.unwrap();
        let (_, world) = watch(&recording, end_of_the_minute(&recording));
        assert_eq!((code.recording.clone(), code.moment), (recording, world.moment()));
        assert!(code.matches(world.trace_hash()));
    }
}
