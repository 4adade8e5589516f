//! The binary as a user runs it, with an STS on loopback: one module a subject.
#![cfg(test)]

mod support;

#[cfg(unix)]
mod ca_bundle;
#[cfg(unix)]
mod caller;
mod cases;
mod chains;
#[cfg(unix)]
mod clear;
#[cfg(unix)]
mod completions;
#[cfg(unix)]
mod credential_process;
mod exchange;
#[cfg(unix)]
mod exec;
#[cfg(unix)]
mod existing;
mod formats;
mod github;
mod job_guards;
#[cfg(target_os = "linux")]
mod localhost;
#[cfg(unix)]
mod manual;
#[cfg(unix)]
mod mint;
#[cfg(unix)]
mod nested_bash;
mod other_cis;
mod own_keys;
#[cfg(unix)]
mod preflight;
mod profiles;
mod promises;
mod proxy;
mod receipt;
mod refusals;
#[cfg(unix)]
mod refused;
mod retries;
mod scope;
#[cfg(unix)]
mod secrets_in_values;
mod serve;
mod strange_answers;
#[cfg(unix)]
mod token;
#[cfg(unix)]
mod token_forms;
mod token_path;
#[cfg(unix)]
mod trust;
#[cfg(target_os = "linux")]
mod unwritable_stdout;
#[cfg(unix)]
mod values;
#[cfg(unix)]
mod verify;
mod whoami;
#[cfg(unix)]
mod words;
