//! A refusal's explanation as lines of an error: what may be behind it, the most probable first, then what IAM
//! compares. Few enough to be read in a log at night; the page of all causes is crates/sts/REFUSALS.md.

use sts::Explanation;

use super::Failure;

/// Further ones are for the page.
const MOST_CAUSES: usize = 3;

impl Failure {
    /// Adds what is known of the refusal. The one hint is that of the explanation.
    pub(super) fn explained(mut self, explanation: Explanation) -> Self {
        let Explanation { provider, keys, causes, ruled_out, hint, .. } = explanation;
        for cause in causes.into_iter().take(MOST_CAUSES) {
            self = self.possible(cause.id, &cause.says);
        }
        if !ruled_out.is_empty() {
            self.details.push(("ruled out:", ruled_out.join(", ")));
        }
        self.details.extend(provider.map(|arn| ("provider:", format!("`{arn}`"))));
        self.details.extend(keys.into_iter().map(|(key, value)| ("key:", format!("`{key}` = `{value}`"))));
        self.hint(hint)
    }

    /// Adds a cause, less probable than those before it.
    pub(super) fn possible(mut self, id: &str, says: &str) -> Self {
        let is_first = self.details.iter().all(|(label, _)| *label != LIKELY);
        self.details.push((if is_first { LIKELY } else { "or:" }, format!("{says} ({id})")));
        self
    }
}

const LIKELY: &str = "likely:";
