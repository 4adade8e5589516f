//! A server whose certificate is in the bundle itself, and keys and signatures of every kind that OpenSSL makes.

use std::path::Path;
use std::process::Command;

use local_sts::Config;
use testkit::ServerCertificate;

use super::{curl, make};
use crate::support::Job;

/// A job whose STS has the certificate that the script makes: `server.pem`, `server.key`, and `bundle`.
fn job(script: &str) -> Job {
    const EXTENSIONS: &str = "subjectAltName = IP:127.0.0.1";
    let directory = tempfile::tempdir().unwrap();
    let script = format!(
        "san='{EXTENSIONS}'
        p256='-newkey ec -pkeyopt ec_paramgen_curve:P-256'
        self() {{ openssl req -x509 $p256 -nodes -subj /CN=server -addext \"$san\" -keyout server.key -out server.pem \"$@\" 2>/dev/null; }}
        # issue DIGEST: server.pem of the CA in ca.pem with ca.key, which `ca` makes.
        ca() {{ openssl req -x509 -nodes -subj /CN=ca -keyout ca.key -out ca.pem \"$@\" 2>/dev/null; cp ca.pem bundle; }}
        issue() {{ openssl req -new $p256 -nodes -subj /CN=server -keyout server.key -out request.pem 2>/dev/null
          printf '%s\\n' \"$san\" >extensions
          openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out server.pem \"$@\" 2>/dev/null; }}
        {script}"
    );
    let output = Command::new("bash").args(["-euc", &script]).current_dir(&directory).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    let made = ServerCertificate { chain_pem: read("server.pem"), key_pem: read("server.key") };
    let job = Job::with(Config { made_certificate: Some(made), ..Config::default() });
    job.write("bundle", &read("bundle"));
    job
}

#[test]
fn a_certificate_in_the_bundle_is_its_own_anchor() {
    for (name, script) in [
        ("as OpenSSL makes it: a CA", "self; cp server.pem bundle"),
        ("not a CA", "self -addext basicConstraints=critical,CA:FALSE; cp server.pem bundle"),
        ("for servers", "self -addext extendedKeyUsage=clientAuth,serverAuth; cp server.pem bundle"),
        ("issued by a CA that is not there", "ca -newkey ed25519; issue; cp server.pem bundle"),
        (
            "with trust settings",
            "self; openssl x509 -in server.pem -trustout -addtrust serverAuth -out bundle",
        ),
    ] {
        let job = job(script);
        let run = job.assume(&["--ca-bundle", "bundle"]);
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        assert!(curl(&job, "bundle").is_none_or(|code| code == 0), "{name}: curl");
    }
}

/// What `ca` makes is in the bundle, and `issue` uses its key for another server.
#[test]
fn only_a_ca_in_the_bundle_is_the_anchor_of_other_certificates() {
    for (name, options, is_ca) in [
        ("a CA", "", true),
        ("a CA by its key usage", "-addext keyUsage=keyCertSign", true),
        ("a server", "-addext basicConstraints=critical,CA:FALSE", false),
        ("a key for other signatures", "-addext keyUsage=digitalSignature", false),
        ("a CA of clients", "-addext extendedKeyUsage=clientAuth", false),
    ] {
        let job = job(&format!("ca $p256 {options}; issue"));
        let run = job.assume(&["--ca-bundle", "bundle"]);
        assert_eq!(run.status, if is_ca { 0 } else { 5 }, "{name}: {}", run.stderr);
        assert_eq!(job.sts.requests().len(), usize::from(is_ca), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("adds 1 root certificate to Mozilla's"), "{name}: {}", run.stderr);
        assert!(curl(&job, "bundle").is_none_or(|code| (code == 0) == is_ca), "{name}: curl");
    }
}

#[test]
fn a_certificate_in_the_bundle_is_checked_all_the_same() {
    const EXPIRED: &str = "openssl req -new $p256 -nodes -subj /CN=server -keyout server.key -out request.pem 2>/dev/null
        printf '%s\\n' \"$san\" >extensions
        openssl x509 -req -in request.pem -signkey server.key -days -1 -extfile extensions -out server.pem 2>/dev/null";
    const FUTURE: &str = "printf '%s\\n' '[ca]' 'default_ca = x' '[x]' 'database = index' 'serial = serial' 'new_certs_dir = .' \
          'default_md = sha256' 'policy = p' '[p]' 'commonName = supplied' >config; : >index; echo 01 >serial
        openssl ca -batch -notext -config config -startdate 20900101000000Z -enddate 20910101000000Z \
          -cert ca.pem -keyfile ca.key -in request.pem -extfile extensions -out server.pem 2>/dev/null";
    for (name, script, words) in [
        ("expired", format!("{EXPIRED}; cp server.pem bundle"), "not valid at this machine's time"),
        (
            "expired, a CA",
            format!("san=$(printf '%s\\nbasicConstraints = CA:TRUE' \"$san\"); {EXPIRED}; cp server.pem bundle"),
            "not valid at this machine's time",
        ),
        (
            "not valid yet",
            format!("ca $p256; issue; {FUTURE}"),
            "Z, this machine's time: it is valid from 2090-01-01T00:00:00Z",
        ),
        (
            "for another name",
            "san='subjectAltName = DNS:sts.example'; self; cp server.pem bundle".to_owned(),
            "not valid for `127.0.0.1`: it is trusted, but for `sts.example` only",
        ),
        (
            "for clients",
            "self -addext extendedKeyUsage=clientAuth; cp server.pem bundle".to_owned(),
            "not trusted: its extended key usage does not allow TLS servers",
        ),
        (
            "for clients, not a CA",
            "self -addext extendedKeyUsage=clientAuth -addext basicConstraints=CA:FALSE; cp server.pem bundle".to_owned(),
            "not trusted: certificate does not allow extended key usage for server authentication",
        ),
        (
            "another one of the same name",
            "self; cp server.pem bundle; self".to_owned(),
            "not trusted: it is the certificate of a CA, and the CA bundle does not hold it",
        ),
    ] {
        let job = job(&script);
        let run = job.assume(&["--ca-bundle", "bundle"]);
        assert_eq!(run.status, 5, "{name}: {}", run.stderr);
        assert!(run.stderr.contains("its certificate is not ") && run.stderr.contains(words), "{name}: {}", run.stderr);
        assert_eq!(job.sts.requests().len(), 0, "{name}");
        assert!(curl(&job, "bundle").is_none_or(|code| code == 60), "{name}: curl");
    }
}

#[test]
fn a_private_ca_may_have_a_key_on_p_521() {
    const P521: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-521";
    for script in [
        format!("ca {P521}; issue"),
        format!("ca {P521}; issue -sha512"),
        format!("ca {P521}; issue -sha384"),
    ] {
        job(&script).assume(&["--ca-bundle", "bundle"]).succeeds();
    }
    // A signature that is not by the key in the bundle.
    let job = job(&format!(
        "ca {P521}; mv ca.key other; ca {P521}; cp ca.pem b; mv other ca.key; issue || true; \
        ca {P521}; issue; ca {P521}"
    ));
    job.assume(&["--ca-bundle", "bundle"]).expect(5, "its certificate is not trusted: a signature is not by");
}

#[test]
fn an_algorithm_beyond_this_program_is_named() {
    let words = "error: cannot assume";
    for (name, script) in [
        (
            "ECDSA with SHA-256 by a key on brainpoolP256r1",
            "ca -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1; issue",
        ),
        (
            "ECDSA with SHA-256 by a key on secp256k1",
            "ca -newkey ec -pkeyopt ec_paramgen_curve:secp256k1; issue",
        ),
        ("Ed448", "ca -newkey ed448; issue"),
        ("ECDSA with SHA-512 by a key on P-256", "ca $p256; issue -sha512"),
        ("ECDSA with SHA-1", "ca $p256; issue -sha1"),
        ("SHA-1 with RSA", "ca -newkey rsa:2048; issue -sha1"),
    ] {
        let job = job(script);
        let run = job.assume(&["--ca-bundle", "bundle"]);
        run.expect(5, words).expect(5, &format!("a signature is {name}; this program verifies RSA of 2048"));
        run.expect(5, "`, or the proxy or CA that issues its certificate, a key and a signature of those");
        assert!(!run.stderr.contains("Context") && !run.stderr.contains('['), "{}", run.stderr);
    }
    let small = job("ca -newkey rsa:1024; issue");
    small.assume(&["--ca-bundle", "bundle"]).expect(5, "that key is RSA of fewer than 2048 bits").expect(
        5,
        "(--ca-bundle) 1 certificate has a key that this program does not verify with (RSA of 1024 bits)",
    );
}

#[test]
fn a_bundle_with_a_key_beyond_this_program_is_noted_and_harms_nothing_else() {
    let job = Job::new();
    make(
        &job,
        "openssl req -x509 -newkey ed448 -nodes -keyout /dev/null -subj /CN=a -out bundle 2>/dev/null
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP384r1 -nodes -keyout /dev/null -subj /CN=b \
          -out b 2>/dev/null
        cat b ca.pem >>bundle",
    );
    job.assume(&["--ca-bundle", "bundle"]).expect(
        0,
        "note: in the CA bundle `bundle` (--ca-bundle) 2 certificates have a key that this program does not verify with \
         (Ed448, brainpoolP384r1)",
    );
}

/// The server's own key: openssl serves it, as the TLS library of local-sts has no such keys.
#[test]
fn a_server_may_have_a_key_on_p_521_and_any_other_is_named() {
    for (curve, version, words) in [
        ("P-521", "-tls1_3", "TLS 1.3, the certificate is valid for 127.0.0.1"),
        // With TLS 1.2 a server has no such key for a client that does not exchange keys on that curve.
        ("P-521", "-tls1_2", "the server found no common TLS version, cipher or certificate"),
        ("brainpoolP512r1", "-tls1_2", "the server found no common TLS version, cipher or certificate"),
    ] {
        let mut job = Job::new();
        make(
            &job,
            &format!(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:{curve} -nodes -subj /CN=server \
                 -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.pem 2>/dev/null"
            ),
        );
        let server = OpensslServer::start(job.directory.path(), version);
        job.set("AWS_ENDPOINT_URL_STS", &format!("https://127.0.0.1:{}", server.port));
        job.set("AWS_REGION", "eu-west-1");
        let run = job.run(&["preflight", "--with-network", "--ca-bundle", "server.pem"]);
        assert!(run.stdout.contains(words), "{curve} {version}: {}", run.stdout);
    }
}

struct OpensslServer {
    process: std::process::Child,
    port: u16,
}

impl OpensslServer {
    #[expect(clippy::disallowed_methods, reason = "the program of a test does not say when it listens")]
    fn start(directory: &Path, version: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("openssl")
            .args(["s_server", "-quiet", "-accept", &format!("127.0.0.1:{port}"), version])
            .args(["-cert", "server.pem", "-key", "server.key"])
            .current_dir(directory)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let start = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed().as_secs() < 10, "openssl s_server does not listen");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Self { process, port }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
