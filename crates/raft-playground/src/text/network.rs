//! What is said of links, partitions and dials.

use super::words::words;

words! {
    /// Words of the network.
    enum NetworkWords {
        /// The button of the presets.
        Partition = "Partition", "分区";
        /// A choice: the next line of a finger or a pointer parts the servers.
        DrawLine = "Draw a line", "画一条线";
        /// What that means.
        DrawLineWhere = "across the ring, in any direction", "在环上，方向不限";
        /// What to do then.
        DrawNow = "Draw a line across the ring: it parts the servers on both of its sides.", "在环上画一条线，把服务器分隔在两侧。";
        /// What it is for.
        PartitionHint = "Separate the servers; or draw a line across the ring", "把服务器分隔开；也可以在环上画一条线";
        /// A preset.
        LeaderAlone(leader) = "Leader S{0} alone", "Leader S{0} 独自一侧";
        /// The same without a leader.
        ServerAlone(server) = "S{0} alone", "S{0} 独自一侧";
        /// A preset.
        LeaderInMinority(leader) = "Leader S{0} in a minority", "Leader S{0} 在少数派一侧";
        /// The same without a leader.
        ServerInMinority(server) = "S{0} in a minority", "S{0} 在少数派一侧";
        /// A preset.
        Halves = "Two halves", "分成两半";
        /// A preset.
        ThreeGroups = "Three groups", "分成三组";
        /// A preset.
        Bridge = "Two sides and a bridge", "两侧只由一台相连";
        /// A preset.
        EachAlone = "Each server alone", "每台服务器各自孤立";
        /// A preset.
        LeaderDeaf(leader) = "Leader S{0} hears nobody", "Leader S{0} 收不到任何消息";
        /// The same without a leader.
        ServerDeaf(server) = "S{0} hears nobody", "S{0} 收不到任何消息";
        /// The button that heals.
        Heal = "Heal", "恢复";
        /// What it does.
        HealHint = "Heal all links that are cut", "恢复所有断开的链路";
        /// Said when there is nothing to heal.
        NothingCut = "No link is cut", "没有断开的链路";
        /// The button of the dials.
        Network = "Network", "网络";
        /// What it is for.
        NetworkHint = "Latency, loss and disks, for all servers", "所有服务器的延迟、丢包与磁盘";
        /// The heading of the links.
        AllLinks = "All links", "所有链路";
        /// The heading of the disks.
        AllDisks = "All disks", "所有磁盘";
        /// A dial.
        LatencyMin = "latency, at least", "最小延迟";
        /// A dial.
        LatencyMax = "latency, at most", "最大延迟";
        /// A dial.
        Loss = "lost", "丢失";
        /// A dial.
        Duplication = "arrive twice", "重复送达";
        /// A dial.
        Reordering = "held up, overtaken", "延误、乱序";
        /// A dial.
        DiskWrite = "a write takes up to", "写盘最长用时";
        /// The button that reads.
        Read = "Read", "读取";
        /// What it does.
        ReadGoesTo(leader) = "The leader, S{0}, answers once a majority confirms that it leads (ReadIndex).", "由 Leader S{0} 回答：先经过半数确认它仍是 Leader（ReadIndex）。";
        /// The same without a leader.
        ReadGoesRound = "Nobody leads now: the client asks one server after the other.", "现在没有 Leader：客户端会逐台询问服务器。";
        /// A link.
        Link(a, b) = "Link S{0} – S{1}", "链路 S{0} – S{1}";
        /// Its state.
        Whole = "whole", "畅通";
        /// Its state.
        CutBoth = "cut", "已断开";
        /// Its state.
        CutOneWay(from, to) = "nothing gets from S{0} to S{1}", "S{0} 发往 S{1} 的消息全部丢失";
        /// What a click does.
        ClickCuts = "click to cut it", "点击断开";
        /// What a click does.
        ClickHeals = "click to heal it", "点击恢复";
        /// A direction of it.
        Way(from, to) = "S{0} → S{1}", "S{0} → S{1}";
        /// A button.
        Cut = "Cut", "断开";
        /// A button.
        CutWay(from, to) = "Cut S{0} → S{1}", "断开 S{0} → S{1}";
        /// A button.
        HealWay(from, to) = "Heal S{0} → S{1}", "恢复 S{0} → S{1}";
        /// What the dials of a link are.
        BothWays = "In both directions", "两个方向";
        /// The group of links in the ring.
        Links = "Links", "链路";
        /// The two sides of a line that is being drawn.
        Parting = "Release to part them", "松开即分隔";
        /// Closes the details.
        Close = "Close", "关闭";
    }
}

#[test]
fn both_languages_name_the_same_numbers() {
    super::words::check(NetworkWords::ALL);
}
