"""The `haru-admin` command: what the person who runs Haru does on the command line. docs/hosting.md lists its commands.

Each command is a file of web/admin_commands/.
"""

from __future__ import annotations

import argparse
import sys

from web import standard_output
from web.admin_commands import (
    backup,
    check,
    command,
    delete,
    import_health,
    invite,
    lock,
    restore,
    speech,
    users,
    version,
    write_down,
)

_COMMANDS = (check, users, invite, lock, delete, backup, restore, speech, write_down, import_health)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    made = parser()
    with standard_output.flushed():  # --help
        chosen = made.parse_args(arguments)
    if chosen.version:
        return command.execute(version.run, chosen)
    if "run" not in chosen:
        made.error("the following arguments are required: COMMAND")
    return command.execute(chosen.run, chosen)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    made = argparse.ArgumentParser(prog="haru-admin", description="Look after Haru's data on this machine.")
    made.add_argument("--version", action="store_true", help="print the versions of Haru and of each file of weights")
    made.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    commands = made.add_subparsers(metavar="COMMAND")
    for module in _COMMANDS:
        module.add(commands)
    return made


if __name__ == "__main__":
    sys.exit(main())
