"""Prints a table of lines and of those that tests reached, a row for each crate, from lcov's format on stdin.

The code of tests in the sources is not counted: it always runs, and would raise the figures.
"""

import collections
import pathlib
import re
import sys

PRODUCT = ["aws", "oidc", "sts", "trust-policy", "policy-source", "export", "cli"]
TEST_MODULE = re.compile(r'^#\[cfg\(test\)\]\n(?:#\[path = "(.+)"\]\n)?(?:pub\(\w+\) )?mod (\w+);', re.MULTILINE)
crates = pathlib.Path(__file__).resolve().parents[2] / "crates"


def files_of_tests():
    """Files that are modules only in tests."""
    for source in crates.glob("*/src/**/*.rs"):
        modules = source.parent if source.stem in ("lib", "main") else source.with_suffix("")
        for path, name in TEST_MODULE.findall(source.read_text(encoding="utf-8")):
            yield source.parent / path if path else modules / f"{name}.rs"


def lines_of_tests(source):
    """Numbers of the lines of each item that only tests have: from its attribute to its end."""
    inside, numbers = False, set()
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        inside = inside or line == "#[cfg(test)]"
        if inside:
            numbers.add(number)
            inside = line != "}" and (line.startswith((" ", "#")) or not line.endswith(";"))
    return numbers


not_counted = set(files_of_tests())
assert all(path.exists() for path in not_counted)
reached, lines = collections.Counter(), collections.Counter()
crate, tests = None, set()
for record in sys.stdin:
    kind, _, value = record.strip().partition(":")
    if kind == "SF":
        source = pathlib.Path(value)
        parts = source.relative_to(crates).parts if source.is_relative_to(crates) else ("", "")
        crate = parts[0] if parts[1] == "src" and source not in not_counted else None
        tests = lines_of_tests(source) if crate else set()
    elif kind == "DA" and crate:
        number, count = map(int, value.split(",")[:2])
        if number not in tests:
            lines[crate] += 1
            reached[crate] += count > 0


def row(title, names):
    total, hit = sum(lines[name] for name in names), sum(reached[name] for name in names)
    print(f"| {title} | {total:,} | {hit:,} | {100 * hit / total:.1f} % |")


print("| crate | lines | reached by tests | |\n|---|---|---|---|")
for name in PRODUCT:
    row(f"`{name}`", [name])
row("all of the product", PRODUCT)
for name in sorted(set(lines) - set(PRODUCT)):
    row(f"`{name}`, development", [name])
