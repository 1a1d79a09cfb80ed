//! The tools that the commands need, each at the one version that this project was
//! tried with, and their installation.
//!
//! Owns the list of tools and the promise that goes with it: what is there is used,
//! what is missing is announced and installed, and what cannot be installed is named
//! together with what a person can do. How each kind of tool is installed stands in
//! the modules below, one per installer.
//!
//! Nothing of the user's is touched: programs go into a cache folder of this project,
//! npm packages into the repository, and only root on Debian or Ubuntu gets packages
//! of the system.

mod apt;
mod crates;
mod npm;
mod rustup;

use std::ffi::OsString;
use std::fmt;

use crate::process::{self, Outcome};
use crate::say;
use apt::Package;
use crates::Program;
use npm::Folder;
use rustup::{Component, Target};

/// One thing that a command needs.
pub(crate) struct Tool {
    /// With its version, where it is pinned.
    name: &'static str,
    /// What it is for.
    purpose: &'static str,
    /// How long it takes about to install, on two cores.
    takes: &'static str,
    source: Source,
}

/// Who installs it.
enum Source {
    Target(Target),
    Component(Component),
    Program(Program),
    Folder(Folder),
    Package(Package),
}

pub(crate) const WASM_TARGET: Tool = Tool {
    name: "the Rust target wasm32-unknown-unknown",
    purpose: "the page is WebAssembly",
    takes: "about 10 seconds",
    source: Source::Target(Target("wasm32-unknown-unknown")),
};

pub(crate) const BARE_METAL_TARGET: Tool = Tool {
    name: "the Rust target thumbv7em-none-eabihf",
    purpose: "raft-core must build where there is no standard library",
    takes: "about 10 seconds",
    source: Source::Target(Target("thumbv7em-none-eabihf")),
};

pub(crate) const RUSTFMT: Tool = Tool {
    name: "rustfmt",
    purpose: "checks the format",
    takes: "about 10 seconds",
    source: Source::Component(Component("rustfmt")),
};

pub(crate) const CLIPPY: Tool = Tool {
    name: "clippy",
    purpose: "checks for mistakes",
    takes: "about 10 seconds",
    source: Source::Component(Component("clippy")),
};

pub(crate) const TRUNK: Tool = Tool {
    name: "Trunk 0.21.14",
    purpose: "builds and serves the page",
    takes: "about 4 minutes, once per machine",
    source: Source::Program(Program {
        package: "trunk",
        version: "0.21.14",
        programs: &["trunk"],
    }),
};

/// Must equal the crate `wasm-bindgen` in Cargo.lock to the last digit.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen 0.2.129",
    purpose: "joins WebAssembly and JavaScript, and runs tests in Node",
    takes: "about 2 minutes, once per machine",
    source: Source::Program(Program {
        package: "wasm-bindgen-cli",
        version: "0.2.129",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    }),
};

pub(crate) const TYPOS: Tool = Tool {
    name: "typos 1.52.0",
    purpose: "checks the spelling",
    takes: "about 2 minutes, once per machine",
    source: Source::Program(Program {
        package: "typos-cli",
        version: "1.52.0",
        programs: &["typos"],
    }),
};

pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz 0.13.1",
    purpose: "builds and runs the fuzz target",
    takes: "about 2 minutes, once per machine",
    source: Source::Program(Program {
        package: "cargo-fuzz",
        version: "0.13.1",
        programs: &["cargo-fuzz"],
    }),
};

/// Its version is pinned by web/package-lock.json.
pub(crate) const WASM_OPT: Tool = Tool {
    name: "wasm-opt 132",
    purpose: "optimises the WebAssembly",
    takes: "about 10 seconds",
    source: Source::Folder(Folder("web")),
};

/// Their versions are pinned by e2e/package-lock.json.
pub(crate) const BROWSER_TESTS: Tool = Tool {
    name: "Playwright 1.64.1 with axe",
    purpose: "drives the browsers and looks for barriers in the page",
    takes: "about 10 seconds",
    source: Source::Folder(Folder("e2e")),
};

pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    purpose: "the page is tested in it",
    takes: "about 2 minutes",
    source: Source::Package(Package {
        name: "chromium",
        programs: &["chromium", "chromium-browser", "google-chrome"],
        otherwise: Some("PLAYGROUND_CHROMIUM"),
    }),
};

pub(crate) const FIREFOX: Tool = Tool {
    name: "Firefox",
    purpose: "the page is tested in it",
    takes: "about 1 minute",
    source: Source::Package(Package {
        name: "firefox-esr",
        programs: &["firefox-esr", "firefox"],
        otherwise: Some("PLAYGROUND_FIREFOX"),
    }),
};

pub(crate) const CHINESE_FONT: Tool = Tool {
    name: "a font with Chinese characters",
    purpose: "the page speaks Chinese too",
    takes: "about 1 minute",
    source: Source::Package(Package {
        name: "fonts-noto-cjk",
        programs: &[],
        otherwise: None,
    }),
};

pub(crate) const PROTOC: Tool = Tool {
    name: "the protobuf compiler",
    purpose: "the crate `raft`, our peer in the benchmark, needs it to build",
    takes: "about 20 seconds",
    source: Source::Package(Package {
        name: "protobuf-compiler",
        programs: &["protoc"],
        otherwise: Some("PROTOC"),
    }),
};

/// What the page build needs.
pub(crate) const FOR_PAGE: &[&Tool] = &[&WASM_TARGET, &TRUNK, &WASM_BINDGEN, &WASM_OPT];

/// What a run of a real browser needs, beside the page.
pub(crate) const FOR_BROWSERS: &[&Tool] = &[&BROWSER_TESTS, &CHROMIUM, &FIREFOX, &CHINESE_FONT];

/// A tool that is not there and could not be installed.
#[derive(Debug)]
pub(crate) struct Missing {
    tool: &'static str,
    reason: String,
    by_hand: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Missing { tool, reason, by_hand } = self;
        write!(f, "{tool} is missing: {reason}. By hand: {by_hand}")
    }
}

/// Installs what is missing of these; the error names what could not be installed.
pub(crate) fn require(tools: &[&Tool]) -> Outcome {
    let missing = install(tools);
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = missing.iter().map(Missing::to_string).collect();
    Err(lines.join("\n       "))
}

/// Installs what is missing of these and returns what could not be installed.
pub(crate) fn install(tools: &[&Tool]) -> Vec<Missing> {
    tools.iter().filter_map(|tool| tool.ensure().err()).collect()
}

/// The search path on which the installed programs come first.
pub(crate) fn path() -> OsString {
    let ours = [&TRUNK, &WASM_BINDGEN, &TYPOS, &CARGO_FUZZ, &WASM_OPT, &BROWSER_TESTS];
    let ours = ours.iter().filter_map(|tool| match &tool.source {
        Source::Program(program) => Some(program.folder()),
        Source::Folder(folder) => Some(folder.programs()),
        _ => None,
    });
    let theirs = process::path();
    let folders = ours.chain(std::env::split_paths(&theirs));
    // Fails only for a folder with a separator in its name, which was never found anyway.
    std::env::join_paths(folders).unwrap_or(theirs)
}

impl Tool {
    /// Where the program of this tool is, if it is installed.
    pub(crate) fn program(&self) -> Option<OsString> {
        match &self.source {
            Source::Package(package) => package.program(),
            Source::Program(program) => process::find(program.programs[0], &path()).map(Into::into),
            _ => None,
        }
    }

    /// Whether this is the tool that is missing.
    pub(crate) fn is(&self, missing: &Missing) -> bool {
        self.name == missing.tool
    }

    fn ensure(&self) -> Result<(), Missing> {
        if self.is_ready() {
            return Ok(());
        }
        say::step(&format!("installing {}: {} ({})", self.name, self.purpose, self.takes));
        let installed = self.install();
        // Asked again, because only what answers is installed: a run that was cut off is not.
        match installed {
            Ok(()) if self.is_ready() => Ok(()),
            Ok(()) => Err(self.missing("it was installed, but does not answer".to_owned())),
            Err(reason) => Err(self.missing(reason)),
        }
    }

    fn missing(&self, reason: String) -> Missing {
        Missing {
            tool: self.name,
            reason,
            by_hand: self.by_hand(),
        }
    }

    fn is_ready(&self) -> bool {
        match &self.source {
            Source::Target(target) => target.is_ready(),
            Source::Component(component) => component.is_ready(),
            Source::Program(program) => program.is_ready(&path()),
            Source::Folder(folder) => folder.is_ready(),
            Source::Package(package) => package.is_ready(),
        }
    }

    fn install(&self) -> Outcome {
        match &self.source {
            Source::Target(target) => target.install(),
            Source::Component(component) => component.install(),
            Source::Program(program) => program.install(),
            Source::Folder(folder) => folder.install(),
            Source::Package(package) => package.install(),
        }
    }

    fn by_hand(&self) -> String {
        match &self.source {
            Source::Target(target) => target.by_hand(),
            Source::Component(component) => component.by_hand(),
            Source::Program(program) => program.by_hand(),
            Source::Folder(folder) => folder.by_hand(),
            Source::Package(package) => package.by_hand(),
        }
    }
}

/// Whether what a program prints for `--version` names exactly this version.
fn names_version(text: &str, version: &str) -> bool {
    text.split_whitespace()
        .any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_counts_only_to_the_last_digit() {
        assert!(names_version("trunk 0.21.14\n", "0.21.14"));
        assert!(names_version("wasm-opt version 132 (version_132)", "132"));
        assert!(names_version("typos-cli v1.52.0", "1.52.0"));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
        assert!(!names_version("trunk 0.21.1", "0.21.14"));
        assert!(!names_version("", "0.21.14"));
    }

    #[test]
    fn what_is_missing_is_named_with_what_a_person_can_do() {
        let text = BROWSER_TESTS.missing("npm is not there".to_owned()).to_string();
        assert!(
            text.contains("Playwright 1.64.1 with axe is missing: npm is not there"),
            "{text}"
        );
        assert!(text.contains("cd e2e && npm ci"), "{text}");
        assert!(CHROMIUM.by_hand().contains("apt-get install chromium"));
        assert!(CHROMIUM.by_hand().contains("PLAYGROUND_CHROMIUM"));
        assert!(TRUNK.by_hand().contains("cargo install trunk --version 0.21.14"));
    }

    #[test]
    fn what_cannot_be_installed_is_an_error() {
        let folder = Folder("no-such-folder");
        assert!(!folder.is_ready());
        assert!(
            folder
                .install()
                .is_err_and(|reason| reason.contains("package-lock.json"))
        );
    }

    /// Trunk downloads another wasm-bindgen, or refuses, when the two differ.
    #[test]
    fn the_installed_wasm_bindgen_is_that_of_the_lock_file() {
        let lock = read("Cargo.lock");
        let Source::Program(program) = &WASM_BINDGEN.source else {
            unreachable!()
        };
        let version = program.version;
        let entry = format!("name = \"wasm-bindgen\"\nversion = \"{version}\"\n");
        assert!(
            lock.contains(&entry),
            "Cargo.lock has another wasm-bindgen than {version}"
        );
    }

    #[test]
    fn trunk_asks_for_the_wasm_opt_that_npm_installs() {
        assert!(read("Trunk.toml").contains("wasm_opt = \"version_132\""));
        assert!(read("web/package.json").contains("\"binaryen\": \"132.0.0\""));
        assert!(WASM_OPT.name.ends_with(" 132"));
    }

    #[test]
    fn the_named_playwright_is_the_pinned_one() {
        let package = read("e2e/package.json");
        assert!(package.contains("\"@playwright/test\": \"1.64.1\""));
        assert!(BROWSER_TESTS.name.contains(" 1.64.1 "));
    }

    fn read(file: &str) -> String {
        std::fs::read_to_string(process::root().join(file)).expect("a file of the repository")
    }
}
