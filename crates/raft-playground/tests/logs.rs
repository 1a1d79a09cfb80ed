//! The log table: what differs, what has been compacted, and entries that are asked.

use raft_core::NodeId;
use raft_playground::details::Details;
use raft_playground::scene::{LogRow, Scene, Selection};
use raft_playground::session::{Action, Command, Session};
use raft_playground::text::EntryWords;

const SECOND_US: u64 = 1_000_000;

/// A session with a leader, at a second, and the leader.
fn led() -> (Session, u64) {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: SECOND_US });
    let leader = session.scene().writable.expect("somebody leads after a second");
    (session, leader)
}

fn wait(session: &mut Session, us: u64) {
    session.update(Action::SeekTo {
        us: session.now_us() + us,
    });
}

fn row(scene: &Scene, server: u64) -> &LogRow {
    &scene.logs[server as usize - 1]
}

#[test]
fn what_a_leader_cut_off_wrote_differs_until_it_is_overwritten() {
    let (mut session, old) = led();
    session.update(Action::WriteNext);
    wait(&mut session, SECOND_US);
    assert!(session.scene().logs.iter().all(|row| row.differing.is_empty()));

    // Its last write reaches nobody; the others go on without it.
    session.update(Action::WriteNext);
    wait(&mut session, 20_000);
    let others: Vec<NodeId> = (1..=5).filter(|&id| id != old).map(NodeId).collect();
    session.update(Action::Do(Command::Partition {
        groups: vec![vec![NodeId(old)], others],
    }));
    wait(&mut session, SECOND_US);
    session.update(Action::Write {
        key: "y".into(),
        value: "9".into(),
    });
    wait(&mut session, SECOND_US);
    let scene = session.scene();
    let leader = scene.writable.unwrap();
    assert_ne!(leader, old);
    let stale = row(&scene, old);
    assert!(!stale.differing.is_empty(), "{stale:?}");
    assert!(
        stale
            .differing
            .iter()
            .all(|&index| index > stale.commit_index && stale.differs(index))
    );
    let agree = |row: &&LogRow| row.differing.is_empty() && row.differing_keys.is_empty();
    assert_eq!(scene.logs.iter().filter(agree).count(), 4);

    // Its map says what it said before.
    session.update(Action::Write {
        key: "x".into(),
        value: "new".into(),
    });
    wait(&mut session, SECOND_US);
    assert!(row(&session.scene(), old).differing_keys.contains(&"x".into()));

    // Going to and fro makes no difference.
    let before = session.scene().logs.clone();
    let now = session.now_us();
    session.update(Action::SeekTo { us: SECOND_US });
    session.scene();
    session.update(Action::SeekTo { us: now });
    assert_eq!(session.scene().logs, before);

    session.update(Action::Do(Command::HealAll));
    wait(&mut session, 2 * SECOND_US);
    assert!(session.scene().logs.iter().all(|row| agree(&row)));
}

#[test]
fn a_compacted_log_says_what_its_snapshot_holds() {
    let (mut session, leader) = led();
    for _ in 0..20 {
        session.update(Action::WriteNext);
        wait(&mut session, SECOND_US / 5);
    }
    assert_eq!(row(&session.scene(), leader).snapshot_term, None);
    session.update(Action::Do(Command::TakeSnapshot { server: NodeId(leader) }));
    wait(&mut session, 100_000);
    let scene = session.scene();
    // Some entries before the snapshot's end are kept for followers that lag a little.
    let compacted = row(&scene, leader);
    assert_eq!((compacted.first_index, compacted.last_index()), (6, 21));
    assert_eq!(compacted.snapshot_index, 21, "the kept entries are in it too");
    let other = row(&scene, leader % 5 + 1);
    assert_eq!((other.first_index, other.snapshot_index), (1, 0));
    assert_eq!(compacted.snapshot_term, other.entries.get(4).map(|entry| entry.term));
    assert!(
        scene.logs.iter().all(|row| row.differing.is_empty()),
        "nothing contradicts a snapshot"
    );
    assert_eq!(compacted.state, other.state);
    let server = other.server;
    session.update(Action::Select(Selection::Entry { server, index: 3 }));
    let details = session.scene().details.clone();
    let Some(Details::Entry(details)) = details.as_deref() else {
        panic!("{details:?}")
    };
    assert_eq!(
        details.verdict,
        EntryWords::Committed(5, 5),
        "what a snapshot holds counts"
    );
    assert!(details.places.contains(&(leader, EntryWords::Compacted)));
}

#[test]
fn an_entry_tells_where_it_is() {
    let (mut session, leader) = led();
    session.update(Action::WriteNext);
    wait(&mut session, SECOND_US);
    session.update(Action::Select(Selection::Entry {
        server: leader,
        index: 2,
    }));
    let scene = session.scene();
    let Some(Details::Entry(details)) = scene.details.as_deref() else {
        panic!("{:?}", scene.details)
    };
    assert_eq!((&*details.label, details.verdict), ("x=1", EntryWords::Committed(5, 5)));
    assert!(details.places.iter().all(|&(_, place)| place == EntryWords::Durable));
    assert_eq!(details.neighbours, (true, false));
}
