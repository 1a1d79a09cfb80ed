//! What was done to the cluster, put into words.

use std::sync::Arc;

use raft_core::{NodeId, Settings};
use raft_sim::{Command, DiskConfig, Links};

use super::{Telling, Told};
use crate::cluster::Switch;
use crate::label;
use crate::scene::Who;
use crate::text::{Message, NetworkSetting};

impl Telling<'_> {
    /// What was done to the cluster, unless an event of its own tells of it.
    pub(super) fn commanded(&self, command: &Command) -> Option<Told> {
        let world = self.timeline.world();
        let exists = |server: NodeId| world.server(server).map(|_| server.0);
        let of_server = |server: u64, what, why| Some((Who::Server(server), what, Some(why), None));
        match command {
            Command::TimeOut { server } => {
                let server = world.server(*server)?.node()?.id().0;
                of_server(server, Message::TimesOut(server), Message::BecauseClockJumped)
            }
            Command::SetDrift { server, .. } => {
                let drift_ppm = world.server(*server)?.clock().drift_ppm();
                let server = server.0;
                of_server(
                    server,
                    Message::Drifts { server, ppm: drift_ppm },
                    Message::BecauseClocksDrift,
                )
            }
            Command::SetDisk { server, disk } => self.disk_set(*server, disk),
            Command::StallDisk { server } => {
                let server = exists(*server)?;
                of_server(server, Message::DiskStalled(server), Message::BecausePromisesWait)
            }
            Command::UnstallDisk { server } => {
                let server = exists(*server)?;
                Some((Who::Server(server), Message::DiskGoesOn(server), None, None))
            }
            Command::Cut { from, to } if from != to => {
                let (server, to) = (exists(*from)?, exists(*to)?);
                of_server(server, Message::CannotReach { server, to }, Message::BecauseCut)
            }
            Command::Heal { from, to } if from != to => {
                let (server, to) = (exists(*from)?, exists(*to)?);
                Some((Who::Server(server), Message::ReachesAgain { server, to }, None, None))
            }
            Command::Cut { .. } | Command::Heal { .. } => None,
            Command::Partition { groups } => {
                let what = Message::Partitioned(label::groups(groups));
                Some((Who::Cluster, what, Some(Message::BecausePartitioned), None))
            }
            Command::HealAll => Some((Who::Cluster, Message::HealedAll, None, None)),
            Command::SetLatency { on, us_min, us_max } if us_min <= us_max => {
                let (us_min, us_max) = (*us_min, *us_max);
                self.network_set(*on, NetworkSetting::Latency { us_min, us_max })
            }
            Command::SetLatency { .. } => None,
            Command::SetLoss { on, ppm } => self.network_set(*on, NetworkSetting::Loss { ppm: *ppm }),
            Command::SetDuplication { on, ppm } => self.network_set(*on, NetworkSetting::Duplication { ppm: *ppm }),
            Command::SetReordering { on, ppm } => self.network_set(*on, NetworkSetting::Reordering { ppm: *ppm }),
            Command::Delay { message, by_us } => {
                let (from, to) = self.ends(*message)?;
                let by_us = *by_us;
                let what = Message::Delayed { from, to, by_us };
                Some((from, what, Some(Message::BecauseNetworkDelays), None))
            }
            Command::Ask { client, operation, .. } => self.waits_to_ask(*client, operation),
            Command::SetRule { rule, on } => {
                let what = Message::RuleSet { rule: *rule, on: *on };
                let why = (!on).then_some(Message::BecauseBrokenOnPurpose);
                Some((Who::Cluster, what, why, None))
            }
            Command::SetSettings(settings) => {
                let what = self.switched(settings).unwrap_or(Message::SettingsChanged);
                settings.check().is_ok().then_some((Who::Cluster, what, None, None))
            }
            // What these bring is told, or that it was refused.
            Command::Crash { .. }
            | Command::Restart { .. }
            | Command::Pause { .. }
            | Command::Resume { .. }
            | Command::TakeSnapshot { .. }
            | Command::Drop { .. }
            | Command::Duplicate { .. }
            | Command::ChangeMembers { .. }
            | Command::TransferLeadership { .. } => None,
        }
    }

    /// The one option that other settings turn, if they do nothing else that the page can show.
    fn switched(&self, settings: &Arc<Settings>) -> Option<Message> {
        let recording = self.timeline.recording();
        let mut before = &recording.config.raft;
        for (_, command) in &recording.commands {
            match command {
                Command::SetSettings(set) if Arc::ptr_eq(set, settings) => break,
                Command::SetSettings(set) if set.check().is_ok() => before = set,
                _ => {}
            }
        }
        let turned = |switch: &Switch| switch.is_on(before) != switch.is_on(settings);
        let mut turned = Switch::ALL.into_iter().filter(turned);
        match (turned.next(), turned.next()) {
            (Some(switch), None) => Some(Message::Switched {
                switch,
                on: switch.is_on(settings),
            }),
            _ => None,
        }
    }

    fn disk_set(&self, server: Option<NodeId>, disk: &DiskConfig) -> Option<Told> {
        let (us_min, us_max) = (disk.write_us_min, disk.write_us_max);
        let who = match server {
            Some(server) => Who::Server(self.timeline.world().server(server)?.id().0),
            None => Who::Cluster,
        };
        let what = Message::DiskSet { who, us_min, us_max };
        (us_min <= us_max).then_some((who, what, None, None))
    }

    fn network_set(&self, on: Links, setting: NetworkSetting) -> Option<Told> {
        let exists = |server| self.timeline.world().server(server).is_some();
        let (who, between) = match on {
            Links::All => (Who::Cluster, None),
            Links::One { from, to } if exists(from) && exists(to) => (Who::Server(from.0), Some((from.0, to.0))),
            Links::One { .. } => return None,
        };
        Some((who, Message::NetworkSet { between, setting }, None, None))
    }
}
