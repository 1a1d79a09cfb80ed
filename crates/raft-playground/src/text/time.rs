//! The words of time: the branches of the history, and the space-time diagram.

use super::words::words;

words! {
    /// What is said of branches and of the diagram.
    enum TimeWords {
        /// The button that opens the list.
        Branches(count) = "Branches {0}", "分支 {0}";
        /// What a branch is.
        BranchesHint = "Going back and doing something else begins another branch. The 20 left last are kept.",
            "回到过去另做一件事，就会产生新的分支。最多保留最近离开的 20 个。";
        /// There is none.
        NoBranches = "There is only one history so far. Go back in time and do something: the old future stays here.",
            "目前只有一段历史。回到过去做点别的，原来的未来就会保留在这里。";
        /// The present branch.
        Present = "Shown now", "当前显示";
        /// The branch with this number.
        Branch(number) = "Branch {0}", "分支 {0}";
        /// Which leader a branch ends with.
        EndsWithLeader(server, term) = "S{0} leads in term {1}", "S{0} 是任期 {1} 的 Leader";
        /// It ends without a leader.
        EndsWithoutLeader = "nobody leads", "没有 Leader";
        /// Nothing was done in it after the parting.
        NothingDone = "nothing was done", "未做任何操作";
        /// Before what was done in another branch.
        There = "there: ", "该分支：";
        /// And before what was done in this one.
        Here = "here: ", "当前分支：";
        /// Goes there.
        TakeUp = "Switch to it", "切换到此分支";
        /// Compares.
        Compare = "Compare", "对比";
        /// Ends comparing.
        CompareNoMore = "Stop comparing", "结束对比";
        /// A column.
        PartedAt = "parts at", "分岔于";
        /// A column.
        Reaches = "reaches", "到达";
        /// Before the first events.
        FirstEvents = "The first events that differ", "最先不同的事件";
        /// Nothing is different.
        NoDifference = "At this time nothing is different.", "此刻没有任何不同。";
        /// Nothing more happens.
        NothingHappens = "nothing more", "不再有事件";
        /// It is not there.
        NotThere = "not set up", "尚未加入";
        /// A row.
        Role = "role", "角色";
        /// A row.
        Term = "term", "任期";
        /// A row.
        Vote = "voted for", "投票给";
        /// A row.
        Commit = "committed", "已提交";
        /// A row.
        Log = "log ends at", "日志末尾";
        /// A row.
        Leader = "knows leader", "所知 Leader";
        /// Index and term of the last entry.
        IndexOfTerm(index, term) = "{0} (term {1})", "{0}（任期 {1}）";
        /// From where the logs are not the same.
        LogsPart(index) = "logs differ from entry {0} on", "日志从第 {0} 条起不同";
        /// A row: what a client waits for.
        ClientWaits(client) = "client {0} waits for", "客户端 {0} 在等待";
        /// A command.
        Crashed(server) = "S{0} crashed", "S{0} 宕机";
        /// A command.
        Restarted(server) = "S{0} restarted", "S{0} 重启";
        /// A command.
        Paused(server) = "S{0} paused", "S{0} 暂停";
        /// A command.
        Resumed(server) = "S{0} went on", "S{0} 恢复运行";
        /// A command.
        TimedOut(server) = "S{0} timed out", "S{0} 立即超时";
        /// A command.
        Cut(from, to) = "link S{0}→S{1} cut", "切断 S{0}→S{1}";
        /// A command.
        Healed(from, to) = "link S{0}→S{1} healed", "恢复 S{0}→S{1}";
        /// A command.
        Partitioned = "network partitioned", "网络分区";
        /// A command.
        HealedAll = "all links healed", "恢复全部链路";
        /// A command.
        MessageDropped = "a message dropped", "丢弃一条消息";
        /// A command.
        MessageDelayed = "a message delayed", "延迟一条消息";
        /// A command.
        MessageDoubled = "a message duplicated", "复制一条消息";
        /// A command; what is asked follows.
        Asked(client) = "client {0}:", "客户端 {0}：";
        /// A command.
        MembersChanged = "members changed", "变更成员";
        /// A command.
        Transferred(server) = "leadership handed to S{0}", "领导权移交给 S{0}";
        /// A command.
        RuleChanged = "a rule switched", "切换规则";
        /// A command.
        Snapshot(server) = "snapshot on S{0}", "S{0} 生成快照";
        /// Any other command.
        SettingChanged = "a setting changed", "修改设置";
        /// An event.
        TimerRanOut(server) = "timer of S{0} ran out", "S{0} 的定时器到期";
        /// An event.
        Sent(from, to) = "S{0} sent to S{1}", "S{0} 向 S{1} 发送消息";
        /// An event.
        Arrived(server, from) = "S{0} heard from S{1}", "S{0} 收到 S{1} 的消息";
        /// An event.
        LostOnTheWay(server, from) = "a message to S{0} from S{1} was lost", "S{1} 发给 S{0} 的消息丢失";
        /// An event.
        Decided(server) = "S{0} made a decision", "S{0} 作出决定";
        /// An event.
        Wrote(server) = "S{0} wrote to its disk", "S{0} 写盘";
        /// An event.
        Applied(server) = "S{0} applied an entry", "S{0} 应用一条日志";
        /// An event.
        Client(client) = "client {0}", "客户端 {0}";
        /// The button that opens the diagram, and its name.
        SpaceTime = "Space-time", "时空图";
        /// What it shows.
        SpaceTimeHint = "Servers as lines, messages as arrows. Arrow keys choose an event, Enter goes there, + and − zoom; drag to move through time.",
            "每条横线是一台服务器，每个箭头是一条消息。方向键选择事件，回车跳转，+ 和 − 缩放，拖动可在时间上移动。";
        /// The list of all that is drawn.
        DiagramList(count) = "List of events ({0})", "事件列表（{0}）";
        /// What the signs of the diagram mean.
        DiagramLegend = "What the signs mean", "图例";
        /// A sign.
        SignOrder = "entries, a heartbeat, a snapshot", "条目、心跳或快照";
        /// A sign.
        SignAccepted = "accepted", "接受";
        /// A sign.
        SignRejected = "rejected", "拒绝";
        /// A sign.
        SignVote = "a vote asked for or given", "请求投票，或投票";
        /// A sign.
        SignNoVote = "no vote", "拒绝投票";
        /// A sign.
        SignLost = "lost", "丢失";
        /// A sign.
        SignStands = "stands for election", "发起选举";
        /// A sign.
        SignElected = "elected", "当选";
        /// A sign.
        SignCommits = "commits", "提交";
        /// A sign.
        SignCrashes = "crashes", "宕机";
        /// A sign.
        SignStarts = "starts", "启动";
        /// A sign.
        SignRequest = "a client asks", "客户端请求";
        /// A sign.
        SignAnswer = "it is answered", "答复客户端";
        /// A sign.
        SignViolated = "a property is violated", "违反性质";
        /// Shows a shorter time.
        ZoomIn = "Zoom in", "放大";
        /// Shows a longer time.
        ZoomOut = "Zoom out", "缩小";
        /// Moves with the cursor again.
        Follow = "Follow the cursor", "跟随当前时刻";
        /// Earlier.
        Earlier = "Earlier", "往前";
        /// Later.
        Later = "Later", "往后";
        /// How much is shown.
        WindowMs(ms) = "{0} ms", "{0} ms";
        /// The same of a longer one.
        WindowS(s) = "{0} s", "{0} 秒";
        /// So many arrows and points are left out.
        Hidden(count) = "{0} more here: zoom in to see them", "此处还有 {0} 项，放大后可见";
        /// A message.
        VoteRequest(from, to) = "S{0} asks S{1} for its vote", "S{0} 向 S{1} 请求投票";
        /// A message.
        VoteGranted(from, to) = "S{0} gives S{1} its vote", "S{0} 投票给 S{1}";
        /// A message.
        VoteDenied(from, to) = "S{0} refuses S{1} its vote", "S{0} 拒绝投票给 S{1}";
        /// A message.
        PreVoteRequest(from, to) = "S{0} asks S{1} whether it would vote for it", "S{0} 询问 S{1} 是否愿意投票（预投票）";
        /// A message.
        PreVoteGranted(from, to) = "S{0} would vote for S{1}", "S{0} 愿意投票给 S{1}（预投票）";
        /// A message.
        PreVoteDenied(from, to) = "S{0} would not vote for S{1}", "S{0} 不愿投票给 S{1}（预投票）";
        /// A message.
        Heartbeat(from, to) = "S{0} sends S{1} a heartbeat", "S{0} 向 S{1} 发送心跳";
        /// A message.
        Entries(from, to) = "S{0} sends S{1} entries", "S{0} 向 S{1} 发送日志条目";
        /// A message.
        Accepted(from, to) = "S{0} confirms to S{1}", "S{0} 向 S{1} 确认";
        /// A message.
        Rejected(from, to) = "S{0} rejects what S{1} sent", "S{0} 拒绝 S{1} 发来的条目";
        /// A message.
        SnapshotSent(from, to) = "S{0} sends S{1} a piece of a snapshot", "S{0} 向 S{1} 发送快照片段";
        /// A message.
        SnapshotReceived(from, to) = "S{0} confirms a piece of the snapshot to S{1}", "S{0} 向 S{1} 确认快照片段";
        /// A message.
        TimeoutNow(from, to) = "S{0} tells S{1} to stand for election", "S{0} 让 S{1} 立即发起选举";
        /// What becomes of a message.
        ArrivedAfter(ms, tenths) = "arrived after {0}.{1} ms", "{0}.{1} ms 后到达";
        /// What became of a message.
        HasArrived = "arrived", "已到达";
        /// What becomes of a message.
        WasLost = "lost on the way", "途中丢失";
        /// What becomes of a message.
        FoundItDown = "found nobody up", "到达时对方已宕机";
        /// What becomes of a message.
        IsOnItsWay = "still on its way", "仍在途中";
        /// A turn.
        StoodIn(server, term) = "S{0} stands for election in term {1}", "S{0} 在任期 {1} 发起选举";
        /// A turn.
        ElectedIn(server, term) = "S{0} is elected leader of term {1}", "S{0} 当选任期 {1} 的 Leader";
        /// A turn.
        CommittedTo(server, index) = "S{0} commits up to entry {1}", "S{0} 提交到第 {1} 条";
        /// A turn.
        RequestArrived(server, client) = "S{0} gets a request of client {1}", "S{0} 收到客户端 {1} 的请求";
        /// A turn.
        AnswerSent(server, client) = "S{0} answers client {1}", "S{0} 答复客户端 {1}";
        /// A turn.
        ViolatedOn(server) = "a property is violated on S{0}", "S{0} 违反了某条性质";
        /// A turn.
        ViolatedSomewhere = "a property is violated", "某条性质被违反";
        /// Any other event.
        Other = "another event", "其他事件";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_name_all_numbers() {
        crate::text::words::check(TimeWords::ALL);
    }
}
