//! Blocks are written, found and removed whole.

use super::*;
use crate::EndpointDescriptor;
use crate::session::tests::session;

pub(super) fn block_of(id: u8) -> String {
    let session = session("ASIA1", "wJalr'x", "IQoJb", Some("eu-west-1")).unwrap();
    render(&session, &BlockId::new([id; 8])).expose().to_owned()
}

pub(super) fn block() -> String {
    block_of(0xab)
}

pub(super) fn endpoint_block() -> String {
    let endpoint = EndpointDescriptor::new("", 1, Secret::new("secret".to_owned())).unwrap();
    let region = "eu-west-1".parse().unwrap();
    let endpoint = EndpointEnvironment::new(&endpoint, Some("/file"), Some(&region));
    render_endpoint(&endpoint, &BlockId::new([0xcd; 8])).expose().to_owned()
}

/// As versions before the guard wrote it.
pub(super) fn block_without_guard() -> String {
    let is_guard =
        |line: &&str| line.starts_with("case ") || line.contains(BLOCKS) || line.starts_with("BASH_ENV_");
    block().split_inclusive('\n').filter(|line| !is_guard(line)).collect()
}

#[test]
fn a_block_counts_only_where_its_id_is_not_among_the_blocks() {
    let text = block();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        [&lines[..5], &lines[lines.len() - 4..]].concat(),
        [
            "",
            "# circleci-aws-oidc: begin",
            "BASH_ENV_AWS_OIDC_OPTIONS=$-; set +vx; case ${BASH_VERSION+$-} in *T*) set +T ;; esac",
            "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' abababababababab '*) ;; *) BASH_ENV_AWS_OIDC() {",
            "unset AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CREDENTIAL_EXPIRATION \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
             AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "export AWS_DEFAULT_REGION='eu-west-1'",
            "export BASH_ENV_AWS_OIDC_BLOCKS=\"${BASH_ENV_AWS_OIDC_BLOCKS:+$BASH_ENV_AWS_OIDC_BLOCKS }abababababababab\"; \
             }; BASH_ENV_AWS_OIDC; unset -f BASH_ENV_AWS_OIDC ;; esac",
            "case $BASH_ENV_AWS_OIDC_OPTIONS in *v*) set -v ;; esac; \
             case $BASH_ENV_AWS_OIDC_OPTIONS in *x*) set -x ;; esac; \
             case ${BASH_VERSION+$BASH_ENV_AWS_OIDC_OPTIONS} in *T*) set -T ;; esac; unset BASH_ENV_AWS_OIDC_OPTIONS",
            "# circleci-aws-oidc: end",
        ]
    );
    assert_eq!(block_of(0).replace(&"00".repeat(8), &"ab".repeat(8)), text);
    assert_eq!(BlockId::new([0xab; 8]).to_string(), "ab".repeat(8));
}

#[test]
fn the_ids_of_all_blocks_are_found_and_nothing_else_is() {
    let forged = format!("\n{}$(run){}\n", GUARD.0, GUARD.1);
    let text = ["A=1", &block_of(1), &block_without_guard(), &forged, &endpoint_block()].concat();
    assert_eq!(blocks(&text), format!("{} {}", "01".repeat(8), "cd".repeat(8)));
    assert_eq!(blocks(""), "");
}

#[test]
fn unsetting_the_names_of_aws_does_not_bring_a_block_back() {
    assert!(!BLOCKS.starts_with("AWS_") && !BLOCKS.starts_with("CIRCLECI_AWS_OIDC_"));
    assert!([GUARD.0, OURS[11]].iter().all(|text| text.contains(BLOCKS)));
}
