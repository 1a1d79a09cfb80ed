//! What a host may choose.

use core::fmt;

/// How a node behaves in time. All servers of a cluster should have the same settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The shortest election timeout, in microseconds. It must be well above the time that
    /// a message takes to all servers and back, disk writes included (§5.6).
    pub election_timeout_us_min: u64,
    /// The longest election timeout, in microseconds. The wider the range, the rarer split votes (§9.3).
    pub election_timeout_us_max: u64,
    /// How often a leader says that it is there, and how often a candidate asks again those
    /// who have not answered, in microseconds. It must be below the shortest election timeout (§5.2).
    pub heartbeat_interval_us: u64,
    /// How many bytes of entries go into one AppendEntries; one entry goes even when it is larger.
    pub batch_bytes_max: u64,
    /// How many AppendEntries with entries may be on the way to one follower before the
    /// leader waits for an answer.
    pub in_flight_max: usize,
    /// Whether a leader tells of a new commit index at once, instead of with the next
    /// entries or heartbeat. Sooner applied, at the price of one more round of messages.
    pub announce_commit: bool,
}

impl Default for Settings {
    /// The paper's 150–300 ms (§9.3), and a heartbeat every 75 ms.
    fn default() -> Settings {
        Settings {
            election_timeout_us_min: 150_000,
            election_timeout_us_max: 300_000,
            heartbeat_interval_us: 75_000,
            batch_bytes_max: 64 * 1024,
            in_flight_max: 16,
            announce_commit: false,
        }
    }
}

/// Why settings cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// `election_timeout_us_min` is above `election_timeout_us_max`.
    EmptyElectionTimeout,
    /// `heartbeat_interval_us` is zero: heartbeats would never stop.
    NoHeartbeatInterval,
    /// `heartbeat_interval_us` is not below `election_timeout_us_min`: followers would stand against a living leader.
    HeartbeatTooSlow,
    /// `in_flight_max` is zero: nothing could be sent.
    NothingInFlight,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyElectionTimeout => "the shortest election timeout is longer than the longest",
            Self::NoHeartbeatInterval => "the heartbeat interval is zero",
            Self::HeartbeatTooSlow => "the heartbeat interval is not below the shortest election timeout",
            Self::NothingInFlight => "no message may be in flight, so nothing could be replicated",
        })
    }
}

impl core::error::Error for SettingsError {}

impl Settings {
    /// Checks that a cluster can work with these settings.
    ///
    /// # Errors
    ///
    /// The first thing that does not fit.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.election_timeout_us_min > self.election_timeout_us_max {
            return Err(SettingsError::EmptyElectionTimeout);
        }
        if self.heartbeat_interval_us == 0 {
            return Err(SettingsError::NoHeartbeatInterval);
        }
        if self.heartbeat_interval_us >= self.election_timeout_us_min {
            return Err(SettingsError::HeartbeatTooSlow);
        }
        if self.in_flight_max == 0 {
            return Err(SettingsError::NothingInFlight);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let check = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.check()
        };
        assert_eq!(check(|_| ()), Ok(()));
        assert_eq!(
            check(|s| s.election_timeout_us_min = 400_000),
            Err(SettingsError::EmptyElectionTimeout)
        );
        assert_eq!(
            check(|s| s.heartbeat_interval_us = 0),
            Err(SettingsError::NoHeartbeatInterval)
        );
        assert_eq!(
            check(|s| s.heartbeat_interval_us = 150_000),
            Err(SettingsError::HeartbeatTooSlow)
        );
        assert_eq!(check(|s| s.in_flight_max = 0), Err(SettingsError::NothingInFlight));
    }
}
