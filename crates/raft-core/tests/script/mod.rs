//! The commands of the transcripts.
//!
//! A script is read by the crate `goldenscript`: commands, a line `---`, and what they bring about. A command in
//! parentheses is carried out in silence.

mod cluster;
mod words;

use std::collections::BTreeSet;

use goldenscript::{Context, Runner};
use raft_core::{AppendEntries, Body, Index, Message, NodeId, Settings, Term};

use cluster::{Cluster, Result, Which, parse_entries, parse_place};
pub(crate) use words::KINDS;

/// What a script can say. Servers are named by their numbers.
#[derive(goldenscript::Command)]
pub(crate) enum Command {
    /// `cluster 3`: as many servers with empty disks. Each waits exactly 150 ms for a leader, unless `election`
    /// says otherwise (`election=150-300`): in a script clocks move only when told, so chance shows nothing.
    Cluster {
        size: u64,
        #[arg(key)]
        election: Option<String>,
        #[arg(key)]
        batch_bytes: Option<u64>,
        #[arg(key)]
        in_flight: Option<usize>,
        #[arg(key, optional)]
        announce_commit: bool,
    },
    /// `disk 1 term=3 vote=2 log="1 1:a 2"`: the server starts with this.
    Disk {
        server: u64,
        #[arg(key)]
        term: u64,
        #[arg(key)]
        vote: Option<u64>,
        #[arg(key, optional)]
        log: String,
    },
    /// Its clock moves to where its election timer runs out.
    Timeout { server: u64 },
    /// The leader's clock moves to its next heartbeat.
    Heartbeat { server: u64 },
    /// The candidate's clock moves to where it asks again.
    AskAgain { server: u64 },
    /// `wait 1 ms=20`: its clock moves on.
    Wait {
        server: u64,
        #[arg(key)]
        ms: u64,
    },
    /// `persist 1`: its writes are durable; `writes=1`: only the oldest.
    Persist {
        server: u64,
        #[arg(key)]
        writes: Option<usize>,
    },
    /// `deliver from=1 to=2`: messages on the way arrive; `only=2`: the second of those that fit.
    Deliver {
        #[arg(key)]
        from: Option<u64>,
        #[arg(key)]
        to: Option<u64>,
        #[arg(key)]
        only: Option<usize>,
    },
    /// Messages on the way are lost, chosen as in `deliver`.
    Drop {
        #[arg(key)]
        from: Option<u64>,
        #[arg(key)]
        to: Option<u64>,
        #[arg(key)]
        only: Option<usize>,
    },
    /// Messages on the way are doubled, chosen as in `deliver`.
    Duplicate {
        #[arg(key)]
        from: Option<u64>,
        #[arg(key)]
        to: Option<u64>,
        #[arg(key)]
        only: Option<usize>,
    },
    /// `propose 1 x=3`: a client asks the server for it; several are asked for one after the other.
    Propose {
        server: u64,
        #[arg(key, many)]
        assignments: Vec<(String, String)>,
    },
    /// `crash 1`: it loses all that is not durable; `writes=1`: the oldest write has just reached the disk.
    Crash {
        server: u64,
        #[arg(key, optional)]
        writes: usize,
    },
    /// It starts from its disk.
    Restart { server: u64 },
    /// Writes become durable and messages arrive until none is left; `stabilize 1 2`: only theirs.
    Stabilize(#[arg(optional)] Vec<u64>),
    /// What the servers are; `status 1`: only this one.
    Status(#[arg(optional)] Vec<u64>),
    /// What is on the way.
    Network,
    /// `message granted from=2 to=1 term=1`: a message out of nowhere, also one that no server sends.
    /// With `at=3` it arrives at a server that it is not meant for.
    Message {
        kind: String,
        #[arg(key)]
        from: u64,
        #[arg(key)]
        to: u64,
        #[arg(key)]
        at: Option<u64>,
        #[arg(key)]
        term: u64,
        /// The end of the candidate's log.
        #[arg(key)]
        last: Option<String>,
        /// The entry before the new ones.
        #[arg(key)]
        prev: Option<String>,
        #[arg(key)]
        entries: Option<String>,
        #[arg(key)]
        commit: Option<u64>,
        #[arg(key = "match")]
        matched: Option<u64>,
        /// Where the logs may agree.
        #[arg(key)]
        hint: Option<String>,
    },
}

/// Plays a script.
#[derive(Default)]
pub(crate) struct Player {
    cluster: Cluster,
    /// The kinds of reasons that the transcript shows.
    pub(crate) shown: BTreeSet<&'static str>,
}

impl Runner for Player {
    type Command = Command;

    fn run(&mut self, command: &Command, context: &Context) -> Result<String> {
        self.carry_out(command)?;
        let (told, kinds) = self.cluster.take();
        if !context.silent {
            self.shown.extend(kinds);
        }
        Ok(told)
    }
}

impl Player {
    fn carry_out(&mut self, command: &Command) -> Result<()> {
        let cluster = &mut self.cluster;
        match command {
            Command::Cluster {
                size,
                election,
                batch_bytes,
                in_flight,
                announce_commit,
            } => {
                let (min, max) = match election {
                    Some(range) => range.split_once('-').ok_or("a range is written 150-300")?,
                    None => ("150", "150"),
                };
                let default = Settings::default();
                let settings = Settings {
                    election_timeout_us_min: min.parse::<u64>()? * 1_000,
                    election_timeout_us_max: max.parse::<u64>()? * 1_000,
                    batch_bytes_max: batch_bytes.unwrap_or(default.batch_bytes_max),
                    in_flight_max: in_flight.unwrap_or(default.in_flight_max),
                    announce_commit: *announce_commit,
                    ..default
                };
                settings.check()?;
                *cluster = Cluster::new(*size, settings);
            }
            Command::Disk {
                server,
                term,
                vote,
                log,
            } => {
                let entries = parse_entries(log)?;
                cluster.use_disk(NodeId(*server), |disk| {
                    disk.hard_state.current_term = Term(*term);
                    disk.hard_state.voted_for = vote.map(NodeId);
                    for entry in entries {
                        disk.log.append(entry);
                    }
                })?;
            }
            Command::Timeout { server } => cluster.election_timeout(NodeId(*server))?,
            Command::Heartbeat { server } | Command::AskAgain { server } => cluster.retry_timeout(NodeId(*server))?,
            Command::Wait { server, ms } => cluster.wait(NodeId(*server), *ms)?,
            Command::Persist { server, writes } => cluster.persist(NodeId(*server), *writes)?,
            Command::Deliver { from, to, only } => cluster.deliver(&which(*from, *to, *only))?,
            Command::Drop { from, to, only } => cluster.lose(&which(*from, *to, *only))?,
            Command::Duplicate { from, to, only } => cluster.duplicate(&which(*from, *to, *only))?,
            Command::Propose { server, assignments } => {
                for (key, value) in assignments {
                    cluster.propose(NodeId(*server), format!("{key}={value}"))?;
                }
            }
            Command::Crash { server, writes } => cluster.crash(NodeId(*server), *writes)?,
            Command::Restart { server } => cluster.restart(NodeId(*server))?,
            Command::Stabilize(servers) => cluster.stabilize(&these_or_all(cluster, servers))?,
            Command::Status(servers) => {
                for id in these_or_all(cluster, servers) {
                    cluster.tell_status(id)?;
                }
            }
            Command::Network => cluster.tell_network(),
            Command::Message { from, to, at, term, .. } => {
                let message = Message {
                    from: NodeId(*from),
                    to: NodeId(*to),
                    term: Term(*term),
                    body: body(command)?,
                };
                cluster.arrive_at(NodeId(at.unwrap_or(*to)), message)?;
            }
        }
        Ok(())
    }
}

fn which(from: Option<u64>, to: Option<u64>, only: Option<usize>) -> Which {
    Which {
        from: from.map(NodeId),
        to: to.map(NodeId),
        only,
    }
}

fn these_or_all(cluster: &Cluster, servers: &[u64]) -> Vec<NodeId> {
    if servers.is_empty() {
        cluster.ids()
    } else {
        servers.iter().copied().map(NodeId).collect()
    }
}

/// What a message out of nowhere says.
fn body(command: &Command) -> Result<Body<String>> {
    let Command::Message {
        kind,
        last,
        prev,
        entries,
        commit,
        matched,
        hint,
        ..
    } = command
    else {
        return Err("only messages have a body".into());
    };
    let place = |text: &Option<String>| parse_place(text.as_deref().unwrap_or("0@0"));
    Ok(match kind.as_str() {
        "vote" => Body::RequestVote { last: place(last)? },
        "granted" => Body::RequestVoteReply { granted: true },
        "denied" => Body::RequestVoteReply { granted: false },
        "append" => Body::AppendEntries(AppendEntries {
            previous: place(prev)?,
            entries: parse_entries(entries.as_deref().unwrap_or_default())?,
            commit: Index(commit.unwrap_or_default()),
        }),
        "accepted" => Body::AppendEntriesReply {
            match_index: Index(matched.unwrap_or_default()),
        },
        "rejected" => Body::AppendEntriesRejected {
            previous_index: place(prev)?.index,
            hint: place(hint)?,
        },
        _ => return Err("a message is a vote, granted, denied, append, accepted or rejected".into()),
    })
}
