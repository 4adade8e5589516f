"""That the judge finds faults: each is played once, and with the files as they should be there is no complaint."""

import pathlib
import stat
import tempfile
import types

from calls import KILL, Outcome
from judge import judge_clear, judge_fault, judge_next
from tree import snapshot

STAGE = "home/.circleci-aws-oidc-0123456789abcdef.tmp"
OLD, NEW, NEWER = {"bash-env": "old\n", "out.env": "a=1\n"}, {"bash-env": "old\nnew\n", "out.env": "a=2\n"}, {"bash-env": "old\nnew\nnew\n", "out.env": "a=2\n"}
ERROR = "error: `/x` cannot be written"


def tree(files, mode=0o600):
    with tempfile.TemporaryDirectory() as directory:
        for name, text in files.items():
            path = pathlib.Path(directory, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(mode)
        return snapshot(directory)


def fault(files, code, fault="EIO", printed=ERROR, mode=0o600):
    return judge_fault(fault, Outcome(code, "", printed, []), tree(files, mode), slot, ("secret",))


def following(files, after_fault, code=0, printed=""):
    return judge_next(Outcome(code, "", printed, []), tree(files), tree(after_fault), slot, ("secret",))


def expect(complaints, words):
    found = "; ".join(complaints)
    assert bool(complaints) == bool(words) and words in found, f"expected `{words}`, got `{found}`"


command = types.SimpleNamespace(prints_credentials=False, arguments=("assume",))
slot = types.SimpleNamespace(old=tree(OLD), new=tree(NEW), newer=tree(NEWER), command=command)
assert stat.S_IMODE(slot.old["bash-env"][1]) == 0o600

for files, code, seen in ((NEW, 0, "done"), (OLD, 6, "failed")):
    complaints, found = fault(files, code)
    expect(complaints, "")
    assert found == seen
mixed = {**OLD, "out.env": NEW["out.env"]}
for files, seen in ((OLD, "old"), (NEW, "new"), (mixed, "mixed"), ({**OLD, STAGE: ""}, "old")):
    complaints, found = fault(files, -9, KILL, "")
    expect(complaints, "")
    assert found == seen

expect(fault({**OLD, "out.env": "a="}, -9, KILL)[0], "`out.env` is torn")
expect(fault(OLD, 6, mode=0o644)[0], "`out.env` is torn")
expect(fault({**OLD, "other": ""}, 6)[0], "`other` is changed")
expect(fault({**OLD, STAGE: ""}, 6)[0], "is left")
expect(fault({**OLD, "directory/x": ""}, 6)[0], "directory `directory` is left")
expect(fault(mixed, 6)[0], "exit code 6, and `out.env` is new")
expect(fault(mixed, 0)[0], "exit code 0, and `bash-env` is old")
expect(fault(OLD, 101)[0], "exit code 101")
expect(fault(OLD, -6)[0], "exit code -6")
expect(fault(OLD, -9)[0], "it is killed")
expect(fault(OLD, 6, printed="error: cannot be written")[0], "the error names no file")
expect(fault(OLD, 6, printed=f"{ERROR}: secret")[0], "a secret is printed")
expect(fault(OLD, 6, printed=f"thread 'main' panicked\n{ERROR}")[0], "it panics")

expect(following(NEW, OLD), "")
expect(following(NEWER, NEW), "")
expect(following(OLD, OLD), "`bash-env` is not new after the next run")
expect(following({**NEW, STAGE: ""}, OLD), "is left after the next run")
expect(following({**NEW, "other": ""}, OLD), "`other` is not new")
expect(following(NEW, OLD, 6), "the next run ends with 6")
expect(following(NEW, OLD, 0, "secret"), "the next run prints a secret")
expect(judge_clear(Outcome(0, "", "", []), tree(OLD)), "")
expect(judge_clear(Outcome(0, "", "", []), tree({**OLD, STAGE: ""})), "is left after `clear`")
