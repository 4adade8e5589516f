"""A long job whose STS fails in another way at each renewal, for each way of renewing. libfaketime sets the clock of this
program, the wall clock and the monotonic one, a minute forward at each step; what happens in a step takes its real time.

usage: long-job.py LIBFAKETIME BINARY WORK
Prints a row for each way, and ends with 1 if a client was without valid credentials or a fault was not played.
"""

import asyncio
import collections
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
from scripted_sts import ScriptedSts

HOURS = 5
# In seconds, of which all but the real ones are skipped.
STEP = 60
# In real seconds, for `serve` to see the new time and to send a request: it looks each 0.25 s.
SETTLE = 0.4
ROLE = "arn:aws:iam::123456789012:role/deploy"
# They are due for renewal after half of it.
SESSION = 30 * 60
DUE = SESSION / 2

# What happens at a renewal: an outcome of scripted_sts.py, for so many requests or for so many seconds.
FAULTS = [
    ("503", "unavailable", 3, 0),
    ("no response", "hang", 1, 0),
    ("reset", "reset", 2, 0),
    ("throttled", "throttled", 5, 0),
    ("away for a minute", "away", 0, 60),
    ("response cut off", "cut off", 2, 0),
    ("refuses connections for 3 minutes", "refuse", 0, 180),
    ("page of a proxy", "page", 2, 0),
    ("503 with Retry-After", "wait 30 s", 2, 0),
    ("token expired", "token expired", 1, 0),
    ("denied", "denied", 1, 0),
    ("response after 5 s", "slow", 1, 0),
    ("away for 10 minutes", "away", 0, 600),
    ("no token for 2 minutes", "no token", 0, 120),
]


class Clock:
    """The time of this program: that of this machine and what was skipped, which libfaketime reads from a file."""

    def __init__(self, library, file):
        self.file, self.skipped = file, 0
        self.variables = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}
        self.skip_to(self.now())

    def now(self):
        return time.time() + self.skipped

    def skip_to(self, at):
        self.skipped += max(0, round(at - self.now()))
        new = self.file.with_suffix(".new")
        new.write_text(f"+{self.skipped}\n")
        new.rename(self.file)


class Way:
    """A job of its own, with its own STS. `renewals` counts the sessions after the first one."""

    def __init__(self, name, work):
        self.name, self.home = name, work / name.replace(" ", "-")
        self.renewals, self.since, self.left = -1, None, 0
        self.requests, self.asked, self.lost, self.least = [], 0, [], SESSION
        self.sts, self.missing = ScriptedSts(self.outcome, CLOCK.now), None
        self.process = None
        self.home.mkdir()

    async def start(self, token):
        self.port = await self.sts.start()
        circleci = self.home / "circleci"
        circleci.write_text(f'#!/bin/sh\n[ ! -e "{self.home}/no-token" ] && exec cat "{self.home}/token"\n')
        circleci.chmod(0o700)
        self.renew_token(token)
        self.environment = {
            **CLOCK.variables,
            "PATH": f"{self.home}:/usr/bin:/bin",
            "HOME": str(self.home),
            "CIRCLECI": "true",
            "CIRCLE_WORKFLOW_JOB_ID": self.name,
            "CIRCLE_OIDC_TOKEN_V2": token,
            "AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "eu-west-1",
        }

    def end(self):
        if self.process and self.process.returncode is None:
            self.process.terminate()

    def renew_token(self, token):
        (self.home / "token.new").write_text(token)
        (self.home / "token.new").rename(self.home / "token")

    def fault(self):
        return FAULTS[self.renewals % len(FAULTS)]

    def outcome(self):
        now = CLOCK.now()
        self.requests.append(now)
        if self.renewals >= 0:
            _, outcome, times, seconds = self.fault()
            if self.since is None:
                self.since, self.left = now, times
            self.left -= 1
            if self.left >= 0 or outcome == "away" and now < self.since + seconds:
                return outcome
        self.renewals, self.since = self.renewals + 1, None
        # These two begin before the first request of a renewal.
        _, outcome, _, seconds = self.fault()
        if outcome in ("refuse", "no token"):
            self.missing = outcome, now + DUE + seconds
            self.sts.server.close() if outcome == "refuse" else (self.home / "no-token").touch()
        return "granted"

    async def bring_back(self):
        """What is missing, after its time."""
        if self.missing and CLOCK.now() >= self.missing[1]:
            await self.sts.start(self.port) if self.missing[0] == "refuse" else (self.home / "no-token").unlink()
            self.missing = None

    async def ask(self):
        """What an AWS tool gets, or why not."""
        self.asked += 1
        begun = CLOCK.now()
        try:
            given = json.loads(await self.credentials())
            left = self.sts.granted[given["AccessKeyId"]] - CLOCK.now()
            if left <= 0:
                raise ValueError(f"expired {-left:.0f} s ago")
            self.least = min(self.least, left)
        except Exception as error:
            self.lost.append(f"{self.name}: {begun - START:.0f} s after the start: {error!r}")

    def get(self, url, authorization):
        request = urllib.request.Request(url, headers={"Authorization": authorization})
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).read()

    def most_in_a_minute(self):
        return max(sum(at <= other < at + 60 for other in self.requests) for at in self.requests)

    def row(self):
        cells = [self.name, self.renewals, len(self.requests), self.most_in_a_minute(), self.asked, len(self.lost), f"{self.least / 60:.1f} min"]
        print("|", " | ".join(map(str, cells)), "|")


class CredentialProcess(Way):
    async def credentials(self):
        process = await self.run("credential-process", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, errors = await process.communicate()
        if process.returncode or errors:
            raise ValueError(f"exit code {process.returncode}: {errors.decode()}")
        return out

    async def run(self, *command, after=(), **streams):
        return await asyncio.create_subprocess_exec(
            BINARY, *command, "--role-arn", ROLE, "--duration", str(SESSION), *after, env=self.environment, stdin=subprocess.DEVNULL, **streams)


class Serve(CredentialProcess):
    command, after = ["serve"], ()

    async def start(self, token):
        await super().start(token)
        with open(self.home / "log", "w") as log:
            self.process = await self.run(*self.command, after=self.after, stdout=log, stderr=log)

    async def credentials(self):
        descriptor = json.loads(next(self.home.glob(".aws/circleci-aws-oidc/*.endpoint")).read_text())
        return await asyncio.to_thread(self.get, descriptor["uri"], descriptor["authorization"])


class ExecServe(Serve):
    command, after = ["exec", "--serve"], ("--", "/bin/sh", "-c", 'env >"$HOME/environment"; exec sleep 1000000')

    async def credentials(self):
        lines = (self.home / "environment").read_text().splitlines()
        given = dict(line.split("=", 1) for line in lines if line.startswith("AWS_CONTAINER_"))
        authorization = given.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") or pathlib.Path(given["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read_text()
        return await asyncio.to_thread(self.get, given["AWS_CONTAINER_CREDENTIALS_FULL_URI"], authorization)


def token():
    command = [sys.executable, os.path.dirname(__file__) + "/unsigned-token.py"]
    environment = {**os.environ, **CLOCK.variables}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


async def play(ways):
    first = token()
    for way in ways:
        await way.start(first)
    await asyncio.sleep(3)
    for step in range(1, HOURS * 3600 // STEP + 1):
        CLOCK.skip_to(START + step * STEP)
        await asyncio.sleep(SETTLE)
        # A process that waits for a response does not see that its time is up until its real time is.
        while any(way.sts.busy for way in ways):
            await asyncio.sleep(0.05)
        if step % 10 == 0:
            renewed = token()
            for way in ways:
                way.renew_token(renewed)
        for way in ways:
            await way.bring_back()
        await asyncio.gather(*(way.ask() for way in ways))


async def main():
    ways = [Serve("serve", WORK), ExecServe("exec --serve", WORK), CredentialProcess("credential-process", WORK)]
    try:
        await play(ways)
        alive = all(way.process is None or way.process.returncode is None for way in ways)
    finally:
        for way in ways:
            way.end()
    print("| way | renewals, each with a fault | requests of STS | most in a minute | calls of a client | without valid credentials | shortest time left |")
    print("|---|---|---|---|---|---|---|")
    for way in ways:
        way.row()
    for line in (line for way in ways for line in way.lost):
        print(line, file=sys.stderr)
    return alive and all(not way.lost and way.renewals >= len(FAULTS) for way in ways)


LIBRARY, BINARY, WORK = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
CLOCK = Clock(LIBRARY, WORK / "clock")
START = CLOCK.now()
sys.exit(0 if asyncio.run(main()) else 1)
