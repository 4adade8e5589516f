"""A fault at each file system call of the commands that write files: an error, or the end of the process.

usage: run.py BINARY [--only TEXT]

Prints the table of docs/reliability.md, a row for each command, and on stderr each complaint. The exit code is 1 if there is
one.
"""

import argparse
import concurrent.futures
import os
import pathlib
import queue
import subprocess
import sys
import tempfile

import sts
from calls import KILL
from commands import COMMANDS
from slot import Slot

LIB = pathlib.Path(__file__).parent.parent / "lib"
# More than one for each core: a run waits for the other side of its connection, and for 50 ms where other programs may append.
WORKERS = 3 * (os.cpu_count() or 1)
# Faults that come at another call, because others are made as often as it takes, such as those in /proc: one in 10 at most.
MOST_MISSED = 10
# Of a command. Fewer show that its calls were not recognized.
LEAST_CASES = 100
HEAD = "| command | calls | cases | done | failed, all old | killed: all old | killed: all new | killed: some new |\n|---|---|---|---|---|---|---|---|"


class World:
    """What all runs have in common."""

    def __init__(self, binary):
        self.binary = os.path.realpath(binary)
        self.url = sts.start()
        printed = subprocess.run([sys.executable, LIB / "unsigned-token.py"], check=True, capture_output=True, text=True)
        self.token = printed.stdout.strip()


def cases_of(calls):
    """All faults at calls that change something or read a file or a directory. Of the others, by which paths are judged again
    and again, the first and the last one of a name and target, or above the directory of the case the first one."""
    first, last = {}, {}
    for call in calls:
        first.setdefault((call.name, call.target), call)
        last[call.name, call.target] = call
    ends = lambda call: (first[call.name, call.target], *([last[call.name, call.target]] if call.is_below else []))
    chosen = [call for call in calls if call.changes or call.reads_content or call in ends(call)]
    return [(call, fault) for call in chosen for fault in call.faults()]


def play(command, world, work, pool):
    """Prints the row of the command; the numbers of cases, of complaints, and of faults that came at another call."""
    slots = queue.SimpleQueue()
    made = list(pool.map(lambda number: Slot(command, work / f"{COMMANDS.index(command)}-{number}", world), range(WORKERS)))
    for slot in made:
        slots.put(slot)

    def play_case(case):
        slot = slots.get()
        try:
            return slot.case(*case)
        finally:
            slots.put(slot)

    calls = made[0].calls
    cases, counts, complained, missed = cases_of(calls), dict.fromkeys(("done", "failed", "old", "new", "mixed"), 0), 0, 0
    for (call, fault), (complaints, seen, hit) in zip(cases, pool.map(play_case, cases)):
        counts[seen] = counts.get(seen, 0) + 1
        missed += not hit
        if complaints:
            complained += 1
            print(f"{command.name}: {fault} at {call.name} {call.number} of {call.target}: {'; '.join(complaints)}", file=sys.stderr)
    if len(cases) < LEAST_CASES or not any(fault == KILL for _, fault in cases):
        complained += 1
        print(f"{command.name}: {len(cases)} cases are not those of its files", file=sys.stderr)
    print(f"| {command.name} | {len(calls)} | {len(cases)} | {' | '.join(map(str, counts.values()))} |", flush=True)
    return len(cases), complained, missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    world, totals = World(options.binary), []
    print(HEAD)
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for command in COMMANDS:
            if options.only in command.name:
                totals.append(play(command, world, pathlib.Path(work).resolve(), pool))
    if not totals:
        parser.error(f"no command has `{options.only}` in its name")
    cases, complained, missed = map(sum, zip(*totals))
    print(f"{cases} cases, {complained} with a complaint; in {missed} the fault came at another call", file=sys.stderr)
    sys.exit(complained != 0 or missed * MOST_MISSED > cases)


if __name__ == "__main__":
    main()
