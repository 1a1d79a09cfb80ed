//! What the ring shows of servers and links, and what can be done to links, from the outside.

use std::rc::Rc;

use raft_core::{Change, ElectionStyle, NodeId, ReadMode, Settings};
use raft_playground::cluster::Switch;
use raft_playground::details::Details;
use raft_playground::layout::{Point, Ring};
use raft_playground::network::{Dial, Preset, parted};
use raft_playground::scene::{DiskState, Link, Membership, Role, Scene, Selection, Server, TimerKind};
use raft_playground::session::{Action, Session};
use raft_playground::text::{Lang, RingWords};
use raft_sim::{Command, Config, DiskConfig, Links, Operation};

const SECOND_US: u64 = 1_000_000;

/// A cluster with a leader.
fn led() -> Session {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: SECOND_US });
    assert!(session.scene().writable.is_some());
    session
}

fn leader(session: &mut Session) -> u64 {
    session.scene().writable.expect("somebody leads")
}

fn do_(session: &mut Session, command: Command) {
    session.update(Action::Do(command));
}

fn server(scene: &Scene, id: u64) -> &Server {
    scene
        .servers
        .iter()
        .find(|server| server.id == id)
        .expect("it is there")
}

fn link(session: &mut Session, a: u64, b: u64) -> Link {
    let scene = session.scene();
    *scene
        .links
        .iter()
        .find(|link| (link.a, link.b) == (a, b))
        .expect("it is there")
}

/// Who reaches whom, as a row of signs a server.
fn reach(session: &mut Session) -> Vec<String> {
    let scene = session.scene();
    let ids = || scene.servers.iter().map(|server| server.id);
    let reaches = |from: u64, to: u64| {
        let cut = scene.links.iter().any(|link| match (link.a, link.b) {
            ends if ends == (from, to) => link.cut_there,
            ends if ends == (to, from) => link.cut_back,
            _ => false,
        });
        if from == to {
            '\\'
        } else if cut {
            '.'
        } else {
            '1'
        }
    };
    ids().map(|from| ids().map(|to| reaches(from, to)).collect()).collect()
}

#[test]
fn every_pair_of_servers_has_one_link() {
    for servers in 1..=Config::SERVERS_MAX {
        let mut session = Session::new(7);
        session.update(Action::SetServers { servers });
        let scene = session.scene();
        assert_eq!(scene.links.len() as u64, servers * (servers - 1) / 2);
        assert!(scene.links.iter().all(|link| link.a < link.b && !link.is_cut()));
    }
}

#[test]
fn a_link_is_cut_in_both_directions_and_healed_again() {
    let mut session = led();
    session.update(Action::ToggleLink { a: 2, b: 5 });
    let cut = link(&mut session, 2, 5);
    assert!(cut.cut_there && cut.cut_back);
    assert!(session.world().network().is_cut(NodeId(2), NodeId(5)));
    session.update(Action::ToggleLink { a: 2, b: 5 });
    assert!(!link(&mut session, 2, 5).is_cut());
    // Whatever is cut of it, a click heals.
    do_(
        &mut session,
        Command::Cut {
            from: NodeId(5),
            to: NodeId(2),
        },
    );
    let half = link(&mut session, 2, 5);
    assert!(!half.cut_there && half.cut_back);
    session.update(Action::ToggleLink { a: 2, b: 5 });
    assert!(!link(&mut session, 2, 5).is_cut());
}

#[test]
fn links_that_are_not_there_are_not_recorded() {
    let mut session = led();
    let before = session.code();
    for (a, b) in [(2, 2), (0, 1), (5, 6)] {
        session.update(Action::ToggleLink { a, b });
    }
    // Neither is healing where nothing is cut.
    do_(&mut session, Command::HealAll);
    assert_eq!(session.code(), before);
}

#[test]
fn presets_do_what_they_say() {
    let check = |preset: Preset, expected: [&str; 5]| {
        let mut session = led();
        assert_eq!(leader(&mut session), 2);
        // What was cut before is not part of it.
        session.update(Action::ToggleLink { a: 3, b: 4 });
        session.update(Action::Part(preset));
        assert_eq!(reach(&mut session), expected, "{preset:?}");
        do_(&mut session, Command::HealAll);
        assert!(!session.scene().links.iter().any(Link::is_cut));
    };
    check(Preset::LeaderAlone, ["\\.111", ".\\...", "1.\\11", "1.1\\1", "1.11\\"]);
    check(
        Preset::LeaderInMinority,
        ["\\..11", ".\\1..", ".1\\..", "1..\\1", "1..1\\"],
    );
    check(Preset::Halves, ["\\11..", "1\\1..", "11\\..", "...\\1", "...1\\"]);
    check(Preset::ThreeGroups, ["\\1...", "1\\...", "..\\1.", "..1\\.", "....\\"]);
    check(Preset::Bridge, ["\\..11", ".\\11.", ".1\\1.", "111\\1", "1..1\\"]);
    check(Preset::EachAlone, ["\\....", ".\\...", "..\\..", "...\\.", "....\\"]);
    check(Preset::LeaderDeaf, ["\\.111", "1\\111", "1.\\11", "1.1\\1", "1.11\\"]);
}

#[test]
fn presets_are_offered_where_there_are_enough_servers_for_them() {
    for servers in 1..=Config::SERVERS_MAX {
        for leader in (1..=servers).map(Some).chain([None]) {
            let plans: Vec<_> = Preset::ALL
                .iter()
                .filter_map(|preset| preset.plan(servers, leader))
                .collect();
            assert_eq!(plans.is_empty(), servers == 1, "{servers}");
            for plan in plans {
                let all = (1..=servers).all(|id| plan.groups.contains(&format!("S{id}")));
                assert!(all && !plan.commands.is_empty(), "{plan:?}");
            }
        }
    }
}

#[test]
fn nine_servers_in_three_groups_have_no_majority() {
    let plan = Preset::ThreeGroups.plan(9, Some(1)).expect("nine are enough");
    assert_eq!(&*plan.groups, "S1 S2 S3 | S4 S5 S6 | S7 S8 S9");
}

#[test]
fn a_line_across_the_ring_parts_the_servers_on_its_sides() {
    let ring = Ring::new(5);
    let (left, right) = (Point { x: 0.0, y: 330.0 }, Point { x: 540.0, y: 330.0 });
    let groups = |ids: [&[u64]; 2]| {
        let groups = ids.map(|ids| ids.iter().copied().map(NodeId).collect());
        Some(Command::Partition { groups: groups.into() })
    };
    let expected = groups([&[1, 2, 5], &[3, 4]]);
    assert_eq!(parted(&ring.sides(left, right)), expected);
    assert_eq!(
        parted(&ring.sides(right, left)),
        expected,
        "in whichever direction it is drawn"
    );
    let above = |point: Point| Point { y: 10.0, ..point };
    assert_eq!(
        parted(&ring.sides(above(left), above(right))),
        None,
        "all are on one side"
    );
}

#[test]
fn a_line_leaves_cut_what_is_cut_and_a_preset_does_not() {
    let cuts = |session: &Session| -> Vec<(u64, u64)> {
        let cuts = session.world().network().cuts();
        cuts.map(|(from, to)| (from.0, to.0)).collect()
    };
    let both = |links: &[(u64, u64)]| {
        let mut ways: Vec<_> = links.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        ways.sort_unstable();
        ways
    };
    let commands = |session: &Session| session.timeline().recording().commands.len();
    let draw = |session: &mut Session, sides: [bool; 5]| {
        let before = commands(session);
        session.update(Action::PartAlong { sides: sides.into() });
        commands(session) - before
    };
    let mut session = led();
    session.update(Action::ToggleLink { a: 1, b: 2 });
    let [some, others] = [[true, true, false, false, true], [false, false, false, true, false]];
    // A partition, and both directions of the link within one of its groups.
    assert_eq!(draw(&mut session, some), 3);
    let first = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 5), (4, 5)];
    assert_eq!(cuts(&session), both(&first));
    assert_eq!(draw(&mut session, some), 0, "all that is parted already");
    assert_eq!(draw(&mut session, [true; 5]), 0, "all are on one side");
    draw(&mut session, others);
    assert_eq!(
        cuts(&session),
        both(&[&first[..], &[(3, 4)]].concat()),
        "both lines part"
    );

    // Two lines make groups, and what is cut in one direction stays cut in that one only.
    session.update(Action::Do(Command::HealAll));
    assert_eq!((draw(&mut session, some), draw(&mut session, others)), (1, 1));
    session.update(Action::Do(Command::HealAll));
    let (from, to) = (NodeId(4), NodeId(3));
    session.update(Action::Do(Command::Cut { from, to }));
    assert_eq!(draw(&mut session, some), 2);
    let network = session.world().network();
    assert!(network.is_cut(from, to) && !network.is_cut(to, from));

    session.update(Action::Part(Preset::EachAlone));
    session.update(Action::Part(Preset::LeaderDeaf));
    assert_eq!(cuts(&session).len(), 4);
}

#[test]
fn dials_of_a_link_are_its_own_and_those_of_all_are_for_all() {
    let mut session = led();
    let turn = |session: &mut Session, dial: Dial, on, value| {
        let stop = dial.stop(value);
        session.update(Action::Turn { dial, on, stop });
    };
    turn(&mut session, Dial::LatencyMin, Some((1, 2)), 50_000);
    let set = session.world().network().link(NodeId(2), NodeId(1)).clone();
    assert_eq!(
        (set.latency_us_min, set.latency_us_max),
        (50_000, 50_000),
        "the longest follows the shortest"
    );
    assert!(link(&mut session, 1, 2).set_alone);
    assert!(!link(&mut session, 1, 3).set_alone);
    turn(&mut session, Dial::Loss, None, 200_000);
    turn(&mut session, Dial::Disk, None, 100_000);
    let network = session.world().network();
    assert_eq!(network.all().loss_ppm, 200_000);
    assert_eq!(network.link(NodeId(1), NodeId(2)).loss_ppm, 200_000);
    assert!(
        session
            .scene()
            .servers
            .iter()
            .all(|server| server.disk == DiskState::Slow)
    );
    let shown: Vec<_> = session
        .scene()
        .settings
        .iter()
        .map(|it| it.dial.amount(it.value))
        .collect();
    assert_eq!(shown, ["10 ms", "15 ms", "20%", "0%", "0%", "100 ms"]);
}

#[test]
fn every_stop_of_a_dial_stands_for_itself() {
    for dial in Dial::LINK.into_iter().chain([Dial::Disk]) {
        for stop in 0..=dial.last_stop() {
            assert_eq!(dial.stop(dial.value(stop)), stop, "{dial:?}");
        }
        assert_eq!(dial.stop(u64::MAX), dial.last_stop());
    }
}

#[test]
fn a_selected_link_shows_how_it_is_set() {
    let mut session = led();
    do_(
        &mut session,
        Command::Cut {
            from: NodeId(4),
            to: NodeId(3),
        },
    );
    let on = Links::One {
        from: NodeId(4),
        to: NodeId(3),
    };
    do_(&mut session, Command::SetLoss { on, ppm: 500_000 });
    session.update(Action::Select(Selection::Link(3, 4)));
    let scene = session.scene();
    let Some(Details::Link(details)) = scene.details.as_deref() else {
        panic!("a link is selected: {:?}", scene.details);
    };
    assert!(!details.link.cut_there && details.link.cut_back && details.link.set_alone);
    let loss = details
        .settings
        .iter()
        .find(|it| it.dial == Dial::Loss)
        .expect("it has one");
    assert_eq!((loss.value, loss.back), (0, Some(500_000)));
    session.update(Action::Select(Selection::Link(4, 3)));
    assert_eq!(session.scene().details, None, "the lower number is first");
}

#[test]
fn a_read_goes_by_lease_where_leases_are_on_and_finds_what_the_workload_writes() {
    let mut session = led();
    session.update(Action::SetWritesPerSecond { writes: 10 });
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    let read = |session: &mut Session| {
        session.update(Action::ReadNext);
        let commands = &session.timeline().recording().commands;
        let Some((
            _,
            Command::Ask {
                operation: Operation::Read { key, mode },
                ..
            },
        )) = commands.last()
        else {
            panic!("no read");
        };
        let leader = session.world().leader().unwrap();
        let state = session.world().server(leader).unwrap().state().unwrap();
        assert!(state.get(key).is_some(), "there is {key}");
        *mode
    };
    assert_eq!(read(&mut session), ReadMode::ReadIndex);
    session.update(Action::TurnSwitch(Switch::CheckQuorum));
    session.update(Action::TurnSwitch(Switch::LeaseReads));
    assert_eq!(read(&mut session), ReadMode::Lease);
}

#[test]
fn a_read_asks_the_leader_for_what_was_written_last() {
    let mut session = led();
    assert_eq!(&*session.scene().next_read, "x");
    session.update(Action::Write {
        key: "key".into(),
        value: "7".into(),
    });
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    assert_eq!(&*session.scene().next_read, "key");
    session.update(Action::ReadNext);
    let recording = session.timeline().recording();
    let Some((
        _,
        Command::Ask {
            to,
            operation: Operation::Read { key, .. },
            ..
        },
    )) = recording.commands.last()
    else {
        panic!("a read is recorded");
    };
    assert_eq!((&**key, *to), ("key", session.world().leader()));
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    let told: Vec<_> = session.scene().story.iter().map(|it| it.what.text(Lang::En)).collect();
    assert!(told.iter().any(|line| line.contains("key")), "{told:?}");
}

#[test]
fn conditions_are_told_apart() {
    let mut session = led();
    let leads = leader(&mut session);
    let [one, two, three] = [1, 3, 4];
    assert!(![one, two, three].contains(&leads));
    do_(&mut session, Command::Pause { server: NodeId(one) });
    do_(
        &mut session,
        Command::SetDrift {
            server: NodeId(two),
            ppm: -250_000,
        },
    );
    do_(&mut session, Command::StallDisk { server: NodeId(two) });
    let disk = DiskConfig {
        write_us_min: 40_000,
        write_us_max: 90_000,
    };
    do_(
        &mut session,
        Command::SetDisk {
            server: Some(NodeId(three)),
            disk,
        },
    );
    let alone = vec![vec![NodeId(three)]];
    let others = (1..=5).map(NodeId).filter(|id| id.0 != three).collect();
    do_(
        &mut session,
        Command::Partition {
            groups: [alone, vec![others]].concat(),
        },
    );
    let scene = session.scene();
    let conditions = |id| server(&scene, id).conditions();
    assert_eq!(conditions(one), [RingWords::Paused]);
    assert_eq!(conditions(two), [RingWords::DiskStalled, RingWords::ClockSlow(25)]);
    assert_eq!(conditions(three), [RingWords::CutOff, RingWords::DiskSlow]);
    assert_eq!(conditions(leads), []);
    for id in [one, two, three] {
        assert_eq!(server(&scene, id).gave_vote_to(), Some(leads));
        assert_eq!(server(&scene, id).membership, Membership::Voter);
    }
    assert_eq!(server(&scene, leads).gave_vote_to(), None, "its own is no news");
}

#[test]
fn learners_and_strangers_are_no_followers() {
    let mut session = led();
    do_(
        &mut session,
        Command::ChangeMembers {
            change: Change::AddLearner(NodeId(6)),
        },
    );
    assert_eq!(session.scene().servers.len(), 6);
    assert_eq!(server(&session.scene(), 6).standing(), Some(RingWords::Learner));
    assert_eq!(session.scene().links.len(), 15, "it has links from the beginning");
    session.update(Action::SeekTo { us: 2 * SECOND_US });
    do_(
        &mut session,
        Command::ChangeMembers {
            change: Change::Remove(NodeId(6)),
        },
    );
    session.update(Action::SeekTo { us: 3 * SECOND_US });
    let scene = session.scene();
    let removed = server(&scene, 6);
    assert_eq!(
        (removed.membership, removed.standing()),
        (Membership::Outside, Some(RingWords::NotAMember))
    );
    assert_eq!(server(&scene, 1).standing(), None);
}

#[test]
fn a_leader_that_hands_over_says_to_whom() {
    let mut session = led();
    let leads = leader(&mut session);
    let to = leads % 5 + 1;
    do_(&mut session, Command::TransferLeadership { to: NodeId(to) });
    assert_eq!(server(&session.scene(), leads).hands_over_to, Some(to));
    assert_eq!(server(&session.scene(), leads).conditions(), [RingWords::HandsOver(to)]);
}

#[test]
fn a_write_on_its_way_to_the_disk_is_shown() {
    let mut session = led();
    let leads = leader(&mut session);
    assert!(!server(&session.scene(), leads).writing);
    session.update(Action::WriteNext);
    let mut seen = false;
    for _ in 0..20 {
        session.update(Action::StepForward);
        seen |= server(&session.scene(), leads).writing;
    }
    assert!(seen, "the entry is written before it counts");
}

#[test]
fn both_stages_of_an_election_have_their_timer() {
    let raft = Settings {
        election_style: ElectionStyle::TWO_STAGE,
        ..Settings::default()
    };
    let config = Config {
        raft,
        ..Config::default()
    };
    let mut session = Session::with_config(config, 7);
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..400 {
        session.update(Action::StepForward);
        let scene: Rc<Scene> = session.scene();
        let followers = scene.servers.iter().filter(|server| server.role == Role::Follower);
        kinds.extend(
            followers
                .filter_map(|server| server.timer)
                .map(|timer| format!("{:?}", timer.kind)),
        );
    }
    let both = [TimerKind::Election, TimerKind::ElectionDelay].map(|kind| format!("{kind:?}"));
    assert!(both.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}
