//! This process and the programs that it starts.

pub(crate) mod child_output;
pub(crate) mod circleci_cli;
pub(crate) mod core_dump;
