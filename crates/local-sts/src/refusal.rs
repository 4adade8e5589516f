//! Every refusal of this STS: code, status and text as recorded from AWS. Separate from the checks, so that the texts
//! are in one place.

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The operation does not exist in this version of the API.
    UnknownOperation { operation: String, version: Option<String> },
    /// A value of the wrong type; AWS mostly gives no message.
    MalformedInput(Option<&'static str>),
    /// A value outside its limits, or an ARN that is not a role's.
    Validation(String),
    /// The identity token is not usable.
    InvalidIdentityToken(TokenError),
    /// The identity token has expired. The tolerance is already subtracted from `now`.
    IdentityTokenExpired { now: i64, expires: i64 },
    /// `sub` is null, for which AWS returns an internal error.
    UnknownTokenError,
    /// The trust policy does not allow the token, or the role does not exist: AWS does not say which.
    NotAuthorized,
    /// The trust policy of `role` does not allow `action`, or the role does not exist.
    RoleNotAuthorized { caller: String, action: &'static str, role: String },
    /// A session policy that is not a JSON object.
    MalformedPolicy,
    /// Policies and tags use this percentage of their limit.
    PackedPolicyTooLarge(usize),
    /// Scoped credentials would be valid for longer than the session.
    SessionTooShort,
    /// A scope policy, or their number, keeps the session from narrowing itself. AWS's text is not known.
    ScopeDenied { caller: String, reason: &'static str },
    /// On demand: the session that signed cannot be resolved. AWS's text is not known.
    InvalidSubject,
    /// The call needs a signature and has none.
    NotSigned,
    /// The `Authorization` header is malformed.
    IncompleteSignature(&'static str),
    /// The access key does not exist, or the session token belongs to another one.
    UnknownKey,
    /// The credentials have expired.
    CredentialsExpired,
    /// The credential scope, time, secret or content does not match.
    Signature(String),
    /// On demand: STS is not activated for the account in this Region.
    RegionDisabled { account: String },
    /// What AWS never says.
    RoleNotFound,
    /// On demand: too many calls.
    Throttled,
    /// On demand: an internal error of AWS.
    InternalFailure,
    /// On demand: the service is unavailable.
    Unavailable,
    /// On demand: AWS did not reach the issuer.
    IssuerNotReached,
}

/// What is wrong with an identity token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenError {
    NotAJwt,
    NotFromAmazon,
    MissingClaim(&'static str),
    EmptyAudience,
    SeveralAudiences,
    InvalidTimestamp,
    IssuedInTheFuture(i64),
    NotYetValid { now: i64, not_before: i64 },
    NoProvider(String),
    NoKey,
    Thumbprint,
    NotValidated,
}

impl Refusal {
    /// HTTP status and error code.
    pub(crate) fn status_and_code(&self) -> (u16, &'static str) {
        match self {
            Self::UnknownOperation { .. } => (400, "InvalidAction"),
            Self::MalformedInput(_) => (400, "MalformedInput"),
            Self::Validation(_) => (400, "ValidationError"),
            Self::InvalidIdentityToken(_) => (400, "InvalidIdentityToken"),
            Self::IdentityTokenExpired { .. } => (400, "ExpiredTokenException"),
            Self::UnknownTokenError | Self::InternalFailure => (500, "InternalFailure"),
            Self::NotAuthorized
            | Self::RoleNotAuthorized { .. }
            | Self::ScopeDenied { .. }
            | Self::RoleNotFound => (403, "AccessDenied"),
            Self::SessionTooShort => (400, "InsufficientSessionLifetime"),
            Self::InvalidSubject => (400, "InvalidSubjectCredentials"),
            Self::MalformedPolicy => (400, "MalformedPolicyDocument"),
            Self::PackedPolicyTooLarge(_) => (400, "PackedPolicyTooLarge"),
            Self::NotSigned => (403, "MissingAuthenticationToken"),
            Self::IncompleteSignature(_) => (400, "IncompleteSignature"),
            Self::UnknownKey => (403, "InvalidClientTokenId"),
            Self::CredentialsExpired => (403, "ExpiredToken"),
            Self::Signature(_) => (403, "SignatureDoesNotMatch"),
            Self::RegionDisabled { .. } => (403, "RegionDisabledException"),
            Self::Throttled => (400, "Throttling"),
            Self::Unavailable => (503, "ServiceUnavailable"),
            Self::IssuerNotReached => (400, "IDPCommunicationError"),
        }
    }

    /// The text of `<Message>`, if there is one.
    pub(crate) fn message(&self) -> Option<String> {
        let fixed = match self {
            Self::UnknownOperation { operation, version } => {
                let version = version.as_deref().unwrap_or("NO_VERSION_SPECIFIED");
                return Some(format!("Could not find operation {operation} for version {version}"));
            }
            Self::MalformedInput(text) => return text.map(str::to_owned),
            Self::Validation(text) | Self::Signature(text) => text,
            Self::InvalidIdentityToken(error) => return Some(error.message()),
            Self::IdentityTokenExpired { now, expires } => {
                return Some(format!(
                    "Token expired: current date/time {now} must be before the expiration date/time {expires}"
                ));
            }
            Self::UnknownTokenError => "Unknown error validating third-party token",
            Self::NotAuthorized => "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            Self::RoleNotAuthorized { caller, action, role } => {
                return Some(format!(
                    "User: {caller} is not authorized to perform: {action} on resource: {role}"
                ));
            }
            Self::ScopeDenied { caller, reason } => {
                return Some(format!(
                    "User: {caller} is not authorized to perform: sts:GetScopedCredentials on resource: * {reason}"
                ));
            }
            Self::SessionTooShort => {
                "The requested DurationSeconds exceeds the remaining lifetime of the session"
            }
            Self::InvalidSubject => "The credentials of the calling session could not be validated",
            Self::MalformedPolicy => "Syntax errors in policy.",
            Self::PackedPolicyTooLarge(percent) => {
                return Some(format!("Packed policy consumes {percent}% of allotted space"));
            }
            Self::NotSigned => "Request is missing Authentication Token",
            Self::IncompleteSignature(text) => text,
            Self::UnknownKey => "The security token included in the request is invalid.",
            Self::CredentialsExpired => "The security token included in the request is expired",
            Self::RegionDisabled { account } => {
                return Some(format!(
                    "STS is not activated in this region for account:{account}. Your account administrator can \
                     activate STS in this region using the IAM Console."
                ));
            }
            Self::RoleNotFound => "role not found",
            Self::Throttled => "Rate exceeded",
            Self::InternalFailure => "The request failed for a reason inside the service",
            Self::Unavailable => "The service can't answer at the moment",
            Self::IssuerNotReached => "The identity provider didn't answer",
        };
        Some(fixed.to_owned())
    }
}

impl TokenError {
    fn message(&self) -> String {
        let fixed = match self {
            Self::NotAJwt => {
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
            }
            Self::NotFromAmazon => "Provided Token is not a Login With Amazon token",
            Self::MissingClaim(name) => return format!("Missing a required claim: {name}"),
            Self::EmptyAudience => "Claim is not allowed to be empty: aud",
            Self::SeveralAudiences => {
                "Token audience contains more than one audience while authorized party is not present"
            }
            Self::InvalidTimestamp => "Invalid timestamp in token claims.",
            Self::IssuedInTheFuture(at) => return format!("Token issued in the future: {at}"),
            Self::NotYetValid { now, not_before } => {
                return format!(
                    "Token not yet valid: current date/time {now} must be after or equal to the not-before \
                     date/time {not_before}"
                );
            }
            Self::NoProvider(issuer) => {
                return format!("No OpenIDConnect provider found in your account for {issuer}");
            }
            // Both spaces are AWS's.
            Self::NoKey => {
                "Couldn't retrieve verification key from your identity provider,  please reference \
                 AssumeRoleWithWebIdentity documentation for requirements"
            }
            Self::Thumbprint => {
                "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
            }
            Self::NotValidated => {
                "The web identity token provided could not be validated. See the \
                 AssumeRoleWithWebIdentity documentation for requirements."
            }
        };
        fixed.to_owned()
    }
}
