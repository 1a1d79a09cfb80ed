//! Campaigns: a seed draws a swarm; while misfortune lasts nothing may be violated, and once all is healed the cluster must work.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use raft_core::session::ClientId;
use raft_core::{Change, Configuration, Random, ReadMode};
use raft_sim::{
    Command, Config, DiskConfig, Instant, Links, MessageId, Moment, NodeId, Operation, Properties, Property, Recording,
    Server, Violation, World, kv,
};

use crate::shrink::before_last_step;
use crate::swarm::{Fault, Swarm, coin, pick};

const MS: u64 = 1_000;

/// Whose write must be answered once all is healed: nobody else is called so.
const FRESH_CLIENT: ClientId = ClientId(Config::CLIENTS_MAX);

/// What a seed brought.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Events simulated.
    pub events: u64,
    /// Time simulated, in microseconds.
    pub cluster_us: u64,
    /// Commands given.
    pub commands: u64,
    /// Entries committed, no-ops included.
    pub committed: u64,
    /// What is sometimes to be seen, and was.
    pub seen: Vec<Property>,
}

/// What a seed found.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed of the campaign.
    pub seed: u64,
    /// How to see it again.
    pub recording: Recording,
    /// Where it was found: if an assertion has failed, right before the step in which it did.
    pub moment: Moment,
    /// What was wrong.
    pub problem: Problem,
}

/// What was wrong.
#[derive(Clone, Debug)]
pub enum Problem {
    /// A property did not hold: of safety, or once all was healed of liveness.
    Violated(Violation),
    /// All was healed, leader and agreement were there, and still a client's write had no answer.
    NoAnswer,
    /// All was healed, and still the world does not hold that everything works.
    NotHealed,
    /// An assertion failed.
    Panicked(String),
}

/// Runs one seed: misfortune, then healing.
///
/// # Errors
///
/// What was wrong, with a recording of it.
pub fn run(seed: u64) -> Result<Summary, Box<Failure>> {
    run_for(seed, Swarm::SAFETY_US)
}

/// The same, with another time for misfortune, in microseconds.
///
/// # Errors
///
/// What was wrong, with a recording of it.
pub fn run_for(seed: u64, safety_us: u64) -> Result<Summary, Box<Failure>> {
    let mut random = Random::new(seed);
    let mut swarm = Swarm::draw(&mut random);
    swarm.safety_us = safety_us;
    run_swarm(swarm, random, seed)
}

pub(crate) fn run_swarm(swarm: Swarm, random: Random, seed: u64) -> Result<Summary, Box<Failure>> {
    run_campaign(Campaign::new(swarm, random, seed), seed)
}

/// The same, but of all properties only one is looked for: a cluster without a rule may violate others first.
pub(crate) fn hunt(swarm: Swarm, random: Random, seed: u64, quarry: Property) -> Result<Summary, Box<Failure>> {
    let mut campaign = Campaign::new(swarm, random, seed);
    campaign.quarry = Some(quarry);
    run_campaign(campaign, seed)
}

fn run_campaign(mut campaign: Campaign, seed: u64) -> Result<Summary, Box<Failure>> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        campaign.misfortune()?;
        campaign.heal()
    }));
    let (problem, moment) = match done {
        Ok(Ok(())) => return Ok(campaign.summary()),
        Ok(Err(problem)) => (problem, campaign.world.moment()),
        Err(panic) => (Problem::Panicked(words_of(&*panic)), before_last_step(&campaign.world)),
    };
    Err(Box::new(Failure {
        seed,
        moment,
        recording: campaign.recording,
        problem,
    }))
}

/// What an assertion said.
pub(crate) fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
    text.unwrap_or_else(|| "something without words".to_owned())
}

pub(crate) struct Campaign {
    swarm: Swarm,
    random: Random,
    pub(crate) recording: Recording,
    pub(crate) world: World,
    /// How many values have been written: each is another.
    values: u64,
    /// The only property that is looked for; none: all.
    quarry: Option<Property>,
}

/// What was wrong, without where.
type Found = Result<(), Problem>;

impl Campaign {
    pub(crate) fn new(swarm: Swarm, random: Random, seed: u64) -> Campaign {
        let config = swarm.config.clone();
        Campaign {
            swarm,
            random,
            world: World::new(config.clone(), seed),
            recording: Recording {
                config,
                seed,
                commands: Vec::new(),
            },
            values: 0,
            quarry: None,
        }
    }

    fn summary(&self) -> Summary {
        let properties = self.properties();
        let seen = Property::ALL.iter().copied();
        Summary {
            events: self.world.events(),
            cluster_us: self.world.now().0,
            commands: self.recording.commands.len() as u64,
            committed: properties.committed().last_index().0,
            seen: seen.filter(|&property| properties.seen(property).is_some()).collect(),
        }
    }

    fn properties(&self) -> &Properties {
        self.world.properties().expect("campaigns are watched")
    }

    pub(crate) fn misfortune(&mut self) -> Found {
        for (at, command) in self.swarm.opening.clone() {
            self.advance_us(at.since_us(self.world.now()))?;
            self.command(command);
        }
        while self.world.now() < Instant(self.swarm.safety_us) {
            let pause_us = self.random.between(1, 2 * self.swarm.pause_us);
            self.advance_us(pause_us)?;
            if let Some(fault) = self.swarm.draw_fault(&mut self.random) {
                self.strike(fault);
            }
        }
        Ok(())
    }

    /// Everything works again: the world's own properties say whether there is a leader in time, and agreement; and then
    /// a client that has never asked before must have its answer.
    pub(crate) fn heal(&mut self) -> Found {
        self.heal_everything();
        if !self.world.is_healthy() {
            return Err(Problem::NotHealed);
        }
        while self.properties().awaits_liveness() {
            self.advance_us(10 * MS)?;
            self.shut_down_who_was_removed();
        }
        let write = self.put(FRESH_CLIENT).to(self.world.leader().unwrap_or(NodeId(1)));
        self.command(write);
        // Whatever is done to the cluster, leader and agreement are owed anew; a wish alone would not be enough.
        self.command(Command::HealAll);
        let deadline = self.world.now().after_us(self.world.liveness_us());
        while self.fresh_client_waits() || self.properties().awaits_liveness() {
            if self.world.now() >= deadline && self.fresh_client_waits() {
                return Err(Problem::NoAnswer);
            }
            self.advance_us(10 * MS)?;
            self.shut_down_who_was_removed();
        }
        Ok(())
    }

    fn fresh_client_waits(&self) -> bool {
        let mut clients = self.world.clients().iter();
        clients.any(|client| client.id() == FRESH_CLIENT && client.call().is_some())
    }

    fn heal_everything(&mut self) {
        let cures = cures(&self.world);
        cures.into_iter().for_each(|cure| self.command(cure));
        self.shut_down_who_was_removed();
        if self.swarm.begins_anew {
            self.cut_power();
        }
        for command in self.swarm.once_healed.clone() {
            self.command(command);
        }
    }

    /// Whoever has been removed and has not heard of it would disturb the others for ever (dissertation, §4.2.3):
    /// somebody switches such a machine off, as in any real cluster.
    fn shut_down_who_was_removed(&mut self) {
        let members = self.world.members();
        let servers = self.world.servers().iter();
        let mut removed = servers.filter(|server| server.node().is_some() && !members.contains(&server.id()));
        if let Some(server) = removed.next().map(Server::id) {
            self.command(Command::Crash { server });
        }
    }

    fn advance_us(&mut self, us: u64) -> Found {
        self.world.advance_to(self.world.now().after_us(us), &mut ());
        let mut violations = self.properties().violations();
        let is_sought = |violation: &&Violation| self.quarry.is_none_or(|quarry| violation.property == quarry);
        match violations.find(is_sought) {
            Some(&violation) => Err(Problem::Violated(violation)),
            None => Ok(()),
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        // Recorded first: it may be the one that an assertion fails on.
        self.recording.commands.push((self.world.moment(), command));
        let (_, command) = self.recording.commands.last().expect("it has just been recorded");
        self.world.command(command, &mut ());
    }
}

/// What undoes all that has befallen a cluster: after that everything works.
pub(crate) fn cures(world: &World) -> Vec<Command> {
    let on = Links::All;
    let Config { network, disk, .. } = Config::default();
    let mut cures = vec![
        Command::HealAll,
        Command::SetLoss { on, ppm: 0 },
        Command::SetDuplication { on, ppm: 0 },
        Command::SetReordering { on, ppm: 0 },
        Command::SetLatency {
            on,
            us_min: network.latency_us_min,
            us_max: network.latency_us_max,
        },
        Command::SetDisk { server: None, disk },
    ];
    let members = world.members();
    for server in world.servers() {
        let id = server.id();
        if server.clock().drift_ppm() != 0 {
            cures.push(Command::SetDrift { server: id, ppm: 0 });
        }
        if server.disk().is_stalled() {
            cures.push(Command::UnstallDisk { server: id });
        }
        if server.is_paused() {
            cures.push(Command::Resume { server: id });
        }
        if server.node().is_none() && members.contains(&id) {
            cures.push(Command::Restart { server: id });
        }
    }
    cures
}

/// Misfortune.
impl Campaign {
    fn strike(&mut self, fault: Fault) {
        let command = match fault {
            Fault::Crash => Some(self.crash_or_restart()),
            Fault::CrashLeader => self.world.leader().map(|server| Command::Crash { server }),
            Fault::Bounce => return self.bounce(),
            Fault::PowerCut => return self.cut_power(),
            Fault::Pause => Some(self.pause_or_resume()),
            Fault::Drift => Some(self.drift()),
            Fault::TimeOut => Some(Command::TimeOut { server: self.anybody() }),
            Fault::Cut => Some(self.cut_or_heal()),
            Fault::Partition => Some(self.partition_or_heal()),
            Fault::Loss => Some(Command::SetLoss {
                on: self.links(),
                ppm: self.ppm(500_000),
            }),
            Fault::Duplication => Some(Command::SetDuplication {
                on: self.links(),
                ppm: self.ppm(500_000),
            }),
            Fault::Reordering => Some(Command::SetReordering {
                on: self.links(),
                ppm: self.ppm(500_000),
            }),
            Fault::Latency => Some(self.latency()),
            Fault::Message => self.message(),
            Fault::SlowDisk => Some(self.slow_disk()),
            Fault::StallDisk => Some(self.stall_or_unstall()),
            Fault::Snapshot => Some(Command::TakeSnapshot { server: self.anybody() }),
            Fault::Members => Some(self.change_members()),
            Fault::Transfer => Some(Command::TransferLeadership { to: self.anybody() }),
            Fault::Ask => Some(self.ask()),
        };
        command.into_iter().for_each(|command| self.command(command));
    }

    fn anybody(&mut self) -> NodeId {
        let place = pick(&mut self.random, self.world.servers().len());
        self.world.servers()[place].id()
    }

    /// Any server; but the leader more often than others: that is where it hurts.
    fn somebody(&mut self) -> NodeId {
        match self.world.leader() {
            Some(leader) if self.random.between(0, 3) == 0 => leader,
            _ => self.anybody(),
        }
    }

    /// Two different servers, or one twice if there is but one.
    fn two(&mut self) -> (NodeId, NodeId) {
        let (from, mut to) = (self.somebody(), self.anybody());
        if from == to {
            to = self.anybody();
        }
        (from, to)
    }

    fn is_up(&self, server: NodeId) -> bool {
        self.world.server(server).is_some_and(|server| server.node().is_some())
    }

    fn crash_or_restart(&mut self) -> Command {
        let server = self.somebody();
        if self.is_up(server) {
            Command::Crash { server }
        } else {
            Command::Restart { server }
        }
    }

    fn bounce(&mut self) {
        let server = self.somebody();
        self.command(Command::Crash { server });
        self.command(Command::Restart { server });
    }

    /// A server of that state, if there is one and chance wants it.
    fn maybe_one(&mut self, is_meant: impl Fn(&Server) -> bool) -> Option<NodeId> {
        let servers = self.world.servers().iter().filter(|server| is_meant(server));
        let meant: Vec<NodeId> = servers.map(Server::id).collect();
        (!meant.is_empty() && coin(&mut self.random)).then(|| meant[pick(&mut self.random, meant.len())])
    }

    fn cut_power(&mut self) {
        let ids: Vec<NodeId> = self.world.servers().iter().map(Server::id).collect();
        for &server in &ids {
            if self.is_up(server) {
                self.command(Command::Crash { server });
            }
        }
        for server in ids {
            self.command(Command::Restart { server });
        }
    }

    fn pause_or_resume(&mut self) -> Command {
        match self.maybe_one(Server::is_paused) {
            Some(server) => Command::Resume { server },
            None => Command::Pause {
                server: self.somebody(),
            },
        }
    }

    fn drift(&mut self) -> Command {
        let max = i64::try_from(self.swarm.drift_ppm_max).unwrap_or(0);
        // What is farthest apart hurts most.
        let ppm = match self.random.between(0, 3) {
            0 => max,
            1 => -max,
            _ => i64::try_from(self.random.between(0, 2 * self.swarm.drift_ppm_max)).unwrap_or(0) - max,
        };
        Command::SetDrift {
            server: self.somebody(),
            ppm,
        }
    }

    fn cut_or_heal(&mut self) -> Command {
        let cuts: Vec<_> = self.world.network().cuts().collect();
        if !cuts.is_empty() && coin(&mut self.random) {
            let (from, to) = cuts[pick(&mut self.random, cuts.len())];
            return Command::Heal { from, to };
        }
        let (from, to) = self.two();
        Command::Cut { from, to }
    }

    fn partition_or_heal(&mut self) -> Command {
        if self.world.network().cuts().next().is_some() && coin(&mut self.random) {
            return Command::HealAll;
        }
        let mut groups = vec![Vec::new(), Vec::new()];
        let ids: Vec<NodeId> = self.world.servers().iter().map(Server::id).collect();
        for id in ids {
            groups[pick(&mut self.random, 2)].push(id);
        }
        Command::Partition { groups }
    }

    fn links(&mut self) -> Links {
        if self.random.between(0, 2) == 0 {
            return Links::All;
        }
        let (from, to) = self.two();
        Links::One { from, to }
    }

    fn ppm(&mut self, max: u64) -> u64 {
        if coin(&mut self.random) {
            0
        } else {
            self.random.between(1, max)
        }
    }

    fn latency(&mut self) -> Command {
        let us_min = 100 << self.random.between(0, 8);
        let us_max = us_min + self.random.between(0, 20 * MS);
        let on = self.links();
        Command::SetLatency { on, us_min, us_max }
    }

    /// Something befalls a message on its way, if there is one.
    fn message(&mut self) -> Option<Command> {
        let mut ids: Vec<MessageId> = self.world.in_flight().map(|in_flight| in_flight.id).collect();
        ids.sort_unstable();
        let message = *ids.get(pick(&mut self.random, ids.len()))?;
        Some(match self.random.between(0, 2) {
            0 => Command::Drop { message },
            1 => Command::Duplicate { message },
            _ => Command::Delay {
                message,
                by_us: self.random.between(1, 1_000 * MS),
            },
        })
    }

    fn slow_disk(&mut self) -> Command {
        let server = coin(&mut self.random).then(|| self.somebody());
        let write_us_min = 100 << self.random.between(0, 9);
        let disk = DiskConfig {
            write_us_min,
            write_us_max: write_us_min + self.random.between(0, 50 * MS),
        };
        Command::SetDisk { server, disk }
    }

    fn stall_or_unstall(&mut self) -> Command {
        match self.maybe_one(|server| server.disk().is_stalled()) {
            Some(server) => Command::UnstallDisk { server },
            None => Command::StallDisk {
                server: self.somebody(),
            },
        }
    }

    fn change_members(&mut self) -> Command {
        let any = NodeId(self.random.between(1, Config::SERVERS_MAX));
        let change = match self.random.between(0, 4) {
            0 => Change::AddLearner(any),
            1 | 2 => Change::AddVoter(any),
            3 => Change::Remove(self.somebody()),
            _ => Change::Replace(self.configuration()),
        };
        Command::ChangeMembers { change }
    }

    /// Any configuration with somebody in it.
    fn configuration(&mut self) -> Configuration {
        let mut voters = vec![NodeId(self.random.between(1, Config::SERVERS_MAX))];
        let mut learners = Vec::new();
        for id in (1..=Config::SERVERS_MAX).map(NodeId) {
            match self.random.between(0, 5) {
                0..=2 => voters.push(id),
                3 => learners.push(id),
                _ => (),
            }
        }
        Configuration::new(voters).with_learners(learners)
    }

    fn ask(&mut self) -> Command {
        let client = ClientId(self.random.between(1, self.swarm.clients));
        let key = ["a", "b", "c", "d"][pick(&mut self.random, usize::try_from(self.swarm.keys).unwrap_or(1))];
        let to = coin(&mut self.random).then(|| self.somebody());
        let operation = if self.random.between(0, 99) < self.swarm.reads_percent {
            let mode = self.read_mode();
            Operation::Read { key: key.into(), mode }
        } else {
            Operation::Write(self.write(key))
        };
        Command::Ask { client, to, operation }
    }

    fn read_mode(&mut self) -> ReadMode {
        let has_leases = self.swarm.config.raft.lease_drift_ppm_max.is_some();
        match self.random.between(0, 5) {
            0 => ReadMode::Local,
            1..=3 if has_leases => ReadMode::Lease,
            _ => ReadMode::ReadIndex,
        }
    }

    fn write(&mut self, key: &str) -> kv::Write {
        self.values += 1;
        let (key, value) = (key.into(), self.values.to_string().into());
        if self.random.between(0, 3) > 0 {
            return kv::Write::Put { key, value };
        }
        let somebody = self.anybody();
        let state = self.world.server(somebody).and_then(Server::state);
        let expected = state.and_then(|state| state.get(&key)).cloned();
        kv::Write::CompareAndSet { key, expected, value }
    }

    fn put(&mut self, client: ClientId) -> Command {
        self.values += 1;
        Command::put(client, "a", self.values.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use raft_sim::{PropertyKind, Timeline};

    use super::*;

    #[test]
    fn a_few_hundred_seeds_violate_nothing_and_see_everything() {
        let mut seen = BTreeSet::new();
        let mut committed = 0;
        for seed in 0..400 {
            match run_for(seed, 10_000 * MS) {
                Ok(summary) => {
                    committed += summary.committed;
                    seen.extend(summary.seen);
                }
                Err(failure) => panic!("{failure:?}"),
            }
        }
        let sometimes = Property::ALL.iter().copied();
        let sometimes = sometimes.filter(|property| property.kind() == PropertyKind::Sometimes);
        assert_eq!(seen, sometimes.collect(), "what is sometimes to be seen has been seen");
        assert!(
            committed > 10_000,
            "misfortune left hardly anything to check: {committed}"
        );
    }

    #[test]
    fn a_recording_replays_what_the_campaign_saw() {
        let mut random = Random::new(4);
        let swarm = Swarm::draw(&mut random);
        let mut campaign = Campaign::new(swarm, random, 4);
        campaign.misfortune().unwrap();
        let mut timeline = Timeline::replay(campaign.recording.clone());
        timeline.seek(campaign.world.moment());
        assert_eq!(timeline.world().trace_hash(), campaign.world.trace_hash());
    }

    #[test]
    fn a_cluster_that_cannot_work_is_found_out() {
        let mut random = Random::new(5);
        let mut swarm = Swarm::draw(&mut random);
        swarm.faults.clear();
        swarm.safety_us = 0;
        swarm.config = Config {
            servers: 3,
            ..Config::default()
        };
        // Whoever must be newer than the others never wins where all are equal.
        swarm.config.raft.rules = raft_core::Rules::ALL.without(raft_core::Rule::EqualLogsMayWin);
        let failure = run_swarm(swarm, random, 5).unwrap_err();
        let Problem::Violated(violation) = failure.problem else {
            panic!("{failure:?}");
        };
        assert_eq!(violation.property, Property::LeaderEmerges);
    }
}
