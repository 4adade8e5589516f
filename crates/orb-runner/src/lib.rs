//! Packs the orb and runs its commands as a CircleCI job does. Development only.
//!
//! Three stages that share only values: [`pack`] turns a source tree into one document, [`expand`] turns a config and
//! packed orbs into the plain steps of a job, [`run`] runs them. CircleCI's compiler is closed and remote, so [`expand`]
//! follows its documentation; a construct that it does not know is an error and never a guess.

pub mod expand;
pub mod pack;
pub mod run;
pub mod yaml;
