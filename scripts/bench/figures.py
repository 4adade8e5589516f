"""What the benchmarks measured, read from the directory in which they write it."""

import dataclasses
import os
import statistics

# What one packet and its reply take more on the delayed network.
ROUND_TRIP_MS = 50


@dataclasses.dataclass
class Spread:
    """The median of several runs, with the least and the most of them."""

    values: list

    @property
    def median(self):
        return statistics.median(self.values)

    def __str__(self):
        return f"{rounded(self.median)} ({rounded(min(self.values))}..{rounded(max(self.values))})"


@dataclasses.dataclass
class Client:
    """A program, and what one run of it costs; None is what was not measured."""

    name: str
    group: str
    label: str
    bytes: int
    wall: Spread
    peak: Spread
    processor: Spread
    far: Spread
    instructions: int
    system_calls: int

    @property
    def round_trips(self):
        """Of the least times, because a busy machine adds to the others what is not the network's."""
        return (min(self.far.values) - min(self.wall.values)) / ROUND_TRIP_MS if self.far else None


def clients(directory):
    """In the order in which they ran, by name."""
    samples = {}
    for name, place, *sample in rows(directory, "samples"):
        samples.setdefault((name, place), []).append(sample)
    counts = {name: (number(instructions), number(calls)) for name, instructions, calls in rows(directory, "counts")}
    found = {}
    for name, group, size, label in rows(directory, "clients"):
        far = samples.get((name, "there"))
        counted = counts.get(name, (None, None))
        found[name] = Client(name, group, label, number(size), *spreads(samples[name, "here"]), far and spreads(far)[0], *counted)
    return found


def spreads(samples):
    """Milliseconds, MiB and milliseconds of a processor, of what scripts/bench/measure.c writes."""
    return (
        Spread([int(sample[0]) / 1e6 for sample in samples]),
        Spread([int(sample[1]) / 1024 for sample in samples]),
        Spread([int(sample[2]) / 1e3 for sample in samples]),
    )


def machine(directory):
    return dict(rows(directory, "machine"))


def roles(directory):
    """What ran, with wall time, peak, processor time, and the server's."""
    samples = {}
    for name, *sample in rows(directory, "roles"):
        samples.setdefault(name, []).append(sample)
    return {name: (*spreads(of), Spread([int(sample[3]) for sample in of])) for name, of in samples.items()}


def installs(directory):
    """What is installed, with the bytes that are downloaded and those on the disk, and the milliseconds until it is there and
    of the first exchange."""
    samples = {}
    for label, *sample in rows(directory, "install"):
        samples.setdefault(label, []).append([int(text) for text in sample])
    return {
        label: (of[0][0], of[0][1], Spread([sample[2] / 1e6 for sample in of]), Spread([sample[3] / 1e6 for sample in of]))
        for label, of in samples.items()
    }


def rows(directory, name):
    path = os.path.join(directory, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def number(text):
    return None if text == "-" else int(text)


def rounded(value):
    """Three digits."""
    if value is None:
        return "–"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"
