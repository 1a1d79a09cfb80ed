//! Packages of Debian and Ubuntu, which only root can install.
//!
//! Everybody else is told what is missing, and by which variable a program that was
//! installed in another way is named.

use std::ffi::OsString;
use std::sync::Once;

use crate::process::{self, Outcome};

pub(super) struct Package {
    pub(super) name: &'static str,
    /// Its programs under any of their names; none for a package that is only data.
    pub(super) programs: &'static [&'static str],
    /// The environment variable that names the program when it is somewhere else.
    pub(super) otherwise: Option<&'static str>,
}

impl Package {
    pub(super) fn is_ready(&self) -> bool {
        match self.programs {
            [] => self.is_installed(),
            _ => self.program().is_some(),
        }
    }

    /// What the environment names, else the first of its programs that is on the path.
    pub(super) fn program(&self) -> Option<OsString> {
        let named = self
            .otherwise
            .and_then(std::env::var_os)
            .filter(|name| !name.is_empty());
        let path = process::path();
        let found = || self.programs.iter().find_map(|program| process::find(program, &path));
        named.or_else(|| found().map(Into::into))
    }

    pub(super) fn install(&self) -> Outcome {
        if process::find("apt-get", &process::path()).is_none() {
            return Err("this is not Debian or Ubuntu".to_owned());
        }
        if !is_root() {
            return Err("only root can install it".to_owned());
        }
        update();
        process::run(apt_get().args(["install", "--yes", "--no-install-recommends", self.name]))
    }

    pub(super) fn by_hand(&self) -> String {
        let command = format!("sudo apt-get update && sudo apt-get install {}", self.name);
        match self.otherwise {
            Some(variable) => format!("{command}, or install it otherwise and set {variable}"),
            None => command,
        }
    }

    fn is_installed(&self) -> bool {
        if process::find("dpkg-query", &process::path()).is_none() {
            // The only package without a program is a font, and other systems bring theirs.
            return true;
        }
        let mut query = process::program("dpkg-query");
        query.args(["--show", "--showformat=${db:Status-Status}", self.name]);
        process::ask(&mut query).is_some_and(|status| status == "installed")
    }
}

fn is_root() -> bool {
    process::ask(process::program("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// Fetches the lists of packages, once. Old lists may still do, so a failure is left
/// to the installation to report.
fn update() {
    static UPDATED: Once = Once::new();
    UPDATED.call_once(|| {
        let _ = process::run(apt_get().arg("update"));
    });
}

fn apt_get() -> std::process::Command {
    let mut command = process::program("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
