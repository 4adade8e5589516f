//! A trust policy whose file the user has, compared with a token: one judgement for `trust test`, for a denial by
//! STS, and for `preflight`.

use std::path::{Path, PathBuf};

use aws::{Arn, RoleArn, SessionName};
use oidc::Token;
use trust_policy::{
    ConditionKeys, Explanation, Principal, RequestContext, TokenClaims, TrustPolicy, WebIdentity, explain,
};

use crate::io::clock;
use crate::trust::trust_file::{self, TrustFileError};

/// The policy of one role, every part of it known.
#[derive(Debug)]
pub(crate) struct KnownPolicy {
    /// The file that it came from.
    pub(crate) path: PathBuf,
    policy: TrustPolicy,
}

impl KnownPolicy {
    /// Reads the only policy of a file.
    pub(crate) fn read(path: &Path) -> Result<Self, TrustFileError> {
        Ok(Self { path: path.to_owned(), policy: trust_file::one(path)? })
    }

    /// What it says to these claims, in a session of this name. The provider is that of the role's account; without
    /// a role of the account that the policy itself names, and `None` where it names none.
    pub(crate) fn judge(
        &self,
        claims: &TokenClaims,
        role: Option<&RoleArn>,
        session_name: &SessionName,
    ) -> Option<Explanation> {
        let (partition, account) = match role {
            Some(role) => (role.partition_name().to_owned(), role.account().to_string()),
            None => self.place()?,
        };
        let circumstances = RequestContext {
            session_name: Some(session_name.as_str()),
            epoch_seconds: Some(clock::now().unix_seconds()),
            source_ip: None,
        };
        let identity = WebIdentity {
            provider_arn: claims.issuer().provider_arn(&partition, &account),
            keys: ConditionKeys::from_token(claims).with_context(&circumstances),
        };
        Some(explain(&self.policy, &identity))
    }

    /// The same for a token; `None` also where STS would not look at its claims.
    pub(crate) fn judge_token(
        &self,
        token: &Token,
        role: &RoleArn,
        session_name: &SessionName,
    ) -> Option<Explanation> {
        self.judge(&token.claims_json().parse().ok()?, Some(role), session_name)
    }

    /// The partition and the account of the provider that the policy trusts: there the role has to be.
    fn place(&self) -> Option<(String, String)> {
        self.policy.statements.iter().find_map(|statement| {
            let Principal::Named(kinds) = &statement.principal else { return None };
            let arns = kinds.0.iter().filter(|(kind, _)| kind == "Federated").flat_map(|(_, arns)| &arns.0);
            arns.into_iter().find_map(|arn| match Arn::parse(arn)? {
                Arn { partition, service: "iam", region: "", account, .. } if !account.is_empty() => {
                    Some((partition.to_owned(), account.to_owned()))
                }
                _ => None,
            })
        })
    }
}
