//! The shell that has started this program, if it is one that does not read the file of `BASH_ENV`.

use crate::io::environment::Environment;
use crate::io::process::next_bash;

/// Options of bash that take a value.
const WITH_VALUE: [&str; 3] = ["--rcfile", "--init-file", "-O"];

/// Why the file was not read, as far as that can be seen: a sentence without a full stop.
pub(crate) fn why_bash_env_is_not_read(environment: &Environment) -> Option<String> {
    let command_line = parents_command_line().unwrap_or_default();
    let words: Vec<&str> = command_line.split('\0').collect();
    of_command_line(&words).or_else(|| of_environment(environment))
}

fn of_environment(environment: &Environment) -> Option<String> {
    let variable = next_bash::ignored_because_of(environment)?;
    Some(format!("bash does not read it with this value of {variable}"))
}

/// Words that follow the options are a script's and are not looked at: they may hold secrets.
fn of_command_line(words: &[&str]) -> Option<String> {
    let (program, options) = words.split_first()?;
    let name = program.rsplit('/').next().unwrap_or_default().trim_start_matches('-');
    match name {
        "sh" => Some("a shell that is started as `sh` does not read it".to_owned()),
        "dash" | "ash" | "busybox" | "ksh" | "mksh" | "yash" | "zsh" | "fish" => {
            Some(format!("`{name}` does not read it, only bash does"))
        }
        "bash" => {
            bash_option(options).map(|option| format!("bash does not read it when started with `{option}`"))
        }
        _ => None,
    }
}

/// The option with which bash does not read the file.
fn bash_option(words: &[&str]) -> Option<&'static str> {
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--posix" => return Some("--posix"),
            "-" | "--" => return None,
            option if WITH_VALUE.contains(&option) => drop(words.next()),
            option if option.starts_with("--") => {}
            option if option.starts_with('-') => {
                if option.contains('i') {
                    return Some("-i");
                }
                if option.contains('p') {
                    return Some("-p");
                }
                if option.contains('o') {
                    match words.next() {
                        Some("posix") => return Some("-o posix"),
                        Some("privileged") => return Some("-o privileged"),
                        _ => {}
                    }
                }
            }
            option if option.starts_with('+') => {}
            _ => return None,
        }
    }
    None
}

#[cfg(target_os = "linux")]
fn parents_command_line() -> Option<String> {
    use std::path::PathBuf;

    use crate::io::files::text_file;

    let path = PathBuf::from(format!("/proc/{}/cmdline", std::os::unix::process::parent_id()));
    text_file::read(&path).ok().flatten()
}

#[cfg(not(target_os = "linux"))]
fn parents_command_line() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells_that_do_not_read_the_file_are_known_by_their_command_line() {
        for (words, expected) in [
            ("sh -c x", Some("started as `sh`")),
            ("/bin/sh ./deploy.sh -i", Some("started as `sh`")),
            ("-sh", Some("started as `sh`")),
            ("dash -e x", Some("`dash` does not")),
            ("/usr/bin/fish -c x", Some("`fish` does not")),
            ("busybox ash -c x", Some("`busybox` does not")),
            ("bash --posix x", Some("`--posix`")),
            ("/usr/bin/bash -ep x", Some("`-p`")),
            ("bash -i x", Some("`-i`")),
            ("bash -eo pipefail -o posix x", Some("`-o posix`")),
            ("bash -o privileged -c x", Some("`-o privileged`")),
            ("bash --rcfile --posix -c x", None),
            ("bash -O extglob -c x", None),
            ("bash -eo pipefail -c x", None),
            ("bash +p ./x --posix", None),
            ("bash ./x -i", None),
            ("bash", None),
            ("-bash --login", None),
            ("python3 -c sh", None),
            ("", None),
        ] {
            let words: Vec<&str> = words.split(' ').collect();
            let why = of_command_line(&words);
            match expected {
                None => assert_eq!(why, None, "{words:?}"),
                Some(part) => {
                    assert!(why.as_ref().is_some_and(|why| why.contains(part)), "{words:?} {why:?}");
                }
            }
        }
    }
}
