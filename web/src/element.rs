//! The door for the custom element: what its script calls.

use std::cell::Cell;

use raft_playground::scene::MarkKind;
use raft_playground::session::{Action, Notice};
use raft_playground::text::{Lang, Message as Text};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, Renderer};

use crate::app::{App, Change, Host, Msg, Settings};
use crate::options::{self, Attributes};
use crate::{snapshot::Snapshot, style};

thread_local! {
    /// Whom to tell of a panic, once.
    static STOPPED: Cell<Option<js_sys::Function>> = const { Cell::new(None) };
}

/// The style sheet that every shadow root with a playground adopts.
#[wasm_bindgen(js_name = styleSheet)]
#[must_use]
pub fn style_sheet() -> String {
    style::sheet()
}

/// What the panel says once the program has stopped: asked for while it still runs.
#[wasm_bindgen(js_name = stoppedWords)]
#[must_use]
pub fn stopped_words(tag: &str) -> Vec<String> {
    let lang = Lang::from_tag(tag).unwrap_or_default();
    [Text::Stopped, Text::StoppedHelp, Text::Reload]
        .map(|text| text.text(lang))
        .into()
}

/// Tells the script of a panic: the program is shared by all playgrounds of the page, and none of them can go on.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(stopped: js_sys::Function) {
    STOPPED.set(Some(stopped));
    yew::set_custom_panic_hook(Box::new(|panic| {
        if let Some(stopped) = STOPPED.take() {
            let _ = stopped.call1(&JsValue::NULL, &panic.to_string().into());
        }
    }));
}

/// One playground, running in an element of the page.
#[wasm_bindgen]
pub struct Playground {
    app: AppHandle<App>,
}

#[wasm_bindgen]
impl Playground {
    /// Starts one in `root`. `attributes` are those of the element as text; `notify` is called with the name of an
    /// event and its detail.
    #[wasm_bindgen(constructor)]
    pub fn new(root: Element, attributes: &JsValue, notify: js_sys::Function) -> Playground {
        let settings = Settings {
            options: Attributes::of(attributes).read(),
            host: Host(notify),
        };
        Playground {
            app: Renderer::<App>::with_root_and_props(root, settings).render(),
        }
    }

    /// Lets time run.
    pub fn play(&self) {
        self.act(Action::Play);
    }

    /// Stops time.
    pub fn pause(&self) {
        self.act(Action::Pause);
    }

    /// Goes to a moment, in microseconds of the cluster.
    pub fn seek(&self, us: f64) {
        self.act(Action::SeekTo { us: us as u64 });
    }

    /// Crashes a server.
    pub fn crash(&self, server: f64) {
        self.act(Action::Crash { server: server as u64 });
    }

    /// Restarts a server.
    pub fn restart(&self, server: f64) {
        self.act(Action::Restart { server: server as u64 });
    }

    /// Has a client write: it asks the leader. Gives whether there is one; if not, the client asks one server after
    /// the other until somebody leads.
    pub fn write(&self, key: &str, value: &str) -> bool {
        let app = self.app.get_component();
        let somebody_leads = app.is_some_and(|app| app.read(|_, scene, _| scene.writable.is_some()));
        self.act(Action::Write {
            key: key.into(),
            value: value.into(),
        });
        somebody_leads
    }

    /// What is shown, as a plain object.
    ///
    /// # Errors
    /// Never: what is shown can be told.
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let Some(app) = self.app.get_component() else {
            return Ok(JsValue::NULL);
        };
        Ok(app.read(|session, scene, lang| plain(&Snapshot::of(session, scene, lang)))?)
    }

    /// Takes over an attribute that has been changed.
    pub fn change(&self, name: &str, value: &str) {
        let done = |action| {
            self.act(action);
            Change::Done
        };
        let change = match name {
            "seed" => options::parse_seed(value).map(|seed| done(Action::Reset { seed })),
            "speed" => options::parse_speed(value).map(|milli| done(Action::SetSlowdown { milli })),
            "nodes" => options::parse_nodes(value).map(|servers| done(Action::SetServers { servers })),
            "writes-per-second" => {
                options::parse_writes(value).map(|writes| done(Action::SetWritesPerSecond { writes }))
            }
            "theme" => options::parse_theme(value).map(Change::Theme),
            "lang" => options::parse_lang(value).map(Change::Lang),
            _ => return,
        };
        self.app
            .send_message(Msg::Change(change.unwrap_or_else(Change::Problem)));
    }

    /// Says whether the element is in the document: outside it nothing runs.
    pub fn connected(&self, connected: bool) {
        self.app.send_message(Msg::Connected(connected));
    }

    /// Acts at once, so that a snapshot right after shows it; the picture follows.
    fn act(&self, action: Action) {
        if let Some(app) = self.app.get_component() {
            app.act(action);
        }
        self.app.send_message(Msg::Refresh);
    }
}

/// What a page is told when something has happened in the cluster.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    kind: &'static str,
    /// None if it happened to the cluster as a whole.
    server: Option<u64>,
    at_us: u64,
    text: String,
}

impl Changed {
    pub(crate) fn of(notice: &Notice, lang: Lang) -> Changed {
        let kind = match notice.kind {
            MarkKind::Elected => "elected",
            MarkKind::Crashed => "crashed",
            MarkKind::Restarted => "restarted",
            MarkKind::Committed => "committed",
            MarkKind::Violated => "violated",
        };
        Changed {
            kind,
            server: notice.who.server(),
            at_us: notice.at_us,
            text: notice.text.text(lang),
        }
    }
}

impl Host {
    /// Tells the script what the reader has chosen by hand: the name and the value of an attribute.
    pub(crate) fn chosen(&self, name: &str, value: &str) {
        self.tell("chosen", &[name, value]);
    }

    /// Has the script dispatch an event.
    pub(crate) fn tell(&self, event: &str, detail: &impl Serialize) {
        if let Ok(detail) = plain(detail) {
            let _ = self.0.call2(&JsValue::NULL, &event.into(), &detail);
        }
    }
}

/// Objects, not `Map`s.
fn plain(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}
