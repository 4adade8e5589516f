"""Writes CircleCI's config schema, as check-jsonschema ships it, with its one known gap closed.

usage: circleci-schema.py OUTPUT

The schema takes only literals as a step's `when`; CircleCI takes a parameter there (facts/orb-testing.md 0.8).
"""

import importlib.resources
import json
import sys

shipped = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "circle-ci.json"
schema = json.loads(shipped.read_text(encoding="utf-8"))
definitions = schema["definitions"]
definitions["stepWhen"] = {"anyOf": [definitions["stepWhen"], {"$ref": "#/definitions/expression"}]}
with open(sys.argv[1], "w", encoding="utf-8") as output:
    json.dump(schema, output)
