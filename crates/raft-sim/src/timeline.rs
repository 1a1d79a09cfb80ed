//! History: checkpoints and replay, to go anywhere and to do something else there.
//!
//! A timeline holds a [`Recording`], the [`World`] at the cursor, and clones of earlier worlds to replay from. Everything
//! in it follows from the recording; whatever is forgotten is made again.

use raft_core::{Index, Instant, NodeId, Reason, Term};

use crate::{Command, Config, Event, EventId, EventKind, Moment, Observer, Recording, World};

/// So many steps lie between two checkpoints: few enough to be replayed between two frames, and
/// so many that the clones take little room.
const STEPS_PER_CHECKPOINT: u64 = 2_000;

/// A future in which nobody did anything is worth keeping if it goes so far, in microseconds: a step back just before
/// something is done leaves nothing behind that anybody would miss.
const BRANCH_US_MIN: u64 = 100_000;

/// A history that can be walked.
#[derive(Clone, Debug)]
pub struct Timeline {
    recording: Recording,
    world: World,
    /// How many of the recorded commands have been carried out at the cursor.
    commands_done: usize,
    /// The furthest moment that has been reached.
    end: Moment,
    /// Oldest first. The first is the beginning.
    checkpoints: Vec<Checkpoint>,
    journal: Journal,
    /// Futures that were left for another one, the one left longest ago first.
    branches: Vec<Branch>,
}

#[derive(Clone, Debug)]
struct Checkpoint {
    world: World,
    commands_done: usize,
}

/// A future that was left, because something else was done in its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The whole history, from the beginning.
    pub recording: Recording,
    /// How far it had been played.
    pub end: Moment,
}

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
        let world = World::new(recording.config.clone(), recording.seed);
        Timeline {
            end: world.moment(),
            checkpoints: vec![Checkpoint {
                world: world.clone(),
                commands_done: 0,
            }],
            journal: Journal {
                seen: world.events(),
                ..Journal::default()
            },
            commands_done: 0,
            branches: Vec::new(),
            recording,
            world,
        }
    }

    /// Goes forward to a time, and does everything due until then; what was recorded there happens again.
    pub fn advance_to(&mut self, at: Instant) {
        while self.next_step_at().is_some_and(|next| next <= at) {
            self.do_next_step();
        }
        self.world.idle_until(at);
        self.note_end();
    }

    /// Goes to a time, forward or back: everything due until then has happened, and nothing after.
    pub fn seek_to(&mut self, at: Instant) {
        self.jump(at < self.world.now(), |world| world.now() <= at);
        self.advance_to(at);
    }

    /// Goes to a moment, forward or back.
    pub fn seek(&mut self, moment: Moment) {
        self.jump(moment < self.world.moment(), |world| world.moment() <= moment);
        while self.world.steps() < moment.step && self.do_next_step() {}
        let not_before = |next: Option<Instant>| next.is_none_or(|next| next >= moment.at);
        let command_at = self.next_command().map(|(moment, _)| moment.at);
        if self.world.next_step_at().is_none_or(|next| next > moment.at) && not_before(command_at) {
            self.world.idle_until(moment.at);
        }
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
        let Some(step) = self.world.steps().checked_sub(1) else {
            return false;
        };
        self.jump(true, |world| world.steps() <= step);
        while self.world.steps() < step && self.do_next_step() {}
        true
    }

    /// Does something to the cluster, at the cursor. If that is in the past the future changes: the old one is kept
    /// as a branch if anything was done in it, or if it went further than a moment. At most
    /// [`Timeline::BRANCHES_MAX`] are kept.
    pub fn record(&mut self, command: Command) {
        let moment = self.world.moment();
        if moment < self.end {
            if self.commands_done < self.recording.commands.len() || self.end.at.0 - moment.at.0 >= BRANCH_US_MIN {
                self.leave_branch();
            }
            self.forget_future();
        }
        self.recording.commands.push((moment, command));
        self.do_next_step();
        self.note_end();
    }

    /// Takes up a future that was left; the present one is left for it. Returns whether there is such a branch.
    pub fn take_up(&mut self, branch: usize) -> bool {
        if branch >= self.branches.len() {
            return false;
        }
        let Branch { recording, end } = self.branches.remove(branch);
        let parting = self.recording.parts_from(&recording).unwrap_or(self.end.min(end));
        self.seek(parting);
        self.leave_branch();
        self.forget_future();
        self.recording = recording;
        self.seek(end);
        true
    }

    fn leave_branch(&mut self) {
        if self.branches.len() == Timeline::BRANCHES_MAX {
            self.branches.remove(0);
        }
        self.branches.push(Branch {
            recording: self.recording.clone(),
            end: self.end,
        });
    }

    /// When the next step is due, be it recorded or not.
    #[must_use]
    pub fn next_step_at(&self) -> Option<Instant> {
        match self.next_command() {
            Some((moment, _)) => Some(moment.at),
            None => self.world.next_step_at(),
        }
    }

    /// The recorded command that is the next step, if the next step is a command.
    fn next_command(&self) -> Option<&(Moment, Command)> {
        let next = self.recording.commands.get(self.commands_done);
        next.filter(|(moment, _)| moment.step == self.world.steps())
    }

    fn do_next_step(&mut self) -> bool {
        let done = match self.next_command() {
            Some((moment, command)) => {
                let (at, command) = (moment.at, command.clone());
                self.world.idle_until(at);
                self.world.command(&command, &mut self.journal);
                self.commands_done += 1;
                true
            }
            None => self.world.step(&mut self.journal),
        };
        self.maybe_checkpoint();
        done
    }

    fn maybe_checkpoint(&mut self) {
        let last = self.checkpoints.last().expect("the beginning is always there");
        if self.world.steps() >= last.world.steps() + STEPS_PER_CHECKPOINT {
            self.checkpoints.push(Checkpoint {
                world: self.world.clone(),
                commands_done: self.commands_done,
            });
        }
        // Events from before the last checkpoint but one are not needed to tell what happened lately.
        if self.world.steps().is_multiple_of(STEPS_PER_CHECKPOINT) {
            let keep_from = self.world.steps().saturating_sub(2 * STEPS_PER_CHECKPOINT);
            let old = self.journal.events.partition_point(|event| event.step <= keep_from);
            self.journal.events.drain(..old);
        }
    }

    /// Goes to a checkpoint that `is_before` the goal, if the goal lies `back` or the checkpoint ahead. Not to the
    /// last one but to the one before it, so that what happened just before the goal is seen again on the way there.
    fn jump(&mut self, back: bool, is_before: impl Fn(&World) -> bool) {
        let before = self
            .checkpoints
            .partition_point(|checkpoint| is_before(&checkpoint.world));
        let checkpoint = &self.checkpoints[before.saturating_sub(2)];
        if back || checkpoint.world.steps() > self.world.steps() {
            self.world = checkpoint.world.clone();
            self.commands_done = checkpoint.commands_done;
            self.journal.events.clear();
        }
    }

    fn forget_future(&mut self) {
        let moment = self.world.moment();
        self.recording.commands.truncate(self.commands_done);
        self.checkpoints
            .retain(|checkpoint| checkpoint.world.steps() <= moment.step);
        self.journal
            .milestones
            .retain(|milestone| milestone.moment.step <= moment.step);
        self.journal.seen = self.world.events();
        self.end = moment;
    }

    fn note_end(&mut self) {
        self.end = self.end.max(self.world.moment());
    }
}

/// What can be seen.
impl Timeline {
    /// The cluster at the cursor.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The cursor.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.world.moment()
    }

    /// The furthest moment that has been reached.
    #[must_use]
    pub fn end(&self) -> Moment {
        self.end
    }

    /// What all this follows from.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The latest events before the cursor, at least those of the last two thousand steps, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.journal.events
    }

    /// The turns of the whole history as far as it has been reached, oldest first.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.journal.milestones
    }

    /// Futures that were left for another one, the one left longest ago first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }
}
