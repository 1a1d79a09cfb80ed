//! The commands of the transcripts.
//!
//! A script is read by the crate `goldenscript`: commands, a line `---`, and what they bring about. A command in
//! parentheses is carried out in silence.

mod cluster;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use goldenscript::{Context, Runner};
use raft_core::{
    AppendEntries, Body, Change, Configuration, ElectionStyle, Index, Input, InstallSnapshot, Message, NodeId, ReadId,
    ReadMode, Round, Rule, Settings, Snapshot, Term,
};

use cluster::{Cluster, Result, Which, parse_entries, parse_members, parse_place};
pub(crate) use words::{REASONS, REFUSALS};

/// What a script can say. Servers are named by their numbers.
#[derive(goldenscript::Command)]
pub(crate) enum Command {
    /// `cluster 3`: as many servers with empty disks. Each waits exactly 150 ms for a leader, unless `election`
    /// says otherwise (`election=150-300`): in a script clocks move only when told, so chance shows nothing.
    /// `members={1,2+3}` has learners. `without=majority` switches a rule off. `lease=100000` lets clocks drift by as
    /// many millionths. `rounds=true` shows the rounds of messages.
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
        #[arg(key)]
        members: Option<String>,
        #[arg(key, optional)]
        pre_vote: bool,
        #[arg(key, optional)]
        check_quorum: bool,
        #[arg(key, optional)]
        two_stage: bool,
        #[arg(key)]
        lease: Option<u64>,
        /// How many bytes may wait to be committed.
        #[arg(key)]
        uncommitted_bytes: Option<u64>,
        /// How many entries stay when the log is compacted.
        #[arg(key)]
        keeps: Option<u64>,
        #[arg(key)]
        chunk_bytes: Option<usize>,
        #[arg(key)]
        without: Option<String>,
        #[arg(key, optional)]
        rounds: bool,
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
        /// `snapshot=3@1`: of everything up to there, with these `members` and this `data`.
        #[arg(key)]
        snapshot: Option<String>,
        #[arg(key)]
        members: Option<String>,
        #[arg(key, optional)]
        data: String,
    },
    /// `join 4`: a new server, which knows of no member.
    Join { server: u64 },
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
    /// `read 1 id=7`: a client wants to read; `mode=lease`, `mode=local`.
    Read {
        server: u64,
        #[arg(key)]
        id: u64,
        #[arg(key, optional)]
        mode: String,
    },
    /// `add 1 4`: server 1 is asked to make server 4 a voter.
    Add { server: u64, member: u64 },
    /// `add_learner 1 4`: server 1 is asked to make server 4 a learner.
    AddLearner { server: u64, member: u64 },
    /// `remove 1 4`: server 1 is asked to remove server 4.
    Remove { server: u64, member: u64 },
    /// `replace 1 members={1,2,4}`: server 1 is asked for these members, by joint consensus.
    Replace {
        server: u64,
        #[arg(key)]
        members: String,
    },
    /// `transfer 1 to=2`: server 1 is asked to hand over.
    Transfer {
        server: u64,
        #[arg(key)]
        to: u64,
    },
    /// `compact 1 index=3 data=abc`: its state machine is `abc` after entry 3, and has been written down.
    Compact {
        server: u64,
        #[arg(key)]
        index: u64,
        #[arg(key, optional)]
        data: String,
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
        #[arg(key)]
        round: Option<u64>,
        /// Whether the candidate has been told to stand.
        #[arg(key, optional)]
        transfer: bool,
        /// The term about which is asked.
        #[arg(key)]
        next_term: Option<u64>,
        /// The configuration of a snapshot.
        #[arg(key)]
        members: Option<String>,
        #[arg(key)]
        offset: Option<u64>,
        #[arg(key, optional)]
        data: String,
        #[arg(key, optional)]
        done: bool,
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
                members,
                pre_vote,
                check_quorum,
                two_stage,
                lease,
                uncommitted_bytes,
                keeps,
                chunk_bytes,
                without,
                rounds,
            } => {
                let (min, max) = match election {
                    Some(range) => range.split_once('-').ok_or("a range is written 150-300")?,
                    None => ("150", "150"),
                };
                let default = Settings::default();
                let mut rules = default.rules;
                if let Some(id) = without {
                    rules = rules.without(Rule::from_id(id).ok_or("there is no such rule")?);
                }
                let settings = Settings {
                    election_timeout_us_min: min.parse::<u64>()? * 1_000,
                    election_timeout_us_max: max.parse::<u64>()? * 1_000,
                    batch_bytes_max: batch_bytes.unwrap_or(default.batch_bytes_max),
                    in_flight_max: in_flight.unwrap_or(default.in_flight_max),
                    announce_commit: *announce_commit,
                    election_style: match two_stage {
                        true => ElectionStyle::TWO_STAGE,
                        false => ElectionStyle::Standard,
                    },
                    pre_vote: *pre_vote,
                    check_quorum: *check_quorum,
                    lease_drift_ppm_max: *lease,
                    uncommitted_bytes_max: uncommitted_bytes.unwrap_or(default.uncommitted_bytes_max),
                    compaction_keeps: keeps.unwrap_or(default.compaction_keeps),
                    snapshot_chunk_bytes: chunk_bytes.unwrap_or(default.snapshot_chunk_bytes),
                    rules,
                    ..default
                };
                settings.check()?;
                let configuration = match members {
                    Some(members) => parse_members(members)?,
                    None => Configuration::new((1..=*size).map(NodeId)),
                };
                if configuration.members().count() as u64 != *size {
                    return Err("the members are not as many as the servers".into());
                }
                *cluster = Cluster::new(&configuration, settings, *rounds);
            }
            Command::Disk {
                server,
                term,
                vote,
                log,
                snapshot,
                members,
                data,
            } => {
                let entries = parse_entries(log)?;
                let last = snapshot.as_deref().map(parse_place).transpose()?;
                let members = members.as_deref().map(parse_members).transpose()?;
                cluster.use_disk(NodeId(*server), |disk| {
                    if let Some(last) = last {
                        disk.log.reset(last);
                        disk.snapshot = Arc::new(Snapshot {
                            last,
                            configuration: members.unwrap_or(disk.snapshot.configuration.clone()),
                            data: data.clone().into_bytes(),
                        });
                    }
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
                    cluster.ask(NodeId(*server), Input::Propose(format!("{key}={value}")))?;
                }
            }
            Command::Join { server } => cluster.join(NodeId(*server))?,
            Command::Read { server, id, mode } => {
                let mode = match mode.as_str() {
                    "" => ReadMode::ReadIndex,
                    "lease" => ReadMode::Lease,
                    "local" => ReadMode::Local,
                    _ => return Err("a read is lease or local, or neither".into()),
                };
                cluster.ask(NodeId(*server), Input::Read { id: ReadId(*id), mode })?;
            }
            Command::Add { server, member } => change(cluster, *server, Change::AddVoter(NodeId(*member)))?,
            Command::AddLearner { server, member } => change(cluster, *server, Change::AddLearner(NodeId(*member)))?,
            Command::Remove { server, member } => change(cluster, *server, Change::Remove(NodeId(*member)))?,
            Command::Replace { server, members } => change(cluster, *server, Change::Replace(parse_members(members)?))?,
            Command::Transfer { server, to } => {
                cluster.ask(NodeId(*server), Input::TransferLeadership { to: NodeId(*to) })?;
            }
            Command::Compact { server, index, data } => {
                let (index, data) = (Index(*index), data.clone().into_bytes());
                cluster.ask(NodeId(*server), Input::Compact { index, data })?;
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

fn change(cluster: &mut Cluster, server: u64, change: Change) -> Result<()> {
    cluster.ask(NodeId(server), Input::ChangeMembers(change))
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
        round,
        transfer,
        next_term,
        members,
        offset,
        data,
        done,
        ..
    } = command
    else {
        return Err("only messages have a body".into());
    };
    let place = |text: &Option<String>| parse_place(text.as_deref().unwrap_or("0@0"));
    // The first of a reign: what asks about none is not answered.
    let round = Round(round.unwrap_or(1));
    let next_term = Term(next_term.unwrap_or_default());
    let (last, transfer) = (place(last)?, *transfer);
    Ok(match kind.as_str() {
        "prevote" => Body::RequestPreVote { next_term, last },
        "would" => Body::RequestPreVoteReply {
            next_term,
            granted: true,
        },
        "would_not" => Body::RequestPreVoteReply {
            next_term,
            granted: false,
        },
        "vote" => Body::RequestVote { last, transfer },
        "granted" => Body::RequestVoteReply { granted: true },
        "denied" => Body::RequestVoteReply { granted: false },
        "append" => Body::AppendEntries(AppendEntries {
            previous: place(prev)?,
            entries: parse_entries(entries.as_deref().unwrap_or_default())?.into(),
            commit: Index(commit.unwrap_or_default()),
            round,
        }),
        "accepted" => Body::AppendEntriesReply {
            match_index: Index(matched.unwrap_or_default()),
            round,
        },
        "rejected" => Body::AppendEntriesRejected {
            previous_index: place(prev)?.index,
            hint: place(hint)?,
            round,
        },
        "snapshot" => Body::InstallSnapshot(InstallSnapshot {
            last,
            configuration: parse_members(members.as_deref().unwrap_or("{1,2,3}"))?,
            offset: offset.unwrap_or_default(),
            data: data.clone().into_bytes(),
            done: *done,
            round,
        }),
        "snapshot_goes_on" => Body::InstallSnapshotReply {
            last_index: last.index,
            next_offset: offset.unwrap_or_default(),
            round,
        },
        "timeout_now" => Body::TimeoutNow,
        _ => {
            return Err(
                "a message is a prevote, would, would_not, vote, granted, denied, append, accepted, rejected, \
                        snapshot, snapshot_goes_on or timeout_now"
                    .into(),
            );
        }
    })
}
