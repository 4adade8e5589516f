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
