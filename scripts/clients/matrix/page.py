"""The tables of docs/clients.md.

usage: page.py write RESULTS COMMANDS PAGE      from all results of matrix.py
       page.py check RESULTS COMMANDS PAGE      fails where a row of PAGE is another one than its results make
       page.py refresh RESULTS COMMANDS PAGE    from all results of refresh.py
A line of COMMANDS is NAME, a tab, its command, a tab, its version.
"""

import json
import re
import sys
from pathlib import Path

import tools

what, results, commands, page = sys.argv[1], *map(Path, sys.argv[2:])
rows = [json.loads(line) for line in results.read_text().splitlines()]
versions = {line.split("\t")[0]: line.split("\t")[2] for line in commands.read_text().splitlines()}
of = {(row["tool"], row["way"]): row for row in rows}
shown = [tool for tool in tools.TOOLS if tool.name in versions]
UNKNOWN = set(versions) - {tool.name for tool in tools.TOOLS}
if UNKNOWN:
    sys.exit(f"tools.py does not have {UNKNOWN}")


def table(head, lines):
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines]


def line(cells):
    return f"| {' | '.join(cells)} |"


def named(tool):
    title, how = re.fullmatch("(.*?)( with.*)?", tool.title).groups("")
    return [f"{title} {versions[tool.name]}{how}", tool.family]


def cell(row):
    if not row["works"]:
        return "**no**"
    return f"`{row['needs']}`" if row["needs"] else "yes"


def for_long_jobs(tool):
    """The modes in which it finds credentials that are renewed."""
    modes = [name for name, way in (("process", "process"), ("endpoint", "endpoint")) if of[tool.name, way]["works"]]
    return {"process,endpoint": "either", "process": "`credential-process`", "endpoint": "`endpoint`", "": "none"}[",".join(modes)]


def ways():
    return table(["client", "looks by", *tools.WAYS.values(), "for long jobs"],
                 [line([*named(tool), *(cell(of[tool.name, way]) for way in tools.WAYS), for_long_jobs(tool)]) for tool in shown])


def failures():
    """How it reads where a client finds none: once for all ways in which it reads the same."""
    lines = []
    for tool in shown:
        told = {}
        for way in ("environment", "profile", "process", "endpoint"):
            row = of[tool.name, way]
            if not row["works"]:
                told.setdefault(row["reads"], []).append(tools.WAYS[way])
        lines += [line([*named(tool)[:1], ", ".join(names), f"`{text.replace('`', chr(39))}`"]) for text, names in told.items()]
    return table(["client", "where", "what it prints"], lines)


def asking():
    lines = []
    for tool in shown:
        for way, title in (("process", "process"), ("endpoint", "endpoint")):
            row = of.get((tool.name, way))
            if row:
                lines.append(line([named(tool)[0], title, row["again"], row["refused"], row["slow"], row["gives up"]]))
    return table(["client", "at", "asks again when there is left", "is refused, with 20 s left", "waits 3 s", "gives up"], lines)


def replaced(text, name, lines):
    begin, end = f"<!-- {name}: begin", f"<!-- {name}: end -->"
    head, rest = text.split(begin, 1)
    first, rest = rest.split("\n", 1)
    return head + begin + first + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]


text = page.read_text()
if what == "check":
    # The page's rows of these clients, without those of the last table.
    said = text.split("<!-- refresh: begin")[0].splitlines()
    broken = False
    for tool in shown:
        begin = line(named(tool)[:1])
        made, kept = ([row for row in rows if row.startswith(begin)] for rows in (ways() + failures(), said))
        print(f"{'ok' if made == kept else 'FAILED'}: {named(tool)[0]} is as docs/clients.md has it")
        if made != kept:
            broken = True
            print("\n".join(["  it has:", *kept, "  now:", *made]))
    if broken or ways()[0] not in said:
        sys.exit("docs/clients.md is not what these clients do")
elif what == "write":
    page.write_text(replaced(replaced(text, "ways", ways()), "failures", failures()))
else:
    page.write_text(replaced(text, "refresh", asking()))
