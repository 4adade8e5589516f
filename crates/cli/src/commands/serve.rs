//! `serve`: one role's credentials for AWS tools, through a container-credentials endpoint, renewed until `clear` or a
//! signal ends it. The endpoint has its own thread; this one calls STS and waits.

use std::sync::Arc;

use crate::commands::no_renewal_note;
use crate::commands::renewer::Renewer;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::http::loopback_server::LoopbackServer;
use crate::io::process::core_dump;
use crate::io::runtime::Runtime;
use crate::io::signals::{self, Hold};
use crate::renewal::credential_store::CredentialStore;
use crate::renewal::descriptor_file::DescriptorFile;
use crate::renewal::endpoint::Endpoint;
use crate::renewal::endpoint_search;
use crate::renewal::freshness::Lifetime;
use crate::renewal::job_key::JobKey;
use crate::renewal::refusal_log::RefusalLog;
use crate::report::Report;
use crate::settings::{DEFAULT_DEADLINE, Inputs, SessionSettings};

/// Fails only before the endpoint descriptor is published; after that it serves until the descriptor is removed. Where an
/// earlier one serves the same to the job, it leaves that to it: no client of the earlier one is refused.
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
    let job = JobKey::of(environment, None);
    let runtime = Runtime::new().map_err(|error| Failure::of_server(&error))?;
    // Outside of a known job the earlier one may be anybody's, with a token of its own.
    let earlier = job.job().and_then(|_| {
        let account = settings.request.last_role().account();
        runtime.block_on(endpoint_search::serving(&file, account))
    });
    if let Some(earlier) = earlier {
        report.notes(&notes);
        report.event(&format!(
            "an earlier `serve` with the same settings serves these credentials on {}; this one ends",
            earlier.host()
        ));
        return Ok(());
    }
    drop(runtime);
    let server = LoopbackServer::bind().map_err(|error| Failure::of_server(&error))?;
    let port = server.port().map_err(|error| Failure::of_server(&error))?;
    report.notes(&notes);
    let Acquired { session, origin, .. } = renewer.acquire(&acquisition, &settings.request)?;
    let store = Arc::new(CredentialStore::of(&session));
    let refusals = Arc::<RefusalLog>::default();
    let endpoint =
        Endpoint::new(job.job().unwrap_or_default(), port, Arc::clone(&store), Arc::clone(&refusals))
            .map_err(|error| Failure::of_endpoint(&error))?;
    let descriptor = endpoint.descriptor().clone();
    // A signal ends the process once the descriptor is removed: nobody waits for an endpoint that is gone.
    let hold = Hold::start();
    file.write(&descriptor).map_err(|error| Failure::of_descriptor(file.path(), &error))?;
    let watched = file.clone();
    let announced = descriptor.clone();
    let serving = server
        .serve_while(
            move || watched.holds(&announced),
            move |request| endpoint.respond(request, clock::now()),
        )
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
    let has_ended = || serving.is_finished() || signals::pending().is_some();
    renewer.renew(&acquisition, lifetime, &store, &refusals, has_ended);
    if signals::pending().is_some() {
        file.remove(&descriptor);
    }
    drop(hold);
    report.event("the endpoint has ended, because its descriptor was removed or replaced");
    Ok(())
}
