"""Where each step adds itself."""

from __future__ import annotations

from sqlite_utils import Migrations

migrations = Migrations("haru")

ERASE = 1
"""`pragma user_version` after a step that removed something readable, until the file's free pages were erased."""
