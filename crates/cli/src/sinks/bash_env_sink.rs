//! A block in the file of `BASH_ENV`, with an id of its own: bash reads the file again below every step, and by the id a
//! block counts once.

use std::fs::File;
use std::path::PathBuf;

use export::bash_env::{self, BlockId};
use export::{EndpointEnvironment, Removal, Session};
use zeroize::Zeroizing;

use crate::io::environment::Environment;
use crate::io::files::directory::Expected;
use crate::io::files::{bash_env_path, text_file};
use crate::io::http::tls;
use crate::io::process::bash_syntax::{self, SyntaxFlaw};
use crate::io::runtime::Runtime;
use crate::sinks::{AppendSink, SinkError, WriteContext};

/// The file, open, and the id of the block.
pub(crate) struct BashEnvSink {
    file: AppendSink,
    id: BlockId,
}

impl BashEnvSink {
    /// Opens the file; `missing` is the error if there is none.
    pub(crate) fn open(environment: &Environment, missing: SinkError) -> Result<Self, SinkError> {
        let path = path(environment, missing)?;
        let id = tls::random_bytes().map(BlockId::new).ok_or(SinkError::NoRandomBytes)?;
        let (file, existing) = AppendSink::open(&path, Expected::Own).map_err(SinkError::of_bash_env)?;
        match existing.and_then(|mut file| flaw(&mut file, environment)) {
            Some(flaw) => Err(SinkError::Unfinished { path, flaw }),
            None => Ok(Self { file, id }),
        }
    }

    /// Appends the credentials.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        let block = bash_env::render(session, &self.id);
        self.file.write(&block, context).map_err(SinkError::of_bash_env)
    }

    /// Appends the variables that lead to the endpoint of `serve`.
    pub(crate) fn write_endpoint(
        self,
        endpoint: &EndpointEnvironment<'_>,
        context: &mut WriteContext<'_>,
    ) -> Result<(), SinkError> {
        let block = bash_env::render_endpoint(endpoint, &self.id);
        self.file.write(&block, context).map_err(SinkError::of_bash_env)
    }
}

/// What would make bash print the block, secrets included, in the steps that follow, or pass over it. A shell is started
/// only for a text that needs one: it takes about 2 ms.
fn flaw(file: &mut File, environment: &Environment) -> Option<SyntaxFlaw> {
    // What is not text, or too large, is left to bash.
    let text = Zeroizing::new(text_file::read_regular(text_file::LIMIT, file).ok()?);
    let is_certain = match bash_env::remove(&text) {
        Removal::Without(rest) => bash_env::has_only_whole_lines(rest.expose()),
        Removal::Nothing | Removal::NotOurs => bash_env::has_only_whole_lines(&text),
    };
    if is_certain {
        return None;
    }
    Runtime::new().ok()?.block_on(bash_syntax::flaw(&text, environment))
}

/// The file that bash will read; `missing` is the error if there is none.
pub(crate) fn path(environment: &Environment, missing: SinkError) -> Result<PathBuf, SinkError> {
    let path = bash_env_path::of(environment).map_err(SinkError::InvalidBashEnv)?;
    path.ok_or(missing).map_err(|error| error.without_bash_env(environment))
}
