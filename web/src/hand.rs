//! What pointers do to messages: whoever presses on one selects it, and drags it back along its way to delay it.
//!
//! A message is small and moves: the nearest within reach of a fingertip is meant, wherever exactly the press was.

use raft_playground::layout::{Point, Ring, point_in_ring};
use raft_playground::scene::{Message, Scene, Selection};
use raft_playground::session::{Action, Command, MessageId};
use raft_playground::text::Lang;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// So far a press may slip before it is a drag.
const SLIP: f64 = 5.0;

/// What the pointer holds.
#[derive(Default)]
pub(crate) struct Hand {
    grip: Option<Grip>,
}

struct Grip {
    /// The message as it was when it was pressed.
    message: Message,
    pointer: i32,
    pressed: Point,
    /// By how much it is held back now.
    by_us: u64,
}

impl Hand {
    /// What a pointer wants.
    pub(crate) fn feel(
        &mut self,
        event: &PointerEvent,
        root: &NodeRef,
        scene: &Scene,
        now_us: u64,
        lang: Lang,
    ) -> Option<Action> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let area = root
            .cast::<Element>()?
            .query_selector(".ring")
            .ok()??
            .get_bounding_client_rect();
        let point = point_in_ring(
            f64::from(event.client_x()) - area.left(),
            f64::from(event.client_y()) - area.top(),
            area.width(),
            area.height(),
        );
        let ring = Ring::new(scene.servers.len());
        let meant = || ring.message_at(scene.in_flight(), now_us, point);
        match event.type_().as_str() {
            "pointerdown" if event.is_primary() && event.button() == 0 => {
                let message = meant()?.clone();
                let _ = target.set_pointer_capture(event.pointer_id());
                let id = message.id;
                self.grip = Some(Grip {
                    message,
                    pointer: event.pointer_id(),
                    pressed: point,
                    by_us: 0,
                });
                Some(Action::Select(Selection::Message(id)))
            }
            "pointermove" => {
                let grip = self.grip.as_mut().filter(|grip| grip.pointer == event.pointer_id())?;
                let by_us = grip.held_back_us(&ring, now_us, point);
                let message = grip.message.id;
                (std::mem::replace(&mut grip.by_us, by_us) != by_us).then_some(Action::Hold { message, by_us })
            }
            "pointerup" | "pointercancel" => {
                let Grip { message, by_us, .. } = self.grip.take_if(|grip| grip.pointer == event.pointer_id())?;
                let message = message.id;
                match (by_us, event.type_() == "pointerup") {
                    (0, _) => None,
                    (_, false) => Some(Action::Hold { message, by_us: 0 }),
                    (_, true) => {
                        let message = MessageId(message);
                        Some(Action::Do(Command::Delay { message, by_us }))
                    }
                }
            }
            _ => {
                if self.grip.is_none() {
                    name(&target, meant()?, lang);
                }
                None
            }
        }
    }
}

impl Grip {
    fn held_back_us(&self, ring: &Ring, now_us: u64, point: Point) -> u64 {
        let (x, y) = (point.x - self.pressed.x, point.y - self.pressed.y);
        if x * x + y * y < SLIP * SLIP {
            return 0;
        }
        // It is held where it was pressed, not by its middle.
        let at = ring.message(&self.message, now_us).at;
        let point = Point {
            x: at.x + x,
            y: at.y + y,
        };
        ring.held_back_us(&self.message, now_us, point)
    }
}

/// What a message says appears over it, when the pointer rests there.
fn name(target: &Element, message: &Message, lang: Lang) {
    let _ = target.set_attribute("title", &message.text.text(lang));
}
