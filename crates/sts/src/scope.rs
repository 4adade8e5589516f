//! What limits scoped credentials: a scope policy, a shorter life, or both (facts/aws-2026.md 1.2). Separate from the
//! request, so that a scope is checked before there are credentials to narrow.

mod description;
mod duration;
mod policy;

pub use description::{InvalidScopeDescription, ScopeDescription};
pub use duration::{InvalidScopeDuration, ScopeDuration};
pub use policy::{InvalidScopePolicy, ScopePolicy};

/// A scope that limits something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    policy: Option<ScopePolicy>,
    duration: Option<ScopeDuration>,
    description: Option<ScopeDescription>,
}

/// Neither a policy nor a duration. How STS refuses such a request is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the scope has neither a policy nor a duration; STS requires one of them, or both")]
pub struct EmptyScope;

impl Scope {
    /// A scope with a policy, a duration or both.
    pub fn new(
        policy: Option<ScopePolicy>,
        duration: Option<ScopeDuration>,
        description: Option<ScopeDescription>,
    ) -> Result<Self, EmptyScope> {
        if policy.is_none() && duration.is_none() {
            return Err(EmptyScope);
        }
        Ok(Self { policy, duration, description })
    }

    /// What the credentials may do at most, of what the session may do.
    pub fn policy(&self) -> Option<&ScopePolicy> {
        self.policy.as_ref()
    }

    /// How long they last; `None` for the rest of the session. That rest is never computed and sent: it would be too
    /// long by the time it arrives (facts/aws-2026.md 1.6).
    pub fn duration(&self) -> Option<ScopeDuration> {
        self.duration
    }

    /// What CloudTrail shows with the request.
    pub fn description(&self) -> Option<&ScopeDescription> {
        self.description.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_limits_something() {
        let description = || Some("ci".parse().unwrap());
        assert_eq!(Scope::new(None, None, description()), Err(EmptyScope));
        assert!(Scope::new(Some("{}".parse().unwrap()), None, None).is_ok());
        assert!(Scope::new(None, Some("1s".parse().unwrap()), description()).is_ok());
    }
}
