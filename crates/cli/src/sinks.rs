//! Handing the credentials out. Every destination is opened before STS is asked, and written only when all of
//! them can be; when one fails after all, the others are put back as they were.

mod append_sink;
pub(crate) mod clear;
pub(crate) mod destination;
mod edit_sink;
mod endpoint_sink;
mod github_sink;
mod new_directory;
mod process_sink;
mod profile_sink;
mod sink_error;

use aws::Region;
use export::{bash_env, github, json, shell};

use crate::exchange::acquisition::Acquired;
use crate::io::environment::{Environment, vars};
use crate::io::files::undo::{self, Undo};
use crate::report::Report;
use crate::settings::request_flags::Standing;
use crate::sinks::destination::Destination;
pub(crate) use append_sink::AppendSink;
pub(crate) use edit_sink::EditSink;
use endpoint_sink::EndpointSink;
pub(crate) use github_sink::{GithubSink, to_blank};
pub(crate) use process_sink::ProcessSink;
pub(crate) use profile_sink::ProfileSink;
pub(crate) use sink_error::SinkError;

/// One destination, opened.
pub(crate) enum Sink {
    /// The file that bash reads before each step.
    BashEnv(AppendSink),
    /// AWS's shared files.
    Profile(ProfileSink),
    /// A file of `NAME=value` lines.
    Dotenv(EditSink),
    /// The files of a GitHub Actions step.
    Github(GithubSink),
    /// A profile that asks this program, and what the program keeps.
    CredentialProcess(Box<ProcessSink>),
    /// The way to the endpoint of `serve`.
    Endpoint(EndpointSink),
    /// `credential_process` JSON.
    Json,
    /// `export` lines.
    Shell,
}

/// What a destination may have to know before there is a session.
#[derive(Clone, Copy)]
pub(crate) struct Opening<'a> {
    /// Goes out with the keys.
    pub(crate) region: Option<&'a Region>,
    /// How another process gets the same session.
    pub(crate) standing: &'a Standing,
    /// Says where files are.
    pub(crate) environment: &'a Environment,
}

impl Sink {
    /// Opens a destination: what is wrong with it is known before anybody asks STS.
    pub(crate) fn open(destination: &Destination, opening: Opening<'_>) -> Result<Self, SinkError> {
        let Opening { region, environment, .. } = opening;
        match destination {
            Destination::BashEnv => {
                let path = environment.set(vars::BASH_ENV).ok_or(SinkError::NoBashEnv)?;
                AppendSink::open(path.as_ref()).map(Self::BashEnv)
            }
            Destination::Profile(name) => {
                ProfileSink::open(&[(name, region)], environment).map(Self::Profile)
            }
            Destination::Dotenv(path) => EditSink::open(path).map(Self::Dotenv),
            Destination::Github => GithubSink::open(environment).map(Self::Github),
            Destination::CredentialProcess(name) => {
                ProcessSink::open(name, opening).map(Box::new).map(Self::CredentialProcess)
            }
            Destination::Endpoint => EndpointSink::open(opening).map(Self::Endpoint),
            Destination::Json => Ok(Self::Json),
            Destination::Shell => Ok(Self::Shell),
        }
    }

    /// Writes, and says how to take it back.
    fn write(self, acquired: &Acquired, report: &mut Report) -> Result<Vec<Undo>, SinkError> {
        let session = &acquired.session;
        match self {
            Self::BashEnv(sink) => sink.write(&bash_env::render(session)).map(|undo| vec![undo]),
            Self::Profile(sink) => sink.write(std::slice::from_ref(session)),
            Self::Dotenv(sink) => {
                let path = sink.path().to_owned();
                sink.write(|existing| {
                    export::dotenv::edit(existing, session)
                        .map_err(|source| SinkError::NotPlain { path: path.clone(), source })
                })
                .map(|undo| undo.into_iter().collect())
            }
            Self::Github(sink) => sink.write(session),
            Self::CredentialProcess(sink) => sink.write(session, report),
            Self::Endpoint(sink) => sink.write(acquired, report).map(|undo| vec![undo]),
            Self::Json => report.data(&json::render(session)).map(|()| Vec::new()).map_err(SinkError::Stdout),
            Self::Shell => {
                report.data(&shell::render(session)).map(|()| Vec::new()).map_err(SinkError::Stdout)
            }
        }
    }

    fn is_stdout(&self) -> bool {
        matches!(self, Self::Json | Self::Shell)
    }
}

/// Destinations that are written, and those on stdout that are not yet: they can't be taken back.
pub(crate) struct Written {
    done: Vec<Undo>,
    stdout: Vec<Sink>,
}

/// Writes to all files or, where one fails, to none.
pub(crate) fn write_files(
    sinks: Vec<Sink>,
    acquired: &Acquired,
    report: &mut Report,
) -> Result<Written, SinkError> {
    if sinks.iter().any(|sink| matches!(sink, Sink::Github(_))) {
        // First of all: from then on the runner hides the secrets, whatever comes to print them.
        report.data(&github::masks(&acquired.session)).map_err(SinkError::Stdout)?;
    }
    let (stdout, files): (Vec<Sink>, Vec<Sink>) = sinks.into_iter().partition(Sink::is_stdout);
    let mut written = Written { done: Vec::new(), stdout };
    for sink in files {
        match sink.write(acquired, report) {
            Ok(undo) => written.done.extend(undo),
            Err(error) => {
                written.take_back(report);
                return Err(error);
            }
        }
    }
    Ok(written)
}

impl Written {
    /// Puts every file back as it was.
    pub(crate) fn take_back(self, report: &mut Report) {
        undo::all(self.done, report);
    }

    /// Writes what goes to stdout; where that fails, the files are put back.
    pub(crate) fn finish(mut self, acquired: &Acquired, report: &mut Report) -> Result<(), SinkError> {
        for sink in std::mem::take(&mut self.stdout) {
            if let Err(error) = sink.write(acquired, report) {
                self.take_back(report);
                return Err(error);
            }
        }
        Ok(())
    }
}
