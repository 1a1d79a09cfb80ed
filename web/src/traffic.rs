//! What is in flight: the elements of messages, which come and go much too fast for components.
//!
//! They stand in a layer that nobody else touches. Whoever has arrived is put aside, and comes back as the next message
//! of its kind, so that a frame makes no new elements once all kinds have been seen.

use std::fmt::Write as _;

use raft_playground::layout::{MESSAGE_REACH, Placed, Ring, Tenths, tenths};
use raft_playground::scene::{Message, MessageKind, Scene, Who};
use web_sys::Element;

use crate::glyph::{self, Glyph, SIGN_Y};
use crate::painter::write_text;

const SVG: &str = "http://www.w3.org/2000/svg";

/// The messages of one playground.
#[derive(Default)]
pub(crate) struct Traffic {
    layer: Option<Element>,
    /// The way of the selected message.
    way: Option<Element>,
    /// In the order of the scene.
    shown: Vec<Flying>,
    spare: Vec<Flying>,
    selected: Option<u64>,
}

/// A message with its element.
struct Flying {
    id: u64,
    kind: MessageKind,
    /// From whom to whom.
    ends: (Who, Who),
    sent_us: u64,
    group: Element,
    /// What points where it goes.
    pointer: Option<Element>,
    sign: Option<Element>,
    place: Option<(Tenths, Tenths)>,
    opacity: Tenths,
}

impl Traffic {
    /// Works in this layer from now on; `way` lights the way of the selected message.
    pub(crate) fn stand_in(&mut self, layer: Option<Element>, way: Option<Element>) {
        if self.layer != layer {
            *self = Traffic {
                layer,
                ..Traffic::default()
            };
        }
        self.way = way;
    }

    /// Takes over what is in flight.
    pub(crate) fn follow(&mut self, scene: &Scene, ring: &Ring) {
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
                let place = arrived.iter().position(|flying| flying.is_of(message.kind));
                let again = place.map(|place| arrived.swap_remove(place)).or_else(|| {
                    let place = self.spare.iter().position(|flying| flying.is_of(message.kind));
                    place.map(|place| self.spare.swap_remove(place))
                });
                let mut flying = again.or_else(|| Flying::new(layer, message.kind))?;
                flying.become_(message, ring);
                Some(flying)
            }));
        }
        arrived.extend(before);
        for flying in &mut arrived {
            flying.set_shown(false);
        }
        self.spare.append(&mut arrived);
        self.shown = shown;
        self.light(scene, ring);
    }

    /// Writes where everything is.
    pub(crate) fn paint(&mut self, scene: &Scene, ring: &Ring, now_us: u64, buffer: &mut String) {
        for (flying, message) in self.shown.iter_mut().zip(scene.in_flight()) {
            flying.paint(message, ring.message(message, now_us), buffer);
        }
    }

    /// The selected message and its way stand out.
    fn light(&mut self, scene: &Scene, ring: &Ring) {
        let selected = scene.selected_message();
        let id = selected.map(|message| message.id);
        if id == self.selected {
            return;
        }
        self.selected = id;
        for flying in self.shown.iter().chain(&self.spare) {
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
    fn new(layer: &Element, kind: MessageKind) -> Option<Flying> {
        let document = layer.owner_document()?;
        let add = |parent: &Element, name: &str, attributes: &[(&str, &str)]| {
            let element = document.create_element_ns(Some(SVG), name).ok()?;
            for (name, value) in attributes {
                element.set_attribute(name, value).ok()?;
            }
            parent.append_child(&element).ok()?;
            Some(element)
        };
        let Glyph {
            class,
            strokes,
            points,
            sign,
        } = glyph::glyph(kind);
        let group = add(layer, "g", &[("class", "message")])?;
        add(
            &group,
            "circle",
            &[("class", "hit"), ("r", &tenths(MESSAGE_REACH).to_string())],
        )?;
        let shape = add(&group, "g", &[("class", class)])?;
        let mut pointer = None;
        for (place, (class, d)) in strokes.iter().enumerate() {
            let stroke = add(&shape, "path", &[("class", class), ("d", d)])?;
            if points && place == 0 {
                pointer = Some(stroke);
            }
        }
        let sign = sign.and_then(|(class, text)| {
            let sign = add(&shape, "text", &[("class", class), ("y", SIGN_Y)])?;
            sign.set_text_content(Some(text));
            Some(sign)
        });
        Some(Flying {
            id: 0,
            kind,
            ends: (Who::Cluster, Who::Cluster),
            sent_us: 0,
            group,
            pointer,
            sign,
            place: None,
            opacity: tenths(1.0),
        })
    }

    fn is(&self, message: &Message) -> bool {
        (self.id, self.kind, self.ends, self.sent_us) == (message.id, message.kind, message.ends(), message.sent_us)
    }

    fn is_of(&self, kind: MessageKind) -> bool {
        std::mem::discriminant(&self.kind) == std::mem::discriminant(&kind)
    }

    /// Stands for another message from now on.
    fn become_(&mut self, message: &Message, ring: &Ring) {
        (self.id, self.sent_us) = (message.id, message.sent_us);
        let kind = std::mem::replace(&mut self.kind, message.kind);
        let ends = std::mem::replace(&mut self.ends, message.ends());
        if let Some(pointer) = &self.pointer
            && ends != self.ends
        {
            let heading = ring.heading(message.from, message.to);
            let _ = pointer.set_attribute("transform", &glyph::turned(heading));
        }
        if let (MessageKind::Entries(entries), Some(sign)) = (message.kind, &self.sign)
            && (kind != message.kind || self.place.is_none())
        {
            write_text(sign, &entries.to_string());
        }
        if let Ok(Some(title)) = self.group.query_selector("title") {
            title.remove();
        }
        self.mark(false);
        self.set_shown(true);
    }

    fn paint(&mut self, message: &Message, placed: Placed, buffer: &mut String) {
        let place = (tenths(placed.at.x), tenths(placed.at.y));
        if self.place.replace(place) != Some(place) {
            buffer.clear();
            let _ = write!(buffer, "translate({} {})", place.0, place.1);
            let _ = self.group.set_attribute("transform", buffer);
        }
        let opacity = tenths(placed.opacity);
        if std::mem::replace(&mut self.opacity, opacity) != opacity {
            debug_assert!(message.lost || placed.opacity >= 1.0, "only what gets lost fades");
            buffer.clear();
            let _ = write!(buffer, "{opacity}");
            let _ = self.group.set_attribute("opacity", buffer);
        }
    }

    fn mark(&self, selected: bool) {
        let class = if selected { "message selected" } else { "message" };
        if self.group.get_attribute("class").as_deref() != Some(class) {
            let _ = self.group.set_attribute("class", class);
        }
    }

    /// Who is put aside stays in the layout, which would else be made anew for each message.
    fn set_shown(&mut self, shown: bool) {
        let _ = if shown {
            self.group.remove_attribute("visibility")
        } else {
            self.group.set_attribute("visibility", "hidden")
        };
    }
}
