//! What is said of one server: what can be done to it, what it keeps, and how it came to be what it is.

use super::words::words;

words! {
    /// Words of the menu, the inspector and the role diagram of a server.
    enum ServerWords {
        // The menu.
        /// Its name, and the name of the button that opens it.
        MenuOf(server) = "What can be done to S{0}", "对 S{0} 的操作";
        /// The button's.
        Menu = "Actions", "操作";
        /// An item.
        Crash = "Crash", "宕机";
        /// An item.
        Restart = "Restart", "重启";
        /// An item.
        Pause = "Pause (stalls, does not crash)", "暂停（停顿而不宕机）";
        /// An item.
        Resume = "Resume", "恢复运行";
        /// An item.
        TimeOut = "Time out now", "立即超时";
        /// An item.
        Isolate = "Isolate: cut all its links", "隔离：断开它的所有链路";
        /// An item.
        Reconnect = "Reconnect: heal its links", "重新连接：恢复它的链路";
        /// An item.
        Transfer = "Transfer leadership to it", "把领导权转移给它";
        /// An item.
        Snapshot = "Take a snapshot", "生成快照";
        /// An item.
        MakeLearner = "Make it a learner", "改为 Learner（只学习，不投票）";
        /// An item.
        MakeVoter = "Make it a voter", "改为投票成员";
        /// An item.
        Remove = "Remove from the cluster", "移出集群";
        /// An item.
        Add(server) = "Add a server, S{0}", "添加服务器 S{0}";
        /// An item without the number: no more can be added.
        AddNone = "Add a server", "添加服务器";
        /// A row of items.
        WriteHere = "Write here", "写到这台";
        /// A row of items.
        ReadHere = "Read here", "从这台读";
        /// How to read.
        ReadIndex = "ReadIndex", "ReadIndex";
        /// How to read.
        ReadLease = "lease", "租约";
        /// How to read.
        ReadLocal = "local", "本地";
        /// What it means.
        ReadIndexHint = "The leader first asks a majority whether it still leads (§8)", "Leader 先向过半节点确认自己仍是 Leader（§8）";
        /// What it means.
        ReadLeaseHint = "The leader answers at once while its lease lasts", "租约有效期内，Leader 直接回答";
        /// What it means.
        ReadLocalHint = "Whatever this server has: perhaps stale", "直接读这台的状态机：可能读到旧值";
        /// A row of items.
        Clock = "Clock", "时钟";
        /// A clock.
        ClockSlow = "half speed", "慢一半";
        /// A clock.
        ClockExact = "exact", "准确";
        /// A clock.
        ClockFast = "double speed", "快一倍";
        /// A row of items.
        Disk = "Disk", "磁盘";
        /// A disk.
        DiskUsual = "usual", "正常";
        /// A disk.
        DiskSlow(ms) = "slow, {0} ms", "慢，{0} ms";
        /// A disk.
        DiskStalled = "stalled", "卡住";

        // Why not.
        /// A reason.
        IsDown = "It has crashed", "它已宕机";
        /// A reason.
        IsPaused = "It is paused", "它已暂停";
        /// A reason.
        NobodyLeads = "Nobody leads now", "现在没有 Leader";
        /// A reason.
        LeadsAlready = "It leads already", "它已经是 Leader";
        /// A reason.
        NoVoter = "Only voters can lead", "只有投票成员才能当 Leader";
        /// A reason.
        ChangeUnderWay = "A change of members is under way", "成员变更正在进行";
        /// A reason.
        NotAMember = "It is no member", "它不是集群成员";
        /// A reason.
        OnlyVoter = "It is the only voter", "它是唯一的投票成员";
        /// A reason.
        RingIsFull = "The ring is full", "环上已经放满";
        /// A reason.
        NothingToCompact = "Nothing applied since the last snapshot", "上次快照之后没有应用新的条目";
        /// A reason.
        NoLeases = "Lease reads are off (Settings)", "未开启租约读（见设置）";
        /// A reason.
        IsAlone = "There is no other server", "没有别的服务器";
        /// A reason.
        TransferUnderWay = "A transfer is under way", "领导权正在转移";

        // The inspector.
        /// A section.
        Persistent = "On all servers, persistent", "所有服务器：持久状态";
        /// A section.
        StateMachine = "State machine", "状态机";
        /// A section.
        Volatile = "On all servers, volatile", "所有服务器：易失状态";
        /// A section.
        OnLeaders = "On leaders", "仅 Leader：对每个 Follower";
        /// A section.
        RoleData = "What its role keeps", "当前角色的数据";
        /// A section.
        Members = "Configuration", "集群配置";
        /// A section.
        Sessions = "Client sessions", "客户端会话";
        /// A section.
        DiskSection = "Disk, and what a crash would cost", "磁盘，以及宕机会失去什么";
        /// A section.
        TimeSection = "Timers: due at (set to); clock", "定时器：到期时刻（时长）；时钟";
        /// A section.
        RoleDiagram = "How it changed roles", "角色转变";
        /// No value.
        None = "none", "无";
        /// An index and its term.
        EntryOfTerm(index, term) = "{0} (term {1})", "{0}（任期 {1}）";
        /// A log of one entry.
        LogOne(index, term) = "entry {0}, of term {1}", "条目 {0}，任期 {1}";
        /// A log of more.
        LogOf(first, last, term) = "entries {0} to {1}, the last of term {2}", "条目 {0} 到 {1}，末条任期 {2}";
        /// A log without entries.
        LogEmpty = "no entries", "没有条目";
        /// A field.
        Leader = "leader known", "已知的 Leader";
        /// A field.
        LastHeard = "last heard a leader", "上次收到 Leader 消息";
        /// A section: what a candidate knows of each vote.
        Votes = "Votes of this candidacy", "本次竞选的选票";
        /// A field.
        Granted = "votes granted", "已得选票";
        /// A field.
        GrantedOf(votes, needed) = "{0}, needs {1}", "{0}，需要 {1}";
        /// A field.
        OwnVote = "own vote", "自己的一票";
        /// A value.
        CastForItself = "cast for itself", "投给自己";
        /// A value.
        GivenAway = "given to another before it stood", "参选前已投给别人";
        /// A field.
        Lease = "lease until", "租约到";
        /// A field.
        PendingReads = "reads waiting", "等待中的读";
        /// A field.
        Transferring = "hands over to", "正在移交给";
        /// A field.
        Uncommitted = "uncommitted", "未提交";
        /// A value.
        Bytes(bytes) = "{0} bytes", "{0} 字节";
        /// A timer.
        ElectionTimer = "election timeout", "选举超时";
        /// A timer.
        HeartbeatTimeout = "heartbeat timeout", "心跳超时";
        /// A timer.
        DelayTimer = "election delay", "选举等待";
        /// A timer.
        HeartbeatTimer = "next heartbeat", "下次心跳";
        /// A timer.
        RetryTimer = "asks again", "再次请求选票";
        /// A timer.
        QuorumTimer = "checks its quorum", "检查过半联系";
        /// A timer.
        TransferTimer = "gives the transfer up", "放弃移交";
        /// A timer's value.
        RunsOut(ms) = " ({0} ms)", "（{0} ms）";
        /// A field.
        ClockField = "clock", "时钟";
        /// A value.
        FastBy(percent) = "{0} % fast", "快 {0}%";
        /// A value.
        SlowBy(percent) = "{0} % slow", "慢 {0}%";
        /// A field.
        Voters = "voters", "投票成员";
        /// A field.
        OldVoters = "old voters (joint)", "旧投票成员（联合共识）";
        /// A field.
        Learners = "learners", "Learner";
        /// A value: the last serial number.
        Serial(serial) = "last write no. {0}", "最近一次写入：第 {0} 次";
        /// Instead of sessions.
        NoSessions = "no client has written yet", "还没有客户端写入";
        /// A field.
        DurableTerm = "durable term, vote", "已落盘的任期与选票";
        /// A field.
        DurableLog = "durable log up to", "日志已落盘到";
        /// A field.
        PendingWrites = "writes on their way", "正在落盘的写";
        /// What a write brings to the disk.
        WritesSnapshot(index) = "snapshot up to entry {0}", "快照（到条目 {0}）";
        /// What a write brings to the disk.
        WritesCut(index) = "cut after entry {0}", "截断条目 {0} 之后";
        /// More of them than are listed.
        MoreWrites(count) = "and {0} more", "另有 {0} 个";
        /// A field.
        WriteTime = "a write takes", "一次写盘用时";
        /// A value.
        Between(min, max) = "{0} to {1} ms", "{0}–{1} ms";
        /// A value.
        Stalled = "stalled: nothing becomes durable", "卡住：什么都落不了盘";
        /// A field.
        SnapshotUpTo = "snapshot up to", "快照到";
        /// A field.
        HeldBack = "messages waiting for the disk", "等落盘后才发的消息";
        /// A field.
        Backlog = "waiting while it is paused", "暂停期间积压";
        /// A field.
        CrashNow = "a crash now would lose", "此刻宕机会失去";
        /// A field.
        CrashLost = "the crash lost", "这次宕机失去了";
        /// A loss.
        LosesEntry(index) = "entry {0}", "条目 {0}";
        /// A loss.
        LosesEntries(first, last) = "entries {0} to {1}", "条目 {0} 到 {1}";
        /// A loss.
        LosesTerm(term) = "term {0}", "任期 {0}";
        /// A loss.
        LosesOwnVote = "its vote for itself", "投给自己的票";
        /// A loss.
        LosesVote(candidate) = "its vote for S{0}", "投给 S{0} 的票";
        /// A loss: always.
        LosesMemory = "commitIndex, lastApplied, the state machine (rebuilt from the log)", "commitIndex、lastApplied 和状态机（从日志重建）";
        /// A loss: of a leader.
        LosesReign = "its leadership, with nextIndex and matchIndex", "领导权，以及 nextIndex、matchIndex";
        /// A peer's state.
        Probe = "probe", "探测";
        /// A peer's state.
        Replicate = "replicate", "复制";
        /// A peer's state.
        SendsSnapshot = "snapshot", "快照";
        /// A column.
        Peer = "follower", "Follower";
        /// A column.
        State = "state", "状态";

        // The role diagram.
        /// What it shows, for the ear.
        DiagramAria = "State diagram of its role", "角色状态图";
        /// A stage of the two-stage election.
        Waiting = "waits to stand", "等待参选";
        /// Nothing has happened yet.
        NoTransition = "It has not changed its role lately.", "近来没有角色转变。";
        /// A reason.
        ByStart = "It started: every server starts as a follower.", "启动：服务器启动时都是 Follower。";
        /// A reason.
        ByCrash = "It crashed.", "它宕机了。";
        /// A reason.
        ByElectionTimeout(ms) = "Its election timeout ran out: {0} ms without a leader.", "选举超时：{0} ms 没有 Leader 的消息。";
        /// A reason.
        ByCandidacyTimeout(ms) = "No result in {0} ms: a new term, a new election.", "{0} ms 内没有结果：进入新任期，重新选举。";
        /// A reason.
        ByPreVote(ms) = "{0} ms without a leader: it asks whether it could win.", "{0} ms 没有 Leader 的消息：先询问自己能否当选。";
        /// A reason.
        ByPreVotes = "A majority would vote for it: it stands.", "过半节点愿意投票：正式参选。";
        /// A reason.
        ByHeartbeatTimeout(ms) = "Its heartbeat timeout ran out: it raised its term, and waits {0} ms.", "心跳超时：任期加一，再等 {0} ms。";
        /// A reason.
        ByDelay = "Its election delay is over: it stands.", "选举等待结束：发起选举。";
        /// A reason.
        ByHand = "It was made to time out at once.", "手动触发了超时。";
        /// A reason.
        ByTransfer(leader) = "S{0} told it to stand at once.", "S{0} 让它立即参选。";
        /// A reason.
        ByVotes(votes, needed) = "{0} votes: {1} make a majority.", "得到 {0} 票：{1} 票即过半。";
        /// A reason, where the rule is off that would not let it pass.
        ByTooFewVotes(votes, needed) = "{0} votes were enough: a rule is off. {1} make a majority.", "得到 {0} 票就当选：有规则已关闭。{1} 票才算过半。";
        /// A reason.
        ByHigherTerm(from, mine, theirs) = "Higher term seen: S{0} said {2}, its own was {1}.", "看到更高的任期：S{0} 的任期是 {2}，自己是 {1}。";
        /// A reason.
        ByLeader(leader, term) = "S{0} leads term {1}: it follows.", "S{0} 已是任期 {1} 的 Leader：转为跟随。";
        /// A reason.
        ByQuorumLost = "It has not heard from a majority: it steps down.", "联系不到过半节点：主动退位。";
        /// A reason.
        ByRemoval = "It is no voter any more: it steps down.", "它不再是投票成员：主动退位。";

        /// A reason.
        ByVoteGiven(candidate) = "It gave its vote to S{0}: it no longer waits to stand.", "它把票投给了 S{0}，不再等待参选。";
        /// Instead of a reason.
        ByLongAgo = "That was longer ago.", "那是较早以前的事。";

        // The panels of the cluster.
        /// The button of the settings.
        Settings = "Settings", "设置";
        /// The button of the rules.
        Rules = "Rules", "规则";
        /// A heading.
        NewClusterWith = "Begins a new cluster", "会新建集群";
        /// A heading.
        WhileItRuns = "Changes the running cluster", "立即作用于当前集群";
        /// A setting.
        Servers = "servers", "服务器数";
        /// A setting.
        Writes = "writes a second", "每秒写入";
        /// A setting.
        SnapshotEvery = "snapshot after (entries)", "自动快照（条目数）";
        /// A value.
        Never = "never", "从不";
        /// A setting.
        ElectionStyle = "Election", "选举方式";
        /// A value.
        Standard = "Election as in the paper: a random timeout, then stand", "按论文选举：随机超时后立即参选";
        /// A value.
        TwoStage = "Election in two stages: heartbeat timeout, then a random wait", "两段式选举：先心跳超时，再随机等待";
        /// A setting.
        PreVote = "PreVote: ask first, without raising the term", "PreVote：先询问，不抬高任期";
        /// A setting.
        CheckQuorum = "CheckQuorum: a leader without a majority steps down", "CheckQuorum：联系不到过半的 Leader 退位";
        /// A setting.
        LeaseReads = "Lease reads: the leader answers without asking", "租约读：Leader 不必询问就回答";
        /// A setting.
        AnnounceCommit = "Tell of a commit at once, not with the next heartbeat", "提交后立即通知，不等下一次心跳";
        /// Why a setting is refused.
        PreVoteInTwoStages = "PreVote and the two-stage election exclude each other: the one leaves the term alone until it can win, the other raises it first.", "PreVote 与两段式选举互斥：前者能赢才抬高任期，后者先抬高任期。";
        /// Why a setting is refused.
        LeaseWithoutCheckQuorum = "Lease reads need CheckQuorum: a lease is worth nothing where voters may elect another leader at any time.", "租约读需要 CheckQuorum：若投票者随时可以另选 Leader，租约毫无意义。";
        /// Why a setting is refused.
        Refused = "The cluster could not work with it.", "这样集群无法工作。";
        /// Before the rules.
        RulesIntro = "With all of them this is Raft. Switch one off, and see what it was there for.", "全部生效才是 Raft。关掉一条，看看它究竟保护了什么。";
        /// A heading.
        RulesOfVotes = "Votes and elections, §5.2 and §5.4.1", "投票与选举，§5.2 和 §5.4.1";
        /// A heading.
        RulesOfTerms = "Terms, §5.1", "任期，§5.1";
        /// A heading.
        RulesOfLogs = "Logs and commits, §5.3 and §5.4.2", "日志与提交，§5.3 和 §5.4.2";
        /// A heading.
        RulesOfDisks = "On disk before it is said, figure 2", "先持久化再答复，图 2";
        /// A heading.
        RulesOfClients = "Reads and retries, §8", "读取与重试，§8";
        /// A heading.
        RulesOfMembers = "Members and snapshots, §6 and §7", "成员变更与快照，§6 和 §7";
        /// A heading.
        RulesOfProgress = "Progress: nothing wrong without them, but nothing done", "活性：没有它们不会出错，但会停滞不前";
        /// A button.
        AllOn = "All on", "全部恢复";
        /// A warning.
        RulesOff(rules) = "Not Raft: {0} rules off", "已不是 Raft：关闭了 {0} 条规则";
        /// A warning.
        RuleOff = "Not Raft: 1 rule off", "已不是 Raft：关闭了 1 条规则";
    }
}

#[test]
fn both_languages_name_the_same_numbers() {
    // Raised by the macro for each: three numbers at most.
    super::words::check(ServerWords::ALL);
}
