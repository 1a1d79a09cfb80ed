//! Branches and the space-time diagram, from the outside: actions in, scenes out.

use std::rc::Rc;

use raft_playground::branches::Branches;
use raft_playground::diagram::{Diagram, Fate, PointKind};
use raft_playground::layout::mark_at;
use raft_playground::scene::{Mark, MarkKind, MessageKind, Selection, TimePanel};
use raft_playground::session::{Action, Command, NodeId, Session};
use raft_playground::text::Lang;

/// A cluster with a leader, that is then crashed and, in another branch, written to.
fn forked() -> Session {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 1_000_000 });
    let leader = session.scene().writable.expect("somebody leads after a second");
    session.update(Action::Crash { server: leader });
    session.update(Action::SeekTo { us: 2_000_000 });
    session.update(Action::SeekTo { us: 1_000_000 });
    session.update(Action::StepBack);
    session.update(Action::WriteNext);
    session.update(Action::SeekTo { us: 1_500_000 });
    session
}

fn branches(session: &mut Session) -> Rc<Branches> {
    session.scene().branch_list.clone().expect("the list is open")
}

fn diagram(session: &mut Session) -> Rc<Diagram> {
    session.scene().diagram.clone().expect("the diagram is open")
}

/// A session with the diagram open, at the end of its first second.
fn with_diagram() -> Session {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 1_000_000 });
    session.update(Action::TogglePanel(TimePanel::Diagram));
    session
}

#[test]
fn a_branch_says_where_it_parted_what_was_done_and_how_it_ended() {
    let mut session = forked();
    assert_eq!(session.scene().branch_list, None, "it is closed at first");
    session.update(Action::TogglePanel(TimePanel::Branches));
    let list = branches(&mut session);
    let [branch] = &*list.others else {
        panic!("one branch, not {}", list.others.len())
    };
    assert!(
        (900_000..=1_000_100).contains(&branch.parted_us),
        "{}",
        branch.parted_us
    );
    assert_eq!(branch.end_us, 2_000_000);
    let (at_us, done) = branch.done.as_ref().expect("a server was crashed");
    assert!(*at_us >= branch.parted_us, "{at_us}");
    let done = done.text(Lang::En);
    assert!(done.contains("crashed"), "{done}");
    let instead = branch.instead.as_ref().expect("there was a write").1.text(Lang::Zh);
    assert!(instead.contains("x=1"), "{instead}");
    assert!(branch.leader.is_some(), "another leader was elected");
    session.update(Action::TogglePanel(TimePanel::Branches));
    assert_eq!(session.scene().branch_list, None);
}

#[test]
fn any_branch_can_be_taken_up_and_the_one_that_is_left_stays() {
    let mut session = forked();
    session.update(Action::TogglePanel(TimePanel::Branches));
    let hash = session.trace_hash();
    session.update(Action::TakeUp(5));
    assert_eq!(session.trace_hash(), hash, "there is no such branch");
    session.update(Action::TakeUp(0));
    assert_eq!(session.now_us(), 2_000_000);
    let list = branches(&mut session);
    assert_eq!(list.others.len(), 1);
    assert_eq!(list.others[0].end_us, 1_500_000);
    session.update(Action::TakeUp(0));
    assert_eq!(session.trace_hash(), hash);
}

/// Numbers of messages and events mean others in each branch.
#[test]
fn a_branch_is_shown_as_whoever_opens_its_link_sees_it() {
    for seed in 1..=50 {
        let mut session = Session::new(seed);
        session.update(Action::SeekTo { us: 1_000_000 });
        let server = NodeId(3);
        session.update(Action::Do(Command::TimeOut { server }));
        session.update(Action::SeekTo { us: 1_008_000 });
        let event = session.world().events();
        session.update(Action::SeekTo { us: 999_999 });
        session.update(Action::WriteNext);
        session.update(Action::SeekTo { us: 1_008_000 });
        for _ in 0..2 {
            session.update(Action::Select(Selection::Event(event)));
            let shown = session.scene();
            let (mut other, _) = Session::with_code(&session.code()).expect("it is a code");
            other.update(Action::Select(Selection::Event(event)));
            let truth = other.scene();
            assert_eq!(shown.messages, truth.messages);
            assert_eq!(shown.requests, truth.requests);
            assert_eq!(shown.details, truth.details);
            session.update(Action::TakeUp(0));
        }
    }
}

#[test]
fn a_branch_keeps_its_number_whichever_is_shown() {
    let mut session = forked();
    session.update(Action::TogglePanel(TimePanel::Branches));
    // What is shown, and the others with where they part from it.
    let list = |session: &mut Session| {
        let branches = branches(session);
        (
            branches.number,
            branches.others.iter().map(|it| it.number).collect::<Vec<_>>(),
        )
    };
    assert_eq!(list(&mut session), (2, vec![1]));
    session.update(Action::TakeUp(0));
    assert_eq!(list(&mut session), (1, vec![2]));
    session.update(Action::SeekTo { us: 1_200_000 });
    session.update(Action::WriteNext);
    assert_eq!(list(&mut session), (3, vec![1, 2]));
    let place = branches(&mut session)
        .others
        .iter()
        .find(|it| it.number == 2)
        .unwrap()
        .place;
    session.update(Action::Compare(Some(place)));
    assert_eq!(branches(&mut session).comparison.as_ref().unwrap().numbers, [3, 2]);
    session.update(Action::TakeUp(place));
    assert_eq!(list(&mut session), (2, vec![3, 1]));
}

#[test]
fn two_branches_stand_side_by_side_with_what_differs() {
    let mut session = forked();
    session.update(Action::TogglePanel(TimePanel::Branches));
    session.update(Action::Play);
    session.update(Action::Compare(Some(0)));
    assert!(!session.is_playing(), "whoever compares looks at one moment");
    let comparison = branches(&mut session).comparison.clone().expect("it is compared");
    assert_eq!(comparison.at_us, 1_500_000);
    let [one, other] = &comparison.first;
    assert!(one.is_some() && other.is_some());
    assert!(!comparison.servers.is_empty(), "one of them has a leader less");
    for server in &*comparison.servers {
        let rows_differ = server.rows.iter().any(|(_, [one, other])| one != other);
        assert!(rows_differ || server.log_from.is_some() || !server.keys.is_empty());
    }
    // It says where the other one had been left, if it is played on for that.
    let left_us = branches(&mut session).others[0].end_us;
    for (us, told) in [(left_us, None), (left_us + 1, Some(left_us))] {
        session.update(Action::SeekTo { us });
        assert_eq!(branches(&mut session).comparison.as_ref().unwrap().left_us, told);
    }
    session.update(Action::SeekTo { us: 500_000 });
    let before = branches(&mut session)
        .comparison
        .clone()
        .expect("it goes with the cursor");
    assert!(before.servers.is_empty(), "before the parting there is one past");
    session.update(Action::Compare(None));
    assert_eq!(branches(&mut session).comparison, None);
}

#[test]
fn the_diagram_shows_each_message_from_its_departure_to_its_arrival() {
    let mut session = with_diagram();
    let diagram = diagram(&mut session);
    assert_eq!(diagram.rows.len(), 5);
    assert!(diagram.follows && (diagram.from_us..diagram.to_us).contains(&session.now_us()));
    assert!(diagram.arrows.iter().any(|arrow| arrow.kind == MessageKind::Heartbeat));
    assert_eq!(diagram.hidden, 0);
    for arrow in &*diagram.arrows {
        assert_ne!(arrow.from, arrow.to);
        assert!(arrow.sent_us < arrow.end_us);
        assert_eq!(arrow.ended_by.is_none(), arrow.fate == Fate::OnItsWay);
    }
}

#[test]
fn a_diagram_of_the_past_shows_what_came_after_too() {
    let mut session = with_diagram();
    session.update(Action::LookAt(Some(0)));
    session.update(Action::SeekTo { us: 1_000 });
    for _ in 0..12 {
        session.update(Action::ZoomDiagram {
            closer: false,
            about_us: None,
        });
    }
    let diagram = diagram(&mut session);
    assert_eq!((diagram.from_us, diagram.window_us()), (0, 50_000_000));
    assert_eq!(diagram.zooms, [true, false]);
    let has = |kind| diagram.points.iter().any(|point| point.kind == kind);
    assert!(has(PointKind::Stood) && has(PointKind::Elected));
    assert!(diagram.arrows.len() <= 400, "{}", diagram.arrows.len());
    // What a server is now goes on; the painter shows how far that has come.
    let ends = diagram
        .rows
        .iter()
        .map(|row| row.stretches.last().map(|last| last.until_us));
    assert!(
        ends.into_iter().all(|end| end == Some(diagram.to_us)),
        "{:?}",
        diagram.rows
    );
}

#[test]
fn zooming_about_a_moment_leaves_it_where_it_is() {
    let mut session = with_diagram();
    let share = |diagram: &Diagram, us: u64| (us - diagram.from_us) as f64 / diagram.window_us() as f64;
    let before = diagram(&mut session);
    let about_us = before.from_us + before.window_us() / 5;
    for closer in [true, true, false] {
        session.update(Action::ZoomDiagram {
            closer,
            about_us: Some(about_us),
        });
        let zoomed = diagram(&mut session);
        assert!(!zoomed.follows);
        let moved = share(&zoomed, about_us) - share(&before, about_us);
        assert!(moved.abs() < 0.01, "it has moved by {moved} of the window");
    }
}

#[test]
fn of_several_arrows_the_nearest_is_meant() {
    let mut session = with_diagram();
    let diagram = diagram(&mut session);
    let (width, row) = (900.0, 34.0);
    let place = |server: u64| diagram.rows.iter().position(|line| line.server == server).unwrap() as f64;
    for arrow in diagram.arrows.iter().filter(|arrow| arrow.fate == Fate::Arrived) {
        // Near its head nothing else is: no two arrive at one server in the same moment.
        let at = |us: u64| (us as f64 - diagram.from_us as f64) / diagram.window_us() as f64 * width;
        let (x1, x2) = (at(arrow.sent_us), at(arrow.end_us));
        let (y1, y2) = ((place(arrow.from) + 0.5) * row, (place(arrow.to) + 0.5) * row);
        let on_it = |share: f64| (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share);
        let found = diagram.arrow_near(on_it(0.97), width, row, 12.0);
        assert_eq!(found, Some(arrow.event), "{arrow:?}");
    }
    assert_eq!(diagram.arrow_near((450.0, 10_000.0), width, row, 12.0), None);
}

#[test]
fn a_message_to_a_server_that_is_down_finds_nobody() {
    let mut session = with_diagram();
    let follower = (1..=5)
        .find(|&server| Some(server) != session.scene().writable)
        .unwrap();
    session.update(Action::Crash { server: follower });
    session.update(Action::SeekTo { us: 1_200_000 });
    let diagram = diagram(&mut session);
    let to_it = diagram.arrows.iter().filter(|arrow| arrow.to == follower);
    assert!(to_it.clone().any(|arrow| arrow.fate == Fate::Undeliverable));
}

#[test]
fn the_causes_of_what_is_selected_light_up() {
    let mut session = with_diagram();
    let answer = |diagram: &Diagram| {
        let mut arrows = diagram.arrows.iter().rev();
        let answer = arrows.find(|arrow| arrow.kind == MessageKind::Accepted).unwrap();
        answer.event
    };
    let event = answer(&diagram(&mut session));
    session.update(Action::GoToEvent { event });
    session.update(Action::Select(Selection::Event(event)));
    let diagram = diagram(&mut session);
    let lit = diagram.arrows.iter().filter(|arrow| arrow.lit);
    let kinds: Vec<MessageKind> = lit.map(|arrow| arrow.kind).collect();
    assert!(
        kinds.contains(&MessageKind::Accepted) && kinds.contains(&MessageKind::Heartbeat),
        "{kinds:?}"
    );
}

#[test]
fn the_arrow_keys_walk_through_all_events_of_the_diagram_and_back() {
    let mut session = with_diagram();
    let first = diagram(&mut session).next_to(None, true).unwrap();
    session.update(Action::Select(Selection::Event(first)));
    session.update(Action::SelectNextEvent { forward: true });
    let Selection::Event(second) = session.scene().selection else {
        panic!("an event is selected")
    };
    assert!(second > first);
    session.update(Action::SelectNextEvent { forward: false });
    assert_eq!(session.scene().selection, Selection::Event(first));
    session.update(Action::SelectNextEvent { forward: false });
    assert_eq!(
        session.scene().selection,
        Selection::Event(first),
        "there is none before"
    );
}

#[test]
fn another_future_has_another_diagram() {
    let mut session = with_diagram();
    session.update(Action::SeekTo { us: 900_000 });
    let before = diagram(&mut session);
    let leader = session.scene().writable.unwrap();
    session.update(Action::Crash { server: leader });
    let after = diagram(&mut session);
    assert!(after.arrows.iter().all(|arrow| arrow.sent_us <= session.now_us()));
    assert!(before.arrows.iter().any(|arrow| arrow.sent_us > session.now_us()));
    assert!(after.points.iter().any(|point| point.kind == PointKind::Crashed));
}

#[test]
fn a_long_history_is_drawn_as_fast_as_a_short_one() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 50 });
    for minute in 1..=3 {
        let us = minute * 60_000_000;
        session.update(Action::SeekTo { us });
        for half in 0..40 {
            session.update(Action::Toggle { server: half % 5 + 1 });
            session.update(Action::SeekTo {
                us: us + half * 500_000,
            });
        }
    }
    let scene = session.scene();
    for lane in &*scene.lanes {
        assert!(lane.stretches.len() <= 601, "{}", lane.stretches.len());
        let last = lane.stretches.last().expect("it has a past");
        let server = &scene.servers[lane.server as usize - 1];
        assert_eq!(
            (last.role, last.term),
            (server.role, server.term),
            "the present is shown as it is"
        );
        let marks = scene.marks.iter().filter(|mark| mark.server == lane.server);
        assert!(marks.count() <= 1_000);
    }
}

#[test]
fn whoever_points_near_a_mark_means_it() {
    let mark = |server, at_us| Mark {
        at_us,
        server,
        kind: MarkKind::Crashed,
    };
    let marks = [mark(1, 1_000), mark(2, 1_400), mark(1, 1_600)];
    assert_eq!(mark_at(&marks, 1, 1_350, 300).map(|mark| mark.at_us), Some(1_600));
    assert_eq!(mark_at(&marks, 1, 1_250, 300).map(|mark| mark.at_us), Some(1_000));
    assert_eq!(mark_at(&marks, 2, 1_350, 300).map(|mark| mark.at_us), Some(1_400));
    assert_eq!(mark_at(&marks, 1, 2_000, 300), None);
    assert_eq!(mark_at(&marks, 3, 1_000, 300), None);
}

#[test]
fn a_long_window_shows_what_has_been_and_no_more_than_can_be_told_apart() {
    let mut session = Session::new(7);
    session.update(Action::SetWritesPerSecond { writes: 100 });
    session.update(Action::TogglePanel(TimePanel::Diagram));
    session.update(Action::SeekTo { us: 41_000_000 });
    for _ in 0..12 {
        session.update(Action::ZoomDiagram {
            closer: false,
            about_us: None,
        });
    }
    let diagram = diagram(&mut session);
    assert_eq!((diagram.from_us, diagram.to_us), (0, 50_000_000), "all of it");
    assert!(diagram.points.len() <= 400, "{} points", diagram.points.len());
    assert!(diagram.hidden > 8_000, "{} left out", diagram.hidden);
    let elected = |kind| kind == PointKind::Elected;
    assert!(diagram.points.iter().any(|point| elected(point.kind)), "elections stay");
}

#[test]
fn the_diagram_follows_the_cursor_however_seldom_the_rest_is_read() {
    let mut session = with_diagram();
    for _ in 0..4 {
        session.update(Action::ZoomDiagram {
            closer: true,
            about_us: None,
        });
    }
    session.update(Action::Play);
    let mut out_of_sight = 0;
    for picture in 0..200 {
        // Whatever is read makes this machine stumble.
        session.tick(if picture % 8 == 0 { 90_000 } else { 17_000 });
        let scene = session.scene_in_passing();
        let diagram = scene.diagram.as_ref().expect("it is open");
        out_of_sight += u32::from(session.now_us() > diagram.to_us);
    }
    // For no longer than a tenth of a second at a time.
    assert!(out_of_sight <= 20, "{out_of_sight} of 200 pictures");
}
