"""`haru-admin check`: looks at all that Haru needs and changes nothing."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import settings
from web.admin_commands import command
from web.admin_commands.checks import data, machine, models
from web.admin_commands.checks.finding import Finding
from web.admin_commands.command import ExitCode, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    command.add(
        commands,
        "check",
        _run,
        help="check database, files, disk, weights and settings; exit status 3 if something is wrong",
        description="Looks at the settings, the database (integrity, references, schema, the form of sealed parts), "
        "its backups, who can read the files, the disk, and the checksums of the weights. One line each, and what to "
        "do where something is wrong. It changes nothing and needs no password.",
    )


def _run(_: argparse.Namespace) -> Outcome:
    settings.DATA.get()  # nothing can be looked at without the folder
    found = [*machine.findings(), *data.findings(), *models.findings()]
    wrong = [one for one in found if not one.is_well]
    facts = {"wrong": len(wrong), "checks": [_facts(one) for one in found]}
    last = f"{len(wrong)} of {len(found)} are wrong." if wrong else "All is well."
    text = "\n".join([*map(_line, found), last])
    return Outcome(facts, text, code=ExitCode.FOUND if wrong else ExitCode.DONE)


def _facts(one: Finding) -> dict[str, Any]:
    return {"ok": one.is_well, **{key: value for key, value in asdict(one).items() if key != "facts"}, **one.facts}


def _line(one: Finding) -> str:
    return f"{'ok   ' if one.is_well else 'WRONG'}  {one.check}: {one.found} {one.to_do}".rstrip()
