"""Writes the figures and the plots of docs/performance.md.

usage: page.py RESULTS
A section of the page is between two lines, `<!-- NAME: begin. … -->` and `<!-- NAME: end -->`.
"""

import os
import re
import sys

import figures
import plot
import report
from figures import rounded

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs")
PAGE = os.path.join(DOCS, "performance.md")


def main(directory):
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    for name, section in {**report.SECTIONS, "meaning": meaning, "machine": machine}.items():
        text = replaced(text, name, "\n".join(section(directory)))
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    for name, drawing in plots(directory).items():
        with open(os.path.join(DOCS, f"performance-{name}.svg"), "w", encoding="utf-8") as file:
            file.write(drawing)


def replaced(text, name, section):
    if not section:
        sys.exit(f"the section {name} was not measured; the page has all of them: scripts/bench.sh --page")
    pattern = re.compile(rf"(<!-- {name}: begin\.[^>]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    found, count = pattern.subn(lambda match: f"{match[1]}{section}\n{match[2]}", text)
    if count != 1:
        sys.exit(f"docs/performance.md has no section {name}")
    return found


def meaning(directory):
    """What the figures mean for a job, in three sentences."""
    clients = figures.clients(directory)
    roles = figures.roles(directory)
    ours, curl = clients["ours"], clients["curl_and_sed"]
    cli = clients.get("aws_cli_v2", clients["aws_cli_v1"])
    orb = clients.get("orb_v2", clients["orb_v1"])
    many = list(roles)[-1]
    count = many.rsplit(" ", maxsplit=1)[-1]
    return [
        f"The exchange costs a job {rounded(ours.wall.median)} ms of this program's and the loopback server's time and, on a "
        f"network, {report.trips(ours)} round trips: what a job then waits for is the network and STS, not this program. "
        f"The AWS CLI adds {rounded((cli.wall.median - ours.wall.median) / 1000)} s of a job's time to each exchange and the role "
        f"step of `circleci/aws-cli` {rounded((orb.wall.median - ours.wall.median) / 1000)} s; curl with sed adds "
        f"{rounded(curl.wall.median - ours.wall.median)} ms, which is no reason to replace it. "
        f"Where many roles are needed, `profiles` gets {count} in {rounded(roles[many][0].median / 1000)} s with an STS that takes 50 ms for each.",
    ]


def machine(directory):
    facts = figures.machine(directory)
    return [
        f"- Machine: {facts['processor']}, {facts['cores']} cores, {facts['kernel']}, {facts['system']}. Load before and after: "
        f"{facts['load before']}, {facts['load after']}.",
        f"- Server: `scripts/bench/static-sts.py`, {facts['server']}.",
        f"- Runs: {facts['runs']} interleaved rounds after a warm-up, in which what takes milliseconds runs three times; the role steps and the delayed "
        "network in each third round.",
        f"- Token: {facts['token bytes']} bytes, with the claims of a job's token. Response: fixed, with a session token of 1,000 bytes.",
        f"- The binary has {figures.clients(directory)['ours'].bytes:,} bytes, {int(facts['gzip -9 bytes']):,} after `gzip -9`.",
        f"- The clients and their versions are the rows of the table; `sh`, which runs curl and sed, is {facts['shell']}.",
    ]


def plots(directory):
    clients = [client for client in figures.clients(directory).values() if client.group != "command"]
    roles = figures.roles(directory)
    drawings = {
        "wall": plot.chart("One exchange: wall time", "ms, logarithmic", bars(clients, lambda client: client.wall.median), True),
        "peak": plot.chart("One exchange: peak resident set", "MiB, logarithmic", bars(clients, lambda client: client.peak.median), True),
        "system-calls": plot.chart("One exchange: system calls", "logarithmic", bars(clients, lambda client: client.system_calls), True),
        "roles": plot.chart(
            "Number of roles at once: wall time, with an STS that takes 50 ms for each",
            "ms",
            [(label_of(name), wall.median, rounded(wall.median), True) for name, (wall, *_) in roles.items()],
            False,
        ),
    }
    return drawings


def bars(clients, figure):
    measured = [(client, figure(client)) for client in clients if figure(client) is not None]
    return [(client.label.replace("`", ""), value, rounded(value), client.name.startswith("ours")) for client, value in measured]


def label_of(name):
    return "1, assume" if name == "assume" else f"{name.split()[1]}, profiles"


if __name__ == "__main__":
    main(*sys.argv[1:])
