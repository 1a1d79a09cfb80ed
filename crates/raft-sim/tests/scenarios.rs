//! Every scenario that comes with the simulation is as it says, and its recording replays without its script.

use std::collections::BTreeSet;
use std::path::Path;

use raft_core::{ElectionStyle, Rule, Rules, SettingsError};
use raft_sim::scenario::{FailureKind, ParseErrorKind, Play, Scenario};
use raft_sim::scenarios::{ALL, Chapter, Included, named};
use raft_sim::{ConfigError, Timeline};

/// Plays all that are meant, and tells of all that failed, by name.
fn check_all(is_meant: impl Fn(&Included) -> bool, check: impl Fn(&Included) -> Vec<String>) {
    let meant: Vec<&Included> = ALL.iter().filter(|included| is_meant(included)).collect();
    assert!(!meant.is_empty());
    let failures = meant.iter().flat_map(|included| {
        let failures = check(included);
        failures
            .into_iter()
            .map(|failure| format!("{}: {failure}", included.name))
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn replays(play: &Play) -> Vec<String> {
    let mut timeline = Timeline::replay(play.recording.clone());
    timeline.seek(play.end);
    let world = timeline.world();
    let same = (world.trace_hash(), world.moment(), world.events()) == (play.trace_hash, play.end, play.world.events());
    let kept = *timeline.recording() == play.recording;
    let failure = "its recording replays as another history";
    (!(same && kept)).then(|| failure.to_string()).into_iter().collect()
}

fn as_it_says(included: &Included) -> Vec<String> {
    let play = included.scenario().play();
    let failures = play.failures.iter().map(ToString::to_string);
    failures.chain(replays(&play)).collect()
}

#[test]
fn basics_elections_and_replication_are_as_they_say() {
    check_all(
        |included| !matches!(included.chapter, Chapter::Failures | Chapter::Rules),
        as_it_says,
    );
}

#[test]
fn failures_are_as_they_say() {
    check_all(|included| included.chapter == Chapter::Failures, as_it_says);
}

#[test]
fn without_a_rule_something_breaks() {
    check_all(
        |included| included.chapter == Chapter::Rules,
        |included| {
            let scenario = included.scenario();
            let breaks = !scenario.violates().is_empty() && !scenario.config.raft.rules.are_all_on();
            let failure = "no rule is off, or nothing breaks";
            let mut failures = as_it_says(included);
            failures.extend((!breaks).then(|| failure.to_string()));
            failures
        },
    );
}

/// The same scripts, word for word: what they wait for may never come, but nothing breaks.
#[test]
fn with_all_rules_nothing_breaks() {
    check_all(
        |_| true,
        |included| {
            let play = included.scenario().with_all_rules().play();
            let properties = play.world.properties().into_iter();
            let violations = properties.flat_map(raft_sim::Properties::violations);
            let violations = violations.map(|violation| format!("{violation:?} with all rules"));
            violations.chain(replays(&play)).collect()
        },
    );
}

#[test]
fn every_rule_has_its_scenario() {
    for rule in Rule::ALL {
        let included = named(rule.id()).unwrap_or_else(|| panic!("{} has none", rule.id()));
        let rules = included.scenario().config.raft.rules;
        assert_eq!(rules, Rules::ALL.without(*rule), "{} alone is off", rule.id());
    }
}

#[test]
fn every_file_is_in_the_list_and_every_name_is_there_once() {
    let mut files = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for chapter in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(chapter.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            assert_eq!(path.extension().unwrap(), "raft");
            files.insert(path.file_stem().unwrap().to_str().unwrap().to_string());
        }
    }
    let listed: BTreeSet<String> = ALL.iter().map(|included| included.name.to_string()).collect();
    assert_eq!(files, listed);
    assert_eq!(listed.len(), ALL.len(), "a name is there twice");
}

const HEAD: &str = "title: t\n标题：题\ntext: t\n说明：文\n";

fn error(rest: &str) -> String {
    let scenario = Scenario::parse(&format!("{HEAD}{rest}"));
    scenario.map_or_else(|error| error.to_string(), |_| "no error".to_string())
}

#[test]
fn errors_name_line_and_column_and_what_was_expected() {
    let expected = [
        ("at 0 ms: expect nobody leads", "no error"),
        (
            "servers: many",
            "line 5, column 10: expected a number of servers, found \"many\"",
        ),
        (
            "servers: 3\nservers: 3",
            "line 6, column 1: this setting has been said already",
        ),
        ("latency: 10", "line 5, column 12: expected to, but the line ends"),
        (
            "latency: 10 to 15 m",
            "line 5, column 19: expected us, ms or s, found \"m\"",
        ),
        ("loss: 5", "line 5, column 8: expected %, but the line ends"),
        (
            "without: two-votes",
            "line 5, column 10: there is no rule \"two-votes\"",
        ),
        (
            "at 5 h: crash S1",
            "line 5, column 6: expected us, ms or s, found \"h\"",
        ),
        (
            "at 9999999 s: crash S1",
            "line 5, column 13: the number is too large: it must be at most 3600000000",
        ),
        (
            "at 0 ms: crash S10",
            "line 5, column 16: expected a server, like S1 or \"the leader\", found \"S10\"",
        ),
        (
            "at 0 ms: crash S1 S2",
            "line 5, column 19: expected the end of the line, found \"S2\"",
        ),
        (
            "at 0 ms: explode S1",
            "line 5, column 10: expected something to do, like \"crash S1\", or \"expect\", found \"explode\"",
        ),
        (
            "at 0 ms:\n  drop the next parcel from S1",
            "line 6, column 17: there is no kind of message \"parcel\"",
        ),
        (
            "when S1 dreams: crash S1",
            "line 5, column 9: expected what is said of a server, like \"leads\" or \"has entry 2\", found \"dreams\"",
        ),
        ("  crash S1", "no error"),
        (
            "seed: 3\n  crash S1",
            "line 6, column 3: expected a line that is not indented, found \"crash\"",
        ),
        (
            "at 0 ms: expect violated gravity",
            "line 5, column 26: there is no property \"gravity\"",
        ),
        (
            "at 0 ms: write x=1 if y=2 by c1",
            "line 5, column 23: expected the same key, found \"y\"",
        ),
        (
            "at 0 ms: set servers: 3",
            "line 5, column 14: expected a setting of the servers, like \"heartbeat: 50 ms\", found \"servers\"",
        ),
        (
            "disk: 20 to 10 ms",
            "line 5, column 7: the shorter time must come first",
        ),
        (
            "at 0 ms: latency 20 to 10 ms",
            "line 5, column 18: the shorter time must come first",
        ),
        (
            "at 0 ms: the disk of S1 takes 20 to 10 ms",
            "line 5, column 31: the shorter time must come first",
        ),
        (
            "loss: 500 %",
            "line 5, column 7: the number is too large: it must be at most 100",
        ),
        (
            "at 0 ms: loss 100.0001 %",
            "line 5, column 15: the number is too large: it must be at most 100",
        ),
        (
            "at 0 ms: the clock of S1 runs 100 % slow",
            "line 5, column 31: the number is too large: it must be at most 90",
        ),
        ("at 0 ms: the clock of S1 runs 90 % slow", "no error"),
        (
            "at 0 ms: the clock of S1 runs 900.1 % fast",
            "line 5, column 31: the number is too large: it must be at most 900",
        ),
    ];
    for (rest, message) in expected {
        if rest == "  crash S1" {
            // It goes on with the text above.
            assert_eq!(error(rest), "line 5, column 1: the script is missing");
            continue;
        }
        assert_eq!(error(rest), message, "{rest}");
    }
    assert_eq!(
        Scenario::parse("").unwrap_err().to_string(),
        "line 1, column 1: the title is missing"
    );
}

/// Whatever cannot be simulated is laid to the setting after which it cannot.
#[test]
fn a_cluster_that_cannot_be_names_the_line_of_its_setting() {
    let raft = |error| ParseErrorKind::Config(ConfigError::Raft(error));
    let servers = ParseErrorKind::Config(ConfigError::Servers(10));
    let too_slow = raft(SettingsError::HeartbeatTooSlow);
    let unchecked = raft(SettingsError::LeaseWithoutCheckQuorum);
    for (settings, line, kind) in [
        ("servers: 10\n\n# many\nlatency: 5 ms", 5, servers.clone()),
        ("latency: 5 ms\nservers: 10\nseed: 3", 6, servers.clone()),
        ("heartbeat: 1 s\nservers: 3", 5, too_slow.clone()),
        ("heartbeat: 100 ms\nelection timeout: 50 to 90 ms", 6, too_slow),
        // The first is mended by the second.
        (
            "election timeout: 30 to 60 ms\nheartbeat: 10 ms\nservers: 10",
            7,
            servers,
        ),
        ("lease drift: 5 %\noptions: pre-vote\nservers: 3", 5, unchecked),
    ] {
        let error = Scenario::parse(&format!("{HEAD}{settings}\nat 0 ms: crash S1")).unwrap_err();
        assert_eq!((error.line, error.kind), (line, kind), "{settings}");
    }
    for together in [
        "election timeout: 30 to 60 ms\nheartbeat: 10 ms",
        "lease drift: 5 %\noptions: check-quorum",
    ] {
        assert_eq!(
            error(&format!("{together}\nat 0 ms: crash S1")),
            "no error",
            "{together}"
        );
    }
}

/// In whatever order they stand.
#[test]
fn a_heartbeat_timeout_means_two_stages() {
    let style = |settings: &str| {
        let scenario = Scenario::parse(&format!("{HEAD}{settings}\nat 0 ms: crash S1"));
        scenario.map(|scenario| scenario.config.raft.election_style)
    };
    let (timeout, standard, two) = ("heartbeat timeout: 100 ms", "election: standard", "election: two-stage");
    let in_two_stages = ElectionStyle::TwoStage {
        heartbeat_timeout_us: 100_000,
    };
    for settings in [
        timeout.to_string(),
        format!("{timeout}\n{two}"),
        format!("{two}\n{timeout}"),
    ] {
        assert_eq!(style(&settings), Ok(in_two_stages), "{settings}");
    }
    for settings in [format!("{timeout}\n{standard}"), format!("{standard}\n{timeout}")] {
        let error = style(&settings).unwrap_err().to_string();
        assert_eq!(
            error, "line 6, column 1: the standard election has no heartbeat timeout",
            "{settings}"
        );
    }
}

#[test]
fn a_mark_before_the_text_is_no_part_of_it() {
    let text = format!("{HEAD}at 0 ms: crash S1");
    assert_eq!(Scenario::parse(&format!("\u{feff}{text}")), Scenario::parse(&text));
}

/// Whatever the documentation of the format puts in a table can be said.
#[test]
fn everything_that_is_documented_is_understood() {
    let documentation = include_str!("../src/scenario.rs");
    let tables = documentation.lines().filter_map(|line| line.strip_prefix("//! | "));
    let mut is_claim = false;
    let mut understood = 0;
    for row in tables {
        is_claim |= row.starts_with("things that");
        let cell = row.split(" | ").next().unwrap().replace("\\|", "|");
        for said in cell.split('`').skip(1).step_by(2) {
            // Beginnings, and ends of what stands before them.
            let is_whole = !said.contains('…') && said.contains(' ');
            let is_end = ["fresh", "no x", "not as"].iter().any(|end| said.starts_with(end));
            if is_whole && !is_end {
                let expect = if is_claim { "expect " } else { "" };
                assert_eq!(error(&format!("at 0 ms: {expect}{said}")), "no error", "{said}");
                understood += 1;
            }
        }
    }
    assert!(understood > 80, "only {understood} of the documentation are understood");
}

#[test]
fn twins_have_no_twins() {
    let rest =
        "servers: 3\nat 0 ms: duplicate every message\nwhen the leader leads\n+100 ms: expect everybody has 1 entry";
    let play = Scenario::parse(&format!("{HEAD}{rest}")).unwrap().play();
    assert_eq!(play.failures, []);
    assert_eq!(replays(&play), [""; 0]);
}

/// What is wrong when this is played in a cluster of three, and how many commands came of it.
fn failures(script: &str) -> (Vec<FailureKind>, usize) {
    let scenario = Scenario::parse(&format!("{HEAD}servers: 3\n{script}")).unwrap();
    let play = scenario.play();
    let kinds = play.failures.iter().map(|failure| failure.kind);
    (kinds.collect(), play.recording.commands.len())
}

/// A script that does nothing is told so.
#[test]
fn nothing_is_done_to_whoever_is_not_there() {
    for deed in [
        "crash S7",
        "crash S1, S7",
        "restart S4",
        "isolate S7",
        "cut S7 -> S8",
        "cut S1 <-> S4",
        "cut S1 -> S1",
        "partition S1, S2 | S4",
        "partition the leader | the rest",
        "loss S7 -> S8 5 %",
        "latency S1 -> S4 5 ms",
        "the disk of S7 takes 2 ms",
        "the clock of S7 runs 5 % fast",
        "transfer leadership to S7",
        "transfer leadership to the leader",
        "write x=1 by c1 to S7",
        "read x by c1 to S7",
        "remove S7",
    ] {
        let (kinds, commands) = failures(&format!("at 10 ms: {deed}"));
        assert_eq!((kinds, commands), (vec![FailureKind::NobodyMeant], 0), "{deed}");
    }
    let at_once = failures("at 0 ms: time out S1\nwhen S1 leads: crash S4");
    assert_eq!(at_once, (vec![FailureKind::NobodyMeant], 1));
    // Whoever is added is there from then on.
    let later = failures("at 0 ms: time out S1\nwhen S1 leads: add voter S4\nthen: crash S4");
    assert_eq!(later, (vec![], 3));
}

#[test]
fn nothing_is_set_that_does_not_work() {
    let too_slow = FailureKind::Settings(SettingsError::HeartbeatTooSlow);
    assert_eq!(failures("at 10 ms: set heartbeat: 10 s"), (vec![too_slow], 0));
    let text = format!("{HEAD}at 10 ms: set heartbeat: 10 s");
    assert_eq!(
        Scenario::parse(&text).unwrap().play().failures[0].to_string(),
        "line 5, at 10000 us: this cannot be set, because the heartbeat interval is not below the shortest election \
         timeout: set heartbeat: 10 s"
    );
    // One after the other they work.
    let both = "set heartbeat: 10 s\n    set election timeout: 20 to 30 s";
    assert_eq!(failures(&format!("at 10 ms:\n    {both}")), (vec![too_slow], 1));
    let other_way_round = "set election timeout: 20 to 30 s\n    set heartbeat: 10 s";
    assert_eq!(failures(&format!("at 10 ms:\n    {other_way_round}")), (vec![], 2));
}

#[test]
fn two_nots_are_none() {
    let script = |nots| {
        let text = format!("{HEAD}at 0 ms: expect {}nobody leads", "not ".repeat(nots));
        Scenario::parse(&text).unwrap()
    };
    let actions = |nots| script(nots).script[0].actions[0].2.clone();
    // As deep as that no stack would reach.
    assert_eq!(actions(200_000), actions(0));
    assert_eq!(actions(200_001), actions(1));
    assert!(script(200_000).play().failures.is_empty());
    assert_eq!(script(200_001).play().failures.len(), 1);
}

/// A generator that needs no crate: tests of wasm have none.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// Random edits: characters go, come and are doubled, lines change places, numbers explode.
fn edit(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len());
        match random.below(6) {
            0 => drop(chars.drain(at..(at + 1 + random.below(8)).min(chars.len()))),
            1 => chars.insert(
                at,
                ['9', ':', ' ', '\n', '-', '>', ',', '%', '.', '票', '\t', '\u{301}'][random.below(12)],
            ),
            2 => {
                let piece: Vec<char> = chars[at..(at + random.below(30)).min(chars.len())].to_vec();
                let to = random.below(chars.len());
                chars.splice(to..to, piece);
            }
            3 => chars.splice(at..at, "18446744073709551616".chars()).for_each(drop),
            4 => {
                let mut lines: Vec<String> = chars.iter().collect::<String>().lines().map(String::from).collect();
                let (one, other) = (random.below(lines.len()), random.below(lines.len()));
                if !lines.is_empty() {
                    lines.swap(one, other);
                }
                chars = lines.join("\n").chars().collect();
            }
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}

/// What is still a scenario can be played, however little sense it makes.
#[test]
fn edited_scenarios_play_and_replay() {
    let mut random = Random(7);
    let mut played = 0;
    for included in ALL {
        for _ in 0..20 {
            let lines: Vec<&str> = included.source.lines().collect();
            // Edits of whole lines leave more of a scenario than edits of characters.
            let (one, other) = (random.below(lines.len()), random.below(lines.len()));
            let mut mixed = lines.clone();
            mixed.swap(one, other);
            if random.below(2) == 0 {
                mixed.remove(random.below(lines.len()));
            }
            let Ok(mut scenario) = Scenario::parse(&mixed.join("\n")) else {
                continue;
            };
            scenario.patience_us = 500_000;
            assert_eq!(replays(&scenario.play()), [""; 0], "{}", mixed.join("\n"));
            played += 1;
        }
    }
    assert!(played > ALL.len(), "only {played} were scenarios still");
}

#[test]
fn random_edits_never_panic_and_errors_point_into_the_text() {
    let mut random = Random(42);
    for _ in 0..100 {
        for included in ALL {
            let text = edit(included.source, &mut random);
            if let Err(error) = Scenario::parse(&text) {
                let line = text.lines().nth(error.line - 1).unwrap_or_default();
                assert!(error.column <= line.chars().count() + 1, "{error}\n{line}");
            }
        }
    }
}
