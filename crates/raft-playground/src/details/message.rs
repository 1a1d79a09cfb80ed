//! A message in flight, field by field, under the names that the paper gives them.

use std::rc::Rc;

use raft_core::{Body, Position};
use raft_sim::{InFlight, Parcel, Timeline, kv};

use super::{Said, reason};
use crate::label;
use crate::scene::{Message, Section, in_flight};
use crate::text::MotionWords;

/// A message in flight, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDetails {
    /// The message, as the picture shows it.
    pub message: Message,
    /// The event of its departure.
    pub sent: u64,
    /// Why it is on its way, and where to read about it.
    pub why: Option<(Said, Section)>,
    /// The remote procedure call, as the paper names it; none if a client has to do with it.
    pub call: Option<&'static str>,
    /// Whether it is its request or its reply.
    pub what: MotionWords,
    /// What it says.
    pub fields: Rc<[MessageField]>,
    /// Its copies that are on their way as well, by their numbers.
    pub copies: Rc<[Message]>,
    /// The how-manieth of those in flight it is, and how many there are.
    pub nth: (u64, u64),
}

/// A field, with its name in the paper: those are not translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageField {
    /// As in `prevLogIndex`.
    pub name: &'static str,
    /// As in `3`.
    pub value: Rc<str>,
}

impl MessageDetails {
    pub(super) fn of(timeline: &Timeline, id: u64, held: Option<(u64, u64)>) -> Option<MessageDetails> {
        let (messages, requests) = in_flight(timeline, held, None);
        let mut ids: Vec<u64> = messages.iter().chain(&requests).map(|message| message.id).collect();
        ids.sort_unstable();
        let nth = ids.binary_search(&id).ok()? as u64 + 1;
        let parcel = timeline.world().in_flight().find(|in_flight| in_flight.id.0 == id)?;
        let mut shown: Vec<Message> = messages.into_iter().chain(requests).collect();
        let message = shown.iter().find(|message| message.id == id)?.clone();
        let is_copy = |it: &&InFlight| it.origin == parcel.origin && it.id != parcel.id;
        let copies: Vec<u64> = timeline
            .world()
            .in_flight()
            .filter(is_copy)
            .map(|copy| copy.id.0)
            .collect();
        shown.retain(|message| copies.contains(&message.id));
        shown.sort_unstable_by_key(|message| message.id);
        let mut fields = Fields::default();
        let (call, what) = match &parcel.parcel {
            Parcel::Raft(message) => {
                fields.number("term", message.term.0);
                let what = if message.body.is_request() {
                    MotionWords::Request
                } else {
                    MotionWords::Reply
                };
                (Some(fields.body(message.from.0, &message.body)), what)
            }
            Parcel::Request(request) => {
                fields.number("serial", request.serial.0);
                (None, MotionWords::ClientRequest)
            }
            Parcel::Reply(reply) => {
                fields.number("serial", reply.serial.0);
                fields.number("applied", reply.applied.0);
                (None, MotionWords::ClientReply)
            }
        };
        let sent = parcel.sent_by().0;
        let from = match &parcel.parcel {
            Parcel::Raft(message) => Some(message.from.0),
            Parcel::Request(_) | Parcel::Reply(_) => None,
        };
        Some(MessageDetails {
            message,
            sent,
            why: from.and_then(|server| reason::why(timeline, sent, server)),
            call,
            what,
            fields: fields.0.into(),
            copies: shown.into(),
            nth: (nth, ids.len() as u64),
        })
    }
}

#[derive(Default)]
struct Fields(Vec<MessageField>);

impl Fields {
    fn add(&mut self, name: &'static str, value: impl Into<Rc<str>>) {
        let value = value.into();
        self.0.push(MessageField { name, value });
    }

    fn number(&mut self, name: &'static str, value: u64) {
        self.add(name, value.to_string());
    }

    fn yes(&mut self, name: &'static str, value: bool) {
        self.add(name, if value { "true" } else { "false" });
    }

    fn last(&mut self, [index, term]: [&'static str; 2], last: Position) {
        self.number(index, last.index.0);
        self.number(term, last.term.0);
    }

    /// What the message says, and in which call (figures 2 and 13 of the paper; dissertation, §3.10 and §9.6).
    fn body(&mut self, from: u64, body: &Body<kv::Command>) -> &'static str {
        const LAST_LOG: [&str; 2] = ["lastLogIndex", "lastLogTerm"];
        match body {
            Body::RequestPreVote { next_term, last } => {
                self.number("nextTerm", next_term.0);
                self.number("candidateId", from);
                self.last(LAST_LOG, *last);
                "PreVote"
            }
            Body::RequestPreVoteReply { next_term, granted } => {
                self.number("nextTerm", next_term.0);
                self.yes("voteGranted", *granted);
                "PreVote"
            }
            Body::RequestVote { last, transfer } => {
                self.number("candidateId", from);
                self.last(LAST_LOG, *last);
                if *transfer {
                    self.yes("leadershipTransfer", true);
                }
                "RequestVote"
            }
            Body::RequestVoteReply { granted } => {
                self.yes("voteGranted", *granted);
                "RequestVote"
            }
            Body::AppendEntries(request) => {
                self.number("leaderId", from);
                self.last(["prevLogIndex", "prevLogTerm"], request.previous);
                let mut entries = String::new();
                for (place, entry) in request.entries.iter().enumerate() {
                    if place == ENTRIES_NAMED_MAX {
                        entries += ", …";
                        break;
                    }
                    if place > 0 {
                        entries += ", ";
                    }
                    entries += &label::entry(entry);
                    entries = entries + " (" + &entry.term.0.to_string() + ")";
                }
                self.add("entries[]", ["[", &entries, "]"].concat());
                self.number("leaderCommit", request.commit.0);
                self.number("round", request.round.0);
                "AppendEntries"
            }
            Body::AppendEntriesReply { match_index, round } => {
                self.yes("success", true);
                self.number("matchIndex", match_index.0);
                self.number("round", round.0);
                "AppendEntries"
            }
            Body::AppendEntriesRejected {
                previous_index,
                hint,
                round,
            } => {
                self.yes("success", false);
                self.number("prevLogIndex", previous_index.0);
                self.last(["hintIndex", "hintTerm"], *hint);
                self.number("round", round.0);
                "AppendEntries"
            }
            Body::InstallSnapshot(piece) => {
                self.number("leaderId", from);
                self.last(["lastIncludedIndex", "lastIncludedTerm"], piece.last);
                self.number("offset", piece.offset);
                self.number("data[]", piece.data.len() as u64);
                self.yes("done", piece.done);
                "InstallSnapshot"
            }
            Body::InstallSnapshotReply {
                last_index,
                next_offset,
                ..
            } => {
                self.number("lastIncludedIndex", last_index.0);
                self.number("nextOffset", *next_offset);
                "InstallSnapshot"
            }
            Body::TimeoutNow => "TimeoutNow",
        }
    }
}

/// So many entries of a message are named.
const ENTRIES_NAMED_MAX: usize = 6;
