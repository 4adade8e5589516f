//! The files by which scripts find the server. Scripts rely on their names.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use testkit::TestIssuer;

use crate::failure::Failure;

const ISSUER_KEY: &str = "issuer.pk8";
const ORGANIZATION: &str = "organization";
const ENDPOINT: &str = "endpoint";
const ENVIRONMENT: &str = "env";
/// The certificate of the server's CA, which each run makes.
pub(crate) const CA: &str = "ca.pem";

/// A directory that exists.
#[derive(Debug)]
pub(crate) struct StateDirectory(PathBuf);

impl StateDirectory {
    /// Creates the directory where it does not exist.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let failed = |source| Failure::Write { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(failed)?;
        Ok(Self(path.canonicalize().map_err(failed)?))
    }

    /// Takes the directory as it is.
    pub(crate) fn open(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Whether a server has run here.
    pub(crate) fn is_of_a_server(&self) -> bool {
        self.path(ENDPOINT).exists() || self.path(ISSUER_KEY).exists()
    }

    /// Removes what is only true while a server runs.
    pub(crate) fn remove_files_of_a_run(&self) -> Result<(), Failure> {
        for name in [ENVIRONMENT, ENDPOINT, CA] {
            match fs::remove_file(self.path(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Failure::Write { path: self.path(name), source: error });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The issuer of an earlier run, so that its tokens stay valid; a new one where there is none for this organization.
    pub(crate) fn issuer_or_new(&self, organization_id: &str) -> Result<TestIssuer, Failure> {
        if self.path(ISSUER_KEY).exists() {
            let issuer = self.issuer()?;
            if issuer.organization_id() == organization_id {
                return Ok(issuer);
            }
        }
        let issuer = TestIssuer::new(organization_id).map_err(Failure::Issuer)?;
        self.write(ORGANIZATION, format!("{}\n", issuer.organization_id()).as_bytes())?;
        self.write(ISSUER_KEY, issuer.pkcs8())?;
        Ok(issuer)
    }

    /// The issuer that a server left here.
    pub(crate) fn issuer(&self) -> Result<TestIssuer, Failure> {
        let read = |name| {
            let path = self.path(name);
            fs::read(&path).map_err(|source| Failure::ReadIssuer { path, source })
        };
        let organization = String::from_utf8_lossy(&read(ORGANIZATION)?).trim().to_owned();
        TestIssuer::from_pkcs8(&organization, &read(ISSUER_KEY)?).map_err(Failure::Issuer)
    }

    /// Writes where the server listens.
    pub(crate) fn write_endpoint(&self, endpoint: &str) -> Result<(), Failure> {
        self.write(ENDPOINT, format!("{endpoint}\n").as_bytes())
    }

    /// Writes the variables for a client, which appear at once: a script reads them as soon as the file is there.
    pub(crate) fn write_environment(&self, lines: &str) -> Result<(), Failure> {
        let unfinished = format!("{ENVIRONMENT}.new");
        self.write(&unfinished, lines.as_bytes())?;
        let path = self.path(ENVIRONMENT);
        fs::rename(self.path(&unfinished), &path).map_err(|source| Failure::Write { path, source })
    }

    /// Writes a file that only its owner reads: some hold keys and tokens.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> Result<(), Failure> {
        let path = self.path(name);
        let written = self.file(name).and_then(|mut file| file.write_all(contents));
        written.map_err(|source| Failure::Write { path, source })
    }

    /// An empty file to write to while the server runs.
    pub(crate) fn log(&self, name: &str) -> Result<File, Failure> {
        self.file(name).map_err(|source| Failure::Write { path: self.path(name), source })
    }

    fn file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(self.path(name))
    }
}
