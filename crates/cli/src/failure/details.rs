//! The facts that are printed between the causes of a failure and its hint, decided before anything is rendered.

/// The facts, each kind once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// The claims to compare with the trust policy.
    pub(super) token: Option<String>,
    /// The verdict of the role's trust policy on the token, if the user names its file.
    pub(super) policy: Option<String>,
    /// The conditions of that policy that deny the token.
    pub(super) failing_conditions: Vec<String>,
    /// Possible causes, the most likely first.
    pub(super) causes: Vec<PossibleCause>,
    /// What cannot be the cause, and why.
    pub(super) ruled_out: Vec<String>,
    /// The identity provider that the role's account needs.
    pub(super) provider: Option<String>,
    /// The condition keys that a trust policy can compare, with the token's values.
    pub(super) condition_keys: Vec<(String, String)>,
}

/// A possible cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PossibleCause {
    /// Its id.
    pub(super) id: String,
    /// A sentence without a full stop.
    pub(super) text: String,
}

impl PossibleCause {
    /// A cause with its id.
    pub(super) fn new(id: &str, text: &str) -> Self {
        Self { id: id.to_owned(), text: text.to_owned() }
    }
}

impl Details {
    /// A label and a text for each line, the claims first.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines: Vec<(&'static str, String)> = Vec::new();
        lines.extend(self.token.iter().map(|token| ("token:", token.clone())));
        lines.extend(self.policy.iter().map(|policy| ("policy:", policy.clone())));
        lines.extend(self.failing_conditions.iter().map(|condition| ("fails:", condition.clone())));
        for (at, PossibleCause { id, text }) in self.causes.iter().enumerate() {
            lines.push((if at == 0 { "likely:" } else { "or:" }, format!("{text} ({id})")));
        }
        if !self.ruled_out.is_empty() {
            lines.push(("ruled out:", self.ruled_out.join(", ")));
        }
        lines.extend(self.provider.iter().map(|arn| ("provider:", format!("`{arn}`"))));
        lines.extend(self.condition_keys.iter().map(|(key, value)| ("key:", format!("`{key}` = `{value}`"))));
        lines
    }
}
