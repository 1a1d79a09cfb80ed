//! Programs that cargo builds from published crates.
//!
//! They go into a folder per version in the user's cache, so that all clones on a
//! machine share them and a program of the same name elsewhere is left alone.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::names_version;
use crate::process::{self, Outcome};

pub(super) struct Program {
    /// The crate.
    pub(super) package: &'static str,
    pub(super) version: &'static str,
    /// What it installs, the main one first.
    pub(super) programs: &'static [&'static str],
}

impl Program {
    /// Each program answers with the pinned version, wherever on the path it is.
    pub(super) fn is_ready(&self, path: &OsStr) -> bool {
        self.programs.iter().all(|program| {
            let version = process::find(program, path)
                .and_then(|program| process::ask(process::program(program).arg("--version")));
            version.is_some_and(|text| names_version(&text, self.version))
        })
    }

    pub(super) fn install(&self) -> Outcome {
        let cache = cache().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
        std::fs::create_dir_all(&cache)
            .map_err(|error| format!("cannot make the folder {}: {error}", cache.display()))?;
        let mut command = process::cargo(&format!("install {} --version {}", self.package, self.version));
        command.args(["--locked", "--force", "--root"]).arg(self.root());
        // Away from the repository, whose settings and target folder are not meant for it.
        command.current_dir(cache).env_remove("CARGO_TARGET_DIR");
        // A tool runs for seconds: building it quickly matters more than its speed.
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        command.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        process::run(&mut command)
    }

    pub(super) fn by_hand(&self) -> String {
        format!("cargo install {} --version {} --locked", self.package, self.version)
    }

    /// Where its programs are, once they are installed.
    pub(super) fn folder(&self) -> PathBuf {
        self.root().join("bin")
    }

    fn root(&self) -> PathBuf {
        let name = format!("{}-{}", self.programs[0], self.version);
        cache().unwrap_or_default().join(name)
    }
}

/// The folder of this project's tools in the user's cache.
fn cache() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    Some(cache?.join("raft-playground").join("tools"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_in_another_version_does_not_count() {
        let cargo = |version| Program {
            package: "cargo",
            version,
            programs: &["cargo"],
        };
        let text = process::ask(process::program("cargo").arg("--version"));
        let text = text.expect("cargo runs this test");
        let version = text.split_whitespace().nth(1).expect("a version").to_owned();
        assert!(cargo(version.leak()).is_ready(&process::path()));
        assert!(!cargo("0.0.1").is_ready(&process::path()));
        assert!(!cargo("0.0.1").is_ready(OsStr::new("")));
    }
}
