//! The page: Yew components, the painter of what moves, the frame loop, the style and the custom element.
//!
//! It turns DOM events into actions and scenes into HTML and SVG, and holds no rule of Raft and no rule of the product.
//! There are two rates. Structure goes through Yew when the session has another scene; motion is written by the
//! [`painter`] straight to attributes, each frame. Nothing is global: several playgrounds run on one page.

mod announcer;
mod app;
mod arc;
mod branches;
mod clients;
mod course;
mod details;
mod diagram;
mod dials;
mod element;
mod frames;
mod gestures;
mod glyph;
mod hand;
mod header;
mod help;
mod keys;
mod lanes;
mod legend;
mod links;
mod logs;
mod memo;
mod menu;
mod options;
mod painter;
mod parting;
mod popover;
mod properties;
mod ring;
mod role_diagram;
mod room;
mod server;
mod settings_panel;
mod shown;
mod snapshot;
mod story;
mod style;
mod traffic;
mod transport;

pub use element::{Playground, on_panic, stopped_words, style_sheet};
