"""`haru-admin restore`: checks a backup and puts it in the place of the present database."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast

from backups import place
from backups.place import PlaceError
from backups.restore import NotRestored, Restored, restore
from diary import database, server_secret
from web.admin_commands import command
from web.admin_commands.command import CommandError, ExitCode, Outcome


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
    parser.add_argument(
        "--fetch", action="store_true", help="first fetch FILE from HARU_BACKUP_TO; `backup --list` names what is there"
    )


def _run(chosen: argparse.Namespace) -> Outcome:
    try:
        done = _fetch_and_restore(chosen.file.name) if chosen.fetch else restore(chosen.file)
    except NotRestored as error:
        raise CommandError(f"Nothing was restored. {error}") from error
    facts = {
        "file": str(chosen.file),
        "database": str(database.path()),
        "accounts": done.accounts,
        "migrations": list(done.migrations),
        "ended_sign_ins": done.ended,
        "locked": done.carried_over.locked,
        "locks_and_invitations_of": "present" if done.carried_over.is_present else "backup",
        "ended_invitations": done.carried_over.ended_invitations,
        "made_at": done.made_at,
        "server_secret": done.has_secret,
        "kept_as": str(done.kept_as) if done.kept_as else None,
    }
    return Outcome(facts, "\n".join(_lines(chosen.file, done)))


def _fetch_and_restore(name: str) -> Restored:
    try:
        opened = place.opened()
        if opened is None:
            raise CommandError("Set HARU_BACKUP_TO to fetch a backup from there.", ExitCode.MISUSED)
        database.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=database.folder(), prefix="fetched-") as fetched:
            opened.get(name, cast(BinaryIO, fetched.file))
            fetched.file.flush()
            return restore(Path(fetched.name))
    except PlaceError as error:
        raise CommandError(f"Nothing was restored. {error}") from error
    except OSError as error:
        raise CommandError(f"Nothing was restored: {error}") from error


def _lines(file: Path, done: Restored) -> list[str]:
    made = f", made at {done.made_at}" if done.made_at else ""
    lines = [f"Restored {file}{made}: {done.accounts} accounts. Everybody signs in again."]
    if done.migrations:
        lines.append(f"It was brought up to date: {', '.join(done.migrations)}.")
    if done.kept_as:
        lines.append(f"The database that was here is {done.kept_as}.")
    lines += _decisions(done)
    if not done.has_secret and not (database.folder() / server_secret.FILE).exists():
        lines.append(
            f"There is no {server_secret.FILE} in {database.folder()}. Put it there if you have it: without it, "
            "people switch their reminders on again, and you see their names once they have signed in."
        )
    return lines


def _decisions(done: Restored) -> list[str]:
    """What became of the operator's locks and invitations."""
    carried, lines = done.carried_over, []
    if done.kept_as and not carried.is_present:
        lines.append(
            "It is damaged, so the locks of the backup hold: lock again whom you have locked since. "
            "`haru-admin users` lists who is locked."
        )
    if carried.locked:
        lines.append(f"Locked accounts: {carried.locked}. They stay locked; `haru-admin users` lists them.")
    if carried.unlocked:
        lines.append(f"Accounts that you have unlocked since the backup: {carried.unlocked}. They stay unlocked.")
    if carried.gone:
        lines.append(f"Locked accounts that the backup does not have: {carried.gone}. These people can sign up again.")
    if carried.ended_invitations:
        lines.append(f"Invitations of the backup that are not valid any more: {carried.ended_invitations}.")
    return lines
