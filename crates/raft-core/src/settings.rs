//! What a host may choose.

use core::fmt;

use crate::Rules;

/// How a node behaves. All servers of a cluster should have the same settings.
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
    /// How a follower comes to stand for election.
    pub election_style: ElectionStyle,
    /// Whether a server first asks whether it could win, and leaves the terms in peace if not (dissertation, §9.6).
    pub pre_vote: bool,
    /// Whether a leader that does not hear from a majority for an election timeout steps down, and whether servers
    /// that hear from a leader refuse to vote (dissertation, §6.2 and §4.2.3).
    pub check_quorum: bool,
    /// Whether a leader may read without asking, as long as its lease lasts (dissertation, §6.4.1), and by how much the
    /// clock of a server may run fast or slow at most, in millionths. Needs `check_quorum`.
    pub lease_drift_ppm_max: Option<u64>,
    /// How many bytes of entries go into one AppendEntries; one entry goes even when it is larger.
    pub batch_bytes_max: u64,
    /// How many AppendEntries with entries may be on the way to one follower before the
    /// leader waits for an answer.
    pub in_flight_max: usize,
    /// How many bytes of uncommitted entries a leader takes from its clients before it refuses more.
    pub uncommitted_bytes_max: u64,
    /// How many entries before a snapshot stay in the log, for followers that are only a little behind.
    pub compaction_keeps: u64,
    /// How many bytes of a snapshot go into one InstallSnapshot.
    pub snapshot_chunk_bytes: usize,
    /// Whether a leader tells of a new commit index at once, instead of with the next entries or heartbeat;
    /// whoever has yet to answer hears of it when it has. Sooner applied, at the price of one more message to each
    /// follower, which is not answered.
    pub announce_commit: bool,
    /// Which rules are in force. With all of them this is Raft.
    pub rules: Rules,
}

/// How a follower comes to stand for election.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ElectionStyle {
    /// As in the paper: it waits a random election timeout, then raises its term and stands at once (§5.2).
    #[default]
    Standard,
    /// As in many lectures: after a fixed heartbeat timeout it raises its term, then waits a random election
    /// delay as a follower, in which it may vote for somebody else, and only then stands.
    TwoStage {
        /// The heartbeat timeout, in microseconds: fixed, and equal for all. The delay is drawn
        /// from the range of the election timeout, whose end is also how long a candidacy lasts.
        heartbeat_timeout_us: u64,
    },
}

impl ElectionStyle {
    /// The two stages with the lecture's heartbeat timeout of 150 ms.
    pub const TWO_STAGE: ElectionStyle = ElectionStyle::TwoStage {
        heartbeat_timeout_us: 150_000,
    };
}

impl Default for Settings {
    /// The paper's 150–300 ms (§9.3), and a heartbeat every 75 ms. No options, all rules.
    fn default() -> Settings {
        Settings {
            election_timeout_us_min: 150_000,
            election_timeout_us_max: 300_000,
            heartbeat_interval_us: 75_000,
            election_style: ElectionStyle::Standard,
            pre_vote: false,
            check_quorum: false,
            lease_drift_ppm_max: None,
            batch_bytes_max: 64 * 1024,
            in_flight_max: 16,
            uncommitted_bytes_max: 64 * 1024 * 1024,
            compaction_keeps: 16,
            snapshot_chunk_bytes: 64 * 1024,
            announce_commit: false,
            rules: Rules::ALL,
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
    /// `snapshot_chunk_bytes` is zero: a snapshot would never arrive.
    EmptyChunks,
    /// `heartbeat_interval_us` is not below the heartbeat timeout of the two-stage election.
    HeartbeatTimeoutTooShort,
    /// PreVote and the two-stage election exclude each other: the one leaves the term alone
    /// until it can win, the other raises it first.
    PreVoteInTwoStages,
    /// A lease without `check_quorum`: voters that may elect another leader at any time make it worthless.
    LeaseWithoutCheckQuorum,
    /// `lease_drift_ppm_max` is a million or more: clocks that may stand still measure nothing.
    LeaseDrift,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyElectionTimeout => "the shortest election timeout is longer than the longest",
            Self::NoHeartbeatInterval => "the heartbeat interval is zero",
            Self::HeartbeatTooSlow => "the heartbeat interval is not below the shortest election timeout",
            Self::NothingInFlight => "no message may be in flight, so nothing could be replicated",
            Self::EmptyChunks => "the chunks of a snapshot are empty",
            Self::HeartbeatTimeoutTooShort => "the heartbeat interval is not below the heartbeat timeout",
            Self::PreVoteInTwoStages => "PreVote and the two-stage election exclude each other",
            Self::LeaseWithoutCheckQuorum => "lease reads need CheckQuorum",
            Self::LeaseDrift => "the clock drift of a lease is a million millionths or more",
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
        if self.snapshot_chunk_bytes == 0 {
            return Err(SettingsError::EmptyChunks);
        }
        if let ElectionStyle::TwoStage { heartbeat_timeout_us } = self.election_style {
            if self.heartbeat_interval_us >= heartbeat_timeout_us {
                return Err(SettingsError::HeartbeatTimeoutTooShort);
            }
            if self.pre_vote {
                return Err(SettingsError::PreVoteInTwoStages);
            }
        }
        match self.lease_drift_ppm_max {
            Some(_) if !self.check_quorum => Err(SettingsError::LeaseWithoutCheckQuorum),
            Some(1_000_000..) => Err(SettingsError::LeaseDrift),
            _ => Ok(()),
        }
    }

    /// How long a server that has heard from a leader is sure to vote for nobody else, by its own clock, in microseconds.
    #[must_use]
    pub fn patience_us(&self) -> u64 {
        match self.election_style {
            ElectionStyle::Standard => self.election_timeout_us_min,
            ElectionStyle::TwoStage { heartbeat_timeout_us } => heartbeat_timeout_us,
        }
    }

    /// How long a lease lasts by the leader's clock, in microseconds: if the leader's clock is slow and the voters'
    /// clocks are fast, both by the most that is allowed, it still ends before their patience.
    #[must_use]
    pub fn lease_us(&self) -> Option<u64> {
        let drift = u128::from(self.lease_drift_ppm_max?);
        let lease = u128::from(self.patience_us()) * (1_000_000 - drift) / (1_000_000 + drift);
        u64::try_from(lease).ok()
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
        assert_eq!(check(|s| s.snapshot_chunk_bytes = 0), Err(SettingsError::EmptyChunks));
        assert_eq!(
            check(|s| s.election_style = ElectionStyle::TwoStage {
                heartbeat_timeout_us: 1
            }),
            Err(SettingsError::HeartbeatTimeoutTooShort)
        );
        assert_eq!(
            check(|s| (s.election_style, s.pre_vote) = (ElectionStyle::TWO_STAGE, true)),
            Err(SettingsError::PreVoteInTwoStages)
        );
        assert_eq!(
            check(|s| s.lease_drift_ppm_max = Some(0)),
            Err(SettingsError::LeaseWithoutCheckQuorum)
        );
        assert_eq!(
            check(|s| (s.lease_drift_ppm_max, s.check_quorum) = (Some(1_000_000), true)),
            Err(SettingsError::LeaseDrift)
        );
    }

    #[test]
    fn a_lease_ends_before_the_patience_of_the_fastest_voter() {
        let settings = Settings {
            check_quorum: true,
            lease_drift_ppm_max: Some(100_000),
            ..Settings::default()
        };
        let lease_us = settings.lease_us().unwrap();
        // Real time: the leader's clock at 0.9 of it, a voter's at 1.1.
        assert!(lease_us * 11 <= settings.patience_us() * 9);
        assert_eq!(lease_us, 122_727);
        assert_eq!(Settings::default().lease_us(), None);
    }
}
