//! `cargo xtask`: every command of a developer, in one program.
//!
//! This file owns the table of commands and the exit code: 0 when all went well,
//! 1 when the work failed, 2 when the command line was wrong. What a command does
//! stands in the module of its name. The program depends on none of our crates, so
//! that it builds when they do not.

mod args;
mod bench;
mod browser;
mod campaign;
mod check;
mod figure16;
mod fuzz;
mod page;
mod process;
mod rules;
mod say;
mod screenshots;
mod serve;
mod size;
mod test;
mod tools;
mod verify;

use std::process::ExitCode;

use args::{Asked, Command, Flag, Takes};

const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        summary: "install what is missing, build the page and serve it on 127.0.0.1",
        flags: &[Flag {
            name: "--port",
            takes: Takes::Port,
            summary: "the port to serve on; without it 8080 or the next free one",
        }],
        apart: &[],
        run: serve::run,
    },
    Command {
        name: "test",
        summary: "install what is missing and run every test, native and in the browsers",
        flags: &[
            Flag {
                name: "--native",
                takes: Takes::Nothing,
                summary: "only what needs no browser",
            },
            Flag {
                name: "--browser",
                takes: Takes::Nothing,
                summary: "only the page build and the browser tests",
            },
        ],
        apart: &[],
        run: test::run,
    },
    Command {
        name: "check",
        summary: "format, lints, docs, spelling, architecture, licences: before each commit",
        flags: &[],
        apart: &[],
        run: check::run,
    },
    Command {
        name: "build",
        summary: "build the page into dist/, ready to be copied to any web server",
        flags: &[],
        apart: &[],
        run: page::run,
    },
    Command {
        name: "size",
        summary: "build the page and compare its first transfer with the budget",
        flags: &[],
        apart: &[],
        run: size::run,
    },
    Command {
        name: "bench",
        summary: "measure the core, the simulation and a peer, beside their budgets",
        flags: &[Flag {
            name: "--browser",
            takes: Takes::Nothing,
            summary: "measure the page in a real browser instead",
        }],
        apart: &[],
        run: bench::run,
    },
    Command {
        name: "figure16",
        summary: "measure how long elections take, beside the paper's figure 16",
        flags: &[],
        apart: &[],
        run: figure16::run,
    },
    Command {
        name: "fuzz",
        summary: "simulate clusters under swarms of faults, from many seeds; or let a fuzzer look for bytes that panic",
        flags: &[
            Flag {
                name: "--seeds",
                takes: Takes::Count,
                summary: "how many seeds; without it 1000",
            },
            Flag {
                name: "--from",
                takes: Takes::Seed,
                summary: "the first seed; without it 0",
            },
            Flag {
                name: "--jobs",
                takes: Takes::Threads,
                summary: "how many threads; without it as many as there are processors",
            },
            Flag {
                name: "core",
                takes: Takes::Nothing,
                summary: "a fuzzer, with messages for the core; needs a nightly toolchain",
            },
            Flag {
                name: "code",
                takes: Takes::Nothing,
                summary: "a fuzzer, with codes of recordings; needs a nightly toolchain",
            },
            Flag {
                name: "--seconds",
                takes: Takes::Seconds,
                summary: "how long the fuzzer runs; without it 60",
            },
        ],
        apart: &[
            (&["core"], &["code"]),
            (&["core", "code", "--seconds"], &["--seeds", "--from", "--jobs"]),
        ],
        run: fuzz::run,
    },
    Command {
        name: "rules",
        summary: "switch each rule off, find what breaks, and write the table of it",
        flags: &[],
        apart: &[],
        run: rules::run,
    },
    Command {
        name: "verify",
        summary: "explore every interleaving of small clusters, and find what breaks without each rule",
        flags: &[],
        apart: &[],
        run: verify::run,
    },
    Command {
        name: "screenshots",
        summary: "build the page and take its pictures at every width and in both themes",
        flags: &[],
        apart: &[],
        run: screenshots::run,
    },
];

fn main() -> ExitCode {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| word.to_string_lossy().into_owned());
    match args::parse(COMMANDS, words.collect()) {
        Ok(Asked::Help(text)) => {
            say::line(&text);
            ExitCode::SUCCESS
        }
        Ok(Asked::Run(command, flags)) => match (command.run)(&flags) {
            Ok(()) => ExitCode::SUCCESS,
            Err(reason) => failed(&reason, 1),
        },
        Err(reason) => failed(&reason, 2),
    }
}

fn failed(reason: &str, code: u8) -> ExitCode {
    say::error(reason);
    ExitCode::from(code)
}
