//! What the world does to its servers, and how it tells of it.

use raft_core::{Body, Reason, Refusal, Role};
use raft_sim::{ClientId, Command, Config, Event, EventId, EventKind, Instant, Links, NodeId, Parcel, Server, World};

const SECOND: u64 = 1_000_000;

fn write(value: &str) -> Command {
    Command::put(ClientId(1), "x", value)
}

/// A write of a client of its own, straight to a server.
fn write_to(server: NodeId, client: u64, value: &str) -> Command {
    Command::put(ClientId(client), "x", value).to(server)
}

/// A world with a leader, one second old.
fn led(seed: u64) -> (World, Vec<Event>) {
    let mut world = World::new(Config::default(), seed);
    let mut events = Vec::new();
    world.advance_to(Instant(SECOND), &mut events);
    (world, events)
}

fn servers_with(world: &World, value: &str) -> usize {
    let has = |server: &&Server| {
        server
            .state()
            .and_then(|state| state.get("x"))
            .is_some_and(|x| **x == *value)
    };
    world.servers().iter().filter(has).count()
}

#[test]
fn a_write_reaches_every_state_machine() {
    let (mut world, mut events) = led(1);
    world.command(&write("1"), &mut events);
    world.advance_to(Instant(2 * SECOND), &mut events);
    assert_eq!(servers_with(&world, "1"), 5);
}

#[test]
fn a_minority_neither_elects_nor_commits() {
    let (mut world, mut events) = led(2);
    let leader = world.leader().unwrap();
    let others = world.servers().iter().map(Server::id).filter(|&id| id != leader);
    for server in others.take(3).collect::<Vec<_>>() {
        world.command(&Command::Crash { server }, &mut events);
    }
    world.command(&write("1"), &mut events);
    world.advance_to(Instant(5 * SECOND), &mut events);
    assert_eq!(servers_with(&world, "1"), 0);
    assert_eq!(world.leader(), Some(leader), "nobody tells it of a higher term");
}

#[test]
fn a_crash_takes_what_was_not_durable() {
    let (mut world, mut events) = led(3);
    let leader = world.leader().unwrap();
    let before = world.server(leader).unwrap().node().unwrap().log().last_index();
    world.command(&write_to(leader, 1, "1"), &mut events);
    while world.server(leader).unwrap().node().unwrap().log().last_index() == before {
        assert!(world.step(&mut events));
    }
    let had = world.server(leader).unwrap().node().unwrap().log().last_index();
    world.command(&Command::Crash { server: leader }, &mut events);
    let crashed = world.server(leader).unwrap();
    let crash = *crashed.crash().unwrap();
    assert_eq!(
        (crash.had, crash.kept.next()),
        (had, had),
        "the write was still on its way to the disk"
    );
    assert!(crashed.node().is_none() && crashed.state().is_none());

    world.command(&Command::Restart { server: leader }, &mut events);
    let node = world.server(leader).unwrap().node().unwrap();
    assert_eq!(node.log().last_index(), crash.kept);
    assert_eq!(node.commit_index().0, 0, "the commit index is volatile");
    assert!(matches!(node.role(), Role::Follower(_)));
}

#[test]
fn a_promise_waits_for_the_disk() {
    let mut world = World::new(Config::default(), 4);
    let mut events = Vec::new();
    let mut grants = 0;
    while world.now() < Instant(SECOND) {
        world.step(&mut events);
        for in_flight in world.in_flight() {
            let Parcel::Raft(message) = &in_flight.parcel else {
                continue;
            };
            let Body::RequestVoteReply { granted: true } = message.body else {
                continue;
            };
            let voter = world.server(message.from).unwrap().disk().stable();
            assert_eq!(voter.hard_state.current_term, message.term);
            assert_eq!(voter.hard_state.voted_for, Some(message.to));
            grants += 1;
        }
    }
    assert!(grants > 0);
}

#[test]
fn a_network_that_loses_everything_delivers_nothing() {
    let mut config = Config::default();
    config.network.loss_ppm = Config::PPM_MAX;
    let mut world = World::new(config, 5);
    let mut events = Vec::new();
    world.advance_to(Instant(3 * SECOND), &mut events);
    let count = |is: fn(&EventKind) -> bool| events.iter().filter(|event| is(&event.kind)).count();
    assert_eq!(count(|kind| matches!(kind, EventKind::Delivered { .. })), 0);
    assert!(count(|kind| matches!(kind, EventKind::Lost { .. })) > 10);
    assert_eq!(world.leader(), None);
    world.command(&Command::SetLoss { on: Links::All, ppm: 0 }, &mut events);
    world.advance_to(Instant(6 * SECOND), &mut events);
    assert!(world.leader().is_some());
}

#[test]
fn one_server_alone_leads_itself() {
    let config = Config {
        servers: 1,
        ..Config::default()
    };
    let mut world = World::new(config, 6);
    world.advance_to(Instant(SECOND), &mut ());
    assert_eq!(world.leader(), Some(NodeId(1)));
    world.command(&write("1"), &mut ());
    world.advance_to(Instant(2 * SECOND), &mut ());
    assert_eq!(servers_with(&world, "1"), 1);
}

#[test]
fn a_cluster_that_is_down_stays_down() {
    let (mut world, mut events) = led(7);
    for server in 1..=5 {
        let server = NodeId(server);
        world.command(&Command::Crash { server }, &mut events);
    }
    world.advance_to(Instant(60 * SECOND), &mut events);
    assert_eq!(world.next_step_at(), None);
    assert!(!world.step(&mut events));
    // A client goes on asking.
    world.command(&write("1"), &mut events);
    world.advance_to(Instant(70 * SECOND), &mut events);
    let lost = |event: &&Event| matches!(event.kind, EventKind::RequestLost { .. });
    assert_eq!(events.iter().filter(lost).count(), 20);
    let gone = Refusal::NotLeader { leader: None };
    world.command(&Command::TransferLeadership { to: NodeId(1) }, &mut events);
    assert_eq!(events.last().unwrap().kind, EventKind::Refused { why: gone });
}

#[test]
fn whether_somebody_watches_changes_nothing() {
    let mut watched = World::new(Config::default(), 8);
    let mut unwatched = World::unwatched(Config::default(), 8);
    let mut events = Vec::new();
    watched.advance_to(Instant(5 * SECOND), &mut events);
    unwatched.advance_to(Instant(5 * SECOND), &mut ());
    assert_eq!(watched.trace_hash(), unwatched.trace_hash());
    assert_eq!(watched.events(), unwatched.events());
}

#[test]
fn another_seed_is_another_history() {
    assert_ne!(led(9).0.trace_hash(), led(10).0.trace_hash());
    assert_eq!(led(9).0.trace_hash(), led(9).0.trace_hash());
}

#[test]
fn every_cause_comes_first_and_leads_back_to_the_outside() {
    let (mut world, mut events) = led(11);
    world.command(&write("1"), &mut events);
    world.advance_to(Instant(2 * SECOND), &mut events);
    let first = events[0].id.0;
    let event = |id: EventId| {
        id.0.checked_sub(first)
            .map(|place| &events[usize::try_from(place).unwrap()])
    };
    for event in &events {
        assert!(event.cause.is_none_or(|cause| cause < event.id), "{event:?}");
    }
    // From the commit of the write, back through answers, disks and requests, to the client.
    let commit = events
        .iter()
        .rev()
        .find(|e| matches!(e.kind, EventKind::Because(Reason::MajorityMatched { .. })));
    let mut way = vec![commit.unwrap()];
    while let Some(cause) = way.last().unwrap().cause.and_then(event) {
        way.push(cause);
    }
    let kinds: Vec<&EventKind> = way.iter().map(|event| &event.kind).collect();
    assert!(
        matches!(
            kinds[..],
            [
                EventKind::Because(_),
                EventKind::Delivered { .. },
                EventKind::Sent { .. },
                EventKind::WriteDurable { .. },
                EventKind::WriteIssued { .. },
                EventKind::Delivered { .. },
                EventKind::Sent { .. },
                EventKind::RequestDelivered { .. },
                ..,
                EventKind::Asked { .. },
                EventKind::Called { .. },
                EventKind::Commanded(Command::Ask { .. }),
            ]
        ),
        "{kinds:#?}"
    );
}

#[test]
fn a_crash_before_a_cut_is_durable_brings_the_old_entries_back() {
    let (mut world, mut events) = led(12);
    let old = world.leader().unwrap();
    let others: Vec<NodeId> = world.servers().iter().map(Server::id).filter(|&id| id != old).collect();
    for &server in &others {
        world.command(&Command::Crash { server }, &mut events);
    }
    for client in 1..=5 {
        world.command(&write_to(old, client, "1"), &mut events);
    }
    world.advance_to(Instant(2 * SECOND), &mut events);
    world.command(&Command::Crash { server: old }, &mut events);
    for &server in &others {
        world.command(&Command::Restart { server }, &mut events);
    }
    world.advance_to(Instant(5 * SECOND), &mut events);
    world.command(&Command::Restart { server: old }, &mut events);
    // Its five entries are cut as soon as it hears from the new leader; it crashes in that very moment.
    let is_cut = |event: &Event| {
        let cut = matches!(
            event.kind,
            EventKind::Because(Reason::EntriesAccepted { truncated: 5, .. })
        );
        cut && event.server == Some(old)
    };
    while !events.iter().any(is_cut) {
        assert!(world.step(&mut events));
    }
    world.command(&Command::Crash { server: old }, &mut events);
    let crash = world.server(old).unwrap().crash().unwrap();
    assert!(crash.kept <= crash.had, "{crash:?}");
    assert_eq!(crash.on_disk.0, crash.kept.0 + 5, "{crash:?}");
}
