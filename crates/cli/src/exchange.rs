//! From a token to credentials: what is requested, as data, and how STS is called for it. Knows neither flags nor exit
//! codes.

pub(crate) mod account_guard;
pub(crate) mod acquisition;
pub(crate) mod chain;
pub(crate) mod flow;
pub(crate) mod job_guard;
pub(crate) mod network;
pub(crate) mod progress;
pub(crate) mod sts_client;
pub(crate) mod token_source;
