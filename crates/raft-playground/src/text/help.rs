//! What the pointer does, for the help.

use super::words::words;

words! {
    /// Words of the help.
    enum HelpWords {
        /// The name of the list.
        ByHand = "By mouse or finger", "鼠标或手指";
        /// A gesture.
        ClickServer = "click a server", "点击服务器";
        /// What it does.
        CrashesIt = "crashes it, or restarts it", "使其宕机或重启";
        /// A gesture.
        ClickName = "click its name", "点击它的名字";
        /// What it does.
        OpensServer = "opens all that it knows", "查看它的全部状态";
        /// A gesture.
        HoldServer = "hold it, or right-click", "长按或右键点击它";
        /// What it does.
        OpensMenu = "opens its menu", "打开它的菜单";
        /// A gesture.
        ClickMessage = "click a message", "点击消息";
        /// What it does.
        OpensMessage = "stops time and opens it", "暂停时间并查看它";
        /// A gesture.
        DragMessage = "drag a message back", "向后拖动消息";
        /// What it does.
        DelaysIt = "delays it", "延迟它";
        /// A gesture.
        ClickLink = "click a link", "点击链路";
        /// What it does.
        CutsIt = "cuts it, or heals it", "断开或恢复它";
        /// A gesture.
        HoldLink = "hold it, or right-click", "长按或右键点击它";
        /// What it does.
        OpensLink = "opens its directions, latency and loss", "设置它的两个方向、延迟和丢包";
        /// A gesture.
        DrawLine = "draw a line across the ring", "画一条线穿过环";
        /// What it does.
        Parts = "parts the servers on its sides; by finger after Partition → Draw a line", "把两侧的服务器分隔开；用手指时先点“分区 → 画一条线”";
        /// A gesture.
        ClickEntry = "click an entry", "点击日志条目";
        /// What it does.
        TellsEntry = "tells where it is, and whether it is committed and why", "查看它在哪些服务器上、是否已提交、为什么";
    }
}

impl HelpWords {
    /// The gestures, each with what it does.
    pub const GESTURES: [(HelpWords, HelpWords); 9] = {
        use HelpWords as W;
        [
            (W::ClickServer, W::CrashesIt),
            (W::ClickName, W::OpensServer),
            (W::HoldServer, W::OpensMenu),
            (W::ClickMessage, W::OpensMessage),
            (W::DragMessage, W::DelaysIt),
            (W::ClickLink, W::CutsIt),
            (W::HoldLink, W::OpensLink),
            (W::DrawLine, W::Parts),
            (W::ClickEntry, W::TellsEntry),
        ]
    };
}

#[test]
fn both_languages_name_the_same_numbers() {
    super::words::check(HelpWords::ALL);
}
