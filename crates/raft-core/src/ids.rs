//! The numbers of Raft, each a type of its own so that none is taken for another.

use core::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// Names a server. Any number does, as long as it is unique in the cluster and never reused.
    NodeId
}

number! {
    /// A reign: a period with at most one leader (§5.1). Zero: before the first election.
    Term
}

number! {
    /// A position in the log (§5.3). The first entry has index 1; zero: before the first entry.
    Index
}

number! {
    /// The place of a write in the one ordered sequence of a node's writes.
    /// The first write since the node started has number 1; zero: nothing to wait for.
    Seq
}

number! {
    /// A question of a leader to everybody whether it still leads. Every message of a leader that is to be answered
    /// carries the latest one, every answer gives it back. Zero: none is asked.
    Round
}

number! {
    /// The host's name for a read, given back with the answer.
    ReadId
}

impl Term {
    /// The highest term that is believed of a peer. A million elections a second take
    /// 146,000 years to get here, so a higher one is a damaged message; believing any
    /// number would end in a term after which there is none.
    pub const BELIEVABLE_MAX: Term = Term(1 << 62);

    /// How far beyond the own term one is believed. Ten elections a second take 13 years to get so far: a damaged
    /// message may cost that, but leaves terms for all elections to come.
    pub const JUMP_MAX: u64 = 1 << 32;

    /// Whether a server in term `mine` believes that this one has begun.
    #[must_use]
    pub const fn is_believable_in(self, mine: Term) -> bool {
        self.0 <= mine.0.saturating_add(Term::JUMP_MAX)
    }

    /// The term that a new candidacy opens.
    #[must_use]
    pub fn next(self) -> Term {
        Term(self.0 + 1)
    }
}

impl Index {
    /// The highest index that is believed of a peer: beyond it there would be no room to count on.
    pub const BELIEVABLE_MAX: Index = Index(1 << 62);

    /// The position after this one. At the end of all numbers it stays there.
    #[must_use]
    pub fn next(self) -> Index {
        Index(self.0.saturating_add(1))
    }

    /// The position before this one; before the first entry it stays at zero.
    #[must_use]
    pub fn previous(self) -> Index {
        Index(self.0.saturating_sub(1))
    }
}

impl Round {
    /// The round that follows.
    #[must_use]
    pub fn next(self) -> Round {
        Round(self.0 + 1)
    }
}

impl Seq {
    /// The number of the write that follows.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}
