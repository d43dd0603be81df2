"""Errors of the database."""

from __future__ import annotations

from diary.errors.base import DiaryError


class DatabaseError(DiaryError):
    """The database cannot be used now; nothing changed."""

    code = "database_broken"


class DatabaseBroken(DatabaseError):
    """Damaged or missing."""


class DatabaseBusy(DatabaseError):
    """Locked for too long."""


class DatabaseReadOnly(DatabaseError):
    """The server cannot write to the file or its folder."""


class DiskFull(DatabaseError):
    """The server's disk has no space left."""


class MigrationFailed(DatabaseError):
    """The database is as it was before."""
