//! History: checkpoints and replay, to go anywhere and to do something else there.
//!
//! A timeline holds a [`Recording`], the [`World`] at the cursor, and clones of earlier worlds to replay from. Everything
//! in it follows from the recording; whatever is forgotten is made again.

use std::borrow::Cow;

use raft_core::{Index, Instant, NodeId, Reason, Term};

use crate::difference::Difference;
use crate::player::Player;
use crate::{Command, Config, Event, EventId, EventKind, Moment, Observer, Recording, World};

/// So many steps lie between two checkpoints: few enough to be replayed between two frames, and
/// so many that the clones take little room.
const STEPS_PER_CHECKPOINT: u64 = 2_000;

/// What happened so long before the cursor, in microseconds, is remembered: whatever is told of the present lies in it.
const REMEMBERED_US: u64 = 1_000_000;

/// A future in which nobody did anything is worth keeping if it goes so far, in microseconds: a step back just before
/// something is done leaves nothing behind that anybody would miss.
const BRANCH_US_MIN: u64 = 100_000;

/// Commands are recorded at multiples of this, in microseconds, where that makes no difference: it is far less than a
/// reader can see or hit.
const ROUND_US: u64 = 100;

/// A history that can be walked.
#[derive(Clone, Debug)]
pub struct Timeline {
    recording: Recording,
    /// The cursor.
    player: Player,
    /// The furthest moment that has been reached.
    end: Moment,
    /// Oldest first. The first is the beginning.
    checkpoints: Vec<Player>,
    journal: Journal,
    /// Futures that were left for another one, the one left longest ago first.
    branches: Vec<Branch>,
    /// The number of the present one.
    number: u64,
    /// How many there have been.
    begun: u64,
}

/// A future that was left, because something else was done in its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its number, in the order in which they began: the first is 1.
    pub number: u64,
    /// The whole history, from the beginning.
    pub recording: Recording,
    /// How far it had been played.
    pub end: Moment,
    /// Who led at its end, and in which term; none: nobody.
    pub leader: Option<(NodeId, Term)>,
}

/// A second cursor: it looks at a stretch of the history, and the first stays where it is.
#[derive(Clone, Debug)]
pub struct Excursion(Player);

/// What is remembered of the events that have gone by.
#[derive(Clone, Debug, Default)]
struct Journal {
    /// All events from some step before the cursor up to the cursor, oldest first.
    events: Vec<Event>,
    /// The turns of the whole history as far as it has been reached, oldest first.
    milestones: Vec<Milestone>,
    /// The last event that has been looked through for milestones.
    seen: u64,
}

/// A turn in the history of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The event.
    pub event: EventId,
    /// When.
    pub moment: Moment,
    /// Which server; none: the cluster as a whole.
    pub server: Option<NodeId>,
    /// What turned.
    pub kind: MilestoneKind,
}

/// What turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MilestoneKind {
    /// It asks whether it could win this term.
    Asked(Term),
    /// It stands for election in this term.
    Stood(Term),
    /// It leads this term.
    Elected(Term),
    /// It follows in this term.
    Followed(Term),
    /// It crashed.
    Crashed,
    /// It started, or started again, as a follower in the term that its disk remembers.
    Started(Term),
    /// A leader committed entries up to this one.
    Committed(Index),
    /// A property was violated.
    Violated,
}

impl MilestoneKind {
    /// Whether the server has another role since, or the same in another term.
    fn turns_role(self) -> bool {
        !matches!(self, MilestoneKind::Committed(_) | MilestoneKind::Violated)
    }
}

impl Observer for Journal {
    fn observe(&mut self, event: Event) {
        if event.id.0 > self.seen {
            self.seen = event.id.0;
            self.milestones.extend(milestone(&event));
        }
        self.events.push(event);
    }
}

fn milestone(event: &Event) -> Option<Milestone> {
    let kind = match &event.kind {
        EventKind::Started { term } => MilestoneKind::Started(*term),
        EventKind::Crashed { .. } => MilestoneKind::Crashed,
        EventKind::Violated(_) => MilestoneKind::Violated,
        EventKind::Because(reason) => match *reason {
            Reason::PreVoteBegan { next_term, .. } => MilestoneKind::Asked(next_term),
            Reason::ElectionTimedOut { term, .. }
            | Reason::ElectionDelayEnded { term, .. }
            | Reason::ToldToStand { term, .. } => MilestoneKind::Stood(term),
            Reason::HeartbeatTimedOut { term, .. } | Reason::QuorumLost { term } | Reason::Removed { term, .. } => {
                MilestoneKind::Followed(term)
            }
            Reason::Elected { term, .. } => MilestoneKind::Elected(term),
            Reason::HigherTerm { theirs, .. } => MilestoneKind::Followed(theirs),
            Reason::LeaderHeard {
                term,
                was_candidate: true,
                ..
            } => MilestoneKind::Followed(term),
            Reason::MajorityMatched { index, .. } => MilestoneKind::Committed(index),
            _ => return None,
        },
        _ => return None,
    };
    Some(Milestone {
        event: event.id,
        moment: Moment {
            step: event.step,
            at: event.at,
        },
        server: event.server,
        kind,
    })
}

impl Timeline {
    /// So many branches are kept; beyond, the one left longest ago is dropped.
    pub const BRANCHES_MAX: usize = 20;

    /// A new history, at its beginning.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Timeline {
        Timeline::replay(Recording {
            config,
            seed,
            commands: Vec::new(),
        })
    }

    /// A recorded history, at its beginning.
    ///
    /// # Panics
    ///
    /// If its configuration does not pass [`Config::check`].
    #[must_use]
    pub fn replay(recording: Recording) -> Timeline {
        let player = Player::new(&recording);
        Timeline {
            end: player.world.moment(),
            checkpoints: vec![player.clone()],
            journal: Journal {
                seen: player.world.events(),
                ..Journal::default()
            },
            branches: Vec::new(),
            number: 1,
            begun: 1,
            recording,
            player,
        }
    }

    /// Goes forward to a time, and does everything due until then; what was recorded there happens again.
    pub fn advance_to(&mut self, at: Instant) {
        while self.next_step_at().is_some_and(|next| next <= at) {
            self.do_next_step();
        }
        self.player.world.idle_until(at);
        self.note_end();
    }

    /// Goes to a time, forward or back: everything due until then has happened, and nothing after.
    pub fn seek_to(&mut self, at: Instant) {
        self.jump(at < self.player.world.now(), at, |world| world.now() <= at);
        self.advance_to(at);
    }

    /// Goes to a moment, forward or back. If no history has so many steps at that time, to the time.
    pub fn seek(&mut self, moment: Moment) {
        let back = moment < self.player.world.moment();
        self.jump(back, moment.at, |world| world.moment() <= moment);
        let is_due = |next: Option<Instant>| next.is_some_and(|next| next <= moment.at);
        while self.player.world.steps() < moment.step && is_due(self.next_step_at()) {
            self.do_next_step();
        }
        let not_before = |next: Option<Instant>| next.is_none_or(|next| next >= moment.at);
        let command_at = self.player.next_command(&self.recording).map(|(moment, _)| moment.at);
        if self.player.world.next_step_at().is_none_or(|next| next > moment.at) && not_before(command_at) {
            self.player.world.idle_until(moment.at);
        }
        self.note_end();
    }

    /// Goes to a while before a moment that has been reached, or to the beginning: whoever goes on from there step by
    /// step sees what leads to the moment. One with too many steps for its time stands for all that happens until then.
    pub fn approach(&mut self, moment: Moment) {
        self.jump(true, moment.at, |world| {
            world.steps() <= moment.step && world.now() <= moment.at
        });
    }

    /// Goes to the step in which an event happens, forward or back: it has just happened then. An event that has never
    /// been reached is gone for as far as the present future goes.
    pub fn seek_to_event(&mut self, event: EventId) {
        // Its time is not known, so that as much is seen again as can be.
        let back = event.0 <= self.player.world.events();
        self.jump(back, Instant(0), |world| world.events() < event.0);
        while self.player.world.events() < event.0 && self.do_next_step() {}
        self.note_end();
    }

    /// Does the next step, whenever it is due. Returns whether there was one.
    pub fn step_forward(&mut self) -> bool {
        let done = self.do_next_step();
        self.note_end();
        done
    }

    /// Undoes the last step. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        let Some(step) = self.player.world.steps().checked_sub(1) else {
            return false;
        };
        let now = self.player.world.now();
        self.jump(true, now, |world| world.steps() <= step);
        while self.player.world.steps() < step && self.do_next_step() {}
        true
    }

    /// Does something to the cluster, at the cursor. If that is in the past the future changes: the old one is kept
    /// as a branch if anything was done in it, or if it went further than a moment. At most
    /// [`Timeline::BRANCHES_MAX`] are kept.
    pub fn record(&mut self, command: Command) {
        self.round_the_time();
        let moment = self.player.world.moment();
        if moment < self.end {
            if self.player.commands_done < self.recording.commands.len() || self.end.at.0 - moment.at.0 >= BRANCH_US_MIN
            {
                self.leave_branch();
                self.begun += 1;
                self.number = self.begun;
            }
            self.forget_future();
        }
        self.recording.commands.push((moment, command));
        self.do_next_step();
        self.note_end();
    }

    /// A time with a short number makes a short code: if nothing is due until there, the cursor goes there.
    fn round_the_time(&mut self) {
        let round = Instant(self.player.world.now().0.next_multiple_of(ROUND_US));
        if self.next_step_at().is_none_or(|next| next > round) {
            self.player.world.idle_until(round);
        }
    }

    /// Takes up a future that was left; the present one is left for it. Returns whether there is such a branch.
    pub fn take_up(&mut self, branch: usize) -> bool {
        if branch >= self.branches.len() {
            return false;
        }
        let Branch {
            number, recording, end, ..
        } = self.branches.remove(branch);
        let parting = self.recording.parts_from(&recording).unwrap_or(self.end.min(end));
        self.seek(parting);
        self.leave_branch();
        self.forget_future();
        self.recording = recording;
        self.number = number;
        self.seek(end);
        true
    }

    fn leave_branch(&mut self) {
        if self.branches.len() == Timeline::BRANCHES_MAX {
            self.branches.remove(0);
        }
        self.branches.push(Branch {
            number: self.number,
            recording: self.recording.clone(),
            end: self.end,
            leader: leader_after(&self.journal.milestones),
        });
    }

    /// When the next step is due, be it recorded or not.
    #[must_use]
    pub fn next_step_at(&self) -> Option<Instant> {
        self.player.next_step_at(&self.recording)
    }

    /// When something is first so after a step, up to a time, if nothing else is done than what is recorded: of the
    /// cluster, and the events that are remembered or came since. The cursor stays where it is.
    #[must_use]
    pub fn foresee(&self, until: Instant, mut is_so: impl FnMut(&World, &[Event]) -> bool) -> Option<Moment> {
        let mut player = self.player.clone();
        let mut events = self.journal.events.clone();
        while player.next_step_at(&self.recording).is_some_and(|next| next <= until)
            && player.step(&self.recording, &mut events)
        {
            if is_so(&player.world, &events) {
                return Some(player.world.moment());
            }
        }
        None
    }

    fn do_next_step(&mut self) -> bool {
        let done = self.player.step(&self.recording, &mut self.journal);
        self.maybe_checkpoint();
        done
    }

    fn maybe_checkpoint(&mut self) {
        let last = self.checkpoints.last().expect("the beginning is always there");
        if self.player.world.steps() >= last.world.steps() + STEPS_PER_CHECKPOINT {
            self.checkpoints.push(self.player.clone());
        }
        // Events from before the last checkpoint but one are not needed to tell what happened lately.
        if self.player.world.steps().is_multiple_of(STEPS_PER_CHECKPOINT) {
            let keep_from = self.player.world.steps().saturating_sub(2 * STEPS_PER_CHECKPOINT);
            let old = self.journal.events.partition_point(|event| event.step <= keep_from);
            self.journal.events.drain(..old);
        }
    }

    /// Goes to a checkpoint that `is_before` the goal, if the goal lies `back` or the checkpoint ahead. To the last one
    /// if it lies a while before `at`, the time of the goal, or else to the one before it, so that what happened just
    /// before the goal is seen again on the way there.
    fn jump(&mut self, back: bool, at: Instant, is_before: impl Fn(&World) -> bool) {
        let checkpoints = |is_meant: &dyn Fn(&World) -> bool| {
            self.checkpoints
                .partition_point(|checkpoint| is_meant(&checkpoint.world))
        };
        let before = checkpoints(&is_before);
        let early = checkpoints(&|world| world.now().after_us(REMEMBERED_US) <= at);
        let place = early.clamp(before.saturating_sub(1), before).saturating_sub(1);
        let checkpoint = &self.checkpoints[place];
        if back || checkpoint.world.steps() > self.player.world.steps() {
            self.player = checkpoint.clone();
            self.journal.events.clear();
        }
    }

    fn forget_future(&mut self) {
        let moment = self.player.world.moment();
        self.recording.commands.truncate(self.player.commands_done);
        self.checkpoints
            .retain(|checkpoint| checkpoint.world.steps() <= moment.step);
        self.journal
            .milestones
            .retain(|milestone| milestone.moment.step <= moment.step);
        self.journal.seen = self.player.world.events();
        self.end = moment;
    }

    fn note_end(&mut self) {
        self.end = self.end.max(self.player.world.moment());
    }
}

/// What can be seen.
impl Timeline {
    /// The cluster at the cursor.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.player.world
    }

    /// The cursor.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.player.world.moment()
    }

    /// The furthest moment that has been reached.
    #[must_use]
    pub fn end(&self) -> Moment {
        self.end
    }

    /// An event of the present history, as far as it has been reached.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<Event> {
        self.causes(id, 1).pop()
    }

    /// An event, the event that brought it about, the one that brought that about, and so on: at most so many, as far
    /// as the first cause.
    #[must_use]
    pub fn causes(&self, id: EventId, max: usize) -> Vec<Event> {
        self.trace(id, max, |event, _| event.cause)
    }

    /// The same as somebody would tell it: a timer that has set itself before, as a leader's does for its heartbeats, leads
    /// to the turn since which it does so, and one of a candidate to its first candidacy since it followed. What a leader
    /// sent last before somebody's timer ran out leads to its election: what it was about is another story.
    #[must_use]
    pub fn told_causes(&self, id: EventId, max: usize) -> Vec<Event> {
        self.trace(id, max, |event, after| {
            let is_timer = |event: &Event| event.kind == EventKind::TimerFired;
            let sets_itself = |after: &&Event| is_timer(event) && is_timer(after) && after.server == event.server;
            // A turn since then is no cause of it, and one in its own step comes of it.
            let since = match (&event.kind, after) {
                (EventKind::Delivered { from, .. }, Some(after)) if is_timer(after) => self.reign(*from, event.id),
                _ => after.filter(sets_itself).and_then(|after| self.since(after)),
            };
            since.filter(|since| *since < event.id).or(event.cause)
        })
    }

    /// The election of a server that leads before an event.
    fn reign(&self, leader: NodeId, before: EventId) -> Option<EventId> {
        let before = self.journal.milestones.partition_point(|it| it.event < before);
        let mut own = self.journal.milestones[..before].iter().rev();
        let last = own.find(|it| it.server == Some(leader) && it.kind.turns_role())?;
        matches!(last.kind, MilestoneKind::Elected(_)).then_some(last.event)
    }

    /// Since when an event's server has done what it did: the last turn before the event, or the first of the candidacies
    /// that followed on one another.
    fn since(&self, event: &Event) -> Option<EventId> {
        let before = self.journal.milestones.partition_point(|it| it.event < event.id);
        let own = self.journal.milestones[..before].iter().rev();
        let mut turns = own.filter(|it| it.server == event.server && it.kind.turns_role());
        let is_candidacy = |it: &&Milestone| matches!(it.kind, MilestoneKind::Asked(_) | MilestoneKind::Stood(_));
        let last = turns.next()?;
        let first = turns.take_while(is_candidacy).last().filter(|_| is_candidacy(&last));
        Some(first.unwrap_or(last).event)
    }

    /// An event, and those that lead to it: which is `next` is said of each, and of the one that it led to.
    fn trace(&self, id: EventId, max: usize, next: impl Fn(&Event, Option<&Event>) -> Option<EventId>) -> Vec<Event> {
        let mut trace: Vec<Event> = Vec::new();
        let mut id = Some(id);
        // The events of one piece of history, oldest first: at first those that are remembered.
        let mut piece: Vec<Event> = Vec::new();
        while let Some(wanted) = id.filter(|_| trace.len() < max) {
            let known = find(&self.journal.events, wanted).or_else(|| find(&piece, wanted));
            let event = match known {
                Some(event) => event.clone(),
                None => {
                    piece = self.replay_piece_with(wanted);
                    let Some(event) = find(&piece, wanted) else { break };
                    event.clone()
                }
            };
            id = next(&event, trace.last());
            trace.push(event);
        }
        trace
    }

    /// Why a server did what an event tells of: what it decided last before that, in the same step. What had to wait for
    /// a write was decided on when that was issued. None: no decision of a node led to it.
    #[must_use]
    pub fn reason(&self, id: EventId) -> Option<Reason> {
        let events = self.events_with(id);
        let place = events.binary_search_by_key(&id, |event| event.id).ok()?;
        let Event { step, server, .. } = events[place];
        let before = events[..=place].iter().rev();
        let own = before.take_while(|it| it.step == step).filter(|it| it.server == server);
        for event in own {
            match event.kind {
                EventKind::Because(reason) => return Some(reason),
                EventKind::WriteDurable { .. } => return self.reason(event.cause?),
                _ => {}
            }
        }
        None
    }

    /// What a server decided in the step of an event, from the event on, in order.
    #[must_use]
    pub fn decisions(&self, id: EventId) -> Vec<Reason> {
        let events = self.events_with(id);
        let Some(event) = find(&events, id) else {
            return Vec::new();
        };
        let after = events[events.partition_point(|it| it.id < id)..].iter();
        let own = after
            .take_while(|it| it.step == event.step)
            .filter(|it| it.server == event.server);
        own.filter_map(|it| match it.kind {
            EventKind::Because(reason) => Some(reason),
            _ => None,
        })
        .collect()
    }

    /// Events from some step before an event up to the end of its step, if it has been reached: remembered or made again.
    fn events_with(&self, id: EventId) -> Cow<'_, [Event]> {
        match find(&self.journal.events, id) {
            Some(_) => Cow::Borrowed(&self.journal.events),
            None => Cow::Owned(self.replay_piece_with(id)),
        }
    }

    /// All events from the last checkpoint before an event, or from the start of the servers, up to the event, made again.
    fn replay_piece_with(&self, id: EventId) -> Vec<Event> {
        let mut events = Vec::new();
        let before = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.world.events() < id.0);
        let mut player = match before.checked_sub(1) {
            Some(place) => self.checkpoints[place].clone(),
            None => Player::observed(&self.recording, &mut events),
        };
        let is_reached = |player: &Player| player.world.steps() < self.end.step && player.world.events() < id.0;
        while is_reached(&player) && player.step(&self.recording, &mut events) {}
        events
    }

    /// Begins an excursion somewhere before a time.
    #[must_use]
    pub fn excursion(&self, before: Instant) -> Excursion {
        let passed = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.world.now() < before);
        Excursion(self.checkpoints[passed.saturating_sub(1)].clone())
    }

    /// Goes on with an excursion up to a time, as far as the history has been reached. Shows each event, and the world
    /// right after its step. The excursion must have begun in this history, and the past must still be the same.
    pub fn go_on(&self, excursion: &mut Excursion, until: Instant, mut see: impl FnMut(&World, &Event)) {
        let Excursion(player) = excursion;
        let mut events = Vec::new();
        while player.world.steps() < self.end.step
            && player.next_step_at(&self.recording).is_some_and(|next| next <= until)
            && player.step(&self.recording, &mut events)
        {
            for event in events.drain(..) {
                see(&player.world, &event);
            }
        }
    }

    /// Where a future that was left parts from the present one, and what is different there at the cursor's time.
    /// None: there is no such branch.
    #[must_use]
    pub fn difference(&self, branch: usize) -> Option<Difference> {
        let other = &self.branches.get(branch)?.recording;
        let parting = self.recording.parts_from(other).unwrap_or(self.moment());
        let before = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.world.moment() <= parting);
        let start = &self.checkpoints[before.saturating_sub(1)];
        let at = self.player.world.now();
        Some(Difference::between([&self.recording, other], start, at))
    }

    /// What all this follows from.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The latest events before the cursor, oldest first: at least those of the last second, or of the last two thousand
    /// steps if a second has more.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.journal.events
    }

    /// The turns of the whole history as far as it has been reached, oldest first.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.journal.milestones
    }

    /// The number of what is shown, among all futures that have begun.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Futures that were left for another one, the one left longest ago first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }
}

/// Who leads after these turns: the last to be elected that has not stopped since.
fn leader_after(milestones: &[Milestone]) -> Option<(NodeId, Term)> {
    let mut leaders: Vec<(NodeId, Term)> = Vec::new();
    for Milestone { server, kind, .. } in milestones {
        let Some(server) = *server else { continue };
        match *kind {
            kind if !kind.turns_role() => {}
            MilestoneKind::Elected(term) => leaders.push((server, term)),
            _ => leaders.retain(|(leader, _)| *leader != server),
        }
    }
    leaders.into_iter().max_by_key(|(_, term)| *term)
}

fn find(events: &[Event], id: EventId) -> Option<&Event> {
    let place = events.binary_search_by_key(&id, |event| event.id).ok()?;
    Some(&events[place])
}
