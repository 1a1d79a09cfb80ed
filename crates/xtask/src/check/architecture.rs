//! Which of our packages may depend on which: the one-way rule of the house, and what
//! it keeps out of the core.

use std::collections::BTreeSet;

use super::metadata::{Metadata, Package};

/// All of our packages, each with those of ours that it may name in its manifest, be it
/// for tests only. Nothing may name `web`, `raft-evidence` or `xtask`.
const HOUSE: &[(&str, &[&str])] = &[
    ("raft-core", &[]),
    ("raft-sim", &["raft-core"]),
    ("raft-playground", &["raft-core", "raft-sim"]),
    ("raft-evidence", &["raft-core", "raft-sim"]),
    ("web", &["raft-playground"]),
    ("xtask", &[]),
];

/// The packages that other people take as libraries and that know no platform.
const LIBRARIES: &[&str] = &["raft-core", "raft-sim", "raft-playground"];

/// What may be compiled into raft-core: only what was seen to build without the standard
/// library. So far it needs nothing.
const CORE_MAY_USE: &[&str] = &[];

/// The source of randomness: the host's, so only the page asks for it.
const RANDOMNESS: &str = "getrandom";

pub(super) fn problems(metadata: &Metadata) -> Vec<String> {
    let mut problems: Vec<String> = metadata
        .ours()
        .flat_map(|package| manifest(package, metadata))
        .collect();
    problems.extend(core(metadata));
    problems.extend(randomness(metadata));
    problems
}

/// What a manifest names of ours and may not.
fn manifest(package: &Package, metadata: &Metadata) -> Vec<String> {
    let name = &package.name;
    let Some((_, allowed)) = HOUSE.iter().find(|(member, _)| member == name) else {
        return vec![format!("`{name}` has no place in the house; give it one in HOUSE")];
    };
    let is_ours = |name: &str| metadata.ours().any(|package| package.name == name);
    let dependencies = package.dependencies.iter().map(|dependency| dependency.name.as_str());
    let wrong = dependencies.filter(|name| is_ours(name) && !allowed.contains(name));
    wrong
        .map(|wrong| format!("`{name}` depends on `{wrong}`: dependencies run one way"))
        .collect()
}

fn core(metadata: &Metadata) -> Vec<String> {
    let compiled = compiled_into("raft-core", metadata);
    let wrong = compiled
        .into_iter()
        .filter(|name| !CORE_MAY_USE.contains(&name.as_str()));
    wrong
        .map(|wrong| format!("`{wrong}` is compiled into `raft-core`, which needs no_std"))
        .collect()
}

fn randomness(metadata: &Metadata) -> Vec<String> {
    let mut problems = Vec::new();
    for package in metadata.ours().filter(|package| package.name != "web") {
        if package
            .dependencies
            .iter()
            .any(|dependency| dependency.name == RANDOMNESS)
        {
            problems.push(format!("`{}` depends on `{RANDOMNESS}`; only `web` may", package.name));
        }
    }
    for library in LIBRARIES {
        if compiled_into(library, metadata).contains(RANDOMNESS) {
            problems.push(format!(
                "`{RANDOMNESS}` is compiled into `{library}`: seeds are arguments"
            ));
        }
    }
    problems
}

/// The names of all packages that a package of ours is compiled with, near and far.
fn compiled_into(name: &str, metadata: &Metadata) -> BTreeSet<String> {
    let start = metadata.ours().filter(|package| package.name == name);
    let mut open: Vec<&str> = start.map(|package| package.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let next = metadata.uses.iter().filter(|edge| edge.is_normal && edge.by == id);
        open.extend(next.map(|edge| edge.of.as_str()).filter(|id| seen.insert(*id)));
    }
    let names = metadata
        .packages
        .iter()
        .filter(|package| seen.contains(package.id.as_str()));
    names.map(|package| package.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Use};
    use super::*;

    /// A workspace of these packages, each "user: used, tested with*"; what is in no list
    /// of ours is somebody else's.
    fn workspace(lines: &[&str]) -> Metadata {
        let mut metadata = Metadata {
            packages: Vec::new(),
            uses: Vec::new(),
        };
        for line in lines {
            let (user, used) = line.split_once(':').expect("a colon");
            let used = used.split(',').map(str::trim).filter(|name| !name.is_empty());
            let used: Vec<&str> = used.collect();
            let dependencies = used.iter().map(|name| Dependency {
                name: name.trim_end_matches('*').to_owned(),
                rename: None,
            });
            metadata.packages.push(Package {
                id: user.to_owned(),
                name: user.to_owned(),
                is_ours: HOUSE.iter().any(|(name, _)| *name == user) || user == "stranger",
                dependencies: dependencies.collect(),
                ..Package::default()
            });
            metadata.uses.extend(used.iter().map(|name| Use {
                by: user.to_owned(),
                of: name.trim_end_matches('*').to_owned(),
                is_normal: !name.ends_with('*'),
            }));
        }
        metadata
    }

    fn check(lines: &[&str], expected: &[&str]) {
        let problems = problems(&workspace(lines));
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}, and not {expected}");
        }
    }

    #[test]
    fn the_dependencies_of_this_workspace_run_one_way() {
        let metadata = Metadata::read().expect("cargo runs this test");
        assert_eq!(problems(&metadata), Vec::<String>::new());
        for (name, _) in HOUSE {
            assert!(
                metadata.ours().any(|package| package.name == *name),
                "{name} is not there"
            );
        }
    }

    #[test]
    fn the_way_of_the_house_is_accepted() {
        check(
            &[
                "web: raft-playground, getrandom",
                "raft-playground: raft-sim, raft-core",
                "raft-evidence: raft-sim, raft-core, rand",
                "raft-sim: raft-core, proptest*",
                "raft-core:",
                "xtask: serde_json",
                "rand: getrandom",
                "proptest: getrandom",
                "getrandom:",
                "serde_json:",
            ],
            &[],
        );
    }

    #[test]
    fn each_way_back_is_refused() {
        check(
            &["raft-core: raft-sim*", "raft-sim:"],
            &["`raft-core` depends on `raft-sim`"],
        );
        check(
            &["raft-sim: raft-evidence", "raft-evidence:"],
            &["depends on `raft-evidence`"],
        );
        check(&["xtask: raft-core", "raft-core:"], &["`xtask` depends on `raft-core`"]);
        check(&["web: raft-core", "raft-core:"], &["`web` depends on `raft-core`"]);
        check(&["stranger:"], &["no place in the house"]);
    }

    #[test]
    fn nothing_is_compiled_into_the_core_unseen() {
        check(
            &["raft-core: bytes", "bytes: memchr", "memchr:"],
            &["`bytes` is compiled", "`memchr` is compiled"],
        );
        check(&["raft-core: proptest*", "proptest:"], &[]);
    }

    #[test]
    fn randomness_comes_in_through_the_page_only() {
        check(
            &["raft-sim: rand", "rand: getrandom", "getrandom:"],
            &["compiled into `raft-sim`"],
        );
        check(&["raft-evidence: getrandom", "getrandom:"], &["only `web` may"]);
    }
}
