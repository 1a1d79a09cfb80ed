//! The space-time diagram: servers as lines, messages as arrows, turns as points, in a window of time.
//!
//! Only what lies in the window is looked at, by a second cursor that follows the history there. Where more happens
//! than can be told apart, some of the messages stand for all.

use std::collections::BTreeMap;
use std::rc::Rc;

use raft_core::{Instant, Reason};
use raft_sim::{Command, Event, EventId, EventKind, Excursion, Timeline, World};

use crate::scene::{self, Lane, MessageKind, Role};
use crate::text::time::TimeWords as Words;
use crate::text::{Lang, Message as Text};

/// The windows that can be chosen, in microseconds of the cluster.
const WINDOWS_US: [u64; 12] = [
    10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000,
    50_000_000,
];
/// The one that is chosen at first: some exchanges between leader and followers.
const WINDOW_AT_FIRST: usize = 4;
/// Messages that left so long before the window, in microseconds, may arrive in it.
const BEFORE_US: u64 = 200_000;
/// Half of a window of so many microseconds is much longer than any message is on its way.
const LONG_US: u64 = 500_000;
/// More arrows than this cannot be told apart.
const ARROWS_MAX: usize = 360;
/// And no more points of requests, answers and commits.
const POINTS_MAX: usize = 240;
/// If there are more, each link shows one in so many parts of the window.
const BINS: u64 = 40;
/// So far back causes light up.
const CAUSES_MAX: usize = 200;

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// Where the window begins, in microseconds of the cluster.
    pub from_us: u64,
    /// Where it ends.
    pub to_us: u64,
    /// Whether it moves with the cursor.
    pub follows: bool,
    /// Whether a shorter window can be chosen, and a longer one.
    pub zooms: [bool; 2],
    /// The servers, by ascending number.
    pub rows: Rc<[Row]>,
    /// The messages, by the event in which they left.
    pub arrows: Rc<[Arrow]>,
    /// The turns, by event.
    pub points: Rc<[Point]>,
    /// How many messages and points are left out.
    pub hidden: u64,
}

/// The line of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The server's number.
    pub server: u64,
    /// What it is, from when to when in the window.
    pub stretches: Rc<[Piece]>,
}

/// A time in which a server has one role in one term, within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// From when, in microseconds of the cluster.
    pub from_us: u64,
    /// Until when; where it still goes on, the end of the window: how much of that has come is for the painter to say.
    pub until_us: u64,
    /// The role.
    pub role: Role,
    /// The term.
    pub term: u64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The event in which it left.
    pub event: u64,
    /// The event in which it arrived or was lost.
    pub ended_by: Option<u64>,
    /// What kind it is.
    pub kind: MessageKind,
    /// The sender's term.
    pub term: u64,
    /// The sender.
    pub from: u64,
    /// The receiver.
    pub to: u64,
    /// When it left, in microseconds of the cluster.
    pub sent_us: u64,
    /// When it arrives, or was lost.
    pub end_us: u64,
    /// What becomes of it.
    pub fate: Fate,
    /// Whether it led to what is selected.
    pub lit: bool,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has not arrived yet.
    OnItsWay,
    /// It arrived.
    Arrived,
    /// It was lost half-way, dropped, or sent where no link leads.
    Lost,
    /// It found the receiver down.
    Undeliverable,
}

/// A turn of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The event.
    pub event: u64,
    /// When, in microseconds of the cluster.
    pub at_us: u64,
    /// On which server; zero: the cluster as a whole.
    pub server: u64,
    /// What.
    pub kind: PointKind,
    /// In words.
    words: Words,
    /// Whether it led to what is selected.
    pub lit: bool,
}

/// What kind of turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// It stands for election.
    Stood,
    /// It is elected.
    Elected,
    /// It crashes.
    Crashed,
    /// It starts again.
    Started,
    /// It commits, as the leader.
    Committed,
    /// A client's request arrives.
    Requested,
    /// It answers a client.
    Answered,
    /// A property is violated.
    Violated,
}

impl Diagram {
    /// How long the window is, in microseconds of the cluster.
    #[must_use]
    pub fn window_us(&self) -> u64 {
        self.to_us - self.from_us
    }

    /// Everything that is drawn, in the order of time: event, time, words.
    #[must_use]
    pub fn items(&self, lang: Lang) -> Vec<(u64, String)> {
        let mut items: Vec<(u64, String)> = Vec::with_capacity(self.arrows.len() + self.points.len());
        items.extend(self.arrows.iter().map(|arrow| (arrow.event, arrow.text(lang))));
        items.extend(self.points.iter().map(|point| (point.event, point.text(lang))));
        items.sort_by_key(|(event, _)| *event);
        items
    }

    /// The message whose arrow passes nearest to a point, if one passes within reach: so none is too thin to be hit, and of
    /// several the one that is meant. The picture is `width` wide, its lines are `row` apart, and the first is half as
    /// far from its upper edge.
    #[must_use]
    pub fn arrow_near(&self, (x, y): (f64, f64), width: f64, row: f64, reach: f64) -> Option<u64> {
        let line = |server: u64| {
            let place = self.rows.iter().position(|line| line.server == server)?;
            Some((place as f64 + 0.5) * row)
        };
        let along = |us: u64| (us as f64 - self.from_us as f64) / self.window_us() as f64 * width;
        let distance = |arrow: &Arrow| {
            let (x1, y1, x2) = (along(arrow.sent_us), line(arrow.from)?, along(arrow.end_us));
            let y2 = match (line(arrow.to)?, arrow.fate) {
                (to, Fate::Lost) => f64::midpoint(y1, to),
                (to, _) => to,
            };
            let (dx, dy) = (x2 - x1, y2 - y1);
            let passed = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
            let passed = if passed.is_finite() {
                passed.clamp(0.0, 1.0)
            } else {
                0.0
            };
            Some((x - x1 - passed * dx).hypot(y - y1 - passed * dy))
        };
        let near = self
            .arrows
            .iter()
            .filter_map(|arrow| Some((distance(arrow)?, arrow.event)));
        let nearest = near.min_by(|(one, _), (other, _)| one.total_cmp(other));
        nearest
            .filter(|(distance, _)| *distance <= reach)
            .map(|(_, event)| event)
    }

    /// The event after or before another one among those that are drawn; without another the first or the last.
    #[must_use]
    pub fn next_to(&self, event: Option<u64>, forward: bool) -> Option<u64> {
        let arrows = self.arrows.iter().map(|arrow| arrow.event);
        let all = arrows.chain(self.points.iter().map(|point| point.event));
        let ahead = |other: &u64| event.is_none_or(|event| if forward { *other > event } else { *other < event });
        let all = all.filter(ahead);
        if forward { all.min() } else { all.max() }
    }
}

impl Arrow {
    /// In words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let what = sentence(self.kind, self.from, self.to);
        let fate = match self.fate {
            Fate::OnItsWay => Words::IsOnItsWay,
            Fate::Arrived => Words::ArrivedAfter(
                (self.end_us - self.sent_us) / 1_000,
                (self.end_us - self.sent_us) / 100 % 10,
            ),
            Fate::Lost => Words::WasLost,
            Fate::Undeliverable => Words::FoundItDown,
        };
        [&at(self.sent_us, lang), &*what.text(lang), " · ", &*fate.text(lang)].concat()
    }
}

impl Point {
    /// In words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        at(self.at_us, lang) + &self.words.text(lang)
    }
}

/// What a message is, in a sentence.
pub(crate) fn sentence(kind: MessageKind, from: u64, to: u64) -> Words {
    match kind {
        MessageKind::VoteRequest => Words::VoteRequest(from, to),
        MessageKind::VoteGranted => Words::VoteGranted(from, to),
        MessageKind::VoteDenied => Words::VoteDenied(from, to),
        MessageKind::Heartbeat => Words::Heartbeat(from, to),
        MessageKind::Entries(_) => Words::Entries(from, to),
        MessageKind::Accepted => Words::Accepted(from, to),
        MessageKind::Rejected => Words::Rejected(from, to),
        MessageKind::PreVoteRequest => Words::PreVoteRequest(from, to),
        MessageKind::PreVoteGranted => Words::PreVoteGranted(from, to),
        MessageKind::PreVoteDenied => Words::PreVoteDenied(from, to),
        MessageKind::Snapshot => Words::SnapshotSent(from, to),
        MessageKind::SnapshotReceived => Words::SnapshotReceived(from, to),
        MessageKind::TimeoutNow => Words::TimeoutNow(from, to),
        // What goes to and from clients is shown where it arrives and leaves, on the line of the server.
        MessageKind::Request => Words::RequestArrived(to, from),
        MessageKind::Answer | MessageKind::TurnedAway => Words::AnswerSent(from, to),
    }
}

fn at(us: u64, lang: Lang) -> String {
    Text::Clock { us }.text(lang) + " "
}

/// What the reader looks at, and what has been seen of it.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Which of the windows.
    window: usize,
    /// Where it begins; none: it follows the cursor.
    held_at_us: Option<u64>,
    /// The second cursor, once it is under way.
    excursion: Option<Excursion>,
    /// Since when it has been looking.
    since_us: u64,
    arrows: BTreeMap<u64, Arrow>,
    points: Vec<Point>,
    /// The causes of an event.
    causes: (u64, Vec<u64>),
}

impl Watch {
    pub(crate) fn new() -> Watch {
        Watch {
            window: WINDOW_AT_FIRST,
            held_at_us: None,
            excursion: None,
            since_us: 0,
            arrows: BTreeMap::new(),
            points: Vec::new(),
            causes: (0, Vec::new()),
        }
    }

    /// The history is another one: whatever was seen is void.
    pub(crate) fn forget(&mut self) {
        self.excursion = None;
        self.causes = (0, Vec::new());
    }

    /// Stays where it is told to, or follows the cursor.
    pub(crate) fn look(&mut self, from_us: Option<u64>) {
        self.held_at_us = from_us;
    }

    /// Shows a shorter or a longer time: what is at `about_us` stays where it is, or else the middle. Whoever follows the
    /// cursor goes on to, unless there is such a moment.
    pub(crate) fn zoom(&mut self, closer: bool, about_us: Option<u64>, now_us: u64) {
        let (from_us, before_us) = (self.begins_us(now_us), WINDOWS_US[self.window]);
        self.window = if closer {
            self.window.saturating_sub(1)
        } else {
            (self.window + 1).min(WINDOWS_US.len() - 1)
        };
        if about_us.is_some() || self.held_at_us.is_some() {
            let still_us = about_us.unwrap_or(from_us + before_us / 2).saturating_sub(from_us);
            let still_us = still_us.min(before_us);
            let new_us = still_us * WINDOWS_US[self.window] / before_us;
            self.held_at_us = Some((from_us + still_us).saturating_sub(new_us));
        }
    }

    /// Where the window begins. While it follows, it moves on by half of itself, so that the picture stands still in
    /// between. A long one shows what has been, and of what comes no more than has to be.
    fn begins_us(&self, now_us: u64) -> u64 {
        let half_us = WINDOWS_US[self.window] / 2;
        let before_us = if half_us < LONG_US { half_us / 2 } else { half_us };
        self.held_at_us
            .unwrap_or_else(|| now_us.saturating_sub(before_us) / half_us * half_us)
    }

    /// What is to be drawn now.
    pub(crate) fn diagram(&mut self, timeline: &Timeline, lanes: &[Lane], selected: Option<u64>) -> Diagram {
        let from_us = self.begins_us(timeline.world().now().0);
        let to_us = from_us + WINDOWS_US[self.window];
        self.see(timeline, from_us, to_us);
        self.find_causes(timeline, selected.unwrap_or(0));
        let (_, causes) = &self.causes;
        let is_lit = |event: u64| causes.contains(&event);
        let in_window = |arrow: &&Arrow| arrow.end_us >= from_us && arrow.sent_us <= to_us;
        let mut arrows: Vec<Arrow> = self.arrows.values().filter(in_window).cloned().collect();
        for arrow in &mut arrows {
            arrow.lit = is_lit(arrow.event) || arrow.ended_by.is_some_and(is_lit);
        }
        let all = arrows.len();
        thin_out(&mut arrows, from_us, to_us);
        let in_window = |point: &&Point| (from_us..=to_us).contains(&point.at_us);
        let mut points: Vec<Point> = self.points.iter().filter(in_window).cloned().collect();
        for point in &mut points {
            point.lit = is_lit(point.event);
        }
        let all = all + points.len();
        thin_out_points(&mut points, from_us, to_us);
        Diagram {
            from_us,
            to_us,
            follows: self.held_at_us.is_none(),
            zooms: [self.window > 0, self.window + 1 < WINDOWS_US.len()],
            rows: lanes.iter().map(|lane| row(lane, from_us, to_us)).collect(),
            hidden: (all - arrows.len() - points.len()) as u64,
            arrows: arrows.into(),
            points: points.into(),
        }
    }

    /// Looks at all that has happened in the window and has not been seen yet.
    fn see(&mut self, timeline: &Timeline, from_us: u64, to_us: u64) {
        let since_us = from_us.saturating_sub(BEFORE_US);
        let Watch {
            excursion,
            arrows,
            points,
            ..
        } = self;
        // What lies far ahead is nearer from a checkpoint.
        let is_near = since_us >= self.since_us && since_us <= self.since_us + WINDOWS_US[WINDOWS_US.len() - 1];
        if excursion.is_none() || !is_near {
            *excursion = Some(timeline.excursion(Instant(since_us)));
            self.since_us = since_us;
            arrows.clear();
            points.clear();
        }
        if let Some(excursion) = excursion {
            timeline.go_on(excursion, Instant(to_us), |world, event| {
                if event.at.0 >= since_us {
                    note(world, event, arrows, points);
                }
            });
        }
    }

    fn find_causes(&mut self, timeline: &Timeline, event: u64) {
        if self.causes.0 != event {
            let causes = timeline.told_causes(EventId(event), CAUSES_MAX);
            self.causes = (event, causes.iter().map(|event| event.id.0).collect());
        }
    }
}

/// Takes an event into the picture, right after its step.
fn note(world: &World, event: &Event, arrows: &mut BTreeMap<u64, Arrow>, points: &mut Vec<Point>) {
    let server = event.server.unwrap_or_default().0;
    let mut point = |kind, words| {
        points.push(Point {
            event: event.id.0,
            at_us: event.at.0,
            server,
            kind,
            words,
            lit: false,
        });
    };
    let mut end = |message: u64, fate| {
        if let Some(arrow) = arrows.get_mut(&message) {
            arrow.end_us = event.at.0;
            arrow.ended_by = Some(event.id.0);
            arrow.fate = fate;
        }
    };
    match &event.kind {
        EventKind::Sent { message, .. } | EventKind::Duplicated { message, .. } => {
            let sent = world.in_flight().filter(|in_flight| in_flight.id == *message);
            arrows.extend(sent.filter_map(scene::between_servers).map(|sent| {
                let it = scene::message(sent);
                let arrow = Arrow {
                    event: event.id.0,
                    ended_by: None,
                    kind: it.kind,
                    term: it.term,
                    from: it.from,
                    to: it.to,
                    sent_us: event.at.0,
                    end_us: it.arrives_us,
                    fate: Fate::OnItsWay,
                    lit: false,
                };
                (it.id, arrow)
            }));
        }
        EventKind::Commanded(Command::Delay { message, .. }) => {
            let delayed = world.in_flight().find(|in_flight| in_flight.id == *message);
            if let (Some(arrow), Some(delayed)) = (arrows.get_mut(&message.0), delayed) {
                arrow.end_us = delayed.arrives_at.0;
            }
        }
        EventKind::Delivered { message, .. } => end(message.0, Fate::Arrived),
        EventKind::Lost { message, .. } => end(message.0, Fate::Lost),
        EventKind::Undeliverable { message, .. } => end(message.0, Fate::Undeliverable),
        EventKind::Crashed { .. } => point(PointKind::Crashed, Words::Crashed(server)),
        EventKind::Started { .. } => point(PointKind::Started, Words::Restarted(server)),
        EventKind::RequestDelivered { client, .. } => {
            point(PointKind::Requested, Words::RequestArrived(server, client.0));
        }
        EventKind::Answered { client, .. } => point(PointKind::Answered, Words::AnswerSent(server, client.0)),
        EventKind::Violated(_) if server == 0 => point(PointKind::Violated, Words::ViolatedSomewhere),
        EventKind::Violated(_) => point(PointKind::Violated, Words::ViolatedOn(server)),
        EventKind::Because(reason) => match *reason {
            Reason::ElectionTimedOut { term, .. }
            | Reason::ElectionDelayEnded { term, .. }
            | Reason::ToldToStand { term, .. } => point(PointKind::Stood, Words::StoodIn(server, term.0)),
            Reason::Elected { term, .. } => point(PointKind::Elected, Words::ElectedIn(server, term.0)),
            Reason::MajorityMatched { index, .. } => point(PointKind::Committed, Words::CommittedTo(server, index.0)),
            _ => {}
        },
        _ => {}
    }
}

/// If there are too many arrows, each link keeps one in each part of the window; and all that are lit stay.
fn thin_out(arrows: &mut Vec<Arrow>, from_us: u64, to_us: u64) {
    if arrows.len() <= ARROWS_MAX {
        return;
    }
    let mut last = BTreeMap::new();
    arrows.retain(|arrow| {
        let bin = arrow.sent_us.saturating_sub(from_us) * BINS / (to_us - from_us);
        arrow.lit || last.insert((arrow.from, arrow.to), bin) != Some(bin)
    });
    if arrows.len() > ARROWS_MAX {
        let every = arrows.len().div_ceil(ARROWS_MAX);
        let mut place = 0;
        arrows.retain(|arrow| {
            place += 1;
            arrow.lit || place % every == 0
        });
    }
}

/// If there are too many points, each server keeps one of each kind that there are many of in each part of the window. All
/// elections, crashes and violations stay, and all that are lit.
fn thin_out_points(points: &mut Vec<Point>, from_us: u64, to_us: u64) {
    if points.len() <= POINTS_MAX {
        return;
    }
    let mut last = BTreeMap::new();
    points.retain(|point| {
        let often = match point.kind {
            PointKind::Committed => 0_u8,
            PointKind::Requested => 1,
            PointKind::Answered => 2,
            PointKind::Stood | PointKind::Elected | PointKind::Crashed | PointKind::Started | PointKind::Violated => {
                return true;
            }
        };
        let bin = point.at_us.saturating_sub(from_us) * BINS / (to_us - from_us);
        point.lit || last.insert((point.server, often), bin) != Some(bin)
    });
}

/// The stretches of a lane that can be seen in the window.
fn row(lane: &Lane, from_us: u64, to_us: u64) -> Row {
    let first = lane
        .stretches
        .partition_point(|stretch| stretch.from_us <= from_us)
        .saturating_sub(1);
    let seen = lane.stretches[first..].iter().enumerate();
    let pieces = seen.map(|(place, stretch)| {
        let next = lane.stretches.get(first + place + 1);
        Piece {
            from_us: stretch.from_us.max(from_us),
            until_us: next.map_or(to_us, |next| next.from_us).min(to_us),
            role: stretch.role,
            term: stretch.term,
        }
    });
    let mut stretches: Vec<Piece> = Vec::new();
    // Shorter than a pixel: nobody sees it.
    let least_us = (to_us - from_us) / 2_000;
    for piece in pieces.take_while(|piece| piece.from_us < to_us) {
        if piece.until_us > piece.from_us + least_us {
            stretches.push(piece);
        }
    }
    Row {
        server: lane.server,
        stretches: stretches.into(),
    }
}
