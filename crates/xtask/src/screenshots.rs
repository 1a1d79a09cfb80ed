//! `cargo xtask screenshots`: pictures of the page, to be looked at.

use crate::args::Flags;
use crate::browser;
use crate::page;
use crate::process::Outcome;
use crate::tools;

pub(crate) fn run(_: &Flags) -> Outcome {
    tools::require(tools::FOR_PAGE)?;
    tools::require(tools::FOR_BROWSERS)?;
    page::build()?;
    browser::script("screenshots", "about 1 minute")
}
