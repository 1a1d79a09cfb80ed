//! The log table: a row for each server, a column for each index, and the key-value map that came of it.

use std::rc::Rc;

use raft_playground::palette::term_class;
use raft_playground::scene::{LogEntry, LogRow, Role, Server};
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text};
use web_sys::Element;
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::server::role_class;

/// The table has this many columns even for empty logs, so that it does not start as a stump.
const COLUMNS_MIN: u64 = 4;

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) logs: Rc<[LogRow]>,
    pub(crate) servers: Rc<[Server]>,
    pub(crate) selected: Option<u64>,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
}

/// The panel with the table. It scrolls inside itself.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        logs,
        servers,
        selected,
        lang,
        ..
    } = props;
    let (first, last) = columns(logs);
    html! {
        <section class="panel logs">
            <h2>{ Text::PanelLogs.text(*lang) }</h2>
            <div class="scroller" tabindex="0" role="group" aria-label={Text::PanelLogs.text(*lang)}>
                <table>
                    <thead>
                        <tr>
                            <td class="corner"></td>
                            { for (first..=last).map(|index| html! { <th key={index} class="index" scope="col">{ index }</th> }) }
                            <td class="filler"></td>
                            <th class="state" scope="col">{ Text::StateColumn.text(*lang) }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for logs.iter().zip(servers.iter()).map(|(row, server)| html! {
                            <Memo key={row.server} part={Part::LogRow(RowProps {
                                row: row.clone(),
                                role: server.role,
                                term: server.term,
                                first,
                                last,
                                selected: *selected == Some(row.server),
                                lang: *lang,
                                on_action: props.on_action.clone(),
                            })} />
                        }) }
                    </tbody>
                </table>
            </div>
            <Memo part={Part::LogLegend(*lang)} />
        </section>
    }
}

/// After columns have come: goes on to the end of the table, if the reader was there.
pub(crate) fn follow_end(root: &Element) {
    let find = |selector| root.query_selector(selector).ok().flatten();
    let Some(scroller) = find(".logs .scroller") else {
        return;
    };
    let near = find("tbody td.entry-cell").map_or(0, |cell| cell.client_width() * 2);
    let hidden = scroller.scroll_width() - scroller.client_width() - scroller.scroll_left();
    if hidden <= near {
        scroller.set_scroll_left(scroller.scroll_width());
    }
}

/// The first and the last index that has a column: one beyond the longest log, where the next entry will come.
pub(crate) fn columns(logs: &[LogRow]) -> (u64, u64) {
    let first = logs.iter().map(|row| row.first_index).min().unwrap_or(1);
    let last = logs
        .iter()
        .map(|row| row.first_index + row.entries.len() as u64)
        .max()
        .unwrap_or(1);
    (first, last.max(first + COLUMNS_MIN - 1))
}

#[derive(PartialEq)]
pub(crate) struct RowProps {
    row: LogRow,
    role: Role,
    term: u64,
    first: u64,
    last: u64,
    selected: bool,
    lang: Lang,
    on_action: Callback<Action>,
}

/// A row of the table.
pub(crate) fn row(props: &RowProps) -> Html {
    let RowProps {
        row,
        role,
        term,
        first,
        last,
        selected,
        lang,
        on_action,
    } = props;
    let server = row.server;
    let on_select = on_action.reform(move |_: MouseEvent| Action::Select { server: Some(server) });
    let class = classes!(role_class(*role), selected.then_some("selected"));
    let heard = Text::LogAria {
        server: row.server,
        entries: length(row),
        committed: row.commit_index,
    };
    html! {
        <tr {class}>
            <th class={classes!("who", term_class(*term))} scope="row" onclick={on_select} title={heard.text(*lang)}>
                <span class="name">{ Text::ServerName(row.server).text(*lang) }</span>
                <span class="role">{ Text::RoleWord(*role).text(*lang) }</span>
            </th>
            { for (*first..=*last).map(|index| cell(row, index, *lang)) }
            <td class="filler"></td>
            <td class="state">{ state(row, *lang) }</td>
        </tr>
    }
}

fn length(row: &LogRow) -> u64 {
    row.first_index - 1 + row.entries.len() as u64
}

/// The place of an index in a row, with what stands there and what is known of it.
fn cell(row: &LogRow, index: u64, lang: Lang) -> Html {
    let place = index
        .checked_sub(row.first_index)
        .and_then(|place| usize::try_from(place).ok());
    let entry = place.and_then(|place| row.entries.get(place));
    let progress = row.progress.as_ref();
    let applied = index == row.commit_index && entry.is_some() && !row.crashed;
    // The dot stands on the border behind the entry that matches; if none does, before the first.
    let matches = progress.is_some_and(|progress| progress.match_index == index);
    let matches_none = progress.is_some_and(|progress| progress.match_index == 0) && index == 1;
    let next = progress.is_some_and(|progress| progress.next_index == index);
    let title = progress.filter(|_| next || matches || matches_none).map(|progress| {
        let (next_index, match_index) = (progress.next_index, progress.match_index);
        Text::ProgressAria {
            server: row.server,
            next_index,
            match_index,
        }
        .text(lang)
    });
    html! {
        <td key={index} class="entry-cell">
            if let Some(entry) = entry { { self::entry(entry, index, lang) } }
            if applied { <span class="applied-bar"></span> }
            if matches || matches_none {
                <svg class={classes!("match", matches_none.then_some("none"))} viewBox="0 0 10 10" aria-hidden="true">
                    <title>{ title.clone().unwrap_or_default() }</title>
                    <circle class="match-dot" cx="5" cy="5" r="4.2" />
                </svg>
            }
            if next {
                <svg class="next" viewBox="0 0 12 10" aria-hidden="true">
                    <title>{ title.unwrap_or_default() }</title>
                    <path class="next-mark" d="M6 1L10.8 9H1.2Z" />
                </svg>
            }
        </td>
    }
}

fn entry(entry: &LogEntry, index: u64, lang: Lang) -> Html {
    let LogEntry {
        term,
        label,
        committed,
        durable,
    } = entry;
    let class = classes!(
        "entry",
        term_class(*term),
        if *committed { "committed" } else { "uncommitted" },
        (!durable).then_some("not-durable")
    );
    let title = Text::EntryAria {
        index,
        term: *term,
        entry: entry.entries(),
        committed: *committed,
        durable: *durable,
    };
    html! {
        <span {class} title={title.text(lang)}>
            <b>{ &**label }</b>
            <small>{ Text::Term(*term).text(lang) }</small>
        </span>
    }
}

fn state(row: &LogRow, lang: Lang) -> Html {
    if row.crashed {
        return html! { <span class="lost">{ Text::StateLost.text(lang) }</span> };
    }
    if row.state.is_empty() {
        return html! { <span class="empty">{ Text::StateEmpty.text(lang) }</span> };
    }
    let pairs = row.state.iter().map(|(key, value)| {
        html! { <span class="pair"><b>{ &**key }</b>{ " " }{ &**value }</span> }
    });
    pairs.collect()
}
