"""An STS that a crowd of jobs calls at once, and what becomes of the jobs.

usage: crowd.py serve LOG [AWAY]        the STS over plain http on loopback; prints its URL. A line of LOG is a request.
       crowd.py obey FILE LOG           the same with the outcome that FILE names, once there is one
       crowd.py simulate JOBS [SECONDS] the same STS, called by the published rules of other clients, without a network; the
                                        jobs start within so many seconds (default 1)
       crowd.py row NAME TIMES          a row of the table, from a file with a line for each job: seconds, and its exit code.
                                        Fails if a job was lost

From the first request on it passes 50 requests a second and throttles the others, fails 20 % of those that it passes with
IDPCommunicationError, and closes each connection without a response from second 5 to second 7. With AWAY it closes them for
so many seconds from the first one on, and then grants everything.
"""

import asyncio
import heapq
import os
import random
import statistics
import sys
import time

sys.dont_write_bytecode = True
from scripted_sts import ScriptedSts

PASSED, FAILING, AWAY = 50, 0.2, (5.0, 7.0)
# In seconds, between a request and its response.
ANSWER = 0.02


class Sts:
    """What it does with a request at a time, in seconds since the first one."""

    def __init__(self, seed=1):
        self.random, self.left, self.at = random.Random(seed), float(PASSED), 0.0

    def outcome(self, now):
        if AWAY[0] <= now < AWAY[1]:
            return "away"
        self.left, self.at = min(PASSED, self.left + (now - self.at) * PASSED), now
        if self.left < 1:
            return "throttled"
        self.left -= 1
        return "failed" if self.random.random() < FAILING else "granted"


class Obeying:
    """What a file names at that time. Without the file there is no response yet."""

    def __init__(self, path):
        self.path = path

    def outcome(self, now):
        return open(self.path, encoding="utf-8").read() if os.path.exists(self.path) else None


class Away:
    """Away for some seconds, and then there."""

    def __init__(self, seconds):
        self.seconds = seconds

    def outcome(self, now):
        return "away" if now < self.seconds else "granted"


async def serve(rule, log):
    begun = None

    def outcome():
        nonlocal begun
        begun = begun or time.monotonic()
        now = time.monotonic() - begun
        outcome = rule.outcome(now)
        if outcome:
            print(f"{now:.3f} {outcome}", file=log, flush=True)
        return outcome

    sts = ScriptedSts(outcome)
    print(f"http://127.0.0.1:{await sts.start()}", flush=True)
    await sts.server.serve_forever()


# The pause after the attempt of this number, or None: facts/aws.md 5.1 and 5.2. `draw` is in 0..1.
RULES = {
    "AWS CLI v1, boto3 before 1.44 (legacy: 5 attempts)": lambda made, outcome, draw: draw * 2 ** (made - 1) if made < 5 else None,
    "boto3 1.44 and later (standard: 3 attempts)":
        lambda made, outcome, draw: draw * min((1 if outcome == "throttled" else 0.05) * 2 ** (made - 1), 20) if made < 3 else None,
    "configure-aws-credentials (12 attempts)": lambda made, outcome, draw: draw * 2 ** (made - 1) * 0.05 if made < 12 else None,
}


def simulate(jobs, spread):
    for name, pause_after in RULES.items():
        sts, draws, ended = Sts(), random.Random(2), []
        # Each job starts within so many seconds.
        waiting = [(draws.random() * spread, job, 1) for job in range(jobs)]
        heapq.heapify(waiting)
        while waiting:
            now, job, made = heapq.heappop(waiting)
            outcome = sts.outcome(now)
            pause = None if outcome == "granted" else pause_after(made, outcome, draws.random())
            if outcome == "granted" or pause is None:
                ended.append((now + ANSWER, outcome == "granted"))
            else:
                heapq.heappush(waiting, (now + ANSWER + pause, job, made + 1))
        row(name + ", simulated", ended)


def row(name, ended):
    times = [at for at, _ in ended]
    lost = sum(not granted for _, granted in ended)
    print(f"| {name} | {len(ended)} | {lost} | {statistics.median(times):.1f} s | {max(times):.1f} s |")


what, *rest = sys.argv[1:]
if what == "serve":
    rule = Away(float(rest[1])) if rest[1:] else Sts()
    asyncio.run(serve(rule, open(rest[0], "w", encoding="utf-8")))
elif what == "obey":
    asyncio.run(serve(Obeying(rest[0]), open(rest[1], "w", encoding="utf-8")))
elif what == "simulate":
    simulate(int(rest[0]), float(rest[1]) if rest[1:] else 1)
else:
    lines = [line.split() for line in open(rest[1], encoding="utf-8")]
    ended = [(float(seconds), code == "0") for seconds, code in lines]
    row(rest[0], ended)
    if not all(granted for _, granted in ended):
        sys.exit("FAILED: jobs of this program were lost")
