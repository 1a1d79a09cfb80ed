//! The scenarios that come with the simulation, as texts: what the lecture tells, and what each rule is there for.
//!
//! They live in files of their own, to be read and changed without Rust. Whoever does not use this list does not
//! carry their texts.

use crate::scenario::Scenario;

/// What a scenario is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chapter {
    /// Roles, terms and how roles turn into each other.
    Basics,
    /// Electing a leader.
    Elections,
    /// Replicating data.
    Replication,
    /// What becomes of writes when servers crash and networks break.
    Failures,
    /// What each rule is there for: without it something breaks.
    Rules,
}

/// A scenario that comes with the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Included {
    /// What it is about.
    pub chapter: Chapter,
    /// Its name, in links too: it never changes. A rule's scenario has the rule's name.
    pub name: &'static str,
    /// Its text, for [`Scenario::parse`].
    pub source: &'static str,
}

impl Included {
    /// The scenario itself.
    ///
    /// # Panics
    ///
    /// Never: a test reads them all.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        match Scenario::parse(self.source) {
            Ok(scenario) => scenario,
            Err(error) => panic!("{}: {error}", self.name),
        }
    }
}

macro_rules! scenarios {
    ($($chapter:ident in $folder:literal: $($name:literal)*;)*) => {
        /// All of them, chapter by chapter, in the order in which they are best read.
        pub const ALL: &[Included] = &[$($(
            Included {
                chapter: Chapter::$chapter,
                name: $name,
                source: include_str!(concat!("../scenarios/", $folder, "/", $name, ".raft")),
            },
        )*)*];
    };
}

scenarios! {
    Basics in "basics":
        "one-log"
        "roles"
        "terms"
        "turned-away"
        "stale-read";
    Elections in "elections":
        "heartbeat-timeout"
        "two-stages"
        "waiting-follower-votes"
        "own-vote-not-cast"
        "first-come-first-served"
        "giving-way"
        "split-vote"
        "new-election"
        "pre-vote-off"
        "pre-vote";
    Replication in "replication":
        "way-of-a-request"
        "same-log-same-state"
        "divergence-and-repair"
        "minority"
        "linearizable-read";
    Failures in "failures":
        "leader-crashes-before-the-request"
        "leader-crashes-with-the-only-copy"
        "entry-on-some-survives"
        "entry-on-some-is-lost"
        "majority-has-it-client-not-told"
        "crash-after-the-answer"
        "partition"
        "three-groups-of-three"
        "not-transitive"
        "not-transitive-with-pre-vote";
    Rules in "rules":
        "one-vote-per-term"
        "persist-vote"
        "record-own-vote"
        "match-vote-term"
        "distinct-votes"
        "majority"
        "log-up-to-date"
        "compare-term-first"
        "commit-own-term-only"
        "adopt-higher-term"
        "refuse-lower-term"
        "check-previous-entry"
        "truncate-only-on-conflict"
        "bound-commit-by-match"
        "acknowledge-only-the-request"
        "hint-is-not-match"
        "persist-before-acknowledge"
        "write-term-with-entries"
        "confirm-leadership-for-reads"
        "own-term-before-reads"
        "lease-margin"
        "own-term-before-membership"
        "overlapping-majorities"
        "only-voters-count"
        "keep-matching-suffix"
        "configuration-when-appended"
        "deduplicate-retries"
        "randomized-timeouts"
        "equal-logs-may-win"
        "keep-timer-on-denied-vote"
        "no-op-per-term"
        "answer-stale-leaders";
}

/// The scenario of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Included> {
    ALL.iter().find(|included| included.name == name)
}
