"""How a person wants things shown: a few named choices, each with its default and what it may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diary import database, sessions
from diary.sessions import Session

_DAMAGED = object()
"""In place of a stored value that is no JSON; no preference allows it."""


@dataclass(frozen=True)
class Preference:
    """One choice. A stored value that is no longer allowed counts as never chosen."""

    name: str
    otherwise: Any
    allows: Callable[[Any], bool]

    def of(self, session: Session) -> Any:
        """What this person chose, or the default."""
        with database.connect() as db:
            rows = db.table("preferences").rows_where("account_id = ? and name = ?", [session.account_id, self.name])
            chosen = next((_value(row) for row in rows), self.otherwise)
        return chosen if self.allows(chosen) else self.otherwise

    def choose(self, session: Session, value: Any) -> None:
        if not self.allows(value):
            raise ValueError(f"{self.name} cannot be {value!r}")
        with sessions.transaction(session) as db:
            row = {"account_id": session.account_id, "name": self.name, "value": json.dumps(value)}
            db.table("preferences").insert(row, replace=True)


def one_of(name: str, *values: Any) -> Preference:
    """A choice between these, the first unless chosen otherwise."""
    return Preference(name, values[0], lambda value: any(type(value) is type(one) and value == one for one in values))


def every(session: Session) -> dict[str, Any]:
    """All that was ever chosen, for the export; what is damaged counts as never chosen."""
    with database.connect() as db:
        rows = db.table("preferences").rows_where("account_id = ?", [session.account_id], order_by="name")
        chosen = {row["name"]: _value(row) for row in rows}
    return {name: value for name, value in chosen.items() if value is not _DAMAGED}


def _value(row: dict) -> Any:
    try:
        return json.loads(row["value"])
    except ValueError:
        return _DAMAGED
