//! `cargo xtask build`: the page, optimised, in `dist/`.
//!
//! Owns how Trunk is called. What it builds stands in `Trunk.toml` and `index.html`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::args::Flags;
use crate::process::{self, Outcome};
use crate::say;
use crate::tools;

/// How Trunk calls wasm-opt, as index.html says.
pub(crate) const WASM_OPT: [&str; 2] = ["-Oz", "--low-memory-unused"];

pub(crate) fn run(_: &Flags) -> Outcome {
    tools::require(tools::FOR_PAGE)?;
    build()?;
    say::line(&format!("\nThe page is in {}.", folder().display()));
    Ok(())
}

/// Builds the page; the tools must be there.
pub(crate) fn build() -> Outcome {
    say::step("building the page, optimised: about 2 minutes at first, half a minute later");
    process::run(trunk("build")?)?;
    for script in ["raft-playground.js", "web.js"] {
        let path = folder().join(script);
        let problem = |error| format!("{}: {error}", path.display());
        let text = fs::read_to_string(&path).map_err(problem)?;
        fs::write(&path, without_comments(&text)).map_err(problem)?;
    }
    Ok(())
}

/// A script as a visitor needs it: without the lines that are comments, and without indentation.
fn without_comments(script: &str) -> String {
    let mut in_comment = false;
    let mut kept = String::new();
    for line in script.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        if !in_comment && !begins && !line.is_empty() && !line.starts_with("//") {
            kept += line;
            kept.push('\n');
        }
        in_comment = (in_comment || begins) && !line.ends_with("*/");
    }
    kept
}

/// Where the page is built into.
pub(crate) fn folder() -> PathBuf {
    process::root().join("dist")
}

/// Trunk with one of its commands, kept from downloading tools.
///
/// Its `--offline` goes on to cargo, so the crates are fetched before.
pub(crate) fn trunk(command: &str) -> Result<Command, String> {
    process::run(process::cargo("fetch --locked --quiet --target wasm32-unknown-unknown"))?;
    let mut trunk = process::program("trunk");
    trunk.args([command, "--release", "--locked", "--offline", "--skip-version-check"]);
    // Looked up on the new path, because that is what the child gets.
    trunk.env("PATH", tools::path());
    // It prints its own stack after each compiler error, and refuses NO_COLOR=1.
    trunk.env("RUST_BACKTRACE", "0");
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").args(["--color", "never"]);
    }
    Ok(trunk)
}

#[cfg(test)]
mod tests {
    use super::{WASM_OPT, without_comments};

    #[test]
    fn what_is_measured_is_made_as_the_page_is() {
        let shell = include_str!("../../../index.html");
        let [level, flag] = WASM_OPT;
        let level = level.trim_start_matches("-O");
        let said = format!(r#"data-wasm-opt="{level}" data-wasm-opt-params="{flag}""#);
        assert!(shell.contains(&said), "{said}");
    }

    #[test]
    fn comments_stay_at_home() {
        let script = "// One.\n/** Two. */\nlet a = 1; // three\n\n    /*\n     * Four.\n     */\n    a /= 2;\n";
        assert_eq!(without_comments(script), "let a = 1; // three\na /= 2;\n");
    }
}
