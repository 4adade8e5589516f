//! Points the next steps to the endpoint of `serve`, through `BASH_ENV`. It is written only after that endpoint has
//! returned credentials of the role's account.

use std::path::Path;

use export::{EndpointEnvironment, Session, endpoint_env};

use crate::credentials::{self, CredentialsError, SharedProfiles};
use crate::io::environment::{Environment, vars};
use crate::renewal::descriptor_file::DescriptorFile;
use crate::renewal::endpoint_search;
use crate::sinks::{BashEnvSink, OpenContext, SinkError, WriteContext};

/// The file of `BASH_ENV`, and the file by which the endpoint is found.
pub(crate) struct EndpointSink {
    bash_env: BashEnvSink,
    descriptor_file: DescriptorFile,
}

impl EndpointSink {
    /// Opens the file, and checks that AWS tools would use nothing in the shared files before the endpoint.
    pub(crate) fn open(context: OpenContext<'_>) -> Result<Self, SinkError> {
        let OpenContext { key, environment, .. } = context;
        let bash_env = BashEnvSink::open(environment, SinkError::NoBashEnvForEndpoint)?;
        refuse_default_profile(environment)?;
        Ok(Self {
            bash_env,
            descriptor_file: DescriptorFile::of(key, environment).map_err(SinkError::NoDescriptor)?,
        })
    }

    /// Waits for the endpoint, checks its credentials, and writes the variables that point to it.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        let found = endpoint_search::run(
            &self.descriptor_file,
            session.account(),
            context.deadline,
            context.on_progress,
        );
        let found = context.runtime.block_on(found).map_err(SinkError::Endpoint)?;
        let authorization_file = self.descriptor_file.authorization_file(&found);
        if authorization_file.is_none() {
            context.notes.push(
                "there is no usable file with the authorization of the endpoint: tools that read it from a file \
                 (`object_store`: obstore, deltalake, polars) find no credentials"
                    .to_owned(),
            );
        }
        let authorization_file = authorization_file.as_deref().and_then(Path::to_str);
        let endpoint = EndpointEnvironment::new(&found, authorization_file, session.region());
        self.bash_env.write_endpoint(&endpoint, context)
    }
}

/// AWS tools use an endpoint last: they use or follow the default profile before it.
pub(crate) fn refuse_default_profile(environment: &Environment) -> Result<(), SinkError> {
    let next_step = environment.after([], &endpoint_env::UNSET).after([], &vars::CONTAINER_CREDENTIALS);
    match credentials::locate(None, &next_step, &SharedProfiles::read(&next_step)) {
        Ok(located) => Err(SinkError::CredentialsBeforeEndpoint(located.source)),
        Err(CredentialsError::NotFound(_)) => Ok(()),
        Err(error) => Err(SinkError::ProfileBeforeEndpoint(error)),
    }
}
