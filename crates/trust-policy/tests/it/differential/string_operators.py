"""A second evaluator, for the string operators, wildcards and variables only.

Written only from the IAM User Guide's pages on conditions, operators, set operators and variables, independently of
the crate. It reads lines of JSON, each a policy, the claims of a token and the crate's verdict, and prints the numbers
of the lines where its verdict differs (at most 20 of them), then the number of lines.
"""

import json
import re
import sys

VARIABLE = re.compile(r"\$\{([^},]*)(?:, '([^']*)')?\}")
OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?String(Not)?(EqualsIgnoreCase|Equals|Like)(IfExists)?"
)


def units(text):
    """The text as a string of UTF-16 units, so that a character outside the basic plane counts twice."""
    raw = text.encode("utf-16-le")
    return "".join(chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


def is_like(pieces, found):
    """Whether a text has the form of a pattern, whose pieces are (text, is it the author's).

    Reads the pattern sign by sign and keeps every place in the text that it can have come to.
    """
    found = units(found)
    places = {0}
    for text, written in pieces:
        for sign in units(text):
            if written and sign == "*":
                places = set(range(min(places), len(found) + 1)) if places else places
            elif written and sign == "?":
                places = {place + 1 for place in places if place < len(found)}
            else:
                places = {place + 1 for place in places if found[place : place + 1] == sign}
    return len(found) in places


def keys_of(claims):
    """What a token's claims become: lower-case key -> the list of its values, or one text."""
    provider = claims["iss"].removeprefix("https://")
    keys = {"sub": claims["sub"], "aud": claims.get("azp", claims["aud"])}
    if "azp" in claims:
        keys["oaud"] = claims["aud"]
    if "email" in claims:
        keys["email"] = claims["email"]
    if claims.get("amr"):
        keys["amr"] = claims["amr"]
    return {f"{provider}:{name}".lower(): value for name, value in keys.items()}


def expand(value, keys):
    """The pieces of a value; None when one of its variables has neither a value nor a default."""
    pieces, end = [], 0
    for variable in VARIABLE.finditer(value):
        pieces.append((value[end : variable.start()], True))
        end = variable.end()
        name, default = variable.groups()
        if name in ("*", "?", "$"):
            text = name
        else:
            text = keys.get(name.lower(), default)
        if text is None:
            return None
        pieces.append((text, False))
    pieces.append((value[end:], True))
    return tuple(pieces)


def matches(kind, value, found, keys, has_variables):
    pieces = expand(value, keys) if has_variables else ((value, True),)
    if pieces is None:
        return False
    if kind == "Like":
        return is_like(pieces, found)
    text = "".join(text for text, _ in pieces)
    if kind == "EqualsIgnoreCase":
        return text.lower() == found.lower()
    return text == found


def holds(operator, key, values, keys, has_variables):
    values = values if isinstance(values, list) else [values]
    found = keys.get(key.lower())
    if operator == "Null":
        return any((value == "true") == (found is None) for value in values)
    quantity, negated, kind, if_exists = OPERATOR.fullmatch(operator).groups()

    def stands(one):
        if not values:
            return False
        return any(matches(kind, value, one, keys, has_variables) for value in values) != bool(negated)

    if found is None:
        if quantity == "ForAllValues:":
            return True
        if quantity == "ForAnyValue:" or not values:
            return False
        return bool(negated or if_exists)
    if quantity is None:
        return isinstance(found, str) and stands(found)
    every = [found] if isinstance(found, str) else found
    return (all if quantity == "ForAllValues:" else any)(map(stands, every))


def allows(policy, claims):
    keys = keys_of(claims)
    has_variables = policy["Version"] == "2012-10-17"
    effects = set()
    for statement in policy["Statement"]:
        if all(
            holds(operator, key, values, keys, has_variables)
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        ):
            effects.add(statement["Effect"])
    return effects == {"Allow"}


def main():
    lines = 0
    different = []
    for lines, line in enumerate(sys.stdin, 1):
        case = json.loads(line)
        if allows(case["policy"], case["claims"]) != case["allowed"] and len(different) < 20:
            different.append(lines)
    print(json.dumps({"lines": lines, "different": different}))


main()
