//! This process and its child processes.

pub(crate) mod ancestors;
pub(crate) mod bash_syntax;
pub(crate) mod child_output;
pub(crate) mod circleci_cli;
pub(crate) mod core_dump;
pub(crate) mod next_bash;
pub(crate) mod parent_shell;
pub(crate) mod program_search;
pub(crate) mod step_start;
pub(crate) mod successor;
pub(crate) mod supervised;
