//! The style sheet as a visitor needs it: one, without comments and indentation.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=src/style");
    let folder = fs::read_dir("src/style").expect("the style sheets are there");
    let mut sheets: Vec<_> = folder.map(|file| file.expect("a folder can be read").path()).collect();
    // Their names begin with numbers: what comes later has the last word.
    sheets.sort();
    let read = |path| fs::read_to_string(path).expect("a style sheet can be read");
    let sheet: String = sheets.into_iter().map(read).collect();
    let mut kept = String::new();
    let mut rest = sheet.as_str();
    while let Some((before, comment)) = rest.split_once("/*") {
        kept += before;
        rest = comment.split_once("*/").expect("a comment has an end").1;
    }
    kept += rest;
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    let folder = env::var_os("OUT_DIR").expect("cargo names the folder");
    let path = Path::new(&folder).join("style.css");
    fs::write(path, lines.collect::<Vec<_>>().join("\n")).expect("the folder can be written to");
}
