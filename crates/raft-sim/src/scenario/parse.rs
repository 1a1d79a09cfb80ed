//! From a text to a scenario: a head of settings, and a script.

use raft_core::Instant;

use super::claim::Claim;
use super::deed::Deed;
use super::error::{ParseError, ParseErrorKind};
use super::line::Line;
use super::setting::Setting;
use super::{Action, Scenario, Step, When, Words};
use crate::Config;

/// How long a script waits for something, in microseconds, unless it says otherwise.
const PATIENCE_US: u64 = 5_000_000;

#[derive(Default)]
struct Head {
    title_en: Option<String>,
    title_zh: Option<String>,
    text_en: Option<String>,
    text_zh: Option<String>,
    /// Each with its line.
    settings: Vec<(usize, Setting)>,
    seed: Option<u64>,
    patience_us: Option<u64>,
}

/// What an indented line goes on with.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    Text(fn(&mut Head) -> &mut Option<String>),
    Step,
}

impl Scenario {
    /// Reads a scenario. See the [module](super) on the format.
    ///
    /// # Errors
    ///
    /// The first thing that makes no sense, and where.
    pub fn parse(text: &str) -> Result<Scenario, ParseError> {
        let mut head = Head::default();
        let mut script: Vec<Step> = Vec::new();
        let mut open = Open::Nothing;
        let mut last_line = 1;
        // Some editors put a mark before the text that nobody sees.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (place, source) in text.lines().enumerate() {
            last_line = place + 1;
            let mut line = Line::new(place + 1, source);
            let is_indented = source.starts_with([' ', '\t']);
            if source.trim_start().starts_with('#') {
                continue;
            }
            if line.is_at_end() {
                if let Open::Text(of) = open {
                    // An empty line between two paragraphs of a text.
                    of(&mut head).get_or_insert_default().push('\n');
                }
                continue;
            }
            if is_indented {
                match open {
                    Open::Text(of) => continue_text(of(&mut head), line.rest()),
                    Open::Step => {
                        let step = script.last_mut().expect("a step is open");
                        step.actions.push(action(&mut line)?);
                    }
                    Open::Nothing => return Err(line.expected("a line that is not indented")),
                }
                continue;
            }
            if let Some(when) = When::parse(&mut line)? {
                let mut step = Step {
                    line: place + 1,
                    text: source.trim().to_string(),
                    when,
                    actions: Vec::new(),
                };
                if line.takes_sign(":") && !line.is_at_end() {
                    step.actions.push(action(&mut line)?);
                }
                line.wants_end()?;
                script.push(step);
                open = Open::Step;
            } else if let Some(step) = script.last_mut() {
                // After the last step: what is to be seen in the end, or in between.
                step.actions.push(action(&mut line)?);
            } else {
                open = head.parse(&mut line)?;
            }
        }
        head.finish(script, last_line)
    }
}

fn continue_text(text: &mut Option<String>, more: &str) {
    let text = text.get_or_insert_default();
    let is_cjk = |char: char| char as u32 >= 0x2e80;
    // Words are joined by a space, Chinese characters are not.
    match (text.chars().last(), more.chars().next()) {
        (Some('\n') | None, _) => {}
        (Some(last), Some(first)) if is_cjk(last) && is_cjk(first) => {}
        _ => text.push(' '),
    }
    text.push_str(more);
}

fn action(line: &mut Line<'_>) -> Result<(usize, String, Action), ParseError> {
    let text = line.rest().to_string();
    let action = if line.takes("expect") {
        Action::Expect(Claim::parse_all(line)?)
    } else {
        Action::Do(Deed::parse(line)?)
    };
    line.wants_end()?;
    Ok((line.number(), text, action))
}

impl When {
    /// Nothing, if the line is not the beginning of a step.
    fn parse(line: &mut Line<'_>) -> Result<Option<When>, ParseError> {
        if line.takes("at") {
            Ok(Some(When::At(Instant(line.time_us()?))))
        } else if line.takes_sign("+") {
            line.time_us().map(|us| Some(When::After(us)))
        } else if line.takes("then") {
            Ok(Some(When::After(0)))
        } else if line.takes("when") {
            Claim::parse_all(line).map(|claims| Some(When::Come(claims)))
        } else {
            Ok(None)
        }
    }
}

impl Head {
    fn parse(&mut self, line: &mut Line<'_>) -> Result<Open, ParseError> {
        let start = line.clone();
        for (name, what, of) in [
            (
                "title",
                "the title",
                (|head| &mut head.title_en) as fn(&mut Head) -> &mut Option<String>,
            ),
            ("标题", "the Chinese title", |head| &mut head.title_zh),
            ("text", "the text", |head| &mut head.text_en),
            ("说明", "the Chinese text", |head| &mut head.text_zh),
        ] {
            let mut ahead = line.clone();
            if ahead.takes(name) {
                ahead
                    .takes_sign(":")
                    .then_some(())
                    .or_else(|| ahead.takes_sign("：").then_some(()))
                    .ok_or_else(|| ahead.expected(":"))?;
                let text = of(self);
                if text.is_some() {
                    return Err(start.error(ParseErrorKind::Repeated(what)));
                }
                *text = Some(ahead.rest().to_string());
                return Ok(Open::Text(of));
            }
        }
        if line.takes("seed") {
            line.wants_sign(":")?;
            let seed = line.whole_up_to(u64::MAX, "a number")?;
            if self.seed.replace(seed).is_some() {
                return Err(start.error(ParseErrorKind::Repeated("the seed")));
            }
        } else if line.takes("patience") {
            line.wants_sign(":")?;
            let patience = line.time_us()?;
            if self.patience_us.replace(patience).is_some() {
                return Err(start.error(ParseErrorKind::Repeated("the patience")));
            }
        } else {
            let setting = Setting::parse(line)?.ok_or_else(|| {
                start.expected("a setting, like \"servers: 3\", or a step, like \"at 0 ms:\" or \"when S1 leads:\"")
            })?;
            let is_same = |other: &Setting| std::mem::discriminant(other) == std::mem::discriminant(&setting);
            let mut others = self.settings.iter().map(|(_, other)| other);
            if others.clone().any(is_same) {
                return Err(start.error(ParseErrorKind::Repeated("this setting")));
            }
            if others.any(|other| other.is_at_odds_with(&setting)) {
                return Err(start.error(ParseErrorKind::AtOdds));
            }
            self.settings.push((start.number(), setting));
        }
        line.wants_end()?;
        Ok(Open::Nothing)
    }

    fn finish(self, script: Vec<Step>, last_line: usize) -> Result<Scenario, ParseError> {
        let missing = |what| ParseError {
            line: last_line,
            column: 1,
            kind: ParseErrorKind::Missing(what),
        };
        let words = |text: Option<String>, what| {
            let text = text.map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
            text.ok_or_else(|| missing(what))
        };
        let config = self.config()?;
        let scenario = Scenario {
            title: Words {
                en: words(self.title_en, "the title")?,
                zh: words(self.title_zh, "the Chinese title (标题)")?,
            },
            text: Words {
                en: words(self.text_en, "the text")?,
                zh: words(self.text_zh, "the Chinese text (说明)")?,
            },
            config,
            seed: self.seed.unwrap_or(1),
            patience_us: self.patience_us.unwrap_or(PATIENCE_US),
            script,
        };
        if scenario.script.is_empty() {
            return Err(missing("the script"));
        }
        Ok(scenario)
    }

    /// The cluster that all settings make together. Before the last one it need not work; if it does not in the end, the line is
    /// that of the first setting after which the same was wrong.
    fn config(&self) -> Result<Config, ParseError> {
        let mut config = Config::default();
        let mut errors = Vec::new();
        for (line, setting) in &self.settings {
            setting.apply_to(&mut config);
            errors.extend(config.check().err().map(|error| (*line, error)));
        }
        let in_the_end = config.check();
        match errors.into_iter().find(|(_, error)| in_the_end == Err(*error)) {
            None => Ok(config),
            Some((line, error)) => Err(ParseError {
                line,
                column: 1,
                kind: ParseErrorKind::Config(error),
            }),
        }
    }
}
