//! What rules look at: one statement that lets in one identity provider, and what it asks of the token.

use crate::{
    document::{Effect, Principal, Statement, TrustPolicy},
    pattern,
};

use super::{
    condition::{Condition, Subject},
    language::{HOLE, Holes},
    provider::{Kind, MARKER, Provider},
};

/// The call of a web identity, in lower case as actions are compared.
const WEB_IDENTITY: &str = "sts:assumerolewithwebidentity";
/// Calls for other principals, which a web identity never makes.
const OTHER_CALLS: [&str; 2] = ["sts:assumerole", "sts:assumerolewithsaml"];

/// An `Allow` for one provider.
#[derive(Debug)]
pub(super) struct Trust<'a> {
    pub(super) policy: &'a TrustPolicy,
    /// The statement's place in the policy.
    pub(super) index: usize,
    pub(super) statement: &'a Statement,
    /// The principal as it is written.
    pub(super) principal: &'a str,
    pub(super) provider: Provider,
    pub(super) conditions: Vec<Condition<'a>>,
}

impl<'a> Trust<'a> {
    /// Every `Allow` of the policy for every identity provider that it names.
    pub(super) fn all(policy: &'a TrustPolicy) -> Vec<Self> {
        let statements = policy.statements.iter().enumerate();
        statements.flat_map(|(index, statement)| Self::of_statement(policy, index, statement)).collect()
    }

    fn of_statement(policy: &'a TrustPolicy, index: usize, statement: &'a Statement) -> Vec<Self> {
        let is_call = OTHER_CALLS.iter().any(|call| covers(statement, call));
        if statement.effect == Effect::Deny || !(is_call || covers(statement, WEB_IDENTITY)) {
            return Vec::new();
        }
        let trust = |principal: &'a str| {
            let conditions = conditions(policy, statement);
            let is_elsewhere = principal.contains(HOLE) && !principal.contains(MARKER);
            let provider =
                if is_elsewhere { by_keys(&conditions) } else { Provider::of_principal(principal)? };
            Some(Self { policy, index, statement, principal, provider, conditions })
        };
        federated(&statement.principal).filter_map(trust).collect()
    }

    /// Whether the statement is about the call of a web identity.
    pub(super) fn is_for_web_identities(&self) -> bool {
        covers(self.statement, WEB_IDENTITY)
    }

    /// Conditions on a claim, whatever they ask.
    pub(super) fn on(&self, claim: &str) -> impl Iterator<Item = &Condition<'a>> {
        self.conditions.iter().filter(move |condition| condition.is_on(claim))
    }

    /// Conditions that let in only what they name of a claim.
    pub(super) fn limits_on(&self, claim: &str) -> impl Iterator<Item = &Condition<'a>> {
        self.on(claim).filter(|condition| condition.operator.limits())
    }

    /// Whether a claim is limited to less than everything.
    pub(super) fn limits(&self, claim: &str) -> bool {
        self.limits_on(claim).any(|condition| condition.names("\u{1}%", Holes::AreNames).is_none())
    }

    /// Whether something of the conditions isn't literal enough to know what it is about.
    pub(super) fn may_ask_more(&self) -> bool {
        self.conditions.iter().any(|condition| condition.subject == Subject::Unknown)
    }

    /// A subject of this shape that every limit on `sub` lets in. Without a limit, the shape alone decides.
    pub(super) fn lets_in(&self, shape: &str, holes: Holes) -> Option<String> {
        let mut found = shape.to_owned();
        for condition in self.limits_on("sub") {
            found = condition.names(shape, holes)?;
        }
        Some(found)
    }

    /// The first limit on `sub`, where findings about subjects belong.
    pub(super) fn subject(&self) -> Option<&Condition<'a>> {
        self.limits_on("sub").next()
    }

    /// How to name a key of this provider.
    pub(super) fn key(&self, claim: &str) -> String {
        // No key begins with a path that no issuer has.
        let url = match self.provider.kind {
            Kind::CircleCiNowhere => "oidc.circleci.com/org/ORG",
            _ => &self.provider.url,
        };
        format!("{url}:{claim}")
    }
}

/// The conditions of a statement, one for each operator and key.
pub(super) fn conditions<'a>(policy: &TrustPolicy, statement: &'a Statement) -> Vec<Condition<'a>> {
    let variables = policy.version.as_deref() == Some("2012-10-17");
    let operators = statement.condition.0.iter();
    operators
        .flat_map(|(operator, keys)| {
            let pairs = keys.0.iter();
            pairs.map(move |(key, values)| Condition::new(operator, key, &values.0, variables))
        })
        .collect()
}

/// Whether an action of the statement is, or may be, this call.
pub(super) fn covers(statement: &Statement, call: &str) -> bool {
    // What isn't literal counts as what is meant: a call among `Action`, none among `NotAction`.
    let names = |action: &String, hole: &str| {
        pattern::matches(&action.to_lowercase().replace(HOLE, hole), &call.to_lowercase())
    };
    if statement.excluded_actions.is_empty() {
        statement.actions.iter().any(|action| names(action, "*"))
    } else {
        !statement.excluded_actions.iter().any(|action| names(action, ""))
    }
}

fn federated(principal: &Principal) -> impl Iterator<Item = &str> {
    let kinds = match principal {
        Principal::Named(kinds) => kinds.0.as_slice(),
        Principal::Anyone => &[],
    };
    let names = kinds.iter().filter(|(kind, _)| kind == "Federated" || kind.contains(HOLE));
    names.flat_map(|(_, names)| names.0.iter().map(String::as_str))
}

/// A provider that is made elsewhere: its keys say whose it is, or else the subjects that it lets in.
fn by_keys(conditions: &[Condition<'_>]) -> Provider {
    let mut providers = conditions.iter().filter_map(|condition| match condition.subject {
        Subject::Claim { provider, .. } if !provider.starts_with(HOLE) => Some(Provider::of_url(provider)),
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
