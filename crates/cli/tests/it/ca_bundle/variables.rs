//! Which variable names the CA bundle: AWS's own before OpenSSL's, OpenSSL's before that of Python's requests.

use super::make;
use crate::support::Job;

const ORDER: [&str; 4] = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"];

fn job() -> Job {
    let mut job = Job::new();
    job.unset("AWS_CA_BUNDLE");
    make(
        &job,
        "openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -subj /CN=other -out other.pem
        mkdir other directory; cp other.pem other; cp ca.pem directory; openssl rehash other directory",
    );
    job
}

#[test]
fn each_variable_counts_and_the_first_one_that_is_set_decides() {
    for (at, name) in ORDER.into_iter().enumerate() {
        let good = if name == "SSL_CERT_DIR" { "directory" } else { "ca.pem" };
        let other = |name| if name == "SSL_CERT_DIR" { "other" } else { "other.pem" };
        let mut job = job();
        job.set(name, good);
        job.assume(&[]).succeeds();
        for later in ORDER.into_iter().skip(at + 1) {
            job.set(later, other(later));
        }
        job.assume(&[]).succeeds();
        let shown = job.run(&["preflight"]).stdout;
        assert!(shown.contains(&format!("`{good}` ({name}) adds 1 root certificate")), "{shown}");
        job.set(name, other(name));
        job.assume(&[]).expect(5, "its certificate is not trusted");
        // A blank variable is not set.
        job.set(name, " ");
        assert_ne!(job.assume(&[]).status, 0, "{name}");
    }
}

#[test]
fn several_directories_count_together() {
    let mut job = job();
    job.set("SSL_CERT_DIR", "other:nowhere:directory");
    job.assume(&[]).expect(0, "note: SSL_CERT_DIR names `nowhere`, which does not exist");
}

#[test]
fn what_openssl_would_ignore_is_a_note() {
    let mut job = Job::new();
    job.unset("AWS_CA_BUNDLE");
    for (name, value, words) in [
        ("SSL_CERT_FILE", "none.pem", "note: SSL_CERT_FILE names `none.pem`, which does not exist"),
        ("REQUESTS_CA_BUNDLE", "none.pem", "note: REQUESTS_CA_BUNDLE names `none.pem`, which does not exist"),
        ("SSL_CERT_DIR", "none", "note: SSL_CERT_DIR names `none`, which does not exist"),
        (
            "SSL_CERT_DIR",
            "home",
            "note: the directory `home` (SSL_CERT_DIR) has no certificate under the name that OpenSSL gives it",
        ),
    ] {
        job.set(name, value);
        job.assume(&[]).expect(5, words);
        job.unset(name);
    }
    for name in ["AWS_CA_BUNDLE", "CIRCLECI_AWS_OIDC_CA_BUNDLE"] {
        job.set(name, "none.pem");
        job.assume(&[]).expect(2, &format!("error: the CA bundle `none.pem` ({name}) cannot be read"));
        job.unset(name);
    }
}

#[test]
fn a_directory_without_openssls_names_has_the_command_that_gives_them() {
    let job = Job::new();
    make(&job, "mkdir roots; cp ca.pem roots");
    job.assume(&["--ca-bundle", "roots"]).expect(
        2,
        "hint: name its certificates with `openssl rehash roots`, or name one PEM file in --ca-bundle",
    );
    make(&job, "openssl rehash roots");
    job.assume(&["--ca-bundle", "roots"]).succeeds();
}
