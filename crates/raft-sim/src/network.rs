//! What lies between the servers: how long messages take, what becomes of them, and which links are cut.

use std::collections::{BTreeMap, BTreeSet};

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
}

/// What becomes of a message.
pub(crate) struct Fate {
    /// How long it takes, in microseconds.
    pub(crate) takes_us: u64,
    /// Whether it gets lost.
    pub(crate) lost: bool,
    /// How long its twin takes, if it gets one.
    pub(crate) twin_takes_us: Option<u64>,
}

impl Network {
    pub(crate) fn new(config: NetworkConfig) -> Network {
        Network {
            all: config,
            single: BTreeMap::new(),
            cut: BTreeSet::new(),
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

    /// Whether nothing is cut, and nothing gets lost or is held up.
    pub(crate) fn is_whole(&self) -> bool {
        let links = self.single.values().chain([&self.all]);
        self.cut.is_empty()
            && links
                .into_iter()
                .all(|link| link.loss_ppm == 0 && link.reordering_ppm == 0)
    }

    /// The longest time that a message takes anywhere, in microseconds, unless it is held up.
    pub(crate) fn latency_us_max(&self) -> u64 {
        let links = self.single.values().chain([&self.all]);
        links.map(|link| link.latency_us_max).max().unwrap_or(0)
    }

    pub(crate) fn cut(&mut self, from: NodeId, to: NodeId) {
        self.cut.insert((from, to));
    }

    pub(crate) fn heal(&mut self, from: NodeId, to: NodeId) {
        self.cut.remove(&(from, to));
    }

    pub(crate) fn heal_all(&mut self) {
        self.cut.clear();
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
            twin_takes_us: happens(link.duplication_ppm, random).then(|| draw_latency(link, random)),
        }
    }
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
