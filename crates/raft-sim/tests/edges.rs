//! Faults at their edges: what is under way when they begin, what comes while they hold, and who hears of it.

use std::collections::BTreeSet;

use raft_core::session::ClientId;
use raft_core::{Change, Instant, NodeId, Random, ReadMode, Reason, Rule, Rules};
use raft_sim::{
    Command, Config, DiskConfig, Event, EventId, EventKind, Links, MessageId, Property, Server, Timeline, Workload,
    World, kv,
};

const SECOND: u64 = 1_000_000;

fn three_servers() -> Config {
    Config {
        servers: 3,
        ..Config::default()
    }
}

/// A world, and all that has happened in it since it was a second old.
struct Watched {
    world: World,
    events: Vec<Event>,
}

impl Watched {
    fn new(config: Config, seed: u64) -> Watched {
        let mut world = World::new(config, seed);
        world.advance_to(Instant(SECOND), &mut ());
        let events = Vec::new();
        Watched { world, events }
    }

    fn wait(&mut self, us: u64) {
        let at = self.world.now().after_us(us);
        self.world.advance_to(at, &mut self.events);
    }

    fn command(&mut self, command: &Command) {
        self.world.command(command, &mut self.events);
    }

    /// Goes on until something happens, and returns it.
    fn await_event(&mut self, is_it: impl Fn(&EventKind) -> bool) -> Event {
        let mut seen = self.events.len();
        loop {
            assert!(self.world.step(&mut self.events));
            if let Some(event) = self.events[seen..].iter().find(|event| is_it(&event.kind)) {
                return event.clone();
            }
            seen = self.events.len();
        }
    }

    fn leader(&self) -> NodeId {
        self.world.leader().unwrap()
    }

    fn follower(&self) -> NodeId {
        let mut ids = self.world.servers().iter().map(Server::id);
        ids.rfind(|&id| id != self.leader()).unwrap()
    }

    fn event(&self, id: EventId) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }
}

#[test]
fn what_came_while_it_was_paused_is_looked_at_before_timers_that_ran_out() {
    let mut watched = Watched::new(Config::default(), 1);
    let server = watched.follower();
    watched.command(&Command::Pause { server });
    watched.wait(SECOND);
    assert!(watched.world.server(server).unwrap().backlog() > 0);
    watched.command(&Command::Resume { server });
    let resumed = watched.events.len();
    watched.wait(1);
    let stands = |event: &Event| event.server == Some(server) && event.kind == EventKind::TimerFired;
    assert!(
        !watched.events[resumed..].iter().any(stands),
        "its leader has been alive all the time"
    );
}

#[test]
fn every_message_ends_also_with_a_paused_server_that_crashes() {
    let mut watched = Watched::new(Config::default(), 1);
    let server = watched.follower();
    watched.command(&Command::Pause { server });
    watched.wait(SECOND);
    watched.command(&Command::Crash { server });
    watched.wait(SECOND);
    let mut open: BTreeSet<MessageId> = BTreeSet::new();
    for event in &watched.events {
        match event.kind {
            EventKind::Sent { message, .. } => open.insert(message),
            EventKind::Delivered { message, .. }
            | EventKind::Lost { message, .. }
            | EventKind::Undeliverable { message, .. } => open.remove(&message),
            _ => continue,
        };
    }
    let in_flight: BTreeSet<MessageId> = watched.world.in_flight().map(|message| message.id).collect();
    assert_eq!(open, in_flight, "these have ended in no event");
}

#[test]
fn who_is_set_up_later_meets_the_faults_that_hold() {
    let mut watched = Watched::new(three_servers(), 1);
    let (alone, id) = (watched.follower(), NodeId(4));
    let together: Vec<NodeId> = (1..=3).map(NodeId).filter(|&id| id != alone).collect();
    let disk = DiskConfig {
        write_us_min: 50_000,
        write_us_max: 60_000,
    };
    watched.command(&Command::Partition {
        groups: vec![together, vec![alone]],
    });
    watched.command(&Command::SetDisk {
        server: None,
        disk: disk.clone(),
    });
    watched.command(&Command::ChangeMembers {
        change: Change::AddLearner(id),
    });
    let network = watched.world.network();
    for other in (1..=3).map(NodeId) {
        assert!(
            network.is_cut(id, other) && network.is_cut(other, id),
            "it is in no group"
        );
    }
    assert_eq!(*watched.world.server(id).unwrap().disk().config(), disk);
    watched.command(&Command::HealAll);
    watched.wait(5 * SECOND);
    assert!(watched.world.server(id).unwrap().node().unwrap().leader().is_some());
}

#[test]
fn a_doubled_message_may_arrive_though_the_first_is_lost() {
    let mut config = three_servers();
    config.network.loss_ppm = 500_000;
    let mut watched = Watched::new(config, 3);
    loop {
        watched.world.step(&mut watched.events);
        let doomed = watched.world.in_flight().find(|message| message.lost);
        let Some(message) = doomed.map(|message| message.id) else {
            continue;
        };
        watched.command(&Command::Duplicate { message });
        let EventKind::Duplicated { message: twin, .. } = watched.events.last().unwrap().kind else {
            unreachable!("that is all that this does")
        };
        let arrives = |kind: &EventKind| match kind {
            EventKind::Delivered { message, .. }
            | EventKind::RequestDelivered { message, .. }
            | EventKind::Undeliverable { message, .. } => *message == twin,
            _ => false,
        };
        watched.await_event(arrives);
        return;
    }
}

#[test]
fn a_stale_read_is_marked_though_nobody_up_knows_better() {
    let (put, key) = (|value: &str| Command::put(ClientId(1), "x", value), "x");
    let mut marked = 0;
    for seed in 0..20 {
        let mut watched = Watched::new(three_servers(), seed);
        let Some(leader) = watched.world.leader() else { continue };
        let returned = |kind: &EventKind| matches!(kind, EventKind::Returned { .. });
        let follower = watched.follower();
        watched.command(&put("1").to(leader));
        watched.await_event(returned);
        watched.wait(SECOND);
        watched.command(&put("2").to(leader));
        watched.await_event(returned);
        watched.command(&Command::Crash { server: leader });
        let other = follower;
        watched.command(&Command::read(ClientId(2), key, ReadMode::Local).to(other));
        let EventKind::Returned { answer, stale, .. } = watched.await_event(returned).kind else {
            unreachable!("that is what was awaited")
        };
        let is_old = answer == kv::Answer::Value(Some("1".into()));
        assert_eq!(stale, is_old, "seed {seed}: {answer:?}");
        marked += u64::from(stale);
    }
    assert!(marked > 10, "in {marked} histories of 20");
}

#[test]
fn what_no_message_takes_does_not_excuse_that_nobody_leads() {
    let mut config = three_servers();
    config.raft.rules = Rules::ALL.without(Rule::EqualLogsMayWin);
    let mut world = World::new(config, 1);
    for (from, to) in [(1, 1), (7, 1)] {
        let (from, to) = (NodeId(from), NodeId(to));
        let on = Links::One { from, to };
        world.command(&Command::SetLoss { on, ppm: 1 }, &mut ());
    }
    world.advance_to(Instant(60 * SECOND), &mut ());
    assert!(world.properties().unwrap().violation(Property::LeaderEmerges).is_some());
}

#[test]
fn a_snapshot_that_arrives_byte_by_byte_is_progress() {
    let mut config = three_servers();
    (config.raft.snapshot_chunk_bytes, config.raft.compaction_keeps) = (1, 0);
    let mut watched = Watched::new(config, 1);
    let (leader, server) = (watched.leader(), watched.follower());
    watched.command(&Command::Crash { server });
    for number in 0..12 {
        watched.command(&Command::put(ClientId(1), format!("key{number}"), "value-value"));
        watched.wait(SECOND / 2);
    }
    watched.command(&Command::TakeSnapshot { server: leader });
    watched.command(&Command::Restart { server });
    assert!(watched.world.is_healthy());
    watched.wait(60 * SECOND);
    let properties = watched.world.properties().unwrap();
    assert!(properties.seen(Property::SnapshotInstalled).is_some());
    assert_eq!(properties.violations().count(), 0);
}

#[test]
fn a_write_that_was_repeated_leads_back_to_who_wanted_it() {
    let mut watched = Watched::new(Config::default(), 1);
    let server = watched.leader();
    watched.command(&Command::Crash { server });
    watched.command(&Command::put(ClientId(1), "x", "1").to(server));
    let mut event = watched.await_event(|kind| matches!(kind, EventKind::Returned { .. }));
    while let Some(cause) = event.cause {
        event = watched.event(cause).unwrap().clone();
    }
    assert!(
        matches!(event.kind, EventKind::Commanded(Command::Ask { .. })),
        "{event:?}"
    );
}

#[test]
fn the_first_commit_leads_back_to_the_start_of_a_server() {
    let mut timeline = Timeline::new(Config::default(), 1);
    timeline.advance_to(Instant(SECOND));
    let is_commit = |kind: &EventKind| matches!(kind, EventKind::Because(Reason::MajorityMatched { .. }));
    let commit = timeline.events().iter().find(|event| is_commit(&event.kind)).unwrap();
    let causes = timeline.causes(commit.id, usize::MAX);
    let first = causes.last().unwrap();
    assert!(matches!(first.kind, EventKind::Started { .. }), "{first:?}");
    assert_eq!(first.cause, None);
}

#[test]
fn any_interval_that_passes_the_check_can_be_simulated() {
    let mut random = Random::new(1);
    for clients in 1..=Config::CLIENTS_MAX {
        for interval_us in [1, random.next_u64(), u64::MAX] {
            let workload = Workload {
                clients,
                ..Workload::puts(interval_us)
            };
            let config = Config {
                workload: Some(workload),
                ..three_servers()
            };
            assert_eq!(config.check(), Ok(()));
            World::new(config, 1).advance_to(Instant(100), &mut ());
        }
    }
}
