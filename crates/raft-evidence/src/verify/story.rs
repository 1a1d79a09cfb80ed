//! The steps of a counterexample in words, for readers who know the paper.
//!
//! Notation: `2@1` is entry 2, which is of term 1; a log is written as the terms of its entries.

use raft_core::{
    AppendEntries, Body, Effect, Entry, HardState, Index, Log, Message, Position, Reason, VoteDenial, Write,
};
use stateright::Path;

use super::model::{Action, Cluster};
use super::state::State;

/// The steps, a line each, and then what is wrong in the end.
pub(super) fn tell(cluster: &Cluster, property: &str, path: Path<State, Action>) -> Vec<String> {
    let steps = path.into_vec();
    let mut lines: Vec<String> = steps
        .iter()
        .filter_map(|(state, action)| action.map(|action| step(cluster, state, action)))
        .collect();
    if let Some((end, _)) = steps.last() {
        lines.push(format!("{property} is violated: {}", violation(property, end)));
    }
    lines
}

fn step(cluster: &Cluster, state: &State, action: Action) -> String {
    let mut reasons = Vec::new();
    cluster.act(state, action, &mut |_, effect| {
        if let Effect::Because(why) = effect {
            reasons.extend(reason(why));
        }
    });
    let what = event(cluster, state, action);
    match reasons.is_empty() {
        true => what,
        false => format!("{what}: {}", reasons.join(", ")),
    }
}

fn event(cluster: &Cluster, state: &State, action: Action) -> String {
    match action {
        Action::Timer(id) if state.server(id).node.reign().is_some() => format!("S{id} sends heartbeats"),
        Action::Timer(id) => format!("S{id} waits no longer"),
        Action::Arrival(envelope) => {
            let Message { from, to, term, body } = cluster.messages.message(envelope);
            let (what, details) = said(&body);
            let details = details.map_or(String::new(), |details| format!(" ({details})"));
            format!("S{to} receives {what} of term {term} from S{from}{details}")
        }
        Action::Durable(id) => {
            let oldest = state.server(id).writes.front();
            format!(
                "S{id}'s oldest write is durable ({})",
                oldest.map_or(String::new(), written)
            )
        }
        Action::Crash { server, written: kept } => {
            let writes = &state.server(server).writes;
            let list = |writes: Vec<String>| match writes.is_empty() {
                true => "nothing".to_owned(),
                false => writes.join("; "),
            };
            let lost = list(writes.iter().skip(kept).map(written).collect());
            let saved = match kept {
                0 => String::new(),
                _ => format!(
                    "; on the disk without its knowing: {}",
                    list(writes.iter().take(kept).map(written).collect())
                ),
            };
            format!("S{server} crashes and restarts (lost: {lost}{saved})")
        }
        Action::Wish(id) => {
            let wish = &cluster.bound.wishes[usize::from(state.spent.wishes)];
            format!("S{id} is asked for {wish}")
        }
    }
}

/// What a message is, and what is in it.
fn said(body: &Body<u64>) -> (&'static str, Option<String>) {
    let answer = |granted| if granted { "the vote" } else { "the denial" };
    match body {
        Body::RequestPreVote { next_term, last } => {
            let details = format!("about term {next_term}, {}", end(*last));
            ("RequestPreVote", Some(details))
        }
        Body::RequestPreVoteReply { next_term, granted } => (answer(*granted), Some(format!("about term {next_term}"))),
        Body::RequestVote { last, .. } => ("RequestVote", Some(end(*last))),
        Body::RequestVoteReply { granted } => (answer(*granted), None),
        Body::AppendEntries(AppendEntries {
            previous,
            entries,
            commit,
            ..
        }) => {
            let after = match previous.index {
                Index(0) => String::new(),
                _ => format!(" after {}", at(*previous)),
            };
            let details = format!("{}{after}, commit {commit}", terms(entries));
            ("AppendEntries", Some(details))
        }
        Body::AppendEntriesReply { match_index, .. } => ("the acknowledgement", Some(format!("up to {match_index}"))),
        Body::AppendEntriesRejected {
            previous_index, hint, ..
        } => {
            let details = format!("of what follows {previous_index}, hint {}", at(*hint));
            ("the rejection", Some(details))
        }
        Body::InstallSnapshot(piece) => ("InstallSnapshot", Some(format!("up to {}", at(piece.last)))),
        Body::InstallSnapshotReply { .. } => ("the wish for more of the snapshot", None),
        Body::TimeoutNow => ("TimeoutNow", None),
    }
}

fn end(last: Position) -> String {
    match last.index {
        Index(0) => "its log is empty".to_owned(),
        _ => format!("its log ends at {}", at(last)),
    }
}

fn reason(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::ElectionTimedOut { term, .. } => format!("it stands in term {term}"),
        Reason::PreVoteBegan { next_term, .. } => format!("it asks whether it would win term {next_term}"),
        Reason::PreVoteGranted { to, .. } => format!("it would vote for S{to}"),
        Reason::HeartbeatTimedOut { term, .. } => format!("it raises its term to {term} and waits"),
        Reason::ElectionDelayEnded { term, own_vote: true } => format!("it stands in term {term}"),
        Reason::ElectionDelayEnded { term, own_vote: false } => {
            format!("it stands in term {term}, its own vote given away")
        }
        Reason::ToldToStand { term, .. } => format!("it stands in term {term} at once"),
        Reason::HigherTerm { theirs, .. } => format!("it takes over term {theirs}"),
        Reason::VoteGranted { to, term } => format!("it votes for S{to} in term {term}"),
        Reason::VoteDenied { by, .. } | Reason::PreVoteDenied { by, .. } => format!("it refuses, {}", denial(by)),
        Reason::VoteCounted { votes, needed, .. } => format!("{votes} of {needed} votes"),
        Reason::Elected { term, .. } => format!("it leads term {term}"),
        Reason::LeaderHeard { leader, .. } => format!("it follows S{leader}"),
        Reason::EntriesAccepted {
            matched,
            appended,
            truncated,
            ..
        } => {
            let thrown = match truncated {
                0 => String::new(),
                _ => format!(" and throws {truncated} away"),
            };
            format!("it appends {appended}{thrown}, has the leader's log up to {matched}")
        }
        Reason::EntriesRejected { .. } => "it rejects them".to_owned(),
        Reason::WentBack { next_index, .. } => format!("it goes back to {next_index}"),
        Reason::FollowerMatched { from, matched } => format!("S{from} has up to {matched}"),
        Reason::CommitHeld { index, .. } => format!("entry {index} has a majority, but not in its own term"),
        Reason::MajorityMatched { index, servers, needed } => {
            format!("entries up to {index} are committed, with {servers} of {needed}")
        }
        Reason::CommitLearned { index, .. } => format!("it learns that up to {index} is committed"),
        Reason::Appended { index, term } => format!("it appends {index}@{term}"),
        Reason::ConfigurationInForce {
            index, voters, joint, ..
        } => {
            let joint = if *joint { "joint " } else { "" };
            format!("the {joint}configuration of entry {index} with {voters} voters is in force")
        }
        Reason::SnapshotInstalled { last, kept } => {
            format!(
                "it installs the snapshot up to {}, keeps {kept} entries after it",
                at(*last)
            )
        }
        Reason::Compacted { last, .. } => format!("its snapshot goes up to {}", at(*last)),
        Reason::Removed { .. } => "it is no member any more and steps down".to_owned(),
        Reason::Ignored { .. } => "it ignores that".to_owned(),
        _ => return None,
    })
}

fn denial(by: &VoteDenial) -> String {
    match by {
        VoteDenial::LowerTerm { mine, .. } => format!("being in term {mine}"),
        VoteDenial::AlreadyVoted { for_ } => format!("having voted for S{for_}"),
        VoteDenial::LogBehind { mine, .. } => format!("its log ending at {}", at(*mine)),
        VoteDenial::LeaderAlive { .. } => "the leader being alive".to_owned(),
    }
}

fn written(write: &Write<u64>) -> String {
    let hard_state = write.hard_state.map(
        |HardState {
             current_term,
             voted_for,
         }| match voted_for {
            Some(id) => format!("term {current_term}, vote for S{id}"),
            None => format!("term {current_term}, no vote"),
        },
    );
    let snapshot = write
        .snapshot
        .as_ref()
        .map(|write| format!("snapshot up to {}", at(write.snapshot.last)));
    let suffix = write
        .suffix
        .as_ref()
        .map(|suffix| format!("from {} on {}", suffix.first_index, terms(&suffix.entries)));
    let parts: Vec<String> = [hard_state, snapshot, suffix].into_iter().flatten().collect();
    parts.join(", ")
}

fn at(Position { term, index }: Position) -> String {
    format!("{index}@{term}")
}

fn terms<'a>(entries: impl IntoIterator<Item = &'a Entry<u64>>) -> String {
    let terms: Vec<String> = entries.into_iter().map(|entry| entry.term.to_string()).collect();
    match terms.is_empty() {
        true => "no entries".to_owned(),
        false => format!("[{}]", terms.join(" ")),
    }
}

fn log(log: &Log<u64>) -> String {
    let entries = terms(log.iter_from(Index(1)).map(|(_, entry)| entry));
    match log.base().index {
        Index(0) => entries,
        index => format!("after {index} {entries}"),
    }
}

/// What is wrong in this state.
fn violation(property: &str, end: &State) -> String {
    let logs = end
        .servers
        .iter()
        .map(|server| format!("S{} {}", server.node.id(), log(server.node.log())));
    let logs: Vec<String> = logs.collect();
    let led = end
        .history
        .leaders
        .iter()
        .map(|(term, id)| format!("S{id} in term {term}"));
    let led: Vec<String> = led.collect();
    let committed = end.history.committed.iter();
    let committed = committed.map(|known| format!("{} in term {}", known.entry.term, known.in_term));
    let committed: Vec<String> = committed.collect();
    match property {
        "Election Safety" => format!("leaders were {}", led.join(", ")),
        "Log Matching" => format!("logs are {}", logs.join(", ")),
        _ => format!(
            "leaders were {}; committed are entries of the terms {}; logs are {}",
            led.join(", "),
            committed.join(", "),
            logs.join(", ")
        ),
    }
}
