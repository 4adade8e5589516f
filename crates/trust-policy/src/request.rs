//! What a policy is asked: who calls what, and what its conditions find. Apart from `evaluate`, so that
//! conditions and variables see the request and not how statements are judged.

use crate::{caller::Caller, condition_keys::ConditionKeys, key_value::Lookup};

/// A call of one caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) caller: Caller<'a>,
    pub(crate) action: &'a str,
    pub(crate) keys: &'a ConditionKeys,
}

impl<'a> Request<'a> {
    /// What is under a key, whose name has any case: something of the caller, or something of the call.
    pub(crate) fn find(&self, name: &str) -> Lookup<'a> {
        let name = name.to_lowercase();
        self.caller.find(&name).unwrap_or_else(|| self.keys.find(&name))
    }
}
