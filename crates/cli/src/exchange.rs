//! From a token to credentials: the request, as data, and the calls to STS. Independent of flags and exit codes. Start
//! with [`acquisition`], which has the order of the steps.

pub(crate) mod account_guard;
pub(crate) mod acquisition;
pub(crate) mod acquisition_error;
pub(crate) mod admitted_role;
pub(crate) mod assume_role;
pub(crate) mod chained_role;
pub(crate) mod endpoint_guard;
pub(crate) mod job_guard;
pub(crate) mod network;
pub(crate) mod progress;
pub(crate) mod record;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod scoping;
pub(crate) mod sts_client;
pub(crate) mod token_path;
pub(crate) mod token_source;
