//! Many roles in about the time of one. Three steps, each its own file: the text that declares them
//! ([`roles_text`]), what is asked of STS and in which order ([`plan`]), the asking ([`run`]).

mod course;
mod plan;
mod plan_flaw;
mod roles_text;
mod run;
mod settings;
pub(crate) mod table;
mod telling;
mod verify;

pub(crate) use course::Outcome;
pub(crate) use plan::PlannedRole;
pub(crate) use roles_text::RolesTextError;
pub(crate) use run::Run;
pub(crate) use settings::{ProfilesError, ProfilesSettings};
pub(crate) use verify::Unverified;
