//! The file of a receipt: when it cannot be written, who can read it, and that no secret is in it.

use super::{FILE, assume, job, receipt};

#[test]
fn a_receipt_that_cannot_be_written_is_told_before_anything_is_requested() {
    let job = job();
    job.write("notes.txt", "mine\n");
    for (file, part) in [
        ("missing/receipt.json", "`missing/receipt.json` cannot be written to"),
        ("notes.txt", "what is in it is not a receipt"),
        ("home", "`home` cannot be"),
    ] {
        job.assume(&["--receipt", file]).expect(6, part);
    }
    assert_eq!(job.read("notes.txt"), "mine\n");
    assert!(job.sts.requests().is_empty());
    assert_eq!(job.read("bash_env"), "");
}

#[test]
fn a_receipt_that_cannot_be_written_hides_no_failure() {
    let job = job();
    job.write("notes.txt", "mine\n");
    let run = job.assume(&["--receipt", "notes.txt", "--duration", "1s"]);
    run.expect(2, "--duration").expect(2, "note: there is no receipt: ");
    assert_eq!(job.read("notes.txt"), "mine\n");
}

/// What is written last cannot be undone, and can fail when the receipt of a success is there already.
#[test]
#[cfg(target_os = "linux")]
fn a_stdout_that_fails_at_the_end_is_told_instead_of_the_success() {
    let job = job();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = job.command(&["assume", "--to", "bash-env", "--to", "json", "--receipt", FILE]);
    let status = command.stdout(full).stderr(std::process::Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(6));
    let receipt = receipt(&job);
    assert_eq!((&receipt["outcome"], &receipt["exit_code"]), (&"failed".into(), &6.into()));
    assert_eq!(receipt["destinations"][0]["written"], false);
    assert_eq!(receipt["roles"][0]["status"], "granted");
    assert_eq!(job.read("bash_env"), "");
}

/// From the first written file on, a signal waits until everything is undone.
#[test]
#[cfg(unix)]
fn a_signal_after_the_first_written_file_leaves_a_receipt() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    let mut job = job();
    job.set("PATH", "/usr/bin:/bin");
    let before = "sleep 20\n";
    job.write("bash_env", before);
    let mut command = job.command(&["assume", "--verify", "--receipt", FILE]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while job.read("bash_env") == before {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote");
        std::thread::yield_now();
    }
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    assert_eq!(job.read("bash_env"), before);
    let receipt = receipt(&job);
    assert_eq!((&receipt["outcome"], &receipt["roles"][0]["status"]), (&"failed".into(), &"granted".into()));
    assert_eq!(receipt["destinations"][0]["written"], false);
}

#[test]
fn a_file_that_is_a_destination_too_is_no_receipt_and_gets_no_credentials() {
    let job = job();
    assume(&job, &["--to", &format!("dotenv:{FILE}")]).expect(6, "what is in it is not a receipt");
    assert_eq!(receipt(&job)["exit_code"], 6, "its text is searched for secrets");
    job.write("used.env", "A=b\n");
    job.assume(&["--receipt", "used.env", "--to", "dotenv:used.env"]).expect(6, "is not a receipt");
    assert_eq!(job.read("used.env"), "A=b\n");
}

/// `receipt` searches the file, wherever the secret was put; the program withholds it, or refuses the value.
#[test]
fn promise_1_no_secret_that_a_user_puts_into_a_setting_is_in_the_receipt() {
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let job = job();
    let token = job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    for (flag, value) in [
        ("--audience", token.as_str()),
        ("--region", token.as_str()),
        ("--session-name", key),
        ("--region", key),
    ] {
        assume(&job, &[flag, value]).expect(2, flag);
        assert_eq!(receipt(&job)["exit_code"], 2, "{flag}");
        assert!(!job.read(FILE).contains(key), "{flag}: {}", job.read(FILE));
    }
}

#[test]
#[cfg(unix)]
fn promise_2_a_receipt_is_private_and_goes_through_no_link_of_another_user() {
    use std::os::unix::fs::PermissionsExt;
    let job = job();
    assume(&job, &[]).succeeds();
    assert_eq!(std::fs::metadata(job.path(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    let shared = job.path("shared");
    std::fs::create_dir(&shared).unwrap();
    std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o777)).unwrap();
    let run = job.assume(&["--receipt", "shared/receipt.json"]);
    run.expect(6, "cannot be written to");
    assert!(!shared.join("receipt.json").exists());
}
