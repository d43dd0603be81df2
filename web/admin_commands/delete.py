"""`haru-admin delete`: deletes an account as its person would, from the file and its write-ahead log."""

from __future__ import annotations

import argparse
from typing import Any

from diary import accounts
from web.admin_commands import accounts_here, command
from web.admin_commands.command import CommandError, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "delete",
        _run,
        help="delete an account with all its entries, for good; asks before",
        description="Deletes an account with everything in it, from the database, its free pages and its write-ahead "
        "log. Backups that were made before still hold it, sealed.",
    )
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    accounts_here.add_name(parser)


def _run(chosen: argparse.Namespace) -> Outcome:
    account_id = accounts_here.find(chosen)
    name = accounts.shown_names()[account_id] or chosen.name
    if not chosen.yes and not command.agrees(f"Delete {name} and everything in this diary, for good?"):
        raise CommandError("Nothing was deleted.")
    is_erased = accounts.delete_by_id(account_id, name)
    text = f"{name} is deleted. Backups that were made before still hold this account, sealed."
    if not is_erased:
        text += "\nAnother program is reading the database. The sealed bytes leave the file when it has finished."
    return Outcome({"deleted": name, "erased": is_erased}, text)
