//! A history in a nutshell: what has to be known to make it happen again.

use crate::{Command, Config, Moment};

/// Everything that a history depends on. The same recording gives the same history, to the last bit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recording {
    /// How the cluster was set up.
    pub config: Config,
    /// Where all chance comes from.
    pub seed: u64,
    /// What was done to it, and when, in order: the command at a moment comes right after that moment's last step.
    pub commands: Vec<(Moment, Command)>,
}

impl Recording {
    /// Where the histories of two recordings of the same cluster part: until there they are the same. None: nowhere.
    #[must_use]
    pub fn parts_from(&self, other: &Recording) -> Option<Moment> {
        let shorter = self.commands.len().min(other.commands.len());
        let same = |&place: &usize| self.commands[place] == other.commands[place];
        let common = (0..shorter).take_while(same).count();
        let next = |recording: &Recording| recording.commands.get(common).map(|(moment, _)| *moment);
        next(self).into_iter().chain(next(other)).min()
    }
}
