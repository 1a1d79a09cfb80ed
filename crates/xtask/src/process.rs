//! Other programs: where they are, how they are run, and what their failure is called.
//!
//! Nothing here reads from the terminal: a program that asks a question would wait
//! for ever where nobody sits.

use std::borrow::BorrowMut;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Nothing, or a sentence that tells a person what is wrong.
pub(crate) type Outcome = Result<(), String>;

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    // Asked for when it runs, not when it was compiled: the repository may have moved.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.ancestors().nth(2).unwrap_or(&here).to_owned()
}

/// A program, to be run at the top of the repository.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs us, with these words, which are divided by spaces.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words.split_whitespace());
    command
}

/// The same command, but it ends when we do, even if we are killed: a server that is left
/// behind would keep its port. Only Linux can say so; elsewhere it stays as it is.
pub(crate) fn bound_to_us(command: Command) -> Command {
    if !cfg!(target_os = "linux") || find("setpriv", &path()).is_none() {
        return command;
    }
    let mut bound = program("setpriv");
    bound
        .args(["--pdeathsig", "TERM"])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    bound
}

/// Runs a program; its output goes to the terminal.
pub(crate) fn run(mut command: impl BorrowMut<Command>) -> Outcome {
    let command = command.borrow_mut();
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed ({status})", line(command)))
}

/// Runs a program and returns what it prints; its complaints go to the terminal.
pub(crate) fn read(mut command: impl BorrowMut<Command>) -> Result<String, String> {
    let command = command.borrow_mut();
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        return Err(format!("`{}` failed ({})", line(command), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program in silence; `None` when it is not there or fails.
pub(crate) fn ask(mut command: impl BorrowMut<Command>) -> Option<String> {
    let output = command.borrow_mut().stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// The first program of this name on a search path.
pub(crate) fn find(name: &str, path: &OsStr) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
}

/// The search path of this process.
pub(crate) fn path() -> OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    let name = name(command);
    match error.kind() {
        ErrorKind::NotFound => format!("`{name}` is not installed, or not on the PATH"),
        _ => format!("`{name}` could not be started: {error}"),
    }
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    let words = command.get_args().map(|word| format!(" {}", word.to_string_lossy()));
    words.fold(name(command), |line, word| line + &word)
}

fn name(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.toml").is_file());
        assert!(root().join("crates/xtask").is_dir());
    }

    #[test]
    fn a_missing_program_is_named() {
        let reason = run(program("no-such-program")).expect_err("it does not exist");
        assert!(reason.contains("`no-such-program` is not installed"), "{reason}");
        assert_eq!(ask(program("no-such-program")), None);
        assert_eq!(find("no-such-program", &path()), None);
    }

    #[test]
    fn a_failing_program_is_shown_as_it_was_called() {
        let reason = run(cargo("--no-such-flag -q")).expect_err("no such flag");
        assert!(reason.contains("--no-such-flag -q` failed"), "{reason}");
    }
}
