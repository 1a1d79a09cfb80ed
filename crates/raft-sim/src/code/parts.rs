//! What each part of a recording looks like in bits.
//!
//! Owns every number that stands for something: the tag of a command, of a field, of a rule. They are written out and
//! never change, because there are codes that hold them; what is new gets the next number. A new command, field or
//! rule does not compile without one.
//!
//! What is usual is short. A structure names only the fields that differ from what they mostly are: from *values
//! written out here*, not from today's defaults, which may change while codes must not.

use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{Change, Configuration, ElectionStyle, NodeId, ReadMode, Rule, Rules, Settings};

use super::Problem;
use super::bits::{BitReader, BitWriter};
use crate::client::Operation;
use crate::command::Links;
use crate::config::{Disk, Network};
use crate::{Command, Config, MessageId, Workload, kv};

/// Lists are not longer: groups, and the members of one.
const LIST_MAX: u64 = 64;

/// Writes parts.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bits: BitWriter,
    /// How many bits name one of the first servers.
    pub(super) server_bits: u32,
    memory: Memory,
}

/// Reads parts.
pub(super) struct Reader<'a> {
    pub(super) bits: BitReader<'a>,
    /// How many bits name one of the first servers.
    pub(super) server_bits: u32,
    memory: Memory,
}

/// What a recording has said before, and may say again: keys come back, and the values that a button writes count up.
struct Memory {
    /// Each text that is no number, in the order of their first appearance.
    words: Vec<Arc<str>>,
    /// The last text that is a number.
    number: u64,
    /// Which client wrote last, to whom, and under which key.
    client: ClientId,
    to: Option<NodeId>,
    key: Arc<str>,
}

impl Default for Memory {
    /// As if the button had written a zero.
    fn default() -> Memory {
        Memory {
            words: Vec::new(),
            number: 0,
            client: ClientId(1),
            to: None,
            key: "x".into(),
        }
    }
}

impl Memory {
    /// The last write, with the next number for its value.
    fn next_write(&self) -> Command {
        let (key, value) = (self.key.clone(), self.number.wrapping_add(1).to_string().into());
        Command::Ask {
            client: self.client,
            to: self.to,
            operation: Operation::Write(kv::Write::Put { key, value }),
        }
    }

    fn note(&mut self, command: &Command) {
        if let Command::Ask { client, to, operation } = command
            && let Operation::Write(kv::Write::Put { key, .. }) = operation
        {
            (self.client, self.to, self.key) = (*client, *to, key.clone());
        }
    }
}

/// A command; the next write of a button is one bit.
pub(super) fn put_command(command: &Command, w: &mut Writer) {
    let is_next_write = *command == w.memory.next_write();
    is_next_write.put(w);
    match is_next_write {
        true => w.memory.number = w.memory.number.wrapping_add(1),
        false => command.put(w),
    }
    w.memory.note(command);
}

/// What [`put_command`] has written.
pub(super) fn take_command(r: &mut Reader<'_>) -> Command {
    if bool::take(r) {
        let command = r.memory.next_write();
        r.memory.number = r.memory.number.wrapping_add(1);
        return command;
    }
    let command = Command::take(r);
    r.memory.note(&command);
    command
}

impl Reader<'_> {
    pub(super) fn new(bytes: &[u8]) -> Reader<'_> {
        Reader {
            bits: BitReader::new(bytes),
            server_bits: 0,
            memory: Memory::default(),
        }
    }
}

/// How many bits name one of so many servers, or none of them.
pub(super) fn server_bits(servers: u64) -> u32 {
    u64::BITS - servers.leading_zeros()
}

/// Something that can be a part of a code.
pub(super) trait Part: Sized {
    fn put(&self, w: &mut Writer);

    /// What has been put, if the reader has no problem. From zeros everything can be made: so that what is read
    /// after a problem, when there are only zeros, comes to an end.
    fn take(r: &mut Reader<'_>) -> Self;
}

/// An enum, by the tags of its variants: first those with named fields, then those with one that has no name. The tags
/// below 2^`$first` are the shortest.
macro_rules! by_tag {
    ($type:ident, $what:literal, $first:literal,
     { $($tag:literal = $variant:ident { $($field:ident),* },)* }
     { $($tuple_tag:literal = $tuple:ident,)* }) => {
        impl Part for $type {
            fn put(&self, w: &mut Writer) {
                match self {
                    $($type::$variant { $($field),* } => {
                        w.bits.number($tag, $first);
                        $($field.put(w);)*
                    })*
                    $($type::$tuple(inner) => {
                        w.bits.number($tuple_tag, $first);
                        inner.put(w);
                    })*
                }
            }

            fn take(r: &mut Reader<'_>) -> Self {
                match r.bits.number($first) {
                    $($tag => $type::$variant { $($field: Part::take(r)),* },)*
                    $($tuple_tag => $type::$tuple(Part::take(r)),)*
                    tag => {
                        r.bits.fail(Problem::Unknown { what: $what, tag });
                        // Zeros are one; there is always a tag zero.
                        Self::take(r)
                    }
                }
            }
        }
    };
}

/// A structure, by the tags of those of its fields that differ from what they mostly are, in ascending order: each as
/// the way from the one before, and zero at the end.
macro_rules! by_field {
    ($type:ident, $what:literal, $usual:expr, { $($tag:literal = $field:ident,)* }) => {
        impl Part for $type {
            fn put(&self, w: &mut Writer) {
                let (usual, mut last) = ($usual, 0);
                let $type { $($field),* } = self;
                $(if *$field != usual.$field {
                    w.bits.number($tag - last, 0);
                    $field.put(w);
                    last = $tag;
                })*
                let _ = last;
                w.bits.number(0, 0);
            }

            fn take(r: &mut Reader<'_>) -> Self {
                let (mut this, mut last) = ($usual, 0u64);
                loop {
                    let way = r.bits.number(0);
                    last = last.saturating_add(way);
                    match last {
                        _ if way == 0 => return this,
                        $($tag => this.$field = Part::take(r),)*
                        tag => r.bits.fail(Problem::Unknown { what: $what, tag }),
                    }
                }
            }
        }
    };
}

by_tag!(Command, "command", 1, {
    0 = Crash { server },
    1 = Restart { server },
    2 = Cut { from, to },
    3 = Heal { from, to },
    4 = Ask { client, to, operation },
    5 = Partition { groups },
    6 = HealAll {},
    7 = Pause { server },
    8 = Resume { server },
    9 = TimeOut { server },
    10 = SetRule { rule, on },
    11 = SetLoss { on, ppm },
    12 = SetLatency { on, us_min, us_max },
    13 = TransferLeadership { to },
    14 = ChangeMembers { change },
    15 = StallDisk { server },
    16 = UnstallDisk { server },
    17 = SetDisk { server, disk },
    18 = SetDrift { server, ppm },
    19 = Drop { message },
    20 = Delay { message, by_us },
    21 = Duplicate { message },
    22 = SetDuplication { on, ppm },
    23 = SetReordering { on, ppm },
    24 = TakeSnapshot { server },
} {
    25 = SetSettings,
});

by_tag!(Links, "choice of links", 0, {
    0 = All {},
    1 = One { from, to },
} {});

by_tag!(Operation, "operation", 0, {
    1 = Read { key, mode },
} {
    0 = Write,
});

use kv::Write as KvWrite;
by_tag!(KvWrite, "write", 0, {
    0 = Put { key, value },
    1 = CompareAndSet { key, expected, value },
} {});

by_tag!(ReadMode, "kind of read", 0, {
    0 = ReadIndex {},
    1 = Lease {},
    2 = Local {},
} {});

by_tag!(Change, "change of the members", 1, {} {
    0 = AddVoter,
    1 = Remove,
    2 = AddLearner,
    3 = Replace,
});

by_tag!(ElectionStyle, "style of elections", 0, {
    0 = Standard {},
    1 = TwoStage { heartbeat_timeout_us },
} {});

by_field!(Config, "field of the configuration", usual_config(), {
    1 = servers,
    2 = raft,
    3 = network,
    4 = disk,
    5 = client_timeout_us,
    6 = workload,
    7 = snapshot_every,
});

by_field!(Network, "field of the network", usual_config().network, {
    1 = latency_us_min,
    2 = latency_us_max,
    3 = loss_ppm,
    4 = duplication_ppm,
    5 = reordering_ppm,
});

by_field!(Disk, "field of the disk", usual_config().disk, {
    1 = write_us_min,
    2 = write_us_max,
});

by_field!(Workload, "field of the workload", usual_workload(), {
    1 = clients,
    2 = interval_us,
    3 = keys,
    4 = reads_percent,
    5 = compare_and_sets_percent,
    6 = read_mode,
});

by_field!(Settings, "setting", usual_settings(), {
    1 = rules,
    2 = pre_vote,
    3 = check_quorum,
    4 = election_timeout_us_min,
    5 = election_timeout_us_max,
    6 = heartbeat_interval_us,
    7 = election_style,
    8 = lease_drift_ppm_max,
    9 = announce_commit,
    10 = batch_bytes_max,
    11 = in_flight_max,
    12 = uncommitted_bytes_max,
    13 = compaction_keeps,
    14 = snapshot_chunk_bytes,
});

/// What was the default when the first code was written.
fn usual_config() -> Config {
    Config {
        servers: 5,
        raft: usual_settings(),
        network: Network {
            latency_us_min: 10_000,
            latency_us_max: 15_000,
            loss_ppm: 0,
            duplication_ppm: 0,
            reordering_ppm: 0,
        },
        disk: Disk {
            write_us_min: 2_000,
            write_us_max: 4_000,
        },
        client_timeout_us: 500_000,
        workload: None,
        snapshot_every: None,
    }
}

fn usual_workload() -> Workload {
    Workload {
        clients: 1,
        interval_us: 100_000,
        keys: 8,
        reads_percent: 0,
        compare_and_sets_percent: 0,
        read_mode: ReadMode::ReadIndex,
    }
}

fn usual_settings() -> Settings {
    Settings {
        election_timeout_us_min: 150_000,
        election_timeout_us_max: 300_000,
        heartbeat_interval_us: 75_000,
        election_style: ElectionStyle::Standard,
        pre_vote: false,
        check_quorum: false,
        lease_drift_ppm_max: None,
        batch_bytes_max: 64 * 1024,
        in_flight_max: 16,
        uncommitted_bytes_max: 64 * 1024 * 1024,
        compaction_keeps: 16,
        snapshot_chunk_bytes: 64 * 1024,
        announce_commit: false,
        rules: Rules::ALL,
    }
}

/// The number of a rule. It is not its place in the enum, which may change.
fn rule_number(rule: Rule) -> u64 {
    match rule {
        Rule::OneVotePerTerm => 0,
        Rule::PersistVote => 1,
        Rule::RecordOwnVote => 2,
        Rule::MatchVoteTerm => 3,
        Rule::DistinctVotes => 4,
        Rule::Majority => 5,
        Rule::LogUpToDate => 6,
        Rule::CompareTermFirst => 7,
        Rule::CommitOwnTermOnly => 8,
        Rule::AdoptHigherTerm => 9,
        Rule::RefuseLowerTerm => 10,
        Rule::CheckPreviousEntry => 11,
        Rule::TruncateOnlyOnConflict => 12,
        Rule::BoundCommitByMatch => 13,
        Rule::AcknowledgeOnlyTheRequest => 14,
        Rule::HintIsNotMatch => 15,
        Rule::PersistBeforeAcknowledge => 16,
        Rule::WriteTermWithEntries => 17,
        Rule::ConfirmLeadershipForReads => 18,
        Rule::OwnTermBeforeReads => 19,
        Rule::LeaseMargin => 20,
        Rule::OwnTermBeforeMembership => 21,
        Rule::OverlappingMajorities => 22,
        Rule::OnlyVotersCount => 23,
        Rule::KeepMatchingSuffix => 24,
        Rule::ConfigurationWhenAppended => 25,
        Rule::DeduplicateRetries => 26,
        Rule::RandomizedTimeouts => 27,
        Rule::EqualLogsMayWin => 28,
        Rule::KeepTimerOnDeniedVote => 29,
        Rule::NoOpPerTerm => 30,
        Rule::AnswerStaleLeaders => 31,
    }
}

fn rule_of(number: u64) -> Option<Rule> {
    Rule::ALL.iter().copied().find(|&rule| rule_number(rule) == number)
}

/// Five bits, and one that says that there are no more.
impl Part for Rule {
    fn put(&self, w: &mut Writer) {
        w.bits.number(rule_number(*self), 5);
    }

    fn take(r: &mut Reader<'_>) -> Rule {
        let tag = r.bits.number(5);
        rule_of(tag).unwrap_or_else(|| {
            r.bits.fail(Problem::Unknown { what: "rule", tag });
            Rule::OneVotePerTerm
        })
    }
}

/// The rules that are off, by their numbers.
impl Part for Rules {
    fn put(&self, w: &mut Writer) {
        let rules = (0..Rule::ALL.len() as u64).filter_map(rule_of);
        let off: Vec<Rule> = rules.filter(|&rule| !self.has(rule)).collect();
        off.put(w);
    }

    fn take(r: &mut Reader<'_>) -> Rules {
        Vec::take(r).into_iter().fold(Rules::ALL, Rules::without)
    }
}

/// The first servers are named with as many bits as their number needs. Zero: another one; its number follows.
impl Part for NodeId {
    fn put(&self, w: &mut Writer) {
        let is_short = self.0 < 1 << w.server_bits;
        w.bits.bits(if is_short { self.0 } else { 0 }, w.server_bits);
        if !is_short || self.0 == 0 {
            w.bits.number(self.0, 2);
        }
    }

    fn take(r: &mut Reader<'_>) -> NodeId {
        match r.bits.bits(r.server_bits) {
            0 => NodeId(r.bits.number(2)),
            id => NodeId(id),
        }
    }
}

/// Clients are numbered from 1.
impl Part for ClientId {
    fn put(&self, w: &mut Writer) {
        w.bits.number(self.0.wrapping_sub(1), 0);
    }

    fn take(r: &mut Reader<'_>) -> ClientId {
        ClientId(r.bits.number(0).wrapping_add(1))
    }
}

impl Part for MessageId {
    fn put(&self, w: &mut Writer) {
        w.bits.number(self.0, 10);
    }

    fn take(r: &mut Reader<'_>) -> MessageId {
        MessageId(r.bits.number(10))
    }
}

/// Whoever sets something likes round numbers: how many zeros there are in the end, and what is before them.
impl Part for u64 {
    fn put(&self, w: &mut Writer) {
        let (mut zeros, mut front) = (0, *self);
        while front != 0 && front.is_multiple_of(10) {
            (zeros, front) = (zeros + 1, front / 10);
        }
        w.bits.number(zeros, 1);
        w.bits.number(front, 4);
    }

    fn take(r: &mut Reader<'_>) -> u64 {
        let (zeros, front) = (r.bits.number(1), r.bits.number(4));
        let power = u32::try_from(zeros).ok().and_then(|zeros| 10u64.checked_pow(zeros));
        r.bits.or_too_large(power.and_then(|power| power.checked_mul(front)))
    }
}

impl Part for usize {
    fn put(&self, w: &mut Writer) {
        (*self as u64).put(w);
    }

    /// What is too large for the machine that reads it is too large.
    fn take(r: &mut Reader<'_>) -> usize {
        let number = u64::take(r);
        usize::try_from(number).unwrap_or_else(|_| {
            r.bits.fail(Problem::NumberTooLarge);
            0
        })
    }
}

/// The sign, and how much.
impl Part for i64 {
    fn put(&self, w: &mut Writer) {
        (*self < 0).put(w);
        self.unsigned_abs().put(w);
    }

    fn take(r: &mut Reader<'_>) -> i64 {
        let (is_negative, size) = (bool::take(r), u64::take(r));
        let number = match is_negative {
            true => 0i64.checked_sub_unsigned(size),
            false => 0i64.checked_add_unsigned(size),
        };
        number.unwrap_or_else(|| {
            r.bits.fail(Problem::NumberTooLarge);
            0
        })
    }
}

impl Part for bool {
    fn put(&self, w: &mut Writer) {
        w.bits.bit(*self);
    }

    fn take(r: &mut Reader<'_>) -> bool {
        r.bits.bit()
    }
}

impl<P: Part> Part for Option<P> {
    fn put(&self, w: &mut Writer) {
        self.is_some().put(w);
        if let Some(part) = self {
            part.put(w);
        }
    }

    fn take(r: &mut Reader<'_>) -> Option<P> {
        bool::take(r).then(|| P::take(r))
    }
}

impl<P: Part> Part for Vec<P> {
    fn put(&self, w: &mut Writer) {
        w.bits.number(self.len() as u64, 2);
        for part in self {
            part.put(w);
        }
    }

    fn take(r: &mut Reader<'_>) -> Vec<P> {
        let count = r.bits.number(2);
        if count > LIST_MAX {
            r.bits.fail(Problem::TooMany { count, max: LIST_MAX });
        }
        (0..count.min(LIST_MAX)).map(|_| P::take(r)).collect()
    }
}

/// Settings that are to be set have to work.
impl Part for Arc<Settings> {
    fn put(&self, w: &mut Writer) {
        Settings::put(self, w);
    }

    fn take(r: &mut Reader<'_>) -> Arc<Settings> {
        let settings = Settings::take(r);
        if let Err(error) = settings.check() {
            r.bits.fail(Problem::Settings(error));
        }
        Arc::new(settings)
    }
}

impl Part for Configuration {
    fn put(&self, w: &mut Writer) {
        for members in [self.voters(), self.outgoing(), self.learners()] {
            members.to_vec().put(w);
        }
    }

    fn take(r: &mut Reader<'_>) -> Configuration {
        let [voters, outgoing, learners] = [(); 3].map(|()| Vec::<NodeId>::take(r));
        let next = Configuration::new(voters).with_learners(learners);
        match outgoing.is_empty() {
            true => next,
            false => Configuration::new(outgoing).joint_with(&next),
        }
    }
}

/// A number: how far it is from the one after the last number; zero if the texts count up. Another
/// text: which of the known ones it is; or one more than there are, and its bytes.
impl Part for Arc<str> {
    fn put(&self, w: &mut Writer) {
        let number = as_number(self);
        number.is_none().put(w);
        if let Some(number) = number {
            let ahead = number.wrapping_sub(w.memory.number.wrapping_add(1));
            w.bits.number(zigzag(ahead), 0);
            w.memory.number = number;
            return;
        }
        let known = w.memory.words.iter().position(|word| word == self);
        w.bits.number(known.unwrap_or(w.memory.words.len()) as u64, 0);
        if known.is_none() {
            w.bits.number(self.len() as u64, 2);
            for byte in self.bytes() {
                w.bits.bits(byte.into(), 8);
            }
            w.memory.words.push(self.clone());
        }
    }

    fn take(r: &mut Reader<'_>) -> Arc<str> {
        let is_word = bool::take(r);
        if !is_word {
            let ahead = unzigzag(r.bits.number(0));
            r.memory.number = ahead.wrapping_add(r.memory.number.wrapping_add(1));
            return r.memory.number.to_string().into();
        }
        let (tag, known) = (r.bits.number(0), r.memory.words.len() as u64);
        if tag == known {
            let word = take_word(r);
            r.memory.words.push(word);
        }
        let word = r.memory.words.get(tag as usize).filter(|_| tag <= known);
        word.cloned().unwrap_or_else(|| {
            r.bits.fail(Problem::Unknown { what: "text", tag });
            "".into()
        })
    }
}

/// A text that has not been there before.
fn take_word(r: &mut Reader<'_>) -> Arc<str> {
    let mut bytes = Vec::new();
    for _ in 0..r.bits.number(2) {
        bytes.push(r.bits.bits(8) as u8);
        if r.bits.check().is_err() {
            break;
        }
    }
    let word = String::from_utf8(bytes).unwrap_or_else(|_| {
        r.bits.fail(Problem::NotUtf8);
        String::new()
    });
    if as_number(&word).is_some() {
        r.bits.fail(Problem::NumberAsText);
    }
    word.into()
}

/// The number that a text is, if that number is written so and not otherwise.
fn as_number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// A difference as a number that is small if the difference is small, be it up or down.
pub(super) fn zigzag(difference: u64) -> u64 {
    let difference = difference.cast_signed();
    (difference << 1 ^ difference >> 63).cast_unsigned()
}

/// The difference that was made a number.
pub(super) fn unzigzag(number: u64) -> u64 {
    number >> 1 ^ (number & 1).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_the_rules_never_change() {
        let mut rules = Rule::ALL.to_vec();
        rules.sort_by_key(|&rule| rule_number(rule));
        let ids: Vec<_> = rules
            .iter()
            .map(|rule| format!("{} {}", rule_number(*rule), rule.id()))
            .collect();
        // Add to the end, and change nothing else.
        let expected = "\
            0 one-vote-per-term\n1 persist-vote\n2 record-own-vote\n3 match-vote-term\n4 distinct-votes\n\
            5 majority\n6 log-up-to-date\n7 compare-term-first\n8 commit-own-term-only\n9 adopt-higher-term\n\
            10 refuse-lower-term\n11 check-previous-entry\n12 truncate-only-on-conflict\n13 bound-commit-by-match\n\
            14 acknowledge-only-the-request\n15 hint-is-not-match\n16 persist-before-acknowledge\n\
            17 write-term-with-entries\n18 confirm-leadership-for-reads\n19 own-term-before-reads\n20 lease-margin\n\
            21 own-term-before-membership\n22 overlapping-majorities\n23 only-voters-count\n24 keep-matching-suffix\n\
            25 configuration-when-appended\n26 deduplicate-retries\n27 randomized-timeouts\n28 equal-logs-may-win\n\
            29 keep-timer-on-denied-vote\n30 no-op-per-term\n31 answer-stale-leaders";
        assert_eq!(ids.join("\n"), expected);
    }

    #[test]
    fn a_difference_comes_back() {
        for difference in [0, 1, 2, 1 << 40, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1] {
            assert_eq!(unzigzag(zigzag(difference)), difference);
        }
        assert_eq!([0, u64::MAX, 1, u64::MAX - 1].map(zigzag), [0, 1, 2, 3]);
    }

    fn len<P: Part>(part: &P) -> usize {
        let mut writer = Writer {
            server_bits: server_bits(5),
            ..Writer::default()
        };
        // So that the bits are counted, and not the bytes.
        for _ in 0..8 {
            part.put(&mut writer);
        }
        writer.bits.into_bytes().len()
    }

    #[test]
    fn what_is_usual_is_short() {
        assert_eq!(len(&usual_config()), 1);
        assert_eq!(len(&Command::Crash { server: NodeId(5) }), 5);
        assert_eq!(len(&200_000u64), 9);
    }
}
