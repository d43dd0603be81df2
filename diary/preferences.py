"""Preferences: named choices of a person, each with a default and a check of its values."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diary import database, sessions
from diary.sessions import Session

_DAMAGED = object()
"""Stands for a stored value that is no JSON; no preference allows it."""


@dataclass(frozen=True)
class Preference:
    """One choice. A stored value that the preference does not allow counts as never chosen."""

    name: str
    default: Any
    allows: Callable[[Any], bool]

    def of(self, session: Session) -> Any:
        """This person's value, or the default."""
        with database.connect() as db:
            rows = db.table("preferences").rows_where("account_id = ? and name = ?", [session.account_id, self.name])
            chosen = next((_value(row) for row in rows), self.default)
        return chosen if self.allows(chosen) else self.default

    def choose(self, session: Session, value: Any) -> None:
        """Stores this person's value."""
        if not self.allows(value):
            raise ValueError(f"{self.name} cannot be {value!r}")
        with sessions.transaction(session) as db:
            row = {"account_id": session.account_id, "name": self.name, "value": json.dumps(value)}
            db.table("preferences").insert(row, replace=True)


def one_of(name: str, *values: Any) -> Preference:
    """A choice between these values; the first is the default."""
    return Preference(
        name, values[0], lambda value: any(type(value) is type(allowed) and value == allowed for allowed in values)
    )


def every(session: Session) -> dict[str, Any]:
    """All stored values by name, for the export, without damaged ones."""
    with database.connect() as db:
        rows = db.table("preferences").rows_where("account_id = ?", [session.account_id], order_by="name")
        chosen = {row["name"]: _value(row) for row in rows}
    return {name: value for name, value in chosen.items() if value is not _DAMAGED}


def _value(row: dict) -> Any:
    try:
        return json.loads(row["value"])
    except ValueError:
        return _DAMAGED
