//! What cargo knows about the workspace, as plain data for the checks.

use std::path::PathBuf;

use serde_json::Value;

use crate::process;

pub(super) struct Metadata {
    /// All packages, ours and others'.
    pub(super) packages: Vec<Package>,
    /// Which package uses which, as cargo resolved it for all platforms.
    pub(super) uses: Vec<Use>,
}

#[derive(Clone, Default)]
pub(super) struct Package {
    /// As cargo spells it, unique.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    /// The folder of its manifest.
    pub(super) folder: PathBuf,
    /// Whether it is a member of the workspace.
    pub(super) is_ours: bool,
    /// As its manifest has them.
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Clone, Default)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// What the sources call it, when the manifest gives it another name.
    pub(super) rename: Option<String>,
}

/// An edge of the resolved graph, by the ids of the packages.
pub(super) struct Use {
    pub(super) by: String,
    pub(super) of: String,
    /// Compiled into it, and not only used by its tests or its build script.
    pub(super) is_normal: bool,
}

impl Metadata {
    pub(super) fn read() -> Result<Metadata, String> {
        let mut cargo = process::cargo("metadata --format-version 1 --locked --quiet");
        let text = process::read(&mut cargo)?;
        let value = serde_json::from_str(&text).map_err(|error| format!("cargo's metadata is not JSON: {error}"))?;
        Ok(Metadata::from(&value))
    }

    pub(super) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_ours)
    }

    fn from(value: &Value) -> Metadata {
        let members: Vec<&str> = items(&value["workspace_members"]).filter_map(Value::as_str).collect();
        let package = |value: &Value| {
            let package = package(value);
            Package {
                is_ours: members.contains(&package.id.as_str()),
                ..package
            }
        };
        Metadata {
            packages: items(&value["packages"]).map(package).collect(),
            uses: items(&value["resolve"]["nodes"]).flat_map(uses).collect(),
        }
    }
}

fn package(value: &Value) -> Package {
    let folder = PathBuf::from(text(&value["manifest_path"])).parent().map(PathBuf::from);
    Package {
        id: text(&value["id"]),
        name: text(&value["name"]),
        version: text(&value["version"]),
        license: value["license"].as_str().map(str::to_owned),
        folder: folder.unwrap_or_default(),
        is_ours: false,
        dependencies: items(&value["dependencies"]).map(dependency).collect(),
    }
}

fn dependency(value: &Value) -> Dependency {
    let rename = value["rename"].as_str().map(str::to_owned);
    Dependency {
        name: text(&value["name"]),
        rename,
    }
}

fn uses(node: &Value) -> Vec<Use> {
    let edge = |dependency: &Value| Use {
        by: text(&node["id"]),
        of: text(&dependency["pkg"]),
        is_normal: items(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()),
    };
    items(&node["deps"]).map(edge).collect()
}

/// The items of an array, or none.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_metadata_is_understood() {
        let metadata = Metadata::read().expect("cargo runs this test");
        let xtask = metadata
            .ours()
            .find(|package| package.name == "xtask")
            .expect("it is ours");
        assert!(xtask.folder.ends_with("crates/xtask"), "{}", xtask.folder.display());
        assert_eq!(xtask.license.as_deref(), Some("MIT OR Apache-2.0"));
        assert!(
            xtask
                .dependencies
                .iter()
                .any(|dependency| dependency.name == "serde_json")
        );
        let json = metadata.packages.iter().find(|package| package.name == "serde_json");
        let json = json.expect("we depend on it");
        assert!(!json.is_ours);
        let edge = |edge: &&Use| edge.by == xtask.id && edge.of == json.id;
        assert!(metadata.uses.iter().find(edge).expect("it is resolved").is_normal);
    }
}
