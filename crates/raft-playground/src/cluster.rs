//! The options of the cluster as a whole: how it is set, and what each choice would come to.

use std::sync::Arc;

use raft_core::{ElectionStyle, Rule, Settings, SettingsError};
use raft_sim::{Command, Config, World};

use crate::text::{Lang, ServerWords as Words};

/// By how much clocks may be wrong where leases are on, in millionths.
const LEASE_DRIFT_PPM_MAX: u64 = 100_000;
/// The writes a second that can be chosen.
pub const WRITES: [u64; 6] = [0, 1, 5, 10, 50, 100];
/// After how many entries a snapshot can be taken; zero: never.
pub const SNAPSHOTS: [u64; 5] = [0, 5, 10, 50, 100];

/// The rules under what they are about, in the order of the panel.
pub const RULES: [(Words, &[Rule]); 7] = [
    (
        Words::RulesOfVotes,
        &[
            Rule::OneVotePerTerm,
            Rule::RecordOwnVote,
            Rule::MatchVoteTerm,
            Rule::DistinctVotes,
            Rule::Majority,
            Rule::LogUpToDate,
            Rule::CompareTermFirst,
        ],
    ),
    (Words::RulesOfTerms, &[Rule::AdoptHigherTerm, Rule::RefuseLowerTerm]),
    (
        Words::RulesOfLogs,
        &[
            Rule::CommitOwnTermOnly,
            Rule::CheckPreviousEntry,
            Rule::TruncateOnlyOnConflict,
            Rule::BoundCommitByMatch,
            Rule::AcknowledgeOnlyTheRequest,
            Rule::HintIsNotMatch,
        ],
    ),
    (
        Words::RulesOfDisks,
        &[
            Rule::PersistVote,
            Rule::PersistBeforeAcknowledge,
            Rule::WriteTermWithEntries,
        ],
    ),
    (
        Words::RulesOfClients,
        &[
            Rule::ConfirmLeadershipForReads,
            Rule::OwnTermBeforeReads,
            Rule::LeaseMargin,
            Rule::DeduplicateRetries,
        ],
    ),
    (
        Words::RulesOfMembers,
        &[
            Rule::OwnTermBeforeMembership,
            Rule::OverlappingMajorities,
            Rule::OnlyVotersCount,
            Rule::ConfigurationWhenAppended,
            Rule::KeepMatchingSuffix,
        ],
    ),
    (
        Words::RulesOfProgress,
        &[
            Rule::RandomizedTimeouts,
            Rule::EqualLogsMayWin,
            Rule::KeepTimerOnDeniedVote,
            Rule::NoOpPerTerm,
            Rule::AnswerStaleLeaders,
        ],
    ),
];

/// An option that is on or off, and changes while the cluster runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The two-stage election of the lecture; off: as in the paper.
    TwoStage,
    /// PreVote.
    PreVote,
    /// CheckQuorum.
    CheckQuorum,
    /// Lease reads.
    LeaseReads,
    /// Telling of a commit at once.
    AnnounceCommit,
}

impl Switch {
    /// All of them, in the order of the panel.
    pub const ALL: [Switch; 5] = [
        Switch::TwoStage,
        Switch::PreVote,
        Switch::CheckQuorum,
        Switch::LeaseReads,
        Switch::AnnounceCommit,
    ];

    /// What it is called. The two-stage election is a choice between two names.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Switch::TwoStage => Words::TwoStage,
            Switch::PreVote => Words::PreVote,
            Switch::CheckQuorum => Words::CheckQuorum,
            Switch::LeaseReads => Words::LeaseReads,
            Switch::AnnounceCommit => Words::AnnounceCommit,
        }
    }

    /// The same in short: what stands before the explanation.
    pub(crate) fn title(self, lang: Lang) -> String {
        let name = self.name().text(lang);
        let end = name.find([':', '：']).unwrap_or(name.len());
        name[..end].to_owned()
    }

    pub(crate) fn is_on(self, settings: &Settings) -> bool {
        match self {
            Switch::TwoStage => settings.election_style != ElectionStyle::Standard,
            Switch::PreVote => settings.pre_vote,
            Switch::CheckQuorum => settings.check_quorum,
            Switch::LeaseReads => settings.lease_drift_ppm_max.is_some(),
            Switch::AnnounceCommit => settings.announce_commit,
        }
    }

    fn turned(self, settings: &Settings) -> Settings {
        let on = !self.is_on(settings);
        let mut turned = settings.clone();
        match self {
            Switch::TwoStage if on => turned.election_style = ElectionStyle::TWO_STAGE,
            Switch::TwoStage => turned.election_style = ElectionStyle::Standard,
            Switch::PreVote => turned.pre_vote = on,
            Switch::CheckQuorum => turned.check_quorum = on,
            Switch::LeaseReads => turned.lease_drift_ppm_max = on.then_some(LEASE_DRIFT_PPM_MAX),
            Switch::AnnounceCommit => turned.announce_commit = on,
        }
        turned
    }

    /// The settings with this turned, or why the core refuses them. The workload may not ask for what would be gone.
    pub(crate) fn turn(self, world: &World) -> Result<Command, SettingsError> {
        let settings = self.turned(world.settings());
        settings.check()?;
        Ok(Command::SetSettings(Arc::new(settings)))
    }
}

/// The cluster as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// With how many servers it began.
    pub servers: u64,
    /// How many writes a second its clients make on their own.
    pub writes_per_second: u64,
    /// After how many entries a server takes a snapshot by itself; zero: never.
    pub snapshot_every: u64,
    /// Each switch: whether it is on, and why it cannot be turned.
    pub switches: [(Switch, bool, Option<Words>); 5],
    /// The rules that are off, in the order of the paper.
    pub off: Vec<Rule>,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            servers: 0,
            writes_per_second: 0,
            snapshot_every: 0,
            switches: Switch::ALL.map(|switch| (switch, false, None)),
            off: Vec::new(),
        }
    }
}

impl Cluster {
    pub(crate) fn of(world: &World) -> Cluster {
        let config: &Config = world.config();
        let writes = config
            .workload
            .as_ref()
            .map(|workload| workload.clients * 1_000_000 / workload.interval_us);
        Cluster {
            servers: config.servers,
            writes_per_second: writes.unwrap_or(0),
            snapshot_every: config.snapshot_every.unwrap_or(0),
            switches: Switch::ALL.map(|switch| {
                let refused = switch.turn(world).err().map(refusal);
                (switch, switch.is_on(world.settings()), refused)
            }),
            off: Rule::ALL
                .iter()
                .copied()
                .filter(|&rule| !world.rules().has(rule))
                .collect(),
        }
    }

    /// The warning while this is not Raft.
    #[must_use]
    pub fn warning(&self) -> Option<Words> {
        match self.off.len() as u64 {
            0 => None,
            1 => Some(Words::RuleOff),
            rules => Some(Words::RulesOff(rules)),
        }
    }
}

/// The core's error in words.
fn refusal(error: SettingsError) -> Words {
    match error {
        SettingsError::PreVoteInTwoStages => Words::PreVoteInTwoStages,
        SettingsError::LeaseWithoutCheckQuorum => Words::LeaseWithoutCheckQuorum,
        // No switch leads there: they are about numbers that none of them sets.
        SettingsError::EmptyElectionTimeout
        | SettingsError::NoHeartbeatInterval
        | SettingsError::HeartbeatTooSlow
        | SettingsError::NothingInFlight
        | SettingsError::EmptyChunks
        | SettingsError::HeartbeatTimeoutTooShort
        | SettingsError::LeaseDrift => Words::Refused,
    }
}
