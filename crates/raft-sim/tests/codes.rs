//! Codes of recordings: what was written once can be read for ever, and means the same.
//!
//! `codes.txt` holds codes and what they mean. A code in it never changes, and none is ever taken away: somebody has
//! it in a link. How it is told may change, when a type gets a new field; `UPDATE_GOLDENFILES=1 cargo test -p
//! raft-sim --test codes` tells anew what the codes in the file mean, and the difference is to be read before it is
//! believed. A new code is put into the file by hand, a sentence above it.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use raft_core::session::ClientId;
use raft_core::{Change, Configuration, ElectionStyle, Random, ReadMode, Rule, Rules, Settings};
use raft_sim::{
    Code, CodeError, Command, Config, ConfigError, DiskConfig, ENGINE, Instant, Links, MessageId, Moment,
    NetworkConfig, NodeId, Operation, Place, Problem, Recording, TraceHash, Workload, kv,
};

const GOLDEN: &str = include_str!("codes.txt");

/// What a code means, in lines.
fn told(code: &Code) -> String {
    let Code {
        recording: Recording { config, seed, commands },
        moment,
        engine,
        trace,
    } = code;
    let mut text = format!(
        "  engine {engine}, trace {trace:04x}, {}\n  seed {seed}\n",
        told_moment(*moment)
    );
    // The rules by their names: the bits of the type are its own affair.
    let mut config = config.clone();
    let off = Rule::ALL.iter().filter(|&&rule| !config.raft.rules.has(rule));
    let off: String = off.map(|rule| format!("  without {}\n", rule.id())).collect();
    config.raft.rules = Rules::ALL;
    let _ = write!(text, "  {config:?}\n{off}");
    for (moment, command) in commands {
        let _ = writeln!(text, "  {}: {command:?}", told_moment(*moment));
    }
    text
}

fn told_moment(moment: Moment) -> String {
    format!("{} steps, {} µs", moment.step, moment.at.0)
}

/// The codes in the file.
fn golden() -> impl Iterator<Item = &'static str> {
    GOLDEN.lines().filter(|line| line.starts_with('v'))
}

#[test]
fn golden_codes_mean_what_they_always_meant() {
    let keeps = |line: &&str| !line.starts_with("  ");
    let retold = GOLDEN.lines().filter(keeps).map(|line| match line.starts_with('v') {
        true => format!(
            "{line}\n{}",
            told(&Code::decode(line).expect("a code that was written once"))
        ),
        false => format!("{line}\n"),
    });
    let retold: String = retold.collect();
    if std::env::var_os("UPDATE_GOLDENFILES").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/codes.txt");
        return std::fs::write(path, retold).expect("the file can be written");
    }
    assert_eq!(
        retold, GOLDEN,
        "links that people have mean something else than they did"
    );
}

#[test]
fn golden_recordings_have_the_codes_that_they_always_had() {
    for code in golden() {
        assert_eq!(Code::decode(code).expect("a code that was written once").encode(), code);
    }
}

#[test]
fn golden_codes_hold_every_command() {
    let mut seen = [false; KINDS];
    for code in golden() {
        let code = Code::decode(code).expect("a code that was written once");
        code.recording
            .commands
            .iter()
            .for_each(|(_, command)| seen[kind(command)] = true);
    }
    let missing: Vec<_> = (0..KINDS).filter(|&kind| !seen[kind]).collect();
    assert_eq!(missing, [0; 0], "no golden code holds a command of these kinds");
}

const KINDS: usize = 26;

/// A new command does not compile here; it wants a golden code, and a strategy below.
fn kind(command: &Command) -> usize {
    match command {
        Command::Crash { .. } => 0,
        Command::Restart { .. } => 1,
        Command::Ask { .. } => 2,
        Command::Cut { .. } => 3,
        Command::Heal { .. } => 4,
        Command::Partition { .. } => 5,
        Command::HealAll => 6,
        Command::Pause { .. } => 7,
        Command::Resume { .. } => 8,
        Command::TimeOut { .. } => 9,
        Command::SetRule { .. } => 10,
        Command::SetLoss { .. } => 11,
        Command::SetLatency { .. } => 12,
        Command::TransferLeadership { .. } => 13,
        Command::ChangeMembers { .. } => 14,
        Command::StallDisk { .. } => 15,
        Command::UnstallDisk { .. } => 16,
        Command::SetDisk { .. } => 17,
        Command::SetDrift { .. } => 18,
        Command::Drop { .. } => 19,
        Command::Delay { .. } => 20,
        Command::Duplicate { .. } => 21,
        Command::SetDuplication { .. } => 22,
        Command::SetReordering { .. } => 23,
        Command::TakeSnapshot { .. } => 24,
        Command::SetSettings(_) => 25,
    }
}

/// Whatever is set or named: mostly small or round, sometimes anything.
fn number() -> BoxedStrategy<u64> {
    prop_oneof![
        0..20u64,
        (0..500u64).prop_map(|ms| ms * 1_000),
        any::<u64>(),
        Just(u64::MAX)
    ]
    .boxed()
}

fn server() -> BoxedStrategy<NodeId> {
    prop_oneof![9 => 0..12u64, 1 => any::<u64>()].prop_map(NodeId).boxed()
}

fn servers() -> BoxedStrategy<Vec<NodeId>> {
    prop::collection::vec(server(), 0..5).boxed()
}

fn message() -> BoxedStrategy<MessageId> {
    number().prop_map(MessageId).boxed()
}

fn text() -> BoxedStrategy<Arc<str>> {
    let number = (0..30u64).prop_map(|number| number.to_string());
    prop_oneof![
        Just("x".to_owned()),
        number,
        "[0-9]{0,22}",
        "\\PC{0,9}",
        any::<String>()
    ]
    .prop_map(Arc::from)
    .boxed()
}

fn read_mode() -> BoxedStrategy<ReadMode> {
    prop_oneof![Just(ReadMode::ReadIndex), Just(ReadMode::Lease), Just(ReadMode::Local)].boxed()
}

fn operation() -> BoxedStrategy<Operation> {
    let put = (text(), text()).prop_map(|(key, value)| Operation::Write(kv::Write::Put { key, value }));
    let compare_and_set = (text(), prop::option::of(text()), text())
        .prop_map(|(key, expected, value)| Operation::Write(kv::Write::CompareAndSet { key, expected, value }));
    let read = (text(), read_mode()).prop_map(|(key, mode)| Operation::Read { key, mode });
    prop_oneof![put, compare_and_set, read].boxed()
}

fn links() -> BoxedStrategy<Links> {
    let one = (server(), server()).prop_map(|(from, to)| Links::One { from, to });
    prop_oneof![Just(Links::All), one].boxed()
}

fn configuration() -> BoxedStrategy<Configuration> {
    let simple =
        (servers(), servers()).prop_map(|(voters, learners)| Configuration::new(voters).with_learners(learners));
    (simple, servers())
        .prop_map(|(next, outgoing)| match outgoing.is_empty() {
            true => next,
            false => Configuration::new(outgoing).joint_with(&next),
        })
        .boxed()
}

fn change() -> BoxedStrategy<Change> {
    prop_oneof![
        server().prop_map(Change::AddVoter),
        server().prop_map(Change::AddLearner),
        server().prop_map(Change::Remove),
        configuration().prop_map(Change::Replace),
    ]
    .boxed()
}

fn rule() -> BoxedStrategy<Rule> {
    prop::sample::select(Rule::ALL).boxed()
}

fn range() -> BoxedStrategy<(u64, u64)> {
    (number(), number()).prop_map(|(a, b)| (a.min(b), a.max(b))).boxed()
}

/// Settings that work; mostly the usual ones.
fn settings() -> BoxedStrategy<Settings> {
    let options = (any::<(bool, bool, bool, bool)>(), prop::option::of(0..1_000_000u64));
    let times = (2..1_000_000u64, any::<u64>(), 1..1_000_000u64, 2..1_000_000u64);
    let sizes = (number(), 1..=usize::MAX, number(), number(), 1..=usize::MAX);
    let rules = prop::collection::vec(rule(), 0..4);
    let any = (options, times, sizes, rules).prop_map(|(options, times, sizes, rules)| {
        let ((pre_vote, check_quorum, announce_commit, two_stage), lease) = options;
        let (min, longer, heartbeat, heartbeat_timeout) = times;
        let (batch_bytes_max, in_flight_max, uncommitted_bytes_max, compaction_keeps, snapshot_chunk_bytes) = sizes;
        let heartbeat_timeout_us = heartbeat_timeout.max(2);
        Settings {
            election_timeout_us_min: min,
            election_timeout_us_max: min.saturating_add(longer),
            heartbeat_interval_us: heartbeat.min(min - 1).min(heartbeat_timeout_us - 1),
            election_style: match two_stage {
                true => ElectionStyle::TwoStage { heartbeat_timeout_us },
                false => ElectionStyle::Standard,
            },
            pre_vote: pre_vote && !two_stage,
            check_quorum,
            lease_drift_ppm_max: lease.filter(|_| check_quorum),
            batch_bytes_max,
            in_flight_max,
            uncommitted_bytes_max,
            compaction_keeps,
            snapshot_chunk_bytes,
            announce_commit,
            rules: rules.into_iter().fold(Rules::ALL, Rules::without),
        }
    });
    prop_oneof![Just(Settings::default()), any].boxed()
}

fn disk() -> BoxedStrategy<DiskConfig> {
    range()
        .prop_map(|(write_us_min, write_us_max)| DiskConfig {
            write_us_min,
            write_us_max,
        })
        .boxed()
}

fn workload() -> BoxedStrategy<Workload> {
    (1..=16u64, 1..=u64::MAX, 1..=8u64, 0..=50u64, 0..=50u64, read_mode())
        .prop_map(
            |(clients, interval_us, keys, reads, compare_and_sets, read_mode)| Workload {
                clients,
                interval_us,
                keys,
                reads_percent: reads,
                compare_and_sets_percent: compare_and_sets,
                read_mode,
            },
        )
        .boxed()
}

fn config() -> BoxedStrategy<Config> {
    let ppm = || 0..=Config::PPM_MAX;
    let network = (range(), ppm(), ppm(), ppm()).prop_map(|((latency_us_min, latency_us_max), loss, twice, late)| {
        NetworkConfig {
            latency_us_min,
            latency_us_max,
            loss_ppm: loss,
            duplication_ppm: twice,
            reordering_ppm: late,
        }
    });
    let clients = (
        1..=u64::MAX,
        prop::option::of(workload()),
        prop::option::of(1..=u64::MAX),
    );
    let any = (1..=9u64, settings(), network, disk(), clients).prop_map(|(servers, raft, network, disk, clients)| {
        let (client_timeout_us, mut workload, snapshot_every) = clients;
        if let Some(workload) = workload.as_mut().filter(|_| raft.lease_drift_ppm_max.is_none())
            && workload.read_mode == ReadMode::Lease
        {
            workload.read_mode = ReadMode::Local;
        }
        Config {
            servers,
            raft,
            network,
            disk,
            client_timeout_us,
            workload,
            snapshot_every,
        }
    });
    prop_oneof![Just(Config::default()), any].boxed()
}

fn command() -> BoxedStrategy<Command> {
    let of_a_server = (0..8, server()).prop_map(|(which, server)| match which {
        0 => Command::Crash { server },
        1 => Command::Restart { server },
        2 => Command::Pause { server },
        3 => Command::Resume { server },
        4 => Command::TimeOut { server },
        5 => Command::StallDisk { server },
        6 => Command::UnstallDisk { server },
        _ => Command::TakeSnapshot { server },
    });
    let of_two = (any::<bool>(), server(), server()).prop_map(|(cut, from, to)| match cut {
        true => Command::Cut { from, to },
        false => Command::Heal { from, to },
    });
    let of_links = (0..3, links(), number()).prop_map(|(which, on, ppm)| match which {
        0 => Command::SetLoss { on, ppm },
        1 => Command::SetDuplication { on, ppm },
        _ => Command::SetReordering { on, ppm },
    });
    let latency = (links(), number(), number());
    let ask = (
        prop_oneof![1..=16u64, any::<u64>()],
        prop::option::of(server()),
        operation(),
    );
    prop_oneof![
        4 => of_a_server,
        2 => of_two,
        2 => of_links,
        1 => (server(), any::<i64>()).prop_map(|(server, ppm)| Command::SetDrift { server, ppm }),
        1 => (prop::option::of(server()), disk()).prop_map(|(server, disk)| Command::SetDisk { server, disk }),
        1 => prop::collection::vec(servers(), 0..4).prop_map(|groups| Command::Partition { groups }),
        1 => Just(Command::HealAll),
        1 => latency.prop_map(|(on, us_min, us_max)| Command::SetLatency { on, us_min, us_max }),
        1 => message().prop_map(|message| Command::Drop { message }),
        1 => (message(), number()).prop_map(|(message, by_us)| Command::Delay { message, by_us }),
        1 => message().prop_map(|message| Command::Duplicate { message }),
        4 => ask.prop_map(|(client, to, operation)| Command::Ask { client: ClientId(client), to, operation }),
        1 => change().prop_map(|change| Command::ChangeMembers { change }),
        1 => server().prop_map(|to| Command::TransferLeadership { to }),
        1 => (rule(), any::<bool>()).prop_map(|(rule, on)| Command::SetRule { rule, on }),
        1 => settings().prop_map(|settings| Command::SetSettings(settings.into())),
    ]
    .boxed()
}

/// A way to a next moment: steps and microseconds.
fn way() -> BoxedStrategy<(u64, u64)> {
    let us = prop_oneof![
        Just(0),
        0..3_000_000u64,
        (0..30_000u64).prop_map(|points| points * 100),
        any::<u64>()
    ];
    (prop_oneof![9 => 1..1_000u64, 1 => any::<u64>()], us).boxed()
}

fn code() -> BoxedStrategy<Code> {
    let commands = prop::collection::vec((way(), command()), 0..40);
    let head = (config(), prop_oneof![number(), any::<u64>()], 0..5u32, any::<u16>());
    (head, commands, way(), any::<prop::sample::Index>())
        .prop_map(|((config, seed, engine, trace), ways, (steps, us), nth)| {
            let mut commands: Vec<(Moment, Command)> = Vec::new();
            let mut last = Moment::default();
            for ((steps, us), command) in ways {
                let Some(step) = last.step.checked_add(steps) else {
                    break;
                };
                last = Moment {
                    step,
                    at: Instant(last.at.0.saturating_add(us)),
                };
                commands.push((last, command));
            }
            // The moment to look at is somewhere among the commands, or behind them.
            let after = commands
                .get(nth.index(commands.len() + 1))
                .map_or(last, |(moment, _)| *moment);
            Code {
                recording: Recording { config, seed, commands },
                moment: Moment {
                    step: after.step.saturating_add(steps),
                    at: Instant(after.at.0.saturating_add(us)),
                },
                engine,
                trace,
            }
        })
        .boxed()
}

proptest! {
    #[test]
    fn every_recording_comes_back(code in code()) {
        prop_assert_eq!(Code::decode(&code.encode()), Ok(code));
    }

    #[test]
    fn no_text_makes_it_panic(text: String, letters in "v1\\.[A-Za-z0-9_-]{0,200}") {
        let _ = Code::decode(&text);
        let _ = Code::decode(&letters);
    }

    #[test]
    fn a_wrong_letter_makes_another_code_or_none(code in code(), nth: prop::sample::Index, letter in "[A-Za-z0-9_-]") {
        let mut text = code.encode();
        let place = 3 + nth.index(text.len() - 3);
        text.replace_range(place..=place, &letter);
        if let Ok(other) = Code::decode(&text) {
            prop_assert_eq!(Code::decode(&other.encode()), Ok(other));
        }
    }
}

/// Thirty commands as the page makes them, `gap_us` apart on average, in a cluster that does `steps_per_s` steps a
/// second, more or less. A session lets a command wait for the next tenth of a millisecond, unless a step is due
/// before.
fn typical(random: &mut Random, gap_us: u64, steps_per_s: u64, waits: bool) -> Code {
    let mut commands = Vec::new();
    let (mut now, mut value) = (Moment::default(), 0);
    let mut down = Vec::new();
    while commands.len() < 30 {
        // Gaps have a long tail: the logarithm of the odds, near enough.
        let tail = (0..4).take_while(|_| random.between(0, 2) == 0).count() as u64;
        let gap_us_now = gap_us * tail / 2 + random.between(20_000, gap_us * 7 / 5);
        let steps = gap_us_now * steps_per_s / 1_000_000;
        now.step += 1 + random.between(steps * 9 / 10, steps * 11 / 10 + 20);
        now.at.0 += gap_us_now;
        let next_step_is_near = random.between(0, 19) == 0;
        if waits && !next_step_is_near {
            now.at.0 = now.at.0.next_multiple_of(100);
        }
        let [from, to] = [(); 2].map(|()| NodeId(random.between(1, 5)));
        let command = match random.between(0, 9) {
            0..=2 if down.len() < 2 && !down.contains(&from) => {
                down.push(from);
                Command::Crash { server: from }
            }
            3..=5 if !down.is_empty() => Command::Restart { server: down.remove(0) },
            6 => Command::Cut { from, to },
            7 => Command::Heal { from, to },
            _ => {
                value += 1;
                let (key, value) = ("x".into(), value.to_string().into());
                Command::Ask {
                    client: ClientId(1),
                    to: None,
                    operation: Operation::Write(kv::Write::Put { key, value }),
                }
            }
        };
        commands.push((now, command));
    }
    now.step += 150;
    now.at.0 += gap_us;
    let recording = Recording {
        config: Config::default(),
        seed: random.between(0, u64::MAX - 1),
        commands,
    };
    Code::new(recording, now, TraceHash(random.between(0, u64::MAX - 1)))
}

/// The shortest, the median and the longest of many.
fn lengths(gap_us: u64, steps_per_s: u64, waits: bool) -> [usize; 3] {
    let mut random = Random::new(1);
    let codes = (0..100).map(|_| typical(&mut random, gap_us, steps_per_s, waits).encode().len());
    let mut lengths: Vec<usize> = codes.collect();
    lengths.sort_unstable();
    [0, 50, 99].map(|nth| lengths[nth])
}

#[test]
fn thirty_commands_take_two_hundred_characters() {
    for (gap_us, steps_per_s) in [(400_000, 150), (400_000, 600), (1_000_000, 300), (2_000_000, 300)] {
        let [_, median, longest] = lengths(gap_us, steps_per_s, true);
        assert!(longest <= 200, "{longest} characters, {gap_us} µs apart");
        assert!(median <= 190, "{median} characters, {gap_us} µs apart");
    }
    // To the microsecond it is mostly so, too, unless the commands lie far apart.
    for (gap_us, steps_per_s) in [(400_000, 150), (400_000, 600), (1_000_000, 300)] {
        let [_, median, longest] = lengths(gap_us, steps_per_s, false);
        assert!(median <= 200, "{median} characters, {gap_us} µs apart");
        assert!(longest <= 210, "{longest} characters, {gap_us} µs apart");
    }
}

#[test]
fn a_lecture_of_commands_takes_four_kilobytes() {
    let mut random = Random::new(1);
    let mut code = typical(&mut random, 2_000_000, 300, true);
    while code.recording.commands.len() < 600 {
        let last = code.recording.commands.last().expect("there are thirty").0;
        for (moment, command) in typical(&mut random, 6_000_000, 300, true).recording.commands {
            let at = Instant(last.at.0 + moment.at.0);
            let step = last.step + moment.step;
            code.recording.commands.push((Moment { step, at }, command));
        }
    }
    let text = code.encode();
    assert!(text.len() < 4_000, "{}", text.len());
    assert_eq!(Code::decode(&text), Ok(code));
}

#[test]
fn what_repeats_itself_is_deflated() {
    let command = |nth: u64| {
        let moment = Moment {
            step: nth * 40,
            at: Instant(nth * 100_000),
        };
        (
            moment,
            Command::TimeOut {
                server: NodeId(1 + nth % 5),
            },
        )
    };
    let recording = Recording {
        config: Config::default(),
        seed: 1,
        commands: (1..=1_000).map(command).collect(),
    };
    let code = Code::new(recording, Moment::default(), TraceHash(0));
    let text = code.encode();
    assert!(text.starts_with("v1.A"), "{text}");
    assert!(text.len() < 500, "{} characters", text.len());
    assert_eq!(Code::decode(&text), Ok(code));
}

fn wrong(place: Place, problem: Problem) -> Result<Code, CodeError> {
    Err(CodeError::Wrong { place, problem })
}

fn a_code() -> Code {
    typical(&mut Random::new(1), 400_000, 300, true)
}

#[test]
fn what_is_no_code_is_refused_with_its_reason() {
    assert_eq!(Code::decode(""), Err(CodeError::NoVersion));
    assert_eq!(Code::decode("1.AAAA"), Err(CodeError::NoVersion));
    assert_eq!(Code::decode("vx.AAAA"), Err(CodeError::NoVersion));
    assert_eq!(Code::decode("v2.AAAA"), Err(CodeError::UnknownVersion { version: 2 }));
    assert_eq!(
        Code::decode("v1.AA+A"),
        Err(CodeError::NotALetter { nth: 6, found: '+' })
    );
    assert_eq!(Code::decode("v1.A"), Err(CodeError::Torn));
    assert_eq!(Code::decode("v1."), wrong(Place::Head, Problem::EndsEarly));
    assert_eq!(Code::decode("v1.AQ"), Err(CodeError::Damaged));
    let bytes = Code::LEN_MAX + 1;
    assert_eq!(Code::decode(&"x".repeat(bytes)), Err(CodeError::TooLong { bytes }));
    let text = a_code().encode();
    let more = format!("{text}AAAA");
    assert_eq!(Code::decode(&more), wrong(Place::End, Problem::GoesOn));
    for end in 4..text.len() {
        assert!(Code::decode(&text[..end]).is_err(), "{end} characters are no code");
    }
}

#[test]
fn what_nobody_could_replay_is_refused() {
    let check = |change: fn(&mut Code)| {
        let mut code = a_code();
        change(&mut code);
        Code::decode(&code.encode())
    };
    let config = |error| wrong(Place::Config, Problem::Config(error));
    let command = |nth, problem| wrong(Place::Command { nth }, problem);
    assert_eq!(check(|_| ()), Ok(a_code()));
    assert_eq!(
        check(|c| c.recording.config.servers = 0),
        config(ConfigError::Servers(0))
    );
    assert_eq!(
        check(|c| c.recording.config.network.loss_ppm = 2_000_000),
        config(ConfigError::Ppm(2_000_000))
    );
    assert_eq!(
        check(|c| {
            let raft = Settings {
                in_flight_max: 0,
                ..Settings::default()
            };
            c.recording.commands[2].1 = Command::SetSettings(raft.into());
        }),
        command(3, Problem::Settings(raft_core::SettingsError::NothingInFlight))
    );
    assert_eq!(
        check(|c| c.recording.commands[4].0 = c.recording.commands[3].0),
        command(5, Problem::OutOfOrder)
    );
    assert_eq!(
        check(|c| c.recording.commands[4].0.step = 0),
        command(5, Problem::OutOfOrder)
    );
    assert!(check(|c| c.recording.commands[4].0.at = Instant(0)).is_err());
    assert_eq!(
        check(|c| c.recording.commands[0].1 = Command::Partition {
            groups: vec![vec![]; 65]
        }),
        command(1, Problem::TooMany { count: 65, max: 64 })
    );
    let many = check(|c| {
        let every = |step| (Moment { step, at: Instant(0) }, Command::HealAll);
        c.recording.commands = (0..10_001).map(every).collect();
    });
    assert_eq!(
        many,
        wrong(
            Place::Commands,
            Problem::TooMany {
                count: 10_001,
                max: 10_000
            }
        )
    );
}

#[test]
fn another_history_is_noticed() {
    let hash = TraceHash(0x1234_5678_9abc_def0);
    let code = Code::new(a_code().recording, Moment::default(), hash);
    assert_eq!((code.engine, code.trace), (ENGINE, 0x1234));
    assert!(code.matches(hash));
    assert!(!code.matches(TraceHash(0x1235_5678_9abc_def0)));
}

#[test]
fn what_is_wrong_is_said_in_words() {
    let said = |text: &str| {
        Code::decode(text)
            .map_err(|error| error.to_string())
            .expect_err("no code")
    };
    assert_eq!(said("hello"), "a code begins with its version, as in `v1.`");
    assert_eq!(
        said("v7.AAAA"),
        "this is a code of version 7; only version 1 is known here"
    );
    assert_eq!(
        said("v1.AAAA="),
        "character 8 is `=`: after the version there are only letters, digits, `-` and `_`"
    );
    assert_eq!(said("v1.AAAA"), "at the beginning of the code: the code ends early");
    let mut code = a_code();
    code.recording.config.servers = 11;
    assert_eq!(
        said(&code.encode()),
        "in the configuration: 11 servers: it must be 1 to 9"
    );
}
