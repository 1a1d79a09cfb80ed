//! Histories drawn from a seed: any cluster, any fault, any client.
#![cfg(not(target_arch = "wasm32"))]

use raft_core::{Change, ElectionStyle, Random, ReadMode, Rule, Settings};
use raft_sim::{
    ClientId, Command, Config, DiskConfig, Instant, Links, MessageId, Moment, NodeId, Operation, Recording, Timeline,
    Workload, kv,
};

/// A few seconds of some cluster, in which now and then somebody does something.
pub(crate) fn history(seed: u64) -> (Recording, Moment) {
    let mut random = Random::new(seed);
    let mut timeline = Timeline::new(config(&mut random), seed);
    let commands = random.between(1, 12);
    for _ in 0..commands {
        let pause_us = random.between(1, 600_000);
        timeline.advance_to(timeline.world().now().after_us(pause_us));
        let command = command(&mut random, &timeline);
        timeline.record(command);
    }
    let end_us = timeline.world().now().0 + 1_000_000;
    timeline.advance_to(Instant(end_us));
    (timeline.recording().clone(), timeline.moment())
}

fn config(random: &mut Random) -> Config {
    let mut config = Config {
        servers: random.between(1, Config::SERVERS_MAX),
        ..Config::default()
    };
    let raft = &mut config.raft;
    match random.between(0, 3) {
        0 => raft.election_style = ElectionStyle::TWO_STAGE,
        1 => raft.pre_vote = true,
        2 => {
            raft.check_quorum = true;
            raft.lease_drift_ppm_max = Some(10_000);
        }
        _ => {}
    }
    raft.batch_bytes_max = [64, 65_536][usize::from(chance(random, 50))];
    raft.announce_commit = chance(random, 50);
    raft.snapshot_chunk_bytes = [16, 65_536][usize::from(chance(random, 50))];
    config.snapshot_every = chance(random, 30).then(|| random.between(3, 20));
    config.network.loss_ppm = [0, random.between(0, 100_000)][usize::from(chance(random, 30))];
    config.network.duplication_ppm = [0, random.between(0, 100_000)][usize::from(chance(random, 30))];
    config.network.reordering_ppm = [0, random.between(0, 100_000)][usize::from(chance(random, 30))];
    config.workload = chance(random, 70).then(|| Workload {
        clients: random.between(1, 5),
        keys: random.between(1, 3),
        reads_percent: random.between(0, 50),
        compare_and_sets_percent: random.between(0, 30),
        ..Workload::puts(random.between(30_000, 300_000))
    });
    config
}

fn chance(random: &mut Random, percent: u64) -> bool {
    random.between(1, 100) <= percent
}

fn command(random: &mut Random, timeline: &Timeline) -> Command {
    let world = timeline.world();
    let mut servers = || NodeId(random.between(1, world.servers().len() as u64));
    let (server, other) = (servers(), servers());
    let leader = world.leader().unwrap_or(server);
    let client = ClientId(random.between(1, 6));
    let message = world
        .in_flight()
        .map(|in_flight| in_flight.id)
        .max()
        .unwrap_or(MessageId(1));
    let ppm = random.between(0, 200_000);
    let on = [
        Links::All,
        Links::One {
            from: server,
            to: other,
        },
    ][usize::from(chance(random, 50))];
    match random.between(0, 29) {
        0 | 1 => Command::Crash { server },
        2 => Command::Crash { server: leader },
        3 | 4 => Command::Restart { server },
        5 => Command::Pause { server },
        6 => Command::Resume { server },
        7 => Command::SetDrift {
            server,
            ppm: i64::try_from(ppm).expect("small") - 100_000,
        },
        8 => Command::TimeOut { server },
        9 => Command::SetDisk {
            server: Some(server),
            disk: DiskConfig {
                write_us_min: 1_000,
                write_us_max: random.between(1_000, 60_000),
            },
        },
        10 => Command::StallDisk { server },
        11 => Command::UnstallDisk { server },
        12 => Command::TakeSnapshot { server },
        13 => Command::Cut {
            from: server,
            to: other,
        },
        14 => Command::Heal {
            from: server,
            to: other,
        },
        15 => Command::Partition {
            groups: vec![vec![server, leader], vec![other]],
        },
        16 => Command::HealAll,
        17 => Command::SetLatency {
            on,
            us_min: 1_000,
            us_max: random.between(1_000, 40_000),
        },
        18 => Command::SetLoss { on, ppm },
        19 => Command::SetDuplication { on, ppm },
        20 => Command::SetReordering { on, ppm },
        21 => Command::Drop { message },
        22 => Command::Delay { message, by_us: ppm },
        23 => Command::Duplicate { message },
        24 => Command::put(client, "x", ppm.to_string()),
        25 => Command::read(client, "x", ReadMode::Local).to(server),
        26 => Command::Ask {
            client,
            to: None,
            operation: Operation::Write(kv::Write::CompareAndSet {
                key: "x".into(),
                expected: None,
                value: "first".into(),
            }),
        },
        27 => Command::ChangeMembers {
            change: match random.between(0, 2) {
                0 => Change::AddVoter(NodeId(random.between(1, Config::SERVERS_MAX))),
                1 => Change::AddLearner(NodeId(random.between(1, Config::SERVERS_MAX))),
                _ => Change::Remove(server),
            },
        },
        28 => Command::TransferLeadership { to: server },
        _ => match random.between(0, 1) {
            0 => Command::SetRule {
                rule: Rule::ALL[usize::try_from(random.between(0, Rule::ALL.len() as u64 - 1)).expect("small")],
                on: chance(random, 50),
            },
            _ => Command::SetSettings(
                Settings {
                    check_quorum: chance(random, 50),
                    pre_vote: chance(random, 50),
                    ..Settings::default()
                }
                .into(),
            ),
        },
    }
}
