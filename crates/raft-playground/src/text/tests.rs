//! Every message, in every language.

use std::collections::BTreeSet;

use raft_core::{Index, NodeId, Rule, Term};
use raft_sim::{ClientId, Fact, Instant, Property, Serial};

use super::{Answer, Entries, KeyMeaning, Lang, Lost, LostVote, Message, NetworkSetting, Request};
use crate::cluster::Switch;
use crate::scene::{MarkKind, Role, Section, Who};

/// Latin words that a Chinese text may have: names, units, and what is typed.
const LATIN_IN_CHINESE: &[&str] = &[
    "R",
    "P",
    "H",
    "T",
    "B",
    "Raft",
    "M",
    "T",
    "Leader",
    "Follower",
    "Learner",
    "Candidate",
    "PreCandidate",
    "ReadIndex",
    "PreVote",
    "S",
    "s",
    "ms",
    "x",
    "y",
    "match",
    "no",
    "op",
    "next",
    "Enter",
    "Esc",
    "X",
    "W",
    "M",
    "N",
    "L",
    "auto",
    "light",
    "dark",
];

/// A link of which something cannot be understood.
fn wrong(problem: raft_sim::Problem) -> Message {
    let place = raft_sim::Place::Head;
    Message::BadCode(raft_sim::CodeError::Wrong { place, problem })
}

/// Numbers above nine, so that no language writes them in words.
fn samples() -> Vec<Message> {
    use Message as M;
    let mut samples = vec![
        M::Title,
        M::OtherLanguage,
        M::SwitchLanguage,
        M::DarkTheme,
        M::LightTheme,
        M::Help,
        M::Close,
        M::PanelCluster,
        M::PanelLogs,
        M::PanelStory,
        M::PanelProperties,
        M::PanelTimeline,
        M::PanelLegend,
        M::Play,
        M::Pause,
        M::StepForward,
        M::StepBack,
        M::SpeedLabel,
        M::SpeedValue { slowdown_milli: 25_000 },
        M::SpeedSentence { slowdown_milli: 2_500 },
        M::TimeSlider,
        M::Time { us: 3_412_789 },
        M::Clock { us: 3_412_789 },
        M::TimeOf {
            us: 3_412_789,
            span_us: 5_000_000,
        },
        M::FutureKept,
        M::Write {
            key: "x".into(),
            value: "18".into(),
        },
        M::WriteGoesRound,
        M::WriteGoesTo(11),
        M::ClickHint,
        M::NewCluster,
        M::Seed(4_711),
        M::ServerName(11),
        M::ClientName(11),
        M::StandsStill,
        M::HeartbeatIn { ms: 32 },
        M::TimeoutIn { ms: 142 },
        M::DelayIn { ms: 142 },
        M::VotesTally { votes: 11, servers: 15 },
        M::WritingOwnVote,
        M::Kept { kept: 12, had: 13 },
        M::RingAria {
            servers: 15,
            leader: Some(11),
        },
        M::RingAria {
            servers: 15,
            leader: None,
        },
        M::StateColumn,
        M::StateEmpty,
        M::StateLost,
        M::Term(14),
        M::EntryAria {
            index: 19,
            term: 14,
            entry: Entries::Command("x=18".into()),
            committed: true,
            durable: true,
        },
        M::EntryAria {
            index: 19,
            term: 14,
            entry: Entries::NoOp,
            committed: false,
            durable: false,
        },
        M::EntryOnDisk {
            index: 19,
            term: 14,
            entry: Entries::Command("x=18".into()),
        },
        M::ProgressAria {
            server: 11,
            next_index: 20,
            match_index: 0,
        },
        M::ProgressAria {
            server: 11,
            next_index: 20,
            match_index: 19,
        },
        M::LogAria {
            entries: 19,
            committed: 17,
        },
        M::LegendEntries,
        M::LegendHeartbeat,
        M::LegendAccepted,
        M::LegendRejected,
        M::LegendVoteRequest,
        M::LegendVoteGranted,
        M::LegendVoteDenied,
        M::LegendVoteOnItsWay,
        M::LegendVoteSilent,
        M::LegendCommitted,
        M::LegendUncommitted,
        M::LegendNotDurable,
        M::LegendApplied,
        M::LegendMatch,
        M::LegendNext,
        M::LegendTimer,
        M::AsksForVote {
            from: 11,
            to: 12,
            term: 14,
            last_index: 19,
            last_term: 13,
        },
        M::AsksForVote {
            from: 11,
            to: 12,
            term: 14,
            last_index: 0,
            last_term: 0,
        },
        M::GivesVote {
            from: 11,
            to: 12,
            term: 14,
        },
        M::RefusesVote {
            from: 11,
            to: 12,
            term: 14,
        },
        M::SendsHeartbeat {
            from: 11,
            to: 12,
            term: 14,
            commit: 17,
        },
        M::Confirms {
            from: 11,
            to: 12,
            match_index: 19,
        },
        M::Confirms {
            from: 11,
            to: 12,
            match_index: 0,
        },
        M::RejectsEntries {
            from: 11,
            to: 12,
            previous_index: 19,
        },
        M::AsksForPreVote {
            from: 11,
            to: 12,
            term: 14,
            last_index: 19,
            last_term: 13,
        },
        M::SendsSnapshot {
            from: 11,
            to: 12,
            last_index: 19,
            until: 4_096,
            done: false,
        },
        M::SendsSnapshot {
            from: 11,
            to: 12,
            last_index: 19,
            until: 4_711,
            done: true,
        },
        M::HasOfSnapshot {
            from: 11,
            to: 12,
            bytes: 4_096,
        },
        M::HasOfSnapshot {
            from: 11,
            to: 12,
            bytes: 0,
        },
        M::TellsToStand { from: 11, to: 12 },
        M::WillBeLost(Box::new(M::GivesVote {
            from: 11,
            to: 12,
            term: 14,
        })),
        M::StoodForElection { server: 11, term: 14 },
        M::AskedAgain {
            server: 11,
            servers: [12, 13].into(),
        },
        M::MovedToTerm { server: 11, term: 14 },
        M::SteppedDown {
            server: 11,
            was: Role::Leader,
            term: 14,
        },
        M::SteppedDown {
            server: 11,
            was: Role::Candidate,
            term: 14,
        },
        M::Voted {
            server: 11,
            to: 12,
            term: 14,
        },
        M::RefusedVote { server: 11, to: 12 },
        M::Elected { server: 11, term: 14 },
        M::GaveUp { server: 11, leader: 12 },
        M::RefusedEntries { server: 11, from: 12 },
        M::WentBack {
            server: 11,
            to: 12,
            next_index: 20,
        },
        M::HeldCommit { server: 11, index: 19 },
        M::Crashed(11),
        M::Restarted(11),
        M::RefusedWrite {
            server: 11,
            label: "x=18".into(),
        },
        M::BeganPreVote { server: 11, term: 14 },
        M::WouldVote {
            server: 11,
            to: 12,
            term: 14,
        },
        M::WouldNotVote { server: 11, to: 12 },
        M::WaitsToStand {
            server: 11,
            term: 14,
            delay_ms: 231,
        },
        M::StoodWithoutOwnVote { server: 11, term: 14 },
        M::Resigned(11),
        M::BeganTransfer { server: 11, to: 12 },
        M::ToldToStand { server: 11, to: 12 },
        M::GaveUpTransfer { server: 11, to: 12 },
        M::BeganSnapshot {
            server: 11,
            to: 12,
            last_index: 19,
        },
        M::InstalledSnapshot {
            server: 11,
            last_index: 19,
        },
        M::Compacted {
            server: 11,
            last_index: 19,
        },
        M::ReadWaits(11),
        M::AsksForRead(11),
        M::RefusedRead(11),
        M::RefusedRequest(11),
        M::IgnoredMessage { server: 11, from: 12 },
        M::BecauseNoMajority { waited_ms: 231 },
        M::BecauseTimedOut { waited_ms: 231 },
        M::BecauseMadeToTimeOut,
        M::BecauseNoAnswer,
        M::BecauseHigherTerm {
            from: 12,
            mine: 13,
            theirs: 14,
        },
        M::BecauseVoteFree { to: 12 },
        M::BecauseCandidateOfLowerTerm {
            to: 12,
            mine: 14,
            theirs: 13,
        },
        M::BecauseAlreadyVoted { for_: 12 },
        M::BecauseVotedForItself,
        M::BecauseLogBehind {
            to: 12,
            my_index: 19,
            my_term: 14,
            their_index: 18,
            their_term: 13,
        },
        M::BecauseLogBehind {
            to: 12,
            my_index: 19,
            my_term: 14,
            their_index: 0,
            their_term: 0,
        },
        M::BecauseMajorityVoted { votes: 11, servers: 15 },
        M::BecauseTooFewVoted { votes: 11, needed: 15 },
        M::BecauseLeaderHeard { leader: 12, term: 14 },
        M::BecauseClientWrote { index: 19 },
        M::BecauseNewLeader,
        M::BecausePreviousMatches {
            from: 12,
            previous_index: 18,
            previous_term: 14,
        },
        M::BecauseFromTheStart { from: 12 },
        M::BecauseConflict { from: 12 },
        M::BecauseLeaderOfLowerTerm {
            from: 12,
            mine: 14,
            theirs: 13,
        },
        M::BecausePreviousMissing {
            previous_index: 19,
            last: 17,
        },
        M::BecausePreviousMissing {
            previous_index: 19,
            last: 0,
        },
        M::BecausePreviousDiffers {
            previous_index: 19,
            previous_term: 14,
            mine: 13,
        },
        M::BecauseFollowerDiffers { to: 12 },
        M::BecauseMajorityHas {
            index: 19,
            on: [11, 12, 14].into(),
            count: 13,
            servers: 15,
        },
        M::BecauseMajorityHas {
            index: 19,
            on: [].into(),
            count: 13,
            servers: 15,
        },
        M::BecauseTooFewHave {
            index: 19,
            on: [11, 12].into(),
            count: 13,
            servers: 15,
        },
        M::BecauseTooFewHave {
            index: 19,
            on: [].into(),
            count: 13,
            servers: 15,
        },
        M::BecauseOfEarlierTerm {
            entry_term: 13,
            current_term: 14,
        },
        M::BecauseLeaderCommitted { from: 12, index: 19 },
        M::BecauseCrashedBeforeCut {
            kept: 12,
            back: 13,
            lost: (None, None),
        },
        M::BecauseCrashed {
            kept: 0,
            had: 0,
            lost: (None, None),
        },
        M::BecauseCrashed {
            kept: 0,
            had: 19,
            lost: (Some(14), Some(LostVote::For(12))),
        },
        M::BecauseCrashed {
            kept: 19,
            had: 19,
            lost: (Some(14), None),
        },
        M::BecauseCrashed {
            kept: 18,
            had: 19,
            lost: (None, Some(LostVote::Own)),
        },
        M::BecauseRestarted { term: 14, entries: 19 },
        M::BecauseNotLeader { leader: Some(12) },
        M::BecauseNotLeader { leader: None },
        M::BecauseAsksFirst { waited_ms: 231 },
        M::BecauseWouldWin { votes: 11, servers: 15 },
        M::BecauseNoLeaderHeard { to: 12 },
        M::BecauseLeaderAlive { heard_ms_ago: 0 },
        M::BecauseLeaderAlive { heard_ms_ago: 42 },
        M::BecauseHeartbeatTimedOut { waited_ms: 150 },
        M::BecauseDelayEnded { for_: None },
        M::BecauseDelayEnded { for_: Some(12) },
        M::BecauseToldToStand { from: 12 },
        M::BecauseQuorumLost,
        M::BecauseRemoved { index: 19 },
        M::BecauseMembersChange { index: 19 },
        M::BecauseJoint,
        M::BecauseConfigurationArrived,
        M::BecauseConfigurationCutOff,
        M::BecauseSuccessorCatchesUp { to: 12 },
        M::BecauseSuccessorHasAll { to: 12 },
        M::BecauseSuccessorSilent { to: 12 },
        M::BecauseNeedsCompacted { to: 12 },
        M::BecauseSnapshotReplaces { kept: 0 },
        M::BecauseSnapshotReplaces { kept: 12 },
        M::BecauseSnapshotHolds { first_index: 1 },
        M::BecauseSnapshotHolds { first_index: 20 },
        M::BecauseMayBeDeposed,
        M::BecauseReadConfirmed,
        M::BecauseLeaseHolds { left_ms: 42 },
        M::BecauseLocalRead,
        M::BecauseNothingCommittedInTerm,
        M::BecauseTransferring { to: 12 },
        M::BecauseTooMuchUncommitted { bytes: 4_096 },
        M::BecauseNoLeases,
        M::BecauseChangeUnderWay { index: 19 },
        M::BecauseNoChange,
        M::BecauseNoVoters,
        M::BecauseOnlyVotersLead,
        M::BecauseNetworkLoses,
        M::BecauseSecondLeader,
        M::BecauseCutsCommitted { commit_index: 17 },
        M::BecauseNotAVoter,
        M::BecauseOutOfPlace { next_offset: 4_096 },
        M::Section(Section::Paper("5.4.1")),
        M::Section(Section::Dissertation("9.6")),
        M::PropertyHolds,
        M::PropertyViolated { at_us: 3_412_789 },
        M::HelpKeys,
        M::HelpIntro,
        M::BadSeed("?".into()),
        M::BadSeedInstead(4_711),
        M::BadCode(raft_sim::CodeError::NotALetter { nth: 7, found: '!' }),
        M::BadCode(raft_sim::CodeError::Torn),
        M::BadCode(raft_sim::CodeError::Damaged),
        wrong(raft_sim::Problem::EndsEarly),
        wrong(raft_sim::Problem::GoesOn),
        wrong(raft_sim::Problem::Unknown { what: "rule", tag: 77 }),
        wrong(raft_sim::Problem::Config(raft_sim::ConfigError::EmptyLatency)),
        wrong(raft_sim::Problem::Settings(raft_core::SettingsError::EmptyChunks)),
        M::CodeToldOtherwise,
        M::CodeTooFar,
        M::BadSpeed("?".into()),
        M::BadNodes("?".into(), 19),
        M::BadWrites("?".into(), 1_000),
        M::BadTheme("?".into()),
        M::BadLanguage("?".into()),
        M::Stopped,
        M::StoppedHelp,
        M::Reload,
    ];
    for role in [
        Role::Follower,
        Role::PreCandidate,
        Role::Candidate,
        Role::Leader,
        Role::Crashed,
    ] {
        samples.push(M::RoleWord(role));
        samples.push(M::RoleName(role));
        samples.push(M::ServerAria {
            server: 11,
            role,
            term: 14,
            entries: 19,
            committed: 17,
            paused: role == Role::Follower,
        });
    }
    for what in [
        Lost::VoteRequest,
        Lost::Vote,
        Lost::Entries,
        Lost::PreVoteRequest,
        Lost::PreVote,
        Lost::Snapshot,
        Lost::TimeoutNow,
    ] {
        samples.push(M::LostMessage {
            server: 11,
            to: 12,
            what,
        });
    }
    for (learners, joint) in [(0, false), (12, false), (0, true), (12, true)] {
        samples.push(M::UsesConfiguration {
            server: 11,
            voters: 13,
            learners,
            joint,
        });
    }
    for kind in [
        MarkKind::Elected,
        MarkKind::Crashed,
        MarkKind::Restarted,
        MarkKind::Committed,
        MarkKind::Violated,
    ] {
        samples.push(M::Mark {
            kind,
            server: 11,
            at_us: 3_412_789,
        });
    }
    for entries in [
        Entries::Command("x=18".into()),
        Entries::NoOp,
        Entries::Configuration("{11,12}→{11,13}+{14}".into()),
        Entries::At(19),
        Entries::Range { first: 17, last: 19 },
    ] {
        let copy = || entries.clone();
        samples.extend([
            M::Appended {
                server: 11,
                entries: copy(),
            },
            M::Replaced {
                server: 11,
                truncated: 12,
                entries: copy(),
            },
            M::Committed {
                server: 11,
                entries: copy(),
            },
            M::Applied {
                server: 11,
                entries: copy(),
            },
            M::SendsEntries {
                from: 11,
                to: 12,
                term: 14,
                entries: copy(),
                previous_index: 16,
                previous_term: 13,
            },
            M::SendsEntries {
                from: 11,
                to: 12,
                term: 14,
                entries: copy(),
                previous_index: 0,
                previous_term: 0,
            },
        ]);
    }
    for &property in Property::ALL {
        samples.push(M::PropertyName(property));
        samples.push(M::PropertyMeaning(property));
        samples.push(M::Violated { server: 11, property });
        samples.push(M::ViolatedByAll(property));
    }
    samples.extend(samples_of_clients());
    samples.extend(samples_of_surroundings());
    let (server, index, term) = (NodeId(11), Index(19), Term(14));
    let has = Fact::Has {
        server,
        index,
        term,
        previous_term: Term(13),
    };
    samples.extend([
        M::GoesOnSince { us: 3_412_789 },
        M::Facts([
            Fact::Leads { server, term },
            Fact::Leads {
                server: NodeId(12),
                term,
            },
        ]),
        M::Facts([
            Fact::Leads { server, term },
            Fact::Rewrote {
                server,
                term,
                index,
                last_index: Index(21),
            },
        ]),
        M::Facts([has, has]),
        M::Facts([
            Fact::Committed {
                index,
                term,
                in_term: Term(15),
            },
            Fact::Lacks {
                server,
                leads_term: Term(16),
                index,
            },
        ]),
        M::Facts([
            Fact::Told {
                client: ClientId(11),
                serial: Serial(16),
                index,
            },
            Fact::Lacks {
                server,
                leads_term: term,
                index,
            },
        ]),
        M::Facts([
            Fact::ToldBefore {
                client: ClientId(11),
                serial: Serial(16),
            },
            Fact::Returned {
                client: ClientId(12),
                serial: Serial(17),
                from: server,
            },
        ]),
        M::Facts([
            Fact::Rival {
                client: ClientId(11),
                serial: Serial(16),
            },
            Fact::Returned {
                client: ClientId(12),
                serial: Serial(17),
                from: server,
            },
        ]),
        M::Facts([
            Fact::Saw {
                client: ClientId(11),
                serial: Serial(16),
            },
            Fact::Returned {
                client: ClientId(12),
                serial: Serial(17),
                from: server,
            },
        ]),
        M::Facts([
            Fact::NeverSo,
            Fact::Returned {
                client: ClientId(12),
                serial: Serial(17),
                from: server,
            },
        ]),
        M::Facts([
            Fact::Works {
                since: Instant(3_412_789),
            },
            Fact::NobodyLeads,
        ]),
        M::Facts([
            Fact::Works {
                since: Instant(3_412_789),
            },
            Fact::Behind {
                server,
                applied: Index(17),
                of: index,
            },
        ]),
        M::Facts([
            Fact::Applied { server, index, term },
            Fact::Applied {
                server: NodeId(12),
                index,
                term: Term(15),
            },
        ]),
    ]);
    for key in KeyMeaning::ALL {
        samples.push(M::KeySigns(key));
        samples.push(M::KeyMeaning(key));
    }
    samples
}

/// What is said of clients, and to them.
fn samples_of_clients() -> Vec<Message> {
    use Message as M;
    let (client, server, to) = (11, 11, 12);
    let mut samples = vec![
        M::LostAnswer { server, client },
        M::ClientTurnedTo { client, to },
        M::ClientWaits(client),
        M::ClientRepeats { client, to },
        M::LostRequest { client, to },
        M::BecauseRequestsGetLost,
        M::BecauseDown { server },
        M::BecauseAnswersGetLost,
        M::BecauseLeaderWrites,
        M::BecauseLeaderReads,
        M::BecauseAnybodyReads,
        M::BecauseOnlyLeadersServe,
        M::BecauseOneAtATime,
        M::BecauseNamed { from: 12, leader: 13 },
        M::BecauseTurnedAway { from: 12 },
        M::BecauseClientWaited,
        M::BecauseStale { from: 12 },
        M::BecauseDone,
        M::BecauseNotAsExpected,
    ];
    for request in [Request::Write("x=18".into()), Request::Read("x".into())] {
        samples.push(M::ClientAsked {
            client,
            to,
            request: request.clone(),
        });
        samples.push(M::ClientWillAsk { client, request });
    }
    let value = |value: Option<&str>| Answer::Value {
        key: "x".into(),
        value: value.map(Into::into),
    };
    for answer in [
        Answer::Written("x=18".into()),
        Answer::NotWritten("x=17→18".into()),
        value(Some("18")),
        value(None),
    ] {
        samples.push(M::Answered {
            server,
            client,
            answer: answer.clone(),
        });
        samples.push(M::ClientKnows {
            client,
            from: 12,
            answer: answer.clone(),
        });
        samples.push(M::ClientReadOld { client, answer });
    }
    samples
}

/// What is said of clocks, disks, links and rules.
fn samples_of_surroundings() -> Vec<Message> {
    use Message as M;
    let (server, to) = (11, 12);
    let mut samples = vec![
        M::Paused(server),
        M::Resumed(server),
        M::SetUp(server),
        M::TimesOut(server),
        M::Drifts { server, ppm: 0 },
        M::Drifts { server, ppm: 125_000 },
        M::Drifts { server, ppm: -500_000 },
        M::DiskStalled(server),
        M::DiskGoesOn(server),
        M::CannotReach { server, to },
        M::ReachesAgain { server, to },
        M::Partitioned("S11 S12 | S13".into()),
        M::HealedAll,
        M::Switched {
            switch: Switch::PreVote,
            on: true,
        },
        M::Switched {
            switch: Switch::TwoStage,
            on: false,
        },
        M::SettingsChanged,
        M::NobodyDoesIt,
        M::BecauseLinkCut,
        M::BecauseNetworkDelays,
        M::BecauseNetworkDoubles,
        M::BecausePaused,
        M::BecauseResumed,
        M::BecauseSetUp,
        M::BecauseClockJumped,
        M::BecauseClocksDrift,
        M::BecausePromisesWait,
        M::BecauseCut,
        M::BecausePartitioned,
        M::BecauseBrokenOnPurpose,
    ];
    let ends = [Who::Server(11), Who::Client(12)];
    for (from, to) in [(ends[0], ends[1]), (ends[1], ends[0])] {
        samples.extend([
            M::Dropped { from, to },
            M::Duplicated { from, to },
            M::Delayed {
                from,
                to,
                by_us: 52_500,
            },
        ]);
    }
    for who in [Who::Server(11), Who::Cluster] {
        samples.push(M::DiskSet {
            who,
            us_min: 12_000,
            us_max: 14_500,
        });
    }
    for setting in [
        NetworkSetting::Latency {
            us_min: 12_000,
            us_max: 14_500,
        },
        NetworkSetting::Latency {
            us_min: 12_000,
            us_max: 12_000,
        },
        NetworkSetting::Loss { ppm: 125_000 },
        NetworkSetting::Duplication { ppm: 125_000 },
        NetworkSetting::Reordering { ppm: 125_000 },
    ] {
        for between in [None, Some((11, 12))] {
            samples.push(M::NetworkSet { between, setting });
        }
    }
    for on in [false, true] {
        samples.push(M::RuleSet {
            rule: Rule::LogUpToDate,
            on,
        });
    }
    samples
}

/// The name of a message's variant, as `Debug` writes it.
fn variant(message: &Message) -> String {
    leading_name(&format!("{message:?}"))
}

/// The way to the other language is written in that language.
fn is_in_the_other_language(message: &Message) -> bool {
    matches!(message, Message::OtherLanguage | Message::SwitchLanguage)
}

/// The names of the variants between two lines of the enum.
fn variants_between(first: &str, last: &str) -> BTreeSet<String> {
    let (_, rest) = include_str!("../text.rs").split_once(first).unwrap();
    let (part, _) = rest.split_once(last).unwrap();
    let lines = part.lines().filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(leading_name).collect()
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[test]
fn there_is_a_sample_of_every_message() {
    let sampled: BTreeSet<String> = samples().iter().map(variant).collect();
    assert_eq!(sampled, variants_between("pub enum Message {", "\n}"));
}

#[test]
fn everything_is_said_in_every_language() {
    for message in samples() {
        for lang in [Lang::En, Lang::Zh] {
            let text = message.text(lang);
            assert!(!text.is_empty(), "{message:?} in {lang:?}");
            assert_eq!(text, text.trim(), "{message:?} in {lang:?}");
            assert!(!text.contains("  "), "{message:?} in {lang:?}: {text}");
        }
    }
}

#[test]
fn no_english_is_left_in_chinese() {
    for message in samples().iter().filter(|message| !is_in_the_other_language(message)) {
        let text = message.text(Lang::Zh);
        for word in text
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
        {
            let is_tag = matches!(message, Message::BadLanguage(_)) && matches!(word, "en" | "zh");
            assert!(is_tag || LATIN_IN_CHINESE.contains(&word), "{word} in {text}");
        }
    }
}

#[test]
fn no_chinese_is_left_in_english() {
    for message in samples().iter().filter(|message| !is_in_the_other_language(message)) {
        let text = message.text(Lang::En);
        let is_chinese = |c: char| ('\u{2e80}'..='\u{ffef}').contains(&c);
        assert!(!text.contains(is_chinese), "{text}");
    }
}

/// The same numbers stand in both, whatever the order of the words.
#[test]
fn both_languages_give_the_same_numbers() {
    let numbers = |text: &str| {
        let mut numbers: Vec<String> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect();
        numbers.sort_unstable();
        numbers
    };
    for message in samples() {
        let (en, zh) = (message.text(Lang::En), message.text(Lang::Zh));
        assert_eq!(numbers(&en), numbers(&zh), "{en} / {zh}");
    }
}

/// Whoever draws a line of the story sets the name of the server or the client off.
#[test]
fn what_happened_begins_with_the_name_of_whom_it_happened_to() {
    let [servers, clients, others, reasons] = [
        "// The narration: what.",
        "// The narration: what clients do.",
        "// The narration: what happens between any two, or to all.",
        "// The narration: why.",
    ];
    for (first, last, who) in [(servers, clients, Who::Server(11)), (clients, others, Who::Client(11))] {
        let told = variants_between(first, last);
        for message in samples().iter().filter(|message| told.contains(&variant(message))) {
            for lang in [Lang::En, Lang::Zh] {
                let (text, name) = (message.text(lang), who.name().unwrap().text(lang));
                assert!(text.starts_with(&format!("{name} ")), "{text}");
            }
        }
    }
    assert!(variants_between(others, reasons).len() > 5);
}

#[track_caller]
fn check(message: &Message, en: &str, zh: &str) {
    assert_eq!(message.text(Lang::En), en);
    assert_eq!(message.text(Lang::Zh), zh);
}

#[test]
fn sentences_read_well() {
    use Message as M;
    check(
        &M::ServerAria {
            server: 3,
            role: Role::Leader,
            term: 4,
            entries: 7,
            committed: 6,
            paused: false,
        },
        "S3, leader, term 4, 7 entries, 6 committed",
        "S3，Leader（领导者），任期 4，7 个条目，6 个已提交",
    );
    check(
        &M::Delayed {
            from: Who::Client(1),
            to: Who::Server(3),
            by_us: 2_500,
        },
        "Client 1 to S3: a message takes 2.5 ms longer",
        "客户端 1 发给 S3 的一条消息推迟 2.5 ms",
    );
    check(
        &M::ClientAsked {
            client: 1,
            to: 3,
            request: Request::Write("x=7".into()),
        },
        "Client 1 asked S3 to write x=7",
        "客户端 1 请求 S3 写入 x=7",
    );
    check(
        &M::Drifts {
            server: 2,
            ppm: 125_000,
        },
        "S2 has a clock that runs 12.5 % fast",
        "S2 的时钟走快了 12.5%",
    );
    check(
        &M::Facts([
            Fact::Works {
                since: Instant(3_000_000),
            },
            Fact::NobodyLeads,
        ]),
        "Everything has worked since 3.000 s, and yet there is no leader whom all follow.",
        "自第 3.000 秒起一切正常，而还没有一个所有服务器都跟随的 Leader。",
    );
    check(
        &M::Facts([
            Fact::Leads {
                server: NodeId(3),
                term: Term(2),
            },
            Fact::Leads {
                server: NodeId(1),
                term: Term(2),
            },
        ]),
        "S3 was elected leader of term 2, and so was S1: two leaders of one term.",
        "S3 和 S1 都当选了任期 2 的 Leader：同一任期有两个 Leader。",
    );
    check(
        &M::ClientKnows {
            client: 1,
            from: 2,
            answer: Answer::Written("x=1".into()),
        },
        "Client 1 got the answer of S2: x=1 is written",
        "客户端 1 收到 S2 的答复：x=1 已写入",
    );
    check(
        &M::BecauseNotLeader { leader: Some(2) },
        "it does not lead; as far as it knows, S2 does.",
        "它不是 Leader；据它所知，S2 是。",
    );
    check(
        &M::BadCode(raft_sim::CodeError::Torn),
        "This link cannot be opened: it seems to be cut off.",
        "这个链接打不开：链接码不完整，可能没有复制完整。",
    );
    check(
        &M::BecauseTimedOut { waited_ms: 231 },
        "231 ms without a heartbeat: its election timeout ran out.",
        "231 ms 内没有收到心跳：选举超时，于是发起选举。",
    );
    check(
        &M::BecauseMajorityHas {
            index: 5,
            on: [1, 2, 4].into(),
            count: 3,
            servers: 5,
        },
        "entry 5 of its own term is on S1, S2 and S4: three of five.",
        "本任期的条目 5 已在 S1、S2 和 S4 上：五台中的三台，过半。",
    );
    check(
        &M::BecauseMajorityVoted { votes: 2, servers: 3 },
        "two of three voted for it: a majority.",
        "三台服务器中有两台投票给它：过半。",
    );
    check(
        &M::BecauseTooFewVoted { votes: 2, needed: 3 },
        "two voted for it: no majority, which takes three, but a rule is off.",
        "有两台投票给它，不到过半所需的三台；但有规则已关闭。",
    );
    check(
        &M::Switched {
            switch: Switch::TwoStage,
            on: false,
        },
        "All servers: “Election in two stages” is off now",
        "所有服务器：“两段式选举”已关闭",
    );
    check(&M::Kept { kept: 1, had: 1 }, "kept 1 of 1 entry", "保留 1/1 个条目");
    check(
        &M::BadSeed("abc".into()),
        "“abc” is not a seed: a whole number from 0 to 18446744073709551615.",
        "“abc”不是种子：种子是 0 到 18446744073709551615 之间的整数。",
    );
    check(
        &M::Appended {
            server: 4,
            entries: Entries::Command("x=7".into()),
        },
        "S4 appended x=7",
        "S4 追加 x=7",
    );
    check(
        &M::Appended {
            server: 4,
            entries: Entries::NoOp,
        },
        "S4 appended an empty entry",
        "S4 追加空条目",
    );
    check(
        &M::Appended {
            server: 4,
            entries: Entries::labelled(&"{1–3}+{4}".into()),
        },
        "S4 appended members {1–3}+{4}",
        "S4 追加成员配置 {1–3}+{4}",
    );
    let uses = |voters, learners, joint| M::UsesConfiguration {
        server: 4,
        voters,
        learners,
        joint,
    };
    check(
        &uses(3, 1, false),
        "S4 took up a configuration of 3 voters and 1 learner",
        "S4 启用配置，其中有 3 个投票成员、1 个 Learner",
    );
    check(
        &uses(1, 0, true),
        "S4 entered joint consensus, on the way to 1 voter",
        "S4 进入联合共识，新配置有 1 个投票成员",
    );
    check(
        &M::BecauseWouldWin { votes: 3, servers: 5 },
        "three of five would vote for it: a majority, so now it stands.",
        "五台服务器中有三台愿意投票给它：过半，于是正式发起选举。",
    );
}

#[test]
fn numbers_have_no_needless_digits() {
    for (milli, expected) in [
        (25_000, "25 s"),
        (2_500, "2.5 s"),
        (100, "0.1 s"),
        (1_000_000, "1000 s"),
        (37_583, "37.583 s"),
    ] {
        assert_eq!(Message::SpeedValue { slowdown_milli: milli }.text(Lang::En), expected);
    }
    assert_eq!(Message::Clock { us: 3_412_999 }.text(Lang::En), "3.412");
    assert_eq!(Message::Time { us: 5_000 }.text(Lang::Zh), "0.005 秒");
}

#[test]
fn a_language_is_found_by_its_tag() {
    for (tag, expected) in [
        ("en", Some(Lang::En)),
        ("en-GB", Some(Lang::En)),
        ("EN_us", Some(Lang::En)),
        ("zh", Some(Lang::Zh)),
        ("zh-CN", Some(Lang::Zh)),
        ("zh-SG", Some(Lang::Zh)),
        ("zh-Hans-HK", Some(Lang::Zh)),
        ("zh-Hans", Some(Lang::Zh)),
        (" zh-cn ", Some(Lang::Zh)),
        ("zh-TW", None),
        ("zh-Hant-SG", None),
        ("english", None),
        ("de", None),
        ("", None),
    ] {
        assert_eq!(Lang::from_tag(tag), expected, "{tag}");
    }
    for lang in [Lang::En, Lang::Zh] {
        assert_eq!(Lang::from_tag(lang.tag()), Some(lang));
        assert_eq!(lang.other().other(), lang);
    }
}
