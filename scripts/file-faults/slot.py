"""A directory in which the cases of a command are run, one after the other. Files of the program name it, so it stays."""

import shutil

import calls
import sts
from judge import judge_clear, judge_fault, judge_next
from tree import snapshot, staged

ATTEMPTS = 3


class Slot:
    """`old` are its files before a run, `new` those after it, `newer` those after another one."""

    def __init__(self, command, directory, world):
        self.command, self.directory, self.world = command, directory, world
        self.template = directory.with_name(directory.name + "-template")
        self.log = f"{directory}.strace"
        command.prepare(directory, lambda arguments: self.successful(self.run(arguments)))
        shutil.copytree(directory, self.template)
        self.old = snapshot(directory)
        self.listing, self.calls = calls.listed(self.argv(), self.environment(), directory, self.log)
        self.successful(self.listing)
        self.new = snapshot(directory)
        self.successful(self.run())
        self.newer = snapshot(directory)

    def argv(self, arguments=None):
        return (self.world.binary, *(arguments or self.command.arguments))

    def environment(self):
        return {"HOME": f"{self.directory}/home", "BASH_ENV": f"{self.directory}/bash-env", "AWS_REGION": "eu-west-1",
                "AWS_ENDPOINT_URL_STS": self.world.url, "CIRCLE_OIDC_TOKEN_V2": self.world.token, "CIRCLE_WORKFLOW_JOB_ID": "job"}

    def run(self, arguments=None):
        return calls.run(self.argv(arguments), self.environment(), self.directory)

    def successful(self, outcome):
        if outcome.code != 0:
            raise SystemExit(f"{self.command.name}: exit code {outcome.code} without a fault\n{outcome.stderr}")

    def restore(self, template):
        shutil.rmtree(self.directory)
        shutil.copytree(template, self.directory)

    def case(self, call, fault):
        """The complaints, what was seen, and whether the fault was at that call. It is tried again where it was not."""
        for attempt in range(ATTEMPTS):
            complaints, seen, target = self.attempt(call, fault)
            if complaints or target == call.target or attempt + 1 == ATTEMPTS:
                return [f"at {target}", *complaints] if complaints else [], seen, target == call.target

    def attempt(self, call, fault):
        self.restore(self.template)
        secrets = (self.world.token, *sts.SECRETS)
        outcome, target = calls.run_with_fault(call, fault, self.argv(), self.environment(), self.directory, self.log)
        tree = snapshot(self.directory)
        complaints, seen = judge_fault(fault, outcome, tree, self, secrets)
        complaints += self.cleared() if staged(tree) else []
        following = self.run()
        complaints += judge_next(following, snapshot(self.directory), tree, self, secrets)
        if complaints:
            complaints.append(f"exit code {outcome.code}: {outcome.stderr.strip()}")
        return complaints, seen, target

    def cleared(self):
        """What `clear` leaves of this run. Puts back what it takes."""
        killed = self.directory.with_name(self.directory.name + "-killed")
        shutil.copytree(self.directory, killed)
        outcome = self.run(self.command.clear)
        complaints = judge_clear(outcome, snapshot(self.directory))
        self.restore(killed)
        shutil.rmtree(killed)
        return complaints
