//! Many roles in about the time of one. Three steps: the text that declares the roles ([`roles_text`]), what is
//! requested from STS and in which order ([`plan`], [`schedule`]), the requests ([`run`]).

mod plan;
mod plan_flaw;
mod progress;
mod roles_template;
mod roles_text;
mod run;
mod schedule;
mod scopes;
mod settings;
mod table;
mod verify;
mod window;

pub(crate) use plan::PlannedRole;
pub(crate) use progress::ProfilesProgress;
pub(crate) use roles_template::InvalidInsertion;
pub(crate) use roles_text::RolesTextError;
pub(crate) use run::Run;
pub(crate) use schedule::Outcome;
pub(crate) use settings::{ProfilesError, ProfilesSettings};
pub(crate) use table::Table;
pub(crate) use verify::Unverified;
