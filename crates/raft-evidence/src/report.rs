//! What a person reads of a history that ended badly: what contradicts what, and how it came to that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use raft_core::{Body, Reason};
use raft_sim::{
    Code, Command, Event, EventId, EventKind, Fact, Instant, MessageId, Moment, Operation, Parcel, Property, Recording,
    Violation, World, kv,
};

use crate::campaign::Failure;
use crate::shrink::{Goal, Hit, watch, watch_closely};

/// More lines than this tell nobody more.
const LINES_MAX: usize = 80;

/// The code of a recording, at a moment of it: after the `#` of the page's address it shows exactly that.
#[must_use]
pub fn link(recording: &Recording, moment: Moment) -> String {
    let (_, world) = watch(recording, moment);
    let code = Code::new(recording.clone(), world.moment(), world.trace_hash());
    format!("#{}", code.encode())
}

/// The whole report on a hit: the cluster, what was done to it, the contradiction, how it came about, and the link.
#[must_use]
pub fn report(hit: &Hit) -> String {
    let mut messages = Messages::new();
    let (events, world) = watch_closely(&hit.recording, hit.moment, |world| note_messages(world, &mut messages));
    let mut text = String::new();
    let commands = hit.recording.commands.len();
    let at = seconds(hit.moment.at);
    let _ = writeln!(
        text,
        "After {commands} commands and {at} s, in a cluster of {}:",
        setting(&hit.recording)
    );
    let properties = world.properties().expect("a hit is watched");
    for violation in properties
        .violations()
        .filter(|violation| violation.event.0 + 100 >= world.events())
    {
        let _ = writeln!(
            text,
            "\n  {} is violated at {} s:",
            violation.property.id(),
            seconds(violation.at)
        );
        for fact in violation.facts {
            let _ = writeln!(text, "    {}", fact_in_words(&fact, &events));
        }
    }
    if hit.goal == Goal::Panics {
        let _ = writeln!(text, "\n  An assertion fails in the next step.");
    }
    let guilty = properties.violations().max_by_key(|violation| violation.event);
    let told = story(&events, &messages, guilty);
    let _ = writeln!(text, "\n  How it came about (# is an event, <- its cause):");
    let left_out = told.len().saturating_sub(LINES_MAX);
    if left_out > 0 {
        let _ = writeln!(text, "    … {left_out} earlier lines");
    }
    for line in &told[left_out..] {
        let _ = writeln!(text, "    {line}");
    }
    let _ = writeln!(text, "\n  See it: {}", link(&hit.recording, hit.moment));
    text
}

/// The report on what a failure has been shrunk to; if it could not be seen again, at least where to see all of it.
#[must_use]
pub fn of_failure(failure: &Failure, shrunk: Option<&Hit>) -> String {
    shrunk.map_or_else(
        || {
            format!(
                "It cannot be seen again by the clock alone, and is not shrunk.\n\n  See it: {}\n",
                link(&failure.recording, failure.moment)
            )
        },
        report,
    )
}

fn seconds(at: Instant) -> String {
    format!("{}.{:06}", at.0 / 1_000_000, at.0 % 1_000_000)
}

/// The size of the cluster, and what is not as usual.
fn setting(recording: &Recording) -> String {
    let config = &recording.config;
    let raft = &config.raft;
    let mut parts = vec![format!("{} servers", config.servers)];
    let off = raft_core::Rule::ALL.iter().filter(|&&rule| !raft.rules.has(rule));
    parts.extend(off.map(|rule| format!("rule {} off", rule.id())));
    if raft.election_style != raft_core::ElectionStyle::Standard {
        parts.push("elections in two stages".to_owned());
    }
    let options = [
        (raft.pre_vote, "PreVote"),
        (raft.check_quorum, "CheckQuorum"),
        (raft.lease_drift_ppm_max.is_some(), "leases"),
    ];
    parts.extend(options.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
    if let Some(workload) = &config.workload {
        parts.push(format!("{} clients of their own", workload.clients));
    }
    parts.push(format!("seed {}", recording.seed));
    parts.join(", ")
}

/// Commands, and the few decisions that make a history what it is.
fn is_turn(kind: &EventKind) -> bool {
    match kind {
        EventKind::Commanded(_) | EventKind::Violated(_) | EventKind::Crashed { .. } => true,
        EventKind::Because(reason) => matches!(
            reason,
            Reason::Elected { .. }
                | Reason::MajorityMatched { .. }
                | Reason::SnapshotInstalled { .. }
                | Reason::ConfigurationInForce { .. }
                | Reason::QuorumLost { .. }
                | Reason::Removed { .. }
                | Reason::EntriesAccepted { truncated: 1.., .. }
        ),
        _ => false,
    }
}

/// What led there: all commands and turns; the chains of causes of the guilty event and of what made each of the two facts true, each
/// back to its first cause; and the votes in the terms that the facts are about.
#[must_use]
pub fn story(events: &[Event], messages: &Messages, violation: Option<&Violation>) -> Vec<String> {
    let mut told: BTreeSet<EventId> = BTreeSet::new();
    for event in events {
        if is_turn(&event.kind) {
            told.insert(event.id);
        }
    }
    if let Some(violation) = violation {
        told.extend(causes(events, violation.event));
        for fact in &violation.facts {
            told.extend(
                origins(events, fact)
                    .into_iter()
                    .flat_map(|event| causes(events, event)),
            );
        }
    }
    let told = told.iter().filter_map(|&id| event(events, id));
    told.map(|event| line(event, messages)).collect()
}

fn event(events: &[Event], id: EventId) -> Option<&Event> {
    let place = events.binary_search_by_key(&id, |event| event.id).ok()?;
    events.get(place)
}

/// An event and its chain of causes, back to the first.
#[must_use]
pub fn causes(events: &[Event], id: EventId) -> Vec<EventId> {
    std::iter::successors(Some(id), |&id| event(events, id)?.cause).collect()
}

/// The events that made a fact true.
fn origins(events: &[Event], fact: &Fact) -> Vec<EventId> {
    let mut all = events.iter();
    let first = |is_it: &dyn Fn(&Event) -> bool| events.iter().find(|event| is_it(event)).map(|event| event.id);
    match *fact {
        Fact::Leads { server, term }
        | Fact::Lacks {
            server,
            leads_term: term,
            ..
        } => {
            let votes = all.filter(|event| match event.kind {
                EventKind::Because(Reason::VoteGranted { to, term: of }) => to == server && of == term,
                EventKind::Because(Reason::Elected { term: of, .. }) => event.server == Some(server) && of == term,
                _ => false,
            });
            votes.map(|event| event.id).collect()
        }
        Fact::Committed { index, term, .. } | Fact::Applied { index, term, .. } => {
            let of = fact.server();
            let applied = all
                .find(|event| event.kind == EventKind::Applied { index, term } && (of.is_none() || event.server == of));
            let made = first(&|event| event.kind == EventKind::Because(Reason::Appended { index, term }));
            applied.map(|event| event.id).into_iter().chain(made).collect()
        }
        Fact::Has { index, term, .. } => {
            let made = first(&|event| event.kind == EventKind::Because(Reason::Appended { index, term }));
            made.into_iter().collect()
        }
        Fact::Told { client, serial, .. }
        | Fact::Returned { client, serial, .. }
        | Fact::ToldBefore { client, serial }
        | Fact::Rival { client, serial }
        | Fact::Saw { client, serial } => {
            let is_it = |event: &&Event| match event.kind {
                EventKind::Returned {
                    client: c, serial: s, ..
                }
                | EventKind::Called {
                    client: c, serial: s, ..
                } => (c, s) == (client, serial),
                _ => false,
            };
            all.filter(is_it).map(|event| event.id).collect()
        }
        Fact::Rewrote { .. } | Fact::NeverSo | Fact::Works { .. } | Fact::NobodyLeads | Fact::Behind { .. } => {
            Vec::new()
        }
    }
}

fn line(event: &Event, messages: &Messages) -> String {
    let server = event
        .server
        .map_or_else(|| "        ".to_owned(), |id| format!("server {id}"));
    let cause = event
        .cause
        .map_or_else(String::new, |cause| format!("  <- #{}", cause.0));
    format!(
        "{} {server}  {}  #{}{cause}",
        seconds(event.at),
        kind_in_words(&event.kind, messages),
        event.id.0
    )
}

/// What the messages say, by their numbers.
pub type Messages = BTreeMap<MessageId, String>;

/// Notes what the messages say that have just left.
pub fn note_messages(world: &World, messages: &mut Messages) {
    for in_flight in world.in_flight() {
        if let Parcel::Raft(message) = &in_flight.parcel {
            let says = || format!("{} (term {})", body_in_words(&message.body), message.term);
            messages.entry(in_flight.id).or_insert_with(says);
        }
    }
}

fn body_in_words<C>(body: &Body<C>) -> String {
    match body {
        Body::RequestPreVote { last, .. } => format!("RequestPreVote, log up to {}@{}", last.index, last.term),
        Body::RequestPreVoteReply { granted, .. } => format!("RequestPreVote's answer, granted {granted}"),
        Body::RequestVote { last, .. } => format!("RequestVote, log up to {}@{}", last.index, last.term),
        Body::RequestVoteReply { granted } => format!("RequestVote's answer, granted {granted}"),
        Body::AppendEntries(request) => {
            let (previous, entries, commit) = (request.previous, request.entries.len(), request.commit);
            format!(
                "AppendEntries after {}@{}, {entries} entries, commit {commit}",
                previous.index, previous.term
            )
        }
        Body::AppendEntriesReply { match_index, .. } => format!("AppendEntries' answer, match {match_index}"),
        Body::AppendEntriesRejected { previous_index, .. } => {
            format!("AppendEntries' rejection after {previous_index}")
        }
        Body::InstallSnapshot(piece) => format!("InstallSnapshot up to {}@{}", piece.last.index, piece.last.term),
        Body::InstallSnapshotReply { next_offset, .. } => format!("InstallSnapshot's answer, {next_offset} bytes"),
        Body::TimeoutNow => "TimeoutNow".to_owned(),
    }
}

fn kind_in_words(kind: &EventKind, messages: &Messages) -> String {
    let says = |message: &MessageId| {
        let known = messages.get(message).cloned();
        known.unwrap_or_else(|| format!("message {}", message.0))
    };
    match kind {
        EventKind::Sent { message, to } => format!("sends to {to}: {}", says(message)),
        EventKind::Delivered { message, from } => format!("receives from {from}: {}", says(message)),
        EventKind::Lost { message, from } => format!("does not receive from {from}: {}", says(message)),
        EventKind::Commanded(command) => format!("** {}", command_in_words(command)),
        EventKind::Violated(violation) => format!("!! {} is violated", violation.property.id()),
        EventKind::Called { client, operation, .. } => {
            format!("client {} wants to {}", client.0, operation_in_words(operation))
        }
        EventKind::Returned { client, answer, .. } => {
            format!("client {} is told: {}", client.0, answer_in_words(answer))
        }
        other => plain_words(&format!("{other:?}")),
    }
}

/// What a command does, in words.
#[must_use]
pub fn command_in_words(command: &Command) -> String {
    match command {
        Command::Ask { client, to, operation } => {
            let to = to.map_or_else(String::new, |to| format!(", and asks server {to}"));
            format!("client {} wants to {}{to}", client.0, operation_in_words(operation))
        }
        Command::Cut { from, to } => format!("nothing gets from server {from} to server {to}"),
        Command::Heal { from, to } => format!("server {from} reaches server {to} again"),
        other => plain_words(&format!("{other:?}")),
    }
}

fn operation_in_words(operation: &Operation) -> String {
    match operation {
        Operation::Write(kv::Write::Put { key, value }) => format!("put {key}={value}"),
        Operation::Write(kv::Write::CompareAndSet { key, expected, value }) => {
            format!(
                "put {key}={value} if it is {}",
                expected.as_deref().unwrap_or("nothing")
            )
        }
        Operation::Read { key, mode } => format!("read {key} ({})", plain_words(&format!("{mode:?}"))),
    }
}

fn answer_in_words(answer: &kv::Answer) -> String {
    match answer {
        kv::Answer::Written => "it is written".to_owned(),
        kv::Answer::NotAsExpected => "something else was there".to_owned(),
        kv::Answer::Value(value) => format!("there is {}", value.as_deref().unwrap_or("nothing")),
    }
}

/// One half of a contradiction, in words; what clients were told is looked up in the events.
#[must_use]
pub fn fact_in_words(fact: &Fact, events: &[Event]) -> String {
    let call = |client: raft_sim::ClientId, serial: raft_sim::Serial| {
        let mut told = String::new();
        for event in events {
            match &event.kind {
                EventKind::Called {
                    client: c,
                    serial: s,
                    operation,
                } if (*c, *s) == (client, serial) => {
                    let _ = write!(told, "client {} wanted to {}", c.0, operation_in_words(operation));
                }
                EventKind::Returned {
                    client: c,
                    serial: s,
                    answer,
                    ..
                } if (*c, *s) == (client, serial) => {
                    let at = seconds(event.at);
                    let _ = write!(told, ", and was told at {at} s: {}", answer_in_words(answer));
                }
                _ => (),
            }
        }
        told
    };
    match *fact {
        Fact::Leads { server, term } => format!("server {server} leads term {term}"),
        Fact::Rewrote {
            server,
            term,
            index,
            last_index,
        } => format!(
            "server {server}, leader of term {term}, wrote at index {index} although its log went to {last_index}"
        ),
        Fact::Has {
            server,
            index,
            term,
            previous_term,
        } => format!("server {server} has at index {index} an entry of term {term}, after one of term {previous_term}"),
        Fact::Committed { index, term, in_term } => {
            format!("the entry of term {term} at index {index} was committed in term {in_term}")
        }
        Fact::Lacks {
            server,
            leads_term,
            index,
        } => {
            format!(
                "server {server} leads term {leads_term} and does not have it: it has something else, or nothing, at index {index}"
            )
        }
        Fact::Applied { server, index, term } => {
            format!("server {server} applied an entry of term {term} at index {index}")
        }
        Fact::Told { client, serial, index } => {
            format!("{} (index {index})", call(client, serial))
        }
        Fact::Returned { client, serial, .. } => call(client, serial),
        Fact::ToldBefore { client, serial } => format!("before that: {}", call(client, serial)),
        Fact::Rival { client, serial } => format!("on the same value: {}", call(client, serial)),
        Fact::Saw { client, serial } => format!("but it was seen: {}", call(client, serial)),
        Fact::NeverSo => "no write ever made it so".to_owned(),
        Fact::Works { since } => format!("everything has worked since {} s", seconds(since)),
        Fact::NobodyLeads => "there is still nobody whom all members follow".to_owned(),
        Fact::Behind { server, applied, of } => {
            format!("server {server} has still applied the log only up to {applied}, of {of}")
        }
    }
}

/// Makes sentences, more or less, of what `Debug` says: `VoteGranted { to: NodeId(2), term: Term(3) }` becomes
/// `vote granted: to 2, term 3`. So nothing that is new in the core can be missing here.
fn plain_words(debug: &str) -> String {
    const WRAPPERS: &[&str] = &[
        "NodeId(",
        "Term(",
        "Index(",
        "Instant(",
        "Seq(",
        "MessageId(",
        "ClientId(",
        "Serial(",
        "ReadId(",
        "Round(",
        "Because(",
        "Some(",
        "One ",
    ];
    let mut text = debug.to_owned();
    for wrapper in WRAPPERS {
        text = text.replace(wrapper, "");
    }
    let text = text
        .replace(") }", " }")
        .replace("),", ",")
        .replace(" {", ":")
        .replace(" }", "")
        .replace(')', "");
    let mut words = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
        before = letter;
    }
    words.replace(": ", " ").replace('_', " ").trim().to_owned()
}

/// Which property was violated in a world at a hit, if its history is played again.
#[must_use]
pub fn violated(recording: &Recording, moment: Moment) -> Vec<Property> {
    let (_, world) = watch(recording, moment);
    violations(&world).iter().map(|violation| violation.property).collect()
}

fn violations(world: &World) -> Vec<Violation> {
    let properties = world.properties();
    properties
        .map(|properties| properties.violations().copied().collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use raft_core::{NodeId, Term};
    use raft_sim::Config;

    use super::*;
    use crate::campaign::Problem;
    use crate::shrink::{Script, play_through, shrink};

    #[test]
    fn a_failure_that_is_not_shrunk_has_its_link() {
        let script = Script {
            config: Config::default(),
            seed: 3,
            commands: vec![(Instant(200_000), Command::Crash { server: NodeId(1) })],
        };
        let (recording, world) = play_through(&script, Instant(900_000));
        let failure = Failure {
            seed: 3,
            recording,
            moment: world.moment(),
            problem: Problem::NoAnswer,
        };
        let goal = Goal::of(&failure.problem);
        let hit = shrink(&failure.recording, goal, failure.moment.at);
        assert!(hit.is_none(), "nobody waits");
        let text = of_failure(&failure, hit.as_ref());
        let code = text.rsplit('#').next().expect("the last line is a link");
        let code = Code::decode(code.trim()).expect("which can be read");
        assert_eq!((code.recording, code.moment), (failure.recording, failure.moment));
    }

    #[test]
    fn data_reads_like_words() {
        let granted = EventKind::Because(Reason::VoteGranted {
            to: NodeId(2),
            term: Term(3),
        });
        assert_eq!(kind_in_words(&granted, &Messages::new()), "vote granted to 2, term 3");
        let disk = Command::StallDisk { server: NodeId(1) };
        assert_eq!(command_in_words(&disk), "stall disk server 1");
    }
}
