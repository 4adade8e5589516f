//! What is rendered and edited, as the shells, SDKs and runners that read it take it.
#![cfg(test)]

mod cases;
mod github;
mod process_profile;
mod removal;
mod roles_file;
mod shared_config;
mod shells;
