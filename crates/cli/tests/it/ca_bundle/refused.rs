//! Files that are not CA bundles: what they are, and a command that makes one of them, which works.

use std::process::Command;

use super::make;
use crate::support::Job;

/// The command of the hint.
fn conversion(stderr: &str) -> &str {
    let hint =
        stderr.split("make a PEM file of it with `").nth(1).unwrap_or_else(|| panic!("no hint in {stderr}"));
    hint.split("`, and name that in --ca-bundle").next().unwrap()
}

#[test]
fn each_other_form_has_the_command_that_converts_it() {
    for (what, script) in [
        ("it is a certificate in DER form", "openssl x509 -in ca.pem -outform DER -out \"$0\""),
        ("it is PKCS#7", "openssl crl2pkcs7 -nocrl -certfile ca.pem -out \"$0\""),
        ("it is PKCS#7", "openssl crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out \"$0\""),
        ("it is a PKCS#12 key store", "openssl pkcs12 -export -nokeys -in ca.pem -passout pass: -out \"$0\""),
        ("it is UTF-16", "iconv -f UTF-8 -t UTF-16 ca.pem >\"$0\""),
        ("its lines are indented, and PEM lines start in the first column", "sed 's/^/  /' ca.pem >\"$0\""),
    ] {
        let job = Job::new();
        // A name with which a command that forgets its quotes does something else.
        let name = "it's $(touch planted) a file";
        make(&job, &script.replace("$0", &name.replace('$', "\\$")));
        let run = job.assume(&["--ca-bundle", name]);
        run.expect(2, &format!("(--ca-bundle) holds no usable PEM certificate\n  caused by: {what}\n"));
        let command = conversion(&run.stderr).replace("pkcs12", "pkcs12 -passin pass:");
        make(&job, &format!("cp ca.pem before.pem; rm ca.pem; {command}"));
        assert!(!job.path("planted").exists(), "{command}");
        job.assume(&["--ca-bundle", "ca.pem"]).succeeds();
    }
}

#[test]
fn a_file_without_a_certificate_says_what_it_holds() {
    for (what, script) in [
        ("it is empty", ": >bundle"),
        ("it has no line `-----BEGIN CERTIFICATE-----`", "echo hello >bundle"),
        ("it holds `PRIVATE KEY`, and no certificate", "openssl genpkey -algorithm ed25519 >bundle"),
        (
            "it holds `PRIVATE KEY` and 1 more, and no certificate",
            "openssl req -newkey ed25519 -nodes -keyout bundle -subj /CN=a -out request; cat request >>bundle",
        ),
    ] {
        let job = Job::new();
        make(&job, script);
        job.assume(&["--ca-bundle", "bundle"])
            .expect(2, &format!("\n  caused by: {what}\n  hint: fix --ca-bundle"));
    }
}

#[test]
fn a_key_store_of_java_is_named() {
    if Command::new("keytool").output().is_err() {
        println!("skipped: no keytool");
        return;
    }
    let job = Job::new();
    make(
        &job,
        "keytool -importcert -noprompt -storetype JKS -alias a -file ca.pem -keystore bundle -storepass changeit",
    );
    job.assume(&["--ca-bundle", "bundle"])
        .expect(2, "caused by: it is a Java key store\n  hint: make a PEM file");
}
