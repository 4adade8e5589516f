"""Writes the snippets in docs/other-cis.md, and their commands, to files.

usage: ci-snippets.py PAGE DIRECTORY
DIRECTORY gets NAME.yml for each CI with YAML, as the page has it, and NAME.sh with the commands of its job.
"""

import pathlib
import re
import sys

import yaml

page, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
text = page.read_text(encoding="utf-8").split("\n## Jobs\n")[1]
blocks = dict(re.findall(r"^(\w+)[.:,].*?^```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
commands = {
    "GitLab": lambda job: job["deploy"]["script"],
    # `pipeline upload` replaces `$$` by `$`.
    "Buildkite": lambda pipeline: [pipeline["steps"][0]["command"].replace("$$", "$")],
    "Bitbucket": lambda config: config["pipelines"]["default"][0]["step"]["script"],
}
directory.mkdir()
for name, block in blocks.items():
    if name in commands:
        (directory / f"{name}.yml").write_text(block, encoding="utf-8")
        lines = commands.pop(name)(yaml.safe_load(block))
    else:
        lines = re.findall(r"\bsh '([^'\n]*)'", block)
    (directory / f"{name}.sh").write_text("\n".join(lines) + "\n", encoding="utf-8")
if commands:
    sys.exit(f"the page has no snippet for {', '.join(commands)}")
