//! The words of the transcripts: what a node does and why, for readers who know the paper.
//!
//! Notation: `3@2` is the place of entry 3, which is of term 2. An entry itself is written like a box of the
//! paper's figure 6, `2:x=3` for term and command, and `2` alone for a no-op of term 2. Members are written in
//! braces: `{1,2,3}` are voters, `{1,2,3+4}` has a learner too, `{1,2,3=>1,2,4}` is joint. A log of which the
//! beginning has been compacted is written `..2@1 2:x=3`: it goes on after entry 2.

use std::fmt;

use raft_core::{
    AppendEntries, Body, Configuration, EntriesRejection, Entry, Ignorance, Index, InstallSnapshot, Log, Message,
    NodeId, Payload, Position, Progress, ProgressState, Reason, Refusal, Role, Round, Seq, Snapshot, VoteDenial, Write,
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

fn command(payload: &Payload<String>) -> String {
    match payload {
        Payload::NoOp => "no-op".into(),
        Payload::Command(command) => command.clone(),
        Payload::Configuration(configuration) => format!("members {}", members(configuration)),
    }
}

/// `{1,2,3+4}`
pub(crate) fn members(configuration: &Configuration) -> String {
    let list = |ids: &[NodeId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut text = list(configuration.voters());
    if configuration.is_joint() {
        text = format!("{}=>{text}", list(configuration.outgoing()));
    }
    if !configuration.learners().is_empty() {
        text = format!("{text}+{}", list(configuration.learners()));
    }
    format!("{{{text}}}")
}

fn entry(entry: &Entry<String>) -> String {
    match &entry.payload {
        Payload::NoOp => entry.term.to_string(),
        Payload::Command(command) => format!("{}:{command}", entry.term),
        Payload::Configuration(configuration) => format!("{}:{}", entry.term, members(configuration)),
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
    let entries = entries(log.iter_from(Index(1)).map(|(_, entry)| entry));
    match log.base() {
        Position { index: Index(0), .. } => entries,
        base => format!("..{} {entries}", place(base)),
    }
}

/// `snapshot up to 3@1 "abc"`, or nothing where there is none yet.
pub(crate) fn snapshot(Snapshot { last, data, .. }: &Snapshot) -> Option<String> {
    (last.index > Index(0)).then(|| format!("snapshot up to {} {}", place(*last), bytes(data)))
}

fn bytes(data: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(data))
}

pub(crate) fn vote(voted_for: Option<NodeId>) -> String {
    voted_for.map_or("no vote".into(), |id| format!("vote {}", S(id)))
}

pub(crate) fn role(role: &Role) -> &'static str {
    match role {
        Role::Follower(_) => "a follower",
        Role::PreCandidate(_) => "a pre-candidate",
        Role::Candidate(_) => "a candidate",
        Role::Leader(_) => "the leader",
    }
}

/// `S1 -> S2 RequestVote ...`
pub(crate) fn message(message: &Message<String>, tells_rounds: bool) -> String {
    let Message { from, to, term, .. } = message;
    let (name, content) = body(&message.body);
    let content = content.map_or(String::new(), |content| format!(", {content}"));
    let round = round(&message.body).filter(|_| tells_rounds);
    let round = round.map_or(String::new(), |round| format!(", round {round}"));
    format!("{} -> {} {name} term {term}{content}{round}", S(*from), S(*to))
}

fn round(body: &Body<String>) -> Option<Round> {
    match body {
        Body::AppendEntries(AppendEntries { round, .. })
        | Body::AppendEntriesReply { round, .. }
        | Body::AppendEntriesRejected { round, .. }
        | Body::InstallSnapshot(InstallSnapshot { round, .. })
        | Body::InstallSnapshotReply { round, .. } => Some(*round),
        Body::RequestPreVote { .. }
        | Body::RequestPreVoteReply { .. }
        | Body::RequestVote { .. }
        | Body::RequestVoteReply { .. }
        | Body::TimeoutNow => None,
    }
}

fn body(body: &Body<String>) -> (&'static str, Option<String>) {
    match body {
        Body::RequestPreVote { next_term, last } => {
            let content = format!("would stand in term {next_term}, log ends at {}", place(*last));
            ("RequestPreVote", Some(content))
        }
        Body::RequestPreVoteReply {
            next_term,
            granted: true,
        } => ("would vote for it,", Some(format!("about term {next_term}"))),
        Body::RequestPreVoteReply {
            next_term,
            granted: false,
        } => ("would not vote for it,", Some(format!("about term {next_term}"))),
        Body::RequestVote { last, transfer: false } => ("RequestVote", Some(format!("log ends at {}", place(*last)))),
        Body::RequestVote { last, transfer: true } => {
            let content = format!("log ends at {}, told by the leader to stand", place(*last));
            ("RequestVote", Some(content))
        }
        Body::RequestVoteReply { granted: true } => ("vote granted,", None),
        Body::RequestVoteReply { granted: false } => ("vote denied,", None),
        Body::AppendEntries(request) => {
            let AppendEntries { previous, commit, .. } = request;
            let entries = match entries(&request.entries) {
                _ if request.entries.is_empty() => "no entries".into(),
                entries => format!("entries {entries}"),
            };
            let asks = if request.asks() { "" } else { ", asks no answer" };
            let content = format!("after {}: {entries}, commit {commit}{asks}", place(*previous));
            ("AppendEntries", Some(content))
        }
        Body::AppendEntriesReply { match_index, .. } => ("entries accepted,", Some(format!("match {match_index}"))),
        Body::AppendEntriesRejected {
            previous_index, hint, ..
        } => {
            let content = format!(
                "those after {previous_index}; the logs may agree up to {}",
                place(*hint)
            );
            ("entries rejected,", Some(content))
        }
        Body::InstallSnapshot(InstallSnapshot {
            last,
            configuration,
            offset,
            data,
            done,
            ..
        }) => {
            let end = if *done { ", the end" } else { "" };
            let content = format!(
                "up to {} of {}: bytes from {offset} on: {}{end}",
                place(*last),
                members(configuration),
                bytes(data)
            );
            ("InstallSnapshot", Some(content))
        }
        Body::InstallSnapshotReply {
            last_index,
            next_offset,
            ..
        } => {
            let content = format!("of the one up to {last_index} it has {next_offset} bytes");
            ("snapshot goes on,", Some(content))
        }
        Body::TimeoutNow => ("TimeoutNow", None),
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
    if let Some(write) = &write.snapshot {
        let what = snapshot(&write.snapshot).unwrap_or("no snapshot".into());
        parts.push(match write.keep_after {
            Some(index) => format!("{what}, keeps the log after {index}"),
            None => format!("{what}, in place of the log"),
        });
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
        ..
    } = progress;
    let state = match state {
        ProgressState::Probe { waiting: false } => "probe".into(),
        ProgressState::Probe { waiting: true } => "probe, waits for the answer".into(),
        ProgressState::Replicate { in_flight } => format!("replicate, {} in flight", in_flight.len()),
        ProgressState::Snapshot { snapshot, offset, .. } => {
            format!("snapshot up to {}, from byte {offset} on", place(snapshot.last))
        }
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

fn entry_count(n: u64) -> String {
    match n {
        1 => "1 entry".into(),
        _ => format!("{n} entries"),
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
        Reason::PreVoteBegan { next_term, waited_us } => format!(
            "{me} asks whether it could win term {next_term}: {} ms passed without a leader",
            waited_us / 1_000
        ),
        Reason::PreVoteGranted { to, next_term } => format!("{me} would vote for {} in term {next_term}", S(to)),
        Reason::PreVoteDenied { to, by } => format!("{me} would not vote for {}: {}", S(to), denial(by)),
        Reason::PreVoteCounted {
            from,
            granted,
            votes,
            needed,
        } => {
            let would = if granted { "would" } else { "would not" };
            format!(
                "{me} hears that {} {would} vote for it: {}",
                S(from),
                of_needed(votes, "vote", needed)
            )
        }
        Reason::HeartbeatTimedOut {
            term,
            waited_us,
            delay_us,
        } => format!(
            "{me} raises its term to {term}, for {} ms passed without a leader, and waits {} ms before it stands",
            waited_us / 1_000,
            delay_us / 1_000
        ),
        Reason::ElectionDelayEnded { term, own_vote: true } => format!("{me} stands in term {term}: its delay is over"),
        Reason::ElectionDelayEnded { term, own_vote: false } => {
            format!("{me} stands in term {term}, without its own vote: its delay is over")
        }
        Reason::ToldToStand { from, term } => format!("{me} stands in term {term}: {} tells it to", S(from)),
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
        Reason::QuorumLost { term } => {
            format!("{me} steps down from term {term}: it has not heard from a majority for an election timeout")
        }
        Reason::Removed { index, .. } => format!("{me} steps down: it has no vote any more, says entry {index}"),
        Reason::ConfigurationInForce {
            index,
            voters,
            learners,
            joint,
        } => {
            let joint = if joint { ", joint" } else { "" };
            format!(
                "{me} goes by the members of entry {index}: {}, {}{joint}",
                count(voters, "voter"),
                count(learners, "learner")
            )
        }
        Reason::TransferBegan { to } => format!("{me} is to hand over to {}", S(to)),
        Reason::TransferTold { to } => format!("{me} sees that {} has everything, and tells it to stand", S(to)),
        Reason::TransferAbandoned { to } => format!("{me} gives up handing over to {}", S(to)),
        Reason::SnapshotNeeded { to, last } => {
            format!(
                "{me} has compacted what {} needs, and sends the snapshot up to {}",
                S(to),
                place(last)
            )
        }
        Reason::SnapshotGrew { from, bytes, done } => {
            let done = if done { ", and that is all" } else { "" };
            format!("{me} has {bytes} bytes of the snapshot of {}{done}", S(from))
        }
        Reason::SnapshotInstalled { last, kept } => format!(
            "{me} installs the snapshot up to {}, and keeps {} after it",
            place(last),
            entry_count(kept)
        ),
        Reason::Compacted { last, first_index } => {
            format!(
                "{me} compacts: a snapshot up to {}, a log from {first_index} on",
                place(last)
            )
        }
        Reason::ReadWaitsForCommit { id } => {
            format!("{me} cannot answer read {id} before it has committed in its term")
        }
        Reason::ReadAsks { id, round } => format!("{me} asks whether it still leads, round {round}, for read {id}"),
        Reason::ReadConfirmed { id, round } => format!("{me} knows from round {round} that it led when read {id} came"),
        Reason::LeaseHolds { id, left_us } => {
            format!(
                "{me} need not ask for read {id}: its lease lasts {} ms more",
                left_us / 1_000
            )
        }
        Reason::HeartbeatDue => format!("{me} sends heartbeats"),
        Reason::EntriesAccepted {
            from,
            matched,
            appended,
            truncated,
        } => {
            let appended = match appended {
                1 => "1 new entry".into(),
                _ => format!("{appended} new entries"),
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
        VoteDenial::LeaderAlive { heard_us_ago } => alive(heard_us_ago),
    }
}

fn alive(heard_us_ago: u64) -> String {
    match heard_us_ago {
        0 => "a leader is alive".into(),
        _ => format!("a leader is alive, heard {} ms ago", heard_us_ago / 1_000),
    }
}

/// Why something is refused.
pub(crate) fn refusal(why: Refusal) -> String {
    match why {
        Refusal::NotLeader { leader: Some(leader) } => format!("ask {}", S(leader)),
        Refusal::NotLeader { leader: None } => "no leader is known".into(),
        Refusal::Transferring { to } => format!("it is handing over, ask {} soon", S(to)),
        Refusal::TooMuchUncommitted { bytes } => format!("{bytes} bytes wait to be committed already"),
        Refusal::NoLeases => "leases are not switched on".into(),
        Refusal::ChangeUnderWay { index } => format!("the change in entry {index} is under way"),
        Refusal::NothingCommittedInTerm => "it has not committed in its term yet".into(),
        Refusal::NoChange => "it is so already".into(),
        Refusal::NoVoters => "nobody would be left to vote".into(),
        Refusal::NotAVoter => "only another voter can take over".into(),
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
        Ignorance::OldTerm { theirs } => format!("that is of term {theirs}, which is over"),
        Ignorance::LeaderAlive { heard_us_ago } => alive(heard_us_ago),
        Ignorance::NotAVoter => "it has no vote itself".into(),
        Ignorance::OutOfPlace { next_offset } => format!("it needs the snapshot from byte {next_offset} on"),
        Ignorance::NoLongerAsked => "it has not asked for that, or no longer does".into(),
        Ignorance::SecondLeader => "there cannot be a second leader of its term".into(),
        Ignorance::CutsCommitted { commit_index } => {
            format!("that would cut off what is committed, up to {commit_index}")
        }
    }
}

/// Lists the kinds of reasons and refusals, and tells which kind one is; the compiler sees to it that none is missing.
macro_rules! kinds {
    ($all:ident, $kind_of:ident($what:ty), $($pattern:pat => $kind:literal,)*) => {
        /// Every kind that there is.
        pub(crate) const $all: &[&str] = &[$($kind),*];

        /// Which kind it is.
        pub(crate) fn $kind_of(what: &$what) -> &'static str {
            match what {
                $($pattern => $kind,)*
            }
        }
    };
}

kinds! {
    REFUSALS, refusal_kind(Refusal),
    Refusal::NotLeader { leader: Some(_) } => "Refused, NotLeader but another",
    Refusal::NotLeader { leader: None } => "Refused, NotLeader and none is known",
    Refusal::Transferring { .. } => "Refused, Transferring",
    Refusal::TooMuchUncommitted { .. } => "Refused, TooMuchUncommitted",
    Refusal::NoLeases => "Refused, NoLeases",
    Refusal::ChangeUnderWay { .. } => "Refused, ChangeUnderWay",
    Refusal::NothingCommittedInTerm => "Refused, NothingCommittedInTerm",
    Refusal::NoChange => "Refused, NoChange",
    Refusal::NoVoters => "Refused, NoVoters",
    Refusal::NotAVoter => "Refused, NotAVoter",
}

kinds! {
    REASONS, reason_kind(Reason),
    Reason::ElectionTimedOut { .. } => "ElectionTimedOut",
    Reason::PreVoteBegan { .. } => "PreVoteBegan",
    Reason::PreVoteGranted { .. } => "PreVoteGranted",
    Reason::PreVoteDenied { by: VoteDenial::LowerTerm { .. }, .. } => "PreVoteDenied, LowerTerm",
    Reason::PreVoteDenied { by: VoteDenial::LogBehind { .. }, .. } => "PreVoteDenied, LogBehind",
    // The answer to a question about a later term never rests on a vote of this one.
    Reason::PreVoteDenied { by: VoteDenial::LeaderAlive { .. } | VoteDenial::AlreadyVoted { .. }, .. } => "PreVoteDenied, LeaderAlive",
    Reason::PreVoteCounted { granted: true, .. } => "PreVoteCounted, granted",
    Reason::PreVoteCounted { granted: false, .. } => "PreVoteCounted, denied",
    Reason::HeartbeatTimedOut { .. } => "HeartbeatTimedOut",
    Reason::ElectionDelayEnded { own_vote: true, .. } => "ElectionDelayEnded with the own vote",
    Reason::ElectionDelayEnded { own_vote: false, .. } => "ElectionDelayEnded without the own vote",
    Reason::ToldToStand { .. } => "ToldToStand",
    Reason::VotesAskedAgain { .. } => "VotesAskedAgain",
    Reason::HigherTerm { .. } => "HigherTerm",
    Reason::VoteGranted { .. } => "VoteGranted",
    Reason::VoteDenied { by: VoteDenial::LowerTerm { .. }, .. } => "VoteDenied, LowerTerm",
    Reason::VoteDenied { by: VoteDenial::AlreadyVoted { .. }, .. } => "VoteDenied, AlreadyVoted",
    // While a leader is alive a request for votes is ignored, not denied.
    Reason::VoteDenied { by: VoteDenial::LogBehind { .. } | VoteDenial::LeaderAlive { .. }, .. } => "VoteDenied, LogBehind",
    Reason::VoteCounted { granted: true, .. } => "VoteCounted, granted",
    Reason::VoteCounted { granted: false, .. } => "VoteCounted, denied",
    Reason::Elected { .. } => "Elected",
    Reason::LeaderHeard { was_candidate: false, .. } => "LeaderHeard by a follower",
    Reason::LeaderHeard { was_candidate: true, .. } => "LeaderHeard by a candidate",
    Reason::HeartbeatDue => "HeartbeatDue",
    Reason::QuorumLost { .. } => "QuorumLost",
    Reason::Removed { .. } => "Removed",
    Reason::ConfigurationInForce { joint: false, .. } => "ConfigurationInForce",
    Reason::ConfigurationInForce { joint: true, .. } => "ConfigurationInForce, joint",
    Reason::TransferBegan { .. } => "TransferBegan",
    Reason::TransferTold { .. } => "TransferTold",
    Reason::TransferAbandoned { .. } => "TransferAbandoned",
    Reason::SnapshotNeeded { .. } => "SnapshotNeeded",
    Reason::SnapshotGrew { done: false, .. } => "SnapshotGrew",
    Reason::SnapshotGrew { done: true, .. } => "SnapshotGrew, done",
    Reason::SnapshotInstalled { .. } => "SnapshotInstalled",
    Reason::Compacted { .. } => "Compacted",
    Reason::ReadWaitsForCommit { .. } => "ReadWaitsForCommit",
    Reason::ReadAsks { .. } => "ReadAsks",
    Reason::ReadConfirmed { .. } => "ReadConfirmed",
    Reason::LeaseHolds { .. } => "LeaseHolds",
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
    Reason::Ignored { by: Ignorance::LeaderAlive { .. }, .. } => "Ignored, LeaderAlive",
    Reason::Ignored { by: Ignorance::NotAVoter, .. } => "Ignored, NotAVoter",
    Reason::Ignored { by: Ignorance::OutOfPlace { .. }, .. } => "Ignored, OutOfPlace",
    Reason::Ignored { by: Ignorance::NoLongerAsked, .. } => "Ignored, NoLongerAsked",
    Reason::Ignored { by: Ignorance::SecondLeader, .. } => "Ignored, SecondLeader",
    Reason::Ignored { by: Ignorance::CutsCommitted { .. }, .. } => "Ignored, CutsCommitted",
}
