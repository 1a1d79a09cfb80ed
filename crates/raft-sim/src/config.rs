//! How a cluster is set up. All that chance may do is bounded here.

use std::fmt;

use raft_core::{Settings, SettingsError};

/// A cluster and its surroundings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many servers, from 1 to [`Config::SERVERS_MAX`]; they are numbered from 1.
    pub servers: u64,
    /// How each node behaves.
    pub raft: Settings,
    /// What lies between them.
    pub network: Network,
    /// What each writes to.
    pub disk: Disk,
    /// A client that writes on its own, if there is one.
    pub workload: Option<Workload>,
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
}

/// The disks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The shortest time that a write takes to become durable, in microseconds.
    pub write_us_min: u64,
    /// The longest, in microseconds.
    pub write_us_max: u64,
}

/// A client that writes regularly to whoever leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    /// The time from one write to the next, in microseconds.
    pub interval_us: u64,
}

impl Config {
    /// The largest cluster: what a ring can show.
    pub const SERVERS_MAX: u64 = 9;

    /// Everything happens; nothing is certain.
    pub const LOSS_PPM_MAX: u64 = 1_000_000;
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
            },
            disk: Disk {
                write_us_min: 2_000,
                write_us_max: 4_000,
            },
            workload: None,
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
    /// More than all messages would be lost.
    Loss(u64),
    /// The shortest write is longer than the longest.
    EmptyWriteTime,
    /// A client that writes without pause would stop time.
    NoWorkloadInterval,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Servers(n) => write!(f, "{n} servers: it must be 1 to {}", Config::SERVERS_MAX),
            Self::Raft(error) => error.fmt(f),
            Self::EmptyLatency => f.write_str("the shortest latency is longer than the longest"),
            Self::Loss(ppm) => write!(
                f,
                "{ppm} of a million messages lost: it must be at most {}",
                Config::LOSS_PPM_MAX
            ),
            Self::EmptyWriteTime => f.write_str("the shortest write takes longer than the longest"),
            Self::NoWorkloadInterval => f.write_str("the time between two writes of the client is zero"),
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
        if self.network.loss_ppm > Config::LOSS_PPM_MAX {
            return Err(ConfigError::Loss(self.network.loss_ppm));
        }
        if self.disk.write_us_min > self.disk.write_us_max {
            return Err(ConfigError::EmptyWriteTime);
        }
        if self.workload.as_ref().is_some_and(|workload| workload.interval_us == 0) {
            return Err(ConfigError::NoWorkloadInterval);
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
            check(|c| c.network.loss_ppm = 1_000_001),
            Err(ConfigError::Loss(1_000_001))
        );
        assert_eq!(check(|c| c.disk.write_us_max = 0), Err(ConfigError::EmptyWriteTime));
        assert_eq!(
            check(|c| c.workload = Some(Workload { interval_us: 0 })),
            Err(ConfigError::NoWorkloadInterval)
        );
    }
}
