"""Prints what many roles cost compared with one, and checks the medians against the limits.

usage: roles-table.py SAMPLES

SAMPLES has a line per run: what ran, nanoseconds, kB, microseconds of its processor, milliseconds of the server's, separated
by tabs. What ran is `assume` or `profiles COUNT`. Ends with 1 if a bound is broken.
"""

import statistics
import sys

# Wall time as a multiple of one role's.
BOUNDS = {"profiles 1": 1.5, "profiles 10": 2, "profiles 100": 4, "profiles 500": 7}
PEAK_MIB = 30


def main(samples_file):
    samples = {}
    with open(samples_file, encoding="utf-8") as lines:
        for line in lines:
            name, nanoseconds, kilobytes, _, server = line.rstrip("\n").split("\t")
            walls, peaks, servers = samples.setdefault(name, ([], [], []))
            walls.append(int(nanoseconds) / 1e6)
            peaks.append(int(kilobytes) / 1024)
            servers.append(int(server))

    one = statistics.median(samples["assume"][0])
    table = [["", "wall ms", "assume=1", "bound", "peak MiB", "bound", "server's CPU ms"]]
    broken = False
    for name, (walls, peaks, servers) in samples.items():
        bound = BOUNDS.get(name)
        ratios = [wall / one for wall in walls]
        table.append(
            [
                name,
                spread(walls, 0),
                spread(ratios, 2),
                "-" if bound is None else f"< {bound}",
                spread(peaks, 1),
                f"< {PEAK_MIB}",
                spread(servers, 0),
            ]
        )
        is_slow = bound is not None and statistics.median(ratios) >= bound
        broken = broken or is_slow or statistics.median(peaks) >= PEAK_MIB
    widths = [max(map(len, column)) for column in zip(*table)]
    for label, *cells in table:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:]))
        print("  ".join([label.ljust(widths[0]), *aligned]).rstrip())
    print("\nA bound is broken." if broken else "\nAll bounds hold.")
    return 1 if broken else 0


def spread(values, digits):
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} ({least:.{digits}f}..{most:.{digits}f})"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
