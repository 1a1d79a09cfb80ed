//! Runs: a bound explored, or searched for the shortest way to a violation.

use std::thread;
use std::time::{Duration, Instant as Clock};

use stateright::{Checker, Expectation, HasDiscoveries, Model, Property};

use super::bound::Bound;
use super::model::Cluster;
use super::story;

/// What a run has brought.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was explored, in figures.
    pub explored: Explored,
    /// The properties that have been found violated, each with the steps that led there and what is wrong in the end.
    pub violated: Vec<(&'static str, Vec<String>)>,
    /// The properties that hold in every state explored.
    pub held: Vec<&'static str>,
    /// What was to be come across, and was.
    pub seen: Vec<&'static str>,
    /// What was to be come across, and was not.
    pub missed: Vec<&'static str>,
}

impl Outcome {
    /// Whether no property is violated, and the bound has shown that it reaches what it is to cover.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.violated.is_empty() && self.missed.is_empty()
    }
}

/// How much has been explored.
#[derive(Clone, Copy, Debug)]
pub struct Explored {
    /// States that differ.
    pub states: usize,
    /// Steps from one state to another.
    pub steps: usize,
    /// The most steps in a row.
    pub depth: usize,
    /// How long it has taken so far.
    pub took: Duration,
}

/// How a run goes through the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// All of them, in depth first, on two cores: that takes the least memory.
    Everything,
    /// In breadth, until this property is violated: that finds the shortest way.
    ShortestViolation(&'static str),
    /// In breadth, this many steps from the beginning.
    Steps(usize),
}

/// Explores a bound. Every few seconds `tell` hears how far it has got.
pub fn run(bound: &Bound, search: Search, tell: &mut dyn FnMut(&Explored)) -> Outcome {
    let checker = Cluster::new(bound.clone()).checker();
    match search {
        Search::Everything => watch(checker.threads(2).spawn_dfs(), tell),
        Search::ShortestViolation(property) => {
            let violated = HasDiscoveries::AllOf([property].into());
            watch(checker.finish_when(violated).spawn_bfs(), tell)
        }
        // The checker counts states, and looks at those before the depth that it is told.
        Search::Steps(steps) => watch(checker.target_max_depth(steps + 2).spawn_bfs(), tell),
    }
}

fn watch(mut checker: impl Checker<Cluster>, tell: &mut dyn FnMut(&Explored)) -> Outcome {
    const PAUSE: Duration = Duration::from_millis(5);
    const BETWEEN_REPORTS: Duration = Duration::from_secs(10);
    let started = Clock::now();
    let handles = checker.handles();
    let mut reported = started;
    while !handles.iter().all(thread::JoinHandle::is_finished) {
        thread::sleep(PAUSE);
        if reported.elapsed() >= BETWEEN_REPORTS {
            reported = Clock::now();
            tell(&explored(&checker, started));
        }
    }
    for handle in handles {
        handle.join().expect("no node and no property panics");
    }
    outcome(&checker, started)
}

fn explored(checker: &impl Checker<Cluster>, started: Clock) -> Explored {
    Explored {
        states: checker.unique_state_count(),
        steps: checker.state_count(),
        depth: checker.max_depth(),
        took: started.elapsed(),
    }
}

fn outcome(checker: &impl Checker<Cluster>, started: Clock) -> Outcome {
    let explored = explored(checker, started);
    let cluster = checker.model();
    let mut found = checker.discoveries();
    let mut outcome = Outcome {
        explored,
        violated: Vec::new(),
        held: Vec::new(),
        seen: Vec::new(),
        missed: Vec::new(),
    };
    for Property { name, expectation, .. } in cluster.properties() {
        match (expectation, found.remove(name)) {
            (Expectation::Sometimes, None) => outcome.missed.push(name),
            (Expectation::Sometimes, Some(_)) => outcome.seen.push(name),
            (_, None) => outcome.held.push(name),
            (_, Some(path)) => outcome.violated.push((name, story::tell(cluster, name, path))),
        }
    }
    outcome
}
