//! How a cluster is set up. All that chance may do is bounded here.

use std::fmt;

use raft_core::{ReadMode, Settings, SettingsError};

/// A cluster and its surroundings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many servers are there at first, from 1 to [`Config::SERVERS_MAX`]; they are numbered from 1, and all vote.
    pub servers: u64,
    /// How each node behaves.
    pub raft: Settings,
    /// What lies between them.
    pub network: Network,
    /// What each writes to.
    pub disk: Disk,
    /// How long a client waits for an answer before it asks elsewhere, in microseconds.
    pub client_timeout_us: u64,
    /// Clients that want something on their own, if there are any.
    pub workload: Option<Workload>,
    /// After how many entries a server takes a snapshot by itself, if it does.
    pub snapshot_every: Option<u64>,
}

/// The network: every message draws its fate on its own, so messages may overtake each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The shortest one-way latency, in microseconds.
    pub latency_us_min: u64,
    /// The longest one-way latency, in microseconds.
    pub latency_us_max: u64,
    /// How many messages of a million get lost.
    pub loss_ppm: u64,
    /// How many messages of a million arrive twice.
    pub duplication_ppm: u64,
    /// How many messages of a million are held up, for up to ten times the longest latency.
    pub reordering_ppm: u64,
}

/// The disks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The shortest time that a write takes to become durable, in microseconds.
    pub write_us_min: u64,
    /// The longest, in microseconds.
    pub write_us_max: u64,
}

/// Clients that want something regularly, unless they still wait for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    /// How many clients, from 1 to [`Config::CLIENTS_MAX`]; they are numbered from 1.
    pub clients: u64,
    /// The time from one wish of a client to its next, in microseconds.
    pub interval_us: u64,
    /// How many keys they use, from 1 to 8.
    pub keys: u64,
    /// How many of a hundred operations are reads.
    pub reads_percent: u64,
    /// How many of a hundred operations compare and set.
    pub compare_and_sets_percent: u64,
    /// How fresh the reads must be.
    pub read_mode: ReadMode,
}

impl Workload {
    /// One client that puts values.
    #[must_use]
    pub fn puts(interval_us: u64) -> Workload {
        Workload {
            clients: 1,
            interval_us,
            keys: 8,
            reads_percent: 0,
            compare_and_sets_percent: 0,
            read_mode: ReadMode::ReadIndex,
        }
    }
}

impl Config {
    /// The largest cluster: what a ring can show.
    pub const SERVERS_MAX: u64 = 9;

    /// The most clients.
    pub const CLIENTS_MAX: u64 = 16;

    /// All of a million: it is certain.
    pub const PPM_MAX: u64 = 1_000_000;
}

impl Default for Config {
    /// Five servers on a network with 10–15 ms one-way latency and disks that take 2–4 ms.
    fn default() -> Config {
        Config {
            servers: 5,
            raft: Settings::default(),
            network: Network {
                latency_us_min: 10_000,
                latency_us_max: 15_000,
                loss_ppm: 0,
                duplication_ppm: 0,
                reordering_ppm: 0,
            },
            disk: Disk {
                write_us_min: 2_000,
                write_us_max: 4_000,
            },
            client_timeout_us: 500_000,
            workload: None,
            snapshot_every: None,
        }
    }
}

/// Why a configuration cannot be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// Not between 1 and [`Config::SERVERS_MAX`] servers.
    Servers(u64),
    /// The nodes' settings do not work.
    Raft(SettingsError),
    /// The shortest latency is above the longest.
    EmptyLatency,
    /// More than a million of a million messages would be lost, doubled or held up.
    Ppm(u64),
    /// The shortest write is longer than the longest.
    EmptyWriteTime,
    /// A client that asks without pause would stop time.
    NoClientInterval,
    /// Not between 1 and [`Config::CLIENTS_MAX`] clients.
    Clients(u64),
    /// Not between 1 and 8 keys.
    Keys(u64),
    /// More than a hundred of a hundred operations would be reads or compare and set.
    Percent(u64),
    /// A lease read without leases would never be answered.
    NoLeases,
    /// A snapshot after no entries would never end.
    EmptySnapshots,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Servers(n) => write!(f, "{n} servers: it must be 1 to {}", Config::SERVERS_MAX),
            Self::Raft(error) => error.fmt(f),
            Self::EmptyLatency => f.write_str("the shortest latency is longer than the longest"),
            Self::Ppm(ppm) => write!(f, "{ppm} of a million messages: it must be at most {}", Config::PPM_MAX),
            Self::EmptyWriteTime => f.write_str("the shortest write takes longer than the longest"),
            Self::NoClientInterval => f.write_str("the time between two requests of a client is zero"),
            Self::Clients(n) => write!(f, "{n} clients: it must be 1 to {}", Config::CLIENTS_MAX),
            Self::Keys(n) => write!(f, "{n} keys: it must be 1 to 8"),
            Self::Percent(n) => write!(f, "{n} of a hundred operations: it must be at most a hundred"),
            Self::NoLeases => f.write_str("clients that read by lease need a lease"),
            Self::EmptySnapshots => f.write_str("a snapshot after no entries: it must be after at least one"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Checks that such a cluster can be simulated.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !(1..=Config::SERVERS_MAX).contains(&self.servers) {
            return Err(ConfigError::Servers(self.servers));
        }
        self.raft.check().map_err(ConfigError::Raft)?;
        if self.network.latency_us_min > self.network.latency_us_max {
            return Err(ConfigError::EmptyLatency);
        }
        let Network {
            loss_ppm,
            duplication_ppm,
            reordering_ppm,
            ..
        } = self.network;
        if let Some(&ppm) = [loss_ppm, duplication_ppm, reordering_ppm]
            .iter()
            .find(|&&ppm| ppm > Config::PPM_MAX)
        {
            return Err(ConfigError::Ppm(ppm));
        }
        if self.disk.write_us_min > self.disk.write_us_max {
            return Err(ConfigError::EmptyWriteTime);
        }
        if self.client_timeout_us == 0 {
            return Err(ConfigError::NoClientInterval);
        }
        if self.snapshot_every == Some(0) {
            return Err(ConfigError::EmptySnapshots);
        }
        self.workload
            .as_ref()
            .map_or(Ok(()), |workload| self.check_workload(workload))
    }

    fn check_workload(&self, workload: &Workload) -> Result<(), ConfigError> {
        let percent = workload.reads_percent.saturating_add(workload.compare_and_sets_percent);
        if workload.interval_us == 0 {
            return Err(ConfigError::NoClientInterval);
        }
        if !(1..=Config::CLIENTS_MAX).contains(&workload.clients) {
            return Err(ConfigError::Clients(workload.clients));
        }
        if !(1..=8).contains(&workload.keys) {
            return Err(ConfigError::Keys(workload.keys));
        }
        if percent > 100 {
            return Err(ConfigError::Percent(percent));
        }
        if workload.read_mode == ReadMode::Lease && self.raft.lease_drift_ppm_max.is_none() {
            return Err(ConfigError::NoLeases);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_simulated_is_refused() {
        let check = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.check()
        };
        assert_eq!(check(|_| ()), Ok(()));
        assert_eq!(check(|c| c.servers = 0), Err(ConfigError::Servers(0)));
        assert_eq!(check(|c| c.servers = 10), Err(ConfigError::Servers(10)));
        assert_eq!(
            check(|c| c.raft.in_flight_max = 0),
            Err(ConfigError::Raft(SettingsError::NothingInFlight))
        );
        assert_eq!(
            check(|c| c.network.latency_us_min = 20_000),
            Err(ConfigError::EmptyLatency)
        );
        assert_eq!(
            check(|c| c.network.duplication_ppm = 1_000_001),
            Err(ConfigError::Ppm(1_000_001))
        );
        assert_eq!(check(|c| c.disk.write_us_max = 0), Err(ConfigError::EmptyWriteTime));
        assert_eq!(check(|c| c.client_timeout_us = 0), Err(ConfigError::NoClientInterval));
        assert_eq!(check(|c| c.snapshot_every = Some(0)), Err(ConfigError::EmptySnapshots));
        let workload = |change: fn(&mut Workload)| {
            let mut workload = Workload::puts(1);
            change(&mut workload);
            let config = Config {
                workload: Some(workload),
                ..Config::default()
            };
            config.check()
        };
        assert_eq!(workload(|_| ()), Ok(()));
        assert_eq!(workload(|w| w.interval_us = 0), Err(ConfigError::NoClientInterval));
        assert_eq!(workload(|w| w.clients = 17), Err(ConfigError::Clients(17)));
        assert_eq!(workload(|w| w.keys = 9), Err(ConfigError::Keys(9)));
        assert_eq!(workload(|w| w.reads_percent = 101), Err(ConfigError::Percent(101)));
        assert_eq!(workload(|w| w.read_mode = ReadMode::Lease), Err(ConfigError::NoLeases));
    }
}
