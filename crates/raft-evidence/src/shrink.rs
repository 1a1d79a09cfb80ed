//! Shrinking: of a long history that ends badly, a short one that ends badly in the same way.
//!
//! Delta debugging (Zeller and Hildebrandt, 2002) over the commands, then over the configuration, the times and the
//! seed. Commands are recorded at moments, that is at a step; whatever is left out shifts the steps of all that follows. So a
//! history is kept here as a [`Script`] by the clock alone, and recorded anew each time it is played.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use raft_core::{ElectionStyle, Settings};
use raft_sim::{
    ClientId, Command, Config, DiskConfig, Event, EventKind, Instant, Moment, Observer, Property, PropertyKind,
    Recording, World,
};

use crate::campaign::{self, Problem};

/// What must go wrong again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// This property is violated.
    Violates(Property),
    /// Everything works, and a client has waited for an answer as long as the cluster may take to have a leader and agree.
    NoAnswer,
    /// Whatever was done is undone, and still not everything works.
    NotHealed,
    /// An assertion fails.
    Panics,
}

impl Goal {
    /// To see the same problem again.
    #[must_use]
    pub fn of(problem: &Problem) -> Goal {
        match problem {
            Problem::Violated(violation) => Goal::Violates(violation.property),
            Problem::NoAnswer => Goal::NoAnswer,
            Problem::NotHealed => Goal::NotHealed,
            Problem::Panicked(_) => Goal::Panics,
        }
    }
}

/// A history by the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How the cluster was set up.
    pub config: Config,
    /// Where all chance comes from.
    pub seed: u64,
    /// What was done to it when, in order.
    pub commands: Vec<(Instant, Command)>,
}

impl Script {
    /// A recording without its steps.
    #[must_use]
    pub fn of(recording: &Recording) -> Script {
        let commands = recording.commands.iter();
        Script {
            config: recording.config.clone(),
            seed: recording.seed,
            commands: commands.map(|(moment, command)| (moment.at, command.clone())).collect(),
        }
    }

    fn without(&self, from: usize, until: usize) -> Script {
        let mut commands = self.commands.clone();
        commands.drain(from..until);
        Script {
            commands,
            ..self.clone()
        }
    }

    fn last_command_at(&self) -> Instant {
        self.commands.last().map_or(Instant(0), |&(at, _)| at)
    }
}

/// A history that ended as it should.
#[derive(Clone, Debug)]
pub struct Hit {
    /// It, with its steps, up to where it ended.
    pub recording: Recording,
    /// Where it ended: right after the step that went wrong, or right before it, if an assertion fails in it: so it can be
    /// played again up to there.
    pub moment: Moment,
    /// What went wrong.
    pub goal: Goal,
}

/// Right before the last step that a world has begun: the last at which it was whole, if an assertion has failed.
#[must_use]
pub fn before_last_step(world: &World) -> Moment {
    Moment {
        step: world.steps().saturating_sub(1),
        at: world.now(),
    }
}

/// Plays a script, until the goal is reached or nothing more is to be expected.
#[must_use]
pub fn play(script: &Script, goal: Goal, until: Instant) -> Option<Hit> {
    play_before(script, goal, until, &mut ())
}

/// The same, and shows the events.
pub fn play_before(script: &Script, goal: Goal, until: Instant, observer: &mut impl Observer) -> Option<Hit> {
    if script.config.check().is_err() {
        return None;
    }
    let mut player = Player {
        world: World::new(script.config.clone(), script.seed),
        recording: Recording {
            config: script.config.clone(),
            seed: script.seed,
            commands: Vec::new(),
        },
        goal,
        called_at: BTreeMap::new(),
    };
    // An assertion that fails on the way to something else is another story.
    let played = catch_unwind(AssertUnwindSafe(|| player.play(script, until, observer)));
    let (reached, moment) = match played {
        Ok(reached) => (reached, player.world.moment()),
        Err(_) => (goal == Goal::Panics, before_last_step(&player.world)),
    };
    reached.then_some(Hit {
        moment,
        recording: player.recording,
        goal,
    })
}

struct Player {
    world: World,
    recording: Recording,
    goal: Goal,
    /// When the latest call of each client began.
    called_at: BTreeMap<ClientId, Instant>,
}

/// Notes when clients call, and shows the events to somebody else.
struct Calls<'a, O> {
    called_at: &'a mut BTreeMap<ClientId, Instant>,
    observer: &'a mut O,
}

impl<O: Observer> Observer for Calls<'_, O> {
    fn observe(&mut self, event: Event) {
        if let EventKind::Called { client, .. } = event.kind {
            self.called_at.insert(client, event.at);
        }
        self.observer.observe(event);
    }
}

impl Player {
    fn play(&mut self, script: &Script, until: Instant, observer: &mut impl Observer) -> bool {
        for (at, command) in &script.commands {
            if self.reaches_before(*at, observer) {
                return true;
            }
            self.command(command, observer);
            if self.is_reached() {
                return true;
            }
        }
        if self.reaches_before(until.max(self.world.now()), observer) {
            return true;
        }
        match self.goal {
            Goal::Violates(_) | Goal::Panics => false,
            Goal::NoAnswer => self.world.is_healthy() && self.somebody_waits(),
            Goal::NotHealed => {
                let cures = campaign::cures(&self.world);
                cures.iter().for_each(|cure| self.command(cure, observer));
                !self.world.is_healthy()
            }
        }
    }

    fn command(&mut self, command: &Command, observer: &mut impl Observer) {
        // Recorded first: it may be the one that an assertion fails on.
        self.recording.commands.push((self.world.moment(), command.clone()));
        let called_at = &mut self.called_at;
        self.world.command(command, &mut Calls { called_at, observer });
    }

    fn reaches_before(&mut self, at: Instant, observer: &mut impl Observer) -> bool {
        while self.world.next_step_at().is_some_and(|next| next <= at) {
            let called_at = &mut self.called_at;
            self.world.step(&mut Calls { called_at, observer });
            if self.is_reached() {
                return true;
            }
        }
        self.world.advance_to(at, observer);
        false
    }

    fn is_reached(&self) -> bool {
        let Goal::Violates(property) = self.goal else {
            return false;
        };
        let properties = self.world.properties();
        properties.is_some_and(|properties| properties.violation(property).is_some())
    }

    fn somebody_waits(&self) -> bool {
        let patience_us = self.world.liveness_us();
        let mut waiting = self.world.clients().iter().filter(|client| client.call().is_some());
        waiting.any(|client| {
            let called_at = self.called_at.get(&client.id());
            called_at.is_some_and(|&at| self.world.now().since_us(at) >= patience_us)
        })
    }
}

/// Shrinks what a script does, as long as it still ends badly.
pub struct Shrinker {
    goal: Goal,
    /// The smallest so far.
    best: Script,
    hit: Hit,
    /// How much more may be tried, in cluster-microseconds.
    budget_us: u64,
    /// How many other seeds are tried with each smaller script.
    seeds: u64,
}

/// How much is tried for one recording: this many microseconds of the cluster.
const BUDGET_US: u64 = 8_000_000_000;

/// Shrinks a recording that ends badly by `at`; none, if it does not.
#[must_use]
pub fn shrink(recording: &Recording, goal: Goal, at: Instant) -> Option<Hit> {
    shrink_with(recording, goal, at, 20)
}

/// The same, and with each smaller script so many other seeds are tried.
#[must_use]
pub fn shrink_with(recording: &Recording, goal: Goal, at: Instant, seeds: u64) -> Option<Hit> {
    let script = Script::of(recording);
    let hit = play(&script, goal, at)?;
    let mut shrinker = Shrinker {
        goal,
        best: script,
        hit,
        budget_us: BUDGET_US,
        seeds: 0,
    };
    shrinker.take_hit();
    // What chance has no say in hangs together when parts are left out: so the configuration comes first.
    shrinker.simplify();
    shrinker.drop_chunks();
    shrinker.simplify();
    shrinker.seeds = seeds;
    shrinker.use_other_seeds();
    // Each makes room for the others.
    for _ in 0..4 {
        let before = shrinker.best.clone();
        shrinker.drop_chunks();
        shrinker.simplify();
        shrinker.come_sooner();
        shrinker.round_times();
        if shrinker.best == before {
            break;
        }
    }
    Some(shrinker.hit)
}

impl Shrinker {
    /// What came after the end is of no interest.
    fn take_hit(&mut self) {
        self.best.commands.truncate(self.hit.recording.commands.len());
    }

    /// How long a smaller script may take: as long as the best one, or what liveness may take after the last command.
    fn horizon(&self, script: &Script) -> Instant {
        // Long enough for either election style, and a little more.
        let attempts = match script.config.raft.election_style {
            ElectionStyle::Standard => 21,
            ElectionStyle::TwoStage { .. } => 61 * 3,
        };
        let patience_us = attempts * script.config.raft.election_timeout_us_max;
        let is_late = match self.goal {
            Goal::Violates(property) => property.kind() == PropertyKind::Eventually,
            Goal::NoAnswer => true,
            Goal::NotHealed | Goal::Panics => false,
        };
        if is_late {
            script.last_command_at().after_us(patience_us)
        } else {
            self.hit.moment.at
        }
    }

    /// Takes a smaller script for the best, if it still ends badly: with its own seed, or another.
    fn try_script(&mut self, script: &Script) -> bool {
        let own = script.seed;
        // A long script with another seed is another story.
        let seeds = if script.commands.len() > 40 { 0 } else { self.seeds };
        let others = (0..seeds).filter(|&seed| seed != own);
        for seed in [own].into_iter().chain(others) {
            let until = self.horizon(script);
            if self.budget_us < until.0 {
                return false;
            }
            self.budget_us -= until.0;
            let script = Script { seed, ..script.clone() };
            if let Some(hit) = play(&script, self.goal, until) {
                self.best = script;
                self.hit = hit;
                self.take_hit();
                return true;
            }
        }
        false
    }

    /// Leaves commands out: half of them, a quarter, and so on to single ones, until none can go.
    fn drop_chunks(&mut self) {
        if self.best.commands.is_empty() {
            return;
        }
        self.try_script(&self.best.without(0, self.best.commands.len()));
        let mut size = self.best.commands.len().div_ceil(2);
        while size > 0 {
            let mut end = self.best.commands.len();
            let mut dropped = false;
            // From the end: what happened last is most often beside the point.
            while end > 0 {
                let start = end.saturating_sub(size);
                dropped |= self.try_script(&self.best.without(start, end));
                end = start.min(self.best.commands.len());
            }
            size = match (size, dropped) {
                (1, false) => 0,
                (1, true) => 1,
                _ => size / 2,
            };
        }
    }

    /// With fewer servers, without clients of their own, with settings as they mostly are.
    fn simplify(&mut self) {
        for servers in 1..self.best.config.servers {
            if self.try_config(|config| config.servers = servers) {
                break;
            }
        }
        let plain = Config::default();
        for change in SIMPLER {
            self.try_config(|config| change(config, &plain));
        }
    }

    fn try_config(&mut self, change: impl Fn(&mut Config)) -> bool {
        let mut script = self.best.clone();
        change(&mut script.config);
        script.config != self.best.config && self.try_script(&script)
    }

    /// A small seed makes a short code.
    fn use_other_seeds(&mut self) {
        let script = Script {
            seed: 0,
            ..self.best.clone()
        };
        if script != self.best {
            self.try_script(&script);
        }
    }

    /// Takes time out between commands: nothing happens there that matters.
    fn come_sooner(&mut self) {
        let mut place = 0;
        while place < self.best.commands.len() {
            let before = place
                .checked_sub(1)
                .map_or(Instant(0), |before| self.best.commands[before].0);
            let gap_us = self.best.commands[place].0.since_us(before);
            for less_us in [gap_us, gap_us / 2, gap_us / 4].into_iter().filter(|&us| us >= 1_000) {
                let mut script = self.best.clone();
                for (at, _) in &mut script.commands[place..] {
                    *at = Instant(at.0 - less_us);
                }
                if self.try_script(&script) {
                    break;
                }
            }
            place += 1;
        }
    }

    /// Round times are easier to read, and make shorter codes.
    fn round_times(&mut self) {
        for unit in [100_000, 10_000, 1_000] {
            let mut place = 0;
            while let Some(&(at, _)) = self.best.commands.get(place) {
                for round in [at.0 / unit * unit, at.0.div_ceil(unit) * unit] {
                    let mut script = self.best.clone();
                    script.commands[place].0 = Instant(round);
                    if round != at.0 && script.commands.is_sorted_by_key(|&(at, _)| at) && self.try_script(&script) {
                        break;
                    }
                }
                place += 1;
            }
        }
    }
}

/// What a configuration may do without.
const SIMPLER: &[fn(&mut Config, &Config)] = &[
    |config, plain| {
        let rules = config.raft.rules;
        config.raft = Settings {
            rules,
            ..plain.raft.clone()
        };
    },
    |config, plain| config.network = plain.network.clone(),
    |config, plain| config.disk = plain.disk.clone(),
    |config, _| config.workload = None,
    |config, _| config.snapshot_every = None,
    |config, plain| config.client_timeout_us = plain.client_timeout_us,
    |config, _| config.network.loss_ppm = 0,
    |config, _| config.network.duplication_ppm = 0,
    |config, _| config.network.reordering_ppm = 0,
    |config, plain| {
        config.network.latency_us_min = plain.network.latency_us_min;
        config.network.latency_us_max = plain.network.latency_us_max;
    },
    |config, _| config.network.latency_us_max = config.network.latency_us_min,
    |config, _| {
        let DiskConfig {
            write_us_min,
            write_us_max,
        } = &mut config.disk;
        *write_us_max = *write_us_min;
    },
    |config, plain| {
        let rules = config.raft.rules;
        config.raft = Settings {
            rules,
            pre_vote: config.raft.pre_vote,
            check_quorum: config.raft.check_quorum,
            lease_drift_ppm_max: config.raft.lease_drift_ppm_max,
            ..plain.raft.clone()
        };
    },
    |config, plain| config.raft.lease_drift_ppm_max = plain.raft.lease_drift_ppm_max,
    |config, plain| config.raft.check_quorum = plain.raft.check_quorum,
    |config, plain| config.raft.pre_vote = plain.raft.pre_vote,
    |config, plain| config.raft.election_style = plain.raft.election_style,
    |config, plain| {
        config.raft.election_timeout_us_min = plain.raft.election_timeout_us_min;
        config.raft.election_timeout_us_max = plain.raft.election_timeout_us_max;
        config.raft.heartbeat_interval_us = plain.raft.heartbeat_interval_us;
    },
    |config, plain| config.raft.heartbeat_interval_us = plain.raft.heartbeat_interval_us,
    |config, plain| config.raft.batch_bytes_max = plain.raft.batch_bytes_max,
    |config, plain| config.raft.in_flight_max = plain.raft.in_flight_max,
    |config, plain| config.raft.uncommitted_bytes_max = plain.raft.uncommitted_bytes_max,
    |config, plain| config.raft.compaction_keeps = plain.raft.compaction_keeps,
    |config, plain| config.raft.snapshot_chunk_bytes = plain.raft.snapshot_chunk_bytes,
    |config, plain| config.raft.announce_commit = plain.raft.announce_commit,
];

/// Plays a script to its end, whatever happens, and on until a time: the recording of it, and the world there.
#[must_use]
pub fn play_through(script: &Script, until: Instant) -> (Recording, World) {
    let mut world = World::new(script.config.clone(), script.seed);
    let mut commands = Vec::new();
    for (at, command) in &script.commands {
        world.advance_to(*at, &mut ());
        commands.push((world.moment(), command.clone()));
        world.command(command, &mut ());
    }
    world.advance_to(until.max(world.now()), &mut ());
    let recording = Recording {
        config: script.config.clone(),
        seed: script.seed,
        commands,
    };
    (recording, world)
}

/// Everything that happens in a recording up to a moment, and the world there.
#[must_use]
pub fn watch(recording: &Recording, moment: Moment) -> (Vec<Event>, World) {
    watch_closely(recording, moment, |_| ())
}

/// The same, and looks at the world after each step.
pub fn watch_closely(recording: &Recording, moment: Moment, mut look: impl FnMut(&World)) -> (Vec<Event>, World) {
    let mut events = Vec::new();
    let mut world = World::new(recording.config.clone(), recording.seed);
    let mut commands = recording.commands.iter().peekable();
    while world.steps() < moment.step {
        match commands.next_if(|(at, _)| at.step == world.steps()) {
            Some((at, command)) => {
                // Nothing is due until then: the command comes right after the step before.
                world.advance_to(at.at, &mut events);
                world.command(command, &mut events);
            }
            None if world.step(&mut events) => (),
            None => break,
        }
        look(&world);
    }
    if world.next_step_at().is_none_or(|next| next > moment.at) {
        world.advance_to(moment.at, &mut events);
    }
    (events, world)
}

#[cfg(test)]
mod tests {
    use raft_core::{Reason, Rule, Rules};
    use raft_sim::{Code, EventKind, NodeId};

    use super::*;
    use crate::report::report;

    /// Two servers of four suffice, so the two halves of a split cluster each elect a leader; much else happens, too.
    fn noisy() -> Recording {
        let mut config = Config {
            servers: 4,
            ..Config::default()
        };
        config.raft.rules = Rules::ALL.without(Rule::Majority);
        config.network.loss_ppm = 1_000;
        let mut script = Script {
            config,
            seed: 1,
            commands: Vec::new(),
        };
        let ms = |ms: u64| Instant(ms * 1_000);
        for n in 0..40 {
            let server = NodeId(n % 4 + 1);
            script
                .commands
                .push((ms(100 * n + 1), Command::put(ClientId(1), "x", n.to_string())));
            script
                .commands
                .push((ms(100 * n + 2), Command::TakeSnapshot { server }));
        }
        let groups = vec![vec![NodeId(1), NodeId(2)], vec![NodeId(3), NodeId(4)]];
        script.commands.insert(0, (ms(0), Command::Partition { groups }));
        for (at, command) in [
            (ms(2_951), Command::Crash { server: NodeId(1) }),
            (ms(2_952), Command::Restart { server: NodeId(1) }),
        ] {
            script.commands.push((at, command));
        }
        script.commands.sort_by_key(|&(at, _)| at);
        play_through(&script, Instant(0)).0
    }

    #[test]
    fn a_recording_with_noise_shrinks_to_its_essence() {
        let noisy = noisy();
        let goal = Goal::Violates(Property::ElectionSafety);
        let hit = shrink(&noisy, goal, Instant(10_000_000)).expect("two halves elect two leaders");
        assert!(hit.recording.commands.len() <= 1, "{:?}", hit.recording.commands);
        assert!(hit.recording.config.servers <= 4);
        assert_eq!(hit.recording.config.network, Config::default().network);
        let (_, world) = watch(&hit.recording, hit.moment);
        assert_eq!(world.moment(), hit.moment);
        let violation = world.properties().unwrap().violation(Property::ElectionSafety);
        assert_eq!(violation.map(|violation| violation.at), Some(hit.moment.at));
    }

    /// In a healthy cluster whose servers can never elect anybody.
    fn nobody_answers(client_timeout_us: u64) -> Recording {
        let mut config = Config {
            servers: 3,
            client_timeout_us,
            ..Config::default()
        };
        config.raft.rules = Rules::ALL.without(Rule::EqualLogsMayWin);
        let snapshot = Command::TakeSnapshot { server: NodeId(1) };
        let script = Script {
            config,
            seed: 1,
            commands: vec![
                (Instant(0), Command::put(ClientId(1), "x", "1")),
                (Instant(1_000), snapshot.clone()),
                (Instant(2_000), snapshot),
            ],
        };
        play_through(&script, Instant(0)).0
    }

    /// However often it has asked.
    #[test]
    fn a_client_has_no_answer_if_it_has_waited_as_long_as_the_cluster_may_take() {
        for client_timeout_us in [100_000, 60_000_000] {
            let recording = nobody_answers(client_timeout_us);
            let liveness_us = World::new(recording.config.clone(), 1).liveness_us();
            assert!(shrink(&recording, Goal::NoAnswer, Instant(liveness_us - 1)).is_none());
            let hit = shrink(&recording, Goal::NoAnswer, Instant(liveness_us)).expect("a client waits");
            assert_eq!(hit.recording.commands.len(), 1, "{:?}", hit.recording.commands);
        }
    }

    #[test]
    fn what_is_not_healed_is_seen_again_without_the_healing_that_was_recorded() {
        let (mut script, until) = (Script::of(&noisy()), Instant(4_000_000));
        assert!(shrink(&noisy(), Goal::NotHealed, until).is_none());
        // Where all wait equally long nothing is promised, whatever is healed.
        script.config.raft.election_timeout_us_max = script.config.raft.election_timeout_us_min;
        let (recording, world) = play_through(&script, until);
        let healing = campaign::cures(&world).into_iter().map(|cure| (world.moment(), cure));
        let recording = Recording {
            commands: recording.commands.iter().cloned().chain(healing).collect(),
            ..recording
        };
        let hit = shrink(&recording, Goal::NotHealed, until).expect("it is not healthy");
        let (_, world) = watch(&hit.recording, hit.moment);
        assert!(!world.is_healthy());
        let begun = World::new(hit.recording.config.clone(), 0);
        assert_eq!(
            hit.recording.commands.len(),
            campaign::cures(&begun).len(),
            "but for its healing all is gone"
        );
    }

    /// An assertion that fails as soon as somebody is told of something like this.
    struct Touchy(fn(&EventKind) -> bool);

    impl Observer for Touchy {
        fn observe(&mut self, event: Event) {
            assert!(!(self.0)(&event.kind), "a failed assertion");
        }
    }

    #[test]
    fn a_failed_assertion_is_told_from_the_moment_before() {
        for is_guilty in [
            // In a step of the world, and in a command.
            (|kind| matches!(kind, EventKind::Because(Reason::Elected { .. }))) as fn(&EventKind) -> bool,
            |kind| matches!(kind, EventKind::Commanded(Command::Crash { .. })),
        ] {
            let (script, until) = (Script::of(&noisy()), Instant(10_000_000));
            let hit = play_before(&script, Goal::Panics, until, &mut Touchy(is_guilty)).expect("it is touchy");
            let has_guilty = |events: &[Event]| events.iter().any(|event| is_guilty(&event.kind));
            let (events, world) = watch(&hit.recording, hit.moment);
            assert!(!has_guilty(&events), "it ends before the guilty step");
            let next = Moment {
                step: hit.moment.step + 1,
                ..hit.moment
            };
            assert!(has_guilty(&watch(&hit.recording, next).0), "and the next one is guilty");

            let report = report(&hit);
            let code = report.rsplit('#').next().expect("the last line is a link");
            let code = Code::decode(code.trim()).expect("which can be read");
            assert_eq!((&code.recording, code.moment), (&hit.recording, world.moment()));
            assert!(code.matches(world.trace_hash()));

            // Whoever shrinks it plays no further than that.
            let script = Script::of(&hit.recording);
            assert!(play_before(&script, Goal::Panics, hit.moment.at, &mut Touchy(is_guilty)).is_some());
        }
    }

    #[test]
    fn what_does_not_end_badly_is_not_shrunk() {
        let goal = Goal::Violates(Property::LogMatching);
        assert!(shrink(&noisy(), goal, Instant(10_000_000)).is_none());
    }
}
