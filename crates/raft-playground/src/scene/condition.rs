//! What a server is besides its role: a member or not, reachable or not, on time or not.

use super::{Role, Server};
use crate::text::{Lang, Message as Text, RingWords as Words};

/// How a server belongs to the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Membership {
    /// It has a vote.
    #[default]
    Voter,
    /// It receives the log and has no vote.
    Learner,
    /// It has been removed, or has not been taken in.
    Outside,
}

/// How a server's disk does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DiskState {
    /// As the cluster was set up, or faster.
    #[default]
    Usual,
    /// Slower than that.
    Slow,
    /// Nothing becomes durable.
    Stalled,
}

impl Server {
    /// What is unusual about it, what matters most first. A role that only learners and strangers have takes the place of
    /// the role, and is not among it.
    #[must_use]
    pub fn conditions(&self) -> Vec<Words> {
        let percent = self.drift_ppm.unsigned_abs().div_ceil(10_000);
        let conditions = [
            self.paused.then_some(Words::Paused),
            self.hands_over_to.map(Words::HandsOver),
            self.cut_off.then_some(Words::CutOff),
            match self.disk {
                DiskState::Usual => None,
                DiskState::Slow => Some(Words::DiskSlow),
                DiskState::Stalled => Some(Words::DiskStalled),
            },
            match self.drift_ppm {
                0 => None,
                1.. => Some(Words::ClockFast(percent)),
                _ => Some(Words::ClockSlow(percent)),
            },
        ];
        conditions.into_iter().flatten().collect()
    }

    /// What it is called instead of its role, if its place in the cluster says more.
    #[must_use]
    pub fn standing(&self) -> Option<Words> {
        match (self.membership, self.role) {
            (_, Role::Crashed | Role::Leader) | (Membership::Voter, _) => None,
            (Membership::Learner, _) => Some(Words::Learner),
            (Membership::Outside, _) => Some(Words::NotAMember),
        }
    }

    /// What it is, in a word: its role, or its place in the cluster.
    #[must_use]
    pub fn title(&self) -> Title {
        match self.standing() {
            Some(standing) => Title::Standing(standing),
            None => Title::Role(self.role),
        }
    }

    /// To whom a follower gave its vote in its term; that may be itself, if it stood and lost. Candidates show theirs among
    /// the others.
    #[must_use]
    pub fn gave_vote_to(&self) -> Option<u64> {
        self.voted_for.filter(|_| self.role == Role::Follower)
    }
}

/// What a server is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    /// Its role.
    Role(Role),
    /// Its place in the cluster, which says more.
    Standing(Words),
}

impl Title {
    /// In a language.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        match self {
            Title::Role(role) => Text::RoleWord(role).text(lang),
            Title::Standing(words) => words.text(lang),
        }
    }
}
