"""Runs each client in each way in which this program hands credentials over, against the gate.

usage: matrix.py BINARY GATE DIR COMMANDS >RESULTS
BINARY is this program, GATE the URL of gate.py, DIR an empty directory. A line of COMMANDS is NAME, a tab, and the command
of a client. A line of RESULTS is JSON: the client, the way, whether it works and with what, or how its failure reads.
"""

import atexit
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import tools

binary, gate, directory, commands_file = sys.argv[1:]
directory = Path(directory).resolve()
role = "arn:aws:iam::123456789012:role/deploy"
# In seconds. A client that looks for EC2's metadata service can take half a minute.
LONGEST = 90
# In characters, of what a client prints.
LONGEST_TEXT = 120


def token():
    script = Path(__file__).parents[2] / "lib/unsigned-token.py"
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout.strip()


class Way:
    """A way, set up once: a home directory, the file of BASH_ENV, and what a user sets."""

    def __init__(self, name, flags, role=role, **variables):
        self.name, self.home = name, directory / name
        self.home.mkdir()
        self.bash_env = self.home / "bash_env"
        base = {"PATH": os.environ["PATH"], "HOME": str(self.home), "BASH_ENV": str(self.bash_env)}
        self.setup = base | {"AWS_ENDPOINT_URL_STS": gate, "CIRCLE_OIDC_TOKEN_V2": token(), "CIRCLE_WORKFLOW_JOB_ID": "matrix"}
        self.variables = base | {"GATE": gate, "CIRCLE_WORKFLOW_JOB_ID": "matrix"} | variables
        self.settings = ["--role-arn", role, "--session-name", "matrix", "--region", "eu-west-1"]
        if "endpoint" in flags:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            atexit.register(subprocess.Popen([binary, "serve", *self.settings], env=self.setup, **quiet).kill)
        subprocess.run([binary, "assume", "--quiet", *self.settings, *flags], env=self.setup, check=True)

    def run(self, command, more):
        """Runs a client as bash runs the next step; returns its status and what it printed."""
        step = ["bash", "-c", 'exec "$@"', "step", *command.split()]
        try:
            done = subprocess.run(step, env=self.variables | more, capture_output=True, text=True, timeout=LONGEST, cwd=self.home,
                                  stdin=subprocess.DEVNULL)
            # Each client prints `ok` for a call.
            status = done.returncode or (0 if done.stdout.split() == ["ok"] else "no call")
            printed = done.stderr or done.stdout
        except subprocess.TimeoutExpired:
            status, printed = "timeout", f"no answer within {LONGEST} s"
        return status, printed


def in_short(printed):
    """The line that says what is wrong, without what differs from run to run."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    told = [line for line in lines if re.search(r"error|denied|credential|fail|unable|no answer|refus", line, re.I)]
    text = (told or lines or ["it prints nothing"])[-1]
    text = re.sub(r" ?\[http_response.*", "", text)
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?( \S+:)?", "…", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"\b[\d.]+ ?(ms|µs|s)\b", "… s", text)
    text = re.sub(r"\b[0-9A-Fa-f-]{16,}\b", "…", text).replace("|", "¦")
    text = re.sub(re.escape(str(directory)) + r"/[a-z-]+", "HOME", text)
    return text[:LONGEST_TEXT] + ("…" if len(text) > LONGEST_TEXT else "")


def attempts(tool, way):
    """What a user could set for this tool, the least first: names for the page, variables, and which way."""
    own = list(tool.needs.items())
    yield "", {}, way.name
    for name, value in own:
        yield f"{name}={value}", {name: value}, way.name
    if f"{way.name}-default" in ways:
        yield "[default]", {}, f"{way.name}-default"


def result(tool, command, way):
    failures = []
    for needs, more, name in attempts(tool, way):
        status, printed = ways[name].run(command, more)
        if status == 0:
            return {"tool": tool.name, "way": way.name, "works": True, "needs": needs}
        failures.append(in_short(printed))
    return {"tool": tool.name, "way": way.name, "works": False, "reads": failures[0]}


profile = {"AWS_PROFILE": "matrix"}
ways = {way.name: way for way in (
    Way("environment", []),
    Way("profile", ["--profile", "matrix"], **profile),
    Way("profile-default", ["--profile", "default"]),
    Way("process", ["--mode", "credential-process", "--profile", "matrix"], **profile),
    Way("process-default", ["--mode", "credential-process", "--profile", "default"]),
    Way("process-refused", ["--mode", "credential-process", "--profile", "matrix"], role=f"{role}-once", **profile),
    Way("endpoint", ["--mode", "endpoint"]),
)}
# Ten minutes before the end of their hour STS denies new ones.
old = ways["process-refused"]
for cached in old.home.glob(".aws/circleci-aws-oidc/*.json"):
    at = lambda minutes: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * minutes))
    cached.write_text(json.dumps({**json.loads(cached.read_text()), "Obtained": at(-50), "Expiration": at(10)}))
old.variables["CIRCLE_OIDC_TOKEN_V2"] = old.setup["CIRCLE_OIDC_TOKEN_V2"]
# The same step behind a proxy that does not reach the endpoint.
behind = ways["behind-proxy"] = object.__new__(Way)
behind.__dict__.update(ways["endpoint"].__dict__)
behind.name = "behind-proxy"
behind.variables = ways["endpoint"].variables | {"HTTP_PROXY": gate, "http_proxy": gate}

commands = dict(line.split("\t")[:2] for line in Path(commands_file).read_text().splitlines())
chosen = [tool for tool in tools.TOOLS if tool.name in commands]
shown = [ways[name] for name in tools.WAYS]
# Some wait for a metadata service that is not there.
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    work = [pool.submit(result, tool, commands[tool.name], way) for tool in chosen for way in shown]
    for one in work:
        print(json.dumps(one.result()), flush=True)
