//! Who is drawn anew in which picture, while time runs: what stands beside the ring takes turns, so that no picture has
//! to wait for all of it.

use std::rc::Rc;

use super::Scene;

/// What is read beside the ring, in parts that are about as much work to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Logs,
    /// The lanes, and what opens above them.
    Time,
    Story,
    /// What is seldom another, or little.
    Rest,
}

impl Part {
    const ALL: [Part; 4] = [Part::Logs, Part::Time, Part::Story, Part::Rest];
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turns {
    /// The place of the next part.
    next: usize,
    /// Whether the ring alone was drawn anew in the last picture.
    was_of_ring: bool,
}

impl Turns {
    /// What the next picture shows, after one that showed `shown`, on the way to `latest`: all that moves, the ring, and at
    /// most one part of the rest that differs. It is that part's turn which has waited longest; where the ring itself is
    /// to be drawn anew, only every other picture is for the rest.
    ///
    /// It is `latest` itself as soon as nothing is missing.
    pub fn go_on(&mut self, shown: &Rc<Scene>, latest: &Rc<Scene>) -> Rc<Scene> {
        // As soon as time stands, or something else is looked at, all is as it is.
        if Rc::ptr_eq(shown, latest) || !latest.playing || latest.selection != shown.selection {
            return latest.clone();
        }
        let ring = ring_of(latest, shown);
        let is_due = |&place: &usize| with(&ring, latest, Part::ALL[place]) != ring;
        let places = (0..Part::ALL.len()).map(|place| (self.next + place) % Part::ALL.len());
        let due: Vec<usize> = places.filter(is_due).collect();
        let Some(&first) = due.first() else {
            self.was_of_ring = false;
            return latest.clone();
        };
        self.was_of_ring = !self.was_of_ring && !ring.differs_in_motion_only(shown);
        if self.was_of_ring {
            return Rc::new(ring);
        }
        self.next = (first + 1) % Part::ALL.len();
        if due.len() == 1 {
            return latest.clone();
        }
        Rc::new(with(&ring, latest, Part::ALL[first]))
    }
}

/// What moves and the ring as they are in `latest`, and the rest as it has been shown.
fn ring_of(latest: &Scene, shown: &Scene) -> Scene {
    let parts = Part::ALL.into_iter();
    parts.fold(latest.clone(), |scene, part| with(&scene, shown, part))
}

/// A scene with one part from another.
fn with(scene: &Scene, other: &Scene, part: Part) -> Scene {
    let (scene, other) = (scene.clone(), other.clone());
    match part {
        Part::Logs => Scene {
            logs: other.logs,
            ..scene
        },
        Part::Time => Scene {
            lanes: other.lanes,
            marks: other.marks,
            span_us: other.span_us,
            branches: other.branches,
            branch_list: other.branch_list,
            diagram: other.diagram,
            ..scene
        },
        Part::Story => Scene {
            story: other.story,
            story_before: other.story_before,
            ..scene
        },
        Part::Rest => Scene {
            settings: other.settings,
            cluster: other.cluster,
            clients: other.clients,
            properties: other.properties,
            seen: other.seen,
            next_write: other.next_write,
            next_read: other.next_read,
            details: other.details,
            ..scene
        },
    }
}
