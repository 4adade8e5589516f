"""Plays one job of a CircleCI config on this machine: its own shell code, with directories for CircleCI's services.

usage: play-job.py CONFIG JOB SERVICES DIRECTORY [--unchecked]

DIRECTORY becomes the job's home, made anew. SERVICES has `project` (what is checked out), `pipeline` (the id),
`caches/<number>/key` and `caches/<number>/files` (the highest number is the newest), and `workspace`. With
--unchecked, a step that runs take-release.sh copies without a check: a job whose programs somebody has replaced.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml


def copy(source, target):
    """What a cache or a workspace does: files as they are, links included."""
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)


class Job:
    def __init__(self, config, name, services, home, unchecked):
        self.services, self.home, self.unchecked = services, home, unchecked
        pipeline = (services / "pipeline").read_text().strip()
        # The compiler's part: the only reference that these jobs have.
        text = config.read_text(encoding="utf-8").replace("<< pipeline.id >>", pipeline)
        self.job = yaml.safe_load(text)["jobs"][name]
        self.directory = home / "project"

    def play(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.directory.mkdir(parents=True)
        for step in self.job["steps"]:
            name, arguments = (step, None) if isinstance(step, str) else next(iter(step.items()))
            getattr(self, name)(arguments)

    def checkout(self, _):
        shutil.copytree(
            self.services / "project", self.directory, symlinks=True, dirs_exist_ok=True, copy_function=os.link
        )

    def run(self, step):
        print(f"==> {step['name']}", flush=True)
        command = step["command"]
        if self.unchecked and "take-release.sh" in command:
            command = command.replace(".circleci/take-release.sh", "cp -a")
        environment = {**os.environ, **self.job.get("environment", {}), **step.get("environment", {})}
        environment["HOME"] = str(self.home)
        shell = ["/bin/bash", "-eo", "pipefail", "-c", command]
        status = subprocess.run(shell, cwd=self.directory, env=environment, check=False).returncode
        if status:
            sys.exit(status)

    def save_cache(self, step):
        caches = self.services / "caches"
        target = caches / f"{len(list(caches.iterdir())):06}"
        for path in step["paths"]:
            copy(self.directory / path, target / "files" / path)
        (target / "key").write_text(step["key"])

    def restore_cache(self, step):
        """A key is a prefix, and the newest match is restored (facts/circleci.md 5)."""
        for cache in sorted((self.services / "caches").iterdir(), reverse=True):
            if (cache / "key").read_text().startswith(step["keys"][0]):
                return shutil.copytree(cache / "files", self.directory, symlinks=True, dirs_exist_ok=True)
        return print("no cache")

    def persist_to_workspace(self, step):
        root = self.directory / step["root"]
        for path in step["paths"]:
            copy(root / path, self.services / "workspace" / path)

    def attach_workspace(self, step):
        target = self.directory / step["at"].replace("~", str(self.home))
        shutil.copytree(self.services / "workspace", target, symlinks=True, dirs_exist_ok=True)


config, name, services, home = sys.argv[1:5]
Job(Path(config), name, Path(services), Path(home), "--unchecked" in sys.argv).play()
