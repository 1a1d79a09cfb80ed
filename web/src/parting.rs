//! A line that is drawn across the ring: on release it parts the servers on both of its sides.
//!
//! Where the line is belongs to the hand that draws it, and to nothing else; what it comes to is a command.

use raft_playground::layout::{self, Point, RING_HEIGHT, RING_WIDTH, Ring, tenths};
use raft_playground::network;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// A shorter line is a click.
const LENGTH_MIN: f64 = 24.0;

/// The line so far, in the units of the ring.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Parting {
    from: Point,
    to: Point,
    /// Long enough to be one.
    is_line: bool,
}

/// What a pointer does on the ring.
pub(crate) enum Draw {
    Begin(Point),
    /// The picture, and the pointer's number: the picture follows the pointer from the first stroke on.
    To(Point, Element, i32),
    End,
    Cancel,
}

impl Parting {
    /// Carries a movement on. Gives what is to be done, at the end.
    pub(crate) fn draw(parting: &mut Option<Parting>, draw: Draw, servers: usize) -> Option<Action> {
        match draw {
            Draw::Begin(at) => {
                *parting = Some(Parting {
                    from: at,
                    to: at,
                    is_line: false,
                });
            }
            Draw::To(at, picture, pointer) => {
                let line = parting.as_mut()?;
                let is_line = (at.x - line.from.x).hypot(at.y - line.from.y) > LENGTH_MIN;
                if is_line && !line.is_line {
                    line.is_line = true;
                    let _ = picture.set_pointer_capture(pointer);
                }
                line.to = at;
            }
            Draw::Cancel => *parting = None,
            Draw::End => {
                let sides = parting.take()?.sides(servers)?.into();
                return Some(Action::PartAlong { sides });
            }
        }
        None
    }

    /// Whether it is long enough to be one.
    pub(crate) fn is_line(&self) -> bool {
        self.is_line
    }

    fn sides(&self, servers: usize) -> Option<Vec<bool>> {
        self.is_line.then(|| Ring::new(servers).sides(self.from, self.to))
    }
}

/// Brings up the ring, where the line is to be drawn, as far as it is out of sight: on a phone it may be.
pub(crate) fn show_ring(root: &Element) {
    if let Ok(Some(ring)) = root.query_selector(".picture") {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        ring.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What a pointer event means; nothing if it is not about a line.
pub(crate) fn begin(event: &PointerEvent) -> Option<Draw> {
    let is_ground = under(event, ".server").is_none();
    (event.is_primary() && event.button() == 0 && is_ground).then_some(Draw::Begin(place(event)?))
}

pub(crate) fn go_on(event: &PointerEvent) -> Option<Draw> {
    let picture = under(event, ".ring")?;
    (event.is_primary() && event.buttons() & 1 != 0).then_some(Draw::To(place(event)?, picture, event.pointer_id()))
}

/// The part of the page that the pointer is on, or that follows it.
fn under(event: &PointerEvent, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

fn place(event: &PointerEvent) -> Option<Point> {
    let picture = under(event, ".ring")?.get_bounding_client_rect();
    let at = Point {
        x: f64::from(event.client_x()) - picture.left(),
        y: f64::from(event.client_y()) - picture.top(),
    };
    Some(layout::point_in_ring(at.x, at.y, picture.width(), picture.height()))
}

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) servers: usize,
    pub(crate) parting: Option<Parting>,
    pub(crate) lang: Lang,
}

/// The line, and the two sides of it lit.
pub(crate) fn view(props: &Props) -> Html {
    let Some((line, sides)) = props.parting.and_then(|line| Some((line, line.sides(props.servers)?))) else {
        return Html::default();
    };
    let ring = Ring::new(props.servers);
    let parts = network::parted(&sides).is_some();
    let side = |side: bool| {
        let ids = (1..).zip(&sides).filter(move |&(_, &it)| it == side);
        let names = ids.map(|(id, _)| Text::ServerName(id).text(props.lang));
        names.collect::<Vec<_>>().join(" ")
    };
    // Far beyond the picture on both ends: where it goes is what counts.
    let (dx, dy) = (line.to.x - line.from.x, line.to.y - line.from.y);
    let far = 1_000.0 / dx.hypot(dy).max(1.0);
    let stroke = |from: f64, to: f64| {
        let at = |share: f64| (tenths(line.from.x + dx * share), tenths(line.from.y + dy * share));
        let ((x1, y1), (x2, y2)) = (at(from), at(to));
        format!("M{x1} {y1}L{x2} {y2}")
    };
    html! {
        <svg class="parting" viewBox={format!("0 0 {} {}", tenths(RING_WIDTH), tenths(RING_HEIGHT))} aria-hidden="true">
            if parts {
                { for ring.places.iter().zip(&sides).map(|(Point { x, y }, side)| html! {
                    <circle class={if *side { "one-side" } else { "other-side" }} cx={tenths(*x).to_string()}
                        cy={tenths(*y).to_string()} r={tenths(ring.radius + 14.0).to_string()} />
                }) }
                <text class="one-side" x="10" y="1.1em">{ side(true) }</text>
                <text class="other-side" x="10" y="2.5em">{ side(false) }</text>
            }
            <path class="beyond" d={stroke(-far, far)} />
            <path class="drawn" d={stroke(0.0, 1.0)} />
        </svg>
    }
}
