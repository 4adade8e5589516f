//! `local-sts certificate`: what another party's STS needs to speak TLS to the product.

use testkit::{TestCa, Validity};

use crate::{arguments::Certificate, failure::Failure, state_directory::StateDirectory};

/// Writes an authority's certificate, and a server's with its key.
pub(crate) fn run(options: &Certificate) -> Result<(), Failure> {
    let directory = StateDirectory::create(&options.dir)?;
    if directory.is_a_servers() {
        return Err(Failure::ServerDirectory(options.dir.clone()));
    }
    let ca = TestCa::new().map_err(Failure::Certificate)?;
    let server = ca.issue(&["127.0.0.1", "localhost"], Validity::Current).map_err(Failure::Certificate)?;
    directory.write("ca.pem", ca.pem().as_bytes())?;
    directory.write("server.pem", server.chain_pem.as_bytes())?;
    directory.write("server.key", server.key_pem.as_bytes())
}
