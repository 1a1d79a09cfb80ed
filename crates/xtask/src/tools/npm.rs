//! Folders with npm packages, installed exactly as their lock file says.

use std::path::PathBuf;

use crate::process::{self, Outcome};

/// A folder of the repository with a `package-lock.json`.
pub(super) struct Folder(pub(super) &'static str);

impl Folder {
    /// A copy of the lock file lies beside the packages once all of them are there; npm
    /// removes it with the packages before it installs, so a run that was cut off leaves none.
    pub(super) fn is_ready(&self) -> bool {
        let lock = std::fs::read(self.path().join("package-lock.json"));
        let installed = std::fs::read(self.installed_lock());
        matches!((lock, installed), (Ok(lock), Ok(installed)) if lock == installed)
    }

    pub(super) fn install(&self) -> Outcome {
        let lock = self.path().join("package-lock.json");
        if !lock.is_file() {
            return Err(format!("{} is not there", lock.display()));
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut command = process::program(npm);
        command.arg("ci").current_dir(self.path());
        process::run(&mut command)?;
        std::fs::copy(&lock, self.installed_lock())
            .map_err(|error| format!("cannot copy {}: {error}", lock.display()))?;
        Ok(())
    }

    pub(super) fn by_hand(&self) -> String {
        format!("install Node 20 or newer with npm, then: cd {} && npm ci", self.0)
    }

    /// Where the programs of the packages are.
    pub(super) fn programs(&self) -> PathBuf {
        self.path().join("node_modules/.bin")
    }

    fn installed_lock(&self) -> PathBuf {
        self.path().join("node_modules/.installed-package-lock.json")
    }

    fn path(&self) -> PathBuf {
        process::root().join(self.0)
    }
}
