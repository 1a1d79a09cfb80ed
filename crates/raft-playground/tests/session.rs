//! What a reader can do, from the outside: actions in, scenes out.

use std::collections::BTreeSet;
use std::rc::Rc;

use raft_core::{ElectionStyle, Settings};
use raft_playground::scene::{LogRow, MarkKind, MessageKind, Role, Scene, Selection, Story, TimerKind, VoteState, Who};
use raft_playground::session::{Action, Notice, SLOWDOWN_MILLI_MAX, SLOWDOWN_MILLI_MIN, Session, Told};
use raft_playground::text::{Answer, Entries, Lang, Message, Request};
use raft_sim::{Code, Command, Config, DiskConfig, NetworkConfig, Operation, Workload, kv};

const SECOND_US: u64 = 1_000_000;

/// A session that plays as fast as it goes.
fn playing(seed: u64) -> Session {
    let mut session = Session::new(seed);
    session.update(Action::SetSlowdown {
        milli: SLOWDOWN_MILLI_MIN,
    });
    session.update(Action::Play);
    session
}

/// A session with other settings that plays in frames of a millisecond.
fn playing_with(raft: Settings, seed: u64) -> Session {
    let config = Config {
        raft,
        ..Config::default()
    };
    let mut session = Session::with_config(config, seed);
    session.update(Action::SetSlowdown { milli: 1_000 });
    session.update(Action::Play);
    session
}

/// Plays, in frames, until the scene is as wanted; at most ten seconds of the cluster.
fn play_until(session: &mut Session, wanted: impl Fn(&Scene) -> bool) -> Rc<Scene> {
    let limit = session.now_us() + 10 * SECOND_US;
    while !wanted(&session.scene()) {
        assert!(session.now_us() < limit, "not within ten seconds");
        session.tick(1_000);
    }
    session.scene()
}

fn leader(scene: &Scene) -> Option<u64> {
    let leaders = scene.servers.iter().filter(|server| server.role == Role::Leader);
    leaders.max_by_key(|server| server.term).map(|server| server.id)
}

fn crash(session: &mut Session, server: u64) {
    session.update(Action::Crash { server });
}

fn write(session: &mut Session, key: &str, value: &str) {
    session.update(Action::Write {
        key: key.into(),
        value: value.into(),
    });
}

/// The next write, as far as the leader's log.
fn write_next(session: &mut Session) -> Rc<Scene> {
    let entries = |scene: &Scene| leader(scene).map(|leader| scene.logs[leader as usize - 1].entries.len());
    let before = entries(&session.scene());
    session.update(Action::WriteNext);
    while entries(&session.scene()) == before {
        session.update(Action::StepForward);
    }
    session.update(Action::Play);
    session.scene()
}

fn labels(row: &LogRow) -> String {
    let labels: Vec<Rc<str>> = row.entries.iter().map(|entry| entry.label).collect();
    labels.join(" ")
}

fn state(row: &LogRow) -> String {
    let pairs: Vec<String> = row.state.iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(" ")
}

/// What the cluster looks like, without what lies ahead of the cursor.
fn picture(scene: &Scene) -> Scene {
    Scene {
        lanes: Rc::default(),
        marks: Rc::default(),
        span_us: 0,
        ..scene.clone()
    }
}

fn commands(session: &Session) -> usize {
    session.timeline().recording().commands.len()
}

#[test]
fn it_opens_just_before_the_first_election() {
    for seed in 0..50 {
        let mut session = Session::new(seed);
        let scene = session.scene();
        assert!(!scene.playing);
        assert!(
            scene
                .servers
                .iter()
                .all(|server| server.role == Role::Follower && server.term == 0)
        );
        assert!(scene.story.is_empty() && scene.messages.is_empty());
        // Two seconds of the reader's time, at the speed it comes with.
        session.update(Action::Play);
        (0..120).for_each(|_| session.tick(16_667));
        let scene = session.scene();
        let first = scene.story.last().expect("something happens within two seconds");
        assert!(
            matches!(first.what, Message::StoodForElection { term: 1, .. }),
            "seed {seed}: {first:?}"
        );
    }
}

#[test]
fn a_leader_crashes_and_another_one_is_elected() {
    let mut session = playing(7);
    let first = leader(&play_until(&mut session, |scene| leader(scene).is_some())).unwrap();
    let term = session.scene().servers[first as usize - 1].term;
    session.update(Action::Toggle { server: first });
    let scene = session.scene();
    assert_eq!(scene.servers[first as usize - 1].role, Role::Crashed);
    assert_eq!((scene.writable, leader(&scene)), (None, None));

    let second = leader(&play_until(&mut session, |scene| leader(scene).is_some())).unwrap();
    assert_ne!(first, second);
    assert!(session.scene().servers[second as usize - 1].term > term);

    session.update(Action::Toggle { server: first });
    let scene = play_until(&mut session, |scene| {
        scene.servers[first as usize - 1].leader == Some(second)
    });
    assert_eq!(scene.servers[first as usize - 1].role, Role::Follower);
}

#[test]
fn a_write_reaches_every_log_and_every_map() {
    let mut session = playing(7);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::WriteNext);
    write(&mut session, "colour", "blue");
    let scene = play_until(&mut session, |scene| scene.logs.iter().all(|row| row.commit_index == 3));
    for row in scene.logs.iter() {
        assert_eq!(labels(row), "— x=1 colour=blue");
        assert_eq!(state(row), "colour=blue x=1");
        assert!(row.entries.iter().all(|entry| entry.committed && entry.durable));
    }
    let leader = scene.writable.unwrap();
    for row in scene.logs.iter() {
        let expected = (row.server != leader).then_some((4, 3));
        assert_eq!(row.progress.map(|it| (it.next_index, it.match_index)), expected);
    }
}

#[test]
fn what_a_crash_loses_is_shown() {
    let mut session = playing(7);
    let leader = play_until(&mut session, |scene| scene.writable.is_some())
        .writable
        .unwrap();
    play_until(&mut session, |scene| scene.logs.iter().all(|row| row.commit_index == 1));
    let row = &write_next(&mut session).logs[leader as usize - 1];
    assert_eq!(
        (row.durable_index, row.entries.get(1).unwrap().durable),
        (1, false),
        "the disk takes its time"
    );
    crash(&mut session, leader);
    let scene = session.scene();
    let (server, row) = (&scene.servers[leader as usize - 1], &scene.logs[leader as usize - 1]);
    assert_eq!(server.kept, Some((1, 2)));
    assert_eq!((server.timer, server.leader, server.commit_index), (None, None, 0));
    assert!(row.crashed);
    assert_eq!((labels(row), state(row)), ("—".to_owned(), String::new()));
    assert_eq!(scene.story[0].what, Message::Crashed(leader));
    assert_eq!(
        scene.story[0].why,
        Some(Message::BecauseCrashed {
            kept: 1,
            had: 2,
            lost: (None, None)
        })
    );
}

#[test]
fn going_back_shows_what_was_seen_then() {
    let mut session = playing(11);
    let mut seen = Vec::new();
    for frame in 0..400 {
        session.tick(1_000);
        match frame {
            100 | 250 => session.update(Action::WriteNext),
            200 => {
                let leader = session.scene().writable.unwrap();
                crash(&mut session, leader);
            }
            _ => {}
        }
        seen.push((session.now_us(), session.trace_hash(), session.scene()));
    }
    session.update(Action::Pause);
    let paused = |scene: &Scene| Scene {
        playing: false,
        ..picture(scene)
    };
    // Back and forth, in an order that has nothing to do with time.
    for place in (0..seen.len()).map(|i| i * 149 % seen.len()) {
        let (us, hash, scene) = &seen[place];
        session.update(Action::SeekTo { us: *us });
        assert_eq!(session.now_us(), *us);
        assert_eq!(session.trace_hash(), *hash, "at {us}");
        assert_eq!(picture(&session.scene()), paused(scene), "at {us}");
    }
    assert_eq!(commands(&session), 3, "looking around is not recorded");
    assert!(session.timeline().branches().is_empty());
}

#[test]
fn stepping_goes_from_event_to_event_and_back() {
    let mut session = Session::new(3);
    session.update(Action::Play);
    session.update(Action::StepForward);
    assert!(!session.is_playing(), "whoever steps has stopped");
    let mut seen = Vec::new();
    for _ in 0..200 {
        seen.push((session.trace_hash(), picture(&session.scene())));
        session.update(Action::StepForward);
    }
    for (hash, scene) in seen.into_iter().rev() {
        session.update(Action::StepBack);
        assert_eq!(session.trace_hash(), hash);
        assert_eq!(picture(&session.scene()), scene);
    }
}

#[test]
fn before_the_beginning_there_is_nothing() {
    let mut session = Session::new(3);
    session.update(Action::SeekTo { us: 0 });
    (0..3).for_each(|_| session.update(Action::StepBack));
    assert_eq!(session.now_us(), 0);
    assert!(session.scene().story.is_empty());
}

#[test]
fn what_happens_does_not_depend_on_the_frame_rate() {
    let run = |frame_us: u64| {
        let mut session = Session::new(5);
        session.update(Action::SetSlowdown { milli: 300 });
        session.update(Action::Play);
        let mut hashes = Vec::new();
        for part in 0..8 {
            (0..1_200_000 / frame_us).for_each(|_| session.tick(frame_us));
            hashes.push((session.now_us(), session.trace_hash(), session.scene()));
            match (part, session.scene().writable) {
                (1 | 4, Some(_)) => session.update(Action::WriteNext),
                (2, Some(leader)) => crash(&mut session, leader),
                _ => {}
            }
        }
        hashes
    };
    let slow = run(240_000);
    assert!(slow.last().unwrap().2.story.len() > 20);
    assert_eq!(run(16_000), slow);
    assert_eq!(run(1_250), slow);
}

#[test]
fn a_late_frame_does_not_make_up_for_everything() {
    let mut session = playing(5);
    let before = session.now_us();
    session.tick(3_600 * SECOND_US);
    assert_eq!(
        session.now_us() - before,
        2_500_000,
        "a quarter of a second, ten times faster"
    );
}

#[test]
fn at_the_slowest_single_microseconds_add_up() {
    let mut session = Session::new(5);
    session.update(Action::SetSlowdown { milli: u64::MAX });
    session.update(Action::Play);
    let before = session.now_us();
    (0..1_000).for_each(|_| session.tick(1_500));
    assert_eq!(session.now_us() - before, 1_500);
}

#[test]
fn the_speed_has_its_stops_and_its_limits() {
    let mut session = Session::new(5);
    let mut speeds = vec![session.scene().slowdown_milli];
    for _ in 0..20 {
        session.update(Action::Slower);
        speeds.push(session.scene().slowdown_milli);
    }
    speeds.dedup();
    assert_eq!(speeds, [25_000, 50_000, 100_000, 250_000, 500_000, SLOWDOWN_MILLI_MAX]);
    session.update(Action::SetSlowdown { milli: 0 });
    assert_eq!(session.scene().slowdown_milli, SLOWDOWN_MILLI_MIN);
    session.update(Action::Faster);
    assert_eq!(session.scene().slowdown_milli, SLOWDOWN_MILLI_MIN);
    session.update(Action::SetSlowdown { milli: 30_000 });
    session.update(Action::Faster);
    assert_eq!(session.scene().slowdown_milli, 25_000);
}

#[test]
fn doing_something_in_the_past_begins_another_future_and_keeps_the_old_one() {
    let mut session = playing(9);
    let scene = play_until(&mut session, |scene| scene.writable.is_some());
    let (elected_at, first) = (session.now_us(), scene.writable.unwrap());
    session.update(Action::SeekTo {
        us: elected_at + SECOND_US,
    });
    let old = (session.timeline().end(), session.trace_hash());
    let marks = session.scene().marks.len();

    session.update(Action::SeekTo { us: elected_at });
    crash(&mut session, first);
    // Commands come at round times.
    assert_eq!(session.end_us(), elected_at.next_multiple_of(100));
    let scene = play_until(&mut session, |scene| leader(scene).is_some());
    assert_ne!(leader(&scene), Some(first));
    assert!(scene.marks.len() > marks);
    let crashes = scene.story.iter().filter(|story| story.what == Message::Crashed(first));
    assert_eq!(crashes.count(), 1);

    let branches = session.timeline().branches();
    assert_eq!(branches.len(), 1);
    assert_eq!((branches[0].end, branches[0].recording.commands.len()), (old.0, 0));
    let mut again = raft_sim::Timeline::replay(branches[0].recording.clone());
    again.seek(branches[0].end);
    assert_eq!(again.world().trace_hash().0, old.1);
}

#[test]
fn the_other_future_can_be_taken_up_and_left_again() {
    let mut session = playing(9);
    let scene = play_until(&mut session, |scene| scene.writable.is_some());
    let (elected_at, first) = (session.now_us(), scene.writable.unwrap());
    assert_eq!(scene.branches, 0);
    let calm = elected_at + SECOND_US;
    session.update(Action::SeekTo { us: calm });
    let old = (session.now_us(), session.trace_hash(), session.scene());

    session.update(Action::SeekTo { us: elected_at });
    crash(&mut session, first);
    play_until(&mut session, |scene| leader(scene).is_some());
    let new = (session.now_us(), session.trace_hash(), session.scene());
    assert_eq!(new.2.branches, 1);

    session.notices();
    for (us, hash, scene) in [&old, &new, &old] {
        session.update(Action::TakeUpBranch);
        assert_eq!((session.now_us(), session.trace_hash()), (*us, *hash));
        let shown = session.scene();
        assert_eq!((shown.branches, &shown.story), (1, &scene.story), "one for the other");
        assert_eq!((&shown.lanes, &shown.marks), (&scene.lanes, &scene.marks));
        assert!(session.notices().is_empty(), "what lies between is not news");
    }
    session.update(Action::StepBack);
    write(&mut session, "x", "1");
    assert_eq!(session.scene().branches, 1, "a step back leaves nothing behind");
    session.update(Action::Reset { seed: 9 });
    session.update(Action::TakeUpBranch);
    assert_eq!(session.trace_hash(), Session::new(9).trace_hash(), "nothing is kept");
}

#[test]
fn all_futures_that_are_kept_can_be_taken_up_one_after_the_other() {
    let mut session = playing(9);
    let mut hashes = Vec::new();
    for value in ["1", "2", "3", "4"] {
        session.update(Action::SeekTo { us: SECOND_US / 2 });
        write(&mut session, "x", value);
        session.update(Action::SeekTo { us: SECOND_US });
        hashes.push(session.trace_hash());
    }
    let kept = session.scene().branches;
    let all: BTreeSet<_> = hashes.iter().copied().collect();
    assert_eq!((kept, all.len()), (3, 4));
    for hash in hashes.iter().chain(&hashes) {
        session.update(Action::TakeUpBranch);
        assert_eq!(session.trace_hash(), *hash);
        assert_eq!(session.scene().branches, kept, "one for the other");
    }
}

#[test]
fn another_size_or_a_busy_client_begins_again() {
    let mut session = playing(7);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::SetServers { servers: 9 });
    assert_eq!((session.scene().servers.len(), session.seed()), (9, 7));
    session.update(Action::SetWritesPerSecond { writes: 500 });
    assert_eq!(session.scene().servers.len(), 9, "one keeps the other");
    session.update(Action::SeekTo { us: SECOND_US });
    assert!(session.scene().messages.len() > 20, "it has much to send");
    session.update(Action::SetWritesPerSecond { writes: 0 });
    session.update(Action::SetServers { servers: 5 });
    assert_eq!(session.trace_hash(), Session::new(7).trace_hash());
    session.update(Action::SeekTo { us: SECOND_US });
    let hash = session.trace_hash();
    for servers in [0, 10, u64::MAX] {
        session.update(Action::SetServers { servers });
    }
    session.update(Action::SetWritesPerSecond { writes: u64::MAX });
    assert_eq!(session.trace_hash(), hash, "there is no such cluster");
}

#[test]
fn the_story_is_the_same_however_one_came_there() {
    let mut played = playing(13);
    play_until(&mut played, |scene| scene.writable.is_some());
    played.update(Action::WriteNext);
    (0..700).for_each(|_| played.tick(1_000));
    played.update(Action::Pause);

    let mut jumped = Session::new(13);
    for (moment, command) in played.timeline().recording().commands.clone() {
        jumped.update(Action::SeekTo { us: moment.at.0 });
        let Command::Ask {
            operation: Operation::Write(kv::Write::Put { key, value }),
            ..
        } = command
        else {
            unreachable!()
        };
        write(&mut jumped, &key, &value);
    }
    jumped.update(Action::SeekTo { us: played.now_us() });
    assert_eq!(jumped.trace_hash(), played.trace_hash());
    assert_eq!(jumped.scene().story, played.scene().story);
    assert!(!jumped.scene().story.is_empty());
}

/// The way of a request (§5.3): the leader's log, the followers' logs, a majority, the commit, and the word of it.
#[test]
fn one_write_is_told_step_by_step() {
    let mut session = playing(13);
    let leader = play_until(&mut session, |scene| scene.writable.is_some())
        .writable
        .unwrap();
    session.update(Action::SeekTo { us: SECOND_US });
    session.update(Action::WriteNext);
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    let scene = session.scene();
    let mut lines: Vec<_> = scene.story.iter().filter(|line| line.at_us >= SECOND_US).collect();
    lines.reverse();
    let entries = || Entries::Command("x=1".into());
    let appended = |server| Message::Appended {
        server,
        entries: entries(),
    };
    let (client, to) = (1, leader);
    let request = Request::Write("x=1".into());
    assert_eq!(lines[0].what, Message::ClientAsked { client, to, request });
    assert_eq!(lines[0].why, Some(Message::BecauseLeaderWrites));
    assert_eq!(lines[1].what, appended(leader));
    assert_eq!(lines[1].why, Some(Message::BecauseClientWrote { index: 2 }));
    let mut followers: Vec<u64> = (1..=5).filter(|&server| server != leader).collect();
    let position = |what: &Message| lines.iter().position(|line| line.what == *what).unwrap();
    let committed = position(&Message::Committed {
        server: leader,
        entries: entries(),
    });
    for &server in &followers {
        let applied = position(&Message::Applied {
            server,
            entries: entries(),
        });
        assert!(position(&appended(server)) < applied && committed < applied);
    }
    let answer = || Answer::Written("x=1".into());
    let answered = position(&Message::Answered {
        server: leader,
        client,
        answer: answer(),
    });
    let known = position(&Message::ClientKnows {
        client,
        from: leader,
        answer: answer(),
    });
    assert!(committed < answered && answered < known);
    assert_eq!(lines.len(), 13, "nothing else is worth telling");

    let Some(Message::BecauseMajorityHas {
        index: 2,
        on,
        count: 3,
        servers: 5,
    }) = &lines[committed].why
    else {
        panic!("{:?}", lines[committed].why);
    };
    assert_eq!(on.len(), 3);
    // The leader, and those whose answer came first: they had the entry before.
    followers.retain(|server| on.contains(server));
    assert!(on.contains(&leader) && followers.len() == 2);
    assert!(followers.iter().all(|&server| position(&appended(server)) < committed));
}

#[test]
fn each_line_of_the_story_leads_to_its_moment() {
    let mut session = playing(13);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::WriteNext);
    session.update(Action::SeekTo {
        us: session.now_us() + 20 * SECOND_US,
    });
    let story = session.scene().story.clone();
    assert!(story.len() > 20);
    for line in story.iter() {
        session.update(Action::GoToEvent { event: line.event });
        assert_eq!(session.now_us(), line.at_us);
        assert!(session.scene().story.contains(line), "{line:?}");
        assert!(!session.is_playing());
    }
    let before = session.trace_hash();
    for event in [0, u64::MAX] {
        session.update(Action::GoToEvent { event });
        assert_eq!(session.trace_hash(), before);
    }
}

#[test]
fn what_makes_no_sense_does_nothing() {
    let mut session = playing(7);
    let scene = play_until(&mut session, |scene| scene.writable.is_some());
    let leader = scene.writable.unwrap();
    session.update(Action::SeekTo {
        us: session.now_us() + SECOND_US,
    });
    session.update(Action::SeekTo {
        us: session.now_us() - SECOND_US,
    });
    let (hash, end) = (session.trace_hash(), session.end_us());
    let write_to = |server| Action::WriteTo {
        server,
        key: "x".into(),
        value: "1".into(),
    };
    for action in [
        Action::Crash { server: 0 },
        Action::Crash { server: 6 },
        Action::Crash { server: u64::MAX },
        Action::Restart { server: leader },
        Action::Restart { server: 6 },
        Action::Toggle { server: 6 },
        Action::Select(Selection::Server(6)),
        write_to(6),
    ] {
        session.update(action.clone());
        assert_eq!((session.trace_hash(), session.end_us()), (hash, end), "{action:?}");
        assert_eq!(session.scene().selected(), None);
    }
    assert_eq!((commands(&session), session.timeline().branches().len()), (0, 0));

    crash(&mut session, leader);
    let hash = session.trace_hash();
    session.update(Action::Crash { server: leader });
    assert_eq!((session.trace_hash(), commands(&session)), (hash, 1));

    session.update(Action::SeekTo { us: u64::MAX });
    assert!(
        session.now_us() <= end + 61 * SECOND_US,
        "nobody goes to the end of time"
    );
}

#[test]
fn a_write_to_a_follower_is_turned_away_with_the_leaders_name() {
    let mut session = playing(7);
    let scene = play_until(&mut session, |scene| {
        scene.servers.iter().all(|server| server.leader.is_some())
    });
    let leader = scene.writable.unwrap();
    let follower = leader % 5 + 1;
    session.update(Action::WriteTo {
        server: follower,
        key: "x".into(),
        value: "1".into(),
    });
    let refused = Message::RefusedWrite {
        server: follower,
        label: "x=1".into(),
    };
    let scene = play_until(&mut session, |scene| {
        scene.story.iter().any(|line| line.what == refused)
    });
    let story = scene.story.iter().find(|line| line.what == refused).unwrap();
    assert_eq!(story.why, Some(Message::BecauseNotLeader { leader: Some(leader) }));
}

/// A client does not need to know who leads, or whether anybody does: it asks until it is answered.
#[test]
fn without_a_leader_a_client_asks_one_server_after_the_other() {
    let mut session = playing(7);
    assert_eq!(session.scene().writable, None);
    session.update(Action::WriteNext);
    let client = &session.scene().clients[0];
    let call = client.call.as_ref().unwrap();
    assert_eq!(
        (client.id, &call.request, call.tries),
        (1, &Request::Write("x=1".into()), 1)
    );
    let scene = play_until(&mut session, |scene| scene.logs.iter().all(|row| state(row) == "x=1"));
    assert_eq!((&scene.clients[0].call, scene.clients[0].queued), (&None, 0));
    let told = |what: fn(&Message) -> bool| scene.story.iter().any(|line| what(&line.what));
    assert!(told(|what| matches!(what, Message::ClientWaits(1))));
    assert!(told(|what| matches!(what, Message::ClientRepeats { client: 1, .. })));
}

/// Beside clients that write on their own the reader's is another one.
#[test]
fn the_reader_writes_as_a_client_of_their_own() {
    for (writes, reader) in [(10, 2), (100, 11), (1_000, 16)] {
        let mut session = playing(7);
        session.update(Action::SetWritesPerSecond { writes });
        session.update(Action::SeekTo { us: SECOND_US });
        session.update(Action::WriteNext);
        let knows = |line: &Story| matches!(line.what, Message::ClientKnows { client, .. } if client == reader);
        play_until(&mut session, |scene| scene.story.iter().any(knows));
        session.update(Action::SeekTo { us: 2 * SECOND_US });
        let scene = session.scene();
        assert_eq!(scene.clients.len() as u64, reader);
        // What the others write is not told one by one, but it fills the logs.
        assert!(scene.story.iter().all(|line| line.who != Who::Client(1)));
        let entries = scene.logs[0].commit_index;
        assert!(
            (writes / 8..2 * writes).contains(&entries),
            "{entries} of {writes} a second"
        );
    }
}

#[test]
fn the_button_names_what_it_will_write() {
    let mut session = playing(7);
    play_until(&mut session, |scene| scene.writable.is_some());
    let opened = session.now_us();
    let mut named = Vec::new();
    for _ in 0..4 {
        let (key, value) = session.scene().next_write.clone();
        let scene = write_next(&mut session);
        let log = &scene.logs[scene.writable.unwrap() as usize - 1];
        let label = format!("{key}={value}");
        assert_eq!(*log.entries.last().unwrap().label, label);
        named.push(label);
        play_until(&mut session, |scene| scene.clients[0].call.is_none());
    }
    assert_eq!(named, ["x=1", "y=2", "z=3", "x=4"]);
    session.update(Action::SeekTo { us: opened - 1 });
    assert_eq!(session.scene().next_write, ("x".into(), "1".into()));
}

#[test]
fn a_scene_is_the_same_until_something_changes() {
    let mut session = Session::new(7);
    session.update(Action::Play);
    let scene = session.scene();
    assert!(Rc::ptr_eq(&scene, &session.scene()));
    let before = session.now_us();
    session.tick(1_000);
    assert_eq!(session.now_us(), before + 40, "time has passed");
    assert!(Rc::ptr_eq(&scene, &session.scene()), "nothing has happened");
    for action in [
        Action::Play,
        Action::Crash { server: 9 },
        Action::Select(Selection::Nothing),
    ] {
        session.update(action);
        assert!(Rc::ptr_eq(&scene, &session.scene()));
    }
}

#[test]
fn what_has_not_changed_is_shared_with_the_scene_before() {
    let mut session = playing(7);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::WriteNext);
    let is_over = |scene: &Scene| scene.clients[0].call.is_none();
    let is_everywhere = |scene: &Scene| scene.logs.iter().all(|row| row.commit_index == 2);
    let before = play_until(&mut session, |scene| is_over(scene) && is_everywhere(scene));
    session.update(Action::Select(Selection::Server(2)));
    let selected = session.scene();
    assert!(!Rc::ptr_eq(&before, &selected));
    assert!(Rc::ptr_eq(&before.servers, &selected.servers));
    assert!(Rc::ptr_eq(&before.logs, &selected.logs));
    assert!(Rc::ptr_eq(&before.story, &selected.story));
    assert!(Rc::ptr_eq(&before.lanes, &selected.lanes));
    assert!(Rc::ptr_eq(&before.properties, &selected.properties));

    // Heartbeats change timers and messages, not the logs.
    session.update(Action::SeekTo {
        us: session.now_us() + 80_000,
    });
    let later = session.scene();
    assert_ne!(before.servers, later.servers);
    assert!(Rc::ptr_eq(&before.logs, &later.logs));
    assert!(Rc::ptr_eq(&before.story, &later.story));

    // One more entry in one log leaves the other rows alone.
    let written = write_next(&mut session);
    let leader = written.writable.unwrap() as usize - 1;
    for place in 0..5 {
        let same = later.logs[place].entries == written.logs[place].entries;
        assert_eq!(same, place != leader);
        assert!(Rc::ptr_eq(&later.logs[place].state, &written.logs[place].state));
    }
}

#[test]
fn a_candidates_votes_are_on_their_way_then_granted() {
    let mut session = playing(7);
    let is_candidate = |scene: &Scene| scene.servers.iter().any(|server| server.role == Role::Candidate);
    let scene = play_until(&mut session, is_candidate);
    let candidate = scene
        .servers
        .iter()
        .find(|server| server.role == Role::Candidate)
        .unwrap();
    assert_eq!((candidate.votes.len(), candidate.majority), (5, 3));
    assert!(
        candidate.votes.iter().all(|vote| vote.state == VoteState::OnItsWay),
        "its own is being written"
    );
    assert_eq!(candidate.voted_for, Some(candidate.id));
    let id = candidate.id;
    let granted = |scene: &Scene| {
        let votes = scene.servers[id as usize - 1].votes.iter();
        votes.filter(|vote| vote.state == VoteState::Granted).count()
    };
    let scene = play_until(&mut session, |scene| granted(scene) == 1);
    let votes = &scene.servers[id as usize - 1].votes;
    let own = votes.iter().find(|vote| vote.state == VoteState::Granted).unwrap();
    assert_eq!(own.from, id);
    play_until(&mut session, |scene| leader(scene) == Some(id));
    assert!(session.scene().servers[id as usize - 1].votes.is_empty());
}

#[test]
fn nothing_is_heard_of_the_vote_of_a_crashed_server() {
    let mut session = playing(7);
    for server in 1..=4 {
        crash(&mut session, server);
    }
    let candidate = |scene: &Scene| scene.servers[4].clone();
    let scene = play_until(&mut session, |scene| {
        candidate(scene)
            .votes
            .iter()
            .any(|vote| vote.state == VoteState::Silent)
    });
    assert_eq!(candidate(&scene).role, Role::Candidate);
    play_until(&mut session, |scene| {
        let states: Vec<VoteState> = candidate(scene).votes.iter().map(|vote| vote.state).collect();
        states
            == [
                VoteState::Silent,
                VoteState::Silent,
                VoteState::Silent,
                VoteState::Silent,
                VoteState::Granted,
            ]
    });
}

#[test]
fn turns_are_announced_once_and_only_while_time_runs_forward() {
    let mut session = playing(7);
    let scene = play_until(&mut session, |scene| scene.writable.is_some());
    let (elected_at, first) = (session.now_us(), scene.writable.unwrap());
    let elected = session.notices();
    let kinds = |notices: &[Notice]| notices.iter().map(|notice| notice.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&elected), [MarkKind::Elected]);
    assert_eq!(
        elected[0].text.text(Lang::En),
        format!("S{first} is the leader of term 1")
    );
    assert!(session.notices().is_empty());

    session.update(Action::WriteNext);
    play_until(&mut session, |scene| scene.logs.iter().all(|row| row.commit_index == 2));
    crash(&mut session, first);
    session.update(Action::Restart { server: first });
    let notices = session.notices();
    assert_eq!(
        kinds(&notices),
        [MarkKind::Committed, MarkKind::Crashed, MarkKind::Restarted]
    );
    assert!(notices.iter().all(|notice| notice.who == Who::Server(first)));

    session.update(Action::SeekTo {
        us: elected_at - 20_000,
    });
    assert!(session.notices().is_empty());
    session.tick(2_000);
    assert_eq!(kinds(&session.notices()), [MarkKind::Elected], "it happens again");
}

#[test]
fn the_slider_grows_in_round_steps() {
    let mut session = Session::new(7);
    let mut spans = vec![session.scene().span_us];
    for seconds in 1..130 {
        session.update(Action::SeekTo {
            us: seconds * SECOND_US,
        });
        assert!(session.scene().span_us > session.end_us());
        spans.push(session.scene().span_us);
    }
    spans.dedup();
    let seconds: Vec<u64> = spans.iter().map(|span| span / SECOND_US).collect();
    assert_eq!(seconds, [1, 2, 5, 10, 20, 50, 100, 200]);
    session.update(Action::SeekTo { us: 0 });
    assert_eq!(
        session.scene().span_us,
        200 * SECOND_US,
        "what has been reached stays in reach"
    );
}

#[test]
fn lanes_tell_the_past_of_each_server() {
    let mut session = playing(7);
    let first = play_until(&mut session, |scene| scene.writable.is_some())
        .writable
        .unwrap();
    crash(&mut session, first);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::Restart { server: first });
    session.update(Action::SeekTo {
        us: session.now_us() + SECOND_US,
    });
    let scene = session.scene();
    let roles = |server: u64| -> Vec<(Role, u64)> {
        let stretches = scene.lanes[server as usize - 1].stretches.iter();
        stretches.map(|stretch| (stretch.role, stretch.term)).collect()
    };
    let expected = [
        (Role::Follower, 0),
        (Role::Candidate, 1),
        (Role::Leader, 1),
        (Role::Crashed, 1),
        (Role::Follower, 1),
        (Role::Follower, 2),
    ];
    assert_eq!(roles(first), expected);
    assert_eq!(roles(scene.writable.unwrap()).last(), Some(&(Role::Leader, 2)));
    for lane in scene.lanes.iter() {
        assert!(lane.stretches.is_sorted_by_key(|stretch| stretch.from_us));
        let (last, server) = (lane.stretches.last().unwrap(), &scene.servers[lane.server as usize - 1]);
        assert_eq!((last.role, last.term), (server.role, server.term));
    }
    let kinds: Vec<MarkKind> = scene.marks.iter().map(|mark| mark.kind).collect();
    assert_eq!(
        kinds,
        [
            MarkKind::Elected,
            MarkKind::Crashed,
            MarkKind::Elected,
            MarkKind::Restarted
        ]
    );
}

#[test]
fn another_seed_is_another_cluster() {
    let mut session = playing(7);
    play_until(&mut session, |scene| scene.writable.is_some());
    session.update(Action::Select(Selection::Server(3)));
    session.update(Action::Reset { seed: 8 });
    assert_eq!(session.seed(), 8);
    assert_eq!(session.trace_hash(), Session::new(8).trace_hash());
    assert!(session.is_playing(), "how it is looked at stays");
    assert_eq!(session.scene().slowdown_milli, SLOWDOWN_MILLI_MIN);
    assert_eq!(session.scene().selected(), None);
    assert!(session.notices().is_empty());
}

#[test]
fn clusters_of_every_size_work() {
    for servers in 1..=Config::SERVERS_MAX {
        let config = Config {
            servers,
            ..Config::default()
        };
        let mut session = Session::with_config(config, 7);
        session.update(Action::SeekTo { us: 3 * SECOND_US });
        session.update(Action::WriteNext);
        session.update(Action::SeekTo { us: 4 * SECOND_US });
        let scene = session.scene();
        assert_eq!(scene.servers.len() as u64, servers);
        assert!(scene.logs.iter().all(|row| state(row) == "x=1"), "{servers} servers");
        assert!(scene.properties.len() == 9 && scene.properties.iter().all(|it| it.violation.is_none()));
    }
}

/// A long history of a busy cluster: the story of its beginning is forgotten, and told again when it is asked for.
#[test]
fn a_forgotten_story_is_told_again() {
    let config = Config {
        workload: Some(Workload::puts(20_000)),
        ..Config::default()
    };
    let mut session = Session::with_config(config.clone(), 7);
    let early = 5 * SECOND_US;
    session.update(Action::SeekTo { us: early });
    let then = session.scene().story.clone();
    assert_eq!(then.len(), 50);
    session.update(Action::SeekTo { us: 30 * SECOND_US });
    let late = session.scene().story.clone();
    session.update(Action::SeekTo { us: early });
    assert_eq!(session.scene().story, then);
    session.update(Action::SeekTo { us: 30 * SECOND_US });
    assert_eq!(session.scene().story, late);
    assert!(session.scene().marks.len() <= 500);
}

/// A server asks whether it could win, and stands only if a majority says yes (dissertation, §9.6).
#[test]
fn a_server_that_asks_before_it_stands_is_shown_and_told() {
    let raft = Settings {
        pre_vote: true,
        ..Settings::default()
    };
    let mut session = playing_with(raft, 7);
    let asking = |scene: &Scene| scene.servers.iter().find(|it| it.role == Role::PreCandidate).cloned();
    let scene = play_until(&mut session, |scene| asking(scene).is_some());
    let server = asking(&scene).unwrap();
    assert_eq!((server.term, server.voted_for), (0, None), "nothing is promised yet");
    let kinds: Vec<MessageKind> = scene.messages.iter().map(|message| message.kind).collect();
    assert_eq!(kinds, [MessageKind::PreVoteRequest; 4]);
    for mark in server.votes.iter() {
        let is_own = mark.from == server.id;
        let expected = if is_own {
            VoteState::Granted
        } else {
            VoteState::OnItsWay
        };
        assert_eq!(mark.state, expected);
    }

    let scene = play_until(&mut session, |scene| leader(scene).is_some());
    let (server, term) = (server.id, 1);
    assert_eq!(leader(&scene), Some(server));
    let line = |what: Message| scene.story.iter().find(|line| line.what == what).unwrap();
    line(Message::BeganPreVote { server, term });
    let would_win = Message::BecauseWouldWin { votes: 3, servers: 5 };
    assert_eq!(line(Message::StoodForElection { server, term }).why, Some(would_win));
}

/// The lecture's election: the term rises first, then a random delay runs off.
#[test]
fn both_stages_of_a_two_stage_election_are_shown_and_told() {
    let raft = Settings {
        election_style: ElectionStyle::TWO_STAGE,
        ..Settings::default()
    };
    let mut session = playing_with(raft, 7);
    let waits = |scene: &Scene| {
        let mut timers = scene.servers.iter().map(|server| server.timer.map(|timer| timer.kind));
        timers.all(|kind| kind == Some(TimerKind::ElectionDelay))
    };
    let scene = play_until(&mut session, waits);
    assert!(scene.servers.iter().all(|it| (it.role, it.term) == (Role::Follower, 1)));

    let scene = play_until(&mut session, |scene| leader(scene).is_some());
    let (server, term) = (leader(&scene).unwrap(), 1);
    let is_wait = |what: &Message| match *what {
        Message::WaitsToStand { term: 1, delay_ms, .. } => (150..=300).contains(&delay_ms),
        _ => false,
    };
    assert_eq!(scene.story.iter().filter(|line| is_wait(&line.what)).count(), 5);
    let stood = Message::StoodForElection { server, term };
    let stood = scene.story.iter().find(|line| line.what == stood).unwrap();
    assert_eq!(stood.why, Some(Message::BecauseDelayEnded { for_: None }));
}

/// The names of all lines and reasons that are told of forty clusters, with losses and crashes of all kinds.
fn told_in_bad_weather(raft: Settings) -> BTreeSet<String> {
    let config = Config {
        raft,
        network: NetworkConfig {
            latency_us_min: 5_000,
            latency_us_max: 60_000,
            loss_ppm: 60_000,
            duplication_ppm: 0,
            reordering_ppm: 0,
        },
        disk: DiskConfig {
            write_us_min: 1_000,
            write_us_max: 60_000,
        },
        workload: Some(Workload::puts(60_000)),
        ..Config::default()
    };
    let mut told = BTreeSet::new();
    for seed in 0..40 {
        let mut session = Session::with_config(config.clone(), seed);
        let mut random = raft_core::Random::new(seed);
        for step in 1..150 {
            session.update(Action::SeekTo {
                us: session.now_us() + random.between(20_000, 300_000),
            });
            let leader = session.scene().writable.filter(|_| random.between(0, 2) == 0);
            let server = leader.unwrap_or_else(|| random.between(1, 5));
            match step % 4 {
                0 => session.update(Action::WriteTo {
                    server,
                    key: "w".into(),
                    value: step.to_string().into(),
                }),
                _ => session.update(Action::Toggle { server }),
            }
            for line in session.scene().story.iter() {
                let debug = format!("{:?}/{:?}", line.what, line.why);
                let name = |part: &str| part.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
                let (what, why) = debug.split_once('/').unwrap();
                told.insert(name(what));
                // Some lines say all there is to say.
                told.extend(why.strip_prefix("Some(").map(name));
            }
        }
        assert!(
            session
                .scene()
                .properties
                .iter()
                .all(|property| property.violation.is_none()),
            "seed {seed}"
        );
    }
    told
}

/// Whatever happens is told in both languages, and nothing panics.
#[test]
fn everything_worth_telling_is_told() {
    // One entry a message: the entries of an earlier term arrive before the leader's own.
    let told = told_in_bad_weather(Settings {
        batch_bytes_max: 1,
        ..Settings::default()
    });
    let expected = [
        "Appended",
        "Answered",
        "Applied",
        "AskedAgain",
        "ClientAsked",
        "ClientKnows",
        "ClientRepeats",
        "ClientTurnedTo",
        "ClientWaits",
        "ClientWillAsk",
        "Committed",
        "Crashed",
        "Elected",
        "GaveUp",
        "HeldCommit",
        "LostAnswer",
        "LostMessage",
        "LostRequest",
        "MovedToTerm",
        "RefusedEntries",
        "RefusedVote",
        "RefusedWrite",
        "Replaced",
        "Restarted",
        "SteppedDown",
        "StoodForElection",
        "Voted",
        "WentBack",
        "BecauseAlreadyVoted",
        "BecauseAnswersGetLost",
        "BecauseCandidateOfLowerTerm",
        "BecauseClientWaited",
        "BecauseClientWrote",
        "BecauseConflict",
        "BecauseCrashed",
        "BecauseCrashedBeforeCut",
        "BecauseDone",
        "BecauseDown",
        "BecauseFollowerDiffers",
        "BecauseFromTheStart",
        "BecauseHigherTerm",
        "BecauseLeaderCommitted",
        "BecauseLeaderHeard",
        "BecauseLeaderOfLowerTerm",
        "BecauseLeaderWrites",
        "BecauseLogBehind",
        "BecauseMajorityHas",
        "BecauseMajorityVoted",
        "BecauseNamed",
        "BecauseNetworkLoses",
        "BecauseNewLeader",
        "BecauseNoAnswer",
        "BecauseNoMajority",
        "BecauseNotLeader",
        "BecauseOfEarlierTerm",
        "BecauseOneAtATime",
        "BecauseOnlyLeadersServe",
        "BecausePreviousDiffers",
        "BecausePreviousMatches",
        "BecausePreviousMissing",
        "BecauseRequestsGetLost",
        "BecauseRestarted",
        "BecauseTimedOut",
        "BecauseTurnedAway",
        "BecauseVotedForItself",
        "BecauseVoteFree",
    ];
    let missing: Vec<&str> = expected.into_iter().filter(|name| !told.contains(*name)).collect();
    assert!(missing.is_empty(), "never told: {missing:?}");
    let unexpected: Vec<&String> = told.iter().filter(|name| !expected.contains(&name.as_str())).collect();
    assert!(unexpected.is_empty(), "told, and should not happen: {unexpected:?}");
}

#[test]
fn what_options_bring_is_told_too() {
    let told = told_in_bad_weather(Settings {
        pre_vote: true,
        check_quorum: true,
        ..Settings::default()
    });
    let two_stages = told_in_bad_weather(Settings {
        election_style: ElectionStyle::TWO_STAGE,
        ..Settings::default()
    });
    let expected_of_options = [
        "BeganPreVote",
        "WouldVote",
        "WouldNotVote",
        "Resigned",
        "IgnoredMessage",
        "BecauseAsksFirst",
        "BecauseWouldWin",
        "BecauseNoLeaderHeard",
        "BecauseLeaderAlive",
        "BecauseQuorumLost",
    ];
    let expected_of_two_stages = [
        "WaitsToStand",
        "StoodWithoutOwnVote",
        "SteppedDown",
        "BecauseHeartbeatTimedOut",
        "BecauseDelayEnded",
    ];
    for (told, expected) in [(told, &expected_of_options[..]), (two_stages, &expected_of_two_stages)] {
        let missing: Vec<&&str> = expected.iter().filter(|name| !told.contains(**name)).collect();
        assert!(missing.is_empty(), "never told: {missing:?}");
    }
}

#[test]
fn the_story_of_a_quiet_past_is_told_again_after_a_busy_present() {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 19_900_000 });
    let then = session.scene().story.clone();
    assert!(then.len() > 5, "a leader was elected");
    for value in 0..600 {
        session.update(Action::SeekTo {
            us: 19_900_000 + value * 40_000,
        });
        session.update(Action::WriteNext);
    }
    session.update(Action::SeekTo { us: 19_899_999 });
    assert_eq!(session.scene().story, then);
}

#[test]
fn what_happened_long_ago_in_a_quiet_cluster_is_not_forgotten() {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    let then = session.scene().story.clone();
    assert!(then.len() > 5, "a leader was elected");
    for minute in 1..=3 {
        session.update(Action::SeekTo {
            us: minute * 60 * SECOND_US,
        });
        assert_eq!(session.scene().story, then);
    }
    session.update(Action::SeekTo { us: 90 * SECOND_US });
    assert_eq!(session.scene().story, then);
    let (mut other, told) = Session::with_code(&session.code()).unwrap();
    assert_eq!((told, &other.scene().story), (Told::Exactly, &then));
}

#[test]
fn a_code_with_more_steps_than_there_are_ends() {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    let mut code = Code::decode(&session.code()).unwrap();
    code.moment.step = u64::MAX >> 1;
    let (other, told) = Session::with_code(&code.encode()).unwrap();
    assert_eq!((told, other.now_us()), (Told::Exactly, 3 * SECOND_US));
}
