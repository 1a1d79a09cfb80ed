//! The style sheet: the rules in `style/`, which the build script joins and makes smaller, and the colours of the palette.

use raft_playground::palette::{Theme, custom_properties, term_rules};

/// Everything that a shadow root adopts.
pub(crate) fn sheet() -> String {
    let (light, dark) = (custom_properties(Theme::Light), custom_properties(Theme::Dark));
    format!(
        ".playground{{color-scheme:light;{light}}}\
         @media(prefers-color-scheme:dark){{.playground[data-theme=auto]{{color-scheme:dark;{dark}}}}}\
         .playground[data-theme=dark]{{color-scheme:dark;{dark}}}\
         {terms}{rules}",
        terms = term_rules(),
        rules = include_str!(concat!(env!("OUT_DIR"), "/style.css")),
    )
}
