//! The painter of what moves: messages, timers, the clock, the cursor and the growing end of the lanes.
//!
//! It finds its elements by their class after each change of structure and pairs them with the parts of the scene in
//! the order of the document. Each frame it writes what has changed by as much as can be seen, and reads nothing back.

use std::fmt::Write as _;
use std::rc::Rc;

use raft_playground::layout::{Ring, share, tenth, timer_left};
use raft_playground::scene::{Role, Scene, Server, TimerKind};
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Words that change with time are written this often: more nobody can read.
const WORDS_EVERY_US: u64 = 100_000;
/// Where the reader prefers no motion, pictures follow each other like slides.
const STEP_EVERY_US: u64 = 500_000;
/// What an assistive program is told of the time slider.
const SLIDER_EVERY_US: u64 = 1_000_000;

/// Everything of one playground that moves.
pub(crate) struct Painter {
    scene: Rc<Scene>,
    ring: Ring,
    lang: Lang,
    parts: Vec<Part>,
    /// The reader's time since something of each kind was written.
    words: Every,
    steps: Every,
    slider: Every,
    reduced_motion: bool,
    /// Where attributes are put together.
    buffer: String,
}

/// The time at which everything is shown.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    /// The cursor, in microseconds of the cluster.
    pub(crate) us: u64,
    /// The end of what has been reached.
    pub(crate) end_us: u64,
}

struct Part {
    element: Element,
    what: What,
    /// What was written last; it is not written again.
    shown: Option<[i64; 2]>,
}

/// A part that moves, with its place in the scene.
#[derive(Clone, Copy)]
enum What {
    Message(usize),
    Timer(usize),
    Remaining(usize),
    Clock,
    Cursor,
    Growth(usize),
    Slider,
}

struct Every {
    period_us: u64,
    waited_us: u64,
}

impl Painter {
    pub(crate) fn new(scene: Rc<Scene>, reduced_motion: bool) -> Painter {
        let every = |period_us| Every {
            period_us,
            waited_us: 0,
        };
        Painter {
            ring: Ring::new(scene.servers.len()),
            scene,
            lang: Lang::default(),
            parts: Vec::new(),
            words: every(WORDS_EVERY_US),
            steps: every(STEP_EVERY_US),
            slider: every(SLIDER_EVERY_US),
            reduced_motion,
            buffer: String::new(),
        }
    }

    /// Takes over another structure and paints it at once, because new elements start blank.
    pub(crate) fn bind(&mut self, root: &Element, scene: &Rc<Scene>, lang: Lang, now: Now) {
        if self.ring.places.len() != scene.servers.len() {
            self.ring = Ring::new(scene.servers.len());
        }
        self.scene = Rc::clone(scene);
        self.lang = lang;
        self.parts.clear();
        let servers = || scene.servers.iter().enumerate();
        self.find(root, ".message", (0..scene.messages.len()).map(What::Message));
        self.find(
            root,
            ".timer-arc",
            servers()
                .filter(|(_, server)| server.timer.is_some())
                .map(|(i, _)| What::Timer(i)),
        );
        self.find(
            root,
            ".remaining",
            servers()
                .filter(|(_, server)| shows_remaining(server))
                .map(|(i, _)| What::Remaining(i)),
        );
        self.find(root, ".growth", (0..scene.lanes.len()).map(What::Growth));
        self.find(root, ".cursor", std::iter::once(What::Cursor));
        self.find(root, ".clock", std::iter::once(What::Clock));
        self.find(root, ".lanes", std::iter::once(What::Slider));
        self.paint_all(now);
    }

    /// Paints everything, now.
    pub(crate) fn paint_all(&mut self, now: Now) {
        self.write(now, |_| true);
    }

    /// Paints a frame.
    pub(crate) fn paint(&mut self, now: Now, elapsed_us: u64) {
        if self.reduced_motion && !self.steps.due(elapsed_us) {
            return;
        }
        let (words, slider) = (self.words.due(elapsed_us), self.slider.due(elapsed_us));
        self.write(now, |what| match what {
            What::Remaining(_) | What::Clock => words,
            What::Slider => slider,
            _ => true,
        });
    }

    fn find(&mut self, root: &Element, selector: &str, whats: impl Iterator<Item = What>) {
        let Ok(found) = root.query_selector_all(selector) else {
            return;
        };
        for (place, what) in (0..found.length()).zip(whats) {
            if let Some(element) = found.item(place).and_then(|node| node.dyn_into().ok()) {
                self.parts.push(Part {
                    element,
                    what,
                    shown: None,
                });
            }
        }
    }

    fn write(&mut self, now: Now, due: impl Fn(What) -> bool) {
        let Painter {
            scene,
            ring,
            lang,
            parts,
            buffer,
            ..
        } = self;
        for part in parts.iter_mut().filter(|part| due(part.what)) {
            part.write(scene, ring, *lang, now, buffer);
        }
    }
}

/// Whether the line below a server counts down.
pub(crate) fn shows_remaining(server: &Server) -> bool {
    server.timer.is_some() && matches!(server.role, Role::Follower | Role::Leader)
}

impl Part {
    fn write(&mut self, scene: &Scene, ring: &Ring, lang: Lang, now: Now, buffer: &mut String) {
        buffer.clear();
        let span = |us: u64| share(us, 0, scene.span_us) * 100.0;
        match self.what {
            What::Message(i) => {
                let placed = ring.message(&scene.messages[i], now.us);
                let (x, y) = (tenth(placed.at.x), tenth(placed.at.y));
                if self.differs([(x * 10.0) as i64, (y * 10.0) as i64]) {
                    let _ = write!(buffer, "translate({x} {y})");
                    self.set("transform", buffer);
                    if scene.messages[i].lost {
                        self.set("opacity", &format!("{:.2}", placed.opacity));
                    }
                }
            }
            What::Timer(i) => {
                let Some(timer) = &scene.servers[i].timer else { return };
                let gone = tenth(100.0 - timer_left(timer, now.us) * 100.0);
                if self.differs([(gone * 10.0) as i64, 0]) {
                    let _ = write!(buffer, "{gone}");
                    self.set("stroke-dashoffset", buffer);
                }
            }
            What::Remaining(i) => {
                let Some(timer) = &scene.servers[i].timer else { return };
                let ms = timer.deadline_us.saturating_sub(now.us) / 1_000;
                if self.differs([ms as i64, 0]) {
                    let text = match timer.kind {
                        TimerKind::Election => Text::TimeoutIn { ms },
                        TimerKind::Heartbeat => Text::HeartbeatIn { ms },
                    };
                    self.element.set_text_content(Some(&text.text(lang)));
                }
            }
            What::Clock => {
                if self.differs([(now.us / 1_000) as i64, 0]) {
                    self.element
                        .set_text_content(Some(&Text::Time { us: now.us }.text(lang)));
                }
            }
            What::Cursor => {
                let along = (span(now.us) * 50.0).round();
                if self.differs([along as i64, 0]) {
                    let _ = write!(buffer, "{}%", along / 50.0);
                    self.set("x", buffer);
                }
            }
            What::Growth(i) => {
                let Some(last) = scene.lanes[i].stretches.last() else {
                    return;
                };
                let long = ((span(now.end_us) - span(last.from_us)).max(0.0) * 50.0).round();
                if self.differs([long as i64, 0]) {
                    let _ = write!(buffer, "{}%", long / 50.0);
                    self.set("width", buffer);
                }
            }
            What::Slider => {
                if self.differs([now.us as i64, 0]) {
                    let _ = write!(buffer, "{}", now.us / 1_000);
                    self.set("aria-valuenow", buffer);
                    self.set(
                        "aria-valuetext",
                        &Text::TimeOf {
                            us: now.us,
                            span_us: scene.span_us,
                        }
                        .text(lang),
                    );
                }
            }
        }
    }

    /// Whether this is something else than what was written last; notes it.
    fn differs(&mut self, shown: [i64; 2]) -> bool {
        self.shown.replace(shown) != Some(shown)
    }

    fn set(&self, name: &str, value: &str) {
        let _ = self.element.set_attribute(name, value);
    }
}

impl Every {
    fn due(&mut self, elapsed_us: u64) -> bool {
        self.waited_us += elapsed_us;
        let due = self.waited_us >= self.period_us;
        if due {
            self.waited_us = 0;
        }
        due
    }
}
