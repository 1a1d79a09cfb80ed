//! The words of one entry: where it is, and what is known of it.

use super::words::words;

words! {
    /// What is said of an entry of a log.
    enum EntryWords {
        /// The heading.
        Heading(index, term) = "Entry {0}, term {1}", "条目 {0}，任期 {1}";
        /// The entry before.
        Previous = "Previous entry", "上一条目";
        /// The entry after.
        Following = "Next entry", "下一条目";
        /// The list of servers.
        Where = "Where it is", "分布";
        /// It is there and durable.
        Durable = "on its disk", "已写入磁盘";
        /// It is there, in memory only.
        Volatile = "in memory, not on its disk yet", "仅在内存，尚未写入磁盘";
        /// It is on the disk of a server that is down.
        OnDisk = "on its disk; the server is down", "在磁盘上；服务器已宕机";
        /// Another entry is in its place.
        Other(term) = "another entry, of term {0}", "另一条目，任期 {0}";
        /// The log is shorter.
        Missing = "not there", "没有";
        /// It is part of a snapshot.
        Compacted = "in its snapshot", "已并入快照";
        /// It counts.
        Committed(servers, voters) = "Committed: it is on the disks of {0} of {1} voters.", "已提交：{1} 个投票成员中有 {0} 个已持久化。";
        /// Committed, but not many are seen to have it now.
        CommittedBefore = "Committed: a majority had it, and every later leader has it.", "已提交：曾有过半服务器持久化，之后的每任 Leader 都有它。";
        /// Not enough have it.
        Waits(servers, needed) = "Not committed: it is on {0} of the {1} disks that it takes.", "尚未提交：已有 {0} 台持久化，需要 {1} 台。";
        /// Enough have it, but it is of an earlier term.
        Earlier(term) = "Not committed, although a majority has it: it is of an earlier term, and counts only together with an entry of term {0} (§5.4.2).", "虽已过半，仍未提交：它属于更早的任期，只有与任期 {0} 的条目一起才算提交（论文 §5.4.2）。";
        /// The leader has yet to count.
        Uncounted = "A majority has it; the leader has yet to hear of it.", "已过半，但 Leader 尚未得知。";
        /// Nobody leads.
        NoLeader = "Not committed, and nobody leads: the next leader decides what becomes of it.", "尚未提交，且没有 Leader：它的去留取决于下一任 Leader。";
        /// Who found it committed, and when.
        CommittedBy(server) = "S{0} found that a majority had it", "S{0} 确认过半服务器已有它";
        /// Who took it from a client, and when.
        TakenBy(server) = "S{0} took it into its log first", "最先由 S{0} 写入日志";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_name_the_same_numbers() {
        crate::text::words::check(super::EntryWords::ALL);
    }
}
