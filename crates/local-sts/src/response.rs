//! Responses as values: status, headers, body, and how much of it reaches the client. Separate from the
//! connection, which only sends them.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    clock::rfc3339,
    fault::{PROPAGATED_CLAIM, PROPAGATED_SUBJECT},
    limits::SESSION_TOKEN_LIMIT,
    random,
    refusal::Refusal,
    session::{CallerIdentity, GrantedSession, ResponseDetails},
    xml::{Element, document},
};

const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The namespace of errors that occur before the operation is known.
const DISPATCH_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StsResponse {
    pub(crate) status: u16,
    /// Besides those that every HTTP response has.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// How it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transmission {
    Complete(StsResponse),
    Delayed(Duration, StsResponse),
    /// Half of the body, then a connection reset.
    ResetInBody(StsResponse),
    /// The connection ends without a response.
    ConnectionClosed,
    /// The connection stays open without a response.
    NoResponse,
}

impl StsResponse {
    /// A status, a content type and a body that did not come from AWS.
    pub(crate) fn page(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    /// An empty redirect.
    pub(crate) fn redirect(location: &str) -> Self {
        Self { status: 302, headers: vec![("location", location.to_owned())], body: Vec::new() }
    }

    /// A status and nothing else.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// Credentials. The order of the elements is that of recorded responses, not that of the model.
    pub(crate) fn credentials(session: &GrantedSession, now: i64) -> Self {
        let text = |name, value: &str| Element::Text(name, value.to_owned());
        let credentials = &session.credentials;
        let assumed = Element::Tree(
            "AssumedRoleUser",
            vec![text("AssumedRoleId", &session.identity.user_id), text("Arn", &session.identity.arn)],
        );
        let credentials_element = Element::Tree(
            "Credentials",
            vec![
                text("AccessKeyId", &credentials.access_key_id),
                text("SecretAccessKey", &credentials.secret_access_key),
                text("SessionToken", &credentials.session_token),
                text("Expiration", &rfc3339(credentials.expires_at)),
            ],
        );
        match &session.details {
            ResponseDetails::WebIdentity { provider_arn, audience, subject, identity_context } => {
                let used = credentials.session_token.len() * 100 / SESSION_TOKEN_LIMIT;
                let mut result = vec![
                    text("Audience", audience),
                    assumed,
                    text("Provider", provider_arn),
                    credentials_element,
                    text("SubjectFromWebIdentityToken", subject),
                    text("PackedPolicySize", &used.to_string()),
                ];
                result.extend(identity_context.then(|| context_of(provider_arn)));
                let (root, result_name) =
                    ("AssumeRoleWithWebIdentityResponse", "AssumeRoleWithWebIdentityResult");
                Self::succeeded(root, result_name, result, now)
            }
            ResponseDetails::AssumeRole { packed_policy_size } => {
                let mut result = vec![assumed, credentials_element];
                result.extend(packed_policy_size.map(|size| text("PackedPolicySize", &size.to_string())));
                let source_identity = session.chain_attributes.source_identity.as_deref();
                result.extend(source_identity.map(|identity| text("SourceIdentity", identity)));
                Self::succeeded("AssumeRoleResponse", "AssumeRoleResult", result, now)
            }
            ResponseDetails::Scoped => {
                let size = credentials.session_token.len();
                let used = (size * 100).div_ceil(SESSION_TOKEN_LIMIT);
                let session_info = vec![
                    text("ScopedSessionId", &session.identity.user_id),
                    text("Arn", &session.identity.arn),
                ];
                let mut result = vec![
                    credentials_element,
                    Element::Tree("SessionInfo", session_info),
                    text("ScopedPoliciesCount", &session.scope_policies.len().to_string()),
                    text("SessionTokenSize", &size.to_string()),
                    text("SessionTokenUtilization", &used.to_string()),
                ];
                let source_identity = session.chain_attributes.source_identity.as_deref();
                result.extend(source_identity.map(|identity| text("SourceIdentity", identity)));
                Self::succeeded("GetScopedCredentialsResponse", "GetScopedCredentialsResult", result, now)
            }
        }
    }

    /// The response of GetCallerIdentity.
    pub(crate) fn caller_identity(identity: &CallerIdentity, now: i64) -> Self {
        let result = vec![
            Element::Text("Arn", identity.arn.clone()),
            Element::Text("UserId", identity.user_id.clone()),
            Element::Text("Account", identity.account.clone()),
        ];
        Self::succeeded("GetCallerIdentityResponse", "GetCallerIdentityResult", result, now)
    }

    /// A refusal in AWS's error document.
    pub(crate) fn refused(refusal: &Refusal, now: i64) -> Self {
        let (status, code) = refusal.status_and_code();
        let fault_side = if status < 500 { "Sender" } else { "Receiver" };
        let mut error =
            vec![Element::Text("Type", fault_side.to_owned()), Element::Text("Code", code.to_owned())];
        error.extend(refusal.message().map(|message| Element::Text("Message", message)));
        let namespace = match refusal {
            Refusal::UnknownOperation { .. } => DISPATCH_NAMESPACE,
            _ => STS_NAMESPACE,
        };
        let id = random::request_id();
        let content = [Element::Tree("Error", error), Element::Text("RequestId", id.clone())];
        Self::xml(status, &id, &document("ErrorResponse", namespace, &content), now)
    }

    fn succeeded(root: &'static str, result: &'static str, fields: Vec<Element>, now: i64) -> Self {
        let id = random::request_id();
        let metadata = Element::Tree("ResponseMetadata", vec![Element::Text("RequestId", id.clone())]);
        let content = [Element::Tree(result, fields), metadata];
        Self::xml(200, &id, &document(root, STS_NAMESPACE, &content), now)
    }

    fn xml(status: u16, request_id: &str, body: &str, now: i64) -> Self {
        let served_by = format!("1:us-east-1:S:{}:R:{}", now * 1000, random::nonce());
        let headers = vec![
            ("content-type", "text/xml".to_owned()),
            ("x-amzn-requestid", request_id.to_owned()),
            ("x-amz-sts-extended-request-id", STANDARD.encode(served_by)),
        ];
        Self { status, headers, body: body.as_bytes().to_vec() }
    }
}

/// What STS tells of the person whom the token is about (facts/aws-2026.md 2.5).
fn context_of(provider_arn: &str) -> Element {
    let text = |name, value: &str| Element::Text(name, value.to_owned());
    let origin = vec![
        text("Subject", PROPAGATED_SUBJECT),
        text("SubjectType", "user"),
        text("Issuer", "oidc.circleci.com"),
        text("FederatedProviderArn", provider_arn),
    ];
    let entry = Element::Tree("entry", vec![text("key", "claim"), text("value", PROPAGATED_CLAIM)]);
    let transaction = vec![Element::Tree("IdentityProvider", vec![entry])];
    let context =
        vec![Element::Tree("OriginIdentity", origin), Element::Tree("TransactionContext", transaction)];
    Element::Tree("TrustedIdentityPropagationContext", context)
}
