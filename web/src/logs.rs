//! The log table: a row for each server, a column for each index, and the key-value map that came of it.

use std::cell::Cell;
use std::rc::Rc;

use raft_playground::layout;
use raft_playground::palette::term_class;
use raft_playground::scene::{LogEntry, LogRow, Role, Selection, Server, Title};
use raft_playground::session::Action;
use raft_playground::text::{Lang, LogsWords as Words, Message as Text};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ShadowRoot};
use yew::prelude::*;

use crate::memo::{Memo, Part};
use crate::server::role_class;
use crate::shown::Shown;

/// What the table scrolls in.
pub(crate) const SCROLLER: &str = ".logs .scroller";
/// The table has this many columns even for empty logs, so that it does not start as a stump.
const COLUMNS_MIN: u64 = 4;
/// Columns are drawn in steps of so many, and at least one step beyond what can be seen.
const STEP: i32 = 4;
/// So many are drawn at the end beyond what can be seen: so far back the reader still stands at the end.
const SPARE_AT_END: i32 = 2;
/// Longer labels make the columns wide, and what does not fit then is clipped.
const LABEL_LEN_MAX: usize = 4;
/// What surely fits into a wide column on a phone, in em. Only longer labels are ready to be cut.
const LABEL_EMS_MAX: f64 = 4.4;
/// So many of the last labels of each log are looked at for that.
const LABELS_MEASURED: usize = 100;
/// So many pairs of a key-value map are shown at most, in two lines: a row keeps its height whatever is written.
const PAIRS_MAX: usize = 8;
/// And so many on a phone, where the logs need the room.
const PAIRS_FEW: usize = 2;
/// So wide may they be, in em, and those on a phone, which stand in one column.
const PAIRS_EMS_MAX: f64 = 16.0;
const PAIRS_FEW_EMS_MAX: f64 = 7.0;
/// After each column of pairs, and for how many there are more.
const GAP_EMS: f64 = 0.8;
const MORE_EMS: f64 = 2.0;

/// Which columns are drawn: those that can be seen and a few on both sides, so that no log is too long.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Window {
    /// Whether the reader is at the end, and stays there when columns come.
    pub(crate) at_end: bool,
    /// How many columns are left out before it; zero at the end.
    before: u64,
    /// How many are drawn.
    count: u64,
    /// How many there are from the first in sight to the end, if the reader is there.
    seen: u64,
    /// How many are out of sight before it, if not.
    hidden: u64,
}

impl Window {
    /// Before anything has been measured: enough for a wide screen.
    pub(crate) const START: Window = Window {
        at_end: true,
        before: 0,
        count: 40,
        seen: 40,
        hidden: 0,
    };

    /// What can be seen in the table, as wide and as far scrolled as it is now. Whoever has been at the end is there until
    /// they scroll back from where that was, however many columns have come: `end` is how far it was scrolled then.
    pub(crate) fn of(scroller: &Element, end: Option<i32>) -> Option<Window> {
        let column = scroller.query_selector("th.index").ok()??.client_width().max(1);
        let (left, width) = (scroller.scroll_left(), scroller.client_width());
        let beyond = scroller.scroll_width() - width - left;
        let is_near = beyond <= SPARE_AT_END * column;
        let at_end = is_near || end.is_some_and(|end| left >= end);
        // It goes on to the end as soon as what has come is drawn.
        let beyond = if is_near { beyond } else { 0 };
        let width_of = |selector| Some(scroller.query_selector(selector).ok()??.client_width());
        // To the end, from the heads on, which stand still as the maps do; the first perhaps in part.
        let after_heads = width + beyond - width_of(".corner")? - width_of("th.state")?;
        let seen = (after_heads + column - 1).max(0) / column;
        let (before, count) = if at_end {
            // Where most readers are, and a seek draws everything anew: only what is in sight, and a few to spare.
            (0, seen + SPARE_AT_END)
        } else {
            ((left / column / STEP - 1) * STEP, (width / column / STEP + 4) * STEP)
        };
        Some(Window {
            at_end,
            before: u64::try_from(before).unwrap_or(0),
            count: u64::try_from(count).unwrap_or(0),
            // Only one of them counts: the other would be news with each column that comes.
            seen: u64::try_from(seen).ok().filter(|_| at_end).unwrap_or(0),
            hidden: u64::try_from(left / column).ok().filter(|_| !at_end).unwrap_or(0),
        })
    }

    /// The columns that it shows of these logs, after those that were shown.
    pub(crate) fn columns(self, logs: &[LogRow], shown: &Cell<Shown>) -> Columns {
        let (first, last) = columns(logs);
        let most = (last + 1 - first).saturating_sub(self.count);
        let before = if self.at_end { most } else { self.before.min(most) };
        let from = first + before;
        let to = last.min(from + self.count - 1);
        Columns {
            before,
            from,
            to,
            after: last - to,
            seen_from: if self.at_end {
                (to + 1).saturating_sub(self.seen)
            } else {
                first + self.hidden
            },
            shown: Shown::go_on_in(shown, from, to + 1 - from),
        }
    }
}

/// The drawn part of a table: its first and last index, and how many columns are left out on both sides.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Columns {
    before: u64,
    from: u64,
    to: u64,
    after: u64,
    /// The first that is in sight.
    seen_from: u64,
    /// Which element shows which column.
    shown: Shown,
}

impl Columns {
    /// The last index of a log that ends before what is in sight.
    fn ends_before(&self, row: &LogRow) -> Option<u64> {
        Some(row.last_index()).filter(|&last| last > 0 && last < self.seen_from)
    }
}

#[derive(PartialEq)]
pub(crate) struct Props {
    pub(crate) logs: Rc<[LogRow]>,
    pub(crate) servers: Rc<[Server]>,
    pub(crate) selection: Selection,
    /// The index that is pointed at.
    pub(crate) pointed: Option<u64>,
    pub(crate) columns: Columns,
    pub(crate) at_end: bool,
    pub(crate) lang: Lang,
    pub(crate) on_action: Callback<Action>,
    pub(crate) on_scroll: Callback<Event>,
    pub(crate) on_point: Callback<Option<u64>>,
}

/// The panel with the table. It scrolls inside itself.
pub(crate) fn view(props: &Props) -> Html {
    let Props {
        logs,
        servers,
        selection,
        pointed,
        columns,
        at_end,
        lang,
        on_scroll,
        on_point,
        ..
    } = props;
    let selected = match selection {
        Selection::Server(server) | Selection::Entry { server, .. } => Some(*server),
        _ => None,
    };
    let asked = match selection {
        Selection::Entry { index, .. } => Some(*index),
        _ => None,
    };
    let columns = *columns;
    let mut entries = logs.iter().flat_map(|row| row.entries.latest(LABELS_MEASURED));
    let wide = entries.any(|entry| entry.label.len() > LABEL_LEN_MAX);
    html! {
        <section class="panel logs">
            <h2>{ Text::PanelLogs.text(*lang) }</h2>
            if !at_end {
                <button class="to-the-end" onclick={Callback::from(|click| leave_for_end(&click))}>{ Words::ToTheEnd.text(*lang) }<span aria-hidden="true">{ " ⇥" }</span></button>
            }
            <div class={classes!("scroller", wide.then_some("wide"))} tabindex="0" role="group"
                aria-label={Text::PanelLogs.text(*lang)} onscroll={on_scroll}
                onpointerover={on_point.reform(|event: PointerEvent| index_under(&event))}
                onpointerleave={on_point.reform(|_: PointerEvent| None)}
                onfocusin={on_point.reform(|event: FocusEvent| { bring_into_sight(&event); index_under(&event) })}
                onfocusout={on_point.reform(|_: FocusEvent| None)}>
                <table>
                    <thead>
                        <tr>
                            <td class="corner"></td>
                            { left_out(columns.before) }
                            <>{ for (columns.from..=columns.to).map(|index| html! { <th key={columns.shown.key(index)} class="index" scope="col">{ index }</th> }) }</>
                            { left_out(columns.after) }
                            <td class="filler"></td>
                            <th class="state" scope="col">{ Text::StateColumn.text(*lang) }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for logs.iter().zip(servers.iter()).map(|(row, server)| html! {
                            <Memo key={row.server} part={Part::LogRow(RowProps {
                                row: row.clone(),
                                role: server.role,
                                title: server.title(),
                                term: server.term,
                                // A row is not drawn anew for what it says in words.
                                columns: Columns { seen_from: 0, ..columns },
                                ends_before: columns.ends_before(row),
                                selected: selected == Some(row.server),
                                asked: asked.filter(|_| selected == Some(row.server)),
                                lit: pointed.or(asked),
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

/// The place of the columns that are not drawn. Its unit is the width of a column.
fn left_out(columns: u64) -> Html {
    html! { <td class="left-out"><svg width={format!("{columns}em")} height="1" aria-hidden="true" /></td> }
}

/// The index that a pointer or the focus is on.
fn index_under(event: &Event) -> Option<u64> {
    index_of(&event.target()?.dyn_into::<Element>().ok()?)
}

fn index_of(target: &Element) -> Option<u64> {
    let cell = target.closest("[data-index]").ok()??;
    cell.get_attribute("data-index")?.parse().ok()
}

/// Moves the focus from one entry to another, so many columns and rows on; rows that have none there are passed over.
pub(crate) fn focus_next(target: &Element, columns: i64, rows: i64) {
    let (Some(index), Ok(Some(mut row))) = (index_of(target), target.closest("tr")) else {
        return;
    };
    let selector = format!("[data-index='{}'] .entry", index.wrapping_add_signed(columns));
    loop {
        let next = match rows {
            0 => Some(row.clone()),
            1.. => row.next_element_sibling(),
            _ => row.previous_element_sibling(),
        };
        let Some(next) = next else { return };
        row = next;
        if let Ok(Some(entry)) = row.query_selector(&selector) {
            let _ = entry.unchecked_into::<HtmlElement>().focus();
            return;
        }
        if rows == 0 {
            return;
        }
    }
}

/// The entry that has the focus.
pub(crate) struct Focused {
    row: Element,
    index: u64,
}

impl Focused {
    pub(crate) fn in_(root: &Element) -> Option<Focused> {
        let shadow = root.get_root_node().dyn_into::<ShadowRoot>().ok()?;
        let active = shadow
            .active_element()
            .filter(|active| active.matches(".logs .entry").unwrap_or(false))?;
        Some(Focused {
            row: active.closest("tr").ok()??,
            index: index_of(&active)?,
        })
    }

    /// Other elements may show the entries by now. The focus stays with the entry, or in the table if that is out of sight.
    pub(crate) fn keep(self, root: &Element) {
        if Focused::in_(root).is_some_and(|now| now.row == self.row && now.index == self.index) {
            return;
        }
        let entry = self
            .row
            .query_selector(&format!("[data-index='{}'] .entry", self.index));
        let scroller = || root.query_selector(SCROLLER).ok().flatten();
        if let Some(to) = entry.ok().flatten().or_else(scroller) {
            focus_quietly(to);
        }
    }
}

fn focus_quietly(element: Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.unchecked_into::<HtmlElement>().focus_with_options(&options);
}

/// After columns have come: goes on to the end of the table.
pub(crate) fn go_to_end(scroller: &Element) {
    scroller.set_scroll_left(scroller.scroll_width());
}

/// Goes to the end; once it is there [`leave_button`] sees to the focus.
fn leave_for_end(click: &MouseEvent) {
    let target = click.target().and_then(|target| target.dyn_into::<Element>().ok());
    let panel = target.and_then(|target| target.closest(".logs").ok().flatten());
    if let Some(Ok(Some(scroller))) = panel.map(|panel| panel.query_selector(".scroller")) {
        go_to_end(&scroller);
    }
}

/// At the end the button goes: whoever is on it is in the table then.
pub(crate) fn leave_button(root: &Element) {
    let found = |selector| root.query_selector(selector).ok().flatten();
    if let (Some(_), Some(scroller)) = (found(".to-the-end:focus"), found(SCROLLER)) {
        focus_quietly(scroller);
    }
}

/// Out from under the cells that lie over both ends of the table.
fn bring_into_sight(event: &FocusEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // What is pressed stays under the pointer.
    let entry = target.filter(|target| target.matches(".entry:focus-visible").unwrap_or(false));
    let Some((entry, scroller)) =
        entry.and_then(|entry| Some((entry.closest("td").ok()??, entry.closest(".scroller").ok()??)))
    else {
        return;
    };
    let edge = |selector| {
        let cell = scroller.query_selector(selector).ok().flatten();
        cell.map(|cell| cell.get_bounding_client_rect())
    };
    let (Some(head), Some(state)) = (edge(".corner"), edge("th.state")) else {
        return;
    };
    let entry = entry.get_bounding_client_rect();
    let (before, beyond) = (head.right() - entry.left(), entry.right() - state.left());
    let by = if beyond > 0.0 { beyond } else { -before.max(0.0) };
    scroller.set_scroll_left(scroller.scroll_left() + by as i32);
}

/// The first and the last index that has a column: one beyond the longest log, where the next entry will come.
pub(crate) fn columns(logs: &[LogRow]) -> (u64, u64) {
    // A snapshot has a column at least: that of the last index in it.
    let begins = |row: &LogRow| row.first_index - u64::from(row.snapshot_term.is_some());
    let first = logs.iter().map(begins).min().unwrap_or(1);
    let last = logs.iter().map(|row| row.last_index() + 1).max().unwrap_or(1);
    (first, last.max(first + COLUMNS_MIN - 1))
}

#[derive(PartialEq)]
pub(crate) struct RowProps {
    row: LogRow,
    role: Role,
    title: Title,
    term: u64,
    columns: Columns,
    /// Its last index, if that is out of sight.
    ends_before: Option<u64>,
    selected: bool,
    /// The index whose entry is selected in this row.
    asked: Option<u64>,
    /// The index that is lit in every row.
    lit: Option<u64>,
    lang: Lang,
    on_action: Callback<Action>,
}

/// A row of the table.
pub(crate) fn row(props: &RowProps) -> Html {
    let RowProps {
        row,
        role,
        title,
        term,
        columns,
        selected,
        lang,
        on_action,
        ..
    } = props;
    let server = row.server;
    let on_select = on_action.reform(move |_: MouseEvent| Action::Select(Selection::Server(server)));
    let class = classes!(role_class(*role), selected.then_some("selected"));
    let heard = Text::LogAria {
        entries: row.last_index(),
        committed: row.commit_index,
    };
    let (name, title) = (Text::ServerName(server).text(*lang), title.text(*lang));
    let mut label = [&*name, " ", &title, ". ", &heard.text(*lang)].concat();
    if let Some(progress) = progress(row) {
        label = [&*label, ". ", &progress.text(*lang)].concat();
    }
    html! {
        <tr {class}>
            <th class={classes!("who", term_class(*term))} scope="row" aria-label={label} onclick={on_select.clone()}>
                <span class="name">{ name }</span>
                <span class="role">{ title }</span>
                // Where those ahead are seen it would look empty.
                if let Some(last) = props.ends_before {
                    <span class="ends">{ "← " }{ Words::EndsAt(last).text(*lang) }</span>
                }
            </th>
            <td class="left-out"></td>
            { snapshot(props) }
            // A list of its own, so that its cells are known by their keys: as columns come at the end and go at the beginning,
            // those between stay what they are, and none is made anew.
            <>{ for (columns.from.max(row.first_index)..=columns.to).map(|index| cell(props, index)) }</>
            <td class="left-out"></td>
            <td class="filler"></td>
            // The server's details show all of it.
            <td class="state" onclick={on_select}>{ state(row, *lang) }</td>
        </tr>
    }
}

/// What the leader knows of the server.
fn progress(row: &LogRow) -> Option<Text> {
    row.progress.map(|progress| Text::ProgressAria {
        server: row.server,
        next_index: progress.next_index,
        match_index: progress.match_index,
    })
}

/// The place of an index in a row, with what stands there and what is known of it.
fn cell(props: &RowProps, index: u64) -> Html {
    let (row, lang) = (&props.row, props.lang);
    let place = index
        .checked_sub(row.first_index)
        .and_then(|place| usize::try_from(place).ok());
    let entry = place.and_then(|place| row.entries.get(place));
    let marks = marks(row, index, lang);
    let class = classes!(
        "entry-cell",
        (props.lit == Some(index)).then_some("lit"),
        is_in_snapshot(row, index).then_some("in-snapshot"),
        marks.as_ref().map(|_| "marked")
    );
    html! {
        <td key={props.columns.shown.key(index)} {class} data-index={index.to_string()}>
            if let Some(entry) = entry { { entry_button(&entry, index, props) } }
            { marks }
        </td>
    }
}

/// The place of what has been compacted, as far as its columns are drawn: a block.
fn snapshot(props: &RowProps) -> Html {
    let (row, Columns { from, to, .. }, lang) = (&props.row, props.columns, props.lang);
    let last = row.first_index - 1;
    let (Some(term), true) = (row.snapshot_term, from <= last) else {
        return Html::default();
    };
    let drawn = to.min(last);
    let title = Words::SnapshotOf(last, term).text(lang);
    html! {
        <td key={0} class="entry-cell compacted marked" colspan={(drawn + 1 - from).to_string()}>
            <span class={classes!("entry", "snapshot", "committed", term_class(term))} role="img" aria-label={title.clone()} {title}>
                <b>{ "1–" }{ last }</b>
                <small>{ Words::Snapshot.text(lang) }</small>
            </span>
            if drawn == last { { marks(row, last, lang) } }
        </td>
    }
}

/// What is known of an index in a row: how far it is applied, and what the leader has of it.
fn marks(row: &LogRow, index: u64, lang: Lang) -> Option<Html> {
    let progress = row.progress.as_ref();
    let applied = index == row.commit_index && index <= row.last_index() && !row.crashed;
    // The dot stands on the border behind the entry that matches; if none does, before the first.
    let matches = progress.is_some_and(|progress| progress.match_index == index);
    let matches_none = progress.is_some_and(|progress| progress.match_index == 0) && index == 1;
    let next = progress.is_some_and(|progress| progress.next_index == index);
    if !(applied || matches || matches_none || next) {
        return None;
    }
    // For the ear it stands at the head of the row.
    let title = || self::progress(row).map(|progress| progress.text(lang));
    Some(html! {
        <>
            if applied { <span class="applied-bar"></span> }
            if matches || matches_none {
                <svg class={classes!("match", matches_none.then_some("none"))} viewBox="0 0 10 10" aria-hidden="true">
                    <title>{ title() }</title>
                    <circle class="match-dot" cx="5" cy="5" r="4.2" />
                </svg>
            }
            if next {
                <svg class="next" viewBox="0 0 12 10" aria-hidden="true">
                    <title>{ title() }</title>
                    <path class="next-mark" d="M6 1L10.8 9H1.2Z" />
                </svg>
            }
        </>
    })
}

/// Whether the snapshot covers an entry that the log has all the same.
fn is_in_snapshot(row: &LogRow, index: u64) -> bool {
    (row.first_index..=row.snapshot_index).contains(&index)
}

fn entry_button(entry: &LogEntry, index: u64, props: &RowProps) -> Html {
    let (row, lang) = (&props.row, props.lang);
    let (server, crashed) = (row.server, row.crashed);
    let LogEntry {
        term,
        label,
        committed,
        durable,
    } = entry;
    let differs = row.differs(index);
    let class = classes!(
        "entry",
        term_class(*term),
        if *committed { "committed" } else { "uncommitted" },
        (!durable).then_some("not-durable"),
        differs.then_some("differs"),
        (props.asked == Some(index)).then_some("asked")
    );
    // One stop a log: the selected entry, or else the last. Its details lead to the others.
    let is_stop = props.asked.map_or(index == row.last_index(), |asked| asked == index);
    let on_click = props
        .on_action
        .reform(move |_: MouseEvent| Action::Select(Selection::Entry { server, index }));
    let (term, entry) = (*term, entry.entries());
    let title = if crashed {
        Text::EntryOnDisk { index, term, entry }
    } else {
        Text::EntryAria {
            index,
            term,
            entry,
            committed: *committed,
            durable: *durable,
        }
    };
    let mut title = title.text(lang);
    if differs {
        title = title + " " + &Words::Differs.text(lang);
    }
    if is_in_snapshot(row, index) {
        title = title + " " + &Words::InSnapshotToo.text(lang);
    }
    html! {
        <button {class} tabindex={if is_stop { "0" } else { "-1" }} aria-label={title.clone()} {title} onclick={on_click}>
            <b class={classes!((layout::ems(label) > LABEL_EMS_MAX).then_some("long"))}>{ &**label }</b>
            <small>{ Text::Term(term).text(lang) }</small>
        </button>
    }
}

fn state(row: &LogRow, lang: Lang) -> Html {
    if row.crashed {
        return html! { <span class="lost">{ Text::StateLost.text(lang) }</span> };
    }
    if row.state.is_empty() {
        return html! { <span class="empty">{ Text::StateEmpty.text(lang) }</span> };
    }
    let told = |(key, value): &(Rc<str>, Rc<str>)| format!("{key} {value}");
    let fits = |&shown: &usize| fit(&row.state, shown, PAIRS_EMS_MAX);
    let many = (1..=PAIRS_MAX / 2).rev().map(|columns| 2 * columns).find(fits);
    let is_long = many.is_none();
    let is_long_for_few = !fit(&row.state, PAIRS_FEW, PAIRS_FEW_EMS_MAX);
    let many = many.unwrap_or(2);
    // Which of both is shown is for the style to say.
    let more = |class: &'static str, shown: usize| {
        let more = row.state.get(shown..).filter(|more| !more.is_empty())?;
        let title = more.iter().map(told).collect::<Vec<_>>().join(", ");
        let class = classes!("more", class);
        Some(html! { <span {class} role="img" {title}>{ format!("+{}", more.len()) }</span> })
    };
    html! {
        <div class={classes!("pairs", is_long.then_some("long"), is_long_for_few.then_some("long-for-few"))}>
            { for row.state.iter().take(many).map(|pair| self::pair(row, pair, told(pair), lang)) }
            { more("than-few", many.min(PAIRS_FEW)) }
            { more("than-many", many) }
        </div>
    }
}

/// Whether so many pairs surely fit into a width in em.
fn fit(pairs: &[(Rc<str>, Rc<str>)], shown: usize, ems_max: f64) -> bool {
    let ems = |(key, value): &(Rc<str>, Rc<str>)| layout::ems(key) + layout::ems(" ") + layout::ems(value);
    let shown = pairs.get(..shown).unwrap_or(pairs);
    let columns = shown
        .chunks(2)
        .map(|column| column.iter().map(ems).fold(0.0, f64::max) + GAP_EMS);
    let more = if shown.len() < pairs.len() { MORE_EMS } else { 0.0 };
    columns.sum::<f64>() + more <= ems_max
}

/// A key and its value; one that the leader does not have so stands out.
fn pair(row: &LogRow, (key, value): &(Rc<str>, Rc<str>), told: String, lang: Lang) -> Html {
    let differs = row.differing_keys.contains(key).then(|| Words::ValueDiffers.text(lang));
    let title = match &differs {
        Some(differs) => [&told, ": ", differs].concat(),
        None => told,
    };
    html! {
        <span class={classes!("pair", differs.is_some().then_some("differs"))} {title}>
            <b>{ &**key }</b>{ " " }<span class="value">{ &**value }</span>
            if let Some(differs) = differs { <span class="unseen">{ " (" }{ differs }{ ")" }</span> }
        </span>
    }
}
