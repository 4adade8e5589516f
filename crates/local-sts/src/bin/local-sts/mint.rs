//! `local-sts mint`: one token on standard output.

use std::io::{self, Write as _};

use local_sts::unix_time_now;
use testkit::{JobToken, Shape};

use crate::{
    arguments::{Mint, TokenShape},
    failure::Failure,
    state_directory::StateDirectory,
};

/// Prints the token with a line end.
pub(crate) fn run(options: &Mint) -> Result<(), Failure> {
    let issuer = StateDirectory::open(&options.dir).issuer()?;
    let honest = JobToken {
        project_id: options.project.clone(),
        vcs_ref: format!("refs/heads/{}", options.branch),
        vcs_origin: options.origin.clone(),
        ..JobToken::new(issuer.organization_id(), unix_time_now())
    };
    let job = match options.shape {
        TokenShape::V2 | TokenShape::Forged => honest,
        TokenShape::V1 => JobToken { shape: Shape::V1, ..honest },
        TokenShape::Webhook => JobToken { shape: Shape::Webhook, ..honest },
        TokenShape::Expired => {
            let (issued_at, expires_at) = (honest.issued_at - 7200, honest.expires_at - 7200);
            JobToken { issued_at, expires_at, ..honest }
        }
        TokenShape::WrongAudience => JobToken { audience: "sts.amazonaws.com".into(), ..honest },
        TokenShape::SshRerun => JobToken { ssh_rerun: true, ..honest },
    };
    let token = match options.shape {
        TokenShape::Forged => job.forge(&issuer),
        _ => job.mint(&issuer),
    };
    let token = token.map_err(Failure::Issuer)?;
    writeln!(io::stdout(), "{token}").map_err(Failure::Streams)
}
