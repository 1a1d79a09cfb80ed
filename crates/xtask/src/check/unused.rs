//! Dependencies that stand in a manifest and in no source.

use std::path::Path;

use super::metadata::{Dependency, Metadata, Package};
use super::tidy;

pub(super) fn problems(metadata: &Metadata) -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    for package in metadata.ours() {
        let sources = sources(package)?;
        let unused = package
            .dependencies
            .iter()
            .filter(|dependency| !is_used(dependency, &sources));
        problems.extend(
            unused.map(|unused| format!("`{}` depends on `{}` and does not name it", package.name, unused.name)),
        );
    }
    Ok(problems)
}

/// All Rust sources of a package as one text.
fn sources(package: &Package) -> Result<String, String> {
    let files = tidy::files_below(&package.folder)?;
    let rust = |file: &&tidy::File| is_rust(&file.path) && !in_other_package(file, package);
    Ok(files.iter().filter(rust).map(|file| file.text.as_str()).collect())
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// A package can lie in the folder of another one, as a benchmark's does.
fn in_other_package(file: &tidy::File, package: &Package) -> bool {
    let folders = file
        .path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != package.folder);
    folders.into_iter().any(|folder| folder.join("Cargo.toml").is_file())
}

/// Sources name a dependency by its identifier, somewhere.
fn is_used(dependency: &Dependency, sources: &str) -> bool {
    let name = dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    sources
        .match_indices(&name)
        .any(|(start, _)| !sources[..start].ends_with(is_word) && !sources[start + name.len()..].starts_with(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, rename: Option<&str>, sources: &str, expected: bool) {
        let rename = rename.map(str::to_owned);
        let dependency = Dependency {
            name: name.to_owned(),
            rename,
        };
        assert_eq!(is_used(&dependency, sources), expected, "{name} in `{sources}`");
    }

    #[test]
    fn a_dependency_is_used_when_its_identifier_stands_in_a_source() {
        check("raft-core", None, "use raft_core::Node;", true);
        check("raft-core", None, "use raft_cores::Node;", false);
        check("raft-core", None, "let draft_core = 1;", false);
        check("rand", None, "fn random() {}", false);
        check("rand", None, "", false);
    }

    #[test]
    fn a_renamed_dependency_is_searched_by_its_new_name() {
        check("raft", Some("peer"), "use peer::RawNode;", true);
        check("raft", Some("peer"), "use raft::RawNode;", false);
    }

    #[test]
    fn this_package_uses_what_it_depends_on() {
        let metadata = Metadata::read().expect("cargo runs this test");
        let ours = metadata
            .ours()
            .find(|package| package.name == "xtask")
            .expect("it is ours");
        let sources = sources(ours).expect("our own sources");
        assert!(ours.dependencies.iter().all(|dependency| is_used(dependency, &sources)));
        assert!(sources.contains("fn in_other_package"), "these are not our sources");
    }
}
