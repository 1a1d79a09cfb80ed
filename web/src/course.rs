//! A course that an element takes, and how far along it is.
//!
//! It is an animation that never runs: its time is set, picture by picture. A browser that knows the whole course moves
//! the element without asking what else on the page that concerns; a place that is written anew each time makes it put
//! all its layers together again, which takes as long as everything else in a picture.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsCast;
use web_sys::{Animation, Element, KeyframeEffect};

/// How long a course is, in milliseconds that nobody waits for.
const LONG: f64 = 1_000.0;

/// A course.
pub(crate) struct Course {
    animation: Animation,
    effect: KeyframeEffect,
    /// Where its element is, as finely as it is told, once it has been told.
    at: Option<u32>,
}

/// What an element looks like at some point of a course. Between two stages it goes evenly, unless
/// it is told otherwise.
#[derive(Serialize)]
pub(crate) struct Stage {
    /// From 0 to 1.
    pub(crate) offset: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opacity: Option<f64>,
    /// How it goes to the next stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) easing: Option<String>,
}

impl Course {
    /// The course of an element; none where a browser has no animations.
    pub(crate) fn of(element: &Element, stages: &[Stage]) -> Option<Course> {
        let stages = keyframes(stages)?;
        let effect =
            KeyframeEffect::new_with_opt_element_and_keyframes_and_f64(Some(element), Some(&stages), LONG).ok()?;
        let animation = Animation::new_with_effect(Some(&effect)).ok()?;
        animation.pause().ok()?;
        Some(Course {
            animation,
            effect,
            at: None,
        })
    }

    /// Leads elsewhere from now on.
    pub(crate) fn change(&mut self, stages: &[Stage]) {
        if let Some(stages) = keyframes(stages) {
            let _ = self.effect.set_keyframes(Some(&stages));
        }
    }

    /// Puts the element where it is after such a share of the course.
    pub(crate) fn go_to(&mut self, share: f64) {
        // At its very end a course is over, and holds its element no longer.
        let at = (share * 100_000.0).clamp(0.0, 99_999.0) as u32;
        if self.at.replace(at) != Some(at) {
            self.animation.set_current_time(Some(f64::from(at) / 100_000.0 * LONG));
        }
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        self.animation.cancel();
    }
}

fn keyframes(stages: &[Stage]) -> Option<js_sys::Object> {
    stages.serialize(&Serializer::json_compatible()).ok()?.dyn_into().ok()
}
