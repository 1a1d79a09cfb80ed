//! One trial: a cluster, whose leader crashes, and how long it takes until everybody follows another.
//!
//! It is set up by nothing but commands and time, as anybody could do it on the page:
//!
//! 1. A leader is elected with the paper's timeouts of 150–300 ms; then everybody gets those of the line.
//! 2. From a heartbeat on, nothing that followers answer reaches the leader, so it can mend no log any more. Three
//!    clients write, each while one follower more hears nothing: the four logs end with lengths of their own. Equal
//!    or longer logs may win, so the shortest gets no vote but its own, the next one too few, and the two others
//!    can win. All this takes less than a heartbeat interval, so nobody times out.
//! 3. The next heartbeat takes the mean latency to everybody, and arrives in the same microsecond everywhere. Short
//!    logs refuse it, which the leader does not hear; but a heartbeat it is, and restarts all timers (§5.2).
//! 4. The leader crashes at a random moment before its next heartbeat.

use std::sync::Arc;

use raft_core::{Node, Random, Settings};
use raft_sim::{
    ClientId, Command, Config, DiskConfig, Index, Instant, Links, NetworkConfig, NodeId, Server, World, kv,
};

use super::PATIENCE_US;

/// A message takes so long at least, in microseconds.
const LATENCY_US_MIN: u64 = 600;

/// A message takes so long at most, in microseconds.
const LATENCY_US_MAX: u64 = 5_400;

/// What the synchronised heartbeat takes, in microseconds.
const LATENCY_US_MEAN: u64 = (LATENCY_US_MIN + LATENCY_US_MAX) / 2;

/// A write to a disk takes so long, in microseconds.
const WRITE_US: u64 = 3_000;

/// How long setting up may take at most, in microseconds: far longer than electing the first leader does.
const SET_UP_US_MAX: u64 = 60_000_000;

/// How long it took from the crash until every other server had received the new leader's first heartbeat, in
/// microseconds; none: longer than [`PATIENCE_US`].
///
/// # Panics
///
/// If the trial cannot be set up, or a property is violated.
pub(super) fn downtime_us(timeout_us_max: u64, seed: u64) -> Option<u64> {
    let mut random = Random::new(seed);
    let mut trial = Trial::elect_leader(seed, &mut random);
    trial.set_timeouts(timeout_us_max);
    trial.make_logs_differ();
    trial.synchronise_heartbeat();
    let interval_us = trial.world.settings().heartbeat_interval_us;
    trial.let_pass(random.between(0, interval_us - 1));
    trial.command(&Command::Crash { server: trial.leader });
    let downtime_us = trial.wait_for_leader();
    let properties = trial.world.properties().expect("trials are watched");
    let violation = properties.violations().next();
    assert!(violation.is_none(), "seed {seed}: {violation:?}");
    downtime_us
}

struct Trial {
    world: World,
    seed: u64,
    /// The one that will crash.
    leader: NodeId,
    /// The others, in random order: that of the lengths that their logs will have.
    followers: Vec<NodeId>,
}

fn config() -> Config {
    Config {
        servers: 5,
        network: NetworkConfig {
            latency_us_min: LATENCY_US_MIN,
            latency_us_max: LATENCY_US_MAX,
            loss_ppm: 0,
            duplication_ppm: 0,
            reordering_ppm: 0,
        },
        disk: DiskConfig {
            write_us_min: WRITE_US,
            write_us_max: WRITE_US,
        },
        // The clients that make the logs differ get no answer, and are not to write anything again afterwards.
        client_timeout_us: SET_UP_US_MAX + 2 * PATIENCE_US,
        ..Config::default()
    }
}

/// Setting up.
impl Trial {
    fn elect_leader(seed: u64, random: &mut Random) -> Trial {
        let world = World::new(config(), random.next_u64());
        let mut trial = Trial {
            world,
            seed,
            leader: NodeId(0),
            followers: Vec::new(),
        };
        trial.advance_until("a leader and agreement", everybody_agrees);
        trial.leader = trial.world.leader().expect("there is agreement");
        let servers = trial.world.servers().iter().map(Server::id);
        trial.followers = servers.filter(|&id| id != trial.leader).collect();
        shuffle(&mut trial.followers, random);
        trial
    }

    fn set_timeouts(&mut self, timeout_us_max: u64) {
        let settings = Settings {
            election_timeout_us_min: super::TIMEOUT_US_MIN,
            election_timeout_us_max: timeout_us_max,
            heartbeat_interval_us: super::TIMEOUT_US_MIN / 2,
            ..self.world.settings().clone()
        };
        self.command(&Command::SetSettings(Arc::new(settings)));
    }

    fn make_logs_differ(&mut self) {
        let (leader, followers) = (self.leader, self.followers.clone());
        let heartbeat_at = self.next_heartbeat_at();
        self.world.advance_to(heartbeat_at.after_us(LATENCY_US_MAX), &mut ());
        for &from in &followers {
            self.command(&Command::Cut { from, to: leader });
        }
        let agreed = last_index(&self.world, leader);
        for (written, longer) in (1..followers.len()).zip(1..) {
            let to = followers[written - 1];
            self.command(&Command::Cut { from: leader, to });
            let client = ClientId(written as u64);
            self.command(&Command::put(client, "x", "y").to(leader));
            let end = Index(agreed.0 + written as u64);
            let have_it = |world: &World| followers[longer..].iter().all(|&id| last_index(world, id) == end);
            self.advance_until("a longer log", have_it);
        }
        for &to in &followers {
            self.command(&Command::Heal { from: leader, to });
        }
    }

    /// Lets the leader's next heartbeat leave: it takes the same time to everybody.
    fn synchronise_heartbeat(&mut self) {
        let heartbeat_at = self.next_heartbeat_at();
        assert!(
            self.world.now() < heartbeat_at,
            "seed {}: a heartbeat is missed",
            self.seed
        );
        self.world.advance_to(Instant(heartbeat_at.0 - 1), &mut ());
        self.set_latency(LATENCY_US_MEAN, LATENCY_US_MEAN);
        self.let_pass(1);
        self.set_latency(LATENCY_US_MIN, LATENCY_US_MAX);
    }

    fn next_heartbeat_at(&self) -> Instant {
        let next = node(&self.world, self.leader).and_then(Node::next_deadline);
        next.expect("a leader sends heartbeats")
    }

    fn set_latency(&mut self, us_min: u64, us_max: u64) {
        let on = Links::All;
        self.command(&Command::SetLatency { on, us_min, us_max });
    }

    fn command(&mut self, command: &Command) {
        self.world.command(command, &mut ());
    }

    fn let_pass(&mut self, us: u64) {
        self.world.advance_to(self.world.now().after_us(us), &mut ());
    }

    fn advance_until(&mut self, what: &str, is_so: impl Fn(&World) -> bool) {
        while !is_so(&self.world) {
            let patient = self.world.now() < Instant(SET_UP_US_MAX);
            assert!(patient, "seed {}: waited for {what} in vain", self.seed);
            self.world.step(&mut ());
        }
    }
}

/// Measuring.
impl Trial {
    fn wait_for_leader(&mut self) -> Option<u64> {
        let crashed_at = self.world.now();
        let deadline = crashed_at.after_us(PATIENCE_US);
        while !everybody_follows(&self.world) {
            if self.world.next_step_at()? > deadline {
                return None;
            }
            self.world.step(&mut ());
        }
        Some(self.world.now().since_us(crashed_at))
    }
}

/// Whoever runs has heard from the leader of the highest term, in that term.
fn everybody_follows(world: &World) -> bool {
    let Some(leader) = world.leader().and_then(|id| node(world, id)) else {
        return false;
    };
    let follows =
        |node: &Node<kv::Command>| node.leader() == Some(leader.id()) && node.current_term() == leader.current_term();
    world.servers().iter().filter_map(Server::node).all(follows)
}

/// There is a leader, and all that is in any log is committed everywhere.
fn everybody_agrees(world: &World) -> bool {
    let has_all = |node: &Node<kv::Command>| node.commit_index() == node.log().last_index();
    everybody_follows(world) && world.servers().iter().filter_map(Server::node).all(has_all)
}

fn node(world: &World, id: NodeId) -> Option<&Node<kv::Command>> {
    world.server(id).and_then(Server::node)
}

fn last_index(world: &World, id: NodeId) -> Index {
    node(world, id).map_or(Index(0), |node| node.log().last_index())
}

/// Fisher and Yates.
fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        let other = random.between(0, last as u64);
        items.swap(last, usize::try_from(other).expect("a place in a slice"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the documentation of this module says of the set-up, seen at the moment before the crash.
    #[test]
    fn logs_have_four_lengths_and_timers_start_together() {
        for seed in 0..20 {
            let mut trial = Trial::elect_leader(seed, &mut Random::new(seed));
            trial.set_timeouts(155_000);
            trial.make_logs_differ();
            trial.synchronise_heartbeat();
            trial.let_pass(74_999);
            let world = &trial.world;
            let shortest = last_index(world, trial.followers[0]).0;
            let nodes = || trial.followers.iter().map(|&id| node(world, id).unwrap());
            let ends: Vec<u64> = nodes().map(|node| node.log().last_index().0 - shortest).collect();
            assert_eq!(ends, [0, 1, 2, 3]);
            assert!(nodes().all(|node| node.durable_index() == node.log().last_index()));
            assert!(nodes().all(|node| node.leader() == Some(trial.leader)));
            let mut started = nodes().map(|node| match node.role() {
                raft_core::Role::Follower(follower) => follower.election_timer.unwrap().started,
                role => panic!("{role:?}"),
            });
            let heartbeat_at = trial.next_heartbeat_at().0 - 75_000;
            let together = Instant(heartbeat_at + LATENCY_US_MEAN);
            assert!(started.all(|at| at == together));
        }
    }
}
