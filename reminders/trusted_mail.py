"""What a trusted person may know, in one sentence; on the page, or by mail once a week if they want that.

The mail goes to the address that this person confirmed for reminders, on Sunday evening on their own clock.
"""

from __future__ import annotations

from datetime import datetime, time

from diary import database, trusted
from diary.trusted import Seen
from language import say
from reminders.schedule import Schedule

PREFIX = "trusted-"
_SUNDAY, _EVENING = 6, time(18, 0)


def sentence(seen: Seen, language: str) -> str:
    """Whether a day was kept. No verdict: a day that was not kept says nothing about how somebody is."""
    name = seen.name or say(language, "trusted.nameless")
    if seen.days_ago is None:
        return say(language, "trusted.kept_none", name=name, days=trusted.LONGEST)
    if seen.days_ago <= 1:
        return say(language, "trusted.kept_yesterday" if seen.days_ago else "trusted.kept_today", name=name)
    return say(language, "trusted.kept_ago", name=name, days=seen.days_ago)


def wanted() -> list[dict]:
    """Who wants which mail: the row of `trusted` with the language and the time zone of the person who gets it."""
    with database.connect() as db:
        return list(
            db.query(
                "select t.id, t.trusted_id, t.mailed_since, a.language, a.timezone "
                "from trusted t join accounts a on a.id = t.trusted_id "
                "where t.accepted_at is not null and t.mailed_since is not null "
                "and t.trusted_id not in (select account_id from account_locks) order by t.id"
            )
        )


def schedule_of(row: dict) -> Schedule:
    return Schedule(_EVENING, frozenset({_SUNDAY}), datetime.fromisoformat(row["mailed_since"]))
