//! Scenarios: a cluster, a script, and what is to be seen, as a text that a person can read and write.
//!
//! ```text
//! # A comment.
//! title: Two leaders of one term
//! 标题: 同一任期，两个领导者
//! text: S1 and S2 time out together. Without the rule …
//!     Indented lines go on with the text.
//! 说明: S1 和 S2 同时超时……
//! servers: 3
//! without: one-vote-per-term
//! latency: 10 ms
//!
//! at 50 ms:
//!     time out S1
//!     time out S2
//! when S1 leads and S2 leads: write x=1 by c1 to S1
//! +100 ms:
//!     crash the leader
//! expect violated election-safety
//! expect c1 waits
//! ```
//!
//! **The head** is a title and a text in both languages, and [settings](Setting): a name, a colon and a value each. What
//! is not set is as in [`Config::default`]; `seed` is 1, `patience` 5 s.
//!
//! **The script** is a list of steps. Each says when: `at 50 ms` since the beginning, `+20 ms` or `then` after the step
//! before, or `when` something [is so or has happened](Claim) since the step before. After a colon, and on indented
//! lines below, it says what is [done](Deed) then, all in the same moment. What a step waits for in vain is a failure
//! after the scenario's `patience`; then the script goes on.
//!
//! **Expectations** begin with `expect`, say the same things as conditions, and are looked at where they stand: what has
//! happened counts from the beginning. Unless the script expects a property to be violated, none may be.
//!
//! **Roles** such as `the leader` are looked up when it matters, and messages to be dropped are found when they leave. So
//! a [`Play`] comes to an ordinary [`Recording`](crate::Recording) with fixed moments, which can be replayed and shared.

mod claim;
mod deed;
mod error;
mod line;
mod parse;
mod play;
mod setting;
mod who;

use raft_core::{Instant, Rules};

pub use claim::{Because, Claim, Happening, Heard, State};
pub use deed::{Act, Deed, Group, LinkChange, Meddling, Which};
pub use error::{ParseError, ParseErrorKind};
pub use play::{Failure, FailureKind, Play};
pub use setting::Setting;
pub use who::{End, Kind, Letters, Who};

use crate::{Config, Property};

/// A cluster, what is done to it, and what is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called.
    pub title: Words,
    /// What it is about.
    pub text: Words,
    /// How the cluster is set up.
    pub config: Config,
    /// Where all chance comes from.
    pub seed: u64,
    /// How long a step waits for something to come to pass, in microseconds.
    pub patience_us: u64,
    /// What is done and expected, in order.
    pub script: Vec<Step>,
}

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// One step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The line where it begins.
    pub line: usize,
    /// What that line says.
    pub text: String,
    /// When it is its turn.
    pub when: When,
    /// What is done and expected then, each with its line and what that says.
    pub actions: Vec<(usize, String, Action)>,
}

/// When a step has its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At this time.
    At(Instant),
    /// So many microseconds after the step before.
    After(u64),
    /// As soon as all this is so, or has happened since the step before.
    Come(Vec<Claim>),
}

/// What is to be done, or to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// This is done.
    Do(Deed),
    /// All this is to be so, or to have happened since the beginning.
    Expect(Vec<Claim>),
}

impl Scenario {
    /// The properties that the script expects to be violated, in the order in which it says so.
    #[must_use]
    pub fn violates(&self) -> Vec<Property> {
        let actions = self.script.iter().flat_map(|step| &step.actions);
        let claims = actions.flat_map(|(_, _, action)| match action {
            Action::Expect(claims) => &claims[..],
            Action::Do(_) => &[],
        });
        let violated = claims.flat_map(|claim| match claim {
            Claim::Violated(violated) => &violated[..],
            _ => &[],
        });
        violated.copied().collect()
    }

    /// The same script in a cluster with all rules: what a rule would have prevented does not come about.
    #[must_use]
    pub fn with_all_rules(mut self) -> Scenario {
        self.config.raft.rules = Rules::ALL;
        let steps = self.script.iter_mut();
        steps.for_each(|step| {
            step.actions
                .retain(|(_, _, action)| !matches!(action, Action::Do(Deed::Rule(_, false))));
        });
        self
    }
}
