"""A released program's software bill of materials: a CycloneDX 1.6 file made from cargo's own reading of the lock file.

usage: sbom.py [--program local-sts] OUT     (without it, that of the product)

It holds every crate of the release binaries (scope `required`) and every crate that only builds them (`excluded`),
each with its licence, its digest from Cargo.lock, and what it depends on. Rust's standard library is one component,
and each crate of the registry that it has in it another. The same commit and toolchain give the same bytes: the time
in it is the commit's.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
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
STD_LOCK = "lib/rustlib/src/rust/library/Cargo.lock"
# With what scripts/build-static.sh builds the standard library.
BUILD_STD = (ROOT / "scripts/lib/build-std.txt").read_text().split()
METADATA = ["cargo", "metadata", "--format-version=1", "--locked"]

# What the files say of crates that name no licence. cargo-deny recognizes the same text.
LICENSE_FILES = {("libyaml-safer", "LICENSE-MIT"): "MIT"}


def main(program, out):
    shipped, edges = set(), set()
    for target in PROGRAMS[program]:
        edges |= tree(program, target, "normal,build")
        shipped |= {child for _, child in tree(program, target, "normal,no-proc-macro")}
    described = {name_of(package): package for package in json.loads(output(METADATA))["packages"]}
    digests = locked_digests(LOCK) | locked_digests(Path(output(["rustc", "--print", "sysroot"]).strip()) / STD_LOCK)
    product = next(name for name in described if name[0] == program)
    std = standard_library()
    edges.add((product, name_of(std)))
    for target in PROGRAMS[program]:
        for package in crates_of_std(program, target):
            described[name_of(package)] = package
            edges.add((name_of(std), name_of(package)))
    described[name_of(std)] = std
    shipped |= {child for parent, child in edges if name_of(std) in (parent, child)}
    crates = sorted({child for _, child in edges})
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


def standard_library():
    return {
        "name": "std",
        "version": compiler()["release"],
        "license": "MIT OR Apache-2.0",
        "description": "Rust's standard library: in the files for Linux built from source, in the others as rustup has it",
        "repository": "https://github.com/rust-lang/rust",
    }


def crates_of_std(program, target):
    """The registry's crates in the standard library, from cargo's plan of a build. That of rustup has the default features."""
    flags = BUILD_STD if "-linux-" in target else [option for option in BUILD_STD if "features" not in option]
    command = ["cargo", "build", "--release", "--locked", "--package", program, "--target", target, *flags]
    units = json.loads(output([*command, "-Zunstable-options", "--unit-graph"], RUSTC_BOOTSTRAP="1"))["units"]
    todo = [unit for unit in units if "is_std" in unit and unit["target"]["name"] == "std"]
    found = {}
    while todo:
        unit = todo.pop()
        if unit["pkg_id"] not in found:
            manifest = next(path for up in Path(unit["target"]["src_path"]).parents if (path := up / "Cargo.toml").exists())
            found[unit["pkg_id"]] = tomllib.loads(manifest.read_text())["package"]
            todo += [units[needed["index"]] for needed in unit["dependencies"]]
    return [package for unit, package in found.items() if unit.startswith("registry+")]


def name_of(package):
    return package["name"], package["version"]


def reference(name):
    # The standard library is not in the registry.
    return f"pkg:github/rust-lang/rust@{name[1]}" if name[0] == "std" else f"pkg:cargo/{name[0]}@{name[1]}"


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


def locked_digests(lock):
    """Of each crate from the registry: what cargo compares a download with."""
    entry = r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"\n'
    return {(name, version): digest for name, version, digest in re.findall(entry, lock.read_text())}


def toolchain():
    """The compiler: with another one the same source gives other bytes."""
    facts = compiler()
    return [{"type": "application", "name": "rustc", "version": f"{facts['release']} ({facts['commit-hash']})"}]


def compiler():
    return dict(line.split(": ", 1) for line in output(["rustc", "-vV"]).splitlines() if ": " in line)


def commit_time():
    seconds = int(output(["git", "log", "-1", "--format=%ct"]))
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def output(command, **variables):
    command_env = os.environ | variables
    return subprocess.run(command, cwd=ROOT, env=command_env, check=True, capture_output=True, text=True).stdout


match sys.argv[1:]:
    case ["--program", program, out] if program in PROGRAMS:
        main(program, out)
    case [out] if not out.startswith("-"):
        main("circleci-aws-oidc", out)
    case _:
        sys.exit("usage: sbom.py [--program local-sts] OUT")
