//! What is done to the cluster from outside.

use std::sync::Arc;

use raft_core::{Candidate, Change, Configuration, Input, NodeId, PreCandidate, Refusal, Role, Rule, Settings};

use super::World;
use crate::agenda::{Due, InFlight, Parcel};
use crate::client::Wish;
use crate::command::{Command, Links};
use crate::network::draw_latency;
use crate::{Config, DiskConfig, EventId, EventKind, MessageId, NetworkConfig, Observer, Server, kv};

impl World {
    /// Does something to the cluster, now. It counts as a step.
    pub fn command(&mut self, command: &Command, observer: &mut dyn Observer) {
        self.begin_step(self.now);
        let head = self.tell(None, command.server(), EventKind::Commanded(command.clone()), observer);
        match command {
            Command::Crash { server } => self.crash(*server, head, observer),
            Command::Restart { server } => self.restart(*server, head, observer),
            Command::Pause { server } => self.pause(*server, head, observer),
            Command::Resume { server } => self.resume(*server, head, observer),
            Command::SetDrift { server, ppm } => self.set_drift(*server, *ppm, head),
            Command::TimeOut { server } => self.time_out(*server, head),
            Command::SetDisk { server, disk } => self.set_disk(*server, disk),
            Command::StallDisk { server } => {
                if let Some(place) = self.place(*server) {
                    self.servers[place].disk.stall();
                }
            }
            Command::UnstallDisk { server } => self.unstall_disk(*server),
            Command::TakeSnapshot { server } => {
                if let Some(place) = self.place(*server).filter(|&place| self.servers[place].is_active()) {
                    self.take_snapshot(place, head, observer);
                }
            }
            Command::Cut { from, to } => self.cut([(*from, *to)], head, observer),
            Command::Heal { from, to } => self.network.heal(*from, *to),
            Command::Partition { groups } => self.partition(groups, head, observer),
            Command::HealAll => self.network.heal_all(),
            Command::SetLatency { on, us_min, us_max } if us_min <= us_max => {
                self.set_links(*on, |link| {
                    (link.latency_us_min, link.latency_us_max) = (*us_min, *us_max);
                });
            }
            Command::SetLatency { .. } => (),
            Command::SetLoss { on, ppm } => self.set_links(*on, |link| link.loss_ppm = *ppm.min(&Config::PPM_MAX)),
            Command::SetDuplication { on, ppm } => {
                self.set_links(*on, |link| link.duplication_ppm = *ppm.min(&Config::PPM_MAX));
            }
            Command::SetReordering { on, ppm } => {
                self.set_links(*on, |link| link.reordering_ppm = *ppm.min(&Config::PPM_MAX));
            }
            Command::Drop { message } => self.lose(|in_flight| in_flight.id == *message, head, observer),
            Command::Delay { message, by_us } => self.delay(*message, *by_us),
            Command::Duplicate { message } => self.duplicate_in_flight(*message, head, observer),
            Command::Ask { client, to, operation } => {
                let wish = Wish {
                    to: *to,
                    operation: operation.clone(),
                    because: head,
                };
                self.ask(*client, wish, observer);
            }
            Command::ChangeMembers { change } => self.change_members(change, head, observer),
            Command::TransferLeadership { to } => {
                self.tell_leader(Input::TransferLeadership { to: *to }, head, observer);
            }
            Command::SetRule { rule, on } => self.set_rule(*rule, *on),
            Command::SetSettings(settings) => self.set_settings(settings),
        }
        // What clients want disturbs nobody.
        if !matches!(command, Command::Ask { .. }) {
            self.note_health();
        }
        self.check_liveness(observer);
    }

    fn crash(&mut self, server: NodeId, head: EventId, observer: &mut dyn Observer) {
        let Some(place) = self.place(server) else { return };
        if let Some(running) = &mut self.servers[place].running {
            let unheard = running.backlog.take().unwrap_or_default();
            let crash = self.servers[place].stop(self.now);
            let kind = EventKind::Crashed {
                kept: crash.kept,
                had: crash.had,
                on_disk: crash.on_disk,
                lost_term: crash.lost_term,
                lost_vote: crash.lost_vote,
            };
            let crashed = self.tell(Some(head), Some(server), kind, observer);
            // What had come while it was paused is for nobody now.
            for due in unheard {
                if let Due::Arrival(message) = Arc::unwrap_or_clone(due) {
                    let sent_by = crashed;
                    self.arrive(InFlight { sent_by, ..message }, observer);
                }
            }
        }
    }

    fn restart(&mut self, server: NodeId, head: EventId, observer: &mut dyn Observer) {
        let Some(place) = self.place(server) else { return };
        if self.servers[place].running.is_none() {
            self.start_server(place, Some(head), observer);
        }
    }

    fn pause(&mut self, server: NodeId, head: EventId, observer: &mut dyn Observer) {
        let Some(place) = self.place(server) else { return };
        if let Some(running) = &mut self.servers[place].running
            && running.backlog.is_none()
        {
            running.backlog = Some(Vec::new());
            self.tell(Some(head), Some(server), EventKind::Paused, observer);
        }
    }

    /// What has come in the meantime is looked at now, in its order; then timers that have run out.
    fn resume(&mut self, server: NodeId, head: EventId, observer: &mut dyn Observer) {
        let Some(place) = self.place(server) else { return };
        let running = self.servers[place].running.as_mut();
        if let Some(backlog) = running.and_then(|running| running.backlog.take()) {
            self.tell(Some(head), Some(server), EventKind::Resumed, observer);
            for due in backlog {
                self.agenda.enter(self.now, Arc::unwrap_or_clone(due));
            }
        }
    }

    fn set_drift(&mut self, server: NodeId, ppm: i64, head: EventId) {
        let Some(place) = self.place(server) else { return };
        self.servers[place].clock.set_drift(self.now, ppm);
        self.set_wake(place, head);
    }

    fn time_out(&mut self, server: NodeId, head: EventId) {
        let Some(place) = self.place(server) else { return };
        let server = &mut self.servers[place];
        let deadline = server.node().and_then(|node| match node.role() {
            // Before it, it would ask once more, and stand for the same term still.
            Role::PreCandidate(PreCandidate { election_timer, .. })
            | Role::Candidate(Candidate { election_timer, .. }) => Some(election_timer.deadline),
            Role::Follower(_) | Role::Leader(_) => node.next_deadline(),
        });
        if let Some(deadline) = deadline {
            server.clock.jump(self.now, deadline);
            self.set_wake(place, head);
        }
    }

    fn set_disk(&mut self, server: Option<NodeId>, disk: &DiskConfig) {
        if disk.write_us_min > disk.write_us_max {
            return;
        }
        if server.is_none() {
            self.disk = disk.clone();
        }
        let is_meant = |machine: &&mut Server| server.is_none_or(|server| server == machine.id());
        for machine in self.servers.iter_mut().filter(is_meant) {
            machine.disk.config = disk.clone();
        }
    }

    fn unstall_disk(&mut self, server: NodeId) {
        let Some(place) = self.place(server) else { return };
        for due in self.servers[place].disk.unstall() {
            self.agenda.enter(self.now, due);
        }
    }

    /// Cuts links. A cable that is cut takes what is in it.
    fn cut(&mut self, ways: impl IntoIterator<Item = (NodeId, NodeId)>, head: EventId, observer: &mut dyn Observer) {
        for (from, to) in ways {
            if from != to && self.place(from).is_some() && self.place(to).is_some() {
                self.network.cut(from, to);
                let is_in_it = |in_flight: &InFlight| match &in_flight.parcel {
                    Parcel::Raft(message) => (message.from, message.to) == (from, to),
                    Parcel::Request(_) | Parcel::Reply(_) => false,
                };
                self.lose(is_in_it, head, observer);
            }
        }
    }

    fn partition(&mut self, groups: &[Vec<NodeId>], head: EventId, observer: &mut dyn Observer) {
        self.network.heal_all();
        self.network.set_groups(Some(groups));
        let ids: Vec<NodeId> = self.servers.iter().map(Server::id).collect();
        let ways = ids.iter().flat_map(|&a| ids.iter().map(move |&b| (a, b)));
        let apart: Vec<_> = ways.filter(|&(a, b)| self.network.are_apart(a, b)).collect();
        self.cut(apart, head, observer);
    }

    fn set_links(&mut self, on: Links, change: impl Fn(&mut NetworkConfig)) {
        let exists = |id| self.place(id).is_some();
        if let Links::One { from, to } = on
            && !(from != to && exists(from) && exists(to))
        {
            return;
        }
        self.network.set(on, change);
    }

    /// Messages on their way are lost where they are.
    fn lose(&mut self, is_meant: impl Fn(&InFlight) -> bool, head: EventId, observer: &mut dyn Observer) {
        for lost in self.agenda.take_in_flight(is_meant) {
            self.arrive(
                InFlight {
                    lost: true,
                    sent_by: head,
                    ..lost
                },
                observer,
            );
        }
    }

    fn delay(&mut self, message: MessageId, by_us: u64) {
        for late in self.agenda.take_in_flight(|in_flight| in_flight.id == message) {
            self.enter_in_flight(InFlight {
                arrives_at: late.arrives_at.after_us(by_us),
                ..late
            });
        }
    }

    fn duplicate_in_flight(&mut self, message: MessageId, head: EventId, observer: &mut dyn Observer) {
        let Some(of) = self.in_flight().find(|in_flight| in_flight.id == message).cloned() else {
            return;
        };
        let link = match &of.parcel {
            Parcel::Raft(message) => self.network.link(message.from, message.to),
            Parcel::Request(_) | Parcel::Reply(_) => self.network.all(),
        };
        let takes_us = draw_latency(link, &mut self.random);
        let lost = match &of.parcel {
            Parcel::Raft(message) => self.network.is_cut(message.from, message.to),
            Parcel::Request(_) | Parcel::Reply(_) => false,
        };
        self.duplicate(&of, takes_us, lost, head, observer);
    }

    /// Servers that are named for the first time are set up, and those with lower numbers too, so that there is no gap:
    /// they wait, with an empty disk, for a leader to tell them all.
    fn change_members(&mut self, change: &Change, head: EventId, observer: &mut dyn Observer) {
        let named: Vec<NodeId> = match change {
            Change::AddVoter(id) | Change::AddLearner(id) | Change::Remove(id) => vec![*id],
            Change::Replace(configuration) => configuration.members().collect(),
        };
        if named.iter().any(|id| !(1..=Config::SERVERS_MAX).contains(&id.0)) {
            return;
        }
        if self.leader().is_some() && !matches!(change, Change::Remove(_)) {
            let last = named.iter().map(|id| id.0).max().unwrap_or(0);
            for id in self.servers.len() as u64 + 1..=last {
                self.set_up(NodeId(id), head, observer);
            }
        }
        self.tell_leader(Input::ChangeMembers(change.clone()), head, observer);
    }

    fn set_up(&mut self, id: NodeId, head: EventId, observer: &mut dyn Observer) {
        let disk = self.disk.clone();
        self.servers.push(Server::new(id, Configuration::default(), disk));
        for other in self.servers.iter().map(Server::id) {
            if self.network.are_apart(id, other) {
                self.network.cut(id, other);
                self.network.cut(other, id);
            }
        }
        self.start_server(self.servers.len() - 1, Some(head), observer);
    }

    /// Whoever leads is told something by whoever runs the cluster.
    fn tell_leader(&mut self, input: Input<kv::Command>, head: EventId, observer: &mut dyn Observer) {
        let active = |place: &usize| self.servers[*place].is_active();
        match self.leader().and_then(|leader| self.place(leader)).filter(active) {
            Some(place) => self.run(place, Some(input), head, observer),
            None => {
                let why = Refusal::NotLeader { leader: None };
                self.tell(Some(head), None, EventKind::Refused { why }, observer);
            }
        }
    }

    fn set_rule(&mut self, rule: Rule, on: bool) {
        let rules = if on {
            self.raft.rules.with(rule)
        } else {
            self.raft.rules.without(rule)
        };
        self.set_settings(&Settings {
            rules,
            ..(*self.raft).clone()
        });
    }

    fn set_settings(&mut self, settings: &Settings) {
        if settings.check().is_err() {
            return;
        }
        // What has been said without a rule stays in logs and on the way.
        let is_broken = [self.raft.rules, settings.rules]
            .iter()
            .any(|rules| !rules.keep_messages_sound());
        let rules = if is_broken {
            settings.rules.in_a_broken_cluster()
        } else {
            settings.rules
        };
        self.raft = Arc::new(Settings {
            rules,
            ..settings.clone()
        });
        for place in 0..self.servers.len() {
            let server = &mut self.servers[place];
            let now = server.clock.shows_at(self.now);
            if let Some(running) = &mut server.running {
                let changed = running.node.change_settings(now, (*self.raft).clone());
                changed.expect("the settings have been checked");
                let cause = EventId(self.events);
                self.set_wake(place, cause);
            }
        }
    }
}
