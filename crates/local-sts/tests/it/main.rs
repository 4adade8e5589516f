//! The server as its clients see it: over TLS, from outside.

#![cfg(test)]

mod answers;
mod boto3;
mod chain;
mod chain_refusals;
mod client;
mod command_line;
mod faults;
mod refusals;
mod rehearsal;
mod server;
