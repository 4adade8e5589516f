"""Builds a crate once with all of its mutants in it, each behind a switch, and runs the crate's tests with each of them.

usage: mutants.py CRATE LIST TREE RESULTS [FILTER...]
LIST is what `cargo mutants --list --json` prints. TREE is a copy of the repository, which is changed. RESULTS becomes a
JSON list: each mutant's name with `caught` or `timeout` and the test that noticed it, `missed`, `not reached` or, for
one that does not compile, the reason. FILTERs choose tests of the integration test binary. Prints what was missed, then
the counts.

A file beside TREE has the number of the switch that is on: tests start programs with an environment of their own, so a
variable would not reach them. A program in a root directory of its own does not see the file, and has no mutant.
What a constant needs cannot be switched: it does not compile here, although cargo-mutants could build it alone.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

import mutant_tests
import tree_sitter
import tree_sitter_rust

LITERALS = {"string_literal", "raw_string_literal", "char_literal", "line_comment", "block_comment", "token_tree"}
FIELDS = {"field_initializer", "shorthand_field_initializer"}
# With `record` in its file, a program writes down which mutants it reaches.
SWITCH = """
#[allow(missing_docs, dead_code)]
pub(crate) fn __mutant(number: u32) -> bool {
    use std::sync::atomic::{AtomicBool, Ordering};
    static CHOSEN: std::sync::OnceLock<Option<u32>> = std::sync::OnceLock::new();
    static REACHED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
    let chosen = CHOSEN.get_or_init(|| match std::fs::read_to_string("CHOICE").as_deref() {
        Ok("record") => None,
        Ok(text) => text.parse().ok().or(Some(0)),
        Err(_) => Some(0),
    });
    if chosen.is_none() && !REACHED[number as usize].swap(true, Ordering::Relaxed) {
        if let Ok(mut file) = std::fs::OpenOptions::new().append(true).open("RECORD") {
            let _ = std::io::Write::write_all(&mut file, format!("{number}\\n").as_bytes());
        }
    }
    *chosen == Some(number)
}
"""
rust = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))


def is_on(mutant):
    return f"crate::__mutant({mutant['number']})"


class Source:
    """A file's syntax tree, and its text with the mutants of its nodes."""

    def __init__(self, path):
        self.path, self.bytes = path, path.read_bytes()
        self.root = rust.parse(self.bytes).root_node
        self.lines = self.bytes.split(b"\n")
        self.mutants = {}

    def offset(self, place):
        before = sum(len(line) + 1 for line in self.lines[: place["line"] - 1])
        return before + len(self.lines[place["line"] - 1].decode()[: place["column"] - 1].encode())

    def place(self, mutants):
        """Finds each mutant's node; returns those that have none."""
        self.mutants, homeless = collections.defaultdict(list), []
        for mutant in mutants:
            node = self.node_of(mutant)
            (self.mutants[node.id] if node else homeless).append(mutant)
        return homeless

    def node_of(self, mutant):
        start, end = (self.offset(mutant["span"][side]) for side in ("start", "end"))
        node, genre = self.root.descendant_for_byte_range(start, end), mutant["genre"]
        if genre == "FnValue":
            return above(node, lambda it: it.type == "block" and it.parent.type == "function_item")
        if genre == "BinaryOperator":
            operations = ("binary_expression", "compound_assignment_expr")
            return node.parent if node.parent.type in operations else None
        if genre == "UnaryOperator":
            return above(node, lambda it: it.type == "unary_expression" and it.start_byte == start)
        if genre in ("MatchArm", "MatchArmGuard"):
            arm = above(node, lambda it: it.type == "match_arm")
            guard = guard_of(arm)
            # Without an arm that takes all the rest, no other can go.
            can_go = genre != "MatchArm" or any(self.takes_all(it) for it in arm.parent.children)
            return arm if can_go and not (guard and guard.type.startswith("let")) else None
        if genre == "StructField":
            first = self.root.descendant_for_byte_range(start, start + 1)
            field = above(first, lambda it: it.type in FIELDS)
            mutant["field"] = field and field.id
            return above(field, lambda it: it.type == "struct_expression")
        return None

    def takes_all(self, node):
        pattern = node.child_by_field_name("pattern")
        return pattern is not None and self.literal(pattern.start_byte, pattern.end_byte) == "_"

    def literal(self, start, end):
        return self.bytes[start:end].decode()

    def children(self, node, without=None):
        """A node's text with that of its children, one field left out."""
        text, at, left_out = "", node.start_byte, False
        for child in node.children:
            if child.id == without or (left_out and child.type == ","):
                left_out, at = child.id == without, child.end_byte
                continue
            text += self.literal(at, child.start_byte)
            inside = without is not None and child.type == "field_initializer_list"
            text += self.children(child, without) if inside else self.text(child)
            at = child.end_byte
        return text + self.literal(at, node.end_byte)

    def text(self, node):
        if node.type in LITERALS or not node.children:
            return self.literal(node.start_byte, node.end_byte)
        mutants = self.mutants.get(node.id)
        return getattr(self, node.type)(node, mutants) if mutants else self.children(node)

    def block(self, node, mutants):
        returns = "".join(f"if {is_on(it)} {{ return {it['replacement']}; }} " for it in mutants)
        return f"{{ {returns}{self.children(node)[1:]}"

    def binary_expression(self, node, mutants):
        left, operator, right = (self.text(node.child_by_field_name(it)) for it in ("left", "operator", "right"))
        on = is_on(mutants[0])
        if operator == "&&":
            return f"(if {on} ^ ({left}) {{ {right} }} else {{ {on} }})"
        if operator == "||":
            return f"(if {on} ^ ({left}) {{ !{on} }} else {{ {right} }})"
        # After a cast, `<` would begin the type's arguments.
        others = "".join(f"if {is_on(it)} {{ ({left}) {it['replacement']} {right} }} else " for it in mutants)
        return f"({others}{{ {left} {operator} {right} }})"

    compound_assignment_expr = binary_expression

    def unary_expression(self, node, mutants):
        operator, operand = self.text(node.children[0]), self.text(node.children[-1])
        return f"(if {is_on(mutants[0])} {{ {operand} }} else {{ {operator}{operand} }})"

    def match_arm(self, node, mutants):
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        guard = guard_of(node)
        shape = self.literal(node.start_byte, guard.start_byte if guard else pattern.end_byte).rstrip()
        always = [is_on(it) for it in mutants if it["replacement"] == "true"]
        never = [is_on(it) for it in mutants if it["replacement"] != "true"]
        condition = " || ".join([*always, f"({self.text(guard)})" if guard else "true"])
        condition = " && ".join([*(f"!{it}" for it in never), f"({condition})"])
        arrow = self.literal(pattern.end_byte, value.start_byte)
        rest = self.text(value) + self.literal(value.end_byte, node.end_byte)
        return f"{shape if guard else shape + ' if'} {condition} {arrow}{rest}"

    def struct_expression(self, node, mutants):
        others = "".join(f"if {is_on(it)} {{ {self.children(node, it['field'])} }} else " for it in mutants)
        return f"({others}{{ {self.children(node)} }})"

    def changed(self):
        head, tail = self.bytes[: self.root.start_byte], self.bytes[self.root.end_byte :]
        return head.decode() + self.text(self.root) + tail.decode()


def guard_of(arm):
    return arm.child_by_field_name("pattern").child_by_field_name("condition")


def above(node, is_it):
    while node and not is_it(node):
        node = node.parent
    return node


def build(package, tree):
    """The messages of cargo, and whether it succeeded."""
    environment = os.environ | {"RUSTFLAGS": "--cap-lints=allow"}
    command = ["cargo", "test", "--locked", "--tests", "--no-run", "--message-format=json", "--package", package]
    output = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in output.stdout.splitlines() if line.startswith("{")], output.returncode == 0


def faults(messages, tree):
    """Numbers of the mutants that do not compile, with the reason."""
    found = {}
    for message in (it["message"] for it in messages if it["reason"] == "compiler-message"):
        spans = [span for span in message["spans"] if span["is_primary"] and (tree / span["file_name"]).exists()]
        if message["level"] == "error" and spans:
            text = (tree / spans[0]["file_name"]).read_bytes()
            within = re.findall(rb"__mutant\((\d+)\)", text[spans[0]["byte_start"] : spans[0]["byte_end"]])
            before = re.findall(rb"__mutant\((\d+)\)", text[: spans[0]["byte_end"]])
            found |= {int(number): message["message"] for number in within or before[-1:]}
    return found


def main(crate, listing, tree, results, *filters):
    tree = pathlib.Path(tree)
    mutants = [it | {"number": at} for at, it in enumerate(json.loads(pathlib.Path(listing).read_text()), 1)]
    sources = {path: Source(tree / path) for path in {it["file"] for it in mutants}}
    entry = next(path for path in (tree / "crates" / crate / "src").iterdir() if path.name in ("lib.rs", "main.rs"))
    original, reasons, found = entry.read_text(), {}, {0: ""}
    package, choice, record = mutants[0]["package"], tree.parent / "choice", tree.parent / "record"
    while found:
        entry.write_text(original)
        for path, source in sources.items():
            usable = [it for it in mutants if it["file"] == path and it["number"] not in reasons]
            reasons |= {it["number"]: "not found in the syntax tree" for it in source.place(usable)}
            source.path.write_text(source.changed())
        values = {"COUNT": len(mutants) + 1, "CHOICE": choice, "RECORD": record}
        entry.write_text(entry.read_text() + re.sub("|".join(values), lambda it: str(values[it[0]]), SWITCH))
        messages, is_built = build(package, tree)
        found = {} if is_built else faults(messages, tree)
        reasons |= found
    assert is_built, "it does not compile, although no mutant is at fault"
    binaries = [it for it in messages if it["reason"] == "compiler-artifact" and it["executable"] and it["profile"]["test"]]
    tests = mutant_tests.Tests(binaries, filters, choice, record)
    failed = tests.learn()
    assert not failed, f"without any mutant these tests fail: {', '.join(failed)}"
    outcomes = []
    for mutant in mutants:
        outcome, test = (reasons[mutant["number"]], "") if mutant["number"] in reasons else tests.outcome(mutant)
        outcomes.append({"name": mutant["name"], "outcome": outcome, "test": test})
        pathlib.Path(results).write_text(json.dumps(outcomes, indent=1))
        if outcome in ("missed", "not reached"):
            print(f"{outcome}: {mutant['name']}", flush=True)
    count = collections.Counter(it["outcome"] for it in outcomes)
    caught, missed = count["caught"] + count["timeout"], count["missed"] + count["not reached"]
    print(f"{crate}: {caught} of {caught + missed} mutants caught, {100 * caught / (caught + missed):.1f} %")
    print(f"{len(mutants) - caught - missed} more do not compile, or not as a switch")


main(*sys.argv[1:])
