//! Plays a script: steps a world, does what is to be done when its time has come, and looks whether what is expected
//! can be seen. Each command is recorded at its moment, so that the same history can be replayed without the script.

use std::collections::BTreeMap;
use std::fmt;

use raft_core::{Instant, SettingsError};

use super::claim::{Claim, View};
use super::deed::{Deed, Meddling, Which};
use super::who::Letters;
use super::{Action, Scenario, Step, When};
use crate::{Command, Event, InFlight, MessageId, Moment, Property, PropertyKind, Recording, TraceHash, World};

/// No script takes more steps: one that sets everything to a microsecond would never end.
const STEPS_MAX: u64 = 1_000_000;

/// A script that has been played.
#[derive(Clone, Debug)]
pub struct Play {
    /// The history, to be replayed without the script.
    pub recording: Recording,
    /// Where it ended.
    pub end: Moment,
    /// The hash over all its events.
    pub trace_hash: TraceHash,
    /// The cluster at the end.
    pub world: World,
    /// Everything that happened.
    pub events: Vec<Event>,
    /// What was not as the script says; empty, if all was.
    pub failures: Vec<Failure>,
}

/// Something that was not as a script says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the script; zero: the script as a whole.
    pub line: usize,
    /// What the line says.
    pub text: String,
    /// When it was found out.
    pub at: Instant,
    /// What is wrong.
    pub kind: FailureKind,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// What the script waited for did not come to pass in time. It went on without.
    NeverCame,
    /// The time had passed already.
    Past,
    /// Nobody is meant, one who is named is not there, or there is no such message: nothing was done.
    NobodyMeant,
    /// With this setting the others do not work: nothing was done.
    Settings(SettingsError),
    /// What is expected is not so.
    NotSo,
    /// A property was violated that no line expects to be.
    Violated(Property),
    /// The script took too many steps, and was given up.
    TooLong,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { line, text, at, kind } = self;
        write!(f, "line {line}, at {} us: ", at.0)?;
        match kind {
            FailureKind::NeverCame => write!(f, "this did not come to pass in time: {text}"),
            FailureKind::Past => write!(f, "this time had passed already: {text}"),
            FailureKind::NobodyMeant => write!(f, "there is nobody, or no message, to do this to: {text}"),
            FailureKind::Settings(error) => write!(f, "this cannot be set, because {error}: {text}"),
            FailureKind::NotSo => write!(f, "this is not so: {text}"),
            FailureKind::Violated(property) => write!(f, "{} is violated, and nothing says so", property.id()),
            FailureKind::TooLong => f.write_str("the script takes too many steps"),
        }
    }
}

/// What is done to messages that leave from now on.
struct StandingOrder {
    meddling: Meddling,
    letters: Letters,
    once: bool,
}

struct Player {
    world: World,
    recording: Recording,
    events: Vec<Event>,
    /// Every message that has been seen on its way.
    messages: BTreeMap<MessageId, InFlight>,
    orders: Vec<StandingOrder>,
    /// What has happened since the step before: events from here on.
    since: usize,
    failures: Vec<Failure>,
}

impl Scenario {
    /// Plays it.
    ///
    /// # Panics
    ///
    /// If its configuration has been changed so that it does not pass [`Config::check`](crate::Config::check).
    #[must_use]
    pub fn play(&self) -> Play {
        let mut player = Player::new(self);
        for step in &self.script {
            player.play_step(step, self.patience_us);
        }
        player.check_violations(self);
        Play {
            end: player.world.moment(),
            trace_hash: player.world.trace_hash(),
            world: player.world,
            recording: player.recording,
            events: player.events,
            failures: player.failures,
        }
    }
}

impl Player {
    fn new(scenario: &Scenario) -> Player {
        let mut player = Player {
            world: World::new(scenario.config.clone(), scenario.seed),
            recording: Recording {
                config: scenario.config.clone(),
                seed: scenario.seed,
                commands: Vec::new(),
            },
            events: Vec::new(),
            messages: BTreeMap::new(),
            orders: Vec::new(),
            since: 0,
            failures: Vec::new(),
        };
        player.look_at_messages();
        player
    }

    fn fail(&mut self, line: usize, text: &str, kind: FailureKind) {
        self.failures.push(Failure {
            line,
            text: text.to_string(),
            at: self.world.now(),
            kind,
        });
    }

    fn play_step(&mut self, step: &Step, patience_us: u64) {
        match &step.when {
            When::At(at) => {
                if *at < self.world.now() {
                    self.fail(step.line, &step.text, FailureKind::Past);
                }
                self.advance_to(*at);
            }
            When::After(us) => self.advance_to(self.world.now().after_us(*us)),
            When::Come(claims) => {
                if !self.advance_until(claims, self.world.now().after_us(patience_us)) {
                    self.fail(step.line, &step.text, FailureKind::NeverCame);
                }
            }
        }
        self.since = self.events.len();
        for (line, text, action) in &step.actions {
            match action {
                Action::Expect(claims) => {
                    if !self.holds(claims, 0) {
                        self.fail(*line, text, FailureKind::NotSo);
                    }
                }
                Action::Do(deed) => {
                    if let Err(kind) = self.carry_out(deed) {
                        self.fail(*line, text, kind);
                    }
                }
            }
        }
    }

    /// Whether claims hold, of what has happened since some event.
    fn holds(&self, claims: &[Claim], since: usize) -> bool {
        let view = View {
            world: &self.world,
            events: &self.events[since..],
            all_events: &self.events,
            messages: &self.messages,
        };
        claims.iter().all(|claim| claim.holds(view))
    }

    fn step(&mut self) {
        if self.world.steps() >= STEPS_MAX {
            return;
        }
        self.world.step(&mut self.events);
        self.look_at_messages();
    }

    fn is_over(&self) -> bool {
        self.world.steps() >= STEPS_MAX
    }

    fn advance_to(&mut self, at: Instant) {
        while self.world.next_step_at().is_some_and(|next| next <= at) && !self.is_over() {
            self.step();
        }
        if !self.is_over() {
            self.world.idle_until(at);
        }
    }

    /// Goes on until all claims hold, but no further than `end`.
    fn advance_until(&mut self, claims: &[Claim], end: Instant) -> bool {
        while !self.holds(claims, self.since) {
            let next = self.world.next_step_at().filter(|&next| next <= end);
            if next.is_none() || self.is_over() {
                self.advance_to(end);
                return false;
            }
            self.step();
        }
        true
    }

    /// The error is why nothing was done.
    fn carry_out(&mut self, deed: &Deed) -> Result<(), FailureKind> {
        match deed {
            Deed::LeaveLetters => self.orders.clear(),
            Deed::Letters(meddling, Which::Now, letters) => {
                let on_their_way = self.world.in_flight().filter(|in_flight| !in_flight.lost);
                let meant = on_their_way.filter(|in_flight| letters.mean(in_flight, &self.world));
                let mut meant: Vec<MessageId> = meant.map(|in_flight| in_flight.id).collect();
                if meant.is_empty() {
                    return Err(FailureKind::NobodyMeant);
                }
                meant.sort_unstable();
                for &message in &meant {
                    self.command(meddling.command(message));
                }
            }
            Deed::Letters(meddling, which, letters) => self.orders.push(StandingOrder {
                meddling: *meddling,
                letters: letters.clone().settled(&self.world),
                once: *which == Which::Next,
            }),
            deed => {
                for command in deed.commands(&self.world)? {
                    self.command(command);
                }
            }
        }
        Ok(())
    }

    fn command(&mut self, command: Command) {
        self.record(command);
        self.look_at_messages();
    }

    fn record(&mut self, command: Command) {
        let moment = self.world.moment();
        self.world.command(&command, &mut self.events);
        self.recording.commands.push((moment, command));
    }

    /// Remembers what has left, and meddles with it. Twins that come of that are left alone, or they would have twins
    /// for ever.
    fn look_at_messages(&mut self) {
        for in_flight in self.remember_messages() {
            let applies = |rule: &StandingOrder| rule.letters.mean(&in_flight, &self.world);
            if let Some(place) = self.orders.iter().position(applies) {
                let meddling = self.orders[place].meddling;
                if self.orders[place].once {
                    self.orders.remove(place);
                }
                self.record(meddling.command(in_flight.id));
                self.remember_messages();
            }
        }
    }

    /// Remembers what has left, and returns it, unless it gets lost anyway; what left first comes first.
    fn remember_messages(&mut self) -> Vec<InFlight> {
        let is_new = |in_flight: &&InFlight| !self.messages.contains_key(&in_flight.id);
        let mut new: Vec<InFlight> = self.world.in_flight().filter(is_new).cloned().collect();
        new.sort_unstable_by_key(|in_flight| in_flight.id);
        let named = new.iter().map(|in_flight| (in_flight.id, in_flight.clone()));
        self.messages.extend(named);
        new.retain(|in_flight| !in_flight.lost);
        new
    }

    /// In the end exactly those properties have been violated that a line expects to be.
    fn check_violations(&mut self, scenario: &Scenario) {
        if self.is_over() {
            self.fail(0, "", FailureKind::TooLong);
        }
        let expected = scenario.violates();
        let properties = self.world.properties().into_iter();
        let violated = properties.flat_map(|properties| properties.violations().map(|violation| violation.property));
        let surprises: Vec<Property> = violated.filter(|property| !expected.contains(property)).collect();
        for property in surprises {
            debug_assert_ne!(property.kind(), PropertyKind::Sometimes, "these are not violated");
            self.fail(0, "", FailureKind::Violated(property));
        }
    }
}

impl Meddling {
    fn command(self, message: MessageId) -> Command {
        match self {
            Meddling::Drop => Command::Drop { message },
            Meddling::Delay(by_us) => Command::Delay { message, by_us },
            Meddling::Duplicate => Command::Duplicate { message },
        }
    }
}
