//! What can be done to one server: the items of its menu, each with its action, and with why not if it makes no sense.

use raft_core::{Change, NodeId, ReadMode};
use raft_sim::{Command, Config, DiskConfig, World};

use crate::session::Action;
use crate::text::ServerWords as Words;

/// A clock that is slow.
const SLOW_PPM: i64 = -500_000;
/// A clock that is fast.
const FAST_PPM: i64 = 1_000_000;
/// What a write takes on a slow disk, in microseconds: longer than a message to all servers and back.
const SLOW_DISK_US: u64 = 50_000;

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What its items have in common, if it has several.
    pub name: Option<Words>,
    /// Whether a line separates it from the row before.
    pub begins_group: bool,
    /// What can be chosen.
    pub items: Vec<Item>,
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub name: Words,
    /// What it means, if the name does not say all.
    pub hint: Option<Words>,
    /// Of a choice between states: whether this is the present one.
    pub chosen: Option<bool>,
    /// What is done.
    pub action: Action,
    /// Why it makes no sense now.
    pub why_not: Option<Words>,
}

impl Item {
    fn new(name: Words, action: Action) -> Item {
        Item {
            name,
            hint: None,
            chosen: None,
            action,
            why_not: None,
        }
    }

    fn of(name: Words, command: Command) -> Item {
        Item::new(name, Action::Do(command))
    }

    /// The first reason against it that holds.
    fn unless<const N: usize>(mut self, reasons: [(bool, Words); N]) -> Item {
        self.why_not = reasons.into_iter().find_map(|(holds, why)| holds.then_some(why));
        self
    }
}

/// Everything that can be done to a server.
pub(crate) fn menu(world: &World, id: NodeId) -> Vec<Row> {
    let Some(server) = world.server(id) else {
        return Vec::new();
    };
    let is_down = server.node().is_none();
    let is_paused = server.is_paused();
    let leader = world.leader();
    let reign = leader.and_then(|leader| world.server(leader)?.node());
    let own = server.configuration();
    let members = reign.map_or(&own, |leader| leader.configuration());
    let (is_voter, is_learner) = (members.is_voter(id), members.learners().contains(&id));
    let is_only_voter = is_voter && members.voters().len() == 1;
    let nobody_leads = (leader.is_none(), Words::NobodyLeads);
    let change_under_way = (!members.outgoing().is_empty(), Words::ChangeUnderWay);
    let down = (is_down, Words::IsDown);
    let paused = (is_paused, Words::IsPaused);
    let row = |begins_group, item| Row {
        name: None,
        begins_group,
        items: vec![item],
    };
    let crash = if is_down {
        Item::of(Words::Restart, Command::Restart { server: id })
    } else {
        Item::of(Words::Crash, Command::Crash { server: id })
    };
    let pause = if is_paused {
        Item::of(Words::Resume, Command::Resume { server: id })
    } else {
        Item::of(Words::Pause, Command::Pause { server: id }).unless([down])
    };
    let time_out = Item::of(Words::TimeOut, Command::TimeOut { server: id }).unless([down, paused]);
    let write = Item::new(Words::WriteHere, Action::WriteNextTo { server: id.0 });
    let isolate = if is_isolated(world, id) {
        Item::new(Words::Reconnect, Action::Isolate { server: id.0 })
    } else {
        let is_alone = (world.servers().len() < 2, Words::IsAlone);
        Item::new(Words::Isolate, Action::Isolate { server: id.0 }).unless([is_alone])
    };
    let transfer = Item::of(Words::Transfer, Command::TransferLeadership { to: id }).unless([
        nobody_leads,
        (leader == Some(id), Words::LeadsAlready),
        (!is_voter, Words::NoVoter),
        (
            reign
                .and_then(|leader| leader.reign())
                .is_some_and(|reign| reign.transfer.is_some()),
            Words::TransferUnderWay,
        ),
    ]);
    let nothing_new = server
        .node()
        .is_some_and(|node| node.commit_index() <= node.snapshot().last.index);
    let snapshot = Item::of(Words::Snapshot, Command::TakeSnapshot { server: id }).unless([
        down,
        paused,
        (nothing_new, Words::NothingToCompact),
    ]);
    let change =
        |name, change| Item::of(name, Command::ChangeMembers { change }).unless([nobody_leads, change_under_way]);
    let vote = if is_voter {
        let item = Item::of(
            Words::MakeLearner,
            Command::ChangeMembers {
                change: Change::AddLearner(id),
            },
        );
        item.unless([nobody_leads, change_under_way, (is_only_voter, Words::OnlyVoter)])
    } else {
        change(Words::MakeVoter, Change::AddVoter(id))
    };
    let learn = (!is_voter && !is_learner).then(|| change(Words::MakeLearner, Change::AddLearner(id)));
    let remove = Item::of(
        Words::Remove,
        Command::ChangeMembers {
            change: Change::Remove(id),
        },
    )
    .unless([
        nobody_leads,
        change_under_way,
        (!is_voter && !is_learner, Words::NotAMember),
        (is_only_voter, Words::OnlyVoter),
    ]);
    let next = world.servers().len() as u64 + 1;
    let add = if next > Config::SERVERS_MAX {
        change(Words::AddNone, Change::AddVoter(NodeId(next))).unless([(true, Words::RingIsFull)])
    } else {
        change(Words::Add(next), Change::AddVoter(NodeId(next)))
    };
    let mut rows = vec![
        row(false, crash),
        row(false, pause),
        row(false, time_out),
        row(true, write),
        reads(world, id),
        row(true, isolate),
        row(false, transfer),
        row(false, snapshot),
        row(true, vote),
    ];
    rows.extend(learn.map(|learn| row(false, learn)));
    rows.extend([row(false, remove), row(false, add), clocks(world, id), disks(world, id)]);
    rows
}

fn reads(world: &World, id: NodeId) -> Row {
    let read = |name, hint, mode| Item {
        hint: Some(hint),
        ..Item::new(name, Action::ReadFrom { server: id.0, mode })
    };
    let no_leases = (world.settings().lease_drift_ppm_max.is_none(), Words::NoLeases);
    Row {
        name: Some(Words::ReadHere),
        begins_group: false,
        items: vec![
            read(Words::ReadIndex, Words::ReadIndexHint, ReadMode::ReadIndex),
            read(Words::ReadLease, Words::ReadLeaseHint, ReadMode::Lease).unless([no_leases]),
            read(Words::ReadLocal, Words::ReadLocalHint, ReadMode::Local),
        ],
    }
}

fn clocks(world: &World, server: NodeId) -> Row {
    let drift = world.server(server).map_or(0, |server| server.clock().drift_ppm());
    let clock = |name, ppm: i64| Item {
        chosen: Some(drift.signum() == ppm.signum()),
        ..Item::of(name, Command::SetDrift { server, ppm })
    };
    Row {
        name: Some(Words::Clock),
        begins_group: true,
        items: vec![
            clock(Words::ClockSlow, SLOW_PPM),
            clock(Words::ClockExact, 0),
            clock(Words::ClockFast, FAST_PPM),
        ],
    }
}

/// A disk that is stalled goes on before it gets another speed; choosing the present state changes nothing.
fn disks(world: &World, server: NodeId) -> Row {
    let usual = world.config().disk.clone();
    let disk = world.server(server).map(raft_sim::Server::disk);
    let is_stalled = disk.is_some_and(raft_sim::Disk::is_stalled);
    let is_slow = disk.is_some_and(|disk| disk.config().write_us_max > usual.write_us_max);
    let slow = DiskConfig {
        write_us_min: SLOW_DISK_US,
        write_us_max: SLOW_DISK_US,
    };
    let state = |name, chosen, action| Item {
        chosen: Some(chosen),
        ..Item::new(name, action)
    };
    let set = |disk| Action::SetDisk { server: server.0, disk };
    Row {
        name: Some(Words::Disk),
        begins_group: false,
        items: vec![
            state(Words::DiskUsual, !is_stalled && !is_slow, set(Some(usual))),
            state(
                Words::DiskSlow(SLOW_DISK_US / 1_000),
                !is_stalled && is_slow,
                set(Some(slow)),
            ),
            state(Words::DiskStalled, is_stalled, set(None)),
        ],
    }
}

/// Whether nothing gets to a server and nothing from it.
fn is_isolated(world: &World, id: NodeId) -> bool {
    let mut others = world
        .servers()
        .iter()
        .map(raft_sim::Server::id)
        .filter(|&other| other != id);
    let is_cut = |other| world.network().is_cut(id, other) && world.network().is_cut(other, id);
    world.servers().len() > 1 && others.all(is_cut)
}

/// Cuts every link of a server that is whole; heals them all if none is.
pub(crate) fn isolate(world: &World, id: NodeId) -> Vec<Command> {
    let heals = is_isolated(world, id);
    let others = world
        .servers()
        .iter()
        .map(raft_sim::Server::id)
        .filter(|&other| other != id);
    let ways = others.flat_map(|other| [(id, other), (other, id)]);
    let ways = ways.filter(|&(from, to)| heals || !world.network().is_cut(from, to));
    ways.map(|(from, to)| {
        if heals {
            Command::Heal { from, to }
        } else {
            Command::Cut { from, to }
        }
    })
    .collect()
}

/// Gives a disk another speed; without one, stalls it.
pub(crate) fn set_disk(world: &World, server: NodeId, disk: Option<DiskConfig>) -> Vec<Command> {
    let is_stalled = world.server(server).is_some_and(|server| server.disk().is_stalled());
    match disk {
        None => vec![Command::StallDisk { server }],
        Some(disk) => {
            let goes_on = is_stalled.then_some(Command::UnstallDisk { server });
            let server = Some(server);
            goes_on.into_iter().chain([Command::SetDisk { server, disk }]).collect()
        }
    }
}
