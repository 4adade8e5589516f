//! A role's trust policy from a file, compared with a token: for `trust test`, for a denial by STS, and for
//! `preflight`.

use std::path::{Path, PathBuf};

use aws::{Arn, RoleArn, SessionName};
use oidc::Token;
use trust_policy::{
    ConditionKeys, Explanation, Principal, RequestContext, TokenClaims, TrustPolicy, WebIdentity, explain,
};

use crate::io::clock;
use crate::trust::trust_file::{self, TrustFileError};

/// The policy of one role, without unknown parts.
#[derive(Debug)]
pub(crate) struct KnownPolicy {
    /// The file that it came from.
    pub(crate) path: PathBuf,
    policy: TrustPolicy,
    /// The role that the file names, as `aws iam get-role` prints it.
    role: Option<RoleArn>,
}

impl KnownPolicy {
    /// Reads the only policy of a file.
    pub(crate) fn read(path: &Path) -> Result<Self, TrustFileError> {
        let (policy, role) = trust_file::read_one(path)?;
        Ok(Self { path: path.to_owned(), policy, role })
    }

    /// Compares it with these claims, for a session of this name. The identity provider is that of the account of
    /// this role or else of the file's; without either, of the account in the policy: `None` if it names none.
    pub(crate) fn judge(
        &self,
        claims: &TokenClaims,
        role: Option<&RoleArn>,
        session_name: &SessionName,
    ) -> Option<Explanation> {
        let (partition, account) = match role.or(self.role.as_ref()) {
            Some(role) => (role.partition_name().to_owned(), role.account().to_string()),
            None => self.provider_account()?,
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

    /// The same for a token; `None` also for claims that STS refuses.
    pub(crate) fn judge_token(
        &self,
        token: &Token,
        role: &RoleArn,
        session_name: &SessionName,
    ) -> Option<Explanation> {
        self.judge(&token.claims_json().parse().ok()?, Some(role), session_name)
    }

    /// The partition and account of the identity provider that the policy trusts; the role must be in the same account.
    fn provider_account(&self) -> Option<(String, String)> {
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
