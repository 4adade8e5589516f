//! A signed call, checked in the order of STS: scope, time, access key and token, signature. Separate from `signature`,
//! which only calculates.

use crate::{
    clock::{compact, parse_compact},
    refusal::Refusal,
    session::GrantedSession,
    signature::{CanonicalRequest, Scope, sha256, sign},
};

/// How much the signer's clock may differ, in seconds.
const TOLERANCE: i64 = 15 * 60;

const SIGNATURE_MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your \
                        AWS Secret Access Key and signing method. Consult the service documentation for details.";

/// What a signature covers, as it was received.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedCall<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Names in lower case.
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

/// The session whose credentials signed the call: `known` finds the session of an access key ID.
pub(crate) fn verify(
    call: &SignedCall<'_>,
    known: impl Fn(&str) -> Option<GrantedSession>,
    now: i64,
) -> Result<GrantedSession, Refusal> {
    let authorization = call.header("authorization").ok_or(Refusal::NotSigned)?;
    let credential = Authorization::parse(&authorization)?;
    let timestamp = call
        .header("x-amz-date")
        .ok_or(Refusal::IncompleteSignature("the request has no 'X-Amz-Date' header"))?;
    check_scope(credential.scope)?;
    check_time(&timestamp, credential.scope, now)?;
    let session = known(credential.access_key_id).ok_or(Refusal::UnknownKey)?;
    if call.header("x-amz-security-token").as_deref() != Some(session.credentials.session_token.as_str()) {
        return Err(Refusal::UnknownKey);
    }
    if now >= session.credentials.expires_at {
        return Err(Refusal::CredentialsExpired);
    }
    let mismatch = || Refusal::Signature(SIGNATURE_MISMATCH.to_owned());
    let covers = |name: &str| credential.signed_headers.contains(&name);
    if !["host", "x-amz-date", "x-amz-security-token"].into_iter().all(covers) {
        return Err(mismatch());
    }
    if call.header("x-amz-content-sha256").is_some_and(|claimed| claimed != sha256(call.body)) {
        return Err(mismatch());
    }
    let headers =
        credential.signed_headers.iter().map(|&name| (name, call.header(name).unwrap_or_default())).collect();
    let request = CanonicalRequest {
        method: call.method,
        path: call.path,
        query: call.query,
        headers,
        body: call.body,
    };
    let expected = sign(&request, &session.credentials.secret_access_key, credential.scope, &timestamp);
    if expected == credential.signature { Ok(session) } else { Err(mismatch()) }
}

impl SignedCall<'_> {
    /// The access key ID that the signature names.
    pub(crate) fn access_key_id(&self) -> Option<String> {
        let authorization = self.header("authorization")?;
        Authorization::parse(&authorization).ok().map(|credential| credential.access_key_id.to_owned())
    }

    /// All values of a header, joined as a signature joins them.
    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> =
            self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(","))
    }
}

/// The `Authorization` header in its parts.
struct Authorization<'a> {
    access_key_id: &'a str,
    scope: Scope<'a>,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Result<Self, Refusal> {
        let incomplete = Refusal::IncompleteSignature;
        let fields = header
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .ok_or(incomplete("the Authorization header isn't of the form 'AWS4-HMAC-SHA256 …'"))?;
        let field = |name: &str| fields.split(',').find_map(|field| field.trim().strip_prefix(name));
        let credential =
            field("Credential=").ok_or(incomplete("the Authorization header has no 'Credential'"))?;
        let signed_headers =
            field("SignedHeaders=").ok_or(incomplete("the Authorization header has no 'SignedHeaders'"))?;
        let signature =
            field("Signature=").ok_or(incomplete("the Authorization header has no 'Signature'"))?;
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = parts[..] else {
            return Err(incomplete(
                "the 'Credential' isn't of the form 'KEY/DATE/REGION/SERVICE/aws4_request'",
            ));
        };
        Ok(Self {
            access_key_id,
            scope: Scope { date, region, service },
            signed_headers: signed_headers.split(';').collect(),
            signature,
        })
    }
}

/// The endpoint on loopback stands for every Region's, so every text in the form of a Region is accepted.
fn check_scope(scope: Scope<'_>) -> Result<(), Refusal> {
    let parts: Vec<&str> = scope.region.split('-').collect();
    let is_region = match &parts[..] {
        [words @ .., number] => {
            words.len() >= 2
                && words.iter().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
                && number.parse::<u8>().is_ok()
        }
        [] => false,
    };
    // The trailing spaces are AWS's.
    if !is_region {
        return Err(Refusal::Signature("Credential should be scoped to a valid region. ".to_owned()));
    }
    if scope.service != "sts" {
        return Err(Refusal::Signature("Credential should be scoped to correct service: 'sts'. ".to_owned()));
    }
    Ok(())
}

fn check_time(timestamp: &str, scope: Scope<'_>, now: i64) -> Result<(), Refusal> {
    let sent = parse_compact(timestamp).ok_or(Refusal::IncompleteSignature(
        "the 'X-Amz-Date' header isn't of the form 'YYYYMMDDTHHMMSSZ'",
    ))?;
    if !timestamp.starts_with(scope.date) {
        return Err(Refusal::Signature(SIGNATURE_MISMATCH.to_owned()));
    }
    let (earliest, latest, server) = (now - TOLERANCE, now + TOLERANCE, compact(now));
    if sent < earliest {
        return Err(Refusal::Signature(format!(
            "Signature expired: {timestamp} is now earlier than {} ({server} - 15 min.)",
            compact(earliest)
        )));
    }
    if sent > latest {
        return Err(Refusal::Signature(format!(
            "Signature not yet current: {timestamp} is still later than {} ({server} + 15 min.)",
            compact(latest)
        )));
    }
    Ok(())
}

#[cfg(test)]
#[path = "signed_call_tests.rs"]
mod tests;
