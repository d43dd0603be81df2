"""The `haru-admin` command: what the person who runs Haru does on the command line.

haru-admin backup FILE      copies the live database, while the app runs
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from diary import database, errors


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="haru-admin", description="Look after Haru's data on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    # Each of these adds one command, whose `run` does the work.
    _add_backup(commands)
    chosen = parser.parse_args(arguments)
    return chosen.run(chosen)


def _add_backup(commands: Any) -> None:
    command = commands.add_parser("backup", help="copy the live database into FILE")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_backup)


def _backup(chosen: argparse.Namespace) -> int:
    try:
        database.backup(chosen.file)
    except (OSError, errors.DatabaseError) as error:
        print(f"No backup was made: {error}", file=sys.stderr)
        return 1
    print(f"Backed up {database.path()} to {chosen.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
