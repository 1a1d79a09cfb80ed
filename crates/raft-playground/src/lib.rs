//! The Raft Playground without a browser: everything that the page shows, and everything that can be done on it.
//!
//! A [`session::Session`] holds the recording of a cluster and a cursor in it; a [`scene::Scene`] is what the picture
//! shows there, in plain integers; [`layout`] and [`palette`] say where and in which colours, and [`text`] has the
//! words, in every language. The web crate turns gestures into actions and scenes into pictures, and holds no rule of
//! its own.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod branches;
pub mod cluster;
pub mod details;
pub mod diagram;
pub mod hands;
mod label;
pub mod layout;
pub mod network;
pub mod palette;
pub mod scene;
pub mod session;
mod story;
pub mod text;
