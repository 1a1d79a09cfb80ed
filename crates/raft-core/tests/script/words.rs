//! The words of the transcripts: what a node does and why, for readers who know the paper.
//!
//! Notation: `3@2` is the place of entry 3, which is of term 2. An entry itself is written like a box of the
//! paper's figure 6, `2:x=3` for term and command, and `2` alone for a no-op of term 2.

use std::fmt;

use raft_core::{
    AppendEntries, Body, EntriesRejection, Entry, Ignorance, Index, Log, Message, NodeId, Payload, Position, Progress,
    ProgressState, Reason, Role, Seq, VoteDenial, Write,
};

/// A server's name, as the paper writes it.
pub(crate) struct S(pub(crate) NodeId);

impl fmt::Display for S {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

pub(crate) fn place(Position { term, index }: Position) -> String {
    format!("{index}@{term}")
}

fn command(payload: &Payload<String>) -> &str {
    match payload {
        Payload::NoOp => "no-op",
        Payload::Command(command) => command,
    }
}

fn entry(entry: &Entry<String>) -> String {
    match &entry.payload {
        Payload::NoOp => entry.term.to_string(),
        Payload::Command(command) => format!("{}:{command}", entry.term),
    }
}

fn entries<'a>(entries: impl IntoIterator<Item = &'a Entry<String>>) -> String {
    let entries: Vec<String> = entries.into_iter().map(entry).collect();
    if entries.is_empty() {
        "empty".into()
    } else {
        entries.join(" ")
    }
}

pub(crate) fn log(log: &Log<String>) -> String {
    entries(log.iter_from(Index(1)).map(|(_, entry)| entry))
}

pub(crate) fn vote(voted_for: Option<NodeId>) -> String {
    voted_for.map_or("no vote".into(), |id| format!("vote {}", S(id)))
}

pub(crate) fn role(role: &Role) -> &'static str {
    match role {
        Role::Follower(_) => "a follower",
        Role::Candidate(_) => "a candidate",
        Role::Leader(_) => "the leader",
    }
}

/// `S1 -> S2 RequestVote ...`
pub(crate) fn message(message: &Message<String>) -> String {
    let Message { from, to, term, .. } = message;
    let (name, content) = body(&message.body);
    let content = content.map_or(String::new(), |content| format!(", {content}"));
    format!("{} -> {} {name} term {term}{content}", S(*from), S(*to))
}

fn body(body: &Body<String>) -> (&'static str, Option<String>) {
    match body {
        Body::RequestVote { last } => ("RequestVote", Some(format!("log ends at {}", place(*last)))),
        Body::RequestVoteReply { granted: true } => ("vote granted,", None),
        Body::RequestVoteReply { granted: false } => ("vote denied,", None),
        Body::AppendEntries(AppendEntries {
            previous,
            entries,
            commit,
        }) => {
            let entries = match self::entries(entries) {
                _ if entries.is_empty() => "no entries".into(),
                entries => format!("entries {entries}"),
            };
            let content = format!("after {}: {entries}, commit {commit}", place(*previous));
            ("AppendEntries", Some(content))
        }
        Body::AppendEntriesReply { match_index } => ("entries accepted,", Some(format!("match {match_index}"))),
        Body::AppendEntriesRejected { previous_index, hint } => {
            let content = format!(
                "those after {previous_index}; the logs may agree up to {}",
                place(*hint)
            );
            ("entries rejected,", Some(content))
        }
    }
}

/// `S1 writes #2: ...`
pub(crate) fn write(me: NodeId, seq: Seq, write: &Write<String>) -> String {
    let mut parts = Vec::new();
    if let Some(hard_state) = &write.hard_state {
        parts.push(format!(
            "term {}, {}",
            hard_state.current_term,
            vote(hard_state.voted_for)
        ));
    }
    if let Some(suffix) = &write.suffix {
        let entries = entries(&suffix.entries);
        parts.push(format!("log from {} on: {entries}", suffix.first_index));
    }
    format!("{} writes #{seq}: {}", S(me), parts.join("; "))
}

pub(crate) fn apply(me: NodeId, index: Index, entry: &Entry<String>) -> String {
    format!("{} applies {index}@{} {}", S(me), entry.term, command(&entry.payload))
}

pub(crate) fn progress(id: NodeId, progress: &Progress) -> String {
    let Progress {
        next_index,
        match_index,
        state,
    } = progress;
    let state = match state {
        ProgressState::Probe { waiting: false } => "probe".into(),
        ProgressState::Probe { waiting: true } => "probe, waits for the answer".into(),
        ProgressState::Replicate { in_flight } => format!("replicate, {} in flight", in_flight.len()),
    };
    format!("{}: next {next_index}, match {match_index}, {state}", S(id))
}

fn count(n: u64, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

fn of_needed(n: u64, what: &str, needed: u64) -> String {
    format!("{}, {needed} needed", count(n, what))
}

/// One decision as a sentence about its server.
pub(crate) fn reason(me: NodeId, reason: &Reason) -> String {
    let me = S(me);
    match *reason {
        Reason::ElectionTimedOut { term, waited_us } => {
            format!(
                "{me} stands in term {term}: {} ms passed without a leader",
                waited_us / 1_000
            )
        }
        Reason::VotesAskedAgain { servers } => {
            format!("{me} has asked again {} that did not answer", count(servers, "server"))
        }
        Reason::HigherTerm { from, mine, theirs } => {
            format!("{me} learns of term {theirs} from {} and leaves term {mine}", S(from))
        }
        Reason::VoteGranted { to, term } => format!("{me} votes for {} in term {term}", S(to)),
        Reason::VoteDenied { to, by } => format!("{me} denies {} its vote: {}", S(to), denial(by)),
        Reason::VoteCounted {
            from,
            granted,
            votes,
            needed,
        } => {
            let votes = of_needed(votes, "vote", needed);
            match (granted, from == me.0) {
                (true, true) => format!("{me} counts its own vote: {votes}"),
                (true, false) => format!("{me} counts the vote of {}: {votes}", S(from)),
                (false, _) => format!("{me} does not get the vote of {}: {votes}", S(from)),
            }
        }
        Reason::Elected { term, votes, needed } => {
            format!("{me} is elected in term {term}: {}", of_needed(votes, "vote", needed))
        }
        Reason::LeaderHeard {
            leader,
            term,
            was_candidate,
        } => {
            let gives_up = if was_candidate {
                " and gives up its candidacy"
            } else {
                ""
            };
            format!("{me} hears that {} leads term {term}{gives_up}", S(leader))
        }
        Reason::HeartbeatDue => format!("{me} sends heartbeats"),
        Reason::EntriesAccepted {
            from,
            matched,
            appended,
            truncated,
        } => {
            let appended = if appended == 1 {
                "1 new entry".into()
            } else {
                format!("{appended} new entries")
            };
            format!(
                "{me} agrees with {} up to {matched}: {appended}, {truncated} cut off",
                S(from)
            )
        }
        Reason::EntriesRejected { from, by } => format!("{me} rejects entries of {}: {}", S(from), rejection(by)),
        Reason::WentBack { to, next_index } => {
            format!("{me} goes back: the next entry for {} is {next_index}", S(to))
        }
        Reason::FollowerMatched { from, matched } => {
            format!("{me} knows that {} has everything up to {matched}", S(from))
        }
        Reason::CommitHeld {
            index,
            entry_term,
            current_term,
        } => format!(
            "{me} does not commit: a majority has entry {index}, but it is of term {entry_term}, not {current_term}"
        ),
        Reason::MajorityMatched { index, servers, needed } => {
            format!(
                "{me} commits up to {index}: on {}",
                of_needed(servers, "server", needed)
            )
        }
        Reason::CommitLearned { from, index } => {
            format!("{me} learns from {} that its log is committed up to {index}", S(from))
        }
        Reason::Appended { index, term } => format!("{me} appends {index}@{term}"),
        Reason::Ignored { from, by } => format!("{me} ignores {}: {}", S(from), ignorance(by)),
    }
}

fn denial(by: VoteDenial) -> String {
    match by {
        VoteDenial::LowerTerm { mine, theirs } => format!("that is for term {theirs}, and it is in term {mine}"),
        VoteDenial::AlreadyVoted { for_ } => format!("it has voted for {}", S(for_)),
        VoteDenial::LogBehind { mine, theirs } => {
            format!(
                "a log that ends at {} is behind its own, which ends at {}",
                place(theirs),
                place(mine)
            )
        }
    }
}

fn rejection(by: EntriesRejection) -> String {
    match by {
        EntriesRejection::LowerTerm { mine, theirs } => format!("they are of term {theirs}, and it is in term {mine}"),
        EntriesRejection::PreviousMissing { last, previous } => {
            format!("its log ends at {last}, before {}", place(previous))
        }
        EntriesRejection::PreviousDiffers { mine, previous } => {
            format!(
                "its own entry {} is of term {mine}, not {}",
                previous.index, previous.term
            )
        }
    }
}

fn ignorance(by: Ignorance) -> String {
    match by {
        Ignorance::NotForMe => "the message is for another server".into(),
        Ignorance::UnknownServer => "that is no other member of its cluster".into(),
        Ignorance::NotBelievable => "no correct server says that".into(),
        Ignorance::OldTerm { theirs } => format!("the answer is about term {theirs}, which is over"),
        Ignorance::NoLongerAsked => "it has not asked for that, or no longer does".into(),
        Ignorance::SecondLeader => "there cannot be a second leader of its term".into(),
        Ignorance::CutsCommitted { commit_index } => {
            format!("that would cut off what is committed, up to {commit_index}")
        }
    }
}

/// Lists the kinds of reasons and tells a reason's kind; the compiler sees to it that none is missing.
macro_rules! kinds {
    ($($pattern:pat => $kind:literal,)*) => {
        /// Every kind of reason that a node can have.
        pub(crate) const KINDS: &[&str] = &[$($kind),*];

        /// The kind of a reason.
        pub(crate) fn kind(reason: &Reason) -> &'static str {
            match reason {
                $($pattern => $kind,)*
            }
        }
    };
}

kinds! {
    Reason::ElectionTimedOut { .. } => "ElectionTimedOut",
    Reason::VotesAskedAgain { .. } => "VotesAskedAgain",
    Reason::HigherTerm { .. } => "HigherTerm",
    Reason::VoteGranted { .. } => "VoteGranted",
    Reason::VoteDenied { by: VoteDenial::LowerTerm { .. }, .. } => "VoteDenied, LowerTerm",
    Reason::VoteDenied { by: VoteDenial::AlreadyVoted { .. }, .. } => "VoteDenied, AlreadyVoted",
    Reason::VoteDenied { by: VoteDenial::LogBehind { .. }, .. } => "VoteDenied, LogBehind",
    Reason::VoteCounted { granted: true, .. } => "VoteCounted, granted",
    Reason::VoteCounted { granted: false, .. } => "VoteCounted, denied",
    Reason::Elected { .. } => "Elected",
    Reason::LeaderHeard { was_candidate: false, .. } => "LeaderHeard by a follower",
    Reason::LeaderHeard { was_candidate: true, .. } => "LeaderHeard by a candidate",
    Reason::HeartbeatDue => "HeartbeatDue",
    Reason::EntriesAccepted { .. } => "EntriesAccepted",
    Reason::EntriesRejected { by: EntriesRejection::LowerTerm { .. }, .. } => "EntriesRejected, LowerTerm",
    Reason::EntriesRejected { by: EntriesRejection::PreviousMissing { .. }, .. } => "EntriesRejected, PreviousMissing",
    Reason::EntriesRejected { by: EntriesRejection::PreviousDiffers { .. }, .. } => "EntriesRejected, PreviousDiffers",
    Reason::WentBack { .. } => "WentBack",
    Reason::FollowerMatched { .. } => "FollowerMatched",
    Reason::CommitHeld { .. } => "CommitHeld",
    Reason::MajorityMatched { .. } => "MajorityMatched",
    Reason::CommitLearned { .. } => "CommitLearned",
    Reason::Appended { .. } => "Appended",
    Reason::Ignored { by: Ignorance::NotForMe, .. } => "Ignored, NotForMe",
    Reason::Ignored { by: Ignorance::UnknownServer, .. } => "Ignored, UnknownServer",
    Reason::Ignored { by: Ignorance::NotBelievable, .. } => "Ignored, NotBelievable",
    Reason::Ignored { by: Ignorance::OldTerm { .. }, .. } => "Ignored, OldTerm",
    Reason::Ignored { by: Ignorance::NoLongerAsked, .. } => "Ignored, NoLongerAsked",
    Reason::Ignored { by: Ignorance::SecondLeader, .. } => "Ignored, SecondLeader",
    Reason::Ignored { by: Ignorance::CutsCommitted { .. }, .. } => "Ignored, CutsCommitted",
}
