//! A smaller bound of what `cargo xtask verify` explores, and some of the rules that it switches off.

use raft_core::Rule;
use raft_evidence::verify::{Kill, Search, kills, run, small_bounds};

#[test]
fn every_interleaving_of_a_small_cluster_keeps_every_property() {
    for bound in small_bounds() {
        let outcome = run(&bound, Search::Everything, &mut |_| ());
        assert!(outcome.holds(), "{}, {bound}: {outcome:?}", bound.name);
        let reads = usize::from(outcome.held.contains(&"Linearizable reads"));
        assert_eq!(outcome.held.len(), 5 + reads, "the properties of figure 3");
        assert_eq!(bound.name.contains("read"), reads == 1);
        assert!(outcome.seen.contains(&"two candidates at once") || bound.timeouts == 1);
    }
}

/// Those that are found soonest; the others are left to the command.
const KILLED_SOON: [Rule; 11] = [
    Rule::OneVotePerTerm,
    Rule::PersistVote,
    Rule::RecordOwnVote,
    Rule::DistinctVotes,
    Rule::Majority,
    Rule::LogUpToDate,
    Rule::CommitOwnTermOnly,
    Rule::TruncateOnlyOnConflict,
    Rule::ConfirmLeadershipForReads,
    Rule::OwnTermBeforeMembership,
    Rule::ConfigurationWhenAppended,
];

#[test]
fn without_a_rule_a_violation_is_found_and_with_it_there_is_none() {
    for Kill { rule, breaks, bound } in soon() {
        let steps = steps_without(rule);
        let last = steps.last().expect("a violation has steps");
        assert!(last.starts_with(breaks), "without {}: {last}", rule.id());
        let outcome = run(&bound, Search::Steps(steps.len() - 1), &mut |_| ());
        assert!(outcome.violated.is_empty(), "with {}: {outcome:?}", rule.id());
    }
}

fn soon() -> impl Iterator<Item = Kill> {
    kills().into_iter().filter(|kill| KILLED_SOON.contains(&kill.rule))
}

/// The shortest way to the property that breaks without a rule.
fn steps_without(rule: Rule) -> Vec<String> {
    let kill = kills()
        .into_iter()
        .find(|kill| kill.rule == rule)
        .expect("a rule that is killed");
    let outcome = run(
        &kill.without_rule(),
        Search::ShortestViolation(kill.breaks),
        &mut |_| (),
    );
    let mut violated = outcome.violated.into_iter();
    let violation = violated.find(|(property, _)| *property == kill.breaks);
    violation.map(|(_, steps)| steps).unwrap_or_default()
}

#[test]
fn the_steps_can_be_read_by_who_knows_the_paper() {
    let steps = steps_without(Rule::PersistVote);
    let expected = "\
S1 waits no longer: it stands in term 1, 1 of 2 votes
S2 waits no longer: it stands in term 1, 1 of 2 votes
S3 receives RequestVote of term 1 from S1 (its log is empty): it takes over term 1, it votes for S1 in term 1
S1 receives the vote of term 1 from S3: 2 of 2 votes, it leads term 1, it appends 1@1
S3 crashes and restarts (lost: nothing)
S3 receives RequestVote of term 1 from S2 (its log is empty): it votes for S2 in term 1
S2 receives the vote of term 1 from S3: 2 of 2 votes, it leads term 1, it appends 1@1
Election Safety is violated: leaders were S1 in term 1, S2 in term 1";
    assert_eq!(steps.join("\n"), expected);
}
