"""The files below a directory, and what has become of them in comparison with two known states."""

import os
import re
import stat

from calls import STAGE

# What the program keeps for itself and may leave, whatever happens: docs/long-jobs.md.
OWN = re.compile(r"home/\.aws/circleci-aws-oidc/[^/]+\.(lock|log)$")
# What differs between two runs: when a session was cached, and the id of a block of BASH_ENV.
OBTAINED = re.compile(rb'(?<="Obtained":")[^"]*')
BLOCK = re.compile(rb"\b[0-9a-f]{16}\b(?= '\*\)|\"; \})")


def snapshot(directory):
    """Path to kind, mode and bytes, for everything below the directory."""
    found = {}
    for parent, directories, files in os.walk(directory):
        for name in directories + files:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            content = b""
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            content = BLOCK.sub(b"ID", OBTAINED.sub(b"TIME", content.replace(str(directory).encode(), b"DIR")))
            found[os.path.relpath(path, directory)] = (stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode), content)
    return found


def files(tree):
    """Without directories and what the program keeps for itself."""
    return {path: it for path, it in tree.items() if stat.S_ISREG(it[0]) and not OWN.search(path)}


def directories(tree):
    return {path for path, it in tree.items() if stat.S_ISDIR(it[0])}


def staged(tree):
    return {path for path in tree if STAGE.search(path)}


def blanked(it):
    """The same without blank lines: where a file cannot be replaced, they take the place of what is removed."""
    return it and (*it[:2], re.sub(rb"\n+", b"\n", it[2]).strip(b"\n"))


def states(tree, old, new):
    """For each file that the command changes: old, new, blank or torn. For any other: nothing, or `changed`."""
    found = {}
    tree, old, new = files(tree), files(old), files(new)
    for path in sorted({*tree, *old, *new}):
        now, before, after = tree.get(path), old.get(path), new.get(path)
        if now == before == after or STAGE.search(path):
            continue
        if before == after:
            found[path] = "changed"
        elif now in (before, after):
            found[path] = "old" if now == before else "new"
        elif path == "bash-env" and now and blanked(now) in (blanked(before) or (*now[:2], b""), blanked(after)):
            found[path] = "blank"
        else:
            found[path] = "torn"
    return found
