//! The command line of `orb-runner`. Parsing has no side effects: no file is opened here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Packs the orb and runs its commands as a CircleCI job does.
#[derive(Debug, Parser)]
#[command(name = "orb-runner")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Print the packed orb
    Pack {
        /// Directory with @orb.yml
        source: PathBuf,
        /// Version that the orb installs; replaces the one in its source
        #[arg(long)]
        version: Option<String>,
        /// SHA256SUMS file with the digests that the orb accepts
        #[arg(long, value_name = "FILE")]
        sums: Option<PathBuf>,
    },
    /// Print the orb's pins file with the digests of a release
    Pins {
        /// Directory with @orb.yml
        source: PathBuf,
        /// SHA256SUMS file of the release
        #[arg(long, value_name = "FILE")]
        sums: PathBuf,
    },
    /// Print the steps of a job, with commands, parameters and conditions resolved
    Expand {
        #[command(flatten)]
        job: JobArguments,
    },
    /// Run the steps of a job; the exit code is that of the first step that failed
    Run {
        #[command(flatten)]
        job: JobArguments,
        /// File of NAME=VALUE lines in place of contexts and project variables (repeatable)
        #[arg(long = "env-file", value_name = "FILE")]
        env_files: Vec<PathBuf>,
        /// Root file system that every step runs in
        #[arg(long, value_name = "DIR")]
        root: Option<PathBuf>,
        /// Directory that steps start in, as a path inside --root; an empty directory by default
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
    },
}

/// Which job of which config, with which orbs.
#[derive(Debug, Args)]
pub(crate) struct JobArguments {
    /// Packed orb for an import of the config (repeatable)
    #[arg(long = "orb", value_name = "NAME=FILE", value_parser = parse_orb)]
    pub(crate) orbs: Vec<(String, PathBuf)>,
    /// CircleCI config, or an example of the orb
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Job in the config, or the name that a workflow gives one
    #[arg(long)]
    pub(crate) job: String,
}

fn parse_orb(text: &str) -> Result<(String, PathBuf), &'static str> {
    let (name, file) = text.split_once('=').ok_or("expected NAME=FILE")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}
