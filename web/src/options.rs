//! What a page asks for: attributes as they were written, and what becomes of them.
//!
//! Whatever cannot be read is replaced by the default and said in words: it never stops the playground.

use std::rc::Rc;

use js_sys::Reflect;
use raft_playground::layout::{SERVERS_MAX, SLOWDOWN_MILLI_MAX, SLOWDOWN_MILLI_MIN};
use raft_playground::session::WRITES_PER_SECOND_MAX;
use raft_playground::text::{Lang, Message};
use wasm_bindgen::JsValue;

/// The attributes, as text.
pub(crate) struct Attributes {
    /// The code of a recording.
    state: Option<String>,
    seed: Option<String>,
    speed: Option<String>,
    nodes: Option<String>,
    writes: Option<String>,
    theme: Option<String>,
    /// The attribute `lang`.
    lang: Option<String>,
    /// What the page and the browser prefer, best first.
    languages: Vec<String>,
    autoplay: bool,
    full_page: bool,
}

/// What they mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    /// The code of a recording: it says more than seed, nodes and writes.
    pub(crate) state: Option<Rc<str>>,
    pub(crate) seed: u64,
    pub(crate) slowdown_milli: Option<u64>,
    /// How many servers.
    pub(crate) nodes: Option<u64>,
    /// How often a client writes on its own.
    pub(crate) writes_per_second: Option<u64>,
    pub(crate) theme: Theme,
    pub(crate) lang: Lang,
    pub(crate) autoplay: bool,
    /// Whether the playground is the page and not a part of somebody's.
    pub(crate) full_page: bool,
    /// What could not be read.
    pub(crate) problems: Rc<[Message]>,
}

/// Which theme is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// What the reader prefers everywhere.
    Auto,
    Light,
    Dark,
}

impl Attributes {
    /// Takes them out of a plain object. What is not there has not been given.
    pub(crate) fn of(object: &JsValue) -> Attributes {
        let get = |name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let text = |name: &str| get(name).as_string();
        Attributes {
            state: text("state"),
            seed: text("seed"),
            speed: text("speed"),
            nodes: text("nodes"),
            writes: text("writes-per-second"),
            theme: text("theme"),
            lang: text("lang"),
            languages: js_sys::Array::from(&get("languages"))
                .iter()
                .filter_map(|tag| tag.as_string())
                .collect(),
            autoplay: get("autoplay").is_truthy(),
            full_page: get("fullPage").is_truthy(),
        }
    }

    pub(crate) fn read(self) -> Options {
        let mut problems = Vec::new();
        let seed = self
            .seed
            .as_deref()
            .map_or_else(|| Ok(fresh_seed()), parse_seed)
            .unwrap_or_else(|problem| {
                let seed = fresh_seed();
                problems.extend([problem, Message::BadSeedInstead(seed)]);
                seed
            });
        let mut number = |text: Option<String>, parse: fn(&str) -> Result<u64, Message>| {
            let parsed = text.as_deref().map(parse)?;
            parsed.map_err(|problem| problems.push(problem)).ok()
        };
        let slowdown_milli = number(self.speed, parse_speed);
        let nodes = number(self.nodes, parse_nodes);
        let writes_per_second = number(self.writes, parse_writes);
        let theme = self
            .theme
            .as_deref()
            .map_or(Ok(Theme::Auto), parse_theme)
            .unwrap_or_else(|problem| {
                problems.push(problem);
                Theme::Auto
            });
        let lang = self
            .lang
            .as_deref()
            .map(parse_lang)
            .and_then(|lang| lang.map_err(|p| problems.push(p)).ok());
        let preferred = || {
            self.languages
                .iter()
                .find_map(|tag| Lang::from_tag(tag))
                .unwrap_or_default()
        };
        Options {
            state: self.state.as_deref().map(str::trim).map(Rc::from),
            seed,
            slowdown_milli,
            nodes,
            writes_per_second,
            theme,
            lang: lang.unwrap_or_else(preferred),
            autoplay: self.autoplay,
            full_page: self.full_page,
            problems: problems.into(),
        }
    }
}

/// A seed that nobody has chosen.
pub(crate) fn fresh_seed() -> u64 {
    // Without randomness from the browser one fixed cluster is better than none.
    getrandom::u64().unwrap_or(1)
}

/// Reads a seed: a decimal number of 64 bits.
pub(crate) fn parse_seed(text: &str) -> Result<u64, Message> {
    whole(text).ok_or_else(|| Message::BadSeed(text.into()))
}

/// Reads a number of servers.
pub(crate) fn parse_nodes(text: &str) -> Result<u64, Message> {
    let most = SERVERS_MAX as u64;
    let nodes = whole(text).filter(|nodes| (1..=most).contains(nodes));
    nodes.ok_or_else(|| Message::BadNodes(text.into(), most))
}

/// Reads how often a client writes on its own, in a second of the cluster.
pub(crate) fn parse_writes(text: &str) -> Result<u64, Message> {
    let most = WRITES_PER_SECOND_MAX;
    let writes = whole(text).filter(|&writes| writes <= most);
    writes.ok_or_else(|| Message::BadWrites(text.into(), most))
}

/// Reads a whole number.
fn whole(text: &str) -> Option<u64> {
    // `u64::from_str` would take a plus sign, which in an address stands for a space.
    let digits = Some(text.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok())
}

/// Reads a speed: how many seconds one second of the cluster takes.
pub(crate) fn parse_speed(text: &str) -> Result<u64, Message> {
    let milli = thousandths(text.trim()).filter(|milli| (SLOWDOWN_MILLI_MIN..=SLOWDOWN_MILLI_MAX).contains(milli));
    milli.ok_or_else(|| Message::BadSpeed(text.into()))
}

/// Reads a decimal number such as `2.5` in thousandths; what is finer is left out.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = format!("{fraction:0<3}");
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(fraction[..3].parse().ok()?)
}

/// Reads a theme by its name.
pub(crate) fn parse_theme(text: &str) -> Result<Theme, Message> {
    match text.trim() {
        "" | "auto" => Ok(Theme::Auto),
        "light" => Ok(Theme::Light),
        "dark" => Ok(Theme::Dark),
        _ => Err(Message::BadTheme(text.into())),
    }
}

/// Reads the tag of a language.
pub(crate) fn parse_lang(text: &str) -> Result<Lang, Message> {
    Lang::from_tag(text).ok_or_else(|| Message::BadLanguage(text.into()))
}

impl Theme {
    /// The value of `data-theme`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}
