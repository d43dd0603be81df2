"""`haru-admin --version`: the versions of Haru and of each file of weights."""

from __future__ import annotations

import argparse

import settings
from version import VERSION
from web.admin_commands.command import Outcome


def run(_: argparse.Namespace) -> Outcome:
    from inference import shipped  # this loads torch

    found = shipped.weights()
    rows = [
        {
            "file": one.file.relative_to(settings.ASSETS / "weights").as_posix(),
            "version": one.version,
            "sha256": one.sha256,
            "state": one.state,
        }
        for one in found
    ]
    lines = [f"{row['file']}  {row['version']}  {row['sha256'][:12]}  {row['state']}" for row in rows]
    return Outcome({"version": VERSION, "weights": rows}, "\n".join([f"Haru {VERSION}", *lines]))
