//! `cargo xtask size`: what a first visit transfers, compressed as web servers do,
//! beside its budget.
//!
//! The first transfer is `index.html` and whatever it, its scripts and its styles name.
//! What is only linked to, or fetched when somebody asks for it, is not part of it.

use std::collections::BTreeMap;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;

use crate::args::Flags;
use crate::page;
use crate::process::Outcome;
use crate::say;
use crate::tools;

/// Of the first transfer, compressed. 1 KB is 1000 bytes.
const BUDGET_BYTES: usize = 150_000;

/// The files of the page by their path below `dist/`.
type Files = BTreeMap<String, Vec<u8>>;

/// One file of the first transfer, in bytes.
struct Size {
    name: String,
    raw: usize,
    compressed: usize,
}

pub(crate) fn run(_: &Flags) -> Outcome {
    tools::require(tools::FOR_PAGE)?;
    page::build()?;
    let mut files = Files::new();
    collect(&page::folder(), "", &mut files)
        .map_err(|error| format!("cannot read {}: {error}", page::folder().display()))?;
    let measure = |name: String| Size {
        raw: files[&name].len(),
        compressed: compressed(&files[&name]),
        name,
    };
    let sizes: Vec<Size> = first_transfer(&files).into_iter().map(measure).collect();
    say::step("first transfer of the page, in bytes");
    say::line(&table(&sizes));
    verdict(&sizes)
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// The page, and in turn what the files found so far name.
fn first_transfer(files: &Files) -> Vec<String> {
    let mut found: Vec<String> = files.keys().filter(|name| *name == "index.html").cloned().collect();
    let mut next = 0;
    while next < found.len() {
        let text = loaded_text(&found[next], &files[&found[next]]);
        for name in files.keys() {
            if !found.contains(name) && names(&text, name) {
                found.push(name.clone());
            }
        }
        next += 1;
    }
    found
}

/// What of a file can name other files: a page without its links, a script, a style.
fn loaded_text(name: &str, content: &[u8]) -> String {
    let text = String::from_utf8_lossy(content);
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => without_links(&text),
        Some("js" | "mjs" | "css") => text.into_owned(),
        _ => String::new(),
    }
}

/// A page without its `<a …>` tags and its comments: their targets load nothing.
fn without_links(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    loop {
        let start = [("<a ", ">"), ("<a\n", ">"), ("<!--", "-->")]
            .into_iter()
            .filter_map(|(open, close)| Some((rest.find(open)?, close)))
            .min();
        let Some((start, close)) = start else {
            return kept + rest;
        };
        kept += &rest[..start];
        let end = rest[start..]
            .find(close)
            .map_or(rest.len(), |end| start + end + close.len());
        rest = &rest[end..];
    }
}

/// Whether a text names this file: in quotes or brackets, perhaps after a path.
fn names(text: &str, file: &str) -> bool {
    text.match_indices(file).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + file.len()..].chars().next();
        matches!(before, Some('"' | '\'' | '`' | '(' | '/' | '=' | ' '))
            && matches!(after, Some('"' | '\'' | '`' | ')' | '?' | '#' | ' ' | '>'))
    })
}

/// The size after brotli at its highest quality.
fn compressed(content: &[u8]) -> usize {
    let mut output = Vec::new();
    let settings = BrotliEncoderParams {
        quality: 11,
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut output, &settings).expect("writing to memory cannot fail");
    output.len()
}

fn table(sizes: &[Size]) -> String {
    let mut table = format!("{:>10} {:>10}  file", "raw", "brotli");
    for Size { name, raw, compressed } in sizes {
        table += &format!("\n{raw:>10} {compressed:>10}  {name}");
    }
    let raw: usize = sizes.iter().map(|size| size.raw).sum();
    table
        + &format!(
            "\n{raw:>10} {:>10}  together; the budget is {BUDGET_BYTES}",
            total(sizes)
        )
}

fn verdict(sizes: &[Size]) -> Outcome {
    if sizes.is_empty() {
        return Err("dist/ has no index.html".to_owned());
    }
    match total(sizes).checked_sub(BUDGET_BYTES) {
        None | Some(0) => Ok(()),
        Some(excess) => Err(format!("the first transfer is {excess} bytes above its budget")),
    }
}

fn total(sizes: &[Size]) -> usize {
    sizes.iter().map(|size| size.compressed).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        let file = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
        files.iter().map(file).collect()
    }

    #[test]
    fn the_first_transfer_follows_names_from_the_page() {
        let files = files(&[
            (
                "index.html",
                r#"<script type="module">import init from './web.js'</script>
                <link rel="stylesheet" href="./style.css"><a href="./example.html">example</a>
                <!-- <img src="old.svg"> -->"#,
            ),
            ("web.js", "fetch(new URL('web_bg.wasm', import.meta.url))"),
            ("web_bg.wasm", "names 'tour.txt', but is no script"),
            ("style.css", "@font-face { src: url(fonts/a.woff2) }"),
            ("fonts/a.woff2", ""),
            ("example.html", ""),
            ("old.svg", ""),
            ("tour.txt", ""),
            ("b.js", ""),
        ]);
        let found = first_transfer(&files);
        assert_eq!(
            found,
            ["index.html", "style.css", "web.js", "fonts/a.woff2", "web_bg.wasm"]
        );
    }

    #[test]
    fn a_part_of_a_longer_name_is_not_that_file() {
        assert!(names("import './web.js'", "web.js"));
        assert!(names("src=web.js>", "web.js"));
        assert!(!names("import './oldweb.js'", "web.js"));
        assert!(!names("import './web.jsx'", "web.js"));
    }

    #[test]
    fn repetition_is_compressed_and_noise_is_not_lost() {
        assert!(compressed(&[b'a'; 10_000]) < 100);
        assert!(compressed(b"raft") >= 4);
    }

    #[test]
    fn the_budget_is_a_limit_for_the_sum() {
        let file = |compressed| Size {
            name: "a file".to_owned(),
            raw: 0,
            compressed,
        };
        assert_eq!(verdict(&[file(BUDGET_BYTES - 1), file(1)]), Ok(()));
        assert!(verdict(&[file(BUDGET_BYTES), file(1)]).is_err());
        assert!(verdict(&[]).is_err(), "nothing at all is no page");
        assert!(table(&[file(2), file(3)]).contains(" 5  together"));
    }
}
