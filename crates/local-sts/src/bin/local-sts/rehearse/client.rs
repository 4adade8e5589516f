//! The product as a job runs it, if it is on this machine: it makes the exchange over TLS and explains a denial.

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use local_sts::LocalSts;
use tempfile::TempDir;

use super::{SESSION_NAME, error::RehearsalError};
use crate::{
    failure::Failure,
    state_directory::{CA, StateDirectory},
};

const NAME: &str = "circleci-aws-oidc";
const POLICY: &str = "trust.json";
/// The product's exit code where STS refused.
const REFUSED: i32 = 4;

/// The program, and a directory with what it reads.
pub(crate) struct Client<'a> {
    program: PathBuf,
    server: &'a LocalSts,
    role_arn: &'a str,
    files: StateDirectory,
    _removed_when_dropped: TempDir,
}

impl<'a> Client<'a> {
    /// The program beside this one, else the first on the PATH.
    #[expect(
        clippy::disallowed_methods,
        reason = "the rule is the product's: this program reads them here alone"
    )]
    pub(crate) fn find(
        server: &'a LocalSts,
        role_arn: &'a str,
        policy: &str,
    ) -> Result<Option<Self>, Failure> {
        let beside = env::current_exe().ok().and_then(|path| Some(path.parent()?.to_owned()));
        let path = env::var_os("PATH").unwrap_or_default();
        let directories = beside.into_iter().chain(env::split_paths(&path).filter(|path| path.is_absolute()));
        let Some(program) = directories.map(|path| path.join(NAME)).find(|path| is_program(path)) else {
            return Ok(None);
        };
        let failed = |source| Failure::Write { path: env::temp_dir(), source };
        let directory = tempfile::tempdir().map_err(failed)?;
        let files = StateDirectory::create(directory.path())?;
        files.write(CA, server.ca_pem().as_bytes())?;
        files.write(POLICY, policy.as_bytes())?;
        Ok(Some(Self { program, server, role_arn, files, _removed_when_dropped: directory }))
    }

    /// Where the product is.
    pub(crate) fn path(&self) -> &Path {
        &self.program
    }

    /// The copy of the policy that explanations name.
    pub(crate) fn policy_file(&self) -> PathBuf {
        self.files.path(POLICY)
    }

    /// Makes the exchange, and gives the product's explanation of a denial. It must end as the policy decides, after a request that
    /// arrived: an endpoint that nobody serves is not a denial.
    pub(crate) fn exchange(&self, token: &str, is_allowed: bool) -> Result<String, RehearsalError> {
        let failed = |source| RehearsalError::Client { path: self.program.clone(), source };
        let token_file = self.files.path("token");
        self.files.write("token", token.as_bytes()).map_err(|_| failed(ErrorKind::WriteZero.into()))?;
        let received = self.server.requests().len();
        // Without this process's environment: its settings are for other roles and other endpoints.
        let output = Command::new(&self.program)
            .env_clear()
            .args(["assume", "--to", "json", "--color", "never", "--max-attempts", "1"])
            .args(["--role-arn", self.role_arn, "--session-name", SESSION_NAME])
            .args(["--sts-endpoint", self.server.endpoint()])
            .args(["--region", "us-east-1"])
            .arg("--ca-bundle")
            .arg(self.files.path(CA))
            .arg("--trust-policy")
            .arg(self.policy_file())
            .arg("--token-source")
            .arg(format!("file:{}", token_file.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .map_err(failed)?;
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        let agrees = output.status.code() == Some(if is_allowed { 0 } else { REFUSED });
        let has_sent = self.server.requests().len() > received;
        if agrees && has_sent {
            let explains =
                |line: &&str| ["policy: ", "fails: "].iter().any(|word| line.trim().starts_with(word));
            return Ok(message.lines().filter(explains).map(|line| format!("{line}\n")).collect());
        }
        Err(RehearsalError::Disagrees {
            path: self.program.clone(),
            status: described(output.status, has_sent),
            verdict: if is_allowed { "allows the token" } else { "denies it" },
            message: message.trim_end().lines().map(|line| format!("\n    {line}")).collect(),
        })
    }
}

fn described(status: ExitStatus, has_sent: bool) -> String {
    let status = status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"));
    if has_sent { status } else { format!("{status} and sent no request") }
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
