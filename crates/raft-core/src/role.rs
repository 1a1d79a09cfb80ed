//! What a server is at the moment, each role with the data that only it has.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::{ByNode, Index, Instant, NodeId, Progress, ReadId, Round, Seq, Timer};

/// A server's role (§5.1, figure 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Answers, and waits for a leader.
    Follower(Follower),
    /// Asks whether it could win (PreVote: dissertation, §9.6).
    PreCandidate(PreCandidate),
    /// Stands for election.
    Candidate(Candidate),
    /// Leads.
    Leader(Leader),
}

/// What a follower keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Follower {
    /// The leader of this term, once it has been heard.
    pub leader: Option<NodeId>,
    /// Runs out when nothing has been heard for too long. None until the first call after a start tells the time.
    pub election_timer: Option<Timer>,
    /// Two-stage election: it has raised its term, and the timer is the election delay.
    pub waits_to_stand: bool,
    /// When it last heard from a leader. With leases also when it started: it may have heard one just before.
    pub heard: Option<Instant>,
}

/// What a server keeps that asks whether it could win.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PreCandidate {
    /// Since when it has been without a leader: it was a follower then.
    pub waits_since: Instant,
    /// Runs out when there was no result in time: then it asks anew.
    pub election_timer: Timer,
    /// Runs out when those who have not answered are to be asked again.
    pub retry_timer: Timer,
    /// The answers so far, one a voter, its own included.
    pub votes: ByNode<bool>,
}

/// What a candidate keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// Runs out when the candidacy had no result in time: then a new term, and a new one (§5.2).
    pub election_timer: Timer,
    /// Runs out when those who have not answered are to be asked again.
    pub retry_timer: Timer,
    /// The answers so far, one a voter; the own vote appears once it is durable.
    pub votes: ByNode<bool>,
    /// How many answers granted a vote, the same voter's repeated ones included.
    pub grants: u64,
    /// The write of this candidacy's term and own vote: nobody leads before it is durable.
    pub standing: Seq,
    /// Whether it votes for itself. In a two-stage election it may have given its vote away before it stood.
    pub own_vote: bool,
    /// Whether the leader told it to stand.
    pub transfer: bool,
}

/// What a leader keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leader {
    /// Runs out when the followers are to hear that it is there.
    pub heartbeat_timer: Timer,
    /// CheckQuorum: runs out an election timeout after a majority was last known to have been heard from.
    pub quorum_timer: Option<Timer>,
    /// What it knows of each follower.
    pub progress: ByNode<Progress>,
    /// The size of the commands that are not committed yet, in bytes.
    pub uncommitted_bytes: u64,
    /// The latest round, from 1: zero is given back where nothing is answered.
    pub round: Round,
    /// Leases: when each round began that no majority has given back yet, oldest first.
    pub open_rounds: VecDeque<(Round, Instant)>,
    /// As long as this has not run out nobody else can have been elected.
    pub lease: Option<Timer>,
    /// It has told another server to stand: there will be no lease any more in this term.
    pub lease_is_over: bool,
    /// Reads that wait until a majority has given back their round, oldest first.
    pub reads: VecDeque<PendingRead>,
    /// Reads that wait for the first commit of the term, oldest first.
    pub early_reads: Vec<ReadId>,
    /// A leadership transfer under way.
    pub transfer: Option<Transfer>,
}

/// A read whose leader asks whether it still leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PendingRead {
    /// Its name.
    pub id: ReadId,
    /// The round that has to be given back.
    pub round: Round,
    /// The commit index when the read came in: what it must at least see.
    pub index: Index,
}

/// A leader on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Who shall lead.
    pub to: NodeId,
    /// Runs out when the leader gives up and goes on itself.
    pub timer: Timer,
    /// Whether the successor has been told to stand.
    pub told: bool,
}
