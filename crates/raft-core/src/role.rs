//! What a server is at the moment, each role with the data that only it has.

use crate::{ByNode, NodeId, Progress, Seq, Timer};

/// A server's role (§5.1, figure 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Answers, and waits for a leader.
    Follower(Follower),
    /// Stands for election.
    Candidate(Candidate),
    /// Leads.
    Leader(Leader),
}

/// What a follower keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Follower {
    /// The leader of this term, once it has been heard.
    pub leader: Option<NodeId>,
    /// Runs out when nothing has been heard for too long. None until the first call after a start tells the time.
    pub election_timer: Option<Timer>,
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
    /// The write of this candidacy's term and own vote: nobody leads before it is durable.
    pub standing: Seq,
}

/// What a leader keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leader {
    /// Runs out when the followers are to hear that it is there.
    pub heartbeat_timer: Timer,
    /// What it knows of each follower.
    pub progress: ByNode<Progress>,
}

impl Candidate {
    /// How many voters have granted.
    #[must_use]
    pub fn votes_granted(&self) -> u64 {
        self.votes.values().filter(|&&granted| granted).count() as u64
    }
}
