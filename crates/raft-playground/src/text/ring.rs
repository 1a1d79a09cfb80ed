//! What is said of a server beside its role.

use super::words::words;

words! {
    /// Words of the ring.
    enum RingWords {
        /// It receives the log and has no vote.
        Learner = "learner", "Learner";
        /// It has been removed, or nobody has taken it in yet.
        NotAMember = "not a member", "非成员";
        /// It stands still.
        Paused = "paused", "暂停";
        /// Nothing reaches it and nothing comes from it.
        CutOff = "cut off", "被隔离";
        /// Its clock runs fast.
        ClockFast(percent) = "clock +{0}%", "时钟快 {0}%";
        /// Its clock runs slow.
        ClockSlow(percent) = "clock −{0}%", "时钟慢 {0}%";
        /// Its disk takes longer than those of others.
        DiskSlow = "slow disk", "磁盘慢";
        /// Nothing becomes durable.
        DiskStalled = "disk stalled", "磁盘卡住";
        /// What it kept of its log when it crashed, in short.
        EmptyLog = "empty log", "日志为空";
        /// The same, of a log with entries in it.
        Kept(kept, had) = "kept {0} of {1}", "保留 {0}/{1}";
        /// Something is on its way to the disk.
        Writing = "writing to disk", "正在写盘";
        /// It leads, and has told another to take over.
        HandsOver(to) = "hands over to S{0}", "移交给 S{0}";
        /// A candidate has this vote.
        VoteGranted(voter) = "S{0}: granted", "S{0}：已投票";
        /// A candidate does not get this vote.
        VoteDenied(voter) = "S{0}: denied", "S{0}：已拒绝";
        /// The question or its answer is on its way.
        VoteOnItsWay(voter) = "S{0}: on its way", "S{0}：在途中";
        /// Nothing is on its way.
        VoteSilent(voter) = "S{0}: no answer", "S{0}：无答复";
        /// To whom it gave its vote in this term.
        VotedFor(candidate) = "voted for S{0}", "投票给 S{0}";
        /// The disk knows only an older term.
        TermNotOnDisk = "term not on disk", "任期未落盘";
        /// The disk does not know of the vote.
        VoteNotOnDisk = "vote not on disk", "选票未落盘";
        /// In the legend: either of them.
        LegendNotOnDisk = "term or vote not on disk", "任期或选票未落盘";
        /// In the legend.
        LegendCutOff = "cut off from all", "与其他服务器全部断开";
        /// In the legend.
        LegendDrift = "clock fast or slow", "时钟偏快或偏慢";
    }
}

#[test]
fn both_languages_name_the_same_numbers() {
    super::words::check(RingWords::ALL);
}
