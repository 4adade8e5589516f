"""Runs commands, as many at once as WORKERS, and prints what each printed when it has ended, with the seconds and those of
a processor that it took (of what it waited for: not of a server that it killed).

usage: side-by-side.py WORKERS <COMMANDS
A line of COMMANDS is a command with its arguments, separated by spaces. The first that fails is the result: no other is
started after it, those that run are ended, and its output comes last.
"""

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

lock = threading.Lock()
# Each process, and what it prints.
running = {}
failed = []
# In seconds, for what a command does at its end.
PATIENCE = 10


def text_of(printed):
    printed.seek(0)
    return printed.read()


def end_all():
    for process in running:
        end(process, signal.SIGTERM)
        late = threading.Timer(PATIENCE, end, (process, signal.SIGKILL))
        late.daemon = True
        late.start()


def end(process, number):
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def run(command):
    with lock:
        if failed:
            return
        start = time.monotonic()
        # A group of its own, which can be ended with what it started.
        # Not a pipe, which a server that was left behind would keep open.
        printed = tempfile.TemporaryFile()
        try:
            process = subprocess.Popen(command.split(), stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
                                       start_new_session=True)
        except OSError as error:
            failed.append((command, error, b""))
            end_all()
            return
        running[process] = printed
    # `end` looks at the process, too, and whoever looks first gets its status.
    used = None
    try:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        process.wait()
    output = text_of(printed)
    with lock:
        del running[process]
        if failed:
            return
        if process.returncode:
            failed.append((command, process.returncode, output))
            end_all()
            return
        sys.stdout.buffer.write(output)
        print(f"({time.monotonic() - start:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of a processor)", flush=True)


def stop(number, _):
    end_all()
    for process, printed in list(running.items()):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        sys.stdout.buffer.write(text_of(printed))
    sys.stdout.flush()
    os._exit(128 + number)


# Where a shell started this in the background these are ignored, and the commands would ignore them too.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(number, stop)
commands = [line.strip() for line in sys.stdin if line.strip()]
with concurrent.futures.ThreadPoolExecutor(int(sys.argv[1])) as pool:
    list(pool.map(run, commands))
for command, status, output in failed:
    sys.stdout.buffer.write(output)
    sys.stdout.flush()
    sys.exit(f"{command} ended with {status}")
