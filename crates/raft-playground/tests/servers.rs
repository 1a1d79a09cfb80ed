//! What can be done to a server, what its inspector says, how it came to its role, and the options of the cluster.

use raft_playground::cluster::{RULES, Switch};
use raft_playground::details::{Details, ServerDetails, Stage};
use raft_playground::hands::Item;
use raft_playground::scene::{Role, Section, Selection};
use raft_playground::session::{Action, Command, NodeId, Rule, Session};
use raft_playground::text::{Lang, Message as Text, ServerWords as Words, rule_text};

fn led() -> (Session, u64) {
    let mut session = Session::new(7);
    session.update(Action::SeekTo { us: 1_000_000 });
    let leader = session.world().leader().expect("a leader within a second").0;
    (session, leader)
}

fn details(session: &mut Session, server: u64) -> ServerDetails {
    session.update(Action::Select(Selection::Server(server)));
    match session.scene().details.as_deref() {
        Some(Details::Server(details)) => (**details).clone(),
        other => panic!("not a server: {other:?}"),
    }
}

fn item(session: &mut Session, server: u64, name: Words) -> Item {
    let rows = details(session, server).menu;
    let mut items = rows.into_iter().flat_map(|row| row.items);
    items
        .find(|item| item.name == name)
        .unwrap_or_else(|| panic!("no {name:?}"))
}

/// Does what an item says, as a reader would: it must make sense.
fn choose(session: &mut Session, server: u64, name: Words) {
    let item = item(session, server, name);
    assert_eq!(item.why_not, None, "{name:?}");
    session.update(item.action);
}

/// What a field says in English.
fn field(session: &mut Session, server: u64, label: &str) -> Option<String> {
    let sections = details(session, server).sections;
    let mut fields = sections.iter().flat_map(|section| &section.fields);
    let field = fields.find(|field| field.label(Lang::En) == label)?;
    let values: Vec<String> = field.values.iter().map(|value| value.text(Lang::En)).collect();
    Some(values.join("; "))
}

fn run(session: &mut Session, us: u64) {
    let us = session.now_us() + us;
    session.update(Action::SeekTo { us });
}

#[test]
fn every_item_that_makes_sense_is_recorded() {
    let (mut session, leader) = led();
    for server in 1..=5 {
        for row in details(&mut session, server).menu {
            for item in row.items.into_iter().filter(|item| item.why_not.is_none()) {
                let mut other = Session::new(1);
                other.open_code(&session.code()).unwrap();
                let before = other.timeline().recording().commands.len();
                assert!(item.action.is_a_deed(), "{item:?}");
                other.update(item.action.clone());
                assert!(other.timeline().recording().commands.len() > before, "{item:?}");
            }
        }
    }
    assert!(leader > 0);
}

#[test]
fn what_makes_no_sense_says_why() {
    let (mut session, leader) = led();
    let follower = leader % 5 + 1;
    let why = |session: &mut Session, server, name| item(session, server, name).why_not;
    assert_eq!(why(&mut session, leader, Words::Transfer), Some(Words::LeadsAlready));
    assert_eq!(why(&mut session, follower, Words::ReadLease), Some(Words::NoLeases));
    choose(&mut session, follower, Words::Crash);
    assert_eq!(why(&mut session, follower, Words::Pause), Some(Words::IsDown));
    assert_eq!(why(&mut session, follower, Words::TimeOut), Some(Words::IsDown));
    choose(&mut session, leader, Words::Crash);
    assert_eq!(why(&mut session, follower, Words::Remove), Some(Words::NobodyLeads));
    choose(&mut session, follower, Words::Restart);
    assert_eq!(why(&mut session, follower, Words::Pause), None);
}

#[test]
fn a_server_is_isolated_and_comes_back() {
    let (mut session, leader) = led();
    choose(&mut session, leader, Words::Isolate);
    assert_eq!(session.world().network().cuts().count(), 8);
    choose(&mut session, leader, Words::Reconnect);
    assert_eq!(session.world().network().cuts().count(), 0);
}

#[test]
fn leadership_is_handed_over() {
    let (mut session, leader) = led();
    let heir = leader % 5 + 1;
    choose(&mut session, heir, Words::Transfer);
    run(&mut session, 300_000);
    assert_eq!(session.world().leader(), Some(NodeId(heir)));
    let diagram = details(&mut session, heir).diagram;
    assert_eq!(diagram.now, Some(Stage::Leader));
    let last = diagram.last.unwrap();
    assert_eq!((last.from, last.to), (Some(Stage::Candidate), Some(Stage::Leader)));
    assert_eq!(last.why, Words::ByVotes(3, 3));
    let diagram = details(&mut session, leader).diagram;
    let last = diagram.last.unwrap();
    assert_eq!((last.from, last.to), (Some(Stage::Leader), Some(Stage::Follower)));
    assert!(matches!(last.why, Words::ByHigherTerm(..)), "{last:?}");
}

#[test]
fn the_first_turn_of_a_server_is_that_of_a_follower() {
    let mut session = Session::new(7);
    let mut seen = (false, false);
    for us in (200_000..300_000).step_by(1_000) {
        session.update(Action::SeekTo { us });
        for server in 1..=5 {
            let diagram = details(&mut session, server).diagram;
            match (diagram.now, diagram.last) {
                (Some(Stage::Candidate), Some(last)) => {
                    assert_eq!(
                        (last.from, last.to),
                        (Some(Stage::Follower), Some(Stage::Candidate)),
                        "{last:?}"
                    );
                    seen.0 = true;
                }
                // To take over a term is no turn of a follower.
                (Some(Stage::Follower), last) => {
                    assert_eq!(last, None, "S{server} after {us}");
                    seen.1 |= session
                        .world()
                        .server(NodeId(server))
                        .unwrap()
                        .node()
                        .unwrap()
                        .current_term()
                        .0
                        == 1;
                }
                _ => {}
            }
        }
    }
    assert_eq!(seen, (true, true));
}

#[test]
fn what_a_state_machine_has_come_to_is_told_whole() {
    let (mut session, leader) = led();
    for _ in 0..3 {
        session.update(Action::WriteNext);
        run(&mut session, 300_000);
    }
    let state = details(&mut session, leader).state;
    let server = session.world().server(NodeId(leader)).unwrap();
    let kept: Vec<_> = server.state().unwrap().iter().collect();
    assert!(!kept.is_empty());
    assert!(
        state
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .eq(kept.iter().map(|(key, value)| (key.as_ref(), value.as_ref())))
    );
}

#[test]
fn members_come_and_go() {
    let (mut session, leader) = led();
    choose(&mut session, leader, Words::Add(6));
    run(&mut session, 500_000);
    assert_eq!(session.world().servers().len(), 6);
    assert_eq!(field(&mut session, leader, "voters").unwrap(), "S1 S2 S3 S4 S5 S6");
    choose(&mut session, 6, Words::MakeLearner);
    run(&mut session, 500_000);
    assert_eq!(field(&mut session, leader, "learners").unwrap(), "S6");
    choose(&mut session, 6, Words::Remove);
    run(&mut session, 500_000);
    assert_eq!(item(&mut session, 6, Words::Remove).why_not, Some(Words::NotAMember));
    assert_eq!(field(&mut session, leader, "learners").unwrap(), "none");
}

#[test]
fn clocks_and_disks_have_a_state_each() {
    let (mut session, leader) = led();
    let slow = Words::DiskSlow(50);
    for name in [
        Words::ClockSlow,
        Words::ClockFast,
        Words::ClockExact,
        slow,
        Words::DiskStalled,
        slow,
    ] {
        choose(&mut session, leader, name);
        let rows = details(&mut session, leader).menu;
        let row = rows
            .iter()
            .find(|row| row.items.iter().any(|item| item.name == name))
            .unwrap();
        let chosen: Vec<Words> = row
            .items
            .iter()
            .filter(|item| item.chosen == Some(true))
            .map(|item| item.name)
            .collect();
        assert_eq!(chosen, [name]);
    }
    assert_eq!(field(&mut session, leader, "a write takes").unwrap(), "50 ms");
    choose(&mut session, leader, Words::DiskUsual);
    assert_eq!(field(&mut session, leader, "a write takes").unwrap(), "2–4 ms");
}

#[test]
fn the_inspector_has_every_field_of_figure_2() {
    let (mut session, leader) = led();
    session.update(Action::WriteNext);
    run(&mut session, 500_000);
    for server in 1..=5 {
        assert_eq!(field(&mut session, server, "currentTerm").unwrap(), "1");
        assert_eq!(field(&mut session, server, "commitIndex").unwrap(), "2");
        assert_eq!(field(&mut session, server, "lastApplied").unwrap(), "2");
        assert!(field(&mut session, server, "votedFor").unwrap().starts_with('S'));
        assert_eq!(
            field(&mut session, server, "log[]").unwrap(),
            "entries 1 to 2, the last of term 1"
        );
        assert_eq!(field(&mut session, server, "Client 1").unwrap(), "last write no. 1");
    }
    let peers = details(&mut session, leader).peers;
    assert_eq!(peers.len(), 4);
    for peer in peers {
        assert_eq!(
            (peer.next_index, peer.match_index, peer.state),
            (3, 2, Words::Replicate)
        );
    }
    assert!(details(&mut session, leader % 5 + 1).peers.is_empty());
}

#[test]
fn what_a_crash_would_cost_is_what_it_costs() {
    let (mut session, leader) = led();
    choose(&mut session, leader, Words::DiskStalled);
    session.update(Action::WriteNextTo { server: leader });
    run(&mut session, 50_000);
    let would = field(&mut session, leader, "a crash now would lose").unwrap();
    assert!(would.starts_with("entry 2; its leadership"), "{would}");
    choose(&mut session, leader, Words::Crash);
    let did = field(&mut session, leader, "the crash lost").unwrap();
    assert!(did.contains("entry 2"), "{did}");
    let diagram = details(&mut session, leader).diagram;
    assert_eq!((diagram.now, diagram.last.unwrap().why), (None, Words::ByCrash));
    choose(&mut session, leader, Words::Restart);
    let did = field(&mut session, leader, "the crash lost").unwrap();
    assert!(did.contains("entry 2"), "it is still told: {did}");
    let diagram = details(&mut session, leader).diagram;
    assert_eq!(
        (diagram.now, diagram.last.unwrap().why),
        (Some(Stage::Follower), Words::ByStart)
    );
}

#[test]
fn a_term_and_a_vote_that_are_not_durable_look_so_and_are_lost_by_name() {
    let (mut probe, leader) = led();
    let server = leader % 5 + 1;
    assert!(
        !probe.scene().servers[server as usize - 1].term_is_volatile,
        "its disk works"
    );
    let mut session = Session::new(7);
    choose(&mut session, server, Words::DiskStalled);
    session.update(Action::SeekTo { us: 1_000_000 });
    let shown = |session: &mut Session| session.scene().servers[server as usize - 1].clone();
    let before = shown(&mut session);
    assert_eq!((before.term_is_volatile, before.vote_is_volatile), (true, true));
    let (term, vote) = (before.term, before.voted_for.unwrap());
    let lost = format!("term {term}; its vote for S{vote}");
    let would = field(&mut session, server, "a crash now would lose").unwrap();
    assert!(would.contains(&lost), "{would}");
    choose(&mut session, server, Words::Crash);
    let told = session.scene().story[0].why.as_ref().unwrap().text(Lang::En);
    let end = format!(" Term {term} and its vote for S{vote} were not on disk: it forgets them.");
    assert!(told.ends_with(&end), "{told}");
    let did = field(&mut session, server, "the crash lost").unwrap();
    assert!(did.contains(&lost), "{did}");
    assert!(shown(&mut session).term < term, "what its disk remembers");
    choose(&mut session, server, Words::Restart);
    let did = field(&mut session, server, "the crash lost").unwrap();
    assert!(did.contains(&lost), "it is still told: {did}");
}

#[test]
fn the_diagram_has_the_stages_of_the_settings() {
    let (mut session, leader) = led();
    let follower = leader % 5 + 1;
    let stages = |session: &mut Session| details(session, follower).diagram.stages;
    assert_eq!(stages(&mut session), [Stage::Follower, Stage::Candidate, Stage::Leader]);
    session.update(Action::TurnSwitch(Switch::TwoStage));
    assert!(stages(&mut session).contains(&Stage::Waiting));
    choose(&mut session, leader, Words::Crash);
    let mut seen = Vec::new();
    for _ in 0..400 {
        run(&mut session, 2_000);
        let diagram = details(&mut session, follower).diagram;
        // Until its first turn it is the follower that it began as.
        let now = diagram.last.map_or(Some(Stage::Follower), |last| last.to);
        assert_eq!(now, diagram.now, "{:?}", diagram.last);
        seen.extend(diagram.last.map(|last| last.why));
    }
    assert!(
        seen.iter()
            .any(|why| matches!(why, Words::ByHeartbeatTimeout(_) | Words::ByHigherTerm(..)))
    );
}

#[test]
fn options_that_exclude_each_other_are_refused_in_words() {
    let (mut session, _) = led();
    let switch = |session: &mut Session, switch| {
        let cluster = session.scene().cluster.clone();
        cluster
            .switches
            .iter()
            .find(|(other, ..)| *other == switch)
            .map(|&(_, on, why)| (on, why))
            .unwrap()
    };
    let refused = Some(Words::LeaseWithoutCheckQuorum);
    assert_eq!(switch(&mut session, Switch::LeaseReads), (false, refused));
    session.update(Action::TurnSwitch(Switch::LeaseReads));
    assert!(session.timeline().recording().commands.is_empty());
    session.update(Action::TurnSwitch(Switch::CheckQuorum));
    session.update(Action::TurnSwitch(Switch::LeaseReads));
    assert_eq!(switch(&mut session, Switch::LeaseReads), (true, None));
    assert_eq!(switch(&mut session, Switch::CheckQuorum), (true, refused));
    session.update(Action::TurnSwitch(Switch::PreVote));
    assert_eq!(
        switch(&mut session, Switch::TwoStage),
        (false, Some(Words::PreVoteInTwoStages))
    );
    session.update(Action::SetServers { servers: 3 });
    assert_eq!(
        switch(&mut session, Switch::PreVote),
        (true, None),
        "a new cluster keeps the settings"
    );
    session.update(Action::SetSnapshotEvery { entries: 5 });
    assert_eq!(session.scene().cluster.snapshot_every, 5);
}

#[test]
fn every_rule_stands_under_one_heading() {
    let mut rules: Vec<Rule> = RULES.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
    rules.sort_unstable_by_key(|&rule| rule as u64);
    assert_eq!(rules, Rule::ALL);
}

#[test]
fn rules_are_switched_and_all_come_back() {
    let (mut session, _) = led();
    assert_eq!(session.scene().cluster.warning(), None);
    for &rule in Rule::ALL {
        session.update(Action::Do(Command::SetRule { rule, on: false }));
        for lang in [Lang::En, Lang::Zh] {
            let (guards, breaks) = rule_text(rule, lang);
            assert!(guards != breaks && guards.ends_with(['.', '。']));
            assert!(
                breaks.starts_with(["Off: ", "关闭后："][lang as usize]) && breaks.ends_with(['.', '。']),
                "{breaks}"
            );
        }
    }
    assert_eq!(session.scene().cluster.off, Rule::ALL);
    assert_eq!(session.scene().cluster.warning(), Some(Words::RulesOff(32)));
    session.update(Action::AllRules);
    assert!(session.scene().cluster.off.is_empty());
    assert_eq!(session.scene().cluster.warning(), None);
}

#[test]
fn who_is_made_to_time_out_is_told_so_and_not_by_its_own_clock() {
    for (pre_vote, stage) in [(false, Stage::Candidate), (true, Stage::PreCandidate)] {
        let (mut session, leader) = led();
        if pre_vote {
            session.update(Action::TurnSwitch(Switch::PreVote));
        }
        let follower = leader % 5 + 1;
        choose(&mut session, follower, Words::TimeOut);
        session.update(Action::StepForward);
        let last = details(&mut session, follower).diagram.last.expect("it has stood");
        assert_eq!((last.to, last.why), (Some(stage), Words::ByHand));
        let scene = session.scene();
        let line = scene.story.first().expect("a line");
        assert_eq!(line.why, Some(Text::BecauseMadeToTimeOut), "{:?}", line.what);
    }
}

#[test]
fn a_timer_is_set_to_what_it_is_set_to_wherever_its_clock_has_jumped() {
    let (mut session, leader) = led();
    let follower = leader % 5 + 1;
    let set_to = |session: &mut Session, label| {
        let told = field(session, follower, label)?;
        let (_, ms) = told.rsplit_once('(')?;
        ms.strip_suffix(" ms)")?.parse::<u64>().ok()
    };
    choose(&mut session, follower, Words::ClockFast);
    choose(&mut session, follower, Words::TimeOut);
    let settings = session.world().settings().clone();
    let election = settings.election_timeout_us_min / 1_000..=settings.election_timeout_us_max / 1_000;
    for _ in 0..20 {
        let ms = set_to(&mut session, "election timeout").expect("it does not lead");
        assert!(election.contains(&ms), "{ms} ms");
        session.update(Action::StepForward);
        if session.scene().servers[follower as usize - 1].role != Role::Candidate {
            continue;
        }
        // Asked again: a candidate can be made to time out, too.
        choose(&mut session, follower, Words::TimeOut);
    }
}

#[test]
fn when_a_learner_last_heard_a_leader_stays_true_if_its_clock_jumps() {
    let (mut session, leader) = led();
    let learner = leader % 5 + 1;
    choose(&mut session, learner, Words::MakeLearner);
    run(&mut session, 300_000);
    let before = field(&mut session, learner, "last heard a leader").expect("it follows");
    for _ in 0..3 {
        choose(&mut session, learner, Words::TimeOut);
        session.update(Action::StepForward);
    }
    assert_eq!(
        field(&mut session, learner, "last heard a leader").as_deref(),
        Some(&*before)
    );
    choose(&mut session, learner, Words::ClockFast);
    assert_eq!(
        field(&mut session, learner, "last heard a leader").as_deref(),
        Some(&*before)
    );
}

#[test]
fn each_write_on_its_way_says_what_is_in_it_and_when_it_is_done() {
    let (mut session, leader) = led();
    let name = "writes on their way";
    assert_eq!(field(&mut session, leader, name).as_deref(), Some("0"));
    session.update(Action::WriteNext);
    while field(&mut session, leader, name).as_deref() == Some("0") {
        session.update(Action::StepForward);
    }
    let write = field(&mut session, leader, name).unwrap();
    let done = write.strip_prefix("entry 2 · ").expect("the entry that was written");
    let done: f64 = done
        .strip_suffix(" s")
        .and_then(|done| done.parse().ok())
        .expect("a time");
    assert!((1.0..1.1).contains(&done), "{write}");

    // A disk that stalls says no time; a term and a vote wait there too, and so do more than can be listed.
    let follower = leader % 5 + 1;
    choose(&mut session, follower, Words::DiskStalled);
    run(&mut session, 200_000);
    choose(&mut session, follower, Words::TimeOut);
    session.update(Action::StepForward);
    assert_eq!(
        field(&mut session, follower, name).as_deref(),
        Some("entry 2; term 2 · its vote for itself")
    );
    while details(&mut session, follower).term < 6 {
        choose(&mut session, follower, Words::TimeOut);
        session.update(Action::StepForward);
    }
    let listed = field(&mut session, follower, name).unwrap();
    assert!(listed.ends_with("term 4 · its vote for itself; and 2 more"), "{listed}");
}

#[test]
fn candidates_and_leaders_that_are_made_to_time_out_are_told_so_too() {
    // A candidate does not ask again: its election times out, and it stands for the next term.
    let (mut session, leader) = led();
    let candidate = leader % 5 + 1;
    for _ in 0..3 {
        let term = details(&mut session, candidate).term + 1;
        choose(&mut session, candidate, Words::TimeOut);
        session.update(Action::StepForward);
        let scene = session.scene();
        let line = scene.story.first().expect("a line");
        let stood = Text::StoodForElection {
            server: candidate,
            term,
        };
        assert_eq!(line.what, stood);
        assert_eq!(line.why, Some(Text::BecauseMadeToTimeOut));
    }

    // A leader that checks its majority has not waited for it.
    let (mut session, leader) = led();
    session.update(Action::TurnSwitch(Switch::CheckQuorum));
    let mut last = None;
    for _ in 0..20 {
        choose(&mut session, leader, Words::TimeOut);
        session.update(Action::StepForward);
        last = details(&mut session, leader).diagram.last;
        if details(&mut session, leader).diagram.now != Some(Stage::Leader) {
            break;
        }
    }
    let last = last.expect("it has stepped down");
    assert_eq!((last.to, last.why), (Some(Stage::Follower), Words::ByHand));
    assert_eq!(last.section, Some(Section::Dissertation("6.2")));
    let scene = session.scene();
    let resigned = scene
        .story
        .iter()
        .find(|line| line.what == Text::Resigned(leader))
        .expect("a line");
    assert_eq!(resigned.why, Some(Text::BecauseMadeToTimeOut));
}
