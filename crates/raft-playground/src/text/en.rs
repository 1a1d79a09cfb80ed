//! English: short, warm, exact.

use super::{
    Answer, Entries, KeyMeaning, Lang, Lost, LostVote, Message, NetworkSetting, Request, capitalized, milliseconds,
    percent, rule_text, seconds, thousandths,
};
use raft_sim::{CodeError, Fact, Problem, Property};

use crate::scene::{MarkKind, Role, Section, Who};

pub(super) fn text(message: &Message) -> String {
    use Message as M;
    match message {
        M::Title => "Raft Playground".into(),
        M::OtherLanguage => "中文".into(),
        M::SwitchLanguage => "切换到中文".into(),
        M::DarkTheme => "Dark theme".into(),
        M::LightTheme => "Light theme".into(),
        M::Help => "Help".into(),
        M::Close => "Close".into(),
        M::PanelCluster => "Cluster".into(),
        M::PanelLogs => "Logs".into(),
        M::PanelStory => "What happened, and why".into(),
        M::PanelProperties => "What Raft guarantees".into(),
        M::PanelTimeline => "Time".into(),
        M::PanelLegend => "Legend".into(),

        M::Play => "Play".into(),
        M::Pause => "Pause".into(),
        M::StepForward => "Next event".into(),
        M::StepBack => "Previous event".into(),
        M::SpeedLabel => "1 s of the cluster takes".into(),
        M::SpeedValue { slowdown_milli } => format!("{} s", thousandths(*slowdown_milli)),
        M::SpeedSentence { slowdown_milli } => {
            format!("One second of the cluster takes {} s", thousandths(*slowdown_milli))
        }
        M::TimeSlider => "Time in the cluster".into(),
        M::Time { us } => format!("{} s", seconds(*us)),
        M::Clock { us } => seconds(*us),
        M::TimeOf { us, span_us } => format!("{} of {} s", seconds(*us), thousandths(*span_us / 1_000)),
        M::FutureKept => "Another future begins here; the old one is kept.".into(),
        M::Write { key, value } => format!("Write {key}={value}"),
        M::WriteGoesRound => "Nobody leads now: the client asks one server after the other.".into(),
        M::WriteGoesTo(leader) => format!("Goes to the leader, S{leader}."),
        M::ClickHint => "click a server to crash it, a link to cut it; draw a line to part them".into(),
        M::NewCluster => "New cluster".into(),
        M::Seed(seed) => format!("Seed {seed}"),

        M::ServerName(server) => format!("S{server}"),
        M::ClientName(client) => format!("Client {client}"),
        M::StandsStill => "paused".into(),
        M::RoleWord(role) | M::RoleName(role) => role_word(*role).into(),
        M::HeartbeatIn { ms } => format!("heartbeat {ms} ms"),
        M::TimeoutIn { ms } => format!("{ms} ms"),
        M::DelayIn { ms } => format!("stands in {ms} ms"),
        M::VotesTally { votes, servers } => format!("{votes} of {servers} votes"),
        M::WritingOwnVote => "writing its own vote".into(),
        M::Kept { kept, had } => format!("kept {kept} of {}", entries_count(*had)),
        M::ServerAria { server, role, term, entries, committed, paused } => format!(
            "S{server}, {}, {}term {term}, {}, {committed} committed",
            role_word(*role),
            if *paused { "paused, " } else { "" },
            entries_count(*entries)
        ),
        M::RingAria { servers, leader: Some(leader) } => format!("{}, S{leader} leads", servers_count(*servers)),
        M::RingAria { servers, leader: None } => format!("{}, no leader", servers_count(*servers)),

        M::StateColumn => "state".into(),
        M::StateEmpty => "empty".into(),
        M::StateLost => "lost".into(),
        M::Term(term) => format!("term {term}"),
        M::EntryAria { index, term, entry, committed, durable } => format!(
            "entry {index}, {}, term {term}, {}{}",
            the_entries(entry),
            if *committed { "committed" } else { "not committed" },
            if *durable { "" } else { ", not on disk yet" }
        ),
        M::EntryOnDisk { index, term, entry } => {
            format!("entry {index}, {}, term {term}, kept on disk", the_entries(entry))
        }
        M::ProgressAria { server, next_index, match_index: 0 } => {
            format!("S{server}: nothing known to match, next is entry {next_index}")
        }
        M::ProgressAria { server, next_index, match_index } => {
            format!("S{server}: matches up to entry {match_index}, next is entry {next_index}")
        }
        M::LogAria { entries, committed } => {
            format!("log: {}, {committed} committed", entries_count(*entries))
        }

        M::LegendEntries => "entries on the way".into(),
        M::LegendHeartbeat => "heartbeat".into(),
        M::LegendAccepted => "accepted".into(),
        M::LegendRejected => "rejected".into(),
        M::LegendVoteRequest => "asks for a vote".into(),
        M::LegendVoteGranted => "vote".into(),
        M::LegendVoteDenied => "no vote".into(),
        M::LegendVoteOnItsWay => "no answer yet".into(),
        M::LegendVoteSilent => "nothing under way".into(),
        M::LegendCommitted => "committed".into(),
        M::LegendUncommitted => "dashed: not committed".into(),
        M::LegendNotDurable => "not on disk yet".into(),
        M::LegendApplied => "applied".into(),
        M::LegendMatch => "match".into(),
        M::LegendNext => "next".into(),
        M::LegendTimer => "time left".into(),

        M::Mark { kind, server, at_us } => format!("{} s: {}", seconds(*at_us), mark(*kind, *server)),

        M::AsksForVote { from, to, term, last_index, last_term } => format!(
            "S{from} asks S{to} for its vote in term {term}; its log {}",
            log_end(*last_index, *last_term)
        ),
        M::GivesVote { from, to, term } => format!("S{from} gives S{to} its vote in term {term}"),
        M::RefusesVote { from, to, term } => format!("S{from}, in term {term}, refuses S{to} its vote"),
        M::SendsHeartbeat { from, to, term, commit } => {
            format!("S{from} tells S{to} that it leads term {term}, committed up to entry {commit}")
        }
        M::SendsEntries { from, to, entries, previous_index: 0, .. } => {
            format!("S{from} sends S{to} {}, from the start of the log", the_entries(entries))
        }
        M::SendsEntries { from, to, entries, previous_index, previous_term, .. } => format!(
            "S{from} sends S{to} {}, to follow entry {previous_index} of term {previous_term}",
            the_entries(entries)
        ),
        M::Confirms { from, to, match_index: 0 } => format!("S{from} answers S{to}: heard"),
        M::Confirms { from, to, match_index } => format!("S{from} tells S{to} that it has all up to entry {match_index}"),
        M::RejectsEntries { from, to, previous_index } => {
            format!("S{from} tells S{to} that it does not have this entry {previous_index}")
        }
        M::AsksForPreVote { from, to, term, last_index, last_term } => format!(
            "S{from} asks S{to} whether it would vote for it in term {term}; its log {}",
            log_end(*last_index, *last_term)
        ),
        M::SendsSnapshot { from, to, last_index, until, done } => format!(
            "S{from} sends S{to} its snapshot up to entry {last_index}: {} up to byte {until}",
            if *done { "the last piece," } else { "a piece" }
        ),
        M::HasOfSnapshot { from, to, bytes: 0 } => format!("S{from} tells S{to} that it has nothing of that snapshot"),
        M::HasOfSnapshot { from, to, bytes } => {
            format!("S{from} tells S{to} that it has the first {bytes} bytes of that snapshot")
        }
        M::TellsToStand { from, to } => format!("S{from} hands over to S{to}: stand for election at once"),
        M::WillBeLost(message) => format!("{} — it will be lost on the way", text(message)),

        M::StoodForElection { server, term } => format!("S{server} voted for itself in term {term}"),
        M::AskedAgain { server, servers } => format!("S{server} asked {} again for a vote", names(servers)),
        M::MovedToTerm { server, term } => format!("S{server} moved on to term {term}"),
        M::SteppedDown { server, was, term } => {
            format!("S{server} stepped down from {} to follower: term {term} had begun", role_word(*was))
        }
        M::Voted { server, to, term } => format!("S{server} voted for S{to} in term {term}"),
        M::RefusedVote { server, to } => format!("S{server} refused S{to} its vote"),
        M::Elected { server, term } => format!("S{server} is the leader of term {term}"),
        M::GaveUp { server, leader } => format!("S{server} gave up and followed S{leader}"),
        M::Appended { server, entries } => format!("S{server} appended {}", the_entries(entries)),
        M::Replaced { server, truncated, entries } => {
            format!("S{server} replaced {} with {}", entries_count(*truncated), the_entries(entries))
        }
        M::RefusedEntries { server, from } => format!("S{server} refused what S{from} sent"),
        M::WentBack { server, to, next_index } => format!("S{server} went back to entry {next_index} for S{to}"),
        M::Committed { server, entries } => format!("S{server} committed {}", the_entries(entries)),
        M::HeldCommit { server, index } => format!("S{server} did not commit entry {index} yet"),
        M::Applied { server, entries } => format!("S{server} applied {}", the_entries(entries)),
        M::Crashed(server) => format!("S{server} crashed"),
        M::Restarted(server) => format!("S{server} restarted"),
        M::RefusedWrite { server, label } => format!("S{server} turned the write {label} away"),
        M::BeganPreVote { server, term } => format!("S{server} asked whether it could win term {term}"),
        M::WouldVote { server, to, term } => format!("S{server} would vote for S{to} in term {term}"),
        M::WouldNotVote { server, to } => format!("S{server} would not vote for S{to}"),
        M::WaitsToStand { server, term, delay_ms } => {
            format!("S{server} moved on to term {term}, to stand after {delay_ms} ms")
        }
        M::StoodWithoutOwnVote { server, term } => format!("S{server} stood in term {term} without its own vote"),
        M::Resigned(server) => format!("S{server} stepped down as leader"),
        M::UsesConfiguration { server, voters, learners, joint } => format!(
            "S{server} {} {}{}",
            if *joint { "entered joint consensus, on the way to" } else { "took up a configuration of" },
            some(*voters, "voter"),
            if *learners > 0 { format!(" and {}", some(*learners, "learner")) } else { String::new() }
        ),
        M::BeganTransfer { server, to } => format!("S{server} began to hand over to S{to}"),
        M::ToldToStand { server, to } => format!("S{server} told S{to} to stand for election at once"),
        M::GaveUpTransfer { server, to } => format!("S{server} gave up handing over to S{to}"),
        M::BeganSnapshot { server, to, last_index } => {
            format!("S{server} began to send S{to} its snapshot, up to entry {last_index}")
        }
        M::InstalledSnapshot { server, last_index } => format!("S{server} installed a snapshot up to entry {last_index}"),
        M::Compacted { server, last_index } => {
            format!("S{server} took a snapshot of its entries up to {last_index}")
        }
        M::ReadWaits(server) => format!("S{server} let a read wait"),
        M::AsksForRead(server) => format!("S{server} asked whether it still leads, for a read"),
        M::Answered { server, client, answer } => format!("S{server} answered client {client}: {}", told(answer)),
        M::RefusedRead(server) => format!("S{server} turned a read away"),
        M::RefusedRequest(server) => format!("S{server} did not do what was asked"),
        M::LostMessage { server, to, what } => match what {
            Lost::VoteRequest => format!("S{server} asked S{to} for its vote, but the message was lost"),
            Lost::Vote => format!("S{server} answered S{to} about its vote, but the message was lost"),
            Lost::Entries => format!("S{server} sent S{to} entries, but the message was lost"),
            Lost::PreVoteRequest => format!("S{server} asked S{to} whether it would vote for it, but the message was lost"),
            Lost::PreVote => format!("S{server} answered S{to} whether it would vote for it, but the message was lost"),
            Lost::Snapshot => format!("S{server} sent S{to} a piece of its snapshot, but the message was lost"),
            Lost::TimeoutNow => format!("S{server} told S{to} to stand for election, but the message was lost"),
        },
        M::LostAnswer { server, client } => format!("S{server} answered client {client}, but the answer was lost"),
        M::Paused(server) => format!("S{server} was paused"),
        M::Resumed(server) => format!("S{server} went on"),
        M::SetUp(server) => format!("S{server} was set up"),
        M::TimesOut(server) => format!("S{server} is about to time out"),
        M::Drifts { server, ppm: 0 } => format!("S{server} has a clock at the right speed again"),
        M::Drifts { server, ppm } => format!(
            "S{server} has a clock that runs {} % {}",
            percent(ppm.unsigned_abs()),
            if *ppm > 0 { "fast" } else { "slow" }
        ),
        M::DiskStalled(server) => format!("S{server} has a disk that stalls"),
        M::DiskGoesOn(server) => format!("S{server} has a disk that works again"),
        M::CannotReach { server, to } => format!("S{server} cannot reach S{to} any more"),
        M::ReachesAgain { server, to } => format!("S{server} can reach S{to} again"),
        M::IgnoredMessage { server, from } => format!("S{server} ignored what S{from} sent"),
        M::Violated { server, property } => format!("S{server} violated “{}”", property_name(*property)),

        M::ClientAsked { client, to, request } => match request {
            Request::Write(label) => format!("Client {client} asked S{to} to write {label}"),
            Request::Read(key) => format!("Client {client} asked S{to} for {key}"),
        },
        M::ClientWillAsk { client, request } => match request {
            Request::Write(label) => format!("Client {client} will write {label} later"),
            Request::Read(key) => format!("Client {client} will ask for {key} later"),
        },
        M::ClientTurnedTo { client, to } => format!("Client {client} turned to S{to}"),
        M::ClientWaits(client) => format!("Client {client} decided to wait a little before it asks again"),
        M::ClientRepeats { client, to } => format!("Client {client} sent its request once more, to S{to}"),
        M::LostRequest { client, to } => format!("Client {client} asked S{to}, but the request was lost"),
        M::ClientKnows { client, from, answer } => format!("Client {client} got the answer of S{from}: {}", told(answer)),
        M::ClientReadOld { client, answer } => format!("Client {client} was told what is out of date: {}", told(answer)),

        M::Dropped { from, to } => format!("{} to {}: a message was dropped", name(*from), name(*to)),
        M::Duplicated { from, to } => format!("{} to {}: a message will arrive twice", name(*from), name(*to)),
        M::Delayed { from, to, by_us } => {
            format!("{} to {}: a message takes {} ms longer", name(*from), name(*to), milliseconds(*by_us))
        }
        M::DiskSet { who: Who::Cluster, us_min, us_max } => format!("Every disk takes {} a write", span(*us_min, *us_max)),
        M::DiskSet { who, us_min, us_max } => {
            format!("{} has a disk that takes {} a write", name(*who), span(*us_min, *us_max))
        }
        M::NetworkSet { between: None, setting } => format!("All links: {}", network(*setting)),
        M::NetworkSet { between: Some((from, to)), setting } => format!("S{from} to S{to}: {}", network(*setting)),
        M::Partitioned(groups) => format!("The network was split: {groups}"),
        M::HealedAll => "The network was made whole again".into(),
        M::RuleSet { rule, on } => format!("The rule “{}” was {}", rule_text(*rule, Lang::En).0.trim_end_matches('.'), if *on { "put in force again" } else { "switched off" }),
        M::Switched { switch, on } => {
            format!("All servers: “{}” is {} now", switch.title(Lang::En), if *on { "on" } else { "off" })
        }
        M::SettingsChanged => "All servers were given other settings".into(),
        M::NobodyDoesIt => "Nobody led: nobody did what was asked".into(),
        M::ViolatedByAll(property) => format!("“{}” was violated", property_name(*property)),

        M::BecauseNoMajority { waited_ms } => {
            format!("{waited_ms} ms as a candidate without a majority: the vote was split, or too few answered.")
        }
        M::BecauseMadeToTimeOut => "it was made to time out at once: it did not wait for its timer.".into(),
        M::BecauseTimedOut { waited_ms } => {
            format!("{waited_ms} ms without a heartbeat: its election timeout ran out.")
        }
        M::BecauseNoAnswer => "no answer came: a message may have been lost, or the server is down.".into(),
        M::BecauseHigherTerm { from, mine, theirs } => {
            format!("S{from} spoke in term {theirs}, and it was still in term {mine}: the higher term wins.")
        }
        M::BecauseVoteFree { to } => {
            format!("its vote was free (first come, first served), and the log of S{to} is not behind its own.")
        }
        M::BecauseCandidateOfLowerTerm { to, mine, theirs } => {
            format!("S{to} stands in term {theirs}, but this is term {mine} already.")
        }
        M::BecauseAlreadyVoted { for_ } => {
            format!("its vote in this term went to S{for_}: one vote a term, first come, first served.")
        }
        M::BecauseVotedForItself => {
            "its vote in this term went to itself: one vote a term, first come, first served.".into()
        }
        M::BecauseLogBehind { to, my_index, my_term, their_index, their_term } => format!(
            "its own log is more up-to-date: it {}, that of S{to} {}.",
            log_end(*my_index, *my_term),
            log_end(*their_index, *their_term)
        ),
        M::BecauseMajorityVoted { votes, servers } => {
            format!("{} of {} voted for it: a majority.", count(*votes), count(*servers))
        }
        M::BecauseTooFewVoted { votes, needed } => {
            format!("{} voted for it: no majority, which takes {}, but a rule is off.", count(*votes), count(*needed))
        }
        M::BecauseLeaderHeard { leader, term } => format!("S{leader} has already won term {term}."),
        M::BecauseClientWrote { index } => {
            format!("a client wrote it: the leader makes it entry {index} of its log, then sends it to all.")
        }
        M::BecauseNewLeader => {
            "a new leader begins with an empty entry (no-op) of its own term: once that commits, so do the older ones before it.".into()
        }
        M::BecausePreviousMatches { from, previous_index, previous_term } => {
            format!("its entry {previous_index} matches what S{from} named as previous: term {previous_term}.")
        }
        M::BecauseFromTheStart { from } => format!("S{from} sent its log from the first entry on: that always fits."),
        M::BecauseConflict { from } => {
            format!("the logs differed there: same index, other term than on S{from}. Nothing of that was committed.")
        }
        M::BecauseLeaderOfLowerTerm { from, mine, theirs } => {
            format!("S{from} led term {theirs}, but this is term {mine} already.")
        }
        M::BecausePreviousMissing { previous_index, last: 0 } => {
            format!("that follows entry {previous_index}, but its log is empty.")
        }
        M::BecausePreviousMissing { previous_index, last } => {
            format!("that follows entry {previous_index}, but its log ends with entry {last}.")
        }
        M::BecausePreviousDiffers { previous_index, previous_term, mine } => format!(
            "that follows entry {previous_index} of term {previous_term}, but its entry there is of term {mine}."
        ),
        M::BecauseFollowerDiffers { to } => {
            format!("the log of S{to} does not fit there: it sends again from where both may agree.")
        }
        M::BecauseMajorityHas { index, on, count: has, servers } if on.is_empty() => format!(
            "entry {index} of its own term is on {} of {} servers.",
            count(*has),
            count(*servers)
        ),
        M::BecauseMajorityHas { index, on, count: has, servers } => format!(
            "entry {index} of its own term is on {}: {} of {}.",
            names(on),
            count(*has),
            count(*servers)
        ),
        M::BecauseTooFewHave { index, on, count: has, servers } => format!(
            "entry {index} of its own term is on {} of {} servers{}: no majority, but a rule is off.",
            count(*has),
            count(*servers),
            if on.is_empty() { String::new() } else { format!(" ({})", names(on)) }
        ),
        M::BecauseOfEarlierTerm { entry_term, current_term } => format!(
            "a majority has it, but it is of term {entry_term}: only an entry of its own term, {current_term}, makes it safe."
        ),
        M::BecauseLeaderCommitted { from, index } => format!("S{from} said that all up to entry {index} is committed."),
        M::BecauseCrashedBeforeCut { kept, back, lost } => {
            let log = format!("the cut was not on disk yet: {kept} of its entries stay, and {back} old ones are back; its role and its state are lost.");
            log + &forgets(*lost)
        }
        M::BecauseCrashed { kept, had, lost } => {
            let entries = entries_count(*had);
            let log = match (*kept, *had) {
                (_, 0) => "its log was empty; it forgets its role and its state.".into(),
                (0, _) => format!("its log, {entries}, was not on disk yet and is lost; so are its role and its state."),
                (kept, had) if kept == had => format!("its whole log, {entries}, was on disk; it forgets its role and its state."),
                (kept, _) => format!("{kept} of {entries} were on disk, the rest is lost; so are its role and its state."),
            };
            log + &forgets(*lost)
        }
        M::BecauseRestarted { term, entries } => {
            format!("it is a follower with what its disk kept: term {term}, {}.", entries_count(*entries))
        }
        M::BecauseNotLeader { leader: Some(leader) } => format!("it does not lead; as far as it knows, S{leader} does."),
        M::BecauseNotLeader { leader: None } => "it does not lead, and knows nobody who does.".into(),
        M::BecauseAsksFirst { waited_ms } => {
            format!("{waited_ms} ms without a heartbeat: it asks first, and leaves its term alone if it could not win.")
        }
        M::BecauseWouldWin { votes, servers } => {
            format!("{} of {} would vote for it: a majority, so now it stands.", count(*votes), count(*servers))
        }
        M::BecauseNoLeaderHeard { to } => {
            format!("it hears from no leader either, and the log of S{to} is not behind its own.")
        }
        M::BecauseLeaderAlive { heard_ms_ago: 0 } => "a leader is alive: meanwhile nobody else is elected.".into(),
        M::BecauseLeaderAlive { heard_ms_ago } => {
            format!("it heard from a leader {heard_ms_ago} ms ago: while one is alive, nobody else is elected.")
        }
        M::BecauseHeartbeatTimedOut { waited_ms } => format!(
            "{waited_ms} ms without a heartbeat: its heartbeat timeout ran out. While it waits, its vote is free for others."
        ),
        M::BecauseDelayEnded { for_: None } => "its election delay ran out, and no leader was heard.".into(),
        M::BecauseDelayEnded { for_: Some(candidate) } => {
            format!("its election delay ran out; its vote of this term has gone to S{candidate}.")
        }
        M::BecauseToldToStand { from } => format!("S{from} hands over to it, so it need not wait for a timeout."),
        M::BecauseQuorumLost => {
            "it has not heard from a majority for a whole election timeout: others may have elected a new leader.".into()
        }
        M::BecauseRemoved { index } => {
            format!("the configuration in entry {index} is committed, and it has no vote in it.")
        }
        M::BecauseMembersChange { index } => {
            format!("the members change: like a write, that becomes entry {index} of the leader’s log, then goes to all.")
        }
        M::BecauseJoint => {
            "until the change is complete, every decision needs a majority of the old voters and one of the new.".into()
        }
        M::BecauseConfigurationArrived => "a configuration acts as soon as a server has it, committed or not.".into(),
        M::BecauseConfigurationCutOff => "the entry that changed it was cut off: the one before acts again.".into(),
        M::BecauseSuccessorCatchesUp { to } => {
            format!("first S{to} gets all that it lacks. Meanwhile the leader takes no writes.")
        }
        M::BecauseSuccessorHasAll { to } => format!("S{to} has every entry of its log, so it can win at once."),
        M::BecauseSuccessorSilent { to } => {
            format!("S{to} did not take over within an election timeout: it leads on itself.")
        }
        M::BecauseNeedsCompacted { to } => format!("what S{to} needs has been compacted: only the snapshot has it."),
        M::BecauseSnapshotReplaces { kept: 0 } => "the snapshot takes the place of its state and of its whole log.".into(),
        M::BecauseSnapshotReplaces { kept } => format!(
            "the snapshot takes the place of its state and of its log so far; what follows, {}, fits and stays.",
            entries_count(*kept)
        ),
        M::BecauseSnapshotHolds { first_index: 1 } => {
            "it holds what they led to. They stay in the log as well, for servers that lag behind.".into()
        }
        M::BecauseSnapshotHolds { first_index } => {
            format!("it holds what they led to: its log now begins with entry {first_index}.")
        }
        M::BecauseMayBeDeposed => {
            "another may lead by now without its knowing: a majority must say that it still leads.".into()
        }
        M::BecauseReadConfirmed => "since the read came, a majority has said that it still leads.".into(),
        M::BecauseLeaseHolds { left_ms } => {
            format!("its lease lasts for another {left_ms} ms: nobody else can be elected before.")
        }
        M::BecauseLocalRead => "it asked nobody: what it has may be stale.".into(),
        M::BecauseNothingCommittedInTerm => {
            "it has not committed in its own term yet: until then it does not know all that is committed.".into()
        }
        M::BecauseTransferring { to } => format!("it is handing over to S{to}: ask there, soon."),
        M::BecauseTooMuchUncommitted { bytes } => format!("{bytes} bytes wait to be committed already: ask again later."),
        M::BecauseNoLeases => "reads by lease are not switched on.".into(),
        M::BecauseChangeUnderWay { index } => {
            format!("the change in entry {index} is not complete yet: one change at a time.")
        }
        M::BecauseNoChange => "it is so already.".into(),
        M::BecauseNoVoters => "nobody would be left to vote.".into(),
        M::BecauseOnlyVotersLead => "only another voter can take over.".into(),
        M::BecauseNetworkLoses => "networks lose messages: Raft asks and sends again.".into(),
        M::BecauseLinkCut => "the link is cut: nothing comes through.".into(),
        M::BecauseNetworkDelays => "networks delay messages: that can cost Raft time, never safety.".into(),
        M::BecauseNetworkDoubles => "networks double messages: in Raft the second one does no harm.".into(),
        M::BecauseRequestsGetLost => "networks lose messages: the client will ask again.".into(),
        M::BecauseDown { server } => format!("S{server} is down: the client will ask elsewhere."),
        M::BecauseAnswersGetLost => {
            "networks lose messages: the client will ask again, and what is written is not written twice.".into()
        }
        M::BecauseLeaderWrites => "the leader takes writes, and answers once the entry is committed.".into(),
        M::BecauseLeaderReads => "the leader answers once it is sure that it still leads.".into(),
        M::BecauseAnybodyReads => "for a local read any server will do: the answer may be out of date.".into(),
        M::BecauseOnlyLeadersServe => "whoever does not lead turns it away, and names the leader.".into(),
        M::BecauseOneAtATime => "it asks for one thing at a time, and still waits for an answer.".into(),
        M::BecauseNamed { from, leader } => format!("S{from} named S{leader} as the leader."),
        M::BecauseTurnedAway { from } => format!("S{from} turned it away, and named nobody else."),
        M::BecauseClientWaited => {
            "no answer came in time. The request keeps its number, so that nothing is written twice.".into()
        }
        M::BecauseStale { from } => format!("S{from} had not yet applied what others had when the client asked."),
        M::BecauseDone => "the entry is committed, and its state machine has applied it.".into(),
        M::BecauseNotAsExpected => "another value was there than the client expected.".into(),
        M::BecausePaused => "it stands still, but is not dead: what reaches it waits, and its clock goes on.".into(),
        M::BecauseResumed => "now it looks at all that has come meanwhile; its timers may have run out.".into(),
        M::BecauseSetUp => "it begins with an empty disk, and waits for a leader to send it the log.".into(),
        M::BecauseClockJumped => "its clock was set forward to where its timer runs out.".into(),
        M::BecauseClocksDrift => "no two clocks agree, and its timers go by its own.".into(),
        M::BecausePromisesWait => "what is not on disk does not count: its votes and acknowledgements wait.".into(),
        M::BecauseCut => "the link was cut in this direction; what was on its way is lost.".into(),
        M::BecausePartitioned => "only servers of one group reach each other; what was between the groups is lost.".into(),
        M::BecauseBrokenOnPurpose => "a bug on purpose: watch what Raft then no longer guarantees.".into(),
        M::BecauseSecondLeader => "it leads this term itself: there should be no other leader.".into(),
        M::BecauseCutsCommitted { commit_index } => {
            format!("it would cut off entries that are committed, up to entry {commit_index}.")
        }
        M::BecauseNotAVoter => "it has no vote, so it cannot stand.".into(),
        M::BecauseOutOfPlace { next_offset } => {
            format!("that piece of the snapshot does not come next: the next one begins at byte {next_offset}.")
        }
        M::Section(Section::Paper(section)) => format!("§{section}"),
        M::Section(Section::Dissertation(section)) => format!("dissertation §{section}"),

        M::PropertyName(property) => property_name(*property).into(),
        M::PropertyMeaning(property) => property_meaning(*property).into(),
        M::PropertyHolds => "has held so far".into(),
        M::PropertyViolated { at_us } => format!("violated at {} s", seconds(*at_us)),
        M::GoesOnSince { us } => format!("by itself since {} s", seconds(*us)),
        M::Facts([Fact::Leads { server: one, term }, Fact::Leads { server: other, term: same }]) if term == same => {
            format!("S{one} was elected leader of term {term}, and so was S{other}: two leaders of one term.")
        }
        M::Facts([against, Fact::Returned { client, serial, .. }]) => not_linearizable(*against, client.0, serial.0),
        M::Facts([one, other]) => capitalized(&format!("{}, and yet {}.", fact(*one), fact(*other))),

        M::HelpKeys => "Keys".into(),
        M::HelpIntro => "Click the leader: it crashes, and the others elect a new one. Click it again: it restarts and catches up. Write something, and follow the entry into every log. Drag time back to look again.".into(),
        M::KeySigns(key) => key_signs(*key).into(),
        M::KeyMeaning(key) => key_meaning(*key).into(),

        M::BadSeed(given) => format!("“{given}” is not a seed: a whole number from 0 to {}.", u64::MAX),
        M::BadSeedInstead(seed) => format!("This is seed {seed} instead."),
        M::BadSpeed(given) => {
            format!("“{given}” is not a speed: the seconds that one second of the cluster takes, from 0.1 to 1000.")
        }
        M::BadNodes(given, most) => {
            format!("“{given}” is not a number of servers: a whole number from 1 to {most}.")
        }
        M::BadWrites(given, most) => {
            format!("“{given}” is not a number of writes a second: a whole number from 0 to {most}.")
        }
        M::BadTheme(given) => format!("“{given}” is not a theme: auto, light or dark."),
        M::BadLanguage(given) => format!("“{given}” is not a language of this page: en or zh."),
        M::BadCode(error) => format!("This link cannot be opened: {}.", bad_code(error)),
        M::CodeToldOtherwise => {
            "This link was made with another version of the playground, or it was mistyped: what it shows may differ from what its author saw."
                .into()
        }
        M::CodeTooFar => "This link leads further than an hour: this is the hour.".into(),
        M::Stopped => "The playground has stopped.".into(),
        M::StoppedHelp => "That is a fault of ours, not of yours. Reload the page to go on.".into(),
        M::Reload => "Reload".into(),
    }
}

/// What a client is told.
fn told(answer: &Answer) -> String {
    match answer {
        Answer::Written(label) => format!("{label} is written"),
        Answer::NotWritten(label) => format!("{label} is not written"),
        Answer::Value {
            key,
            value: Some(value),
        } => format!("{key} is {value}"),
        Answer::Value { key, value: None } => format!("there is no {key}"),
    }
}

fn name(who: Who) -> String {
    who.name().map_or_else(|| "all".into(), |name| text(&name))
}

fn span(us_min: u64, us_max: u64) -> String {
    if us_min == us_max {
        return format!("{} ms", milliseconds(us_max));
    }
    format!("{} to {} ms", milliseconds(us_min), milliseconds(us_max))
}

fn network(setting: NetworkSetting) -> String {
    match setting {
        NetworkSetting::Latency { us_min, us_max } => format!("messages take {}", span(us_min, us_max)),
        NetworkSetting::Loss { ppm } => format!("{} % of the messages get lost", percent(ppm)),
        NetworkSetting::Duplication { ppm } => format!("{} % of the messages arrive twice", percent(ppm)),
        NetworkSetting::Reordering { ppm } => format!("{} % of the messages are held up", percent(ppm)),
    }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Follower => "follower",
        Role::PreCandidate => "pre-candidate",
        Role::Candidate => "candidate",
        Role::Leader => "leader",
        Role::Crashed => "crashed",
    }
}

fn mark(kind: MarkKind, server: u64) -> String {
    match kind {
        MarkKind::Elected => format!("S{server} was elected"),
        MarkKind::Crashed => format!("S{server} crashed"),
        MarkKind::Restarted => format!("S{server} restarted"),
        MarkKind::Committed => format!("S{server} committed"),
        MarkKind::Violated => "a property was violated".into(),
    }
}

fn the_entries(entries: &Entries) -> String {
    match entries {
        Entries::Command(label) => label.to_string(),
        Entries::NoOp => "an empty entry".into(),
        Entries::Configuration(label) => format!("members {label}"),
        Entries::At(index) => format!("entry {index}"),
        Entries::Range { first, last } => format!("entries {first} to {last}"),
    }
}

fn log_end(index: u64, term: u64) -> String {
    match index {
        0 => "is empty".into(),
        _ => format!("ends with entry {index} of term {term}"),
    }
}

fn entries_count(n: u64) -> String {
    format!("{n} {}", if n == 1 { "entry" } else { "entries" })
}

fn servers_count(n: u64) -> String {
    some(n, "server")
}

fn some(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Small numbers in words.
fn count(n: u64) -> String {
    let words = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let word = usize::try_from(n).ok().and_then(|n| words.get(n));
    word.map_or_else(|| n.to_string(), |&word| word.into())
}

/// "S1, S2 and S4".
fn names(servers: &[u64]) -> String {
    let mut text = String::new();
    for (nth, server) in servers.iter().enumerate() {
        text += match nth {
            0 => "",
            _ if nth + 1 == servers.len() => " and ",
            _ => ", ",
        };
        text += &format!("S{server}");
    }
    text
}

fn property_name(property: Property) -> &'static str {
    match property {
        Property::ElectionSafety => "Election Safety",
        Property::LeaderAppendOnly => "Leader Append-Only",
        Property::LogMatching => "Log Matching",
        Property::LeaderCompleteness => "Leader Completeness",
        Property::StateMachineSafety => "State Machine Safety",
        Property::Linearizability => "Linearizability",
        Property::Durability => "Durability",
        Property::LeaderEmerges => "A Leader Emerges, while everything works",
        Property::LogsAgree => "Logs Agree, while everything works",
        Property::LeaderElected => "a leader is elected",
        Property::LeaderReplaced => "a leader is replaced",
        Property::WriteCommitted => "a write is committed",
        Property::RetryAnswered => "a repeated request is answered",
        Property::SnapshotInstalled => "a snapshot is installed",
        Property::MembersChanged => "the members change",
    }
}

fn property_meaning(property: Property) -> &'static str {
    match property {
        Property::ElectionSafety => "At most one leader can be elected in a term. §5.2",
        Property::LeaderAppendOnly => {
            "A leader never overwrites or deletes entries of its log; it only appends new ones. §5.3"
        }
        Property::LogMatching => {
            "If two logs have an entry with the same index and term, they are the same up to that entry. §5.3"
        }
        Property::LeaderCompleteness => {
            "Once an entry is committed, it is in the logs of all leaders of later terms. §5.4"
        }
        Property::StateMachineSafety => {
            "Once a server has applied an entry at an index, no other ever applies a different one there. §5.4.3"
        }
        Property::Linearizability => {
            "Every answer is one that a single server could have given, at some time between request and answer. §8"
        }
        Property::Durability => "What a client was told is written is in the log of every later leader.",
        Property::LeaderEmerges => {
            "While everything works, a leader is found before long, and all follow it. Until there is one, this says only that it is not overdue."
        }
        Property::LogsAgree => {
            "While everything works, all servers apply the leader’s log before long. Until they have, this says only that it is not overdue."
        }
        Property::LeaderElected => "Somebody is elected leader.",
        Property::LeaderReplaced => "Somebody else is elected in a later term.",
        Property::WriteCommitted => "A client’s write is committed.",
        Property::RetryAnswered => "A client is answered although it had to ask more than once.",
        Property::SnapshotInstalled => "A server takes over a leader’s snapshot.",
        Property::MembersChanged => "A change of the members is committed.",
    }
}

/// What speaks against the answer to a request.
fn not_linearizable(against: Fact, client: u64, serial: u64) -> String {
    match against {
        Fact::ToldBefore {
            client: before,
            serial: told,
        } => format!(
            "The answer to request {serial} of client {client} contradicts what client {before} had been told before, in the answer to its request {told}.",
            before = before.0,
            told = told.0
        ),
        Fact::Rival {
            client: rival,
            serial: other,
        } => format!(
            "Client {client} was told that its request {serial} found the value it expected and was carried out, and yet request {other} of client {rival} was carried out on that same value.",
            rival = rival.0,
            other = other.0
        ),
        Fact::Saw {
            client: witness,
            serial: saw,
        } => format!(
            "Client {client} was told that its request {serial} was not done, and yet the answer to request {saw} of client {witness} shows that it was.",
            witness = witness.0,
            saw = saw.0
        ),
        _ => format!("No write explains the answer to request {serial} of client {client}."),
    }
}

fn fact(fact: Fact) -> String {
    match fact {
        Fact::Leads { server, term } => format!("S{server} was elected leader of term {term}"),
        Fact::Rewrote {
            server,
            index,
            last_index,
            ..
        } => {
            format!("S{server} wrote at index {index}, although its log went up to entry {last_index}")
        }
        Fact::Has {
            server,
            index,
            term,
            previous_term,
        } => {
            format!("entry {index} of S{server} is of term {term} and comes after one of term {previous_term}")
        }
        Fact::Committed { index, term, in_term } => {
            format!("entry {index} of term {term} was committed in term {in_term}")
        }
        Fact::Lacks {
            server,
            leads_term,
            index,
        } => {
            format!("S{server} leads term {leads_term} without that entry {index}")
        }
        Fact::Applied { server, index, term } => format!("S{server} applied an entry of term {term} at index {index}"),
        Fact::Told { client, serial, index } => {
            let (client, serial) = (client.0, serial.0);
            format!("client {client} was told that its request {serial} is written, in entry {index}")
        }
        Fact::Returned { client, serial, .. }
        | Fact::ToldBefore { client, serial }
        | Fact::Rival { client, serial }
        | Fact::Saw { client, serial } => format!("client {} got an answer to its request {}", client.0, serial.0),
        Fact::NeverSo => "no write explains it".into(),
        Fact::Works { since } => format!("everything has worked since {} s", seconds(since.0)),
        Fact::NobodyLeads => "there is no leader whom all follow".into(),
        Fact::Behind { server, applied, of } => {
            format!("S{server} has applied its log up to entry {applied} only, and not up to {of}")
        }
    }
}

fn key_signs(key: KeyMeaning) -> &'static str {
    match key {
        KeyMeaning::PlayPause => "Space",
        KeyMeaning::Step => ". ,",
        KeyMeaning::Speed => "[ ]",
        KeyMeaning::Select => "1 – 9",
        KeyMeaning::Move => "← → ↑ ↓",
        KeyMeaning::Toggle => "Enter, X",
        KeyMeaning::Menu => "M",
        KeyMeaning::TimeOut => "T",
        KeyMeaning::Write => "W",
        KeyMeaning::Messages => "N, B",
        KeyMeaning::Read => "R",
        KeyMeaning::Partition => "P",
        KeyMeaning::Heal => "H",
        KeyMeaning::Close => "Esc",
        KeyMeaning::Language => "L",
        KeyMeaning::Help => "?",
    }
}

fn key_meaning(key: KeyMeaning) -> &'static str {
    match key {
        KeyMeaning::PlayPause => "play or pause; on a button, a link or a server: press it",
        KeyMeaning::Step => "next event, previous event",
        KeyMeaning::Speed => "slower, faster",
        KeyMeaning::Select => "select a server",
        KeyMeaning::Move => "from server to server",
        KeyMeaning::Toggle => "crash or restart the selected server",
        KeyMeaning::Menu => "what can be done to the selected server",
        KeyMeaning::TimeOut => "let the selected server time out",
        KeyMeaning::Write => "write",
        KeyMeaning::Messages => "next message, or the next to leave; the one before",
        KeyMeaning::Read => "read",
        KeyMeaning::Partition => "partition",
        KeyMeaning::Heal => "heal all links",
        KeyMeaning::Close => "close what is open",
        KeyMeaning::Language => "switch the language",
        KeyMeaning::Help => "this help",
    }
}

/// Why a link cannot be opened. What links mostly suffer is said in words for whoever has copied one.
fn bad_code(error: &CodeError) -> String {
    match error {
        CodeError::Torn
        | CodeError::Wrong {
            problem: Problem::EndsEarly,
            ..
        } => "it seems to be cut off".into(),
        CodeError::Damaged => "it is damaged, or cut off".into(),
        _ => error.to_string(),
    }
}

/// What of its term and its vote a crash took: one more sentence, if anything.
fn forgets(lost: (Option<u64>, Option<LostVote>)) -> String {
    let vote = lost.1.map(|vote| match vote {
        LostVote::Own => "its vote for itself".to_owned(),
        LostVote::For(candidate) => format!("its vote for S{candidate}"),
    });
    match (lost.0, vote) {
        (Some(term), Some(vote)) => format!(" Term {term} and {vote} were not on disk: it forgets them."),
        (Some(term), None) => format!(" Term {term} was not on disk: it forgets it."),
        (None, Some(vote)) => format!(" {} was not on disk: it forgets it.", capitalized(&vote)),
        (None, None) => String::new(),
    }
}
