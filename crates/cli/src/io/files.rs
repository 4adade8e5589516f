//! Files: read within limits, written privately and as a whole, never through a link of another user.

pub(crate) mod appended_file;
pub(crate) mod bash_env_path;
pub(crate) mod directory;
pub(crate) mod directory_lock;
pub(crate) mod file_lock;
pub(crate) mod file_trust;
pub(crate) mod lock_holder;
pub(crate) mod pipe;
pub(crate) mod private_file;
pub(crate) mod shared_files;
mod stage_name;
pub(crate) mod staged_file;
pub(crate) mod text_file;
pub(crate) mod transaction;
pub(crate) mod trusted_file;
mod undo;
pub(crate) mod untrusted_path;
pub(crate) mod user_path;
