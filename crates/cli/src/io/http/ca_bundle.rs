//! The user's CA bundle: a PEM file, or a directory of them as OpenSSL reads it.

pub(crate) mod algorithm_names;
mod contents;
mod der;
mod fields;
mod hashed_directory;
mod other_format;
pub(super) mod own_anchor;
mod pem;
mod single_line;

use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, TrustAnchor};
use zeroize::Zeroizing;

use crate::io::environment::vars;
use crate::io::files::text_file::{self, ReadError};
use contents::{Certificate, Contents};
use fields::Fields;
use hashed_directory::hashed_files;
pub(crate) use other_format::OtherFormat;

/// Debian's roots with their text have 1.1 MB.
const LARGEST_BUNDLE: u64 = 16 * 1024 * 1024;

/// Root certificates of the user.
#[derive(Debug, Clone)]
pub(crate) struct CaBundle {
    /// The file, or a directory. `SSL_CERT_DIR` may name several, with the separator of PATH.
    pub(crate) path: PathBuf,
    /// The flag or variable that names it.
    pub(crate) name: &'static str,
}

/// Why a CA bundle cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaBundleError {
    /// It cannot be read.
    #[error("the CA bundle `{}` ({name}) cannot be read", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
        /// The system's own reason.
        #[source]
        source: ReadError,
    },
    /// It holds no usable certificate, because it is something else.
    #[error("the CA bundle `{}` ({name}) holds no usable PEM certificate", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
        /// What it is.
        #[source]
        source: OtherFormat,
    },
    /// It holds certificates, none of which is usable.
    #[error("the CA bundle `{}` ({name}) holds no usable PEM certificate: {skipped}", path.display())]
    AllSkipped {
        /// The file or directory.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
        /// Why each is skipped.
        skipped: String,
    },
    /// A directory without files of the names that OpenSSL looks for.
    #[error("the directory `{}` ({name}) has no certificate under the name that OpenSSL gives it", path.display())]
    NotHashed {
        /// The directory.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
    },
}

/// A file of a bundle, with its path.
type OpenedFile = (PathBuf, Zeroizing<Vec<u8>>);

/// Certificates that are not used, by reason.
#[derive(Debug, Default)]
struct Skipped {
    damaged: Vec<String>,
    rejected: usize,
}

impl CaBundle {
    /// Adds the certificates of its CAs to the roots, and returns all its certificates.
    pub(super) fn add_to(
        &self,
        roots: &mut RootCertStore,
        notes: &mut Vec<String>,
    ) -> Result<Vec<CertificateDer<'static>>, CaBundleError> {
        let mut trusted = Vec::new();
        let mut skipped = Skipped::default();
        let mut unsupported: Vec<String> = Vec::new();
        let files = self.files(notes)?;
        let whole = files.len() == 1;
        for (path, file) in &files {
            let contents = Contents::of(file);
            let is_certificate = |contents: &Contents| {
                !(contents.certificates.is_empty()
                    && contents.rejected.is_empty()
                    && contents.damaged.is_empty())
            };
            if whole && !is_certificate(&contents) {
                let source = OtherFormat::of(file, &contents);
                return Err(CaBundleError::NoCertificate { path: path.clone(), name: self.name, source });
            }
            let place = |line: usize| {
                if whole { format!("line {line}") } else { format!("line {line} of `{}`", path.display()) }
            };
            skipped.damaged.extend(contents.damaged.iter().map(|line| place(*line)));
            skipped.rejected += contents.rejected.len();
            for Certificate { der, .. } in &contents.rejected {
                remove(roots, der);
            }
            for Certificate { line, der } in contents.certificates {
                let certificate = CertificateDer::from(der);
                let Some(anchor) = anchor_of(&certificate) else {
                    skipped.damaged.push(place(line));
                    continue;
                };
                let fields = Fields::of(&certificate);
                if fields.as_ref().is_some_and(Fields::may_issue) {
                    roots.roots.extend(anchor);
                }
                unsupported.extend(fields.and_then(|fields| fields.unsupported_key()));
                trusted.push(certificate);
            }
        }
        self.report(&trusted, &skipped, unsupported, notes)?;
        Ok(trusted)
    }

    fn report(
        &self,
        trusted: &[CertificateDer<'static>],
        skipped: &Skipped,
        mut unsupported: Vec<String>,
        notes: &mut Vec<String>,
    ) -> Result<(), CaBundleError> {
        let Self { path, name } = self;
        let words = skipped.words();
        if trusted.is_empty() {
            return match words {
                Some(skipped) => Err(CaBundleError::AllSkipped { path: path.clone(), name, skipped }),
                None => Ok(()),
            };
        }
        if let Some(words) = words {
            notes.push(format!("in the CA bundle `{}` ({name}) {words}", path.display()));
        }
        if !unsupported.is_empty() {
            let count = unsupported.len();
            unsupported.sort();
            unsupported.dedup();
            notes.push(format!(
                "in the CA bundle `{}` ({name}) {} a key that this program does not verify with ({}): a server whose \
                 certificate needs it is not trusted",
                path.display(),
                counted(count, "certificate has", "certificates have"),
                unsupported.join(", ")
            ));
        }
        Ok(())
    }

    /// The files with their paths; none where OpenSSL would ignore that they are missing.
    fn files(&self, notes: &mut Vec<String>) -> Result<Vec<OpenedFile>, CaBundleError> {
        let paths: Vec<PathBuf> = if self.name == vars::SSL_CERT_DIR {
            std::env::split_paths(&self.path).collect()
        } else {
            vec![self.path.clone()]
        };
        let mut files = Vec::new();
        for path in paths {
            let unreadable = |path: &Path, source| CaBundleError::Unreadable {
                path: path.to_owned(),
                name: self.name,
                source,
            };
            if path.is_dir() {
                let hashed =
                    hashed_files(&path).map_err(|source| unreadable(&path, ReadError::Io(source)))?;
                if hashed.is_empty() {
                    let error = CaBundleError::NotHashed { path, name: self.name };
                    if self.is_required() {
                        return Err(error);
                    }
                    notes.push(error.to_string());
                    continue;
                }
                for path in hashed {
                    match text_file::read_named_bytes(LARGEST_BUNDLE, &path) {
                        Ok(file) => files.extend(file.map(|file| (path, file))),
                        Err(source) if self.is_required() => return Err(unreadable(&path, source)),
                        Err(source) => notes.push(format!(
                            "`{}` ({}) cannot be read: {source}",
                            path.display(),
                            self.name
                        )),
                    }
                }
                continue;
            }
            match text_file::read_named_bytes(LARGEST_BUNDLE, &path) {
                Ok(Some(file)) => files.push((path, file)),
                Ok(None) if self.is_required() => return Err(unreadable(&path, ReadError::Missing)),
                Ok(None) => {
                    notes.push(format!("{} names `{}`, which does not exist", self.name, path.display()));
                }
                Err(source) => return Err(unreadable(&path, source)),
            }
        }
        Ok(files)
    }

    /// Whether it counts: it exists, or its absence is an error.
    pub(crate) fn is_used(&self) -> bool {
        self.is_required() || self.path.exists()
    }

    /// Whether no other variable or flag can name the same.
    pub(crate) fn has_several_directories(&self) -> bool {
        self.name == vars::SSL_CERT_DIR && std::env::split_paths(&self.path).nth(1).is_some()
    }

    /// OpenSSL ignores a missing file or directory, and images set its variables for it; the variable of Python's
    /// requests is set for others too.
    fn is_required(&self) -> bool {
        ![vars::SSL_CERT_FILE, vars::SSL_CERT_DIR, vars::REQUESTS_CA_BUNDLE].contains(&self.name)
    }
}

impl Skipped {
    fn words(&self) -> Option<String> {
        let mut parts = Vec::new();
        if !self.damaged.is_empty() {
            let shown = self.damaged.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let more = if self.damaged.len() > 3 { ", …" } else { "" };
            parts.push(format!(
                "{} damaged and skipped ({shown}{more})",
                counted(self.damaged.len(), "certificate is", "certificates are")
            ));
        }
        if self.rejected > 0 {
            parts.push(format!(
                "{} skipped, because OpenSSL's trust settings beside it exclude TLS servers",
                counted(self.rejected, "certificate is", "certificates are")
            ));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The certificate's name and key; `None` if it is damaged.
pub(super) fn anchor_of(certificate: &CertificateDer<'static>) -> Option<Vec<TrustAnchor<'static>>> {
    let mut store = RootCertStore::empty();
    store.add(certificate.clone()).ok()?;
    Some(store.roots)
}

/// A certificate that the bundle rejects is not trusted because it is built in.
fn remove(roots: &mut RootCertStore, rejected: &[u8]) {
    let mut store = RootCertStore::empty();
    if store.add(CertificateDer::from(rejected)).is_ok() {
        roots.roots.retain(|root| {
            store.roots.iter().all(|rejected| {
                (&root.subject, &root.subject_public_key_info)
                    != (&rejected.subject, &rejected.subject_public_key_info)
            })
        });
    }
}
