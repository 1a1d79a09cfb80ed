//! Linearizability of what the clients saw (Herlihy and Wing, 1990; dissertation, §6.3): each call seems to take effect
//! at one instant between its beginning and its answer.
//!
//! It owns the judgement, and is told of calls and answers as they come. It knows neither servers nor logs: it is a
//! second opinion about the cluster, from outside. Local reads may be stale and are not looked at.
//!
//! **Method.** Linearizability is local: keys are judged on their own, each as one register. For each key all
//! *explanations* of the answers so far are kept (just-in-time linearization: Wing and Gong, 1993; Lowe, 2017): the value
//! now, and for each open call whether it has taken effect. When a call returns, every explanation is extended until
//! the call has taken effect with the very answer that it gave; without an explanation the history is not linearizable.
//! Extensions are as short as possible, because what an open call does later, it can still do later.
//!
//! **Why few explanations suffice.** Of sixteen open puts any may have been overwritten before anybody looked: 2¹⁶
//! explanations, if each had to be kept. But whatever is open when a put takes effect may have taken effect just before
//! it, unseen. So an explanation notes for each open call only that there was such a *gap*, and decides in hindsight,
//! when an answer needs it. Only successful compare-and-sets have to be guessed beforehand, because they need the value
//! that they replace. Sixteen clients who wait on one key while there is no leader leave a few hundred explanations; sixteen
//! who never leave it alone, or who compare and set two values to and fro, could leave thousands. That is where the bounds
//! are: [`Linearizability::EXPLANATIONS_MAX`], [`Linearizability::VALUES_MAX`] and [`Linearizability::STEPS_MAX`].
//!
//! **After giving up.** A key with a violation, or with too much to explain, is not judged again until a call has run
//! alone there: its answer tells the value, and a new history begins with it. What was answered in the meantime is
//! counted: [`Linearizability::unjudged`].

use std::collections::BTreeSet;
use std::sync::Arc;

use raft_core::session::{ClientId, Serial};

use crate::client::Operation;
use crate::kv::{Answer, Write};

/// A call of a client: its number is the same each time it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId {
    /// Whose.
    pub client: ClientId,
    /// Its number among the client's.
    pub serial: Serial,
}

/// No order of the calls explains the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotLinearizable {
    /// The call whose answer cannot be explained: until it returned, everything could.
    pub call: CallId,
    /// What its answer contradicts.
    pub against: Against,
}

/// What an answer contradicts. It is the fact that a person understands most easily; the proof may need more calls.
///
/// A put never contradicts anything: it may take effect at the moment when it returns. All other answers say
/// what was under the key at some moment while the call was open: this value (a read, a compare-and-set that was done), or
/// any but the expected one (a compare-and-set that was not done).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Against {
    /// The latest answer, among those given before the guilty call began, that says otherwise. The answer to a write
    /// says what is there after it.
    ///
    /// "2 read y=1, although 1 had been told before that y=2 is written."
    Told(CallId),
    /// A compare-and-set that was done on the same value while the guilty one was open: the value was there, but only for
    /// one of them. The other has not returned yet if only somebody else's answer shows that it was done.
    ///
    /// "1 and 2 both have put their name in place of *free*."
    Rival(CallId),
    /// An answer that was given while the guilty compare-and-set was open, and says that its value was there: so it was
    /// done, although its client is told that it was not.
    ///
    /// "1 was told that *free* was not there, although 2 read 1's name, which only 1 can have put there."
    Seen(CallId),
    /// No single answer speaks against it: there is nothing under a key at first, and no write makes of it what the
    /// answer says; or it is no answer to such a call.
    ///
    /// "1 read y=7, which nobody has written."
    Start,
}

impl Against {
    /// The other call, if there is one.
    #[must_use]
    pub fn call(self) -> Option<CallId> {
        match self {
            Against::Told(call) | Against::Rival(call) | Against::Seen(call) => Some(call),
            Against::Start => None,
        }
    }
}

/// So many values that open calls have seen are as much work as one explanation more.
const SEEN_PER_STEP: usize = 16;

/// Judges a history of calls and answers while it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linearizability {
    /// One for each key, by key.
    registers: Vec<Register>,
    unjudged: u64,
}

impl Linearizability {
    /// The most explanations that are kept for a key: beyond, it is not judged, and memory stays small.
    pub const EXPLANATIONS_MAX: usize = 512;

    /// The most different values that may pass while a read is open: beyond, its key is not judged.
    pub const VALUES_MAX: usize = 1_024;

    /// The most explanations that are looked at for one answer: beyond, the key is not judged, and the page does not
    /// freeze. Where reads are open in which many values have been seen, they are fewer.
    pub const STEPS_MAX: usize = 2_048;

    /// A client calls. Local reads are not looked at.
    pub fn called(&mut self, client: ClientId, serial: Serial, operation: &Operation) {
        if !operation.is_linearizable() {
            return;
        }
        let key = operation.key();
        let place = match self.registers.binary_search_by(|register| register.key.cmp(key)) {
            Ok(place) => place,
            Err(place) => {
                self.registers.insert(place, Register::new(key.clone()));
                place
            }
        };
        self.registers[place].called(CallId { client, serial }, operation);
    }

    /// A call returns. The answer to a call that is not known to be open says nothing: it was a local read.
    ///
    /// # Errors
    ///
    /// No order of the calls explains the answers on this key any more. It is said once: see the module on how it goes on.
    pub fn returned(&mut self, client: ClientId, serial: Serial, answer: &Answer) -> Result<(), NotLinearizable> {
        let id = CallId { client, serial };
        let is_it = |call: &Open| call.id == id;
        let mut registers = self.registers.iter_mut();
        let found = registers.find_map(|register| Some((register.open.iter().position(is_it)?, register)));
        let Some((place, register)) = found else { return Ok(()) };
        match register.returned(place, answer) {
            Judgement::Explained => Ok(()),
            Judgement::Contradiction(against) => Err(NotLinearizable { call: id, against }),
            Judgement::None => {
                self.unjudged += 1;
                Ok(())
            }
        }
    }

    /// How many answers could not be judged, because there was too much to explain, or after a violation on their key.
    /// With none and without a violation the history is linearizable; with some it is undecided.
    #[must_use]
    pub fn unjudged(&self) -> u64 {
        self.unjudged
    }

    /// How many explanations there are, over all keys: a measure of memory.
    #[must_use]
    pub fn explanations(&self) -> usize {
        self.registers.iter().map(|register| register.explanations.len()).sum()
    }
}

/// What has become of an answer.
enum Judgement {
    /// There is an explanation.
    Explained,
    /// There is none.
    Contradiction(Against),
    /// There are too many, or nothing is known about the key at the moment.
    None,
}

/// What is under a key.
type Value = Option<Arc<str>>;

/// A key, and the calls on it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Register {
    key: Arc<str>,
    /// The open calls, in the order in which they began.
    open: Vec<Open>,
    /// All that may have happened so far, in order. Empty: the key is not judged at the moment.
    explanations: Vec<Explanation>,
    /// What the answers so far say.
    told: Told,
    /// Whether the latest call began when no other was open.
    alone: bool,
}

/// A call that has not returned yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    id: CallId,
    operation: Operation,
    /// What had been answered before it began.
    told: Told,
    /// The latest compare-and-set that has returned since, and that was done on the value that this one expects.
    rival: Option<CallId>,
    /// The latest call that has returned since, and says that the value that this one writes was there.
    seen: Option<CallId>,
}

/// One way in which all answers so far may have come about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Explanation {
    /// The value now.
    now: Value,
    /// What may have become of each open call, in their order.
    fates: Vec<Fate>,
}

/// What may have become of an open call, in one explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fate {
    /// A write: it has taken effect; a compare-and-set was done.
    done: bool,
    /// There is a gap since it began: a put has taken effect, and just before it whatever is open may have, unseen.
    gap: bool,
    /// A read: the values that have been there since it began, in order. A compare-and-set: the expected value, and one
    /// other, if they have been there. A put does not look.
    saw: Vec<Value>,
}

/// Too much to explain.
struct TooMuch;

impl Register {
    fn new(key: Arc<str>) -> Register {
        Register {
            key,
            open: Vec::new(),
            explanations: vec![Explanation::of(None)],
            told: Told::default(),
            alone: false,
        }
    }

    fn called(&mut self, id: CallId, operation: &Operation) {
        self.alone = self.open.is_empty();
        let call = Open {
            id,
            operation: operation.clone(),
            told: self.told.clone(),
            rival: None,
            seen: None,
        };
        for explanation in &mut self.explanations {
            let mut fate = Fate::default();
            fate.see(&call.operation, &explanation.now);
            explanation.fates.push(fate);
        }
        self.open.push(call);
    }

    fn returned(&mut self, place: usize, answer: &Answer) -> Judgement {
        let was_judged = !self.explanations.is_empty();
        let explained = self.explain(place, answer);
        let judgement = match &explained {
            Ok(explained) if !explained.is_empty() => Judgement::Explained,
            Ok(_) if was_judged => Judgement::Contradiction(self.against(place, answer)),
            Ok(_) | Err(TooMuch) => Judgement::None,
        };
        self.explanations = explained.unwrap_or_default();
        let call = self.open.remove(place);
        self.tell_open(&call, answer);
        let Some(says) = call.operation.says_after(answer) else {
            return judgement;
        };
        // No other call was open when it began, and none has begun since: it tells the value.
        if let (Says::Is(now), false, true) = (&says, was_judged, self.alone && self.open.is_empty()) {
            self.explanations = vec![Explanation::of(now.clone())];
        }
        self.told.note(call.id, says);
        judgement
    }

    /// All that may have happened if the call gives this answer; what differs only in its fate is the same.
    fn explain(&self, place: usize, answer: &Answer) -> Result<Vec<Explanation>, TooMuch> {
        let mut search = Search {
            open: &self.open,
            place,
            steps: 0,
            found: Vec::new(),
        };
        for explanation in &self.explanations {
            search.extend(explanation, answer)?;
        }
        let mut found = search.found;
        for explanation in &mut found {
            explanation.fates.remove(place);
        }
        let found = thin_out(found);
        let mut saw = found
            .iter()
            .flat_map(|explanation| &explanation.fates)
            .map(|fate| fate.saw.len());
        let is_small =
            found.len() <= Linearizability::EXPLANATIONS_MAX && saw.all(|saw| saw <= Linearizability::VALUES_MAX);
        if is_small { Ok(found) } else { Err(TooMuch) }
    }

    /// What the answer contradicts, if no explanation is left.
    fn against(&self, place: usize, answer: &Answer) -> Against {
        let call = &self.open[place];
        let Some(says) = call.operation.says_before(answer) else {
            return Against::Start;
        };
        if let Operation::Write(_) = call.operation {
            let against = match &says {
                Says::Is(expected) => self.rival(place, expected).map(Against::Rival),
                Says::IsNot(_) => self.seen(place).map(Against::Seen),
            };
            if let Some(against) = against {
                return against;
            }
        }
        call.told.against(&says).map_or(Against::Start, Against::Told)
    }

    /// What has kept a compare-and-set from being done, if the value that it expects was there.
    fn rival(&self, place: usize, expected: &Value) -> Option<CallId> {
        let was_there = |explanation: &&Explanation| explanation.fates[place].saw.contains(expected);
        let explanation = self.explanations.iter().find(was_there)?;
        let mut others = self.open.iter().zip(&explanation.fates);
        let is_rival = |(other, fate): &(&Open, &Fate)| fate.done && other.operation.expects(expected);
        self.open[place]
            .rival
            .or_else(|| others.find(is_rival).map(|(other, _)| other.id))
    }

    /// What shows that a compare-and-set was done, if something does.
    fn seen(&self, place: usize) -> Option<CallId> {
        let is_done = self
            .explanations
            .iter()
            .any(|explanation| explanation.fates[place].done);
        self.open[place].seen.filter(|_| is_done)
    }

    /// Lets the open compare-and-sets know of an answer that may speak against theirs.
    fn tell_open(&mut self, call: &Open, answer: &Answer) {
        let says = call.operation.says_before(answer);
        let changes = says != call.operation.says_after(answer);
        let Some(Says::Is(before)) = says else { return };
        for other in &mut self.open {
            if let Operation::Write(Write::CompareAndSet { expected, value, .. }) = &other.operation {
                if changes && *expected == before {
                    other.rival = Some(call.id);
                }
                if Some(value) == before.as_ref() {
                    other.seen = Some(call.id);
                }
            }
        }
    }
}

/// Looks for all ways in which a call may have come to its answer.
struct Search<'a> {
    open: &'a [Open],
    /// The call that returns.
    place: usize,
    /// How many explanations have been looked at.
    steps: usize,
    /// Those in which the call has taken effect with its answer.
    found: Vec<Explanation>,
}

impl Search<'_> {
    /// Finds the shortest extensions of an explanation in which the call gave this answer.
    fn extend(&mut self, from: &Explanation, answer: &Answer) -> Result<(), TooMuch> {
        let place = self.place;
        let fate = &from.fates[place];
        match (&self.open[place].operation, answer) {
            (Operation::Write(_), Answer::Written) if fate.done => self.find(from.clone()),
            (Operation::Write(write), Answer::Written) => {
                if let (Write::Put { .. }, true) = (write, fate.gap) {
                    self.find(from.after_hindsight(self.open, place))?;
                }
                self.go_on(from, |explanation| explanation.fates[place].done)
            }
            (Operation::Write(Write::CompareAndSet { expected, .. }), Answer::NotAsExpected) => {
                self.look(from, |value| value != expected)
            }
            (Operation::Read { .. }, Answer::Value(value)) => self.look(from, |seen| seen == value),
            // That is no answer to this.
            _ => Ok(()),
        }
    }

    /// The call has looked at the value, changed nothing, and found one that fits.
    fn look(&mut self, from: &Explanation, fits: impl Fn(&Value) -> bool) -> Result<(), TooMuch> {
        let fate = &from.fates[self.place];
        if fate.done {
            return Ok(());
        }
        if fate.saw.iter().any(&fits) {
            return self.find(from.clone());
        }
        if fate.gap {
            for (other, (call, fate)) in self.open.iter().zip(&from.fates).enumerate() {
                if let Operation::Write(Write::Put { value, .. }) = &call.operation
                    && fate.gap
                    && !fate.done
                    && fits(&Some(value.clone()))
                {
                    self.find(from.after_hindsight(self.open, other))?;
                }
            }
        }
        let place = self.place;
        self.go_on(from, |explanation| {
            !explanation.fates[place].done && fits(&explanation.now)
        })
    }

    /// Lets open writes take effect, in all orders that make a difference, until the goal is reached.
    fn go_on(&mut self, from: &Explanation, is_goal: impl Fn(&Explanation) -> bool) -> Result<(), TooMuch> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![from.clone()];
        while let Some(explanation) = ahead.pop() {
            if is_goal(&explanation) {
                self.find(explanation)?;
                continue;
            }
            for next in self.next(&explanation, &is_goal) {
                self.step(&next)?;
                if !reached.contains(&next) {
                    reached.insert(next.clone());
                    ahead.push(next);
                }
            }
        }
        Ok(())
    }

    /// What one open write more can bring. A put alone leads nowhere, unless to the goal: it is better done in
    /// hindsight. Otherwise the next must be a compare-and-set that needs it.
    fn next(&self, from: &Explanation, is_goal: impl Fn(&Explanation) -> bool) -> Vec<Explanation> {
        let mut all = Vec::new();
        let is_done = |place: usize| from.fates[place].done;
        for (place, call) in self.open.iter().enumerate().filter(|&(place, _)| !is_done(place)) {
            match &call.operation {
                Operation::Write(Write::CompareAndSet { expected, .. }) if *expected == from.now => {
                    all.push(from.after(self.open, place));
                }
                Operation::Write(Write::Put { .. }) => {
                    let put = from.after(self.open, place);
                    if is_goal(&put) {
                        all.push(put);
                        continue;
                    }
                    let needs_it = |&next: &usize| !put.fates[next].done && self.open[next].operation.expects(&put.now);
                    let next = (0..self.open.len()).filter(needs_it);
                    all.extend(next.map(|next| put.after(self.open, next)));
                }
                _ => (),
            }
        }
        all
    }

    fn find(&mut self, explanation: Explanation) -> Result<(), TooMuch> {
        self.step(&explanation)?;
        self.found.push(explanation);
        Ok(())
    }

    /// An explanation is looked at. One in which much has been seen is as much work as several.
    fn step(&mut self, explanation: &Explanation) -> Result<(), TooMuch> {
        let seen: usize = explanation.fates.iter().map(|fate| fate.saw.len()).sum();
        self.steps += 1 + seen / SEEN_PER_STEP;
        if self.steps > Linearizability::STEPS_MAX {
            Err(TooMuch)
        } else {
            Ok(())
        }
    }
}

impl Explanation {
    /// This is under the key, and no call is open.
    fn of(now: Value) -> Explanation {
        let fates = Vec::new();
        Explanation { now, fates }
    }

    /// An open write takes effect now.
    fn after(&self, open: &[Open], place: usize) -> Explanation {
        let mut next = self.clone();
        let Operation::Write(write) = &open[place].operation else {
            return next;
        };
        let (Write::Put { value, .. } | Write::CompareAndSet { value, .. }) = write;
        next.now = Some(value.clone());
        next.fates[place].done = true;
        for (call, fate) in open.iter().zip(&mut next.fates) {
            fate.gap |= matches!(write, Write::Put { .. });
            fate.see(&call.operation, &next.now);
        }
        next
    }

    /// An open put has taken effect in the latest gap: whoever was open then may have seen it. An earlier gap would
    /// explain nothing more, because all that were open there and still are were open in the latest.
    fn after_hindsight(&self, open: &[Open], place: usize) -> Explanation {
        let mut next = self.clone();
        let Operation::Write(Write::Put { value, .. }) = &open[place].operation else {
            return next;
        };
        let value = Some(value.clone());
        next.fates[place].done = true;
        for (call, fate) in open.iter().zip(&mut next.fates).filter(|(_, fate)| fate.gap) {
            fate.see(&call.operation, &value);
        }
        next
    }

    /// Whether all that can follow the other can follow this one, too.
    fn covers(&self, other: &Explanation) -> bool {
        let fates = || self.fates.iter().zip(&other.fates);
        self.now == other.now
            && fates().all(|(fate, other)| fate.covers(other))
            && fates().all(|(fate, other)| is_among(&other.saw, &fate.saw))
    }
}

impl Fate {
    /// This value is there while the call is open.
    fn see(&mut self, operation: &Operation, value: &Value) {
        let counts_as = |seen: &Value| match operation {
            Operation::Read { .. } => seen == value,
            Operation::Write(Write::CompareAndSet { expected, .. }) => (seen == expected) == (value == expected),
            Operation::Write(Write::Put { .. }) => true,
        };
        if matches!(operation, Operation::Write(Write::Put { .. })) || self.saw.iter().any(counts_as) {
            return;
        }
        let place = self.saw.partition_point(|seen| seen < value);
        self.saw.insert(place, value.clone());
    }

    /// A put that may have taken effect in a gap covers one that has: it still can, in hindsight.
    fn covers(&self, other: &Fate) -> bool {
        let is_put = self.saw.is_empty();
        let done = self.done == other.done || (is_put && !self.done && self.gap);
        done && self.gap >= other.gap
    }
}

/// Whether all these values are among those. Both are in order.
fn is_among(these: &[Value], those: &[Value]) -> bool {
    let mut those = those.iter();
    these.iter().all(|this| those.any(|that| this == that))
}

/// Keeps the explanations that others do not cover, in order.
fn thin_out(mut explanations: Vec<Explanation>) -> Vec<Explanation> {
    explanations.sort();
    explanations.dedup();
    let mut kept = Vec::new();
    for group in explanations.chunk_by(|one, next| one.now == next.now) {
        let is_needed = |this: &&Explanation| {
            let mut others = group.iter().filter(|other| !std::ptr::eq(*other, *this));
            !others.any(|other| other.covers(this))
        };
        kept.extend(group.iter().filter(is_needed).cloned());
    }
    kept
}

/// What an answer says about the value under its key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Says {
    Is(Value),
    IsNot(Value),
}

impl Says {
    fn contradicts(&self, other: &Says) -> bool {
        match (self, other) {
            (Says::Is(this), Says::Is(other)) => this != other,
            (Says::Is(this), Says::IsNot(other)) | (Says::IsNot(this), Says::Is(other)) => this == other,
            (Says::IsNot(_), Says::IsNot(_)) => false,
        }
    }
}

impl Operation {
    /// What was there when it took effect, says this answer to it.
    fn says_before(&self, answer: &Answer) -> Option<Says> {
        match (self, answer) {
            (Operation::Read { .. }, Answer::Value(value)) => Some(Says::Is(value.clone())),
            (Operation::Write(Write::CompareAndSet { expected, .. }), Answer::Written) => {
                Some(Says::Is(expected.clone()))
            }
            (Operation::Write(Write::CompareAndSet { expected, .. }), Answer::NotAsExpected) => {
                Some(Says::IsNot(expected.clone()))
            }
            _ => None,
        }
    }

    /// What was there once it had taken effect, says this answer to it.
    fn says_after(&self, answer: &Answer) -> Option<Says> {
        match (self, answer) {
            (Operation::Write(Write::Put { value, .. } | Write::CompareAndSet { value, .. }), Answer::Written) => {
                Some(Says::Is(Some(value.clone())))
            }
            _ => self.says_before(answer),
        }
    }

    /// Whether it is a compare-and-set that expects this value.
    fn expects(&self, value: &Value) -> bool {
        matches!(self, Operation::Write(Write::CompareAndSet { expected, .. }) if expected == value)
    }
}

/// What the latest answers say, the latest first: at most two values that were there, and one that was not. Of two
/// different values that were there, one speaks against any third.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told(Vec<(CallId, Says)>);

impl Told {
    fn note(&mut self, call: CallId, says: Says) {
        self.0.retain(|(_, earlier)| *earlier != says);
        self.0.insert(0, (call, says));
        let (mut were, mut were_not) = (0, 0);
        self.0.retain(|(_, says)| {
            let (count, most) = match says {
                Says::Is(_) => (&mut were, 2),
                Says::IsNot(_) => (&mut were_not, 1),
            };
            *count += 1;
            *count <= most
        });
    }

    /// The latest that contradicts it.
    fn against(&self, says: &Says) -> Option<CallId> {
        let mut facts = self.0.iter();
        facts.find(|(_, told)| told.contradicts(says)).map(|&(call, _)| call)
    }
}

#[cfg(test)]
mod tests {
    //! Stories. Each line is a client and what it does: `put x 1`, `cas x 1 2` (compare and set), `read x`, `local x`;
    //! or the answer that it gets: `done`, `failed`, `got 1`. A minus is nothing. Random histories are in
    //! [`history`](crate::history).

    use raft_core::ReadMode;

    use super::*;

    /// Plays a story, one act after the other, and says what is wrong with it. A call is named by its client and number.
    #[derive(Default)]
    struct Story {
        judge: Linearizability,
        serials: [u64; 20],
        wrong: Vec<String>,
    }

    impl Story {
        fn play(&mut self, acts: &[&str]) {
            for act in acts {
                self.act(act);
            }
        }

        fn act(&mut self, act: &str) {
            let words: Vec<_> = act.split_whitespace().collect();
            let client: usize = words[0].parse().unwrap();
            let value = |word: &str| (word != "-").then(|| Arc::from(word));
            let read = |key: &str, mode| Operation::Read { key: key.into(), mode };
            let call = match words[1..] {
                ["put", key, value] => Ok(Operation::Write(Write::Put {
                    key: key.into(),
                    value: value.into(),
                })),
                ["cas", key, expected, new] => Ok(Operation::Write(Write::CompareAndSet {
                    key: key.into(),
                    expected: value(expected),
                    value: new.into(),
                })),
                ["read", key] => Ok(read(key, ReadMode::ReadIndex)),
                ["local", key] => Ok(read(key, ReadMode::Local)),
                ["done"] => Err(Answer::Written),
                ["failed"] => Err(Answer::NotAsExpected),
                ["got", seen] => Err(Answer::Value(value(seen))),
                _ => panic!("no such act: {act}"),
            };
            self.serials[client] += u64::from(call.is_ok());
            let (id, serial) = (ClientId(client as u64), Serial(self.serials[client]));
            match call {
                Ok(operation) => self.judge.called(id, serial, &operation),
                Err(answer) => self
                    .wrong
                    .extend(self.judge.returned(id, serial, &answer).err().map(text)),
            }
        }
    }

    fn text(violation: NotLinearizable) -> String {
        let name = |call: CallId| format!("{}.{}", call.client.0, call.serial.0);
        let against = match violation.against {
            Against::Told(call) => name(call),
            Against::Rival(call) => format!("its rival {}", name(call)),
            Against::Seen(call) => format!("{}, who saw its value", name(call)),
            Against::Start => "the start".to_string(),
        };
        format!("{} contradicts {against}", name(violation.call))
    }

    fn check(story: &[&str], expected: &[&str]) {
        let mut played = Story::default();
        played.play(story);
        assert_eq!(played.wrong, expected);
    }

    #[test]
    fn one_after_the_other() {
        check(
            &["1 read x", "1 got -", "1 put x 1", "1 done", "2 read x", "2 got 1"],
            &[],
        );
    }

    #[test]
    fn a_stale_read() {
        let begin = ["1 put y 1", "1 done", "1 put y 2", "1 done", "2 read y", "2 got 1"];
        check(&begin, &["2.1 contradicts 1.2"]);
    }

    #[test]
    fn a_stale_read_is_fine_if_it_is_local_or_of_another_key() {
        check(&["1 put x 1", "1 done", "2 local x", "2 got -"], &[]);
        check(&["1 put x 1", "1 done", "2 read y", "2 got -"], &[]);
    }

    #[test]
    fn a_lost_write() {
        check(
            &["1 put x 1", "1 done", "2 read x", "2 got -"],
            &["2.1 contradicts 1.1"],
        );
    }

    #[test]
    fn a_value_out_of_nowhere() {
        check(&["1 read x", "1 got 7"], &["1.1 contradicts the start"]);
        check(
            &["1 put x 1", "1 done", "2 read x", "2 got 7"],
            &["2.1 contradicts 1.1"],
        );
    }

    #[test]
    fn a_read_may_be_before_or_after_a_write_that_is_under_way() {
        for seen in ["2 got -", "2 got 1"] {
            check(&["1 put x 1", "2 read x", seen, "1 done"], &[]);
            check(&["1 put x 1", "2 read x", "1 done", seen], &[]);
        }
    }

    #[test]
    fn what_was_seen_stays() {
        let seen = ["1 put x 1", "2 read x", "2 got 1", "3 read x", "3 got -"];
        check(&seen, &["3.1 contradicts 2.1"]);
        // The two reads overlap, so that they can be the other way round.
        let seen = ["1 put x 1", "2 read x", "3 read x", "2 got 1", "3 got -"];
        check(&seen, &[]);
    }

    #[test]
    fn a_write_takes_effect_after_its_client_has_given_up() {
        let begin = [
            "1 put x 1",
            "2 put x 2",
            "2 done",
            "2 read x",
            "2 got 2",
            "3 read x",
            "3 got 1",
        ];
        check(&begin, &[]);
        // But only once.
        let twice = ["3 put x 3", "3 done", "4 read x", "4 got 1"];
        check(&[&begin[..], &twice].concat(), &["4.1 contradicts 3.2"]);
    }

    #[test]
    fn overwritten_before_anybody_looked() {
        // The put of 1 returns last, and was overwritten at once; one who read at the same time has seen it.
        let begin = [
            "1 put x 1",
            "2 read x",
            "3 put x 3",
            "3 done",
            "4 read x",
            "4 got 3",
            "1 done",
        ];
        check(&[&begin[..], &["4 read x", "4 got 3", "2 got 1"]].concat(), &[]);
        // That is only possible in one of the two ways: 1 was there before 3, then it is not there now.
        let both = ["2 got 1", "4 read x", "4 got 1", "4 read x", "4 got 3"];
        check(&[&begin[..], &both].concat(), &["4.3 contradicts 4.2"]);
    }

    #[test]
    fn two_writes_are_seen_in_one_order() {
        let begin = ["1 put x 1", "2 put x 2", "1 done", "2 done", "3 read x", "3 got 1"];
        check(&begin, &[]);
        check(
            &[&begin[..], &["4 read x", "4 got 2"]].concat(),
            &["4.1 contradicts 3.1"],
        );
    }

    #[test]
    fn compare_and_set_both_ways() {
        let begin = [
            "1 cas x - 1",
            "1 done",
            "2 cas x 7 2",
            "2 failed",
            "2 cas x 1 2",
            "2 done",
        ];
        check(&begin, &[]);
        check(&[&begin[..], &["3 read x", "3 got 2"]].concat(), &[]);
        check(
            &[&begin[..], &["3 read x", "3 got 1"]].concat(),
            &["3.1 contradicts 2.2"],
        );
        check(
            &["1 put x 1", "1 done", "2 cas x 1 2", "2 failed"],
            &["2.1 contradicts 1.1"],
        );
        check(
            &["1 put x 1", "1 done", "2 cas x - 2", "2 done"],
            &["2.1 contradicts 1.1"],
        );
        check(&["1 cas x - 1", "1 failed"], &["1.1 contradicts the start"]);
    }

    #[test]
    fn a_lock_that_two_hold() {
        let begin = ["1 cas lock - 1", "2 cas lock - 2", "1 done"];
        check(&[&begin[..], &["2 failed"]].concat(), &[]);
        check(&[&begin[..], &["2 done"]].concat(), &["2.1 contradicts its rival 1.1"]);
        // The same, and it is only known from a third that the first has it.
        let begin = ["1 cas lock - 1", "2 cas lock - 2", "3 read lock", "3 got 1"];
        check(&[&begin[..], &["2 done"]].concat(), &["2.1 contradicts its rival 1.1"]);
    }

    #[test]
    fn a_retry_that_is_carried_out_twice() {
        // The first time it was done, and the answer got lost; the second time it found its own value.
        let begin = ["1 cas x - 1", "2 read x", "2 got 1", "1 failed"];
        check(&begin, &["1.1 contradicts 2.1, who saw its value"]);
        let begin = ["1 cas x - 1", "1 failed"];
        check(&begin, &["1.1 contradicts the start"]);
        // The second time it overwrote what others had written in the meantime.
        let begin = ["1 put x 1", "2 read x", "2 got 1", "3 put x 3", "3 done", "1 done"];
        check(
            &[&begin[..], &["2 read x", "2 got 1"]].concat(),
            &["2.2 contradicts 3.1"],
        );
    }

    #[test]
    fn open_calls_at_the_end_need_no_explanation() {
        check(&["1 put x 1", "2 cas x 1 2", "3 read x", "4 read x", "4 got 2"], &[]);
    }

    #[test]
    fn an_answer_that_does_not_belong_to_the_call() {
        check(&["1 put x 1", "1 got 1"], &["1.1 contradicts the start"]);
        check(&["1 done"], &[]);
    }

    #[test]
    fn after_a_violation_a_call_that_ran_alone_begins_a_new_history() {
        let mut story = Story::default();
        let acts = [
            "1 put x 1",
            "1 done",
            "2 read x",
            "3 read x",
            "2 got -",
            "2 read x",
            "3 got 5",
            "2 got 6",
        ];
        story.play(&acts);
        assert_eq!(story.wrong, ["2.1 contradicts 1.1"], "it is said once");
        assert_eq!(story.judge.unjudged(), 2, "the others could not be judged");
        story.play(&["2 read x", "2 got 8"]);
        assert_eq!(story.judge.unjudged(), 3);
        story.play(&["2 read x", "2 got 9"]);
        assert_eq!(story.wrong[1..], ["2.4 contradicts 2.3"]);
        assert_eq!(story.judge.unjudged(), 3);
    }

    #[test]
    fn sixteen_open_writes_are_no_trouble() {
        let mut story = Story::default();
        (1..=16).for_each(|client| story.act(&format!("{client} put x {client}")));
        for client in 1..=16 {
            story.act(&format!("{client} done"));
            assert!(story.judge.explanations() <= client);
        }
        assert_eq!((story.wrong.len(), story.judge.unjudged()), (0, 0));
    }

    #[test]
    fn too_much_to_explain_is_not_judged_and_says_so() {
        let mut story = Story::default();
        story.play(&["1 put x a", "1 done", "1 put x c"]);
        (2..=9).for_each(|client| story.act(&format!("{client} cas x a b")));
        (10..=16).for_each(|client| story.act(&format!("{client} cas x b a")));
        assert_eq!(story.judge.unjudged(), 0);
        story.act("1 done");
        assert_eq!(story.judge.unjudged(), 1);
        assert_eq!(story.judge.explanations(), 0);
        (2..=16).for_each(|client| story.act(&format!("{client} done")));
        assert_eq!(story.judge.unjudged(), 16);
        // It goes on with the next call that runs alone, which is not judged itself.
        story.play(&["1 put x d", "1 done", "1 read x", "1 got c"]);
        assert_eq!(story.wrong, ["1.4 contradicts 1.3"]);
    }

    #[test]
    fn a_read_that_is_open_for_ever_is_not_judged() {
        let mut story = Story::default();
        story.act("1 read x");
        for value in 0..2 * Linearizability::VALUES_MAX {
            story.act(&format!("2 put x {value}"));
            story.act("2 done");
        }
        assert!(story.judge.unjudged() > 0);
        assert_eq!(story.wrong.len(), 0);
    }
}
