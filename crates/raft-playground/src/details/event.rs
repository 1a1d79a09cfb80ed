//! An event: what happened, why, and what led to it, back to the first cause.

use std::rc::Rc;

use raft_core::{Body, NodeId, Reason, Role as CoreRole, Rule, Seq, Term, VoteDenial};
use raft_sim::{Command, Event, EventId, EventKind, MessageId, Milestone, MilestoneKind, Timeline, World};

use super::{Line, Said, reason, waiting};
use crate::diagram::sentence;
use crate::label;
use crate::scene::{self, Section, Selection, Story, Who, between_servers};
use crate::story::Narrator;
use crate::text::time::TimeWords;
use crate::text::{Message, WhyWords as Words};

/// An event, in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDetails {
    /// Its number.
    pub event: u64,
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// What happened.
    pub what: Said,
    /// Why.
    pub why: Option<Said>,
    /// Where to read about it.
    pub section: Option<Section>,
    /// What led to it, latest first.
    pub causes: Rc<[Line]>,
    /// Where they begin.
    pub root: Root,
}

/// Where a chain of causes begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The first of them came from outside.
    Outside,
    /// The first of them was done by hand, as its line says.
    ByHand,
    /// Further back than is shown.
    OutOfSight,
}

/// So many events are followed back.
const EVENTS_MAX: usize = 200;
/// And so many lines are told of them.
const LINES_MAX: usize = 40;

impl EventDetails {
    /// Of an event of the present history, wherever the cursor is.
    pub(super) fn of(timeline: &Timeline, narrator: &Narrator, id: u64) -> Option<EventDetails> {
        let chain = chain(timeline, EventId(id));
        let (event, causes) = chain.split_first()?;
        let told = narrator.line(id);
        let server = event.server.unwrap_or_default().0;
        let is_decision = matches!(event.kind, EventKind::Sent { .. } | EventKind::Because(_));
        let decided = || reason::why(timeline, id, server).filter(|_| is_decision);
        let (why, section) = match told {
            Some(line) => (line.why.clone().map(Said::Story), line.section),
            None => decided().map_or((None, None), |(why, section)| (Some(why), Some(section))),
        };
        let first = chain.last()?;
        let (mut lines, mut beside) = lines(timeline, narrator, event, causes);
        beside.extend(let_through(timeline, narrator, event));
        if breaks_a_promise(timeline, event) {
            beside.extend(rules_off(narrator, event));
        }
        let kept_away = waiting::kept_away(timeline, narrator, event, causes);
        beside.extend(kept_away.map(|story| by_hand(line(story))));
        let root = if lines.len() > LINES_MAX || first.cause.is_some() {
            Root::OutOfSight
        } else if matches!(first.kind, EventKind::Commanded(_)) {
            Root::ByHand
        } else {
            Root::Outside
        };
        lines.truncate(LINES_MAX);
        // What is older than the first cause would stand below it, where the root is; but what was done by hand may have
        // been done long before what it came to matter for.
        let since = lines.last().map_or(0, |line| line.event);
        let is_by_hand = |line: &Line| matches!(line.what, Said::ByHand(_));
        beside.retain(|line| root == Root::Outside || is_by_hand(line) || line.event > since);
        for line in beside {
            if let Err(place) = lines.binary_search_by(|other| line.event.cmp(&other.event)) {
                lines.insert(place, line);
            }
        }
        Some(EventDetails {
            event: id,
            at_us: event.at.0,
            what: told.map_or_else(
                || said(timeline, event, chain.get(1)),
                |line| Said::Story(line.what.clone()),
            ),
            why,
            section,
            causes: lines.into(),
            root,
        })
    }
}

/// What there is to be asked of a vote: how it was counted, the message that it waits for, or what became of that.
pub(crate) fn of_vote(timeline: &Timeline, candidate: NodeId, voter: NodeId) -> Option<Selection> {
    let world = timeline.world();
    let node = world.server(candidate)?.node()?;
    let known = match node.role() {
        CoreRole::PreCandidate(it) => &it.votes,
        CoreRole::Candidate(it) => &it.votes,
        CoreRole::Follower(_) | CoreRole::Leader(_) => return None,
    };
    let ends = [candidate, voter];
    let latest = |is_meant: &dyn Fn(&Event) -> bool| {
        let found = timeline.events().iter().rev().find(|event| is_meant(event))?;
        Some(Selection::Event(found.id.0))
    };
    let stood = || {
        latest(&|event| {
            let stands = |reason: &Reason| {
                matches!(
                    reason,
                    Reason::ElectionTimedOut { .. }
                        | Reason::ElectionDelayEnded { .. }
                        | Reason::ToldToStand { .. }
                        | Reason::PreVoteBegan { .. }
                )
            };
            event.server == Some(candidate) && matches!(&event.kind, EventKind::Because(reason) if stands(reason))
        })
    };
    if voter == candidate {
        return stood();
    }
    if known.contains(voter) {
        return latest(&|event| {
            event.server == Some(candidate)
                && matches!(event.kind, EventKind::Because(Reason::VoteCounted { from, .. } | Reason::PreVoteCounted { from, .. }) if from == voter)
        });
    }
    let under_way = world.in_flight().filter_map(between_servers).filter(|(_, message)| {
        let is_about_votes = matches!(
            message.body,
            Body::RequestVote { .. }
                | Body::RequestVoteReply { .. }
                | Body::RequestPreVote { .. }
                | Body::RequestPreVoteReply { .. }
        );
        is_about_votes && ends.contains(&message.from) && ends.contains(&message.to)
    });
    let under_way = under_way.map(|(in_flight, _)| in_flight.id.0).max();
    under_way.map(Selection::Message).or_else(|| {
        latest(&|event| match event.kind {
            EventKind::Lost { from, .. } | EventKind::Undeliverable { from, .. } => {
                ends.contains(&from) && event.server.is_some_and(|to| ends.contains(&to))
            }
            EventKind::Sent { to, .. } => to == voter && event.server == Some(candidate),
            _ => false,
        })
    })
}

/// An event and what led to it, latest first. What it rests on is led back to itself, rather than what brought word of it:
/// a heartbeat that tells of a commit has nothing to do with it.
fn chain(timeline: &Timeline, id: EventId) -> Vec<Event> {
    let mut chain = timeline.told_causes(id, EVENTS_MAX);
    let rests_on = chain.first().and_then(|event| foundation(timeline, event));
    let is_led_to = |of: &Milestone| chain.iter().any(|event| event.step == of.moment.step);
    if let Some(of) = rests_on.filter(|of| !is_led_to(of)) {
        chain.retain(|event| event.id > of.event);
        let rest = EVENTS_MAX.saturating_sub(chain.len());
        chain.extend(timeline.told_causes(of.event, rest));
    }
    chain
}

/// The turn that an event rests on, whatever brought word of it: the commit of what is applied, or who began the term
/// that a server has come to know.
fn foundation(timeline: &Timeline, event: &Event) -> Option<Milestone> {
    let milestones = timeline.milestones();
    let before = &milestones[..milestones.partition_point(|it| it.event < event.id)];
    let index = match (&event.kind, timeline.reason(event.id)?) {
        (EventKind::Applied { index, .. }, _) => *index,
        (_, Reason::CommitLearned { index, .. }) => index,
        (_, Reason::HigherTerm { from, theirs, .. }) => return who_began(timeline, before, from, theirs),
        _ => return None,
    };
    // The first by which it was: a leader of an older term may be told later of less.
    let is_it = |it: &&Milestone| matches!(it.kind, MilestoneKind::Committed(committed) if committed >= index);
    before.iter().find(is_it).copied()
}

/// Who stood for election in a term that a server has told of: itself, or whoever told it, and so on.
fn who_began(timeline: &Timeline, mut before: &[Milestone], mut teller: NodeId, term: Term) -> Option<Milestone> {
    loop {
        let knows =
            |it: &Milestone| matches!(it.kind, MilestoneKind::Stood(of) | MilestoneKind::Followed(of) if of == term);
        let first = before.iter().position(|it| it.server == Some(teller) && knows(it))?;
        if matches!(before[first].kind, MilestoneKind::Stood(_)) {
            return Some(before[first]);
        }
        let Some(Reason::HigherTerm { from, .. }) = timeline.reason(before[first].event) else {
            return None;
        };
        (before, teller) = (&before[..first], from);
    }
}

/// A chain of causes, a line a step: what the narration says of the step, or else what happened. That a message left is
/// no line of its own where it says that it arrived, nor is the heartbeat before a heartbeat. One line more than is told
/// says that there are more. And what else it took, in no order.
fn lines(timeline: &Timeline, narrator: &Narrator, event: &Event, causes: &[Event]) -> (Vec<Line>, Vec<Line>) {
    let mut lines: Vec<Line> = Vec::new();
    let mut beside: Vec<Line> = besides(timeline, narrator, event).into_iter().collect();
    let (mut later, mut last_step) = (event, event.step);
    let mut rest = causes;
    while let Some((cause, before)) = rest.split_first().filter(|_| lines.len() <= LINES_MAX) {
        let led_to = std::mem::replace(&mut later, cause);
        rest = before;
        beside.extend(silence(timeline, narrator, led_to, cause));
        let is_departure = matches!(
            cause.kind,
            EventKind::Sent { .. } | EventKind::Asked { .. } | EventKind::Answered { .. }
        );
        let is_timer = |event: &Event| event.kind == EventKind::TimerFired;
        let told = narrator.line_of_step(cause.step, who(cause));
        let is_heartbeat_before =
            is_timer(cause) && is_timer(led_to) && cause.server == led_to.server && told.is_none();
        if cause.step == last_step || is_departure && cause.cause.is_some() || is_heartbeat_before {
            continue;
        }
        last_step = cause.step;
        // Of what the story has forgotten, an election says most, and else what brought the step about.
        let of_step = before.iter().take_while(|other| other.step == last_step).count();
        let is_elected = matches!(cause.kind, EventKind::Because(Reason::Elected { .. }));
        let (cause, before) = match of_step {
            others @ 1.. if told.is_none() && !is_elected => (&before[others - 1], &before[others..]),
            _ => (cause, before),
        };
        (later, rest) = (cause, before);
        let mut step = std::iter::once(cause)
            .chain(before)
            .take_while(|it| it.step == last_step);
        let is_by_hand = step.any(|it| matches!(it.kind, EventKind::Commanded(_)));
        let line = told.map_or_else(
            || Line {
                event: cause.id.0,
                at_us: cause.at.0,
                what: asked(cause, led_to).unwrap_or_else(|| said(timeline, cause, before.first())),
            },
            line,
        );
        lines.push(if is_by_hand { by_hand(line) } else { line });
    }
    (lines, beside)
}

/// What a client asked first, and whom.
fn asked(called: &Event, led_to: &Event) -> Option<Said> {
    let (EventKind::Called { client, operation, .. }, EventKind::Asked { to, .. }) = (&called.kind, &led_to.kind)
    else {
        return None;
    };
    Some(Said::Story(Message::ClientAsked {
        client: client.0,
        to: to.0,
        request: label::request(operation),
    }))
}

fn line(story: &Story) -> Line {
    Line {
        event: story.event,
        at_us: story.at_us,
        what: Said::Story(story.what.clone()),
    }
}

fn by_hand(line: Line) -> Line {
    // That says so itself.
    if line.what == Said::Why(Words::You) {
        return line;
    }
    Line {
        what: Said::ByHand(Box::new(line.what)),
        ..line
    }
}

/// Why nothing more came from whom a server heard last, if it stands for election now: that is no cause of its timer, but
/// what everybody asks for.
fn silence(timeline: &Timeline, narrator: &Narrator, ran_out: &Event, heard: &Event) -> Option<Line> {
    let (EventKind::TimerFired, EventKind::Delivered { from, .. }) = (&ran_out.kind, &heard.kind) else {
        return None;
    };
    let (from, to) = (*from, ran_out.server?);
    // What was heard last may have been on its way by then.
    let left = heard.cause?;
    let lines = || {
        narrator
            .between(left.0, ran_out.id.0)
            .iter()
            .rev()
            .map(|line| &line.story)
    };
    let is_down = |story: &&Story| match story.what {
        Message::Crashed(server) => server == from.0,
        _ => false,
    };
    let is_heard_again = |story: &&Story| match story.what {
        Message::Resumed(server) => server == from.0,
        Message::ReachesAgain { server, to: reached } => (server, reached) == (from.0, to.0),
        Message::HealedAll => true,
        _ => false,
    };
    let is_cut_off = |story: &&Story| match story.what {
        Message::Paused(server) => server == from.0,
        Message::CannotReach { server, to: cut_off } => (server, cut_off) == (from.0, to.0),
        Message::Partitioned(_) => parts(timeline, story.event, from, to),
        _ => false,
    };
    let cut_off = || lines().take_while(|story| !is_heard_again(story)).find(is_cut_off);
    let silenced = lines().find(is_down).or_else(cut_off)?;
    let stands = |reason: &Reason| {
        matches!(
            reason,
            Reason::ElectionTimedOut { .. } | Reason::PreVoteBegan { .. } | Reason::HeartbeatTimedOut { .. }
        )
    };
    timeline
        .decisions(ran_out.id)
        .iter()
        .any(stands)
        .then(|| by_hand(line(silenced)))
}

/// Whether two servers were parted by what somebody did.
fn parts(timeline: &Timeline, event: u64, a: NodeId, b: NodeId) -> bool {
    let is_together = |group: &Vec<NodeId>| group.contains(&a) && group.contains(&b);
    match timeline.event(EventId(event)).map(|event| event.kind) {
        Some(EventKind::Commanded(Command::Partition { groups })) => !groups.iter().any(is_together),
        _ => false,
    }
}

/// What an event took into account, besides what brought it about: the vote that had been given, or what was decided just
/// before in the same step.
fn besides(timeline: &Timeline, narrator: &Narrator, event: &Event) -> Option<Line> {
    if let Some(Reason::VoteDenied {
        by: VoteDenial::AlreadyVoted { for_ },
        ..
    }) = timeline.reason(event.id)
    {
        return vote(narrator, event, event.server?, for_);
    }
    let own = foundation(timeline, event).filter(|of| of.moment.step == event.step)?;
    narrator.line(own.event.0).map(line)
}

/// What was done last so that word of what an event rests on could get to its server.
fn let_through(timeline: &Timeline, narrator: &Narrator, event: &Event) -> Option<Line> {
    let of = foundation(timeline, event)?;
    let server = event.server?.0;
    let mut lines = narrator.between(of.event.0, event.id.0).iter().rev();
    let let_through = lines.find(|line| match line.story.what {
        Message::HealedAll => true,
        Message::Restarted(who) | Message::Resumed(who) => who == server,
        Message::ReachesAgain { server: from, to } => from == server || to == server,
        _ => false,
    });
    let_through.map(|through| by_hand(line(&through.story)))
}

/// Whether an event is a violation, or is guilty of one.
fn breaks_a_promise(timeline: &Timeline, event: &Event) -> bool {
    let properties = timeline.world().properties().into_iter();
    let mut violations = properties.flat_map(raft_sim::Properties::violations);
    matches!(event.kind, EventKind::Violated(_)) || violations.any(|it| it.event == event.id)
}

/// The rules that were off at some time, by what switched them off last: what they let happen stays when they are back.
fn rules_off(narrator: &Narrator, event: &Event) -> Vec<Line> {
    let mut known: Vec<Rule> = Vec::new();
    let lines = narrator.between(0, event.id.0).iter().rev().map(|line| &line.story);
    let switched_off = lines.filter(|story| match story.what {
        Message::RuleSet { rule, on: false } if !known.contains(&rule) => {
            known.push(rule);
            true
        }
        _ => false,
    });
    switched_off.map(|story| by_hand(line(story))).collect()
}

/// The last vote that a server gave somebody before an event.
fn vote(narrator: &Narrator, before: &Event, voter: NodeId, candidate: NodeId) -> Option<Line> {
    let mut lines = narrator.between(0, before.id.0).iter().rev();
    let voted = lines.find(|line| match line.story.what {
        Message::Voted { server, to, .. } => (server, to) == (voter.0, candidate.0),
        Message::StoodForElection { server, .. } => (server, server) == (voter.0, candidate.0),
        _ => false,
    });
    voted.map(|voted| line(&voted.story))
}

/// What happened, as far as the narration has no line about it: in an event, in its cause, or in the world right after it.
fn said(timeline: &Timeline, event: &Event, cause: Option<&Event>) -> Said {
    // What a message says is to be read where it left.
    let sent = |message: MessageId| {
        let departure =
            cause.filter(|cause| matches!(cause.kind, EventKind::Sent { .. } | EventKind::Duplicated { .. }));
        says(timeline, departure?, message)
    };
    let better = match &event.kind {
        EventKind::Sent { message, .. } => says(timeline, event, *message).map(Said::Message),
        EventKind::Delivered { message, .. } => sent(*message).map(|what| Said::Arrival(what, TimeWords::HasArrived)),
        EventKind::Lost { message, .. } => sent(*message).map(|what| Said::Arrival(what, TimeWords::WasLost)),
        EventKind::Undeliverable { message, .. } => {
            sent(*message).map(|what| Said::Arrival(what, TimeWords::FoundItDown))
        }
        EventKind::TimerFired => {
            let server = event.server.unwrap_or_default().0;
            let which = |reason: &Reason| match reason {
                Reason::HeartbeatDue => Some(Words::HeartbeatDue(server)),
                Reason::ElectionTimedOut { .. }
                | Reason::PreVoteBegan { .. }
                | Reason::HeartbeatTimedOut { .. }
                | Reason::ElectionDelayEnded { .. } => Some(Words::ElectionDue(server)),
                Reason::VotesAskedAgain { .. } => Some(Words::RetryDue(server)),
                _ => None,
            };
            timeline.decisions(event.id).iter().find_map(which).map(Said::Why)
        }
        EventKind::Because(Reason::HeartbeatDue) => {
            let server = event.server.unwrap_or_default().0;
            Some(Said::Why(Words::HeartbeatDue(server)))
        }
        EventKind::Because(Reason::Elected { term, .. }) => {
            let (server, term) = (event.server.unwrap_or_default().0, term.0);
            Some(Said::Story(Message::Elected { server, term }))
        }
        EventKind::WriteDurable { seq } => {
            let issued = cause.filter(|cause| matches!(cause.kind, EventKind::WriteIssued { .. }));
            issued.and_then(|issued| written(timeline, issued, *seq)).map(Said::Why)
        }
        _ => None,
    };
    better.unwrap_or_else(|| Said::Why(word(event)))
}

/// What is on the disk once a write is durable that went there with an event.
fn written(timeline: &Timeline, issued: &Event, seq: Seq) -> Option<Words> {
    let id = issued.server?;
    right_after(timeline, issued, |world| {
        let mut writes = world.server(id)?.disk().writes();
        let (_, write, _) = writes.find(|(number, ..)| *number == seq)?;
        if let Some(suffix) = &write.suffix
            && let (first, count @ 1..) = (suffix.first_index.0, suffix.entries.len() as u64)
        {
            return Some(match count {
                1 => Words::EntryDurable(id.0, first),
                _ => Words::EntriesDurable(id.0, first, first + count - 1),
            });
        }
        if let Some(write) = &write.snapshot {
            return Some(Words::SnapshotDurable(id.0, write.snapshot.last.index.0));
        }
        let hard_state = write.hard_state.as_ref()?;
        let term = hard_state.current_term.0;
        Some(match hard_state.voted_for {
            Some(vote) => Words::VoteDurable(id.0, term, vote.0),
            None => Words::TermDurable(id.0, term),
        })
    })
}

/// What a message says that left with an event.
fn says(timeline: &Timeline, departure: &Event, message: MessageId) -> Option<TimeWords> {
    right_after(timeline, departure, |world| {
        let mut in_flight = world.in_flight().filter(|in_flight| in_flight.id == message);
        let it = scene::message(in_flight.find_map(between_servers)?);
        Some(sentence(it.kind, it.from, it.to))
    })
}

/// What the world shows right after an event.
pub(super) fn right_after<T>(timeline: &Timeline, event: &Event, look: impl Fn(&World) -> Option<T>) -> Option<T> {
    let mut seen = None;
    timeline.go_on(&mut timeline.excursion(event.at), event.at, |world, passed| {
        if passed.id == event.id {
            seen = look(world);
        }
    });
    seen
}

/// Whom an event happened to.
fn who(event: &Event) -> Option<Who> {
    match (&event.kind, event.server) {
        (
            EventKind::Called { client, .. }
            | EventKind::Returned { client, .. }
            | EventKind::TurnedAway { client, .. }
            | EventKind::ClientTimedOut { client, .. },
            _,
        ) => Some(Who::Client(client.0)),
        (_, Some(NodeId(server))) => Some(Who::Server(server)),
        _ => None,
    }
}

/// What happened, in a word.
fn word(event: &Event) -> Words {
    let server = event.server.unwrap_or_default().0;
    match &event.kind {
        EventKind::Commanded(_) => Words::You,
        EventKind::Called { client, .. } => Words::Called(client.0),
        EventKind::Asked { client, to, .. } => Words::Asked(client.0, to.0),
        EventKind::RequestDelivered { client, .. } => Words::RequestDelivered(server, client.0),
        EventKind::RequestLost { client, .. } => Words::RequestLost(client.0),
        EventKind::Answered { client, .. } => Words::Answered(server, client.0),
        EventKind::AnswerLost { client, .. } => Words::AnswerLost(server, client.0),
        EventKind::Returned { client, from, .. } => Words::Returned(client.0, from.0),
        EventKind::TurnedAway { client, from, .. } => Words::TurnedAway(client.0, from.0),
        EventKind::ClientTimedOut { client, .. } => Words::ClientTimedOut(client.0),
        EventKind::Paused => Words::Paused(server),
        EventKind::Resumed => Words::Resumed(server),
        EventKind::Duplicated { .. } => Words::Duplicated,
        EventKind::Started { term } => Words::Started(server, term.0),
        EventKind::Crashed { .. } => Words::Crashed(server),
        EventKind::TimerFired => Words::TimerFired(server),
        EventKind::Sent { to, .. } => Words::Sent(server, to.0),
        EventKind::Delivered { from, .. } => Words::Delivered(server, from.0),
        EventKind::Lost { from, .. } => Words::Lost(from.0, server),
        EventKind::Undeliverable { from, .. } => Words::Undeliverable(from.0, server),
        EventKind::WriteIssued { seq, .. } => Words::WriteIssued(server, seq.0),
        EventKind::WriteDurable { seq } => Words::WriteDurable(server, seq.0),
        EventKind::Applied { index, .. } => Words::Applied(server, index.0),
        EventKind::Proposed { index, .. } => Words::Proposed(server, index.0),
        EventKind::Refused { .. } if event.server.is_none() => Words::NobodyLeads,
        EventKind::Refused { .. } => Words::Refused(server),
        EventKind::Restored { last } => Words::Restored(server, last.index.0),
        EventKind::ReadReady { .. } => Words::ReadReady(server),
        EventKind::ReadRefused { .. } => Words::ReadRefused(server),
        EventKind::Because(reason) => match *reason {
            Reason::VoteCounted { from, granted, .. } | Reason::PreVoteCounted { from, granted, .. } if granted => {
                Words::CountedVote(server, from.0)
            }
            Reason::VoteCounted { from, .. } | Reason::PreVoteCounted { from, .. } => {
                Words::CountedDenial(server, from.0)
            }
            Reason::HigherTerm { theirs, .. } => Words::TookOverTerm(server, theirs.0),
            Reason::LeaderHeard { leader, .. } => Words::HeardLeader(server, leader.0),
            _ => Words::Decided(server),
        },
        EventKind::Violated(_) => Words::Violated,
    }
}
