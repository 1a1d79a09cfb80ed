//! The root component: owns the session, and everything goes through it. Gestures come in as messages and become
//! actions, frames let time run, and a new scene is handed to the components.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use raft_playground::details::Details;
use raft_playground::layout::is_dense;
use raft_playground::scene::{Link, MarkKind, Scene, Selection, Server, Turns};
use raft_playground::session::{Action, Command, NodeId, Session};
use raft_playground::text::{Lang, Message as Text};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver,
    ResizeObserverEntry, VisibilityState,
};
use yew::html::Scope;
use yew::prelude::*;

use crate::announcer::Announcer;
use crate::element::Changed;
use crate::frames::Frames;
use crate::hand::Hand;
use crate::keys::{self, Focus, Stroke};
use crate::memo::{Memo, Part};
use crate::options::{Options, Theme, fresh_seed};
use crate::painter::{Now, Painter};
use crate::parting::{Draw, Parting};
use crate::room::Room;
use crate::shown::Shown;
use crate::{
    branches, clients, details, gestures, header, links, logs, menu, parting, popover, properties, ring, story,
    transport,
};

/// What a playground starts with.
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) options: Options,
    pub(crate) host: Host,
}

/// The script of the element: called with the name of an event and its detail.
#[derive(Clone, PartialEq)]
pub(crate) struct Host(pub(crate) js_sys::Function);

/// What can happen to a playground.
pub(crate) enum Msg {
    /// A picture of the screen is due; so many microseconds after the last.
    Frame(u64),
    /// A gesture.
    Act(Action),
    /// The session was changed from outside.
    Refresh,
    /// Something of the view has been changed.
    Change(Change),
    OtherLanguage,
    OtherTheme,
    NewCluster,
    Help,
    /// The document has been hidden or shown.
    Visibility,
    OnScreen(bool),
    Connected(bool),
    /// The live region may say something again.
    PauseOver,
    /// A line is being drawn across the ring.
    Draw(Draw),
    /// A pointer presses nothing any more.
    Released,
    /// Nobody presses the same again without looking first.
    AgainIsOver,
    /// The next line may go in any direction, or no longer.
    DrawLine,
    /// The log table has been scrolled, or its place is another.
    Scrolled,
    /// The story has been scrolled, or its place is another.
    Story(story::Window),
    /// A pointer is on an index of the logs, or on none.
    Point(Option<u64>),
    /// Something points at a message.
    Pointer(PointerEvent),
}

/// A change of what an attribute says.
pub(crate) enum Change {
    /// The session has done it already.
    Done,
    Lang(Lang),
    Theme(Theme),
    /// It cannot be read.
    Problem(Text),
}

/// A playground.
pub(crate) struct App {
    /// The only place where the cluster is. Borrowed by the script too, between two messages.
    session: RefCell<Session>,
    scene: Rc<Scene>,
    /// Which part of it is drawn anew in the next picture; none where pictures follow each other like slides.
    turns: Option<Turns>,
    /// Whether the last picture was one of many, while time runs.
    in_passing: bool,
    /// The servers of it as the components draw them: without what moves in them.
    servers: Rc<[Server]>,
    hand: Hand,
    lang: Lang,
    theme: Theme,
    problems: Rc<[Text]>,
    painter: Painter,
    /// Of the log table, as it was rendered last.
    columns: (u64, u64),
    /// What is drawn of it.
    window: logs::Window,
    /// Which element shows which column of it, and which line of the story.
    columns_shown: Cell<Shown>,
    /// What is drawn of the story.
    lines: story::Window,
    lines_shown: Cell<Shown>,
    /// The index of the logs that is pointed at.
    pointed: Option<u64>,
    /// Whether the next line may go in any direction: a finger on the ring scrolls nothing until it is drawn.
    draws: bool,
    /// Whether an entry of the logs had the focus before what is rendered next.
    entry_focused: Option<logs::Focused>,
    /// The line that is being drawn across the ring.
    parting: Option<Parting>,
    /// Makes room for details.
    room: Room,
    /// How many stages of a write were done the last time.
    stages: usize,
    /// Whether two branches were shown side by side in the last picture.
    was_compared: bool,
    /// Whether the log table is to be measured as soon as it is wholly drawn.
    unmeasured: bool,
    /// How far the log table is scrolled, if the reader is at its end.
    logs_end: Option<i32>,
    /// Whether a drawing has begun and is not at its end: in one that takes long Yew lets the browser go on between a
    /// part and what is in it.
    half_drawn: Cell<bool>,
    /// Whether a pointer presses something.
    pressed: Rc<Cell<bool>>,
    frames: Frames,
    on_screen: bool,
    connected: bool,
    announcer: Announcer,
    announcement: AttrValue,
    root: NodeRef,
    callbacks: Callbacks,
    watches: Watches,
}

/// Created once, so that no component renders because of them.
struct Callbacks {
    action: Callback<Action>,
    key: Callback<KeyboardEvent>,
    press: Callback<MouseEvent>,
    release: Callback<MouseEvent>,
    focus: Callback<FocusEvent>,
    language: Callback<MouseEvent>,
    theme: Callback<MouseEvent>,
    help: Callback<MouseEvent>,
    /// A finger that rests on a server opens its menu.
    hold: [Callback<PointerEvent>; 3],
    up: Callback<PointerEvent>,
    lift: Callback<TouchEvent>,
    draw: Callback<Draw>,
    draw_line: Callback<MouseEvent>,
    new_cluster: Callback<MouseEvent>,
    scroll: Callback<Event>,
    see_story: Callback<Event>,
    point: Callback<Option<u64>>,
    pointer: Callback<PointerEvent>,
}

/// How the focus came where it is. Browsers do not agree on `:focus-visible` once a key has been pressed.
#[derive(Default)]
struct Pointer {
    down: Cell<bool>,
    /// What has the focus has been clicked.
    clicked: Cell<bool>,
}

/// What tells whether the playground can be seen, how much of it time takes at its bottom, and how much of the story
/// has room.
struct Watches {
    observer: Option<IntersectionObserver>,
    on_intersection: Closure<dyn FnMut(Vec<IntersectionObserverEntry>)>,
    on_visibility: Closure<dyn FnMut()>,
    sizes: Option<ResizeObserver>,
    on_size: Closure<dyn FnMut(Vec<ResizeObserverEntry>)>,
}

impl Component for App {
    type Message = Msg;
    type Properties = Settings;

    fn create(ctx: &Context<App>) -> App {
        let Options {
            state,
            seed,
            slowdown_milli,
            nodes,
            writes_per_second,
            theme,
            lang,
            autoplay,
            problems,
            ..
        } = ctx.props().options.clone();
        let link = ctx.link();
        let reduced_motion = media("(prefers-reduced-motion: reduce)");
        let mut session = Session::new(seed);
        if let Some(milli) = slowdown_milli {
            session.update(Action::SetSlowdown { milli });
        }
        if let Some(servers) = nodes {
            session.update(Action::SetServers { servers });
        }
        if let Some(writes) = writes_per_second {
            session.update(Action::SetWritesPerSecond { writes });
        }
        let opened = state.map(|code| session.open_code(&code));
        // A moment that somebody sent is there to be looked at.
        let is_a_moment = opened.as_ref().is_some_and(Result::is_ok);
        let problem = opened.and_then(Result::err);
        let problems = problems.iter().cloned().chain(problem).collect();
        // Nothing moves until asked where the reader prefers it so.
        session.update(if autoplay && !reduced_motion && !is_a_moment {
            Action::Play
        } else {
            Action::Pause
        });
        let scene = session.scene();
        let pressed = Rc::default();
        App {
            session: RefCell::new(session),
            painter: Painter::new(Rc::clone(&scene), reduced_motion),
            servers: Rc::clone(&scene.servers),
            hand: Hand::default(),
            scene,
            turns: (!reduced_motion).then(Turns::default),
            in_passing: false,
            columns: (0, 0),
            window: logs::Window::START,
            columns_shown: Cell::default(),
            lines: story::Window::START,
            lines_shown: Cell::default(),
            pointed: None,
            lang,
            theme,
            problems,
            draws: false,
            entry_focused: None,
            parting: None,
            room: Room::new(link.callback(|()| Msg::AgainIsOver)),
            stages: 0,
            was_compared: false,
            half_drawn: Cell::new(false),
            unmeasured: false,
            logs_end: None,
            pressed: Rc::clone(&pressed),
            frames: Frames::new(link.callback(Msg::Frame)),
            on_screen: false,
            connected: true,
            announcer: Announcer::new(link.callback(|()| Msg::PauseOver)),
            announcement: AttrValue::default(),
            root: NodeRef::default(),
            callbacks: Callbacks::new(link, pressed),
            watches: Watches::new(link),
        }
    }

    fn update(&mut self, ctx: &Context<App>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(elapsed_us) => {
                self.session.get_mut().tick(elapsed_us);
                if self.half_drawn.get() {
                    // One at a time: with a new one in each frame none would ever come to its end.
                    return false;
                }
                let changed = self.refresh(ctx, true);
                if !changed {
                    let now = self.now();
                    self.painter.paint(now, elapsed_us);
                }
                return changed;
            }
            Msg::Act(action) => {
                if action.is_a_deed() {
                    // What is shown is no longer what the link shows: the address does not say so any more.
                    ctx.props().host.chosen("state", "");
                }
                self.session.get_mut().update(action);
            }
            Msg::Refresh => {}
            Msg::OtherLanguage => {
                self.speak(ctx, self.lang.other());
                ctx.props().host.chosen("lang", self.lang.tag());
                return true;
            }
            Msg::Change(change) => {
                self.problems = Rc::new([]);
                self.refresh(ctx, false);
                match change {
                    Change::Done => {}
                    Change::Lang(lang) => self.speak(ctx, lang),
                    Change::Theme(theme) => self.theme = theme,
                    Change::Problem(problem) => self.complain(ctx, Rc::new([problem])),
                }
                return true;
            }
            Msg::OtherTheme => {
                self.theme = if self.is_dark() { Theme::Light } else { Theme::Dark };
                ctx.props().host.chosen("theme", self.theme.name());
                return true;
            }
            Msg::NewCluster => {
                self.problems = Rc::new([]);
                // The cluster of a link is gone: the address says so.
                ctx.props().host.chosen("state", "");
                let seed = fresh_seed();
                self.session.get_mut().update(Action::Reset { seed });
                ctx.props().host.chosen("seed", &seed.to_string());
            }
            Msg::Help => {
                let root = self.root.cast::<Element>();
                let dialog = root.and_then(|root| root.query_selector("dialog").ok().flatten());
                if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
                    let _ = dialog.show_modal();
                }
                return false;
            }
            Msg::Visibility => {}
            Msg::OnScreen(on_screen) => self.on_screen = on_screen,
            Msg::Connected(connected) => self.connected = connected,
            Msg::PauseOver => {
                let said = self.announcer.resume();
                return self.announce(said);
            }
            Msg::Pointer(event) => {
                let now_us = self.session.get_mut().now_us();
                let action = self.hand.feel(&event, &self.root, &self.scene, now_us, self.lang);
                return action.is_some_and(|action| Component::update(self, ctx, Msg::Act(action)));
            }
            Msg::Draw(draw) => {
                let before = (self.parting, self.draws);
                let ends = matches!(draw, Draw::End | Draw::Cancel);
                self.draws &= !(ends && self.parting.is_some_and(|parting| parting.is_line()));
                let action = Parting::draw(&mut self.parting, draw, self.scene.servers.len());
                if let Some(action) = action {
                    ctx.link().send_message(Msg::Act(action));
                }
                return before != (self.parting, self.draws);
            }
            Msg::Released => {
                if let Some(root) = self.root.cast::<Element>() {
                    self.room.released(&root);
                }
                return false;
            }
            Msg::AgainIsOver => {
                if let Some(root) = self.root.cast::<Element>() {
                    self.room.again_is_over(&root, self.pressed.get());
                }
                return false;
            }
            Msg::DrawLine => {
                self.draws = !self.draws;
                if self.draws
                    && let Some(root) = self.root.cast::<Element>()
                {
                    parting::show_ring(&root);
                }
                return true;
            }
            Msg::Point(pointed) => {
                let before = std::mem::replace(&mut self.pointed, pointed);
                return before != pointed;
            }
            Msg::Scrolled => {
                let before = self.window;
                let root = self.root.cast::<Element>();
                if let Some(scroller) = root.and_then(|root| root.query_selector(logs::SCROLLER).ok()?) {
                    let end = self.logs_end.filter(|_| before.at_end);
                    let stays = end.is_some_and(|end| scroller.scroll_left() >= end);
                    if self.half_drawn.get() && stays {
                        // The heads may be ahead of the rows, or the rows of the way to the end.
                        self.unmeasured = true;
                        return false;
                    }
                    self.window = logs::Window::of(&scroller, end).unwrap_or(before);
                    if stays {
                        // In a narrower window it is further on. Who goes back slowly is not brought back.
                        logs::go_to_end(&scroller);
                    }
                    self.logs_end = self.window.at_end.then(|| scroller.scroll_left());
                }
                let changed = self.window != before;
                if changed {
                    self.note_focus();
                }
                if let Some(root) = self.root.cast::<Element>().filter(|_| self.window.at_end) {
                    logs::leave_button(&root);
                }
                return changed;
            }
            Msg::Story(seen) => {
                let before = std::mem::replace(&mut self.lines, seen);
                return before != seen;
            }
        }
        let changed = self.refresh(ctx, false);
        if !changed {
            let now = self.now();
            self.painter.paint_all(now);
        }
        changed
    }

    fn view(&self, ctx: &Context<App>) -> Html {
        self.half_drawn.set(true);
        let Options { full_page, .. } = ctx.props().options;
        let Callbacks {
            action,
            key,
            press,
            release,
            focus,
            language,
            theme,
            help,
            hold: [hold, move_on, let_go],
            up,
            lift,
            draw,
            draw_line,
            new_cluster,
            scroll,
            see_story,
            point,
            pointer,
        } = &self.callbacks;
        let (scene, lang) = (&*self.scene, self.lang);
        // Above the details of a server; else, on a phone, below the ring.
        let (above, below) = {
            let latest = scene.latest_turn().map(|item| story::ItemProps {
                item: item.clone(),
                is_stop: true,
                is_alone: true,
                lang,
                on_action: action.clone(),
            });
            match scene.selection {
                Selection::Server(_) => (latest, None),
                _ => (None, latest),
            }
        };
        let detailed = scene.details.as_ref().map(|_| "detailed");
        let looks_back = scene.diagram.is_some() || scene.branch_list.is_some();
        let looks_back = looks_back.then_some("looks-back");
        let class = classes!("playground", full_page.then_some("full-page"), detailed, looks_back);
        html! {
            <div {class} lang={lang.tag()} data-theme={self.theme.name()} tabindex="-1" ref={self.root.clone()} onkeydown={key}
                onmousedown={press} onmouseup={release} onfocusin={focus}
                onpointerdown={hold} onpointermove={move_on} onpointerup={up} onpointercancel={let_go} ontouchend={lift}>
                <Memo part={Part::Header(header::Props {
                    lang,
                    cluster: scene.cluster.clone(),
                    on_action: action.clone(),
                    dark: self.is_dark(),
                    full_page,
                    on_language: language.clone(),
                    on_theme: theme.clone(),
                    on_help: help.clone(),
                })} />
                if !self.problems.is_empty() {
                    <div class="problem" role="alert">
                        { for self.problems.iter().map(|problem| html! { <p>{ problem.text(lang) }</p> }) }
                    </div>
                }
                <div class="body" role={if full_page { "main" } else { "group" }} aria-label={Text::Title.text(lang)}>
                    <div class="panels">
                        <section class="stage" role="group" aria-label={Text::PanelCluster.text(lang)}>
                            <div class={classes!("picture", is_dense(scene.servers.len()).then_some("dense"), self.draws.then_some("draws"))}>
                                <Memo part={Part::Ring(ring::Props {
                                    servers: self.servers.clone(),
                                    links: scene.links.clone(),
                                    selection: scene.selection,
                                    lang,
                                    on_action: action.clone(),
                                    on_draw: draw.clone(),
                                })} />
                                <Memo part={Part::Parting(parting::Props {
                                    servers: scene.servers.len(),
                                    parting: self.parting,
                                    lang,
                                })} />
                                <Memo part={Part::Motion(ring::MotionProps {
                                    servers: self.servers.clone(),
                                    on_pointer: pointer.clone(),
                                })} />
                                <Memo part={Part::Clients(clients::Props {
                                    clients: scene.clients.clone(),
                                    selection: scene.selection,
                                    lang,
                                    on_action: action.clone(),
                                })} />
                            </div>
                            // Shown on phones, where the story is far below.
                            <div class="newest">{ for below.map(|latest| html! { <Memo part={Part::Latest(latest)} /> }) }</div>
                            <Memo part={Part::Gestures(gestures::Props {
                                next_write: scene.next_write.clone(),
                                next_read: scene.next_read.clone(),
                                leader: scene.writable,
                                servers: scene.servers.len() as u64,
                                is_cut: scene.links.iter().any(Link::is_cut),
                                settings: scene.settings.clone(),
                                lang,
                                on_action: action.clone(),
                                on_new_cluster: new_cluster.clone(),
                                draws: self.draws,
                                on_draw: draw_line.clone(),
                            })} />
                            <Memo part={Part::RingLegend(lang)} />
                        </section>
                        <Memo part={Part::Details(details::Props {
                            details: scene.details.clone(),
                            latest: above,
                            lang,
                            on_action: action.clone(),
                        })} />
                        <Memo part={Part::Logs(logs::Props {
                            logs: scene.logs.clone(),
                            servers: self.servers.clone(),
                            selection: scene.selection,
                            pointed: self.pointed,
                            columns: self.window.columns(&scene.logs, &self.columns_shown),
                            at_end: self.window.at_end,
                            lang,
                            on_action: action.clone(),
                            on_scroll: scroll.clone(),
                            on_point: point.clone(),
                        })} />
                        <Memo part={Part::Story(story::Props {
                            story: scene.story.clone(),
                            before: scene.story_before,
                            lines: self.lines.lines(scene.story.len()),
                            shown: Shown::go_on_in(&self.lines_shown, scene.story_before, scene.story.len() as u64),
                            lang,
                            on_action: action.clone(),
                            on_seen: see_story.clone(),
                        })} />
                        <Memo part={Part::Properties(properties::Props {
                            properties: scene.properties.clone(),
                            seen: scene.seen.clone(),
                            on_action: action.clone(),
                            seed: self.session.borrow().seed(),
                            lang,
                        })} />
                    </div>
                    <Memo part={Part::Transport(transport::Props {
                        playing: scene.playing,
                        slowdown_milli: scene.slowdown_milli,
                        lanes: scene.lanes.clone(),
                        marks: scene.marks.clone(),
                        span_us: scene.span_us,
                        branches: scene.branches,
                        branch_list: scene.branch_list.clone(),
                        diagram: scene.diagram.clone(),
                        selection: scene.selection,
                        lang,
                        on_action: action.clone(),
                    })} />
                </div>
                <Memo part={Part::Menu(menu::Props {
                    details: scene.details.clone(),
                    lang,
                    on_action: action.clone(),
                })} />
                <div class="unseen" role="status">{ &self.announcement }</div>
                <Memo part={Part::Help(lang)} />
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<App>, first: bool) {
        let Some(root) = self.root.cast::<Element>() else {
            return;
        };
        let now = self.now();
        self.painter.bind(&root, &self.scene, self.lang, now, self.in_passing);
        if let Some(focused) = self.entry_focused.take() {
            focused.keep(&root);
        }
        self.half_drawn.set(false);
        let columns = logs::columns(&self.scene.logs);
        let come = columns != self.columns;
        self.columns = columns;
        if come
            && self.window.at_end
            && let Ok(Some(scroller)) = root.query_selector(logs::SCROLLER)
        {
            logs::go_to_end(&scroller);
            self.logs_end = Some(scroller.scroll_left());
        }
        if std::mem::take(&mut self.unmeasured) || come {
            // They may be of another width.
            ctx.link().send_message(Msg::Scrolled);
        }
        let has_details = self.scene.details.is_some();
        if ctx.props().options.full_page {
            self.room.rendered(&root, has_details, self.pressed.get());
        }
        let is_compared = self
            .scene
            .branch_list
            .as_ref()
            .is_some_and(|it| it.comparison.is_some());
        if is_compared && !self.was_compared {
            branches::show_comparison(&root);
        }
        self.was_compared = is_compared;
        let stages = match self.scene.details.as_deref() {
            Some(Details::Write(details)) => details.stages.iter().filter(|stage| stage.done.is_some()).count(),
            _ => 0,
        };
        if std::mem::replace(&mut self.stages, stages) != stages {
            details::show_stage(&root);
        }
        if first {
            self.watches.start(&root);
            ctx.props().host.tell("ready", &Spoken::of(self.lang));
            self.complain(ctx, Rc::clone(&self.problems));
        }
    }

    fn destroy(&mut self, _: &Context<App>) {
        self.watches.stop();
    }
}

impl App {
    /// Lets the script act, between two messages.
    pub(crate) fn act(&self, action: Action) {
        self.session.borrow_mut().update(action);
    }

    /// Shows what a code tells. Gives what has to be said of it.
    pub(crate) fn open(&self, code: &str) -> Result<(), Text> {
        self.session.borrow_mut().open_code(code)
    }

    /// Lets the script read what is shown, or will be at the next picture.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Session, &Scene, Lang) -> T) -> T {
        let mut session = self.session.borrow_mut();
        let scene = session.scene();
        read(&session, &scene, self.lang)
    }

    /// Takes over what the session has come to. Gives whether there is something for the components to do.
    /// In one of many pictures what is read beside the ring may be a little old, and takes turns.
    fn refresh(&mut self, ctx: &Context<App>, in_passing: bool) -> bool {
        // Time may have stopped by itself.
        self.in_passing = in_passing && self.session.get_mut().is_playing();
        let session = self.session.get_mut();
        let notices = session.notices();
        let scene = match (in_passing, &mut self.turns) {
            (true, Some(turns)) => turns.go_on(&self.scene, &session.scene_in_passing()),
            (true, None) => session.scene_in_passing(),
            (false, _) => session.scene(),
        };
        let mut changed = !Rc::ptr_eq(&scene, &self.scene);
        if changed && scene.differs_in_motion_only(&self.scene) {
            self.painter.follow(&scene);
            changed = false;
        } else if changed && !stand_alike(&scene.servers, &self.servers) {
            self.servers = Rc::clone(&scene.servers);
        }
        if changed {
            self.note_focus();
        }
        let mut said = None;
        if scene.branches > self.scene.branches {
            said = self.announcer.say(Text::FutureKept.text(self.lang));
        }
        self.scene = scene;
        for notice in notices {
            ctx.props().host.tell("change", &Changed::of(&notice, self.lang));
            if notice.kind != MarkKind::Committed {
                said = self.announcer.say(notice.text.text(self.lang)).or(said);
            }
        }
        self.frames
            .set_running(self.scene.playing && self.on_screen && self.connected && is_shown());
        self.announce(said) || changed
    }

    /// Before entries are shown by other elements.
    fn note_focus(&mut self) {
        let root = self.root.cast::<Element>();
        self.entry_focused = root.and_then(|root| logs::Focused::in_(&root));
    }

    fn announce(&mut self, said: Option<AttrValue>) -> bool {
        let some = said.is_some();
        self.announcement = said.unwrap_or_else(|| self.announcement.clone());
        some
    }

    /// Shows what could not be read, and tells the page.
    fn complain(&mut self, ctx: &Context<App>, problems: Rc<[Text]>) {
        if !problems.is_empty() {
            let message = problems
                .iter()
                .map(|problem| problem.text(self.lang))
                .collect::<Vec<_>>()
                .join(" ");
            ctx.props().host.tell("error", &Failure { message });
        }
        self.problems = problems;
    }

    fn speak(&mut self, ctx: &Context<App>, lang: Lang) {
        self.lang = lang;
        self.announcement = AttrValue::default();
        ctx.props().host.tell("lang", &Spoken::of(lang));
    }

    fn now(&self) -> Now {
        let session = self.session.borrow();
        Now {
            us: session.now_us(),
            end_us: session.timeline().end().at.0,
        }
    }

    fn is_dark(&self) -> bool {
        match self.theme {
            Theme::Auto => media("(prefers-color-scheme: dark)"),
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
}

impl Callbacks {
    fn new(link: &Scope<App>, pressed: Rc<Cell<bool>>) -> Callbacks {
        let scope = link.clone();
        let pointer = Rc::new(Pointer::default());
        let [at_key, at_press, at_release, at_focus] = [(); 4].map(|()| Rc::clone(&pointer));
        let hold = Rc::new(menu::Hold::default());
        let [at_begin, at_move, at_cancel, at_end] = [(); 4].map(|()| Rc::clone(&hold));
        let [is_pressed, at_up] = [(); 2].map(|()| Rc::clone(&pressed));
        let released = link.callback(|()| Msg::Released);
        let cancelled = released.clone();
        Callbacks {
            action: link.callback(Msg::Act),
            key: Callback::from(move |event| {
                at_key.down.set(false);
                on_key(&event, at_key.clicked.get(), &scope);
            }),
            press: Callback::from(move |_| {
                at_press.down.set(true);
                at_press.clicked.set(true);
            }),
            release: Callback::from(move |_| at_release.down.set(false)),
            focus: Callback::from(move |_| at_focus.clicked.set(at_focus.down.get())),
            language: link.callback(|_| Msg::OtherLanguage),
            theme: link.callback(|_| Msg::OtherTheme),
            help: link.callback(|_| Msg::Help),
            hold: [
                Callback::from(move |event: PointerEvent| {
                    is_pressed.set(true);
                    at_begin.begin(&event);
                }),
                Callback::from(move |event: PointerEvent| at_move.go_on(&event)),
                Callback::from(move |_| {
                    pressed.set(false);
                    at_cancel.cancel();
                    cancelled.emit(());
                }),
            ],
            up: Callback::from(move |_| {
                at_up.set(false);
                released.emit(());
            }),
            lift: Callback::from(move |event: TouchEvent| at_end.end(&event)),
            draw: link.callback(Msg::Draw),
            draw_line: link.callback(|_| Msg::DrawLine),
            new_cluster: link.callback(|_| Msg::NewCluster),
            scroll: link.callback(|_: Event| Msg::Scrolled),
            see_story: link.batch_callback(|event: Event| {
                let scroller = event
                    .target()?
                    .dyn_into::<Element>()
                    .ok()?
                    .closest(".scroller")
                    .ok()??;
                Some(Msg::Story(story::Window::of(&scroller)))
            }),
            point: link.callback(Msg::Point),
            pointer: link.callback(Msg::Pointer),
        }
    }
}

/// Does what a key asks for, and keeps it from the page around.
fn on_key(event: &KeyboardEvent, clicked: bool, link: &Scope<App>) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    if target.closest("dialog").ok().flatten().is_some() {
        return;
    }
    let Some(stroke) = keys::stroke(&event.key(), focus(&target), clicked, event.repeat()) else {
        return;
    };
    let draws = link.get_component().is_some_and(|app| app.draws);
    if stroke == Stroke::Close && !draws && !has_details_to_close(&target, link) {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
    let msg = match stroke {
        Stroke::Close if draws => Msg::DrawLine,
        Stroke::Close => Msg::Act(Action::Select(Selection::Nothing)),
        Stroke::TogglePlay => Msg::Act(Action::TogglePlay),
        Stroke::StepForward => Msg::Act(Action::StepForward),
        Stroke::StepBack => Msg::Act(Action::StepBack),
        Stroke::Slower => Msg::Act(Action::Slower),
        Stroke::Faster => Msg::Act(Action::Faster),
        Stroke::Write => Msg::Act(Action::WriteNext),
        Stroke::NextMessage => Msg::Act(Action::NextMessage { back: false }),
        Stroke::PreviousMessage => Msg::Act(Action::NextMessage { back: true }),
        Stroke::Toggle(server) => Msg::Act(Action::Toggle { server }),
        Stroke::ToggleSelected => {
            let Some(server) = meant(&target, link) else { return };
            Msg::Act(Action::Toggle { server })
        }
        Stroke::Menu => {
            let shape = meant(&target, link).and_then(|server| shape(&target, server));
            return shape.iter().for_each(|shape| menu::open(shape, None));
        }
        Stroke::TimeOut => {
            let Some(server) = meant(&target, link).map(NodeId) else {
                return;
            };
            Msg::Act(Action::Do(Command::TimeOut { server }))
        }
        Stroke::Read => Msg::Act(Action::ReadNext),
        Stroke::Heal => Msg::Act(Action::Do(Command::HealAll)),
        Stroke::Partition => return popover::open(&target, "partition"),
        Stroke::ToggleLink(a, b) => Msg::Act(Action::ToggleLink { a, b }),
        Stroke::FocusNextLink(step) => return links::focus_next(&target, step),
        Stroke::FocusNextEntry(columns, rows) => return logs::focus_next(&target, columns, rows),
        Stroke::Held => return,
        Stroke::Language => Msg::OtherLanguage,
        Stroke::Help => Msg::Help,
        Stroke::FocusServer(server) => return focus_server(&target, |_, _| server),
        Stroke::FocusNext(step) => {
            return focus_server(&target, |now, servers| {
                (now + servers - 1).wrapping_add_signed(step) % servers + 1
            });
        }
    };
    link.send_message(msg);
}

/// Whether details stand there, and nothing above them that the browser closes.
fn has_details_to_close(target: &Element, link: &Scope<App>) -> bool {
    let is_open = |root: Element| matches!(root.query_selector(":popover-open"), Ok(Some(_)));
    let has_details = link.get_component().is_some_and(|app| app.scene.details.is_some());
    has_details && !target.closest(".playground").ok().flatten().is_some_and(is_open)
}

/// The server that a key is for: the one that has the focus, or else the selected one.
fn meant(target: &Element, link: &Scope<App>) -> Option<u64> {
    let focused = target.get_attribute("data-server");
    let selected = || link.get_component().and_then(|app| app.scene.selected());
    focused.and_then(|server| server.parse().ok()).or_else(selected)
}

/// The shape of a server in the playground that something is in.
fn shape(target: &Element, server: u64) -> Option<Element> {
    let root = target.closest(".playground").ok()??;
    root.query_selector(&format!("[data-server='{server}']")).ok()?
}

fn focus(target: &Element) -> Focus {
    if let Some(server) = target
        .get_attribute("data-server")
        .and_then(|server| server.parse().ok())
    {
        return Focus::Server(server);
    }
    if let Some((a, b)) = links::ends(target) {
        return Focus::Link(a, b);
    }
    let inside = |selector| matches!(target.closest(selector), Ok(Some(_)));
    if inside(".entry") {
        Focus::Entry
    } else if inside("button, a") {
        Focus::Control
    } else if inside("input, [role=slider], .scroller") {
        Focus::Slider
    } else {
        Focus::Playground
    }
}

/// Moves the focus to a server, which selects it. `choose` gets the one that has the focus and how many there are.
fn focus_server(target: &Element, choose: impl FnOnce(u64, u64) -> u64) {
    let Ok(Some(root)) = target.closest(".playground") else {
        return;
    };
    let Ok(servers) = root.query_selector_all("[data-server]") else {
        return;
    };
    let now = target
        .get_attribute("data-server")
        .and_then(|server| server.parse().ok())
        .unwrap_or(1);
    let chosen = choose(now, u64::from(servers.length()).max(1));
    let found = u32::try_from(chosen - 1).ok().and_then(|place| servers.item(place));
    if let Some(server) = found {
        // Elements of SVG take the focus too; they only have no class for it here.
        menu::select(server.unchecked_ref());
    }
}

impl Watches {
    fn new(link: &Scope<App>) -> Watches {
        let (on_screen, visibility) = (link.callback(Msg::OnScreen), link.callback(|()| Msg::Visibility));
        let on_story = link.callback(Msg::Story);
        let on_logs = link.callback(|()| Msg::Scrolled);
        Watches {
            observer: None,
            on_intersection: Closure::new(move |entries: Vec<IntersectionObserverEntry>| {
                if let Some(entry) = entries.last() {
                    on_screen.emit(entry.is_intersecting());
                }
            }),
            on_visibility: Closure::new(move || visibility.emit(())),
            sizes: None,
            on_size: Closure::new(move |entries: Vec<ResizeObserverEntry>| {
                for changed in entries.iter().map(ResizeObserverEntry::target) {
                    if changed.matches(".transport").unwrap_or(false) {
                        measure_dock(&changed);
                    } else if changed.closest(".logs").is_ok_and(|logs| logs.is_some()) {
                        on_logs.emit(());
                    } else {
                        on_story.emit(story::Window::of(&changed));
                    }
                }
            }),
        }
    }

    fn start(&mut self, root: &Element) {
        let observer = IntersectionObserver::new(self.on_intersection.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(root);
        }
        self.observer = observer;
        let sizes = ResizeObserver::new(self.on_size.as_ref().unchecked_ref()).ok();
        if let Some(sizes) = &sizes {
            for part in [".transport", ".story .scroller", logs::SCROLLER] {
                if let Ok(Some(part)) = root.query_selector(part) {
                    sizes.observe(&part);
                }
            }
        }
        self.sizes = sizes;
        if let Some(document) = root.owner_document() {
            let _ = document
                .add_event_listener_with_callback("visibilitychange", self.on_visibility.as_ref().unchecked_ref());
        }
    }

    fn stop(&mut self) {
        if let Some(observer) = self.observer.take() {
            observer.disconnect();
        }
        if let Some(sizes) = self.sizes.take() {
            sizes.disconnect();
        }
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            let _ = document
                .remove_event_listener_with_callback("visibilitychange", self.on_visibility.as_ref().unchecked_ref());
        }
    }
}

/// Tells the style how high time is: what stays above it cannot know.
fn measure_dock(transport: &Element) {
    let root = transport.closest(".playground").ok().flatten();
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let height = transport.get_bounding_client_rect().height();
        let _ = root.style().set_property("--dock", &format!("{height}px"));
    }
}

/// Which language is spoken.
#[derive(Serialize)]
struct Spoken {
    lang: &'static str,
    /// The name of the page in it.
    title: String,
}

impl Spoken {
    fn of(lang: Lang) -> Spoken {
        Spoken {
            lang: lang.tag(),
            title: Text::Title.text(lang),
        }
    }
}

/// What went wrong.
#[derive(Serialize)]
struct Failure {
    message: String,
}

/// Whether servers are the same but for what moves in them.
fn stand_alike(some: &[Server], others: &[Server]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(one, other)| one.stands_like(other))
}

fn is_shown() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

pub(crate) fn media(query: &str) -> bool {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}
