//! Where the token goes: said where that is not simply AWS, and refused with `--expect-aws`.

use local_sts::{CertificateKind, Config};

use crate::support::proxy::Proxy;
use crate::support::{Job, ROLE};

const GIVE_UP: [&str; 4] = ["--max-attempts", "1", "--deadline", "2s"];
const ROLES: &str = "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n";

/// Each command that sends a token, with what it needs.
fn commands(job: &Job) -> [Vec<&'static str>; 4] {
    job.write("roles.ini", ROLES);
    [
        vec!["assume"],
        vec!["profiles", "--config-file", "roles.ini"],
        vec!["serve"],
        vec!["credential-process", "--role-arn", ROLE],
    ]
}

fn authority(job: &Job) -> String {
    job.sts.endpoint().trim_start_matches("https://").to_owned()
}

/// The only note about the token's path.
#[track_caller]
fn note(stderr: &str) -> &str {
    let mut notes = stderr.lines().filter(|line| line.starts_with("note: the token goes to "));
    let note = notes.next().unwrap_or_else(|| panic!("{stderr}"));
    assert_eq!(notes.next(), None);
    note
}

#[test]
fn another_host_and_added_roots_are_named_in_one_line_with_what_chose_them() {
    for variable in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "--sts-endpoint"] {
        let mut job = Job::new();
        job.set("AWS_REGION", "eu-west-1");
        let endpoint = job.sts.endpoint().to_owned();
        job.unset("AWS_ENDPOINT_URL_STS");
        let flags = if variable.starts_with('-') { vec![variable, endpoint.as_str()] } else { vec![] };
        if flags.is_empty() {
            job.set(variable, &endpoint);
        }
        let hint = if variable == "AWS_ENDPOINT_URL" {
            "; if AWS_ENDPOINT_URL is for another service, set AWS_ENDPOINT_URL_STS to \
             `https://sts.eu-west-1.amazonaws.com/`"
        } else {
            ""
        };
        let expected = format!(
            "note: the token goes to `{}` ({variable}), which is not a host of AWS; `{}` (AWS_CA_BUNDLE) adds 1 root \
             certificate to Mozilla's{hint}",
            authority(&job),
            job.text("ca.pem")
        );
        assert_eq!(note(&job.assume(&flags).succeeds().stderr), expected);
        job.write("roles.ini", ROLES);
        let profiles = job.run(&[&["profiles", "--config-file", "roles.ini"], &flags[..]].concat());
        assert_eq!(note(&profiles.succeeds().stderr), expected);
    }
}

#[test]
fn a_proxy_is_named_without_its_password() {
    let mut job = Job::with(Config { certificate: CertificateKind::WrongName, ..Config::default() });
    let proxy = Proxy::start("200 OK", &authority(&job));
    job.set("AWS_ENDPOINT_URL_STS", "https://sts.example.test/");
    job.set("HTTPS_PROXY", &format!("http://someone:hunter2hunter2@{}", proxy.address));
    let run = job.assume(&[]);
    let part =
        format!(", which is not a host of AWS, through the proxy `http://{}` (HTTPS_PROXY); ", proxy.address);
    assert!(note(&run.succeeds().stderr).contains(&part), "{}", run.stderr);
    assert!(!run.stderr.contains("hunter2"));
}

#[test]
fn a_proxy_to_aws_is_named_and_nothing_else_is_said_of_aws() {
    let mut job = Job::new();
    let proxy = Proxy::start("403 Forbidden", "127.0.0.1:9");
    job.unset("AWS_ENDPOINT_URL_STS").unset("AWS_CA_BUNDLE").set("AWS_REGION", "eu-west-1");
    job.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    let run = job.assume(&GIVE_UP);
    let expected = format!(
        "note: the token goes to `sts.eu-west-1.amazonaws.com` through the proxy `http://{}` (HTTPS_PROXY)",
        proxy.address
    );
    assert_eq!(note(&run.expect(5, "").stderr), expected);
    job.set("NO_PROXY", ".amazonaws.com").set("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000");
    assert!(!job.assume(&GIVE_UP).stderr.contains("the token goes to"));
    // Many Regions behind one proxy are one line.
    job.unset("NO_PROXY");
    let regions = ["eu-west-1", "eu-west-2", "us-east-1", "us-west-2", "eu-west-1"];
    let roles = (0..)
        .zip(regions)
        .map(|(at, region)| format!("[profile p{at}]\nrole_arn = {ROLE}\nregion = {region}\n"));
    job.write("roles.ini", &roles.collect::<String>());
    let run = job.run(&[&["profiles", "--config-file", "roles.ini"], &GIVE_UP[..]].concat());
    let hosts = "`sts.eu-west-1.amazonaws.com`, `sts.eu-west-2.amazonaws.com`, `sts.us-east-1.amazonaws.com` and 1 more ";
    assert!(note(&run.stderr).contains(hosts), "{}", run.stderr);
}

#[test]
fn expect_aws_refuses_another_host_before_a_token_is_read() {
    for variable in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "CIRCLECI_AWS_OIDC_STS_ENDPOINT"] {
        let mut job = Job::new();
        let endpoint = job.sts.endpoint().to_owned();
        job.unset("AWS_ENDPOINT_URL_STS").unset("CIRCLE_OIDC_TOKEN_V2").set("AWS_REGION", "eu-west-1");
        job.set(variable, &endpoint).set("CIRCLECI_AWS_OIDC_EXPECT_AWS", "true");
        let error = format!(
            "error: STS would be called at `{}` ({variable}), and `--expect-aws` refuses hosts that are not AWS's own",
            authority(&job)
        );
        for command in commands(&job) {
            if command[0] == "credential-process" {
                // Its line has no variables of ours.
                continue;
            }
            let run = job.run(&command);
            run.expect(7, &error);
            let hint = if variable == "AWS_ENDPOINT_URL" {
                "hint: if AWS_ENDPOINT_URL is for another service, set AWS_ENDPOINT_URL_STS to `https://sts.eu-west-1."
            } else {
                "may read the token"
            };
            run.expect(7, hint);
        }
        assert_eq!(job.sts.requests().len(), 0);
    }
}

#[test]
fn expect_aws_holds_for_a_profiles_line_and_for_cached_credentials() {
    let mut job = Job::new();
    let line = ["credential-process", "--role-arn", ROLE];
    job.run(&line).succeeds();
    job.run(&[&line[..], &["--expect-aws"]].concat()).expect(7, "refuses hosts that are not AWS's own");
    job.set("AWS_ENDPOINT_URL_STS", "https://vpce-0a-1b.sts.eu-west-1.vpce.amazonaws.com");
    job.run(&[&line[..], &["--expect-aws"]].concat()).expect(7, "adds 1 root certificate to Mozilla's");
}

#[test]
fn expect_aws_refuses_added_roots_whatever_names_them_and_no_others() {
    let mut job = Job::new();
    let pem = job.text("ca.pem");
    job.unset("AWS_ENDPOINT_URL_STS").unset("AWS_CA_BUNDLE").unset("CIRCLE_OIDC_TOKEN_V2");
    job.set("AWS_REGION", "eu-west-1");
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "--ca-bundle"] {
        let mut flags = vec!["--expect-aws"];
        if name.starts_with('-') {
            flags.extend([name, pem.as_str()]);
        } else {
            job.set(name, &pem);
        }
        job.assume(&flags)
            .expect(
                7,
                &format!("error: `{pem}` ({name}) adds 1 root certificate to Mozilla's, and `--expect-aws`"),
            )
            .expect(7, "if the owners of these certificates may read the token");
        job.unset(name);
    }
    // Not refused: the exchange goes on, and finds no token.
    job.assume(&["--expect-aws"]).expect(3, "");
    job.set("SSL_CERT_FILE", "/nowhere.pem");
    job.assume(&["--expect-aws"]).expect(3, "");
}

#[test]
fn a_host_of_aws_behind_a_proxy_is_expected() {
    let mut job = Job::new();
    let proxy = Proxy::start("403 Forbidden", "127.0.0.1:9");
    job.unset("AWS_CA_BUNDLE").set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    for (endpoint, host) in [
        ("", "sts.eu-west-1.amazonaws.com"),
        ("https://sts-fips.eu-west-1.api.aws", "sts-fips.eu-west-1.api.aws"),
        (
            "https://vpce-0a-1b.sts.eu-west-1.vpce.amazonaws.com",
            "vpce-0a-1b.sts.eu-west-1.vpce.amazonaws.com",
        ),
    ] {
        job.set("AWS_REGION", "eu-west-1").set("AWS_ENDPOINT_URL_STS", endpoint);
        job.assume(&[&["--expect-aws"], &GIVE_UP[..]].concat()).expect(5, "");
        assert!(proxy.heads().last().unwrap().starts_with(&format!("CONNECT {host}:443 ")), "{host}");
    }
}

#[test]
fn preflight_has_a_note_for_each_and_a_problem_with_expect_aws() {
    let mut job = Job::with(Config { certificate: CertificateKind::WrongName, ..Config::default() });
    job.unset("AWS_ENDPOINT_URL_STS").set("AWS_ENDPOINT_URL", "https://minio.example:9000");
    job.set("AWS_REGION", "eu-west-1").set("HTTPS_PROXY", "http://someone:hunter2hunter2@proxy.example:3128");
    let pem = job.text("ca.pem");
    let run = job.run(&["preflight"]);
    for line in [
        "note    endpoint        the token goes to https://minio.example:9000/ (AWS_ENDPOINT_URL), which is not a host of \
         AWS; if AWS_ENDPOINT_URL is for another service, set AWS_ENDPOINT_URL_STS to \
         `https://sts.eu-west-1.amazonaws.com/`\n",
        "note    proxy           the token goes through http://proxy.example:3128 (HTTPS_PROXY), encrypted\n",
        &format!("note    ca-bundle       `{pem}` (AWS_CA_BUNDLE) adds 1 root certificate to Mozilla's; "),
    ] {
        assert!(run.stdout.contains(line), "`{line}` is not in:\n{}", run.stdout);
    }
    let run = job.run(&["preflight", "--expect-aws"]);
    for line in [
        "problem endpoint        STS would be called at `minio.example:9000` (AWS_ENDPOINT_URL), and `--expect-aws` ",
        &format!(
            "problem ca-bundle       `{pem}` (AWS_CA_BUNDLE) adds 1 root certificate to Mozilla's, and "
        ),
    ] {
        assert!(run.expect(8, "").stdout.contains(line), "`{line}` is not in:\n{}", run.stdout);
    }
    job.set("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    let proxy = "ok      proxy           none: loopback is never reached through a proxy\n";
    assert!(job.run(&["preflight"]).stdout.contains(proxy));
    job.unset("AWS_ENDPOINT_URL").unset("AWS_CA_BUNDLE").unset("HTTPS_PROXY");
    let run = job.run(&["preflight", "--expect-aws"]);
    assert!(
        run.stdout.contains("ok      endpoint        https://sts.eu-west-1.amazonaws.com/\n"),
        "{}",
        run.stdout
    );
}
