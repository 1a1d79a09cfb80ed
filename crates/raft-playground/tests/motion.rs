//! Messages and clients as the page shows them: what can be done to them, and what is said of them.

use raft_playground::details::{ClientDetails, Details, MessageDetails};
use raft_playground::scene::{MessageKind, Scene, Selection, TimePanel, Turns, Who};
use raft_playground::session::{Action, Command, Links, MessageId, Session};
use raft_playground::text::{Answer, Lang, MotionWords};

/// A cluster with a leader, and heartbeats in flight.
fn session() -> Session {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 1_000_000 });
    walk_until(&mut session, |scene| {
        scene
            .messages
            .iter()
            .any(|message| message.kind == MessageKind::Heartbeat)
    });
    session
}

fn walk_until(session: &mut Session, holds: impl Fn(&Scene) -> bool) {
    for _ in 0..2_000 {
        if holds(&session.scene()) {
            return;
        }
        session.update(Action::StepForward);
    }
    panic!("it does not come to that");
}

fn message(session: &mut Session) -> MessageDetails {
    match session.scene().details.as_deref() {
        Some(Details::Message(details)) => details.clone(),
        other => panic!("no message, but {other:?}"),
    }
}

fn client(session: &mut Session) -> ClientDetails {
    match session.scene().details.as_deref() {
        Some(Details::Client(details)) => details.clone(),
        other => panic!("no client, but {other:?}"),
    }
}

#[test]
fn a_message_and_its_copies_know_each_other() {
    let mut session = session();
    let id = session.scene().messages[0].id;
    session.update(Action::Select(Selection::Message(id)));
    assert_eq!(message(&mut session).copies.len(), 0);
    let message_id = MessageId(id);
    session.update(Action::Do(Command::Duplicate { message: message_id }));
    session.update(Action::Do(Command::Duplicate { message: message_id }));
    let copies: Vec<u64> = message(&mut session).copies.iter().map(|copy| copy.id).collect();
    assert_eq!(copies.len(), 2);
    // A copy knows the message and the other copy, also when the message itself is gone.
    session.update(Action::Select(Selection::Message(copies[0])));
    let known: Vec<u64> = message(&mut session).copies.iter().map(|copy| copy.id).collect();
    assert_eq!(known, [id, copies[1]]);
    session.update(Action::Do(Command::Drop { message: message_id }));
    let known: Vec<u64> = message(&mut session).copies.iter().map(|copy| copy.id).collect();
    assert_eq!(known, [copies[1]]);
}

#[test]
fn a_request_that_is_sent_again_is_no_copy_of_the_first() {
    let mut session = Session::new(7);
    session.update(Action::SetServers { servers: 1 });
    session.update(Action::SeekTo { us: 1_000_000 });
    session.update(Action::Do(Command::SetLatency {
        on: Links::All,
        us_min: 2_000_000,
        us_max: 2_000_000,
    }));
    session.update(Action::WriteNext);
    let first = session.scene().requests[0].id;
    let message_id = MessageId(first);
    session.update(Action::Do(Command::Duplicate { message: message_id }));
    walk_until(&mut session, |scene| scene.requests.len() > 2);
    let ids: Vec<u64> = session.scene().requests.iter().map(|request| request.id).collect();
    let copies = ids.iter().map(|&id| {
        session.update(Action::Select(Selection::Message(id)));
        message(&mut session).copies.iter().map(|copy| copy.id).collect()
    });
    let copies: Vec<Vec<u64>> = copies.collect();
    assert_eq!(copies, [vec![ids[1]], vec![first], vec![]]);
}

#[test]
fn a_message_that_is_selected_stops_time_and_shows_its_fields() {
    let mut session = session();
    session.update(Action::Play);
    let id = session.scene().messages[0].id;
    session.update(Action::Select(Selection::Message(id)));
    assert!(!session.is_playing());
    let details = message(&mut session);
    assert_eq!(details.call, Some("AppendEntries"));
    assert_eq!(details.what, MotionWords::Request);
    let names: Vec<&str> = details.fields.iter().map(|field| field.name).collect();
    let paper = [
        "term",
        "leaderId",
        "prevLogIndex",
        "prevLogTerm",
        "entries[]",
        "leaderCommit",
        "round",
    ];
    assert_eq!(names, paper);
    assert_eq!(&*details.fields[4].value, "[]");
    assert_eq!(session.scene().selected_message().map(|message| message.id), Some(id));
}

#[test]
fn the_messages_in_flight_can_be_gone_through_one_by_one() {
    let mut session = session();
    session.update(Action::Play);
    let count = session.scene().in_flight().count() as u64;
    session.update(Action::NextMessage { back: false });
    assert!(!session.is_playing());
    assert_eq!(message(&mut session).nth, (1, count));
    session.update(Action::NextMessage { back: false });
    assert_eq!(message(&mut session).nth, (2, count));
    session.update(Action::NextMessage { back: true });
    session.update(Action::NextMessage { back: true });
    assert_eq!(message(&mut session).nth, (count, count), "it goes round");
}

#[test]
fn where_no_message_is_in_flight_the_next_to_leave_is_opened() {
    let mut session = session();
    while session.scene().in_flight().count() > 0 {
        session.update(Action::StepForward);
    }
    let before_us = session.now_us();
    session.update(Action::NextMessage { back: true });
    assert_eq!(session.now_us(), before_us, "there is none before");
    session.update(Action::Play);
    session.update(Action::NextMessage { back: false });
    assert!(!session.is_playing());
    let sent_us = message(&mut session).message.sent_us;
    assert!(sent_us >= before_us && sent_us == session.now_us(), "{sent_us}");

    // Where nobody is up none ever leaves, nor where nobody else is there: time stays.
    let servers: Vec<u64> = session.scene().servers.iter().map(|server| server.id).collect();
    for server in servers {
        session.update(Action::Crash { server });
    }
    let mut alone = self::session();
    alone.update(Action::SetServers { servers: 1 });
    alone.update(Action::SeekTo { us: 2_000_000 });
    for mut session in [session, alone] {
        while session.scene().in_flight().count() > 0 {
            session.update(Action::StepForward);
        }
        session.update(Action::Select(Selection::Nothing));
        let before = session.timeline().moment();
        session.update(Action::NextMessage { back: false });
        assert_eq!(session.scene().selection, Selection::Nothing);
        assert_eq!(session.timeline().moment(), before);
    }
}

#[test]
fn a_message_in_the_hand_is_late_only_once_it_is_let_go() {
    let mut session = session();
    let before = session.scene().messages[0].clone();
    let (commands, id) = (session.timeline().recording().commands.len(), before.id);
    session.update(Action::Select(Selection::Message(id)));
    session.update(Action::Hold {
        message: id,
        by_us: 9_000,
    });
    assert_eq!(session.scene().messages[0].arrives_us, before.arrives_us + 9_000);
    assert_eq!(message(&mut session).message.arrives_us, before.arrives_us + 9_000);
    assert_eq!(
        session.timeline().recording().commands.len(),
        commands,
        "nothing has been done"
    );
    session.update(Action::Hold { message: id, by_us: 0 });
    assert_eq!(session.scene().messages[0], before);
    session.update(Action::Hold {
        message: id,
        by_us: 5_000,
    });
    let (message, by_us) = (MessageId(id), 5_000);
    session.update(Action::Do(Command::Delay { message, by_us }));
    assert_eq!(session.scene().messages[0].arrives_us, before.arrives_us + 5_000);
    assert_eq!(session.timeline().recording().commands.len(), commands + 1);
}

#[test]
fn a_message_that_is_dropped_is_gone_and_one_that_is_duplicated_is_there_twice() {
    let mut session = session();
    let scene = session.scene();
    let (id, count) = (scene.messages[0].id, scene.messages.len());
    session.update(Action::Do(Command::Duplicate { message: MessageId(id) }));
    assert_eq!(session.scene().messages.len(), count + 1);
    session.update(Action::Select(Selection::Message(id)));
    session.update(Action::Do(Command::Drop { message: MessageId(id) }));
    let scene = session.scene();
    assert!(scene.messages.len() == count && scene.messages.iter().all(|message| message.id != id));
    assert_eq!(scene.details, None, "what is gone has no details");
}

#[test]
fn what_a_client_asks_and_is_told_is_seen_on_its_way() {
    let mut session = session();
    session.update(Action::WriteNext);
    let scene = session.scene();
    assert_eq!(scene.requests.len(), 1);
    let leader = scene.writable.unwrap();
    assert_eq!(scene.requests[0].ends(), (Who::Client(1), Who::Server(leader)));
    assert_eq!(
        scene.requests[0].text.text(Lang::En),
        format!("Client 1 asked S{leader} to write x=1")
    );
    let the_client = &scene.clients[0];
    assert!(the_client.is_own && the_client.call.is_some() && the_client.answer.is_none());

    walk_until(&mut session, |scene| {
        scene.requests.iter().any(|message| message.kind == MessageKind::Answer)
    });
    let scene = session.scene();
    assert_eq!(scene.requests[0].ends(), (Who::Server(leader), Who::Client(1)));
    session.update(Action::Select(Selection::Message(scene.requests[0].id)));
    assert_eq!(message(&mut session).call, None);

    walk_until(&mut session, |scene| scene.clients[0].answer.is_some());
    let scene = session.scene();
    assert!(scene.requests.is_empty() && scene.clients[0].call.is_none());
    assert_eq!(scene.clients[0].answer, Some(Answer::Written("x=1".into())));

    session.update(Action::Select(Selection::Client(1)));
    let details = client(&mut session);
    assert_eq!(details.believes_in, Some(leader));
    let said: Vec<String> = details.history.iter().map(|line| line.what.text(Lang::En)).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("Client 1 learned") || said[0].contains("x=1"),
        "{said:?}"
    );
    assert_eq!(said[1], format!("Client 1 asked S{leader} to write x=1"));

    // Before it asked there was nothing of it, and afterwards it is as it was.
    let now_us = session.now_us();
    session.update(Action::SeekTo { us: 1_000_000 });
    assert!(session.scene().clients.iter().all(|client| client.answer.is_none()));
    session.update(Action::SeekTo { us: now_us });
    assert_eq!(session.scene().clients[0].answer, Some(Answer::Written("x=1".into())));
}

#[test]
fn a_busy_client_knows_the_last_thing_it_was_told() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 10 });
    session.update(Action::Play);
    session.update(Action::SetSlowdown { milli: 1_000 });
    // From frame to frame, and looked at afresh, it is the same.
    for frame in 0..200 {
        session.tick(16_000);
        session.scene_in_passing();
        if frame % 20 == 0 {
            let clients = session.scene().clients.clone();
            session.update(Action::Select(Selection::Client(1)));
            if let Some(first) = clients.first() {
                assert_eq!(client(&mut session).client, *first);
            }
        }
    }
    assert!(session.scene().clients[0].answer.is_some());
    assert!(!session.scene().clients[0].is_own);
}

#[test]
fn in_passing_only_what_moves_is_new_and_a_tenth_of_a_second_later_all_is() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 100 });
    session.update(Action::SeekTo { us: 1_000_000 });
    session.update(Action::Play);
    let (mut calm, mut all) = (0, 0);
    let mut before = session.scene_in_passing();
    for _ in 0..100 {
        session.tick(16_000);
        let scene = session.scene_in_passing();
        let exact = session.world().in_flight().count();
        assert_eq!(scene.in_flight().count(), exact, "what moves is as it is");
        if scene.differs_in_motion_only(&before) {
            calm += 1;
        } else if !std::rc::Rc::ptr_eq(&scene.logs, &before.logs) || !std::rc::Rc::ptr_eq(&scene.story, &before.story) {
            all += 1;
        }
        before = scene;
    }
    assert!(
        calm > 30 && (2..=17).contains(&all),
        "{calm} calm pictures, {all} with all"
    );
    // As soon as time stands all is as it is.
    session.update(Action::Pause);
    assert_eq!(session.scene_in_passing(), session.scene());
    let fresh = Session::with_code(&session.code()).unwrap().0.scene();
    assert_eq!(session.scene().logs, fresh.logs);
}

#[test]
fn on_a_slow_machine_what_is_read_is_made_anew_more_seldom() {
    // A picture takes so long, and one to be read so much longer.
    let reads = |frame_us: u64, longer_us: u64, pause_at: u64| {
        let mut session = Session::new(7);
        session.update(Action::SetWritesPerSecond { writes: 500 });
        session.update(Action::SeekTo { us: 1_000_000 });
        session.update(Action::Play);
        let (mut reads, mut us, mut takes_us, mut paused) = (0, 0, frame_us, false);
        let mut before = session.scene_in_passing().story.clone();
        while us < 12_000_000 {
            us += takes_us;
            session.tick(takes_us);
            let scene = session.scene_in_passing();
            let is_read = scene.story != before;
            reads += u64::from(is_read);
            takes_us = if is_read { frame_us + longer_us } else { frame_us };
            // Once something else takes long.
            if pause_at > 0 && us >= pause_at && !paused {
                paused = true;
                takes_us += 300_000;
            }
            before = scene.story.clone();
        }
        reads
    };
    let (fast, slow) = (reads(16_000, 0, 0), reads(50_000, 200_000, 0));
    assert!(fast > 60, "ten times a second, {fast} in 12 s");
    assert!((4..=8).contains(&slow), "a tenth of the time, {slow} in 12 s");
    // It is not forgotten after a pause, wherever that comes.
    for pause_at in (1_000_000..4_000_000).step_by(50_000) {
        let slow = reads(17_000, 240_000, pause_at);
        assert!(slow <= 8, "a pause after {pause_at} \u{b5}s, {slow} in 12 s");
    }
}

/// The parts beside the ring in which two scenes differ.
fn parts_that_differ(one: &Scene, other: &Scene) -> usize {
    let differ = [
        one.logs != other.logs,
        one.story != other.story,
        (&one.lanes, &one.marks, one.span_us) != (&other.lanes, &other.marks, other.span_us)
            || (&one.diagram, &one.branch_list) != (&other.diagram, &other.branch_list),
        (&one.properties, &one.clients, &one.details) != (&other.properties, &other.clients, &other.details)
            || (&one.settings, &one.cluster, &one.seen) != (&other.settings, &other.cluster, &other.seen)
            || (&one.next_write, &one.next_read) != (&other.next_write, &other.next_read),
    ];
    differ.into_iter().filter(|&differs| differs).count()
}

#[test]
fn while_time_runs_each_picture_draws_one_part_of_the_rest_anew_and_none_waits_long() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 500 });
    session.update(Action::SeekTo { us: 1_000_000 });
    session.update(Action::TogglePanel(TimePanel::Diagram));
    session.update(Action::Play);
    let (mut turns, mut shown) = (Turns::default(), session.scene());
    let (mut most, mut drawn, mut waits) = (0, 0, 0);
    for _ in 0..600 {
        session.tick(16_000);
        let latest = session.scene_in_passing();
        let next = turns.go_on(&shown, &latest);
        assert_eq!(
            next.in_flight().count(),
            session.world().in_flight().count(),
            "what moves is as it is"
        );
        let parts = parts_that_differ(&next, &shown);
        assert!(parts <= 1, "{parts} parts in one picture");
        drawn += parts;
        waits = if next == latest { 0 } else { waits + 1 };
        most = most.max(waits);
        shown = next;
    }
    // Two pictures for each of the four parts, and as many again where the ring is drawn anew in between.
    assert!(
        drawn > 200 && most <= 16,
        "{drawn} parts drawn, all of it after {most} pictures"
    );
    session.update(Action::Pause);
    let latest = session.scene_in_passing();
    assert_eq!(turns.go_on(&shown, &latest), latest, "time stands");
}
