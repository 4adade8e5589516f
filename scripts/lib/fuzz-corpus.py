"""Writes the inputs that fuzzing starts from: OUT/TARGET/ for each target in crates/fuzz/fuzz_targets.

They are the cases that the crates' own tests read, in the form that the target reads, and the files of
crates/fuzz/corpus, which no case holds. A case that is added to one of these tables needs no change here.

usage: python3 scripts/lib/fuzz-corpus.py OUT
"""

import json
import pathlib
import shutil
import sys

CRATES = pathlib.Path(__file__).resolve().parents[2] / "crates"
FUZZ = CRATES / "fuzz"
# `LINE` in the tables of crates/export stands for a line of this program. This one is what process_profile sets.
LINE = """/"opt/my tools/circleci-aws-oidc" credential-process --tag 'a=$b'"""


def text_of(file):
    # With its line breaks as they are.
    return (CRATES / file).read_bytes().decode("utf-8")


def field(key, table):
    return [case[key] for case in json.loads(text_of(table)) if key in case]


def as_json(values):
    return [json.dumps(value, ensure_ascii=False) for value in values]


def of_profile(*tables):
    """The profile is the first line, the rest is the file."""
    cases = [case for table in tables for case in json.loads(text_of(f"export/cases/{table}.json"))]
    return [f"{case.get('profile', 'ci')}\n{case['input'].replace('LINE', LINE)}" for case in cases]


def named_files(folder):
    """The file's name is the first line. What a test expects of the file stands beside it."""
    files = sorted(file for file in (CRATES / folder).iterdir() if file.suffix != ".expected")
    return [f"{file.name}\n{text_of(file)}" for file in files]


def constructs(folder):
    """`### NAME | claim`, lines that begin with a claim's mark, and the file."""
    cases = []
    for file in sorted((CRATES / folder).iterdir()):
        for case in text_of(file).split("### ")[1:]:
            head, *lines = case.splitlines(keepends=True)
            while lines[0][:2] in ("> ", "! ", "? ", "~ ", "= "):
                del lines[0]
            cases.append(f"{head.split()[0]}\n{''.join(lines)}")
    return cases


def response(status, file):
    return [f"{status} text/xml\n{text_of(file)}"]


def cases_by_target():
    config = of_profile("config-file", "process-keys", "process-set", "process-removal")
    credentials = of_profile("credentials-file", "credentials-removal")
    return {
        "claims": as_json(json.loads(text_of("trust-policy/cases/tokens.json")).values())
        + field("text", "trust-policy/cases/claims/refused.json"),
        "config_file": config,
        "credentials_file": credentials,
        "env_file": field("input", "export/cases/dotenv.json") + field("input", "export/cases/dotenv-removal.json"),
        "foreign_keys": as_json(
            field("input", "export/cases/foreign-keys-endpoint.json")
            + field("input", "export/cases/foreign-keys-process.json")
        ),
        "policy_source": named_files("policy-source/cases") + constructs("policy-source/constructs"),
        "process_profile": config,
        "roles_file": field("text", "export/cases/roles-file.json"),
        "shared_profile": config + credentials,
        "sts_answer": response(200, "sts/cases/granted.xml") + response(403, "sts/cases/access-denied.xml"),
    }


def main(out):
    by_target = cases_by_target()
    targets = sorted(file.stem for file in (FUZZ / "fuzz_targets").glob("*.rs"))
    unknown = set(by_target) - set(targets)
    if unknown:
        sys.exit(f"error: no such target in crates/fuzz/fuzz_targets: {', '.join(sorted(unknown))}")
    shutil.rmtree(out, ignore_errors=True)
    total = 0
    for target in targets:
        directory, by_hand = out / target, FUZZ / "corpus" / target
        if by_hand.is_dir():
            shutil.copytree(by_hand, directory)
        directory.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(by_target.get(target, [])):
            (directory / f"case-{number}").write_bytes(text.encode("utf-8"))
        inputs = len(list(directory.iterdir()))
        if inputs == 0:
            sys.exit(f"error: {target} has no input to start from; add a file to crates/fuzz/corpus/{target}")
        total += inputs
    print(f"corpus: {total} inputs for {len(targets)} targets", file=sys.stderr)


main(pathlib.Path(sys.argv[1]))
