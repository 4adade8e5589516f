"""Runs the tests of a crate whose code has mutants in it: which test reaches which mutant, and which mutants they notice.

What a test does not reach cannot change it, so a mutant is tried only with the tests that reach it.
"""

import collections
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import time

SECONDS_PER_TEST = 30
# Most of a test is waiting.
AT_ONCE = 5


class Test:
    """One test, in a process of its own: so that it can be stopped, with the processes that it started."""

    def __init__(self, binary, name):
        self.name, self.executable, self.is_quick = name, binary["executable"], not is_of_program(binary)
        self.directory = pathlib.Path(binary["manifest_path"]).parent
        self.seconds, self.reaches, self.caught = SECONDS_PER_TEST, set(), collections.Counter()

    def outcome(self):
        """`passed`, `failed` or `timeout`. A failure has to happen twice, as the machine can be busy."""
        outcome = self.run()
        return self.run() if outcome == "failed" else outcome

    def run(self):
        command = [self.executable, "--exact", self.name]
        environment = os.environ | {"CARGO_MANIFEST_DIR": str(self.directory)}
        nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=self.directory, env=environment, start_new_session=True, **nowhere)
        try:
            return "passed" if process.wait(SECONDS_PER_TEST + 3 * self.seconds) == 0 else "failed"
        except subprocess.TimeoutExpired:
            return "timeout"
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


class Tests:
    """The tests of all binaries. `choice` and `record` are the files that the switches read and write."""

    def __init__(self, binaries, filters, choice, record):
        self.choice, self.record = choice, record
        self.tests = [test for binary in binaries for test in tests_of(binary, filters)]

    def learn(self):
        """Runs each alone, without a mutant; returns the names of those that fail."""
        self.choice.write_text("record")
        failed = []
        for test in self.tests:
            self.record.write_text("")
            # A process of another user writes too.
            self.record.chmod(0o666)
            start = time.monotonic()
            if test.outcome() != "passed":
                failed.append(test.name)
            test.seconds = time.monotonic() - start
            test.reaches = {int(number) for number in self.record.read_text().split()}
        return failed

    def outcome(self, mutant):
        """What became of a mutant, and the test that noticed it."""
        self.choice.write_text(str(mutant["number"]))
        file = mutant["file"]
        # What has caught others in this file first, then what takes little time.
        able = [test for test in self.tests if mutant["number"] in test.reaches]
        able.sort(key=lambda test: (not test.is_quick, -test.caught[file], test.seconds))
        if not able:
            return "not reached", ""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            runs = {}
            queue = iter(able)
            while True:
                while len(runs) < AT_ONCE and (test := next(queue, None)):
                    runs[pool.submit(test.outcome)] = test
                if not runs:
                    return "missed", ""
                done, _ = concurrent.futures.wait(runs, return_when=concurrent.futures.FIRST_COMPLETED)
                for run in done:
                    test, outcome = runs.pop(run), run.result()
                    if outcome != "passed":
                        test.caught[file] += 1
                        return "timeout" if outcome == "timeout" else "caught", test.name


def is_of_program(binary):
    return "/it-" in binary["executable"]


def tests_of(binary, filters):
    listing = subprocess.run([binary["executable"], "--list", "--format=terse"], stdout=subprocess.PIPE, text=True, check=True)
    names = [line.removesuffix(": test") for line in listing.stdout.splitlines() if line.endswith(": test")]
    chosen = filters if is_of_program(binary) and filters else [""]
    return [Test(binary, name) for name in names if any(word in name for word in chosen)]
