//! The endpoint descriptor: the file by which the next steps of a job find the endpoint of `serve`. It is rendered and
//! parsed here, so that its values are always safe in a URL, in a header and in a line of a shell.

use aws::Secret;
use serde_json::{Map, Value};

use crate::json_line;

const VERSION: u64 = 1;
/// The path that returns credentials.
const PATH: &str = "/credentials";
/// In characters; 256 random bits need 43.
const MAX_LENGTH: usize = 200;

/// The address of an endpoint on this machine, the authorization that it requires, and its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointDescriptor {
    job: String,
    port: u16,
    authorization: Secret,
}

/// Why a text is not an endpoint descriptor. The error never shows the text, which may hold the authorization.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEndpointDescriptor {
    /// The text is cut off or has another format.
    #[error("it is not JSON with `version`, `job`, `uri` and `authorization`")]
    NotADescriptor,
    /// Another version of this program wrote it.
    #[error("it has the format version {0}; expected {VERSION}")]
    Version(u64),
    /// The URI is not one of an endpoint of this program.
    #[error("its `uri` is not `http://127.0.0.1:PORT{PATH}`")]
    Uri,
    /// The value is not safe in a header or in a line of a shell.
    #[error("its `{0}` is empty, too long, or holds more than A-Za-z0-9_-")]
    Value(&'static str),
}

impl EndpointDescriptor {
    /// The endpoint on this port of 127.0.0.1. `job` may be empty, `authorization` may not.
    pub fn new(job: &str, port: u16, authorization: Secret) -> Result<Self, InvalidEndpointDescriptor> {
        if !is_word(job) {
            return Err(InvalidEndpointDescriptor::Value("job"));
        }
        if authorization.expose().is_empty() || !is_word(authorization.expose()) {
            return Err(InvalidEndpointDescriptor::Value("authorization"));
        }
        if port == 0 {
            return Err(InvalidEndpointDescriptor::Uri);
        }
        Ok(Self { job: job.to_owned(), port, authorization })
    }

    /// The ID of the endpoint's job; empty outside a job.
    pub fn job(&self) -> &str {
        &self.job
    }

    /// The URI that returns credentials.
    pub fn uri(&self) -> String {
        format!("http://{}{PATH}", self.host())
    }

    /// Address and port, as in the `Host` header.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The path of [`Self::uri`].
    pub fn path(&self) -> &'static str {
        PATH
    }

    /// The whole `Authorization` header.
    pub fn authorization(&self) -> &Secret {
        &self.authorization
    }

    /// The text that [`Self::parse`] reads.
    pub fn render(&self) -> Secret {
        let uri = self.uri();
        let fields =
            [("job", self.job.as_str()), ("uri", &uri), ("authorization", self.authorization.expose())];
        json_line::object(Some(("version", VERSION)), &fields)
    }

    /// Reads what [`Self::render`] has written, and refuses all other text.
    pub fn parse(text: &str) -> Result<Self, InvalidEndpointDescriptor> {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
            return Err(InvalidEndpointDescriptor::NotADescriptor);
        };
        let authorization = take(&mut fields, "authorization").map(Secret::new);
        match fields.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => return Err(InvalidEndpointDescriptor::Version(other)),
            None => return Err(InvalidEndpointDescriptor::NotADescriptor),
        }
        let (Some(job), Some(uri), Some(authorization)) =
            (take(&mut fields, "job"), take(&mut fields, "uri"), authorization)
        else {
            return Err(InvalidEndpointDescriptor::NotADescriptor);
        };
        let port = port_of(&uri).ok_or(InvalidEndpointDescriptor::Uri)?;
        Self::new(&job, port, authorization)
    }
}

fn take(fields: &mut Map<String, Value>, name: &str) -> Option<String> {
    match fields.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn port_of(uri: &str) -> Option<u16> {
    let digits = uri.strip_prefix("http://127.0.0.1:")?.strip_suffix(PATH)?;
    let port = digits.parse::<u16>().ok()?;
    // Only the usual spelling: no sign, no leading zeros.
    (port.to_string() == digits).then_some(port)
}

fn is_word(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor() -> EndpointDescriptor {
        EndpointDescriptor::new("0af3", 4711, Secret::new("k3y-_".to_owned())).unwrap()
    }

    #[test]
    fn what_is_rendered_is_read_back() {
        let text = descriptor().render();
        assert_eq!(
            text.expose(),
            "{\"version\":1,\"job\":\"0af3\",\"uri\":\"http://127.0.0.1:4711/credentials\",\
             \"authorization\":\"k3y-_\"}\n"
        );
        assert_eq!(EndpointDescriptor::parse(text.expose()), Ok(descriptor()));
        assert_eq!(descriptor().path(), "/credentials");
        let longest =
            EndpointDescriptor::new(&"j".repeat(MAX_LENGTH), 65535, Secret::new("a".repeat(MAX_LENGTH)))
                .unwrap();
        assert!(longest.render().expose().len() <= 3 * MAX_LENGTH, "it grew and left copies behind");
    }

    #[test]
    fn everything_else_is_refused_without_showing_it() {
        let whole = descriptor().render().expose().to_owned();
        let with = |from: &str, to: &str| whole.replace(from, to);
        for (text, error) in [
            (String::new(), InvalidEndpointDescriptor::NotADescriptor),
            (whole[..40].to_owned(), InvalidEndpointDescriptor::NotADescriptor),
            ("[]".to_owned(), InvalidEndpointDescriptor::NotADescriptor),
            (with("\"version\":1,", ""), InvalidEndpointDescriptor::NotADescriptor),
            (with("\"k3y-_\"", "1"), InvalidEndpointDescriptor::NotADescriptor),
            (with("\"job\"", "\"bob\""), InvalidEndpointDescriptor::NotADescriptor),
            (with("\"version\":1", "\"version\":2"), InvalidEndpointDescriptor::Version(2)),
            (with("127.0.0.1", "127.0.0.2"), InvalidEndpointDescriptor::Uri),
            (with(":4711", ":0"), InvalidEndpointDescriptor::Uri),
            (with(":4711", ":04711"), InvalidEndpointDescriptor::Uri),
            (with(":4711", ":70000"), InvalidEndpointDescriptor::Uri),
            (with(":4711", ":1@example.com:4711"), InvalidEndpointDescriptor::Uri),
            (with("/credentials", "/other"), InvalidEndpointDescriptor::Uri),
            (with("k3y-_", ""), InvalidEndpointDescriptor::Value("authorization")),
            (with("k3y", "k3y$(id)"), InvalidEndpointDescriptor::Value("authorization")),
            (with("k3y", r"k3y\n"), InvalidEndpointDescriptor::Value("authorization")),
            (with("k3y", &"k".repeat(200)), InvalidEndpointDescriptor::Value("authorization")),
            (with("0af3", "0 af3"), InvalidEndpointDescriptor::Value("job")),
        ] {
            let found = EndpointDescriptor::parse(&text);
            assert_eq!(found, Err(error.clone()), "{text}");
            assert!(!error.to_string().contains("k3y"));
        }
    }
}
