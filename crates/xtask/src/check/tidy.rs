//! Small things that no tool looks at: modules say what they own, and no file knows the
//! machine that it was written on.
//!
//! Owns the walk through the files of the repository as well.

use std::path::{Path, PathBuf};

use crate::process;

/// A text file of the repository.
pub(super) struct File {
    /// Absolute.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// What holds no source of ours; `.gitignore` has most of them.
const SKIPPED: &[&str] = &[".git", "target", "dist", "node_modules", "results", "screenshots"];

/// Written by tools; they name registries because that is their purpose.
const LOCK_FILES: &[&str] = &["Cargo.lock", "package-lock.json"];

/// Hosts of package registries and of their mirrors. In two parts each, so that this file
/// is not the first one to be found.
const REGISTRIES: &[&str] = &[
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs"),
    concat!("npmjs.", "com"),
    concat!("pypi.", "org"),
    concat!("pythonhosted.", "org"),
    concat!("deb.", "debian.org"),
    concat!("arti", "factory"),
];

/// Where people and machines keep their files.
const HOMES: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
];

pub(super) fn problems() -> Result<Vec<String>, String> {
    let root = process::root();
    let files = files_below(&root)?;
    let problems = files.iter().flat_map(|file| {
        let path = file.path.strip_prefix(&root).unwrap_or(&file.path);
        problems_of(path, &file.text)
    });
    Ok(problems.collect())
}

/// All text files in a folder and below, sorted by their path.
pub(super) fn files_below(folder: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    walk(folder, &mut files).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        // In a second working tree `.git` is a file, and names the first one's folder.
        if SKIPPED.iter().any(|skipped| name == *skipped) {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), files)?;
        } else if kind.is_file() {
            // What is no text is a picture.
            if let Ok(text) = String::from_utf8(std::fs::read(entry.path())?) {
                files.push(File {
                    path: entry.path(),
                    text,
                });
            }
        }
    }
    Ok(())
}

fn problems_of(path: &Path, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if path.extension().is_some_and(|extension| extension == "rs") && !text.starts_with("//!") {
        problems.push(format!("{}: does not open with `//!`", path.display()));
    }
    if LOCK_FILES.iter().any(|lock| path.ends_with(lock)) {
        return problems;
    }
    for (line, number) in text.lines().zip(1..) {
        if let Some(registry) = REGISTRIES.iter().find(|registry| line.contains(*registry)) {
            problems.push(format!("{}:{number}: names {registry}", path.display()));
        }
        if let Some(home) = HOMES.iter().find(|home| has_path_below(line, home)) {
            problems.push(format!("{}:{number}: has a path below {home}", path.display()));
        }
    }
    problems
}

/// Whether an absolute path begins here with this folder: `see /x/y`, but not `a/x/y`.
fn has_path_below(line: &str, folder: &str) -> bool {
    let inside_a_path = |c: char| c.is_alphanumeric() || "._-~}/*".contains(c);
    line.match_indices(folder)
        .any(|(start, _)| !line[..start].ends_with(inside_a_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let problems = problems_of(Path::new(path), text);
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}, and not {expected}");
        }
    }

    #[test]
    fn a_module_says_what_it_owns() {
        check("src/log.rs", "//! The log.\n", &[]);
        check(
            "src/log.rs",
            "use std::fmt;\n//! The log.\n",
            &["src/log.rs: does not open"],
        );
        check("notes.md", "The log.\n", &[]);
    }

    #[test]
    fn no_file_names_a_registry_except_the_lock_files() {
        let line = concat!("{\n\"resolved\": \"https://registry.", "npmjs.org/x\"\n}");
        check("e2e/package.json", line, &["e2e/package.json:2: names"]);
        check("e2e/package-lock.json", line, &[]);
    }

    #[test]
    fn no_file_knows_the_machine() {
        check(
            "README.md",
            concat!("see /ho", "me/me/raft"),
            &["README.md:1: has a path below"],
        );
        check("a.toml", concat!("dir = \"/ro", "ot/x\""), &["a.toml:1"]);
        check("b.md", "see https://example.org/home/page and crates/work/src", &[]);
        check("c.rs", "//! /usr/bin/chromium is everybody's.", &[]);
    }

    #[test]
    fn the_walk_finds_this_file_and_no_built_one() {
        let files = files_below(&process::root()).expect("the repository");
        assert!(files.iter().any(|file| file.path.ends_with("xtask/src/check/tidy.rs")));
        assert!(
            !files
                .iter()
                .any(|file| file.path.components().any(|part| part.as_os_str() == "node_modules"))
        );
    }
}
