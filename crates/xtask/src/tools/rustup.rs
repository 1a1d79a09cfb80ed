//! Parts of the Rust toolchain, through rustup.
//!
//! Installed by command and not by a toolchain file: some environments switch
//! automatic installation off.

use std::path::Path;

use crate::process::{self, Outcome};

/// A target that can be compiled for.
pub(super) struct Target(pub(super) &'static str);

impl Target {
    pub(super) fn is_ready(&self) -> bool {
        // The toolchain is asked and not rustup, which need not have installed it.
        let sysroot = process::ask(process::program("rustc").args(["--print", "sysroot"]));
        let libraries = |sysroot: String| {
            Path::new(sysroot.trim())
                .join("lib/rustlib")
                .join(self.0)
                .join("lib")
                .is_dir()
        };
        sysroot.is_some_and(libraries)
    }

    pub(super) fn install(&self) -> Outcome {
        process::run(process::program("rustup").args(["target", "add", self.0]))
    }

    pub(super) fn by_hand(&self) -> String {
        format!("rustup target add {}", self.0)
    }
}

/// A program that belongs to the toolchain.
pub(super) struct Component(pub(super) &'static str);

impl Component {
    pub(super) fn is_ready(&self) -> bool {
        // `cargo clippy` belongs to clippy, and `cargo fmt` to rustfmt.
        let command = self.0.trim_start_matches("rust");
        process::ask(process::cargo(&format!("{command} --version"))).is_some()
    }

    pub(super) fn install(&self) -> Outcome {
        process::run(process::program("rustup").args(["component", "add", self.0]))
    }

    pub(super) fn by_hand(&self) -> String {
        format!("rustup component add {}", self.0)
    }
}
