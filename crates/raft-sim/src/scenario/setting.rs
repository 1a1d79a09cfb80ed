//! How a cluster is set up, in the words of a person: each setting a name, a colon and a value.

use raft_core::{ElectionStyle, ReadMode, Rule, Settings};

use super::deed::rule;
use super::error::ParseError;
use super::line::Line;
use crate::{Config, Workload};

/// A setting and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// "servers: 3".
    Servers(u64),
    /// "election timeout: 150 to 300 ms".
    ElectionTimeout(u64, u64),
    /// "heartbeat: 75 ms".
    Heartbeat(u64),
    /// "election: standard" or "two-stage".
    Election(ElectionStyle),
    /// "heartbeat timeout: 150 ms", of the two-stage election: whoever has one elects so, and it cannot stand beside
    /// "election: standard".
    HeartbeatTimeout(u64),
    /// "options: pre-vote, check-quorum, announce-commit". What is not named is off.
    Options {
        /// Whether a server asks first whether it could win.
        pre_vote: bool,
        /// Whether a leader without a majority steps down.
        check_quorum: bool,
        /// Whether a leader tells of a commit at once.
        announce_commit: bool,
    },
    /// "lease drift: 5 %": leaders have leases, and clocks may drift by so much.
    LeaseDrift(u64),
    /// "batch: 1000 bytes".
    Batch(u64),
    /// "in flight: 16 messages".
    InFlight(u64),
    /// "uncommitted: 1000 bytes".
    Uncommitted(u64),
    /// "compaction keeps: 16 entries".
    CompactionKeeps(u64),
    /// "snapshot chunk: 100 bytes".
    SnapshotChunk(u64),
    /// "without: one-vote-per-term". All other rules are on.
    Without(Vec<Rule>),
    /// "latency: 10 to 15 ms".
    Latency(u64, u64),
    /// "loss: 5 %".
    Loss(u64),
    /// "duplication: 5 %".
    Duplication(u64),
    /// "reordering: 5 %".
    Reordering(u64),
    /// "disk: 2 to 4 ms".
    Disk(u64, u64),
    /// "client timeout: 500 ms".
    ClientTimeout(u64),
    /// "snapshot every: 10 entries".
    SnapshotEvery(u64),
    /// "workload: 3 clients every 100 ms, 4 keys, 30 % reads, 10 % compare-and-sets, with lease".
    Workload(Workload),
}

impl Setting {
    /// Nothing, if the line begins with no setting.
    pub(super) fn parse(line: &mut Line<'_>) -> Result<Option<Setting>, ParseError> {
        let mut is = |name: &str| {
            let mut ahead = line.clone();
            let is = ahead.takes(name) && ahead.takes_sign(":");
            if is {
                *line = ahead;
            }
            is
        };
        let setting = if is("servers") {
            Setting::Servers(line.whole("a number of servers")?)
        } else if is("election timeout") {
            let (min, max) = line.times_us()?;
            Setting::ElectionTimeout(min, max)
        } else if is("heartbeat") {
            Setting::Heartbeat(line.time_us()?)
        } else if is("election") {
            Setting::Election(election(line)?)
        } else if is("heartbeat timeout") {
            Setting::HeartbeatTimeout(line.time_us()?)
        } else if is("options") {
            options(line)?
        } else if is("lease drift") {
            Setting::LeaseDrift(line.percent_ppm()?)
        } else if is("batch") {
            Setting::Batch(counted(line, "bytes")?)
        } else if is("in flight") {
            Setting::InFlight(counted(line, "messages")?)
        } else if is("uncommitted") {
            Setting::Uncommitted(counted(line, "bytes")?)
        } else if is("compaction keeps") {
            Setting::CompactionKeeps(counted(line, "entries")?)
        } else if is("snapshot chunk") {
            Setting::SnapshotChunk(counted(line, "bytes")?)
        } else if is("without") {
            let mut rules = vec![rule(line)?];
            while line.takes_sign(",") {
                rules.push(rule(line)?);
            }
            Setting::Without(rules)
        } else if is("latency") {
            let (min, max) = line.times_us()?;
            Setting::Latency(min, max)
        } else if is("loss") {
            Setting::Loss(line.share_ppm()?)
        } else if is("duplication") {
            Setting::Duplication(line.share_ppm()?)
        } else if is("reordering") {
            Setting::Reordering(line.share_ppm()?)
        } else if is("disk") {
            let (min, max) = line.times_us()?;
            Setting::Disk(min, max)
        } else if is("client timeout") {
            Setting::ClientTimeout(line.time_us()?)
        } else if is("snapshot every") {
            Setting::SnapshotEvery(counted(line, "entries")?)
        } else if is("workload") {
            Setting::Workload(workload(line)?)
        } else {
            return Ok(None);
        };
        Ok(Some(setting))
    }

    /// Whether the two of them cannot be meant at once.
    pub(super) fn is_at_odds_with(&self, other: &Setting) -> bool {
        use Setting::{Election, HeartbeatTimeout};
        matches!(
            (self, other),
            (Election(ElectionStyle::Standard), HeartbeatTimeout(_))
                | (HeartbeatTimeout(_), Election(ElectionStyle::Standard))
        )
    }

    /// Whether it is about what the nodes do, so that it can be set while they run.
    pub(super) fn is_of_nodes(&self) -> bool {
        match self {
            Setting::ElectionTimeout(..)
            | Setting::Heartbeat(_)
            | Setting::Election(_)
            | Setting::HeartbeatTimeout(_)
            | Setting::Options { .. }
            | Setting::LeaseDrift(_)
            | Setting::Batch(_)
            | Setting::InFlight(_)
            | Setting::Uncommitted(_)
            | Setting::CompactionKeeps(_)
            | Setting::SnapshotChunk(_)
            | Setting::Without(_) => true,
            Setting::Servers(_)
            | Setting::Latency(..)
            | Setting::Loss(_)
            | Setting::Duplication(_)
            | Setting::Reordering(_)
            | Setting::Disk(..)
            | Setting::ClientTimeout(_)
            | Setting::SnapshotEvery(_)
            | Setting::Workload(_) => false,
        }
    }

    /// Sets it, if it is about what the nodes do.
    pub(super) fn apply_to_nodes(&self, settings: &mut Settings) {
        match self {
            Setting::ElectionTimeout(min, max) => {
                (settings.election_timeout_us_min, settings.election_timeout_us_max) = (*min, *max);
            }
            Setting::Heartbeat(us) => settings.heartbeat_interval_us = *us,
            Setting::Election(style) => {
                let is_so = matches!(
                    (style, settings.election_style),
                    (ElectionStyle::TwoStage { .. }, ElectionStyle::TwoStage { .. })
                );
                if !is_so {
                    settings.election_style = *style;
                }
            }
            Setting::HeartbeatTimeout(us) => {
                settings.election_style = ElectionStyle::TwoStage {
                    heartbeat_timeout_us: *us,
                };
            }
            Setting::Options {
                pre_vote,
                check_quorum,
                announce_commit,
            } => {
                settings.pre_vote = *pre_vote;
                settings.check_quorum = *check_quorum;
                settings.announce_commit = *announce_commit;
            }
            Setting::LeaseDrift(ppm) => settings.lease_drift_ppm_max = Some(*ppm),
            Setting::Batch(bytes) => settings.batch_bytes_max = *bytes,
            Setting::InFlight(messages) => settings.in_flight_max = in_memory(*messages),
            Setting::Uncommitted(bytes) => settings.uncommitted_bytes_max = *bytes,
            Setting::CompactionKeeps(entries) => settings.compaction_keeps = *entries,
            Setting::SnapshotChunk(bytes) => settings.snapshot_chunk_bytes = in_memory(*bytes),
            Setting::Without(rules) => {
                let off = rules.iter();
                settings.rules = off.fold(settings.rules, |rules, &rule| rules.without(rule));
            }
            _ => {}
        }
    }

    /// Sets it.
    pub(super) fn apply_to(&self, config: &mut Config) {
        self.apply_to_nodes(&mut config.raft);
        let network = &mut config.network;
        match self {
            Setting::Servers(servers) => config.servers = *servers,
            Setting::Latency(min, max) => (network.latency_us_min, network.latency_us_max) = (*min, *max),
            Setting::Loss(ppm) => network.loss_ppm = *ppm,
            Setting::Duplication(ppm) => network.duplication_ppm = *ppm,
            Setting::Reordering(ppm) => network.reordering_ppm = *ppm,
            Setting::Disk(min, max) => (config.disk.write_us_min, config.disk.write_us_max) = (*min, *max),
            Setting::ClientTimeout(us) => config.client_timeout_us = *us,
            Setting::SnapshotEvery(entries) => config.snapshot_every = Some(*entries),
            Setting::Workload(workload) => config.workload = Some(workload.clone()),
            _ => {}
        }
    }
}

fn in_memory(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn counted(line: &mut Line<'_>, unit: &'static str) -> Result<u64, ParseError> {
    let number = line.whole("a number")?;
    // "1 byte", "1 entry", "1 message".
    let is_single = number == 1 && ["byte", "entry", "message"].iter().any(|single| line.takes(single));
    if !is_single {
        line.wants(unit)?;
    }
    Ok(number)
}

fn election(line: &mut Line<'_>) -> Result<ElectionStyle, ParseError> {
    if line.takes("standard") {
        Ok(ElectionStyle::Standard)
    } else if line.takes("two-stage") {
        Ok(ElectionStyle::TWO_STAGE)
    } else {
        Err(line.expected("standard or two-stage"))
    }
}

fn options(line: &mut Line<'_>) -> Result<Setting, ParseError> {
    let (mut pre_vote, mut check_quorum, mut announce_commit) = (false, false, false);
    if !line.takes("none") {
        loop {
            if line.takes("pre-vote") {
                pre_vote = true;
            } else if line.takes("check-quorum") {
                check_quorum = true;
            } else if line.takes("announce-commit") {
                announce_commit = true;
            } else {
                return Err(line.expected("pre-vote, check-quorum, announce-commit or none"));
            }
            if !line.takes_sign(",") {
                break;
            }
        }
    }
    Ok(Setting::Options {
        pre_vote,
        check_quorum,
        announce_commit,
    })
}

fn workload(line: &mut Line<'_>) -> Result<Workload, ParseError> {
    let clients = line.whole("a number of clients")?;
    if !line.takes("client") {
        line.wants("clients")?;
    }
    line.wants("every")?;
    let mut workload = Workload {
        clients,
        ..Workload::puts(line.time_us()?)
    };
    while line.takes_sign(",") {
        if line.takes("with lease") {
            workload.read_mode = ReadMode::Lease;
        } else if line.takes("locally") {
            workload.read_mode = ReadMode::Local;
        } else {
            let number = line.whole("a number of keys, a share and %, \"with lease\" or \"locally\"")?;
            if line.takes("keys") || line.takes("key") {
                workload.keys = number;
                continue;
            }
            line.takes_sign("%")
                .then_some(())
                .ok_or_else(|| line.expected("keys or %"))?;
            if line.takes("reads") {
                workload.reads_percent = number;
            } else if line.takes("compare-and-sets") {
                workload.compare_and_sets_percent = number;
            } else {
                return Err(line.expected("reads or compare-and-sets"));
            }
        }
    }
    Ok(workload)
}
