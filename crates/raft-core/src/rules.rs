//! The rules of Raft that can be switched off, to see what each is there for.
//!
//! Each is tested at the one line where it matters; with all on this is Raft. Nothing here changes what a correct
//! cluster does: a rule that is off is a bug on purpose.

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A rule. Its documentation says what happens without it, and which property breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the paper, as far as it has one.
            pub const ALL: &[Rule] = &[$(Rule::$name,)*];

            /// The name used in links and texts. It never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Rule::$name => $id,)*
                }
            }
        }
    };
}

rules! {
    /// Off: a vote is granted although it has been given to another. Breaks Election Safety (§5.2).
    OneVotePerTerm = "one-vote-per-term",
    /// Off: the write that accompanies a grant omits the vote. Breaks Election Safety (§5.2).
    PersistVote = "persist-vote",
    /// Off: a candidate counts itself without recording it. Breaks Election Safety (§5.2).
    RecordOwnVote = "record-own-vote",
    /// Off: answers to an older candidacy are counted. Breaks Election Safety (§5.2).
    MatchVoteTerm = "match-vote-term",
    /// Off: answers are counted, not voters. Breaks Election Safety (§5.2).
    DistinctVotes = "distinct-votes",
    /// Off: half of the servers suffice. Breaks Election Safety (§5.2).
    Majority = "majority",
    /// Off: logs are not compared when voting. Breaks Leader Completeness (§5.4.1).
    LogUpToDate = "log-up-to-date",
    /// Off: the longer log wins, whatever its last term. Breaks Leader Completeness (§5.4.1).
    CompareTermFirst = "compare-term-first",
    /// Off: entries of earlier terms commit by counting. Breaks Leader Completeness (§5.4.2, figure 8).
    CommitOwnTermOnly = "commit-own-term-only",
    /// Off: a vote at a higher term is granted without adopting the term. Breaks Leader Completeness (§5.1).
    AdoptHigherTerm = "adopt-higher-term",
    /// Off: AppendEntries of a lower term is taken. Breaks Leader Completeness (§5.1).
    RefuseLowerTerm = "refuse-lower-term",
    /// Off: the term of the entry before is not compared; gaps are still refused. Breaks Log Matching (§5.3).
    CheckPreviousEntry = "check-previous-entry",
    /// Off: everything after the entry before is cut, even if it matches. Breaks Leader Completeness (§5.3).
    TruncateOnlyOnConflict = "truncate-only-on-conflict",
    /// Off: a follower commits up to its own last entry, matched or not. Breaks State Machine Safety (§5.3).
    BoundCommitByMatch = "bound-commit-by-match",
    /// Off: a follower acknowledges its own last entry. Breaks Leader Completeness (§5.3).
    AcknowledgeOnlyTheRequest = "acknowledge-only-the-request",
    /// Off: the hint of a rejection is taken for a match. Breaks Leader Completeness (§5.3).
    HintIsNotMatch = "hint-is-not-match",
    /// Off: entries are acknowledged, also to oneself, before they are durable. Breaks Leader Completeness (figure 2).
    PersistBeforeAcknowledge = "persist-before-acknowledge",
    /// Off: the term goes into a later write than the entries that came with it, and the acknowledgement
    /// waits for the entries only. Breaks Leader Completeness (figure 2).
    WriteTermWithEntries = "write-term-with-entries",
    /// Off: a leader reads without asking a majority. Breaks linearizability (§8).
    ConfirmLeadershipForReads = "confirm-leadership-for-reads",
    /// Off: a leader reads before it has committed in its term. Breaks linearizability (§8).
    OwnTermBeforeReads = "own-term-before-reads",
    /// Off: the lease lasts a full election timeout, counted from the answer. Breaks linearizability (§8).
    LeaseMargin = "lease-margin",
    /// Off: a leader changes the configuration before it has committed in its term. Breaks Leader Completeness
    /// (dissertation, §4.1 as corrected).
    OwnTermBeforeMembership = "own-term-before-membership",
    /// Off: in a joint configuration the new side alone decides. Breaks Election Safety (§6).
    OverlappingMajorities = "overlapping-majorities",
    /// Off: learners count in majorities. Breaks Leader Completeness (dissertation, §4.2.1).
    OnlyVotersCount = "only-voters-count",
    /// Off: a snapshot always cuts everything after it. Breaks Leader Completeness (§7).
    KeepMatchingSuffix = "keep-matching-suffix",
    /// Off: a configuration acts only once it is committed. Breaks Election Safety (§6).
    ConfigurationWhenAppended = "configuration-when-appended",
    /// Off: a retried client write is applied again. Breaks linearizability (§8). Read by [`session`](crate::session).
    DeduplicateRetries = "deduplicate-retries",
    /// Off: everyone waits the same time. Breaks liveness (§5.2).
    RandomizedTimeouts = "randomized-timeouts",
    /// Off: only a strictly newer log gets the vote. Breaks liveness (§5.4.1).
    EqualLogsMayWin = "equal-logs-may-win",
    /// Off: a denied request still restarts the timer. Breaks liveness (§5.2).
    KeepTimerOnDeniedVote = "keep-timer-on-denied-vote",
    /// Off: a new leader appends no entry of its own. Breaks liveness of old entries (§8).
    NoOpPerTerm = "no-op-per-term",
    /// Off: a leader of an earlier term gets no answer, and so never learns of the later one. Breaks liveness (§5.1).
    AnswerStaleLeaders = "answer-stale-leaders",
}

impl Rule {
    /// The rule of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

/// Which rules are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// One bit a rule, and [`BROKEN`].
    off: u64,
}

/// Set while something may still be there that a rule which was off has brought about.
const BROKEN: u64 = 1 << 63;

/// The rules about reads, about retries and about liveness: without them no server says what Raft forbids.
const QUIET: u64 = {
    use Rule::{
        AnswerStaleLeaders, ConfirmLeadershipForReads, DeduplicateRetries, EqualLogsMayWin, KeepTimerOnDeniedVote,
        LeaseMargin, NoOpPerTerm, OwnTermBeforeReads, RandomizedTimeouts,
    };
    1 << ConfirmLeadershipForReads as u64
        | 1 << OwnTermBeforeReads as u64
        | 1 << LeaseMargin as u64
        | 1 << DeduplicateRetries as u64
        | 1 << RandomizedTimeouts as u64
        | 1 << EqualLogsMayWin as u64
        | 1 << KeepTimerOnDeniedVote as u64
        | 1 << NoOpPerTerm as u64
        | 1 << AnswerStaleLeaders as u64
};

impl Rules {
    /// Raft.
    pub const ALL: Rules = Rules { off: 0 };

    /// The same without one rule.
    #[must_use]
    pub const fn without(self, rule: Rule) -> Rules {
        Rules {
            off: self.off | 1 << rule as u64,
        }
    }

    /// The same with that rule.
    #[must_use]
    pub const fn with(self, rule: Rule) -> Rules {
        Rules {
            off: self.off & !(1 << rule as u64),
        }
    }

    /// The same in a cluster where a rule has been off: logs and messages may still hold what Raft never makes, so that
    /// nothing is asserted of them.
    #[must_use]
    pub const fn in_a_broken_cluster(self) -> Rules {
        Rules { off: self.off | BROKEN }
    }

    /// Whether a rule is in force.
    #[must_use]
    pub const fn has(self, rule: Rule) -> bool {
        self.off & (1 << rule as u64) == 0
    }

    /// Whether servers that go by these rules, and always have, say only what Raft's do. Then what none of them can have
    /// said is damaged or forged, and is ignored. Without any other rule a correct server can meet a second leader of a
    /// term, or a log that contradicts what is committed, and must follow for the bug to be seen.
    #[must_use]
    pub const fn keep_messages_sound(self) -> bool {
        self.off & !QUIET == 0
    }

    /// Whether this is Raft, and always has been.
    #[must_use]
    pub const fn are_all_on(self) -> bool {
        self.off == 0
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_bit_and_a_name_of_its_own() {
        assert_eq!(Rule::ALL.len(), 32);
        for &rule in Rule::ALL {
            assert!(Rules::ALL.has(rule));
            let without = Rules::ALL.without(rule);
            assert!(!without.are_all_on());
            for &other in Rule::ALL {
                assert_eq!(without.has(other), other != rule);
            }
            assert_eq!(without.with(rule), Rules::ALL);
            let again = without.in_a_broken_cluster().with(rule);
            assert!(again.has(rule) && !again.are_all_on() && !again.keep_messages_sound());
            assert_eq!(Rule::from_id(rule.id()), Some(rule));
            assert!(rule.id().bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()));
        }
        assert_eq!(Rule::from_id("no-such-rule"), None);
    }
}
