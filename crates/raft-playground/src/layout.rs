//! Where things stand: the geometry of the ring, of what moves on it, of lanes and sliders.
//!
//! Pure functions of the scene and the time; units of the ring are those of its `viewBox`, shares go from 0 to 1.

use std::borrow::Cow;
use std::f64::consts::FRAC_1_SQRT_2;
use std::fmt;
use std::fmt::Write as _;

use crate::scene::{Mark, Message, Timer, Who};

/// The width of the ring's picture.
pub const RING_WIDTH: f64 = 540.0;
/// Its height: the ring, the label above the first server and those below the others.
pub const RING_HEIGHT: f64 = 564.0;
/// The most servers that the ring has room for.
pub const SERVERS_MAX: usize = 9;

/// The distance of messages from the line between two servers, so that those of both directions pass.
const LANE_OFFSET: f64 = 8.0;

/// How near to a message a pointer has to be: on the narrowest phones at least 12 px.
pub const MESSAGE_REACH: f64 = 24.0;
/// How far from the middle of a client its messages begin and end.
const CLIENT_EDGE: f64 = 26.0;
/// No drag makes a message take longer than so many times.
const HELD_BACK_TIMES_MAX: f64 = 20.0;

/// A place in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// The ring of servers: the first at the top, the others clockwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    /// The middle of each server.
    pub places: Vec<Point>,
    /// The radius of a follower's circle.
    pub radius: f64,
}

/// Where something stands that has a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The place.
    pub at: Point,
    /// How visible it is.
    pub opacity: f64,
}

impl Ring {
    /// The ring for a number of servers.
    ///
    /// # Panics
    /// With more than [`SERVERS_MAX`] servers.
    #[must_use]
    pub fn new(servers: usize) -> Ring {
        assert!(
            servers <= SERVERS_MAX,
            "the ring has room for {SERVERS_MAX} servers, not for {servers}"
        );
        let (middle, top) = (RING_WIDTH / 2.0, 112.0);
        // As wide as the labels at its sides allow, and no deeper than those below it do.
        let lowest = -direction(servers / 2, servers).1;
        let round = f64::min(190.0, 346.0 / (1.0 + lowest));
        let place = |server: usize| {
            let (sin, cos) = direction(server, servers);
            Point {
                x: middle + round * sin,
                y: top + round - round * cos,
            }
        };
        Ring {
            places: (0..servers).map(place).collect(),
            radius: if servers > 6 { 31.0 } else { 38.0 },
        }
    }

    /// The place of a server by its number, which counts from 1.
    ///
    /// # Panics
    /// If there is no such server.
    #[must_use]
    pub fn place(&self, server: u64) -> Point {
        let index = server.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        index
            .and_then(|index| self.places.get(index).copied())
            .expect("servers count from 1 to the size of the ring")
    }

    /// The ends of the link between two servers, beside their timers.
    #[must_use]
    pub fn link(&self, a: u64, b: u64) -> (Point, Point) {
        let (a, b) = (self.place(a), self.place(b));
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let share = (self.radius + 15.0) / dx.hypot(dy).max(1.0);
        let along = |from: Point, share: f64| Point {
            x: from.x + dx * share,
            y: from.y + dy * share,
        };
        (along(a, share), along(b, -share))
    }

    /// Every pair of servers: the links between them.
    pub fn links(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.places
            .iter()
            .enumerate()
            .flat_map(|(i, &a)| self.places[..i].iter().map(move |&b| (b, a)))
    }

    /// Whether it is dense, see [`is_dense`].
    #[must_use]
    pub fn is_dense(&self) -> bool {
        is_dense(self.places.len())
    }

    /// How far a point is from the link between two servers.
    #[must_use]
    pub fn distance_to_link(&self, a: u64, b: u64, point: Point) -> f64 {
        let (from, to) = self.link(a, b);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy).max(1.0);
        let along = along.clamp(0.0, 1.0);
        (from.x + dx * along - point.x).hypot(from.y + dy * along - point.y)
    }

    /// The link that is nearest to a point; none in a ring of one.
    #[must_use]
    pub fn link_at(&self, point: Point) -> Option<(u64, u64)> {
        let servers = self.places.len() as u64;
        let links = (1..=servers).flat_map(|b| (1..b).map(move |a| (a, b)));
        let distance = |(a, b): (u64, u64)| self.distance_to_link(a, b, point);
        links.min_by(|&one, &other| distance(one).total_cmp(&distance(other)))
    }

    /// The middle of the link between two servers, and of each of its halves: where a cross says what is cut. First that in
    /// the middle, then that of what comes to the second server, then of what comes to the first.
    #[must_use]
    pub fn crosses(&self, a: u64, b: u64) -> [Point; 3] {
        let (a, b) = (self.place(a), self.place(b));
        // What comes to a server is cut in front of it, far enough from its shape and its timer.
        let share = (self.radius + 40.0) / (b.x - a.x).hypot(b.y - a.y).max(1.0);
        [0.5, 1.0 - share, share].map(|along| Point {
            x: a.x + (b.x - a.x) * along,
            y: a.y + (b.y - a.y) * along,
        })
    }

    /// On which side of a line through two points each server is.
    #[must_use]
    pub fn sides(&self, from: Point, to: Point) -> Vec<bool> {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let side = |place: &Point| dx * (place.y - from.y) - dy * (place.x - from.x) > 0.0;
        self.places.iter().map(side).collect()
    }

    /// Where a message is at a time: on its way from edge to edge, to the right of the line between the servers.
    #[must_use]
    pub fn message(&self, message: &Message, now_us: u64) -> Placed {
        self.message_along(message, share(now_us, message.sent_us, message.arrives_us))
    }

    /// The stages of its way: after which share of it the message is where. Between two of them it goes straight.
    #[must_use]
    pub fn stages(&self, message: &Message) -> Vec<(f64, Placed)> {
        let shares: &[f64] = if message.lost {
            &[0.0, 0.35, 0.4, 0.45, 0.5, 0.517, 1.0]
        } else {
            &[0.0, 1.0]
        };
        let shares = shares.iter();
        shares
            .map(|&share| (share, self.message_along(message, share)))
            .collect()
    }

    /// Where a message is after such a share of its way.
    fn message_along(&self, message: &Message, way: f64) -> Placed {
        let (from, to) = self.way(message);
        // What gets lost fades, and drops off its way.
        let fallen = if message.lost {
            ((way - 0.35) * 6.0).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let at = Point {
            x: from.x + (to.x - from.x) * way,
            y: from.y + (to.y - from.y) * way + 22.0 * fallen * fallen,
        };
        let opacity = 1.0 - fallen;
        Placed { at, opacity }
    }

    /// Where the way of a message begins and where it ends.
    #[must_use]
    pub fn way(&self, message: &Message) -> (Point, Point) {
        let (from, to) = message.ends();
        let ((from, from_edge), (to, to_edge)) = (self.stand(from), self.stand(to));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let (dx, dy) = (dx / length, dy / length);
        let beside = |from: Point, along: f64| Point {
            x: from.x + dx * along - dy * LANE_OFFSET,
            y: from.y + dy * along + dx * LANE_OFFSET,
        };
        (beside(from, from_edge), beside(to, -to_edge))
    }

    /// Where a server or a client stands, and how far from its middle messages begin and end.
    fn stand(&self, who: Who) -> (Point, f64) {
        match who {
            Who::Client(client) => (client_place(client), CLIENT_EDGE),
            Who::Server(server) => (self.place(server), self.radius + 14.0),
            Who::Cluster => unreachable!("messages are from and to somebody"),
        }
    }

    /// The message that is nearest to a point and not further away than a fingertip.
    pub fn message_at<'a>(
        &self,
        messages: impl Iterator<Item = &'a Message>,
        now_us: u64,
        point: Point,
    ) -> Option<&'a Message> {
        let mut nearest = (MESSAGE_REACH * MESSAGE_REACH, None);
        for message in messages {
            let at = self.message(message, now_us).at;
            let (dx, dy) = (at.x - point.x, at.y - point.y);
            let distance = dx * dx + dy * dy;
            if distance < nearest.0 {
                nearest = (distance, Some(message));
            }
        }
        nearest.1
    }

    /// By how much a message must be late to be now where it is dragged: back along its way. Zero if that is ahead.
    #[must_use]
    pub fn held_back_us(&self, message: &Message, now_us: u64, point: Point) -> u64 {
        let (from, to) = self.way(message);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy).max(1.0);
        let way = share(now_us, message.sent_us, message.arrives_us);
        let gone_us = now_us.saturating_sub(message.sent_us);
        let takes_us = gone_us as f64 / along.max(way / HELD_BACK_TIMES_MAX);
        (takes_us as u64).saturating_sub(message.arrives_us - message.sent_us)
    }

    /// The direction of a message in degrees, clockwise from the right.
    #[must_use]
    pub fn heading(&self, from: u64, to: u64) -> f64 {
        180.0 * self.bearing(from, to) as f64 / self.places.len() as f64
    }

    /// Which of the bearings it has, of which there are twice as many as servers: with the same, messages head the same way.
    #[must_use]
    pub fn bearing(&self, from: u64, to: u64) -> u64 {
        let servers = self.places.len() as u64;
        // A chord of a circle lies across the direction halfway between those of its ends.
        let across = from + to - 2;
        let back = if from < to { 0 } else { servers };
        (across + back) % (2 * servers)
    }

    /// Whether a server has its words above it: there no link runs through them in the upper part of the ring.
    #[must_use]
    pub fn label_above(&self, server: u64) -> bool {
        let server = usize::try_from(server.saturating_sub(1)).unwrap_or(0);
        // Where the words are one below the other, those of a server at the side would reach the next.
        direction(server, self.places.len()).1 > if self.is_dense() { -0.1 } else { 0.25 }
    }

    /// How far to the right of a server its words are: in a dense ring those at the sides and below go outward, past the
    /// next server and its words.
    #[must_use]
    pub fn label_aside(&self, server: u64) -> f64 {
        let server = usize::try_from(server.saturating_sub(1)).unwrap_or(0);
        let (right, up) = direction(server, self.places.len());
        let outward = match up {
            _ if !self.is_dense() || right.abs() < 0.1 => 0.0,
            -0.3..0.3 => 26.0,
            ..-0.3 => 18.0,
            _ => 0.0,
        };
        f64::copysign(outward, right)
    }

    /// Where a candidate shows what it knows of a vote, from its own middle: in the direction of the voter on the ring.
    #[must_use]
    pub fn vote_mark(&self, voter: u64) -> Point {
        let voter = usize::try_from(voter.saturating_sub(1)).unwrap_or(0);
        let (sin, cos) = direction(voter, self.places.len());
        let round = self.radius * 0.56;
        Point {
            x: round * sin,
            y: -round * cos,
        }
    }
}

/// The place of a client by its number, which counts from 1: in the corners of the picture, where there is no server
/// and no word of one. The first stand at the top, odd numbers at the right and even ones at the left.
#[must_use]
pub fn client_place(client: u64) -> Point {
    let pair = client.saturating_sub(1) / 2;
    let (inwards, y) = match pair {
        0..=4 => (pair as f64 * 38.0, CLIENT_MARGIN),
        5 => (0.0, RING_HEIGHT - CLIENT_MARGIN),
        6 => (38.0, RING_HEIGHT - CLIENT_MARGIN),
        _ => (0.0, RING_HEIGHT - CLIENT_MARGIN - 38.0),
    };
    let from_edge = CLIENT_MARGIN + inwards;
    let x = if client % 2 == 1 {
        RING_WIDTH - from_edge
    } else {
        from_edge
    };
    Point { x, y }
}

/// How far the middle of a client is from the edge of the picture.
const CLIENT_MARGIN: f64 = 24.0;

/// The point of the ring's picture at a place on the screen: `x` and `y` from the corner of an area of a given size in
/// which the picture stands as large as it fits, in the middle.
#[must_use]
pub fn point_in_ring(x: f64, y: f64, width: f64, height: f64) -> Point {
    let scale = f64::min(width / RING_WIDTH, height / RING_HEIGHT).max(f64::MIN_POSITIVE);
    Point {
        x: (x - width / 2.0) / scale + RING_WIDTH / 2.0,
        y: (y - height / 2.0) / scale + RING_HEIGHT / 2.0,
    }
}

/// The direction of a server on the ring, clockwise from the top: how far it goes to the right, and how far up.
fn direction(server: usize, servers: usize) -> (f64, f64) {
    let (right, up) = STEPS[servers];
    (0..server).fold((0.0, 1.0), |(x, y), _| (x * up + y * right, y * up - x * right))
}

/// The direction of the second server of a ring, by the number of servers: the sine and the cosine of its angle.
/// To compute them would take more of the download than the whole layout.
const STEPS: [(f64, f64); SERVERS_MAX + 1] = [
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.866025403784439, -0.5),
    (1.0, 0.0),
    (0.951056516295154, 0.309016994374947),
    (0.866025403784439, 0.5),
    (0.781831482468030, 0.623489801858734),
    (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
    (0.642787609686539, 0.766044443118978),
];

/// How much of a timer is left.
#[must_use]
pub fn timer_left(timer: &Timer, now_us: u64) -> f64 {
    1.0 - share(now_us, timer.started_us, timer.deadline_us)
}

/// Where `at` lies between `from` and `to`.
#[must_use]
pub fn share(at: u64, from: u64, to: u64) -> f64 {
    if to <= from {
        return 1.0;
    }
    (at.saturating_sub(from) as f64 / (to - from) as f64).clamp(0.0, 1.0)
}

/// The points of a regular polygon around the origin with a corner at the top.
#[must_use]
pub fn polygon(corners: usize, radius: f64) -> String {
    let mut points = String::new();
    for corner in 0..corners {
        let (sin, cos) = direction(corner, corners);
        let _ = write!(points, "{},{} ", tenths(radius * sin), tenths(-radius * cos));
    }
    points.pop();
    points
}

/// Whether so many servers stand so close that the words of each are one below the other.
#[must_use]
pub fn is_dense(servers: usize) -> bool {
    servers > 6
}

/// How wide a text is at most, in em, if it is set bold in a usual sans-serif: enough to know what surely fits.
#[must_use]
pub fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

/// As much of a text as surely fits into a width in em, with an ellipsis for the rest.
#[must_use]
pub fn shortened(text: &str, ems_max: f64) -> Cow<'_, str> {
    if ems(text) <= ems_max {
        return text.into();
    }
    let mut ems = em('…');
    let fits = |letter: &char| {
        ems += em(*letter);
        ems <= ems_max
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    short.into()
}

fn em(letter: char) -> f64 {
    match letter {
        '0'..='9' => 0.65,
        ' ' | '.' | ',' | ':' | ';' | 'i' | 'j' | 'l' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.12,
        'a'..='z' => 0.72,
        '!'..='~' => 0.86,
        // Of other scripts the widest.
        _ => 1.12,
    }
}

/// The slowest speed: a thousandfold slow motion, in thousandths.
pub const SLOWDOWN_MILLI_MAX: u64 = 1_000_000;
/// The fastest speed: tenfold fast motion, in thousandths.
pub const SLOWDOWN_MILLI_MIN: u64 = 100;
/// The steps of the speed slider, from the slowest to the fastest: a hundred for each power of ten.
pub const SPEED_STEPS: u64 = 400;

/// From one step of the speed slider to the next: the hundredth root of ten.
const SPEED_STEP: f64 = 1.023_292_992_280_754;

/// The step of the speed slider that stands for a slowdown: faster is more to the right.
#[must_use]
pub fn speed_step(slowdown_milli: u64) -> u64 {
    // A slowdown belongs to a step until halfway, in ratio, to the next.
    let half = SPEED_STEP.sqrt();
    (0..SPEED_STEPS)
        .find(|&step| slowdown_milli as f64 * half > exact_slowdown_milli(step))
        .unwrap_or(SPEED_STEPS)
}

/// The slowdown for a step of the speed slider, rounded to two digits so that it reads well.
#[must_use]
pub fn slowdown_milli(speed_step: u64) -> u64 {
    let exact = exact_slowdown_milli(speed_step.min(SPEED_STEPS));
    let unit = 10u64.pow((exact as u64).ilog10().saturating_sub(1));
    (exact / unit as f64).round() as u64 * unit
}

fn exact_slowdown_milli(speed_step: u64) -> f64 {
    (0..speed_step).fold(SLOWDOWN_MILLI_MAX as f64, |milli, _| milli / SPEED_STEP)
}

/// The mark of a server, or of all, that is meant by whoever points at a time of its lane: the nearest that is not
/// further off than `reach_us`.
#[must_use]
pub fn mark_at(marks: &[Mark], server: u64, us: u64, reach_us: u64) -> Option<&Mark> {
    let of_server = marks.iter().filter(|mark| mark.server == server || mark.server == 0);
    of_server
        .filter(|mark| mark.at_us.abs_diff(us) <= reach_us)
        .min_by_key(|mark| mark.at_us.abs_diff(us))
}

/// The time of a place on the slider, `along` from 0 to 1.
#[must_use]
pub fn time_at(along: f64, span_us: u64) -> u64 {
    (along.clamp(0.0, 1.0) * span_us as f64) as u64
}

/// A number as an attribute, to a tenth: finer cannot be seen and would be written in vain.
///
/// Whole tenths are compared and written much faster than fractions, and take no code for them along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenths(i64);

/// The nearest tenth.
#[must_use]
pub fn tenths(value: f64) -> Tenths {
    Tenths((value * 10.0).round() as i64)
}

/// A share of a whole in percent, to a hundredth: less than a pixel on any screen.
#[must_use]
pub fn percent(part: f64, whole: f64) -> String {
    let hundredths = (part / whole * 10_000.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}%", hundredths / 100, hundredths % 100)
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tenths(tenths) = *self;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        if tenth == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{tenth}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{MarkKind, MessageKind, TimerKind};
    use crate::text;

    fn message(from: u64, to: u64) -> Message {
        Message {
            id: 1,
            from,
            to,
            term: 1,
            kind: MessageKind::Heartbeat,
            sent_us: 1_000,
            arrives_us: 2_000,
            lost: false,
            text: text::Message::Title,
        }
    }

    #[test]
    fn a_text_is_as_wide_as_its_letters() {
        assert_eq!(tenths(ems("")), tenths(0.0));
        assert_eq!(tenths(ems("x=12")), tenths(0.72 + 0.86 + 1.3));
        assert_eq!(tenths(ems("日志")), tenths(2.24));
        assert_eq!(shortened("x=12", 3.0), "x=12");
        assert_eq!(shortened("x=123456", 4.0), "x=12…");
        assert_eq!(shortened("日志", 1.2), "…");
    }

    #[test]
    fn a_mark_of_the_cluster_is_meant_from_every_lane() {
        let mark = |server, at_us| Mark {
            at_us,
            server,
            kind: MarkKind::Violated,
        };
        let marks = [mark(2, 100), mark(0, 120)];
        let meant = |server, us| mark_at(&marks, server, us, 30).map(|mark| mark.at_us);
        assert_eq!(meant(1, 105), Some(120));
        assert_eq!(meant(2, 105), Some(100));
        assert_eq!(meant(2, 118), Some(120));
        assert_eq!(meant(1, 200), None);
    }

    #[test]
    fn every_ring_stays_inside_its_picture_and_no_two_servers_touch() {
        for servers in 1..=SERVERS_MAX {
            let ring = Ring::new(servers);
            for place in &ring.places {
                assert!(
                    place.x - ring.radius > 40.0 && place.x + ring.radius < RING_WIDTH - 40.0,
                    "{servers}"
                );
                assert!(
                    place.y - ring.radius > 50.0 && place.y + ring.radius < RING_HEIGHT - 60.0,
                    "{servers}"
                );
            }
            for (a, b) in ring.links() {
                assert!((a.x - b.x).hypot(a.y - b.y) > 2.0 * ring.radius + 40.0, "{servers}");
            }
            assert_eq!(ring.links().count(), servers * (servers - 1) / 2);
        }
    }

    #[test]
    fn a_message_goes_from_edge_to_edge() {
        let ring = Ring::new(5);
        let (from, to) = (ring.place(1), ring.place(3));
        let distance = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y);
        let start = ring.message(&message(1, 3), 1_000).at;
        let end = ring.message(&message(1, 3), 2_000).at;
        assert!(distance(start, from) > ring.radius && distance(start, from) < ring.radius + 20.0);
        assert!(distance(end, to) > ring.radius && distance(end, to) < ring.radius + 20.0);
        // A time before or after the flight does not carry it into a server.
        assert_eq!(ring.message(&message(1, 3), 0).at, start);
        assert_eq!(ring.message(&message(1, 3), 9_000).at, end);
    }

    #[test]
    fn messages_of_both_directions_pass_beside_each_other() {
        let ring = Ring::new(5);
        let there = ring.message(&message(2, 5), 1_500).at;
        let back = ring.message(&message(5, 2), 1_500).at;
        assert!((there.x - back.x).hypot(there.y - back.y) > LANE_OFFSET);
    }

    #[test]
    fn words_of_a_ring_of_five_are_clear_of_its_links() {
        let ring = Ring::new(5);
        for server in 1..=5 {
            let Point { x, y } = ring.place(server);
            let beyond = if ring.label_above(server) { -1.0 } else { 1.0 };
            // Two lines, as wide as on a phone, and the room of a message.
            let (half_width, near, far) = (60.0 + LANE_OFFSET, 52.0, 92.0);
            for (a, b) in ring.links() {
                for step in 0..=200 {
                    let along = f64::from(step) / 200.0;
                    let (dx, dy) = (a.x + (b.x - a.x) * along - x, a.y + (b.y - a.y) * along - y);
                    let inside = dx.abs() < half_width && (near..far).contains(&(dy * beyond));
                    assert!(!inside, "S{server}");
                }
            }
        }
    }

    #[test]
    fn a_message_that_will_be_lost_fades_out_halfway() {
        let ring = Ring::new(3);
        let lost = Message {
            lost: true,
            ..message(1, 2)
        };
        assert_eq!(ring.message(&lost, 1_200).opacity, 1.0);
        assert_eq!(ring.message(&lost, 1_600).opacity, 0.0);
        assert_eq!(ring.message(&message(1, 2), 1_600).opacity, 1.0);
    }

    #[test]
    fn between_its_stages_a_message_is_where_it_is_said_to_be() {
        let ring = Ring::new(5);
        for lost in [false, true] {
            let message = Message { lost, ..message(1, 3) };
            let stages = ring.stages(&message);
            for at_us in (1_000..=2_000).step_by(10) {
                let way = share(at_us, message.sent_us, message.arrives_us);
                let next = stages
                    .iter()
                    .position(|&(share, _)| share >= way)
                    .unwrap_or_default()
                    .max(1);
                let ((from, begin), (to, end)) = (stages[next - 1], stages[next]);
                let along = |a: f64, b: f64| a + (b - a) * (way - from) / (to - from);
                let said = ring.message(&message, at_us);
                assert!((along(begin.at.x, end.at.x) - said.at.x).abs() < 0.5, "{at_us}");
                assert!((along(begin.at.y, end.at.y) - said.at.y).abs() < 1.5, "{at_us}");
                assert!(
                    (along(begin.opacity, end.opacity) - said.opacity).abs() < 0.15,
                    "{at_us}"
                );
            }
        }
    }

    #[test]
    fn a_share_in_percent_has_two_digits() {
        assert_eq!(percent(1.0, 3.0), "33.33%");
        assert_eq!(percent(-1.0, 200.0), "-0.50%");
        assert_eq!(percent(2.0, 2.0), "100.00%");
    }

    #[test]
    fn what_is_lost_drops_off_its_way() {
        let ring = Ring::new(3);
        let lost = Message {
            lost: true,
            ..message(1, 2)
        };
        let (kept, lost) = (ring.message(&message(1, 2), 1_480).at, ring.message(&lost, 1_480).at);
        assert!(lost.x == kept.x && lost.y > kept.y + 5.0);
    }

    #[test]
    fn a_message_is_found_by_who_points_near_it() {
        let ring = Ring::new(5);
        let both = [message(1, 3), Message { id: 2, ..message(1, 4) }];
        let at = ring.message(&both[1], 1_500).at;
        let near = Point {
            x: at.x + 9.0,
            y: at.y - 9.0,
        };
        let found = |point| ring.message_at(both.iter(), 1_500, point).map(|message| message.id);
        assert_eq!(found(near), Some(2));
        assert_eq!(found(Point { x: 5.0, y: 5.0 }), None);
    }

    #[test]
    fn a_message_that_is_dragged_back_is_late_by_as_much_as_it_takes_to_be_there() {
        let ring = Ring::new(5);
        let dragged = message(1, 3);
        let quarter = ring.message(&dragged, 1_250).at;
        let by_us = ring.held_back_us(&dragged, 1_500, quarter);
        assert!(
            by_us.abs_diff(1_000) <= 2,
            "half of the time for a quarter of the way: {by_us}"
        );
        let late = Message {
            arrives_us: dragged.arrives_us + by_us,
            ..dragged.clone()
        };
        let at = ring.message(&late, 1_500).at;
        assert!((at.x - quarter.x).hypot(at.y - quarter.y) < 0.5);
        // Ahead there is nothing to be had, and nothing is held back for ever.
        assert_eq!(ring.held_back_us(&dragged, 1_500, ring.place(3)), 0);
        assert_eq!(ring.held_back_us(&dragged, 1_500, ring.place(1)), 19_000);
    }

    #[test]
    fn clients_stand_clear_of_servers_their_words_and_each_other() {
        let (clients, half) = (1..=16, 15.0);
        for servers in 1..=SERVERS_MAX {
            let ring = Ring::new(servers);
            for client in clients.clone() {
                let at = client_place(client);
                assert!(at.x >= half && at.x <= RING_WIDTH - half, "{client}");
                assert!(at.y >= half && at.y <= RING_HEIGHT - half, "{client}");
                for other in 1..client {
                    let other = client_place(other);
                    assert!((at.x - other.x).hypot(at.y - other.y) > 30.0, "{client}");
                }
                for (server, place) in (1..).zip(&ring.places) {
                    let (dx, dy) = ((at.x - place.x).abs(), at.y - place.y);
                    assert!(
                        dx.hypot(dy) > ring.radius + 30.0,
                        "C{client} and S{server} of {servers}"
                    );
                    let beyond = if ring.label_above(server) { -dy } else { dy };
                    let words =
                        dx < 45.0 + half && (ring.radius + 12.0 - half..ring.radius + 42.0 + half).contains(&beyond);
                    assert!(!words, "C{client} and the words of S{server} of {servers}");
                }
            }
        }
    }

    #[test]
    fn a_place_on_the_screen_is_a_point_of_the_picture() {
        let middle = Point {
            x: RING_WIDTH / 2.0,
            y: RING_HEIGHT / 2.0,
        };
        assert_eq!(point_in_ring(500.0, 141.0, 1_000.0, 282.0), middle);
        let corner = point_in_ring(365.0, 0.0, 1_000.0, 282.0);
        assert!(corner.x.abs() < 1e-9 && corner.y.abs() < 1e-9);
    }

    #[test]
    fn a_vote_mark_lies_in_the_direction_of_the_voter() {
        let ring = Ring::new(5);
        let mark = ring.vote_mark(1);
        assert!(mark.x.abs() < 0.001 && mark.y < 0.0);
        assert!(ring.vote_mark(2).x > 0.0 && ring.vote_mark(5).x < 0.0);
    }

    #[test]
    fn a_timer_runs_off() {
        let timer = Timer {
            kind: TimerKind::Election,
            started_us: 100,
            deadline_us: 300,
        };
        assert_eq!(timer_left(&timer, 0), 1.0);
        assert_eq!(timer_left(&timer, 150), 0.75);
        assert_eq!(timer_left(&timer, 900), 0.0);
        assert_eq!(
            timer_left(
                &Timer {
                    deadline_us: 100,
                    ..timer
                },
                100
            ),
            0.0
        );
    }

    #[test]
    fn the_speed_slider_is_logarithmic_and_reads_well() {
        assert_eq!(speed_step(SLOWDOWN_MILLI_MAX), 0);
        assert_eq!(speed_step(SLOWDOWN_MILLI_MIN), SPEED_STEPS);
        assert_eq!(slowdown_milli(0), SLOWDOWN_MILLI_MAX);
        assert_eq!(slowdown_milli(SPEED_STEPS), SLOWDOWN_MILLI_MIN);
        assert_eq!(slowdown_milli(speed_step(25_000)), 25_000);
        for step in 0..=SPEED_STEPS {
            assert!(speed_step(slowdown_milli(step)).abs_diff(step) <= 2, "{step}");
        }
    }

    #[test]
    fn a_hexagon_has_its_corners_at_top_and_bottom() {
        assert_eq!(polygon(6, 10.0), "0,-10 8.7,-5 8.7,5 0,10 -8.7,5 -8.7,-5");
    }

    #[test]
    fn directions_are_those_of_trigonometry() {
        for servers in 1..=SERVERS_MAX {
            let ring = Ring::new(servers);
            for server in 0..servers {
                let (sin, cos) = (std::f64::consts::TAU * server as f64 / servers as f64).sin_cos();
                let (x, y) = direction(server, servers);
                assert!(
                    (x - sin).abs() < 1e-12 && (y - cos).abs() < 1e-12,
                    "{server} of {servers}"
                );
            }
            for (from, to) in (1..=servers as u64).flat_map(|from| (1..from).map(move |to| (from, to))) {
                for (from, to) in [(from, to), (to, from)] {
                    let (a, b) = (ring.place(from), ring.place(to));
                    let (sin, cos) = ring.heading(from, to).to_radians().sin_cos();
                    let length = (b.x - a.x).hypot(b.y - a.y);
                    assert!((b.x - a.x - length * cos).abs() < 1e-9, "{from} to {to} of {servers}");
                    assert!((b.y - a.y - length * sin).abs() < 1e-9, "{from} to {to} of {servers}");
                }
            }
        }
    }

    #[test]
    fn of_links_that_cross_and_meet_the_one_is_meant_that_a_point_is_on() {
        for servers in 2..=9 {
            let ring = Ring::new(servers);
            for (a, b) in (1..=servers as u64).flat_map(|b| (1..b).map(move |a| (a, b))) {
                let (from, to) = ring.link(a, b);
                for along in [0.03, 0.21, 0.34, 0.47, 0.62, 0.83, 0.97] {
                    let point = Point {
                        x: from.x + (to.x - from.x) * along,
                        y: from.y + (to.y - from.y) * along,
                    };
                    let (c, d) = ring.link_at(point).unwrap();
                    // Where others cross it, both are as near.
                    assert!(ring.distance_to_link(c, d, point) < 1e-6);
                    assert!((c, d) == (a, b) || ring.distance_to_link(a, b, point) < 1e-6);
                }
            }
        }
        assert_eq!(Ring::new(1).link_at(Point { x: 0.0, y: 0.0 }), None);
    }

    #[test]
    fn numbers_are_written_to_a_tenth() {
        for (value, written) in [
            (0.0, "0"),
            (12.34, "12.3"),
            (-0.26, "-0.3"),
            (-0.01, "0"),
            (7.96, "8"),
            (-8.0, "-8"),
        ] {
            assert_eq!(tenths(value).to_string(), written);
        }
    }

    #[test]
    fn a_place_on_the_slider_is_a_time() {
        assert_eq!(time_at(0.5, 10_000_000), 5_000_000);
        assert_eq!(time_at(-1.0, 10_000_000), 0);
        assert_eq!(time_at(2.0, 10_000_000), 10_000_000);
    }
}
