//! What each rule of Raft guards, and what breaks without it.

use raft_core::Rule;

use super::Lang;

/// What a rule says, and what may happen while it is off.
#[must_use]
pub fn rule_text(rule: Rule, lang: Lang) -> (&'static str, &'static str) {
    let [guards, breaks, guards_zh, breaks_zh] = words(rule);
    match lang {
        Lang::En => (guards, breaks),
        Lang::Zh => (guards_zh, breaks_zh),
    }
}

fn words(rule: Rule) -> [&'static str; 4] {
    match rule {
        Rule::OneVotePerTerm => [
            "A server gives one vote in a term.",
            "Off: it votes again for whoever asks, and two leaders of one term can be elected.",
            "每台服务器在一个任期内只投一票。",
            "关闭后：谁来要票都给，同一任期可能选出两个 Leader。",
        ],
        Rule::PersistVote => [
            "A vote is on the disk before it is given.",
            "Off: a restarted server has forgotten its vote and gives another: two leaders of one term.",
            "选票先落盘，再投出。",
            "关闭后：重启的服务器忘了投过票，会再投一次，同一任期出现两个 Leader。",
        ],
        Rule::RecordOwnVote => [
            "A candidate records the vote for itself.",
            "Off: it counts itself and still votes for somebody else: two leaders of one term.",
            "Candidate 要记下投给自己的一票。",
            "关闭后：它算上了自己，又把票投给别人，同一任期出现两个 Leader。",
        ],
        Rule::MatchVoteTerm => [
            "Only answers to the present candidacy are counted.",
            "Off: votes of an earlier term count, and a leader has no majority in its own.",
            "只统计对本次参选的答复。",
            "关闭后：旧任期的选票也算数，当选者在自己的任期并没有过半。",
        ],
        Rule::DistinctVotes => [
            "Voters are counted, not answers.",
            "Off: one voter’s repeated answer counts twice, and a minority elects.",
            "统计的是投票者，而不是答复的个数。",
            "关闭后：同一投票者的重复答复算两票，少数派也能选出 Leader。",
        ],
        Rule::Majority => [
            "More than half of the voters decide.",
            "Off: half suffices, and both halves of a partition elect a leader.",
            "超过半数才能决定。",
            "关闭后：一半就够，网络分区的两半各自选出 Leader。",
        ],
        Rule::LogUpToDate => [
            "A vote goes only to a log at least as up to date as the voter’s.",
            "Off: a server that lacks committed entries is elected, and they are lost.",
            "只投给日志至少和自己一样新的 Candidate。",
            "关闭后：缺少已提交条目的服务器也能当选，这些条目就丢了。",
        ],
        Rule::CompareTermFirst => [
            "Of two logs the one with the later last term is newer; length decides only between equals.",
            "Off: a long log of an old term wins, and committed entries are lost.",
            "比较日志先看末条任期，相同才比长度。",
            "关闭后：旧任期的长日志也能赢，已提交的条目会丢失。",
        ],
        Rule::CommitOwnTermOnly => [
            "A leader commits by counting only entries of its own term.",
            "Off: an entry of an earlier term counts as committed and is overwritten all the same (figure 8).",
            "Leader 只靠计数提交自己任期的条目。",
            "关闭后：旧任期的条目被当作已提交，之后仍可能被覆盖（图 8）。",
        ],
        Rule::AdoptHigherTerm => [
            "Whoever votes at a higher term adopts that term.",
            "Off: the voter still takes entries of the deposed leader, and commits with it.",
            "在更高任期投票，就要采用那个任期。",
            "关闭后：投票者仍接受已被取代的 Leader 的条目，并帮它提交。",
        ],
        Rule::RefuseLowerTerm => [
            "Entries of a leader with a lower term are refused.",
            "Off: a deposed leader overwrites what its successor has committed.",
            "拒绝任期更低的 Leader 发来的条目。",
            "关闭后：已被取代的 Leader 会覆盖继任者提交的条目。",
        ],
        Rule::CheckPreviousEntry => [
            "Entries are taken only where the entry before them has the same term.",
            "Off: logs agree at an index and differ before it.",
            "前一条目的任期一致，才接受后面的条目。",
            "关闭后：某个位置相同的两份日志，之前的内容却不同。",
        ],
        Rule::TruncateOnlyOnConflict => [
            "A log is cut only where an entry really conflicts.",
            "Off: a late request cuts entries that have been acknowledged since, and they are lost.",
            "只有条目真正冲突时才截断日志。",
            "关闭后：迟到的请求会截掉之后已确认的条目。",
        ],
        Rule::BoundCommitByMatch => [
            "A follower commits no further than what this request has matched.",
            "Off: it applies entries of its own that the leader does not have.",
            "Follower 最多提交到本次请求核对过的位置。",
            "关闭后：它会应用 Leader 根本没有的条目。",
        ],
        Rule::AcknowledgeOnlyTheRequest => [
            "An acknowledgement covers the request, not the whole log.",
            "Off: entries that nobody has compared count as replicated, and what is committed is lost.",
            "只确认请求里的条目，不是整份日志。",
            "关闭后：没核对过的条目也算已复制，提交的内容会丢失。",
        ],
        Rule::HintIsNotMatch => [
            "The hint of a rejection says where to try next, not what matches.",
            "Off: the leader commits entries that the follower does not have.",
            "拒绝时的提示只说从哪里再试，不代表已匹配。",
            "关闭后：Leader 会提交 Follower 并没有的条目。",
        ],
        Rule::PersistBeforeAcknowledge => [
            "Entries are on the disk before they are acknowledged.",
            "Off: a crash takes entries that were counted for a commit.",
            "条目先落盘，再确认。",
            "关闭后：宕机会带走已计入提交的条目。",
        ],
        Rule::WriteTermWithEntries => [
            "The new term is written together with the entries that came with it.",
            "Off: after a crash the entries are there and the term is not: an old leader is taken seriously again.",
            "新任期要和随它而来的条目一起落盘。",
            "关闭后：宕机后条目还在而任期丢了，旧 Leader 又被当真。",
        ],
        Rule::ConfirmLeadershipForReads => [
            "Before a read the leader asks a majority whether it still leads.",
            "Off: a leader that was replaced long ago answers with old values.",
            "读之前，Leader 先向过半节点确认自己仍是 Leader。",
            "关闭后：早已被取代的 Leader 会返回旧值。",
        ],
        Rule::OwnTermBeforeReads => [
            "A leader reads only after it has committed in its own term.",
            "Off: a new leader does not know yet what is committed, and reads too little.",
            "Leader 在自己任期提交过条目之后才能读。",
            "关闭后：新 Leader 还不知道哪些已提交，会读到旧值。",
        ],
        Rule::LeaseMargin => [
            "A lease is counted from the question, and ends before any clock could be past it.",
            "Off: it outlasts the voters' patience, and the leader reads while another one writes.",
            "租约从发问时算起，并为时钟误差留余量。",
            "关闭后：租约比投票者的耐心更长，别人已在写，它还在读。",
        ],
        Rule::OwnTermBeforeMembership => [
            "A leader changes the members only after it has committed in its own term.",
            "Off: two leaders change from the same configuration, and their majorities do not overlap.",
            "Leader 在自己任期提交过之后才能变更成员。",
            "关闭后：两个 Leader 从同一配置出发各改各的，多数派不再相交。",
        ],
        Rule::OverlappingMajorities => [
            "In a joint configuration the old and the new side both decide.",
            "Off: the new side decides alone, and the old one elects a leader of its own.",
            "联合共识期间，新旧两边都要过半。",
            "关闭后：新的一边说了算，旧的一边又另选一个 Leader。",
        ],
        Rule::OnlyVotersCount => [
            "Learners do not count in majorities.",
            "Off: entries are committed that hardly any voter has.",
            "Learner 不计入多数。",
            "关闭后：几乎没有投票成员持有的条目也被提交。",
        ],
        Rule::KeepMatchingSuffix => [
            "Entries after a snapshot stay, if the log agrees with it.",
            "Off: a late snapshot cuts entries that have been acknowledged.",
            "日志与快照吻合时，保留快照之后的条目。",
            "关闭后：迟到的快照会截掉已确认的条目。",
        ],
        Rule::ConfigurationWhenAppended => [
            "A configuration acts as soon as it is in the log.",
            "Off: it acts only once it is committed, and two majorities elect side by side.",
            "配置一写入日志就生效。",
            "关闭后：提交后才生效，两个多数派可以各自选举。",
        ],
        Rule::DeduplicateRetries => [
            "A write that is repeated is applied once.",
            "Off: a client that got no answer asks again, and its write is applied twice.",
            "重试的写入只应用一次。",
            "关闭后：客户端没收到答复而重试，写入会被应用两次。",
        ],
        Rule::RandomizedTimeouts => [
            "Election timeouts are random.",
            "Off: all stand at once, split the votes, and do so again and again.",
            "选举超时是随机的。",
            "关闭后：大家同时参选、瓜分选票，一次又一次。",
        ],
        Rule::EqualLogsMayWin => [
            "An equally new log gets the vote.",
            "Off: where all logs are equal nobody can be elected.",
            "日志一样新也能得票。",
            "关闭后：日志都相同时，谁也选不上。",
        ],
        Rule::KeepTimerOnDeniedVote => [
            "A denied request does not restart the voter’s timer.",
            "Off: a candidate that cannot win keeps those quiet who could.",
            "拒绝投票时不重置自己的定时器。",
            "关闭后：赢不了的 Candidate 会让能赢的服务器一直等下去。",
        ],
        Rule::NoOpPerTerm => [
            "A new leader appends an empty entry of its term.",
            "Off: entries of earlier terms stay uncommitted until somebody writes.",
            "新 Leader 先追加一条自己任期的空条目。",
            "关闭后：旧任期的条目一直无法提交，直到有人写入。",
        ],
        Rule::AnswerStaleLeaders => [
            "A leader of an earlier term is told of the later one.",
            "Off: it never learns that it has been replaced, and goes on.",
            "告诉旧任期的 Leader：已经有更高的任期。",
            "关闭后：它永远不知道自己已被取代，继续当 Leader。",
        ],
    }
}
