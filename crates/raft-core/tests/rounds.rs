//! What a leader remembers of its rounds is limited, whoever answers.

use raft_core::{
    Configuration, Effect, Effects, Input, Instant, Message, Node, NodeId, ReadId, ReadMode, Settings, Stable,
};

fn settings() -> Settings {
    Settings {
        check_quorum: true,
        lease_drift_ppm_max: Some(100),
        ..Settings::default()
    }
}

/// Writes are durable at once; the messages are returned.
fn carry_out(node: &mut Node<u64>, now: Instant, effects: &mut Effects<u64>) -> Vec<Message<u64>> {
    let mut messages = Vec::new();
    loop {
        let mut durable = None;
        for effect in effects.drain() {
            match effect {
                Effect::Persist { seq, .. } => durable = Some(seq),
                Effect::Send { message, .. } => messages.push(message),
                _ => {}
            }
        }
        let Some(seq) = durable else { return messages };
        node.step(now, Input::Persisted { seq }, effects);
    }
}

fn open_rounds(node: &Node<u64>) -> usize {
    node.reign().map_or(0, |reign| reign.open_rounds.len())
}

#[test]
fn a_lone_leader_leaves_no_round_open() {
    let stable = Stable::new(Configuration::new([NodeId(1)]));
    let mut node = Node::new(NodeId(1), settings(), stable, 1);
    let mut effects = Effects::new();
    for beat in 0..100 {
        let now = node.next_deadline().unwrap();
        node.tick(now, &mut effects);
        carry_out(&mut node, now, &mut effects);
        let (id, mode) = (ReadId(beat), ReadMode::ReadIndex);
        node.step(now, Input::Read { id, mode }, &mut effects);
        carry_out(&mut node, now, &mut effects);
        assert_eq!(open_rounds(&node), 0, "after heartbeat {beat}");
    }
    assert!(node.reign().is_some());
}

#[test]
fn a_leader_that_nobody_answers_steps_down_before_it_has_many_open_rounds() {
    let settings = settings();
    let stable = Stable::new(Configuration::new([1, 2, 3].map(NodeId)));
    let nodes = [1, 2, 3].map(|id| Node::new(NodeId(id), settings.clone(), stable.clone(), id));
    let [mut leader, mut voter, _] = nodes;
    let mut effects = Effects::new();
    // Only votes go to and fro, and nothing that comes after them.
    while leader.reign().is_none() {
        let now = leader.next_deadline().unwrap();
        leader.tick(now, &mut effects);
        for request in carry_out(&mut leader, now, &mut effects) {
            voter.step(now, Input::Message(request), &mut effects);
            for reply in carry_out(&mut voter, now, &mut effects) {
                leader.step(now, Input::Message(reply), &mut effects);
            }
            carry_out(&mut leader, now, &mut effects);
        }
    }
    // All count as heard from when it is elected.
    let beats = settings.election_timeout_us_max / settings.heartbeat_interval_us;
    for _ in 0..beats {
        let now = leader.next_deadline().unwrap();
        leader.tick(now, &mut effects);
        carry_out(&mut leader, now, &mut effects);
        assert!(open_rounds(&leader) as u64 <= beats);
    }
    assert!(leader.reign().is_none(), "nobody has answered");
}
