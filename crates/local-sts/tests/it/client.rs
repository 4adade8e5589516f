//! A TLS client that hides nothing: one request per connection, the response byte for byte. Separate from the tests,
//! which all need it; another client would follow redirects and repair responses.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use local_sts::{Config, LocalSts, Role, unix_time_now};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use testkit::JobToken;

/// The role that the example project may assume.
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/ci/deploy";

/// The header of a form.
pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// The response.
#[derive(Debug)]
pub(crate) struct Response {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The bytes that were received.
    pub(crate) body: Vec<u8>,
    /// How reading ended, if not after `Content-Length` bytes.
    pub(crate) broken: Option<io::ErrorKind>,
}

impl Response {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The text of the only element called `name`.
    pub(crate) fn element(&self, name: &str) -> String {
        let text = self.text();
        let (_, rest) =
            text.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {text}"));
        rest.split_once(&format!("</{name}>")).unwrap().0.to_owned()
    }
}

/// The project-id policy that CircleCI recommends, for the example project.
pub(crate) fn policy() -> String {
    use testkit::example_ids::{ORGANIZATION_ID, PROJECT_ID};
    let provider = format!("oidc.circleci.com/org/{ORGANIZATION_ID}");
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/{provider}"}},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {{"StringEquals": {{"{provider}:aud": "{ORGANIZATION_ID}",
                "{provider}:oidc.circleci.com/project-id": "{PROJECT_ID}"}}}}}}}}"#
    )
}

/// A server with [`ROLE`] and these faults for it.
pub(crate) fn server(faults: &[&str]) -> LocalSts {
    let faults = faults.iter().map(|fault| format!("{ROLE}={fault}").parse().unwrap()).collect();
    LocalSts::start(Config { roles: vec![Role::new(ROLE, &policy())], faults, ..Config::default() }).unwrap()
}

/// A V2 token of the example project.
pub(crate) fn token(server: &LocalSts) -> JobToken {
    JobToken::new(server.issuer().organization_id(), unix_time_now())
}

/// A valid request, whose parameters can be changed: `None` leaves one out.
pub(crate) fn form(server: &LocalSts, changes: &[(&str, Option<&str>)]) -> String {
    let token = token(server).mint(server.issuer()).unwrap();
    let mut pairs = vec![
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "ci-1"),
        ("WebIdentityToken", &token),
    ];
    for (name, value) in changes {
        match (pairs.iter().position(|(known, _)| known == name), value) {
            (Some(at), Some(value)) => pairs[at].1 = value,
            (Some(at), None) => drop(pairs.remove(at)),
            (None, value) => pairs.extend(value.map(|value| (*name, value))),
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Posts a form.
pub(crate) fn post(server: &LocalSts, form: &str) -> io::Result<Response> {
    send(server, "POST", "/", &[FORM], form.as_bytes())
}

/// Sends one request and reads until the connection ends, in whatever way.
pub(crate) fn send(
    server: &LocalSts,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Response> {
    Client::of(server).send(method, target, headers, body)
}

/// What a client needs to know about a server.
pub(crate) struct Client {
    pub(crate) endpoint: String,
    pub(crate) ca_pem: String,
    /// How long to wait for the next byte.
    pub(crate) patience: Duration,
}

impl Client {
    /// A client with a long timeout, for slow machines.
    pub(crate) fn new(endpoint: &str, ca_pem: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), ca_pem: ca_pem.to_owned(), patience: Duration::from_secs(30) }
    }

    /// The client of a server of this process.
    pub(crate) fn of(server: &LocalSts) -> Self {
        Self::new(server.endpoint(), server.ca_pem())
    }

    /// See [`send`].
    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Response> {
        let host = self.endpoint.strip_prefix("https://").unwrap();
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        let mut stream = self.connect(host)?;
        stream.write_all(request.as_bytes())?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        let broken = stream.read_to_end(&mut bytes).err();
        match bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(head) => Ok(parse(&bytes[..head], &bytes[head + 4..], broken.map(|error| error.kind()))),
            None => Err(broken.unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into())),
        }
    }

    fn connect(&self, host: &str) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca_pem.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let tcp = TcpStream::connect(host)?;
        tcp.set_read_timeout(Some(self.patience))?;
        Ok(StreamOwned::new(connection, tcp))
    }
}

fn parse(head: &[u8], body: &[u8], broken: Option<io::ErrorKind>) -> Response {
    let head = String::from_utf8(head.to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Response { status, headers, body: body.to_vec(), broken }
}
