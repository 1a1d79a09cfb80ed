//! The running hash of the history: same recording, same hash, on every machine.
//!
//! Everything is fed as 64-bit words that are written out here one by one. A derived `Hash` would not do: it writes
//! lengths in the platform's size, and what it writes may change with the compiler.

use raft_core::{
    Body, Change, Configuration, ElectionStyle, EntriesRejection, Entry, Ignorance, Message, NodeId, Payload, Position,
    Reason, Refusal, Rule, Settings, VoteDenial,
};

use crate::{Command, Event, EventKind, Fact, Links, Operation, kv};

/// A hash over all events so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceHash(pub u64);

impl std::fmt::Display for TraceHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl TraceHash {
    fn word(&mut self, word: u64) {
        // One round of a multiply and a shift: every bit of a word reaches the high half, and from there all bits
        // of the next round. It tells histories apart; it need not withstand an enemy.
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn words<const N: usize>(&mut self, words: [u64; N]) {
        for word in words {
            self.word(word);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.words([event.id.0, event.at.0, event.cause.map_or(0, |cause| cause.0)]);
        self.word(server(event.server));
        match &event.kind {
            EventKind::Commanded(command) => {
                self.word(1);
                self.command(command);
            }
            EventKind::Called {
                client,
                serial,
                operation,
            } => {
                self.words([20, client.0, serial.0]);
                self.operation(operation);
            }
            EventKind::Asked {
                client,
                serial,
                message,
                to,
            } => self.words([21, client.0, serial.0, message.0, to.0]),
            EventKind::RequestDelivered {
                message,
                client,
                serial,
            } => self.words([22, message.0, client.0, serial.0]),
            EventKind::RequestLost {
                message,
                client,
                serial,
            } => self.words([23, message.0, client.0, serial.0]),
            EventKind::Answered {
                message,
                client,
                serial,
                result,
            } => {
                self.words([24, message.0, client.0, serial.0]);
                match result {
                    Ok(answer) => self.answer(answer),
                    Err(why) => self.refusal(*why),
                }
            }
            EventKind::AnswerLost {
                message,
                client,
                serial,
            } => self.words([25, message.0, client.0, serial.0]),
            EventKind::Returned {
                client,
                serial,
                from,
                answer,
                stale,
            } => {
                self.words([26, client.0, serial.0, from.0, u64::from(*stale)]);
                self.answer(answer);
            }
            EventKind::TurnedAway {
                client,
                serial,
                from,
                why,
            } => {
                self.words([27, client.0, serial.0, from.0]);
                self.refusal(*why);
            }
            EventKind::ClientTimedOut { client, serial } => self.words([28, client.0, serial.0]),
            EventKind::Paused => self.word(29),
            EventKind::Resumed => self.word(30),
            EventKind::Duplicated { message, of } => self.words([31, message.0, of.0]),
            EventKind::Started { term } => self.words([3, term.0]),
            // Which term and vote are lost follows from the decisions and the writes before.
            EventKind::Crashed { kept, had, on_disk, .. } => self.words([4, kept.0, had.0, on_disk.0]),
            EventKind::TimerFired => self.word(5),
            EventKind::Sent { message, to } => self.words([6, message.0, to.0]),
            EventKind::Delivered { message, from } => self.words([7, message.0, from.0]),
            EventKind::Lost { message, from } => self.words([8, message.0, from.0]),
            EventKind::Undeliverable { message, from } => self.words([9, message.0, from.0]),
            EventKind::WriteIssued { seq, entries } => {
                let (first, last) = entries.unwrap_or_default();
                self.words([10, seq.0, first.0, last.0]);
            }
            EventKind::WriteDurable { seq } => self.words([11, seq.0]),
            EventKind::Applied { index, term } => self.words([12, index.0, term.0]),
            EventKind::Proposed { index, term } => self.words([13, index.0, term.0]),
            EventKind::Refused { why } => {
                self.word(14);
                self.refusal(*why);
            }
            EventKind::Because(reason) => {
                self.word(15);
                self.reason(reason);
            }
            EventKind::Restored { last } => {
                self.word(17);
                self.position(*last);
            }
            EventKind::ReadReady { id, index } => self.words([18, id.0, index.0]),
            EventKind::ReadRefused { id, why } => {
                self.words([19, id.0]);
                self.refusal(*why);
            }
            EventKind::Violated(violation) => {
                self.words([16, violation.property as u64]);
                for fact in violation.facts {
                    self.fact(fact);
                }
            }
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Crash { server } => self.words([1, server.0]),
            Command::Restart { server } => self.words([2, server.0]),
            Command::Ask { client, to, operation } => {
                self.words([3, client.0, server(*to)]);
                self.operation(operation);
            }
            Command::SetLoss { on, ppm } => {
                self.words([4, *ppm]);
                self.links(*on);
            }
            Command::Pause { server } => self.words([5, server.0]),
            Command::Resume { server } => self.words([6, server.0]),
            Command::SetDrift { server, ppm } => self.words([7, server.0, ppm.cast_unsigned()]),
            Command::TimeOut { server } => self.words([8, server.0]),
            Command::SetDisk { server: on, disk } => self.words([9, server(*on), disk.write_us_min, disk.write_us_max]),
            Command::StallDisk { server } => self.words([10, server.0]),
            Command::UnstallDisk { server } => self.words([11, server.0]),
            Command::TakeSnapshot { server } => self.words([12, server.0]),
            Command::Cut { from, to } => self.words([13, from.0, to.0]),
            Command::Heal { from, to } => self.words([14, from.0, to.0]),
            Command::Partition { groups } => {
                self.words([15, groups.len() as u64]);
                for group in groups {
                    self.servers(group.iter().copied());
                }
            }
            Command::HealAll => self.word(16),
            Command::SetLatency { on, us_min, us_max } => {
                self.words([17, *us_min, *us_max]);
                self.links(*on);
            }
            Command::SetDuplication { on, ppm } => {
                self.words([18, *ppm]);
                self.links(*on);
            }
            Command::SetReordering { on, ppm } => {
                self.words([19, *ppm]);
                self.links(*on);
            }
            Command::Drop { message } => self.words([20, message.0]),
            Command::Delay { message, by_us } => self.words([21, message.0, *by_us]),
            Command::Duplicate { message } => self.words([22, message.0]),
            Command::ChangeMembers { change } => {
                self.word(23);
                match change {
                    Change::AddVoter(id) => self.words([1, id.0]),
                    Change::AddLearner(id) => self.words([2, id.0]),
                    Change::Remove(id) => self.words([3, id.0]),
                    Change::Replace(configuration) => {
                        self.word(4);
                        self.configuration(configuration);
                    }
                }
            }
            Command::TransferLeadership { to } => self.words([24, to.0]),
            Command::SetRule { rule, on } => {
                self.words([25, u64::from(*on)]);
                self.text(rule.id());
            }
            Command::SetSettings(settings) => {
                self.word(26);
                self.settings(settings);
            }
        }
    }

    fn links(&mut self, on: Links) {
        match on {
            Links::All => self.word(0),
            Links::One { from, to } => self.words([1, from.0, to.0]),
        }
    }

    fn servers(&mut self, servers: impl ExactSizeIterator<Item = NodeId>) {
        self.word(servers.len() as u64);
        for server in servers {
            self.word(server.0);
        }
    }

    fn settings(&mut self, settings: &Settings) {
        let Settings {
            election_timeout_us_min,
            election_timeout_us_max,
            heartbeat_interval_us,
            election_style,
            pre_vote,
            check_quorum,
            lease_drift_ppm_max,
            batch_bytes_max,
            in_flight_max,
            uncommitted_bytes_max,
            compaction_keeps,
            snapshot_chunk_bytes,
            announce_commit,
            rules,
        } = settings;
        self.words([
            *election_timeout_us_min,
            *election_timeout_us_max,
            *heartbeat_interval_us,
        ]);
        self.word(match election_style {
            ElectionStyle::Standard => 0,
            ElectionStyle::TwoStage { heartbeat_timeout_us } => *heartbeat_timeout_us,
        });
        self.words([
            u64::from(*pre_vote),
            u64::from(*check_quorum),
            u64::from(*announce_commit),
        ]);
        self.words([
            u64::from(lease_drift_ppm_max.is_some()),
            lease_drift_ppm_max.unwrap_or(0),
        ]);
        self.words([*batch_bytes_max, *in_flight_max as u64, *uncommitted_bytes_max]);
        self.words([*compaction_keeps, *snapshot_chunk_bytes as u64]);
        for &rule in Rule::ALL {
            self.word(u64::from(rules.has(rule)));
        }
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Write(write) => self.write(write),
            Operation::Read { key, mode } => {
                self.words([3, *mode as u64]);
                self.text(key);
            }
        }
    }

    fn write(&mut self, write: &kv::Write) {
        match write {
            kv::Write::Put { key, value } => {
                self.word(1);
                self.text(key);
                self.text(value);
            }
            kv::Write::CompareAndSet { key, expected, value } => {
                self.words([2, u64::from(expected.is_some())]);
                self.text(key);
                self.text(expected.as_deref().unwrap_or_default());
                self.text(value);
            }
        }
    }

    fn answer(&mut self, answer: &kv::Answer) {
        match answer {
            kv::Answer::Written => self.word(1),
            kv::Answer::NotAsExpected => self.word(2),
            kv::Answer::Value(value) => {
                self.words([3, u64::from(value.is_some())]);
                self.text(value.as_deref().unwrap_or_default());
            }
        }
    }

    /// What a message says, to the last entry.
    pub(crate) fn message(&mut self, message: &Message<kv::Command>) {
        self.words([message.from.0, message.to.0, message.term.0]);
        match &message.body {
            Body::RequestVote { last, transfer } => {
                self.words([1, u64::from(*transfer)]);
                self.position(*last);
            }
            Body::RequestVoteReply { granted } => self.words([2, u64::from(*granted)]),
            Body::AppendEntries(request) => {
                self.words([3, request.commit.0, request.round.0, request.entries.len() as u64]);
                self.position(request.previous);
                for entry in &request.entries {
                    self.entry(entry);
                }
            }
            Body::AppendEntriesReply { match_index, round } => self.words([4, match_index.0, round.0]),
            Body::AppendEntriesRejected {
                previous_index,
                hint,
                round,
            } => {
                self.words([5, previous_index.0, round.0]);
                self.position(*hint);
            }
            Body::RequestPreVote { next_term, last } => {
                self.words([6, next_term.0]);
                self.position(*last);
            }
            Body::RequestPreVoteReply { next_term, granted } => self.words([7, next_term.0, u64::from(*granted)]),
            Body::InstallSnapshot(piece) => {
                self.words([8, piece.offset, u64::from(piece.done), piece.round.0]);
                self.position(piece.last);
                self.configuration(&piece.configuration);
                self.bytes(&piece.data);
            }
            Body::InstallSnapshotReply {
                last_index,
                next_offset,
                round,
            } => self.words([9, last_index.0, *next_offset, round.0]),
            Body::TimeoutNow => self.word(10),
        }
    }

    fn entry(&mut self, entry: &Entry<kv::Command>) {
        match &entry.payload {
            Payload::NoOp => self.words([1, entry.term.0]),
            Payload::Command(command) => {
                self.words([2, entry.term.0, command.client.0, command.serial.0]);
                self.write(&command.write);
            }
            Payload::Configuration(configuration) => {
                self.words([3, entry.term.0]);
                self.configuration(configuration);
            }
        }
    }

    fn configuration(&mut self, configuration: &Configuration) {
        for members in [
            configuration.voters(),
            configuration.outgoing(),
            configuration.learners(),
        ] {
            self.word(members.len() as u64);
            for member in members {
                self.word(member.0);
            }
        }
    }

    fn position(&mut self, position: Position) {
        self.words([position.index.0, position.term.0]);
    }

    fn refusal(&mut self, why: Refusal) {
        match why {
            Refusal::NotLeader { leader } => self.words([1, server(leader)]),
            Refusal::Transferring { to } => self.words([2, to.0]),
            Refusal::TooMuchUncommitted { bytes } => self.words([3, bytes]),
            Refusal::NoLeases => self.word(4),
            Refusal::ChangeUnderWay { index } => self.words([5, index.0]),
            Refusal::NothingCommittedInTerm => self.word(6),
            Refusal::NoChange => self.word(7),
            Refusal::NoVoters => self.word(8),
            Refusal::NotAVoter => self.word(9),
        }
    }

    fn vote_denial(&mut self, by: VoteDenial) {
        match by {
            VoteDenial::LowerTerm { mine, theirs } => self.words([1, mine.0, theirs.0]),
            VoteDenial::AlreadyVoted { for_ } => self.words([2, for_.0]),
            VoteDenial::LogBehind { mine, theirs } => {
                self.word(3);
                self.position(mine);
                self.position(theirs);
            }
            VoteDenial::LeaderAlive { heard_us_ago } => self.words([4, heard_us_ago]),
        }
    }

    fn reason(&mut self, reason: &Reason) {
        match *reason {
            Reason::ElectionTimedOut { term, waited_us } => self.words([1, term.0, waited_us]),
            Reason::VotesAskedAgain { servers } => self.words([2, servers]),
            Reason::HigherTerm { from, mine, theirs } => self.words([3, from.0, mine.0, theirs.0]),
            Reason::VoteGranted { to, term } => self.words([4, to.0, term.0]),
            Reason::VoteDenied { to, by } => {
                self.words([5, to.0]);
                self.vote_denial(by);
            }
            Reason::VoteCounted {
                from,
                granted,
                votes,
                needed,
            } => self.words([6, from.0, u64::from(granted), votes, needed]),
            Reason::Elected { term, votes, needed } => self.words([7, term.0, votes, needed]),
            Reason::LeaderHeard {
                leader,
                term,
                was_candidate,
            } => self.words([8, leader.0, term.0, u64::from(was_candidate)]),
            Reason::HeartbeatDue => self.word(9),
            Reason::EntriesAccepted {
                from,
                matched,
                appended,
                truncated,
            } => self.words([10, from.0, matched.0, appended, truncated]),
            Reason::EntriesRejected { from, by } => {
                self.words([11, from.0]);
                match by {
                    EntriesRejection::LowerTerm { mine, theirs } => self.words([1, mine.0, theirs.0]),
                    EntriesRejection::PreviousMissing { last, previous } => {
                        self.words([2, last.0, previous.index.0, previous.term.0]);
                    }
                    EntriesRejection::PreviousDiffers { mine, previous } => {
                        self.words([3, mine.0, previous.index.0, previous.term.0]);
                    }
                }
            }
            Reason::WentBack { to, next_index } => self.words([12, to.0, next_index.0]),
            Reason::FollowerMatched { from, matched } => self.words([13, from.0, matched.0]),
            Reason::CommitHeld {
                index,
                entry_term,
                current_term,
            } => self.words([14, index.0, entry_term.0, current_term.0]),
            Reason::MajorityMatched { index, servers, needed } => self.words([15, index.0, servers, needed]),
            Reason::CommitLearned { from, index } => self.words([16, from.0, index.0]),
            Reason::Appended { index, term } => self.words([17, index.0, term.0]),
            Reason::PreVoteBegan { next_term, waited_us } => self.words([19, next_term.0, waited_us]),
            Reason::PreVoteGranted { to, next_term } => self.words([20, to.0, next_term.0]),
            Reason::PreVoteDenied { to, by } => {
                self.words([21, to.0]);
                self.vote_denial(by);
            }
            Reason::PreVoteCounted {
                from,
                granted,
                votes,
                needed,
            } => self.words([22, from.0, u64::from(granted), votes, needed]),
            Reason::HeartbeatTimedOut {
                term,
                waited_us,
                delay_us,
            } => self.words([23, term.0, waited_us, delay_us]),
            Reason::ElectionDelayEnded { term, own_vote } => self.words([24, term.0, u64::from(own_vote)]),
            Reason::ToldToStand { from, term } => self.words([25, from.0, term.0]),
            Reason::QuorumLost { term } => self.words([26, term.0]),
            Reason::Removed { index, term } => self.words([27, index.0, term.0]),
            Reason::ConfigurationInForce {
                index,
                voters,
                learners,
                joint,
            } => self.words([28, index.0, voters, learners, u64::from(joint)]),
            Reason::TransferBegan { to } => self.words([29, to.0]),
            Reason::TransferTold { to } => self.words([30, to.0]),
            Reason::TransferAbandoned { to } => self.words([31, to.0]),
            Reason::SnapshotNeeded { to, last } => {
                self.words([32, to.0]);
                self.position(last);
            }
            Reason::SnapshotGrew { from, bytes, done } => self.words([33, from.0, bytes, u64::from(done)]),
            Reason::SnapshotInstalled { last, kept } => {
                self.words([34, kept]);
                self.position(last);
            }
            Reason::Compacted { last, first_index } => {
                self.words([35, first_index.0]);
                self.position(last);
            }
            Reason::ReadWaitsForCommit { id } => self.words([36, id.0]),
            Reason::ReadAsks { id, round } => self.words([37, id.0, round.0]),
            Reason::ReadConfirmed { id, round } => self.words([38, id.0, round.0]),
            Reason::LeaseHolds { id, left_us } => self.words([39, id.0, left_us]),
            Reason::Ignored { from, by } => {
                self.words([18, from.0]);
                match by {
                    Ignorance::NotForMe => self.word(1),
                    Ignorance::UnknownServer => self.word(2),
                    Ignorance::NotBelievable => self.word(3),
                    Ignorance::OldTerm { theirs } => self.words([4, theirs.0]),
                    Ignorance::NoLongerAsked => self.word(5),
                    Ignorance::SecondLeader => self.word(6),
                    Ignorance::CutsCommitted { commit_index } => self.words([7, commit_index.0]),
                    Ignorance::LeaderAlive { heard_us_ago } => self.words([8, heard_us_ago]),
                    Ignorance::NotAVoter => self.word(9),
                    Ignorance::OutOfPlace { next_offset } => self.words([10, next_offset]),
                }
            }
        }
    }

    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Leads { server, term } => self.words([1, server.0, term.0]),
            Fact::Rewrote {
                server,
                term,
                index,
                last_index,
            } => self.words([2, server.0, term.0, index.0, last_index.0]),
            Fact::Has {
                server,
                index,
                term,
                previous_term,
            } => self.words([3, server.0, index.0, term.0, previous_term.0]),
            Fact::Committed { index, term, in_term } => self.words([4, index.0, term.0, in_term.0]),
            Fact::Lacks {
                server,
                leads_term,
                index,
            } => self.words([5, server.0, leads_term.0, index.0]),
            Fact::Applied { server, index, term } => self.words([6, server.0, index.0, term.0]),
            Fact::Told { client, serial, index } => self.words([7, client.0, serial.0, index.0]),
            // Who answered is told by the event before.
            Fact::Returned { client, serial, .. } => self.words([8, client.0, serial.0]),
            Fact::Works { since } => self.words([9, since.0]),
            Fact::NobodyLeads => self.word(10),
            Fact::ToldBefore { client, serial } => self.words([12, client.0, serial.0]),
            Fact::Rival { client, serial } => self.words([13, client.0, serial.0]),
            Fact::Saw { client, serial } => self.words([14, client.0, serial.0]),
            Fact::NeverSo => self.word(15),
            Fact::Behind { server, applied, of } => self.words([11, server.0, applied.0, of.0]),
        }
    }
}

/// A server's number; zero: none.
fn server(id: Option<NodeId>) -> u64 {
    id.map_or(0, |id| id.0)
}
