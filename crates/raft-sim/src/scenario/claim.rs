//! What can be said of a cluster: what is so now, and what has happened. Conditions and expectations are made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use raft_core::session::ClientId;
use raft_core::{EntriesRejection, Index, Log, NodeId, Payload, Reason, Role, Term, VoteDenial};

use super::error::{ParseError, ParseErrorKind};
use super::line::Line;
use super::who::{Letters, Who};
use crate::{Event, EventKind, InFlight, MessageId, Operation, Property, PropertyKind, Server, World, kv};

/// Something that is so, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Not that.
    Not(Box<Claim>),
    /// Something about servers: about each of them, if there are several.
    Server(Who, State),
    /// Something that a server has done or met with.
    Happened(Who, Happening),
    /// Something about a client.
    Client(ClientId, Heard),
    /// Nobody leads.
    NobodyLeads,
    /// These properties have been violated.
    Violated(Vec<Property>),
    /// No property has been violated.
    NothingViolated,
    /// This has come to pass.
    Seen(Property),
}

/// How a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It leads, perhaps a certain term.
    Leads(Option<Term>),
    /// It is a candidate, perhaps in a certain term.
    Stands(Option<Term>),
    /// It is a follower, perhaps of a certain leader.
    Follows(Option<Who>),
    /// Two-stage election: it has raised its term, and waits to stand.
    Waits,
    /// It has crashed.
    IsDown,
    /// It runs.
    IsUp,
    /// It is in this term.
    InTerm(Term),
    /// It is in a term after this one.
    PastTerm(Term),
    /// It has given its vote of this term to that one; none: to nobody.
    VotedFor(Option<Who>),
    /// Its log has so many entries.
    Entries(u64),
    /// It has this entry, perhaps of a certain term, perhaps on its disk.
    Entry {
        /// The index.
        index: Index,
        /// The term.
        term: Option<Term>,
        /// Whether it must be durable.
        on_disk: bool,
    },
    /// It does not have this entry, or has one of another term there.
    Lacks {
        /// The index.
        index: Index,
        /// The term.
        term: Option<Term>,
    },
    /// Its log has entries of these terms, in this order, and no more.
    Log(Vec<Term>),
    /// It has an entry in its log that puts this value under this key.
    Logged(Arc<str>, Arc<str>),
    /// It knows entries up to this one, or further, to be committed.
    Committed(Index),
    /// Its state machine has this value under this key; none: nothing.
    Value(Arc<str>, Option<Arc<str>>),
    /// As a leader it waits for no follower's acknowledgement: all have everything.
    AllMatched,
}

/// Something that happened on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It gave its vote.
    Granted(Who),
    /// It denied its vote, perhaps for a certain reason.
    Denied(Who, Option<Because>),
    /// It stood for election.
    Stood,
    /// It was elected.
    Elected(Option<Term>),
    /// It was a candidate, and gave way to a leader.
    GaveWay(Who),
    /// It met a higher term.
    MetHigherTerm,
    /// It refused somebody's entries because of their term.
    RefusedTerm(Who),
    /// It refused somebody's entries because its log does not fit.
    RefusedLog(Who),
    /// It cut off so many entries.
    Cut(u64),
    /// As a leader it held a commit back, because the entry is of an earlier term.
    HeldBack,
    /// It gave an entry to its state machine.
    Applied(Index),
    /// It took over a snapshot.
    Installed,
    /// It stepped down, because it has not heard from a majority.
    LostQuorum,
    /// It did not look at a message.
    Ignored(Who),
    /// It refused what somebody wanted of it.
    Refused,
    /// A read was put off until it has committed in its term.
    PutReadOff,
    /// A read was answered without a question, because of the lease.
    ReadByLease,
    /// It sent such a message.
    Sent(Letters),
    /// It got such a message.
    Got(Letters),
    /// It crashed.
    Crashed,
}

/// Why a vote was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The candidate's log is behind.
    Log,
    /// The vote of this term has been given.
    Vote,
    /// The candidate's term is lower.
    Term,
    /// A leader is alive.
    Leader,
}

/// How a client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was told that this value is written, or read this value; none: nothing is under the key.
    Told {
        /// The key.
        key: Arc<str>,
        /// The value.
        value: Option<Arc<str>>,
        /// Whether it was a local read that told of the past; none: it does not matter.
        stale: Option<bool>,
    },
    /// Its latest compare-and-set did not find what it expected.
    NotAsExpected,
    /// It waits for an answer.
    Waits,
    /// It was turned away by this server, perhaps to that one.
    TurnedAway {
        /// By whom.
        by: Option<Who>,
        /// To whom.
        to: Option<Who>,
    },
    /// It lost patience, and asked elsewhere.
    AskedAgain,
}

impl Claim {
    /// Claims joined by "and".
    pub(super) fn parse_all(line: &mut Line<'_>) -> Result<Vec<Claim>, ParseError> {
        let mut claims = vec![Claim::parse(line)?];
        while line.takes("and") {
            claims.push(Claim::parse(line)?);
        }
        Ok(claims)
    }

    /// However many "not" come first, there is at most one in the claim: it must not nest as deep as a text is long.
    fn parse(line: &mut Line<'_>) -> Result<Claim, ParseError> {
        let mut is_so = true;
        while line.takes("not") {
            is_so = !is_so;
        }
        let claim = Claim::parse_positive(line)?;
        Ok(if is_so { claim } else { Claim::Not(Box::new(claim)) })
    }

    fn parse_positive(line: &mut Line<'_>) -> Result<Claim, ParseError> {
        if line.takes("nobody leads") {
            return Ok(Claim::NobodyLeads);
        }
        if line.takes("nothing violated") {
            return Ok(Claim::NothingViolated);
        }
        if line.takes("violated") {
            let mut violated = vec![property(line)?];
            while line.takes_sign(",") {
                violated.push(property(line)?);
            }
            return Ok(Claim::Violated(violated));
        }
        if line.takes("held") {
            return Ok(Claim::Not(Box::new(Claim::Violated(vec![property(line)?]))));
        }
        if line.takes("seen") {
            return property(line).map(Claim::Seen);
        }
        if let Some(client) = line.maybe(Line::client) {
            return Heard::parse(line).map(|heard| Claim::Client(client, heard));
        }
        let who = Who::parse(line).map_err(|error| match error.kind {
            ParseErrorKind::Expected { .. } => {
                line.expected("a server, a client, \"not\", \"nobody leads\", \"violated\" or \"seen\"")
            }
            _ => error,
        })?;
        match Happening::parse(line)? {
            Some(happening) => Ok(Claim::Happened(who, happening)),
            None => State::parse(line).map(|state| Claim::Server(who, state)),
        }
    }
}

fn property(line: &mut Line<'_>) -> Result<Property, ParseError> {
    let found = Property::ALL.iter().find(|property| line.takes(property.id()));
    match (found, line.peek()) {
        (Some(property), _) => Ok(*property),
        (None, "") => Err(line.expected("a property")),
        (None, name) => Err(line.error(ParseErrorKind::Unknown {
            what: "property",
            name: name.to_string(),
        })),
    }
}

impl State {
    fn parse(line: &mut Line<'_>) -> Result<State, ParseError> {
        if line.takes("leads") {
            let term = if line.takes("term") { Some(line.term()?) } else { None };
            return Ok(State::Leads(term));
        }
        if line.takes("stands") {
            let term = if line.takes("in term") {
                Some(line.term()?)
            } else {
                None
            };
            return Ok(State::Stands(term));
        }
        if line.takes("follows") {
            return Ok(State::Follows(line.maybe(Who::parse)));
        }
        if line.takes("waits") {
            return Ok(State::Waits);
        }
        if line.takes("is down") {
            return Ok(State::IsDown);
        }
        if line.takes("is up") {
            return Ok(State::IsUp);
        }
        if line.takes("is in term") {
            return line.term().map(State::InTerm);
        }
        if line.takes("voted for") {
            let nobody = line.takes("nobody");
            return Ok(State::VotedFor(if nobody { None } else { Some(Who::parse(line)?) }));
        }
        if line.takes("is past term") {
            return line.term().map(State::PastTerm);
        }
        if line.takes("lacks entry") {
            let index = line.index()?;
            let term = if line.takes("of term") {
                Some(line.term()?)
            } else {
                None
            };
            return Ok(State::Lacks { index, term });
        }
        if line.takes("logged") {
            return line.pair().map(|(key, value)| State::Logged(key, value));
        }
        line.takes("has")
            .then_some(())
            .ok_or_else(|| line.expected("what is said of a server, like \"leads\" or \"has entry 2\""))?;
        State::parse_has(line)
    }

    fn parse_has(line: &mut Line<'_>) -> Result<State, ParseError> {
        if let Some((key, value)) = line.maybe(Line::pair) {
            return Ok(State::Value(key, Some(value)));
        }
        if line.takes("no") {
            return Ok(State::Value(line.word("a key")?.into(), None));
        }
        if line.takes("log") {
            let mut terms = Vec::new();
            while let Some(term) = line.maybe(Line::term) {
                terms.push(term);
            }
            return Ok(State::Log(terms));
        }
        if line.takes("committed") {
            return line.index().map(State::Committed);
        }
        if line.takes("all matched") {
            return Ok(State::AllMatched);
        }
        if line.takes("entry") {
            let index = line.index()?;
            let term = if line.takes("of term") {
                Some(line.term()?)
            } else {
                None
            };
            let on_disk = line.takes("on disk");
            return Ok(State::Entry { index, term, on_disk });
        }
        let what = "a number of entries, \"entry\", \"log\", \"committed\", or a key and a value";
        let entries = line.whole(what)?;
        if !line.takes("entry") {
            line.wants("entries")?;
        }
        Ok(State::Entries(entries))
    }
}

impl Happening {
    /// Nothing, if no happening comes next.
    fn parse(line: &mut Line<'_>) -> Result<Option<Happening>, ParseError> {
        let happening = if line.takes("granted") {
            Happening::Granted(Who::parse(line)?)
        } else if line.takes("denied") {
            let to = Who::parse(line)?;
            let because = if line.takes("because of its") || line.takes("because of the") {
                Some(Because::parse(line)?)
            } else {
                None
            };
            Happening::Denied(to, because)
        } else if line.takes("stood") {
            Happening::Stood
        } else if line.takes("was elected") {
            let term = if line.takes("in term") {
                Some(line.term()?)
            } else {
                None
            };
            Happening::Elected(term)
        } else if line.takes("gave way to") {
            Happening::GaveWay(Who::parse(line)?)
        } else if line.takes("met a higher term") {
            Happening::MetHigherTerm
        } else if line.takes("refused the term of") {
            Happening::RefusedTerm(Who::parse(line)?)
        } else if line.takes("refused the entries of") {
            Happening::RefusedLog(Who::parse(line)?)
        } else if line.takes("refused") {
            Happening::Refused
        } else if line.takes("cut off") {
            Happening::Cut(line.whole("how many entries")?)
        } else if line.takes("held a commit back") {
            Happening::HeldBack
        } else if line.takes("applied") {
            Happening::Applied(line.index()?)
        } else if line.takes("installed a snapshot") {
            Happening::Installed
        } else if line.takes("lost its quorum") {
            Happening::LostQuorum
        } else if line.takes("ignored") {
            Happening::Ignored(Who::parse(line)?)
        } else if line.takes("put a read off") {
            Happening::PutReadOff
        } else if line.takes("read by lease") {
            Happening::ReadByLease
        } else if line.takes("sent") {
            Happening::Sent(Letters::parse(line)?)
        } else if line.takes("got") {
            Happening::Got(Letters::parse(line)?)
        } else if line.takes("crashed") {
            Happening::Crashed
        } else {
            return Ok(None);
        };
        Ok(Some(happening))
    }
}

impl Because {
    fn parse(line: &mut Line<'_>) -> Result<Because, ParseError> {
        for (word, because) in [
            ("log", Because::Log),
            ("vote", Because::Vote),
            ("term", Because::Term),
            ("leader", Because::Leader),
        ] {
            if line.takes(word) {
                return Ok(because);
            }
        }
        Err(line.expected("log, vote, term or leader"))
    }
}

impl Heard {
    fn parse(line: &mut Line<'_>) -> Result<Heard, ParseError> {
        if line.takes("waits") {
            return Ok(Heard::Waits);
        }
        if line.takes("asked again") {
            return Ok(Heard::AskedAgain);
        }
        if line.takes("was turned away") {
            let by = if line.takes("by") {
                Some(Who::parse(line)?)
            } else {
                None
            };
            let to = if line.takes("to") {
                Some(Who::parse(line)?)
            } else {
                None
            };
            return Ok(Heard::TurnedAway { by, to });
        }
        line.takes("was told")
            .then_some(())
            .ok_or_else(|| line.expected("what is said of a client, like \"waits\" or \"was told x=1\""))?;
        if line.takes("not as expected") {
            return Ok(Heard::NotAsExpected);
        }
        let stale = if line.takes("stale") {
            Some(true)
        } else if line.takes("fresh") {
            Some(false)
        } else {
            None
        };
        if line.takes("no") {
            let key = line.word("a key")?.into();
            return Ok(Heard::Told {
                key,
                value: None,
                stale,
            });
        }
        let (key, value) = line.pair()?;
        let value = Some(value);
        Ok(Heard::Told { key, value, stale })
    }
}

/// Where claims are looked up: the cluster, and what has happened to it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    /// What has happened in the time that counts, oldest first.
    pub(super) events: &'a [Event],
    /// Everything that has ever happened, oldest first.
    pub(super) all_events: &'a [Event],
    pub(super) messages: &'a BTreeMap<MessageId, InFlight>,
}

impl Claim {
    pub(super) fn holds(&self, view: View<'_>) -> bool {
        let world = view.world;
        match self {
            Claim::Not(claim) => !claim.holds(view),
            Claim::Server(who, state) => {
                let ids = who.now(world);
                let holds = |&id: &NodeId| world.server(id).is_some_and(|server| state.holds(server, world));
                !ids.is_empty() && ids.iter().all(holds)
            }
            Claim::Happened(who, happening) => {
                let ids = who.now(world);
                let happened = |&id: &NodeId| view.events.iter().any(|event| happening.is(event, id, view));
                !ids.is_empty() && ids.iter().all(happened)
            }
            Claim::Client(client, heard) => heard.holds(*client, view),
            Claim::NobodyLeads => world.leader().is_none(),
            Claim::Violated(violated) => violated.iter().all(|&property| is_violated(world, property)),
            Claim::NothingViolated => {
                let properties = world.properties();
                properties.is_some_and(|properties| properties.violations().next().is_none())
            }
            Claim::Seen(property) => match property.kind() {
                PropertyKind::Sometimes => {
                    let properties = world.properties();
                    properties.is_some_and(|properties| properties.seen(*property).is_some())
                }
                PropertyKind::Always | PropertyKind::Eventually => is_violated(world, *property),
            },
        }
    }
}

fn is_violated(world: &World, property: Property) -> bool {
    let properties = world.properties();
    properties.is_some_and(|properties| properties.violation(property).is_some())
}

impl State {
    fn holds(&self, server: &Server, world: &World) -> bool {
        let Some(node) = server.node() else {
            return self.holds_down(server);
        };
        let in_term = |term: &Option<Term>| term.is_none_or(|term| node.current_term() == term);
        match self {
            State::Leads(term) => matches!(node.role(), Role::Leader(_)) && in_term(term),
            State::Stands(term) => matches!(node.role(), Role::Candidate(_)) && in_term(term),
            State::Follows(of) => match (node.role(), of) {
                (Role::Follower(_), None) => true,
                (Role::Follower(follower), Some(who)) => follower.leader.is_some_and(|id| who.now(world).contains(&id)),
                _ => false,
            },
            State::Waits => matches!(node.role(), Role::Follower(follower) if follower.waits_to_stand),
            State::IsDown => false,
            State::IsUp => true,
            State::InTerm(term) => node.current_term() == *term,
            State::PastTerm(term) => node.current_term() > *term,
            State::Lacks { index, term } => lacks(node.log(), *index, *term),
            State::VotedFor(who) => match (node.voted_for(), who) {
                (None, None) => true,
                (Some(id), Some(who)) => who.now(world) == [id],
                _ => false,
            },
            State::Entries(entries) => node.log().last_index().0 == *entries,
            State::Entry { index, term, on_disk } => {
                let has = node.log().last_index() >= *index;
                let of_term = term.is_none_or(|term| node.log().term_at(*index) == Some(term));
                has && of_term && (!on_disk || node.durable_index() >= *index)
            }
            State::Log(terms) => {
                let log: Vec<Term> = node.log().iter_from(Index(1)).map(|(_, entry)| entry.term).collect();
                log == *terms
            }
            State::Logged(key, value) => {
                let put = kv::Write::Put {
                    key: key.clone(),
                    value: value.clone(),
                };
                let mut entries = node.log().iter_from(Index(1));
                entries.any(|(_, entry)| matches!(&entry.payload, Payload::Command(command) if command.write == put))
            }
            State::Committed(index) => node.commit_index() >= *index,
            State::Value(key, value) => server.state().and_then(|state| state.get(key)) == value.as_ref(),
            State::AllMatched => node.reign().is_some_and(|leader| {
                let last = node.log().last_index();
                leader.progress.values().all(|peer| peer.match_index == last)
            }),
        }
    }

    /// Of a server that is down only its disk can be looked at.
    fn holds_down(&self, server: &Server) -> bool {
        let stable = server.disk().stable();
        match self {
            State::IsDown => true,
            State::InTerm(term) => stable.hard_state.current_term == *term,
            State::PastTerm(term) => stable.hard_state.current_term > *term,
            State::Lacks { index, term } => lacks(&stable.log, *index, *term),
            State::Entries(entries) => stable.log.last_index().0 == *entries,
            State::Entry { index, term, .. } => {
                let has = stable.log.last_index() >= *index;
                has && term.is_none_or(|term| stable.log.term_at(*index) == Some(term))
            }
            _ => false,
        }
    }
}

fn lacks(log: &Log<kv::Command>, index: Index, term: Option<Term>) -> bool {
    let is_other = |term: Term| log.term_at(index) != Some(term);
    log.last_index() < index || term.is_some_and(is_other)
}

impl Happening {
    fn is(&self, event: &Event, id: NodeId, view: View<'_>) -> bool {
        let on_it = event.server == Some(id);
        let world = view.world;
        let is = |who: &Who, id: NodeId| who.now(world).contains(&id);
        let letter = |message: &MessageId| view.messages.get(message);
        let reason = match &event.kind {
            EventKind::Because(reason) if on_it => Some(*reason),
            _ => None,
        };
        match (self, &event.kind) {
            (Happening::Sent(letters), EventKind::Sent { message, .. } | EventKind::Answered { message, .. }) => {
                let letters = letters.clone().sent_by(Who::Server(id));
                letter(message).is_some_and(|in_flight| letters.mean(in_flight, world))
            }
            (
                Happening::Got(letters),
                EventKind::Delivered { message, .. } | EventKind::RequestDelivered { message, .. },
            ) => {
                let letters = letters.clone().received_by(Who::Server(id));
                letter(message).is_some_and(|in_flight| letters.mean(in_flight, world))
            }
            (Happening::Applied(index), EventKind::Applied { index: applied, .. }) => on_it && index == applied,
            (Happening::Refused, EventKind::Refused { .. } | EventKind::ReadRefused { .. })
            | (Happening::Crashed, EventKind::Crashed { .. }) => on_it,
            _ => reason.is_some_and(|reason| self.is_reason(reason, is)),
        }
    }

    fn is_reason(&self, reason: Reason, is: impl Fn(&Who, NodeId) -> bool) -> bool {
        match (self, reason) {
            (Happening::Granted(who), Reason::VoteGranted { to, .. }) => is(who, to),
            (Happening::Denied(who, because), Reason::VoteDenied { to, by } | Reason::PreVoteDenied { to, by }) => {
                is(who, to) && because.is_none_or(|because| because == Because::from(by))
            }
            (
                Happening::Stood,
                Reason::ElectionTimedOut { .. } | Reason::ElectionDelayEnded { .. } | Reason::ToldToStand { .. },
            )
            | (Happening::MetHigherTerm, Reason::HigherTerm { .. })
            | (Happening::HeldBack, Reason::CommitHeld { .. })
            | (Happening::Installed, Reason::SnapshotInstalled { .. })
            | (Happening::LostQuorum, Reason::QuorumLost { .. })
            | (Happening::PutReadOff, Reason::ReadWaitsForCommit { .. })
            | (Happening::ReadByLease, Reason::LeaseHolds { .. }) => true,
            (Happening::Elected(wanted), Reason::Elected { term, .. }) => wanted.is_none_or(|wanted| wanted == term),
            (
                Happening::GaveWay(who),
                Reason::LeaderHeard {
                    leader,
                    was_candidate: true,
                    ..
                },
            ) => is(who, leader),
            (Happening::RefusedTerm(who), Reason::EntriesRejected { from, by }) => {
                is(who, from) && matches!(by, EntriesRejection::LowerTerm { .. })
            }
            (Happening::RefusedLog(who), Reason::EntriesRejected { from, by }) => {
                is(who, from) && !matches!(by, EntriesRejection::LowerTerm { .. })
            }
            (Happening::Cut(entries), Reason::EntriesAccepted { truncated, .. }) => *entries == truncated,
            (Happening::Ignored(who), Reason::Ignored { from, .. }) => is(who, from),
            _ => false,
        }
    }
}

impl From<VoteDenial> for Because {
    fn from(by: VoteDenial) -> Because {
        match by {
            VoteDenial::LowerTerm { .. } => Because::Term,
            VoteDenial::AlreadyVoted { .. } => Because::Vote,
            VoteDenial::LogBehind { .. } => Because::Log,
            VoteDenial::LeaderAlive { .. } => Because::Leader,
        }
    }
}

impl Heard {
    fn holds(&self, client: ClientId, view: View<'_>) -> bool {
        let mut clients = view.world.clients().iter();
        let Some(state) = clients.find(|state| state.id() == client) else {
            return false;
        };
        match self {
            Heard::Waits => state.call().is_some(),
            Heard::Told { key, value, stale } => view.events.iter().any(|event| match &event.kind {
                EventKind::Returned { client: who, serial, answer, stale: was_stale, .. } if *who == client => {
                    let operation = view.operation(client, serial.0);
                    let told = match (operation, answer) {
                        (Some(Operation::Write(write)), kv::Answer::Written) => written(write),
                        (Some(Operation::Read { .. }), kv::Answer::Value(value)) => value.as_ref(),
                        _ => return false,
                    };
                    operation.is_some_and(|operation| operation.key() == key)
                        && told == value.as_ref()
                        && stale.is_none_or(|stale| stale == *was_stale)
                }
                _ => false,
            }),
            Heard::NotAsExpected => view.events.iter().any(|event| {
                let answer = &kv::Answer::NotAsExpected;
                matches!(&event.kind, EventKind::Returned { client: who, answer: was, .. } if *who == client && was == answer)
            }),
            Heard::TurnedAway { by, to } => view.events.iter().any(|event| match &event.kind {
                EventKind::TurnedAway { client: who, from, why, .. } if *who == client => {
                    let named = match why {
                        raft_core::Refusal::NotLeader { leader } => *leader,
                        raft_core::Refusal::Transferring { to } => Some(*to),
                        _ => None,
                    };
                    let is = |who: &Who, id| who.now(view.world).contains(&id);
                    by.as_ref().is_none_or(|by| is(by, *from))
                        && to.as_ref().is_none_or(|to| named.is_some_and(|named| is(to, named)))
                }
                _ => false,
            }),
            Heard::AskedAgain => view.events.iter().any(|event| {
                matches!(&event.kind, EventKind::ClientTimedOut { client: who, .. } if *who == client)
            }),
        }
    }
}

/// What a write leaves under its key, if it is done.
fn written(write: &kv::Write) -> Option<&Arc<str>> {
    match write {
        kv::Write::Put { value, .. } | kv::Write::CompareAndSet { value, .. } => Some(value),
    }
}

impl View<'_> {
    /// What a client wanted with a call.
    fn operation(&self, client: ClientId, serial: u64) -> Option<&Operation> {
        self.all_events.iter().find_map(|event| match &event.kind {
            EventKind::Called {
                client: who,
                serial: which,
                operation,
            } if *who == client && which.0 == serial => Some(operation),
            _ => None,
        })
    }
}
