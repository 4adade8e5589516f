"""Plays all cases, many at once, and compares the section of docs/reliability.md with what was seen.

usage: run.py BINARY WORK [--page] [--only WORD]     WORK is a directory; --page writes the section; --only: cases with WORD
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import subprocess
import sys
import time

import page
import responses
import server
import table
from case import GOOD, STATE
from paths import PATHS

# Most cases wait for a deadline. docs/reliability.md names the number.
AT_ONCE = 24


class World:
    """What all cases have in common."""

    def __init__(self, binary, work):
        self.binary, self.work, self.certificates = binary, work, f"{work}/certificates"
        self.tls = server.contexts(self.certificates)
        self.kept = self.kept_credentials()

    def kept_credentials(self):
        """The file in which `credential-process` keeps them: as if it had got them 50 minutes ago, for an hour."""
        home = f"{self.work}/home"
        os.makedirs(home, mode=0o700)
        body = responses.credentials_xml(responses.KEPT_SECRET_KEY, responses.KEPT_SESSION_TOKEN, 600)
        sts = server.Server(GOOD, ("text/xml", body), self.tls).start()
        path = PATHS["kept"]
        environment = {"HOME": home, "AWS_REGION": "eu-west-1", "AWS_CA_BUNDLE": f"{self.certificates}/ca.pem",
                       **path.environment(f"https://127.0.0.1:{sts.port}", "")}
        subprocess.run([self.binary, *path.command], env=environment, check=True, stdout=subprocess.DEVNULL)
        sts.close()
        directory = f"{self.work}/{STATE}"
        entry, = [f"{directory}/{name}" for name in os.listdir(directory) if name.endswith(".json")]
        with open(entry, encoding="utf-8") as file:
            fields = json.load(file)
        obtained = datetime.datetime.strptime(fields["Obtained"], "%Y-%m-%dT%H:%M:%SZ") - datetime.timedelta(minutes=50)
        fields["Obtained"] = obtained.strftime("%Y-%m-%dT%H:%M:%SZ")
        with open(entry, "w", encoding="utf-8") as file:
            json.dump(fields, file, separators=(",", ":"))
        return entry


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("work")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()
    world = World(options.binary, options.work)
    cases = [case for case in table.cases() if options.only in case.name]
    if not cases:
        parser.error(f"no case has `{options.only}` in its name")
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda case: case.run(world), cases))
    # A machine that is busy delays processes: a case that was only late is played again with no other, and that counts.
    late = [case for case in cases if case.is_late]
    for case in late:
        case.run(world)
    failed = [case for case in cases if case.faults]
    for case in failed:
        print(f"FAILED: {case.name}", *case.faults, sep="\n  ")
    counts = ", ".join(f"{sum(case.path == name for case in cases)} {name}" for name in PATHS)
    print(f"{len(cases)} cases ({counts}) in {time.monotonic() - begun:.0f} s, {AT_ONCE} at once; {len(late)} were late and "
          f"played again alone; {len(failed)} failed")
    if failed:
        sys.exit(1)
    if not options.only:
        page.compare(cases, options.page)


main()
