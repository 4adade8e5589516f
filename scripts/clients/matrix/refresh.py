"""When each client asks for credentials again, and what it does when it gets none. Measured without this program: the
endpoint and the process are those of source.py, the server is the gate.

usage: refresh.py GATE DIR COMMANDS >RESULTS
A line of RESULTS is JSON: the client, the way, what was tried and how it went.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import tools

gate, directory, commands_file = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]
# In seconds. What takes longer counts as never.
LONGEST = 60
# Between two neighbors lies the time before the end at which a client asks again.
LIVES = [20, 90, 240, 420, 700, 1000]
SOURCE = [sys.executable, str(Path(__file__).with_name("source.py"))]


def credentials():
    """One set that the gate admits for an hour: what a source says of their end is up to its plan."""
    form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=refresh&WebIdentityToken=a" \
           "&RoleArn=arn:aws:iam::123456789012:role/deploy"
    answer = urllib.request.urlopen(gate, form.encode()).read().decode()
    names = {"key": "AccessKeyId", "secret": "SecretAccessKey", "token": "SessionToken"}
    return {name: re.search(f"<{tag}>(.*?)</{tag}>", answer)[1] for name, tag in names.items()}


class Run:
    """One run of a client with a source of its own."""

    def __init__(self, tool, command, way, name, plan, calls, pause=1):
        self.home = directory / f"{tool.name}-{way}-{name}"
        self.home.mkdir()
        self.file = self.home / "credentials.json"
        self.file.write_text(json.dumps(ISSUED))
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.home), "GATE": gate, "AWS_REGION": "eu-west-1",
                     "AWS_DEFAULT_REGION": "eu-west-1", **tool.needs}
        server = None
        if way == "endpoint":
            server = subprocess.Popen([*SOURCE, "serve", self.file, json.dumps(plan)], stdout=subprocess.PIPE, text=True)
            token = self.home / "authorization"
            token.write_text("word")
            variables |= {"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.stdout.readline().strip(),
                          "AWS_CONTAINER_AUTHORIZATION_TOKEN": "word", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token)}
        else:
            script = self.home / "source"
            words = " ".join(f"'{word}'" for word in (*SOURCE, "process", str(self.file), json.dumps(plan)))
            script.write_text(f"#!/bin/sh\nexec {words}\n")
            script.chmod(0o755)
            (self.home / ".aws").mkdir()
            (self.home / ".aws/config").write_text(f"[default]\nregion = eu-west-1\ncredential_process = {script}\n")
        start = time.monotonic()
        try:
            done = subprocess.run([*command.split(), str(calls), str(pause)], env=variables, capture_output=True, text=True,
                                  timeout=LONGEST, stdin=subprocess.DEVNULL, cwd=self.home)
            self.status, self.calls = done.returncode, done.stdout.split().count("ok")
        except subprocess.TimeoutExpired as late:
            self.status, self.calls = "late", (late.stdout or b"").split().count(b"ok")
        self.seconds = time.monotonic() - start
        if server:
            server.kill()

    def asked(self):
        asked = Path(f"{self.file}.asked")
        return len(asked.read_text().splitlines()) if asked.exists() else 0


def in_minutes(seconds):
    return f"{seconds} s" if seconds < 60 else f"{seconds / 60:.0f} min" if seconds % 60 == 0 else f"{seconds / 60:.1f} min"


def asks_again(tool, command, way):
    """With how much time left the client asks again at its next call."""
    lives = [life for life in LIVES if Run(tool, command, way, f"life-{life}", [{"life": life}], 3).asked() > 1]
    if not lives:
        ended = Run(tool, command, way, "ended", [{"life": 3}], 3, pause=4).asked()
        return f"at most {in_minutes(LIVES[0])}" if ended > 1 else "**never**, not even when they have expired"
    longer = [life for life in LIVES if life > max(lives)]
    return f"{in_minutes(max(lives))} to {in_minutes(longer[0])}" if longer else f"more than {in_minutes(max(lives))}"


def outcome(run, calls):
    if run.status == 0:
        return "works" if run.calls == calls else "?"
    return f"none within {LONGEST} s" if run.status == "late" else "fails"


def measured(tool, command, way):
    # A client that does not look there has no row.
    if Run(tool, command, way, "plain", [{"life": 3000}], 1).status != 0:
        return None
    # While the first credentials, which have 20 s left, are still valid.
    refused = Run(tool, command, way, "refused", [{"life": 20}, {"status": 503}], 5)
    late = Run(tool, command, way, "slow", [{"life": 3000, "after": 3}], 1)
    hanging = Run(tool, command, way, "hangs", [{"life": 3000, "after": 3 * LONGEST}], 1)
    gives_up = "never" if hanging.status == "late" else f"after {round(hanging.seconds, -1) or 5:.0f} s" if hanging.seconds > 5 else "after 5 s or less"
    return {
        "tool": tool.name,
        "way": way,
        "again": asks_again(tool, command, way),
        "refused": "not asked again" if refused.asked() < 2 else {"works": "uses the old ones"}.get(outcome(refused, 5), outcome(refused, 5)),
        "slow": outcome(late, 1),
        "gives up": gives_up,
    }


ISSUED = credentials()
commands = dict(line.split("\t")[:2] for line in Path(commands_file).read_text().splitlines())
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    work = [pool.submit(measured, tool, commands[tool.name], way)
            for tool in tools.TOOLS if tool.name in commands and tool.repeats for way in ("process", "endpoint")]
    for one in work:
        if one.result():
            print(json.dumps(one.result()), flush=True)
