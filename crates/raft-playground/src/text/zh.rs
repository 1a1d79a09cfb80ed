//! Simplified Chinese, with the terms of the lectures on Raft: the roles keep their English names, which stand
//! beside the Chinese ones where there is room.

use super::{
    Answer, Entries, KeyMeaning, Lang, Lost, LostVote, Message, NetworkSetting, Request, milliseconds, percent,
    rule_text, seconds, thousandths,
};
use raft_sim::{Code, CodeError, Fact, Place, Problem, Property};

use crate::scene::{MarkKind, Role, Section, Who};

pub(super) fn text(message: &Message) -> String {
    use Message as M;
    match message {
        M::Title => "Raft 演练场".into(),
        M::OtherLanguage => "English".into(),
        M::SwitchLanguage => "Switch to English".into(),
        M::DarkTheme => "深色主题".into(),
        M::LightTheme => "浅色主题".into(),
        M::Help => "帮助".into(),
        M::Close => "关闭".into(),
        M::PanelCluster => "集群".into(),
        M::PanelLogs => "日志".into(),
        M::PanelStory => "发生了什么，为什么".into(),
        M::PanelProperties => "Raft 的保证".into(),
        M::PanelTimeline => "时间".into(),
        M::PanelLegend => "图例".into(),

        M::Play => "播放".into(),
        M::Pause => "暂停".into(),
        M::StepForward => "下一个事件".into(),
        M::StepBack => "上一个事件".into(),
        M::SpeedLabel => "集群 1 秒，播放用时".into(),
        M::SpeedValue { slowdown_milli } => format!("{} 秒", thousandths(*slowdown_milli)),
        M::SpeedSentence { slowdown_milli } => {
            format!("集群中的一秒用 {} 秒播放", thousandths(*slowdown_milli))
        }
        M::TimeSlider => "集群时间".into(),
        M::Time { us } => format!("{} 秒", seconds(*us)),
        M::Clock { us } => seconds(*us),
        M::TimeOf { us, span_us } => format!("第 {} 秒，共 {} 秒", seconds(*us), thousandths(*span_us / 1_000)),
        M::FutureKept => "从这里开始另一种未来；原来的已保留。".into(),
        M::Write { key, value } => format!("写入 {key}={value}"),
        M::WriteGoesRound => "现在没有 Leader：客户端会逐台询问服务器。".into(),
        M::WriteGoesTo(leader) => format!("写入发给 Leader S{leader}。"),
        M::ClickHint => "点击服务器使其宕机，点击链路将其断开；画一条线分隔它们".into(),
        M::NewCluster => "新集群".into(),
        M::Seed(seed) => format!("种子 {seed}"),

        M::ServerName(server) => format!("S{server}"),
        M::ClientName(client) => format!("客户端 {client}"),
        M::StandsStill => "暂停".into(),
        M::RoleWord(role) => role_word(*role).into(),
        M::RoleName(role) => role_name(*role).into(),
        M::HeartbeatIn { ms } => format!("心跳 {ms} ms"),
        M::TimeoutIn { ms } => format!("{ms} ms"),
        M::DelayIn { ms } => format!("选举延迟 {ms} ms"),
        M::VotesTally { votes, servers } => format!("{votes}/{servers} 票"),
        M::WritingOwnVote => "正在写下自己的选票".into(),
        M::Kept { kept, had } => format!("保留 {kept}/{had} 个条目"),
        M::ServerAria { server, role, term, entries, committed, paused } => format!(
            "S{server}，{}，{}任期 {term}，{entries} 个条目，{committed} 个已提交",
            role_name(*role),
            if *paused { "暂停中，" } else { "" }
        ),
        M::RingAria { servers, leader: Some(leader) } => format!("{servers} 台服务器，Leader 是 S{leader}"),
        M::RingAria { servers, leader: None } => format!("{servers} 台服务器，没有 Leader"),

        M::StateColumn => "状态机".into(),
        M::StateEmpty => "空".into(),
        M::StateLost => "已丢失".into(),
        M::Term(term) => format!("任期 {term}"),
        M::EntryAria { index, term, entry, committed, durable } => format!(
            "索引 {index}，{}，任期 {term}，{}{}",
            the_entries(entry),
            if *committed { "已提交" } else { "未提交" },
            if *durable { "" } else { "，尚未落盘" }
        ),
        M::EntryOnDisk { index, term, entry } => {
            format!("索引 {index}，{}，任期 {term}，保留在磁盘上", the_entries(entry))
        }
        M::ProgressAria { server, next_index, match_index: 0 } => {
            format!("S{server}：尚不知哪些条目一致，下一个发送条目 {next_index}")
        }
        M::ProgressAria { server, next_index, match_index } => {
            format!("S{server}：到条目 {match_index} 为止一致，下一个发送条目 {next_index}")
        }
        M::LogAria { entries, committed } => {
            format!("日志：{entries} 个条目，{committed} 个已提交")
        }

        M::LegendEntries => "复制条目".into(),
        M::LegendHeartbeat => "心跳".into(),
        M::LegendAccepted => "接受".into(),
        M::LegendRejected => "拒绝".into(),
        M::LegendVoteRequest => "请求投票".into(),
        M::LegendVoteGranted => "选票".into(),
        M::LegendVoteDenied => "拒绝投票".into(),
        M::LegendVoteOnItsWay => "等待答复".into(),
        M::LegendVoteSilent => "无消息在途".into(),
        M::LegendCommitted => "已提交".into(),
        M::LegendUncommitted => "虚线：未提交".into(),
        M::LegendNotDurable => "尚未落盘".into(),
        M::LegendApplied => "已应用".into(),
        M::LegendMatch => "已一致（match）".into(),
        M::LegendNext => "下一个（next）".into(),
        M::LegendTimer => "剩余时间".into(),

        M::Mark { kind, server, at_us } => format!("第 {} 秒：{}", seconds(*at_us), mark(*kind, *server)),

        M::AsksForVote { from, to, term, last_index, last_term } => format!(
            "S{from} 在任期 {term} 请求 S{to} 投票；它的日志{}",
            log_end(*last_index, *last_term)
        ),
        M::GivesVote { from, to, term } => format!("S{from} 在任期 {term} 把选票投给 S{to}"),
        M::RefusesVote { from, to, term } => format!("S{from} 处于任期 {term}，拒绝投票给 S{to}"),
        M::SendsHeartbeat { from, to, term, commit } => {
            format!("S{from} 向 S{to} 发送心跳：任期 {term}，已提交到条目 {commit}")
        }
        M::SendsEntries { from, to, entries, previous_index: 0, .. } => {
            format!("S{from} 向 S{to} 复制{}，从日志开头起", the_entries_after_cjk(entries))
        }
        M::SendsEntries { from, to, entries, previous_index, previous_term, .. } => format!(
            "S{from} 向 S{to} 复制{}，接在任期 {previous_term} 的条目 {previous_index} 之后",
            the_entries_after_cjk(entries)
        ),
        M::Confirms { from, to, match_index: 0 } => format!("S{from} 答复 S{to}：已收到"),
        M::Confirms { from, to, match_index } => format!("S{from} 答复 S{to}：到条目 {match_index} 为止都已落盘"),
        M::RejectsEntries { from, to, previous_index } => {
            format!("S{from} 答复 S{to}：没有与之相符的条目 {previous_index}")
        }
        M::AsksForPreVote { from, to, term, last_index, last_term } => format!(
            "S{from} 向 S{to} 发送预投票请求：若在任期 {term} 竞选，能否得到它的选票；它的日志{}",
            log_end(*last_index, *last_term)
        ),
        M::SendsSnapshot { from, to, last_index, until, done } => format!(
            "S{from} 向 S{to} 发送快照（到条目 {last_index} 为止）：{}，到第 {until} 字节",
            if *done { "最后一段" } else { "其中一段" }
        ),
        M::HasOfSnapshot { from, to, bytes: 0 } => format!("S{from} 答复 S{to}：还没有这份快照的任何内容"),
        M::HasOfSnapshot { from, to, bytes } => format!("S{from} 答复 S{to}：已收到这份快照的前 {bytes} 字节"),
        M::TellsToStand { from, to } => format!("S{from} 向 S{to} 转移领导权：请立即发起选举"),
        M::WillBeLost(message) => format!("{}——将在途中丢失", text(message)),

        M::StoodForElection { server, term } => format!("S{server} 在任期 {term} 投票给自己"),
        M::AskedAgain { server, servers } => format!("S{server} 再次请求 {} 投票", names(servers)),
        M::MovedToTerm { server, term } => format!("S{server} 进入任期 {term}"),
        M::SteppedDown { server, was, term } => {
            format!("S{server} 不再是 {}：任期 {term} 已经开始", role_word(*was))
        }
        M::Voted { server, to, term } => format!("S{server} 在任期 {term} 投票给 S{to}"),
        M::RefusedVote { server, to } => format!("S{server} 拒绝投票给 S{to}"),
        M::Elected { server, term } => format!("S{server} 当选任期 {term} 的 Leader"),
        M::GaveUp { server, leader } => format!("S{server} 退出竞选，跟随 S{leader}"),
        M::Appended { server, entries } => format!("S{server} 追加{}", the_entries_after_cjk(entries)),
        M::Replaced { server, truncated, entries } => {
            format!("S{server} 删去 {truncated} 个条目，换成{}", the_entries_after_cjk(entries))
        }
        M::RefusedEntries { server, from } => format!("S{server} 拒绝 S{from} 发来的内容"),
        M::WentBack { server, to, next_index } => format!("S{server} 将发给 S{to} 的位置回退到条目 {next_index}"),
        M::Committed { server, entries } => format!("S{server} 提交{}", the_entries_after_cjk(entries)),
        M::HeldCommit { server, index } => format!("S{server} 暂不提交条目 {index}"),
        M::Applied { server, entries } => format!("S{server} 应用{}", the_entries_after_cjk(entries)),
        M::Crashed(server) => format!("S{server} 宕机"),
        M::Restarted(server) => format!("S{server} 重启"),
        M::RefusedWrite { server, label } => format!("S{server} 拒绝写入 {label}"),
        M::BeganPreVote { server, term } => format!("S{server} 发起预投票：能否赢得任期 {term} 的选举"),
        M::WouldVote { server, to, term } => format!("S{server} 预投票同意：愿意在任期 {term} 投票给 S{to}"),
        M::WouldNotVote { server, to } => format!("S{server} 预投票拒绝：不会投票给 S{to}"),
        M::WaitsToStand { server, term, delay_ms } => {
            format!("S{server} 进入任期 {term}，等待 {delay_ms} ms 的选举延迟")
        }
        M::StoodWithoutOwnVote { server, term } => format!("S{server} 在任期 {term} 发起选举，但没有自己的选票"),
        M::Resigned(server) => format!("S{server} 不再担任 Leader"),
        M::UsesConfiguration { server, voters, learners, joint } => format!(
            "S{server} {} {voters} 个投票成员{}",
            if *joint { "进入联合共识，新配置有" } else { "启用配置，其中有" },
            if *learners > 0 { format!("、{learners} 个 Learner") } else { String::new() }
        ),
        M::BeganTransfer { server, to } => format!("S{server} 开始把领导权转移给 S{to}"),
        M::ToldToStand { server, to } => format!("S{server} 让 S{to} 立即发起选举"),
        M::GaveUpTransfer { server, to } => format!("S{server} 放弃向 S{to} 转移领导权"),
        M::BeganSnapshot { server, to, last_index } => {
            format!("S{server} 开始向 S{to} 发送快照，到条目 {last_index} 为止")
        }
        M::InstalledSnapshot { server, last_index } => format!("S{server} 安装快照，到条目 {last_index} 为止"),
        M::Compacted { server, last_index } => format!("S{server} 生成快照，包含到条目 {last_index} 为止的结果"),
        M::ReadWaits(server) => format!("S{server} 让只读请求等待"),
        M::AsksForRead(server) => format!("S{server} 为只读请求询问各服务器：自己是否仍是 Leader"),
        M::Answered { server, client, answer } => format!("S{server} 答复客户端 {client}：{}", told(answer)),
        M::RefusedRead(server) => format!("S{server} 拒绝只读请求"),
        M::RefusedRequest(server) => format!("S{server} 没有受理这个请求"),
        M::LostMessage { server, to, what } => match what {
            Lost::VoteRequest => format!("S{server} 请求 S{to} 投票，但消息丢失了"),
            Lost::Vote => format!("S{server} 答复 S{to} 的投票请求，但消息丢失了"),
            Lost::Entries => format!("S{server} 向 S{to} 复制条目，但消息丢失了"),
            Lost::PreVoteRequest => format!("S{server} 请求 S{to} 预投票，但消息丢失了"),
            Lost::PreVote => format!("S{server} 答复 S{to} 的预投票请求，但消息丢失了"),
            Lost::Snapshot => format!("S{server} 向 S{to} 发送快照，但消息丢失了"),
            Lost::TimeoutNow => format!("S{server} 让 S{to} 发起选举，但消息丢失了"),
        },
        M::LostAnswer { server, client } => format!("S{server} 答复客户端 {client}，但答复丢失了"),
        M::Paused(server) => format!("S{server} 暂停"),
        M::Resumed(server) => format!("S{server} 恢复运行"),
        M::SetUp(server) => format!("S{server} 新加入集群"),
        M::TimesOut(server) => format!("S{server} 即将超时"),
        M::Drifts { server, ppm: 0 } => format!("S{server} 的时钟恢复正常速度"),
        M::Drifts { server, ppm } => format!(
            "S{server} 的时钟走{}了 {}%",
            if *ppm > 0 { "快" } else { "慢" },
            percent(ppm.unsigned_abs())
        ),
        M::DiskStalled(server) => format!("S{server} 的磁盘卡住了"),
        M::DiskGoesOn(server) => format!("S{server} 的磁盘恢复写入"),
        M::CannotReach { server, to } => format!("S{server} 的消息不再能到达 S{to}"),
        M::ReachesAgain { server, to } => format!("S{server} 的消息又能到达 S{to}"),
        M::IgnoredMessage { server, from } => format!("S{server} 忽略 S{from} 发来的消息"),
        M::Violated { server, property } => format!("S{server} 违反了“{}”", property_name(*property)),

        M::ClientAsked { client, to, request } => match request {
            Request::Write(label) => format!("客户端 {client} 请求 S{to} 写入 {label}"),
            Request::Read(key) => format!("客户端 {client} 向 S{to} 读取 {key}"),
        },
        M::ClientWillAsk { client, request } => match request {
            Request::Write(label) => format!("客户端 {client} 稍后写入 {label}"),
            Request::Read(key) => format!("客户端 {client} 稍后读取 {key}"),
        },
        M::ClientTurnedTo { client, to } => format!("客户端 {client} 转向 S{to}"),
        M::ClientWaits(client) => format!("客户端 {client} 稍等片刻再试"),
        M::ClientRepeats { client, to } => format!("客户端 {client} 重发请求，发给 S{to}"),
        M::LostRequest { client, to } => format!("客户端 {client} 向 S{to} 发出请求，但请求丢失了"),
        M::ClientKnows { client, from, answer } => format!("客户端 {client} 收到 S{from} 的答复：{}", told(answer)),
        M::ClientReadOld { client, answer } => format!("客户端 {client} 读到旧数据：{}", told(answer)),

        M::Dropped { from, to } => format!("{} 发给{}的一条消息被丢弃", name(*from), name_inside(*to)),
        M::Duplicated { from, to } => format!("{} 发给{}的一条消息将送达两次", name(*from), name_inside(*to)),
        M::Delayed { from, to, by_us } => {
            format!("{} 发给{}的一条消息推迟 {} ms", name(*from), name_inside(*to), milliseconds(*by_us))
        }
        M::DiskSet { who: Who::Cluster, us_min, us_max } => format!("所有磁盘：每次写入用时 {}", span(*us_min, *us_max)),
        M::DiskSet { who, us_min, us_max } => format!("{} 的磁盘：每次写入用时 {}", name(*who), span(*us_min, *us_max)),
        M::NetworkSet { between: None, setting } => format!("所有链路：{}", network(*setting)),
        M::NetworkSet { between: Some((from, to)), setting } => format!("S{from} 到 S{to}：{}", network(*setting)),
        M::Partitioned(groups) => format!("网络分区：{groups}"),
        M::HealedAll => "所有链路恢复连通".into(),
        M::RuleSet { rule, on } => format!("规则“{}”{}", rule_text(*rule, Lang::Zh).0.trim_end_matches('。'), if *on { "恢复生效" } else { "已关闭" }),
        M::Switched { switch, on } => {
            format!("所有服务器：“{}”已{}", switch.title(Lang::Zh), if *on { "开启" } else { "关闭" })
        }
        M::SettingsChanged => "所有服务器换用新的设置".into(),
        M::NobodyDoesIt => "现在没有 Leader，这个请求无人受理".into(),
        M::ViolatedByAll(property) => format!("“{}”被违反", property_name(*property)),

        M::BecauseNoMajority { waited_ms } => {
            format!("竞选 {waited_ms} ms 仍未获得过半选票（选票被瓜分，或应答太少）：重新选举。")
        }
        M::BecauseMadeToTimeOut => "手动触发了超时：没有等定时器到期。".into(),
        M::BecauseTimedOut { waited_ms } => format!("{waited_ms} ms 内没有收到心跳：选举超时，于是发起选举。"),
        M::BecauseNoAnswer => "还没有收到答复：消息可能丢失了，对方也可能宕机了。".into(),
        M::BecauseHigherTerm { from, mine, theirs } => {
            format!("S{from} 的消息来自任期 {theirs}，而它还在任期 {mine}：以更高的任期为准。")
        }
        M::BecauseVoteFree { to } => format!("它的选票还没有投出（先到先得），而且 S{to} 的日志不比它的旧。"),
        M::BecauseCandidateOfLowerTerm { to, mine, theirs } => {
            format!("S{to} 在任期 {theirs} 竞选，而现在已是任期 {mine}。")
        }
        M::BecauseAlreadyVoted { for_ } => format!("本任期的选票已经投给 S{for_}：每个任期只有一票，先到先得。"),
        M::BecauseVotedForItself => "本任期的选票已经投给自己：每个任期只有一票，先到先得。".into(),
        M::BecauseLogBehind { to, my_index, my_term, their_index, their_term } => format!(
            "它自己的日志较新：它的日志{}，而 S{to} 的日志{}。",
            log_end(*my_index, *my_term),
            log_end(*their_index, *their_term)
        ),
        M::BecauseMajorityVoted { votes, servers } => {
            format!("{}服务器中有{}投票给它：过半。", count(*servers), count(*votes))
        }
        M::BecauseTooFewVoted { votes, needed } => {
            format!("有{}投票给它，不到过半所需的{}；但有规则已关闭。", count(*votes), count(*needed))
        }
        M::BecauseLeaderHeard { leader, term } => format!("S{leader} 已经赢得任期 {term} 的选举。"),
        M::BecauseClientWrote { index } => {
            format!("客户端写入：Leader 先把它记为自己日志的条目 {index}，再复制给所有服务器。")
        }
        M::BecauseNewLeader => "新 Leader 先写入一个本任期的空条目（no-op）：它提交之后，之前任期的条目才随之提交。".into(),
        M::BecausePreviousMatches { from, previous_index, previous_term } => {
            format!("它的条目 {previous_index} 与 S{from} 指明的前一个条目相符：任期 {previous_term}。")
        }
        M::BecauseFromTheStart { from } => format!("S{from} 从第一个条目开始发送，总能接上。"),
        M::BecauseConflict { from } => {
            format!("那里与 S{from} 的日志冲突：索引相同，任期不同。被替换的都尚未提交。")
        }
        M::BecauseLeaderOfLowerTerm { from, mine, theirs } => {
            format!("S{from} 是任期 {theirs} 的 Leader，而现在已是任期 {mine}。")
        }
        M::BecausePreviousMissing { previous_index, last: 0 } => {
            format!("那些内容接在条目 {previous_index} 之后，而它的日志是空的。")
        }
        M::BecausePreviousMissing { previous_index, last } => {
            format!("那些内容接在条目 {previous_index} 之后，而它的日志只到条目 {last}。")
        }
        M::BecausePreviousDiffers { previous_index, previous_term, mine } => {
            format!("那些内容接在任期 {previous_term} 的条目 {previous_index} 之后，而它在那里的条目属于任期 {mine}。")
        }
        M::BecauseFollowerDiffers { to } => {
            format!("S{to} 的日志在那里接不上：从双方可能一致的地方重新发送。")
        }
        M::BecauseMajorityHas { index, on, count: has, servers } if on.is_empty() => {
            format!("本任期的条目 {index} 已在{}服务器中的{}上：过半。", count(*servers), count(*has))
        }
        M::BecauseMajorityHas { index, on, count: has, servers } => format!(
            "本任期的条目 {index} 已在 {} 上：{}中的{}，过半。",
            names(on),
            count(*servers),
            count(*has)
        ),
        M::BecauseTooFewHave { index, on, count: has, servers } => format!(
            "本任期的条目 {index} 只在{}服务器中的{}上{}：不过半；但有规则已关闭。",
            count(*servers),
            count(*has),
            if on.is_empty() { String::new() } else { format!("（{}）", names(on)) }
        ),
        M::BecauseOfEarlierTerm { entry_term, current_term } => format!(
            "它虽已过半，但属于任期 {entry_term}：要等到本任期（{current_term}）的条目过半，才能一并提交。"
        ),
        M::BecauseLeaderCommitted { from, index } => format!("S{from} 告知：条目 {index} 及之前的条目都已提交。"),
        M::BecauseCrashedBeforeCut { kept, back, lost } => {
            let log = format!("截断尚未落盘：{kept} 个条目保留，{back} 个旧条目又回来了；角色和状态机的内容丢失了。");
            log + &forgets(*lost)
        }
        M::BecauseCrashed { kept, had, lost } => {
            let log = match (*kept, *had) {
                (_, 0) => "它的日志是空的；角色和状态机的内容丢失了。".into(),
                (0, had) => format!("日志的 {had} 个条目都还没有落盘，全部丢失；角色和状态机的内容也丢失了。"),
                (kept, had) if kept == had => format!("日志的 {had} 个条目都已落盘，不会丢失；角色和状态机的内容则丢失了。"),
                (kept, had) => format!("{had} 个条目中有 {kept} 个已落盘，其余丢失；角色和状态机的内容也丢失了。"),
            };
            log + &forgets(*lost)
        }
        M::BecauseRestarted { term, entries } => {
            format!("它成为 Follower，从磁盘恢复：任期 {term}，{entries} 个条目。")
        }
        M::BecauseNotLeader { leader: Some(leader) } => format!("它不是 Leader；据它所知，S{leader} 是。"),
        M::BecauseNotLeader { leader: None } => "它不是 Leader，也不知道谁是。".into(),
        M::BecauseAsksFirst { waited_ms } => {
            format!("{waited_ms} ms 没有收到心跳：先问问能否当选，赢不了就不增加任期。")
        }
        M::BecauseWouldWin { votes, servers } => {
            format!("{}服务器中有{}愿意投票给它：过半，于是正式发起选举。", count(*servers), count(*votes))
        }
        M::BecauseNoLeaderHeard { to } => format!("它同样没有收到 Leader 的心跳，而且 S{to} 的日志不比它的旧。"),
        M::BecauseLeaderAlive { heard_ms_ago: 0 } => "Leader 还在，就不另选新的。".into(),
        M::BecauseLeaderAlive { heard_ms_ago } => {
            format!("它在 {heard_ms_ago} ms 前收到过 Leader 的消息：Leader 还在，就不另选新的。")
        }
        M::BecauseHeartbeatTimedOut { waited_ms } => {
            format!("{waited_ms} ms 没有收到心跳：心跳超时，任期加一。选举延迟期间，它的选票仍可投给别人。")
        }
        M::BecauseDelayEnded { for_: None } => "选举延迟结束，仍没有收到 Leader 的心跳。".into(),
        M::BecauseDelayEnded { for_: Some(candidate) } => {
            format!("选举延迟结束；它本任期的选票已经投给 S{candidate}。")
        }
        M::BecauseToldToStand { from } => format!("S{from} 把领导权转移给它，不必等待超时。"),
        M::BecauseQuorumLost => "整整一个选举超时没有收到过半服务器的消息：别处可能已经选出新的 Leader。".into(),
        M::BecauseRemoved { index } => format!("条目 {index} 中的新配置已提交，其中没有它的投票权。"),
        M::BecauseMembersChange { index } => {
            format!("成员变更：同写入一样，Leader 先把它记为自己日志的条目 {index}，再复制给所有服务器。")
        }
        M::BecauseJoint => "成员变更完成之前，每个决定都要旧配置和新配置分别过半同意。".into(),
        M::BecauseConfigurationArrived => "配置一到就生效，不必等到提交。".into(),
        M::BecauseConfigurationCutOff => "变更配置的条目被删去了，之前的配置重新生效。".into(),
        M::BecauseSuccessorCatchesUp { to } => format!("先让 S{to} 补齐日志；在此期间 Leader 不受理写入。"),
        M::BecauseSuccessorHasAll { to } => format!("S{to} 的日志已经补齐，可以立即当选。"),
        M::BecauseSuccessorSilent { to } => format!("S{to} 没有在一个选举超时内接任：它继续担任 Leader。"),
        M::BecauseNeedsCompacted { to } => format!("S{to} 需要的条目已被压缩，只有快照里还有。"),
        M::BecauseSnapshotReplaces { kept: 0 } => "快照取代它的状态机内容和全部日志。".into(),
        M::BecauseSnapshotReplaces { kept } => {
            format!("快照取代它的状态机内容和此前的日志；其后的 {kept} 个条目相符，予以保留。")
        }
        M::BecauseSnapshotHolds { first_index: 1 } => {
            "这些条目暂时仍留在日志里，供落后的服务器补齐。".into()
        }
        M::BecauseSnapshotHolds { first_index } => {
            format!("这些条目的结果都在快照里：日志现在从条目 {first_index} 开始。")
        }
        M::BecauseMayBeDeposed => "别处可能已经选出新的 Leader 而它还不知道：要过半服务器确认（ReadIndex）。".into(),
        M::BecauseReadConfirmed => "请求到达之后，过半服务器确认了它仍是 Leader。".into(),
        M::BecauseLeaseHolds { left_ms } => format!("租约还剩 {left_ms} ms：在此之前不会有别的 Leader 当选。"),
        M::BecauseLocalRead => "它没有向任何服务器确认：读到的可能是旧数据。".into(),
        M::BecauseNothingCommittedInTerm => "它在本任期还没有提交过条目，因此还不清楚哪些条目已提交。".into(),
        M::BecauseTransferring { to } => format!("它正在把领导权转移给 S{to}：请稍后去那里。"),
        M::BecauseTooMuchUncommitted { bytes } => format!("已有 {bytes} 字节在等待提交：请稍后再试。"),
        M::BecauseNoLeases => "没有启用租约读。".into(),
        M::BecauseChangeUnderWay { index } => format!("条目 {index} 的成员变更还没有完成：一次只做一项变更。"),
        M::BecauseNoChange => "已经如此，无需变更。".into(),
        M::BecauseNoVoters => "那样就没有能投票的成员了。".into(),
        M::BecauseOnlyVotersLead => "只有别的投票成员才能接任。".into(),
        M::BecauseNetworkLoses => "网络会丢消息：Raft 会重新请求、重新发送。".into(),
        M::BecauseLinkCut => "链路已切断，消息无法通过。".into(),
        M::BecauseNetworkDelays => "网络会延迟消息：可能拖慢 Raft，但不会破坏安全性。".into(),
        M::BecauseNetworkDoubles => "网络会重复投递消息：Raft 重复收到也无妨。".into(),
        M::BecauseRequestsGetLost => "网络会丢消息：客户端会重发请求。".into(),
        M::BecauseDown { server } => format!("S{server} 已宕机：客户端会转向别处。"),
        M::BecauseAnswersGetLost => "网络会丢消息：客户端会重发请求，但同一写入不会执行两次。".into(),
        M::BecauseLeaderWrites => "写入由 Leader 受理，条目提交后才答复。".into(),
        M::BecauseLeaderReads => "Leader 先确认自己仍是 Leader，再答复。".into(),
        M::BecauseAnybodyReads => "本地读可以由任何一台服务器答复，但读到的可能是旧数据。".into(),
        M::BecauseOnlyLeadersServe => "不是 Leader 的服务器会拒绝请求，并告知谁是 Leader。".into(),
        M::BecauseOneAtATime => "它还在等待上一个请求的答复：一次只发一个请求。".into(),
        M::BecauseNamed { from, leader } => format!("S{from} 告知：S{leader} 是 Leader。"),
        M::BecauseTurnedAway { from } => format!("S{from} 拒绝了请求，也没有告知该去找谁。"),
        M::BecauseClientWaited => "没有及时收到答复。请求的编号不变，因此同一写入不会执行两次。".into(),
        M::BecauseStale { from } => format!("客户端发出请求时，S{from} 还没有应用别处已经应用的条目。"),
        M::BecauseDone => "条目已提交，并已应用到它的状态机。".into(),
        M::BecauseNotAsExpected => "原来的值与客户端预期的不同。".into(),
        M::BecausePaused => "它停住不动，但没有宕机：发给它的消息先积压着，时钟照走。".into(),
        M::BecauseResumed => "它现在处理积压的消息；其间定时器可能已经到期。".into(),
        M::BecauseSetUp => "它的磁盘是空的，等待 Leader 把日志发来。".into(),
        M::BecauseClockJumped => "它的时钟被拨快到定时器到期的时刻。".into(),
        M::BecauseClocksDrift => "各台服务器的时钟并不一致，定时器以自己的时钟为准。".into(),
        M::BecausePromisesWait => "没有落盘的都不算数：它的选票和确认只能等待。".into(),
        M::BecauseCut => "这个方向的链路被切断，途中的消息丢失了。".into(),
        M::BecausePartitioned => "只有同组的服务器能互相通信，各组之间途中的消息丢失了。".into(),
        M::BecauseBrokenOnPurpose => "这是故意制造的缺陷：看看 Raft 的哪项保证会因此失效。".into(),
        M::BecauseSecondLeader => "它自己就是这个任期的 Leader：不该有第二个。".into(),
        M::BecauseCutsCommitted { commit_index } => {
            format!("照做会删去已提交的条目（已提交到条目 {commit_index}）。")
        }
        M::BecauseNotAVoter => "它没有投票权，不能参加竞选。".into(),
        M::BecauseOutOfPlace { next_offset } => {
            format!("这一段快照接不上：下一段应从第 {next_offset} 字节开始。")
        }
        M::Section(Section::Paper(section)) => format!("§{section}"),
        M::Section(Section::Dissertation(section)) => format!("博士论文 §{section}"),

        M::PropertyName(property) => property_name(*property).into(),
        M::PropertyMeaning(property) => property_meaning(*property).into(),
        M::PropertyHolds => "至今成立".into(),
        M::PropertyViolated { at_us } => format!("第 {} 秒被违反", seconds(*at_us)),
        M::GoesOnSince { us } => format!("{} 秒起自行运行", seconds(*us)),
        M::Facts([Fact::Leads { server: one, term }, Fact::Leads { server: other, term: same }]) if term == same => {
            format!("S{one} 和 S{other} 都当选了任期 {term} 的 Leader：同一任期有两个 Leader。")
        }
        M::Facts([against, Fact::Returned { client, serial, .. }]) => not_linearizable(*against, client.0, serial.0),
        M::Facts([one, other]) => format!("{}，而{}。", fact(*one).trim_start(), fact(*other)),

        M::HelpKeys => "按键".into(),
        M::HelpIntro => "点击 Leader（领导者）：它会宕机，其他服务器选出新的 Leader。再点一次：它重启并追上日志。写入一个值，看条目进入每一份日志。把时间拖回去，再看一遍。".into(),
        M::KeySigns(key) => key_signs(*key).into(),
        M::KeyMeaning(key) => key_meaning(*key).into(),

        M::BadSeed(given) => format!("“{given}”不是种子：种子是 0 到 {} 之间的整数。", u64::MAX),
        M::BadSeedInstead(seed) => format!("现在改用种子 {seed}。"),
        M::BadSpeed(given) => format!("“{given}”不是有效的速度：应为集群一秒所用的秒数，从 0.1 到 1000。"),
        M::BadNodes(given, most) => format!("“{given}”不是有效的服务器数量：应为 1 到 {most} 之间的整数。"),
        M::BadWrites(given, most) => format!("“{given}”不是有效的每秒写入次数：应为 0 到 {most} 之间的整数。"),
        M::BadTheme(given) => format!("“{given}”不是有效的主题：应为 auto、light 或 dark。"),
        M::BadLanguage(given) => format!("本页面没有“{given}”这种语言：应为 en 或 zh。"),
        M::BadCode(error) => format!("这个链接打不开：{}。", bad_code(error)),
        M::CodeToldOtherwise => "这个链接由另一版本的演练场生成，或者输入有误：看到的内容可能与作者当时所见不同。".into(),
        M::CodeTooFar => "这个链接指向一小时以后，这里停在一小时处。".into(),
        M::Stopped => "演练场停止运行了。".into(),
        M::StoppedHelp => "这是程序的错误，与你的操作无关。请重新加载页面。".into(),
        M::Reload => "重新加载".into(),
    }
}

/// What a client is told.
fn told(answer: &Answer) -> String {
    match answer {
        Answer::Written(label) => format!("{label} 已写入"),
        Answer::NotWritten(label) => format!("{label} 没有写入"),
        Answer::Value {
            key,
            value: Some(value),
        } => format!("{key} 的值是 {value}"),
        Answer::Value { key, value: None } => format!("{key} 没有值"),
    }
}

fn name(who: Who) -> String {
    who.name().map_or_else(|| "所有服务器".into(), |name| text(&name))
}

/// Between Chinese words: Latin letters and numbers are set off by spaces.
fn name_inside(who: Who) -> String {
    match who {
        Who::Server(_) => format!(" {} ", name(who)),
        Who::Client(_) => format!("{} ", name(who)),
        Who::Cluster => name(who),
    }
}

fn span(us_min: u64, us_max: u64) -> String {
    if us_min == us_max {
        return format!("{} ms", milliseconds(us_max));
    }
    format!("{}–{} ms", milliseconds(us_min), milliseconds(us_max))
}

fn network(setting: NetworkSetting) -> String {
    match setting {
        NetworkSetting::Latency { us_min, us_max } => format!("消息用时 {}", span(us_min, us_max)),
        NetworkSetting::Loss { ppm } => format!("{}% 的消息会丢失", percent(ppm)),
        NetworkSetting::Duplication { ppm } => format!("{}% 的消息会送达两次", percent(ppm)),
        NetworkSetting::Reordering { ppm } => format!("{}% 的消息会延误", percent(ppm)),
    }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Follower => "Follower",
        Role::PreCandidate => "PreCandidate",
        Role::Candidate => "Candidate",
        Role::Leader => "Leader",
        Role::Crashed => "已宕机",
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Follower => "Follower（跟随者）",
        Role::PreCandidate => "PreCandidate（预候选人）",
        Role::Candidate => "Candidate（候选人）",
        Role::Leader => "Leader（领导者）",
        Role::Crashed => "已宕机",
    }
}

fn mark(kind: MarkKind, server: u64) -> String {
    match kind {
        MarkKind::Elected => format!("S{server} 当选 Leader"),
        MarkKind::Crashed => format!("S{server} 宕机"),
        MarkKind::Restarted => format!("S{server} 重启"),
        MarkKind::Committed => format!("S{server} 提交条目"),
        MarkKind::Violated => "有性质被违反".into(),
    }
}

fn the_entries(entries: &Entries) -> String {
    match entries {
        Entries::Command(label) => label.to_string(),
        Entries::NoOp => "空条目".into(),
        Entries::Configuration(label) => format!("成员配置 {label}"),
        Entries::At(index) => format!("条目 {index}"),
        Entries::Range { first, last } => format!("条目 {first}–{last}"),
    }
}

/// After a Chinese word: Latin letters are set off by a space.
fn the_entries_after_cjk(entries: &Entries) -> String {
    match entries {
        Entries::Command(label) => format!(" {label}"),
        Entries::NoOp | Entries::Configuration(_) | Entries::At(_) | Entries::Range { .. } => the_entries(entries),
    }
}

fn log_end(index: u64, term: u64) -> String {
    match index {
        0 => "是空的".into(),
        _ => format!("末尾是任期 {term} 的条目 {index}"),
    }
}

/// So many servers, small numbers in words.
fn count(n: u64) -> String {
    let words = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九"];
    let word = usize::try_from(n).ok().and_then(|n| words.get(n));
    word.map_or_else(|| format!("{n} 台"), |word| format!("{word}台"))
}

/// “S1、S2 和 S4”。
fn names(servers: &[u64]) -> String {
    let mut text = String::new();
    for (nth, server) in servers.iter().enumerate() {
        text += match nth {
            0 => "",
            _ if nth + 1 == servers.len() => " 和 ",
            _ => "、",
        };
        text += &format!("S{server}");
    }
    text
}

fn property_name(property: Property) -> &'static str {
    match property {
        Property::ElectionSafety => "选举安全性",
        Property::LeaderAppendOnly => "Leader 只追加",
        Property::LogMatching => "日志匹配性",
        Property::LeaderCompleteness => "Leader 完整性",
        Property::StateMachineSafety => "状态机安全性",
        Property::Linearizability => "线性一致性",
        Property::Durability => "写入不丢失",
        Property::LeaderEmerges => "一切正常时，终将选出 Leader",
        Property::LogsAgree => "一切正常时，日志终将一致",
        Property::LeaderElected => "选出过 Leader",
        Property::LeaderReplaced => "更换过 Leader",
        Property::WriteCommitted => "提交过写入",
        Property::RetryAnswered => "重发的请求得到过答复",
        Property::SnapshotInstalled => "安装过快照",
        Property::MembersChanged => "变更过成员",
    }
}

fn property_meaning(property: Property) -> &'static str {
    match property {
        Property::ElectionSafety => "一个任期内最多选出一个 Leader。§5.2",
        Property::LeaderAppendOnly => "Leader 从不覆盖或删除自己日志中的条目，只追加新条目。§5.3",
        Property::LogMatching => "如果两份日志在某个索引处的条目任期相同，那么到该索引为止的所有条目都相同。§5.3",
        Property::LeaderCompleteness => "一个条目一旦提交，就会出现在之后所有任期的 Leader 的日志中。§5.4",
        Property::StateMachineSafety => {
            "一台服务器在某个索引处应用了一个条目后，其他服务器在该索引处不会应用别的条目。§5.4.3"
        }
        Property::Linearizability => "每个答复都如同只有一台服务器，并且在请求与答复之间的某一时刻执行了请求。§8",
        Property::Durability => "已告知客户端写入成功的内容，都在之后每个 Leader 的日志中。",
        Property::LeaderEmerges => {
            "一切正常时，不久就会选出 Leader，所有服务器都跟随它。选出之前，这里只表示尚未逾期。"
        }
        Property::LogsAgree => "一切正常时，所有服务器不久都会应用 Leader 日志中的条目。应用之前，这里只表示尚未逾期。",
        Property::LeaderElected => "有服务器当选 Leader。",
        Property::LeaderReplaced => "在之后的任期，另一台服务器当选 Leader。",
        Property::WriteCommitted => "客户端的写入得以提交。",
        Property::RetryAnswered => "客户端不止一次发出请求，最终得到答复。",
        Property::SnapshotInstalled => "有服务器安装了 Leader 的快照。",
        Property::MembersChanged => "成员变更得以提交。",
    }
}

/// What speaks against the answer to a request.
fn not_linearizable(against: Fact, client: u64, serial: u64) -> String {
    match against {
        Fact::ToldBefore {
            client: before,
            serial: told,
        } => format!(
            "客户端 {client} 的请求 {serial} 得到的答复，与客户端 {before} 的请求 {told} 此前得到的答复矛盾。",
            before = before.0,
            told = told.0
        ),
        Fact::Rival {
            client: rival,
            serial: other,
        } => format!(
            "客户端 {client} 得知请求 {serial} 发现值与期望相符并已执行，而客户端 {rival} 的请求 {other} 正是基于同一个值执行的。",
            rival = rival.0,
            other = other.0
        ),
        Fact::Saw {
            client: witness,
            serial: saw,
        } => format!(
            "客户端 {client} 得知请求 {serial} 没有执行，而客户端 {witness} 的请求 {saw} 得到的答复表明它已执行。",
            witness = witness.0,
            saw = saw.0
        ),
        _ => format!("没有任何写入能解释客户端 {client} 的请求 {serial} 得到的答复。"),
    }
}

fn fact(fact: Fact) -> String {
    match fact {
        Fact::Leads { server, term } => format!(" S{server} 当选任期 {term} 的 Leader"),
        Fact::Rewrote {
            server,
            index,
            last_index,
            ..
        } => {
            format!(" S{server} 在索引 {index} 处写入，而它的日志已到条目 {last_index}")
        }
        Fact::Has {
            server,
            index,
            term,
            previous_term,
        } => {
            format!(" S{server} 的条目 {index} 属于任期 {term}，前一个条目属于任期 {previous_term}")
        }
        Fact::Committed { index, term, in_term } => format!("任期 {term} 的条目 {index} 已在任期 {in_term} 提交"),
        Fact::Lacks {
            server,
            leads_term,
            index,
        } => {
            format!(" S{server} 是任期 {leads_term} 的 Leader，却没有这个条目 {index}")
        }
        Fact::Applied { server, index, term } => format!(" S{server} 在索引 {index} 应用了任期 {term} 的条目"),
        Fact::Told { client, serial, index } => {
            let (client, serial) = (client.0, serial.0);
            format!("客户端 {client} 已得知请求 {serial} 写入成功，位于条目 {index}")
        }
        Fact::Returned { client, serial, .. }
        | Fact::ToldBefore { client, serial }
        | Fact::Rival { client, serial }
        | Fact::Saw { client, serial } => format!("客户端 {} 的请求 {} 得到答复", client.0, serial.0),
        Fact::NeverSo => "没有任何写入能解释这一点".into(),
        Fact::Works { since } => format!("自第 {} 秒起一切正常", seconds(since.0)),
        Fact::NobodyLeads => "还没有一个所有服务器都跟随的 Leader".into(),
        Fact::Behind { server, applied, of } => format!(" S{server} 只应用到条目 {applied}，没有到条目 {of}"),
    }
}

fn key_signs(key: KeyMeaning) -> &'static str {
    match key {
        KeyMeaning::PlayPause => "空格",
        KeyMeaning::Step => ". ,",
        KeyMeaning::Speed => "[ ]",
        KeyMeaning::Select => "1 – 9",
        KeyMeaning::Move => "← → ↑ ↓",
        KeyMeaning::Toggle => "Enter、X",
        KeyMeaning::Menu => "M",
        KeyMeaning::TimeOut => "T",
        KeyMeaning::Write => "W",
        KeyMeaning::Messages => "N、B",
        KeyMeaning::Read => "R",
        KeyMeaning::Partition => "P",
        KeyMeaning::Heal => "H",
        KeyMeaning::Close => "Esc",
        KeyMeaning::Language => "L",
        KeyMeaning::Help => "?",
    }
}

fn key_meaning(key: KeyMeaning) -> &'static str {
    match key {
        KeyMeaning::PlayPause => "播放或暂停；焦点在按钮、链路或服务器上时则按下它",
        KeyMeaning::Step => "下一个事件、上一个事件",
        KeyMeaning::Speed => "放慢、加快",
        KeyMeaning::Select => "选中一台服务器",
        KeyMeaning::Move => "在服务器之间移动",
        KeyMeaning::Toggle => "让选中的服务器宕机或重启",
        KeyMeaning::Menu => "打开选中服务器的操作菜单",
        KeyMeaning::TimeOut => "让选中的服务器立即超时",
        KeyMeaning::Write => "写入",
        KeyMeaning::Messages => "下一条途中的消息（没有就等到下一条发出）、上一条",
        KeyMeaning::Read => "读取",
        KeyMeaning::Partition => "打开分区菜单",
        KeyMeaning::Heal => "恢复所有链路",
        KeyMeaning::Close => "关闭已打开的内容",
        KeyMeaning::Language => "切换语言",
        KeyMeaning::Help => "显示帮助",
    }
}

fn bad_code(error: &CodeError) -> String {
    match error {
        CodeError::NoVersion => "链接码应以版本号开头，例如 v1.".into(),
        CodeError::UnknownVersion { version } => format!("链接码的版本是 {version}，这里只认识版本 {}", Code::VERSION),
        CodeError::TooLong { bytes } => format!("链接码太长：{bytes} 字节，最多 {}", Code::LEN_MAX),
        CodeError::NotALetter { nth, found } => {
            format!("第 {nth} 个字符是“{found}”，版本号之后只能有字母、数字、“-”和“_”")
        }
        CodeError::Torn
        | CodeError::Wrong {
            problem: Problem::EndsEarly,
            ..
        } => "链接码不完整，可能没有复制完整".into(),
        CodeError::Damaged => "链接码已损坏，或没有复制完整".into(),
        CodeError::TooMuch => format!("链接码解压后超过 {} 字节", Code::BYTES_MAX),
        CodeError::Wrong { place, problem } => format!("{}，{}", code_place(*place), code_problem(*problem)),
    }
}

fn code_place(place: Place) -> String {
    match place {
        Place::Head => "链接码开头".into(),
        Place::Config => "集群配置中".into(),
        Place::Commands => "命令之前".into(),
        Place::Command { nth } => format!("第 {nth} 条命令中"),
        Place::Moment => "时刻中".into(),
        Place::End => "链接码末尾".into(),
    }
}

fn code_problem(problem: Problem) -> String {
    match problem {
        Problem::EndsEarly => "链接码中断了".into(),
        Problem::GoesOn => "内容已经完整，后面却还有多余的部分".into(),
        Problem::NumberTooLarge => "有一个数太大".into(),
        Problem::Unknown { tag, .. } => format!("编号 {tag} 没有含义"),
        Problem::TooMany { count, max } => format!("有 {count} 个，最多 {max} 个"),
        Problem::NotUtf8 => "有一段文字不是 UTF-8".into(),
        Problem::NumberAsText => "有一个数写成了文字".into(),
        Problem::OutOfOrder => "时刻的先后顺序不对".into(),
        Problem::Config(_) => "这样的集群无法运行".into(),
        Problem::Settings(_) => "这样的设置无法运行".into(),
    }
}

/// 宕机丢了哪个任期、哪张选票：若有，再加一句。
fn forgets(lost: (Option<u64>, Option<LostVote>)) -> String {
    let vote = lost.1.map(|vote| match vote {
        LostVote::Own => "投给自己的票".to_owned(),
        LostVote::For(candidate) => format!("投给 S{candidate} 的票"),
    });
    match (lost.0, vote) {
        (Some(term), Some(vote)) => format!("任期 {term} 和{vote}尚未落盘，也丢失了。"),
        (Some(term), None) => format!("任期 {term} 尚未落盘，也丢失了。"),
        (None, Some(vote)) => format!("{vote}尚未落盘，也丢失了。"),
        (None, None) => String::new(),
    }
}
