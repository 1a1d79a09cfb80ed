//! A thousand cluster-seconds of the world with every property on, and nothing else: what `cargo xtask bench` times as
//! WebAssembly. Five servers, one client, ten writes a second.

use raft_sim::{Config, Instant, Workload, World};

fn main() {
    let config = Config {
        workload: Some(Workload::puts(100_000)),
        ..Config::default()
    };
    let mut world = World::new(config, 1);
    world.advance_to(Instant(1_000_000_000), &mut ());
    let committed = world.servers()[0].node().map(|node| node.commit_index().0);
    assert!(committed > Some(5_000), "the cluster does not work: {committed:?}");
}
