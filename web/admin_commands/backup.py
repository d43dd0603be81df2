"""`haru-admin backup`: copies the live database, into a file or among the automatic backups."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backups import kept
from diary import database, errors
from web.admin_commands import command
from web.admin_commands.command import CommandError, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "backup",
        _run,
        help="copy the live database, while Haru runs",
        description="Copies the live database into FILE, which nothing deletes. Without FILE, makes an automatic "
        "backup now: HARU_BACKUPS says how long those are kept. Each copy is opened and checked before it counts.",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE")


def _run(chosen: argparse.Namespace) -> Outcome:
    if not database.path().exists():
        raise CommandError(f"No backup was made: there is no database at {database.path()} yet.")
    try:
        if chosen.file is None:
            made = kept.make(datetime.now(UTC))
        else:
            made = chosen.file
            database.backup(made)
    except kept.AnotherProcess as error:
        raise CommandError("No backup was made: another process is making one just now.") from error
    except errors.DiskFull as error:
        raise CommandError("No backup was made: the disk has no space for another copy.") from error
    except errors.DatabaseError as error:
        raise CommandError(f"No backup was made. {command.sentence(error)}") from error
    except OSError as error:
        raise CommandError(f"No backup was made: {error}") from error
    return Outcome(
        {"file": str(made), "bytes": made.stat().st_size},
        f"Backed up {database.path()} to {made}, and opened the copy to check it.\n"
        f"{database.folder() / 'server.secret'} is not in it: keep a copy of that file too, in another place.",
    )
