//! The colours of the page: one source for both themes, from which `web` makes its style sheet.
//!
//! Terms start from the colours of Okabe and Ito, which colour-blind eyes tell apart; a term is always shown by
//! its number too. The tests compute the contrast of every text on every ground that it stands on.

use std::fmt::Write as _;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// One colour in both themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shade {
    /// The custom property that carries it, without the dashes before.
    pub name: &'static str,
    /// In the light theme.
    pub light: Rgb,
    /// In the dark theme.
    pub dark: Rgb,
}

/// How a term looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermColour {
    /// Outlines, lanes, and words on a panel.
    pub line: Shade,
    /// The ground of entries and servers; text stands on it.
    pub fill: Shade,
}

/// How many colours there are; the term after the last takes the first again.
pub const TERM_COLOURS: usize = 8;

const fn shade(name: &'static str, light: u32, dark: u32) -> Shade {
    Shade {
        name,
        light: rgb(light),
        dark: rgb(dark),
    }
}

const fn rgb(hex: u32) -> Rgb {
    Rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const fn term(line: Shade, fill: Shade) -> TermColour {
    TermColour { line, fill }
}

/// Text.
pub const INK: Shade = shade("ink", 0x1a1d24, 0xeceff3);
/// Text that steps back.
pub const MUTED: Shade = shade("muted", 0x565d69, 0xb0b8c2);
/// What can be followed.
pub const LINK: Shade = shade("link", 0x0f5aa8, 0x85b8f2);
/// What is well.
pub const GOOD: Shade = shade("good", 0x0b7a3e, 0x66cd92);
/// What is not.
pub const BAD: Shade = shade("bad", 0xb0201a, 0xff8a7a);
/// The ground of the page.
pub const PAPER: Shade = shade("paper", 0xfaf9f6, 0x121419);
/// The ground of a panel.
pub const PANEL: Shade = shade("panel", 0xffffff, 0x1b1e24);
/// The ground of the ring.
pub const STAGE: Shade = shade("stage", 0xf4f3ee, 0x171a1f);
/// The outline of panels and buttons.
pub const EDGE: Shade = shade("edge", 0xe1e0da, 0x30343c);
/// The links of the ring, the way of a slider, a lane without a past.
pub const FAINT: Shade = shade("faint", 0xdfded8, 0x32363e);

/// A server that has not seen an election.
pub const NO_TERM: TermColour = term(
    shade("term-none-line", 0x6b7280, 0x9aa3af),
    shade("term-none-fill", 0xeeeeec, 0x2a2e35),
);

/// The terms from the first on.
pub const TERMS: [TermColour; TERM_COLOURS] = [
    term(
        shade("term-1-line", 0x1f6fb0, 0x74b4ee),
        shade("term-1-fill", 0xd3e5f5, 0x254360),
    ),
    term(
        shade("term-2-line", 0x946200, 0xe6b04a),
        shade("term-2-fill", 0xfbdfb0, 0x543e10),
    ),
    term(
        shade("term-3-line", 0x1f7d4d, 0x69c895),
        shade("term-3-fill", 0xd0e8d6, 0x224b35),
    ),
    term(
        shade("term-4-line", 0x8c4792, 0xd39ada),
        shade("term-4-fill", 0xecd6ed, 0x4e3050),
    ),
    term(
        shade("term-5-line", 0xb83a10, 0xf68b4f),
        shade("term-5-fill", 0xfad8c6, 0x5a2f17),
    ),
    term(
        shade("term-6-line", 0x0b7478, 0x4ccfcb),
        shade("term-6-fill", 0xcbeceb, 0x134747),
    ),
    term(
        shade("term-7-line", 0x736800, 0xd2d866),
        shade("term-7-fill", 0xf2ecb4, 0x474211),
    ),
    term(
        shade("term-8-line", 0x555c68, 0xb0b8c4),
        shade("term-8-fill", 0xdfe2e7, 0x3a404a),
    ),
];

/// The class that gives an element the colours of a term, as the properties `--term-line` and `--term-fill`.
#[must_use]
pub fn term_class(term: u64) -> &'static str {
    const CLASSES: [&str; TERM_COLOURS] = [
        "term-1", "term-2", "term-3", "term-4", "term-5", "term-6", "term-7", "term-8",
    ];
    match term {
        0 => "term-none",
        _ => CLASSES[((term - 1) % TERM_COLOURS as u64) as usize],
    }
}

/// Every colour as a custom property, for the inside of a rule.
#[must_use]
pub fn custom_properties(theme: Theme) -> String {
    let mut css = String::new();
    for shade in shades() {
        let Rgb(r, g, b) = shade.of(theme);
        let _ = write!(css, "--{}:#{r:02x}{g:02x}{b:02x};", shade.name);
    }
    css
}

/// A rule for each class of [`term_class`].
#[must_use]
pub fn term_rules() -> String {
    let mut css = String::new();
    for (class, colour) in (0..).map(term_class).zip(std::iter::once(&NO_TERM).chain(&TERMS)) {
        let (line, fill) = (colour.line.name, colour.fill.name);
        let _ = write!(css, ".{class}{{--term-line:var(--{line});--term-fill:var(--{fill})}}");
    }
    css
}

impl Shade {
    /// The colour in a theme.
    #[must_use]
    pub fn of(self, theme: Theme) -> Rgb {
        match theme {
            Theme::Light => self.light,
            Theme::Dark => self.dark,
        }
    }
}

fn shades() -> impl Iterator<Item = Shade> {
    let grounds = [INK, MUTED, LINK, GOOD, BAD, PAPER, PANEL, STAGE, EDGE, FAINT];
    let terms = std::iter::once(NO_TERM).chain(TERMS);
    grounds
        .into_iter()
        .chain(terms.flat_map(|colour| [colour.line, colour.fill]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    /// The contrast of WCAG 2: 1 for equal colours, 21 for black on white.
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let luminance = |Rgb(r, g, b): Rgb| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn check(text: Shade, ground: Shade, at_least: f64) {
        for theme in THEMES {
            let found = contrast(text.of(theme), ground.of(theme));
            assert!(
                found >= at_least,
                "{} on {} in {theme:?}: {found:.2}",
                text.name,
                ground.name
            );
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(rgb(0), rgb(0x00ff_ffff)) - 21.0).abs() < 0.001);
        assert!((contrast(rgb(0x0077_7777), rgb(0x00ff_ffff)) - 4.478).abs() < 0.001);
    }

    #[test]
    fn text_is_readable_on_every_ground() {
        for ground in [PAPER, PANEL, STAGE] {
            for text in [INK, MUTED, LINK, GOOD, BAD] {
                check(text, ground, 4.5);
            }
            for colour in TERMS.into_iter().chain([NO_TERM]) {
                check(colour.line, ground, 4.5 - f64::from(u8::from(colour == NO_TERM)));
            }
        }
        for colour in TERMS.into_iter().chain([NO_TERM]) {
            check(INK, colour.fill, 4.5);
            check(MUTED, colour.fill, 4.5);
            check(colour.line, colour.fill, 3.0);
        }
        check(PANEL, INK, 4.5);
    }

    #[test]
    fn no_two_terms_look_the_same() {
        for theme in THEMES {
            for (i, a) in TERMS.iter().enumerate() {
                for b in &TERMS[..i] {
                    let (Rgb(r, g, b_), Rgb(r2, g2, b2)) = (a.line.of(theme), b.line.of(theme));
                    let apart = r.abs_diff(r2).max(g.abs_diff(g2)).max(b_.abs_diff(b2));
                    assert!(apart >= 30, "{} and {} in {theme:?}: {apart}", a.line.name, b.line.name);
                }
            }
        }
    }

    #[test]
    fn terms_come_round() {
        assert_eq!(term_class(0), "term-none");
        assert_eq!(term_class(1), "term-1");
        assert_eq!(term_class(8), "term-8");
        assert_eq!(term_class(9), "term-1");
        assert_eq!(term_class(u64::MAX), "term-7");
        assert!(term_rules().starts_with(".term-none{--term-line:var(--term-none-line);"));
        assert!(term_rules().ends_with(".term-8{--term-line:var(--term-8-line);--term-fill:var(--term-8-fill)}"));
        assert!(custom_properties(Theme::Light).contains("--ink:#1a1d24;"));
    }
}
