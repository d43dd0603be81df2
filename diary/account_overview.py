"""What the operator sees of the accounts: names and counts, never content."""

from __future__ import annotations

from dataclasses import dataclass

from diary import accounts, database


@dataclass(frozen=True)
class AccountOverview:
    name: str | None
    """None where it cannot be opened (`accounts.shown_names`)."""
    days: int
    """Days with at least one entry."""
    made_on: str
    last_seen_on: str
    """The last day, in UTC, on which a browser that is still signed in, or known, was in use. Both are ISO dates."""
    is_locked: bool
    is_invited: bool
    browsers: int
    """How many are signed in."""


def every() -> list[AccountOverview]:
    """All accounts, oldest first."""
    names = accounts.shown_names()
    with database.connect() as db:
        rows = db.query(
            """
            select a.id, date(a.created_at) as made_on,
                   (select count(distinct day) from entries where account_id = a.id) as days,
                   date(max(
                       a.created_at,
                       coalesce((select max(last_seen_at) from sessions where account_id = a.id), ''),
                       coalesce((select max(used_at) from known_browsers where account_id = a.id), '')
                   )) as last_seen_on,
                   exists(select 1 from account_locks where account_id = a.id) as is_locked,
                   exists(select 1 from invitations where account_id = a.id) as is_invited,
                   (select count(*) from sessions where account_id = a.id and expires_at >= ?) as browsers
            from accounts a order by a.created_at, a.id
            """,
            [database.now()],
        )
        return [
            AccountOverview(
                name=names.get(row["id"]),
                days=row["days"],
                made_on=row["made_on"],
                last_seen_on=row["last_seen_on"],
                is_locked=bool(row["is_locked"]),
                is_invited=bool(row["is_invited"]),
                browsers=row["browsers"],
            )
            for row in rows
        ]
