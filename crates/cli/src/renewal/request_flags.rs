//! The flags that repeat a request in another process, and the key that identifies the request among the processes of a
//! job.

use crate::io::http::added_roots::AddedRoots;
use crate::renewal::job_key::{JobKey, digest_of};

/// A flag of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestFlag {
    /// For example `--role-arn`.
    pub(crate) flag: &'static str,
    /// Its value, if it takes one.
    pub(crate) value: Option<String>,
}

/// The flags of one session, and the job that they are for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequestFlags {
    of_session: Vec<RequestFlag>,
    beside_key: Vec<RequestFlag>,
    job: JobKey,
    /// Why another process cannot repeat the request.
    flaw: Option<String>,
}

/// Identifies a request of a job in names of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestKey {
    /// 32 hexadecimal digits for the request and the job.
    request: String,
    /// The subject of the token.
    subject: Option<String>,
    /// Whether the job is known.
    of_known_job: bool,
}

impl RequestFlag {
    /// As words of a command line.
    pub(crate) fn words(&self) -> Vec<String> {
        let flag = self.flag;
        match &self.value {
            // As a word of its own it would be read as a flag.
            Some(value) if value.starts_with('-') => vec![format!("{flag}={value}")],
            Some(value) => vec![flag.to_owned(), value.clone()],
            None => vec![flag.to_owned()],
        }
    }
}

impl RequestFlags {
    /// From the flags that define the session, with the host that STS is called at, and those that do not: limits, and
    /// the path of the CA bundle.
    pub(crate) fn new(of_session: Vec<RequestFlag>, beside_key: Vec<RequestFlag>, job: JobKey) -> Self {
        Self { of_session, beside_key, job, flaw: None }
    }

    /// The same, with what keeps another process from repeating the request.
    pub(crate) fn with_flaw(self, flaw: Option<String>) -> Self {
        Self { flaw, ..self }
    }

    /// What keeps another process from repeating the request.
    pub(crate) fn flaw(&self) -> Option<&str> {
        self.flaw.as_deref()
    }

    /// The same for the job that the line of a profile names.
    pub(crate) fn completed_by(self, line: &JobKey) -> Self {
        Self { job: self.job.completed_by(line), ..self }
    }

    /// All flags, in the order of a command line.
    pub(crate) fn all(&self) -> impl Iterator<Item = &RequestFlag> {
        self.of_session.iter().chain(&self.beside_key)
    }

    /// The job.
    pub(crate) fn job(&self) -> &JobKey {
        &self.job
    }

    /// Differs for each request, job and subject, and for each set of added roots: whoever owns one of these can respond
    /// as STS. A proxy is not part of it, as it cannot: plain http uses none.
    pub(crate) fn key(&self, roots: &AddedRoots) -> RequestKey {
        let of_session: Vec<String> = self.of_session.iter().flat_map(RequestFlag::words).collect();
        let beside = [self.job.job().unwrap_or_default(), roots.digest()];
        let parts = of_session.iter().map(String::as_str).chain(beside);
        RequestKey {
            request: digest_of(parts),
            subject: self.job.subject().map(str::to_owned),
            of_known_job: self.job.job().is_some(),
        }
    }
}

impl RequestKey {
    /// Usable as a file's name.
    pub(crate) fn file_stem(&self) -> String {
        format!("{}-{}", self.request, self.subject.as_deref().unwrap_or("none"))
    }

    /// The start of the names of files that are for this request of this job, whatever the subject is. `None` if that
    /// is not enough: the job is unknown, or the subject is known.
    pub(crate) fn start_of_file_stems(&self) -> Option<String> {
        (self.of_known_job && self.subject.is_none()).then(|| format!("{}-", self.request))
    }
}
