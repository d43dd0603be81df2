"""`haru-admin backup`: copies the live database, into a file or among the automatic backups."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import settings
from backups import kept, place, sealing
from backups.place import PlaceError
from diary import database, errors, file_lock, server_secret
from web.admin_commands import command
from web.admin_commands.command import CommandError, ExitCode, Outcome


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
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--sealed", action="store_true", help="seal FILE with HARU_BACKUP_KEY, server.secret included")
    other.add_argument("--list", action="store_true", help="list the automatic backups, here and in HARU_BACKUP_TO")
    other.add_argument("--new-key", action="store_true", help="only print a new key for HARU_BACKUP_KEY")


def _run(chosen: argparse.Namespace) -> Outcome:
    if chosen.new_key:
        return _new_key()
    if chosen.list:
        return _list()
    if not database.path().exists():
        raise CommandError(f"No backup was made: there is no database at {database.path()} yet.")
    try:
        if chosen.sealed:
            return _sealed(chosen.file)
        made = _plain(chosen.file)
    except file_lock.InUse as error:
        raise CommandError("No backup was made: another process is making one just now.") from error
    except errors.DiskFull as error:
        raise CommandError("No backup was made: the disk has no space for another copy.") from error
    except errors.DatabaseError as error:
        raise CommandError(f"No backup was made. {command.sentence(error)}") from error
    except OSError as error:
        raise CommandError(f"No backup was made: {error}") from error
    sent = _send() if chosen.file is None else None
    hint = f"{database.folder() / server_secret.FILE} is not in it: keep a copy of that file too, in another place."
    return Outcome(
        {"file": str(made), "bytes": made.stat().st_size, "sealed": False, "sent_as": sent},
        f"Backed up {database.path()} to {made}, and opened the copy to check it.\n"
        + (f"Sent a sealed copy to HARU_BACKUP_TO: {sent}" if sent else hint),
    )


def _plain(file: Path | None) -> Path:
    if file is None:
        return kept.make(datetime.now(UTC))
    database.backup(file)
    return file


def _sealed(file: Path | None) -> Outcome:
    key = settings.BACKUP_KEY.get()
    if file is None or key is None:
        problem = "Name a FILE for the sealed backup." if file is None else "Set HARU_BACKUP_KEY to seal a backup."
        raise CommandError(problem, ExitCode.MISUSED)
    kept.seal_into(file, key, datetime.now(UTC))
    size = file.stat().st_size
    return Outcome(
        {"file": str(file), "bytes": size, "sealed": True},
        f"Backed up {database.path()} and {server_secret.FILE} to {file}, sealed with HARU_BACKUP_KEY.\n"
        "Without that key nobody opens it: keep the key in another place.",
    )


def _send() -> str | None:
    try:
        opened = place.opened()
        return place.send_newest(opened) if opened else None
    except PlaceError as error:
        raise CommandError(f"The backup was made, but no copy was sent. {error}") from error


def _list() -> Outcome:
    try:
        opened = place.opened()
        there = place.names(opened) if opened else []
    except PlaceError as error:
        raise CommandError(str(error)) from error
    here = kept.names()
    lines = [str(database.backups_folder() / name) for name in here] + [f"HARU_BACKUP_TO: {name}" for name in there]
    return Outcome({"here": here, "there": there}, "\n".join(lines) or "There is no automatic backup yet.")


def _new_key() -> Outcome:
    key = sealing.new_key()
    return Outcome({"key": key}, key)
