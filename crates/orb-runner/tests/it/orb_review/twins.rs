//! What the orb has to write twice in CircleCI's language: a step with and without a shell, a command under a second
//! name, the settings of the two steps of mode `endpoint`.

use orb_runner::expand::Step;
use orb_runner::yaml::{Map, Value};

use super::{expand_call, packed, runs, text_at, written};

/// The step, with the parameter's shell in each of its `run`s.
fn in_the_shell(step: &Value) -> Value {
    match step {
        Value::List(list) => Value::List(list.iter().map(in_the_shell).collect()),
        Value::Map(map) => {
            let mut map: Map = map.iter().map(|(key, value)| (key.clone(), in_the_shell(value))).collect();
            if let Some(Value::Map(run)) = map.get_mut("run") {
                run.insert("shell".to_owned(), Value::Text("<< parameters.shell >>".into()));
            }
            Value::Map(map)
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn steps_with_and_without_a_shell_differ_in_the_shell_alone() {
    for (file, command) in written("commands") {
        if runs(&command).is_empty() {
            continue;
        }
        let steps = |kind: &str| {
            let list = command.at(&["steps"]).and_then(Value::as_list).unwrap_or_default().iter();
            let on_shell = |step: &&Value| text_at(step, &[kind, "condition"]) == "<< parameters.shell >>";
            let nested = list.filter(on_shell).filter_map(|step| step.at(&[kind, "steps"])?.as_list());
            nested.flatten().cloned().collect::<Vec<_>>()
        };
        let (with_shell, without) = (steps("when"), steps("unless"));
        assert!(!without.is_empty(), "{file} has no such steps");
        assert_eq!(with_shell, without.iter().map(in_the_shell).collect::<Vec<_>>(), "{file}");
        let count = |steps: &[Value]| steps.iter().map(|step| runs(step).len()).sum::<usize>();
        assert_eq!(runs(&command).len(), 2 * count(&without), "{file} has a run outside of the pair");
    }
}

/// A value of an `enum` that is not the default, which is first.
fn last_word(parameter: &Value) -> &str {
    parameter.at(&["enum"]).and_then(Value::as_list).and_then(|words| words.last()?.as_text()).unwrap()
}

#[test]
fn the_two_commands_that_assume_a_role_differ_in_one_name_alone() {
    let orb = packed();
    let command = |name: &str| orb.at(&["commands", name]).unwrap().clone();
    let mut expected =
        command("aws-configure-credentials").at(&["parameters"]).and_then(Value::as_map).unwrap().clone();
    let session_name = expected.remove("session-name").unwrap();
    expected.insert("role-session-name".to_owned(), session_name);
    let other = command("assume-role-with-web-identity");
    assert_eq!(other.at(&["parameters"]).and_then(Value::as_map), Some(&expected));

    for install in ["true", "false"] {
        let arguments = |session_name: &str| {
            let pairs = expected.iter().map(|(name, parameter)| {
                let name = if name == "role-session-name" { session_name } else { name };
                match text_at(parameter, &["type"]) {
                    "boolean" => format!("{name}: {install}"),
                    "enum" => format!("{name}: {}", last_word(parameter)),
                    _ => format!("{name}: the-{}", name.trim_start_matches("role-")),
                }
            });
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        };
        let steps = |command: &str, session_name: &str| {
            expand_call(command, &arguments(session_name)).steps_document()
        };
        assert_eq!(
            steps("assume-role-with-web-identity", "role-session-name"),
            steps("aws-configure-credentials", "session-name")
        );
    }
}

#[test]
fn the_command_around_steps_takes_what_the_command_that_assumes_takes() {
    let orb = packed();
    let names = |command: &str| {
        let parameters = orb.at(&["commands", command, "parameters"]).and_then(Value::as_map).unwrap();
        parameters.keys().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>()
    };
    let mut expected = names("aws-configure-credentials");
    expected.insert("steps".to_owned());
    assert_eq!(names("with-credentials"), expected);
    let arguments =
        "role-arn: r, session-name: s, scope-policy: '{}', scope-duration: 5m, tags: a=b, details: true";
    let theirs = expand_call("aws-configure-credentials", &format!("{{{arguments}}}"));
    let ours = expand_call("with-credentials", &format!("{{{arguments}, steps: [checkout]}}"));
    assert_eq!(ours.steps.len(), theirs.steps.len() + 2, "the steps, and the one that clears");
    assert!(ours.steps.starts_with(&theirs.steps));
}

#[test]
fn what_serves_in_the_background_has_the_settings_of_what_assumes() {
    for shell in ["", ", shell: sh"] {
        let job =
            expand_call("aws-configure-credentials", &format!("{{role-arn: r, mode: endpoint{shell}}}"));
        let Some([Step::Run(serve), Step::Run(assume)]) = job.steps.last_chunk() else { panic!("two steps") };
        assert!(serve.background && !assume.background);
        assert!(serve.no_output_timeout.is_some(), "it is silent for longer than ten minutes");
        let [theirs, ours] = [serve, assume].map(|step| {
            let mut settings = step.environment.clone();
            (settings.remove("INSTALL_AWS_OIDC_COMMAND"), settings)
        });
        assert_eq!(theirs.1, ours.1);
        assert_eq!([theirs.0.as_deref(), ours.0.as_deref()], [Some("serve"), Some("assume")]);
    }
}
