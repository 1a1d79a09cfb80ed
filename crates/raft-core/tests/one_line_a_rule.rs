//! Each rule is read at one line: so whoever wants to know what it does finds the one place where it matters.

use std::fs;
use std::path::Path;

use raft_core::Rule;

#[test]
fn each_rule_is_read_at_one_line() {
    let mut lines = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut lines);
    for rule in Rule::ALL {
        let name = format!("Rule::{rule:?}");
        let is_whole = |line: &&String| {
            let mut rest = line.match_indices(&name).map(|(at, _)| &line[at + name.len()..]);
            rest.any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
        };
        let found: Vec<_> = lines.iter().filter(is_whole).collect();
        assert_eq!(found.len(), 1, "{name} is read at {found:#?}");
    }
}

/// The lines of the crate's code, but for where the rules are listed, and for tests.
fn read(folder: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, lines);
        } else if path.file_name().unwrap() != "rules.rs" {
            let text = fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            lines.extend(code.lines().filter(is_code).map(str::to_owned));
        }
    }
}
