//! The texts for shells that are not POSIX ones, in these shells: values are unchanged, nothing of them runs, no stale name is
//! left for a program, and no status stays behind.

use std::process::Command;

use export::ShellLanguage;

use super::{HOSTILE, expect, report_skipped, session};

/// Prints the status first: nothing may come between.
const PRINT_IN_FISH: &str = "printf '%s|%s|%s|%s|' $status \"$FOREIGN\" \"$AWS_SECRET_ACCESS_KEY\" \
     (printenv AWS_SESSION_TOKEN | string collect)\nprintenv AWS_PROFILE; or echo unset\n";

#[test]
fn fish_takes_the_text_as_a_script_and_through_eval() {
    for value in HOSTILE {
        let text = ShellLanguage::Fish.render(&session(value), "");
        let expected = format!("0|kept|{value}|{value}|unset\n");
        for run in ["printf %s \"$TEXT\" | source", "eval (printf %s \"$TEXT\")"] {
            let environment = [("TEXT", text.expose()), ("FOREIGN", "kept")];
            expect(&["fish", "--no-config"], &format!("{run}\n{PRINT_IN_FISH}"), &environment, &expected);
        }
    }
}

#[test]
fn a_universal_variable_of_fish_stays_with_a_note() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().to_str().unwrap();
    let text = ShellLanguage::Fish.render(&session("wJalr"), "");
    let script = "set -eg AWS_PROFILE; set -Ux AWS_PROFILE mine; printf %s \"$TEXT\" | source 2>&1\nprintenv AWS_PROFILE\n";
    let environment = [("TEXT", text.expose()), ("HOME", directory), ("XDG_CONFIG_HOME", directory)];
    let note = "note: AWS_PROFILE is a universal variable of fish and stays set: remove it with set -eU\n";
    expect(&["fish"], script, &environment, &format!("{note}mine\n"));
}

/// What the pages warn of: without it fish would need no word of its own.
#[test]
fn fish_ends_with_status_0_and_leaves_stale_names_set_that_a_posix_text_unsets() {
    let text = ShellLanguage::Posix.render(&session("wJalr"), "");
    if Command::new("fish").arg("--version").output().is_err() {
        return report_skipped("fish");
    }
    let script = "printf %s \"$TEXT\" | source\n\
        printf '%s|%s|%s\\n' $status \"$AWS_SESSION_TOKEN\" \"$AWS_PROFILE\"\n";
    // It names `unset` as an unknown command, on a stderr that only the one who starts it can close.
    let fish = ["sh", "-c", "exec fish --no-config 2>/dev/null"];
    expect(&fish, script, &[("TEXT", text.expose())], "0|wJalr|stale\n");
}

#[test]
fn powershell_takes_the_text_through_invoke_expression() {
    const PRINT: &str = "[Console]::OutputEncoding = [Text.Encoding]::UTF8\n\
        [Console]::Out.Write(\"$env:FOREIGN|$env:AWS_SECRET_ACCESS_KEY|$env:AWS_SESSION_TOKEN|$($env:AWS_PROFILE ?? 'unset')`n\")\n";
    for value in HOSTILE.into_iter().chain(["‘; echo run; ’‚‛"]) {
        let text = ShellLanguage::Powershell.render(&session(value), "");
        let environment = [("TEXT", text.expose()), ("FOREIGN", "kept")];
        expect(
            &["pwsh", "-NoProfile", "-NonInteractive", "-Command", "-"],
            &format!("$env:TEXT | Invoke-Expression\n{PRINT}"),
            &environment,
            &format!("kept|{value}|{value}|unset\n"),
        );
    }
}
