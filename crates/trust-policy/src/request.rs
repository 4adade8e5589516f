//! The request that a policy is evaluated for: caller, action and condition keys. Separate from `evaluate`, so that
//! conditions and variables see the request only.

use crate::{caller::Caller, condition_keys::ConditionKeys, key_value::Lookup};

/// A call of one caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) caller: Caller<'a>,
    pub(crate) action: &'a str,
    pub(crate) keys: &'a ConditionKeys,
}

impl<'a> Request<'a> {
    /// The value of a key, in any case: a key of the caller, or a key of the call.
    pub(crate) fn find(&self, name: &str) -> Lookup<'a> {
        let name = name.to_lowercase();
        self.caller.find(&name).unwrap_or_else(|| self.keys.find(&name))
    }
}
