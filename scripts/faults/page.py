"""The section of docs/reliability.md: what was seen of each fault, on each path."""

import os
import sys

import table
from paths import PATHS

PAGE = os.path.join(table.HERE, "..", "..", "docs", "reliability.md")
BEGIN = "<!-- network faults: begin. Written by scripts/faults.sh BINARY --page. -->\n"
END = "<!-- network faults: end -->\n"


def compare(cases, write):
    """The page and what was seen; `write` replaces the section."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    before, begin, rest = text.partition(BEGIN)
    present, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"docs/reliability.md has no line `{BEGIN.strip()}` before a line `{END.strip()}`")
    seen = section(cases)
    if present == seen:
        return
    if not write:
        sys.exit("FAILED: docs/reliability.md does not say what was seen; write it: scripts/faults.sh BINARY --page")
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(before + begin + seen + end + after)


def section(cases):
    """The tables."""
    seen = {(case.row, case.path): case.seen for case in cases if case.limit == "attempts"}
    return "\n".join([*of_rows(seen), "", *of_answers("code: ", "STS's code", seen), "", *of_answers("status: ", "status", seen)]) + "\n"


def of_rows(seen):
    yield "| phase | fault | what the server does | " + " | ".join(path.title for path in PATHS.values()) + " |"
    yield "|---" * (3 + len(PATHS)) + "|"
    for row in table.rows():
        cells = [cell(seen.get((row.name, path)), row.steps) for path in PATHS]
        yield f"| {row.phase} | {row.fault} | {row.words} | " + " | ".join(cells) + " |"


def cell(seen, steps=""):
    """The exit code, and how many connections there were."""
    if seen is None:
        return "–"
    exit_code, connections = seen
    # Where none is accepted, none is counted.
    return str(exit_code) if steps in ("refuse", "full") else f"{exit_code} ({connections})"


def of_answers(kind, title, seen):
    """Codes or statuses with the same outcome in one row, without Retry-After and with it."""
    groups = {}
    for (name, path), outcome in seen.items():
        if name.startswith(kind):
            name, _, asked = name[len(kind):].partition(", Retry-After: ")
            groups.setdefault(path, {}).setdefault(name, {})[asked] = outcome
    yield f"| path | {title} | no `Retry-After` | `Retry-After: 1` | `Retry-After: 120` |"
    yield "|---|---|---|---|---|"
    for path, answers in groups.items():
        rows = {}
        for name, outcomes in answers.items():
            cells = tuple(cell(outcomes.get(asked)) for asked in ("none", "1", "120"))
            rows.setdefault(cells if "none" in outcomes else (cell(outcomes[""]), "–", "–"), []).append(name)
        for cells, names in rows.items():
            yield f"| {PATHS[path].title} | {words_of(names)} | " + " | ".join(cells) + " |"


def words_of(names):
    """Statuses as ranges; each code once."""
    if all(name.isdigit() for name in names):
        ranges = []
        for number in sorted(map(int, names)):
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1][1] = number
            else:
                ranges.append([number, number])
        return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ranges)
    return ", ".join(dict.fromkeys(code_of(*name.split(" ", 1)[1].split(": ", 1)) for name in names))


def code_of(code, message):
    """With the start of AWS's text where that decides, and not the code."""
    decides = next((text for text in (table.TRANSIENT_TEXT, table.FINAL_TEXT) if message.startswith(text)), None)
    return f"`{code}` with `{decides}…`" if decides else f"`{code}`"
