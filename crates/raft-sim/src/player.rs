//! A world that follows a recording.

use raft_core::Instant;

use crate::{Command, Moment, Observer, Recording, World};

/// A world, and how far it has followed its recording.
#[derive(Clone, Debug)]
pub(crate) struct Player {
    pub(crate) world: World,
    /// How many of the recorded commands have been carried out.
    pub(crate) commands_done: usize,
}

impl Player {
    /// At the beginning.
    pub(crate) fn new(recording: &Recording) -> Player {
        Player::observed(recording, &mut ())
    }

    /// The same, and somebody sees the servers start.
    pub(crate) fn observed(recording: &Recording, observer: &mut impl Observer) -> Player {
        Player {
            world: World::observed(recording.config.clone(), recording.seed, observer),
            commands_done: 0,
        }
    }

    /// The recorded command that is the next step, if the next step is a command.
    pub(crate) fn next_command<'a>(&self, recording: &'a Recording) -> Option<&'a (Moment, Command)> {
        let next = recording.commands.get(self.commands_done);
        next.filter(|(moment, _)| moment.step == self.world.steps())
    }

    /// When the next step is due, be it recorded or not.
    pub(crate) fn next_step_at(&self, recording: &Recording) -> Option<Instant> {
        match self.next_command(recording) {
            Some((moment, _)) => Some(moment.at),
            None => self.world.next_step_at(),
        }
    }

    /// Does the next step. Returns whether there was one.
    pub(crate) fn step(&mut self, recording: &Recording, observer: &mut impl Observer) -> bool {
        match self.next_command(recording) {
            Some((moment, command)) => {
                self.world.idle_until(moment.at);
                self.world.command(command, observer);
                self.commands_done += 1;
                true
            }
            None => self.world.step(observer),
        }
    }

    /// Does everything that is due until `at`, and moves the time there.
    pub(crate) fn advance_to(&mut self, at: Instant, recording: &Recording, observer: &mut impl Observer) {
        while self.next_step_at(recording).is_some_and(|next| next <= at) {
            self.step(recording, observer);
        }
        self.world.idle_until(at);
    }
}
