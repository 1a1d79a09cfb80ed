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
//! after the scenario's `patience`; then the script goes on. It is a failure, too, if nothing can be done: to a server that is
//! not there (yet), to a message that is not on its way, or with a setting that does not fit the others.
//!
//! **Expectations** begin with `expect`, say the same things as conditions, and are looked at where they stand: what has
//! happened counts from the beginning. Unless the script expects a property to be violated, none may be.
//!
//! **Roles** such as `the leader` are looked up when it matters, and messages to be dropped are found when they leave. So
//! a [`Play`] comes to an ordinary [`Recording`](crate::Recording) with fixed moments, which can be replayed and shared.
//!
//! `cargo run -p raft-sim --example play -- FILE` plays a scenario from a file and tells what was not as it says.
//!
//! # What can be said
//!
//! Servers are `S1` to `S9`, `S1, S2`, `the leader`, `a follower`, `every follower` and `everybody`; clients `c1` to `c16`.
//!
//! | things to do | |
//! | --- | --- |
//! | `crash S1`, `restart S1`, `pause S1`, `resume S1` | |
//! | `time out S1` | its timer runs out now; that of a candidate, for its election |
//! | `the clock of S1 runs 5 % fast`, `slow` or `right` | |
//! | `the disk of S1 takes 2 to 4 ms`, `stall the disk of S1`, `unstall …` | |
//! | `take a snapshot on S1` | |
//! | `cut S1 -> S2`, `cut S1 <-> S2, S3`, `heal S1 <-> S2`, `heal everything` | |
//! | `isolate S1`, `rejoin S1` | all its links |
//! | `partition S1, S2 \| S3, S4 \| the rest` | who is in no group is alone |
//! | `latency 10 to 15 ms`, `loss 5 %`, `duplication 5 %`, `reordering 5 %` | also of one link: `loss S1 -> S2 5 %` |
//! | `drop …`, `duplicate …`, `delay … by 50 ms` | messages, see below |
//! | `leave messages alone` | nothing is dropped, duplicated or delayed any more |
//! | `write x=1 by c1`, `write x=2 if x=1 by c1`, `write x=1 if no x by c1 to S2` | |
//! | `read x by c1`, `read x locally by c1 to S2`, `read x with lease by c1` | |
//! | `add voter S4`, `add learner S4`, `remove S4`, `replace members by S1, S4` | |
//! | `transfer leadership to S2` | |
//! | `switch off one-vote-per-term`, `switch on …` | |
//! | `set heartbeat: 50 ms` | and other settings of the servers |
//!
//! Messages are `the next vote from S3 to S1`, `every entries with 2 from S1`, or those that are on their way now:
//! `the request of term 2 to S2`. Their kinds are `message`, `RequestVote`, `vote`, `denial`, `RequestPreVote`, `PreVote`,
//! `AppendEntries`, `entries` and `heartbeat` (AppendEntries with entries and without), `acknowledgement`, `rejection`,
//! `snapshot`, `TimeoutNow`, `request` and `answer` (of clients).
//!
//! | things that are so, or not | |
//! | --- | --- |
//! | `S1 leads`, `S1 leads term 2`, `S1 stands in term 2`, `S1 follows S2`, `nobody leads` | |
//! | `S1 waits` | two-stage election: its term has risen, and it has not stood yet |
//! | `S1 is in term 2`, `S1 is past term 2`, `S1 voted for S2`, `S1 voted for nobody` | |
//! | `S1 is down`, `S1 is up` | |
//! | `S1 has entry 2`, `S1 has entry 2 of term 1 on disk`, `S1 lacks entry 2`, `S1 has 2 entries` | |
//! | `S1 has log 1 1 2` | the terms of its entries |
//! | `S1 has committed 2` | or more |
//! | `S1 has all matched` | a leader whose followers have everything |
//! | `S1 has x=1`, `S1 has no x`, `S1 logged x=1` | in its state machine; in its log |
//! | `c1 waits` | for an answer |
//! | `violated election-safety, durability`, `held log-matching`, `nothing violated` | |
//!
//! | things that have happened | |
//! | --- | --- |
//! | `S1 stood`, `S1 was elected in term 2`, `S1 gave way to S2`, `S1 lost its quorum` | |
//! | `S1 granted S2`, `S1 denied S2 because of its log` | or `vote`, `term`, `the leader` |
//! | `S1 met a higher term`, `S1 refused the term of S2`, `S1 refused the entries of S2` | |
//! | `S1 cut off 2` | entries |
//! | `S1 held a commit back`, `S1 applied 2`, `S1 installed a snapshot` | |
//! | `S1 put a read off`, `S1 read by lease`, `S1 refused`, `S1 ignored S2`, `S1 crashed` | |
//! | `S1 sent vote to S2`, `S1 got entries with 2 from S2` | |
//! | `c1 was told x=1`, `c1 was told stale x=1`, `fresh x=1`, `no x`, `not as expected` | |
//! | `c1 was turned away by S2 to S1`, `c1 asked again` | |
//! | `seen leader-replaced` | and what else comes to pass sometimes |
//!
//! Each can be turned round by `not`, and joined to others by `and`.

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
