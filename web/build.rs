//! The style sheet as a visitor needs it: without comments and indentation.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=src/style.css");
    let sheet = fs::read_to_string("src/style.css").expect("the style sheet is there");
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
