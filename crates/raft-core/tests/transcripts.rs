//! Transcripts: one script per behaviour, each named by the sentence that it shows.
//!
//! A script holds what is done to a cluster and, below each `---`, what came of it, for readers who know the paper
//! and need not know Rust. After a change of the core, `UPDATE_GOLDENFILES=1 cargo test -p raft-core` writes the
//! scripts anew; what has changed in them is to be read before it is committed.

mod script;
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use raft_core::Rule;
use script::{Player, REASONS, REFUSALS};

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "transcripts"].iter().collect()
}

/// One test per script, and the list of all.
macro_rules! transcripts {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                goldenscript::run(&mut Player::default(), folder().join(stringify!($name))).unwrap();
            }
        )*

        const TRANSCRIPTS: &[&str] = &[$(stringify!($name)),*];
    };
}

transcripts! {
    a_candidate_asks_again_those_who_have_not_answered
    a_candidate_does_not_yield_to_an_old_leader
    a_candidate_names_only_the_durable_end_of_its_log
    a_candidate_of_a_lower_term_is_denied
    a_candidate_that_meets_a_higher_term_waits_no_longer
    a_candidate_with_a_majority_leads
    a_candidate_with_an_older_log_is_denied
    a_candidate_yields_to_the_leader_of_its_term
    a_change_of_members_weighs_nothing
    a_change_under_way_survives_a_snapshot_before_it
    a_change_waits_for_the_new_majority
    a_command_is_replicated_committed_and_applied
    a_commit_can_be_announced_at_once
    a_configuration_acts_as_soon_as_it_is_in_the_log
    a_configuration_in_place_of_another_is_told
    a_configuration_that_is_cut_off_acts_no_more
    a_denied_candidate_still_makes_its_term_known
    a_denied_vote_does_not_restart_the_wait
    a_doubled_append_entries_changes_nothing
    a_doubled_vote_counts_once
    a_durable_vote_survives_the_crash
    a_follower_a_little_behind_needs_no_snapshot
    a_follower_commits_only_what_the_message_covers
    a_follower_ignores_answers_to_a_leader
    a_follower_is_probed_before_entries_flow
    a_follower_learns_the_commit_with_the_heartbeat
    a_follower_of_two_stages_waits_a_fixed_time
    a_follower_that_hears_nothing_stands_for_election
    a_full_window_that_was_compacted_ends_with_a_snapshot
    a_full_window_waits_for_an_answer
    a_granted_vote_restarts_the_wait
    a_heartbeat_restarts_the_wait
    a_higher_term_in_a_reply_deposes_a_leader
    a_higher_term_in_a_request_deposes_a_leader
    a_higher_term_in_a_request_is_adopted_by_a_candidate
    a_late_answer_spares_the_snapshot
    a_late_append_entries_does_not_cut
    a_late_candidate_of_two_stages_does_not_depose_the_winner
    a_late_denial_does_not_hide_a_vote
    a_late_no_takes_no_pre_vote_back
    a_late_piece_of_an_older_snapshot_throws_nothing_away
    a_late_refusal_confirms_no_read
    a_late_refusal_renews_no_lease
    a_late_refusal_sends_nobody_back
    a_late_yes_to_an_earlier_question_counts
    a_leader_counts_itself_only_when_its_write_is_durable
    a_leader_does_not_wait_for_a_dead_follower
    a_leader_ends_the_wait_to_stand
    a_leader_hands_over
    a_leader_leaves_the_joint_configuration_by_itself
    a_leader_restarts_with_a_snapshot_and_catches_others_up
    a_leader_sends_entries_before_its_own_write_is_durable
    a_leader_that_hears_from_a_majority_goes_on
    a_leader_that_hears_from_no_majority_steps_down
    a_leader_that_lost_its_office_refuses_reads
    a_leader_that_restarts_does_not_lead
    a_learner_becomes_a_voter
    a_learner_receives_the_log_but_has_no_say
    a_lease_answers_reads_at_once
    a_lease_counts_from_when_the_round_was_sent
    a_lease_ends_when_the_leader_hands_over
    a_lease_that_has_run_out_asks
    a_log_is_compacted_and_keeps_a_tail
    a_lost_announcement_comes_with_the_heartbeat
    a_lost_piece_is_sent_again_with_the_heartbeat
    a_lost_probe_is_sent_again_with_the_heartbeat
    a_member_whose_term_is_higher_comes_back
    a_new_leader_finishes_a_joint_change
    a_new_leaders_snapshot_begins_anew
    a_no_op_commits_what_earlier_terms_left_behind
    a_piece_out_of_place_says_what_is_missing
    a_pre_candidate_asks_again_those_who_have_not_answered
    a_pre_candidate_that_grants_its_vote_waits
    a_pre_candidate_yields_to_a_leader
    a_pre_vote_for_a_term_that_is_over_is_denied
    a_pre_vote_is_denied_to_an_older_log
    a_pre_vote_is_denied_while_a_leader_is_alive
    a_pre_vote_is_no_promise
    a_proposal_to_a_follower_names_the_leader
    a_question_of_a_higher_term_does_not_depose_the_leader
    a_read_is_answered_when_a_majority_has_given_its_round_back
    a_read_on_a_follower_names_the_leader
    a_read_waits_for_the_first_commit_of_the_term
    a_rejection_counts_for_a_read_too
    a_rejection_skips_a_whole_term
    a_rejection_that_was_answered_changes_nothing
    a_removed_leader_manages_without_counting_itself
    a_removed_server_does_not_disturb
    a_restarted_server_is_a_follower_and_knows_of_no_commit
    a_restarted_voter_waits_for_leases
    a_second_leader_of_the_same_term_is_ignored
    a_server_asks_before_it_stands
    a_server_joins_the_cluster
    a_server_leaves_the_cluster
    a_server_on_its_way_out_may_still_have_to_lead
    a_server_restarts_from_its_snapshot
    a_server_that_does_not_lead_tells_nobody_to_stand
    a_server_that_joins_waits_for_a_leader
    a_server_that_waits_to_stand_still_votes
    a_server_that_waits_to_stand_takes_a_higher_term_over
    a_server_that_was_cut_off_deposes_the_leader_without_pre_vote
    a_server_that_was_cut_off_does_not_depose_the_leader
    a_single_server_elects_itself_and_commits_alone
    a_single_server_reads_alone
    a_snapshot_brings_the_members
    a_snapshot_comes_in_pieces
    a_snapshot_is_a_sign_of_life
    a_snapshot_keeps_the_entries_after_it
    a_snapshot_of_an_earlier_term_is_answered
    a_snapshot_of_what_is_committed_is_acknowledged
    a_snapshot_replaces_a_log_that_conflicts
    a_snapshot_that_was_not_durable_is_lost
    a_snapshot_under_way_arrives_before_a_newer_one
    a_split_vote_ends_with_the_next_term
    a_successor_is_listened_to
    a_successor_is_told_again
    a_successor_that_needs_a_snapshot_gets_it_first
    a_transfer_is_given_up_after_an_election_timeout
    a_two_stage_candidacy_without_result_ends_in_a_new_wait
    a_two_stage_election_raises_the_term_first
    a_vote_is_durable_before_it_leaves
    a_vote_of_an_earlier_candidacy_is_not_counted
    a_vote_that_comes_after_the_election_changes_nothing
    a_vote_that_was_not_durable_is_lost_and_was_not_promised
    a_vote_written_but_not_confirmed_survives_the_crash
    a_voter_can_become_a_learner_by_joint_consensus
    a_voter_compares_with_its_whole_log
    a_voter_repeats_its_vote_to_the_same_candidate
    a_word_to_stand_skips_the_wait
    a_word_to_stand_that_comes_late_is_ignored
    acknowledgements_out_of_order_change_nothing
    an_acknowledgement_beyond_the_log_is_not_believed
    an_acknowledgement_of_an_earlier_term_is_ignored
    an_acknowledgement_that_was_held_is_lost_with_the_crash
    an_acknowledgement_waits_for_an_earlier_write
    an_announcement_of_an_old_leader_is_rejected
    an_answer_from_before_a_read_does_not_count
    an_entry_at_the_base_is_compared_too
    an_entry_of_an_earlier_term_is_not_committed_by_counting
    an_entry_of_its_own_term_commits_the_earlier_ones
    an_equal_log_is_good_enough
    an_index_can_be_written_twice
    an_old_leader_does_not_restart_the_wait
    answers_about_another_snapshot_are_ignored
    answers_to_an_earlier_question_do_not_count
    batches_keep_to_their_limit
    changes_that_make_no_sense_are_refused
    conflicting_entries_are_cut_off
    denials_of_a_majority_leave_a_candidate_waiting
    each_timeout_is_drawn_anew
    entries_of_a_deposed_leader_are_replaced
    entries_of_an_old_leader_are_rejected
    entries_that_begin_before_the_base_are_taken
    entries_that_overtake_others_are_rejected_and_repaired
    entries_without_their_predecessor_are_rejected
    five_servers_commit_with_three
    followers_can_commit_without_the_leaders_disk
    joint_consensus_needs_both_majorities
    lease_reads_are_refused_without_leases
    lost_entries_are_repaired_at_the_next_heartbeat
    messages_that_no_correct_server_sends_are_ignored
    no_change_before_the_first_commit_of_the_term
    nobody_leads_before_its_own_vote_is_durable
    nothing_is_certain_while_a_snapshot_replaces_the_log
    one_change_at_a_time
    only_another_voter_can_take_over
    reads_do_not_send_entries_again
    the_highest_numbers_do_no_harm
    the_logs_of_figure_7_become_the_leaders
    too_much_uncommitted_is_refused
    votes_are_first_come_first_served
    what_is_committed_is_never_cut
    whoever_hears_a_leader_does_not_listen_to_candidates
    without_acknowledge_only_the_request_a_stale_entry_counts
    without_adopt_higher_term_a_vote_leaves_the_term_behind
    without_answer_stale_leaders_they_never_learn
    without_bound_commit_by_match_a_stale_entry_is_applied
    without_check_previous_entry_logs_drift_apart
    without_commit_own_term_only_old_entries_commit_by_counting
    without_compare_term_first_the_longer_log_wins
    without_configuration_when_appended_a_change_acts_too_late
    without_confirm_leadership_for_reads_nobody_is_asked
    without_distinct_votes_a_doubled_vote_counts_twice
    without_equal_logs_may_win_equal_servers_block_each_other
    without_hint_is_not_match_a_guess_commits
    without_keep_matching_suffix_a_snapshot_cuts_too_much
    without_keep_timer_on_denied_vote_a_hopeless_candidate_stops_others
    without_lease_margin_a_lease_lasts_too_long
    without_log_up_to_date_anybody_wins
    without_majority_half_of_the_servers_suffice
    without_match_vote_term_an_old_vote_counts
    without_no_op_per_term_old_entries_wait
    without_one_vote_per_term_two_can_win
    without_only_voters_count_learners_decide
    without_overlapping_majorities_the_new_side_decides_alone
    without_own_term_before_membership_a_change_comes_too_early
    without_own_term_before_reads_a_new_leader_reads_too_early
    without_persist_before_acknowledge_a_crash_loses_what_was_promised
    without_persist_vote_a_crash_forgets_it
    without_randomized_timeouts_everybody_stands_at_once
    without_record_own_vote_a_candidate_votes_for_another_too
    without_refuse_lower_term_an_old_leader_still_writes
    without_truncate_only_on_conflict_a_late_message_cuts
    without_write_term_with_entries_a_crash_separates_them
}

#[test]
fn every_script_is_a_test() {
    let files = fs::read_dir(folder()).unwrap();
    let mut files: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort_unstable();
    assert_eq!(files, TRANSCRIPTS);
}

#[test]
fn every_script_begins_with_what_it_shows() {
    for name in TRANSCRIPTS {
        let script = fs::read_to_string(folder().join(name)).unwrap();
        assert!(script.starts_with("# "), "{name} does not say what it shows");
    }
}

#[test]
fn every_kind_of_reason_is_shown() {
    let mut player = Player::default();
    for name in TRANSCRIPTS {
        let script = fs::read_to_string(folder().join(name)).unwrap();
        goldenscript::generate(&mut player, &script).unwrap();
    }
    let all: BTreeSet<&str> = REASONS.iter().chain(REFUSALS).copied().collect();
    let missing: Vec<_> = all.difference(&player.shown).collect();
    assert!(missing.is_empty(), "no script shows {missing:?}");
}

/// The one that is not here is read by the host's state machine, and shown in `sessions.rs`.
#[test]
fn every_rule_that_is_off_changes_what_happens() {
    for rule in Rule::ALL.iter().filter(|&&rule| rule != Rule::DeduplicateRetries) {
        let start = format!("without_{}_", rule.id().replace('-', "_"));
        let name = TRANSCRIPTS.iter().find(|name| name.starts_with(&start));
        let name = name.unwrap_or_else(|| panic!("no script begins with {start}"));
        let off = fs::read_to_string(folder().join(name)).unwrap();
        let on = off.replace(&format!(" without={}", rule.id()), "");
        assert_ne!(on, off, "{name} does not switch its rule off");
        // It may be that the rest of the script cannot even be carried out any more.
        let played = goldenscript::generate(&mut Player::default(), &on);
        assert!(
            played.is_err() || played.unwrap() != on,
            "{name} shows nothing that the rule prevents"
        );
    }
}
