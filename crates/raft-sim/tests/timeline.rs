//! A history can be walked in any way: wherever one arrives, it is as if one had gone there straight.

use raft_core::{ElectionStyle, Random, Reason};
use raft_sim::{
    ClientId, Command, Condition, Config, Event, EventId, EventKind, Instant, Moment, NodeId, Recording, Timeline,
    TraceHash, Workload, World,
};

const SECOND: u64 = 1_000_000;

fn busy() -> Config {
    Config {
        workload: Some(Workload::puts(100_000)),
        ..Config::default()
    }
}

fn write(value: u64) -> Command {
    Command::put(ClientId(1), "x", value.to_string())
}

/// What a world is, for comparison: the hash covers all events, the rest what they left behind.
fn look(timeline: &Timeline) -> (TraceHash, Moment, String) {
    let world = timeline.world();
    (world.trace_hash(), world.moment(), format!("{:?}", world.servers()))
}

/// The same place in the same history, reached without any detour.
fn straight(recording: &Recording, moment: Moment) -> Timeline {
    let mut timeline = Timeline::replay(recording.clone());
    timeline.seek(moment);
    timeline
}

#[test]
fn any_walk_arrives_where_the_straight_way_does() {
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let mut timeline = Timeline::new(busy(), seed);
        for step in 0..60 {
            match random.between(0, 7) {
                0 | 1 => {
                    let ahead = random.between(0, 3 * SECOND);
                    timeline.advance_to(timeline.moment().at.after_us(ahead));
                }
                2 | 3 => timeline.seek_to(Instant(random.between(0, timeline.end().at.0 + SECOND))),
                4 => {
                    timeline.step_forward();
                }
                5 => {
                    timeline.step_back();
                }
                6 => timeline.record(write(step)),
                _ => {
                    let server = NodeId(random.between(1, 5));
                    let is_up = timeline.world().server(server).unwrap().node().is_some();
                    timeline.record(if is_up {
                        Command::Crash { server }
                    } else {
                        Command::Restart { server }
                    });
                }
            }
            let expected = straight(timeline.recording(), timeline.moment());
            assert_eq!(look(&timeline), look(&expected), "seed {seed}, step {step}");
        }
        let mut milestones = Timeline::replay(timeline.recording().clone());
        milestones.seek(timeline.end());
        assert_eq!(timeline.milestones(), milestones.milestones(), "seed {seed}");
    }
}

#[test]
fn back_and_forth_shows_the_same_again() {
    let mut timeline = Timeline::new(busy(), 3);
    timeline.advance_to(Instant(12 * SECOND));
    let later = look(&timeline);
    let events: Vec<_> = timeline.events().to_vec();
    timeline.seek_to(Instant(5 * SECOND));
    assert_ne!(look(&timeline), later);
    assert!(timeline.end().at == Instant(12 * SECOND), "going back forgets nothing");
    timeline.seek_to(Instant(12 * SECOND));
    assert_eq!(look(&timeline), later);
    let tail = timeline.events();
    assert_eq!(tail[tail.len() - 1_000..], events[events.len() - 1_000..]);
}

#[test]
fn one_step_back_undoes_one_step_forward() {
    let mut timeline = Timeline::new(Config::default(), 5);
    timeline.advance_to(Instant(SECOND));
    assert!(timeline.step_forward());
    let before = look(&timeline);
    for _ in 0..50 {
        assert!(timeline.step_forward());
    }
    for _ in 0..50 {
        assert!(timeline.step_back());
    }
    assert_eq!(look(&timeline), before);
    timeline.seek(Moment::default());
    assert!(!timeline.step_back(), "nothing comes before the beginning");
}

#[test]
fn the_moment_before_a_command_can_be_reached() {
    let mut timeline = Timeline::new(Config::default(), 2);
    timeline.advance_to(Instant(SECOND));
    let before = look(&timeline);
    timeline.record(write(1));
    timeline.advance_to(Instant(2 * SECOND));
    timeline.seek(before.1);
    assert_eq!(look(&timeline), before);
    timeline.seek(Moment::default());
    timeline.seek(before.1);
    assert_eq!(look(&timeline), before);
}

#[test]
fn doing_something_in_the_past_keeps_the_old_future() {
    let mut timeline = Timeline::new(Config::default(), 9);
    timeline.advance_to(Instant(SECOND));
    let leader = timeline.world().leader().unwrap();
    timeline.record(Command::Crash { server: leader });
    timeline.advance_to(Instant(3 * SECOND));
    let crashed = look(&timeline);

    timeline.seek_to(Instant(SECOND / 2));
    timeline.record(write(1));
    timeline.advance_to(Instant(2 * SECOND));
    let written = look(&timeline);
    assert_eq!(
        timeline.recording().commands.len(),
        1,
        "the crash lies in another future now"
    );
    assert_eq!(timeline.branches().len(), 1);

    assert!(timeline.take_up(0));
    assert_eq!(look(&timeline), crashed);
    assert!(timeline.take_up(0));
    assert_eq!(look(&timeline), written);
    assert!(!timeline.take_up(7), "there is no such branch");
}

#[test]
fn a_branch_can_be_taken_up_from_a_history_that_left_earlier() {
    let mut timeline = Timeline::new(Config::default(), 9);
    let mut histories = Vec::new();
    for (second, value) in [(3, 1), (2, 2), (1, 3)] {
        timeline.seek_to(Instant(second * SECOND));
        timeline.record(write(value));
        timeline.advance_to(Instant(4 * SECOND));
        histories.push((timeline.recording().clone(), look(&timeline)));
    }
    for (recording, expected) in histories {
        let place = timeline
            .branches()
            .iter()
            .position(|branch| branch.recording == recording);
        if let Some(place) = place {
            assert!(timeline.take_up(place));
        }
        assert_eq!(*timeline.recording(), recording);
        assert_eq!(look(&timeline), expected);
    }
}

#[test]
fn a_future_in_which_nothing_was_done_is_kept_if_it_goes_far() {
    let mut timeline = Timeline::new(Config::default(), 9);
    timeline.advance_to(Instant(SECOND));
    assert!(timeline.step_back());
    timeline.record(write(1));
    assert!(timeline.branches().is_empty(), "a step back leaves nothing behind");
    timeline.advance_to(Instant(2 * SECOND));
    timeline.seek_to(Instant(2 * SECOND - 1));
    timeline.record(write(2));
    assert!(timeline.branches().is_empty(), "nor does a moment");
    assert!(timeline.step_back());
    timeline.record(write(3));
    assert_eq!(
        timeline.branches().len(),
        1,
        "what was done is kept, however short it was"
    );
    timeline.advance_to(Instant(3 * SECOND));
    timeline.seek_to(Instant(5 * SECOND / 2));
    timeline.record(write(4));
    assert_eq!(
        timeline.branches().len(),
        2,
        "half a second is kept, even if nothing was done"
    );
}

#[test]
fn only_the_latest_branches_are_kept() {
    let mut timeline = Timeline::new(Config::default(), 9);
    let left = Timeline::BRANCHES_MAX as u64 + 5;
    for value in 0..=left {
        timeline.seek_to(Instant(SECOND - value));
        timeline.record(write(value));
        timeline.advance_to(Instant(SECOND + 1_000 * value));
    }
    let ends: Vec<u64> = timeline.branches().iter().map(|branch| branch.end.at.0).collect();
    let expected: Vec<u64> = (5..left).map(|value| SECOND + 1_000 * value).collect();
    assert_eq!(ends, expected);
    assert!(timeline.take_up(0));
    assert_eq!(timeline.branches().len(), Timeline::BRANCHES_MAX, "one for the other");
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let mut timeline = Timeline::new(Config::default(), 1);
    timeline.advance_to(Instant(SECOND));
    let servers = format!("{:?}", timeline.world().servers());
    for server in [0, 6, u64::MAX].map(NodeId) {
        timeline.record(Command::Crash { server });
        timeline.record(Command::Restart { server });
        timeline.record(write(1).to(server));
    }
    timeline.record(Command::Restart { server: NodeId(1) });
    assert_eq!(format!("{:?}", timeline.world().servers()), servers);
}

#[test]
fn every_event_can_be_gone_to_and_asked_for() {
    let mut timeline = Timeline::new(busy(), 3);
    timeline.record(Command::Crash { server: NodeId(2) });
    let mut world = World::new(busy(), 3);
    let mut events = Vec::new();
    world.command(&Command::Crash { server: NodeId(2) }, &mut events);
    world.advance_to(Instant(20 * SECOND), &mut events);
    timeline.advance_to(Instant(20 * SECOND));
    assert!(events.len() > 10_000, "several checkpoints: {}", events.len());
    for event in events.iter().step_by(997) {
        assert_eq!(timeline.event(event.id).as_ref(), Some(event));
        timeline.seek_to_event(event.id);
        assert_eq!(timeline.moment().step, event.step);
        assert!(timeline.world().events() >= event.id.0);
        assert!(timeline.step_back());
        assert!(timeline.world().events() < event.id.0);
    }
    let after = EventId(events.last().unwrap().id.0 + 1);
    assert_eq!(timeline.event(after), None, "it has not been reached");
}

#[test]
fn an_event_that_has_not_been_reached_is_not_told() {
    let mut timeline = Timeline::new(Config::default(), 3);
    for us in (0..SECOND).step_by(1_001) {
        timeline.advance_to(Instant(us));
        let next = EventId(timeline.world().events() + 1);
        assert_eq!(timeline.event(next), None, "{us} us");
    }
}

#[test]
fn a_timer_that_sets_itself_leads_to_the_turn_since_which_it_does() {
    let mut timeline = Timeline::new(Config::default(), 4);
    timeline.advance_to(Instant(60 * SECOND));
    let is_timer = |event: &&Event| event.kind == EventKind::TimerFired;
    let heartbeat = timeline.events().iter().rev().find(is_timer).unwrap().clone();
    let told = timeline.told_causes(heartbeat.id, usize::MAX);
    assert_eq!(told[0], heartbeat);
    assert_eq!(told[1].kind, EventKind::TimerFired, "the heartbeat before");
    assert_eq!(told[2].server, heartbeat.server);
    assert!(
        matches!(told[2].kind, EventKind::Because(Reason::Elected { .. })),
        "{:?}",
        told[2]
    );
    // From there on it is the same chain.
    assert_eq!(told[2..], timeline.causes(told[2].id, usize::MAX));

    // A candidate that nobody answers leads to its first candidacy, however many there have been.
    let mut alone = Timeline::new(Config::default(), 4);
    for server in 2..=5 {
        alone.record(Command::Crash { server: NodeId(server) });
    }
    alone.advance_to(Instant(20 * SECOND));
    let stands = |event: &Event| match event.kind {
        EventKind::Because(Reason::ElectionTimedOut { term, .. }) => Some(term.0),
        _ => None,
    };
    let last = alone
        .events()
        .iter()
        .rev()
        .find(|event| stands(event).is_some())
        .unwrap();
    assert!(stands(last) > Some(20));
    let told = alone.told_causes(last.id, usize::MAX);
    let terms: Vec<u64> = told.iter().filter_map(stands).collect();
    assert_eq!((terms.len(), terms.last()), (2, Some(&1)), "{told:?}");
}

#[test]
fn no_told_cause_comes_after_what_it_causes() {
    let mut told = 0;
    for seed in 0..60 {
        let mut config = busy();
        config.raft.check_quorum = seed % 2 == 0;
        match seed % 3 {
            0 => config.raft.pre_vote = true,
            1 => config.raft.election_style = ElectionStyle::TWO_STAGE,
            _ => {}
        }
        config.network.loss_ppm = 100_000;
        let mut timeline = Timeline::new(config, seed);
        let mut random = Random::new(seed);
        for step in 1..30 {
            timeline.advance_to(Instant(step * 150_000));
            let [server, other] = [(); 2].map(|()| NodeId(random.between(1, 5)));
            timeline.record(match random.between(0, 6) {
                0 => Command::Crash { server },
                1 => Command::Restart { server },
                2 => Command::Pause { server },
                3 => Command::Resume { server },
                4 => Command::TimeOut { server },
                5 => Command::HealAll,
                _ => Command::Partition {
                    groups: vec![vec![server, other]],
                },
            });
        }
        for event in timeline.events() {
            let chain = timeline.told_causes(event.id, 200);
            let falls = |pair: &[Event]| pair[1].id < pair[0].id;
            assert!(chain.windows(2).all(falls), "seed {seed}: {chain:?}");
            told += chain.len();
        }
    }
    assert!(told > 100_000, "{told}");
}

#[test]
fn causes_lead_back_to_the_first_whatever_is_remembered() {
    let mut timeline = Timeline::new(busy(), 4);
    let mut events = Vec::new();
    let mut world = World::observed(busy(), 4, &mut events);
    world.advance_to(Instant(10 * SECOND), &mut events);
    timeline.advance_to(Instant(10 * SECOND));
    timeline.seek_to(Instant(5 * SECOND));
    let find = |id: EventId| events.iter().find(|event| event.id == id).unwrap();
    // A heartbeat's timer was set at the one before, and so on back to the election, and to the start.
    let is_timer = |event: &&Event| event.kind == EventKind::TimerFired;
    let last = events.iter().rev().find(is_timer).unwrap();
    let causes = timeline.causes(last.id, usize::MAX);
    assert!(causes.len() > 50, "{}", causes.len());
    let mut id = Some(last.id);
    for cause in &causes {
        assert_eq!(cause.id, id.unwrap());
        assert_eq!(cause, find(cause.id));
        id = cause.cause;
    }
    assert_eq!(id, None, "it ends where a server starts");
    assert_eq!(timeline.causes(last.id, 3), causes[..3]);
}

#[test]
fn two_futures_are_told_apart() {
    let mut timeline = Timeline::new(busy(), 5);
    timeline.advance_to(Instant(3 * SECOND));
    let leader = timeline.world().leader().unwrap();
    timeline.seek_to(Instant(2 * SECOND));
    let parting = timeline.moment();
    timeline.record(Command::Crash { server: leader });
    timeline.advance_to(Instant(3 * SECOND));
    let difference = timeline.difference(0).unwrap();
    let [here, there] = difference.first.clone().map(Option::unwrap);
    assert_eq!(here.kind, EventKind::Commanded(Command::Crash { server: leader }));
    assert_eq!(here.step, parting.step + 1);
    assert_eq!(there.step, parting.step + 1, "there the next step went on undisturbed");
    let of_leader = difference
        .servers
        .iter()
        .find(|server| server.server == leader)
        .unwrap();
    let conditions = of_leader.look.map(|look| look.unwrap().condition);
    assert_eq!(conditions, [Condition::Crashed, Condition::Leader]);
    assert!(of_leader.log_from.is_some() && !of_leader.keys.is_empty());
    assert!(of_leader.keys.iter().all(|(_, [one, other])| one != other));
    assert_eq!(timeline.difference(1), None);
    // Where they have not parted yet nothing is different.
    timeline.seek_to(Instant(SECOND));
    let difference = timeline.difference(0).unwrap();
    assert_eq!((difference.first, difference.servers), ([None, None], vec![]));
}
