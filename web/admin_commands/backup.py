"""`haru-admin backup`: copies the live database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from diary import database, errors
from web.admin_commands import command
from web.admin_commands.command import CommandError, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(commands, "backup", _run, help="copy the live database into FILE, while Haru runs")
    parser.add_argument("file", type=Path, metavar="FILE")


def _run(chosen: argparse.Namespace) -> Outcome:
    try:
        database.backup(chosen.file)
    except (OSError, errors.DatabaseError) as error:
        raise CommandError(f"No backup was made: {error}") from error
    return Outcome({"file": str(chosen.file)}, f"Backed up {database.path()} to {chosen.file}")
