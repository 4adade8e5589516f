//! Explains a refusal with what is known without a call to AWS: which causes are possible, which is the most probable,
//! and the fix. Separate from the catalogue, which holds the texts; here are the values.

mod clock;
mod evidence;
mod refused_call;
mod values;

pub use refused_call::{
    IdentityRequest, RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, ScopeSigner,
    ScopedRequest,
};

use crate::Refusal;
use crate::catalogue::{self, Cause, Evidence, Place, Shows, fill};

/// How many likely causes have a line of their own in a short list; the others share one, if they can.
const LIKELY_LINES: usize = 2;

/// What this program adds to AWS's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The ARN that the token's issuer has in the role's account as a provider, where the refusal is about it.
    pub provider: Option<String>,
    /// Whether the refusal is about the condition keys that IAM fills from the token.
    pub shows_keys: bool,
    /// The possible causes, the most probable first.
    pub causes: Vec<RankedCause>,
    /// The causes that are ruled out, and why.
    pub ruled_out: Vec<String>,
    /// One next action.
    pub hint: String,
}

/// A cause as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedCause {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// A sentence without a full stop.
    pub text: String,
    /// Where a short list has it.
    pub place: ListPlace,
}

/// Where a short list of causes has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPlace {
    /// On a line of its own.
    Own,
    /// As its id and these words, if there are any, on one line with others.
    Shared(String),
    /// Nowhere: only a full list has it.
    FullList,
}

/// Explains a refusal, if the catalogue has it.
pub fn explain(refusal: &Refusal, call: &RefusedCall<'_>) -> Option<Explanation> {
    let entry = catalogue::find(refusal, call.operation())?;
    let filled = |text: &str| fill(text, |name| call.value(name, refusal));
    let holds = |evidence: &Evidence| evidence.holds(call, refusal);
    let mut left: Vec<&Cause> = Vec::new();
    let mut ruled_out = Vec::new();
    for cause in entry.causes.iter().filter(|cause| cause.only_if.iter().all(holds)) {
        match cause.ruled_out_if.iter().find(|evidence| holds(evidence)) {
            Some(evidence) => ruled_out.push(format!("{} ({})", cause.id, filled(evidence.words()))),
            None => left.push(cause),
        }
    }
    // A stable sort: among equals the catalogue's order stays.
    let is_likely = |cause: &Cause| cause.likely_if.iter().any(holds);
    left.sort_by_key(|cause| !is_likely(cause));
    let place = |cause: &Cause, at: usize| match cause.place {
        Place::Own => ListPlace::Own,
        _ if is_likely(cause) && at < LIKELY_LINES => ListPlace::Own,
        Place::Shared(words) => ListPlace::Shared(filled(words)),
        Place::FullList => ListPlace::FullList,
    };
    let fix = left.first().filter(|cause| is_likely(cause)).and_then(|cause| cause.fix);
    let hint = match fix {
        // A guess, however likely, leaves the command that decides.
        Some(fix) if entry.shows == Shows::Keys => format!("{fix}; if STS still denies, {}", entry.fix),
        fix => fix.unwrap_or(entry.fix).to_owned(),
    };
    let ranked = |(cause, at): (&&Cause, usize)| RankedCause {
        id: cause.id,
        text: filled(cause.text),
        place: place(cause, at),
    };
    Some(Explanation {
        provider: call.provider().filter(|_| entry.shows != Shows::Nothing),
        shows_keys: entry.shows == Shows::Keys,
        causes: left.iter().zip(0..).map(ranked).collect(),
        ruled_out,
        hint: filled(&hint),
    })
}

#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod scope_tests;
#[cfg(test)]
mod tests;
