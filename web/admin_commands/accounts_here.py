"""Finds the account that a command of `haru-admin` is about."""

from __future__ import annotations

import argparse

from diary import accounts, database
from web.admin_commands.command import CommandError


def add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the name with which the person signs in")


def expect_database() -> None:
    """Brings the database up to date, as Haru does when it starts; makes none where there is none."""
    if not database.path().exists():
        raise CommandError(f"There is no database at {database.path()} yet.")
    database.prepare()


def find(chosen: argparse.Namespace) -> str:
    """The id of the account with the chosen name."""
    expect_database()
    account_id = accounts.find_id(chosen.name)
    if account_id is None:
        raise CommandError(f"There is no account {chosen.name!r}; `haru-admin users` lists them.")
    return account_id
