//! `--verify` for many profiles: each is looked for as a step finds it that names it with `AWS_PROFILE`, and AWS is
//! asked about all of them at the same time, within the time that the run has left.

use std::pin::pin;

use export::Session;
use futures_util::{StreamExt, stream};

use super::plan::PlannedRole;
use super::run::{AT_ONCE, Run};
use super::telling::{Few, Patience};
use crate::credentials::SharedProfiles;
use crate::exchange::network::Network;
use crate::exchange::progress::Progress;
use crate::exchange::sts_client::Line;
use crate::io::environment::Environment;
use crate::report::printable;
use crate::verify::{self, VerifyError};

/// A profile that is not the session that was granted for it, or of which nobody knows whether it is.
pub(crate) struct Unverified<'a> {
    /// The profile and its role.
    pub(crate) role: &'a PlannedRole,
    /// Where AWS was asked.
    pub(crate) network: &'a Network,
    /// Why.
    pub(crate) error: VerifyError,
}

impl<'a> Run<'a> {
    /// Asks about every profile, as it stands in the files now. What does not hold comes in the plan's order.
    pub(crate) fn verify(&self, sessions: &[Session], environment: &Environment) -> Vec<Unverified<'a>> {
        self.https.block_on(self.ask_about(sessions, environment))
    }

    async fn ask_about(&self, sessions: &[Session], environment: &Environment) -> Vec<Unverified<'a>> {
        let (notes, repeated) = (&Few::notes(), &Few::attempts());
        let files = &SharedProfiles::read(environment);
        let roles = self.settings.roles().zip(sessions).enumerate();
        let questions = roles.map(|(at, ((role, network), session))| async move {
            let tell = |progress: &Progress<'_>| {
                if let Progress::Again { .. } = progress {
                    repeated.say(self.report, &format!("{}: {progress}", role.profile));
                }
            };
            let line = Line { network, https: self.https, deadline: self.deadline };
            let found =
                verify::find_as_profile(&role.profile, environment, files, self.deadline, &tell).await;
            let checked = match found {
                Ok((found, said)) => {
                    for note in &said {
                        notes.say(self.report, &printable(note));
                    }
                    verify::check(session, found, line, &tell).await
                }
                Err(error) => Err(error),
            };
            (at, checked.err().map(|error| Unverified { role, network, error }))
        });
        let mut answers = pin!(stream::iter(questions).buffer_unordered(AT_ONCE));
        let mut patience = Patience::start();
        let (mut answered, mut unverified) = (0, Vec::new());
        let word = |answered: usize| {
            let all = sessions.len();
            self.report
                .event(&format!("{answered} of {all} profiles are asked about, the others wait for STS"));
        };
        while let Some((at, error)) = patience.next(&mut answers, || word(answered)).await {
            answered += 1;
            unverified.extend(error.map(|error| (at, error)));
        }
        unverified.sort_by_key(|(at, _)| *at);
        unverified.into_iter().map(|(_, error)| error).collect()
    }
}
