"""Prints what the clients of bench.sh cost, side by side and as multiples of the first one.

usage: table.py SAMPLES COUNTS

SAMPLES has a line per run: client, nanoseconds, kB. COUNTS has a line per client: client, instructions,
system calls, `-` where one was not counted. Both are separated by tabs.
"""

import statistics
import sys


def main(samples_file, counts_file):
    samples = {}
    for client, nanoseconds, kilobytes in rows(samples_file):
        walls, peaks = samples.setdefault(client, ([], []))
        walls.append(int(nanoseconds) / 1e6)
        peaks.append(int(kilobytes) / 1024)
    counts = {client: [number(text) for text in texts] for client, *texts in rows(counts_file)}

    first = next(iter(samples))
    columns = [
        ("wall ms", {client: Spread(walls, "{:.1f}") for client, (walls, _) in samples.items()}),
        ("peak MiB", {client: Spread(peaks, "{:.1f}") for client, (_, peaks) in samples.items()}),
        ("M instructions", {client: Count(both[0], 1e6, "{:,.1f}") for client, both in counts.items()}),
        ("system calls", {client: Count(both[1], 1, "{:,.0f}") for client, both in counts.items()}),
    ]
    lines = [["", *(heading for name, _ in columns for heading in (name, "ours=1"))]]
    for client in samples:
        cells = [(str(column[client]), ratio(column[client], column[first])) for _, column in columns]
        lines.append([client, *(text for cell in cells for text in cell)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    for label, *cells in lines:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:]))
        print("  ".join([label.ljust(widths[0]), *aligned]).rstrip())


class Spread:
    """The median of several runs, with the least and the most of them."""

    def __init__(self, values, form):
        self.value = statistics.median(values)
        self.text = f"{form} ({form}..{form})".format(self.value, min(values), max(values))

    def __str__(self):
        return self.text


class Count:
    """What was counted in one run, if it was."""

    def __init__(self, value, unit, form):
        self.value = value
        self.text = "-" if value is None else form.format(value / unit)

    def __str__(self):
        return self.text


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def number(text):
    return None if text == "-" else int(text)


def ratio(one, ours):
    return "-" if one.value is None or ours.value is None else f"{one.value / ours.value:.2f}"


if __name__ == "__main__":
    main(*sys.argv[1:])
