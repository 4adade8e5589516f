//! What action.yml declares: all that users of `aws-actions/configure-aws-credentials` may have in a workflow, and nothing
//! that a value could run in.

use std::fs;

use orb_runner::yaml::Value;

use super::{action, names_at, only_step, repository};

/// The inputs of aws-actions/configure-aws-credentials v6.2.3.
const OF_AWS: [&str; 32] = [
    "action-timeout-s",
    "allowed-account-ids",
    "audience",
    "aws-access-key-id",
    "aws-profile",
    "aws-region",
    "aws-secret-access-key",
    "aws-session-token",
    "custom-tags",
    "disable-retry",
    "force-skip-oidc",
    "http-proxy",
    "inline-session-policy",
    "managed-session-policies",
    "mask-aws-account-id",
    "no-proxy",
    "output-credentials",
    "output-env-credentials",
    "overwrite-aws-profile",
    "retry-max-attempts",
    "role-chaining",
    "role-duration-seconds",
    "role-external-id",
    "role-session-name",
    "role-skip-session-tagging",
    "role-to-assume",
    "special-characters-workaround",
    "sts-endpoint",
    "transitive-tag-keys",
    "unset-current-credentials",
    "use-existing-credentials",
    "web-identity-token-file",
];

/// Inputs that need no variable: what they ask for is always so, or they are only looked at for being there.
const WITHOUT_VARIABLE: [&str; 5] = [
    "aws-access-key-id",
    "aws-secret-access-key",
    "aws-session-token",
    "role-skip-session-tagging",
    "unset-current-credentials",
];

#[test]
fn every_input_of_aws_is_declared_and_reaches_the_script_through_the_environment_alone() {
    let action = action();
    let declared = names_at(&action, &["inputs"]);
    for name in OF_AWS {
        assert!(declared.contains(&name.to_owned()), "{name}");
    }
    let step = only_step(&action);
    let variables = step.at(&["env"]).and_then(Value::as_map).unwrap();
    for name in &declared {
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        let value = variables.get(&variable).and_then(Value::as_text);
        let expected = format!("${{{{ inputs.{name} }}}}");
        assert_eq!(value.is_none(), WITHOUT_VARIABLE.contains(&name.as_str()), "{name}");
        assert!(value.is_none_or(|value| value == expected), "{name}");
    }
    for step in ["run", "name"] {
        assert!(!only_step(&action).at(&[step]).and_then(Value::as_text).unwrap().contains("${{"), "{step}");
    }
    let script =
        fs::read_to_string(repository().join(".github/configure-aws-credentials/configure.sh")).unwrap();
    for variable in variables.keys() {
        assert!(
            script.contains(&format!("${variable}")) || script.contains(&format!("{{{variable}")),
            "{variable}"
        );
    }
}

#[test]
fn every_input_and_output_is_in_its_readme() {
    let readme =
        fs::read_to_string(repository().join(".github/configure-aws-credentials/README.md")).unwrap();
    for section in ["inputs", "outputs"] {
        for name in names_at(&action(), &[section]) {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn the_page_on_migration_has_a_row_for_every_input_of_aws() {
    let page = fs::read_to_string(repository().join("docs/migration.md")).unwrap();
    let section = page.split("## From aws-actions/configure-aws-credentials").nth(1).unwrap();
    let first_cells: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next()).collect();
    for name in OF_AWS {
        let rows =
            first_cells.iter().filter(|cell| format!("`{cell}").contains(&format!("`{name}`"))).count();
        assert_eq!(rows, 1, "{name}");
    }
}

#[test]
fn the_action_and_its_downloads_are_of_this_repository() {
    let home = env!("CARGO_PKG_REPOSITORY");
    let base = action();
    let base = base.at(&["inputs", "download-base-url", "default"]).and_then(Value::as_text).unwrap();
    assert_eq!(base, format!("{home}/releases/download"));
    let readme =
        fs::read_to_string(repository().join(".github/configure-aws-credentials/README.md")).unwrap();
    let path = home.strip_prefix("https://github.com/").unwrap();
    assert!(readme.contains(&format!("uses: {path}/.github/configure-aws-credentials@COMMIT\n")));
}
