//! Answers that come after their question's time: to what a leader asked in an earlier reign, or of an older snapshot.
//!
//! A server that refuses a request of an earlier term says its own term with it. Should whoever asked lead that very
//! term by then, the refusal must not pass for an answer to what it asks now.

use raft_core::*;
use std::collections::BTreeMap;
type M = Message<Vec<u8>>;
struct Sim {
    nodes: BTreeMap<u64, Node<Vec<u8>>>,
    disks: BTreeMap<u64, Stable<Vec<u8>>>,
    now: u64,
    net: Vec<M>,
    out: Vec<(u64, Effect<Vec<u8>>)>,
    why: Vec<(u64, Reason)>,
    settings: Settings,
    seed: u64,
}
impl Sim {
    fn new(voters: &[u64], all: &[u64], settings: Settings) -> Sim {
        let c = Configuration::new(voters.iter().map(|&i| NodeId(i)));
        let mut s = Sim {
            nodes: BTreeMap::new(),
            disks: BTreeMap::new(),
            now: 0,
            net: vec![],
            out: vec![],
            why: vec![],
            settings,
            seed: 1,
        };
        for &i in all {
            let d = Stable::new(if voters.contains(&i) {
                c.clone()
            } else {
                Configuration::default()
            });
            s.disks.insert(i, d);
            s.boot(i);
        }
        s
    }
    fn boot(&mut self, i: u64) {
        self.seed += 1;
        let n = Node::new(NodeId(i), self.settings.clone(), self.disks[&i].clone(), self.seed);
        self.nodes.insert(i, n);
        let mut e = Effects::new();
        self.nodes.get_mut(&i).unwrap().tick(Instant(self.now), &mut e);
        self.eff(i, e);
    }
    fn eff(&mut self, i: u64, mut e: Effects<Vec<u8>>) {
        loop {
            let list: Vec<_> = e.drain().collect();
            let mut last = None;
            let mut sends = vec![];
            for x in list {
                match x {
                    Effect::Persist { seq, write } => {
                        self.disks.get_mut(&i).unwrap().write(write);
                        last = Some(seq);
                    }
                    Effect::Send { message, .. } => sends.push(message),
                    Effect::Because(r) => self.why.push((i, r)),
                    x => self.out.push((i, x)),
                }
            }
            self.net.extend(sends);
            let Some(seq) = last else { return };
            self.nodes
                .get_mut(&i)
                .unwrap()
                .step(Instant(self.now), Input::Persisted { seq }, &mut e);
        }
    }
    fn step(&mut self, i: u64, input: Input<Vec<u8>>) {
        let mut e = Effects::new();
        self.nodes.get_mut(&i).unwrap().step(Instant(self.now), input, &mut e);
        self.eff(i, e);
    }
    fn tick(&mut self, i: u64) {
        let mut e = Effects::new();
        self.nodes.get_mut(&i).unwrap().tick(Instant(self.now), &mut e);
        self.eff(i, e);
    }
    /// i's timer fires (time moves on to it, only i looks at it)
    fn fire(&mut self, i: u64) {
        self.now = self.now.max(self.nodes[&i].next_deadline().unwrap().0);
        self.tick(i);
    }
    fn take(&mut self, f: impl Fn(&M) -> bool) -> Vec<M> {
        let (a, b) = std::mem::take(&mut self.net).into_iter().partition(|m| f(m));
        self.net = b;
        a
    }
    fn give(&mut self, ms: Vec<M>) {
        for m in ms {
            let to = m.to.0;
            if self.nodes.contains_key(&to) {
                self.step(to, Input::Message(m));
            }
        }
    }
    /// delivers everything among `ids` until quiet; the rest stays
    fn settle(&mut self, ids: &[u64]) {
        for _ in 0..10_000 {
            let ms = self.take(|m| ids.contains(&m.from.0) && ids.contains(&m.to.0));
            if ms.is_empty() {
                return;
            }
            self.give(ms);
        }
        panic!("never quiet")
    }
    fn drop_all(&mut self) {
        self.net.clear();
    }
    fn elect(&mut self, i: u64, ids: &[u64]) {
        for _ in 0..20 {
            self.fire(i);
            self.settle(ids);
            if self.n(i).reign().is_some() {
                return;
            }
        }
        panic!("not elected")
    }
    fn n(&self, i: u64) -> &Node<Vec<u8>> {
        &self.nodes[&i]
    }
    fn propose(&mut self, i: u64, len: usize) {
        self.step(i, Input::Propose(vec![7; len]));
    }
    fn read(&mut self, i: u64, id: u64, mode: ReadMode) {
        self.step(i, Input::Read { id: ReadId(id), mode });
    }
    fn ready(&self, id: u64) -> Option<Index> {
        self.out.iter().find_map(|(_, e)| match e {
            Effect::ReadReady { id: r, index } if r.0 == id => Some(*index),
            _ => None,
        })
    }
    fn leaders(&self) -> Vec<u64> {
        self.nodes
            .iter()
            .filter(|(_, n)| n.reign().is_some())
            .map(|(i, _)| *i)
            .collect()
    }
}
fn prev_read(settings: Settings, mode: ReadMode, restart: bool) -> Option<Index> {
    let mut s = Sim::new(&[1, 2, 3], &[1, 2, 3], settings);
    s.elect(1, &[1, 2, 3]); // term 1, round 1
    s.fire(1); // heartbeats, round 2; the one to 2 is late
    let late = s.take(|m| m.to == NodeId(2) && matches!(m.body, Body::AppendEntries(_)));
    s.drop_all();
    if restart {
        s.boot(1);
    } else {
        // deposed by a candidacy of 3 that fails
        s.now += 400_000;
        s.fire(3);
        s.settle(&[1, 3]);
        s.drop_all();
        assert!(s.n(1).reign().is_none());
        if s.n(3).reign().is_some() {
            return None;
        }
    }
    s.now += 400_000; // patience of everybody is over
    s.elect(1, &[1, 2, 3]);
    let t = s.n(1).current_term();
    assert!(s.n(1).reign().unwrap().round < Round(3));
    // the late heartbeat of the earlier reign arrives at 2, which refuses it
    s.give(late);
    let refusal = s.take(|m| m.from == NodeId(2) && m.to == NodeId(1));
    assert_eq!(refusal.len(), 1);
    assert_eq!(refusal[0].term, t);
    s.drop_all();
    // 1 is cut off; 3 leads the next term, and commits a write with 2
    s.now += 400_000;
    s.elect(3, &[2, 3]);
    s.propose(3, 1);
    s.settle(&[2, 3]);
    assert!(s.n(3).commit_index() > s.n(1).commit_index());
    s.drop_all();
    // a client reads from 1, which has heard nothing
    s.read(1, 9, mode);
    s.drop_all();
    assert_eq!(s.ready(9), None);
    s.give(refusal);
    let r = s.ready(9);
    if let Some(i) = r {
        assert!(
            i >= s.n(3).commit_index(),
            "STALE READ: {i} of {}",
            s.n(3).commit_index()
        );
    }
    r
}
#[test]
fn a_late_refusal_confirms_no_read() {
    prev_read(Settings::default(), ReadMode::ReadIndex, true);
}
#[test]
fn a_late_refusal_confirms_no_read_with_pre_vote() {
    prev_read(
        Settings {
            pre_vote: true,
            ..Settings::default()
        },
        ReadMode::ReadIndex,
        true,
    );
}
#[test]
fn a_late_refusal_confirms_no_read_in_two_stages() {
    prev_read(
        Settings {
            election_style: ElectionStyle::TWO_STAGE,
            ..Settings::default()
        },
        ReadMode::ReadIndex,
        true,
    );
}

#[test]
fn a_late_piece_of_an_older_snapshot_throws_nothing_away() {
    let mut s = Sim::new(
        &[1, 2, 3],
        &[1, 2, 3],
        Settings {
            compaction_keeps: 0,
            snapshot_chunk_bytes: 10,
            ..Settings::default()
        },
    );
    s.elect(1, &[1, 2]);
    s.drop_all();
    s.propose(1, 1);
    s.settle(&[1, 2]);
    s.drop_all();
    let index = s.n(1).commit_index();
    s.step(
        1,
        Input::Compact {
            index,
            data: vec![1; 50],
        },
    );
    s.fire(1);
    let mut dup: Vec<M> = vec![];
    for _ in 0..3 {
        dup.extend(
            s.net
                .iter()
                .filter(|m| matches!(&m.body, Body::InstallSnapshot(p) if p.offset == 0))
                .cloned(),
        );
        let a = s.take(|m| m.to == NodeId(3));
        s.give(a);
        let b = s.take(|m| m.from == NodeId(3));
        s.give(b);
        s.settle(&[1, 2]);
    }
    assert!(!dup.is_empty(), "{:?}", s.net);
    dup.truncate(1);
    s.drop_all();
    s.propose(1, 1);
    s.settle(&[1, 2]);
    let index = s.n(1).commit_index();
    s.step(
        1,
        Input::Compact {
            index,
            data: vec![2; 50],
        },
    );
    s.fire(1);
    // The older one goes on until it has arrived, then the newer one begins.
    for _ in 0..6 {
        let a = s.take(|m| m.to == NodeId(3));
        s.give(a);
        let b = s.take(|m| m.from == NodeId(3));
        s.give(b);
        s.settle(&[1, 2]);
    }
    assert_eq!(s.n(3).snapshot().data, vec![1; 50]);
    let grew = |s: &Sim| {
        s.why
            .iter()
            .rev()
            .find_map(|(i, r)| match r {
                Reason::SnapshotGrew { bytes, .. } if *i == 3 => Some(*bytes),
                _ => None,
            })
            .unwrap()
    };
    let before = grew(&s);
    assert!(before >= 20, "{before}");
    s.give(dup); // late copy of the first piece of the OLD snapshot
    let a = s.take(|m| m.to == NodeId(3));
    s.give(a);
    let after = grew(&s);
    assert!(
        after > before,
        "had {before} bytes of the newer snapshot, now {after} of the older"
    );
}
#[test]
fn a_late_refusal_renews_no_lease() {
    let st = Settings {
        check_quorum: true,
        lease_drift_ppm_max: Some(0),
        ..Settings::default()
    };
    let mut s = Sim::new(&[1, 2, 3], &[1, 2, 3], st);
    s.elect(1, &[1, 2, 3]);
    for _ in 0..4 {
        s.fire(1);
        if s.n(1).reign().unwrap().round < Round(5) {
            s.settle(&[1, 2, 3]);
        }
    }
    let late = s.take(|m| m.to == NodeId(2) && matches!(&m.body, Body::AppendEntries(a) if a.round == Round(5)));
    assert_eq!(late.len(), 1);
    s.drop_all();
    s.boot(1);
    s.now += 160_000; // 1 crashed; its restart's patience is over, so is that of the others
    s.now += 100_000;
    s.elect(1, &[1, 2, 3]);
    s.settle(&[1, 2, 3]);
    let t = s.n(1).current_term();
    s.give(late);
    let refusal = s.take(|m| m.from == NodeId(2) && m.to == NodeId(1) && m.term == t);
    assert_eq!(refusal.len(), 1);
    s.drop_all();
    // 1 is cut off; all hosts tick every millisecond
    let mut new = None;
    for _ in 0..600 {
        s.now += 1000;
        for i in 1..=3 {
            s.tick(i);
        }
        let ms = s.take(|m| m.from.0 != 1 && m.to.0 != 1);
        s.drop_all();
        s.give(ms);
        if new.is_none() {
            new = s.leaders().into_iter().find(|&i| i != 1);
            if let Some(l) = new {
                s.propose(l, 1);
            }
        }
        if let Some(l) = new
            && s.n(l).commit_index() == s.n(l).log().last_index()
            && s.n(1).reign().is_some_and(|r| r.round >= Round(5))
        {
            break;
        }
    }
    let l = new.expect("somebody leads");
    assert!(s.n(1).reign().is_some(), "1 still thinks it leads");
    assert!(s.n(l).commit_index() > s.n(1).commit_index());
    println!("round {:?}", s.n(1).reign().unwrap().round);
    s.give(refusal);
    s.read(1, 77, ReadMode::Lease);
    if let Some(i) = s.ready(77) {
        panic!("STALE LEASE READ: {i} of {}", s.n(l).commit_index());
    }
}
#[test]
fn a_late_refusal_sends_nobody_back_to_the_beginning() {
    let mut s = Sim::new(&[1, 2, 3], &[1, 2, 3], Settings::default());
    s.elect(1, &[1, 2, 3]);
    for _ in 0..50 {
        s.propose(1, 1);
        s.settle(&[1, 2, 3]);
    }
    s.fire(1);
    s.settle(&[1, 2, 3]);
    s.fire(1);
    let late = s.take(|m| m.to == NodeId(2) && matches!(m.body, Body::AppendEntries(_)));
    s.drop_all();
    s.boot(1);
    s.now += 400_000;
    s.fire(1);
    let asks = s.take(|m| m.to == NodeId(2));
    s.give(asks); // 2 votes, in term 2
    s.give(late); // refuses the heartbeat of term 1
    let (votes, refusals): (Vec<M>, Vec<M>) = s
        .take(|m| m.from == NodeId(2))
        .into_iter()
        .partition(|m| matches!(m.body, Body::RequestVoteReply { .. }));
    s.give(votes);
    assert!(s.n(1).reign().is_some());
    s.drop_all();
    s.give(refusals);
    let n: Vec<usize> = s
        .net
        .iter()
        .filter_map(|m| match &m.body {
            Body::AppendEntries(a) if m.to == NodeId(2) => Some(a.entries.len()),
            _ => None,
        })
        .collect();
    assert!(
        n.iter().all(|&n| n <= 1),
        "sends {n:?} entries to a follower that has all but one"
    );
}
