//! The table of rules: each switched off, what breaks, how soon that is found, and the shortest history found in which it does.
//!
//! A hunt draws swarms like a campaign, with a leaning: some rules matter only where a certain thing happens. What a hunt leans to,
//! and why, is data ([`Hunt`]). All hunts begin with the rule off and look for one property, whatever else breaks first.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use raft_core::{Change, Configuration, ElectionStyle, Random, ReadMode, Rule, Rules};
use raft_sim::{ClientId, Command, Config, DiskConfig, Instant, Links, NodeId, Property, Timeline, scenarios};

use crate::campaign::{self, Failure, Problem};
use crate::shrink::{self, Goal, Hit};
use crate::swarm::{Fault, Swarm};

const MS: u64 = 1_000;

/// How many hunts for each rule: their median is in the table.
pub const STARTS: u64 = 5;

/// After so many seeds a hunt is given up.
pub const SEEDS_MAX: u64 = 2_000;

/// What is hunted, and where.
pub struct Hunt {
    /// The rule that is off.
    pub rule: Rule,
    /// Rules that are off besides: without them it would not matter.
    pub besides: &'static [Rule],
    /// What that means, in words.
    pub off: &'static str,
    /// What must break.
    pub breaks: Property,
    /// What the swarms lean to.
    pub leaning: &'static str,
    /// How they are made to.
    pub lean: fn(&mut Swarm, &mut Random),
}

/// What a hunt brought.
#[derive(Clone, Debug)]
pub struct Trophy {
    /// How many seeds it took, from each start; none: given up.
    pub seeds: Vec<Option<u64>>,
    /// The shortest history found.
    pub hit: Option<Hit>,
    /// Assertions that failed on the way: there should be none.
    pub panics: Vec<Box<Failure>>,
}

impl Trophy {
    /// The median of the seeds; none: more than half of the hunts were given up.
    #[must_use]
    pub fn median(&self) -> Option<u64> {
        let mut seeds: Vec<u64> = self.seeds.iter().map(|seeds| seeds.unwrap_or(u64::MAX)).collect();
        seeds.sort_unstable();
        seeds.get(seeds.len() / 2).copied().filter(|&median| median != u64::MAX)
    }
}

impl Hunt {
    /// Hunts, from several starts, and shrinks the shortest of what was found.
    #[must_use]
    pub fn run(&self) -> Trophy {
        let mut trophy = Trophy {
            seeds: Vec::new(),
            hit: None,
            panics: Vec::new(),
        };
        let mut found = Vec::new();
        for start in 0..STARTS {
            let seeds = (0..SEEDS_MAX).find(|number| {
                let seed = start * 1_000_000 + number;
                match self.try_seed(seed) {
                    Ok(()) => false,
                    Err(failure) if matches!(failure.problem, Problem::Violated(_)) => {
                        found.push(failure);
                        true
                    }
                    Err(failure) => {
                        if let Problem::Panicked(_) = failure.problem {
                            trophy.panics.push(failure);
                        }
                        false
                    }
                }
            });
            trophy.seeds.push(seeds.map(|before| before + 1));
            if seeds.is_none() && start == 0 {
                break;
            }
        }
        let goal = Goal::Violates(self.breaks);
        // What is short already is soon shrunk, and likely to become the shortest.
        found.sort_by_key(|failure| failure.moment.at);
        let hits = found
            .iter()
            .take(2)
            .filter_map(|failure| shrink::shrink(&failure.recording, goal, failure.moment.at));
        let shortest = hits.min_by_key(|hit| (hit.recording.commands.len(), hit.moment));
        trophy.hit = shortest.or_else(|| self.tell());
        trophy
    }

    /// What no hunt has found may still be told: the scenario of the rule's name.
    fn tell(&self) -> Option<Hit> {
        let play = scenarios::named(self.rule.id())?.scenario().play();
        let violation = *play.world.properties()?.violation(self.breaks)?;
        let mut timeline = Timeline::replay(play.recording);
        timeline.seek_to_event(violation.event);
        Some(Hit {
            moment: timeline.moment(),
            recording: timeline.recording().clone(),
            goal: Goal::Violates(self.breaks),
        })
    }

    /// The rules that are on or off whatever becomes of this one.
    #[must_use]
    pub fn others(&self) -> Rules {
        self.besides.iter().fold(Rules::ALL, |rules, &rule| rules.without(rule))
    }

    /// One seed of it.
    fn try_seed(&self, seed: u64) -> Result<(), Box<Failure>> {
        let mut random = Random::new(seed);
        let swarm = self.draw(&mut random);
        campaign::hunt(swarm, random, seed, self.breaks).map(|_| ())
    }

    fn draw(&self, random: &mut Random) -> Swarm {
        let mut swarm = Swarm::draw(random);
        // What clients want is asked by command, so that what does not matter can be left out.
        swarm.config.workload = None;
        swarm.put(Fault::Ask, 8);
        // Much happens in little time, which is soon shrunk.
        swarm.pause_us = (5 * MS) << random.between(0, 4);
        swarm.safety_us = 15_000 * MS;
        swarm.config.servers = swarm.config.servers.clamp(2, 5);
        // Where chance has no say, a history hangs together when parts of it are left out.
        if random.between(0, 1) == 1 {
            swarm.config.network.latency_us_max = swarm.config.network.latency_us_min;
            swarm.config.disk.write_us_max = swarm.config.disk.write_us_min;
        }
        (self.lean)(&mut swarm, random);
        swarm.keep_to_the_rules();
        swarm.config.raft.rules = self.others().without(self.rule);
        swarm
    }
}

/// Runs all hunts, on several threads, and tells of each as it ends.
pub fn run_all(jobs: usize, tell: impl Fn(&Hunt, &Trophy) + Sync) -> Vec<Trophy> {
    let next = AtomicUsize::new(0);
    let trophies = Mutex::new(Vec::new());
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(hunt) = HUNTS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // The campaign's own assertions are silent; what fails here must be heard.
                    let trophy = catch_unwind(AssertUnwindSafe(|| hunt.run())).unwrap_or_else(|panic| {
                        eprintln!("{}: {}", hunt.rule.id(), campaign::words_of(&*panic));
                        resume_unwind(panic)
                    });
                    tell(hunt, &trophy);
                    let mut trophies = trophies.lock().expect("no thread dies with the lock");
                    trophies.push((hunt.rule, trophy));
                }
            });
        }
    });
    std::panic::set_hook(hook);
    let mut trophies = trophies.into_inner().expect("no thread dies with the lock");
    trophies.sort_by_key(|(rule, _)| *rule);
    trophies.into_iter().map(|(_, trophy)| trophy).collect()
}

/// Nothing in particular.
fn any(_: &mut Swarm, _: &mut Random) {}

/// Nothing but this happens: what a rule guards against is rare among everything that may go wrong at once.
fn only(swarm: &mut Swarm, faults: &[(Fault, u64)]) {
    swarm.faults = faults.to_vec();
}

/// Leaders come and go, and not everybody hears of it.
const UNREST: &[(Fault, u64)] = &[
    (Fault::TimeOut, 4),
    (Fault::Crash, 4),
    (Fault::CrashLeader, 2),
    (Fault::Bounce, 2),
    (Fault::Cut, 2),
    (Fault::Partition, 2),
    (Fault::Ask, 6),
];

fn unrest(swarm: &mut Swarm, random: &mut Random) {
    only(swarm, UNREST);
    swarm.config.servers = random.between(3, 5);
    swarm.config.raft.lease_drift_ppm_max = None;
    swarm.config.raft.check_quorum = false;
    swarm.config.raft.pre_vote = false;
}

fn one_by_one(swarm: &mut Swarm) {
    swarm.config.raft.batch_bytes_max = 1;
    swarm.config.raft.in_flight_max = 1;
}

fn read_much(swarm: &mut Swarm) {
    swarm.put(Fault::Ask, 12);
    swarm.reads_percent = 50;
    swarm.keys = 1;
    swarm.clients = 5;
}

/// 1 leads term 1, and its entry x to 3 takes long; it crashes before x is durable, and 2 is elected by it. 3 hears of term 2 with
/// its first entry and acknowledges that, crashes before the term is durable, and takes x for the leader's.
fn split_writes(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    let [one, two, three] = [1, 2, 3].map(NodeId);
    let disk = |server, write_us_min, write_us_max| Command::SetDisk {
        server: Some(server),
        disk: DiskConfig {
            write_us_min,
            write_us_max,
        },
    };
    let slow = Command::SetLatency {
        on: Links::One { from: one, to: three },
        us_min: 250 * MS,
        us_max: 250 * MS,
    };
    let script = [
        (0, Command::TimeOut { server: one }),
        (200, Command::Cut { from: one, to: two }),
        (200, slow),
        (200, disk(one, 80 * MS, 80 * MS)),
        (205, Command::put(ClientId(1), "x", "1").to(one)),
        (240, Command::Crash { server: one }),
        (240, Command::Restart { server: one }),
        (240, disk(one, 2 * MS, 4 * MS)),
        (240, Command::Heal { from: one, to: two }),
        (240, Command::Cut { from: two, to: three }),
        (250, Command::TimeOut { server: two }),
        (275, Command::Cut { from: two, to: one }),
        (275, Command::Heal { from: two, to: three }),
        (275, disk(three, 10 * MS, 60 * MS)),
        (390, Command::Cut { from: two, to: three }),
        (390, Command::Crash { server: three }),
        (390, Command::Restart { server: three }),
        (390, disk(three, 2 * MS, 4 * MS)),
        (490, Command::Crash { server: two }),
    ];
    open(swarm, random, script);
}

/// What happens in the beginning, at about these milliseconds: the exact times are left to chance.
fn open<const N: usize>(swarm: &mut Swarm, random: &mut Random, script: [(u64, Command); N]) {
    let mut ahead = Instant(0);
    for (ms, command) in script {
        let jitter_us = if random.between(0, 3) == 0 {
            random.between(0, 20 * MS)
        } else {
            0
        };
        ahead = ahead.max(Instant(ms * MS + jitter_us));
        swarm.opening.push((ahead, command));
    }
    only(swarm, &[(Fault::TimeOut, 1)]);
    swarm.safety_us = 3_000 * MS;
    swarm.pause_us = 300 * MS;
}

/// Three servers on a network that takes always the same.
fn three_alike(swarm: &mut Swarm, latency_us: u64) {
    swarm.config = Config {
        servers: 3,
        ..Config::default()
    };
    let network = &mut swarm.config.network;
    (network.latency_us_min, network.latency_us_max) = (latency_us, latency_us);
}

/// Figure 8 in three servers, one entry a message: 1 writes a and crashes, 3 is elected by 2 and writes its no-op alone; 1 is
/// elected again, brings a to 2, and counts; 3 is elected by 2.
fn figure_8(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    one_by_one(swarm);
    let [one, two, three] = [1, 2, 3].map(NodeId);
    let script = [
        (0, Command::TimeOut { server: one }),
        (
            200,
            Command::Partition {
                groups: vec![vec![two, three]],
            },
        ),
        (200, Command::put(ClientId(1), "a", "1").to(one)),
        (250, Command::Crash { server: one }),
        (255, Command::TimeOut { server: three }),
        (280, Command::Cut { from: three, to: two }),
        (300, Command::Crash { server: three }),
        (300, Command::HealAll),
        (300, Command::Restart { server: one }),
        (310, Command::TimeOut { server: one }),
        (330, Command::TimeOut { server: one }),
        (395, Command::Cut { from: one, to: two }),
        (430, Command::Crash { server: one }),
        (430, Command::Restart { server: three }),
        (430, Command::HealAll),
        (440, Command::TimeOut { server: three }),
        (480, Command::TimeOut { server: three }),
    ];
    open(swarm, random, script);
}

/// The clock of the leader, 1, runs slow, those of the others fast, all as far as allowed; then it is cut off, another is elected and
/// writes, and 1 is asked.
fn old_lease(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, MS);
    swarm.config.client_timeout_us = 40 * MS;
    let raft = &mut swarm.config.raft;
    raft.check_quorum = true;
    raft.lease_drift_ppm_max = Some(300_000);
    (raft.election_timeout_us_min, raft.election_timeout_us_max) = (150 * MS, 200 * MS);
    let [one, two, three] = [1, 2, 3].map(NodeId);
    let drift = |server, ppm| Command::SetDrift { server, ppm };
    let script = [
        (0, Command::Crash { server: two }),
        (0, Command::Crash { server: three }),
        (140, Command::Restart { server: two }),
        (140, Command::Restart { server: three }),
        (600, drift(one, -300_000)),
        (600, drift(two, 300_000)),
        (600, drift(three, 300_000)),
        (
            700,
            Command::Partition {
                groups: vec![vec![two, three]],
            },
        ),
        (820, Command::put(ClientId(2), "x", "2").to(two)),
        (820, Command::put(ClientId(3), "x", "3").to(three)),
        (880, Command::read(ClientId(1), "x", ReadMode::Lease).to(one)),
        (880, Command::read(ClientId(4), "x", ReadMode::Lease).to(one)),
    ];
    open(swarm, random, script);
    only(swarm, &[]);
}

/// 4 and 5 learn. 1 appends a change to {1, 4, 5} that neither 2 nor 3 hears of: of the new servers it has a majority, and of
/// the old ones 2 and 3 are one. 4 and 2 stand at the same time.
fn new_side_decides(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    let [one, two, three, four, five] = [1, 2, 3, 4, 5].map(NodeId);
    let change = |change| Command::ChangeMembers { change };
    let script = [
        (0, Command::TimeOut { server: one }),
        (150, change(Change::AddLearner(four))),
        (300, change(Change::AddLearner(five))),
        (
            450,
            Command::Partition {
                groups: vec![vec![one, four, five], vec![two, three]],
            },
        ),
        (460, change(Change::Replace(Configuration::new([one, four, five])))),
        (520, Command::TimeOut { server: four }),
        (520, Command::TimeOut { server: two }),
    ];
    open(swarm, random, script);
    only(swarm, &[]);
}

/// 6 and 7 learn from 1 to 5. 3 appends a change to {3, 4, 5} that nobody else has; 1 is elected by all but 3, and its entry counts
/// as committed with 2, 6 and 7; then 3 is elected by the majorities of its own configuration, 4 and 5 among them.
fn learners_decide(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    swarm.config.servers = 5;
    let [one, two, three, four, five] = [1, 2, 3, 4, 5].map(NodeId);
    let change = |change| Command::ChangeMembers { change };
    let script = [
        (0, Command::TimeOut { server: three }),
        (150, change(Change::AddLearner(NodeId(6)))),
        (300, change(Change::AddLearner(NodeId(7)))),
        (
            450,
            Command::Partition {
                groups: vec![[1, 2, 4, 5, 6, 7].map(NodeId).to_vec()],
            },
        ),
        (450, change(Change::Replace(Configuration::new([three, four, five])))),
        (470, Command::TimeOut { server: one }),
        (485, Command::Cut { from: one, to: four }),
        (485, Command::Cut { from: one, to: five }),
        (540, Command::Crash { server: one }),
        (540, Command::Crash { server: two }),
        (540, Command::HealAll),
    ];
    open(swarm, random, script);
}

/// 1 leads; x and y are long on their way to 3, x alone comes to 2. 1 forgets x in a snapshot, hears from 3 that it lacks y, and sends
/// the snapshot; but x and y come first, and with them y is committed.
fn late_snapshot(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    swarm.config.raft.batch_bytes_max = 1;
    swarm.config.raft.compaction_keeps = 0;
    let [one, two, three] = [1, 2, 3].map(NodeId);
    let latency = |us| Command::SetLatency {
        on: Links::One { from: one, to: three },
        us_min: us,
        us_max: us,
    };
    let script = [
        (0, Command::TimeOut { server: one }),
        (200, latency(100 * MS)),
        (200, Command::put(ClientId(1), "x", "1").to(one)),
        (215, Command::put(ClientId(2), "y", "2").to(one)),
        (223, Command::Cut { from: one, to: two }),
        (236, Command::TakeSnapshot { server: one }),
        (236, latency(5 * MS)),
        (237, Command::TimeOut { server: one }),
        (245, latency(90 * MS)),
        (346, Command::Crash { server: one }),
        (346, Command::HealAll),
        (350, Command::TimeOut { server: two }),
    ];
    open(swarm, random, script);
}

/// 3 leads and writes x and y alone; 1 is elected by 2. Its empty heartbeat comes to 3, which acknowledges up to y; before that is
/// back 1 has z, and counts 3 for it.
fn stale_tail(swarm: &mut Swarm, random: &mut Random) {
    unrest(swarm, random);
    three_alike(swarm, 10 * MS);
    let [one, two, three] = [1, 2, 3].map(NodeId);
    let script = [
        (0, Command::TimeOut { server: three }),
        (
            200,
            Command::Partition {
                groups: vec![vec![one, two]],
            },
        ),
        (200, Command::put(ClientId(1), "x", "1").to(three)),
        (200, Command::put(ClientId(2), "y", "2").to(three)),
        (260, Command::TimeOut { server: one }),
        (300, Command::HealAll),
        (320, Command::TimeOut { server: one }),
        (325, Command::put(ClientId(3), "z", "3").to(one)),
        (340, Command::Cut { from: one, to: two }),
        (340, Command::Cut { from: one, to: three }),
        (350, Command::Crash { server: one }),
        (350, Command::HealAll),
        (360, Command::TimeOut { server: three }),
    ];
    open(swarm, random, script);
}

fn quiet(swarm: &mut Swarm, _: &mut Random) {
    swarm.faults.clear();
    swarm.safety_us = 0;
    swarm.config.servers = swarm.config.servers.max(3);
}

/// The hunts, one for each rule, in the order of [`Rule::ALL`].
pub const HUNTS: &[Hunt] = &[
    Hunt {
        rule: Rule::OneVotePerTerm,
        besides: &[],
        off: "a vote is granted although it has been given to another",
        breaks: Property::ElectionSafety,
        leaning: "",
        lean: any,
    },
    Hunt {
        rule: Rule::PersistVote,
        besides: &[],
        off: "the write that accompanies a grant omits the vote",
        breaks: Property::ElectionSafety,
        leaning: "clocks that jump, and voters that restart at once: only a crash makes a server forget",
        lean: |swarm, random| {
            unrest(swarm, random);
            only(swarm, &[(Fault::TimeOut, 8), (Fault::Bounce, 8), (Fault::Cut, 1)]);
            swarm.config.servers = 3;
        },
    },
    Hunt {
        rule: Rule::RecordOwnVote,
        besides: &[],
        off: "a candidate counts itself without recording it",
        breaks: Property::ElectionSafety,
        leaning: "",
        lean: any,
    },
    Hunt {
        rule: Rule::MatchVoteTerm,
        besides: &[],
        off: "answers to an older candidacy are counted",
        breaks: Property::ElectionSafety,
        leaning: "clocks that jump, and messages that are held up: an old answer must come late",
        lean: |swarm, random| {
            unrest(swarm, random);
            only(
                swarm,
                &[
                    (Fault::TimeOut, 8),
                    (Fault::Message, 8),
                    (Fault::Cut, 2),
                    (Fault::Latency, 2),
                ],
            );
        },
    },
    Hunt {
        rule: Rule::DistinctVotes,
        besides: &[],
        off: "answers are counted, not voters",
        breaks: Property::ElectionSafety,
        leaning: "messages that arrive twice",
        lean: |swarm, _| swarm.put(Fault::Duplication, 4),
    },
    Hunt {
        rule: Rule::Majority,
        besides: &[],
        off: "half of the servers suffice",
        breaks: Property::ElectionSafety,
        leaning: "an even number of servers: of an odd number half is less than a server more",
        lean: |swarm, random| swarm.config.servers = 2 * random.between(1, 2),
    },
    Hunt {
        rule: Rule::LogUpToDate,
        besides: &[],
        off: "logs are not compared when voting",
        breaks: Property::LeaderCompleteness,
        leaning: "leaders that come and go, and links that are cut",
        lean: unrest,
    },
    Hunt {
        rule: Rule::CompareTermFirst,
        besides: &[],
        off: "the longer log wins, whatever its last term",
        breaks: Property::LeaderCompleteness,
        leaning: "leaders that come and go, and links that are cut",
        lean: unrest,
    },
    Hunt {
        rule: Rule::CommitOwnTermOnly,
        besides: &[],
        off: "entries of earlier terms commit by counting",
        breaks: Property::LeaderCompleteness,
        leaning: "the paper's figure 8 as an opening, given but for the exact times, with one entry a message: else one of the leader's own comes with the earlier ones",
        lean: figure_8,
    },
    Hunt {
        rule: Rule::AdoptHigherTerm,
        besides: &[],
        off: "a vote at a higher term is granted without adopting the term",
        breaks: Property::LeaderCompleteness,
        leaning: "leaders that come and go, and links that are cut",
        lean: unrest,
    },
    Hunt {
        rule: Rule::RefuseLowerTerm,
        besides: &[],
        off: "AppendEntries of a lower term is taken",
        breaks: Property::LeaderCompleteness,
        leaning: "three servers and a third of all messages held up: an old leader's entries must come after the new one's",
        lean: |swarm, random| {
            unrest(swarm, random);
            only(
                swarm,
                &[
                    (Fault::Cut, 2),
                    (Fault::TimeOut, 3),
                    (Fault::CrashLeader, 1),
                    (Fault::Ask, 8),
                ],
            );
            swarm.config.servers = 3;
            swarm.config.network.reordering_ppm = 300_000;
            (swarm.config.network.latency_us_min, swarm.config.network.latency_us_max) = (2 * MS, 10 * MS);
        },
    },
    Hunt {
        rule: Rule::CheckPreviousEntry,
        besides: &[],
        off: "the term of the entry before is not compared",
        breaks: Property::LogMatching,
        leaning: "leaders that come and go, and links that are cut",
        lean: unrest,
    },
    Hunt {
        rule: Rule::TruncateOnlyOnConflict,
        besides: &[],
        off: "everything after the entry before is cut, even if it matches",
        breaks: Property::LeaderCompleteness,
        leaning: "messages that overtake each other, and several of them on the way; leaders that come and go",
        lean: |swarm, random| {
            unrest(swarm, random);
            swarm.put(Fault::Message, 6);
            swarm.put(Fault::Latency, 2);
            swarm.config.raft.in_flight_max = 16;
            swarm.config.raft.batch_bytes_max = 1;
        },
    },
    Hunt {
        rule: Rule::BoundCommitByMatch,
        besides: &[],
        off: "a follower commits up to its own last entry, matched or not",
        breaks: Property::StateMachineSafety,
        leaning: "leaders that come and go, and one entry a message",
        lean: |swarm, random| {
            unrest(swarm, random);
            one_by_one(swarm);
        },
    },
    Hunt {
        rule: Rule::AcknowledgeOnlyTheRequest,
        besides: &[Rule::NoOpPerTerm],
        off: "a follower acknowledges its own last entry",
        breaks: Property::LeaderCompleteness,
        leaning: "an opening that is given but for the exact times; the no-op of a new leader is off as well, because it is what cuts a follower's old tail with the first message that the follower takes",
        lean: stale_tail,
    },
    Hunt {
        rule: Rule::HintIsNotMatch,
        besides: &[],
        off: "the hint of a rejection is taken for a match",
        breaks: Property::LeaderCompleteness,
        leaning: "leaders that come and go, and links that are cut",
        lean: unrest,
    },
    Hunt {
        rule: Rule::PersistBeforeAcknowledge,
        besides: &[],
        off: "entries are acknowledged, also to oneself, before they are durable",
        breaks: Property::LeaderCompleteness,
        leaning: "crashes and slow disks: only what is not durable yet is lost in a crash",
        lean: |swarm, random| {
            unrest(swarm, random);
            swarm.put(Fault::Bounce, 6);
            swarm.put(Fault::SlowDisk, 4);
        },
    },
    Hunt {
        rule: Rule::WriteTermWithEntries,
        besides: &[],
        off: "the term goes into a later write than the entries, and the acknowledgement waits for the entries only",
        breaks: Property::LeaderCompleteness,
        leaning: "an opening that is given but for the exact times, because three rare things must meet: a server learns a term with the entries, crashes between the two writes, and then hears from an older leader",
        lean: split_writes,
    },
    Hunt {
        rule: Rule::ConfirmLeadershipForReads,
        besides: &[],
        off: "a leader reads without asking a majority",
        breaks: Property::Linearizability,
        leaning: "partitions, and many reads of one key",
        lean: |swarm, random| {
            unrest(swarm, random);
            only(swarm, &[(Fault::Partition, 1), (Fault::Cut, 1), (Fault::Ask, 20)]);
            read_much(swarm);
            swarm.pause_us = 20 * MS;
        },
    },
    Hunt {
        rule: Rule::OwnTermBeforeReads,
        besides: &[],
        off: "a leader reads before it has committed in its term",
        breaks: Property::Linearizability,
        leaning: "leaders that come and go, slow disks, and many reads of one key: the read must come before the leader's first commit",
        lean: |swarm, random| {
            unrest(swarm, random);
            read_much(swarm);
            swarm.put(Fault::SlowDisk, 4);
            swarm.put(Fault::StallDisk, 1);
            swarm.config.raft.announce_commit = false;
        },
    },
    Hunt {
        rule: Rule::LeaseMargin,
        besides: &[],
        off: "the lease lasts a full election timeout, counted from the answer",
        breaks: Property::Linearizability,
        leaning: "an opening that is given but for the exact times: clocks that drift as far as allowed, and a leader that is cut off",
        lean: old_lease,
    },
    Hunt {
        rule: Rule::OwnTermBeforeMembership,
        besides: &[],
        off: "a leader changes the configuration before it has committed in its term",
        breaks: Property::LeaderCompleteness,
        leaning: "four servers, changes of the members at every turn, leaders that come and go, and slow messages: a change must come before a new leader's first commit",
        lean: |swarm, random| {
            unrest(swarm, random);
            only(
                swarm,
                &[
                    (Fault::Members, 12),
                    (Fault::TimeOut, 4),
                    (Fault::Crash, 2),
                    (Fault::Cut, 3),
                    (Fault::Partition, 1),
                    (Fault::Ask, 1),
                ],
            );
            swarm.config.servers = 4;
            swarm.pause_us = 5 * MS;
        },
    },
    Hunt {
        rule: Rule::OverlappingMajorities,
        besides: &[],
        off: "in a joint configuration the new side alone decides",
        breaks: Property::ElectionSafety,
        leaning: "an opening that is given but for the exact times: the new servers must have learned before they are cut off with one of the old",
        lean: new_side_decides,
    },
    Hunt {
        rule: Rule::OnlyVotersCount,
        besides: &[],
        off: "learners count in majorities",
        breaks: Property::LeaderCompleteness,
        leaning: "an opening that is given but for the exact times: where learners count in all majorities alike, only a change of the members by joint consensus, in which old learners do not count, finds majorities that do not meet",
        lean: learners_decide,
    },
    Hunt {
        rule: Rule::KeepMatchingSuffix,
        besides: &[],
        off: "a snapshot always cuts everything after it",
        breaks: Property::LeaderCompleteness,
        leaning: "an opening that is given but for the exact times: the snapshot must come after entries that were sent before it",
        lean: late_snapshot,
    },
    Hunt {
        rule: Rule::ConfigurationWhenAppended,
        besides: &[],
        off: "a configuration acts only once it is committed",
        breaks: Property::ElectionSafety,
        leaning: "changes of the members, and leaders that come and go",
        lean: |swarm, random| {
            unrest(swarm, random);
            swarm.put(Fault::Members, 6);
        },
    },
    Hunt {
        rule: Rule::DeduplicateRetries,
        besides: &[],
        off: "a retried client write is applied again",
        breaks: Property::Linearizability,
        leaning: "messages that get lost or arrive twice, and many reads of one key",
        lean: |swarm, random| {
            unrest(swarm, random);
            read_much(swarm);
            swarm.put(Fault::Duplication, 4);
            swarm.put(Fault::Loss, 4);
        },
    },
    Hunt {
        rule: Rule::RandomizedTimeouts,
        besides: &[],
        off: "everyone waits the same time",
        breaks: Property::LeaderEmerges,
        leaning: "nothing goes wrong: all start together",
        lean: quiet,
    },
    Hunt {
        rule: Rule::EqualLogsMayWin,
        besides: &[],
        off: "only a strictly newer log gets the vote",
        breaks: Property::LeaderEmerges,
        leaning: "nothing goes wrong: all start with the same log",
        lean: quiet,
    },
    Hunt {
        rule: Rule::KeepTimerOnDeniedVote,
        besides: &[],
        off: "a denied request still restarts the timer",
        breaks: Property::LeaderEmerges,
        leaning: "once all is healed all restart, and the clock of one server runs so fast that it asks before anybody else has \
                  waited long enough; its log must be short",
        lean: |swarm, random| {
            swarm.config.servers = swarm.config.servers.max(3);
            swarm.put(Fault::CrashLeader, 2);
            swarm.config.raft.election_style = ElectionStyle::Standard;
            swarm.config.raft.pre_vote = false;
            swarm.config.raft.check_quorum = false;
            swarm.config.raft.lease_drift_ppm_max = None;
            swarm.config.raft.election_timeout_us_min = 150 * MS;
            swarm.config.raft.election_timeout_us_max = 300 * MS;
            swarm.config.raft.heartbeat_interval_us = 20 * MS;
            swarm.begins_anew = true;
            let server = NodeId(random.between(1, swarm.config.servers));
            swarm.once_healed = vec![
                Command::SetLatency {
                    on: Links::All,
                    us_min: 1_000,
                    us_max: 3_000,
                },
                Command::SetDrift { server, ppm: 1_200_000 },
            ];
        },
    },
    Hunt {
        rule: Rule::NoOpPerTerm,
        besides: &[],
        off: "a new leader appends no entry of its own",
        breaks: Property::LogsAgree,
        leaning: "clients that are silent once all is healed: they lose patience only after that",
        lean: |swarm, _| {
            swarm.config.client_timeout_us = 120_000 * MS;
            swarm.put(Fault::CrashLeader, 4);
        },
    },
    Hunt {
        rule: Rule::AnswerStaleLeaders,
        besides: &[],
        off: "a leader of an earlier term gets no answer",
        breaks: Property::LeaderEmerges,
        leaning: "PreVote and CheckQuorum",
        lean: |swarm, random| {
            swarm.config.raft.election_style = ElectionStyle::Standard;
            swarm.config.raft.check_quorum = true;
            swarm.config.raft.pre_vote = random.between(0, 1) == 1;
            swarm.put(Fault::Partition, 2);
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_hunted() {
        let hunted: Vec<Rule> = HUNTS.iter().map(|hunt| hunt.rule).collect();
        assert_eq!(hunted, Rule::ALL);
    }
}
