//! What the fuzzer's bytes mean: settings, a few servers, and what befalls them, until the bytes run out.
//!
//! Messages out of nowhere, messages that only look right, and those that the servers themselves send, lost, doubled and
//! late; writes that become durable or not; restarts; every input of a host. Any rule may be off. Nothing is asserted
//! here: a node must never panic, and it asserts a lot itself.

use raft_core::{
    AppendEntries, Body, Change, Configuration, Effect, Effects, ElectionStyle, Entries, Entry, Index, Input,
    InstallSnapshot, Instant, Message, Node, NodeId, Payload, Position, ReadId, ReadMode, Round, Rule, Rules, Seq,
    Settings, Stable, Term, Write,
};

/// What is on the way at most; more is lost.
const MESSAGES_MAX: usize = 64;

/// Lets happen what the bytes say.
pub fn play(bytes: &[u8]) {
    let mut script = Script { bytes };
    let settings = settings(&mut script);
    let mut world = World::new(1 + script.below(5), &settings, &mut script);
    while !script.bytes.is_empty() {
        world.act(&mut script);
    }
}

/// Bytes, and the small things that are made of them. When they run out there are only zeros.
struct Script<'a> {
    bytes: &'a [u8],
}

impl Script<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        *first
    }

    fn below(&mut self, end: u64) -> u64 {
        u64::from(self.byte()) % end
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Mostly small, so that numbers meet; sometimes at the edge of what is believed, or of all numbers.
    fn number(&mut self) -> u64 {
        match self.byte() {
            255 => u64::MAX,
            254 => u64::MAX - 1,
            253 => Term::BELIEVABLE_MAX.0 + 1,
            252 => Term::BELIEVABLE_MAX.0,
            251 => Term::BELIEVABLE_MAX.0 - 1,
            small => u64::from(small) % 16,
        }
    }

    fn id(&mut self) -> NodeId {
        NodeId(self.number())
    }

    fn place(&mut self) -> Position {
        Position {
            term: Term(self.number()),
            index: Index(self.number()),
        }
    }

    fn ids(&mut self) -> Vec<NodeId> {
        (0..self.below(5)).map(|_| self.id()).collect()
    }

    fn configuration(&mut self) -> Configuration {
        let configuration = Configuration::new(self.ids());
        match self.below(4) {
            0 => configuration.with_learners(self.ids()),
            1 => configuration.joint_with(&Configuration::new(self.ids())),
            _ => configuration,
        }
    }

    fn data(&mut self) -> Vec<u8> {
        (0..self.below(8)).map(|_| self.byte()).collect()
    }

    fn entries(&mut self) -> Entries<u64> {
        let entry = |script: &mut Self| Entry {
            term: Term(script.number()),
            payload: match script.below(8) {
                0 => Payload::NoOp,
                1 => Payload::Configuration(script.configuration()),
                command => Payload::Command(command),
            },
        };
        (0..self.below(5)).map(|_| entry(self)).collect()
    }

    fn body(&mut self) -> Body<u64> {
        let round = Round(self.number());
        match self.below(11) {
            0 => Body::RequestPreVote {
                next_term: Term(self.number()),
                last: self.place(),
            },
            1 => Body::RequestPreVoteReply {
                next_term: Term(self.number()),
                granted: self.flag(),
            },
            2 => Body::RequestVote {
                last: self.place(),
                transfer: self.flag(),
            },
            3 => Body::RequestVoteReply { granted: self.flag() },
            4 | 5 => Body::AppendEntries(AppendEntries {
                previous: self.place(),
                entries: self.entries(),
                commit: Index(self.number()),
                round,
            }),
            6 => Body::AppendEntriesReply {
                match_index: Index(self.number()),
                round,
            },
            7 => Body::AppendEntriesRejected {
                previous_index: Index(self.number()),
                hint: self.place(),
                round,
            },
            8 => Body::InstallSnapshot(InstallSnapshot {
                last: self.place(),
                configuration: self.configuration(),
                offset: self.number(),
                data: self.data(),
                done: self.flag(),
                round,
            }),
            9 => Body::InstallSnapshotReply {
                last_index: Index(self.number()),
                next_offset: self.number(),
                round,
            },
            _ => Body::TimeoutNow,
        }
    }
}

/// Settings that pass their check, with any option, and any rule off.
fn settings(script: &mut Script) -> Settings {
    let options = script.byte();
    let has = |option: u8| options >> option & 1 == 1;
    let two_stages = has(0);
    let check_quorum = has(2);
    let mut rules = Rules::ALL;
    // One byte says how many are off: none, mostly, because what is missing hides what else is wrong.
    for _ in 0..script.byte().saturating_sub(200) % 4 {
        let nth = usize::from(script.byte()) % Rule::ALL.len();
        rules = rules.without(Rule::ALL[nth]);
    }
    let settings = Settings {
        election_style: if two_stages {
            ElectionStyle::TWO_STAGE
        } else {
            ElectionStyle::Standard
        },
        pre_vote: has(1) && !two_stages,
        check_quorum,
        lease_drift_ppm_max: (has(3) && check_quorum).then_some(100_000),
        announce_commit: has(4),
        batch_bytes_max: if has(5) { 1 } else { 64 },
        uncommitted_bytes_max: if has(6) { 40 } else { u64::MAX },
        in_flight_max: 1 + usize::from(has(7)),
        compaction_keeps: script.below(4),
        snapshot_chunk_bytes: 1 + usize::from(script.byte() % 4),
        rules,
        ..Settings::default()
    };
    assert_eq!(settings.check(), Ok(()), "settings that cannot work");
    settings
}

struct World {
    servers: Vec<Server>,
    network: Vec<Message<u64>>,
    effects: Effects<u64>,
}

struct Server {
    node: Node<u64>,
    now: Instant,
    disk: Stable<u64>,
    /// Writes that have not reached the disk yet, oldest first.
    writes: Vec<(Seq, Write<u64>)>,
}

impl World {
    fn new(servers: u64, settings: &Settings, script: &mut Script) -> World {
        let voters = Configuration::new((1..=servers).map(NodeId));
        // One more server may join later.
        let server = |id: u64| {
            let configuration = if id > servers {
                Configuration::default()
            } else {
                voters.clone()
            };
            let disk = Stable::new(configuration);
            Server {
                node: Node::new(NodeId(id), settings.clone(), disk.clone(), u64::from(script.byte())),
                now: Instant(0),
                disk,
                writes: Vec::new(),
            }
        };
        World {
            servers: (1..=servers + 1).map(server).collect(),
            network: Vec::new(),
            effects: Effects::new(),
        }
    }

    /// One thing happens to one server.
    fn act(&mut self, script: &mut Script) {
        let nth = script.byte();
        let at = usize::from(nth >> 4) % self.servers.len();
        match nth & 15 {
            0 | 1 => self.wait(at, script),
            2 | 3 => self.persist(at, usize::from(script.byte() % 8)),
            4..=9 => self.deliver(script),
            10 => {
                let message = forged(&self.servers[at].node, script);
                self.step(at, Input::Message(message));
            }
            11 => {
                let message = plausible(&self.servers[at].node, script);
                self.step(at, Input::Message(message));
            }
            12 => self.step(at, Input::Propose(u64::from(script.byte()))),
            13 => {
                let id = ReadId(u64::from(script.byte()));
                let modes = [ReadMode::ReadIndex, ReadMode::Lease, ReadMode::Local];
                let mode = modes[usize::from(script.byte()) % modes.len()];
                self.step(at, Input::Read { id, mode });
            }
            14 => {
                let change = match script.below(5) {
                    0 => Change::AddVoter(script.id()),
                    1 => Change::AddLearner(script.id()),
                    2 => Change::Remove(script.id()),
                    3 => Change::Replace(script.configuration()),
                    _ => return self.step(at, Input::TransferLeadership { to: script.id() }),
                };
                self.step(at, Input::ChangeMembers(change));
            }
            _ if script.below(4) == 0 => self.restart(at, script),
            _ => {
                // A host compacts only what it has applied.
                let applied = self.servers[at].node.commit_index().0;
                let index = Index(applied.saturating_sub(script.below(4)));
                let data = script.data();
                self.step(at, Input::Compact { index, data });
            }
        }
    }

    fn step(&mut self, at: usize, input: Input<u64>) {
        let server = &mut self.servers[at];
        server.node.step(server.now, input, &mut self.effects);
        self.carry_out(at);
    }

    fn wait(&mut self, at: usize, script: &mut Script) {
        let server = &mut self.servers[at];
        server.now = match script.below(8) {
            0 => server.now,
            1 => server.now.after_us(script.number()),
            2..=4 => server.node.next_deadline().unwrap_or(server.now).max(server.now),
            _ => server.now.after_us(75_000),
        };
        server.node.tick(server.now, &mut self.effects);
        self.carry_out(at);
    }

    /// The oldest writes become durable.
    fn persist(&mut self, at: usize, count: usize) {
        let server = &mut self.servers[at];
        let count = count.min(server.writes.len());
        let mut latest = None;
        for (seq, write) in server.writes.drain(..count) {
            server.disk.write(write);
            latest = Some(seq);
        }
        if let Some(seq) = latest {
            self.step(at, Input::Persisted { seq });
        }
    }

    /// A message arrives, perhaps for the first of many times.
    fn deliver(&mut self, script: &mut Script) {
        let Some(nth) = usize::from(script.byte()).checked_rem(self.network.len()) else {
            return;
        };
        let message = if script.below(8) == 0 {
            self.network[nth].clone()
        } else {
            self.network.swap_remove(nth)
        };
        if let Some(at) = self.servers.iter().position(|server| server.node.id() == message.to) {
            self.step(at, Input::Message(message));
        }
    }

    /// What was not durable is lost, but for some of it that was on its way to the disk.
    fn restart(&mut self, at: usize, script: &mut Script) {
        let server = &mut self.servers[at];
        let written = usize::from(script.byte() % 4).min(server.writes.len());
        for (_, write) in server.writes.drain(..).take(written) {
            server.disk.write(write);
        }
        let (id, settings) = (server.node.id(), server.node.settings().clone());
        server.node = Node::new(id, settings, server.disk.clone(), u64::from(script.byte()));
        server.now = Instant(0);
    }

    fn carry_out(&mut self, at: usize) {
        for effect in self.effects.drain() {
            match effect {
                Effect::Persist { seq, write } => self.servers[at].writes.push((seq, write)),
                // Sent at once, whatever it waits for: that, too, is a misfortune that must not lead to a panic.
                Effect::Send { message, .. } if self.network.len() < MESSAGES_MAX => self.network.push(message),
                _ => {}
            }
        }
    }
}

/// A message out of nowhere.
fn forged(node: &Node<u64>, script: &mut Script) -> Message<u64> {
    Message {
        from: script.id(),
        to: if script.below(16) == 0 { script.id() } else { node.id() },
        term: Term(script.number()),
        body: script.body(),
    }
}

/// A message that the server has no reason to doubt: from a member, of about its own term, about places in its log.
fn plausible(node: &Node<u64>, script: &mut Script) -> Message<u64> {
    let members: Vec<NodeId> = node.configuration().members().collect();
    let nth = usize::from(script.byte()).checked_rem(members.len());
    let from = nth.map_or(NodeId(1), |nth| members[nth]);
    let term = Term(node.current_term().0.clamp(1, Term::BELIEVABLE_MAX.0 - 3) + script.below(16).saturating_sub(13));
    let in_log = |place: Position| {
        let (base, last) = (node.log().base().index.0, node.log().last_index().0);
        let index = Index(base + place.index.0 % (last - base + 1));
        node.log().position_at(index).unwrap_or_default()
    };
    let mut body = script.body();
    match &mut body {
        Body::RequestPreVote { next_term, last } => {
            *next_term = term.next();
            *last = in_log(*last);
        }
        Body::RequestVote { last, .. } => *last = in_log(*last),
        Body::AppendEntries(request) => {
            request.previous = in_log(request.previous);
            let mut before = request.previous.term.max(Term(1));
            let entries = request.entries.iter().map(|entry| {
                before = entry.term.clamp(before, term.max(before));
                let payload = entry.payload.clone();
                Entry { term: before, payload }
            });
            request.entries = entries.collect();
        }
        Body::AppendEntriesRejected {
            previous_index, hint, ..
        } => {
            *hint = in_log(*hint);
            *previous_index = (*previous_index).max(hint.index);
        }
        Body::InstallSnapshot(piece) => {
            // A little before the end of the log, or a little after it.
            piece.last.index =
                Index(node.commit_index().0.min(Index::BELIEVABLE_MAX.0 - 9) + 1 + piece.last.index.0 % 8);
            piece.last.term = piece.last.term.clamp(Term(1), term);
        }
        Body::RequestPreVoteReply { next_term, .. } => *next_term = node.current_term().next(),
        Body::RequestVoteReply { .. }
        | Body::AppendEntriesReply { .. }
        | Body::InstallSnapshotReply { .. }
        | Body::TimeoutNow => {}
    }
    Message {
        from,
        to: node.id(),
        term,
        body,
    }
}
