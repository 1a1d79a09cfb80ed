//! What in the logs and in the maps is not as the leader has it.
//!
//! One event changes little in a log, and logs can be long: so two logs are compared only from where one of them has
//! changed, or else from where they were known to differ.

use std::rc::Rc;

use raft_core::{Index, Log};
use raft_sim::kv;

use super::LogRow;

/// Notes in each row what differs from the leader's row. The last rows are those of the scene before, if they were
/// compared with the same leader.
pub(super) fn note(rows: &mut [LogRow], leader: u64, last: Option<&[LogRow]>) {
    let Some(of_leader) = rows.iter().find(|row| row.server == leader).cloned() else {
        return;
    };
    let before = |server: u64| last?.iter().find(|row| row.server == server);
    let leader_before = before(leader);
    let leader_log = of_leader.entries.log();
    let stood_until = leader_before.map_or(Index(0), |row| leader_log.agrees_until(row.entries.log()));
    for row in rows {
        let before = before(row.server);
        let log = row.entries.log();
        let agreed_until = match before.zip(leader_before) {
            Some((row, leader)) => agreed_until(row, leader)
                .min(log.agrees_until(row.entries.log()))
                .min(stood_until),
            None => Index(0),
        };
        row.differing = shared(
            before.map(|row| &row.differing),
            differing(log, leader_log, agreed_until),
        );
        let is_other = |pair: &&(Rc<str>, Rc<str>)| of_leader.state.binary_search(pair).is_err();
        let keys = row.state.iter().filter(is_other).map(|(key, _)| key.clone()).collect();
        row.differing_keys = shared(before.map(|row| &row.differing_keys), keys);
    }
}

/// How far the logs of two rows are known to agree.
fn agreed_until(row: &LogRow, leader: &LogRow) -> Index {
    let last = row.entries.log().last_index().min(leader.entries.log().last_index());
    row.differing.first().map_or(last, |&first| Index(first - 1))
}

/// The indexes at which a log has another entry than the leader's, given that it has none up to some index. By Log
/// Matching logs that agree somewhere agree before it, but not where rules are switched off: so each entry is looked at.
fn differing(log: &Log<kv::Command>, leader: &Log<kv::Command>, agreed_until: Index) -> Vec<u64> {
    let from = agreed_until.max(log.base().index).max(leader.base().index).next();
    let both = log.iter_from(from).zip(leader.iter_from(from));
    let differing = both.filter(|((_, mine), (_, theirs))| mine != theirs);
    differing.map(|((index, _), _)| index.0).collect()
}

fn shared<T: PartialEq>(last: Option<&Rc<[T]>>, new: Vec<T>) -> Rc<[T]> {
    match last.filter(|last| ***last == *new) {
        Some(last) => last.clone(),
        None => new.into(),
    }
}

#[cfg(test)]
mod tests {
    use raft_core::{Entry, Payload, Random, Term};

    use super::*;
    use crate::scene::LogEntries;

    fn row(server: u64, log: &Log<kv::Command>) -> LogRow {
        LogRow {
            server,
            entries: LogEntries::new(log, Index(0), Index(0)),
            first_index: log.first_index().0,
            snapshot_term: None,
            snapshot_index: 0,
            commit_index: 0,
            durable_index: 0,
            differing: Rc::default(),
            progress: None,
            state: Rc::default(),
            differing_keys: Rc::default(),
            crashed: false,
        }
    }

    /// The dumb twin looks at every entry each time.
    #[test]
    fn what_is_remembered_makes_no_difference() {
        let mut random = Random::new(5);
        let mut logs = vec![Log::new(); 3];
        let mut last: Vec<LogRow> = Vec::new();
        let mut differed = 0;
        for _ in 0..2_000 {
            let log = &mut logs[usize::try_from(random.between(0, 2)).unwrap()];
            match random.between(0, 9) {
                0 => log.truncate_after(Index(random.between(log.base().index.0, log.last_index().0))),
                1 => log.compact(Index(random.between(0, log.last_index().0 / 3))),
                _ => {
                    log.append(Entry {
                        term: Term(1 + u64::from(random.between(0, 9) == 0)),
                        payload: Payload::NoOp,
                    });
                }
            }
            let mut rows: Vec<LogRow> = (1..).zip(&logs).map(|(server, log)| row(server, log)).collect();
            note(&mut rows, 2, Some(&last));
            for (row, log) in rows.iter().zip(&logs) {
                assert_eq!(*row.differing, differing(log, &logs[1], Index(0)));
                differed += row.differing.len();
            }
            last = rows;
        }
        assert!(differed > 1_000, "{differed}");
    }
}
