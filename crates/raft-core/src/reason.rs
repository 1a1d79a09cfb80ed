//! Why a node did what it did: every decision as data, with its numbers. Words for them are made elsewhere.

use crate::{Index, NodeId, Position, ReadId, Round, Term};

/// One decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It heard neither from a leader nor voted for a candidate for a whole election timeout,
    /// or its candidacy had no result in that time: it stands in a new term (§5.2).
    ElectionTimedOut {
        /// The term in which it now stands.
        term: Term,
        /// How long it had waited, in microseconds.
        waited_us: u64,
    },
    /// PreVote: it heard nothing for a whole election timeout, and asks whether it could win (dissertation, §9.6).
    PreVoteBegan {
        /// The term in which it would stand.
        next_term: Term,
        /// How long it had waited, in microseconds.
        waited_us: u64,
    },
    /// PreVote: it would vote for the sender.
    PreVoteGranted {
        /// Who asked.
        to: NodeId,
        /// The term in which it would stand.
        next_term: Term,
    },
    /// PreVote: it would not.
    PreVoteDenied {
        /// Who asked.
        to: NodeId,
        /// Why.
        by: VoteDenial,
    },
    /// PreVote: an answer has come in.
    PreVoteCounted {
        /// Whose.
        from: NodeId,
        /// Whether it would vote for it.
        granted: bool,
        /// How many would now, itself included.
        votes: u64,
        /// How many make a majority; in a joint configuration both numbers are of the side that lacks more.
        needed: u64,
    },
    /// Two-stage election: it missed heartbeats for the heartbeat timeout, raised its term, and waits.
    HeartbeatTimedOut {
        /// The new term.
        term: Term,
        /// How long it had heard nothing, in microseconds.
        waited_us: u64,
        /// How long it will wait before it stands, in microseconds.
        delay_us: u64,
    },
    /// Two-stage election: its election delay is over, and it stands.
    ElectionDelayEnded {
        /// The term in which it stands.
        term: Term,
        /// Whether its own vote was still free.
        own_vote: bool,
    },
    /// The leader told it to stand at once (dissertation, §3.10).
    ToldToStand {
        /// The leader.
        from: NodeId,
        /// The term in which it stands.
        term: Term,
    },
    /// A candidate asks again those who have not answered (§5.1: calls are retried).
    VotesAskedAgain {
        /// How many it asks.
        servers: u64,
    },
    /// It met a higher term and takes it over (§5.1).
    HigherTerm {
        /// Who told.
        from: NodeId,
        /// Its own term so far.
        mine: Term,
        /// The higher one.
        theirs: Term,
    },
    /// It gave its vote of this term away (§5.2, §5.4.1).
    VoteGranted {
        /// To whom.
        to: NodeId,
        /// In which term.
        term: Term,
    },
    /// It refused its vote.
    VoteDenied {
        /// To whom.
        to: NodeId,
        /// Why.
        by: VoteDenial,
    },
    /// A vote has come in.
    VoteCounted {
        /// Whose.
        from: NodeId,
        /// Whether it was granted.
        granted: bool,
        /// How many have granted now, its own vote included.
        votes: u64,
        /// How many make a majority; in a joint configuration both numbers are of the side that lacks more.
        needed: u64,
    },
    /// A majority has voted for it: it leads (§5.2).
    Elected {
        /// The term that it leads.
        term: Term,
        /// How many votes it had.
        votes: u64,
        /// How many make a majority; in a joint configuration both numbers are of the side that lacks more.
        needed: u64,
    },
    /// It heard from the leader of its term for the first time; a candidate gives up (§5.2).
    LeaderHeard {
        /// The leader.
        leader: NodeId,
        /// Its term.
        term: Term,
        /// Whether it was a candidate itself.
        was_candidate: bool,
    },
    /// A leader says that it is there (§5.2).
    HeartbeatDue,
    /// A leader has not heard from a majority for an election timeout, and steps down (dissertation, §6.2).
    QuorumLost {
        /// The term that it led.
        term: Term,
    },
    /// A leader is no voter of the configuration that has just been committed, and steps down (§6).
    Removed {
        /// The configuration's entry.
        index: Index,
        /// The term that it led.
        term: Term,
    },
    /// A configuration is in force from now on (§6).
    ConfigurationInForce {
        /// Its entry; of an undone change, the entry of the one before.
        index: Index,
        /// How many voters it has.
        voters: u64,
        /// How many learners.
        learners: u64,
        /// Whether two sets of voters have to agree.
        joint: bool,
    },
    /// A leader wants to hand over (dissertation, §3.10).
    TransferBegan {
        /// To whom.
        to: NodeId,
    },
    /// The successor has everything, and is told to stand.
    TransferTold {
        /// Who.
        to: NodeId,
    },
    /// The successor did not take over in an election timeout: the leader goes on.
    TransferAbandoned {
        /// Who.
        to: NodeId,
    },
    /// A leader begins to send its snapshot: what the follower needs has been compacted (§7).
    SnapshotNeeded {
        /// The follower.
        to: NodeId,
        /// The last entry in the snapshot.
        last: Position,
    },
    /// A piece of a snapshot has come in (§7).
    SnapshotGrew {
        /// The leader.
        from: NodeId,
        /// How many bytes there are now.
        bytes: u64,
        /// Whether that is all.
        done: bool,
    },
    /// It put a snapshot in place of its log (§7).
    SnapshotInstalled {
        /// The last entry in it.
        last: Position,
        /// How many entries after it were kept.
        kept: u64,
    },
    /// It compacted its log (§7).
    Compacted {
        /// The last entry in the snapshot.
        last: Position,
        /// The first entry that is still in the log.
        first_index: Index,
    },
    /// A read waits until the leader has committed in its term (§8).
    ReadWaitsForCommit {
        /// The read.
        id: ReadId,
    },
    /// A read waits until a majority has said that the leader still leads (§8).
    ReadAsks {
        /// The read.
        id: ReadId,
        /// What the majority is asked.
        round: Round,
    },
    /// A majority has given back the round of a read (§8).
    ReadConfirmed {
        /// The read.
        id: ReadId,
        /// The round.
        round: Round,
    },
    /// A read needs no question while the lease lasts (dissertation, §6.4.1).
    LeaseHolds {
        /// The read.
        id: ReadId,
        /// How much longer, in microseconds.
        left_us: u64,
    },
    /// It took entries, or a heartbeat, from the leader: the logs agree up to `matched` (§5.3).
    EntriesAccepted {
        /// The leader.
        from: NodeId,
        /// The last entry that the request was about.
        matched: Index,
        /// How many entries were new.
        appended: u64,
        /// How many of its own it threw away, because they conflicted.
        truncated: u64,
    },
    /// It refused entries, or a heartbeat.
    EntriesRejected {
        /// Who sent them.
        from: NodeId,
        /// Why.
        by: EntriesRejection,
    },
    /// A leader learned that a follower's log differs, and goes back (§5.3).
    WentBack {
        /// The follower.
        to: NodeId,
        /// The next entry to send.
        next_index: Index,
    },
    /// A leader learned how far a follower's log is durable.
    FollowerMatched {
        /// The follower.
        from: NodeId,
        /// The highest entry known to be on it.
        matched: Index,
    },
    /// A majority has an entry of an earlier term: that alone does not commit it (§5.4.2).
    CommitHeld {
        /// The entry.
        index: Index,
        /// Its term.
        entry_term: Term,
        /// The leader's term.
        current_term: Term,
    },
    /// A majority has an entry of the leader's own term: it and all before it are committed (§5.3, §5.4.2).
    MajorityMatched {
        /// The entry.
        index: Index,
        /// How many servers have it durably.
        servers: u64,
        /// How many make a majority; in a joint configuration both numbers are of the side that lacks more.
        needed: u64,
    },
    /// A follower learned from the leader how far the log is committed (§5.3).
    CommitLearned {
        /// The leader.
        from: NodeId,
        /// Its own commit index now.
        index: Index,
    },
    /// A leader put an entry at the end of its log (§5.3; without a command: §8).
    Appended {
        /// Where.
        index: Index,
        /// In which term.
        term: Term,
    },
    /// It did not look at a message.
    Ignored {
        /// The sender.
        from: NodeId,
        /// Why.
        by: Ignorance,
    },
}

/// Why a vote is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoteDenial {
    /// The candidate stands in an earlier term (§5.1).
    LowerTerm {
        /// The voter's term.
        mine: Term,
        /// The candidate's.
        theirs: Term,
    },
    /// The vote of this term has been given to somebody else: first come, first served (§5.2).
    AlreadyVoted {
        /// To whom.
        for_: NodeId,
    },
    /// The voter's log is more up-to-date (§5.4.1).
    LogBehind {
        /// The end of the voter's log.
        mine: Position,
        /// The end of the candidate's.
        theirs: Position,
    },
    /// PreVote: a leader has been heard from lately (dissertation, §9.6).
    LeaderAlive {
        /// How long ago, in microseconds; zero on the leader itself.
        heard_us_ago: u64,
    },
}

/// Why entries are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntriesRejection {
    /// The sender led an earlier term (§5.1).
    LowerTerm {
        /// The follower's term.
        mine: Term,
        /// The sender's.
        theirs: Term,
    },
    /// The entry before the new ones is missing (§5.3).
    PreviousMissing {
        /// The end of the follower's log.
        last: Index,
        /// The entry that the leader named.
        previous: Position,
    },
    /// The entry before the new ones is another one (§5.3).
    PreviousDiffers {
        /// The term of the follower's entry there.
        mine: Term,
        /// The entry that the leader named.
        previous: Position,
    },
}

/// Why a message is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignorance {
    /// It is meant for another server.
    NotForMe,
    /// The sender is not a member.
    UnknownServer,
    /// No correct server says this.
    NotBelievable,
    /// It answers a question of an earlier term (§5.1).
    OldTerm {
        /// The term of the answer.
        theirs: Term,
    },
    /// Whoever asks for votes while a leader is alive is not listened to (dissertation, §4.2.3).
    LeaderAlive {
        /// How long ago it was heard, in microseconds; zero on the leader itself.
        heard_us_ago: u64,
    },
    /// It has no vote, so it cannot stand.
    NotAVoter,
    /// A piece of a snapshot that does not follow the one before.
    OutOfPlace {
        /// Where the next piece begins.
        next_offset: u64,
    },
    /// It answers a question that is no longer asked: the candidacy or the reign is over, or has moved on.
    NoLongerAsked,
    /// A second leader of its own term: the election was broken, so neither may overwrite the other.
    SecondLeader,
    /// It would cut off entries known to be committed.
    CutsCommitted {
        /// The node's commit index.
        commit_index: Index,
    },
}
