//! Writes the credentials to their destinations. All destinations are opened before STS is called, and written only
//! if all could be opened; if a write fails after that, the transaction rolls the others back.

mod append_sink;
mod bash_env_sink;
pub(crate) mod clear;
pub(crate) mod destination;
mod dotenv_sink;
mod edit_sink;
mod endpoint_sink;
mod github_sink;
mod new_directory;
mod process_sink;
mod profile_sink;
mod receipt_sink;
mod sink_error;
mod token_sink;

use std::path::{Path, PathBuf};

use aws::{Region, Secret};
use export::{Session, ShellLanguage, bash_env, github, json};

use crate::exchange::progress::OnProgress;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::files::appended_file;
use crate::io::files::bash_env_path;
use crate::io::files::transaction::FileTransaction;
use crate::io::runtime::Runtime;
use crate::io::stdout;
use crate::renewal::request_flags::{RequestFlags, RequestKey};
use crate::sinks::destination::Destination;
pub(crate) use append_sink::AppendSink;
use bash_env_sink::BashEnvSink;
use dotenv_sink::DotenvSink;
pub(crate) use edit_sink::EditSink;
use endpoint_sink::EndpointSink;
pub(crate) use endpoint_sink::refuse_default_profile;
pub(crate) use github_sink::{GithubSink, variables_to_blank};
pub(crate) use process_sink::ProcessSink;
pub(crate) use profile_sink::ProfileSink;
pub(crate) use receipt_sink::ReceiptSink;
pub(crate) use sink_error::{FilePlace, SinkError};
pub(crate) use token_sink::TokenSink;

/// An open destination.
pub(crate) enum Sink {
    /// The file that bash reads before each step.
    BashEnv(BashEnvSink),
    /// AWS's shared files.
    Profile(ProfileSink),
    /// A file of `NAME=value` lines.
    Dotenv(DotenvSink),
    /// The files of a GitHub Actions step.
    Github(GithubSink),
    /// A profile that runs this program, and the cache of this program.
    CredentialProcess(Box<ProcessSink>),
    /// The variables that point to the endpoint of `serve`.
    Endpoint(EndpointSink),
    /// `credential_process` JSON.
    Json,
    /// Lines for a shell, and the file of `BASH_ENV`, whose blocks they come after.
    Shell(ShellLanguage, Option<PathBuf>),
}

/// What destinations need before there is a session.
#[derive(Clone, Copy)]
pub(crate) struct OpenContext<'a> {
    /// Exported with the credentials.
    pub(crate) region: Option<&'a Region>,
    /// The flags with which another process requests the same session.
    pub(crate) flags: &'a RequestFlags,
    /// The key of this request.
    pub(crate) key: &'a RequestKey,
    /// Whether a user's own long-term keys may be replaced.
    pub(crate) overwrite: bool,
    /// Names the files.
    pub(crate) environment: &'a Environment,
}

/// Receives the results of writing, beside the files.
pub(crate) struct WriteContext<'a> {
    /// Rolls the files back.
    pub(crate) transaction: &'a mut FileTransaction,
    /// What the user may not expect.
    pub(crate) notes: &'a mut Vec<String>,
    /// Receives progress while a destination waits.
    pub(crate) on_progress: OnProgress<'a>,
    /// Runs a destination that waits.
    pub(crate) runtime: &'a Runtime,
    /// How long it may wait.
    pub(crate) deadline: Deadline,
}

impl Sink {
    /// Opens a destination, so that its errors show before STS is called.
    pub(crate) fn open(destination: &Destination, context: OpenContext<'_>) -> Result<Self, SinkError> {
        let OpenContext { region, overwrite, environment, .. } = context;
        match destination {
            Destination::BashEnv => BashEnvSink::open(environment, SinkError::NoBashEnv).map(Self::BashEnv),
            Destination::Profile(name) => {
                ProfileSink::open(&[(name, region)], overwrite, environment).map(Self::Profile)
            }
            Destination::Dotenv(path) => DotenvSink::open(path, overwrite).map(Self::Dotenv),
            Destination::Github => GithubSink::open(environment).map(Self::Github),
            Destination::CredentialProcess(name) => {
                ProcessSink::open(name, context).map(Box::new).map(Self::CredentialProcess)
            }
            Destination::Endpoint => EndpointSink::open(context).map(Self::Endpoint),
            Destination::Json => {
                stdout::require()?;
                Ok(Self::Json)
            }
            // No file that bash reads, no block to count.
            Destination::Shell(language) => {
                stdout::require()?;
                Ok(Self::Shell(*language, bash_env_path::of(environment).ok().flatten()))
            }
        }
    }

    fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        match self {
            Self::BashEnv(sink) => sink.write(session, context),
            Self::Profile(sink) => sink.write(std::slice::from_ref(session), context.transaction),
            Self::Dotenv(sink) => sink.write(session, context.transaction),
            Self::Github(sink) => sink.write(session, context),
            Self::CredentialProcess(sink) => sink.write(session, context),
            Self::Endpoint(sink) => sink.write(session, context),
            Self::Json => to_stdout(&json::render(session)),
            Self::Shell(language, bash_env) => {
                let blocks = bash_env.map_or_else(String::new, |path| blocks_in(&path));
                to_stdout(&language.render(session, &blocks))
            }
        }
    }

    fn is_stdout(&self) -> bool {
        matches!(self, Self::Json | Self::Shell(..))
    }
}

/// Destinations on stdout: they are written last, because they cannot be undone.
pub(crate) struct StdoutSinks(Vec<Sink>);

impl StdoutSinks {
    /// Writes them.
    pub(crate) fn write(self, session: &Session, context: &mut WriteContext<'_>) -> Result<(), SinkError> {
        self.0.into_iter().try_for_each(|sink| sink.write(session, context))
    }
}

/// Writes all files, and returns the destinations on stdout.
pub(crate) fn write_files(
    sinks: Vec<Sink>,
    session: &Session,
    context: &mut WriteContext<'_>,
) -> Result<StdoutSinks, SinkError> {
    if sinks.iter().any(|sink| matches!(sink, Sink::Github(_))) {
        mask(session)?;
    }
    let (stdout, files): (Vec<Sink>, Vec<Sink>) = sinks.into_iter().partition(Sink::is_stdout);
    files.into_iter().try_for_each(|sink| sink.write(session, context))?;
    Ok(StdoutSinks(stdout))
}

/// Masks the secrets before anything is written: from then on GitHub's runner hides them in the log.
fn mask(session: &Session) -> Result<(), SinkError> {
    to_stdout(&github::masks(session))
}

/// The ids of the blocks in the file of `BASH_ENV`. A file that cannot be read has no block that bash could run.
pub(crate) fn blocks_in(bash_env: &Path) -> String {
    let text = appended_file::text(bash_env).ok().flatten();
    text.map_or_else(String::new, |text| bash_env::blocks(&text))
}

fn to_stdout(text: &Secret) -> Result<(), SinkError> {
    stdout::require()?;
    Ok(stdout::write(text)?)
}
