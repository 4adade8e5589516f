//! How commands, parameters and conditions expand, by tables of configs.
//!
//! Separate from the unit tests because a rule here is about documents: an orb, a config that uses it, and the steps.

mod workflows;

use std::collections::BTreeMap;
use std::error::Error;

use orb_runner::expand::{ExpandError, Job, Step, expand};
use orb_runner::yaml::{BareWords, Value, parse, render};

const ORB: &str = r#"
version: 2.1
commands:
  greet:
    parameters:
      who: {type: string}
      greeting: {type: enum, enum: [hello, bye], default: hello}
      loud: {type: boolean, default: no}
      times: {type: integer, default: 1}
    steps:
      - run:
          name: << parameters.greeting >>, << parameters.times >> times, << parameters.loud >>
          environment: {WHO: << parameters.who >>, LOUD: << parameters.loud >>, LITERAL: true, TIMES: << parameters.times >>}
          command: cat \<<EOF
  twice:
    parameters:
      who: {type: string}
    steps:
      - greet: {who: << parameters.who >>}
      - greet: {who: "<< parameters.who >> again", loud: on}
  careless:
    parameters:
      who: {type: string}
    steps:
      - uses-callers
  uses-callers:
    steps:
      - run: echo << parameters.who >>
  optional:
    parameters:
      shell: {type: string, default: ""}
      after: {type: steps, default: []}
    steps:
      - unless: {condition: << parameters.shell >>, steps: [run: no shell]}
      - when: {condition: << parameters.shell >>, steps: [run: {command: a shell, shell: << parameters.shell >>}]}
      - steps: << parameters.after >>
  loop:
    steps: [loop]
  foreign:
    steps: [absent/thing]
  followed:
    parameters:
      then: {type: steps, default: [uses-nothing]}
    steps:
      - steps: << parameters.then >>
  uses-nothing:
    steps: [run: done]
"#;

fn expanded(config: &str) -> Result<Job, ExpandError> {
    let orbs = BTreeMap::from([("o".to_owned(), parse(ORB, BareWords::AreBooleans).unwrap())]);
    expand(&parse(config, BareWords::AreBooleans).unwrap(), &orbs, "build")
}

fn with_steps(steps: &str) -> String {
    format!("orbs: {{o: any/ref@9, absent: some/orb@1}}\njobs: {{build: {{steps: {steps}}}}}\n")
}

/// Error and causes on one line.
fn refusal(config: &str) -> String {
    let error = expanded(config).unwrap_err();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(&format!(" / {source}"));
        cause = source.source();
    }
    text
}

#[test]
fn calls_become_plain_steps() {
    let table = [
        ("[checkout]", "[checkout]"),
        ("[run: make test]", "[run: {name: make test, command: make test}]"),
        (
            "[run: {name: n, command: c, shell: sh -e, when: always, background: yes, working_directory: d, no_output_timeout: 5m}]",
            "[run: {name: n, command: c, shell: sh -e, when: always, background: true, working_directory: d, no_output_timeout: 5m}]",
        ),
        ("[run: {command: c, when: on_success, background: off}]", "[run: {name: c, command: c}]"),
        (
            "[o/greet: {who: $NAME, loud: yes}]",
            "[run: {name: 'hello, 1 times, true', command: cat <<EOF, environment: {WHO: $NAME, LOUD: '1', LITERAL: 'true', TIMES: '1'}}]",
        ),
        (
            "[o/greet: {who: '', greeting: bye, times: 3}]",
            "[run: {name: 'bye, 3 times, false', command: cat <<EOF, environment: {WHO: '', LOUD: '0', LITERAL: 'true', TIMES: '3'}}]",
        ),
        (
            "[o/twice: {who: 'a \\<< b'}]",
            "[run: {name: 'hello, 1 times, false', command: cat <<EOF, environment: {WHO: a << b, LOUD: '0', LITERAL: 'true', TIMES: '1'}}, \
              run: {name: 'hello, 1 times, true', command: cat <<EOF, environment: {WHO: a << b again, LOUD: '1', LITERAL: 'true', TIMES: '1'}}]",
        ),
        ("[o/followed]", "[run: {name: done, command: done}]"),
        ("[o/followed: {then: [checkout]}]", "[checkout]"),
        ("[o/optional]", "[run: {name: no shell, command: no shell}]"),
        ("[o/optional: {shell: ash -e}]", "[run: {name: a shell, command: a shell, shell: ash -e}]"),
        (
            "[o/optional: {after: [checkout, run: x]}]",
            "[{run: {name: no shell, command: no shell}}, checkout, {run: {name: x, command: x}}]",
        ),
        ("[when: {condition: {equal: [a, a]}, steps: [checkout]}]", "[checkout]"),
        ("[unless: {condition: yes, steps: [checkout]}]", "[]"),
    ];
    for (steps, expected) in table {
        let steps_document = expanded(&with_steps(steps)).unwrap().steps_document();
        let expected = parse(expected, BareWords::AreBooleans).unwrap();
        assert_eq!(steps_document, expected, "{steps} became\n{}", render(&steps_document));
    }
}

#[test]
fn mistakes_are_told_in_the_words_of_the_compiler() {
    let table = [
        ("[o/greet]", "Error calling command: 'o/greet' / Missing required argument(s): who"),
        (
            "[o/greet: {who: a, x: 1, y: 2}]",
            "Error calling command: 'o/greet' / Unexpected argument(s): x, y",
        ),
        (
            "[o/greet: {who: yes}]",
            "Error calling command: 'o/greet' / Type error for argument who: expected type: string, actual value: true (type boolean)",
        ),
        (
            "[o/greet: {who: a, greeting: hi}]",
            "Error calling command: 'o/greet' / Type error for argument greeting: expected type: enum (hello, bye), actual value: hi (type string)",
        ),
        (
            "[o/careless: {who: a}]",
            "Error calling command: 'o/careless' / Error calling command: 'uses-callers' / Arguments referenced without declared parameters: who",
        ),
        (
            "[nothing]",
            "Error calling command: 'nothing' / Cannot find a definition for command named nothing",
        ),
        (
            "[o/nothing]",
            "Error calling command: 'o/nothing' / Cannot find a definition for command named o/nothing",
        ),
        (
            "[x/greet]",
            "Error calling command: 'x/greet' / Cannot find a definition for command named x/greet",
        ),
        (
            "[absent/greet]",
            "Error calling command: 'absent/greet' / missing packed orb for the import `absent`",
        ),
        (
            "[o/loop]",
            "Error calling command: 'o/loop' / Error calling command: 'loop' / the command `loop` calls itself",
        ),
        (
            "[o/foreign]",
            "Error calling command: 'o/foreign' / Error calling command: 'absent/thing' / Cannot find a definition for command named absent/thing",
        ),
        ("[run: echo << parameters.x >>]", "Arguments referenced without declared parameters: x"),
        ("[run: echo << pipeline.id >>]", "Unknown variable(s): pipeline.id"),
        (
            "[run: cat <<EOF]",
            "Unclosed '<<' tag in string: '<<EOF' ('<<' must be escaped as '\\<<' in config v2.1+)",
        ),
        ("[run: {name: n}]", "a `run` has no `command`"),
        ("[run: {command: c, comand: c}]", "a step has the unknown key `comand`"),
        (
            "[run: {command: c, when: onfail}]",
            "invalid value `onfail` of `when`; expected on_success, on_fail or always",
        ),
        ("[run: {command: c, environment: [A: b]}]", "`environment` is not a mapping"),
        ("[{run: a, checkout: b}]", "a step is neither a name nor a mapping with one key"),
        ("[when: {steps: []}]", "`when` and `unless` need `condition` and `steps`"),
        (
            "[when: {condition: {xor: [a]}, steps: []}]",
            "a condition needs exactly one of and, or, not, equal, matches",
        ),
        ("[save_cache: {key: k}]", "the step `save_cache` is not supported here"),
    ];
    for (steps, message) in table {
        assert_eq!(refusal(&with_steps(steps)), message, "{steps}");
    }
    assert_eq!(
        refusal("jobs: {test: {steps: []}}"),
        "the config has no job named `build`; expected one of test"
    );
}

#[test]
fn a_config_has_commands_of_its_own() {
    let config = "
orbs: {o: a/b@1}
commands:
  greet:
    parameters: {who: {type: string, default: nobody}}
    steps: [run: own << parameters.who >>]
jobs:
  build:
    parameters: {who: {type: string, default: somebody}}
    environment: {WHO: << parameters.who >>}
    shell: sh
    steps:
      - greet: {who: << parameters.who >>}
      - o/optional: {after: [greet]}
";
    let job = expanded(config).unwrap();
    let commands: Vec<_> = job.steps.iter().map(command_of).collect();
    assert_eq!(commands, ["own somebody", "no shell", "own nobody"], "steps as an argument are the caller's");
    assert_eq!(job.environment, BTreeMap::from([("WHO".to_owned(), "somebody".to_owned())]));
    assert_eq!(job.shell.as_deref(), Some("sh"));
}

fn command_of(step: &Step) -> &str {
    match step {
        Step::Run(step) => &step.command,
        Step::Checkout => "checkout",
    }
}

#[test]
fn the_version_of_an_import_is_not_looked_at() {
    for reference in ["some/ref@1", "other/name@dev:alpha", "{}"] {
        let config = format!("orbs: {{o: {reference}}}\njobs: {{build: {{steps: [o/optional]}}}}");
        assert!(
            matches!(expanded(&config).unwrap().steps_document(), Value::List(steps) if steps.len() == 1)
        );
    }
}
