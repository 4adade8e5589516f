//! A denial by STS beside the role's trust policy, if the user has it at hand: what is certain takes the place of
//! what is likely.

use trust_policy::{Explanation, Verdict};

use super::Failure;
use crate::exchange::flow::{ExchangeError, Failed, Step};
use crate::exchange::sts_client::CallError;
use crate::trust::explanation;
use crate::trust::known_policy::KnownPolicy;

/// Further ones are for `trust test`.
const MOST_CONDITIONS: usize = 3;

/// Guesses, which a verdict makes needless, and keys, which the conditions show.
const REPLACED: [&str; 4] = ["likely:", "or:", "ruled out:", "key:"];

impl Failure {
    /// Adds what the policy says to the token that was denied.
    pub(crate) fn judged_by(self, known: &KnownPolicy, failed: &Failed<'_>) -> Self {
        let (Step::Token { asked, found, .. }, ExchangeError::Call(CallError::Sts(_))) =
            (&failed.step, &failed.error)
        else {
            return self;
        };
        if !failed.error.is_access_denied() {
            return self;
        }
        match known.judge_token(found, asked.role, asked.session_name) {
            Some(explanation) => self.with_verdict(&explanation, known),
            None => self,
        }
    }

    fn with_verdict(mut self, explanation: &Explanation, known: &KnownPolicy) -> Self {
        let path = known.path.display();
        let nearest = explanation.nearest.clone();
        match &explanation.verdict {
            Verdict::Denied { .. } => {
                self.details.retain(|(label, _)| !REPLACED.contains(label));
                let because = nearest.map(|nearest| format!(": {nearest}")).unwrap_or_default();
                self.details.push(("policy:", format!("`{path}` does not let this token in{because}")));
                let failing = explanation::failing_conditions(explanation).into_iter().take(MOST_CONDITIONS);
                self.details.extend(failing.map(|condition| ("fails:", condition)));
                self.hint(format!("`circleci-aws-oidc trust test --policy {path}` shows every part of it"))
            }
            Verdict::Unknown { .. } => {
                let because = nearest.unwrap_or_else(|| "it can't be judged from here".to_owned());
                self.details.push(("policy:", format!("`{path}`: {because}")));
                self
            }
            Verdict::Allowed => {
                self.details.retain(|(label, _)| !REPLACED.contains(label));
                self.details
                    .push(("policy:", format!("`{path}` lets this token in, so something else denies it")));
                self = self
                    .possible("policy-not-deployed", "the role's policy in IAM is another than the file")
                    .possible("role-missing", "there is no role of this name in the account")
                    .possible("another-policy", "a service or resource control policy denies the call");
                self.hint(format!(
                    "compare `{path}` with what `aws iam get-role` prints for the role; a change may take some \
                     seconds to count"
                ))
            }
        }
    }
}
