//! A new token, from the CI system, for a command that calls no STS.

use crate::exchange::progress::Progress;
use crate::exchange::request::TokenRequest;
use crate::exchange::token_source::{FoundToken, TokenSearch, TokenSource};
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::http::tls;
use crate::io::http::transport_error::TransportError;
use crate::io::runtime::Runtime;
use crate::report::Report;
use crate::settings::network::{StsLocation, network};
use crate::settings::{self, Inputs};

/// Requests a token, with the settings of the network and the audience as for an exchange.
pub(super) fn request(
    source: &TokenSource,
    location: StsLocation<'_>,
    inputs: Inputs<'_>,
    report: &Report,
) -> Result<FoundToken, Failure> {
    let environment = inputs.environment;
    let audience = settings::audience(inputs).map_err(|error| Failure::from(&error))?;
    let request = TokenRequest { source: source.clone(), audience };
    // What is noted there is about STS.
    let network = network(inputs, location, &mut Vec::new());
    let network = network.map_err(|error| Failure::from(&error))?;
    let mut notes = Vec::new();
    let trust = tls::trust(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    let config = trust.config().map_err(|error| Failure::from(&error))?;
    report.notes(&notes);
    let runtime = Runtime::new().map_err(|error| Failure::of_set_up(&TransportError::not_set_up(error)))?;
    let search = TokenSearch {
        request: &request,
        environment,
        network: &network,
        roots: &config,
        deadline: Deadline::after(network.deadline),
    };
    let on_progress = |progress: &Progress<'_>| report.progress(progress);
    let found = runtime.block_on(search.run(&on_progress));
    found.map(|found| found.first).map_err(|error| Failure::of_token_for_policy(&error, environment))
}
