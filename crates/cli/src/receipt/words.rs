//! The words of a receipt: stable, because scripts compare them.

use oidc::{TokenForm, TokenOrigin};

/// Where a token came from, as `--token-source` names it.
pub(super) fn source(origin: &TokenOrigin) -> &'static str {
    match origin {
        TokenOrigin::CircleciV2 => "circleci-v2",
        TokenOrigin::CircleciV1 => "circleci-v1",
        TokenOrigin::Minted => "mint",
        TokenOrigin::Github => "github",
        TokenOrigin::File(_) => "file",
        TokenOrigin::Variable(_) => "env",
    }
}

/// What form a token has, wherever it came from.
pub(super) fn form(form: TokenForm) -> &'static str {
    match form {
        TokenForm::V1 => "v1",
        TokenForm::V2 => "v2",
        TokenForm::CustomWebhook => "custom-webhook",
        TokenForm::Other => "other",
    }
}
