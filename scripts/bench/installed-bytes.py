"""Prints the bytes of a client's files with those of the packages that it depends on, and without the interpreter's.

usage: installed-bytes.py python PACKAGE            as it is installed in this virtual environment
       installed-bytes.py node NODE_MODULES PACKAGE
       installed-bytes.py debian PACKAGE            as Debian states it, the package alone
"""

import importlib.metadata
import json
import os
import re
import subprocess
import sys


def python(package):
    return sum(of_distribution(name) for name in closure(package, required_by_distribution))


def required_by_distribution(name):
    for text in importlib.metadata.requires(name) or []:
        requirement, _, marker = text.partition(";")
        name = re.match(r"[\w.-]+", requirement).group()
        if "extra" not in marker and is_installed(name):
            yield name


def is_installed(name):
    """A marker may be for another version of Python."""
    return bool(list(importlib.metadata.distributions(name=name)))


def of_distribution(name):
    files = (file.locate() for file in importlib.metadata.files(name) or [])
    return sum(os.path.getsize(file) for file in files if os.path.isfile(file))


def node(modules, package):
    return sum(of_directory(os.path.join(modules, name)) for name in closure(package, lambda name: required_by_module(modules, name)))


def required_by_module(modules, name):
    with open(os.path.join(modules, name, "package.json"), encoding="utf-8") as file:
        return json.load(file).get("dependencies", {})


def of_directory(directory):
    return sum(os.path.getsize(os.path.join(parent, name)) for parent, _, names in os.walk(directory) for name in names)


def debian(package):
    size = subprocess.run(["dpkg-query", "-W", "-f", "${Installed-Size}", package], check=True, stdout=subprocess.PIPE).stdout
    return int(size) * 1024


def closure(package, required_by):
    found = {package}
    waiting = [package]
    while waiting:
        for name in required_by(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


if __name__ == "__main__":
    print({"python": python, "node": node, "debian": debian}[sys.argv[1]](*sys.argv[2:]))
