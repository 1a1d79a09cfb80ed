//! Corners that no script of a few lines reaches.

use std::collections::VecDeque;

use raft_core::{
    AppendEntries, Body, Change, Command, Configuration, Effect, Effects, Entry, Index, Input, InstallSnapshot,
    Instant, Message, Node, NodeId, Payload, Position, Round, Rule, Rules, Settings, Stable, Term,
};

/// A command of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Sized(u64);

impl Command for Sized {
    fn size_bytes(&self) -> u64 {
        self.0
    }
}

/// A server whose writes are durable at once.
struct Server {
    node: Node<Sized>,
    now: Instant,
    effects: Effects<Sized>,
}

impl Server {
    fn new(id: u64, settings: Settings, configuration: Configuration) -> Server {
        let node = Node::new(NodeId(id), settings, Stable::new(configuration), id);
        let (now, effects) = (Instant(0), Effects::new());
        let mut server = Server { node, now, effects };
        server.wait(0);
        server
    }

    /// Its clock moves on. Returns what it sends.
    fn wait(&mut self, us: u64) -> Vec<Message<Sized>> {
        self.now = self.now.after_us(us);
        self.node.tick(self.now, &mut self.effects);
        self.carry_out()
    }

    /// Its clock moves to what it has to do next.
    fn next(&mut self) -> Vec<Message<Sized>> {
        let deadline = self.node.next_deadline().unwrap();
        self.wait(deadline.since_us(self.now))
    }

    fn step(&mut self, input: Input<Sized>) -> Vec<Message<Sized>> {
        self.node.step(self.now, input, &mut self.effects);
        self.carry_out()
    }

    fn hear(&mut self, from: u64, term: u64, body: Body<Sized>) -> Vec<Message<Sized>> {
        let (from, to, term) = (NodeId(from), self.node.id(), Term(term));
        self.step(Input::Message(Message { from, to, term, body }))
    }

    fn carry_out(&mut self) -> Vec<Message<Sized>> {
        let mut sent = Vec::new();
        loop {
            let mut durable = None;
            for effect in self.effects.drain() {
                match effect {
                    Effect::Persist { seq, .. } => durable = Some(seq),
                    Effect::Send { message, .. } => sent.push(message),
                    _ => {}
                }
            }
            let Some(seq) = durable else { return sent };
            self.node.step(self.now, Input::Persisted { seq }, &mut self.effects);
        }
    }

    fn leads(&self) -> bool {
        self.node.reign().is_some()
    }
}

fn voters(count: u64) -> Configuration {
    Configuration::new((1..=count).map(NodeId))
}

fn cluster(count: u64) -> Vec<Server> {
    let server = |id| Server::new(id, Settings::default(), voters(count));
    (1..=count).map(server).collect()
}

/// Every message arrives, until there are no more.
fn deliver(servers: &mut [Server], sent: Vec<Message<Sized>>) {
    let mut on_the_way = VecDeque::from(sent);
    while let Some(message) = on_the_way.pop_front() {
        if let Some(to) = servers.iter_mut().find(|server| server.node.id() == message.to) {
            on_the_way.extend(to.step(Input::Message(message)));
        }
    }
}

fn append(entries: Vec<Entry<Sized>>, commit: u64) -> Body<Sized> {
    Body::AppendEntries(AppendEntries {
        previous: Position::default(),
        entries: entries.into(),
        commit: Index(commit),
        round: Round(1),
    })
}

fn entry(term: u64, payload: Payload<Sized>) -> Entry<Sized> {
    Entry {
        term: Term(term),
        payload,
    }
}

/// A leader of five servers that the first two others have elected.
fn leader_with_check_quorum() -> Server {
    let settings = Settings {
        check_quorum: true,
        ..Settings::default()
    };
    let mut leader = Server::new(1, settings, voters(5));
    leader.next();
    leader.hear(2, 1, Body::RequestVoteReply { granted: true });
    leader.hear(3, 1, Body::RequestVoteReply { granted: true });
    assert!(leader.leads());
    leader
}

#[test]
fn check_quorum_lasts_one_election_timeout() {
    let patience_us = Settings::default().election_timeout_us_max;
    let reign_us = |leader: &mut Server| {
        let since = leader.now;
        while leader.leads() {
            leader.next();
        }
        leader.now.since_us(since)
    };
    let mut never_answered = leader_with_check_quorum();
    assert_eq!(reign_us(&mut never_answered), patience_us);
    // Whenever the last answers come.
    let mut answered = leader_with_check_quorum();
    answered.wait(patience_us - 1);
    for follower in [2, 4] {
        let (match_index, round) = (Index(1), Round(1));
        answered.hear(follower, 1, Body::AppendEntriesReply { match_index, round });
    }
    assert_eq!(reign_us(&mut answered), patience_us);
}

#[test]
fn no_believable_term_is_the_last() {
    for term in [Term::JUMP_MAX, Term::JUMP_MAX + 1, Term::BELIEVABLE_MAX.0] {
        let mut servers = cluster(3);
        servers[1].hear(3, term, Body::RequestVoteReply { granted: false });
        for _ in 0..2_000 {
            let sent = servers.iter_mut().flat_map(|server| server.wait(10_000)).collect();
            deliver(&mut servers, sent);
        }
        let committed = servers.iter().all(|server| server.node.commit_index() > Index(0));
        assert!(
            committed,
            "after a damaged message of term {term} nothing commits for 20 s"
        );
    }
}

#[test]
fn commands_of_any_size_can_be_counted() {
    // Proposed, and committed together.
    let mut servers = cluster(3);
    let sent = servers[0].next();
    deliver(&mut servers, sent);
    assert!(servers[0].leads());
    let mut sent = servers[0].step(Input::Propose(Sized(u64::MAX)));
    sent.extend(servers[0].step(Input::ChangeMembers(Change::AddLearner(NodeId(4)))));
    let to_one = sent.into_iter().filter(|message| message.to == NodeId(2));
    let answers: Vec<_> = to_one
        .flat_map(|message| servers[1].step(Input::Message(message)))
        .collect();
    servers[0].step(Input::Message(answers.last().unwrap().clone()));
    assert_eq!(servers[0].node.commit_index(), Index(3));
    assert_eq!(servers[0].node.reign().unwrap().uncommitted_bytes, 0);
    // Received, and then led.
    let mut heir = Server::new(1, Settings::default(), voters(3));
    let large = || entry(1, Payload::Command(Sized(u64::MAX)));
    heir.hear(2, 1, append(vec![large(), large()], 0));
    heir.next();
    heir.hear(3, 2, Body::RequestVoteReply { granted: true });
    assert_eq!(heir.node.reign().unwrap().uncommitted_bytes, u64::MAX);
}

#[test]
fn a_cluster_that_begins_in_a_joint_configuration_leaves_it() {
    let joint = voters(3).joint_with(&voters(2));
    let mut servers: Vec<Server> = (1..=3)
        .map(|id| Server::new(id, Settings::default(), joint.clone()))
        .collect();
    let sent = servers[0].next();
    deliver(&mut servers, sent);
    assert!(servers[0].leads());
    assert_eq!(*servers[0].node.configuration(), voters(2));
}

#[test]
fn a_snapshot_that_is_not_needed_any_more_is_forgotten() {
    let piece = || {
        Body::InstallSnapshot(InstallSnapshot {
            last: Position {
                term: Term(1),
                index: Index(2),
            },
            configuration: voters(3),
            offset: 0,
            data: vec![7; 100],
            done: false,
            round: Round(1),
        })
    };
    let entries = || vec![entry(1, Payload::NoOp), entry(1, Payload::NoOp)];
    let mut follower = Server::new(1, Settings::default(), voters(3));
    follower.hear(2, 1, piece());
    assert_eq!(follower.node.snapshot_bytes_received(), 100);
    let mut caught_up = Server::new(1, Settings::default(), voters(3));
    caught_up.hear(2, 1, piece());
    caught_up.hear(2, 1, append(entries(), 2));
    assert_eq!(
        caught_up.node.snapshot_bytes_received(),
        0,
        "what it holds is committed"
    );
    follower.hear(3, 2, append(entries(), 0));
    assert_eq!(follower.node.snapshot_bytes_received(), 0, "its leader leads no longer");
}

/// Whether a committed entry is cut if a message says so.
fn cuts_what_is_committed(rules: Rules) -> bool {
    let settings = Settings {
        rules,
        ..Settings::default()
    };
    let mut follower = Server::new(1, settings, voters(3));
    follower.hear(2, 1, append(vec![entry(1, Payload::NoOp)], 1));
    assert_eq!(follower.node.commit_index(), Index(1));
    follower.hear(3, 2, append(vec![entry(2, Payload::NoOp)], 1));
    follower.node.log().term_at(Index(1)) == Some(Term(2))
}

#[test]
fn only_a_rule_that_lets_servers_say_what_is_wrong_makes_others_follow() {
    assert!(!cuts_what_is_committed(Rules::ALL));
    for &rule in Rule::ALL {
        let rules = Rules::ALL.without(rule);
        assert_eq!(
            cuts_what_is_committed(rules),
            !rules.keep_messages_sound(),
            "{}",
            rule.id()
        );
    }
}
