//! The facts that are printed between the causes of a failure and its hint, decided before anything is rendered.

use std::borrow::Cow;

use sts::ListPlace;

/// The lines of a short list; the page of all causes is docs/refusals.md.
const MOST_CAUSES: usize = 3;

/// The facts, each kind once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// Whether STS denied the request: then only `--details` prints every fact.
    pub(super) is_denial: bool,
    /// AWS's code and the request, if STS refused.
    pub(super) refusal: Option<RefusalFacts>,
    /// The job in words, in place of the two claims below.
    pub(super) job: Option<String>,
    /// The token with the other form of `sub`, if STS denied that too.
    pub(super) also_denied: Option<String>,
    /// The claims to compare with the trust policy.
    pub(super) token: Option<String>,
    /// The verdict of the role's trust policy on the token, if the user names its file.
    pub(super) policy: Option<String>,
    /// The conditions of that policy that deny the token.
    pub(super) failing_conditions: Vec<String>,
    /// All possible causes, the most likely first.
    pub(super) causes: Vec<PossibleCause>,
    /// What stands for them without `--details`.
    pub(super) short_list: ShortList,
    /// What cannot be the cause, and why.
    pub(super) ruled_out: Vec<String>,
    /// The identity provider that the role's account needs.
    pub(super) provider: Option<String>,
    /// The condition keys that a trust policy can compare, with the token's values.
    pub(super) condition_keys: Vec<(String, String)>,
    /// All facts of a failure of another process, as they are printed.
    pub(super) remembered: Vec<(String, String)>,
    /// What `credential-process` has logged before.
    pub(super) logged: Vec<String>,
}

/// A refusal by STS, for data: the text of the error has both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefusalFacts {
    /// AWS's code.
    pub(super) code: String,
    /// The ID of the request.
    pub(super) request_id: Option<String>,
}

/// The causes in a few lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum ShortList {
    /// Made of the causes.
    #[default]
    OfCauses,
    /// These lines, which several failures have in common.
    Common(Vec<String>),
    /// Printed once for several failures.
    Elsewhere,
}

/// A possible cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PossibleCause {
    /// Its id.
    pub(super) id: String,
    /// A sentence without a full stop.
    pub(super) text: String,
    /// Where a short list has it.
    pub(super) place: ListPlace,
}

impl PossibleCause {
    /// A cause with its id, on a line of its own.
    pub(super) fn new(id: &str, text: &str) -> Self {
        Self { id: id.to_owned(), text: text.to_owned(), place: ListPlace::Own }
    }

    /// On a line of its own.
    fn line(&self) -> String {
        format!("{} ({})", self.text, self.id)
    }

    /// On one line with others, where the id says most.
    fn part(&self, words: &str) -> String {
        if words.is_empty() { self.id.clone() } else { format!("{} ({words})", self.id) }
    }
}

impl Details {
    /// A few causes, a line each; the last line has all causes that can share one.
    pub(super) fn short_causes(&self) -> Vec<String> {
        match &self.short_list {
            ShortList::Common(lines) => return lines.clone(),
            ShortList::Elsewhere => return Vec::new(),
            ShortList::OfCauses => {}
        }
        let shared = self.causes.iter().filter_map(|cause| match &cause.place {
            ListPlace::Shared(words) => Some(cause.part(words)),
            ListPlace::Own | ListPlace::FullList => None,
        });
        let shared = Some(shared.collect::<Vec<_>>().join("; ")).filter(|line| !line.is_empty());
        let own = self.causes.iter().filter(|cause| cause.place == ListPlace::Own);
        own.take(MOST_CAUSES - usize::from(shared.is_some())).map(PossibleCause::line).chain(shared).collect()
    }

    /// A label and a text for each line, the claims first.
    pub(super) fn lines(&self, all: bool) -> Vec<(Cow<'_, str>, String)> {
        let own = self.of_failure(all).into_iter().map(|(label, text)| (Cow::Borrowed(label), text));
        let remembered =
            self.remembered.iter().map(|(label, text)| (Cow::Borrowed(label.as_str()), text.clone()));
        let logged = self.logged.iter().map(|line| (Cow::Borrowed("log:"), line.clone()));
        own.chain(remembered).chain(logged).collect()
    }

    fn of_failure(&self, all: bool) -> Vec<(&'static str, String)> {
        let mut lines: Vec<(&'static str, String)> = Vec::new();
        if let Some(job) = self.job.as_ref().filter(|_| !all) {
            lines.push(("job:", job.clone()));
        } else {
            lines.extend(self.also_denied.iter().map(|denied| ("caused by:", denied.clone())));
            lines.extend(self.token.iter().map(|token| ("token:", token.clone())));
        }
        lines.extend(self.policy.iter().map(|policy| ("policy:", policy.clone())));
        lines.extend(self.failing_conditions.iter().map(|condition| ("fails:", condition.clone())));
        let causes =
            if all { self.causes.iter().map(PossibleCause::line).collect() } else { self.short_causes() };
        for (cause, at) in causes.into_iter().zip(0..) {
            lines.push((if at == 0 { "likely:" } else { "or:" }, cause));
        }
        if self.is_denial && !all {
            return lines;
        }
        if !self.ruled_out.is_empty() {
            lines.push(("ruled out:", self.ruled_out.join(", ")));
        }
        lines.extend(self.provider.iter().map(|arn| ("provider:", format!("`{arn}`"))));
        lines.extend(self.condition_keys.iter().map(|(key, value)| ("key:", format!("`{key}` = `{value}`"))));
        lines
    }
}
