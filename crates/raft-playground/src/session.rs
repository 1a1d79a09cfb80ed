//! One reader's visit: a cluster's history, where the reader stands in it, and how fast time runs.
//!
//! A [`Session`] is the only door that takes `&mut`. Everything that is shown follows from the recording and the place
//! in it; what else is kept here is how it is looked at, and what has been made from it and would be made again.

use std::rc::Rc;

use raft_core::{Instant, Rules};
use raft_sim::{
    ClientId, Code, CodeError, Config, Event, EventId, EventKind, Moment, Operation, Timeline, TraceHash, Workload,
    World, kv,
};

// What can be done to a cluster, for whoever makes an `Action::Do` of it.
pub use raft_core::{Change, Configuration, NodeId, ReadMode, Rule, Settings};
pub use raft_sim::{Command, DiskConfig, Links, MessageId};

use crate::branches::{Branches, Comparison};
use crate::cluster::Switch;
use crate::details::{followed, of_vote};
use crate::diagram::Watch;
use crate::hands;
use crate::network::{self, Dial, Preset};
use crate::scene::{Builder, MarkKind, Scene, Selection, TimePanel, View, Who, in_flight};
use crate::story::{Narrator, STORY_US};
use crate::text::{Entries, Message};

/// The fastest: ten times faster than life.
pub const SLOWDOWN_MILLI_MIN: u64 = 100;
/// The slowest: a thousand times slower than life.
pub const SLOWDOWN_MILLI_MAX: u64 = 1_000_000;
/// A second of the cluster takes 25 s.
pub const SLOWDOWN_MILLI_DEFAULT: u64 = 25_000;

/// The busiest clients that write on their own; how many of these writes are answered in that time is another matter.
pub const WRITES_PER_SECOND_MAX: u64 = 1_000;
/// So many writes a second are left to one client.
const WRITES_PER_SECOND_OF_ONE: u64 = 10;

/// Where "slower" and "faster" stop.
const SLOWDOWN_STOPS_MILLI: [u64; 13] = [
    SLOWDOWN_MILLI_MIN,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    SLOWDOWN_MILLI_DEFAULT,
    50_000,
    100_000,
    250_000,
    500_000,
    SLOWDOWN_MILLI_MAX,
];
/// The history opens so long before the first election timeout, in microseconds of the cluster.
const OPENING_US: u64 = 20_000;
/// A frame that comes later than this does not make up for all of it: the page was hidden, or could not keep up.
const CATCH_UP_US_MAX: u64 = 250_000;
/// Nobody goes further at once than this beyond what has been reached: it would take too long.
const SEEK_AHEAD_US_MAX: u64 = 60_000_000;
/// No code leads further than this, in microseconds of the cluster: an hour is replayed in seconds.
const CODE_US_MAX: u64 = 3_600_000_000;
/// Nor further than so many steps: a cluster can be so busy that an hour of it takes a day.
const CODE_STEPS_MAX: u64 = 2_000_000;
/// The next stage of a write and the next message to leave are not looked for beyond so many microseconds of the cluster.
const AHEAD_US_MAX: u64 = 2_000_000;
/// The slider is at least so long, in microseconds of the cluster.
const SPAN_US_MIN: u64 = 1_000_000;
/// What is read beside the ring is made anew so often while time runs, in microseconds of the reader's time: faster nobody
/// can read.
const READ_EVERY_US: u64 = 100_000;
/// But on a slow machine so seldom that it takes at most one part in so many of the time: what moves comes first.
const READ_SHARE: u64 = 10;
/// And never more seldom than this.
const READ_EVERY_US_MAX: u64 = 3_000_000;
/// What is read is drawn anew in so many pictures, part by part, or delays the one after them.
const DELAYED: u32 = 6;
/// No picture is expected to take less, in microseconds.
const USUAL_US_MIN: u64 = 8_000;
/// The keys that the button writes, in turn.
const KEYS: [&str; 3] = ["x", "y", "z"];
/// The first of those that the clients of the workload write.
const KEY_OF_WORKLOAD: &str = "a";

/// Something that the reader does. What makes no sense at the moment does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Lets time run.
    Play,
    /// Stops it.
    Pause,
    /// The one or the other.
    TogglePlay,
    /// Stops time, and goes to the next event.
    StepForward,
    /// Stops time, and goes to the event before.
    StepBack,
    /// Goes to a time, forward or back; time runs or stands as before.
    SeekTo {
        /// In microseconds of the cluster.
        us: u64,
    },
    /// Stops time, and goes to an event of the story.
    GoToEvent {
        /// Its number in the history.
        event: u64,
    },
    /// To the next stop of the speed.
    Slower,
    /// As above, the other way.
    Faster,
    /// Sets the speed; it is kept between ten times faster and a thousand times slower than life.
    SetSlowdown {
        /// How many microseconds of the reader's time one of the cluster takes, in thousandths.
        milli: u64,
    },
    /// Crashes a server that runs.
    Crash {
        /// Its number.
        server: u64,
    },
    /// Restarts a server that has crashed.
    Restart {
        /// Its number.
        server: u64,
    },
    /// The one or the other.
    Toggle {
        /// The server's number.
        server: u64,
    },
    /// A client writes: it asks the leader, if one is up, or else one server after the other until somebody leads.
    Write {
        /// The key.
        key: Rc<str>,
        /// The value.
        value: Rc<str>,
    },
    /// The write that the scene names as the next one.
    WriteNext,
    /// The same, and stops time to follow it.
    WriteAndFollow,
    /// A client reads the key that was written last, from the leader, who makes sure that it still leads (ReadIndex).
    ReadNext,
    /// Cuts the link between two servers in both directions; heals it, if it is cut in either.
    ToggleLink {
        /// The lower number.
        a: u64,
        /// The higher.
        b: u64,
    },
    /// Parts the servers, in a way that has a name.
    Part(Preset),
    /// Parts the servers along a line across the ring. What was cut before stays cut.
    PartAlong {
        /// On which side of it each server is, in order; all on one side: nothing is parted.
        sides: Rc<[bool]>,
    },
    /// Turns a dial.
    Turn {
        /// Which.
        dial: Dial,
        /// For this link, in both directions; none: for all.
        on: Option<(u64, u64)>,
        /// To this stop.
        stop: usize,
    },
    /// A client writes to a server of its choice, which may turn it away.
    WriteTo {
        /// The server's number.
        server: u64,
        /// The key.
        key: Rc<str>,
        /// The value.
        value: Rc<str>,
    },
    /// The write that the scene names as the next one, to a server of the reader's choice.
    WriteNextTo {
        /// The server's number.
        server: u64,
    },
    /// A client reads the key that was written last from a server of its choice, which may turn it away.
    ReadFrom {
        /// The server's number.
        server: u64,
        /// How fresh it must be.
        mode: ReadMode,
    },
    /// Cuts all links of a server; heals them, if all are cut.
    Isolate {
        /// Its number.
        server: u64,
    },
    /// Gives a server's disk another speed; without one it stalls.
    SetDisk {
        /// Its number.
        server: u64,
        /// How long writes take.
        disk: Option<DiskConfig>,
    },
    /// Turns an option of the running cluster, unless the core refuses what would come of it.
    TurnSwitch(Switch),
    /// Puts every rule in force again.
    AllRules,
    /// Begins again with servers that take a snapshot by themselves.
    SetSnapshotEvery {
        /// After so many entries; zero: never.
        entries: u64,
    },
    /// Does something to the cluster, unless it makes no sense there.
    Do(Command),
    /// Stops time, and goes on to where more has become of the write that is followed.
    NextStage,
    /// Selects something: its details are shown. Time stops for a message, which would be gone before it is read.
    Select(Selection),
    /// Selects what there is to be asked of a vote: how it was counted, or what it waits for.
    AskVote {
        /// Who stands.
        candidate: u64,
        /// Whose vote.
        voter: u64,
    },
    /// Stops time, and selects the next message in flight: after the selected one, or the first.
    NextMessage {
        /// The one before instead, or the last.
        back: bool,
    },
    /// Holds a message back by hand: it is shown where it would be if it were so much later. Nothing is done to it
    /// before it is let go, with [`Command::Delay`].
    Hold {
        /// Its id.
        message: u64,
        /// By how much; zero: it is let go.
        by_us: u64,
    },
    /// Goes to the end of the future that was left first, if one was; the present one is left for it. Again and again,
    /// it goes round all that are kept.
    TakeUpBranch,
    /// Goes to the end of the branch at this place of the list, and leaves the present one for it.
    TakeUp(usize),
    /// Opens a panel about time, or closes it.
    TogglePanel(TimePanel),
    /// The diagram begins at this time, in microseconds of the cluster; none: it follows the cursor.
    LookAt(Option<u64>),
    /// The diagram shows a shorter time, or a longer one.
    ZoomDiagram {
        /// Whether a shorter one.
        closer: bool,
        /// The moment that stays where it is, in microseconds of the cluster; none: the middle does.
        about_us: Option<u64>,
    },
    /// Selects the next event of the diagram, or the one before.
    SelectNextEvent {
        /// Whether the next.
        forward: bool,
    },
    /// Stops time, and shows what is shown and this branch side by side; none: no more.
    Compare(Option<usize>),
    /// Begins again, with another cluster.
    Reset {
        /// Where all its chance comes from.
        seed: u64,
    },
    /// Begins again with so many servers, if there can be so many.
    SetServers {
        /// From 1 to [`Config::SERVERS_MAX`].
        servers: u64,
    },
    /// Begins again with clients that write on their own, or without any.
    SetWritesPerSecond {
        /// Up to [`WRITES_PER_SECOND_MAX`] together; zero: no such client.
        writes: u64,
    },
}

impl Action {
    /// Whether it does something to the cluster, and not only to what is seen of it.
    #[must_use]
    pub fn is_a_deed(&self) -> bool {
        matches!(
            self,
            Action::Crash { .. }
                | Action::Restart { .. }
                | Action::Toggle { .. }
                | Action::Write { .. }
                | Action::WriteNext
                | Action::WriteAndFollow
                | Action::WriteTo { .. }
                | Action::WriteNextTo { .. }
                | Action::ReadFrom { .. }
                | Action::Isolate { .. }
                | Action::SetDisk { .. }
                | Action::TurnSwitch(_)
                | Action::AllRules
                | Action::ReadNext
                | Action::ToggleLink { .. }
                | Action::Part(_)
                | Action::PartAlong { .. }
                | Action::Turn { .. }
                | Action::Do(_)
                | Action::TakeUpBranch
                | Action::TakeUp(_)
        )
    }
}

/// How what is shown fits the code that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is what whoever made the code saw.
    Exactly,
    /// It is not: this is another version of the program.
    Otherwise,
    /// The code leads further than anybody wants to wait for.
    InPart,
}

/// Something worth announcing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// To whom.
    pub who: Who,
    /// What, as a mark on the slider shows it.
    pub kind: MarkKind,
    /// What, in words.
    pub text: Message,
}

/// One reader's visit.
#[derive(Debug)]
pub struct Session {
    timeline: Timeline,
    playing: bool,
    slowdown_milli: u64,
    /// The reader's time that has not yet made a whole microsecond of the cluster, in thousandths of a microsecond.
    owed_milli: u64,
    selection: Selection,
    /// The message that the reader holds, and by how much it would be late.
    held: Option<(u64, u64)>,
    /// Whether nothing soon becomes of the write that is followed, as has just been seen.
    is_stuck: bool,
    /// Which panel about time is open.
    panel: TimePanel,
    /// What is looked at in the diagram.
    watch: Watch,
    /// The branch that is compared with what is shown.
    compared: Option<usize>,
    /// The last comparison.
    comparison: Option<Rc<Comparison>>,
    narrator: Narrator,
    /// The last event that was looked at for notices.
    noticed: u64,
    builder: Builder,
    /// The scene, until something changes.
    scene: Option<Rc<Scene>>,
    /// The same as far as it has been looked at in passing.
    passing: Option<Rc<Scene>>,
    /// How long nobody has looked closely, in the reader's time.
    unread_us: u64,
    /// How long that may go on.
    read_every_us: u64,
    /// How many of the next pictures can tell what the last one to be read has taken.
    delayed: u32,
    /// How long those have taken so far.
    reading_us: u64,
    /// How long other pictures take, and whether one has been since.
    usual_us: u64,
    is_usual_known: bool,
}

impl Session {
    /// A cluster of five servers, just before its first election. Time stands.
    #[must_use]
    pub fn new(seed: u64) -> Session {
        Session::with_config(Config::default(), seed)
    }

    /// A cluster of one's own, just before its first election. Time stands.
    ///
    /// # Panics
    ///
    /// If `config` does not pass [`Config::check`].
    #[must_use]
    pub fn with_config(config: Config, seed: u64) -> Session {
        let timeline = Timeline::new(config, seed);
        let mut session = Session {
            playing: false,
            slowdown_milli: SLOWDOWN_MILLI_DEFAULT,
            owed_milli: 0,
            selection: Selection::Nothing,
            held: None,
            is_stuck: false,
            panel: TimePanel::Nothing,
            watch: Watch::new(),
            compared: None,
            comparison: None,
            narrator: Narrator::new(&timeline),
            noticed: timeline.world().events(),
            builder: Builder::default(),
            scene: None,
            passing: None,
            unread_us: 0,
            read_every_us: READ_EVERY_US,
            delayed: 0,
            reading_us: 0,
            usual_us: USUAL_US_MIN,
            is_usual_known: false,
            timeline,
        };
        session.open();
        session
    }

    /// What a code tells, at its moment. Time stands.
    ///
    /// # Errors
    ///
    /// Why the text is no code.
    pub fn with_code(code: &str) -> Result<(Session, Told), CodeError> {
        let code = Code::decode(code)?;
        let moment = code.moment;
        let mut session = Session::with_config(code.recording.config.clone(), code.recording.seed);
        session.timeline = Timeline::replay(code.recording.clone());
        session.narrator = Narrator::new(&session.timeline);
        let arrived = session.walk_to_moment(moment);
        session.jumped();
        let told = if !arrived {
            Told::InPart
        } else if code.matches(TraceHash(session.trace_hash())) {
            Told::Exactly
        } else {
            Told::Otherwise
        };
        Ok((session, told))
    }

    /// All that another reader needs to see exactly this: the code of a link.
    #[must_use]
    pub fn code(&self) -> String {
        let recording = self.timeline.recording().clone();
        Code::new(recording, self.timeline.moment(), self.world().trace_hash()).encode()
    }

    /// Shows what a code tells, and goes on at the reader's speed. Without an error the code is exactly what is shown.
    ///
    /// # Errors
    ///
    /// What has to be said of it. If it is no code, nothing has changed.
    pub fn open_code(&mut self, code: &str) -> Result<(), Message> {
        let (session, told) = Session::with_code(code).map_err(Message::BadCode)?;
        *self = Session {
            slowdown_milli: self.slowdown_milli,
            ..session
        };
        match told {
            Told::Exactly => Ok(()),
            Told::Otherwise => Err(Message::CodeToldOtherwise),
            Told::InPart => Err(Message::CodeTooFar),
        }
    }

    /// Goes to where it begins to be interesting.
    fn open(&mut self) {
        let first = self.timeline.next_step_at().unwrap_or_default();
        self.walk_to(first.0.saturating_sub(OPENING_US));
    }

    /// Does what the reader wants.
    pub fn update(&mut self, action: Action) {
        self.held = None;
        self.is_stuck = false;
        match action {
            Action::Play => self.playing = true,
            Action::Pause => self.playing = false,
            Action::TogglePlay => self.playing = !self.playing,
            Action::StepForward => self.step_forward(),
            Action::StepBack => self.step_back(),
            Action::SeekTo { us } => self.seek_to(us),
            Action::GoToEvent { event } => self.go_to_event(event),
            Action::Slower => self.set_slowdown(slower(self.slowdown_milli)),
            Action::Faster => self.set_slowdown(faster(self.slowdown_milli)),
            Action::SetSlowdown { milli } => self.set_slowdown(milli),
            Action::Crash { server } => self.crash(server),
            Action::Restart { server } => self.restart(server),
            Action::Toggle { server } if self.is_up(server) => self.crash(server),
            Action::Toggle { server } => self.restart(server),
            Action::Write { key, value } => self.write(self.world().leader(), &key, &value),
            Action::WriteNext => self.write_next(),
            Action::WriteAndFollow => {
                self.playing = false;
                self.selection = Selection::LatestWrite;
                self.write_next();
            }
            Action::WriteTo { server, key, value } if self.exists(server) => {
                self.write(Some(NodeId(server)), &key, &value);
            }
            Action::WriteTo { .. } => {}
            Action::WriteNextTo { server } if self.exists(server) => {
                let (key, value) = self.next_write();
                self.write(Some(NodeId(server)), &key, &value);
            }
            Action::ReadFrom { server, mode } if self.exists(server) => {
                let read = Command::read(self.hand(), self.next_read(), mode);
                self.record(read.to(NodeId(server)));
            }
            Action::WriteNextTo { .. } | Action::ReadFrom { .. } => {}
            Action::Isolate { server } => self.do_all(hands::isolate(self.world(), NodeId(server))),
            Action::SetDisk { server, disk } => {
                self.do_all(hands::set_disk(self.world(), NodeId(server), disk));
            }
            Action::TurnSwitch(switch) => self.do_all(switch.turn(self.world()).into_iter().collect()),
            Action::AllRules => self.all_rules(),
            Action::SetSnapshotEvery { entries } => {
                let snapshot_every = (entries > 0).then_some(entries);
                let config = self.config();
                self.reset(
                    Config {
                        snapshot_every,
                        ..config
                    },
                    self.seed(),
                );
            }
            Action::ReadNext => self.read(),
            Action::ToggleLink { a, b } if self.exists(a) && self.exists(b) && a != b => {
                self.do_all(network::toggle(self.world(), NodeId(a), NodeId(b)));
            }
            Action::ToggleLink { .. } => {}
            Action::Part(preset) => {
                let (servers, leader) = (self.world().servers().len(), self.world().leader());
                let plan = preset.plan(servers as u64, leader.map(|leader| leader.0));
                self.do_all(plan.map(|plan| plan.commands).unwrap_or_default());
            }
            Action::PartAlong { sides } => self.do_all(network::part_along(self.world(), &sides)),
            Action::Turn { dial, on, stop } => self.do_all(dial.turn(self.world(), on, stop)),
            Action::NextStage => self.next_stage(),
            Action::Do(command) => self.do_(command),
            Action::Select(Selection::Server(server)) if !self.exists(server) => self.selection = Selection::Nothing,
            Action::Select(selection) => self.select(selection),
            Action::AskVote { candidate, voter } => {
                if let Some(selection) = of_vote(&self.timeline, NodeId(candidate), NodeId(voter)) {
                    self.select(selection);
                }
            }
            Action::NextMessage { back } => self.next_message(back),
            Action::Hold { message, by_us } => self.held = Some((message, by_us)),
            Action::TakeUpBranch => self.take_up(0),
            Action::TakeUp(place) => self.take_up(place),
            Action::TogglePanel(panel) if panel == self.panel => self.panel = TimePanel::Nothing,
            Action::TogglePanel(panel) => self.panel = panel,
            Action::LookAt(from_us) => self.watch.look(from_us),
            Action::ZoomDiagram { closer, about_us } => self.watch.zoom(closer, about_us, self.world().now().0),
            Action::SelectNextEvent { forward } => self.select_next_event(forward),
            Action::Compare(place) => {
                self.playing &= place.is_none();
                self.compared = place;
            }
            Action::Reset { seed } => self.reset(self.config(), seed),
            Action::SetServers { servers } => {
                let config = self.config();
                self.reset(Config { servers, ..config }, self.seed());
            }
            Action::SetWritesPerSecond { writes } => {
                let workload = (writes > 0).then(|| workload(writes));
                let config = self.config();
                self.reset(Config { workload, ..config }, self.seed());
            }
        }
        self.forget_scene();
        self.unread_us = READ_EVERY_US_MAX;
    }

    /// Lets the reader's time pass: `elapsed_us` since the last frame. Time in the cluster runs if it is playing.
    ///
    /// What comes of it depends on how much time has passed, not on the number of frames.
    pub fn tick(&mut self, elapsed_us: u64) {
        if !self.playing {
            return;
        }
        self.owed_milli += elapsed_us.min(CATCH_UP_US_MAX) * 1_000;
        let us = self.owed_milli / self.slowdown_milli;
        self.owed_milli %= self.slowdown_milli;
        let before = (self.world().steps(), self.span_us());
        self.play_to(self.now_us() + us);
        self.unread_us += elapsed_us;
        self.learn_what_reading_takes(elapsed_us);
        // The diagram goes on also where nothing happens.
        if before != (self.world().steps(), self.span_us()) || self.has_left_diagram() {
            self.forget_scene();
        }
    }

    /// What is read takes as much longer than other pictures as those in which it is drawn anew, part by part.
    fn learn_what_reading_takes(&mut self, elapsed_us: u64) {
        if self.delayed == 0 {
            // One that took long for another reason is not usual.
            let usual_us = elapsed_us.min(2 * self.usual_us.max(USUAL_US_MIN));
            self.usual_us = (3 * self.usual_us + usual_us) / 4;
            self.is_usual_known = true;
            return;
        }
        self.delayed -= 1;
        self.reading_us += elapsed_us;
        if self.delayed == 0 {
            let takes_us = self.reading_us.saturating_sub(u64::from(DELAYED) * self.usual_us);
            let every_us = takes_us.saturating_mul(READ_SHARE);
            self.read_every_us = every_us.clamp(READ_EVERY_US, READ_EVERY_US_MAX);
        }
    }

    /// Goes on until more has become of the write that is followed. If that takes too long, nowhere.
    fn next_stage(&mut self) {
        self.playing = false;
        let Some(write) = followed(&self.timeline, self.selection) else {
            return;
        };
        // Clients that write by themselves write again soon.
        if !write.is_own(&self.timeline) {
            self.selection = write.selection();
        }
        let until = self.world().now().after_us(AHEAD_US_MAX);
        match write.foresee(&self.timeline, until) {
            Some(moment) => self.play_to_step(moment.step),
            None => self.is_stuck = true,
        }
    }

    /// Goes on to a step, but no further than to where a property is violated.
    fn play_to_step(&mut self, step: u64) {
        while self.world().steps() < step && !self.walk_a_step_into_violation() {}
    }

    /// Goes forward to a time, but stands still where a property is violated, right after the event that did it.
    fn play_to(&mut self, us: u64) {
        while self.timeline.next_step_at().is_some_and(|next| next.0 <= us) {
            if self.walk_a_step_into_violation() {
                self.playing = false;
                self.owed_milli = 0;
                return;
            }
        }
        self.timeline.advance_to(Instant(us));
    }

    /// Does a step. If that violates a property, the violation is selected.
    fn walk_a_step_into_violation(&mut self) -> bool {
        self.walk_a_step();
        let violated = self.violated_just_now();
        if let Some(event) = violated {
            self.selection = Selection::Event(event);
        }
        violated.is_some()
    }

    /// The violation that the last step has brought, if it has.
    fn violated_just_now(&self) -> Option<u64> {
        let step = self.world().steps();
        let mut events = self
            .timeline
            .events()
            .iter()
            .rev()
            .take_while(|event| event.step == step);
        let violated = events.find(|event| matches!(event.kind, EventKind::Violated(_)))?;
        Some(violated.id.0)
    }

    fn forget_scene(&mut self) {
        self.scene = None;
        self.passing = None;
    }

    /// What is to be shown: the same as the last time until something has changed.
    pub fn scene(&mut self) -> Rc<Scene> {
        if let Some(scene) = &self.scene {
            return scene.clone();
        }
        self.unread_us = 0;
        (self.delayed, self.reading_us, self.is_usual_known) = (DELAYED, 0, false);
        self.compare();
        let scene = self.look(false);
        self.scene.insert(scene).clone()
    }

    /// What is to be shown in one of many pictures while time runs. What moves and the ring are as they are; what is
    /// read beside it is at most a tenth of a second old, so that nobody has to make and draw it with every message.
    pub fn scene_in_passing(&mut self) -> Rc<Scene> {
        // Between two times there is a picture to compare with.
        let is_due = self.is_usual_known && self.unread_us >= self.read_every_us;
        if !self.playing || is_due || self.unread_us >= READ_EVERY_US && self.has_left_diagram() {
            return self.scene();
        }
        if let Some(scene) = self.scene.as_ref().or(self.passing.as_ref()) {
            return scene.clone();
        }
        let scene = self.look(true);
        self.passing.insert(scene).clone()
    }

    /// Whether the cursor has left the window of the diagram that follows it.
    fn has_left_diagram(&self) -> bool {
        self.builder
            .last()
            .diagram
            .as_ref()
            .is_some_and(|diagram| diagram.follows && self.now_us() > diagram.to_us)
    }

    fn look(&mut self, in_passing: bool) -> Rc<Scene> {
        let branch_list = || Branches::of(&self.timeline, self.comparison.clone());
        let view = View {
            in_passing,
            branch_list: (self.panel == TimePanel::Branches && !in_passing).then(branch_list),
            held: self.held,
            is_stuck: self.is_stuck,
            next_write: if in_passing {
                Default::default()
            } else {
                self.next_write()
            },
            next_read: if in_passing { String::new() } else { self.next_read() },
            selection: self.selection,
            playing: self.playing,
            slowdown_milli: self.slowdown_milli,
            span_us: self.span_us(),
            branches: self.timeline.branches().len() as u64,
        };
        let watch = (self.panel == TimePanel::Diagram && !in_passing).then_some(&mut self.watch);
        self.builder.build(&self.timeline, &self.narrator, &view, watch)
    }

    /// What has happened since this was last asked, while time ran forward, oldest first. Going back or
    /// jumping ahead is not news.
    pub fn notices(&mut self) -> Vec<Notice> {
        let until = self.world().events();
        let lines = self.narrator.between(self.noticed, until).iter();
        let notices = lines.filter_map(|line| notice(&line.story)).collect();
        self.noticed = until;
        notices
    }

    /// The cursor in microseconds of the cluster: the clock of whatever moves.
    #[must_use]
    pub fn now_us(&self) -> u64 {
        self.world().now().0
    }

    /// How far the history has been reached, in microseconds of the cluster.
    #[must_use]
    pub fn end_us(&self) -> u64 {
        self.timeline.end().at.0
    }

    /// Whether time runs.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Where all chance of this cluster comes from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.timeline.recording().seed
    }

    /// The hash over everything that has happened up to the cursor.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        self.world().trace_hash().0
    }

    /// The cluster at the cursor.
    #[must_use]
    pub fn world(&self) -> &World {
        self.timeline.world()
    }

    /// The history.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }
}

/// Going through time.
impl Session {
    /// Goes forward to a time, step by step, so that the story is told.
    fn walk_to(&mut self, us: u64) {
        let at = Instant(us);
        while self.timeline.next_step_at().is_some_and(|next| next <= at) {
            self.walk_a_step();
        }
        self.timeline.advance_to(at);
        self.narrator.hear(&self.timeline);
    }

    fn walk_a_step(&mut self) {
        self.timeline.step_forward();
        self.narrator.hear(&self.timeline);
    }

    fn step_forward(&mut self) {
        self.playing = false;
        self.walk_a_step_into_violation();
    }

    fn step_back(&mut self) {
        self.playing = false;
        let Moment { step, at } = self.timeline.moment();
        if let Some(step) = step.checked_sub(1) {
            self.go_to(Moment { step, at });
        }
    }

    fn seek_to(&mut self, us: u64) {
        let (at, end) = (Instant(us), self.timeline.end());
        if at < end.at {
            let step = u64::MAX;
            if !self.narrator.may_know(at) {
                self.listen_before(Moment { step, at });
                self.walk_to(us);
            }
            self.timeline.seek_to(at);
        } else {
            self.go_to(end);
            self.walk_to(us.min(self.span_us().max(end.at.0 + SEEK_AHEAD_US_MAX)));
        }
        self.jumped();
    }

    fn go_to_event(&mut self, event: u64) {
        if let Some(moment) = self.moment_of(event) {
            self.playing = false;
            self.go_to(moment);
        }
    }

    /// Goes on in the diagram from what is selected, or from the cursor.
    fn select_next_event(&mut self, forward: bool) {
        let scene = self.scene();
        let from = match self.selection {
            Selection::Event(event) => event,
            _ => self.world().events(),
        };
        let diagram = scene.diagram.as_ref();
        if let Some(event) = diagram.and_then(|diagram| diagram.next_to(Some(from), forward)) {
            self.selection = Selection::Event(event);
        }
    }

    /// Where an event is.
    fn moment_of(&self, event: u64) -> Option<Moment> {
        if let [line] = self.narrator.between(event.checked_sub(1)?, event) {
            let at = Instant(line.story.at_us);
            return Some(Moment { step: line.step, at });
        }
        let Event { step, at, .. } = self.timeline.event(EventId(event))?;
        Some(Moment { step, at })
    }

    /// Goes to a moment that has been reached.
    fn go_to(&mut self, moment: Moment) {
        if !self.narrator.may_know(moment.at) {
            self.listen_before(moment);
            self.walk_to_step(moment.step);
        }
        self.timeline.seek(moment);
        self.jumped();
    }

    /// The cursor has been moved otherwise than by time: what lies between is not news.
    fn jumped(&mut self) {
        self.owed_milli = 0;
        let moment = self.timeline.moment();
        if !self.narrator.knows(&self.timeline) {
            self.listen_before(moment);
            self.walk_to_step(moment.step);
            self.timeline.seek(moment);
        }
        self.narrator.hear(&self.timeline);
        // Little was going on: then what was going on before is interesting, and soon told.
        if !self.narrator.may_know(moment.at) {
            self.timeline.seek_to(Instant(moment.at.0.saturating_sub(STORY_US)));
            self.narrator = Narrator::new(&self.timeline);
            self.walk_to_step(moment.step);
            self.timeline.seek(moment);
            self.narrator.hear(&self.timeline);
        }
        self.noticed = self.world().events();
    }

    /// What has been told is forgotten: the story begins anew, from where it is to be told on the way to a moment.
    fn listen_before(&mut self, moment: Moment) {
        self.timeline.approach(moment);
        self.narrator = Narrator::new(&self.timeline);
    }

    /// Goes from the beginning to a moment, as far as anybody wants to wait for. Returns whether it got there.
    fn walk_to_moment(&mut self, moment: Moment) -> bool {
        let is_too_late = moment.at.0 > CODE_US_MAX;
        let (at, step) = match is_too_late {
            true => (Instant(CODE_US_MAX), u64::MAX),
            false => (moment.at, moment.step),
        };
        let is_due = |timeline: &Timeline| timeline.next_step_at().is_some_and(|next| next <= at);
        while self.world().steps() < step.min(CODE_STEPS_MAX) && is_due(&self.timeline) {
            self.walk_a_step();
        }
        if self.world().steps() == CODE_STEPS_MAX {
            return self.timeline.moment() == moment;
        }
        self.timeline.seek(Moment { step, at });
        !is_too_late
    }

    fn walk_to_step(&mut self, step: u64) {
        while self.world().steps() < step {
            self.walk_a_step();
        }
    }

    /// A round number beyond what has been reached: it grows in steps, not with every frame.
    fn span_us(&self) -> u64 {
        let mut decade = SPAN_US_MIN;
        loop {
            let spans = [decade, 2 * decade, 5 * decade];
            if let Some(span) = spans.into_iter().find(|&span| span > self.end_us()) {
                return span;
            }
            decade *= 10;
        }
    }

    fn select(&mut self, selection: Selection) {
        if matches!(selection, Selection::Message(_)) {
            self.playing = false;
        }
        self.selection = selection;
    }

    /// Selects a message that is in flight. Where there is none the next one is one that leaves soon, and time goes on
    /// until it does; the one before is none.
    fn next_message(&mut self, back: bool) {
        self.playing = false;
        let until = self.world().now().after_us(AHEAD_US_MAX);
        let is_any = |world: &World, _: &[_]| world.in_flight().next().is_some();
        if !back
            && !is_any(self.world(), &[])
            && let Some(leaves) = self.timeline.foresee(until, is_any)
        {
            self.play_to_step(leaves.step);
            if self.violated_just_now().is_some() {
                return;
            }
        }
        let (messages, requests) = in_flight(&self.timeline, None, None);
        let mut ids: Vec<u64> = messages.iter().chain(&requests).map(|message| message.id).collect();
        ids.sort_unstable();
        if back {
            ids.reverse();
        }
        let place = match self.selection {
            Selection::Message(id) => ids.iter().position(|it| *it == id).map_or(0, |place| place + 1),
            _ => 0,
        };
        if let Some(&id) = ids.get(place).or(ids.first()) {
            self.select(Selection::Message(id));
        }
    }

    fn set_slowdown(&mut self, milli: u64) {
        self.slowdown_milli = milli.clamp(SLOWDOWN_MILLI_MIN, SLOWDOWN_MILLI_MAX);
        self.owed_milli = 0;
    }

    /// What was told after the parting of the two futures is void, so the story is told again from there.
    fn take_up(&mut self, place: usize) {
        let left = self.timeline.recording().clone();
        // What is left becomes the last.
        if !self.timeline.take_up(place) {
            return;
        }
        self.selection = Selection::Nothing;
        self.compared = None;
        self.watch.forget();
        self.builder.change_history();
        let end = self.timeline.end();
        if let Some(parting) = self.timeline.recording().parts_from(&left) {
            self.timeline.seek(parting);
            self.narrator.forget_future(&self.timeline);
            if self.narrator.knows(&self.timeline) {
                self.walk_to_step(end.step);
            }
        }
        self.timeline.seek(end);
        self.jumped();
    }

    /// Makes the comparison anew if time has gone on; not while it runs, because both branches are played for it.
    fn compare(&mut self) {
        let (place, now) = (
            self.compared.filter(|_| self.panel == TimePanel::Branches),
            self.now_us(),
        );
        let is_of_now = |it: &Rc<Comparison>| Some(it.place) == place && (self.playing || it.at_us == now);
        if !self.comparison.as_ref().is_some_and(is_of_now) {
            self.comparison = place
                .and_then(|place| Comparison::of(&self.timeline, place))
                .map(Rc::new);
        }
    }

    /// Of a new cluster: as this one began, with the settings that it has now.
    fn config(&self) -> Config {
        let rules = Rule::ALL.iter().filter(|&&rule| !self.world().rules().has(rule));
        Config {
            raft: Settings {
                rules: rules.fold(Rules::ALL, |rules, &rule| rules.without(rule)),
                ..self.world().settings().clone()
            },
            ..self.timeline.recording().config.clone()
        }
    }

    /// Begins again, unless there can be no such cluster.
    fn reset(&mut self, config: Config, seed: u64) {
        if config.check().is_err() {
            return;
        }
        *self = Session {
            playing: self.playing,
            slowdown_milli: self.slowdown_milli,
            panel: self.panel,
            ..Session::with_config(config, seed)
        };
    }
}

fn slower(milli: u64) -> u64 {
    let mut stops = SLOWDOWN_STOPS_MILLI.into_iter();
    stops.find(|&stop| stop > milli).unwrap_or(milli)
}

fn faster(milli: u64) -> u64 {
    let mut stops = SLOWDOWN_STOPS_MILLI.into_iter().rev();
    stops.find(|&stop| stop < milli).unwrap_or(milli)
}

/// Doing something to the cluster.
impl Session {
    fn crash(&mut self, server: u64) {
        if self.is_up(server) {
            self.record(Command::Crash { server: NodeId(server) });
        }
    }

    fn restart(&mut self, server: u64) {
        if self.exists(server) && !self.is_up(server) {
            self.record(Command::Restart { server: NodeId(server) });
        }
    }

    fn write_next(&mut self) {
        let (key, value) = self.next_write();
        self.write(self.world().leader(), &key, &value);
    }

    /// Whoever follows a write goes on with this one, once its client asks for it.
    fn write(&mut self, to: Option<NodeId>, key: &str, value: &str) {
        if matches!(self.selection, Selection::Write { .. }) {
            self.selection = Selection::LatestWrite;
        }
        let write = Command::put(self.hand(), key, value);
        self.record(match to {
            Some(server) => write.to(server),
            None => write,
        });
    }

    fn read(&mut self) {
        let has_leases = self.world().settings().lease_drift_ppm_max.is_some();
        let mode = if has_leases {
            ReadMode::Lease
        } else {
            ReadMode::ReadIndex
        };
        let read = Command::read(self.hand(), self.next_read(), mode);
        self.record(match self.world().leader() {
            Some(leader) => read.to(leader),
            None => read,
        });
    }

    fn all_rules(&mut self) {
        let rules = self.world().rules();
        let off = Rule::ALL.iter().filter(|&&rule| !rules.has(rule));
        self.do_all(off.map(|&rule| Command::SetRule { rule, on: true }).collect());
    }

    fn do_all(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.do_(command);
        }
    }

    /// Whatever can be done to a cluster; what names a server or a message that is not there is not recorded.
    fn do_(&mut self, command: Command) {
        let makes_sense = match &command {
            Command::Crash { server } | Command::Pause { server } | Command::TimeOut { server } => self.is_up(server.0),
            Command::Restart { server } => self.exists(server.0) && !self.is_up(server.0),
            Command::HealAll => self.world().network().cuts().next().is_some(),
            Command::Drop { message } | Command::Delay { message, .. } | Command::Duplicate { message } => {
                self.world().in_flight().any(|in_flight| in_flight.id == *message)
            }
            other => other.server().is_none_or(|server| self.exists(server.0)),
        };
        if makes_sense {
            self.record(command);
        }
    }

    /// The reader's own client: the first that is not one of the workload.
    fn hand(&self) -> ClientId {
        let workload = &self.timeline.recording().config.workload;
        let busy = workload.as_ref().map_or(0, |workload| workload.clients);
        ClientId((busy + 1).min(Config::CLIENTS_MAX))
    }

    /// Does it at the cursor. If that is in the past, another future begins here.
    fn record(&mut self, command: Command) {
        // The list of branches may be another one then.
        self.compared = None;
        self.watch.forget();
        self.builder.change_history();
        self.narrator.forget_future(&self.timeline);
        self.let_go_of_the_future();
        self.timeline.record(command);
        self.narrator.hear(&self.timeline);
    }

    /// An event that lies ahead may never happen any more.
    fn let_go_of_the_future(&mut self) {
        if matches!(self.selection, Selection::Event(id) if id > self.world().events()) {
            self.selection = Selection::Nothing;
        }
    }

    /// The keys in turn, with rising values: it follows from how often has been written before the cursor.
    fn next_write(&self) -> (String, String) {
        let commands = self.timeline.recording().commands.iter();
        let done = commands.take_while(|(moment, _)| moment.step < self.world().steps());
        let writes = done.filter(|(_, command)| is_write(command)).count();
        (KEYS[writes % KEYS.len()].to_owned(), (writes + 1).to_string())
    }

    /// The key that was written last before the cursor by hand, or else one that the workload writes.
    fn next_read(&self) -> String {
        let workload = self.config().workload;
        let commands = self.timeline.recording().commands.iter();
        let done = commands.take_while(|(moment, _)| moment.step < self.world().steps());
        let last = done.filter_map(|(_, command)| written_key(command)).last();
        last.unwrap_or(if workload.is_some() { KEY_OF_WORKLOAD } else { KEYS[0] })
            .to_owned()
    }

    fn exists(&self, server: u64) -> bool {
        self.world().server(NodeId(server)).is_some()
    }

    fn is_up(&self, server: u64) -> bool {
        let server = self.world().server(NodeId(server));
        server.is_some_and(|server| server.node().is_some())
    }
}

/// So many clients that so many writes a second are possible: each waits for an answer before it writes again. The
/// last number is left for the reader.
fn workload(writes_per_second: u64) -> Workload {
    let clients = writes_per_second
        .div_ceil(WRITES_PER_SECOND_OF_ONE)
        .clamp(1, Config::CLIENTS_MAX - 1);
    Workload {
        clients,
        ..Workload::puts(1_000_000 * clients / writes_per_second)
    }
}

fn is_write(command: &Command) -> bool {
    written_key(command).is_some()
}

fn written_key(command: &Command) -> Option<&str> {
    match command {
        Command::Ask {
            operation: Operation::Write(kv::Write::Put { key, .. } | kv::Write::CompareAndSet { key, .. }),
            ..
        } => Some(key),
        _ => None,
    }
}

/// Which lines of the story are worth announcing.
fn notice(story: &crate::scene::Story) -> Option<Notice> {
    let kind = match &story.what {
        Message::Elected { .. } => MarkKind::Elected,
        Message::Crashed(_) => MarkKind::Crashed,
        Message::Restarted(_) => MarkKind::Restarted,
        Message::Committed { entries, .. } if *entries != Entries::NoOp => MarkKind::Committed,
        Message::Violated { .. } | Message::ViolatedByAll(_) => MarkKind::Violated,
        _ => return None,
    };
    Some(Notice {
        at_us: story.at_us,
        who: story.who,
        kind,
        text: story.what.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy() -> Session {
        let mut session = Session::new(7);
        session.update(Action::SetWritesPerSecond { writes: 10 });
        session.update(Action::SeekTo { us: 1_000_000 });
        session.update(Action::Crash { server: 2 });
        session.update(Action::SeekTo { us: 3_000_000 });
        session.update(Action::WriteNext);
        session.update(Action::SeekTo { us: 3_456_789 });
        session
    }

    #[test]
    fn a_code_shows_exactly_what_was_shown() {
        let session = busy();
        let mut other = Session::new(1);
        other.update(Action::SetSlowdown { milli: 1_000 });
        assert_eq!(other.open_code(&session.code()), Ok(()));
        assert_eq!(other.trace_hash(), session.trace_hash());
        assert_eq!(other.timeline().moment(), session.timeline().moment());
        assert_eq!(other.timeline().recording(), session.timeline().recording());
        assert!(other.scene().story.len() > 5, "the story is told, too");
        assert_eq!(other.scene().slowdown_milli, 1_000, "the reader's speed stays");
        assert_eq!(other.code(), session.code());
    }

    #[test]
    fn what_is_no_code_changes_nothing() {
        let mut session = busy();
        let before = session.code();
        for text in ["", "v1", "v1.", "v1.!", "v9.AAAA", &before[..before.len() - 3]] {
            assert!(matches!(session.open_code(text), Err(Message::BadCode(_))), "{text}");
            assert_eq!(session.code(), before);
        }
    }

    #[test]
    fn a_code_that_tells_something_else_is_shown_and_announced() {
        let session = busy();
        let mut code = Code::decode(&session.code()).unwrap();
        code.trace ^= 1;
        let mut other = Session::new(1);
        assert_eq!(other.open_code(&code.encode()), Err(Message::CodeToldOtherwise));
        assert_eq!(other.trace_hash(), session.trace_hash());
        code.moment.at.0 = u64::MAX;
        assert_eq!(other.open_code(&code.encode()), Err(Message::CodeTooFar));
        assert_eq!(other.now_us(), CODE_US_MAX);
    }
}
