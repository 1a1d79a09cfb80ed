//! How a server changes roles (the paper's figure 4): where it is, the way that it came, and why.

use raft_playground::details::{Move, RoleDiagram, Stage};
use raft_playground::scene::Role;
use raft_playground::session::Action;
use raft_playground::text::{Lang, Message as Text, ServerWords as Words};
use yew::prelude::*;

/// From the middle of a stage to the next, in the units of the picture.
const STEP: usize = 124;
const HALF_WIDTH: usize = 50;
/// How long the way is by which a server that starts becomes a follower.
const START: usize = 22;
/// The middle of the stages, and half of their height.
const Y: usize = 42;
const HALF_HEIGHT: usize = 16;

/// The diagram, and its sentence.
pub(crate) fn view(diagram: &RoleDiagram, lang: Lang, on_action: &Callback<Action>) -> Html {
    let RoleDiagram { stages, now, last } = diagram;
    let x = |place: usize| START + place * STEP + HALF_WIDTH + 4;
    let width = x(stages.len() - 1) + HALF_WIDTH + 4;
    let taken = last.map(|last| (last.from, last.to));
    let way = |from: Option<Stage>, to: Stage, line: String, head: String| {
        let class = classes!("way", (taken == Some((from, Some(to)))).then_some("lit"));
        html! { <g {class}><path d={line} /><path class="head" d={head} /></g> }
    };
    let (top, bottom) = (Y - HALF_HEIGHT, Y + HALF_HEIGHT);
    let forth = stages.windows(2).enumerate().map(|(place, pair)| {
        let (from, to) = (x(place) + HALF_WIDTH, x(place + 1) - HALF_WIDTH);
        let head = format!("M{to} {Y}l-8 -4v8z");
        way(Some(pair[0]), pair[1], format!("M{from} {Y}H{}", to - 6), head)
    });
    let start = {
        let to = x(0) - HALF_WIDTH;
        let head = format!("M{to} {Y}l-8 -4v8z");
        way(None, Stage::Follower, format!("M4 {Y}H{}", to - 6), head)
    };
    // Told to stand, a server passes over what lies between: that way is there only when it has been taken.
    let places = |last: Move| {
        let place = |stage: Stage| stages.iter().position(|it| *it == stage);
        Some((place(last.from?)?, place(last.to?)?))
    };
    let over = last
        .and_then(places)
        .filter(|(from, to)| to > &(from + 1))
        .map(|(from, to)| {
            let (start, end) = (x(from) + HALF_WIDTH / 2, x(to) - HALF_WIDTH / 2);
            let line = format!(
                "M{start} {top}Q{start} 6 {} 6H{}Q{end} 6 {end} {}",
                start + 12,
                end - 12,
                top - 6
            );
            way(Some(stages[from]), stages[to], line, format!("M{end} {top}l-4 -8h8z"))
        });
    // Every stage leads back to the first, each by a wider bow.
    let back = stages.iter().enumerate().skip(1).map(|(place, &stage)| {
        let (from, to) = (x(place), x(0) - 22 + 14 * place);
        let (low, end) = (bottom + 12 + 16 * place, bottom + 6);
        let line = format!(
            "M{from} {bottom}V{}Q{from} {low} {} {low}H{}Q{to} {low} {to} {}V{end}",
            low - 8,
            from - 8,
            to + 8,
            low - 8
        );
        way(Some(stage), Stage::Follower, line, format!("M{to} {bottom}l-4 8h8z"))
    });
    let again = stages
        .iter()
        .enumerate()
        .filter(|(_, stage)| matches!(stage, Stage::PreCandidate | Stage::Candidate))
        .map(|(place, &stage)| {
            let (from, to) = (x(place) - 12, x(place) + 12);
            let line = format!("M{from} {top}C{from} 4 {to} 4 {to} {}", top - 6);
            way(Some(stage), stage, line, format!("M{to} {top}l-4 -8h8z"))
        });
    let boxes = stages.iter().enumerate().map(|(place, &stage)| {
        let class = classes!("stage-box", class(stage), (*now == Some(stage)).then_some("now"));
        html! {
            <g {class}>
                <rect x={(x(place) - HALF_WIDTH).to_string()} y={top.to_string()} rx="9"
                    width={(2 * HALF_WIDTH).to_string()} height={(2 * HALF_HEIGHT).to_string()} />
                <text x={x(place).to_string()} y={Y.to_string()}>{ name(stage, lang) }</text>
            </g>
        }
    });
    let height = bottom + 14 + 16 * (stages.len() - 1);
    let is_now = now.map_or_else(|| Text::RoleName(Role::Crashed).text(lang), |now| name(now, lang));
    html! {
        <div class="role-diagram">
            <svg viewBox={format!("0 0 {width} {height}")} role="img" aria-label={[Words::DiagramAria.text(lang), is_now].join(": ")}>
                { start }
                { for back }
                { for over }
                { for again }
                { for forth }
                { for boxes }
            </svg>
            { sentence(last.as_ref(), lang, on_action) }
        </div>
    }
}

fn sentence(last: Option<&Move>, lang: Lang, on_action: &Callback<Action>) -> Html {
    let Some(last) = last else {
        return html! { <p>{ Words::NoTransition.text(lang) }</p> };
    };
    let event = last.event;
    let on_click = on_action.reform(move |_: MouseEvent| Action::GoToEvent { event });
    html! {
        <p>
            <button class="when" onclick={on_click}>{ Text::Time { us: last.at_us }.text(lang) }</button>
            { " " }{ last.why.text(lang) }
            if let Some(section) = last.section { <span class="section">{ " " }{ Text::Section(section).text(lang) }</span> }
        </p>
    }
}

fn name(stage: Stage, lang: Lang) -> String {
    Text::RoleWord(match stage {
        Stage::Waiting => return Words::Waiting.text(lang),
        Stage::Follower => Role::Follower,
        Stage::PreCandidate => Role::PreCandidate,
        Stage::Candidate => Role::Candidate,
        Stage::Leader => Role::Leader,
    })
    .text(lang)
}

fn class(stage: Stage) -> &'static str {
    match stage {
        Stage::Follower | Stage::Waiting => "follower",
        Stage::PreCandidate => "pre-candidate",
        Stage::Candidate => "candidate",
        Stage::Leader => "leader",
    }
}
