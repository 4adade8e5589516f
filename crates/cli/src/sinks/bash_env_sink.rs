//! A block in the file of `BASH_ENV`, with an id of its own: bash reads the file again below every step, and by the id a
//! block counts once.

use std::path::PathBuf;

use aws::Region;
use export::bash_env::{self, BlockId};
use export::{EndpointDescriptor, Session};

use crate::io::environment::Environment;
use crate::io::files::bash_env_path;
use crate::io::files::directory::Expected;
use crate::io::http::tls;
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
        let file = AppendSink::open(&path, Expected::Own).map_err(SinkError::of_bash_env)?;
        Ok(Self { file, id })
    }

    /// Appends the credentials.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        self.file.write(&bash_env::render(session, &self.id), context)
    }

    /// Appends the variables that lead to the endpoint of `serve`.
    pub(crate) fn write_endpoint(
        self,
        endpoint: &EndpointDescriptor,
        region: Option<&Region>,
        context: &mut WriteContext<'_>,
    ) -> Result<(), SinkError> {
        self.file.write(&bash_env::render_endpoint(endpoint, region, &self.id), context)
    }
}

/// The file that bash will read; `missing` is the error if there is none.
pub(crate) fn path(environment: &Environment, missing: SinkError) -> Result<PathBuf, SinkError> {
    let path = bash_env_path::of(environment).map_err(SinkError::InvalidBashEnv)?;
    path.ok_or(missing).map_err(|error| error.without_bash_env(environment))
}
