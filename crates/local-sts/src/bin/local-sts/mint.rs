//! `local-sts mint`: one token on standard output.

use std::io::{self, Write as _};

use local_sts::unix_time_now;
use testkit::{JobToken, Shape};

use crate::{
    arguments::{Mint, TokenShape},
    failure::Failure,
    state_directory::StateDirectory,
};

/// Prints the token and a line break.
pub(crate) fn run(options: &Mint) -> Result<(), Failure> {
    let issuer = StateDirectory::open(&options.dir).issuer()?;
    let valid = JobToken {
        project_id: options.project.clone(),
        vcs_ref: format!("refs/heads/{}", options.branch),
        vcs_origin: options.origin.clone(),
        ..JobToken::new(issuer.organization_id(), unix_time_now())
    };
    let job = match options.shape {
        TokenShape::V2 | TokenShape::Forged => valid,
        TokenShape::V1 => JobToken { shape: Shape::V1, ..valid },
        TokenShape::Webhook => JobToken { shape: Shape::Webhook, ..valid },
        TokenShape::Expired => {
            let (issued_at, expires_at) = (valid.issued_at - 7200, valid.expires_at - 7200);
            JobToken { issued_at, expires_at, ..valid }
        }
        TokenShape::WrongAudience => JobToken { audience: "sts.amazonaws.com".into(), ..valid },
        TokenShape::SshRerun => JobToken { ssh_rerun: true, ..valid },
    };
    let token = match options.shape {
        TokenShape::Forged => job.forge(&issuer),
        _ => job.mint(&issuer),
    };
    let token = token.map_err(Failure::Issuer)?;
    writeln!(io::stdout(), "{token}").map_err(Failure::Streams)
}
