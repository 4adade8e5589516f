//! The ways to touch the world, one a file.

pub(crate) mod child_output;
pub(crate) mod circleci_cli;
pub(crate) mod clock;
pub(crate) mod container_endpoint;
pub(crate) mod core_dump;
pub(crate) mod directory_lock;
pub(crate) mod file_lock;
pub(crate) mod file_trust;
pub(crate) mod https;
pub(crate) mod loopback_server;
pub(crate) mod private_file;
pub(crate) mod probe;
pub(crate) mod staged_file;
pub(crate) mod text_file;
pub(crate) mod tls;
pub(crate) mod transport_error;
