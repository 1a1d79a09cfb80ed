//! The words of one write, from stage to stage.

use super::words::words;

words! {
    /// What is said of a write on its way.
    enum WriteWords {
        /// The heading.
        Heading = "One write, step by step", "跟踪一次写入";
        /// Opens it.
        Follow = "Follow a write", "跟踪写入";
        /// What the button does.
        FollowHint = "Follow the latest write from the client to the answer", "从客户端请求到答复，一步步跟踪最近一次写入";
        /// What is told of it lies before or after the cursor.
        OutOfSight = "It was asked for too long before this moment, or after it: go to where it was.", "它的请求早于此刻太久，或在此刻之后：请回到它发生的时刻。";
        /// Follows what is written last instead.
        FollowLatest = "Follow the latest write", "跟踪最近一次写入";
        /// Nothing more comes of it for a while.
        Stuck = "Nothing more becomes of it in the next 2 s, unless you do something.", "接下来 2 秒内不会再有进展，除非你做点什么。";
        /// The same, and all is well but for who cannot be reached.
        StuckSafe = "Safe, and the client knows. Who has not learned of it is down, paused or cut off, and will hear of it later.", "已经安全，客户端也已得知。尚未得知的服务器已宕机、暂停或失联，以后会得知。";
        /// Nobody has written yet.
        Nothing = "Nobody has written anything yet.", "还没有写入。";
        /// The button that does.
        WriteOne = "Write, and follow it", "写入一次并跟踪";
        /// Whose it is.
        Of(client) = "of client {0}", "来自客户端 {0}";
        /// Whose write an entry is.
        WrittenBy(client) = "Written by client {0}.", "由客户端 {0} 写入。";
        /// Goes on to where the next stage is done.
        Next = "Next stage", "下一步";
        /// 1.
        Sent = "The client sends its request", "客户端发出请求";
        /// 2.
        Appended = "The leader appends it to its log", "Leader 把命令追加到自己的日志";
        /// 3.
        Replicated = "The leader sends it to the followers", "Leader 把条目发给 Follower";
        /// 4.
        Stored = "Followers have it on their disks", "Follower 把条目写入磁盘";
        /// 5.
        Committed = "A majority has it: committed", "过半服务器已有该条目：提交";
        /// 6.
        Applied = "The leader applies it", "Leader 把它应用到状态机";
        /// 7.
        Told = "The client is told", "客户端收到答复";
        /// 8.
        Learned = "The others learn of it, and apply it", "其他服务器得知已提交，并应用";
        /// To whom the request went.
        To(server) = "to S{0}", "发给 S{0}";
        /// How often it was asked.
        Tries(tries) = "asked {0} times", "共请求 {0} 次";
        /// A server that does not lead turned it away.
        TurnedAway(server) = "S{0} turned it away: it does not lead", "S{0} 不是 Leader，拒绝了请求";
        /// And named the leader.
        TurnedAwayTo(server, leader) = "S{0} turned it away, and named S{1}", "S{0} 拒绝了请求，并告知 Leader 是 S{1}";
        /// Where it stands.
        Entry(server, index, term) = "on S{0}, as entry {1} of term {2}", "位于 S{0}，条目 {1}，任期 {2}";
        /// How often it was taken into a log.
        Copies(copies) = "taken {0} times", "共追加 {0} 次";
        /// How many messages.
        Messages(messages) = "{0} messages", "{0} 条消息";
        /// How many followers have it durably.
        Followers(followers, servers) = "{0} of {1} followers", "{1} 台 Follower 中的 {0} 台";
        /// How many servers have learned of it besides the one that committed it.
        Others(some, all) = "{0} of {1} other servers", "其他 {1} 台中的 {0} 台";
        /// Who committed it.
        By(server) = "by S{0}", "由 S{0} 完成";
        /// What is known in the end: all is well.
        Safe = "Committed, and the client knows: no crash of a minority can lose it.", "已提交，客户端也已得知：少数服务器宕机不会丢失它。";
        /// Committed, but the client does not know.
        SafeUntold = "Committed: it stays. Should the client not hear of it, it asks again, and it is still applied only once.", "已提交，不会丢失；但客户端尚未得到答复。它会重试，且不会重复执行。";
        /// It stands in some logs.
        Open(servers) = "In {0} of the logs, not committed yet: until then nothing is promised.", "{0} 份日志中有它，尚未提交：在提交之前没有任何保证。";
        /// It is nowhere.
        Gone = "No log has it now. The client asks again.", "目前没有任何日志保留它。客户端会再次请求。";
        /// Another entry has been committed in its place.
        Overwritten(term) = "An entry of term {0} has taken its place. The client asks again.", "任期 {0} 的条目占了它的位置。客户端会再次请求。";
        /// Nobody has taken it yet.
        Underway = "Nobody has taken it into a log yet.", "还没有服务器把它写入日志。";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_name_the_same_numbers() {
        crate::text::words::check(super::WriteWords::ALL);
    }
}
