//! `--verify` for many profiles: each is looked for as a step finds it that names it with `AWS_PROFILE`, and AWS is
//! asked about all of them at the same time, within the time that the run has left.

use std::pin::pin;

use export::Session;
use futures_util::{StreamExt, stream};

use super::plan::PlannedRole;
use super::progress::{Few, Patience, ProfilesProgress};
use super::run::{AT_ONCE, Run};
use crate::credentials::SharedProfiles;
use crate::exchange::network::Network;
use crate::exchange::progress::Progress;
use crate::io::environment::Environment;
use crate::verify::{self, VerifyError};

/// A profile that is not the session that was granted for it, or of which that is not known.
pub(crate) struct Unverified<'a> {
    /// The profile and its role.
    pub(crate) role: &'a PlannedRole,
    /// Where AWS was asked.
    pub(crate) network: &'a Network,
    /// Why.
    pub(crate) error: VerifyError,
}

impl<'a> Run<'a> {
    /// Asks about every profile, as it stands in the files now. What is not verified comes in the plan's order.
    pub(crate) fn verify(&self, sessions: &[Session], environment: &Environment) -> Vec<Unverified<'a>> {
        self.open.block_on(self.ask_about(sessions, environment))
    }

    async fn ask_about(&self, sessions: &[Session], environment: &Environment) -> Vec<Unverified<'a>> {
        let (notes, retries) = (&Few::notes(self.on_profiles), &Few::attempts(self.on_profiles));
        let files = &SharedProfiles::read(environment);
        let roles = self.settings.roles().zip(sessions).enumerate();
        let questions = roles.map(|(at, ((role, network), session))| async move {
            let on_progress = |progress: &Progress<'_>| {
                if let Progress::Retrying { .. } = progress {
                    retries.tell(&ProfilesProgress::Profile(&role.profile, progress));
                }
            };
            let client = self.open.client(network);
            let found =
                verify::find_as_profile(&role.profile, environment, files, client.deadline, &on_progress)
                    .await;
            let checked = match found {
                Ok((found, said)) => {
                    for note in &said {
                        notes.tell(&ProfilesProgress::Note(note));
                    }
                    verify::check(session, found, client, &on_progress).await
                }
                Err(error) => Err(error),
            };
            (at, checked.err().map(|error| Unverified { role, network, error }))
        });
        let mut answers = pin!(stream::iter(questions).buffer_unordered(AT_ONCE));
        let mut patience = Patience::start();
        let (mut checked, mut unverified) = (0, Vec::new());
        let word = |checked: usize| {
            (self.on_profiles)(&ProfilesProgress::Checked { checked, all: sessions.len() });
        };
        while let Some((at, error)) = patience.next(&mut answers, || word(checked)).await {
            checked += 1;
            unverified.extend(error.map(|error| (at, error)));
        }
        unverified.sort_by_key(|(at, _)| *at);
        unverified.into_iter().map(|(_, error)| error).collect()
    }
}
