//! Why: causes of events, stages of a write, and what stops time.

use raft_core::{Index, NodeId, Reason, Rule, VoteDenial};
use raft_playground::cluster::Switch;
use raft_playground::details::{Details, EventDetails, Root, Said, WriteDetails};
use raft_playground::diagram::Fate;
use raft_playground::network::Preset;
use raft_playground::scene::{MessageKind, Role, Scene, Selection, TimePanel, VoteState};
use raft_playground::session::{Action, Command, Links, Session};
use raft_playground::text::{Lang, Message, WhyWords, WriteWords};
use raft_sim::{ClientId, Event, EventKind, InFlight, Milestone, MilestoneKind, Parcel};

const SECOND_US: u64 = 1_000_000;

/// What the narration has no line about, in English: what happened, and then what led to it.
fn told(why: &EventDetails) -> Vec<String> {
    let causes = why.causes.iter().map(|line| &line.what);
    std::iter::once(&why.what)
        .chain(causes)
        .map(|said| said.text(Lang::En))
        .collect()
}

/// A session with a leader, at a second.
fn led(seed: u64) -> Session {
    let mut session = Session::new(seed);
    session.update(Action::SeekTo { us: SECOND_US });
    assert!(
        session.scene().writable.is_some(),
        "seed {seed} has a leader after a second"
    );
    session
}

fn write_of(session: &mut Session) -> WriteDetails {
    session.update(Action::Select(Selection::LatestWrite));
    match session.scene().details.as_deref() {
        Some(Details::Write(details)) => details.clone(),
        other => panic!("{other:?}"),
    }
}

fn event_of(session: &mut Session, event: u64) -> EventDetails {
    session.update(Action::Select(Selection::Event(event)));
    match session.scene().details.as_deref() {
        Some(Details::Event(details)) => details.clone(),
        other => panic!("{other:?}"),
    }
}

fn done(details: &WriteDetails) -> Vec<bool> {
    details.stages.iter().map(|stage| stage.done.is_some()).collect()
}

fn stages_done(details: &WriteDetails) -> usize {
    done(details).iter().filter(|done| **done).count()
}

/// Goes on until a server hears of a higher term: the event.
fn steps_down(session: &mut Session, server: NodeId) -> u64 {
    let until_us = session.now_us() + 3 * SECOND_US;
    while session.now_us() < until_us {
        session.update(Action::StepForward);
        let is_it = |event: &&Event| {
            event.server == Some(server) && matches!(event.kind, EventKind::Because(Reason::HigherTerm { .. }))
        };
        if let Some(event) = session.timeline().events().iter().find(is_it) {
            return event.id.0;
        }
    }
    panic!("S{} hears of no higher term", server.0);
}

#[test]
fn nobody_has_written_anything() {
    let details = write_of(&mut led(7));
    assert_eq!((details.request, details.fate), (None, WriteWords::Nothing));
}

#[test]
fn an_entry_leads_to_the_write_that_it_is() {
    let mut session = led(7);
    session.update(Action::WriteNext);
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    session.update(Action::WriteNext);
    session.update(Action::SeekTo {
        us: 2 * SECOND_US + 200_000,
    });
    let entry = |index| Selection::Entry { server: 1, index };
    let mut followed = Vec::new();
    for index in [2, 3] {
        session.update(Action::Select(entry(index)));
        let Some(Details::Entry(details)) = session.scene().details.as_deref().cloned() else {
            panic!("entry {index} is there");
        };
        let (client, serial) = details.write.unwrap();
        session.update(Action::Select(Selection::Write { client, serial }));
        let Some(Details::Write(write)) = session.scene().details.as_deref().cloned() else {
            panic!("a write is selected");
        };
        assert_eq!(write.request, Some((details.label, client)));
        followed.push((write.stages.len(), write.fate));
    }
    // The leader's no-op is nobody's write.
    session.update(Action::Select(entry(1)));
    assert!(matches!(session.scene().details.as_deref(), Some(Details::Entry(details)) if details.write.is_none()));
    assert_eq!(followed, [(8, WriteWords::Safe); 2]);
    // From where it cannot be seen that is said.
    session.update(Action::SeekTo { us: SECOND_US / 2 });
    session.update(Action::Select(Selection::Write { client: 1, serial: 2 }));
    let Some(Details::Write(write)) = session.scene().details.as_deref().cloned() else {
        panic!("a write is selected");
    };
    assert_eq!((write.request, write.fate), (None, WriteWords::OutOfSight));
}

#[test]
fn a_write_goes_through_all_stages_in_their_order() {
    let mut session = led(7);
    session.update(Action::WriteAndFollow);
    let mut seen = Vec::new();
    while write_of(&mut session).goes_on {
        let now_us = session.now_us();
        session.update(Action::NextStage);
        assert!(session.now_us() > now_us, "it goes on");
        seen.push(stages_done(&write_of(&mut session)));
    }
    assert!(
        seen.is_sorted() && seen.len() > 6 && seen.ends_with(&[8; 4]),
        "{seen:?}"
    );
    let details = write_of(&mut session);
    assert_eq!(details.fate, WriteWords::Safe);
    assert_eq!(details.stages[7].notes[..], [WriteWords::Others(4, 4)]);
    let times: Vec<u64> = details.stages.iter().filter_map(|stage| Some(stage.done?.1)).collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn a_write_that_waits_says_so_and_one_that_is_asked_for_again_stops_time() {
    let mut session = led(7);
    let leader = session.scene().writable.unwrap();
    session.update(Action::WriteAndFollow);
    for _ in 0..2 {
        session.update(Action::NextStage);
    }
    // Whom a follower's confirmation does not reach, that one waits, and the client with it.
    for from in (1..=5).map(NodeId).filter(|id| id.0 != leader) {
        let to = NodeId(leader);
        session.update(Action::Do(Command::Cut { from, to }));
    }
    let asked = loop {
        session.update(Action::NextStage);
        let details = write_of(&mut session);
        if let Some(WriteWords::Tries(tries)) = details.stages[0].notes.get(1) {
            break *tries;
        }
        assert!(session.now_us() < 5 * SECOND_US, "{details:?}");
    };
    assert_eq!(asked, 2);
    // What everybody has told of has come to its end, but for who is down.
    let mut session = led(7);
    let leader = session.scene().writable.unwrap();
    let server = leader % 5 + 1;
    session.update(Action::Crash { server });
    session.update(Action::WriteAndFollow);
    let now_us = loop {
        let now_us = session.now_us();
        session.update(Action::NextStage);
        if matches!(session.scene().details.as_deref(), Some(Details::Write(details)) if details.is_stuck) {
            break now_us;
        }
    };
    assert_eq!(session.now_us(), now_us, "time has not moved");
    assert_eq!(write_of(&mut session).stages[7].notes[..], [WriteWords::Others(3, 4)]);
    session.update(Action::Restart { server });
    session.update(Action::NextStage);
    assert_eq!(write_of(&mut session).stages[7].notes[..], [WriteWords::Others(4, 4)]);
    assert!(!write_of(&mut session).goes_on);
}

#[test]
fn a_write_to_a_new_leader_comes_to_its_end() {
    for seed in 0..8 {
        let mut session = Session::new(seed);
        while session.scene().writable.is_none() {
            session.update(Action::StepForward);
        }
        session.update(Action::Play);
        session.update(Action::WriteAndFollow);
        assert!(!session.is_playing());
        while write_of(&mut session).goes_on {
            let now_us = session.now_us();
            session.update(Action::NextStage);
            assert!(session.now_us() > now_us, "seed {seed}: {:?}", write_of(&mut session));
        }
        assert_eq!(stages_done(&write_of(&mut session)), 8, "seed {seed}");
    }
}

#[test]
fn what_took_the_place_of_a_write_is_not_counted_and_who_hears_of_it_is_told_of_the_heal() {
    let mut session = led(7);
    let leader = session.scene().writable.unwrap();
    session.update(Action::WriteAndFollow);
    session.update(Action::NextStage);
    let near = NodeId(leader % 5 + 1);
    let of_leader = vec![NodeId(leader), near];
    let others = (1..=5).map(NodeId).filter(|id| !of_leader.contains(id)).collect();
    let groups = vec![of_leader, others];
    session.update(Action::Do(Command::Partition { groups }));
    while !matches!(write_of(&mut session).fate, WriteWords::Overwritten(_)) {
        session.update(Action::StepForward);
    }
    let details = write_of(&mut session);
    assert_eq!(details.stages[3].notes[..], [WriteWords::Followers(1, 4)]);
    assert!(details.stages[4].failed, "{details:?}");

    session.update(Action::Do(Command::HealAll));
    let down = steps_down(&mut session, NodeId(leader));
    let lines = told(&event_of(&mut session, down));
    assert!(
        lines.contains(&"The network was made whole again · by hand".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn whoever_asks_again_is_told_what_kept_the_answer_away() {
    // What is done to S2, which leads, before it is asked, what 5 and what 490 ms after, and what is told of it.
    type Deeds = fn(&mut Session);
    type Way = (Deeds, Deeds, Deeds, Option<&'static str>);
    let isolate: Deeds = |s| s.update(Action::Isolate { server: 2 });
    let pause: Deeds = |s| s.update(Action::Do(Command::Pause { server: NodeId(2) }));
    let resume: Deeds = |s| s.update(Action::Do(Command::Resume { server: NodeId(2) }));
    let crash: Deeds = |s| s.update(Action::Crash { server: 2 });
    let restart: Deeds = |s| s.update(Action::Restart { server: 2 });
    let crash_4: Deeds = |s| s.update(Action::Crash { server: 4 });
    let crash_345: Deeds = |s| (3..=5).for_each(|server| s.update(Action::Crash { server }));
    let crash_1: Deeds = |s| s.update(Action::Crash { server: 1 });
    let cut_one: Deeds = |s| {
        let (from, to) = (NodeId(2), NodeId(3));
        s.update(Action::Do(Command::Cut { from, to }));
    };
    let deaf: Deeds = |s| {
        for from in [1, 3, 4].map(NodeId) {
            s.update(Action::Do(Command::Cut { from, to: NodeId(2) }));
        }
    };
    let part: Deeds = |s| s.update(Action::Part(Preset::LeaderInMinority));
    let part_others: Deeds = |s| {
        let groups = vec![[1, 2, 3].map(NodeId).to_vec(), [4, 5].map(NodeId).to_vec()];
        s.update(Action::Do(Command::Partition { groups }));
    };
    let heal: Deeds = |s| s.update(Action::Do(Command::HealAll));
    let lose: Deeds = |s| s.update(Action::Do(lossy_for_all()));
    let drop: Deeds = |s| {
        let is_it = |it: &&InFlight| matches!(it.parcel, Parcel::Request(_));
        let question = s.world().in_flight().find(is_it).unwrap().id;
        s.update(Action::Do(Command::Drop { message: question }));
    };
    let stall: Deeds = |s| {
        for server in (3..=5).map(NodeId) {
            s.update(Action::Do(Command::StallDisk { server }));
        }
    };
    let part_23: Deeds = |s| {
        let groups = vec![[2, 3].map(NodeId).to_vec(), [1, 4, 5].map(NodeId).to_vec()];
        s.update(Action::Do(Command::Partition { groups }));
    };
    let slow: Deeds = |s| {
        s.update(Action::Do(Command::SetLatency {
            on: Links::All,
            us_min: 2_000_000,
            us_max: 2_000_000,
        }));
    };
    let lose_here: Deeds = |s| {
        for to in [1, 3, 4].map(NodeId) {
            s.update(Action::Do(lossy(to, NodeId(2))));
        }
    };
    let heal_and_lose: Deeds = |s| {
        s.update(Action::Isolate { server: 2 });
        s.update(Action::Do(Command::HealAll));
        s.update(Action::Do(lossy_for_all()));
    };
    let stop_and_go: Deeds = |s| {
        for server in (3..=5).map(NodeId) {
            s.update(Action::Do(Command::StallDisk { server }));
            s.update(Action::Do(Command::UnstallDisk { server }));
        }
        s.update(Action::Do(lossy_for_all()));
    };
    let nothing: Deeds = |_| {};
    let lost = Some("All links: 100 % of the messages get lost · by hand");
    let split = Some("The network was split: S2 S3 | S1 S4 S5 · by hand");
    let ways: [Way; 23] = [
        (isolate, nothing, nothing, Some("S2 cannot reach S4 any more · by hand")),
        (pause, nothing, nothing, Some("S2 was paused · by hand")),
        (nothing, pause, resume, Some("S2 was paused · by hand")),
        (nothing, crash, nothing, Some("S2 crashed · by hand")),
        (crash, restart, nothing, Some("S2 crashed · by hand")),
        (crash_345, nothing, nothing, Some("S5 crashed · by hand")),
        // What comes on top is not why.
        (isolate, nothing, crash_4, Some("S2 cannot reach S4 any more · by hand")),
        (crash_345, crash_1, nothing, Some("S5 crashed · by hand")),
        (crash_345, part, nothing, Some("S5 crashed · by hand")),
        (deaf, nothing, crash_4, Some("S4 cannot reach S2 any more · by hand")),
        (
            part,
            nothing,
            nothing,
            Some("The network was split: S2 S3 | S1 S4 S5 · by hand"),
        ),
        (stall, nothing, nothing, Some("S5 has a disk that stalls · by hand")),
        (lose, nothing, nothing, lost),
        (cut_one, lose, nothing, lost),
        (nothing, lose, isolate, lost),
        (part_others, crash_1, heal, Some("S1 crashed · by hand")),
        // Nor is what is over: the second partition has S2 in its smaller part, the first had not.
        (part_others, part_23, nothing, split),
        (cut_one, part_23, nothing, split),
        (heal_and_lose, nothing, nothing, lost),
        (stop_and_go, nothing, nothing, lost),
        (
            slow,
            nothing,
            nothing,
            Some("All links: messages take 2000 ms · by hand"),
        ),
        (
            lose_here,
            nothing,
            nothing,
            Some("S4 to S2: 100 % of the messages get lost · by hand"),
        ),
        (
            nothing,
            nothing,
            nothing,
            Some("Client 1 to S2: a message was dropped · by hand"),
        ),
    ];
    for (way, (before, after, later, told_of)) in ways.into_iter().enumerate() {
        let mut session = led(7);
        assert_eq!(session.scene().writable, Some(2));
        before(&mut session);
        session.update(Action::Do(Command::put(ClientId(1), "x", "1").to(NodeId(2))));
        if way == 22 {
            drop(&mut session);
        }
        for (ms, deeds) in [(5, after), (490, later)] {
            session.update(Action::SeekTo {
                us: SECOND_US + ms * 1_000,
            });
            deeds(&mut session);
        }
        let again = loop {
            session.update(Action::StepForward);
            let is_it = |event: &&Event| matches!(event.kind, EventKind::ClientTimedOut { .. });
            if let Some(event) = session.timeline().events().iter().find(is_it) {
                break event.id.0;
            }
            assert!(session.now_us() < 5 * SECOND_US, "way {way}: it asks again");
        };
        let lines = told(&event_of(&mut session, again));
        let by_hand = lines.iter().filter(|line| line.ends_with("by hand"));
        let asked = "Client 1 asked S2 to write x=1 · by hand";
        let others: Vec<&str> = by_hand.map(String::as_str).filter(|line| *line != asked).collect();
        assert_eq!(others, Vec::from_iter(told_of), "way {way}: {lines:?}");
        assert!(lines.iter().any(|line| line == asked), "way {way}: {lines:?}");
        // What is done later changes nothing of it.
        let rule = Rule::Majority;
        session.update(Action::Do(Command::SetRule { rule, on: false }));
        session.update(Action::SeekTo {
            us: session.now_us() + 50_000,
        });
        assert_eq!(told(&event_of(&mut session, again)), lines, "way {way}");
    }
}

#[test]
fn an_answer_that_was_lost_is_why_whatever_happens_to_its_sender_then() {
    let mut session = led(7);
    session.update(Action::Do(Command::put(ClientId(1), "x", "1").to(NodeId(2))));
    let answer = loop {
        session.update(Action::StepForward);
        let is_it = |it: &&InFlight| matches!(it.parcel, Parcel::Reply(_));
        if let Some(answer) = session.world().in_flight().find(is_it) {
            break answer.id;
        }
    };
    session.update(Action::Do(Command::Drop { message: answer }));
    session.update(Action::Crash { server: 2 });
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    let is_it = |event: &&Event| matches!(event.kind, EventKind::ClientTimedOut { .. });
    let again = session.timeline().events().iter().find(is_it).unwrap().id.0;
    let lines = told(&event_of(&mut session, again));
    assert_eq!(
        lines[1..],
        [
            "S2 to Client 1: a message was dropped · by hand",
            "Client 1 asked S2 to write x=1 · by hand"
        ]
    );
}

#[test]
fn a_question_that_was_delayed_is_why_and_a_delay_of_long_ago_is_not() {
    for is_first in [true, false] {
        let mut session = led(7);
        let put = Command::put(ClientId(1), "x", "1").to(NodeId(2));
        session.update(Action::Do(put.clone()));
        let question = |session: &Session| {
            let is_it = |it: &&InFlight| matches!(it.parcel, Parcel::Request(_));
            session.world().in_flight().find(is_it).unwrap().id
        };
        let message = question(&session);
        let by_us = if is_first { 600_000 } else { 150_000 };
        session.update(Action::Do(Command::Delay { message, by_us }));
        session.update(Action::SeekTo { us: 2 * SECOND_US });
        if !is_first {
            session.update(Action::Do(lossy_for_all()));
            session.update(Action::Do(put));
            session.update(Action::SeekTo { us: 3 * SECOND_US });
        }
        let is_it = |event: &&Event| matches!(event.kind, EventKind::ClientTimedOut { .. });
        let again = session.timeline().events().iter().find(is_it).unwrap().id.0;
        let lines = told(&event_of(&mut session, again));
        let is_told = lines.iter().any(|line| line.contains("takes 600 ms longer"));
        assert_eq!(is_told, is_first, "{lines:?}");
        assert!(!lines.iter().any(|line| line.contains("150 ms")), "{lines:?}");
    }
}

#[test]
fn who_takes_over_a_term_or_finds_its_leader_is_said_to_do_so() {
    let mut session = led(7);
    let decisions = |reason: fn(&Reason) -> bool, session: &Session| -> Vec<Event> {
        let events = session.timeline().events().iter();
        let is_it = |event: &&Event| matches!(&event.kind, EventKind::Because(it) if reason(it));
        events.filter(is_it).cloned().collect()
    };
    let took_over = decisions(|it| matches!(it, Reason::HigherTerm { .. }), &session);
    let heard = decisions(|it| matches!(it, Reason::LeaderHeard { .. }), &session);
    for (events, words) in [(took_over, "took over term 1"), (heard, "follows S2")] {
        assert!(!events.is_empty());
        for event in events {
            let what = event_of(&mut session, event.id.0).what.text(Lang::En);
            assert_eq!(what, format!("S{} {words}", event.server.unwrap()), "{event:?}");
        }
    }
}

#[test]
fn what_breaks_a_promise_leads_to_the_rule_that_is_off() {
    for (seed, servers) in [(7, 5), (7, 4), (8, 4)] {
        let mut session = Session::new(seed);
        session.update(Action::SetServers { servers });
        session.update(Action::SetWritesPerSecond { writes: 5 });
        session.update(Action::SeekTo { us: SECOND_US / 2 });
        for on in [false, true, false] {
            let rule = Rule::Majority;
            session.update(Action::Do(Command::SetRule { rule, on }));
        }
        session.update(Action::Do(Command::SetRule {
            rule: Rule::LeaseMargin,
            on: false,
        }));
        session.update(Action::AllRules);
        session.update(Action::Do(Command::SetRule {
            rule: Rule::Majority,
            on: false,
        }));
        session.update(Action::Part(Preset::Halves));
        let broken = loop {
            session.update(Action::StepForward);
            let scene = session.scene();
            if let Some(broken) = scene.properties.iter().find_map(|it| it.violation.as_ref()) {
                break broken.event;
            }
            assert!(session.now_us() < 5 * SECOND_US, "seed {seed}: it breaks");
        };
        let lines = told(&event_of(&mut session, broken));
        let of_rules: Vec<&String> = lines.iter().filter(|line| line.contains("rule")).collect();
        // Also what was off for a while: what it let happen may matter now.
        assert_eq!(of_rules.len(), 2, "seed {seed}: {lines:?}");
        assert_eq!(
            of_rules[0], "The rule “More than half of the voters decide” was switched off · by hand",
            "seed {seed}: {lines:?}"
        );
        // And no commit is said to have had a majority that it had not.
        let story = session.scene().story.clone();
        let whys = story.iter().filter_map(|line| line.why.as_ref());
        for why in whys {
            if let Message::BecauseMajorityHas { count, servers, .. } = why {
                assert!(2 * count > *servers, "{why:?}");
            }
        }
    }
}

#[test]
fn what_a_client_of_the_workload_asked_first_is_told() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 10 });
    session.update(Action::SeekTo { us: 3 * SECOND_US / 2 });
    let scene = session.scene();
    let applied = scene
        .story
        .iter()
        .rev()
        .find(|line| matches!(line.what, Message::Applied { .. }));
    let applied = applied.unwrap().event;
    let why = event_of(&mut session, applied);
    let lines = told(&why);
    let first = lines.last().unwrap();
    assert!(
        first.starts_with("Client ") && first.contains(" to write "),
        "{lines:?}"
    );
}

#[test]
fn whoever_starts_again_or_is_alone_does_not_confuse_the_stages() {
    let mut session = led(7);
    let leader = session.scene().writable.unwrap();
    session.update(Action::WriteAndFollow);
    while write_of(&mut session).goes_on {
        session.update(Action::NextStage);
    }
    // It applies everything again.
    let server = leader % 5 + 1;
    session.update(Action::Crash { server });
    session.update(Action::Restart { server });
    let us = session.now_us() + 400_000;
    session.update(Action::SeekTo { us });
    let applied = session.timeline().events().iter().filter(|event| {
        event.server == Some(NodeId(server)) && matches!(event.kind, EventKind::Applied { index: Index(2), .. })
    });
    assert_eq!(applied.count(), 2);
    let details = write_of(&mut session);
    assert_eq!(details.stages[7].notes[..], [WriteWords::Others(4, 4)]);
    assert!(!details.goes_on);
    // Who was removed has nothing to learn.
    let change = raft_core::Change::Remove(NodeId(server));
    session.update(Action::Do(Command::ChangeMembers { change }));
    session.update(Action::SeekTo { us: us + SECOND_US });
    session.update(Action::WriteAndFollow);
    session.update(Action::SeekTo {
        us: us + SECOND_US + 300_000,
    });
    let details = write_of(&mut session);
    assert_eq!(details.stages[7].notes[..], [WriteWords::Others(3, 3)]);
    assert!(!details.goes_on);

    let mut session = Session::new(7);
    session.update(Action::SetServers { servers: 1 });
    session.update(Action::SeekTo { us: SECOND_US });
    session.update(Action::WriteAndFollow);
    while write_of(&mut session).goes_on {
        let now_us = session.now_us();
        session.update(Action::NextStage);
        assert!(session.now_us() > now_us);
    }
    let details = write_of(&mut session);
    assert_eq!(done(&details), [true; 5], "{details:?}");
    assert_eq!(details.fate, WriteWords::Safe);
}

#[test]
fn the_write_that_is_followed_stays_the_same_beside_busy_clients() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 100 });
    session.update(Action::SeekTo { us: SECOND_US });
    session.update(Action::Select(Selection::LatestWrite));
    let followed = |session: &mut Session| match session.scene().details.as_deref() {
        Some(Details::Write(details)) => details.request.clone(),
        other => panic!("{other:?}"),
    };
    session.update(Action::NextStage);
    let first = followed(&mut session);
    assert!(first.is_some());
    for _ in 0..8 {
        session.update(Action::NextStage);
        assert_eq!(followed(&mut session), first);
    }
    // Until the reader writes: that one is told of then.
    session.update(Action::WriteNext);
    assert_ne!(followed(&mut session), first);
}

/// The lecture's stories of a leader that crashes, told by how many stages were done.
#[test]
fn what_becomes_of_a_write_when_the_leader_crashes() {
    let fates = |stages: usize| {
        let mut session = led(7);
        let leader = session.scene().writable.unwrap();
        session.update(Action::WriteNext);
        while stages_done(&write_of(&mut session)) < stages {
            session.update(Action::NextStage);
        }
        session.update(Action::Crash { server: leader });
        let now = write_of(&mut session);
        session.update(Action::SeekTo {
            us: session.now_us() + 3 * SECOND_US,
        });
        (now, write_of(&mut session))
    };
    // Before the request arrives: the client asks another server, in the end the next leader.
    let (now, later) = fates(1);
    assert_eq!(now.fate, WriteWords::Underway);
    assert_eq!(later.fate, WriteWords::Safe);
    assert!(matches!(later.stages[0].notes[1], WriteWords::Tries(2..)), "{later:?}");
    // After the leader has it, and nobody else: its disk may have it, or nobody.
    let (now, later) = fates(3);
    assert!(matches!(now.fate, WriteWords::Gone | WriteWords::Open(1)), "{now:?}");
    assert_eq!(later.fate, WriteWords::Safe, "it asked again");
    // After a part of the followers have it.
    let (now, later) = fates(4);
    assert!(matches!(now.fate, WriteWords::Open(1..)), "{now:?}");
    assert_eq!(later.fate, WriteWords::Safe);
    // Once a majority has it: it is safe, told or not.
    let (now, later) = fates(6);
    assert!(matches!(now.fate, WriteWords::SafeUntold | WriteWords::Safe), "{now:?}");
    assert_eq!(later.fate, WriteWords::Safe);
}

#[test]
fn a_confirmation_leads_back_to_the_election_and_not_through_every_heartbeat() {
    let mut session = led(7);
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    session.update(Action::TogglePanel(TimePanel::Diagram));
    let scene = session.scene();
    let arrows = &scene.diagram.as_ref().expect("a diagram").arrows;
    let arrow = arrows
        .iter()
        .rev()
        .find(|arrow| arrow.kind == MessageKind::Accepted && arrow.fate == Fate::Arrived)
        .expect("a confirmation that has arrived");
    let (follower, leader) = (arrow.from, arrow.to);

    let left = told(&event_of(&mut session, arrow.event));
    assert_eq!(left[0], format!("S{follower} confirms to S{leader}"));
    assert_eq!(left[1], format!("The heartbeat timer of S{leader} ran out"));
    assert_eq!(left[2], format!("S{leader} is the leader of term 1"));
    let voted = format!(" voted for S{leader} in term 1");
    let voter = left.iter().find_map(|line| line.strip_suffix(&voted)).expect("a vote");
    let durable = format!("The vote for S{leader} in term 1 is on the disk of {voter}");
    assert!(left.contains(&durable), "{left:?}");
    assert!(left.len() < 10, "{left:?}");

    let arrived = told(&event_of(&mut session, arrow.ended_by.expect("its arrival")));
    assert_eq!(arrived[0], format!("S{follower} confirms to S{leader} · arrived"));
    assert_eq!(arrived[1], format!("S{leader} sends S{follower} a heartbeat · arrived"));
    assert_eq!(arrived[2..], left[1..]);

    // However long it leads, and whatever the story remembers of that.
    for minute in 1..=3 {
        session.update(Action::SeekTo {
            us: minute * 60 * SECOND_US,
        });
    }
    let scene = session.scene();
    let arrow = scene
        .diagram
        .as_ref()
        .and_then(|diagram| diagram.arrows.last().cloned());
    let why = event_of(&mut session, arrow.expect("a message").event);
    let much = told(&why);
    assert!(much.contains(&left[2]), "{much:?}");
    assert_eq!(why.root, Root::Outside, "{much:?}");
}

#[test]
fn an_election_leads_to_the_crash_before_it_and_a_crash_to_the_reader() {
    // Also while what is heard last from it is still on its way.
    let ways = ["crashed", "was paused"].map(|happened| (0..10).map(move |step| (happened, step)));
    for (happened, step) in ways.into_iter().flatten() {
        let mut session = led(7);
        let leader = session.scene().writable.expect("a leader");
        for _ in 0..step {
            session.update(Action::StepForward);
        }
        let server = NodeId(leader);
        session.update(Action::Do(match happened {
            "crashed" => Command::Crash { server },
            _ => Command::Pause { server },
        }));
        let done = session.timeline().events().last().unwrap().id.0;
        let why = event_of(&mut session, done);
        assert_eq!((why.causes.len(), why.root), (0, Root::ByHand));
        session.update(Action::SeekTo { us: 3 * SECOND_US });
        let is_elected = |it: &&Milestone| matches!(it.kind, MilestoneKind::Elected(_));
        let elected = *session.timeline().milestones().iter().rev().find(is_elected).unwrap();
        let next = elected.server.unwrap().0;
        assert_ne!(next, leader);
        let lines = told(&event_of(&mut session, elected.event.0));
        let gone = lines
            .iter()
            .position(|line| *line == format!("S{leader} {happened} · by hand"));
        let stood = lines
            .iter()
            .position(|line| *line == format!("S{next} voted for itself in term 2"));
        let (gone, stood) = (gone.expect("why it stood"), stood.expect("that it stood"));
        assert!((stood + 1..=stood + 2).contains(&gone), "{lines:?}");
    }
}

#[test]
fn an_election_leads_to_the_one_before_and_not_to_what_was_written_in_between() {
    let mut session = led(7);
    let server = session.scene().writable.expect("a leader");
    session.update(Action::WriteNext);
    session.update(Action::SeekTo {
        us: session.now_us() + 30_000,
    });
    session.update(Action::Crash { server });
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    let is_elected = |it: &&Milestone| matches!(it.kind, MilestoneKind::Elected(_));
    let elected = session
        .timeline()
        .milestones()
        .iter()
        .rev()
        .find(is_elected)
        .unwrap()
        .event
        .0;
    let why = event_of(&mut session, elected);
    let lines = told(&why);
    assert!(
        lines.contains(&format!("S{server} is the leader of term 1")),
        "{lines:?}"
    );
    assert!(lines.contains(&format!("S{server} crashed · by hand")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("Client")), "{lines:?}");
    assert_eq!(why.root, Root::Outside);
}

#[test]
fn an_election_leads_to_what_silenced_the_leader_and_to_nothing_else() {
    // What is done after a second, with the leader and with who stands in the end; and whether it is why.
    type Deeds = fn(NodeId, NodeId, NodeId) -> Vec<Command>;
    let cut: Deeds = |leader, next, _| vec![Command::Cut { from: leader, to: next }];
    let cut_and_healed: Deeds = |leader, next, _| {
        let (from, to) = (leader, next);
        vec![Command::Cut { from, to }, Command::Heal { from, to }, lossy(from, to)]
    };
    let partition: Deeds = |leader, next, _| {
        let others = (1..=5).map(NodeId).filter(|id| ![leader, next].contains(id));
        let groups = vec![others.chain([leader]).collect(), vec![next]];
        vec![Command::Partition { groups }]
    };
    let of_another: Deeds = |leader, next, other| {
        let others = (1..=5).map(NodeId).filter(|id| *id != other);
        let groups = vec![others.collect(), vec![other]];
        vec![Command::Partition { groups }, lossy(leader, next)]
    };
    let ways = [
        (cut, true),
        (cut_and_healed, false),
        (partition, true),
        (of_another, false),
    ];
    for (way, (deeds, is_why)) in ways.into_iter().enumerate() {
        let mut session = led(7);
        let leader = session.scene().writable.expect("a leader");
        let next = NodeId(leader % 5 + 1);
        for command in deeds(NodeId(leader), next, NodeId(next.0 % 5 + 1)) {
            session.update(Action::Do(command));
        }
        let stood = loop {
            session.update(Action::StepForward);
            let step = session.timeline().moment().step;
            let now = session
                .timeline()
                .events()
                .iter()
                .rev()
                .take_while(|event| event.step == step);
            let mut stood = now.filter(|event| {
                event.server == Some(next) && matches!(event.kind, EventKind::Because(Reason::ElectionTimedOut { .. }))
            });
            if let Some(event) = stood.next() {
                break event.id.0;
            }
            assert!(session.now_us() < 3 * SECOND_US, "way {way}: it stands");
        };
        let why = event_of(&mut session, stood);
        let silenced = why.causes.iter().any(|line| match &line.what {
            Said::ByHand(what) => matches!(
                **what,
                Said::Story(Message::CannotReach { .. } | Message::Partitioned(_))
            ),
            _ => false,
        });
        assert_eq!(silenced, is_why, "way {way}: {:?}", told(&why));
    }
}

/// From here on nothing gets anywhere.
fn lossy_for_all() -> Command {
    Command::SetLoss {
        on: Links::All,
        ppm: 1_000_000,
    }
}

/// From here on nothing gets from one server to another.
fn lossy(from: NodeId, to: NodeId) -> Command {
    let on = Links::One { from, to };
    Command::SetLoss { on, ppm: 1_000_000 }
}

#[test]
fn what_a_decision_rests_on_stands_among_its_causes() {
    // Who refuses a vote has given it already; who commits has heard of the leader's commit.
    let mut seen = [0; 2];
    for seed in 0..60 {
        let mut session = Session::new(seed);
        session.update(Action::SeekTo { us: SECOND_US });
        session.update(Action::WriteNext);
        session.update(Action::SeekTo { us: SECOND_US + 20_000 });
        // The next leader tells of what this one has committed, or commits what it has begun.
        if let Some(server) = session.scene().writable {
            session.update(Action::Crash { server });
        }
        session.update(Action::SeekTo { us: 2 * SECOND_US });
        for event in session.timeline().events().to_vec() {
            let Some(NodeId(server)) = event.server else { continue };
            match event.kind {
                EventKind::Because(Reason::VoteDenied {
                    by: VoteDenial::AlreadyVoted { for_ },
                    ..
                }) => {
                    let lines = told(&event_of(&mut session, event.id.0));
                    let itself = format!("S{server} voted for itself in term ");
                    let other = format!("S{server} voted for S{} in term ", for_.0);
                    let own = if for_.0 == server { itself } else { other };
                    assert!(lines.iter().any(|line| line.starts_with(&own)), "{own}: {lines:?}");
                    seen[0] += 1;
                }
                EventKind::Applied { index, .. } | EventKind::Because(Reason::CommitLearned { index, .. }) => {
                    let mut turns = session.timeline().milestones().iter();
                    let is_commit = |it: &&Milestone| matches!(it.kind, MilestoneKind::Committed(to) if to >= index);
                    let commit = *turns.find(is_commit).unwrap();
                    let why = event_of(&mut session, event.id.0);
                    let is_told = why.causes.iter().any(|line| line.event == commit.event.0);
                    assert!(is_told || commit.moment.step == event.step, "S{server}: {why:?}");
                    // And to what was committed, not to what brought word of it.
                    let commit = event_of(&mut session, commit.event.0);
                    let (last, first) = (why.causes.last(), commit.causes.last());
                    assert_eq!(last, first, "S{server}: {why:?}");
                    seen[1] += 1;
                }
                _ => {}
            }
        }
    }
    assert!(seen[0] > 0 && seen[1] > 100, "{seen:?}");
}

#[test]
fn who_steps_down_is_told_who_began_the_term() {
    let mut seen = 0;
    for seed in 0..20 {
        let mut session = led(seed);
        let leader = session.scene().writable.expect("a leader");
        // What it hears from the others in the end are their answers.
        let (from, to) = (NodeId(leader), NodeId(leader % 5 + 1));
        session.update(Action::Do(Command::Cut { from, to }));
        session.update(Action::Do(Command::Cut { from: to, to: from }));
        let down = steps_down(&mut session, from);
        let lines = told(&event_of(&mut session, down));
        // Nobody else stands meanwhile: its last candidacy is that of the term.
        let began = format!("S{} voted for itself in term ", to.0);
        let stood = lines.iter().find(|line| line.contains("voted for itself"));
        assert!(
            stood.is_some_and(|line| line.starts_with(&began)),
            "seed {seed}: {lines:?}"
        );
        let cut = format!("S{leader} cannot reach S{} any more · by hand", to.0);
        seen += u64::from(lines.contains(&cut));
    }
    assert!(seen > 0, "an answer tells of the term");
}

#[test]
fn who_is_never_heard_did_not_begin_the_term_that_is_told_of() {
    let mut seen = 0;
    for seed in 0..10 {
        let mut session = led(seed);
        let leader = session.scene().writable.expect("a leader");
        let (alone, next) = (leader % 5 + 1, NodeId((leader + 1) % 5 + 1));
        session.update(Action::Isolate { server: alone });
        session.update(Action::SeekTo { us: 2 * SECOND_US });
        if session.scene().writable != Some(leader) {
            continue;
        }
        let (from, to) = (NodeId(leader), next);
        session.update(Action::Do(Command::Cut { from, to }));
        session.update(Action::Do(Command::Cut { from: to, to: from }));
        let down = steps_down(&mut session, from);
        let lines = told(&event_of(&mut session, down));
        let stood = |server: u64| format!("S{server} voted for itself in term ");
        let has = |start: &str| lines.iter().any(|line| line.starts_with(start));
        assert!(has(&stood(next.0)) && !has(&stood(alone)), "seed {seed}: {lines:?}");
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn of_several_candidates_of_a_term_the_one_is_told_that_was_heard() {
    let mut seen = 0;
    for seed in 0..40 {
        let mut session = led(seed);
        let server = session.scene().writable.expect("a leader");
        session.update(Action::Crash { server });
        session.update(Action::SeekTo { us: SECOND_US * 3 / 2 });
        let milestones = session.timeline().milestones().to_vec();
        for event in session.timeline().events().to_vec() {
            let EventKind::Because(Reason::HigherTerm { from, theirs, .. }) = event.kind else {
                continue;
            };
            let stood: Vec<_> = milestones
                .iter()
                .filter(|it| it.kind == MilestoneKind::Stood(theirs) && it.event < event.id)
                .filter_map(|it| it.server)
                .collect();
            if stood.len() > 1 && stood[1..].contains(&from) {
                let lines = told(&event_of(&mut session, event.id.0));
                let own = format!("S{} voted for itself in term {}", from.0, theirs.0);
                assert!(lines.contains(&own), "seed {seed}: {lines:?}");
                let other = format!("S{} voted for itself in term {}", stood[0].0, theirs.0);
                assert!(!lines.contains(&other), "seed {seed}: {lines:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn what_the_story_has_forgotten_leads_back_to_the_message_that_brought_it() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 10 });
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    let leader = session.scene().writable.expect("a leader");
    let events = session.timeline().events();
    let durable = events.iter().rev().find_map(|event| match (&event.kind, event.server) {
        (EventKind::WriteDurable { .. }, Some(NodeId(server))) if server != leader => Some((event.id.0, server)),
        _ => None,
    });
    let (event, follower) = durable.expect("a write of a follower");
    for minute in 1..=3 {
        session.update(Action::SeekTo {
            us: minute * 60 * SECOND_US,
        });
    }
    let lines = told(&event_of(&mut session, event));
    let is_on_disk =
        |line: &str| line.starts_with("Entry ") && line.ends_with(&format!(" is on the disk of S{follower}"));
    assert!(is_on_disk(&lines[0]), "{lines:?}");
    assert_eq!(lines[1], format!("S{leader} sends S{follower} entries · arrived"));
}

#[test]
fn the_latest_turn_names_the_leader_until_something_else_happens() {
    for switch in [None, Some(Switch::PreVote), Some(Switch::TwoStage)] {
        for seed in 0..20 {
            let mut session = Session::new(seed);
            session.update(Action::SeekTo { us: 0 });
            if let Some(switch) = switch {
                session.update(Action::TurnSwitch(switch));
            }
            session.update(Action::SeekTo { us: 3 * SECOND_US });
            let scene = session.scene();
            let server = scene.writable.expect("a leader");
            let turn = scene.latest_turn().map(|turn| &turn.what);
            assert!(
                matches!(turn, Some(Message::Elected { server: elected, .. }) if *elected == server),
                "{switch:?}, seed {seed}: {turn:?}"
            );
            session.update(Action::Crash { server });
            let scene = session.scene();
            let turn = scene.latest_turn().map(|turn| &turn.what);
            assert_eq!(turn, Some(&Message::Crashed(server)));
        }
    }
}

#[test]
fn a_commit_leads_back_to_the_client() {
    let mut session = led(7);
    session.update(Action::WriteNext);
    session.update(Action::SeekTo {
        us: session.now_us() + SECOND_US,
    });
    let details = write_of(&mut session);
    let (committed, _) = details.stages[4].done.unwrap();
    let why = event_of(&mut session, committed);
    assert!(matches!(why.what, Said::Story(_)), "{why:?}");
    assert!(why.causes.len() >= 3, "{why:?}");
    let times: Vec<u64> = why.causes.iter().map(|line| line.at_us).collect();
    assert!(times.iter().rev().is_sorted(), "latest first: {times:?}");
    let first = why.causes.last().unwrap();
    assert!(
        why.root == Root::ByHand && first.at_us <= details.stages[0].done.unwrap().1,
        "{why:?}"
    );
    // The cursor goes there, and the answer stays.
    session.update(Action::GoToEvent { event: first.event });
    assert_eq!(session.now_us(), first.at_us);
    assert!(matches!(session.scene().details.as_deref(), Some(Details::Event(it)) if it.event == committed));
    // What has not happened in the new future is let go.
    session.update(Action::Crash { server: 1 });
    assert_eq!(session.scene().selection, Selection::Nothing);
}

#[test]
fn an_event_that_is_no_line_has_words_too() {
    let mut session = led(7);
    let events = session.timeline().events();
    let mut fired = events.iter().filter(|event| event.kind == EventKind::TimerFired);
    let fired = fired.next().unwrap().id.0;
    let why = event_of(&mut session, fired);
    assert!(matches!(why.what, Said::Why(WhyWords::ElectionDue(_))), "{why:?}");
}

#[test]
fn time_stops_where_a_property_is_violated() {
    let split = |scene: &Scene| scene.properties.iter().any(|property| property.violation.is_some());
    // Everybody votes for everybody, and all stand at once: somewhere two are elected in one term.
    for seed in 0..50 {
        let mut session = Session::new(seed);
        for rule in [Rule::OneVotePerTerm, Rule::RandomizedTimeouts] {
            session.update(Action::Do(Command::SetRule { rule, on: false }));
        }
        session.update(Action::SetSlowdown { milli: 100 });
        session.update(Action::Play);
        for _ in 0..40 {
            session.tick(16_667);
        }
        let scene = session.scene();
        if !split(&scene) {
            continue;
        }
        assert!(!session.is_playing(), "seed {seed}");
        let broken = scene
            .properties
            .iter()
            .find_map(|property| property.violation.as_ref())
            .unwrap();
        assert_eq!(broken.at_us, session.now_us(), "right there");
        assert!(broken.without.contains(&Rule::OneVotePerTerm));
        assert!(
            scene
                .servers
                .iter()
                .any(|server| server.accused && server.role == Role::Leader)
        );
        let Selection::Event(event) = scene.selection else {
            panic!("its event is opened")
        };
        assert!(event_of(&mut session, event).causes.len() > 1);
        assert_eq!(
            session.world().server(NodeId(1)).map(raft_sim::Server::id),
            Some(NodeId(1))
        );
        return;
    }
    panic!("no seed of fifty shows two leaders of a term");
}

/// What every message on its way says of why.
#[test]
fn every_message_between_servers_knows_why_it_was_sent() {
    let mut session = led(7);
    session.update(Action::SetWritesPerSecond { writes: 50 });
    session.update(Action::Play);
    let mut reasons = std::collections::BTreeSet::new();
    let mut asked = 0;
    for us in (0..3 * SECOND_US).step_by(3_000) {
        session.update(Action::SeekTo { us });
        if us == 1_500_000 {
            let server = session.scene().writable.expect("somebody leads");
            session.update(Action::Crash { server });
        }
        let Some(message) = session.scene().messages.last().cloned() else {
            continue;
        };
        session.update(Action::Select(Selection::Message(message.id)));
        let Some(Details::Message(details)) = session.scene().details.as_deref().cloned() else {
            panic!("it is on its way");
        };
        let (why, _) = details.why.unwrap_or_else(|| panic!("{us}: why {message:?}?"));
        reasons.insert(format!("{why:?}").split('(').take(2).collect::<String>());
        let event = event_of(&mut session, details.sent);
        assert_eq!(event.why, Some(why), "the event says the same");
        asked += 1;
    }
    assert!(asked > 300 && reasons.len() >= 6, "{asked}: {reasons:?}");
}

#[test]
fn each_vote_of_a_candidacy_can_be_asked() {
    let mut session = Session::new(7);
    let mut seen = [0; 3];
    for us in (0..SECOND_US).step_by(500) {
        session.update(Action::SeekTo { us });
        let scene = session.scene();
        let Some(candidate) = scene.servers.iter().find(|server| server.role == Role::Candidate) else {
            continue;
        };
        for mark in &*candidate.votes {
            session.update(Action::AskVote {
                candidate: candidate.id,
                voter: mark.from,
            });
            let selection = session.scene().selection;
            let details = session.scene().details.clone();
            match (mark.state, selection) {
                (VoteState::Granted, Selection::Event(_)) if mark.from != candidate.id => {
                    let Some(Details::Event(event)) = details.as_deref() else {
                        panic!("an event is selected");
                    };
                    let counted = WhyWords::CountedVote(candidate.id, mark.from);
                    assert_eq!(event.what, Said::Why(counted));
                    assert!(event.why.is_some());
                    seen[0] += 1;
                }
                (VoteState::OnItsWay, Selection::Message(_)) => seen[1] += 1,
                (_, Selection::Event(_)) => seen[2] += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(seen.iter().all(|&times| times > 0), "{seen:?}");
}

/// Long ago it was taken in; but what committed it is known for ever, and leads there.
#[test]
fn an_old_entry_can_be_asked() {
    let mut session = led(7);
    session.update(Action::SetWritesPerSecond { writes: 10 });
    session.update(Action::SeekTo { us: 60 * SECOND_US });
    session.update(Action::Select(Selection::Entry { server: 1, index: 3 }));
    let Some(Details::Entry(details)) = session.scene().details.as_deref().cloned() else {
        panic!("the entry is there");
    };
    assert_eq!(details.write, None, "it cannot be followed from here");
    let event = details.origin.expect("it is committed").event;
    session.update(Action::GoToEvent { event });
    let Some(Details::Entry(details)) = session.scene().details.as_deref().cloned() else {
        panic!("it stays selected");
    };
    assert!(details.write.is_some(), "from there it can");
}

/// Also for whoever goes from event to event, or follows a write.
#[test]
fn every_way_forward_stops_where_a_property_is_violated() {
    let violated = |session: &Session| {
        session
            .world()
            .properties()
            .is_some_and(|it| it.violations().next().is_some())
    };
    let mut stopped = [0; 2];
    for seed in 0..50 {
        for (way, action) in [Action::StepForward, Action::NextStage].into_iter().enumerate() {
            let mut session = Session::new(seed);
            for rule in [Rule::OneVotePerTerm, Rule::RandomizedTimeouts] {
                session.update(Action::Do(Command::SetRule { rule, on: false }));
            }
            // A write that asks for a leader until there is one has a next stage.
            session.update(Action::WriteNext);
            let mut steps = None;
            while !violated(&session) && session.now_us() < 2 * SECOND_US && steps != Some(session.world().steps()) {
                steps = Some(session.world().steps());
                session.update(action.clone());
            }
            if violated(&session) {
                let Selection::Event(event) = session.scene().selection else {
                    panic!("seed {seed}: its event is opened")
                };
                assert_eq!(event_of(&mut session, event).at_us, session.now_us(), "right there");
                stopped[way] += 1;
            }
        }
    }
    assert!(stopped.iter().all(|&times| times > 0), "{stopped:?}");
}

#[test]
fn an_answer_from_the_past_is_told_with_the_answer_it_contradicts_and_accuses_who_gave_it() {
    let play = raft_sim::scenarios::named("confirm-leadership-for-reads")
        .unwrap()
        .scenario()
        .play();
    let code = raft_sim::Code::new(play.recording.clone(), play.end, play.trace_hash).encode();
    let (mut session, _) = Session::with_code(&code).unwrap();
    let scene = session.scene();
    let mut broken = scene.properties.iter().filter_map(|it| it.violation.as_ref());
    let broken = broken.next().unwrap();
    let facts = broken.facts.text(Lang::En);
    assert_eq!(
        facts,
        "The answer to request 1 of client 3 contradicts what client 2 had been told before, in the answer to its request 1."
    );
    let answers: Vec<String> = broken.answers.iter().map(|line| line.what.text(Lang::En)).collect();
    assert_eq!(
        answers,
        [
            "Client 2 got the answer of S2: x=2 is written",
            "Client 3 got the answer of S1: x is 1"
        ]
    );
    let accused: Vec<u64> = scene.servers.iter().filter(|it| it.accused).map(|it| it.id).collect();
    assert_eq!(accused, [1]);
}

#[test]
fn the_answers_of_a_violation_stay_however_often_it_is_shown() {
    let mut told = 0;
    for included in raft_sim::scenarios::ALL {
        let play = included.scenario().play();
        let code = raft_sim::Code::new(play.recording.clone(), play.end, play.trace_hash).encode();
        let (mut session, _) = Session::with_code(&code).unwrap();
        let answers = |session: &mut Session| -> Vec<Vec<_>> {
            let scene = session.scene();
            let broken = scene.properties.iter().filter_map(|it| it.violation.as_ref());
            broken.map(|broken| broken.answers.to_vec()).collect()
        };
        let first = answers(&mut session);
        session.update(Action::Select(Selection::Server(1)));
        assert_eq!(answers(&mut session), first, "{}", included.name);
        told += first.iter().filter(|answers| !answers.is_empty()).count();
    }
    assert!(told > 3, "{told}");
}
