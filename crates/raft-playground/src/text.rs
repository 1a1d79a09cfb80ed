//! Everything that is said, once: the page, the narration, the errors, the names for screen readers.
//!
//! A [`Message`] is data without a language. Each language is one exhaustive match in a file of its own, so that a
//! missing translation does not compile. Nobody else makes sentences.

mod en;
mod entries;
mod help;
mod logs;
mod motion;
mod network;
mod ring;
mod rules;
mod safety;
mod servers;
#[cfg(test)]
mod tests;
pub mod time;
mod why;
pub(crate) mod words;
mod write;
mod zh;

use std::rc::Rc;

pub use help::HelpWords;
pub use network::NetworkWords;
pub use ring::RingWords;
pub use rules::rule_text;
pub use servers::ServerWords;

use raft_core::Rule;
use raft_sim::{CodeError, Fact, Property};

pub use entries::EntryWords;
pub use logs::LogsWords;
pub use motion::MotionWords;
pub use safety::SafetyWords;
pub use why::WhyWords;
pub use write::WriteWords;

use crate::cluster::Switch;
use crate::scene::{MarkKind, NO_OP_LABEL, Role, Section, Who};

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language that a tag such as `zh-CN` or `en_GB` names (RFC 5646), if it is one of ours.
    ///
    /// Traditional Chinese is not: whoever prefers it usually names a second language, and that counts then.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let language = parts.next()?;
        let is_traditional = parts
            .next()
            .is_some_and(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
        match language {
            "en" => Some(Lang::En),
            "zh" if !is_traditional => Some(Lang::Zh),
            _ => None,
        }
    }

    /// What the attribute `lang` takes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// The one that the language button changes to.
    #[must_use]
    pub fn other(self) -> Lang {
        match self {
            Lang::En => Lang::Zh,
            Lang::Zh => Lang::En,
        }
    }
}

/// Everything that can be said. The words in it (keys, values, a seed that is none) are the reader's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    // The page.
    /// Its name.
    Title,
    /// The name of the other language, in that language.
    OtherLanguage,
    /// What the button with that name does, in that language.
    SwitchLanguage,
    /// The button for the dark theme.
    DarkTheme,
    /// The button for the light theme.
    LightTheme,
    /// The button for the help.
    Help,
    /// Closes what is open.
    Close,
    /// The ring of servers.
    PanelCluster,
    /// The log table.
    PanelLogs,
    /// The narration.
    PanelStory,
    /// The properties.
    PanelProperties,
    /// The transport and the lanes.
    PanelTimeline,
    /// What shapes and colours mean.
    PanelLegend,

    // Controls.
    /// Lets time run.
    Play,
    /// Stops time.
    Pause,
    /// Goes to the next event.
    StepForward,
    /// Goes to the event before.
    StepBack,
    /// Before the slider of the speed, as in "1 s of the cluster takes … 25 s".
    SpeedLabel,
    /// Behind it.
    SpeedValue {
        /// How many microseconds of the reader's time one of the cluster takes, in thousandths.
        slowdown_milli: u64,
    },
    /// Both in one, for the ear.
    SpeedSentence {
        /// As in `SpeedValue`.
        slowdown_milli: u64,
    },
    /// The time slider.
    TimeSlider,
    /// A moment, with its unit.
    Time {
        /// In microseconds of the cluster.
        us: u64,
    },
    /// A moment without its unit, where a column of them stands.
    Clock {
        /// In microseconds of the cluster.
        us: u64,
    },
    /// A future has just been left.
    FutureKept,
    /// Where the slider stands, for the ear.
    TimeOf {
        /// Where, in microseconds of the cluster.
        us: u64,
        /// Its end.
        span_us: u64,
    },
    /// The button that writes.
    Write {
        /// The key.
        key: Rc<str>,
        /// The value.
        value: Rc<str>,
    },
    /// Where the write goes while nobody leads.
    WriteGoesRound,
    /// To whom the write goes.
    WriteGoesTo(u64),
    /// Below the ring: what a click does.
    ClickHint,
    /// Begins again with another seed.
    NewCluster,
    /// The seed of this cluster.
    Seed(u64),

    // A server.
    /// Its name.
    ServerName(u64),
    /// The name of a client.
    ClientName(u64),
    /// Instead of the countdown of a server that stands still.
    StandsStill,
    /// Its role in a word, below its shape.
    RoleWord(Role),
    /// The role as a legend or a heading names it.
    RoleName(Role),
    /// Below a leader: when its next heartbeats leave.
    HeartbeatIn {
        /// In milliseconds.
        ms: u64,
    },
    /// Below a follower: when it will stand for election.
    TimeoutIn {
        /// In milliseconds.
        ms: u64,
    },
    /// Below a follower of a two-stage election that has raised its term: how long it waits before it stands.
    DelayIn {
        /// In milliseconds.
        ms: u64,
    },
    /// Below a candidate.
    VotesTally {
        /// How many it has.
        votes: u64,
        /// How many servers there are.
        servers: u64,
    },
    /// Below a candidate whose own vote is not on its disk yet.
    WritingOwnVote,
    /// Below a crashed server.
    Kept {
        /// How many entries its disk has.
        kept: u64,
        /// How many its log had.
        had: u64,
    },
    /// Everything about a server, for the ear: "S3, leader, term 4, 7 entries, 6 committed".
    ServerAria {
        /// Which.
        server: u64,
        /// Its role.
        role: Role,
        /// Its term.
        term: u64,
        /// How many entries its log has.
        entries: u64,
        /// How many of them it knows to be committed.
        committed: u64,
        /// Whether it stands still.
        paused: bool,
    },
    /// What the ring shows, for the ear.
    RingAria {
        /// How many servers there are.
        servers: u64,
        /// The leader, if one is up.
        leader: Option<u64>,
    },

    // The logs.
    /// Above the key-value maps.
    StateColumn,
    /// Instead of a map with nothing in it.
    StateEmpty,
    /// Instead of the map of a crashed server.
    StateLost,
    /// Below an entry, and elsewhere.
    Term(u64),
    /// An entry, for the ear and for whoever points at it.
    EntryAria {
        /// Its place.
        index: u64,
        /// Its term.
        term: u64,
        /// What it says.
        entry: Entries,
        /// Whether it is known to be committed there.
        committed: bool,
        /// Whether it is durable there.
        durable: bool,
    },
    /// An entry of a server that is down: nobody can ask it what is committed.
    EntryOnDisk {
        /// Its place.
        index: u64,
        /// Its term.
        term: u64,
        /// What it says.
        entry: Entries,
    },
    /// What a leader knows of a follower.
    ProgressAria {
        /// The follower.
        server: u64,
        /// The next entry to send.
        next_index: u64,
        /// The highest entry known to be there.
        match_index: u64,
    },
    /// The log of a server, for the ear, after its name.
    LogAria {
        /// How many entries.
        entries: u64,
        /// How many are known to be committed there.
        committed: u64,
    },

    // The legend.
    /// AppendEntries with entries.
    LegendEntries,
    /// AppendEntries without.
    LegendHeartbeat,
    /// The answer: they fit.
    LegendAccepted,
    /// The answer: they do not.
    LegendRejected,
    /// RequestVote.
    LegendVoteRequest,
    /// A vote.
    LegendVoteGranted,
    /// No vote.
    LegendVoteDenied,
    /// The question, or the vote, is under way.
    LegendVoteOnItsWay,
    /// Neither is.
    LegendVoteSilent,
    /// A solid entry.
    LegendCommitted,
    /// A dashed entry.
    LegendUncommitted,
    /// An entry that is still being written.
    LegendNotDurable,
    /// The bar behind the last applied entry.
    LegendApplied,
    /// The dot.
    LegendMatch,
    /// The triangle.
    LegendNext,
    /// A timer's arc.
    LegendTimer,

    // The timeline.
    /// A mark, for whoever points at it.
    Mark {
        /// What it stands for.
        kind: MarkKind,
        /// Whose.
        server: u64,
        /// When, in microseconds of the cluster.
        at_us: u64,
    },

    // A message in flight.
    /// RequestVote.
    AsksForVote {
        /// The candidate.
        from: u64,
        /// The voter.
        to: u64,
        /// The candidate's term.
        term: u64,
        /// The end of its durable log: index.
        last_index: u64,
        /// The end of its durable log: term.
        last_term: u64,
    },
    /// A vote.
    GivesVote {
        /// The voter.
        from: u64,
        /// The candidate.
        to: u64,
        /// The term.
        term: u64,
    },
    /// No vote.
    RefusesVote {
        /// The voter.
        from: u64,
        /// The candidate.
        to: u64,
        /// The voter's term.
        term: u64,
    },
    /// AppendEntries without entries.
    SendsHeartbeat {
        /// The leader.
        from: u64,
        /// The follower.
        to: u64,
        /// The leader's term.
        term: u64,
        /// The leader's commit index.
        commit: u64,
    },
    /// AppendEntries with entries.
    SendsEntries {
        /// The leader.
        from: u64,
        /// The follower.
        to: u64,
        /// The leader's term.
        term: u64,
        /// What it sends.
        entries: Entries,
        /// The entry before them: index.
        previous_index: u64,
        /// The entry before them: term.
        previous_term: u64,
    },
    /// A follower has everything up to an index.
    Confirms {
        /// The follower.
        from: u64,
        /// The leader.
        to: u64,
        /// Up to where.
        match_index: u64,
    },
    /// A follower cannot take the entries.
    RejectsEntries {
        /// The follower.
        from: u64,
        /// The leader.
        to: u64,
        /// The entry that it lacks.
        previous_index: u64,
    },
    /// RequestPreVote. Its answer is `WouldVote` or `WouldNotVote`.
    AsksForPreVote {
        /// The server that may stand.
        from: u64,
        /// The voter.
        to: u64,
        /// The term in which it would stand.
        term: u64,
        /// The end of its durable log: index.
        last_index: u64,
        /// The end of its durable log: term.
        last_term: u64,
    },
    /// InstallSnapshot.
    SendsSnapshot {
        /// The leader.
        from: u64,
        /// The follower.
        to: u64,
        /// The last entry in the snapshot.
        last_index: u64,
        /// Where the piece ends, in bytes.
        until: u64,
        /// Whether it is the last piece.
        done: bool,
    },
    /// A follower has so much of a snapshot.
    HasOfSnapshot {
        /// The follower.
        from: u64,
        /// The leader.
        to: u64,
        /// In bytes.
        bytes: u64,
    },
    /// TimeoutNow.
    TellsToStand {
        /// The leader.
        from: u64,
        /// Its successor.
        to: u64,
    },
    /// Added to the above: this message will not arrive.
    WillBeLost(Box<Message>),

    // The narration: what. Each begins with the name of the server, and a space.
    /// A new candidacy.
    StoodForElection {
        /// Who.
        server: u64,
        /// In which term.
        term: u64,
    },
    /// A candidate asks again.
    AskedAgain {
        /// Who.
        server: u64,
        /// Whom: those that have not answered.
        servers: Rc<[u64]>,
    },
    /// A server took over a higher term.
    MovedToTerm {
        /// Who.
        server: u64,
        /// Which.
        term: u64,
    },
    /// A leader or a candidate became a follower, because of a higher term.
    SteppedDown {
        /// Who.
        server: u64,
        /// What it was.
        was: Role,
        /// The higher term.
        term: u64,
    },
    /// A vote was given.
    Voted {
        /// The voter.
        server: u64,
        /// The candidate.
        to: u64,
        /// In which term.
        term: u64,
    },
    /// A vote was refused.
    RefusedVote {
        /// The voter.
        server: u64,
        /// The candidate.
        to: u64,
    },
    /// A leader was elected.
    Elected {
        /// Who.
        server: u64,
        /// Of which term.
        term: u64,
    },
    /// A candidate found that another one has won.
    GaveUp {
        /// Who.
        server: u64,
        /// The winner.
        leader: u64,
    },
    /// Entries came into a log.
    Appended {
        /// Whose log.
        server: u64,
        /// Which.
        entries: Entries,
    },
    /// Entries of a log were replaced.
    Replaced {
        /// Whose log.
        server: u64,
        /// How many went.
        truncated: u64,
        /// What came.
        entries: Entries,
    },
    /// A follower could not take what a leader sent.
    RefusedEntries {
        /// The follower.
        server: u64,
        /// The sender.
        from: u64,
    },
    /// A leader goes back in a follower's log.
    WentBack {
        /// The leader.
        server: u64,
        /// The follower.
        to: u64,
        /// The next entry to send.
        next_index: u64,
    },
    /// Entries were committed.
    Committed {
        /// The leader.
        server: u64,
        /// Which.
        entries: Entries,
    },
    /// A majority has an entry, and yet it is not committed.
    HeldCommit {
        /// The leader.
        server: u64,
        /// The entry.
        index: u64,
    },
    /// A follower applied entries.
    Applied {
        /// The follower.
        server: u64,
        /// Which.
        entries: Entries,
    },
    /// A server went down.
    Crashed(u64),
    /// A server came back.
    Restarted(u64),
    /// A server asks whether it could win, before it stands.
    BeganPreVote {
        /// Who.
        server: u64,
        /// In which term it would stand.
        term: u64,
    },
    /// A server would vote for another; also said of the message that says so.
    WouldVote {
        /// The voter.
        server: u64,
        /// Who would stand.
        to: u64,
        /// In which term.
        term: u64,
    },
    /// A server would not.
    WouldNotVote {
        /// The voter.
        server: u64,
        /// Who would stand.
        to: u64,
    },
    /// The first stage of a two-stage election.
    WaitsToStand {
        /// Who.
        server: u64,
        /// In which term.
        term: u64,
        /// How long, in milliseconds.
        delay_ms: u64,
    },
    /// A candidacy of a server that has given its vote away before.
    StoodWithoutOwnVote {
        /// Who.
        server: u64,
        /// In which term.
        term: u64,
    },
    /// A leader steps down by itself.
    Resigned(u64),
    /// A server acts on another configuration.
    UsesConfiguration {
        /// Who.
        server: u64,
        /// How many voters it has; of a joint one, how many new ones.
        voters: u64,
        /// How many learners.
        learners: u64,
        /// Whether it is a joint one.
        joint: bool,
    },
    /// A leader begins to hand over.
    BeganTransfer {
        /// The leader.
        server: u64,
        /// Its successor.
        to: u64,
    },
    /// A leader told its successor to stand.
    ToldToStand {
        /// The leader.
        server: u64,
        /// Its successor.
        to: u64,
    },
    /// A leader does not hand over after all.
    GaveUpTransfer {
        /// The leader.
        server: u64,
        /// Who should have led.
        to: u64,
    },
    /// A leader begins to send its snapshot.
    BeganSnapshot {
        /// The leader.
        server: u64,
        /// The follower.
        to: u64,
        /// The last entry in it.
        last_index: u64,
    },
    /// A snapshot took the place of a log.
    InstalledSnapshot {
        /// Whose.
        server: u64,
        /// The last entry in it.
        last_index: u64,
    },
    /// A server compacted its log.
    Compacted {
        /// Who.
        server: u64,
        /// The last entry in the snapshot.
        last_index: u64,
    },
    /// A read has to wait.
    ReadWaits(u64),
    /// A leader asks for a read whether it still leads.
    AsksForRead(u64),
    /// A server answers a client.
    Answered {
        /// Who.
        server: u64,
        /// The client.
        client: u64,
        /// What.
        answer: Answer,
    },
    /// A server does not answer a read, or can no longer.
    RefusedRead(u64),
    /// A server refused something else that was wanted of it.
    RefusedRequest(u64),
    /// A server that does not lead turned a write away.
    RefusedWrite {
        /// Who.
        server: u64,
        /// The write, as in `x=8`.
        label: Rc<str>,
    },
    /// A message was lost.
    LostMessage {
        /// The sender.
        server: u64,
        /// The receiver.
        to: u64,
        /// What was lost.
        what: Lost,
    },
    /// An answer to a client was lost.
    LostAnswer {
        /// The server.
        server: u64,
        /// The client.
        client: u64,
    },
    /// A server stands still.
    Paused(u64),
    /// A server goes on.
    Resumed(u64),
    /// A new server.
    SetUp(u64),
    /// A server's timer runs out at once.
    TimesOut(u64),
    /// A server's clock goes wrong, or right again.
    Drifts {
        /// Whose.
        server: u64,
        /// By how many millionths it runs fast; slow, if negative.
        ppm: i64,
    },
    /// Nothing becomes durable on a server's disk any more.
    DiskStalled(u64),
    /// It does again.
    DiskGoesOn(u64),
    /// A link is cut in one direction.
    CannotReach {
        /// The sender.
        server: u64,
        /// The receiver.
        to: u64,
    },
    /// It is whole again.
    ReachesAgain {
        /// The sender.
        server: u64,
        /// The receiver.
        to: u64,
    },
    /// A message that no correct server sends was not looked at.
    IgnoredMessage {
        /// By whom.
        server: u64,
        /// From whom.
        from: u64,
    },
    /// A property was violated.
    Violated {
        /// The server of the event.
        server: u64,
        /// Which.
        property: Property,
    },

    // The narration: what clients do. Each begins with the name of the client, and a space.
    /// A client begins to want something.
    ClientAsked {
        /// Who.
        client: u64,
        /// Whom it asks.
        to: u64,
        /// What it wants.
        request: Request,
    },
    /// A client wants something, and has to wait with it.
    ClientWillAsk {
        /// Who.
        client: u64,
        /// What it wants.
        request: Request,
    },
    /// A client that was turned away asks the leader.
    ClientTurnedTo {
        /// Who.
        client: u64,
        /// The leader.
        to: u64,
    },
    /// A client that was turned away waits.
    ClientWaits(u64),
    /// A client asks again.
    ClientRepeats {
        /// Who.
        client: u64,
        /// Whom.
        to: u64,
    },
    /// A client's request was lost.
    LostRequest {
        /// The client.
        client: u64,
        /// The server.
        to: u64,
    },
    /// A client has its answer.
    ClientKnows {
        /// Who.
        client: u64,
        /// From whom.
        from: u64,
        /// What.
        answer: Answer,
    },
    /// A client has an answer that was already old when it asked.
    ClientReadOld {
        /// Who.
        client: u64,
        /// What.
        answer: Answer,
    },

    // The narration: what happens between any two, or to all.
    /// A message was taken off its way.
    Dropped {
        /// The sender.
        from: Who,
        /// The receiver.
        to: Who,
    },
    /// A message will arrive twice.
    Duplicated {
        /// The sender.
        from: Who,
        /// The receiver.
        to: Who,
    },
    /// A message will arrive later.
    Delayed {
        /// The sender.
        from: Who,
        /// The receiver.
        to: Who,
        /// By how much, in microseconds.
        by_us: u64,
    },
    /// How long a disk, or every disk, takes for a write.
    DiskSet {
        /// Whose.
        who: Who,
        /// At least, in microseconds.
        us_min: u64,
        /// At most, in microseconds.
        us_max: u64,
    },
    /// What a link, or every link, does to messages.
    NetworkSet {
        /// From whom to whom, if it is one link.
        between: Option<(u64, u64)>,
        /// What.
        setting: NetworkSetting,
    },
    /// The network is split into groups, such as `S1 S2 | S3`.
    Partitioned(Rc<str>),
    /// No link is cut any more.
    HealedAll,
    /// A rule is in force from now on, or not.
    RuleSet {
        /// Which.
        rule: Rule,
        /// Whether it is in force.
        on: bool,
    },
    /// An option of all servers was turned.
    Switched {
        /// Which.
        switch: Switch,
        /// Whether it is on now.
        on: bool,
    },
    /// All servers have other settings.
    SettingsChanged,
    /// Nobody leads who could do what was wanted.
    NobodyDoesIt,
    /// A property was violated, and not by a single server.
    ViolatedByAll(Property),

    // The narration: why.
    /// A candidacy after a candidacy.
    BecauseNoMajority {
        /// How long it had stood, in milliseconds.
        waited_ms: u64,
    },
    /// A candidacy.
    BecauseTimedOut {
        /// How long it waited, in milliseconds.
        waited_ms: u64,
    },
    /// A timer that somebody made run out.
    BecauseMadeToTimeOut,
    /// Asking again.
    BecauseNoAnswer,
    /// A higher term.
    BecauseHigherTerm {
        /// Who told.
        from: u64,
        /// The term so far.
        mine: u64,
        /// The higher one.
        theirs: u64,
    },
    /// A vote given.
    BecauseVoteFree {
        /// The candidate.
        to: u64,
    },
    /// A vote refused: an old term.
    BecauseCandidateOfLowerTerm {
        /// The candidate.
        to: u64,
        /// The voter's term.
        mine: u64,
        /// The candidate's.
        theirs: u64,
    },
    /// A vote refused: it is given.
    BecauseAlreadyVoted {
        /// To whom.
        for_: u64,
    },
    /// A vote refused: the voter stands itself.
    BecauseVotedForItself,
    /// A vote refused: the candidate's log is behind.
    BecauseLogBehind {
        /// The candidate.
        to: u64,
        /// The end of the voter's log: index.
        my_index: u64,
        /// The end of the voter's log: term.
        my_term: u64,
        /// The end of the candidate's: index.
        their_index: u64,
        /// The end of the candidate's: term.
        their_term: u64,
    },
    /// An election won.
    BecauseMajorityVoted {
        /// How many voted for it.
        votes: u64,
        /// How many servers there are.
        servers: u64,
    },
    /// An election won without a majority, because a rule is off.
    BecauseTooFewVoted {
        /// How many voted for it.
        votes: u64,
        /// How many make a majority.
        needed: u64,
    },
    /// A candidacy given up.
    BecauseLeaderHeard {
        /// The leader.
        leader: u64,
        /// Its term.
        term: u64,
    },
    /// A leader's new entry.
    BecauseClientWrote {
        /// Its place.
        index: u64,
    },
    /// A leader's first entry.
    BecauseNewLeader,
    /// Entries accepted.
    BecausePreviousMatches {
        /// The leader.
        from: u64,
        /// The entry before them: index.
        previous_index: u64,
        /// The entry before them: term.
        previous_term: u64,
    },
    /// Entries accepted from the very first on.
    BecauseFromTheStart {
        /// The leader.
        from: u64,
    },
    /// Entries replaced.
    BecauseConflict {
        /// The leader.
        from: u64,
    },
    /// Entries refused: an old leader.
    BecauseLeaderOfLowerTerm {
        /// The sender.
        from: u64,
        /// The follower's term.
        mine: u64,
        /// The sender's.
        theirs: u64,
    },
    /// Entries refused: the one before them is missing.
    BecausePreviousMissing {
        /// The entry before them.
        previous_index: u64,
        /// The end of the follower's log.
        last: u64,
    },
    /// Entries refused: the one before them is another one.
    BecausePreviousDiffers {
        /// The entry before them: index.
        previous_index: u64,
        /// The entry before them: term.
        previous_term: u64,
        /// The term of the follower's entry there.
        mine: u64,
    },
    /// Going back.
    BecauseFollowerDiffers {
        /// The follower.
        to: u64,
    },
    /// A commit.
    BecauseMajorityHas {
        /// The highest entry that commits.
        index: u64,
        /// On which servers it is; empty if that is not known any more.
        on: Rc<[u64]>,
        /// On how many.
        count: u64,
        /// How many servers there are.
        servers: u64,
    },
    /// A commit that Raft would not have made.
    BecauseTooFewHave {
        /// The highest entry that commits.
        index: u64,
        /// On which servers it is; empty if that is not known any more.
        on: Rc<[u64]>,
        /// On how many.
        count: u64,
        /// How many servers there are.
        servers: u64,
    },
    /// A commit held back.
    BecauseOfEarlierTerm {
        /// The entry's term.
        entry_term: u64,
        /// The leader's.
        current_term: u64,
    },
    /// A follower learned of a commit.
    BecauseLeaderCommitted {
        /// The leader.
        from: u64,
        /// Up to where.
        index: u64,
    },
    /// What a crash took, and what it brought back.
    BecauseCrashedBeforeCut {
        /// How many entries its disk has of the log that it had.
        kept: u64,
        /// How many old entries come back.
        back: u64,
        /// Which term it had, and whom it had given its vote, unless they were on disk.
        lost: (Option<u64>, Option<LostVote>),
    },
    /// What a crash took and left.
    BecauseCrashed {
        /// How many entries are on disk.
        kept: u64,
        /// How many the log had.
        had: u64,
        /// Which term it had, and whom it had given its vote, unless they were on disk.
        lost: (Option<u64>, Option<LostVote>),
    },
    /// What a restart begins with.
    BecauseRestarted {
        /// The term on disk.
        term: u64,
        /// How many entries are on disk.
        entries: u64,
    },
    /// A write turned away.
    BecauseNotLeader {
        /// The leader, if it is known.
        leader: Option<u64>,
    },
    /// Asking before standing.
    BecauseAsksFirst {
        /// How long it waited, in milliseconds.
        waited_ms: u64,
    },
    /// A candidacy after a PreVote.
    BecauseWouldWin {
        /// How many would vote for it.
        votes: u64,
        /// How many voters there are.
        servers: u64,
    },
    /// A vote that would be given.
    BecauseNoLeaderHeard {
        /// Who would stand.
        to: u64,
    },
    /// A vote refused, or a candidate not listened to.
    BecauseLeaderAlive {
        /// When the leader was heard, in milliseconds; zero also on the leader itself.
        heard_ms_ago: u64,
    },
    /// The first stage of a two-stage election.
    BecauseHeartbeatTimedOut {
        /// How long it waited, in milliseconds.
        waited_ms: u64,
    },
    /// The second stage of a two-stage election.
    BecauseDelayEnded {
        /// To whom it has given its vote of this term in between, if it has.
        for_: Option<u64>,
    },
    /// A candidacy that the leader wants.
    BecauseToldToStand {
        /// The leader.
        from: u64,
    },
    /// A leader that steps down: nobody answers.
    BecauseQuorumLost,
    /// A leader that steps down: it is no member any more.
    BecauseRemoved {
        /// The configuration's entry.
        index: u64,
    },
    /// A leader's new configuration.
    BecauseMembersChange {
        /// Its place.
        index: u64,
    },
    /// A configuration in force.
    BecauseJoint,
    /// As above.
    BecauseConfigurationArrived,
    /// As above.
    BecauseConfigurationCutOff,
    /// A transfer begun.
    BecauseSuccessorCatchesUp {
        /// The successor.
        to: u64,
    },
    /// A successor told to stand.
    BecauseSuccessorHasAll {
        /// The successor.
        to: u64,
    },
    /// A transfer given up.
    BecauseSuccessorSilent {
        /// The successor.
        to: u64,
    },
    /// A snapshot sent.
    BecauseNeedsCompacted {
        /// The follower.
        to: u64,
    },
    /// A snapshot installed.
    BecauseSnapshotReplaces {
        /// How many entries after it stay.
        kept: u64,
    },
    /// A log compacted.
    BecauseSnapshotHolds {
        /// The first entry that is still in the log.
        first_index: u64,
    },
    /// A leader asks for a read.
    BecauseMayBeDeposed,
    /// A read answered.
    BecauseReadConfirmed,
    /// As above.
    BecauseLeaseHolds {
        /// How much longer, in milliseconds.
        left_ms: u64,
    },
    /// As above.
    BecauseLocalRead,
    /// A read that has to wait, or something refused.
    BecauseNothingCommittedInTerm,
    /// Something refused.
    BecauseTransferring {
        /// To whom it hands over.
        to: u64,
    },
    /// Something refused.
    BecauseTooMuchUncommitted {
        /// How much, in bytes.
        bytes: u64,
    },
    /// A read refused.
    BecauseNoLeases,
    /// A change of the members refused.
    BecauseChangeUnderWay {
        /// The entry of the one before.
        index: u64,
    },
    /// As above.
    BecauseNoChange,
    /// As above.
    BecauseNoVoters,
    /// A transfer refused.
    BecauseOnlyVotersLead,
    /// A message lost.
    BecauseNetworkLoses,
    /// A message lost: the link is cut.
    BecauseLinkCut,
    /// A message was delayed: why that does no harm.
    BecauseNetworkDelays,
    /// A message doubled.
    BecauseNetworkDoubles,
    /// A request lost.
    BecauseRequestsGetLost,
    /// A request lost: the server is down.
    BecauseDown {
        /// Which.
        server: u64,
    },
    /// An answer lost.
    BecauseAnswersGetLost,
    /// A write that the leader is asked for.
    BecauseLeaderWrites,
    /// A read that the leader is asked for.
    BecauseLeaderReads,
    /// A local read.
    BecauseAnybodyReads,
    /// Somebody else is asked.
    BecauseOnlyLeadersServe,
    /// A client that has to wait.
    BecauseOneAtATime,
    /// A client that asks elsewhere.
    BecauseNamed {
        /// Who named the leader.
        from: u64,
        /// The leader.
        leader: u64,
    },
    /// A client that waits before it asks again.
    BecauseTurnedAway {
        /// By whom.
        from: u64,
    },
    /// A client that asks again.
    BecauseClientWaited,
    /// An old answer.
    BecauseStale {
        /// From whom.
        from: u64,
    },
    /// A write answered.
    BecauseDone,
    /// A write that was not to be done.
    BecauseNotAsExpected,
    /// A server that stands still.
    BecausePaused,
    /// A server that goes on.
    BecauseResumed,
    /// A new server.
    BecauseSetUp,
    /// A timer that runs out at once.
    BecauseClockJumped,
    /// A clock that drifts.
    BecauseClocksDrift,
    /// A disk that stalls.
    BecausePromisesWait,
    /// A link cut.
    BecauseCut,
    /// A network split.
    BecausePartitioned,
    /// A rule switched off.
    BecauseBrokenOnPurpose,
    /// A message not looked at: a second leader of a term.
    BecauseSecondLeader,
    /// A message not looked at: it would undo what is committed.
    BecauseCutsCommitted {
        /// Up to where it is committed.
        commit_index: u64,
    },
    /// A message not looked at: the server has no vote.
    BecauseNotAVoter,
    /// A message not looked at: a piece of a snapshot that does not come next.
    BecauseOutOfPlace {
        /// Where the next one begins, in bytes.
        next_offset: u64,
    },
    /// Where to read on, behind a reason.
    Section(Section),

    // The properties.
    /// The name of a property, as in the paper.
    PropertyName(Property),
    /// What it says, in one sentence.
    PropertyMeaning(Property),
    /// It has held so far.
    PropertyHolds,
    /// It has been violated.
    PropertyViolated {
        /// When, in microseconds of the cluster.
        at_us: u64,
    },
    /// A branch that is compared had been left: nothing was done in it since.
    GoesOnSince {
        /// When it had been left, in microseconds of the cluster.
        us: u64,
    },
    /// Two facts that contradict each other.
    Facts([Fact; 2]),

    // Help.
    /// Above the keys.
    HelpKeys,
    /// The first thing to try.
    HelpIntro,
    /// The keys that do something, as they are named on them.
    KeySigns(KeyMeaning),
    /// What they do.
    KeyMeaning(KeyMeaning),

    // What went wrong.
    /// The seed in the address cannot be read.
    BadSeed(Rc<str>),
    /// What is shown instead.
    BadSeedInstead(u64),
    /// A speed that was asked for cannot be read.
    BadSpeed(Rc<str>),
    /// A number of servers that was asked for cannot be read, or is not from 1 to this.
    BadNodes(Rc<str>, u64),
    /// A number of writes a second that was asked for cannot be read, or is above this.
    BadWrites(Rc<str>, u64),
    /// A theme that was asked for does not exist.
    BadTheme(Rc<str>),
    /// A language that was asked for is not spoken here.
    BadLanguage(Rc<str>),
    /// The code of a link cannot be read.
    BadCode(CodeError),
    /// A link tells something else than whoever made it saw.
    CodeToldOtherwise,
    /// A link leads further than an hour.
    CodeTooFar,
    /// The program has stopped.
    Stopped,
    /// What to do then.
    StoppedHelp,
    /// The button of that panel.
    Reload,
}

/// The entries that a sentence is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entries {
    /// One, with its command, such as `x=7`.
    Command(Rc<str>),
    /// One without a command.
    NoOp,
    /// One that names the members, such as `{1–3}`.
    Configuration(Rc<str>),
    /// One of which only the place is known.
    At(u64),
    /// Several.
    Range {
        /// The first index.
        first: u64,
        /// The last index.
        last: u64,
    },
}

impl Entries {
    /// One entry, by its label in the log table.
    #[must_use]
    pub fn labelled(label: &Rc<str>) -> Entries {
        if **label == *NO_OP_LABEL {
            Entries::NoOp
        } else if label.contains('=') {
            Entries::Command(label.clone())
        } else {
            Entries::Configuration(label.clone())
        }
    }
}

/// What a client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To write, as in `x=8`.
    Write(Rc<str>),
    /// To know what is under a key.
    Read(Rc<str>),
}

/// A vote that a crash took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostVote {
    /// For the server itself.
    Own,
    /// For another.
    For(u64),
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The write, as in `x=8`, is done.
    Written(Rc<str>),
    /// The write, as in `x=2→3`, is not, because another value was there than expected.
    NotWritten(Rc<str>),
    /// What is under a key.
    Value {
        /// The key.
        key: Rc<str>,
        /// The value, if there is one.
        value: Option<Rc<str>>,
    },
}

/// What a link does to messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkSetting {
    /// How long they take.
    Latency {
        /// At least, in microseconds.
        us_min: u64,
        /// At most, in microseconds.
        us_max: u64,
    },
    /// How many get lost.
    Loss {
        /// Of a million.
        ppm: u64,
    },
    /// How many arrive twice.
    Duplication {
        /// Of a million.
        ppm: u64,
    },
    /// How many are held up.
    Reordering {
        /// Of a million.
        ppm: u64,
    },
}

/// What kind of message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// RequestVote.
    VoteRequest,
    /// Its answer.
    Vote,
    /// RequestPreVote.
    PreVoteRequest,
    /// Its answer.
    PreVote,
    /// InstallSnapshot.
    Snapshot,
    /// TimeoutNow.
    TimeoutNow,
    /// AppendEntries with entries.
    Entries,
}

/// What keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMeaning {
    /// Plays and pauses.
    PlayPause,
    /// Next and previous event.
    Step,
    /// Slower and faster.
    Speed,
    /// Selects a server.
    Select,
    /// Goes from server to server, inside the ring.
    Move,
    /// Crashes or restarts the selected one.
    Toggle,
    /// Opens the menu of the selected server.
    Menu,
    /// Lets it time out.
    TimeOut,
    /// Writes.
    Write,
    /// Opens the next message in flight, or the one before.
    Messages,
    /// Reads.
    Read,
    /// Opens the menu of partitions.
    Partition,
    /// Heals all links.
    Heal,
    /// Closes what is open.
    Close,
    /// Changes the language.
    Language,
    /// Shows the help.
    Help,
}

impl KeyMeaning {
    /// All keys, in the order of the help.
    pub const ALL: [KeyMeaning; 16] = [
        KeyMeaning::PlayPause,
        KeyMeaning::Step,
        KeyMeaning::Speed,
        KeyMeaning::Select,
        KeyMeaning::Move,
        KeyMeaning::Toggle,
        KeyMeaning::Menu,
        KeyMeaning::TimeOut,
        KeyMeaning::Write,
        KeyMeaning::Messages,
        KeyMeaning::Read,
        KeyMeaning::Partition,
        KeyMeaning::Heal,
        KeyMeaning::Close,
        KeyMeaning::Language,
        KeyMeaning::Help,
    ];
}

impl Message {
    /// The words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => en::text(self),
            Lang::Zh => zh::text(self),
        }
    }
}

/// A moment in seconds, to the millisecond: `3.412`.
fn seconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000_000, us / 1_000 % 1_000)
}

/// A reason that may be half a sentence, as one of its own.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Milliseconds without needless digits: `2.5`.
pub(crate) fn milliseconds(us: u64) -> String {
    thousandths(us)
}

/// Millionths as a percentage without needless digits: `10`, `0.5`.
pub(crate) fn percent(ppm: u64) -> String {
    thousandths(ppm / 10)
}

/// Thousandths as a number without needless digits: `25`, `2.5`, `0.1`.
fn thousandths(milli: u64) -> String {
    let number = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}
