//! The words of the log table.

use super::words::words;

words! {
    /// What is said of logs besides their entries.
    enum LogsWords {
        /// What a compacted log goes on from, on its block.
        Snapshot = "snapshot", "快照";
        /// The same at length.
        SnapshotOf(index, term) = "Snapshot of entries 1 to {0}; the last is of term {1}", "快照：包含条目 1 至 {0}，末条的任期为 {1}";
        /// An entry that a snapshot covers, and that the log has all the same.
        InSnapshotToo = "The snapshot covers it; it stays here for servers that lag behind.", "快照已包含此条目；暂留在日志里，供落后的服务器补齐。";
        /// The same in the legend.
        LegendInSnapshotToo = "in the snapshot too", "快照已包含";
        /// Where the table scrolls to.
        ToTheEnd = "To the end", "回到末尾";
        /// A log that ends out of sight, before what is shown.
        EndsAt(index) = "ends at {0}", "止于 {0}";
        /// The leader has another entry there.
        Differs = "The leader has another entry here.", "Leader 在此处是另一条目。";
        /// The same in the legend.
        LegendDiffers = "not the leader’s entry", "与 Leader 不一致";
        /// The leader's map has another value.
        ValueDiffers = "not so on the leader", "与 Leader 上的值不同";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_name_the_same_numbers() {
        crate::text::words::check(super::LogsWords::ALL);
    }
}
