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
        /// A write went to the disk.
        WriteIssued(server, seq) = "S{0} began write {1} to its disk", "S{0} 开始第 {1} 次写盘";
        /// A write is durable.
        WriteDurable(server, seq) = "Write {1} of S{0} became durable", "S{0} 的第 {1} 次写盘已持久化";
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
        /// A server decided something.
        Decided(server) = "S{0} decided what to do", "S{0} 作出决定";
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
