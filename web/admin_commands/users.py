"""`haru-admin users`: lists the accounts, never their content."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from diary import account_overview
from diary.account_overview import AccountOverview
from web.admin_commands import accounts_here, command
from web.admin_commands.command import Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    command.add(
        commands,
        "users",
        _run,
        help="list the accounts: days kept, last day in use, locked or not, invited or not, name",
        description="Lists the accounts: names, dates and counts, never content.",
    )


def _run(_: argparse.Namespace) -> Outcome:
    accounts_here.expect_database()
    found = account_overview.every()
    text = "\n".join([_HEAD, *map(_line, found)]) if found else "There is no account yet."
    return Outcome({"users": [asdict(one) for one in found]}, text)


_UNKNOWN = "(unknown until the person signs in: the name is sealed by another server.secret)"
_HEAD = f"{'days':>5}  {'last in use':<11}  {'made on':<10}  {'locked':<6}  {'invited':<7}  name"


def _line(one: AccountOverview) -> str:
    locked, invited = ("yes" if is_so else "no" for is_so in (one.is_locked, one.is_invited))
    # The name is last, because it can have any width.
    return (
        f"{one.days:>5}  {one.last_seen_on:<11}  {one.made_on:<10}  {locked:<6}  {invited:<7}  {one.name or _UNKNOWN}"
    )
