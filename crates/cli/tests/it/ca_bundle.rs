//! CA bundles as OpenSSL writes them and as curl takes them: each file is tried with `assume`, and with curl where this
//! machine has it.

mod keys;
mod refused;
#[cfg(unix)]
mod single_line;
mod variables;

use std::process::Command;

use crate::support::Job;

/// Runs a script in the job's directory, where `ca.pem` is the CA of its STS.
fn make(job: &Job, script: &str) {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(job.directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The exit code of curl with this bundle: 0 if it trusts the job's STS.
fn curl(job: &Job, bundle: &str) -> Option<i32> {
    let path = job.path(bundle);
    let flag = if path.is_dir() { "--capath" } else { "--cacert" };
    let mut command = Command::new("curl");
    command.env_clear().args(["--silent", "--output", "/dev/null", flag]).arg(&path);
    // With --cacert alone, Debian's curl would still look into its own directory.
    if !path.is_dir() {
        command.args(["--capath", "/nowhere"]);
    }
    let run = command.arg(job.sts.endpoint()).output();
    if run.is_err() {
        println!("skipped: no curl");
    }
    run.ok()?.status.code()
}

/// Bundles that hold the CA of the job's STS.
const BUNDLES: [(&str, &str); 14] = [
    ("as it is", "cp ca.pem bundle"),
    ("a byte order mark", r"printf '\xef\xbb\xbf' >bundle; cat ca.pem >>bundle"),
    (
        "a second byte order mark",
        r"openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -subj /CN=a -out bundle
        printf '\xef\xbb\xbf' >>bundle; cat ca.pem >>bundle",
    ),
    ("comments in Latin-1", r"printf '# Zertifizierungsstelle M\xfcller\n\n' >bundle; cat ca.pem >>bundle"),
    ("line ends of Windows", r"sed 's/$/\r/' ca.pem >bundle"),
    ("X509 CERTIFICATE", "sed 's/CERTIFICATE/X509 CERTIFICATE/' ca.pem >bundle"),
    ("TRUSTED CERTIFICATE without settings", "openssl x509 -in ca.pem -trustout -out bundle"),
    (
        "TRUSTED CERTIFICATE with a name",
        "openssl x509 -in ca.pem -trustout -setalias 'the CA' -addtrust serverAuth -addreject emailProtection -out bundle",
    ),
    (
        "TRUSTED CERTIFICATE for any usage",
        "openssl x509 -in ca.pem -trustout -addtrust anyExtendedKeyUsage -out bundle",
    ),
    ("with its text", "openssl x509 -in ca.pem -text -out bundle"),
    ("after a private key", "openssl genpkey -algorithm ed25519 >bundle; cat ca.pem >>bundle"),
    (
        "over 1 MiB, with text",
        "openssl req -x509 -newkey rsa:4096 -nodes -keyout /dev/null -subj /CN=many -out one.pem 2>/dev/null
        openssl x509 -in one.pem -text -out text.pem
        for number in $(seq 300); do cat text.pem; done >bundle; cat ca.pem >>bundle
        test $(wc -c <bundle) -gt 1048576",
    ),
    (
        "beside damaged certificates",
        "sed 's/^MII/M!I/' ca.pem >bundle; head -n 3 ca.pem >>bundle; cat ca.pem >>bundle",
    ),
    ("a directory", "mkdir bundle; cp ca.pem bundle/any.pem; openssl rehash bundle"),
];

#[test]
fn what_openssl_writes_and_curl_takes_is_taken() {
    for (name, script) in BUNDLES {
        let job = Job::new();
        make(&job, script);
        let run = job.assume(&["--ca-bundle", "bundle"]);
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        // curl stops at the first damaged certificate.
        if let Some(code) = curl(&job, "bundle").filter(|_| name != "beside damaged certificates") {
            assert_eq!(code, 0, "{name}: curl");
        }
    }
}

#[test]
fn debians_roots_with_their_text_are_taken() {
    let roots = "/etc/ssl/certs/ca-certificates.crt";
    if !std::path::Path::new(roots).exists() {
        println!("skipped: no {roots}");
        return;
    }
    let job = Job::new();
    let text =
        format!("openssl crl2pkcs7 -nocrl -certfile {roots} | openssl pkcs7 -print_certs -text -out text");
    make(&job, &format!("{text}; cat text text ca.pem >bundle; test $(wc -c <bundle) -gt 1048576"));
    let run = job.assume(&["--ca-bundle", "bundle"]);
    run.succeeds();
    assert!(!run.stderr.contains("CA bundle"), "{}", run.stderr);
}

#[test]
fn certificates_that_are_skipped_are_counted() {
    let job = Job::new();
    make(&job, "sed 's/^MII/M!I/' ca.pem >bundle; head -n 3 ca.pem >>bundle; cat ca.pem >>bundle");
    let lines = std::fs::read_to_string(job.path("ca.pem")).unwrap().lines().count();
    let words = format!(
        "note: in the CA bundle `bundle` (--ca-bundle) 2 certificates are damaged and skipped (line 1, line {})",
        lines + 1
    );
    job.assume(&["--ca-bundle", "bundle"]).expect(0, &words);
    let preflight = job.run(&["preflight", "--ca-bundle", "bundle"]);
    assert!(preflight.stdout.contains("2 certificates are damaged and skipped"), "{}", preflight.stdout);
    make(
        &job,
        "openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -subj /CN=a -out a.pem
        openssl x509 -in a.pem -trustout -addreject serverAuth -out bundle; cat ca.pem >>bundle",
    );
    job.assume(&["--ca-bundle", "bundle"]).expect(
        0,
        "1 certificate is skipped, because OpenSSL's trust settings beside it exclude TLS servers",
    );
}

/// What OpenSSL's settings exclude must not be trusted because this program does not read them.
#[test]
fn a_certificate_that_its_trust_settings_exclude_is_not_trusted() {
    for settings in [
        "-addreject serverAuth",
        "-addreject anyExtendedKeyUsage",
        "-addtrust clientAuth",
        "-addtrust serverAuth -addreject serverAuth",
    ] {
        let job = Job::new();
        make(&job, &format!("openssl x509 -in ca.pem -trustout {settings} -out bundle"));
        job.assume(&["--ca-bundle", "bundle"]).expect(
            2,
            "holds no usable PEM certificate: 1 certificate is skipped, because OpenSSL's trust settings",
        );
        if let Some(code) = curl(&job, "bundle").filter(|_| !settings.contains("anyExtended")) {
            assert_eq!(code, 60, "{settings}: curl");
        }
    }
}

/// The two files that a user sent.
#[test]
fn the_reported_files_hold_a_certificate() {
    for script in [
        r"printf '\xef\xbb\xbf' | cat - ca.pem >bundle",
        "sed 's/CERTIFICATE/TRUSTED CERTIFICATE/' ca.pem >bundle",
    ] {
        let job = Job::new();
        make(&job, script);
        job.assume(&["--ca-bundle", "bundle"]).succeeds();
        assert!(curl(&job, "bundle").is_none_or(|code| code == 0), "{script}");
    }
}
