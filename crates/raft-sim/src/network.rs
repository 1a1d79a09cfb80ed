//! What lies between the servers: how long messages take, what becomes of them, and which links are cut.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use raft_core::{NodeId, Random};

use crate::command::Links;
use crate::{Config, NetworkConfig};

/// From one server to another.
type Way = (NodeId, NodeId);

/// The network as it is now.
#[derive(Clone, Debug)]
pub struct Network {
    /// How links are, but for those that are otherwise.
    all: NetworkConfig,
    /// The links that have been set alone.
    single: BTreeMap<Way, NetworkConfig>,
    cut: BTreeSet<Way>,
    /// The groups of the partition that holds, for servers that are set up later.
    groups: Option<Arc<[Vec<NodeId>]>>,
}

/// What becomes of a message.
pub(crate) struct Fate {
    /// How long it takes, in microseconds.
    pub(crate) takes_us: u64,
    /// Whether it gets lost.
    pub(crate) lost: bool,
    /// Its twin, if it gets one.
    pub(crate) twin: Option<Twin>,
}

/// What becomes of the twin of a message.
pub(crate) struct Twin {
    /// How long it takes, in microseconds.
    pub(crate) takes_us: u64,
    /// Whether it gets lost.
    pub(crate) lost: bool,
}

impl Network {
    pub(crate) fn new(config: NetworkConfig) -> Network {
        Network {
            all: config,
            single: BTreeMap::new(),
            cut: BTreeSet::new(),
            groups: None,
        }
    }

    /// How the link from one server to another is set.
    #[must_use]
    pub fn link(&self, from: NodeId, to: NodeId) -> &NetworkConfig {
        self.single.get(&(from, to)).unwrap_or(&self.all)
    }

    /// How links are that have not been set alone, and the ways of clients.
    #[must_use]
    pub fn all(&self) -> &NetworkConfig {
        &self.all
    }

    /// Whether nothing gets from one server to another.
    #[must_use]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.cut.contains(&(from, to))
    }

    /// The links that are cut: from where to where.
    pub fn cuts(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.cut.iter().copied()
    }

    /// Whether nothing is cut between these servers, and nothing gets lost or is held up.
    pub(crate) fn is_whole(&self, between: &BTreeSet<NodeId>) -> bool {
        let is_calm = |link: &NetworkConfig| link.loss_ppm == 0 && link.reordering_ppm == 0;
        !self.cut.iter().any(|way| is_between(*way, between)) && self.links(between).all(is_calm)
    }

    /// The longest time that a message takes between these servers, in microseconds, unless it is held up.
    pub(crate) fn latency_us_max(&self, between: &BTreeSet<NodeId>) -> u64 {
        let latencies = self.links(between).map(|link| link.latency_us_max);
        latencies.max().unwrap_or(0)
    }

    /// How the links between these servers are set.
    fn links(&self, between: &BTreeSet<NodeId>) -> impl Iterator<Item = &NetworkConfig> {
        let single = self.single.iter().filter(|&(way, _)| is_between(*way, between));
        single.map(|(_, link)| link).chain([&self.all])
    }

    /// The network falls apart into groups, or is whole again. Links are cut and healed one by one.
    pub(crate) fn set_groups(&mut self, groups: Option<&[Vec<NodeId>]>) {
        self.groups = groups.map(Arc::from);
    }

    /// Whether a partition holds that keeps two servers apart: who is in no group is alone.
    pub(crate) fn are_apart(&self, one: NodeId, other: NodeId) -> bool {
        self.groups.as_ref().is_some_and(|groups| {
            let group = |id: NodeId| groups.iter().position(|group| group.contains(&id));
            one != other && (group(one).is_none() || group(one) != group(other))
        })
    }

    pub(crate) fn cut(&mut self, from: NodeId, to: NodeId) {
        self.cut.insert((from, to));
    }

    pub(crate) fn heal(&mut self, from: NodeId, to: NodeId) {
        self.cut.remove(&(from, to));
    }

    pub(crate) fn heal_all(&mut self) {
        self.cut.clear();
        self.groups = None;
    }

    /// Sets a link, or all.
    pub(crate) fn set(&mut self, on: Links, change: impl Fn(&mut NetworkConfig)) {
        match on {
            Links::All => {
                change(&mut self.all);
                self.single.values_mut().for_each(change);
                self.single.retain(|_, link| *link != self.all);
            }
            Links::One { from, to } => {
                let link = self.single.entry((from, to)).or_insert_with(|| self.all.clone());
                change(link);
            }
        }
    }

    /// Draws what becomes of a message on a link. What chance has no say in costs no chance.
    pub(crate) fn draw(link: &NetworkConfig, random: &mut Random) -> Fate {
        let takes_us = draw_latency(link, random);
        Fate {
            takes_us,
            lost: happens(link.loss_ppm, random),
            twin: happens(link.duplication_ppm, random).then(|| Twin {
                takes_us: draw_latency(link, random),
                lost: happens(link.loss_ppm, random),
            }),
        }
    }
}

fn is_between((from, to): Way, servers: &BTreeSet<NodeId>) -> bool {
    servers.contains(&from) && servers.contains(&to)
}

/// How long one message takes on a link: longer than usual, if it is held up.
pub(crate) fn draw_latency(link: &NetworkConfig, random: &mut Random) -> u64 {
    let latency_us = random.between(link.latency_us_min, link.latency_us_max);
    if happens(link.reordering_ppm, random) {
        latency_us.saturating_add(random.between(0, link.latency_us_max.saturating_mul(10)))
    } else {
        latency_us
    }
}

fn happens(ppm: u64, random: &mut Random) -> bool {
    ppm > 0 && random.between(1, Config::PPM_MAX) <= ppm
}
