//! Campaigns: a seed draws a cluster and its misfortunes; the properties must hold, and after healing the cluster must work.

use std::fmt;

use raft_sim::{ClientId, Command, Config, Instant, Links, NodeId, Recording, Server, Violation, World};

const SECOND_US: u64 = 1_000_000;

/// How long misfortune lasts, in microseconds of the cluster.
pub const SAFETY_PHASE_US: u64 = 60 * SECOND_US;

/// What a seed brought.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Events simulated.
    pub events: u64,
    /// Commands given: crashes, restarts, writes, changes of loss.
    pub commands: u64,
    /// Entries committed, no-ops included.
    pub committed: u64,
    /// The highest term.
    pub terms: u64,
}

/// What a seed found.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How to see it again.
    pub recording: Recording,
    /// When it was found.
    pub at: Instant,
    /// What was wrong.
    pub problem: Problem,
}

/// What was wrong.
#[derive(Clone, Debug)]
pub enum Problem {
    /// A safety property did not hold.
    Violated(Violation),
    /// Everything had been healed for 20 maximum election timeouts, and still nobody led all the others.
    NoLeader,
    /// There was a leader, but a write did not reach every server in that time.
    NoAgreement,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.0;
        write!(f, "seed {}, {at} us: ", self.recording.seed)?;
        match &self.problem {
            Problem::Violated(violation) => write!(f, "{:?} violated: {:?}", violation.property, violation.facts),
            Problem::NoLeader => f.write_str("no leader after healing"),
            Problem::NoAgreement => f.write_str("a write does not reach every server after healing"),
        }?;
        write!(
            f,
            "\n  again: cargo run --release -p raft-evidence -- seed {}\n  {:?}",
            self.recording.seed, self.recording
        )
    }
}

/// Runs one seed: sixty cluster-seconds of crashes, losses and writes, then healing.
///
/// # Errors
///
/// What was wrong, with a recording of it.
pub fn run(seed: u64) -> Result<Summary, Box<Failure>> {
    let mut campaign = Campaign::draw(seed);
    campaign.misfortune()?;
    campaign.heal()?;
    let properties = campaign.world.properties().expect("campaigns are watched");
    let nodes = campaign.world.servers().iter().filter_map(Server::node);
    Ok(Summary {
        events: campaign.world.events(),
        commands: campaign.recording.commands.len() as u64,
        committed: properties.committed().last_index().0,
        terms: nodes.map(|node| node.current_term().0).max().unwrap_or(0),
    })
}

struct Campaign {
    random: raft_core::Random,
    recording: Recording,
    world: World,
    /// The mean time between two misfortunes.
    pause_us: u64,
    writes: u64,
}

impl Campaign {
    /// Draws a cluster: its size, its network and disks, and how often something goes wrong.
    fn draw(seed: u64) -> Campaign {
        let mut random = raft_core::Random::new(seed);
        let mut config = Config {
            servers: random.between(1, Config::SERVERS_MAX),
            ..Config::default()
        };
        config.network.latency_us_min = random.between(100, 10_000);
        config.network.latency_us_max = config.network.latency_us_min + random.between(0, 30_000);
        config.network.loss_ppm = random.between(0, 200_000);
        config.disk.write_us_max = random.between(config.disk.write_us_min, 30_000);
        config.raft.batch_bytes_max = random.between(1, 200);
        config.raft.in_flight_max = usize::try_from(random.between(1, 4)).expect("four fits");
        config.raft.announce_commit = random.between(0, 1) == 1;
        Campaign {
            pause_us: random.between(50_000, 1_000_000),
            world: World::new(config.clone(), seed),
            recording: Recording {
                config,
                seed,
                commands: Vec::new(),
            },
            random,
            writes: 0,
        }
    }

    fn misfortune(&mut self) -> Result<(), Box<Failure>> {
        while self.world.now() < Instant(SAFETY_PHASE_US) {
            let pause_us = self.random.between(1, 2 * self.pause_us);
            self.advance_us(pause_us)?;
            let command = self.draw_command();
            self.command(command);
        }
        Ok(())
    }

    fn draw_command(&mut self) -> Command {
        let server = NodeId(self.random.between(1, self.world.config().servers));
        let is_up = self.world.server(server).is_some_and(|server| server.node().is_some());
        match self.random.between(0, 9) {
            0..=2 if is_up => Command::Crash { server },
            0..=3 if !is_up => Command::Restart { server },
            4 => Command::SetLoss {
                on: Links::All,
                ppm: self.random.between(0, 400_000),
            },
            5 => self.write(Some(server)),
            // The leader more often than others: that is where it hurts.
            6 => Command::Crash {
                server: self.world.leader().unwrap_or(server),
            },
            _ => self.write(None),
        }
    }

    fn write(&mut self, to: Option<NodeId>) -> Command {
        self.writes += 1;
        let key = ["x", "y", "z"][usize::try_from(self.writes % 3).expect("below three")];
        let write = Command::put(ClientId(1), key, self.writes.to_string());
        match to {
            Some(server) => write.to(server),
            None => write,
        }
    }

    /// Everything works again; within 20 maximum election timeouts there must be a leader, and agreement.
    fn heal(&mut self) -> Result<(), Box<Failure>> {
        self.command(Command::SetLoss { on: Links::All, ppm: 0 });
        for server in 1..=self.world.config().servers {
            let server = NodeId(server);
            self.command(Command::Restart { server });
        }
        let patience_us = 20 * self.world.config().raft.election_timeout_us_max;
        self.wait_until(patience_us, everybody_follows, Problem::NoLeader)?;
        let write = self.write(None);
        self.command(write);
        self.wait_until(patience_us, everybody_agrees, Problem::NoAgreement)
    }

    fn wait_until(
        &mut self,
        patience_us: u64,
        is_so: fn(&World) -> bool,
        otherwise: Problem,
    ) -> Result<(), Box<Failure>> {
        let deadline = self.world.now().after_us(patience_us);
        while !is_so(&self.world) {
            if self.world.now() >= deadline {
                return Err(self.fail(otherwise));
            }
            self.advance_us(10_000)?;
        }
        Ok(())
    }

    fn advance_us(&mut self, us: u64) -> Result<(), Box<Failure>> {
        self.world.advance_to(self.world.now().after_us(us), &mut ());
        let violation = self
            .world
            .properties()
            .and_then(|properties| properties.violations().next());
        match violation {
            Some(&violation) => Err(self.fail(Problem::Violated(violation))),
            None => Ok(()),
        }
    }

    fn command(&mut self, command: Command) {
        self.world.command(&command, &mut ());
        let mut moment = self.world.moment();
        moment.step -= 1;
        self.recording.commands.push((moment, command));
    }

    fn fail(&self, problem: Problem) -> Box<Failure> {
        Box::new(Failure {
            recording: self.recording.clone(),
            at: self.world.now(),
            problem,
        })
    }
}

fn everybody_follows(world: &World) -> bool {
    let leader = world.leader();
    let follows = |server: &Server| server.node().is_some_and(|node| node.leader() == leader);
    leader.is_some() && world.servers().iter().all(follows)
}

/// All state machines are equal, and all logs as long as what is committed.
fn everybody_agrees(world: &World) -> bool {
    let first = &world.servers()[0];
    let agrees = |server: &Server| {
        let committed = |node: &raft_core::Node<_>| node.commit_index() == node.log().last_index();
        server.state() == first.state() && server.node().is_some_and(committed)
    };
    world.servers().iter().all(agrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_seeds_of_crashes_losses_and_writes() {
        let mut committed = 0;
        for seed in 0..100 {
            match run(seed) {
                Ok(summary) => committed += summary.committed,
                Err(failure) => panic!("{failure}"),
            }
        }
        assert!(
            committed > 1_000,
            "misfortune left hardly anything to check: {committed}"
        );
    }

    #[test]
    fn a_recording_replays_what_the_campaign_saw() {
        let mut campaign = Campaign::draw(4);
        campaign.misfortune().unwrap();
        let mut timeline = raft_sim::Timeline::replay(campaign.recording.clone());
        timeline.seek(campaign.world.moment());
        assert_eq!(timeline.world().trace_hash(), campaign.world.trace_hash());
    }

    #[test]
    fn a_cluster_that_cannot_work_is_found_out() {
        let mut campaign = Campaign::draw(5);
        campaign.recording.config.network.loss_ppm = Config::PPM_MAX;
        campaign.recording.config.servers = 3;
        campaign.world = World::new(campaign.recording.config.clone(), 5);
        let failure = campaign.wait_until(6 * SECOND_US, everybody_follows, Problem::NoLeader);
        assert!(matches!(failure.unwrap_err().problem, Problem::NoLeader));
    }
}
