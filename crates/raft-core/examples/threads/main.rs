//! A host for the core: three servers on threads, channels as network, files as disks.
//!
//! Clients add to counters of their own while one server after the other loses its power, and in the end all of them:
//! a thread ends wherever it is, and what it has not synced is lost. The n-th write of a client must bring its counter to n, whatever happens:
//! less, and an acknowledged write has been lost; more, and one has been carried out twice.
//!
//! `server` and `disk` are the parts to copy: they do what the documentation of the crate asks of a host, in its order.
//! What is left out: a network that leaves the process, changes of the members, handing over.

mod client;
mod counters;
mod disk;
mod machine;
mod server;

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use raft_core::NodeId;
use raft_core::session::ClientId;

use client::Client;
use machine::{Machine, Network};

const SERVERS: [NodeId; 3] = [NodeId(1), NodeId(2), NodeId(3)];

fn main() -> ExitCode {
    match story(3, 9) {
        Ok(writes) => {
            println!("{writes} writes were acknowledged: none is lost, none was carried out twice");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("WRONG: {wrong}");
            ExitCode::FAILURE
        }
    }
}

#[test]
fn no_acknowledged_write_is_lost_and_none_is_carried_out_twice() {
    let writes = story(2, 3).expect("every counter is right");
    assert!(writes > 0, "nothing was written");
}

/// Returns how many writes were acknowledged, or what is wrong.
fn story(clients: u64, power_cuts: usize) -> Result<u64, String> {
    let folder = std::env::temp_dir().join(format!("raft-threads-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let network = Arc::new(Network::default());
    let mut machines = SERVERS.map(|id| Machine::switch_on(id, &folder, &network));

    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (1..=clients)
        .map(|id| {
            let (client, is_over) = (Client::new(ClientId(id), &network), is_over.clone());
            thread::spawn(move || client.write_until(&is_over))
        })
        .collect();
    for victim in (0..SERVERS.len()).cycle().take(power_cuts) {
        thread::sleep(Duration::from_millis(500));
        machines[victim].cut_power();
        // Two of three are a majority: unless the leader is gone, the clients notice nothing.
        thread::sleep(Duration::from_millis(500));
        machines[victim] = Machine::switch_on(SERVERS[victim], &folder, &network);
    }
    // Then it goes for all of them, and what they know is on the disks.
    machines.iter_mut().for_each(Machine::cut_power);
    machines = SERVERS.map(|id| Machine::switch_on(id, &folder, &network));
    thread::sleep(Duration::from_millis(500));
    is_over.store(true, Ordering::Relaxed);

    let verdicts = clients
        .into_iter()
        .map(|client| client.join().expect("clients do not panic"));
    let writes = verdicts.collect::<Vec<_>>().into_iter().sum();
    machines.iter_mut().for_each(Machine::cut_power);
    fs::remove_dir_all(&folder).expect("the folder is ours");
    writes
}
