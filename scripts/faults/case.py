"""One case: a server at fault, a run of the program against it, and the claims that hold for each."""

import json
import os
import shutil
import subprocess
import tempfile
import time

import responses
from paths import LIMITS, PATHS, SECONDS
from server import Server

# In seconds: what a process may need beyond its deadline on a busy machine, to start, to read what a server sends without
# pause, and to write its error.
MARGIN = 2.0
# In seconds: a program that ignores its deadline is ended.
LONGEST = 20
STATE = "home/.aws/circleci-aws-oidc"
GOOD = "tls; request; say {S}{H}{L}\\r\\n{B}; close"


class Case:
    """`expected` is a word of table.txt, or `asked`: the pause that Retry-After asks for is longer than the deadline."""

    def __init__(self, row, path, limit, expected, steps, good=None, exit_code=None, pause=0):
        self.row, self.path, self.limit, self.expected, self.steps = row, path, limit, expected, steps
        self.good, self.exit_code, self.pause = good, exit_code, pause
        self.name = f"{row}, {path}, {limit}"
        self.seen, self.faults = None, []
        # Whether only claims about time failed.
        self.is_late = False

    def run(self, world):
        """Plays it; `seen` is then what was seen: the exit code and the number of requests."""
        self.faults, self.is_late = [], False
        path = PATHS[self.path]
        server = Server(self.steps, self.good or responses.good(path.endpoint), world.tls if path.tls else None)
        sts = Server(GOOD, responses.good("sts") if path.endpoint == "github" else ("text/xml", responses.IDENTITY))
        directory = tempfile.mkdtemp(dir=world.work)
        try:
            url = f"http{'s' if path.tls else ''}://127.0.0.1:{server.port}/path?a=b"
            if path.endpoint == "sts":
                url = url.replace("/path?a=b", "")
            environment = {"HOME": f"{directory}/home", "BASH_ENV": f"{directory}/bash_env", "AWS_REGION": "eu-west-1",
                           "AWS_CA_BUNDLE": f"{world.certificates}/ca.pem",
                           **path.environment(url, f"http://127.0.0.1:{sts.port}")}
            command = [world.binary, *path.command, "--connect-timeout", "2s", *LIMITS[self.limit]]
            self.prepare(directory)
            if self.path == "kept":
                keep_credentials(world, environment, directory)
            before = tree(directory)
            server.start()
            sts.start()
            begun = time.monotonic()
            try:
                ended = subprocess.run(command, env=environment, cwd=directory, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LONGEST, check=False)
            except subprocess.TimeoutExpired:
                self.claim(False, f"it ends within {LONGEST} s", is_timed=True)
                return
            took = time.monotonic() - begun
            self.judge(ended, took, server, sts, before, tree(directory))
        finally:
            server.close()
            sts.close()
            shutil.rmtree(directory)

    def prepare(self, directory):
        """A home with AWS's files, and a file of BASH_ENV, as an earlier step leaves them."""
        os.makedirs(f"{directory}/home/.aws", mode=0o700)
        for name, text in (("home/.aws/config", "[default]\nregion = eu-west-1\n[profile other]\nregion = us-east-1\n"),
                           ("home/.aws/credentials", "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n"),
                           ("bash_env", "export OTHER=1\n"), ("out.env", "OTHER=1\n")):
            with open(f"{directory}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(f"{directory}/{name}", 0o600)

    def judge(self, ended, took, server, sts, before, after):
        path, stderr, stdout = PATHS[self.path], ended.stderr.decode(), ended.stdout.decode()
        word, _, code = self.expected.partition(":")
        is_used, is_kept = word == "used", self.path == "kept"
        exit_code = 0 if is_used or is_kept else self.exit_code or int(code or path.failed)
        connections = len(server.connections)
        self.seen = (ended.returncode, connections)
        self.claim(ended.returncode == exit_code, f"exit code {exit_code}", f"{ended.returncode}\n{stderr}")

        least, most = self.attempts(word)
        if server.steps[0] not in ("refuse", "full"):
            self.claim(least <= connections <= most, f"{least} to {most} attempts", f"{connections}\n{stderr}", is_timed=True)
        if word == "retried" and self.limit == "deadline" and not is_kept:
            # The last attempt is in the last second.
            self.claim(took >= SECONDS["deadline"] - 1.1, "the attempts use the deadline", f"{took:.1f} s\n{stderr}")
        if self.pause and connections > 1:
            pause = server.connections[1] - server.connections[0]
            self.claim(pause >= self.pause, "Retry-After is respected", f"{pause:.2f} s")
        if word == "asked" and not is_kept:
            self.claim("`Retry-After`" in stderr, "the error names Retry-After", stderr)
        self.claim(took <= SECONDS[self.limit] + MARGIN, "it ends at its deadline", f"{took:.1f} s\n{stderr}", is_timed=True)

        self.claim("panicked" not in stderr and ended.returncode >= 0, "no panic and no signal", stderr)
        self.claim(not responses.shown_in(stderr), "no secret on stderr", stderr)
        sent = [name for name, (_, text) in after.items() if responses.shown_in(text.decode("latin-1"), responses.SENT)]
        self.claim(not sent, "no file holds what was sent", ", ".join(sent))
        if is_used or is_kept:
            self.judge_success(is_kept and not is_used, stdout, stderr, before, after)
        else:
            self.judge_failure(stdout, stderr, sts, before, after)

    def attempts(self, word):
        """The least and the largest number."""
        if word in ("final", "used", "asked") or self.path == "kept":
            return 1, 1
        if self.path == "container":
            # Its own limits: three attempts, each of 2 s, with pauses of 1 s.
            return {("late", "attempts"): (2, 2), ("late", "deadline"): (1, 1), ("retried", "attempts"): (3, 3),
                    ("retried", "deadline"): (2, 3)}[word, self.limit]
        if word == "late":
            return 1, 1
        return (2, 2) if self.limit == "attempts" else (2, 20)

    def judge_success(self, is_kept, stdout, stderr, before, after):
        command = PATHS[self.path].command[0]
        secret_key = responses.KEPT_SECRET_KEY if is_kept else responses.SECRET_KEY
        if command == "credential-process":
            self.claim(stderr == "", "a success of credential-process writes nothing to stderr", stderr)
            try:
                printed = json.loads(stdout)["SecretAccessKey"]
            except (ValueError, KeyError):
                printed = None
            self.claim(printed == secret_key, "the credentials are those", "others" if printed else "none")
            if is_kept:
                self.claim_unchanged(before, after)
        elif command == "assume":
            written = [name for name, (_, text) in after.items() if secret_key.encode() in text]
            self.claim(sorted(written) == ["bash_env", "home/.aws/credentials", "out.env"], "each destination has them", str(written))
        else:
            self.claim(responses.SESSION in stdout, "it prints the identity", stdout)

    def judge_failure(self, stdout, stderr, sts, before, after):
        self.claim_unchanged(before, after)
        kept = [name for name, (_, text) in after.items() if responses.shown_in(text.decode("latin-1"))]
        self.claim(not kept, "no file holds a secret", ", ".join(kept))
        self.claim(stdout == "", "nothing on stdout", stdout)
        lines = stderr.splitlines()
        errors, hints = ([line for line in lines if line.strip().startswith(word)] for word in ("error:", "hint:"))
        self.claim(len(errors) == 1 and len(hints) == 1, "one `error:` and one `hint:`", stderr)
        self.claim(len(sts.connections) == 0, "no request without what it needs", str(len(sts.connections)))

    def claim_unchanged(self, before, after):
        """What credential-process adds to its directory is its own: the memory of a failure, a lock, a log."""
        left = {name: file for name, file in after.items() if name in before or not name.startswith(f"{STATE}/")}
        self.claim(left == before, "all files are as they were", ", ".join(left.keys() ^ before.keys()) or "changed")

    def claim(self, holds, claim, seen="", is_timed=False):
        """A claim that `is_timed` can fail because the machine is busy."""
        if not holds:
            self.is_late = is_timed and (self.is_late or not self.faults)
            self.faults.append(f"{claim}: {seen}".rstrip(": \n"))


def keep_credentials(world, environment, directory):
    """As an earlier call keeps them. The file's name depends on the port, which refuses connections now; the lock that this
    call leaves has the same name."""
    limits = ("--max-attempts", "1", "--deadline", "1s")
    subprocess.run([world.binary, *PATHS["kept"].command, *limits], env=environment, check=False, stderr=subprocess.DEVNULL)
    state = f"{directory}/{STATE}"
    stem, = [name[:-len(".lock")] for name in os.listdir(state) if name.endswith(".lock")]
    for name in os.listdir(state):
        os.remove(f"{state}/{name}")
    shutil.copy(world.kept, f"{state}/{stem}.json")


def tree(directory):
    """Each file with its mode and content."""
    files = {}
    for parent, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, directory)] = (os.stat(path).st_mode, file.read())
    return files
