//! The rules of CircleCI's compiler of 2026 (facts/aws-2026.md 5.1), by shape, for the orb, its examples and the pipeline:
//! a reference names something that is declared in its scope, a pattern has no look-around, and the version is 2.1.
//!
//! CircleCI's own check, `circleci config validate --next`, asks its API; this one works offline.

use std::fs;
use std::path::Path;

use orb_runner::pack::{Pins, pack};
use orb_runner::yaml::{BareWords, Map, Value, parse};

/// Longer patterns were refused.
const LONGEST_PATTERN: usize = 128;
/// What no engine without backtracking has: look-around, named or atomic groups, possessive quantifiers, back-references.
const REFUSED_IN_PATTERNS: [&str; 17] = [
    "(?=", "(?!", "(?<", "(?>", "*+", "++", "?+", "}+", "\\1", "\\2", "\\3", "\\4", "\\5", "\\6", "\\7",
    "\\8", "\\9",
];
/// The sections whose elements declare parameters.
const SECTIONS: [&str; 3] = ["commands", "jobs", "executors"];
/// Values of a pipeline that are not parameters.
const PIPELINE: [&str; 9] = [
    "pipeline.id",
    "pipeline.number",
    "pipeline.project.",
    "pipeline.git.",
    "pipeline.trigger_source",
    "pipeline.schedule.",
    "pipeline.event.",
    "pipeline.deploy.",
    "pipeline.trigger.",
];

/// What a text may refer to, besides the pipeline's values.
#[derive(Clone, Copy, Default)]
struct Scope<'a> {
    parameters: Option<&'a Map>,
    matrix: Option<&'a Map>,
    /// The document's own, which an orb cannot have.
    pipeline: Option<&'a Map>,
}

impl Scope<'_> {
    fn declares(&self, reference: &str) -> bool {
        let has = |map: Option<&Map>, name: &str| map.is_some_and(|map| map.contains_key(name));
        match reference.split_once('.') {
            Some(("parameters", name)) => has(self.parameters, name),
            Some(("matrix", name)) => has(self.matrix, name),
            Some(("pipeline", rest)) if rest.starts_with("parameters.") => {
                has(self.pipeline, rest.trim_start_matches("parameters."))
            }
            _ => PIPELINE.iter().any(|known| match known.strip_suffix('.') {
                Some(_) => reference.starts_with(known),
                None => reference == *known,
            }),
        }
    }
}

/// Every fault of a config or of a packed orb.
fn faults(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if !matches!(document.at(&["version"]).and_then(Value::to_text).as_deref(), Some("2.1")) {
        found.push("the version is not 2.1".to_owned());
    }
    let pipeline = document.at(&["parameters"]).and_then(Value::as_map);
    for (name, section) in document.as_map().into_iter().flatten() {
        let elements = section.as_map().filter(|_| SECTIONS.contains(&name.as_str()));
        for (element, value) in elements.into_iter().flatten() {
            let parameters = value.at(&["parameters"]).and_then(Value::as_map);
            search(
                &format!("{name}.{element}"),
                value,
                Scope { parameters, pipeline, matrix: None },
                &mut found,
            );
        }
        // An orb's example is a config of its own.
        for (example, value) in section.as_map().filter(|_| name == "examples").into_iter().flatten() {
            let usage = value.at(&["usage"]).map_or_else(Vec::new, faults);
            found.extend(usage.into_iter().map(|fault| format!("examples.{example}: {fault}")));
        }
        if elements.is_none() && !["orbs", "examples"].contains(&name.as_str()) {
            search(name, section, Scope { pipeline, ..Scope::default() }, &mut found);
        }
    }
    // An inline orb is a document of its own, without a version and without the pipeline's parameters.
    for (name, orb) in document.at(&["orbs"]).and_then(Value::as_map).into_iter().flatten() {
        if let Some(orb) = orb.as_map() {
            let version = [("version".to_owned(), Value::Text("2.1".to_owned()))];
            let whole = Value::Map(orb.clone().into_iter().chain(version).collect());
            found.extend(faults(&whole).into_iter().map(|fault| format!("orbs.{name}: {fault}")));
        }
    }
    found
}

fn search(place: &str, value: &Value, scope: Scope<'_>, found: &mut Vec<String>) {
    match value {
        Value::List(list) => list.iter().for_each(|item| search(place, item, scope, found)),
        Value::Map(map) => {
            let matrix = value.at(&["matrix", "parameters"]).and_then(Value::as_map).or(scope.matrix);
            for (key, item) in map {
                if ["only", "ignore", "pattern"].contains(&key.as_str()) {
                    patterns(&format!("{place}.{key}"), item, found);
                }
                search(&format!("{place}.{key}"), item, Scope { matrix, ..scope }, found);
            }
        }
        _ => {
            let Some(text) = value.as_text() else { return };
            for reference in references(text) {
                match reference {
                    Ok(name) if scope.declares(&name) => {}
                    Ok(name) => found.push(format!("{place}: `{name}` is not declared")),
                    Err(rest) => found.push(format!("{place}: `<<` without a reference: {rest}")),
                }
            }
            // A filter as an expression, such as `pipeline.git.tag matches /^v/`.
            for pattern in
                text.split(" matches /").skip(1).map(|rest| rest.split("/ ").next().unwrap_or(rest))
            {
                found.extend(pattern_fault(pattern).map(|fault| format!("{place}: {fault}: {pattern}")));
            }
        }
    }
}

/// What stands between `<<` and `>>`. A `<<` with a backslash before it is a text.
fn references(text: &str) -> Vec<Result<String, String>> {
    text.match_indices("<<")
        .filter(|(at, _)| !text[..*at].ends_with('\\'))
        .map(|(at, _)| {
            let rest = &text[at + 2..];
            let name = rest.split_once(">>").map(|(name, _)| name.trim());
            let is_name = |name: &&str| {
                !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            };
            name.filter(is_name).map(str::to_owned).ok_or_else(|| rest.chars().take(40).collect())
        })
        .collect()
}

fn patterns(place: &str, value: &Value, found: &mut Vec<String>) {
    let texts = value.as_list().map_or_else(|| vec![value], |list| list.iter().collect());
    for text in texts.into_iter().filter_map(Value::as_text) {
        found.extend(pattern_fault(text).map(|fault| format!("{place}: {fault}: {text}")));
    }
}

fn pattern_fault(pattern: &str) -> Option<&'static str> {
    if pattern.chars().count() > LONGEST_PATTERN {
        return Some("a pattern of more than 128 characters");
    }
    // `\+` is a plus sign, and so is one in brackets; neither follows a quantifier here.
    let plain = pattern.replace("\\+", "").replace("\\\\", "");
    REFUSED_IN_PATTERNS
        .iter()
        .any(|refused| plain.contains(refused))
        .then_some("a pattern with a refused construct")
}

fn read(text: &str) -> Value {
    parse(text, BareWords::AreBooleans).unwrap()
}

#[test]
fn the_orb_its_examples_and_the_pipeline_keep_the_rules_of_the_new_compiler() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let orb = pack(&root.join("orb/src"), &Pins::default()).unwrap();
    let mut documents = vec![("orb".to_owned(), orb)];
    for file in [".circleci/config.yml", ".circleci/test-deploy.yml"] {
        documents.push((file.to_owned(), read(&fs::read_to_string(root.join(file)).unwrap())));
    }
    let examples = documents[0].1.at(&["examples"]).and_then(Value::as_map).map_or(0, Map::len);
    assert!(examples > 10, "the orb has {examples} examples");
    let found: Vec<String> = documents
        .iter()
        .flat_map(|(name, document)| {
            faults(document).into_iter().map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_the_new_compiler_refuses_is_found() {
    let long = format!(
        "version: 2.1\nworkflows: {{w: {{jobs: [j: {{filters: {{tags: {{only: /{}/}}}}}}]}}}}",
        "a".repeat(128)
    );
    let table = [
        ("version: 2", "the version is not 2.1"),
        (
            "version: 2.1\njobs: {j: {steps: [run: 'echo << parameters.x >>']}}",
            "jobs.j.steps.run: `parameters.x` is not declared",
        ),
        (
            "version: 2.1\ncommands: {c: {parameters: {y: {default: '<<parameters.x>>'}}}}",
            "`parameters.x` is not declared",
        ),
        (
            "version: 2.1\njobs: {j: {steps: [run: '<< pipeline.parameters.x >>']}}",
            "`pipeline.parameters.x` is not declared",
        ),
        (
            "version: 2.1\nparameters: {x: {type: string}}\norbs: {o: {commands: {c: {steps: [run: '<< pipeline.parameters.x >>']}}}}",
            "orbs.o: commands.c.steps.run: `pipeline.parameters.x`",
        ),
        (
            "version: 2.1\nexamples: {e: {usage: {version: 2.1, jobs: {j: {steps: [run: '<< parameters.x >>']}}}}}",
            "examples.e: jobs.j",
        ),
        (
            "version: 2.1\nworkflows: {w: {jobs: [j: {name: 'a-<< matrix.y >>', matrix: {parameters: {x: [1]}}}]}}",
            "`matrix.y` is not declared",
        ),
        ("version: 2.1\njobs: {j: {steps: [run: 'cat <<END']}}", "`<<` without a reference: END"),
        (
            "version: 2.1\njobs: {j: {steps: [run: '<< pipeline.unknown >>']}}",
            "`pipeline.unknown` is not declared",
        ),
        (
            "version: 2.1\nworkflows: {w: {jobs: [j: {filters: {branches: {ignore: ['/^(?!main$).*/']}}}]}}",
            "a refused construct",
        ),
        (
            "version: 2.1\nworkflows: {w: {jobs: [j: {filters: {branches: {only: '/(?<=a)b/'}}}]}}",
            "a refused construct",
        ),
        (
            "version: 2.1\nworkflows: {w: {when: {matches: {pattern: '^a*+$', value: b}}}}",
            "a refused construct",
        ),
        (
            r"{version: 2.1, workflows: {w: {when: {matches: {pattern: '^(a)\1$', value: b}}}}}",
            "a refused construct",
        ),
        (
            "version: 2.1\nworkflows: {w: {jobs: [j: {filters: 'pipeline.git.tag matches /^(?=v)/ and true'}]}}",
            "a refused construct",
        ),
        (&long, "more than 128 characters"),
    ];
    for (text, fault) in table {
        let found = faults(&read(text));
        assert!(found.len() == 1 && found[0].contains(fault), "{text}: {found:?}");
    }
    let good = r"version: 2.1
parameters: {x: {type: string}}
jobs:
  j:
    parameters: {y: {type: string}}
    steps:
      - run: echo << parameters.y >> << pipeline.parameters.x >> << pipeline.git.branch >> 1 \<<END
workflows:
  w:
    jobs:
      - j: {name: j-<< matrix.y >>, matrix: {parameters: {y: [a]}}, filters: {tags: {only: '/^v[0-9]+\.[a+]+\+1$/'}}}
";
    assert_eq!(faults(&read(good)), Vec::<String>::new());
}
