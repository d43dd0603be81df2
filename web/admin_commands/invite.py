"""`haru-admin invite`: makes, lists and revokes links that let one person each make an account."""

from __future__ import annotations

import argparse
from typing import Any

import links
import settings
from diary import accounts, invitations
from diary.invitations import DAYS, DAYS_MAX, Invitation
from web.admin_commands import accounts_here, command
from web.admin_commands.command import CommandError, Outcome
from web.sign_in import INVITATION, SIGN_UP

_USE = {
    invitations.OPEN: "people can also sign up without a link",
    invitations.CLOSED: "the link lets nobody in",
}


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "invite",
        _run,
        help="make a link with which one person can make an account; --list, --revoke",
        description="Makes a link that lets one person make an account, once, within some days. "
        "Only the link has its token: the database has a hash, so no link is shown twice.",
    )
    parser.add_argument(
        "--days", type=_days, default=DAYS, metavar="N", help=f"valid for N days, 1 to {DAYS_MAX} (default: {DAYS})"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="list the invitations")
    instead.add_argument("--revoke", type=int, metavar="NUMBER", help="make an invitation's link invalid")


def _days(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= DAYS_MAX:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a number from 1 to {DAYS_MAX}")


def _run(chosen: argparse.Namespace) -> Outcome:
    accounts_here.expect_database()
    if chosen.list:
        return _list()
    if chosen.revoke is not None:
        return _revoke(chosen.revoke)
    made, token = invitations.new(chosen.days)
    link = f"{links.public() or links.to('')}{SIGN_UP}?{INVITATION}={token}"
    text = f"{link}\nInvitation {made.id}: for one person, until {made.expires_at[:10]}. It is not shown again."
    if not links.public():
        text += "\nPut your server's address before it, or set HARU_PUBLIC_URL."
    if (mode := settings.SIGN_UP.get()) in (invitations.OPEN, invitations.CLOSED):
        text += f"\nWhile HARU_SIGN_UP={mode} holds, {_USE[mode]}."
    return Outcome({"invitation": made.id, "link": link, "expires_at": made.expires_at}, text)


def _list() -> Outcome:
    found, names = invitations.every(), accounts.shown_names()
    rows = [(one, _state(one), names.get(one.account_id or "")) for one in found]
    facts = [
        {"invitation": one.id, "state": state, "made_at": one.created_at, "expires_at": one.expires_at, "name": name}
        for one, state, name in rows
    ]
    lines = [f"{one.id:>6}  {one.expires_at[:10]}  {state:<7}  {name or ''}".rstrip() for one, state, name in rows]
    text = "\n".join(["number  until       state    name", *lines]) if rows else "There is no invitation."
    return Outcome({"invitations": facts}, text)


def _state(one: Invitation) -> str:
    return "used" if one.used_at else "expired" if one.is_expired else "open"


def _revoke(number: int) -> Outcome:
    if not invitations.revoke(number):
        raise CommandError(f"There is no unused invitation {number}; `haru-admin invite --list` lists them.")
    return Outcome({"revoked": number}, f"The link of invitation {number} is not valid any more.")
