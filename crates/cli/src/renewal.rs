//! Credentials that outlive one run: cached for `credential-process`, served by `serve`, renewed before they expire; which
//! session the destinations hold.

pub(crate) mod cache;
pub(crate) mod cached_session;
pub(crate) mod credential_store;
pub(crate) mod descriptor_file;
pub(crate) mod endpoint;
pub(crate) mod endpoint_search;
pub(crate) mod failure_memory;
pub(crate) mod freshness;
pub(crate) mod held_session;
pub(crate) mod job_key;
pub(crate) mod process_log;
pub(crate) mod refusal_log;
pub(crate) mod request_flags;
pub(crate) mod settings_file;
pub(crate) mod state_directory;
