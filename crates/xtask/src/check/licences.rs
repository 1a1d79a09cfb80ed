//! Whether all that we depend on can be given on under MIT OR Apache-2.0.
//!
//! Owns the list of licences that allow it and the reading of SPDX expressions.

use super::metadata::{Metadata, Package};

/// Licences that ask for no more than their text being kept.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions only ever allow more than their licence does.
const ALLOWED_EXCEPTIONS: &[&str] = &["LLVM-exception"];

pub(super) fn problems(metadata: &Metadata) -> Vec<String> {
    let others = metadata.packages.iter().filter(|package| !package.is_ours);
    others.filter_map(problem).collect()
}

fn problem(package: &Package) -> Option<String> {
    let reason = match &package.license {
        None => "names no licence".to_owned(),
        Some(license) => match is_allowed(license) {
            Ok(true) => return None,
            Ok(false) => format!("is under {license}, which is not allowed"),
            Err(reason) => format!("is under `{license}`, which cannot be read: {reason}"),
        },
    };
    Some(format!("`{}` {} {reason}", package.name, package.version))
}

/// Whether an SPDX expression leaves a choice that is allowed.
fn is_allowed(expression: &str) -> Result<bool, String> {
    let tokens = tokens(expression);
    let mut rest = tokens.as_slice();
    let allowed = any(&mut rest)?;
    match rest {
        [] => Ok(allowed),
        [token, ..] => Err(format!("`{token}` is unexpected")),
    }
}

/// Words and brackets. The slash is how old manifests wrote OR.
fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// `all OR all OR …`
fn any(rest: &mut &[String]) -> Result<bool, String> {
    let mut allowed = all(rest)?;
    while take(rest, "OR") {
        // Read before it is joined: a short circuit would leave the words unread.
        let next = all(rest)?;
        allowed = allowed || next;
    }
    Ok(allowed)
}

/// `one AND one AND …`, which binds closer than OR.
fn all(rest: &mut &[String]) -> Result<bool, String> {
    let mut allowed = one(rest)?;
    while take(rest, "AND") {
        let next = one(rest)?;
        allowed = allowed && next;
    }
    Ok(allowed)
}

/// `(any)`, `licence` or `licence WITH exception`.
fn one(rest: &mut &[String]) -> Result<bool, String> {
    if take(rest, "(") {
        let allowed = any(rest)?;
        return match take(rest, ")") {
            true => Ok(allowed),
            false => Err("a bracket is not closed".to_owned()),
        };
    }
    let allowed = ALLOWED.contains(&word(rest)?);
    match take(rest, "WITH") {
        true => Ok(ALLOWED_EXCEPTIONS.contains(&word(rest)?) && allowed),
        false => Ok(allowed),
    }
}

fn word<'a>(rest: &mut &'a [String]) -> Result<&'a str, String> {
    match rest {
        [] => Err("it ends too early".to_owned()),
        [word, ..] if ["AND", "OR", "WITH", "(", ")"].contains(&word.as_str()) => {
            Err(format!("`{word}` is unexpected"))
        }
        [word, tail @ ..] => {
            *rest = tail;
            Ok(word)
        }
    }
}

fn take(rest: &mut &[String], token: &str) -> bool {
    match rest {
        [first, tail @ ..] if first == token => {
            *rest = tail;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: bool) {
        assert_eq!(is_allowed(expression), Ok(expected), "{expression}");
    }

    #[test]
    fn single_licences() {
        check("MIT", true);
        check("Unicode-3.0", true);
        check("MPL-2.0", false);
        check("GPL-3.0-only", false);
        check("mit", false);
    }

    #[test]
    fn a_choice_needs_one_and_a_sum_needs_all() {
        check("MIT OR GPL-3.0-only", true);
        check("GPL-3.0-only OR MIT", true);
        check("MIT/Apache-2.0", true);
        check("MIT AND GPL-3.0-only", false);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND MPL-2.0", false);
    }

    #[test]
    fn and_binds_closer_than_or() {
        check("MIT OR MPL-2.0 AND GPL-3.0-only", true);
        check("MPL-2.0 AND GPL-3.0-only OR MIT", true);
        check("(MIT OR MPL-2.0) AND GPL-3.0-only", false);
    }

    #[test]
    fn exceptions_are_known_by_name() {
        check("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("Apache-2.0 WITH Other-exception", false);
        check("GPL-2.0-only WITH LLVM-exception", false);
    }

    #[test]
    fn nonsense_is_an_error_and_not_a_licence() {
        for nonsense in ["", "MIT OR", "MIT MIT", "(MIT", "MIT)", "AND MIT", "MIT WITH"] {
            assert!(is_allowed(nonsense).is_err(), "`{nonsense}` was read");
        }
    }

    #[test]
    fn only_the_packages_of_others_are_judged() {
        let package = |license: Option<&str>, is_ours| Package {
            license: license.map(str::to_owned),
            is_ours,
            ..Package::default()
        };
        assert!(problem(&package(None, false)).is_some_and(|text| text.contains("no licence")));
        let packages = vec![package(None, true), package(Some("MIT"), false)];
        assert!(
            problems(&Metadata {
                packages,
                uses: Vec::new()
            })
            .is_empty()
        );
    }
}
