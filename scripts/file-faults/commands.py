"""The commands that are run with faults, and the files that each begins with."""

import dataclasses
import os
import re
import time

ROLE = "arn:aws:iam::123456789012:role/deploy"
MINE = {"bash-env": "export MINE=1\n", "out.env": "MINE=1\n", "home/.aws/credentials": "[mine]\nregion = eu-west-2\n",
        "home/.aws/config": "[profile mine]\nregion = eu-west-2\n"}
DESTINATIONS = ("--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env")
ASSUME = ("assume", "--role-arn", ROLE, *DESTINATIONS)
# A policy has quotes, so it is in a file that the line of the profile names.
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
ASSUME_PROCESS = ("assume", "--role-arn", ROLE, "--mode", "credential-process", "--profile", "deploy", "--policy", POLICY)
PROCESS = ("credential-process", "--role-arn", ROLE)
ROLES = "".join(f"[profile p{number}]\nrole_arn = arn:aws:iam::123456789012:role/r{number}\nregion = eu-west-1\n\n" for number in range(3))


@dataclasses.dataclass(frozen=True)
class Command:
    """`before` are the commands that are run first. `ages`: the cached credentials are close to their expiry."""
    name: str
    arguments: tuple
    files: dict = dataclasses.field(default_factory=dict)
    mode: int = 0o600
    before: tuple = ()
    ages: bool = False

    @property
    def clear(self):
        """The `clear` that goes with it."""
        return ("clear", "--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env", "--to", "profile:deploy", "--to", "profile:p0")

    @property
    def prints_credentials(self):
        return self.arguments[0] == "credential-process"

    def prepare(self, directory, run):
        """`run` runs the program in the directory."""
        os.makedirs(directory / "home", mode=0o700)
        for name, text in self.files.items():
            path = directory / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(self.mode)
        for arguments in self.before:
            run(arguments)
        if self.ages:
            for path in (directory / "home/.aws/circleci-aws-oidc").glob("*.json"):
                path.write_text(aged(path.read_text(encoding="utf-8")), encoding="utf-8")


def aged(entry):
    """Valid for ten minutes more, of an hour."""
    at = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    entry = re.sub('"Obtained":"[^"]*"', f'"Obtained":"{at(-3000)}"', entry)
    return re.sub('"Expiration":"[^"]*"', f'"Expiration":"{at(600)}"', entry)


COMMANDS = (
    Command("assume, no file is there", ASSUME),
    Command("assume, files of mode 0600", ASSUME, MINE),
    Command("assume, files of mode 0644", ASSUME, MINE, 0o644),
    Command("assume --mode credential-process", ASSUME_PROCESS, MINE),
    Command("profiles, three roles", ("profiles", "--config-file", "roles"), {**MINE, "roles": ROLES}),
    Command("clear after assume", ("clear", *DESTINATIONS), MINE, before=(ASSUME,)),
    Command("clear after assume --mode credential-process", ("clear", "--to", "profile:deploy"), MINE, before=(ASSUME_PROCESS,)),
    Command("credential-process, nothing cached", PROCESS),
    Command("credential-process, cached until soon", PROCESS, before=(PROCESS,), ages=True),
)
