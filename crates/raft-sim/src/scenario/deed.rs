//! What a script can do: in the words of a person, and as the commands of the world that it comes to.

use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{Change, Configuration, NodeId, ReadMode, Rule};

use super::error::{ParseError, ParseErrorKind};
use super::line::Line;
use super::play::FailureKind;
use super::setting::Setting;
use super::who::{Letters, Who};
use crate::{Clock, Command, DiskConfig, Links, Operation, Server, World, kv};

/// Something that a script does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Something to servers.
    To(Act, Who),
    /// From now on their disks take this long.
    Disk(Who, DiskConfig),
    /// From now on their clocks run fast by so many millionths.
    Drift(Who, i64),
    /// Links are cut, or whole again.
    Links {
        /// Whether they are cut.
        cut: bool,
        /// From these servers.
        from: Who,
        /// To these.
        to: Who,
        /// And in the other direction.
        both_ways: bool,
    },
    /// Only servers of one group reach each other.
    Partition(Vec<Group>),
    /// All links are whole again.
    HealAll,
    /// From now on links are so.
    Link(LinkChange, Option<(Who, Who)>),
    /// Something to messages.
    Letters(Meddling, Which, Letters),
    /// From now on no message is meddled with.
    LeaveLetters,
    /// A client wants something.
    Ask(ClientId, Option<Who>, Operation),
    /// The members change.
    Members(Change),
    /// The leader hands over.
    Transfer(Who),
    /// A rule is switched.
    Rule(Rule, bool),
    /// Every server gets another setting.
    Set(Setting),
}

/// What is done to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It stops.
    Crash,
    /// It starts again.
    Restart,
    /// It stands still.
    Pause,
    /// It goes on.
    Resume,
    /// Its timer runs out now; that of a candidate, for the election.
    TimeOut,
    /// Nothing becomes durable.
    Stall,
    /// Things become durable again.
    Unstall,
    /// It takes a snapshot.
    Snapshot,
    /// All its links are cut.
    Isolate,
    /// All its links are whole again.
    Rejoin,
}

/// Servers that reach each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// These.
    These(Vec<Who>),
    /// All that are not named.
    Rest,
}

/// How links change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// How long messages take, in microseconds.
    Latency(u64, u64),
    /// How many of a million get lost.
    Loss(u64),
    /// How many of a million arrive twice.
    Duplication(u64),
    /// How many of a million are held up.
    Reordering(u64),
}

/// What is done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meddling {
    /// It is lost.
    Drop,
    /// It takes so many microseconds longer.
    Delay(u64),
    /// It arrives twice.
    Duplicate,
}

/// Which messages of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are on their way now.
    Now,
    /// The next one that leaves.
    Next,
    /// All that leave from now on.
    Every,
}

impl Deed {
    pub(super) fn parse(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        for (words, act) in [
            ("crash", Act::Crash),
            ("restart", Act::Restart),
            ("pause", Act::Pause),
            ("resume", Act::Resume),
            ("time out", Act::TimeOut),
            ("stall the disk of", Act::Stall),
            ("unstall the disk of", Act::Unstall),
            ("take a snapshot on", Act::Snapshot),
            ("isolate", Act::Isolate),
            ("rejoin", Act::Rejoin),
        ] {
            if line.takes(words) {
                return Who::parse(line).map(|who| Deed::To(act, who));
            }
        }
        for (word, change) in [
            ("loss", LinkChange::Loss as fn(u64) -> LinkChange),
            ("duplication", LinkChange::Duplication),
            ("reordering", LinkChange::Reordering),
        ] {
            if line.takes(word) {
                let link = parse_link(line)?;
                return Ok(Deed::Link(change(line.share_ppm()?), link));
            }
        }
        for (word, meddling) in [("drop", Meddling::Drop), ("duplicate", Meddling::Duplicate)] {
            if line.takes(word) {
                let which = Which::parse(line);
                return Ok(Deed::Letters(meddling, which, Letters::parse(line)?));
            }
        }
        if line.takes("delay") {
            let which = Which::parse(line);
            let letters = Letters::parse(line)?;
            line.wants("by")?;
            return Ok(Deed::Letters(Meddling::Delay(line.time_us()?), which, letters));
        }
        Deed::parse_longer(line)
    }

    fn parse_longer(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        if line.takes("leave messages alone") {
            Ok(Deed::LeaveLetters)
        } else if line.takes("cut") {
            Deed::parse_links(line, true)
        } else if line.takes("heal everything") {
            Ok(Deed::HealAll)
        } else if line.takes("heal") {
            Deed::parse_links(line, false)
        } else if line.takes("partition") {
            Deed::parse_partition(line)
        } else if line.takes("latency") {
            let link = parse_link(line)?;
            let (min, max) = line.times_us()?;
            Ok(Deed::Link(LinkChange::Latency(min, max), link))
        } else if line.takes("the disk of") {
            let who = Who::parse(line)?;
            line.wants("takes")?;
            let (write_us_min, write_us_max) = line.times_us()?;
            Ok(Deed::Disk(
                who,
                DiskConfig {
                    write_us_min,
                    write_us_max,
                },
            ))
        } else if line.takes("the clock of") {
            Deed::parse_clock(line)
        } else if line.takes("write") {
            Deed::parse_write(line)
        } else if line.takes("read") {
            Deed::parse_read(line)
        } else if line.takes("add learner") {
            Ok(Deed::Members(Change::AddLearner(line.server()?)))
        } else if line.takes("add voter") {
            Ok(Deed::Members(Change::AddVoter(line.server()?)))
        } else if line.takes("remove") {
            Ok(Deed::Members(Change::Remove(line.server()?)))
        } else if line.takes("replace members by") {
            let mut ids = vec![line.server()?];
            while line.takes_sign(",") {
                ids.push(line.server()?);
            }
            Ok(Deed::Members(Change::Replace(Configuration::new(ids))))
        } else if line.takes("transfer leadership to") {
            Who::parse(line).map(Deed::Transfer)
        } else if line.takes("switch off") {
            rule(line).map(|rule| Deed::Rule(rule, false))
        } else if line.takes("switch on") {
            rule(line).map(|rule| Deed::Rule(rule, true))
        } else if line.takes("set") {
            let ahead = line.clone();
            match Setting::parse(line)? {
                Some(setting) if setting.is_of_nodes() => Ok(Deed::Set(setting)),
                _ => Err(ahead.expected("a setting of the servers, like \"heartbeat: 50 ms\"")),
            }
        } else {
            Err(line.expected("something to do, like \"crash S1\", or \"expect\""))
        }
    }

    fn parse_links(line: &mut Line<'_>, cut: bool) -> Result<Deed, ParseError> {
        let from = Who::parse(line)?;
        let both_ways = line.takes_sign("<->");
        if !both_ways {
            line.takes_sign("->")
                .then_some(())
                .ok_or_else(|| line.expected("-> or <->"))?;
        }
        Ok(Deed::Links {
            cut,
            from,
            to: Who::parse(line)?,
            both_ways,
        })
    }

    fn parse_partition(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        let mut groups = Vec::new();
        loop {
            if line.takes("the rest") {
                groups.push(Group::Rest);
            } else {
                let mut group = vec![Who::parse(line)?];
                while line.takes("and") {
                    group.push(Who::parse(line)?);
                }
                groups.push(Group::These(group));
            }
            if !line.takes_sign("|") {
                return Ok(Deed::Partition(groups));
            }
        }
    }

    fn parse_clock(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        let who = Who::parse(line)?;
        line.wants("runs")?;
        if line.takes("right") {
            return Ok(Deed::Drift(who, 0));
        }
        let start = line.clone();
        let ppm = line.percent_ppm()?;
        let (sign, ppm_max) = if line.takes("fast") {
            (1, Clock::DRIFT_PPM_MAX)
        } else if line.takes("slow") {
            (-1, -Clock::DRIFT_PPM_MIN)
        } else {
            return Err(line.expected("fast or slow"));
        };
        let ppm = start.wants_at_most(ppm, ppm_max.unsigned_abs())?;
        Ok(Deed::Drift(who, sign * ppm.cast_signed()))
    }

    /// "x=1 by c1", "x=2 if x=1 by c1", "x=2 if no x by c1", each perhaps with "to S2".
    fn parse_write(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        let (key, value) = line.pair()?;
        let mut write = kv::Write::Put {
            key: key.clone(),
            value: value.clone(),
        };
        if line.takes("if") {
            let expected = if line.takes("no") {
                wants_key(line, &key)?;
                None
            } else {
                wants_key(line, &key)?;
                line.wants_sign("=")?;
                Some(line.word("a value")?.into())
            };
            write = kv::Write::CompareAndSet { key, expected, value };
        }
        let (client, to) = parse_asker(line)?;
        Ok(Deed::Ask(client, to, Operation::Write(write)))
    }

    /// "x by c1", perhaps with "to S2", and "locally" or "by lease".
    fn parse_read(line: &mut Line<'_>) -> Result<Deed, ParseError> {
        let key = line.word("a key")?.into();
        let mode = if line.takes("locally") {
            ReadMode::Local
        } else if line.takes("with lease") {
            ReadMode::Lease
        } else {
            ReadMode::ReadIndex
        };
        let (client, to) = parse_asker(line)?;
        Ok(Deed::Ask(client, to, Operation::Read { key, mode }))
    }
}

fn wants_key(line: &mut Line<'_>, key: &Arc<str>) -> Result<(), ParseError> {
    let ahead = line.clone();
    if line.word("the same key")? == &**key {
        Ok(())
    } else {
        Err(ahead.expected("the same key"))
    }
}

fn parse_asker(line: &mut Line<'_>) -> Result<(ClientId, Option<Who>), ParseError> {
    line.wants("by")?;
    let client = line.client()?;
    let to = if line.takes("to") {
        Some(Who::parse(line)?)
    } else {
        None
    };
    Ok((client, to))
}

fn parse_link(line: &mut Line<'_>) -> Result<Option<(Who, Who)>, ParseError> {
    let Some(from) = line.maybe(Who::parse) else {
        return Ok(None);
    };
    line.wants_sign("->")?;
    Ok(Some((from, Who::parse(line)?)))
}

/// A rule, by its id.
pub(super) fn rule(line: &mut Line<'_>) -> Result<Rule, ParseError> {
    match line.peek() {
        "" => Err(line.expected("a rule")),
        name => {
            let unknown = || {
                line.error(ParseErrorKind::Unknown {
                    what: "rule",
                    name: name.to_string(),
                })
            };
            let rule = Rule::from_id(name).ok_or_else(unknown)?;
            line.takes(name);
            Ok(rule)
        }
    }
}

impl Which {
    fn parse(line: &mut Line<'_>) -> Which {
        if line.takes("every") {
            Which::Every
        } else if line.takes("the next") || line.takes("next") {
            Which::Next
        } else {
            line.takes("the");
            Which::Now
        }
    }
}

impl Deed {
    /// The commands that it comes to now: at least one.
    ///
    /// # Errors
    ///
    /// Why nothing would come of it.
    pub(super) fn commands(&self, world: &World) -> Result<Vec<Command>, FailureKind> {
        let commands: Vec<Command> = match self {
            Deed::To(act, who) => {
                let ids = who.there(world)?.into_iter();
                ids.flat_map(|server| act.commands(server, world)).collect()
            }
            Deed::Disk(who, disk) => {
                let disks = who.there(world)?.into_iter().map(|server| Command::SetDisk {
                    server: Some(server),
                    disk: disk.clone(),
                });
                disks.collect()
            }
            Deed::Drift(who, ppm) => {
                let ids = who.there(world)?.into_iter();
                ids.map(|server| Command::SetDrift { server, ppm: *ppm }).collect()
            }
            Deed::Links {
                cut,
                from,
                to,
                both_ways,
            } => {
                let ways = pairs(&from.there(world)?, &to.there(world)?);
                let back = ways.iter().map(|&(from, to)| (to, from)).filter(|_| *both_ways);
                let ways = ways.iter().copied().chain(back);
                ways.map(|way| link_command(way, *cut)).collect()
            }
            Deed::Partition(groups) => vec![Command::Partition {
                groups: partition(groups, world)?,
            }],
            Deed::HealAll => vec![Command::HealAll],
            Deed::Link(change, None) => vec![change.command(Links::All)],
            Deed::Link(change, Some((from, to))) => {
                let ways = pairs(&from.there(world)?, &to.there(world)?).into_iter();
                ways.map(|(from, to)| change.command(Links::One { from, to })).collect()
            }
            Deed::Ask(client, to, operation) => {
                let to = to.as_ref().map(|who| who.there(world)).transpose()?;
                vec![Command::Ask {
                    client: *client,
                    to: to.map(|ids| ids[0]),
                    operation: operation.clone(),
                }]
            }
            Deed::Members(change) => {
                if let Change::Remove(id) = change {
                    Who::Server(*id).there(world)?;
                }
                vec![Command::ChangeMembers { change: change.clone() }]
            }
            Deed::Transfer(who) => {
                let ids = who.there(world)?.into_iter().take(1);
                ids.map(|to| Command::TransferLeadership { to }).collect()
            }
            Deed::Rule(rule, on) => vec![Command::SetRule { rule: *rule, on: *on }],
            Deed::Set(setting) => {
                let mut settings = world.settings().clone();
                setting.apply_to_nodes(&mut settings);
                settings.check().map_err(FailureKind::Settings)?;
                vec![Command::SetSettings(Arc::new(settings))]
            }
            // These are done by whoever plays the script: it sees the messages.
            Deed::Letters(..) | Deed::LeaveLetters => Vec::new(),
        };
        // From oneself to oneself there is no link.
        if commands.is_empty() {
            return Err(FailureKind::NobodyMeant);
        }
        Ok(commands)
    }
}

impl Act {
    fn commands(self, server: NodeId, world: &World) -> Vec<Command> {
        let others = || {
            world
                .servers()
                .iter()
                .map(Server::id)
                .filter(move |&other| other != server)
        };
        let all_links = |cut| {
            let ways = others().flat_map(move |other| [(server, other), (other, server)]);
            ways.map(|way| link_command(way, cut)).collect()
        };
        vec![match self {
            Act::Crash => Command::Crash { server },
            Act::Restart => Command::Restart { server },
            Act::Pause => Command::Pause { server },
            Act::Resume => Command::Resume { server },
            Act::TimeOut => Command::TimeOut { server },
            Act::Stall => Command::StallDisk { server },
            Act::Unstall => Command::UnstallDisk { server },
            Act::Snapshot => Command::TakeSnapshot { server },
            Act::Isolate => return all_links(true),
            Act::Rejoin => return all_links(false),
        }]
    }
}

impl LinkChange {
    fn command(self, on: Links) -> Command {
        match self {
            LinkChange::Latency(us_min, us_max) => Command::SetLatency { on, us_min, us_max },
            LinkChange::Loss(ppm) => Command::SetLoss { on, ppm },
            LinkChange::Duplication(ppm) => Command::SetDuplication { on, ppm },
            LinkChange::Reordering(ppm) => Command::SetReordering { on, ppm },
        }
    }
}

fn link_command((from, to): (NodeId, NodeId), cut: bool) -> Command {
    if cut {
        Command::Cut { from, to }
    } else {
        Command::Heal { from, to }
    }
}

/// From each of the one to each of the other, but to oneself.
fn pairs(from: &[NodeId], to: &[NodeId]) -> Vec<(NodeId, NodeId)> {
    let all = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
    all.filter(|(from, to)| from != to).collect()
}

fn partition(groups: &[Group], world: &World) -> Result<Vec<Vec<NodeId>>, FailureKind> {
    let named = |group: &Group| match group {
        Group::These(who) => {
            let ids: Result<Vec<_>, _> = who.iter().map(|who| who.there(world)).collect();
            ids.map(|ids| ids.concat())
        }
        Group::Rest => Ok(Vec::new()),
    };
    let mut named: Vec<Vec<NodeId>> = groups.iter().map(named).collect::<Result<_, _>>()?;
    let taken = named.concat();
    let ids = world.servers().iter().map(Server::id);
    let rest: Vec<NodeId> = ids.filter(|id| !taken.contains(id)).collect();
    for (group, members) in groups.iter().zip(&mut named) {
        if *group == Group::Rest {
            members.clone_from(&rest);
        }
    }
    Ok(named)
}
