"""Checks the settings, who may read Haru's files, and the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import settings
from diary import database, errors, invitations, server_secret
from web.admin_commands.checks.finding import Finding

_SPARE_BYTES = 256 * 1024 * 1024


def findings() -> Iterator[Finding]:
    yield from _configuration()
    yield from _files()
    yield _disk()


def _configuration() -> Iterator[Finding]:
    wrong = [*settings.problems(), *settings.misspelt()]
    for sentence in wrong:
        yield Finding("settings", sentence, "Correct the variable and start Haru again.")
    if wrong:
        return
    try:
        who = invitations.mode() if database.path().exists() else "open"
    except errors.DatabaseError:  # which the check of the database says
        who = "unknown"
    yield Finding("settings", f"Answers on {settings.ADDRESS.get()}; sign-up is {who}.", facts={"sign_up": who})


def _files() -> Iterator[Finding]:
    secret = database.folder() / server_secret.FILE
    if database.path().exists() and not secret.is_file():
        yield Finding(
            "server.secret",
            f"There is none in {database.folder()}.",
            "Put your copy there. Without it, people switch their reminders on again.",
        )
    here = [database.path(), secret, *database.folder().glob("haru.db-*"), *database.backups_folder().glob("*")]
    exposed = [file for file in here if _others_can_read(file)]
    for file in exposed:
        yield Finding("files", f"Everybody on this machine can read {file}.", f"chmod o= '{file}'")
    if not exposed:
        yield Finding("files", "Only Haru's user and group can read the database, its backups and the secret.")


def _others_can_read(file: Path) -> bool:
    """By the file's own rights and those of its folder."""
    try:
        return bool(file.stat().st_mode & 0o007 and file.parent.stat().st_mode & 0o001)
    except OSError:  # gone meanwhile
        return False


def _disk() -> Finding:
    folder = database.folder()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    size = database.path().stat().st_size if database.path().exists() else 0
    found = f"{free / 1e9:,.1f} GB free; the database has {size / 1e6:,.1f} MB."
    facts = {"free_bytes": free, "database_bytes": size}
    # A backup, and deleting for good, each need as much space as the database.
    to_do = (
        "" if free > size + _SPARE_BYTES else "Make space: a backup and a deletion each need as much as the database."
    )
    return Finding("disk", found, to_do, facts)
