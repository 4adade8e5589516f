//! Rules for the whole repository: its sources, and its release.
#![cfg(test)]

mod citations;
mod conventions;
mod docs;
mod front_page;
#[cfg(unix)]
mod release;
mod rooms;
mod test_binaries;
