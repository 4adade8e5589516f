//! What the rules check: one statement that allows one identity provider, with its conditions on the token.

use crate::{
    actions::{ASSUME_ROLE, ASSUME_ROLE_WITH_SAML, ASSUME_ROLE_WITH_WEB_IDENTITY, covers},
    document::{Effect, PolicyVariables, Principal, Statement, TrustPolicy},
};

use super::{
    condition::{Condition, KeyKind},
    denial,
    language::{HOLE, Holes},
    provider::{Kind, MARKER, Provider},
    report::PolicyLocation,
};

/// An `Allow` statement for one identity provider.
#[derive(Debug)]
pub(super) struct ProviderTrust<'a> {
    pub(super) policy: &'a TrustPolicy,
    /// The statement's index in the policy.
    pub(super) index: usize,
    pub(super) statement: &'a Statement,
    /// The principal, as the policy writes it.
    pub(super) principal: &'a str,
    pub(super) provider: Provider,
    pub(super) conditions: Vec<Condition<'a>>,
    /// What `Deny` statements leave: each denies all but its values, so these limit like the statement's own.
    pub(super) denials: Vec<Condition<'a>>,
}

impl<'a> ProviderTrust<'a> {
    /// Every `Allow` of the policy, for each identity provider that it names.
    pub(super) fn all(policy: &'a TrustPolicy) -> Vec<Self> {
        let statements = policy.statements.iter().enumerate();
        statements.flat_map(|(index, statement)| Self::of_statement(policy, index, statement)).collect()
    }

    fn of_statement(policy: &'a TrustPolicy, index: usize, statement: &'a Statement) -> Vec<Self> {
        let actions = [ASSUME_ROLE_WITH_WEB_IDENTITY, ASSUME_ROLE, ASSUME_ROLE_WITH_SAML];
        if statement.effect == Effect::Deny || !actions.iter().any(|action| may_cover(statement, action)) {
            return Vec::new();
        }
        let trust = |principal: &'a str| {
            let conditions = conditions(policy, index);
            let is_elsewhere = principal.contains(HOLE) && !principal.contains(MARKER);
            let provider =
                if is_elsewhere { by_keys(&conditions) } else { Provider::of_principal(principal)? };
            let denials = denial::limits(policy, principal, &provider);
            Some(Self { policy, index, statement, principal, provider, conditions, denials })
        };
        federated(&statement.principal).filter_map(trust).collect()
    }

    /// Whether the statement covers the action of a web identity.
    pub(super) fn is_for_web_identities(&self) -> bool {
        may_cover(self.statement, ASSUME_ROLE_WITH_WEB_IDENTITY)
    }

    /// All conditions on a claim.
    pub(super) fn on(&self, claim: &str) -> impl Iterator<Item = &Condition<'a>> {
        self.conditions.iter().filter(move |condition| condition.is_on(claim))
    }

    /// Conditions that allow only some values of a claim. One that names its own key counts as absent.
    pub(super) fn limits_on(&self, claim: &str) -> impl Iterator<Item = &Condition<'a>> {
        let denials = self.denials.iter().filter(move |condition| condition.is_on(claim));
        let all = self.on(claim).chain(denials);
        all.filter(|condition| condition.operator.limits() && !condition.always_holds())
    }

    /// Whether a claim is limited to some of its possible values.
    pub(super) fn limits(&self, claim: &str) -> bool {
        self.limits_on(claim).any(|condition| condition.matching_text("\u{1}%", Holes::AreNames).is_none())
    }

    /// Whether the operator or key of a condition isn't literal, so that it may be on any claim.
    pub(super) fn has_unknown_condition(&self) -> bool {
        self.conditions.iter().any(|condition| condition.key_kind == KeyKind::Unknown)
    }

    /// A subject of this shape that every limit on `sub` allows; the last one's, if none is of all. Without a limit,
    /// that is the shape.
    pub(super) fn allows(&self, shape: &str, holes: Holes) -> Option<String> {
        let limits: Vec<&Condition<'_>> = self.limits_on("sub").collect();
        let subjects: Option<Vec<String>> =
            limits.iter().map(|condition| condition.matching_text(shape, holes)).collect();
        let mut subjects = subjects?;
        let is_of_all =
            |subject: &String| limits.iter().all(|condition| condition.matches_text(subject, holes));
        match subjects.iter().position(is_of_all).filter(|_| limits.len() > 1) {
            Some(at) => Some(subjects.swap_remove(at)),
            None => subjects.pop().or_else(|| Some(shape.to_owned())),
        }
    }

    /// The first limit on `sub`.
    pub(super) fn subject_limit(&self) -> Option<&Condition<'a>> {
        self.limits_on("sub").next()
    }

    /// The location of findings about subjects.
    pub(super) fn subject_location(&self) -> PolicyLocation {
        match self.subject_limit() {
            Some(condition) => PolicyLocation::condition(condition),
            None => PolicyLocation::statement(self.index),
        }
    }

    /// The name of a condition key of this provider.
    pub(super) fn key(&self, claim: &str) -> String {
        // No issuer has this path, so no key begins with it.
        let url = match self.provider.kind {
            Kind::CircleCiNowhere => "oidc.circleci.com/org/ORG",
            _ => &self.provider.url,
        };
        format!("{url}:{claim}")
    }
}

/// The conditions of a statement, one for each operator and key.
pub(super) fn conditions(policy: &TrustPolicy, index: usize) -> Vec<Condition<'_>> {
    let variables = policy.variables() == PolicyVariables::Expanded;
    let operators = policy.statements.get(index).into_iter().flat_map(|statement| &statement.condition.0);
    operators
        .flat_map(|(operator, keys)| {
            let of = move |key, values| Condition {
                statement: index,
                ..Condition::new(operator, key, values, variables)
            };
            keys.0.iter().map(move |(key, values)| of(key, &values.0))
        })
        .collect()
}

/// Whether the statement covers an action, or may cover it: a hole counts as any action in `Action`, as none in
/// `NotAction`.
pub(super) fn may_cover(statement: &Statement, action: &str) -> bool {
    let hole = if statement.excluded_actions.is_empty() { "*" } else { "" };
    covers(statement, action, |name| name.replace(HOLE, hole))
}

fn federated(principal: &Principal) -> impl Iterator<Item = &str> {
    let kinds = match principal {
        Principal::Named(kinds) => kinds.0.as_slice(),
        Principal::Anyone => &[],
    };
    let names = kinds.iter().filter(|(kind, _)| kind == "Federated" || kind.contains(HOLE));
    names.flat_map(|(_, names)| names.0.iter().map(String::as_str))
}

/// A provider whose ARN isn't literal: its condition keys show whose it is, or else the subjects that it allows.
fn by_keys(conditions: &[Condition<'_>]) -> Provider {
    let mut providers = conditions.iter().filter_map(|condition| match condition.key_kind {
        KeyKind::Claim { provider, .. } if !provider.starts_with(HOLE) => Some(Provider::of_url(provider)),
        _ => None,
    });
    if let Some(provider) = providers.next() {
        return provider;
    }
    let has_subject = |start: &str| {
        let mut subjects = conditions.iter().filter(|condition| condition.is_on("sub"));
        subjects.any(|condition| condition.values.iter().any(|value| value.starts_with(start)))
    };
    let kind = match () {
        () if has_subject("org/") => Kind::CircleCi,
        () if has_subject("repo:") => Kind::GitHub,
        () => Kind::Other,
    };
    Provider { url: HOLE.to_string(), kind }
}
