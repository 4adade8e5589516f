//! `local-sts certificate`: the files by which another STS on this machine speaks TLS to the product.

use testkit::{TestCa, Validity};

use crate::{arguments::Certificate, failure::Failure, state_directory::StateDirectory};

/// Writes a CA's certificate, and a server's certificate with its key.
pub(crate) fn run(options: &Certificate) -> Result<(), Failure> {
    let directory = StateDirectory::create(&options.dir)?;
    if directory.is_of_a_server() {
        return Err(Failure::ServerDirectory(options.dir.clone()));
    }
    let ca = TestCa::new().map_err(Failure::Certificate)?;
    let server = ca.issue(&["127.0.0.1", "localhost"], Validity::Current).map_err(Failure::Certificate)?;
    directory.write("ca.pem", ca.pem().as_bytes())?;
    directory.write("server.pem", server.chain_pem.as_bytes())?;
    directory.write("server.key", server.key_pem.as_bytes())
}
