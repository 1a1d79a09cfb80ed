//! What is explored, and which rules are shown to be needed.

use raft_core::{Change, Configuration, ElectionStyle, Entry, NodeId, Payload, Rule, Rules, Term};

use super::bound::{Bound, Wish};

/// A rule, and a bound within which a property breaks without it.
#[derive(Clone, Debug)]
pub struct Kill {
    /// The rule.
    pub rule: Rule,
    /// The property.
    pub breaks: &'static str,
    /// The bound, with all rules on.
    pub bound: Bound,
}

impl Kill {
    /// The bound with the rule off.
    #[must_use]
    pub fn without_rule(&self) -> Bound {
        self.bound.with_rules(Rules::ALL.without(self.rule))
    }
}

const ELECTION_SAFETY: &str = "Election Safety";
const LOG_MATCHING: &str = "Log Matching";
const LEADER_COMPLETENESS: &str = "Leader Completeness";
const LINEARIZABLE_READS: &str = "Linearizable reads";

/// What is explored with all rules on.
#[must_use]
pub fn bounds() -> Vec<Bound> {
    let of_either_style = [ElectionStyle::Standard, ElectionStyle::TWO_STAGE].map(|style| {
        let bound = |name| Bound::new(name, style);
        [
            Bound {
                timeouts: 2,
                crashes: 1,
                slow_disks: true,
                ..bound("elections, and writes that are lost")
            },
            Bound {
                timeouts: 2,
                slow_disks: true,
                wishes: vec![Wish::Write],
                ..bound("a command, and writes that take time")
            },
            Bound {
                timeouts: 3,
                crashes: 1,
                ..bound("several terms, and a crash")
            },
            Bound {
                timeouts: 2,
                wishes: vec![Wish::Write, Wish::Read],
                ..bound("a read after a command")
            },
            Bound {
                servers: 4,
                voters: 4,
                impatient: 4,
                timeouts: 2,
                crashes: 1,
                ..bound("four servers")
            },
        ]
    });
    let bound = |name| Bound::new(name, ElectionStyle::Standard);
    let mut pre_votes = Bound {
        timeouts: 3,
        ..bound("PreVote and CheckQuorum")
    };
    pre_votes.settings.pre_vote = true;
    pre_votes.settings.check_quorum = true;
    let others = vec![
        pre_votes,
        compacting(Bound {
            timeouts: 2,
            heartbeats: 1,
            wishes: vec![Wish::Compact],
            ..bound("a snapshot")
        }),
        Bound {
            timeouts: 2,
            crashes: 1,
            wishes: vec![Wish::HandOver(NodeId(2))],
            ..bound("leadership is handed over")
        },
        Bound {
            servers: 4,
            impatient: 2,
            timeouts: 2,
            wishes: vec![Wish::Members(Change::AddVoter(NodeId(4)))],
            ..bound("one more voter")
        },
        Bound {
            timeouts: 2,
            crashes: 1,
            wishes: vec![Wish::Members(Change::Remove(NodeId(1)))],
            ..bound("the leader is removed")
        },
        Bound {
            timeouts: 2,
            crashes: 1,
            wishes: vec![Wish::Members(Change::Replace(Configuration::new([NodeId(2)])))],
            ..bound("joint consensus")
        },
    ];
    let [standard, two_stage] = of_either_style.map(Vec::from);
    [standard, two_stage, others].concat()
}

/// What is explored by every test run.
#[must_use]
pub fn small_bounds() -> Vec<Bound> {
    let of_either_style = [ElectionStyle::Standard, ElectionStyle::TWO_STAGE].map(|style| {
        let bound = |name| Bound::new(name, style);
        [
            Bound {
                timeouts: 2,
                wishes: vec![Wish::Write],
                ..bound("a write through two terms")
            },
            Bound {
                timeouts: 1,
                crashes: 1,
                slow_disks: true,
                ..bound("an election, and writes that are lost")
            },
        ]
    });
    let reads = Bound {
        timeouts: 2,
        wishes: vec![Wish::Read],
        ..Bound::new("a read through two terms", ElectionStyle::Standard)
    };
    of_either_style.concat().into_iter().chain([reads]).collect()
}

/// Rules without which a property breaks, in the order of the rules.
#[must_use]
pub fn kills() -> Vec<Kill> {
    let kill = |rule, breaks, bound| Kill { rule, breaks, bound };
    let no_ops = |terms: &[u64]| terms.iter().map(|&term| entry(term, Payload::NoOp)).collect::<Vec<_>>();
    let members = |ids: &[u64]| Payload::Configuration(Configuration::new(ids.iter().copied().map(NodeId)));
    vec![
        kill(Rule::OneVotePerTerm, ELECTION_SAFETY, elections(2)),
        kill(
            Rule::PersistVote,
            ELECTION_SAFETY,
            Bound {
                crashes: 1,
                ..elections(2)
            },
        ),
        kill(Rule::RecordOwnVote, ELECTION_SAFETY, elections(2)),
        kill(Rule::MatchVoteTerm, ELECTION_SAFETY, elections(3)),
        kill(
            Rule::DistinctVotes,
            ELECTION_SAFETY,
            Bound {
                servers: 4,
                voters: 4,
                impatient: 4,
                ..elections(2)
            },
        ),
        kill(Rule::Majority, ELECTION_SAFETY, elections(2)),
        kill(Rule::LogUpToDate, LEADER_COMPLETENESS, elections(2)),
        kill(Rule::CompareTermFirst, LEADER_COMPLETENESS, elections(3)),
        // Figure 8, from its step (c) on: S1 was the leader of term 1, S3 that of term 2.
        kill(
            Rule::CommitOwnTermOnly,
            LEADER_COMPLETENESS,
            entry_by_entry(Bound {
                logs: vec![no_ops(&[1]), no_ops(&[]), no_ops(&[2])],
                ..elections(2)
            }),
        ),
        kill(Rule::AdoptHigherTerm, LEADER_COMPLETENESS, writes(2, 1)),
        kill(Rule::RefuseLowerTerm, LEADER_COMPLETENESS, elections(3)),
        kill(Rule::CheckPreviousEntry, LOG_MATCHING, elections(3)),
        kill(
            Rule::TruncateOnlyOnConflict,
            LEADER_COMPLETENESS,
            entry_by_entry(writes(2, 1)),
        ),
        kill(
            Rule::PersistBeforeAcknowledge,
            LEADER_COMPLETENESS,
            Bound {
                crashes: 1,
                slow_disks: true,
                ..elections(2)
            },
        ),
        kill(
            Rule::ConfirmLeadershipForReads,
            LINEARIZABLE_READS,
            Bound {
                wishes: vec![Wish::Read],
                ..elections(2)
            },
        ),
        kill(
            Rule::OwnTermBeforeReads,
            LINEARIZABLE_READS,
            Bound {
                wishes: vec![Wish::Read],
                ..elections(2)
            },
        ),
        // S1 has added S5; whether that is committed nobody else knows.
        kill(
            Rule::OwnTermBeforeMembership,
            LEADER_COMPLETENESS,
            Bound {
                servers: 5,
                voters: 4,
                impatient: 2,
                wishes: vec![Wish::Members(Change::Remove(NodeId(1)))],
                logs: vec![
                    [no_ops(&[1]), vec![entry(1, members(&[1, 2, 3, 4, 5]))]].concat(),
                    no_ops(&[1]),
                    no_ops(&[1]),
                    no_ops(&[1]),
                ],
                ..elections(2)
            },
        ),
        kill(
            Rule::OverlappingMajorities,
            ELECTION_SAFETY,
            Bound {
                crashes: 1,
                wishes: vec![Wish::Members(Change::Replace(Configuration::new([NodeId(1)])))],
                ..elections(3)
            },
        ),
        // S3 has been removed, and S1 has begun to remove S2.
        kill(
            Rule::ConfigurationWhenAppended,
            LEADER_COMPLETENESS,
            Bound {
                wishes: vec![Wish::Write],
                logs: vec![
                    [no_ops(&[1]), vec![entry(1, members(&[1, 2])), entry(1, members(&[1]))]].concat(),
                    [no_ops(&[1]), vec![entry(1, members(&[1, 2])), entry(1, members(&[1]))]].concat(),
                ],
                ..elections(2)
            },
        ),
    ]
}

fn elections(timeouts: u8) -> Bound {
    Bound {
        timeouts,
        ..Bound::new("elections", ElectionStyle::Standard)
    }
}

fn writes(timeouts: u8, writes: usize) -> Bound {
    Bound {
        wishes: vec![Wish::Write; writes],
        ..elections(timeouts)
    }
}

fn entry_by_entry(mut bound: Bound) -> Bound {
    bound.settings.batch_bytes_max = 1;
    bound
}

fn compacting(mut bound: Bound) -> Bound {
    bound.settings.compaction_keeps = 0;
    bound
}

fn entry(term: u64, payload: Payload<u64>) -> Entry<u64> {
    let term = Term(term);
    Entry { term, payload }
}
