//! The verbs, one a file: settings, then the story, then the destinations.

pub(crate) mod assume;
pub(crate) mod clear;
pub(crate) mod preflight;
pub(crate) mod trust_generate;
pub(crate) mod whoami;
