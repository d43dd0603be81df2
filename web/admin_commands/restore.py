"""`haru-admin restore`: checks a backup and puts it in the place of the present database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from backups.restore import NotRestored, Restored, restore
from diary import database, server_secret
from web.admin_commands import command
from web.admin_commands.command import CommandError, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "restore",
        _run,
        help="put a backup in the place of the database, which is kept; stop Haru first",
        description="Checks the backup in FILE, brings it up to date, ends the sign-ins that it holds and puts it in "
        "the place of the database. The one that is here now stays in backups/. A sealed FILE needs HARU_BACKUP_KEY.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")


def _run(chosen: argparse.Namespace) -> Outcome:
    try:
        done = restore(chosen.file)
    except NotRestored as error:
        raise CommandError(f"Nothing was restored. {error}") from error
    facts = {
        "file": str(chosen.file),
        "database": str(database.path()),
        "accounts": done.accounts,
        "migrations": list(done.migrations),
        "ended_sign_ins": done.ended,
        "made_at": done.made_at,
        "server_secret": done.has_secret,
        "kept_as": str(done.kept_as) if done.kept_as else None,
    }
    return Outcome(facts, "\n".join(_lines(chosen.file, done)))


def _lines(file: Path, done: Restored) -> list[str]:
    made = f", made at {done.made_at}" if done.made_at else ""
    lines = [f"Restored {file}{made}: {done.accounts} accounts. Everybody signs in again."]
    if done.migrations:
        lines.append(f"It was brought up to date: {', '.join(done.migrations)}.")
    if done.kept_as:
        lines.append(f"The database that was here is {done.kept_as}.")
    if not done.has_secret and not (database.folder() / server_secret.FILE).exists():
        lines.append(
            f"There is no {server_secret.FILE} in {database.folder()}. Put it there if you have it: without it, "
            "people switch their reminders on again, and you see their names once they have signed in."
        )
    return lines
