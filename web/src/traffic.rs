//! What is in flight: the elements of messages, which come and go much too fast for components.
//!
//! They stand in a layer that nobody else touches. Whoever has arrived is put aside, and comes back as the next message
//! that looks like it, so that a picture makes no new elements once all looks have been seen.

use raft_playground::layout::{Placed, RING_HEIGHT, RING_WIDTH, Ring, percent, share, tenths};
use raft_playground::scene::{Message, MessageKind, Scene, Who};
use web_sys::Element;

use crate::course::{Course, Stage};
use crate::glyph::{self, Corners, Glyph, SIGN_Y};
use crate::painter::write_text;

const SVG: &str = "http://www.w3.org/2000/svg";
/// The first half of a course is the way of a message.
const WAY: f64 = 0.5;
/// In its second half it is aside. Hidden, it would be painted anew when it comes back.
const ASIDE: f64 = 0.75;

/// With so many aside, one of them is rather turned than another made.
const SPARE_ENOUGH: usize = 200;

/// While time runs and so many are in flight, nobody reads how many entries each of them has.
const CROWD: usize = 40;
/// And not before there are so few again.
const CROWD_LEFT: usize = 30;
/// Unless a microsecond of the cluster takes so long, in thousandths: then they crawl, and can be read.
const CRAWL_SLOWDOWN_MILLI_MIN: u64 = 100_000;

/// At most so many are made at once.
const MADE_AT_ONCE_MAX: usize = 8;

/// The messages of one playground.
#[derive(Default)]
pub(crate) struct Traffic {
    layer: Option<Element>,
    /// Of how many servers the ring is: in another one all courses lead elsewhere.
    servers: usize,
    /// The way of the selected message.
    way: Option<Element>,
    /// In the order of the scene.
    shown: Vec<Flying>,
    spare: Vec<Flying>,
    /// Whether there are so many that none says how many entries it has.
    is_crowd: bool,
    selected: Option<u64>,
}

/// A message with its element.
struct Flying {
    id: u64,
    kind: MessageKind,
    /// From whom to whom.
    ends: (Who, Who),
    sent_us: u64,
    lost: bool,
    element: Element,
    /// What pointers reach.
    hit: Element,
    /// What points where it goes, and its corners before it is turned.
    pointer: Option<(Element, Corners)>,
    /// How many entries it says that it has.
    says: u64,
    /// Where it points to, if it points, see [`Ring::bearing`].
    bearing: Option<u64>,
    sign: Option<Element>,
    course: Course,
}

impl Traffic {
    /// Works in this layer from now on; `way` lights the way of the selected message.
    pub(crate) fn stand_in(&mut self, layer: Option<Element>, way: Option<Element>, servers: usize) {
        if (&self.layer, self.servers) != (&layer, servers) {
            *self = Traffic {
                layer,
                servers,
                ..Traffic::default()
            };
            self.name_layer();
        }
        self.way = way;
    }

    /// Takes over what is in flight.
    pub(crate) fn follow(&mut self, scene: &Scene, ring: &Ring) {
        self.crowd(scene);
        let Some(layer) = &self.layer else { return };
        let mut before = std::mem::take(&mut self.shown).into_iter().peekable();
        let mut shown = Vec::with_capacity(before.len());
        let mut arrived = Vec::new();
        for message in scene.in_flight() {
            while let Some(flying) = before.next_if(|flying| flying.id != message.id && !is_in(scene, flying.id)) {
                arrived.push(flying);
            }
            // In another branch the number may be that of another message.
            while let Some(flying) = before.next_if(|flying| flying.id == message.id && !flying.is(message)) {
                arrived.push(flying);
            }
            shown.extend(before.next_if(|flying| flying.is(message)).or_else(|| {
                let bearing = bearing(message, ring);
                let alike = |spare: &Flying| spare.changes(message, bearing, self.spare.len() >= SPARE_ENOUGH);
                let places = self.spare.iter().enumerate();
                let closest = places.filter_map(|(place, spare)| Some((alike(spare)?, place))).min();
                let place = closest.map(|(_, place)| place);
                let again = place.map(|place| self.spare.swap_remove(place));
                if let Some(mut flying) = again {
                    flying.become_(message, bearing, ring);
                    return Some(flying);
                }
                // As many again as there are: one more costs the browser much, several more at once hardly more than one.
                let in_use = shown.iter().chain(&self.spare);
                let more = in_use
                    .filter(|flying| flying.is_like(message) && flying.bearing == bearing)
                    .count();
                for _ in 0..more.min(MADE_AT_ONCE_MAX - 1) {
                    let mut spare = Flying::new(layer, message, ring)?;
                    spare.park();
                    self.spare.push(spare);
                }
                Flying::new(layer, message, ring)
            }));
        }
        arrived.extend(before);
        for flying in &mut arrived {
            flying.park();
        }
        self.spare.append(&mut arrived);
        self.shown = shown;
        if !self.is_crowd {
            self.shown.iter_mut().for_each(Flying::count);
        }
        self.light(scene, ring);
    }

    /// In a crowd that moves no message says how many entries it has: each number that becomes another is painted, and a
    /// browser paints little as slowly as much.
    fn crowd(&mut self, scene: &Scene) {
        let most = if self.is_crowd { CROWD_LEFT } else { CROWD };
        let crawls = scene.slowdown_milli >= CRAWL_SLOWDOWN_MILLI_MIN;
        let is_crowd = scene.playing && !crawls && scene.in_flight().count() > most;
        if is_crowd != std::mem::replace(&mut self.is_crowd, is_crowd) {
            self.name_layer();
        }
    }

    fn name_layer(&self) {
        if let Some(layer) = &self.layer {
            let _ = layer.set_attribute("class", if self.is_crowd { "traffic crowd" } else { "traffic" });
        }
    }

    /// Writes where everything is.
    pub(crate) fn paint(&mut self, scene: &Scene, now_us: u64) {
        for (flying, message) in self.shown.iter_mut().zip(scene.in_flight()) {
            let way = share(now_us, message.sent_us, message.arrives_us);
            // At the end of its way a message is still there.
            flying.course.go_to((way * WAY).min(WAY - 0.000_01));
        }
    }

    /// The selected message and its way stand out.
    fn light(&mut self, scene: &Scene, ring: &Ring) {
        let selected = scene.selected_message();
        let id = selected.map(|message| message.id);
        if (id, self.selected) == (None, None) {
            return;
        }
        self.selected = id;
        for flying in &self.shown {
            flying.mark(Some(flying.id) == id);
        }
        let d = selected.map_or_else(String::new, |message| {
            let (from, to) = ring.way(message);
            let [x, y, to_x, to_y] = [from.x, from.y, to.x, to.y].map(tenths);
            format!("M{x} {y}L{to_x} {to_y}")
        });
        if let Some(way) = &self.way {
            let _ = way.set_attribute("d", &d);
        }
    }
}

fn is_in(scene: &Scene, id: u64) -> bool {
    let find = |list: &[Message]| list.binary_search_by_key(&id, |message| message.id).is_ok();
    find(&scene.messages) || find(&scene.requests)
}

impl Flying {
    fn new(layer: &Element, message: &Message, ring: &Ring) -> Option<Flying> {
        let document = layer.owner_document()?;
        let put = |parent: &Element, element: Element, attributes: &[(&str, &str)]| {
            for (name, value) in attributes {
                element.set_attribute(name, value).ok()?;
            }
            parent.append_child(&element).ok()?;
            Some(element)
        };
        let div = |parent: &Element, class| put(parent, document.create_element("div").ok()?, &[("class", class)]);
        let add = |parent: &Element, name: &str, attributes: &[(&str, &str)]| {
            put(parent, document.create_element_ns(Some(SVG), name).ok()?, attributes)
        };
        let Glyph {
            class,
            pointer,
            strokes,
            sign,
        } = glyph::glyph(message.kind);
        let element = div(layer, "message")?;
        let hit = div(&element, "hit")?;
        let picture = add(&element, "svg", &[("viewBox", "-24 -24 48 48")])?;
        let shape = add(&picture, "g", &[("class", class)])?;
        let pointer = match pointer {
            Some(corners) => Some((add(&shape, "path", &[("class", glyph::POINTER)])?, corners)),
            None => None,
        };
        for (class, d) in strokes {
            add(&shape, "path", &[("class", class), ("d", d)])?;
        }
        let sign = sign.and_then(|(class, text)| {
            let sign = add(&shape, "text", &[("class", class), ("y", SIGN_Y)])?;
            sign.set_text_content(Some(text));
            Some(sign)
        });
        let mut flying = Flying {
            id: message.id,
            kind: message.kind,
            ends: message.ends(),
            sent_us: message.sent_us,
            lost: message.lost,
            course: Course::of(&element, &stages(message, ring))?,
            element,
            hit,
            bearing: bearing(message, ring),
            pointer,
            says: 0,
            sign,
        };
        flying.turn(message, ring);
        Some(flying)
    }

    fn is(&self, message: &Message) -> bool {
        (self.id, self.kind, self.ends, self.sent_us, self.lost)
            == (message.id, message.kind, message.ends(), message.sent_us, message.lost)
    }

    /// How much has to change for it to stand for a message, if it can. Another course is little. Another count, and even
    /// more another outline, makes a browser paint, and put all its layers together again: turned are only old ones.
    fn changes(&self, message: &Message, bearing: Option<u64>, may_turn: bool) -> Option<u8> {
        if !self.is_like(message) {
            None
        } else if self.bearing != bearing {
            may_turn.then_some(3)
        } else if self.kind != message.kind {
            Some(2)
        } else {
            Some(u8::from(!self.goes_like(message)))
        }
    }

    /// Whether it is of the same kind, with another count maybe.
    fn is_like(&self, message: &Message) -> bool {
        std::mem::discriminant(&self.kind) == std::mem::discriminant(&message.kind)
    }

    /// Whether it takes the course of a message.
    fn goes_like(&self, message: &Message) -> bool {
        (self.ends, self.lost) == (message.ends(), message.lost)
    }

    /// Stands for another message from now on.
    fn become_(&mut self, message: &Message, bearing: Option<u64>, ring: &Ring) {
        (self.id, self.sent_us) = (message.id, message.sent_us);
        if !self.goes_like(message) {
            (self.ends, self.lost) = (message.ends(), message.lost);
            self.course.change(&stages(message, ring));
        }
        if self.bearing != bearing {
            self.bearing = bearing;
            self.turn(message, ring);
        }
        self.kind = message.kind;
        let _ = self.hit.remove_attribute("title");
        self.mark(false);
    }

    /// Points where the message goes.
    fn turn(&mut self, message: &Message, ring: &Ring) {
        if let Some((pointer, corners)) = &self.pointer {
            let heading = ring.heading(message.from, message.to);
            let _ = pointer.set_attribute("d", &glyph::turned(corners, heading));
        }
    }

    /// Says how many entries it has.
    fn count(&mut self) {
        if let (MessageKind::Entries(entries), Some(sign)) = (self.kind, &self.sign)
            && std::mem::replace(&mut self.says, entries) != entries
        {
            write_text(sign, &entries.to_string());
        }
    }

    /// Puts it aside.
    fn park(&mut self) {
        self.course.go_to(ASIDE);
        let _ = self.element.set_attribute("class", "message aside");
    }

    fn mark(&self, selected: bool) {
        let class = if selected { "message selected" } else { "message" };
        if self.element.get_attribute("class").as_deref() != Some(class) {
            let _ = self.element.set_attribute("class", class);
        }
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        self.element.remove();
    }
}

/// Where the shape of a message points to, if it points.
fn bearing(message: &Message, ring: &Ring) -> Option<u64> {
    glyph::glyph(message.kind).pointer?;
    Some(ring.bearing(message.from, message.to))
}

/// The way of a message, and after it a place where nobody sees it.
fn stages(message: &Message, ring: &Ring) -> Vec<Stage> {
    let opacity = |opacity: f64| message.lost.then_some(opacity);
    let way = ring
        .stages(message)
        .into_iter()
        .map(|(share, Placed { at, opacity: seen })| {
            let (x, y) = (percent(at.x, RING_WIDTH), percent(at.y, RING_HEIGHT));
            Stage {
                offset: share * WAY,
                transform: Some(["translate(", &x, ", ", &y, ")"].concat()),
                opacity: opacity(seen),
                easing: None,
            }
        });
    let aside = [WAY, 1.0].map(|offset| Stage {
        offset,
        transform: Some("translate(-99%, -99%)".to_owned()),
        opacity: opacity(0.0),
        easing: None,
    });
    way.chain(aside).collect()
}
