//! `BASH_ENV` once more, with the way to the endpoint of `serve` in place of keys. It is written only when that endpoint
//! has handed out credentials of the role's account.

use export::{bash_env, endpoint_env};

use crate::credentials::{self, CredentialsError, SharedProfiles};
use crate::exchange::acquisition::Acquired;
use crate::io::environment::{Environment, vars};
use crate::renewal::descriptor_file::DescriptorFile;
use crate::renewal::endpoint_search;
use crate::sinks::{AppendSink, OpenContext, SinkError, WriteContext};

/// The file, and by what the endpoint is found.
pub(crate) struct EndpointSink {
    bash_env: AppendSink,
    announcement: DescriptorFile,
}

impl EndpointSink {
    /// Opens the file, and makes sure that nothing in AWS's shared files would keep tools from the endpoint.
    pub(crate) fn open(context: OpenContext<'_>) -> Result<Self, SinkError> {
        let OpenContext { flags, environment, .. } = context;
        let path = environment.set(vars::BASH_ENV).ok_or(SinkError::NoBashEnvForEndpoint)?;
        refuse_rivals(environment)?;
        Ok(Self {
            bash_env: AppendSink::open(path.as_ref())?,
            announcement: DescriptorFile::of(&flags.key(), environment).map_err(SinkError::NoDescriptor)?,
        })
    }

    /// Waits for the endpoint, tests it, and writes how it is reached.
    pub(crate) fn write(
        self,
        acquired: &Acquired<'_>,
        context: &mut WriteContext<'_>,
    ) -> Result<(), SinkError> {
        let found = endpoint_search::run(&self.announcement, acquired, context.on_progress)
            .map_err(SinkError::Endpoint)?;
        let text = bash_env::render_endpoint(&found, acquired.session.region());
        self.bash_env.write(&text, context.transaction)
    }
}

/// The endpoint comes last: AWS's tools take the default profile before it, whatever that leads to.
fn refuse_rivals(environment: &Environment) -> Result<(), SinkError> {
    let next_step = environment.after([], &endpoint_env::UNSET).after([], &vars::CONTAINER_CREDENTIALS);
    match credentials::locate(None, &next_step, &SharedProfiles::read(&next_step)) {
        Ok(located) => Err(SinkError::Rival(located.source)),
        Err(CredentialsError::NotFound(_)) => Ok(()),
        Err(error) => Err(SinkError::RivalProfile(error)),
    }
}
