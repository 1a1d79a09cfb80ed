//! Swarms: what a seed draws before anything happens, the cluster and what may befall it.
//!
//! Swarm testing (Groce and others, 2012): each kind of fault is in or out, and how often it strikes is drawn too, so
//! that rare combinations get a history of their own instead of drowning in all the others.

use raft_core::{ElectionStyle, Random, ReadMode};
use raft_sim::{Command, Config, Instant, Workload};

const MS: u64 = 1_000;

/// Something that may go wrong, or be wanted, while a campaign lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Servers crash and restart.
    Crash,
    /// Whoever leads crashes.
    CrashLeader,
    /// A server crashes and restarts at once.
    Bounce,
    /// The power goes: all servers crash at once, and restart.
    PowerCut,
    /// Servers stand still and go on.
    Pause,
    /// Clocks run fast and slow.
    Drift,
    /// A clock jumps to where its timer runs out. A lease does not survive that, so there are none then.
    TimeOut,
    /// Single links are cut, in one direction.
    Cut,
    /// The servers fall into groups that do not hear each other.
    Partition,
    /// Messages get lost.
    Loss,
    /// Messages arrive twice.
    Duplication,
    /// Messages are held up.
    Reordering,
    /// Messages take longer, or not as long.
    Latency,
    /// Single messages are lost, held up or doubled on their way.
    Message,
    /// Disks are slow.
    SlowDisk,
    /// Disks stall.
    StallDisk,
    /// Servers take snapshots.
    Snapshot,
    /// Members come and go.
    Members,
    /// The leader is to hand over.
    Transfer,
    /// Clients want something at odd times, and of odd servers.
    Ask,
}

impl Fault {
    /// All of them.
    pub const ALL: &[Fault] = &[
        Fault::Crash,
        Fault::CrashLeader,
        Fault::Bounce,
        Fault::PowerCut,
        Fault::Pause,
        Fault::Drift,
        Fault::TimeOut,
        Fault::Cut,
        Fault::Partition,
        Fault::Loss,
        Fault::Duplication,
        Fault::Reordering,
        Fault::Latency,
        Fault::Message,
        Fault::SlowDisk,
        Fault::StallDisk,
        Fault::Snapshot,
        Fault::Members,
        Fault::Transfer,
        Fault::Ask,
    ];
}

/// A cluster, and what may befall it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swarm {
    /// How it is set up.
    pub config: Config,
    /// What may happen, each with its weight.
    pub faults: Vec<(Fault, u64)>,
    /// The mean time between two misfortunes, in microseconds.
    pub pause_us: u64,
    /// How long misfortune lasts, in microseconds.
    pub safety_us: u64,
    /// By how many millionths clocks run fast or slow at most.
    pub drift_ppm_max: u64,
    /// How many clients are told what to ask, and how many keys they use.
    pub clients: u64,
    /// The same, of keys.
    pub keys: u64,
    /// How many of a hundred of their operations are reads.
    pub reads_percent: u64,
    /// What is done in the beginning, by the clock, before chance takes over.
    pub opening: Vec<(Instant, Command)>,
    /// Whether all servers crash and restart once all is healed: so that nobody leads yet.
    pub begins_anew: bool,
    /// What is done once all is healed: it must leave the cluster able to work.
    pub once_healed: Vec<Command>,
}

impl Swarm {
    /// How long misfortune lasts in a campaign, in microseconds of the cluster.
    pub const SAFETY_US: u64 = 30_000_000;

    /// Draws one.
    #[must_use]
    pub fn draw(random: &mut Random) -> Swarm {
        // Half of the kinds at once leave little of a cluster; so in half of the swarms there are fewer.
        let one_in = if coin(random) { 2 } else { 5 };
        let faults = Fault::ALL.iter().filter_map(|&fault| {
            let (is_in, weight) = (random.between(1, one_in) == 1, random.between(1, 8));
            is_in.then_some((fault, weight))
        });
        let faults: Vec<_> = faults.collect();
        let mut swarm = Swarm {
            config: draw_config(random),
            faults,
            pause_us: (20 * MS) << random.between(0, 6),
            safety_us: Swarm::SAFETY_US,
            drift_ppm_max: 0,
            clients: random.between(1, 5),
            keys: random.between(1, 4),
            reads_percent: random.between(0, 80),
            opening: Vec::new(),
            begins_anew: false,
            once_healed: Vec::new(),
        };
        swarm.drift_ppm_max = match swarm.config.raft.lease_drift_ppm_max {
            Some(margin) => margin,
            None => random.between(0, 300_000),
        };
        // Somebody must want something, or there is nothing to lose.
        if swarm.config.workload.is_none() && swarm.weight(Fault::Ask) == 0 {
            swarm.put(Fault::Ask, random.between(2, 12));
        }
        swarm.keep_to_the_rules();
        swarm
    }

    /// What the cluster is promised is kept: where there are leases no clock jumps.
    pub fn keep_to_the_rules(&mut self) {
        if let Some(margin) = self.config.raft.lease_drift_ppm_max {
            self.faults.retain(|(fault, _)| *fault != Fault::TimeOut);
            self.drift_ppm_max = self.drift_ppm_max.min(margin);
        }
    }

    /// The weight of a fault; zero: it is not in.
    #[must_use]
    pub fn weight(&self, fault: Fault) -> u64 {
        let found = self.faults.iter().find(|(other, _)| *other == fault);
        found.map_or(0, |&(_, weight)| weight)
    }

    /// Has a fault in, with this weight.
    pub fn put(&mut self, fault: Fault, weight: u64) {
        self.faults.retain(|(other, _)| *other != fault);
        self.faults.push((fault, weight));
    }

    /// Draws one of the faults that are in.
    pub(crate) fn draw_fault(&self, random: &mut Random) -> Option<Fault> {
        let total: u64 = self.faults.iter().map(|(_, weight)| weight).sum();
        let mut place = random.between(1, total.max(1));
        self.faults.iter().find_map(|&(fault, weight)| {
            let is_here = place <= weight;
            place = place.saturating_sub(weight);
            is_here.then_some(fault)
        })
    }
}

fn draw_config(random: &mut Random) -> Config {
    let mut config = Config {
        servers: random.between(1, Config::SERVERS_MAX),
        client_timeout_us: random.between(100, 1_000) * MS,
        snapshot_every: coin(random).then(|| random.between(2, 50)),
        ..Config::default()
    };
    draw_options(&mut config, random);
    let network = &mut config.network;
    network.latency_us_min = random.between(100, 15 * MS);
    network.latency_us_max = network.latency_us_min + random.between(0, 20 * MS);
    network.loss_ppm = some_ppm(random);
    network.duplication_ppm = some_ppm(random);
    network.reordering_ppm = some_ppm(random);
    config.disk.write_us_max = random.between(config.disk.write_us_min, 30 * MS);
    config.workload = coin(random).then(|| draw_workload(&config, random));
    // A leader that takes a new snapshot begins to send it from its first byte. Where clients never rest, and snapshots
    // are taken again and again, one in many pieces would never arrive.
    if config.workload.is_some() && config.snapshot_every.is_some() {
        config.raft.snapshot_chunk_bytes = 64 * 1024;
    }
    config
}

fn draw_options(config: &mut Config, random: &mut Random) {
    let raft = &mut config.raft;
    raft.election_timeout_us_min = random.between(130, 250) * MS;
    raft.election_timeout_us_max = raft.election_timeout_us_min + random.between(100, 300) * MS;
    raft.heartbeat_interval_us = random.between(20, 75) * MS;
    match random.between(0, 3) {
        0 => raft.election_style = ElectionStyle::TWO_STAGE,
        1 => raft.pre_vote = true,
        _ => raft.pre_vote = false,
    }
    raft.check_quorum = coin(random);
    if raft.check_quorum && coin(random) {
        raft.lease_drift_ppm_max = Some(random.between(0, 200_000));
    }
    // One entry a message, a few, or as many as there are.
    raft.batch_bytes_max = [1, 20, 64 * 1024][pick(random, 3)];
    raft.in_flight_max = [1, 2, 4, 16][pick(random, 4)];
    raft.uncommitted_bytes_max = [30, 64 * 1024 * 1024][pick(random, 2)];
    raft.compaction_keeps = [0, 1, 4, 16][pick(random, 4)];
    raft.snapshot_chunk_bytes = [32, 100, 64 * 1024][pick(random, 3)];
    raft.announce_commit = coin(random);
}

fn draw_workload(config: &Config, random: &mut Random) -> Workload {
    let reads_percent = random.between(0, 60);
    let modes = [ReadMode::ReadIndex, ReadMode::Local, ReadMode::Lease];
    let known = if config.raft.lease_drift_ppm_max.is_some() {
        3
    } else {
        2
    };
    Workload {
        clients: random.between(1, 5),
        interval_us: random.between(20, 400) * MS,
        keys: random.between(1, 4),
        reads_percent,
        compare_and_sets_percent: random.between(0, 40),
        read_mode: modes[pick(random, known)],
    }
}

/// Mostly none, else up to a fifth.
fn some_ppm(random: &mut Random) -> u64 {
    if coin(random) { random.between(1, 200_000) } else { 0 }
}

pub(crate) fn coin(random: &mut Random) -> bool {
    random.between(0, 1) == 1
}

/// A place in a list of so many.
pub(crate) fn pick(random: &mut Random, of: usize) -> usize {
    let last = of.saturating_sub(1) as u64;
    usize::try_from(random.between(0, last)).expect("a place in a list")
}
