"""What may be seen after a fault, and after the next run. A complaint is a phrase; without one all is well."""

import re

from calls import KILL
from tree import directories, files, staged, states

# 1 local I/O, 2 a settings file that cannot be read, 6 a destination (docs/exit-codes.md).
CODES = {0, 1, 2, 6}
# What an error can name: a path, a file by its relative name, all that `serve` has left.
NAMES = ("/", "out.env", "roles file", "stdout", "endpoint descriptors")
# Without a secret. `clear` leaves one that a profile may name, or another run is about to: docs/long-jobs.md.
MAY_STAY = re.compile(r"\.settings$")
# Where `credential-process` logs its failures.
STATE = {"home/.aws", "home/.aws/circleci-aws-oidc"}


def judge_fault(fault, outcome, tree, slot, secrets):
    """Complaints, and what was seen: how the run ended, and after a kill which files there are."""
    found = states(tree, slot.old, slot.new)
    prints_credentials = slot.command.prints_credentials
    complaints = [f"`{path}` is {state}" for path, state in found.items() if state in ("torn", "changed")]
    # A killed process may have printed them before.
    printed = outcome.stderr + ("" if prints_credentials and outcome.code in (0, -9) else outcome.stdout)
    complaints += ["a secret is printed"] if any(secret in printed for secret in secrets) else []
    complaints += ["it panics"] if "panicked" in printed else []
    if outcome.code == -9:
        seen = {state for state in found.values() if state != "blank"} or {"old"}
        return complaints + ([] if fault == KILL else ["it is killed"]), "mixed" if len(seen) > 1 else seen.pop()
    complaints += [f"`{path}` is left" for path in sorted(staged(tree))]
    if outcome.code == 0:
        # Credentials that cannot be cached are printed all the same.
        complaints += [f"exit code 0, and `{path}` is old" for path, state in found.items() if state == "old" and not prints_credentials and not may_stay(path, slot)]
        return complaints, "done"
    complaints += [] if outcome.code in CODES else [f"exit code {outcome.code}"]
    complaints += [f"exit code {outcome.code}, and `{path}` is new" for path, state in found.items() if state == "new"]
    left = directories(tree) - directories(slot.old) - (STATE if prints_credentials else set())
    complaints += [f"directory `{path}` is left" for path in sorted(left)]
    error = [line for line in outcome.stderr.splitlines() if line.startswith(("error: ", "  caused by: "))]
    complaints += [] if any(word in line for line in error for word in NAMES) else ["the error names no file"]
    return complaints, "failed"


def may_stay(path, slot):
    return slot.command.arguments[0] == "clear" and MAY_STAY.search(path)


def judge_next(outcome, tree, after_fault, slot, secrets):
    """The next run makes all files new, and leaves nothing else."""
    complaints = [] if outcome.code == 0 else [f"the next run ends with {outcome.code}"]
    complaints += ["the next run prints a secret"] if any(secret in outcome.stderr for secret in secrets) else []
    complaints += [f"`{path}` is left after the next run" for path in sorted(staged(tree))]
    was, now, new, newer = states(after_fault, slot.old, slot.new), files(tree), files(slot.new), files(slot.newer)
    for path in sorted({*now, *new, *newer} - staged(tree)):
        expected = newer if was.get(path) == "new" else new
        if was.get(path) != "blank" and not may_stay(path, slot) and now.get(path) != expected.get(path):
            complaints.append(f"`{path}` is not new after the next run")
    left = directories(tree) - directories(slot.new) - directories(slot.newer)
    return complaints + [f"directory `{path}` is left after the next run" for path in sorted(left)]


def judge_clear(outcome, tree):
    """`clear` leaves nothing of a killed run."""
    complaints = [] if outcome.code == 0 else [f"`clear` ends with {outcome.code}"]
    return complaints + [f"`{path}` is left after `clear`" for path in sorted(staged(tree))]
