"""The paths on which credentials come over a network: the command of each, its environment, and its exit codes."""

import responses

# Limits of a run: the number of attempts, where the fault does not take longer, and the deadline alone.
LIMITS = {"attempts": ("--max-attempts", "2", "--deadline", "5s"), "deadline": ("--deadline", "3s")}
# In seconds.
SECONDS = {"attempts": 5, "deadline": 3}
ASSUME = ("assume", "--role-arn", responses.ROLE, "--session-name", "faults", "--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env")
PROCESS = ("credential-process", "--role-arn", responses.ROLE, "--session-name", "faults")


class Path:
    """`endpoint` is which one is at fault; `failed` the exit code of a fault there, `refused` that of a refusal."""

    def __init__(self, title, endpoint, tls, command, failed):
        self.title, self.endpoint, self.tls, self.command, self.failed = title, endpoint, tls, command, failed

    def environment(self, url, sts):
        """`url` is that of the endpoint at fault, `sts` that of an STS without a fault."""
        if self.endpoint == "container":
            return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": responses.AUTHORIZATION,
                    "AWS_ENDPOINT_URL_STS": sts}
        if self.endpoint == "github":
            return {"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": responses.BEARER,
                    "AWS_ENDPOINT_URL_STS": sts}
        return {"CIRCLE_OIDC_TOKEN_V2": responses.JOB_TOKEN, "AWS_ENDPOINT_URL_STS": url}


PATHS = {
    "tls": Path("STS", "sts", True, ASSUME, 5),
    "http": Path("STS over plain http", "sts", False, ASSUME, 5),
    "none": Path("`credential-process`", "sts", True, PROCESS, 5),
    "kept": Path("`credential-process` with cached credentials", "sts", True, PROCESS, 0),
    "container": Path("container endpoint", "container", False, ("whoami",), 1),
    "github": Path("GitHub's endpoint", "github", True, (*ASSUME, "--token-source", "github"), 3),
}
