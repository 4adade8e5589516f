//! Completions for Windows PowerShell 5.1 and PowerShell 7.

use super::super::command::below;
use super::{Candidates, definitions, flags_with_value, groups};

/// The words before the cursor name the command; the table says what can follow.
const START: &str = r"# Completions of circleci-aws-oidc for PowerShell.
Register-ArgumentCompleter -Native -CommandName 'circleci-aws-oidc', 'circleci-aws-oidc.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $names = @{
";

const AFTER_NAMES: &str = r"    }
    $flags = @{
";

const AFTER_FLAGS: &str = r"    }
    $values = @{
";

const END: &str = r#"    }
    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    $line = @($elements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    $path = ''
    foreach ($element in $line) {
        if ($element -eq 'help') { continue }
        $next = "$path $element".Trim()
        if (-not ($names.ContainsKey($next) -or $flags.ContainsKey($next))) { break }
        $path = $next
    }
    $flag = ''
    if ($line.Count -gt 0) { $flag = $line[-1] }
    $value = "$wordToComplete"
    $start = ''
    if ($value -match '^(--[^=]+)=(.*)$') { $flag = $Matches[1]; $value = $Matches[2]; $start = "$flag=" }
    $key = "$path $flag"
    $candidates = @()
    if ($values.ContainsKey($key)) {
        if ($values[$key] -eq 'files') { return }
        $candidates = -split $values[$key]
    } elseif ($value.StartsWith('-')) {
        $candidates = -split ($flags[$path] + ' --help')
    } elseif ($names.ContainsKey($path)) {
        $candidates = -split $names[$path]
    }
    $candidates | Where-Object { $_.StartsWith($value) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new("$start$_", $_, 'ParameterValue', $_)
    }
}
"#;

/// The script.
pub(super) fn script() -> String {
    let mut text = START.to_owned();
    for (path, _) in groups() {
        let names: Vec<&str> = below(path).into_iter().map(|(name, _)| name).chain(["help"]).collect();
        text += &row(&path.join(" "), &names.join(" "));
    }
    for (_, definition) in definitions() {
        if let Some(operand) = definition.operand.filter(|operand| !operand.words().is_empty()) {
            text += &row(&definition.path.join(" "), &operand.words().join(" "));
        }
    }
    text += AFTER_NAMES;
    text += &row("", "--version");
    for (_, definition) in definitions() {
        let flags: Vec<&str> = definition.flags().map(|flag| flag.setting.flag).collect();
        text += &row(&definition.path.join(" "), &flags.join(" "));
    }
    text += AFTER_FLAGS;
    for (command, definition) in definitions() {
        for (flag, candidates) in flags_with_value(command, definition) {
            let values = match candidates {
                Candidates::Unknown => String::new(),
                Candidates::Files | Candidates::Directories => "files".to_owned(),
                Candidates::Words(words) => {
                    words.iter().map(|word| word.text).collect::<Vec<&str>>().join(" ")
                }
            };
            text += &row(&format!("{} {}", definition.path.join(" "), flag.setting.flag), &values);
        }
    }
    text + END
}

fn row(key: &str, value: &str) -> String {
    format!("        '{key}' = '{value}'\n")
}
