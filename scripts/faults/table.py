"""From table.txt, STS's error codes and the HTTP statuses to cases."""

import json
import os

import responses
from case import Case
from paths import LIMITS, PATHS

HERE = os.path.dirname(os.path.abspath(__file__))
REFUSALS = os.path.join(HERE, "..", "..", "crates", "sts", "cases", "refusals.json")
ENDPOINTS = ("sts", "container", "github")

# What docs/exit-codes.md says is retried. Separate from the catalogue, so that a mistake there is found.
THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
             "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
             "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
             "EC2ThrottledException"}
TRANSIENT = THROTTLED | {"IDPCommunicationError", "RequestTimeout", "RequestTimeoutException"}
TRANSIENT_TEXT = "Couldn't retrieve verification key"
# A token without a `sub`: the next request has the same answer.
FINAL_TEXT = "Unknown error validating third-party token"


def is_transient(status, code=None, message=None):
    if message and message.startswith(FINAL_TEXT):
        return False
    return status in (408, 429) or status >= 500 or code in TRANSIENT or (message or "").startswith(TRANSIENT_TEXT)


class Row:
    """A line of the table."""

    def __init__(self, line):
        self.phase, self.fault, self.words, self.steps, *outcomes = [part.strip() for part in line.split(" | ")]
        self.outcomes = dict(zip(ENDPOINTS, outcomes, strict=True))
        self.name = f"{self.phase}: {self.fault}: {self.words}"

    def outcome(self, path):
        """None where the row means nothing for this path."""
        outcome = self.outcomes[PATHS[path].endpoint]
        is_of_tls = self.phase == "TLS"
        return None if outcome == "-" or is_of_tls and not PATHS[path].tls else outcome


def rows():
    with open(os.path.join(HERE, "table.txt"), encoding="utf-8") as file:
        return [Row(line) for line in file if line.strip() and not line.startswith("#")]


def cases():
    return [*of_rows(), *of_codes(), *of_statuses()]


def of_rows():
    for row in rows():
        for path in PATHS:
            for limit in LIMITS:
                if row.outcome(path):
                    yield Case(row.name, path, limit, row.outcome(path), row.steps)


def response(status, content_type, body, *headers):
    """The steps of a complete response; its body is the good one of the case."""
    lines = "".join(f"{line}\\r\\n" for line in (f"Content-Type: {content_type}", "Connection: close", *headers))
    length = "{L}" if body else "Content-Length: 0\\r\\n"
    return f"tls; request; say HTTP/1.1 {status} x\\r\\n{lines}{length}\\r\\n{'{B}' if body else ''}; close"


def with_retry_after(name, path, status, is_retried, final, good, *headers):
    """Three cases: without Retry-After, with one that the deadline allows, and with a longer one."""
    for asked in (None, 1, 120):
        lines = (*headers, f"Retry-After: {asked}") if asked else headers
        expected = "final" if not is_retried else "asked" if asked == 120 else "retried"
        yield Case(f"{name}, Retry-After: {asked or 'none'}", path, "attempts", expected,
                   response(status, *good, *lines), good, final if expected == "final" else None, asked if asked == 1 else 0)


def of_codes():
    """Each refusal that the catalogue knows, with and without Retry-After."""
    with open(REFUSALS, encoding="utf-8") as file:
        known = {(it["status"], it["code"], it["message"]): None for it in json.load(file)}
    for status, code, message in known:
        is_retried = is_transient(status, code, message)
        is_empty = code.startswith("HTTP ")
        good = ("text/xml", "" if is_empty else responses.refusal(code, message))
        headers = ["x-amzn-RequestId: 0c5a1f9e-0000-4000-8000-000000000003"] if is_empty else []
        yield from with_retry_after(f"code: {status} {code}: {message}", "tls", status, is_retried, 4, good, *headers)


def of_statuses():
    """Each 4xx and 5xx, with a body that holds secrets."""
    for status in range(400, 600):
        for path in ("tls", "github"):
            good = ("text/html", f"<html>{responses.SECRET_KEY} {responses.JOB_TOKEN}</html>")
            yield from with_retry_after(f"status: {status}", path, status, is_transient(status), None, good)
        # botocore retries each status of a container endpoint, and so does this program.
        body = json.dumps({"code": "Odd", "message": f"{responses.AUTHORIZATION} {responses.SECRET_KEY}"})
        good = ("application/json", body)
        yield Case(f"status: {status}", "container", "attempts", "retried", response(status, *good), good)
