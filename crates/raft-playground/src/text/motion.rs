//! Words of messages and clients: the buttons and the names of fields that have none in the paper.

use super::words::words;

words! {
    /// What is said of messages and clients where they are selected.
    enum MotionWords {
        /// Opens the messages in flight, one after the other.
        Messages = "Messages", "消息";
        /// What that does.
        MessagesHint = "stops time and opens a message in flight, or the next to leave (N)", "暂停时间，查看一条途中的消息；若没有，就等到下一条发出（N）";
        /// The name of what clients stand in.
        Clients = "Clients", "客户端";
        /// A request, as in "RequestVote request".
        Request = "request", "请求";
        /// An answer, as in "RequestVote reply".
        Reply = "reply", "答复";
        /// What a client asks.
        ClientRequest = "Request of a client", "客户端请求";
        /// What a client is told.
        ClientReply = "Answer to a client", "给客户端的答复";
        /// Before the moment of its departure.
        Sent = "sent", "发出";
        /// Before the moment of its arrival.
        Arrives = "arrives", "到达";
        /// Before the moment at which it is lost.
        LostAt = "is lost", "丢失";
        /// Before the moment at which a copy of it arrives.
        CopyArrives = "copy arrives", "副本到达";
        /// Before the moment at which a copy of it is lost.
        CopyLost = "copy is lost", "副本丢失";
        /// Where it stands among those in flight.
        Nth(nth, of) = "{0} of {1} in flight", "途中消息 {0} / {1}";
        /// To the one before.
        Previous = "Previous message", "上一条消息";
        /// To the next.
        Next = "Next message", "下一条消息";
        /// Loses it.
        Drop = "Drop", "丢弃";
        /// Gives it a twin.
        Duplicate = "Duplicate", "复制一份";
        /// Makes it late.
        Delay(ms) = "Delay by {0} ms", "延迟 {0} ms";
        /// How it is delayed by hand.
        DragHint = "Drag it back along its way to delay it.", "沿来路往回拖动消息，即可推迟它的到达。";
        /// What the button of a server says.
        ToSender = "Sender", "发送方";
        /// And that of the other one.
        ToReceiver = "Receiver", "接收方";
        /// The message is not there any more.
        Gone = "No longer in flight", "已不在途中";
        /// Before what a client waits for.
        WaitsFor = "waits for", "等待";
        /// Nothing.
        Nothing = "nothing", "无";
        /// Before whom it asked last.
        Asked = "asked last", "最近询问";
        /// Before how often it has asked.
        Tries = "times asked", "已请求次数";
        /// Before how much it will ask for later.
        Queued = "still to ask", "排队中的请求";
        /// Before whom it takes for the leader.
        Believes = "takes for the leader", "认定的 Leader";
        /// Before its last answer.
        LastAnswer = "last answer", "最近的答复";
        /// Above what it asked and was told.
        History = "Asked and told", "请求与答复";
        /// The reader's own client.
        Own = "yours", "你的客户端";
        /// One of the workload.
        OfWorkload = "of the workload", "自动负载";
        /// It has neither asked nor been told anything lately.
        NoHistory = "Nothing lately.", "近期没有请求。";
        /// It was turned away.
        TurnedAway(client, server) = "Client {0} was turned away by S{1}", "客户端 {0} 被 S{1} 拒绝";
        /// It has waited long enough.
        TimedOut(client) = "Client {0} has waited long enough and asks again", "客户端 {0} 等待超时，将再次请求";
        /// A legend.
        LegendRequest = "request of a client", "客户端请求";
        /// Opens the rest of the legend.
        LegendMore = "more signs", "更多图例";
        /// A legend.
        LegendTurnedAway = "turned away", "请求被拒绝";
        /// A legend.
        LegendPreVote = "asks first (PreVote)", "预投票请求（PreVote）";
        /// A legend.
        LegendPreVoteGranted = "would vote", "预投票同意";
        /// A legend.
        LegendPreVoteDenied = "would not vote", "预投票拒绝";
        /// A legend.
        LegendSnapshot = "piece of a snapshot", "快照分块";
        /// A legend.
        LegendSnapshotReceived = "piece received", "已收到分块";
        /// A legend.
        LegendTimeoutNow = "“stand now”: leadership transfer", "“立即竞选”：领导权移交";
        /// A legend.
        LegendAnswer = "answer to it", "对客户端的答复";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_the_same() {
        super::super::words::check(super::MotionWords::ALL);
    }
}
