//! Each thing that is worth a line, and in which words.

use raft_core::{Index, Instant, Position, ReadId, ReadMode, Round};
use raft_sim::{Config, DiskConfig, EventId, Links, Parcel, kv};

use super::*;
use crate::text::Lang;

const OTHER: NodeId = NodeId(2);
const INDEX: Index = Index(19);
const READ: ReadId = ReadId(7);

/// What is told of the last of these, which all happen to the first server of a new cluster in one step.
fn told(kinds: &[EventKind]) -> Option<Story> {
    let timeline = Timeline::new(Config::default(), 1);
    let events = (1..).zip(kinds).map(|(id, kind)| Event {
        id: EventId(id),
        at: Instant(3_000),
        step: 1,
        cause: None,
        server: Some(NodeId(1)),
        kind: kind.clone(),
    });
    let step: Vec<Event> = events.collect();
    Narrator::new(&timeline).tell(step.last()?, &step, &timeline)
}

#[track_caller]
fn check(reason: Reason, en: &str) {
    check_all(&[EventKind::Because(reason)], en);
}

/// What is told, why, and where to read about it; nothing if nothing is told.
#[track_caller]
fn check_all(kinds: &[EventKind], en: &str) {
    let text = |story: Story| {
        let section = story.section.map(Message::Section);
        let parts = [Some(story.what), story.why, section].into_iter().flatten();
        let parts: Vec<String> = parts.map(|part| part.text(Lang::En)).collect();
        parts.join(" / ")
    };
    assert_eq!(told(kinds).map(text).unwrap_or_default(), en);
}

#[test]
fn a_transfer_is_told() {
    check(
        Reason::TransferBegan { to: OTHER },
        "S1 began to hand over to S2 / first S2 gets all that it lacks. Meanwhile the leader takes no writes. / \
         dissertation §3.10",
    );
    check(
        Reason::TransferTold { to: OTHER },
        "S1 told S2 to stand for election at once / S2 has every entry of its log, so it can win at once. / \
         dissertation §3.10",
    );
    check(
        Reason::TransferAbandoned { to: OTHER },
        "S1 gave up handing over to S2 / S2 did not take over within an election timeout: it leads on itself. / \
         dissertation §3.10",
    );
    let (from, term) = (OTHER, Term(4));
    check(
        Reason::ToldToStand { from, term },
        "S1 voted for itself in term 4 / S2 hands over to it, so it need not wait for a timeout. / dissertation §3.10",
    );
}

#[test]
fn a_change_of_the_members_is_told() {
    let in_force = |joint| Reason::ConfigurationInForce {
        index: INDEX,
        voters: 4,
        learners: 0,
        joint,
    };
    check(
        in_force(false),
        "S1 took up a configuration of 4 voters / \
         a configuration acts as soon as a server has it, committed or not. / §6",
    );
    check(
        in_force(true),
        "S1 entered joint consensus, on the way to 4 voters / \
         until the change is complete, every decision needs a majority of the old voters and one of the new. / §6",
    );
    let cut_off = Reason::EntriesAccepted {
        from: OTHER,
        matched: Index(21),
        appended: 1,
        truncated: 1,
    };
    check_all(
        &[EventKind::Because(cut_off), EventKind::Because(in_force(false))],
        "S1 took up a configuration of 4 voters / \
         the entry that changed it was cut off: the one before acts again. / §6",
    );
    check(
        Reason::Removed {
            index: INDEX,
            term: Term(3),
        },
        "S1 stepped down as leader / the configuration in entry 19 is committed, and it has no vote in it. / §6",
    );
}

#[test]
fn snapshots_are_told_but_not_their_pieces() {
    let last = Position {
        term: Term(3),
        index: INDEX,
    };
    check(
        Reason::SnapshotNeeded { to: OTHER, last },
        "S1 began to send S2 its snapshot, up to entry 19 / \
         what S2 needs has been compacted: only the snapshot has it. / §7",
    );
    check(
        Reason::SnapshotGrew {
            from: OTHER,
            bytes: 100,
            done: false,
        },
        "",
    );
    check(
        Reason::SnapshotInstalled { last, kept: 2 },
        "S1 installed a snapshot up to entry 19 / the snapshot takes the place of its state and of its log so far; \
         what follows, 2 entries, fits and stays. / §7",
    );
    check(
        Reason::Compacted {
            last,
            first_index: Index(4),
        },
        "S1 took a snapshot of its entries up to 19 / \
         it holds what they led to: its log now begins with entry 4. / §7",
    );
    check(
        Reason::Compacted {
            last,
            first_index: Index(1),
        },
        "S1 took a snapshot of its entries up to 19 / \
         it holds what they led to. They stay in the log as well, for servers that lag behind. / §7",
    );
}

#[test]
fn reads_that_have_to_wait_are_told() {
    let round = Round(4);
    check(
        Reason::ReadWaitsForCommit { id: READ },
        "S1 let a read wait / \
         it has not committed in its own term yet: until then it does not know all that is committed. / §8",
    );
    check(
        Reason::ReadAsks { id: READ, round },
        "S1 asked whether it still leads, for a read / \
         another may lead by now without its knowing: a majority must say that it still leads. / §8",
    );
}

/// A cluster of three, and what is told of it.
struct Told {
    timeline: Timeline,
    narrator: Narrator,
}

impl Told {
    /// One second old: somebody leads.
    fn new() -> Told {
        let config = Config {
            servers: 3,
            ..Config::default()
        };
        let mut timeline = Timeline::new(config, 1);
        timeline.advance_to(Instant(1_000_000));
        Told {
            narrator: Narrator::new(&timeline),
            timeline,
        }
    }

    fn leader(&self) -> NodeId {
        self.timeline.world().leader().expect("a leader within a second")
    }

    fn follower(&self) -> NodeId {
        NodeId(self.leader().0 % 3 + 1)
    }

    fn passes_ms(&mut self, ms: u64) {
        let until = self.timeline.world().now().after_us(ms * 1_000);
        while self.timeline.next_step_at().is_some_and(|next| next <= until) {
            self.timeline.step_forward();
            self.narrator.hear(&self.timeline);
        }
        self.timeline.advance_to(until);
    }

    /// What is told right after a command.
    fn does(&mut self, command: Command) -> Vec<String> {
        let before = self.narrator.lines.len();
        self.timeline.record(command);
        self.narrator.hear(&self.timeline);
        self.since(before)
    }

    /// What is told of clients from the command on until so many milliseconds later.
    fn clients_after(&mut self, command: Command, ms: u64) -> Vec<String> {
        let before = self.narrator.lines.len();
        self.does(command);
        self.passes_ms(ms);
        let mut lines = self.since(before);
        lines.retain(|line| line.to_lowercase().contains("client 1") || line.contains("turned the"));
        lines
    }

    fn since(&self, line: usize) -> Vec<String> {
        let words = |line: &Line| {
            let why = line
                .story
                .why
                .as_ref()
                .map(|why| " / ".to_owned() + &why.text(Lang::En));
            line.story.what.text(Lang::En) + &why.unwrap_or_default()
        };
        self.narrator.lines[line..].iter().map(words).collect()
    }
}

const HAND: ClientId = ClientId(1);

fn local_read(key: &str) -> Command {
    Command::read(HAND, key, ReadMode::Local)
}

#[test]
fn a_write_goes_from_server_to_server_until_it_is_answered() {
    let mut told = Told::new();
    let (leader, follower) = (told.leader().0, told.follower());
    let follower_says = follower.0;
    let lines = told.clients_after(Command::put(HAND, "x", "1").to(follower), 150);
    assert_eq!(
        lines,
        [
            format!(
                "Client 1 asked S{follower_says} to write x=1 / \
                 whoever does not lead turns it away, and names the leader."
            ),
            format!(
                "S{follower_says} turned the write x=1 away / it does not lead; as far as it knows, S{leader} does."
            ),
            format!("Client 1 turned to S{leader} / S{follower_says} named S{leader} as the leader."),
            format!(
                "S{leader} answered client 1: x=1 is written / \
                 the entry is committed, and its state machine has applied it."
            ),
            format!("Client 1 got the answer of S{leader}: x=1 is written"),
        ]
    );
}

#[test]
fn a_client_whose_request_is_lost_asks_elsewhere() {
    let mut told = Told::new();
    let (leader, follower) = (told.leader(), told.follower());
    told.does(Command::Crash { server: follower });
    let lines = told.clients_after(Command::put(HAND, "x", "1").to(follower), 700);
    let (down, leads) = (follower.0, leader.0);
    assert_eq!(
        lines[1],
        format!("Client 1 asked S{down}, but the request was lost / S{down} is down: the client will ask elsewhere.")
    );
    assert!(
        lines[2].starts_with("Client 1 sent its request once more, to S"),
        "{lines:?}"
    );
    assert_eq!(
        lines.last().unwrap(),
        &format!("Client 1 got the answer of S{leads}: x=1 is written")
    );
}

#[test]
fn a_client_asks_for_one_thing_at_a_time() {
    let mut told = Told::new();
    told.does(Command::put(HAND, "x", "1"));
    assert_eq!(
        told.does(Command::put(HAND, "y", "2")),
        ["Client 1 will write y=2 later / it asks for one thing at a time, and still waits for an answer."]
    );
    let compare_and_set = Command::Ask {
        client: HAND,
        to: None,
        operation: Operation::Write(kv::Write::CompareAndSet {
            key: "x".into(),
            expected: Some("7".into()),
            value: "8".into(),
        }),
    };
    let lines = told.clients_after(compare_and_set, 1_000);
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("Client 1 got the answer of S") && last.ends_with(": x=7→8 is not written"),
        "{last}"
    );
}

#[test]
fn an_answered_read_says_why_it_may_be() {
    let mut told = Told::new();
    let leader = told.leader().0;
    told.clients_after(Command::put(HAND, "x", "1").to(NodeId(leader)), 500);
    let lines = told.clients_after(Command::read(HAND, "x", ReadMode::ReadIndex), 200);
    assert_eq!(
        lines,
        [
            format!("Client 1 asked S{leader} for x / the leader answers once it is sure that it still leads."),
            format!(
                "S{leader} answered client 1: x is 1 / \
                 since the read came, a majority has said that it still leads."
            ),
            format!("Client 1 got the answer of S{leader}: x is 1"),
        ]
    );
}

#[test]
fn an_answer_that_is_out_of_date_is_marked() {
    let mut told = Told::new();
    let (leader, follower) = (told.leader(), told.follower());
    told.does(Command::Cut {
        from: leader,
        to: follower,
    });
    told.clients_after(Command::put(HAND, "x", "1").to(leader), 100);
    let lines = told.clients_after(local_read("x").to(follower), 100);
    let follower = follower.0;
    assert_eq!(
        lines,
        [
            format!(
                "Client 1 asked S{follower} for x / \
                 for a local read any server will do: the answer may be out of date."
            ),
            format!("S{follower} answered client 1: there is no x / it asked nobody: what it has may be stale."),
            format!(
                "Client 1 was told what is out of date: there is no x / \
                 S{follower} had not yet applied what others had when the client asked."
            ),
        ]
    );
}

#[test]
fn what_a_workload_does_is_noise_unless_something_goes_wrong() {
    let config = Config {
        workload: Some(raft_sim::Workload::puts(100_000)),
        ..Config::default()
    };
    let mut timeline = Timeline::new(config, 1);
    timeline.advance_to(Instant(2_000_000));
    let mut told = Told {
        narrator: Narrator::new(&timeline),
        timeline,
    };
    told.passes_ms(1_000);
    assert!(told.narrator.lines.iter().all(|line| line.story.who.server().is_some()));
    let leader = told.leader();
    let lines = told.clients_after(Command::Crash { server: leader }, 1_000);
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("Client 1 sent its request once more")),
        "{lines:?}"
    );
}

#[test]
fn what_is_done_to_servers_is_told() {
    let mut told = Told::new();
    let server = told.follower();
    let id = server.0;
    let disk = DiskConfig {
        write_us_min: 1_500,
        write_us_max: 20_000,
    };
    let expected: [(Command, &str); 11] = [
        (
            Command::Pause { server },
            "was paused / it stands still, but is not dead: what reaches it waits, and its clock goes on.",
        ),
        (
            Command::Resume { server },
            "went on / now it looks at all that has come meanwhile; its timers may have run out.",
        ),
        (
            Command::SetDrift { server, ppm: -500_000 },
            "has a clock that runs 50 % slow / no two clocks agree, and its timers go by its own.",
        ),
        (
            Command::SetDrift { server, ppm: 0 },
            "has a clock at the right speed again / no two clocks agree, and its timers go by its own.",
        ),
        (
            Command::SetDisk {
                server: Some(server),
                disk: disk.clone(),
            },
            "has a disk that takes 1.5 to 20 ms a write",
        ),
        (
            Command::StallDisk { server },
            "has a disk that stalls / what is not on disk does not count: its votes and acknowledgements wait.",
        ),
        (Command::UnstallDisk { server }, "has a disk that works again"),
        (
            Command::TimeOut { server },
            "is about to time out / its clock was set forward to where its timer runs out.",
        ),
        (Command::Pause { server: NodeId(9) }, ""),
        (
            Command::SetDrift {
                server: NodeId(9),
                ppm: 1,
            },
            "",
        ),
        (Command::StallDisk { server: NodeId(9) }, ""),
    ];
    for (command, line) in expected {
        let line = (!line.is_empty()).then(|| format!("S{id} {line}"));
        assert_eq!(told.does(command.clone()), Vec::from_iter(line), "{command:?}");
    }
    assert_eq!(
        told.does(Command::SetDisk { server: None, disk }),
        ["Every disk takes 1.5 to 20 ms a write"]
    );
}

#[test]
fn what_is_done_to_the_network_is_told() {
    let mut told = Told::new();
    let (from, to) = (NodeId(1), NodeId(2));
    let one = Links::One { from, to };
    let groups = vec![vec![NodeId(1)], vec![NodeId(2), NodeId(3)]];
    for (command, line) in [
        (
            Command::SetLatency {
                on: Links::All,
                us_min: 1_000,
                us_max: 2_000,
            },
            "All links: messages take 1 to 2 ms",
        ),
        (
            Command::SetLoss { on: one, ppm: 100_000 },
            "S1 to S2: 10 % of the messages get lost",
        ),
        (
            Command::SetDuplication { on: one, ppm: 5_000 },
            "S1 to S2: 0.5 % of the messages arrive twice",
        ),
        (
            Command::SetReordering { on: one, ppm: 0 },
            "S1 to S2: 0 % of the messages are held up",
        ),
        (
            Command::Cut { from, to },
            "S1 cannot reach S2 any more / the link was cut in this direction; what was on its way is lost.",
        ),
        (Command::Heal { from, to }, "S1 can reach S2 again"),
        (
            Command::Partition { groups },
            "The network was split: S1 | S2 S3 / \
             only servers of one group reach each other; what was between the groups is lost.",
        ),
        (Command::HealAll, "The network was made whole again"),
    ] {
        assert_eq!(told.does(command.clone())[0], line, "{command:?}");
    }
}

#[test]
fn what_is_done_to_a_message_is_told() {
    let mut told = Told::new();
    let leader = told.leader();
    told.does(Command::put(HAND, "x", "1").to(leader));
    let request = |told: &Told| {
        told.timeline
            .world()
            .in_flight()
            .find(|it| matches!(it.parcel, Parcel::Request(_)))
            .unwrap()
            .id
    };
    let message = request(&told);
    let leader = leader.0;
    assert_eq!(
        told.does(Command::Delay { message, by_us: 5_000 }),
        [format!(
            "Client 1 to S{leader}: a message takes 5 ms longer / networks delay messages: that can cost Raft time, never safety."
        )]
    );
    assert_eq!(
        told.does(Command::Duplicate { message }),
        [format!(
            "Client 1 to S{leader}: a message will arrive twice / \
             networks double messages: in Raft the second one does no harm."
        )]
    );
    assert_eq!(
        told.does(Command::Drop { message }),
        [format!(
            "Client 1 to S{leader}: a message was dropped / networks lose messages: Raft asks and sends again."
        )]
    );
}

#[test]
fn rules_settings_and_members_are_told() {
    let mut told = Told::new();
    let set = |on| Command::SetRule {
        rule: raft_core::Rule::LogUpToDate,
        on,
    };
    assert_eq!(
        told.does(set(false)),
        [
            "The rule “A vote goes only to a log at least as up to date as the voter’s” was switched off / a bug on purpose: watch what Raft then no longer guarantees."
        ]
    );
    assert_eq!(
        told.does(set(true)),
        ["The rule “A vote goes only to a log at least as up to date as the voter’s” was put in force again"]
    );
    let with_pre_vote = |pre_vote| {
        let settings = raft_core::Settings {
            pre_vote,
            ..raft_core::Settings::default()
        };
        Command::SetSettings(settings.into())
    };
    assert_eq!(told.does(with_pre_vote(true)), ["All servers: “PreVote” is on now"]);
    assert_eq!(told.does(with_pre_vote(false)), ["All servers: “PreVote” is off now"]);
    let settings = Command::SetSettings(raft_core::Settings::default().into());
    assert_eq!(told.does(settings), ["All servers were given other settings"]);
    let change = raft_core::Change::AddVoter(NodeId(4));
    let lines = told.does(Command::ChangeMembers { change });
    assert_eq!(
        lines[0],
        "S4 was set up / it begins with an empty disk, and waits for a leader to send it the log."
    );
    let server = told.leader();
    told.does(Command::Crash { server });
    assert_eq!(
        told.does(Command::TransferLeadership { to: NodeId(2) }),
        ["Nobody led: nobody did what was asked"]
    );
}
