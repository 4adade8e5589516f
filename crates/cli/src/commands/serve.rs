//! `serve`: one role's credentials for AWS tools, through a container-credentials endpoint, renewed until `clear`
//! ends it. The endpoint has its own thread; this one calls STS and waits.

use std::sync::Arc;

use crate::commands::no_renewal_note;
use crate::commands::renewer::Renewer;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::http::loopback_server::LoopbackServer;
use crate::io::process::core_dump;
use crate::renewal::credential_store::CredentialStore;
use crate::renewal::descriptor_file::DescriptorFile;
use crate::renewal::endpoint::Endpoint;
use crate::renewal::freshness::Lifetime;
use crate::renewal::job_key::JobKey;
use crate::renewal::refusal_log::RefusalLog;
use crate::report::Report;
use crate::settings::{DEFAULT_DEADLINE, Inputs, SessionSettings};

/// Fails only before the endpoint descriptor is published; after that it serves until the descriptor is removed.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = inputs.checked().and_then(|inputs| SessionSettings::read(inputs, DEFAULT_DEADLINE));
    let settings = settings.map_err(|error| Failure::from(&error))?;
    core_dump::hide();
    let with_one_attempt = settings.request.with_one_attempt();
    let renewer = Renewer::of(&settings, &with_one_attempt, environment, report, |_| {});
    let mut notes = settings.notes.clone();
    let acquisition = Acquisition::of_session(&settings.request, environment, &mut notes)
        .map_err(|error| Failure::of_acquisition(&error, &settings, environment))?;
    let file = DescriptorFile::for_writing(&settings.flags.key(acquisition.added_roots()), environment)
        .map_err(|error| Failure::of_state(&error))?;
    let server = LoopbackServer::bind().map_err(|error| Failure::of_server(&error))?;
    let port = server.port().map_err(|error| Failure::of_server(&error))?;
    report.notes(&notes);
    let Acquired { session, origin, .. } = renewer.acquire(&acquisition, &settings.request)?;
    let store = Arc::new(CredentialStore::of(&session));
    let refusals = Arc::<RefusalLog>::default();
    let job = JobKey::of(environment, None);
    let endpoint =
        Endpoint::new(job.job().unwrap_or_default(), port, Arc::clone(&store), Arc::clone(&refusals))
            .map_err(|error| Failure::of_endpoint(&error))?;
    let descriptor = endpoint.descriptor().clone();
    file.write(&descriptor).map_err(|error| Failure::of_descriptor(file.path(), &error))?;
    let serving = server
        .serve_while(move || file.holds(&descriptor), move |request| endpoint.respond(request, clock::now()))
        .map_err(|error| Failure::of_server(&error))?;
    report.event(&format!(
        "serving {} on 127.0.0.1:{port}; these credentials are valid until {} and renewed before that",
        session.role_session_arn(),
        session.credentials().expiration
    ));
    if !settings.request.token.source.can_renew(environment) {
        report.note(&no_renewal_note(&origin));
    }
    let lifetime = Lifetime::of(&session, clock::now());
    // The store has a copy, which a renewal clears; this one would stay in memory.
    drop(session);
    renewer.renew(&acquisition, lifetime, &store, &refusals, || serving.is_finished());
    report.event("the endpoint has ended, because its descriptor was removed or replaced");
    Ok(())
}
