//! The binary as a user runs it, with an STS on loopback: one module a subject.
#![cfg(test)]

mod support;

mod cases;
mod chains;
#[cfg(unix)]
mod clear;
#[cfg(unix)]
mod credential_process;
mod exchange;
mod github;
mod job_guards;
#[cfg(unix)]
mod mint;
#[cfg(unix)]
mod nested_bash;
mod other_cis;
#[cfg(unix)]
mod preflight;
mod profiles;
mod promises;
mod proxy;
mod refusals;
#[cfg(unix)]
mod refused;
mod serve;
mod strange_answers;
#[cfg(unix)]
mod token_forms;
#[cfg(unix)]
mod trust;
#[cfg(unix)]
mod values;
#[cfg(unix)]
mod verify;
mod whoami;
