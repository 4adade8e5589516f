"""Writes each fenced block of one language in Markdown files to a file of its own.

usage: fenced-blocks.py LANGUAGE DIRECTORY SUFFIX FILE...
The third block of README.md becomes DIRECTORY/README-3.SUFFIX; counted are the blocks of that language.
"""

import pathlib
import re
import sys

language, directory, suffix, *files = sys.argv[1:]
block = re.compile(rf"^```{re.escape(language)}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pathlib.Path(directory).mkdir()
for file in map(pathlib.Path, files):
    for count, text in enumerate(block.findall(file.read_text(encoding="utf-8")), 1):
        pathlib.Path(directory, f"{file.stem}-{count}.{suffix}").write_text(text, encoding="utf-8")
