//! What can be done to the links: cut and heal them, partitions by name, and dials for how long things take and what
//! gets lost.
//!
//! Everything here ends in commands of the simulator, which are recorded like any others.

use std::rc::Rc;

use raft_core::NodeId;
use raft_sim::{Command, DiskConfig, Links, NetworkConfig, World};

use crate::label;
use crate::text::{Lang, NetworkWords as Words};

/// A partition that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The leader on one side, all others on the other.
    LeaderAlone,
    /// The leader with as many others as are just no majority.
    LeaderInMinority,
    /// Two halves, as equal as they can be.
    Halves,
    /// Three groups: with nine servers, none of them a majority.
    ThreeGroups,
    /// Two sides that only one server connects: links are not transitive.
    Bridge,
    /// Each server alone.
    EachAlone,
    /// What the leader sends arrives, and nothing reaches it: one direction is cut.
    LeaderDeaf,
}

/// What a preset means for a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name there.
    pub name: Words,
    /// The groups, as in `S1 | S2 S3`.
    pub groups: Rc<str>,
    /// How to get there.
    pub commands: Vec<Command>,
}

impl Preset {
    /// All, in the order of the menu.
    pub const ALL: [Preset; 7] = [
        Preset::LeaderAlone,
        Preset::LeaderInMinority,
        Preset::Halves,
        Preset::ThreeGroups,
        Preset::Bridge,
        Preset::EachAlone,
        Preset::LeaderDeaf,
    ];

    /// What it means for so many servers, if they are enough. While nobody leads the first server stands for the leader.
    #[must_use]
    pub fn plan(self, servers: u64, leader: Option<u64>) -> Option<Plan> {
        let first = leader.unwrap_or(1);
        let by_leader = |leads: fn(u64) -> Words, else_: fn(u64) -> Words| match leader {
            Some(leader) => leads(leader),
            None => else_(first),
        };
        let ids: Vec<u64> = (1..=servers).collect();
        // The leader first, then round the ring from it.
        let from_leader: Vec<u64> = (0..servers).map(|step| (first - 1 + step) % servers + 1).collect();
        let split = |ids: &[u64], at: u64| {
            let (one, other) = ids.split_at(at as usize);
            vec![one.to_vec(), other.to_vec()]
        };
        let (name, groups, servers_min) = match self {
            Preset::LeaderAlone => (
                by_leader(Words::LeaderAlone, Words::ServerAlone),
                split(&from_leader, 1),
                2,
            ),
            Preset::LeaderInMinority => (
                by_leader(Words::LeaderInMinority, Words::ServerInMinority),
                split(&from_leader, servers.saturating_sub(1) / 2),
                5,
            ),
            Preset::Halves => (Words::Halves, split(&ids, servers.div_ceil(2)), 3),
            Preset::ThreeGroups => {
                let third = servers.div_ceil(3).max(1) as usize;
                (Words::ThreeGroups, ids.chunks(third).map(<[u64]>::to_vec).collect(), 5)
            }
            Preset::Bridge => {
                let side = servers.saturating_sub(1) / 2;
                let mut groups = split(&from_leader, side);
                let far = groups.pop().unwrap_or_default();
                groups.extend(split(&far, 1.min(far.len() as u64)));
                (Words::Bridge, groups, 3)
            }
            Preset::EachAlone => (Words::EachAlone, ids.iter().map(|&id| vec![id]).collect(), 3),
            Preset::LeaderDeaf => (
                by_leader(Words::LeaderDeaf, Words::ServerDeaf),
                split(&from_leader, 1),
                2,
            ),
        };
        if servers < servers_min {
            return None;
        }
        let groups: Vec<Vec<NodeId>> = groups.into_iter().map(members).collect();
        let (sign, commands) = match (self, &*groups) {
            (Preset::Bridge, [near, _, far]) => {
                let ways = near.iter().flat_map(|&a| far.iter().map(move |&b| (a, b)));
                (" – ", healed_first(ways.flat_map(|(a, b)| [cut(a, b), cut(b, a)])))
            }
            (Preset::LeaderDeaf, [leader, others]) => {
                let ways = leader
                    .iter()
                    .flat_map(|&to| others.iter().map(move |&from| cut(from, to)));
                (" → ", healed_first(ways))
            }
            _ => {
                let groups = groups.clone();
                (" | ", vec![Command::Partition { groups }])
            }
        };
        Some(Plan {
            name,
            groups: label::groups(&groups).replace(" | ", sign).into(),
            commands,
        })
    }
}

fn members(mut group: Vec<u64>) -> Vec<NodeId> {
    group.sort_unstable();
    group.into_iter().map(NodeId).collect()
}

fn cut(from: NodeId, to: NodeId) -> Command {
    Command::Cut { from, to }
}

/// Cuts are added to those that are there: a preset is what it says and no more.
fn healed_first(cuts: impl Iterator<Item = Command>) -> Vec<Command> {
    std::iter::once(Command::HealAll).chain(cuts).collect()
}

/// The partition that has these servers on one side of a line, and all others on the other. None if one side is empty.
#[must_use]
pub fn parted(sides: &[bool]) -> Option<Command> {
    let side = |side: bool| -> Vec<NodeId> {
        let here = (1..).zip(sides).filter(|&(_, &it)| it == side);
        here.map(|(id, _)| NodeId(id)).collect()
    };
    // The first server's side first.
    let first = sides.first().copied().unwrap_or(true);
    let groups = vec![side(first), side(!first)];
    groups
        .iter()
        .all(|group| !group.is_empty())
        .then_some(Command::Partition { groups })
}

/// Parts the servers along a line that somebody has drawn: what is cut on either side of it stays cut. Nothing is done if
/// it parts nobody who is not parted already.
pub(crate) fn part_along(world: &World, sides: &[bool]) -> Vec<Command> {
    let network = world.network();
    let ids = || world.servers().iter().map(raft_sim::Server::id);
    let side = |NodeId(id): NodeId| sides.get(usize::try_from(id).ok()?.checked_sub(1)?);
    let is_across = |a, b| side(a) != side(b);
    let reaches = |from, to| !is_across(from, to) && !network.is_cut(from, to);
    let is_news = ids().any(|a| ids().any(|b| is_across(a, b) && !network.is_cut(a, b)));
    if !is_news {
        return Vec::new();
    }
    // Who can still speak to somebody of a group, in one direction at least, is of that group.
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for id in ids() {
        let is_apart = |group: &Vec<NodeId>| !group.iter().any(|&it| reaches(it, id) || reaches(id, it));
        let (apart, together): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_apart);
        groups = apart;
        groups.push(together.into_iter().flatten().chain([id]).collect());
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    let is_together = |(a, b): &(NodeId, NodeId)| groups.iter().any(|group| group.contains(a) && group.contains(b));
    let cuts = network
        .cuts()
        .filter(is_together)
        .map(|(from, to)| cut(from, to))
        .collect::<Vec<_>>();
    std::iter::once(Command::Partition { groups }).chain(cuts).collect()
}

/// Cuts the link between two servers in both directions; heals it if it is cut in either.
pub(crate) fn toggle(world: &World, a: NodeId, b: NodeId) -> Vec<Command> {
    let network = world.network();
    let cuts = [(a, b), (b, a)].map(|(from, to)| (from, to, network.is_cut(from, to)));
    if cuts.iter().any(|(.., is_cut)| *is_cut) {
        let cuts = cuts.into_iter().filter(|(.., is_cut)| *is_cut);
        cuts.map(|(from, to, _)| Command::Heal { from, to }).collect()
    } else {
        vec![cut(a, b), cut(b, a)]
    }
}

/// Something that can be turned up and down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dial {
    /// The shortest time that a message takes.
    LatencyMin,
    /// The longest.
    LatencyMax,
    /// How many messages get lost.
    Loss,
    /// How many arrive twice.
    Duplication,
    /// How many are held up, so that others overtake them.
    Reordering,
    /// The longest time that a write to a disk takes; the shortest is half of it.
    Disk,
}

/// A dial, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub dial: Dial,
    /// How it is set, in microseconds or millionths.
    pub value: u64,
    /// The other direction of a link, if it is set otherwise there.
    pub back: Option<u64>,
}

const MS_STOPS: [u64; 17] = [0, 1, 2, 4, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000];
const PERCENT_STOPS: [u64; 11] = [0, 1, 2, 5, 10, 20, 30, 50, 70, 90, 100];

impl Dial {
    /// Those of links.
    pub const LINK: [Dial; 5] = [
        Dial::LatencyMin,
        Dial::LatencyMax,
        Dial::Loss,
        Dial::Duplication,
        Dial::Reordering,
    ];

    /// Whether it is a time: then its value is in microseconds, else in millionths.
    fn is_time(self) -> bool {
        matches!(self, Dial::LatencyMin | Dial::LatencyMax | Dial::Disk)
    }

    /// Where it can stand, and what a unit of it is worth.
    fn stops(self) -> (&'static [u64], u64) {
        if self.is_time() {
            (&MS_STOPS, 1_000)
        } else {
            (&PERCENT_STOPS, 10_000)
        }
    }

    /// The last of its stops, which count from zero.
    #[must_use]
    pub fn last_stop(self) -> usize {
        self.stops().0.len() - 1
    }

    /// The value of a stop.
    #[must_use]
    pub fn value(self, stop: usize) -> u64 {
        let (stops, unit) = self.stops();
        stops[stop.min(stops.len() - 1)] * unit
    }

    /// The stop that is nearest to a value.
    #[must_use]
    pub fn stop(self, value: u64) -> usize {
        let stops = 0..=self.last_stop();
        stops.min_by_key(|&stop| self.value(stop).abs_diff(value)).unwrap_or(0)
    }

    /// A value of it in words.
    #[must_use]
    pub fn amount(self, value: u64) -> String {
        if self.is_time() {
            crate::text::milliseconds(value) + " ms"
        } else {
            crate::text::percent(value) + "%"
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        match self {
            Dial::LatencyMin => Words::LatencyMin,
            Dial::LatencyMax => Words::LatencyMax,
            Dial::Loss => Words::Loss,
            Dial::Duplication => Words::Duplication,
            Dial::Reordering => Words::Reordering,
            Dial::Disk => Words::DiskWrite,
        }
        .text(lang)
    }

    fn of(self, link: &NetworkConfig) -> u64 {
        match self {
            Dial::LatencyMin => link.latency_us_min,
            Dial::LatencyMax => link.latency_us_max,
            Dial::Loss => link.loss_ppm,
            Dial::Duplication => link.duplication_ppm,
            Dial::Reordering => link.reordering_ppm,
            Dial::Disk => 0,
        }
    }

    /// Turns it to a stop, for a link in both directions, or for all links and disks.
    pub(crate) fn turn(self, world: &World, on: Option<(u64, u64)>, stop: usize) -> Vec<Command> {
        let value = self.value(stop);
        let network = world.network();
        let turn = |on: Links, link: &NetworkConfig| match self {
            Dial::LatencyMin => Command::SetLatency {
                on,
                us_min: value,
                us_max: link.latency_us_max.max(value),
            },
            Dial::LatencyMax => Command::SetLatency {
                on,
                us_min: link.latency_us_min.min(value),
                us_max: value,
            },
            Dial::Loss => Command::SetLoss { on, ppm: value },
            Dial::Duplication => Command::SetDuplication { on, ppm: value },
            Dial::Reordering => Command::SetReordering { on, ppm: value },
            Dial::Disk => Command::SetDisk {
                server: None,
                disk: DiskConfig {
                    write_us_min: value / 2,
                    write_us_max: value,
                },
            },
        };
        match on {
            None => vec![turn(Links::All, network.all())],
            Some((a, b)) => {
                let ways = [(NodeId(a), NodeId(b)), (NodeId(b), NodeId(a))];
                let turn = |(from, to)| turn(Links::One { from, to }, network.link(from, to));
                ways.into_iter().map(turn).collect()
            }
        }
    }
}

/// How all links and disks are set. Of the disks that differ, the one that takes the longest.
pub(crate) fn settings(world: &World) -> Vec<Setting> {
    let all = world.network().all();
    let links = Dial::LINK.into_iter().map(|dial| (dial, dial.of(all)));
    let disks = world.servers().iter().map(|server| server.disk().config().write_us_max);
    let disk = (Dial::Disk, disks.max().unwrap_or(0));
    links
        .chain([disk])
        .map(|(dial, value)| Setting {
            dial,
            value,
            back: None,
        })
        .collect()
}

/// How a link is set.
pub(crate) fn settings_of(world: &World, a: NodeId, b: NodeId) -> Vec<Setting> {
    let (there, back) = (world.network().link(a, b), world.network().link(b, a));
    let setting = |dial: Dial| {
        let (value, back) = (dial.of(there), dial.of(back));
        Setting {
            dial,
            value,
            back: (back != value).then_some(back),
        }
    };
    Dial::LINK.into_iter().map(setting).collect()
}
