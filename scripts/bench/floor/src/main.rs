//! One AssumeRoleWithWebIdentity with rustls on a socket, and nothing else: no command line, no checks, no retries, no
//! HTTP or XML library. What `assume` costs more is the price of all that it does besides.
//!
//! usage: CIRCLE_OIDC_TOKEN_V2=TOKEN floor HOST:PORT CA.pem ROLE_ARN OUTPUT

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::{env, fs};

use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, ca, role, output] = arguments.as_slice() else {
        return Err("usage: floor HOST:PORT CA.pem ROLE_ARN OUTPUT".into());
    };
    let request = request(address, role, &env::var("CIRCLE_OIDC_TOKEN_V2")?);
    let response = exchange(address, ca, &request)?;
    let mut file = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(output)?;
    file.write_all(exports(&response).ok_or("the response has no credentials")?.as_bytes())?;
    Ok(())
}

fn request(address: &str, role: &str, token: &str) -> String {
    let mut form =
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&DurationSeconds=3600&RoleArn=".to_owned();
    for byte in role.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            let _ = write!(form, "%{byte:02X}");
        }
    }
    // A token is of characters that need no escape.
    let _ = write!(form, "&RoleSessionName=bench&WebIdentityToken={token}");
    format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// The response, with its headers.
fn exchange(address: &str, ca: &str, request: &str) -> Result<String, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca)?)?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (host, _) = address.rsplit_once(':').ok_or("an address is HOST:PORT")?;
    let mut connection = ClientConnection::new(Arc::new(config), host.to_owned().try_into()?)?;
    let mut socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    let mut stream = Stream::new(&mut connection, &mut socket);
    stream.write_all(request.as_bytes())?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while !is_complete(&received) {
        match stream.read(&mut buffer)? {
            0 => return Err("the response was cut off".into()),
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(String::from_utf8(received)?)
}

fn is_complete(received: &[u8]) -> bool {
    let text = str::from_utf8(received).unwrap_or_default();
    let length: Option<usize> =
        between(text, "Content-Length: ", "\r\n").and_then(|length| length.parse().ok());
    text.split_once("\r\n\r\n").is_some_and(|(_, body)| length.is_some_and(|length| body.len() >= length))
}

/// What a shell sources.
fn exports(response: &str) -> Option<String> {
    Some(format!(
        "export AWS_ACCESS_KEY_ID='{}'\nexport AWS_SECRET_ACCESS_KEY='{}'\nexport AWS_SESSION_TOKEN='{}'\n",
        between(response, "<AccessKeyId>", "</AccessKeyId>")?,
        between(response, "<SecretAccessKey>", "</SecretAccessKey>")?,
        between(response, "<SessionToken>", "</SessionToken>")?,
    ))
}

fn between<'text>(text: &'text str, start: &str, end: &str) -> Option<&'text str> {
    text.split_once(start)?.1.split_once(end).map(|(inner, _)| inner)
}
