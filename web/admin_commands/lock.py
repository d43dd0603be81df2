"""`haru-admin lock` and `haru-admin unlock`: keep a person out for a while, without deleting anything."""

from __future__ import annotations

import argparse
from typing import Any

from diary import account_locks
from web.admin_commands import accounts_here, command
from web.admin_commands.command import Outcome


def add(commands: Any) -> None:
    """Adds both commands to those of `haru-admin`."""
    lock = command.add(
        commands,
        "lock",
        _lock,
        help="keep a person out: sign-in, open pages and reminders stop; nothing is deleted",
        description="Locks an account. The person cannot sign in, their open pages close within seconds and say that "
        "the operator locked the account, and no reminder is sent. Nothing is deleted.",
    )
    unlock = command.add(
        commands,
        "unlock",
        _unlock,
        help="let a locked person in again; browsers that were signed in still are",
    )
    for parser in (lock, unlock):
        accounts_here.add_name(parser)


def _lock(chosen: argparse.Namespace) -> Outcome:
    changed = account_locks.lock(accounts_here.find(chosen))
    if not changed:
        return Outcome({"locked": True, "changed": False}, f"{chosen.name} was locked before.")
    return Outcome(
        {"locked": True, "changed": True},
        f"{chosen.name} is locked. Nothing is deleted: `haru-admin unlock` opens the account again.",
    )


def _unlock(chosen: argparse.Namespace) -> Outcome:
    changed = account_locks.unlock(accounts_here.find(chosen))
    text = f"{chosen.name} can sign in again." if changed else f"{chosen.name} was not locked."
    return Outcome({"locked": False, "changed": changed}, text)
