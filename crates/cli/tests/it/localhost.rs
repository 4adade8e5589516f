//! The name `localhost`: plain http is allowed there, so it has to be this machine, whatever the hosts file says.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use crate::support::files::{is_root, visibly};
use crate::support::{Job, Run};

/// Stands for another machine.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A port that is open on this machine and on the other one. Connections wait in its queue.
struct Ports {
    here: TcpListener,
    elsewhere: TcpListener,
}

impl Ports {
    fn open() -> Self {
        // The port that the first address gives may be in use at the second one.
        let pair = || {
            let here = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
            let elsewhere = TcpListener::bind((ELSEWHERE, here.local_addr().ok()?.port())).ok()?;
            Some(Self { here, elsewhere })
        };
        (0..100).find_map(|_| pair()).unwrap()
    }

    fn url(&self) -> String {
        format!("http://localhost:{}", self.here.local_addr().unwrap().port())
    }

    /// Whether a client has connected here, and elsewhere.
    fn connected(&self) -> (bool, bool) {
        let has_client = |listener: &TcpListener| {
            listener.set_nonblocking(true).unwrap();
            listener.accept().is_ok()
        };
        (has_client(&self.here), has_client(&self.elsewhere))
    }
}

/// The binary where the hosts file sends `localhost` elsewhere.
fn run(job: &Job, arguments: &[&str]) -> Run {
    let hosts = job.write("hosts", &format!("{ELSEWHERE} localhost\n"));
    let inner = job.command(arguments);
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\""]);
    command.arg(hosts).arg(inner.get_program()).args(inner.get_args());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", "/usr/bin:/bin").current_dir(job.directory.path());
    Run::from(&command.output().unwrap())
}

fn has_mount_namespaces() -> bool {
    is_root()
        && Path::new("/etc/hosts").exists()
        && Command::new("unshare").args(["--mount", "true"]).status().is_ok_and(|status| status.success())
}

#[test]
fn a_token_for_localhost_stays_on_this_machine_whatever_the_hosts_file_says() {
    if !has_mount_namespaces() {
        return visibly("skipped: another hosts file needs root and unshare");
    }
    let limits = ["--max-attempts", "1", "--deadline", "2s"];
    for arguments in [&["assume"][..], &["credential-process"], &["whoami"], &["preflight", "--with-network"]]
    {
        let mut job = Job::new();
        let ports = Ports::open();
        job.set("AWS_ENDPOINT_URL_STS", &ports.url());
        job.set("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE").set("AWS_SECRET_ACCESS_KEY", "an-example");
        let run = run(&job, &[arguments, &limits].concat());
        assert_eq!(ports.connected(), (true, false), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_bearer_token_for_a_token_endpoint_on_localhost_stays_on_this_machine() {
    if !has_mount_namespaces() {
        return visibly("skipped: another hosts file needs root and unshare");
    }
    let mut job = Job::new();
    let ports = Ports::open();
    job.set("ACTIONS_ID_TOKEN_REQUEST_URL", &ports.url()).set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer");
    run(&job, &["assume", "--token-source", "github", "--max-attempts", "1", "--deadline", "2s"]);
    assert_eq!(ports.connected(), (true, false));
}
