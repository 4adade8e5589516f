"""The tables of what the benchmarks measured, in Markdown.

usage: report.py RESULTS [SECTION...]         prints them; a section is exchange, ratios, commands, roles or install
"""

import sys

import figures
from figures import rounded

MB = 1e6


def main(directory, *names):
    for section in names or SECTIONS:
        lines = SECTIONS[section](directory)
        if lines:
            print("\n".join(lines) + "\n")


def exchange(directory):
    clients = {name: client for name, client in figures.clients(directory).items() if client.group != "command"}
    if not clients:
        return []
    ours = clients["ours"]
    head = ["", "wall ms", "ours = 1", "processor ms", "peak MiB", "M instructions", "system calls", "round trips", "MB installed"]
    body = [
        [
            client.label,
            str(client.wall),
            rounded(client.wall.median / ours.wall.median),
            rounded(client.processor.median),
            rounded(client.peak.median),
            rounded(millions(client.instructions)),
            whole(client.system_calls),
            trips(client),
            rounded(client.bytes and client.bytes / MB),
        ]
        for client in clients.values()
    ]
    return aligned(head, body)


# What ours is compared with in the other table, where it was measured.
OTHERS = {
    "floor": "to the floor",
    "curl_and_sed": "to curl + sed",
    "aws_cli_v1": "to AWS CLI v1",
    "aws_cli_v2": "to AWS CLI v2",
    "orb_v1": "to the orb's step, v1",
    "orb_v2": "to the orb's step, v2",
}
FIGURES = {
    "wall": lambda client: client.wall.median,
    "processor": lambda client: client.processor.median,
    "peak": lambda client: client.peak.median,
    "instructions": lambda client: client.instructions,
    "system calls": lambda client: client.system_calls,
    "round trips": lambda client: client.round_trips,
    "bytes installed": lambda client: client.bytes,
}


def ratios(directory):
    clients = figures.clients(directory)
    others = [name for name in OTHERS if name in clients]
    if not others:
        return []
    body = []
    for title, figure in FIGURES.items():
        ours = figure(clients["ours"])
        values = [figure(clients[name]) for name in others]
        if ours is not None:
            body.append([title, *("–" if value is None else precise(ours / value) for value in values)])
    return aligned(["ours", *(OTHERS[name] for name in others)], body)


def commands(directory):
    found = [client for client in figures.clients(directory).values() if client.group == "command"]
    head = ["", "wall ms", "processor ms", "peak MiB", "M instructions", "system calls"]
    body = [
        [
            client.label,
            str(client.wall),
            rounded(client.processor.median),
            rounded(client.peak.median),
            rounded(millions(client.instructions)),
            whole(client.system_calls),
        ]
        for client in found
    ]
    return aligned(head, body) if body else []


def roles(directory):
    found = figures.roles(directory)
    if not found:
        return []
    one = found["assume"][0].median
    body = [
        [
            "1, `assume`" if name == "assume" else f"{name.split()[1]}, `profiles`",
            str(wall),
            rounded(wall.median / one),
            rounded(processor.median),
            rounded(peak.median),
            rounded(server.median),
        ]
        for name, (wall, peak, processor, server) in found.items()
    ]
    return aligned(["roles", "wall ms", "one = 1", "processor ms", "peak MiB", "processor ms of the server"], body)


def install(directory):
    body = [
        [label, rounded(downloaded / MB), rounded(installed / MB), str(took), str(first)]
        for label, (downloaded, installed, took, first) in figures.installs(directory).items()
    ]
    return aligned(["", "MB downloaded", "MB on the disk", "ms to install", "ms of the first exchange"], body) if body else []


SECTIONS = {"exchange": exchange, "ratios": ratios, "commands": commands, "roles": roles, "install": install}


def aligned(head, body):
    """A table that can be read as it is, too: text to the left, figures to the right."""
    table = [head, *body]
    widths = [max(map(len, column)) for column in zip(*table)]

    def line(cells):
        label, *figures_of = cells
        return "| " + " | ".join([label.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(figures_of, widths[1:]))]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return [line(head), rule, *map(line, body)]


def trips(client):
    return "–" if client.round_trips is None else f"{client.round_trips:.1f}"


def millions(count):
    return None if count is None else count / 1e6


def whole(count):
    return "–" if count is None else f"{count:,}"


def precise(ratio):
    """Two digits, also of small ones."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


if __name__ == "__main__":
    main(*sys.argv[1:])
