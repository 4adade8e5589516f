//! `exec --serve`: a command that takes longer than the session. It gets no keys but an endpoint of this process, which
//! renews them as long as the command runs. Nothing is written: no other process finds the endpoint.

use std::sync::Arc;

use export::EndpointEnvironment;

use crate::commands::child_environment::ChildEnvironment;
use crate::commands::exec::report_session;
use crate::commands::no_renewal_note;
use crate::commands::program::Program;
use crate::commands::renewer::Renewer;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::http::loopback_server::LoopbackServer;
use crate::io::process::core_dump;
use crate::io::signals;
use crate::receipt::Receipt;
use crate::renewal::credential_store::CredentialStore;
use crate::renewal::endpoint::Endpoint;
use crate::renewal::freshness::Lifetime;
use crate::renewal::refusal_log::RefusalLog;
use crate::report::Report;
use crate::settings::SessionSettings;
use crate::sinks;

/// Starts the command with the first credentials, and ends as the command ends. Returns only errors.
pub(super) fn run(
    settings: &SessionSettings,
    program: Program,
    passes_token: bool,
    environment: &Environment,
    report: &Report,
    receipt: &Receipt<'_>,
) -> Result<(), Failure> {
    core_dump::hide();
    let source = &settings.request.token.source;
    let changes = ChildEnvironment::of_endpoint(source, passes_token, environment);
    sinks::refuse_default_profile(environment).map_err(|error| Failure::of_profile_of_command(&error))?;
    let mut notes = settings.notes.clone();
    let acquisition = Acquisition::of_session(&settings.request, environment, &mut notes)
        .map_err(|error| Failure::of_acquisition(&error, settings, environment))?;
    let server = LoopbackServer::bind().map_err(|error| Failure::of_server(&error))?;
    let port = server.port().map_err(|error| Failure::of_server(&error))?;
    report.notes(&notes);

    let with_one_attempt = settings.request.with_one_attempt();
    let renewer = Renewer::of(settings, &with_one_attempt, environment, report, |progress| {
        receipt.hear_of(0, progress);
    });
    let Acquired { session, origin, .. } = renewer.acquire(&acquisition, &settings.request)?;
    let store = Arc::new(CredentialStore::of(&session));
    let refusals = Arc::<RefusalLog>::default();
    let endpoint = Endpoint::new("", port, Arc::clone(&store), Arc::clone(&refusals))
        .map_err(|error| Failure::of_endpoint(&error))?;
    let descriptor = endpoint.descriptor().clone();
    server
        .serve_while(|| true, move |request| endpoint.respond(request, clock::now()))
        .map_err(|error| Failure::of_server(&error))?;
    receipt.write_alone()?;

    report_session(&session, &origin, settings, &changes, environment, report);
    if !source.can_renew(environment) {
        report.note(&no_renewal_note(&origin));
    }
    signals::check().map_err(Failure::of_interruption)?;
    let variables = EndpointEnvironment::new(&descriptor, None, session.region());
    let command = program.start_with(variables.variables(), &changes)?;
    let lifetime = Lifetime::of(&session, clock::now());
    // The store has a copy, which a renewal clears; this one would stay in memory.
    drop(session);
    renewer.renew(&acquisition, lifetime, &store, &refusals, || command.is_finished());
    // The process has ended with the command, unless it could not wait for it.
    Err(command.join().unwrap_or_else(|_| Failure::of_lost_command()))
}
