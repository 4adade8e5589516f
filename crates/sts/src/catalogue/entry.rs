//! One refusal of the catalogue, as data: how it is recognised, what it means, its likely causes, how to fix it. Below
//! the chapters that list them and what reads them.

use super::evidence::Evidence;
use crate::retry::Class;

/// A part of the catalogue, as the page has it.
#[derive(Debug)]
pub(crate) struct Chapter {
    /// Its heading.
    pub(crate) title: &'static str,
    /// In the order of the page, which has no other meaning.
    pub(crate) entries: &'static [Entry],
}

/// One refusal.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Stays the same across releases: users search for it.
    pub(crate) id: &'static str,
    /// AWS's error codes, any of which it may have. None: the status alone decides.
    pub(crate) codes: &'static [&'static str],
    /// The HTTP status. None: not verified. It decides only where there are no codes.
    pub(crate) statuses: &'static [u16],
    /// AWS's texts, any of which it may have; `*` is any run of characters. None: any text.
    pub(crate) texts: &'static [&'static str],
    /// The operations that STS refuses so.
    pub(crate) calls: &'static [Call],
    /// Whether a retry can help.
    pub(crate) class: Class,
    /// The meaning in one or two sentences.
    pub(crate) means: &'static str,
    /// The most frequent first.
    pub(crate) causes: &'static [Cause],
    /// The next action where no cause stands out.
    pub(crate) fix: &'static str,
    /// What the user has to compare with IAM.
    pub(crate) shows: Shows,
}

/// The operations that this program calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// AssumeRoleWithWebIdentity.
    WithToken,
    /// AssumeRole.
    FromRole,
    /// GetCallerIdentity.
    Identity,
}

/// A possible cause of a refusal. Its texts may hold `{names}` of values that are known at run time.
#[derive(Debug)]
pub(crate) struct Cause {
    /// Stays the same across releases.
    pub(crate) id: &'static str,
    /// In a sentence without a full stop.
    pub(crate) text: &'static str,
    /// The next action, if this is the cause. None: that of the entry.
    pub(crate) fix: Option<&'static str>,
    /// Not shown unless all of these hold.
    pub(crate) only_if: &'static [Evidence],
    /// Comes first where one of these holds.
    pub(crate) likely_if: &'static [Evidence],
    /// Impossible where one of these holds.
    pub(crate) ruled_out_if: &'static [Evidence],
    /// Where a short list has it, unless it is likely.
    pub(crate) place: Place,
}

/// Where a short list of causes has one that is not likely. Its words may hold `{names}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a line of its own.
    Own,
    /// As its id and these words, if its id needs any, on one line with others.
    Shared(&'static str),
    /// Nowhere: only a full list has it.
    FullList,
}

/// What IAM compares with the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Nothing.
    Nothing,
    /// The identity provider's ARN.
    Provider,
    /// The identity provider's ARN and the condition keys.
    Keys,
}

pub(super) const WITH_TOKEN: &[Call] = &[Call::WithToken];
pub(super) const FROM_ROLE: &[Call] = &[Call::FromRole];
pub(super) const OF_ROLES: &[Call] = &[Call::WithToken, Call::FromRole];
pub(super) const SIGNED: &[Call] = &[Call::FromRole, Call::Identity];
pub(super) const ANY: &[Call] = &[Call::WithToken, Call::FromRole, Call::Identity];

/// What most entries have.
pub(super) const BLANK: Entry = Entry {
    id: "",
    codes: &[],
    statuses: &[400],
    texts: &[],
    calls: ANY,
    class: Class::Permanent,
    means: "",
    causes: &[],
    fix: "",
    shows: Shows::Nothing,
};

/// A cause without evidence.
pub(super) const fn cause(id: &'static str, text: &'static str) -> Cause {
    Cause { id, text, fix: None, only_if: &[], likely_if: &[], ruled_out_if: &[], place: Place::Own }
}
