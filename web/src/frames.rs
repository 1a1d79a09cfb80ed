//! The frame loop: calls back before each picture of the screen while it runs.
//!
//! It stops when it is told so and when it is dropped. The first frame after a start counts no time, whatever the
//! clock did in between; how much a late frame may catch up is for the session to bound.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use yew::Callback;

/// One loop over `requestAnimationFrame`.
pub(crate) struct Frames {
    shared: Rc<Shared>,
    on_frame: Rc<Closure<dyn FnMut(f64)>>,
}

struct Shared {
    /// What the browser calls the frame that has been asked for.
    requested: Cell<Option<i32>>,
    /// The time of the last frame, in milliseconds; none after a start.
    last: Cell<Option<f64>>,
}

impl Frames {
    /// A loop that stands still. It hands over the microseconds since the last frame.
    pub(crate) fn new(on_frame: Callback<u64>) -> Frames {
        let shared = Rc::new(Shared {
            requested: Cell::new(None),
            last: Cell::new(None),
        });
        let on_frame = Rc::new_cyclic(|again: &std::rc::Weak<Closure<dyn FnMut(f64)>>| {
            let (again, shared) = (again.clone(), Rc::clone(&shared));
            Closure::new(move |now: f64| {
                shared.requested.set(None);
                let elapsed_ms = shared.last.replace(Some(now)).map_or(0.0, |last| (now - last).max(0.0));
                if let Some(closure) = again.upgrade() {
                    shared.request(&closure);
                }
                on_frame.emit((elapsed_ms * 1_000.0) as u64);
            })
        });
        Frames { shared, on_frame }
    }

    /// Runs or stands still.
    pub(crate) fn set_running(&self, running: bool) {
        match (running, self.shared.requested.get()) {
            (true, None) => {
                self.shared.last.set(None);
                self.shared.request(&self.on_frame);
            }
            (false, Some(_)) => self.shared.cancel(),
            _ => {}
        }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.shared.cancel();
    }
}

impl Shared {
    fn request(&self, closure: &Closure<dyn FnMut(f64)>) {
        let window = web_sys::window().expect("a page has a window");
        let requested = window.request_animation_frame(closure.as_ref().unchecked_ref());
        self.requested.set(Some(requested.expect("a window gives frames")));
    }

    fn cancel(&self) {
        if let (Some(requested), Some(window)) = (self.requested.take(), web_sys::window()) {
            let _ = window.cancel_animation_frame(requested);
        }
    }
}
