"""The trust policies in a generated file, read by parsers other than the program's own: one line of JSON each.

usage: generated-policies.py json|cloudformation|terraform FILE

The parsers are PyYAML, as cfn-lint brings it, and python-hcl2. Of HCL only literal values are read: anything else
within a policy is a fault. Needs scripts/lib/requirements-generated.txt.
"""

import json
import sys
from pathlib import Path

import hcl2
import yaml


def from_json(text):
    return [json.loads(text)]


def from_cloudformation(text):
    resources = yaml.safe_load(text)["Resources"].values()
    return [one["Properties"]["AssumeRolePolicyDocument"] for one in resources if one["Type"] == "AWS::IAM::Role"]


def from_terraform(text):
    [body] = hcl2.parses_to_tree(text).children
    return [policy for block in parts(body, "block") for policy in trusted(block)]


def trusted(block):
    for attribute in parts(parts(block, "body")[0], "attribute"):
        if named(attribute) == "assume_role_policy":
            [call] = parts(attribute.children[-1], "function_call")
            assert named(call) == "jsonencode", call
            [arguments] = parts(call, "arguments")
            yield value(arguments.children[0])


def parts(node, kind):
    return [part for part in node.children if getattr(part, "data", "") == kind]


def named(node):
    return str(node.children[0].children[0])


def value(node):
    [inner] = node.children
    if inner.data == "string":
        tokens = [token for piece in inner.children[1:-1] for token in piece.children]
        assert all(token.type == "STRING_CHARS" for token in tokens), f"more than characters: {tokens}"
        # The program writes no escape that HCL and JSON read differently.
        return json.loads('"' + "".join(tokens) + '"')
    if inner.data == "tuple":
        return [value(item) for item in parts(inner, "expr_term")]
    assert inner.data == "object", inner.data
    return {key(item.children[0]): value(item.children[-1]) for item in parts(inner, "object_elem")}


def key(node):
    term = node.children[0]
    return named(term) if term.children[0].data == "identifier" else value(term)


form, file = sys.argv[1:]
read = {"json": from_json, "cloudformation": from_cloudformation, "terraform": from_terraform}[form]
for policy in read(Path(file).read_text(encoding="utf-8")):
    print(json.dumps(policy, sort_keys=True))
