//! The files that GitHub's runner reads after a step: `GITHUB_ENV`, and `GITHUB_OUTPUT` if it is set. Many programs
//! write to both, so each is appended to in one write.

use export::Session;
use export::github::{self, Delimiter, NOT_BLANKABLE};

use crate::io::environment::{Environment, vars};
use crate::io::files::directory::Expected;
use crate::io::http::tls;
use crate::sinks::{AppendSink, SinkError, WriteContext};

/// Both files, open.
pub(crate) struct GithubSink {
    variables: AppendSink,
    outputs: Option<AppendSink>,
    blank: Vec<&'static str>,
}

impl GithubSink {
    /// Opens the files, and checks that every variable that would override the credentials can be blanked.
    pub(crate) fn open(environment: &Environment) -> Result<Self, SinkError> {
        let path = environment.non_blank(vars::GITHUB_ENV).ok_or(SinkError::NoGithubEnv)?;
        if let Some(name) = NOT_BLANKABLE.into_iter().find(|name| environment.non_blank(name).is_some()) {
            return Err(SinkError::NotBlankable(name));
        }
        let open = |path: &str| {
            let opened = AppendSink::open(path.as_ref(), Expected::OfRunner);
            opened.map(|(sink, _)| sink).map_err(SinkError::of_runner)
        };
        Ok(Self {
            variables: open(path)?,
            outputs: environment.non_blank(vars::GITHUB_OUTPUT).map(open).transpose()?,
            blank: variables_to_blank(environment),
        })
    }

    /// Writes the variables, then the outputs.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        let delimiter = tls::random_bytes()
            .and_then(|random| Delimiter::new(random, session))
            .ok_or(SinkError::NoRandomBytes)?;
        let variables = github::environment(session, &self.blank, &delimiter);
        self.variables.write_lines(&variables, context).map_err(SinkError::of_runner)?;
        match self.outputs {
            Some(outputs) => outputs
                .write_lines(&github::outputs(session, &delimiter), context)
                .map_err(SinkError::of_runner),
            None => Ok(()),
        }
    }
}

/// The stale variables that are set in this job.
pub(crate) fn variables_to_blank(environment: &Environment) -> Vec<&'static str> {
    github::blankable().filter(|name| environment.non_blank(name).is_some()).collect()
}
