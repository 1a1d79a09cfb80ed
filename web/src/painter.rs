//! The painter of what moves: messages, timers, disks at work, the clock, the cursor and how far the lanes have come.
//!
//! Messages have a layer of their own, see [`crate::traffic`]. The painter finds the other elements by their class after
//! each change of structure and pairs them with the parts of the scene in the order of the document. Each frame it writes
//! what has changed by as much as can be seen, and reads nothing back. What moves often stands in pictures of its own
//! above the others, so that the browser paints only those again.

use std::fmt::Write as _;
use std::rc::Rc;

use raft_playground::layout::{Ring, Tenths, share, tenths, timer_left};
use raft_playground::scene::{DiskState, Role, Scene, Server, TimerKind};
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::arc;
use crate::course::{Course, Stage};
use crate::traffic::Traffic;

/// Timers and the cursor creep: they move in steps that nobody sees, all in the same frames.
const CREEP_EVERY_US: u64 = 45_000;
/// Unless the cluster is so fast, in thousandths: then they run.
const CREEP_SLOWDOWN_MILLI_MIN: u64 = 10_000;
/// Words that change with time are written this often: more nobody can read.
const WORDS_EVERY_US: u64 = 400_000;
/// Unless a timer has been set anew, to at least so much more than they say: then as often as the clock.
const SET_ANEW_MS_MIN: u64 = 15;
/// And the clock so often.
const CLOCK_EVERY_US: u64 = 100_000;
/// What an assistive program is told of the time slider.
const SLIDER_EVERY_US: u64 = 1_000_000;
/// Where the reader prefers no motion, pictures follow each other like slides.
const SLIDES_EVERY_US: u64 = 500_000;

/// Everything of one playground that moves.
pub(crate) struct Painter {
    scene: Rc<Scene>,
    ring: Ring,
    lang: Lang,
    traffic: Traffic,
    parts: Vec<Part>,
    creep: Every,
    /// Since they crept last.
    crept_us: u64,
    words: Every,
    /// Whether all of them are written in this picture, or only those of timers that have been set anew.
    words_due: bool,
    clock: Every,
    slider: Every,
    slides: Option<Every>,
    /// When everything was painted last.
    painted_at: Option<Now>,
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
    shown: Option<Shown>,
    /// The course that it takes, if it does.
    course: Option<Course>,
}

/// A part that moves, with its place in the scene.
#[derive(Clone, Copy)]
enum What {
    Timer(usize),
    Remaining(usize),
    /// The mark of a disk at work.
    Disk(usize),
    Clock,
    Cursor,
    /// The cursor in the diagram.
    Moment,
    /// What covers the time in the diagram that has not come yet.
    Ahead,
    /// What covers the lanes where nothing has come yet.
    ToCome,
    Slider,
}

/// What a part shows, as finely as it is written.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Length(Tenths),
    Milliseconds(u64),
}

/// Comes round after a time of the reader.
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
            traffic: Traffic::default(),
            parts: Vec::new(),
            creep: every(CREEP_EVERY_US),
            crept_us: 0,
            words: every(WORDS_EVERY_US),
            words_due: true,
            clock: every(CLOCK_EVERY_US),
            slider: every(SLIDER_EVERY_US),
            slides: reduced_motion.then(|| every(SLIDES_EVERY_US)),
            painted_at: None,
            buffer: String::new(),
        }
    }

    /// Takes over another structure and paints it at once, because new elements start blank. In passing, between two
    /// slides, it is painted as it was at the last one.
    pub(crate) fn bind(&mut self, root: &Element, scene: &Rc<Scene>, lang: Lang, now: Now, in_passing: bool) {
        if self.ring.places.len() != scene.servers.len() {
            self.ring = Ring::new(scene.servers.len());
        }
        self.scene = Rc::clone(scene);
        self.lang = lang;
        // An element keeps its course: a new one would cost the browser more than all that is written.
        let mut before = std::mem::take(&mut self.parts);
        let servers =
            |shows: fn(&Server) -> bool| (0..).zip(scene.servers.iter()).filter(move |(_, server)| shows(server));
        let find = |selector| root.query_selector(selector).ok().flatten();
        self.traffic
            .stand_in(find(".traffic"), find(".way"), scene.servers.len());
        self.place_arcs(root);
        self.find(
            &mut before,
            root,
            ".arc > svg",
            servers(shows_timer).map(|(place, _)| What::Timer(place)),
        );
        self.find(
            &mut before,
            root,
            ".remaining",
            servers(shows_remaining).map(|(place, _)| What::Remaining(place)),
        );
        self.find(
            &mut before,
            root,
            ".timers .writing",
            servers(shows_disk).map(|(place, _)| What::Disk(place)),
        );
        self.find(&mut before, root, ".to-come", std::iter::once(What::ToCome));
        self.find(&mut before, root, ".cursor", std::iter::once(What::Cursor));
        self.find(&mut before, root, ".moment", scene.diagram.iter().map(|_| What::Moment));
        self.find(&mut before, root, ".ahead", scene.diagram.iter().map(|_| What::Ahead));
        self.find(&mut before, root, ".clock", std::iter::once(What::Clock));
        self.find(&mut before, root, ".lanes", std::iter::once(What::Slider));
        match self.painted_at.filter(|_| in_passing && self.slides.is_some()) {
            Some(then) => self.write_parts(then, |_| true),
            None => self.paint_all(now),
        }
    }

    /// Takes over a scene in which other things are in flight, and the timers are elsewhere, and nothing else. If more
    /// has changed since the components rendered, it waits for them.
    pub(crate) fn follow(&mut self, scene: &Rc<Scene>) {
        if !scene.differs_in_motion_only(&self.scene) {
            return;
        }
        self.scene = Rc::clone(scene);
        // Between two slides nothing comes and nothing goes.
        if self.slides.is_none() {
            self.traffic.follow(scene, &self.ring);
        }
    }

    /// Paints everything, now.
    pub(crate) fn paint_all(&mut self, now: Now) {
        self.traffic.follow(&self.scene, &self.ring);
        self.words_due = true;
        self.painted_at = Some(now);
        self.write(now, |_| true);
    }

    /// Paints a frame.
    pub(crate) fn paint(&mut self, now: Now, elapsed_us: u64) {
        if let Some(slides) = &mut self.slides {
            if slides.due(elapsed_us) {
                self.paint_all(now);
            }
            return;
        }
        let fast = self.scene.slowdown_milli < CREEP_SLOWDOWN_MILLI_MIN;
        self.crept_us += elapsed_us;
        let creep = self.creep.due(elapsed_us) || fast;
        // All in the same frames: each in which anything is painted anew costs the browser as much again.
        let since_us = if creep { std::mem::take(&mut self.crept_us) } else { 0 };
        let [words, clock, slider] =
            [&mut self.words, &mut self.clock, &mut self.slider].map(|every| creep && every.due(since_us));
        self.words_due = words;
        self.write(now, |what| match what {
            What::Timer(_) | What::Cursor | What::ToCome | What::Moment | What::Ahead => creep,
            What::Remaining(_) => words || clock,
            What::Clock => clock,
            What::Slider => slider,
            What::Disk(_) => true,
        });
    }

    fn place_arcs(&self, root: &Element) {
        let Ok(windows) = root.query_selector_all(".arc") else {
            return;
        };
        let timed = self.scene.servers.iter().filter(|server| shows_timer(server));
        for (place, server) in (0..windows.length()).zip(timed) {
            if let Some(window) = windows.item(place).and_then(|node| node.dyn_into().ok()) {
                arc::place(&window, server, &self.ring);
            }
        }
    }

    fn find(&mut self, before: &mut [Part], root: &Element, selector: &str, whats: impl Iterator<Item = What>) {
        let Ok(found) = root.query_selector_all(selector) else {
            return;
        };
        for (place, what) in (0..found.length()).zip(whats) {
            if let Some(element) = found.item(place).and_then(|node| node.dyn_into::<Element>().ok()) {
                let stages = stages(what);
                let old = before.iter_mut().find(|part| part.element == element);
                let old = old.and_then(|part| part.course.take()).filter(|_| stages.is_some());
                let course = old.or_else(|| Course::of(&element, &stages?));
                self.parts.push(Part {
                    course,
                    element,
                    what,
                    shown: None,
                });
            }
        }
    }

    fn write(&mut self, now: Now, due: impl Fn(What) -> bool) {
        self.traffic.paint(&self.scene, now.us);
        self.write_parts(now, due);
    }

    fn write_parts(&mut self, now: Now, due: impl Fn(What) -> bool) {
        let Painter {
            scene,
            lang,
            parts,
            buffer,
            words_due,
            ..
        } = self;
        for part in parts.iter_mut().filter(|part| due(part.what)) {
            part.write(scene, *lang, now, *words_due, buffer);
        }
    }
}

/// The course of what takes one.
fn stages(what: What) -> Option<[Stage; 2]> {
    let opacity = [0.0, 1.0].map(|share| Stage {
        offset: share,
        transform: None,
        opacity: Some(share),
        easing: None,
    });
    let from_to = |from: &str, to: &str| {
        [(0.0, from), (1.0, to)].map(|(offset, transform)| Stage {
            offset,
            transform: Some(transform.to_owned()),
            opacity: None,
            easing: None,
        })
    };
    match what {
        What::Timer(_) => Some(arc::stages()),
        What::Disk(_) => Some(opacity),
        What::Cursor => Some(from_to("translateX(0%)", "translateX(100%)")),
        What::ToCome => Some(from_to("scaleX(1)", "scaleX(0)")),
        _ => None,
    }
}

/// Whether a server has a timer around it.
pub(crate) fn shows_timer(server: &Server) -> bool {
    server.timer.is_some()
}

/// Whether the mark at a server comes and goes with its writes: that of a slow disk stays.
pub(crate) fn shows_disk(server: &Server) -> bool {
    server.role != Role::Crashed && server.disk == DiskState::Usual
}

/// Whether the line below a server counts down.
pub(crate) fn shows_remaining(server: &Server) -> bool {
    shows_timer(server) && server.conditions().is_empty() && matches!(server.role, Role::Follower | Role::Leader)
}

impl Part {
    fn write(&mut self, scene: &Scene, lang: Lang, now: Now, words_due: bool, buffer: &mut String) {
        match self.what {
            What::Timer(place) => {
                let Some(timer) = &scene.servers[place].timer else {
                    return;
                };
                self.go_to(arc::along(timer_left(timer, now.us)));
            }
            What::Remaining(place) => {
                let Some(timer) = &scene.servers[place].timer else {
                    return;
                };
                let ms = timer.deadline_us.saturating_sub(now.us) / 1_000;
                let is_set_anew =
                    |shown| matches!(shown, Some(Shown::Milliseconds(shown)) if ms > shown + SET_ANEW_MS_MIN);
                if !words_due && !is_set_anew(self.shown) {
                    return;
                }
                if self.differs(Shown::Milliseconds(ms)) {
                    let text = match timer.kind {
                        TimerKind::Election => Text::TimeoutIn { ms },
                        TimerKind::ElectionDelay => Text::DelayIn { ms },
                        TimerKind::Heartbeat => Text::HeartbeatIn { ms },
                    };
                    write_text(&self.element, &[room(ms), &text.text(lang)].concat());
                }
            }
            What::Disk(place) => {
                self.go_to(if scene.servers[place].writing { 1.0 } else { 0.0 });
            }
            What::Clock => {
                if self.differs(Shown::Milliseconds(now.us / 1_000)) {
                    write_text(&self.element, &Text::Time { us: now.us }.text(lang));
                }
            }
            What::Cursor => self.go_to(share(now.us, 0, scene.span_us)),
            What::Moment => {
                let Some(diagram) = &scene.diagram else { return };
                let window_us = diagram.from_us..=diagram.to_us;
                // Outside the window it stands where nobody sees it.
                let along = if window_us.contains(&now.us) {
                    tenths(share(now.us, diagram.from_us, diagram.to_us) * 100.0)
                } else {
                    tenths(-9.0)
                };
                if self.differs(Shown::Length(along)) {
                    self.set("x", buffer, format_args!("{along}%"));
                }
            }
            What::Ahead => {
                let Some(diagram) = &scene.diagram else { return };
                let along = tenths(share(now.end_us, diagram.from_us, diagram.to_us) * 100.0);
                if self.differs(Shown::Length(along)) {
                    self.set("x", buffer, format_args!("{along}%"));
                }
            }
            What::ToCome => self.go_to(share(now.end_us, 0, scene.span_us)),
            What::Slider => {
                if self.differs(Shown::Milliseconds(now.us / 1_000)) {
                    self.set("aria-valuenow", buffer, format_args!("{}", now.us / 1_000));
                    let spoken = Text::TimeOf {
                        us: now.us,
                        span_us: scene.span_us,
                    }
                    .text(lang);
                    self.set("aria-valuetext", buffer, format_args!("{spoken}"));
                }
            }
        }
    }

    fn go_to(&mut self, share: f64) {
        if let Some(course) = &mut self.course {
            course.go_to(share);
        }
    }

    /// Whether this is something else than what was written last; notes it.
    fn differs(&mut self, shown: Shown) -> bool {
        self.shown.replace(shown) != Some(shown)
    }

    fn set(&self, name: &str, buffer: &mut String, value: std::fmt::Arguments<'_>) {
        buffer.clear();
        let _ = buffer.write_fmt(value);
        let _ = self.element.set_attribute(name, buffer);
    }
}

/// The room of the digits that a count once had and has no more. So its words keep their width: nothing moves beside them,
/// and the browser lays out nothing around them.
fn room(count: u64) -> &'static str {
    match count {
        0..=9 => "\u{2007}\u{2007}",
        10..=99 => "\u{2007}",
        _ => "",
    }
}

/// Writes other words into the text that is there, which costs the browser less than another text.
pub(crate) fn write_text(element: &Element, words: &str) {
    match element.first_child() {
        Some(text) => text.set_node_value(Some(words)),
        None => element.set_text_content(Some(words)),
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
