//! How long the reader waits who drags the slider: the slowest of two hundred random places in ten minutes, with the
//! story and the scene. Each is visited three times, and the best counts. Called by `cargo xtask bench`.

use std::time::{Duration, Instant as Clock};

use raft_core::Random;
use raft_playground::session::{Action, Session};
use raft_sim::{Config, Workload};

const MINUTE_US: u64 = 60_000_000;

fn main() {
    let busy = Some(Workload::puts(100_000));
    for (name, workload) in [("seek with story and scene, busy, native", busy), ("idle", None)] {
        let config = Config {
            workload,
            ..Config::default()
        };
        let mut session = Session::with_config(config, 1);
        for minute in 1..=10 {
            session.update(Action::SeekTo { us: minute * MINUTE_US });
        }
        let mut random = Random::new(2);
        let mut places: Vec<_> = (0..200)
            .map(|_| (random.between(0, 10 * MINUTE_US), Duration::MAX))
            .collect();
        for _ in 0..3 {
            for (us, best) in &mut places {
                let start = Clock::now();
                session.update(Action::SeekTo { us: *us });
                session.scene();
                *best = start.elapsed().min(*best);
            }
        }
        let mut times: Vec<f64> = places.iter().map(|(_, best)| best.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        println!(
            "{name:<48} {:>12.1} ms slowest, {:.1} ms in the median",
            times[199], times[100]
        );
    }
}
