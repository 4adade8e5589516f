//! A role whose trust policy is in a file. The IDs of the policy may be left to the command that reads it.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use local_sts::Role;

use crate::failure::Failure;

/// IAM's largest trust policy has 8,192 characters; this leaves room for white space.
const LARGEST: u64 = 256 * 1024;

/// The text of the file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let failed = |source| Failure::Read { path: path.to_owned(), source };
    let mut text = String::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text)).map_err(failed)?;
    if text.len() as u64 > LARGEST {
        return Err(failed(io::Error::other(format!("it has more than {LARGEST} bytes"))));
    }
    Ok(text)
}

/// The role, with the IDs in its policy.
pub(crate) fn role(arn: &str, path: &Path, organization: &str, project: &str) -> Result<Role, Failure> {
    let policy = read(path)?;
    let mut role = Role::new(arn, &policy);
    role.trust_policy = policy
        .replace("${ORGANIZATION_ID}", organization)
        .replace("${PROJECT_ID}", project)
        .replace("${ACCOUNT_ID}", &role.account().unwrap_or_default());
    Ok(role)
}
