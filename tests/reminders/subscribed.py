"""A person in Seoul whose browser shows reminders."""

from __future__ import annotations

from datetime import date

from diary import database, entries
from diary.entries import NewEntry
from diary.sessions import Session
from reminders import devices
from tests.reminders.push_service import HOST, FakeBrowser, PushService

SEOUL = "Asia/Seoul"
NINE_IN_SEOUL = (2026, 11, 20, 12, 0)
DAY = date(2026, 11, 20)


def subscribed(session: Session, service: PushService, name: str = "1") -> FakeBrowser:
    """A browser with reminders at nine every evening, switched on long ago."""
    browser = FakeBrowser(f"https://{HOST}:{service.port}/{name}")
    devices.add(session, browser.subscription, None)
    long_ago(session, "21:00")
    return browser


def long_ago(session: Session, at: str) -> None:
    with database.transaction() as db:
        db.execute(
            "update reminders set at = ?, since = '2026-01-01T00:00:00+00:00' where account_id = ?",
            [at, session.account_id],
        )


def keep_one(session: Session, day: date = DAY) -> None:
    entries.add(session, NewEntry("sadness", 2, day, SEOUL, note="비밀", tags=("산책",)))
