//! The words of causes: what happened, where the narration has no line about it.

use super::words::words;

words! {
    /// What is said of events and of what brought them about.
    enum WhyWords {
        /// The question that every line can be asked.
        Ask = "why?", "为什么？";
        /// The heading of the chain of causes.
        Causes = "What led to it, latest first", "来龙去脉（由近及远）";
        /// Nothing led to it.
        FirstCause = "This is a first cause: it came from outside.", "这就是最初的原因：来自外部。";
        /// Nothing led to it but the reader.
        DoneByHand = "This is a first cause: it was done by hand.", "这就是最初的原因：是手动操作。";
        /// Of a line: the reader did it.
        ByHand = "by hand", "手动";
        /// The chain is longer than what is shown.
        More = "…and so on, back to the beginning", "……如此一直追溯到开头";
        /// Goes to the moment of the event.
        GoThere = "Go to this moment", "回到这一刻";
        /// A reader did something.
        You = "You did something to the cluster", "你对集群做了一个操作";
        /// A client called.
        Called(client) = "Client {0} wanted something", "客户端 {0} 发起请求";
        /// A client's request left.
        Asked(client, server) = "Client {0} sent its request to S{1}", "客户端 {0} 把请求发给 S{1}";
        /// A client's request arrived.
        RequestDelivered(server, client) = "S{0} received the request of client {1}", "S{0} 收到客户端 {1} 的请求";
        /// A client's request was lost.
        RequestLost(client) = "The request of client {0} was lost", "客户端 {0} 的请求丢失";
        /// An answer left.
        Answered(server, client) = "S{0} answered client {1}", "S{0} 答复客户端 {1}";
        /// An answer was lost.
        AnswerLost(server, client) = "The answer of S{0} to client {1} was lost", "S{0} 给客户端 {1} 的答复丢失";
        /// An answer arrived.
        Returned(client, server) = "Client {0} received the answer of S{1}", "客户端 {0} 收到 S{1} 的答复";
        /// A client was turned away.
        TurnedAway(client, server) = "Client {0} was turned away by S{1}", "客户端 {0} 被 S{1} 拒绝";
        /// A client has waited long enough.
        ClientTimedOut(client) = "Client {0} had waited long enough", "客户端 {0} 等待超时";
        /// A message left.
        Sent(server, to) = "S{0} sent a message to S{1}", "S{0} 向 S{1} 发送消息";
        /// A message arrived.
        Delivered(server, from) = "S{0} received a message from S{1}", "S{0} 收到 S{1} 的消息";
        /// A message was lost.
        Lost(from, to) = "A message from S{0} to S{1} was lost", "S{0} 发给 S{1} 的消息丢失";
        /// A message found its receiver down.
        Undeliverable(from, to) = "A message from S{0} found S{1} down", "S{0} 的消息到达时 S{1} 已宕机";
        /// A message got a twin.
        Duplicated = "A message was duplicated", "一条消息被复制";
        /// A server started.
        Started(server, term) = "S{0} started, in term {1}", "S{0} 启动，任期 {1}";
        /// A server crashed.
        Crashed(server) = "S{0} crashed", "S{0} 宕机";
        /// A server was paused.
        Paused(server) = "S{0} was paused", "S{0} 被暂停";
        /// A server went on.
        Resumed(server) = "S{0} went on", "S{0} 恢复运行";
        /// A timer ran out.
        TimerFired(server) = "A timer of S{0} ran out", "S{0} 的定时器到期";
        /// That of a leader.
        HeartbeatDue(server) = "The heartbeat timer of S{0} ran out", "S{0} 的心跳定时器到期";
        /// That of somebody who stands now.
        ElectionDue(server) = "The election timer of S{0} ran out", "S{0} 的选举定时器到期";
        /// That of a candidate that has not been answered.
        RetryDue(server) = "The retry timer of S{0} ran out: it asks for votes again", "S{0} 的重发定时器到期，再次请求投票";
        /// A write went to the disk.
        WriteIssued(server, seq) = "S{0} began write {1} to its disk", "S{0} 开始第 {1} 次写盘";
        /// A write is durable.
        WriteDurable(server, seq) = "Write {1} of S{0} became durable", "S{0} 的第 {1} 次写盘已持久化";
        /// A write of a term is durable.
        TermDurable(server, term) = "Term {1} is on the disk of S{0}", "任期 {1} 已在 S{0} 落盘";
        /// A write of a vote is durable.
        VoteDurable(server, term, to) = "The vote for S{2} in term {1} is on the disk of S{0}", "任期 {1} 投给 S{2} 的一票已在 S{0} 落盘";
        /// A write of a snapshot is durable.
        SnapshotDurable(server, index) = "A snapshot up to entry {1} is on the disk of S{0}", "截至条目 {1} 的快照已在 S{0} 落盘";
        /// A write of an entry is durable.
        EntryDurable(server, index) = "Entry {1} is on the disk of S{0}", "条目 {1} 已在 S{0} 落盘";
        /// A write of several entries is durable.
        EntriesDurable(server, first, last) = "Entries {1} to {2} are on the disk of S{0}", "条目 {1}–{2} 已在 S{0} 落盘";
        /// An entry was applied.
        Applied(server, index) = "S{0} applied entry {1}", "S{0} 应用条目 {1}";
        /// A leader took a command.
        Proposed(server, index) = "S{0} took the command into its log, as entry {1}", "S{0} 把命令写入日志，成为条目 {1}";
        /// A wish was refused.
        Refused(server) = "S{0} refused", "S{0} 拒绝";
        /// Nobody was there to ask.
        NobodyLeads = "Nobody leads", "没有 Leader";
        /// A snapshot was restored.
        Restored(server, index) = "S{0} took over a snapshot up to entry {1}", "S{0} 载入快照，截至条目 {1}";
        /// A read may go on.
        ReadReady(server) = "S{0} may answer a read", "S{0} 可以回答读请求";
        /// A read was refused.
        ReadRefused(server) = "S{0} cannot answer a read", "S{0} 无法回答读请求";
        /// A server met a higher term.
        TookOverTerm(server, term) = "S{0} took over term {1}", "S{0} 更新到任期 {1}";
        /// A server found its leader.
        HeardLeader(server, leader) = "S{0} follows S{1}", "S{0} 跟随 S{1}";
        /// Before what happened last, anywhere in the cluster.
        Latest = "Latest:", "最新：";
        /// A server decided something.
        Decided(server) = "S{0} decided what to do", "S{0} 作出决定";
        /// A vote was counted.
        CountedVote(server, from) = "S{0} counted the vote of S{1}", "S{0} 计入 S{1} 的选票";
        /// A denial was noted.
        CountedDenial(server, from) = "S{0} noted that S{1} refuses its vote", "S{0} 记下 S{1} 拒绝投票";
        /// Why a heartbeat.
        BecauseHeartbeat = "A leader speaks up in every heartbeat interval. If it did not, the others would take it for dead, and stand for election.",
            "Leader 每隔一个心跳间隔就发一次心跳；否则其他节点会以为它已失效，转而发起选举。";
        /// Why a new leader's first message.
        BecauseElected = "It has just been elected, and says so before anybody else stands.", "它刚刚当选，要赶在别人竞选之前宣布。";
        /// Why entries.
        BecauseAppended = "The leader has a new entry: its followers get it at once.", "Leader 有了新的日志条目，立即复制给 Follower。";
        /// Why an acknowledgement.
        BecauseAccepted(index) = "Its log agrees with the leader’s up to entry {0}, and is on its disk up to there.",
            "到条目 {0} 为止，它的日志与 Leader 一致，并且已经持久化。";
        /// Why a leader goes on after an acknowledgement.
        BecauseMatched(from, index) = "S{0} has said that it has entry {1}: what it still lacks, or does not know to be committed, follows.",
            "S{0} 已确认条目 {1}：它还缺少的条目，或还不知道的提交进度，接着发给它。";
        /// Why a leader tells of a commit.
        BecauseCommitted(index) = "Entry {0} is committed: the followers hear of it.", "条目 {0} 已提交，通知各 Follower。";
        /// Why older entries.
        BecauseWentBack(to, index) = "The log of S{0} differs there: the leader goes back, and sends from entry {1} on.",
            "S{0} 的日志在那里与 Leader 不一致：Leader 往回退，从条目 {1} 起重发。";
        /// Why a question for a vote.
        BecauseStands(term) = "It stands for election in term {0}, and needs the votes of a majority.", "它在任期 {0} 竞选，需要过半数的选票。";
        /// Why a question before the question.
        BecauseAsksFirst(term) = "Before it stands in term {0}, it asks whether it could win: so nobody is disturbed in vain.",
            "在任期 {0} 竞选之前，先问一问能否获胜，以免白白打扰别人。";
        /// Why a question again.
        BecauseNoAnswer = "There was no answer: it asks again.", "没有收到答复，再问一次。";
        /// Why a vote.
        BecauseGrants(to) = "It had not voted for anybody else in this term, and the log of S{0} is at least as up-to-date as its own.",
            "它在这个任期没有投给别人，而且 S{0} 的日志至少和它自己的一样新。";
        /// Why a pre-vote.
        BecauseWouldGrant(to) = "It hears from no leader, and the log of S{0} is at least as up-to-date as its own.",
            "它没有收到 Leader 的心跳，而且 S{0} 的日志至少和它自己的一样新。";
        /// What a vote makes.
        BecauseCounted(votes, needed) = "That makes {0}; {1} are needed.", "现在有 {0} 票，需要 {1} 票。";
        /// Why a snapshot.
        BecauseCompacted(to) = "What S{0} lacks is no longer in the leader’s log: it gets the snapshot instead.",
            "S{0} 缺少的条目已不在 Leader 的日志里，改发快照。";
        /// Why the next piece.
        BecausePiece = "A snapshot goes piece by piece: each is acknowledged, and then comes the next.", "快照分块传输：确认一块，再发下一块。";
        /// Why a transfer.
        BecauseHandsOver(to) = "The leader hands over to S{0}: it is to have the whole log, and then to stand at once.",
            "Leader 要把领导权移交给 S{0}：先补齐日志，再让它立即竞选。";
        /// Why a question for a read.
        BecauseReads = "Before it answers a read, the leader makes sure that it still leads.", "回答读请求之前，Leader 先确认自己仍是 Leader。";
        /// A property was violated.
        Violated = "A property was violated", "一条性质被违反";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_name_the_same_numbers() {
        crate::text::words::check(super::WhyWords::ALL);
    }
}
