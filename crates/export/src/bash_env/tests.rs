//! Blocks are written, found and removed whole.

use super::*;
use crate::session::tests::session;

fn block_of(id: u8) -> String {
    let session = session("ASIA1", "wJalr'x", "IQoJb", Some("eu-west-1")).unwrap();
    render(&session, &BlockId::new([id; 8])).expose().to_owned()
}

fn block() -> String {
    block_of(0xab)
}

fn endpoint_block() -> String {
    let endpoint = EndpointDescriptor::new("", 1, Secret::new("secret".to_owned())).unwrap();
    let region = "eu-west-1".parse().unwrap();
    render_endpoint(&endpoint, Some(&region), &BlockId::new([0xcd; 8])).expose().to_owned()
}

/// As versions before the guard wrote it.
fn block_without_guard() -> String {
    let is_guard =
        |line: &&str| line.starts_with("case ") || line.contains(BLOCKS) || line.starts_with("BASH_ENV_");
    block().split_inclusive('\n').filter(|line| !is_guard(line)).collect()
}

#[track_caller]
fn assert_left(existing: &str, left: &str) {
    assert_eq!(remove(existing), Removal::Without(Secret::new(left.to_owned())), "{existing:?}");
}

#[test]
fn a_file_is_byte_for_byte_what_it_was_before_its_blocks() {
    for before in
        ["", "\n", "A=1", "A=1\r", "A=1\n", "A=1\n\n", "\n\nA=1\r\n", "# mine\nexport AWS_REGION='x'\n"]
    {
        assert_left(&format!("{before}{}", block()), before);
        assert_left(&format!("{before}{}{}", block(), block()), before);
        assert_left(&format!("{before}{}{}", endpoint_block(), block()), before);
        assert_left(&format!("{before}{}{}", block_without_guard(), block()), before);
    }
}

#[test]
fn what_others_appended_stays_and_is_never_glued_together() {
    let block = block();
    for (existing, left) in [
        (format!("A=1{block}B=2\n"), "A=1\nB=2\n"),
        (format!("A=1\n{block}B=2"), "A=1\nB=2"),
        (format!("A=1{block}\nB=2\n"), "A=1\nB=2\n"),
        (format!("{block}B=2\n{block}C=3\n"), "B=2\nC=3\n"),
        (format!("{block}{block}export AWS_REGION=x\n"), "export AWS_REGION=x\n"),
    ] {
        assert_left(&existing, left);
    }
}

#[test]
fn a_file_whose_breaks_somebody_changed_is_cleared_too() {
    assert_left(&format!("A=1\n{}B=2\n", block()).replace('\n', "\r\n"), "A=1\r\nB=2\r\n");
}

#[test]
fn lines_that_were_put_into_a_block_stay() {
    let edited = block().replace("export AWS_REGION", "export AWS_PROFILE=x\n\nexport AWS_REGION");
    assert_left(&edited, "export AWS_PROFILE=x\n\n");
}

#[test]
fn a_block_without_its_end_leaves_no_secret() {
    let open = block().replace("# circleci-aws-oidc: end\n", "B=2\n");
    assert_left(&format!("A=1\n{open}"), "A=1\nB=2\n");
    assert_left(&format!("{open}{}C=3", block()), "B=2\nC=3");
}

#[test]
fn a_block_that_is_cut_after_any_line_leaves_nothing() {
    for whole in [block(), endpoint_block(), block_without_guard()] {
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        for count in 2..=lines.len() {
            assert_left(&format!("A=1\n{}", lines[..count].concat()), "A=1\n");
        }
    }
}

#[test]
fn the_line_of_install_stays_even_behind_a_block_without_its_end() {
    let install = "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' 0a1b '*) ;; *) export PATH='/b':\"$PATH\" \
                   BASH_ENV_AWS_OIDC_BLOCKS=\"${BASH_ENV_AWS_OIDC_BLOCKS:+$BASH_ENV_AWS_OIDC_BLOCKS }0a1b\" ;; esac\n";
    let open = block().replace("# circleci-aws-oidc: end\n", "");
    for block in [block(), open] {
        assert_left(&format!("{install}{block}"), install);
        assert_left(&format!("{block}{install}"), install);
    }
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
            "BASH_ENV_AWS_OIDC_OPTIONS=$-; set +vx",
            "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' abababababababab '*) ;; *)",
            "unset AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CREDENTIAL_EXPIRATION \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
             AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "export AWS_DEFAULT_REGION='eu-west-1'",
            "export BASH_ENV_AWS_OIDC_BLOCKS=\"${BASH_ENV_AWS_OIDC_BLOCKS:+$BASH_ENV_AWS_OIDC_BLOCKS }abababababababab\" ;; esac",
            "case $BASH_ENV_AWS_OIDC_OPTIONS in *v*) set -v ;; esac; \
             case $BASH_ENV_AWS_OIDC_OPTIONS in *x*) set -x ;; esac; unset BASH_ENV_AWS_OIDC_OPTIONS",
            "# circleci-aws-oidc: end",
        ]
    );
    assert_eq!(block_of(0).replace(&"00".repeat(8), &"ab".repeat(8)), text);
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
    assert!([GUARD.0, OURS[10]].iter().all(|text| text.contains(BLOCKS)));
}

#[test]
fn a_text_without_a_block_is_nothing_to_remove() {
    for text in
        ["", "export AWS_ACCESS_KEY_ID='x'\n", " # circleci-aws-oidc: begin\n", "# circleci-aws-oidc: end\n"]
    {
        assert_eq!(remove(text), Removal::Nothing, "{text}");
    }
}
