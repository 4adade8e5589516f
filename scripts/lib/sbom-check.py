"""Checks a bill of materials with tools other than the script that wrote it.

usage: sbom-check.py SBOM STATIC_BINARY

CycloneDX's own schema accepts it; the crates that the binary's panics name are in it, and the compiler whose standard
library they name; so are the digests that the downloaded crates really have. Needs scripts/lib/requirements-sbom.txt.
"""

import hashlib
import json
import os
import re
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

CARGO_HOME = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))


def main(sbom, binary):
    text = Path(sbom).read_text()
    claim("CycloneDX 1.6's schema accepts the file", JsonStrictValidator(SchemaVersion.V1_6).validate_str(text))
    bill, program = json.loads(text), Path(binary).read_bytes()
    crates = {(crate["name"], crate["version"]): crate for crate in bill["components"]}

    compilers = set(re.findall(rb"/rustc/(\w+)/library/std/", program))
    named_compiler = bill["metadata"]["tools"]["components"][0]["version"]
    of_bill = {re.search(r"\((\w+)\)", named_compiler)[1].encode()}
    claim("the standard library that they name is that of the bill's compiler", compilers ^ of_bill)
    claim("and a component", {("std", named_compiler.split()[0])} - crates.keys())
    named = set(re.findall(rb"/crates/([\w-]+?)-(\d+\.\d+\.\d+[\w.+-]*)/", program))
    in_binary = {(name.decode(), version.decode()) for name, version in named}
    assert len(in_binary) > 10, f"the binary names only {in_binary}"
    required = {name for name, crate in crates.items() if crate["scope"] == "required"}
    claim(f"all {len(in_binary)} crates that the binary's panics name are required ones", in_binary - required)

    downloads = {path.name: path for path in CARGO_HOME.glob("registry/cache/*/*.crate")}
    digests = {name: crate["hashes"][0]["content"] for name, crate in crates.items() if "hashes" in crate}
    others = [
        name
        for name in in_binary
        if hashlib.sha256(downloads[f"{name[0]}-{name[1]}.crate"].read_bytes()).hexdigest() != digests[name]
    ]
    claim("their digests are those of the crates that were built", others)
    claim("each has a licence", [name for name, crate in crates.items() if not crate["licenses"]])


def claim(text, against):
    if against:
        sys.exit(f"FAILED: {text}\n{against}")
    print(f"ok: {text}")


main(*sys.argv[1:])
