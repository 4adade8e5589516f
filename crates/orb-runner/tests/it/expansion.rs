//! How commands, parameters and conditions expand, by tables of configs.
//!
//! Separate from the unit tests because a rule here is about documents: an orb, a config that uses it, and the steps.

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

/// Executors with variables and parameters, and a job that three entries of workflows call.
const WITH_WORKFLOWS: &str = "
executors:
  small:
    parameters: {size: {type: string, default: s}}
    docker: [{image: i, environment: {FROM_IMAGE: image, BOTH: image}}, {image: db, environment: {OTHER: x}}]
    environment: {SIZE: << parameters.size >>, WHO: executor}
    shell: sh
jobs:
  plain: {docker: [{image: i, environment: {FROM_IMAGE: its own}}], steps: [run: x]}
  deploy:
    parameters: {env: {type: string}, size: {type: string, default: m}}
    executor: {name: small, size: << parameters.size >>}
    environment: {WHO: job, ENV: << parameters.env >>}
    steps: [run: deploy << parameters.env >>]
workflows:
  version: 2
  a:
    jobs:
      - plain
      - deploy: {name: deploy-staging, env: staging, context: c, requires: [plain], filters: {branches: {only: main}}}
      - deploy: {name: deploy-production, env: production, size: l, pre-steps: [run: first], post-steps: [run: last]}
  b:
    jobs: [deploy: {env: one}, deploy: {env: two}, many: {matrix: {parameters: {env: [a, b]}}}, hold: {type: approval}]
";

fn job_of(config: &str, name: &str) -> Result<Job, ExpandError> {
    expand(&parse(config, BareWords::AreBooleans).unwrap(), &BTreeMap::new(), name)
}

#[test]
fn a_name_of_a_workflow_is_the_job_with_its_arguments() {
    for (name, commands, size) in [
        ("deploy-staging", &["deploy staging"][..], "m"),
        ("deploy-production", &["first", "deploy production", "last"], "l"),
        ("deploy-1", &["deploy one"], "m"),
        ("deploy-2", &["deploy two"], "m"),
    ] {
        let job = job_of(WITH_WORKFLOWS, name).unwrap();
        assert_eq!(job.steps.iter().map(command_of).collect::<Vec<_>>(), commands, "{name}");
        assert_eq!((job.name.as_str(), job.environment["SIZE"].as_str()), (name, size));
    }
    let refused = job_of(WITH_WORKFLOWS, "deploy").unwrap_err().to_string();
    assert_eq!(refused, "Missing required argument(s): env");
    let unknown = job_of(WITH_WORKFLOWS, "deploy-stagin").unwrap_err().to_string();
    let known = "deploy, deploy-1, deploy-2, deploy-production, deploy-staging, hold, many, plain";
    assert_eq!(unknown, format!("the config has no job named `deploy-stagin`; expected one of {known}"));
}

#[test]
fn the_variables_of_executor_and_image_are_the_jobs() {
    let job = job_of(WITH_WORKFLOWS, "deploy-staging").unwrap();
    let texts = |map: &BTreeMap<String, String>| {
        map.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(texts(&job.environment), "ENV=staging SIZE=m WHO=job");
    assert_eq!(texts(&job.image), "BOTH=image FROM_IMAGE=image");
    assert_eq!(job.shell.as_deref(), Some("sh"));
    assert_eq!(texts(&job_of(WITH_WORKFLOWS, "plain").unwrap().image), "FROM_IMAGE=its own");
    let unknown = job_of("jobs: {a: {executor: none, steps: []}}", "a").unwrap_err().to_string();
    assert_eq!(unknown, "Cannot find a definition for executor named none");
}
