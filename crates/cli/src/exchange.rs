//! From a token to credentials: what is requested, as data, and how STS is called for it. Knows neither flags nor exit
//! codes. Start with [`acquisition`], which has the order of the steps.

pub(crate) mod account_guard;
pub(crate) mod acquisition;
pub(crate) mod assume_role;
pub(crate) mod chained_role;
pub(crate) mod job_guard;
pub(crate) mod network;
pub(crate) mod progress;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod sts_client;
pub(crate) mod token_source;
