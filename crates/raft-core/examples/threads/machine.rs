//! What is below a server: a thread that can lose its power, and a network of channels.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use raft_core::{Message, NodeId};

use crate::counters::Add;
use crate::disk::Disk;
use crate::server::{Event, Server};

/// A computer that runs a server.
pub(crate) struct Machine {
    id: NodeId,
    network: Arc<Network>,
    power: Power,
    thread: Option<JoinHandle<()>>,
}

impl Machine {
    pub(crate) fn switch_on(id: NodeId, folder: &Path, network: &Arc<Network>) -> Machine {
        let power = Power::default();
        let (inbox, events) = mpsc::channel();
        network.connect(id, inbox);
        let disk = Disk::open(folder.join(format!("server-{id}"))).expect("the disk works");
        println!("server {id}: on, with {} entries", disk.stable.log.last_index());
        let mut server = Server::start(id, disk, network.clone(), power.clone());
        let thread = thread::spawn(move || match server.run(&events) {
            Err(Stopped::Disk(error)) => println!("server {id}: its disk does not work: {error}"),
            Ok(()) | Err(Stopped::PowerCut) => {}
        });
        Machine {
            id,
            network: network.clone(),
            power,
            thread: Some(thread),
        }
    }

    /// Whatever the server is doing: it stops there.
    pub(crate) fn cut_power(&mut self) {
        self.power.cut();
        self.network.disconnect(self.id);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a server does not panic");
            println!("server {}: off", self.id);
        }
    }
}

/// Why a server stops.
pub(crate) enum Stopped {
    PowerCut,
    Disk(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Disk(error)
    }
}

#[derive(Clone, Default)]
pub(crate) struct Power {
    is_cut: Arc<AtomicBool>,
}

impl Power {
    fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Relaxed)
    }

    /// Asked before whatever a server does.
    pub(crate) fn check(&self) -> Result<(), Stopped> {
        if self.is_cut() { Err(Stopped::PowerCut) } else { Ok(()) }
    }
}

/// Who can be reached. What is sent to somebody else is lost, as in any network.
#[derive(Default)]
pub(crate) struct Network {
    inboxes: Mutex<BTreeMap<NodeId, Sender<Event>>>,
}

impl Network {
    fn connect(&self, id: NodeId, inbox: Sender<Event>) {
        self.inboxes.lock().expect("nobody panics here").insert(id, inbox);
    }

    fn disconnect(&self, id: NodeId) {
        self.inboxes.lock().expect("nobody panics here").remove(&id);
    }

    pub(crate) fn send(&self, to: NodeId, event: Event) {
        if let Some(inbox) = self.inboxes.lock().expect("nobody panics here").get(&to) {
            let _ = inbox.send(event);
        }
    }

    pub(crate) fn deliver(&self, message: Message<Add>) {
        self.send(message.to, Event::Arrived(message));
    }
}
