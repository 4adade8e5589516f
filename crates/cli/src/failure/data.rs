//! A failure as data, for the receipt: everything that `--details` prints, each fact under its own name.

use serde::Serialize;

use super::Failure;
use super::details::PossibleCause;
use crate::report::Report;

/// A failure. What is unknown or does not apply is left out.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FailureData {
    /// The code of the process; of a part of a failure, the code that it alone would have.
    exit_code: u8,
    /// What could not be done.
    message: String,
    /// Why, from the outside in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caused_by: Vec<String>,
    /// AWS's error code, if STS refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The ID of the refused request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// The job in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
    /// The claims of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The token with the other form of `sub`, if STS denied that too.
    #[serde(skip_serializing_if = "Option::is_none")]
    also_denied: Option<String>,
    /// The verdict of the file of `--trust-policy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    /// The conditions of that policy that deny the token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fails: Vec<String>,
    /// The likely causes, the most likely first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<CauseData>,
    /// What cannot be the cause, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ruled_out: Vec<String>,
    /// The identity provider that the role's account needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The failure of each profile, or of several with the same reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Self>,
}

/// A likely cause.
#[derive(Debug, Clone, Serialize)]
struct CauseData {
    /// Its stable id, as in docs/refusals.md.
    id: String,
    /// A sentence.
    text: String,
}

impl Failure {
    /// The code of the process.
    pub(crate) fn exit_code(&self) -> u8 {
        self.status as u8
    }

    /// The failure as data. Its texts are those that are printed.
    pub(crate) fn data(&self, report: &Report) -> FailureData {
        let shown = |text: &String| report.shown(text);
        let optional = |text: &Option<String>| text.as_ref().map(shown);
        let all = |texts: &[String]| texts.iter().map(shown).collect();
        let details = &self.details;
        let cause = |cause: &PossibleCause| CauseData { id: cause.id.clone(), text: shown(&cause.text) };
        FailureData {
            exit_code: self.exit_code(),
            message: shown(&self.message),
            caused_by: all(&self.causes),
            code: details.refusal.as_ref().map(|refusal| shown(&refusal.code)),
            request_id: details.refusal.as_ref().and_then(|refusal| optional(&refusal.request_id)),
            job: optional(&details.job),
            token: optional(&details.token),
            also_denied: optional(&details.also_denied),
            policy: optional(&details.policy),
            fails: all(&details.failing_conditions),
            causes: details.causes.iter().map(cause).collect(),
            ruled_out: all(&details.ruled_out),
            provider: optional(&details.provider),
            hint: optional(&self.hint),
            parts: self.parts.iter().map(|part| part.data(report)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ExitStatus;
    use super::*;
    use crate::io::environment::Environment;
    use crate::settings::Inputs;
    use crate::settings::flags::Flags;

    #[test]
    fn the_texts_name_what_the_user_typed_and_hold_no_secret() {
        let environment = Environment::from([("INSTALL_AWS_OIDC_CALLER", "orb")]);
        let report = Report::new(Inputs { flags: &Flags::default(), environment: &environment });
        let failure = Failure::new(ExitStatus::Guard, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\u{1b}")
            .hint("set `--role-arn`");
        let data = serde_json::to_value(failure.data(&report)).unwrap();
        assert_eq!(data["exit_code"], 7);
        assert_eq!(data["message"], "[withheld]\u{fffd}");
        assert_eq!(data["hint"], "set `role-arn`");
        assert_eq!(data.as_object().unwrap().len(), 3, "what does not apply is left out: {data}");
    }
}
