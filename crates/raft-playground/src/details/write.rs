//! One write, from the client and back to it, in eight stages: the way of a request through a replicated state machine.
//!
//! The stages follow from the events between the call and the cursor, as far back as these are remembered. What became of
//! the write follows from the logs.

use std::rc::Rc;

use raft_core::{Index, Instant, NodeId, Reason, Refusal, Seq, Term};
use raft_sim::{ClientId, Event, EventId, EventKind, Moment, Operation, Serial, Timeline, World};

use crate::label;
use crate::scene::Selection;
use crate::text::{Request, WriteWords as Words};

/// A write, in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteDetails {
    /// What is written, as in `x=3`, and by which client; none: nobody has written anything.
    pub request: Option<(Rc<str>, u64)>,
    /// The stages, in order.
    pub stages: Rc<[WriteStage]>,
    /// What is known to have become of it.
    pub fate: Words,
    /// Whether something of it is still to come.
    pub goes_on: bool,
    /// Whether nothing of it comes soon, unless something is done.
    pub is_stuck: bool,
}

/// One stage of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteStage {
    /// What happens in it.
    pub what: Words,
    /// When it was first done: the event, and the time in microseconds of the cluster.
    pub done: Option<(u64, u64)>,
    /// Whether it is the next one to be done.
    pub is_next: bool,
    /// Whether it can no longer be done.
    pub failed: bool,
    /// With what.
    pub notes: Rc<[Words]>,
}

/// Where a command stands in the logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    leader: NodeId,
    index: Index,
    term: Term,
}

/// What the events tell of one call.
#[derive(Debug, Default)]
struct Trail {
    asked: Vec<(Mark, NodeId)>,
    turned_away: Vec<(NodeId, Option<NodeId>)>,
    arrived: Vec<EventId>,
    /// Each time that a leader took it into its log.
    places: Vec<(Mark, Place)>,
    returned: Option<Mark>,
}

/// An event and its time.
type Mark = (u64, u64);

fn mark(event: &Event) -> Mark {
    (event.id.0, event.at.0)
}

impl WriteDetails {
    /// Of the write that is selected, or else of the latest before the cursor: the reader's own, if there is one.
    pub(crate) fn of(timeline: &Timeline, selection: Selection, is_stuck: bool) -> WriteDetails {
        let of = match followed(timeline, selection) {
            Some(write) => of_call(timeline.world(), timeline.events(), &write),
            None => WriteDetails {
                request: None,
                stages: Rc::default(),
                fate: match selection {
                    Selection::Write { .. } => Words::OutOfSight,
                    _ => Words::Nothing,
                },
                goes_on: false,
                is_stuck: false,
            },
        };
        WriteDetails {
            is_stuck: is_stuck && of.goes_on,
            ..of
        }
    }
}

/// The write that is followed with a selection.
pub(crate) fn followed(timeline: &Timeline, selection: Selection) -> Option<Write> {
    let busy = busy_clients(timeline);
    let mut writes = timeline.events().iter().rev().filter_map(|event| match &event.kind {
        EventKind::Called {
            client,
            serial,
            operation: operation @ Operation::Write(_),
        } => Some((*client, *serial, operation)),
        _ => None,
    });
    let (client, serial, operation) = match selection {
        Selection::Write { client, serial } => {
            writes.find(|(by, number, _)| (*by, *number) == (ClientId(client), Serial(serial)))
        }
        _ => {
            let own = writes.clone().find(|(client, ..)| client.0 > busy);
            own.or_else(|| writes.next())
        }
    }?;
    Some(Write {
        client,
        serial,
        operation: operation.clone(),
    })
}

/// The place of the stage in which followers store it.
const STORED: usize = 3;

/// A client's call that writes.
pub(crate) struct Write {
    client: ClientId,
    serial: Serial,
    operation: Operation,
}

impl Write {
    /// This one, whatever is written later.
    pub(crate) fn selection(&self) -> Selection {
        Selection::Write {
            client: self.client.0,
            serial: self.serial.0,
        }
    }

    /// When more has become of it, up to a time: a stage is done, it is asked for again, or another server learns of it.
    pub(crate) fn foresee(&self, timeline: &Timeline, until: Instant) -> Option<Moment> {
        let progress = |world: &World, events: &[Event]| {
            let stages = of_call(world, events, self).stages;
            let done = stages.iter().filter(|stage| stage.done.is_some()).count();
            let asked = stages[..2].iter().map(|stage| stage.notes.clone()).collect::<Vec<_>>();
            // In the end there is only who stores it late, and who learns of it late.
            let late = [STORED, stages.len() - 1].map(|stage| stages[stage].notes.clone());
            (done, asked, (done == stages.len()).then_some(late))
        };
        let now = progress(timeline.world(), timeline.events());
        let mut indexes = self.indexes(timeline.events());
        // Writes to disks that may have it in them.
        let mut under_way: Vec<(NodeId, Seq)> = Vec::new();
        let mut concerns = |event: &Event, indexes: &[Index]| match &event.kind {
            EventKind::Asked { client, serial, .. }
            | EventKind::RequestDelivered { client, serial, .. }
            | EventKind::TurnedAway { client, serial, .. }
            | EventKind::Returned { client, serial, .. } => (*client, *serial) == (self.client, self.serial),
            EventKind::Applied { index, .. } => indexes.contains(index),
            EventKind::Restored { last } => indexes.iter().any(|index| *index <= last.index),
            EventKind::WriteIssued {
                seq,
                entries: Some((first, last)),
            } => {
                let has_it = indexes.iter().any(|index| (first..=last).contains(&index));
                under_way.extend(event.server.filter(|_| has_it).map(|server| (server, *seq)));
                has_it
            }
            EventKind::WriteDurable { seq } => {
                let before = under_way.len();
                under_way.retain(|(server, wanted)| event.server != Some(*server) || wanted > seq);
                under_way.len() < before
            }
            _ => false,
        };
        for event in timeline.events() {
            concerns(event, &indexes);
        }
        timeline.foresee(until, |world, events| {
            let first = events.partition_point(|event| event.step < world.steps());
            // Each of them counts, whatever the others are.
            let about_it = events[first..].iter().filter(|event| concerns(event, &indexes));
            let is_about_it = about_it.count() > 0;
            if !is_about_it {
                return false;
            }
            indexes = self.indexes(events);
            progress(world, events) != now
        })
    }

    /// Where leaders have taken it into their logs.
    fn indexes(&self, events: &[Event]) -> Vec<Index> {
        let places = follow(events, self).places;
        places.into_iter().map(|(_, place)| place.index).collect()
    }

    /// Whether the reader's own client wants it, and none that writes by itself.
    pub(crate) fn is_own(&self, timeline: &Timeline) -> bool {
        self.client.0 > busy_clients(timeline)
    }
}

/// How many clients write by themselves: the reader's has the next number.
fn busy_clients(timeline: &Timeline) -> u64 {
    let workload = timeline.recording().config.workload.as_ref();
    workload.map_or(0, |workload| workload.clients)
}

/// Where it stands in the logs: a client that asks again may have its command there twice. What counts is what was applied,
/// or else the latest.
fn place(trail: &Trail, events: &[Event]) -> Option<(Mark, Place)> {
    let applied = |(_, place): &&(Mark, Place)| first_applied(events, place).is_some();
    trail.places.iter().find(applied).or(trail.places.last()).copied()
}

fn of_call(world: &World, events: &[Event], write: &Write) -> WriteDetails {
    let trail = follow(events, write);
    let place = place(&trail, events);
    let (Request::Write(label) | Request::Read(label)) = label::request(&write.operation);
    let fate = fate(world, &trail, place.map(|(_, place)| place), events);
    // What no log has can still be on its way.
    let is_lost = matches!(fate, Words::Overwritten(_));
    let mut stages = vec![sent(&trail)];
    let after = match place {
        Some((at, place)) => after_append(world, events, at, &place, trail.places.len()),
        None => [
            Words::Appended,
            Words::Replicated,
            Words::Stored,
            Words::Committed,
            Words::Applied,
            Words::Learned,
        ]
        .map(|what| stage(what, None, Vec::new()))
        .into(),
    };
    stages.extend(after);
    stages.insert(6, stage(Words::Told, trail.returned, Vec::new()));
    // Who is alone has nobody to send it to.
    let is_alone = world.members().len() == 1;
    if is_alone {
        stages.retain(|stage| !matches!(stage.what, Words::Replicated | Words::Stored | Words::Learned));
    }
    let next = stages.iter().position(|stage| stage.done.is_none());
    if let Some(next) = next {
        stages[next].is_next = !is_lost;
        stages[next].failed = is_lost;
    }
    let is_all = |note: &Words| matches!(note, Words::Others(some, all) if some == all);
    let is_known_everywhere = stages.last().is_some_and(|stage| stage.notes.iter().any(is_all));
    WriteDetails {
        request: Some((label, write.client.0)),
        goes_on: next.is_some() || !is_alone && !is_known_everywhere,
        stages: stages.into(),
        fate,
        is_stuck: false,
    }
}

fn stage(what: Words, done: Option<Mark>, notes: Vec<Words>) -> WriteStage {
    WriteStage {
        what,
        done,
        is_next: false,
        failed: false,
        notes: notes.into(),
    }
}

/// What the events tell of a call.
fn follow(events: &[Event], write: &Write) -> Trail {
    let Write { client, serial, .. } = *write;
    let mut trail = Trail::default();
    for event in events {
        match &event.kind {
            EventKind::Asked {
                client: who,
                serial: which,
                to,
                ..
            } if (*who, *which) == (client, serial) => trail.asked.push((mark(event), *to)),
            EventKind::RequestDelivered {
                client: who,
                serial: which,
                ..
            } if (*who, *which) == (client, serial) => trail.arrived.push(event.id),
            EventKind::TurnedAway {
                client: who,
                serial: which,
                from,
                why,
            } if (*who, *which) == (client, serial) => {
                let leader = match why {
                    Refusal::NotLeader { leader } => *leader,
                    _ => None,
                };
                trail.turned_away.push((*from, leader));
            }
            EventKind::Proposed { index, term } if event.cause.is_some_and(|cause| trail.arrived.contains(&cause)) => {
                let place = Place {
                    leader: event.server.unwrap_or_default(),
                    index: *index,
                    term: *term,
                };
                trail.places.push((mark(event), place));
            }
            EventKind::Returned {
                client: who,
                serial: which,
                ..
            } if (*who, *which) == (client, serial) => trail.returned = Some(mark(event)),
            _ => {}
        }
    }
    trail
}

/// 1: the client sends its request.
fn sent(trail: &Trail) -> WriteStage {
    let mut notes = Vec::new();
    if let Some((_, to)) = trail.asked.last() {
        notes.push(Words::To(to.0));
    }
    if trail.asked.len() > 1 {
        notes.push(Words::Tries(trail.asked.len() as u64));
    }
    if let Some(&(from, leader)) = trail.turned_away.last() {
        notes.push(match leader {
            Some(leader) => Words::TurnedAwayTo(from.0, leader.0),
            None => Words::TurnedAway(from.0),
        });
    }
    stage(Words::Sent, trail.asked.first().map(|&(at, _)| at), notes)
}

/// 2 to 6 and 8: what follows once a leader has it in its log.
fn after_append(world: &World, events: &[Event], at: Mark, place: &Place, copies: usize) -> Vec<WriteStage> {
    let taken = events.partition_point(|event| event.id.0 < at.0);
    let step = events[taken].step;
    // What the leader sent in the same step left before it said so.
    let later = &events[events.partition_point(|event| event.step < step)..];
    let Place { leader, index, term } = *place;
    let is_sent = |event: &&Event| event.server == Some(leader) && matches!(event.kind, EventKind::Sent { .. });
    let same_step = later.iter().take_while(|event| event.step == step);
    let mut sent: Vec<&Event> = same_step.filter(is_sent).collect();
    if sent.is_empty() {
        // It had to wait, as the first ones of a new leader do: what it left with is known once it arrives.
        let cause = |event: &&Event| find(events, event.cause?);
        let has_it = |event: &&Event| matches!(event.kind, EventKind::WriteIssued { entries: Some((first, last)), .. } if (first..=last).contains(&index));
        let arrived = later.iter().filter(has_it).filter_map(|event| cause(&event));
        sent = arrived.filter_map(|event| cause(&event)).filter(is_sent).collect();
        sent.sort_unstable_by_key(|event| event.id);
        sent.dedup_by_key(|event| event.id);
    }
    let stored = stored(world, later, place);
    let first = first_applied(later, place);
    let committed = first.and_then(|first| {
        let decides = |event: &&Event| matches!(event.kind, EventKind::Because(Reason::MajorityMatched { .. }));
        later
            .iter()
            .filter(|event| event.step == first.step)
            .find(decides)
            .or(Some(first))
    });
    let by = |event: Option<&Event>| {
        event
            .and_then(|event| event.server)
            .map(|by| Words::By(by.0))
            .into_iter()
            .collect()
    };
    // Who has committed it knows it first.
    let knows = first.and_then(|event| event.server).unwrap_or(leader);
    let learned = learned(later, place, knows);
    let count = |servers: &[(NodeId, Mark)], but: NodeId| {
        let members = world.members().into_iter().filter(|&id| id != but);
        let all: Vec<NodeId> = members.collect();
        let some = servers.iter().filter(|(of, _)| all.contains(of)).count();
        (some as u64, all.len() as u64)
    };
    let (followers, all_followers) = count(&stored, leader);
    let (others, all_others) = count(&learned, knows);
    let mut appended = vec![Words::Entry(leader.0, index.0, term.0)];
    if copies > 1 {
        appended.push(Words::Copies(copies as u64));
    }
    vec![
        stage(Words::Appended, Some(at), appended),
        stage(
            Words::Replicated,
            sent.first().map(|event| mark(event)),
            vec![Words::Messages(sent.len() as u64)],
        ),
        stage(
            Words::Stored,
            stored.first().map(|&(_, at)| at),
            vec![Words::Followers(followers, all_followers)],
        ),
        stage(Words::Committed, committed.map(mark), by(committed)),
        stage(Words::Applied, first.map(mark), by(first)),
        stage(
            Words::Learned,
            learned.first().map(|&(_, at)| at),
            vec![Words::Others(others, all_others)],
        ),
    ]
}

fn find(events: &[Event], id: EventId) -> Option<&Event> {
    let place = events.binary_search_by_key(&id, |event| event.id).ok()?;
    Some(&events[place])
}

/// The first time that an entry was applied anywhere.
fn first_applied<'a>(events: &'a [Event], place: &Place) -> Option<&'a Event> {
    events.iter().find(
        |event| matches!(event.kind, EventKind::Applied { index, term } if (index, term) == (place.index, place.term)),
    )
}

/// When each server but one first had an entry in its state machine, by itself or in a snapshot, in order. Whoever starts
/// again applies it again.
fn learned(events: &[Event], place: &Place, but: NodeId) -> Vec<(NodeId, Mark)> {
    let mut learned: Vec<(NodeId, Mark)> = Vec::new();
    // Without that a snapshot has something else in its place.
    let is_committed = first_applied(events, place).is_some();
    for event in events {
        let has_it = match event.kind {
            EventKind::Applied { index, term } => (index, term) == (place.index, place.term),
            EventKind::Restored { last } => is_committed && last.index >= place.index,
            _ => false,
        };
        if let Some(server) = event.server.filter(|&server| has_it && server != but)
            && learned.iter().all(|&(of, _)| of != server)
        {
            learned.push((server, mark(event)));
        }
    }
    learned
}

/// When an entry became durable on each follower that has it on its disk, in order.
fn stored(world: &World, events: &[Event], place: &Place) -> Vec<(NodeId, Mark)> {
    let Place { leader, index, term } = *place;
    let is_committed = first_applied(events, place).is_some();
    // Another leader's entry may have come there, before or since.
    let has_it = |&(of, _): &(NodeId, Mark)| {
        let stable = world.server(of).map(|server| server.disk().stable());
        stable.is_some_and(|stable| {
            stable.log.term_at(index) == Some(term) || is_committed && stable.snapshot.last.index >= index
        })
    };
    let mut under_way: Vec<(NodeId, Seq)> = Vec::new();
    let mut stored: Vec<(NodeId, Mark)> = Vec::new();
    for event in events {
        let Some(server) = event.server.filter(|&server| server != leader) else {
            continue;
        };
        match event.kind {
            EventKind::WriteIssued {
                seq,
                entries: Some((first, last)),
            } if (first..=last).contains(&index) => under_way.push((server, seq)),
            // Later writes become durable with all before them.
            EventKind::WriteDurable { seq } => {
                let is_done = |&(of, wanted): &(NodeId, Seq)| of == server && wanted <= seq;
                if under_way.iter().any(is_done) && stored.iter().all(|&(of, _)| of != server) {
                    stored.push((server, mark(event)));
                }
            }
            // What was on its way to the disk is lost, and writes are counted anew.
            EventKind::Crashed { .. } => under_way.retain(|&(of, _)| of != server),
            _ => {}
        }
    }
    stored.retain(has_it);
    stored
}

/// What is known to have become of it.
fn fate(world: &World, trail: &Trail, place: Option<Place>, events: &[Event]) -> Words {
    if trail.returned.is_some() {
        return Words::Safe;
    }
    let Some(place) = place else { return Words::Underway };
    if first_applied(events, &place).is_some() {
        return Words::SafeUntold;
    }
    let other = events.iter().rev().find_map(|event| match event.kind {
        EventKind::Applied { index, term } if index == place.index && term != place.term => Some(term),
        _ => None,
    });
    if let Some(term) = other {
        return Words::Overwritten(term.0);
    }
    let has_it = |server: &&raft_sim::Server| {
        let log = server.node().map_or(&server.disk().stable().log, raft_core::Node::log);
        log.term_at(place.index) == Some(place.term)
    };
    match world.servers().iter().filter(has_it).count() as u64 {
        0 => Words::Gone,
        servers => Words::Open(servers),
    }
}
