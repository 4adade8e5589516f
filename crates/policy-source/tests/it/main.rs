//! Policies found in files, with their lines.
#![cfg(test)]

mod cases;
mod constructs;
mod limits;
