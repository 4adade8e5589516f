"""The file system calls of a command, as strace lists them, and a run with a fault at one of them."""

import dataclasses
import os
import re
import signal
import subprocess

# Without --seccomp-bpf: with it strace 6.1 injects nothing where a call has a number.
STRACE = ("strace", "-y", "--quiet=all", "-e", "signal=none")
LONGEST = 30
KILL = "SIGKILL"
# Each error is one that a disk, a mount or a signal can cause at that call.
WRITING = {
    "write": ("EIO", "ENOSPC", "EINTR"), "writev": ("EIO", "ENOSPC", "EINTR"), "pwrite64": ("EIO", "ENOSPC", "EINTR"),
    "open": ("EIO", "EACCES", "ENOSPC", "EINTR"), "openat": ("EIO", "EACCES", "ENOSPC", "EINTR"),
    "fsync": ("EIO", "ENOSPC", "EINTR"), "fdatasync": ("EIO", "ENOSPC", "EINTR"), "ftruncate": ("EIO", "EINTR"),
    "flock": ("EINTR", "ENOLCK"), "fcntl": ("EIO",),
}
# Calls that change a name or a mode.
OTHERS = ("EIO", "EACCES", "ENOSPC")
CHANGING = re.compile(r"rename|unlink|link|symlink|mkdir|rmdir|chmod|chown|mknod|utime|fallocate|copy_file_range|sendfile")
# Without `close`: no file system returns an error there after a successful fsync, nor for a directory.
READING = {"open": ("EIO", "EACCES", "EINTR"), "openat": ("EIO", "EACCES", "EINTR"), "read": ("EIO", "EINTR"), "readv": ("EIO", "EINTR"),
           "pread64": ("EIO",), "getdents64": ("EIO",), "lseek": ("EIO",), "fcntl": ("EIO",), "readlink": ("EIO",),
           "readlinkat": ("EIO",), "stat": ("EIO", "EACCES"), "lstat": ("EIO", "EACCES"), "fstat": ("EIO",),
           "newfstatat": ("EIO", "EACCES"), "statx": ("EIO", "EACCES"), "access": ("EIO",), "faccessat2": ("EIO",)}
LINE = re.compile(r"^(\w+)\((.*)\)\s+= ")
STAGE = re.compile(r"\.circleci-aws-oidc-[0-9a-f]{16}\.tmp")
# The digest in the name of a settings file is that of a text with the path of the config file.
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclasses.dataclass(frozen=True)
class Call:
    """The number of a call is that among all calls of its name, as strace counts."""
    name: str
    number: int
    target: str
    changes: bool

    @property
    def is_below(self):
        return self.target.startswith("DIR/")

    @property
    def reads_content(self):
        return self.name in ("read", "readv", "pread64", "getdents64")

    def faults(self):
        if self.changes:
            return (KILL, *WRITING.get(self.name, OTHERS))
        return READING.get(self.name, ())[:None if self.is_below else 1]


@dataclasses.dataclass
class Outcome:
    """Of one run. The code of a killed one is negative."""
    code: int
    stdout: str
    stderr: str
    lines: list


def run(command, environment, directory, options=(), log=None):
    traced = (*STRACE, *options, "-o", log, *command) if log else command
    ended = subprocess.run(traced, env=environment, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=LONGEST, check=False)
    lines = []
    if log:
        with open(log, encoding="utf-8", errors="replace") as text:
            lines = text.read().splitlines()
        os.unlink(log)
    return Outcome(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"), lines)


def run_with_fault(call, fault, command, environment, directory, log):
    """The run, and what the fault was at: the numbers of some calls depend on what else the machine does."""
    what = f"signal={signal.SIGKILL.value}" if fault == KILL else f"error={fault}"
    options = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:{what}:when={call.number}")
    outcome = run(command, environment, directory, options, log)
    lines = [line for line in outcome.lines if LINE.match(line) or line.startswith(call.name + "(")]
    return outcome, target_of(lines[call.number - 1], directory) if len(lines) >= call.number else None


def listed(command, environment, directory, log):
    """The run, and its calls that have to do with files outside of /proc and /sys."""
    outcome = run(command, environment, directory, ("-e", "trace=%file,%desc"), log)
    numbers, calls = {}, []
    for line in outcome.lines:
        match = LINE.match(line)
        if not match:
            continue
        name, arguments = match.groups()
        numbers[name] = numbers.get(name, 0) + 1
        target = target_of(line, directory)
        if target:
            calls.append(Call(name, numbers[name], target, changes(name, arguments)))
    return outcome, calls


def changes(name, arguments):
    if name in ("open", "openat"):
        return bool(re.search("O_CREAT|O_TRUNC", arguments))
    if name == "fcntl":
        return "F_SETFL" in arguments
    return name in WRITING or bool(CHANGING.search(name) and not name.startswith("readlink"))


def target_of(line, directory):
    """What a call is about: a path, with `DIR` for the directory of the case; None if that is no file of interest."""
    arguments = line[line.index("(") + 1:]
    handle = re.match(r"(?:AT_FDCWD|\d+)<([^>]*)>", arguments)
    name = re.search(r'"([^"]*)"', arguments) if not handle or line.startswith(("openat", "newfstatat", "statx", "unlinkat", "renameat", "mkdirat", "readlinkat", "fchmodat", "fchownat", "faccessat", "linkat", "symlinkat")) else None
    path = handle.group(1) if handle else ""
    if name:
        path = os.path.join(path, name.group(1)) if name.group(1) else path
    is_of_case = path.startswith(f"{directory}/")
    if not is_of_case and (not path.startswith("/") or re.match(r"/(proc|sys|dev|etc|usr|lib)\b", path)):
        return None
    return DIGEST.sub("DIGEST", STAGE.sub("STAGE", path.replace(str(directory), "DIR")))
