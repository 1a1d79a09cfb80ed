//! The space-time diagram: its picture, the ways through it, and the same as a list.

use std::rc::Rc;

use raft_playground::diagram::{Arrow, Diagram, Fate, Piece, Point, PointKind};
use raft_playground::layout::is_dense;
use raft_playground::palette::term_class;
use raft_playground::scene::{MessageKind, Role, Selection};
use raft_playground::session::Action;
use raft_playground::text::time::TimeWords as Words;
use raft_playground::text::{Lang, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::lanes::percent;
use crate::memo::{Memo, Part};
use crate::server::role_class;
use crate::transport::acting;

/// The distance from line to line, in pixels; and that of many lines, so that they are seen at once.
const ROW: u64 = 28;
const ROW_OF_MANY: u64 = 16;
/// An arrow that passes so near a click, in pixels, may be meant: it is as wide as a fingertip then.
const REACH: f64 = 12.0;
/// The wheel zooms each time it has turned so far, in pixels.
const TURN: f64 = 60.0;
/// A pointer that has moved so far, in pixels, drags.
const DRAG: i32 = 5;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) diagram: Rc<Diagram>,
    pub(crate) selection: Selection,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel, above the lanes. The painter moves the line of the cursor, and uncovers the lines of the servers as time goes on.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        diagram,
        selection,
        lang,
        on_action,
    } = props;
    let lang = *lang;
    let selected = match selection {
        Selection::Event(event) => Some(*event),
        _ => None,
    };
    let (from_us, window_us) = (diagram.from_us, diagram.window_us());
    let button = |action: Action, words: Words, sign: &'static str, enabled: bool| {
        let on_click = on_action.reform(move |_: MouseEvent| action.clone());
        let name = words.text(lang);
        html! {
            <button class="icon" title={name.clone()} aria-label={name} disabled={!enabled} onclick={on_click}>{ sign }</button>
        }
    };
    let earlier = Action::LookAt(Some(from_us.saturating_sub(window_us / 2)));
    let later = Action::LookAt(Some(from_us + window_us / 2));
    let row = row_of(diagram);
    let height = row * diagram.rows.len() as u64;
    let any_lit = diagram.arrows.iter().any(|arrow| arrow.lit) || diagram.points.iter().any(|point| point.lit);
    let items = diagram.items(lang);
    let chosen = items
        .iter()
        .find(|(event, _)| Some(*event) == selected)
        .map(|(_, text)| text.clone());
    html! {
        <section class="diagram" role="group" aria-label={Words::SpaceTime.text(lang)}>
            <div class="ways">
                { button(earlier.clone(), Words::Earlier, "‹", from_us > 0) }
                { button(later.clone(), Words::Later, "›", true) }
                { button(Action::ZoomDiagram { closer: false, about_us: None }, Words::ZoomOut, "−", diagram.zooms[1]) }
                { button(Action::ZoomDiagram { closer: true, about_us: None }, Words::ZoomIn, "+", diagram.zooms[0]) }
                <span>{ if window_us < 1_000_000 { Words::WindowMs(window_us / 1_000) } else { Words::WindowS(window_us / 1_000_000) }.text(lang) }</span>
                <button class="follow" title={Words::Follow.text(lang)} aria-label={Words::Follow.text(lang)} disabled={diagram.follows} onclick={on_action.reform(|_: MouseEvent| Action::LookAt(None))}>{ Words::Follow.text(lang) }</button>
                <span class="chosen" aria-live="polite">{ chosen }</span>
            </div>
            <div class="field">
                <div class={classes!("lane-names", (row < ROW).then_some("many"))} aria-hidden="true">
                    { for diagram.rows.iter().map(|row| html! { <span key={row.server}>{ Text::ServerName(row.server).text(lang) }</span> }) }
                </div>
                <div class="scroller" tabindex="0" role="group" aria-label={Words::SpaceTimeHint.text(lang)}
                    title={Words::SpaceTimeHint.text(lang)} onkeydown={keys(on_action, selected, earlier, later)}>
                    <svg class={classes!("space-time", any_lit.then_some("has-lit"))} height={height.to_string()} aria-hidden="true"
                        onclick={hitting(on_action, diagram)} onwheel={acting(on_action, move |event| wheel(&event, from_us, window_us))} onpointerdown={Callback::from(|event| press(&event))} onpointerup={Callback::from(|event| release(&event))}
                        onpointermove={acting(on_action, move |event| drag(&event, window_us))} data-from={from_us.to_string()}>
                        { for (0..).zip(diagram.rows.iter()).map(|(place, line)| html! {
                            <g key={line.server} transform={middle(place, row)}>
                                { axis() }
                                { for line.stretches.iter().map(|piece| self::piece(piece, diagram)) }
                            </g>
                        }) }
                        <svg class="ahead" overflow="visible">
                            <rect width="100%" height={height.to_string()} />
                            { for (0..diagram.rows.len() as u64).map(|place| html! { <g transform={middle(place, row)}>{ axis() }</g> }) }
                        </svg>
                        <>{ for diagram.arrows.iter().filter_map(|arrow| self::arrow(arrow, diagram, selected, lang)) }</>
                        <>{ for diagram.points.iter().map(|point| self::point(point, diagram, selected, lang)) }</>
                        <svg class="moment" overflow="visible"><line y2={height.to_string()} /></svg>
                    </svg>
                </div>
            </div>
            <div class="ticks" aria-hidden="true">
                <span>{ Text::Time { us: diagram.from_us }.text(lang) }</span>
                if diagram.hidden > 0 { <span>{ Words::Hidden(diagram.hidden).text(lang) }</span> }
                <span>{ Text::Time { us: diagram.to_us }.text(lang) }</span>
            </div>
            <details ontoggle={Callback::from(|event| show(&event))}>
                <summary>{ Words::DiagramList(items.len() as u64).text(lang) }</summary>
                <ol role="list" onclick={acting_on_event(on_action)}>
                    { for items.into_iter().map(|(event, text)| html! {
                        <li key={event}><button data-event={event.to_string()}
                            aria-current={(Some(event) == selected).then_some("true")}>{ text }</button></li>
                    }) }
                    // As in the picture, some stand for all.
                    if diagram.hidden > 0 { <li class="hint">{ Words::Hidden(diagram.hidden).text(lang) }</li> }
                </ol>
            </details>
            <Memo part={Part::DiagramLegend(lang)} />
        </section>
    }
}

/// What opens below the picture is brought up, as far as the panel has more of it.
fn show(toggled: &Event) {
    let opened = toggled.target().and_then(|target| target.dyn_into::<Element>().ok());
    let opened = opened.filter(|opened| opened.has_attribute("open"));
    if let Some(opened) = opened
        && let Ok(Some(panel)) = opened.closest(".diagram")
    {
        bring_up(&opened, &panel);
    }
}

/// Scrolls a panel to one of its parts.
pub(crate) fn bring_up(part: &Element, panel: &Element) {
    let below = part.get_bounding_client_rect().top() - panel.get_bounding_client_rect().top();
    panel.set_scroll_top(panel.scroll_top() + below as i32);
}

/// The arrows choose an event, Enter goes there, plus and minus zoom, and the pages move the window.
fn keys(
    on_action: &Callback<Action>,
    selected: Option<u64>,
    earlier: Action,
    later: Action,
) -> Callback<KeyboardEvent> {
    acting(on_action, move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return None;
        }
        let action = match event.key().as_str() {
            "ArrowRight" => Action::SelectNextEvent { forward: true },
            "ArrowLeft" => Action::SelectNextEvent { forward: false },
            "Enter" => Action::GoToEvent { event: selected? },
            "+" | "=" => zoom(true, None),
            "-" => zoom(false, None),
            "PageDown" => earlier.clone(),
            "PageUp" => later.clone(),
            _ => return None,
        };
        event.prevent_default();
        event.stop_propagation();
        Some(action)
    })
}

fn zoom(closer: bool, about_us: Option<u64>) -> Action {
    Action::ZoomDiagram { closer, about_us }
}

/// With Ctrl, and when two fingers pinch a touchpad, the wheel zooms about the pointer; sideways it moves the window. Up and
/// down are the page's.
fn wheel(event: &WheelEvent, from_us: u64, window_us: u64) -> Option<Action> {
    let picture = picture(event)?;
    let area = picture.get_bounding_client_rect();
    let us_in = |pixels: f64| pixels / area.width().max(1.0) * window_us as f64;
    if event.ctrl_key() {
        event.prevent_default();
        // A touchpad tells of many small turns, a wheel of few large ones.
        let before = picture
            .get_attribute("data-turned")
            .and_then(|turned| turned.parse().ok());
        let turned = before.unwrap_or(0.0) + event.delta_y();
        let zooms = turned.abs() >= TURN;
        let _ = picture.set_attribute("data-turned", &(if zooms { 0.0 } else { turned }).to_string());
        let about_us = from_us + us_in(f64::from(event.client_x()) - area.left()).max(0.0) as u64;
        return zooms.then(|| zoom(turned < 0.0, Some(about_us)));
    }
    if event.delta_x().abs() <= event.delta_y().abs() {
        return None;
    }
    event.prevent_default();
    Some(Action::LookAt(Some(
        (from_us as f64 + us_in(event.delta_x())).max(0.0) as u64
    )))
}

/// Goes to what is clicked in the picture: a sign, or the arrow that passes nearest. The end of a drag is a click too, and
/// means nothing.
fn hitting(on_action: &Callback<Action>, diagram: &Rc<Diagram>) -> Callback<MouseEvent> {
    let (on_action, on_sign, diagram) = (on_action.clone(), acting_on_event(on_action), Rc::clone(diagram));
    Callback::from(move |click: MouseEvent| {
        if picture(&click).is_some_and(|picture| picture.has_attribute("data-dragged")) {
            return;
        }
        let target = click.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_sign = |target: &Element| matches!(target.closest(".point"), Ok(Some(_)));
        let area = match target {
            Some(target) if !is_sign(&target) => picture(&click).map(|picture| picture.get_bounding_client_rect()),
            _ => return on_sign.emit(click),
        };
        let Some(area) = area else { return };
        let point = (
            f64::from(click.client_x()) - area.left(),
            f64::from(click.client_y()) - area.top(),
        );
        if let Some(event) = diagram.arrow_near(point, area.width(), row_of(&diagram) as f64, REACH) {
            go_to(event, &on_action);
        }
    })
}

/// Goes to the event that is clicked, and selects it.
fn acting_on_event(on_action: &Callback<Action>) -> Callback<MouseEvent> {
    let on_action = on_action.clone();
    Callback::from(move |click: MouseEvent| {
        let target = click.target().and_then(|target| target.dyn_into::<Element>().ok());
        let item = target.and_then(|target| target.closest("[data-event]").ok().flatten());
        let number = item.and_then(|item| item.get_attribute("data-event")?.parse().ok());
        if let Some(event) = number {
            go_to(event, &on_action);
        }
    })
}

fn go_to(event: u64, on_action: &Callback<Action>) {
    on_action.emit(Action::GoToEvent { event });
    on_action.emit(Action::Select(Selection::Event(event)));
}

fn picture(event: &Event) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(".space-time")
        .ok()?
}

/// Notes where the pointer goes down: whether it drags is not known yet.
fn press(event: &PointerEvent) {
    if let Some(picture) = picture(event).filter(|_| event.button() == 0) {
        let from = picture.get_attribute("data-from").unwrap_or_default();
        let _ = picture.set_attribute("data-press", &[&event.client_x().to_string(), " ", &from].concat());
        let _ = picture.remove_attribute("data-dragged");
    }
}

fn release(event: &PointerEvent) {
    if let Some(picture) = picture(event) {
        let _ = picture.remove_attribute("data-press");
    }
}

/// Where the window begins when it is dragged.
fn drag(event: &PointerEvent, window_us: u64) -> Option<Action> {
    let picture = picture(event).filter(|_| event.buttons() & 1 == 1)?;
    let pressed = picture.get_attribute("data-press")?;
    let (x, from_us) = pressed.split_once(' ')?;
    let moved = event.client_x() - x.parse::<i32>().ok()?;
    if !picture.has_pointer_capture(event.pointer_id()) {
        if moved.abs() < DRAG {
            return None;
        }
        picture.set_pointer_capture(event.pointer_id()).ok()?;
        let _ = picture.set_attribute("data-dragged", "");
    }
    let width = picture.get_bounding_client_rect().width().max(1.0);
    let by_us = f64::from(moved) / width * window_us as f64;
    Some(Action::LookAt(Some(
        (from_us.parse::<f64>().ok()? - by_us).max(0.0) as u64
    )))
}

/// The distance from line to line, in pixels.
fn row_of(diagram: &Diagram) -> u64 {
    if is_dense(diagram.rows.len()) { ROW_OF_MANY } else { ROW }
}

/// To the middle of a line.
fn middle(place: u64, row: u64) -> String {
    format!("translate(0 {})", row * place + row / 2)
}

fn axis() -> Html {
    html! { <line class="axis" x2="100%" /> }
}

fn piece(piece: &Piece, diagram: &Diagram) -> Html {
    let height = if piece.role == Role::Leader { 6 } else { 3 };
    let class = classes!("stretch", role_class(piece.role), term_class(piece.term));
    html! {
        <rect {class} x={along(piece.from_us, diagram)} width={percent(piece.until_us - piece.from_us, diagram.window_us())}
            y={format!("-{}", height / 2)} height={height.to_string()} />
    }
}

/// How far along the window; what lies before it begins at its edge.
fn along(us: u64, diagram: &Diagram) -> String {
    if us < diagram.from_us {
        ["-", &percent(diagram.from_us - us, diagram.window_us())].concat()
    } else {
        percent(us - diagram.from_us, diagram.window_us())
    }
}

/// The middle of a server's line.
fn line_of(server: u64, diagram: &Diagram) -> Option<u64> {
    let (place, row) = (
        diagram.rows.iter().position(|row| row.server == server)?,
        row_of(diagram),
    );
    Some(row * place as u64 + row / 2)
}

fn arrow(arrow: &Arrow, diagram: &Diagram, selected: Option<u64>, lang: Lang) -> Option<Html> {
    let (y1, to) = (line_of(arrow.from, diagram)?, line_of(arrow.to, diagram)?);
    // What is lost ends half-way.
    let y2 = if arrow.fate == Fate::Lost { (y1 + to) / 2 } else { to };
    let (x1, x2) = (along(arrow.sent_us, diagram), along(arrow.end_us, diagram));
    let kind = match arrow.kind {
        MessageKind::VoteRequest
        | MessageKind::VoteGranted
        | MessageKind::VoteDenied
        | MessageKind::PreVoteRequest
        | MessageKind::PreVoteGranted
        | MessageKind::PreVoteDenied => "election",
        MessageKind::Heartbeat => "heartbeat",
        MessageKind::Accepted
        | MessageKind::Rejected
        | MessageKind::SnapshotReceived
        | MessageKind::Answer
        | MessageKind::TurnedAway => "answer",
        MessageKind::Entries(_) | MessageKind::Snapshot | MessageKind::TimeoutNow | MessageKind::Request => "order",
    };
    let class = classes!(
        "arrow",
        kind,
        arrow.lit.then_some("lit"),
        (Some(arrow.event) == selected).then_some("selected"),
    );
    let (y1, y2) = (y1.to_string(), y2.to_string());
    Some(html! {
        <g key={arrow.event} {class} data-event={arrow.event.to_string()}>
            <title>{ arrow.text(lang) }</title>
            <line x1={x1.clone()} y1={y1.clone()} x2={x2.clone()} y2={y2.clone()} />
            <line class="hit" {x1} {y1} x2={x2.clone()} y2={y2.clone()} />
            <svg x={x2} y={y2} overflow="visible">{ head(arrow.kind, arrow.fate, arrow.from < arrow.to) }</svg>
        </g>
    })
}

/// What the signs mean.
pub(crate) fn legend(lang: Lang) -> Html {
    let order = MessageKind::Entries(1);
    let arrows = [
        (head(order, Fate::Arrived, true), Words::SignOrder),
        (head(MessageKind::Accepted, Fate::Arrived, true), Words::SignAccepted),
        (head(MessageKind::Rejected, Fate::Arrived, true), Words::SignRejected),
        (head(MessageKind::VoteGranted, Fate::Arrived, true), Words::SignVote),
        (head(MessageKind::VoteDenied, Fate::Arrived, true), Words::SignNoVote),
        (head(order, Fate::Lost, true), Words::SignLost),
    ];
    let points = [
        (PointKind::Stood, Words::SignStands),
        (PointKind::Elected, Words::SignElected),
        (PointKind::Committed, Words::SignCommits),
        (PointKind::Crashed, Words::SignCrashes),
        (PointKind::Started, Words::SignStarts),
        (PointKind::Requested, Words::SignRequest),
        (PointKind::Answered, Words::SignAnswer),
        (PointKind::Violated, Words::SignViolated),
    ];
    // What concerns a client stands above the line of the server.
    let lower = |kind| matches!(kind, PointKind::Requested | PointKind::Answered).then_some("translate(0 10)");
    let points = points.map(|(kind, words)| {
        (
            html! { <g class="point" transform={lower(kind)}>{ sign(kind) }</g> },
            words,
        )
    });
    let arrows = arrows.map(|(head, words)| (html! { <g class="arrow order">{ head }</g> }, words));
    html! {
        <details ontoggle={Callback::from(|event| show(&event))}>
            <summary>{ Words::DiagramLegend.text(lang) }</summary>
            <ul class="legend signs">
                { for arrows.into_iter().chain(points).map(|(picture, words)| html! {
                    <li><svg viewBox="-12 -12 24 24" aria-hidden="true">{ picture }</svg>{ words.text(lang) }</li>
                }) }
            </ul>
        </details>
    }
}

/// What stands at the end of an arrow: an answer is round, a vote square, what a leader sends pointed; yes is full, no
/// hollow.
fn head(kind: MessageKind, fate: Fate, down: bool) -> Html {
    if matches!(fate, Fate::Lost | Fate::Undeliverable) {
        return html! { <path class="no" d="M-4 -4L4 4M4 -4L-4 4" /> };
    }
    match kind {
        MessageKind::VoteRequest
        | MessageKind::VoteGranted
        | MessageKind::PreVoteRequest
        | MessageKind::PreVoteGranted => {
            html! { <rect x="-3.5" y="-3.5" width="7" height="7" /> }
        }
        MessageKind::VoteDenied | MessageKind::PreVoteDenied => {
            html! { <rect class="hollow" x="-3.5" y="-3.5" width="7" height="7" /> }
        }
        MessageKind::Accepted | MessageKind::SnapshotReceived => html! { <circle r="3" /> },
        MessageKind::Rejected => html! { <circle class="hollow" r="3.5" /> },
        _ if down => html! { <path d="M-4 -7H4L0 1Z" /> },
        _ => html! { <path d="M-4 7H4L0 -1Z" /> },
    }
}

fn point(point: &Point, diagram: &Diagram, selected: Option<u64>, lang: Lang) -> Html {
    // What concerns the cluster as a whole goes through all lines.
    let middle = row_of(diagram) * diagram.rows.len() as u64 / 2;
    let line = line_of(point.server, diagram);
    let is_of_all = line.is_none();
    let y = line.unwrap_or(middle);
    let class = classes!(
        "point",
        point.lit.then_some("lit"),
        (Some(point.event) == selected).then_some("selected"),
    );
    html! {
        <svg key={point.event} {class} x={along(point.at_us, diagram)} y={y.to_string()} overflow="visible"
            data-event={point.event.to_string()}>
            <title>{ point.text(lang) }</title>
            <circle class="hit" r="12" />
            if is_of_all { <path class="of-all" d={format!("M0 -{middle}V{middle}")} /> }
            { sign(point.kind) }
        </svg>
    }
}

/// What stands for a turn of a server.
fn sign(kind: PointKind) -> Html {
    match kind {
        PointKind::Stood => html! { <path class="sign" d="M0 -6L6 0L0 6L-6 0Z" /> },
        PointKind::Elected => html! { <polygon class="sign full" points="0,-7 6,-3.5 6,3.5 0,7 -6,3.5 -6,-3.5" /> },
        PointKind::Crashed => html! { <path class="no" d="M-5 -5L5 5M5 -5L-5 5" /> },
        PointKind::Started => html! { <circle class="sign" r="5" /> },
        PointKind::Committed => html! { <path class="yes" d="M-5 0.4L-1.6 4L5 -4" /> },
        PointKind::Requested => html! { <path class="sign full" d="M-4.5 -14H4.5L0 -6Z" /> },
        PointKind::Answered => html! { <path class="sign" d="M-4.5 -7H4.5L0 -15Z" /> },
        PointKind::Violated => html! { <path class="violated" d="M0 -9L9 0L0 9L-9 0Z" /> },
    }
}
