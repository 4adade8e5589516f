//! What is found: each form in which a secret can appear in a message.

use super::*;

/// No test of another module has these letters.
const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Ijg0In0.eyJpc3MiOiJodHRwczovL29pZGMuZXhhbXBsZSJ9.Q2hlY2tUaGlzU2lnbmF0dXJl-_x9";
const KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn left(text: &str) -> String {
    let by_shape = shape::secrets_in(&Letters::of(text));
    assert!(by_shape.is_empty() || shape::is_possible_in(text), "{text} is passed over");
    let mut left = text.to_owned();
    for range in find(text).into_iter().rev() {
        left.replace_range(range, "…");
    }
    left
}

#[test]
fn every_form_of_a_known_secret_is_found() {
    remember("s3cr3t/PLUS+equals=And-more_letters");
    for (form, expected) in [
        ("s3cr3t/PLUS+equals=And-more_letters", "…"),
        ("'s3cr3t/PLUS+equals=And-more_letters'", "'…'"),
        ("s3cr3t%2FPLUS%2Bequals%3DAnd%2Dmore_letters", "…"),
        (r"s3cr3t\u002fPLUS\u{2b}equals\x3dAnd-more_letters", "…"),
        ("s3cr3t/PLUS+'\\''equals=And-more_letters", "…"),
        ("S3CR3T/plus+EQUALS=and-MORE_LETTERS", "…"),
        ("s3cr3t-PLUS-equals-And-more-letters", "…"),
        ("s3cr3t/PLUS+equals=A…", "…\u{2026}"),
        ("als=And-more_letters", "…"),
        ("s3cr3t/PLUS+equals", "…"),
        ("s3cr3t/PLUS+equal", "s3cr3t/PLUS+equal"),
        ("s3cr3t/PLUS+\\n  equals=And-more_letters", "…"),
        ("s3cr3t/PLUS", "s3cr3t/PLUS"),
        ("role s3cr3t/PLUS+equals=And-more_letters is", "role … is"),
    ] {
        assert_eq!(left(form), expected, "{form}");
    }
}

#[test]
fn a_token_is_found_by_its_shape_and_words_with_dots_are_not() {
    for (text, expected) in [
        (format!("env:{TOKEN} is"), "env:… is"),
        (format!("a{}b", TOKEN.replace('.', "%2E")), "a…"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0".to_owned(), "…"),
        ("eyJhbGciOiJSUzI1NiJ9".to_owned(), "eyJhbGciOiJSUzI1NiJ9"),
        ("oidc.circleci.com/org/1.2.3".to_owned(), "oidc.circleci.com/org/1.2.3"),
        ("eyJ.example.com".to_owned(), "eyJ.example.com"),
    ] {
        assert_eq!(left(&text), expected);
        assert_eq!(hold_token(&text), expected.contains('…'));
    }
    assert!(!hold_token(&"eyJ".repeat(100_000)));
}

#[test]
fn keys_are_found_by_their_shape_and_paths_and_digests_are_not() {
    assert_eq!(left(&format!("region {KEY}!")), "region …!");
    assert!(!hold_token(KEY));
    for text in [
        "/home/circleci/Project/Build/Release/Out1",
        "0123456789abcdef0123456789abcdef01234567",
        // A git commit in SHA-1, SHA-512 of a file, UUIDs in a path, base32.
        "deploy-11f6ad8ec52a2984abaafd7c3b516503785c2072",
        "a4abd4448c49562d828115d13a1fccea927f52b4d5459297f8b43e42da89238bc13626e43dcb38ddb082488927ec904fb42057443983e885",
        "7d40d10277ff4ac1af43c396e8cfe1cd/868163de4dd945c8af2f7b74619d5075/33aee590c6914d5e95aac20d10541192",
        "A7KQ2M5XW3ZB6NVC4TJH8RYD9PGF1ESL7UQ2AK5M",
        "arn:aws:iam::123456789012:role/ci/deploy",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(left(text), text);
    }
}

#[test]
fn a_private_key_is_found_with_and_without_its_line_breaks() {
    const LINE: &str = "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
        for between in ["\n", " ", r"\n", "", "%0A"] {
            let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
            let key = format!("`{begin}{between}{LINE}{between}{LINE}{between}{end}`");
            assert_eq!(left(&key), format!("`{begin}…{end}`"), "{key}");
            assert_eq!(left(&format!("{begin}{between}{LINE}")), format!("{begin}…"));
            assert_eq!(left(&format!("{key} and {key}")), format!("`{begin}…{end}` and `{begin}…{end}`"));
        }
    }
    for text in [
        format!("-----BEGIN CERTIFICATE-----\n{LINE}\n-----END CERTIFICATE-----"),
        "it has no line `-----BEGIN CERTIFICATE-----`".to_owned(),
        "it holds `PRIVATE KEY`, and no certificate".to_owned(),
    ] {
        assert_eq!(left(&text), text);
    }
}

#[test]
fn a_variable_is_a_secret_by_its_name_or_by_its_shape() {
    remember_environment(&Environment::from([
        ("NPM_TOKEN", "npm-4711-abcdefgh-4712"),
        ("BUILD_NUMBER", "build-4711-abcdefgh"),
        ("ANY", "prefix AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8YzA9bCd0 suffix"),
    ]));
    assert_eq!(left("npm-4711-abcdefgh-4712"), "…");
    assert_eq!(left("ghi3jkl4mno5pqr6stu7vwx8yza9"), "…");
    assert_eq!(left("prefix suffix build number"), "prefix suffix build number");
}

#[test]
fn the_secrets_of_a_response_are_known_before_it_is_read() {
    remember_response(
        b"<A><SecretAccessKey>aaaabbbbccccddddaaaa</SecretAccessKey><SessionToken>eeeeffffgggghhhheeee",
    );
    assert_eq!(left("bbbbccccddddaaaa, ffffgggghhhheeee"), "…, …");
}

#[test]
fn what_can_have_no_secret_by_its_shape_is_told_by_its_bytes() {
    for text in
        ["/usr/local/bin:/usr/bin:/bin", "arn:aws:iam::123456789012:role/deploy", "org-slug/project_name"]
    {
        assert!(!shape::is_possible_in(text), "{text}");
    }
    for text in [TOKEN, KEY, "a=EYA", "%65yJ", r"\x65yJ"] {
        assert!(shape::is_possible_in(text), "{text}");
    }
}
