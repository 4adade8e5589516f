//! The crate from outside: policies and tokens from `cases/`, and what comes of them.

mod case;
mod claims;
mod cost;
mod evaluate;
mod explain;
