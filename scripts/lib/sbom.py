"""A released program's software bill of materials: a CycloneDX 1.6 file made from cargo's own reading of the lock file.

usage: sbom.py [--program local-sts] OUT     (without it, that of the product)

It holds every crate of the release binaries (scope `required`) and every crate that only builds them (`excluded`),
each with its licence, its digest from Cargo.lock, and what it depends on. The same commit and toolchain give the
same bytes: the time in it is the commit's.
"""

import json
import re
import subprocess
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path

UNIX = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
]
# Each released program, and the platforms that a release has it for.
PROGRAMS = {
    "circleci-aws-oidc": [*UNIX, "x86_64-pc-windows-gnu", "x86_64-pc-windows-msvc"],
    "local-sts": UNIX,
}
ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "Cargo.lock"
METADATA = ["cargo", "metadata", "--format-version=1", "--locked"]

# What the files say of crates that name no licence. cargo-deny recognizes the same text.
LICENSE_FILES = {("libyaml-safer", "LICENSE-MIT"): "MIT"}


def main(program, out):
    shipped, edges = set(), set()
    for target in PROGRAMS[program]:
        edges |= tree(program, target, "normal,build")
        shipped |= {child for _, child in tree(program, target, "normal,no-proc-macro")}
    described = {name_of(package): package for package in json.loads(output(METADATA))["packages"]}
    digests = locked_digests()
    crates = sorted({child for _, child in edges})
    product = next(name for name in described if name[0] == program)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": commit_time(),
            "tools": {"components": toolchain()},
            "component": {"type": "application", **component(described[product], digests)},
        },
        "components": [
            {
                "type": "library",
                "scope": "required" if name in shipped else "excluded",
                **component(described[name], digests),
            }
            for name in crates
        ],
        "dependencies": [
            {"ref": reference(name), "dependsOn": sorted(reference(child) for parent, child in edges if parent == name)}
            for name in [product, *crates]
        ],
    }
    # Derived from the content, so that the same content has the same name.
    content = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
    Path(out).write_text(json.dumps(document, indent=2) + "\n")


def tree(program, target, kinds):
    """Which crate needs which, with the features that the build of the program has; those of tests are others."""
    command = ["cargo", "tree", "--locked", "--package", program, "--target", target, "--edges", kinds]
    above, edges = [], set()
    for line in output([*command, "--prefix", "depth", "--format", " {p}"]).splitlines():
        depth, name, version = line.split()[:3]
        del above[int(depth) :]
        above.append((name, version.removeprefix("v")))
        if len(above) > 1:
            edges.add((above[-2], above[-1]))
    return edges


def name_of(package):
    return package["name"], package["version"]


def reference(name):
    return f"pkg:cargo/{name[0]}@{name[1]}"


def license_of(package):
    """A crate may have the licence as a file only."""
    return package["license"] or LICENSE_FILES[package["name"], package["license_file"]]


def component(package, digests):
    name = name_of(package)
    found = {
        "bom-ref": reference(name),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(name),
        # Before SPDX had a syntax, crates wrote a slash for OR.
        "licenses": [{"expression": re.sub(r"\s*/\s*", " OR ", license_of(package))}],
    }
    if package["description"]:
        found["description"] = " ".join(package["description"].split())
    if name in digests:
        found["hashes"] = [{"alg": "SHA-256", "content": digests[name]}]
    if package["repository"]:
        found["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return found


def locked_digests():
    """Of each crate from the registry: what cargo compares a download with."""
    entry = r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"\n'
    return {(name, version): digest for name, version, digest in re.findall(entry, LOCK.read_text())}


def toolchain():
    """The compiler: with another one the same source gives other bytes. Its standard library is in the binary."""
    facts = dict(line.split(": ", 1) for line in output(["rustc", "-vV"]).splitlines() if ": " in line)
    return [{"type": "application", "name": "rustc", "version": f"{facts['release']} ({facts['commit-hash']})"}]


def commit_time():
    seconds = int(output(["git", "log", "-1", "--format=%ct"]))
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def output(command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


match sys.argv[1:]:
    case ["--program", program, out] if program in PROGRAMS:
        main(program, out)
    case [out] if not out.startswith("-"):
        main("circleci-aws-oidc", out)
    case _:
        sys.exit("usage: sbom.py [--program local-sts] OUT")
