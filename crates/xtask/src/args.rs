//! The command line: what was asked for, or a sentence that says what exists.
//!
//! Owns parsing and the help texts. The commands are a table in `main`, so that what
//! is accepted, what is explained and what is run can never differ.

use std::collections::BTreeMap;

use crate::process::Outcome;

/// One command of the table.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// One line for the list of commands.
    pub(crate) summary: &'static str,
    pub(crate) flags: &'static [Flag],
    /// Flags of which those of the one side make no sense beside those of the other.
    pub(crate) apart: &'static [Sides],
    pub(crate) run: fn(&Flags) -> Outcome,
}

/// The names of flags that exclude each other.
pub(crate) type Sides = (&'static [&'static str], &'static [&'static str]);

/// One flag of a command.
pub(crate) struct Flag {
    /// With its two dashes; without them it is a word that says what the command is about.
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) summary: &'static str,
}

/// What follows a flag.
pub(crate) enum Takes {
    Nothing,
    /// A TCP port, 1 to 65535.
    Port,
    /// How long, 1 to 65535 seconds.
    Seconds,
    /// How many, at least 1.
    Count,
    /// How many threads, 1 to 256: no machine has use for more.
    Threads,
    /// Any number: a seed.
    Seed,
}

impl Takes {
    /// The smallest and the largest number.
    fn range(&self) -> (u64, u64) {
        match self {
            Takes::Nothing => (0, 0),
            Takes::Port | Takes::Seconds => (1, u64::from(u16::MAX)),
            Takes::Count => (1, u64::from(u32::MAX)),
            Takes::Threads => (1, 256),
            Takes::Seed => (0, u64::MAX),
        }
    }

    /// What a person calls it, and an example.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Takes::Nothing => ("nothing", ""),
            Takes::Port => ("a port", "8080"),
            Takes::Seconds => ("a number of seconds", "60"),
            Takes::Count => ("a number", "1000"),
            Takes::Threads => ("a number of threads", "2"),
            Takes::Seed => ("a number", "7"),
        }
    }
}

/// The flags that were given, with their values.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Flags {
    given: BTreeMap<&'static str, Option<u64>>,
}

impl Flags {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The port, which is never more than a port can be.
    pub(crate) fn port(&self) -> Option<u16> {
        self.number("--port").and_then(|port| u16::try_from(port).ok())
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.given.get(name).copied().flatten()
    }
}

/// What the command line means.
pub(crate) enum Asked {
    Help(String),
    Run(&'static Command, Flags),
}

/// Reads the words after `cargo xtask`; the error is for a person to read.
pub(crate) fn parse(commands: &'static [Command], words: Vec<String>) -> Result<Asked, String> {
    let mut words = words.into_iter();
    let name = match words.next() {
        None => return Ok(Asked::Help(overview(commands))),
        Some(word) if asks_for_help(&word) => return Ok(Asked::Help(overview(commands))),
        Some(word) => word,
    };
    let command = commands
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| format!("there is no command `{name}`\n\n{}", overview(commands)))?;
    let words: Vec<String> = words.collect();
    if words.iter().any(|word| asks_for_help(word)) {
        return Ok(Asked::Help(explain(command)));
    }
    Ok(Asked::Run(command, parse_flags(command, words)?))
}

fn asks_for_help(word: &str) -> bool {
    matches!(word, "help" | "--help" | "-h")
}

fn parse_flags(command: &Command, words: Vec<String>) -> Result<Flags, String> {
    let mut flags = Flags::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let flag = find_flag(command, name)?;
        let value = match flag.takes {
            Takes::Nothing if value.is_some() => {
                return Err(format!("`{name}` takes no value\n\n{}", explain(command)));
            }
            Takes::Nothing => None,
            _ => Some(parse_number(flag, value.or_else(|| words.next()))?),
        };
        flags.given.insert(flag.name, value);
    }
    for (some, others) in command.apart {
        let first = |names: &[&'static str]| names.iter().copied().find(|name| flags.has(name));
        if let (Some(one), Some(other)) = (first(some), first(others)) {
            let reason = format!("`{}` does not take `{one}` and `{other}` at once", command.name);
            return Err(format!("{reason}\n\n{}", explain(command)));
        }
    }
    Ok(flags)
}

fn find_flag<'a>(command: &'a Command, name: &str) -> Result<&'a Flag, String> {
    let flag = command.flags.iter().find(|flag| flag.name == name);
    flag.ok_or_else(|| {
        let command_name = command.name;
        format!("`{command_name}` does not know `{name}`\n\n{}", explain(command))
    })
}

fn parse_number(flag: &Flag, value: Option<String>) -> Result<u64, String> {
    let (name, (what, example), (min, max)) = (flag.name, flag.takes.words(), flag.takes.range());
    let Some(value) = value else {
        return Err(format!("`{name}` needs {what}, for example `{name} {example}`"));
    };
    match value.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(format!(
            "`{name}` needs {what} from {min} to {max}, and `{value}` is none"
        )),
    }
}

fn overview(commands: &[Command]) -> String {
    let mut text = String::from("Usage: cargo xtask <command> [flags]\n\nCommands:");
    for command in commands {
        text += &format!("\n  {:<12} {}", command.name, command.summary);
    }
    text + "\n\n`cargo xtask <command> --help` lists the flags of a command."
}

fn explain(command: &Command) -> String {
    let mut text = format!("cargo xtask {}: {}", command.name, command.summary);
    if command.flags.is_empty() {
        return text + "\n\nIt takes no flags.";
    }
    text += "\n\nFlags:";
    for flag in command.flags {
        let usage = match flag.takes {
            Takes::Nothing => flag.name.to_owned(),
            _ => format!("{} N", flag.name),
        };
        text += &format!("\n  {usage:<12} {}", flag.summary);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: &[Command] = &[
        Command {
            name: "serve",
            summary: "serve it",
            flags: &[
                Flag {
                    name: "--port",
                    takes: Takes::Port,
                    summary: "where",
                },
                Flag {
                    name: "--seconds",
                    takes: Takes::Seconds,
                    summary: "how long",
                },
                Flag {
                    name: "--quick",
                    takes: Takes::Nothing,
                    summary: "how",
                },
            ],
            apart: &[(&["--quick"], &["--port", "--seconds"])],
            run: |_| Ok(()),
        },
        Command {
            name: "build",
            summary: "build it",
            flags: &[],
            apart: &[],
            run: |_| Ok(()),
        },
    ];

    fn asked(line: &str) -> Result<Asked, String> {
        parse(COMMANDS, line.split_whitespace().map(str::to_owned).collect())
    }

    fn flags(line: &str) -> Flags {
        match asked(line) {
            Ok(Asked::Run(_, flags)) => flags,
            Ok(Asked::Help(text)) => panic!("`{line}` was taken for a call for help: {text}"),
            Err(reason) => panic!("`{line}` was refused: {reason}"),
        }
    }

    fn refusal(line: &str) -> String {
        match asked(line) {
            Err(reason) => reason,
            Ok(_) => panic!("`{line}` was accepted"),
        }
    }

    fn help(line: &str) -> String {
        match asked(line) {
            Ok(Asked::Help(text)) => text,
            _ => panic!("`{line}` did not give help"),
        }
    }

    #[test]
    fn without_a_command_all_are_listed() {
        for line in ["", "help", "--help", "-h"] {
            let text = help(line);
            assert!(text.contains("serve it"), "{text}");
            assert!(text.contains("build it"), "{text}");
        }
    }

    #[test]
    fn help_after_a_command_explains_its_flags() {
        assert!(help("serve --help").contains("--port N"));
        assert!(help("build -h").contains("no flags"));
    }

    #[test]
    fn flags_are_read_with_a_space_or_an_equals_sign() {
        assert_eq!(flags("serve --port 9000").number("--port"), Some(9000));
        assert_eq!(flags("serve --port=9000").number("--port"), Some(9000));
        assert_eq!(flags("serve --seconds 9").number("--seconds"), Some(9));
        assert_eq!(flags("serve").number("--port"), None);
        assert!(flags("serve --quick").has("--quick"));
        assert!(!flags("serve").has("--quick"));
    }

    #[test]
    fn an_unknown_command_is_named_and_the_known_ones_are_listed() {
        let text = refusal("bild");
        assert!(text.contains("`bild`") && text.contains("build it"), "{text}");
    }

    #[test]
    fn an_unknown_flag_is_named_and_the_known_ones_are_listed() {
        let text = refusal("serve --prot 1");
        assert!(text.contains("`--prot`") && text.contains("--port N"), "{text}");
        assert!(refusal("build now").contains("`now`"));
    }

    #[test]
    fn a_wrong_value_is_explained() {
        assert!(refusal("serve --port").contains("needs a port"));
        for port in ["0", "65536", "-1", "http"] {
            assert!(refusal(&format!("serve --port {port}")).contains(&format!("`{port}`")));
        }
        assert!(refusal("serve --seconds").contains("`--seconds 60`"));
        assert!(refusal("serve --seconds 0").contains("a number of seconds from 1"));
        assert!(refusal("serve --quick=yes").contains("takes no value"));
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        let text = refusal("serve --seconds 9 --quick");
        assert!(text.contains("`--quick` and `--seconds` at once"), "{text}");
        assert_eq!(flags("serve --port 1 --seconds 9").number("--seconds"), Some(9));
    }

    /// One fuzzer at a time, and a campaign is none.
    #[test]
    fn fuzz_does_one_thing() {
        let fuzz = |line: &str| parse(crate::COMMANDS, line.split_whitespace().map(str::to_owned).collect());
        for line in [
            "fuzz",
            "fuzz core --seconds 9",
            "fuzz code",
            "fuzz --seeds 9 --from 3 --jobs 256",
            "fuzz --seconds 9",
        ] {
            assert!(fuzz(line).is_ok(), "{line}");
        }
        for line in [
            "fuzz core code",
            "fuzz code --seeds 9",
            "fuzz --jobs 2 core",
            "fuzz --seeds 9 --seconds 9",
            "fuzz --jobs 0",
            "fuzz --jobs 257",
        ] {
            assert!(fuzz(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_flags_that_are_kept_apart_exist() {
        for command in crate::COMMANDS {
            for name in command
                .apart
                .iter()
                .flat_map(|(some, others)| some.iter().chain(*others))
            {
                assert!(find_flag(command, name).is_ok(), "{name}");
            }
        }
    }

    #[test]
    fn the_real_table_has_no_name_twice() {
        let mut names: Vec<_> = crate::COMMANDS.iter().map(|command| command.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
