"""Sends the reminders that are due, from one thread of the server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from diary import database, errors, throttle
from diary.sessions import Session
from language import say
from reminders import claims, devices, schedule, web_push

log = logging.getLogger("haru.reminders")

_INTERVAL = 20.0
"""Seconds between two looks at who is to be reminded."""
_SEND_NOW = throttle.Limit("reminder", free=10, reset_after=timedelta(hours=1))


Clock = Callable[[], datetime]


class Sender:
    """The thread that sends. `stop` waits for the message that is being sent, so none is lost or doubled."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reminders", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(claims.LEASE.total_seconds())

    def _run(self) -> None:
        is_well = True
        while not self._stopping.wait(_INTERVAL):
            try:
                send_due(_now, self._stopping.is_set)
                is_well = True
            except errors.DiaryError as error:
                if is_well:  # a full disk or a lock may last: one line is enough
                    log.error("reminders cannot be sent now: %s", error.code)
                is_well = False
            except Exception:
                if is_well:
                    log.exception("reminders cannot be sent now")
                is_well = False


def _now() -> datetime:
    return datetime.now(UTC)


def send_due(clock: Clock, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Sends each reminder that is due and was not sent yet."""
    for row in _rows():
        try:
            _remind(row, clock, is_stopping)
        except errors.DatabaseError:
            raise
        except Exception:  # what is wrong with one person keeps no reminder from the others
            log.exception("a reminder was not sent")


def _remind(row: dict, clock: Clock, is_stopping: Callable[[], bool]) -> None:
    account_id = row["account_id"]
    due = schedule.due(schedule.read(row), row["timezone"], clock())
    if due is None:
        return
    for target in devices.ids(account_id):
        if is_stopping():
            return
        if claims.claim(account_id, due.day, target, clock()):
            _send(row, target, due, clock)
    claims.delete_old(clock())


def send_now(session: Session) -> None:
    """Sends one reminder to all devices of a person who wants to see it; raises `ReminderNotSent` if none took it."""
    throttle.count(_SEND_NOW, session.account_id)
    now, took = _now(), False
    for target in devices.ids(session.account_id):
        try:
            took |= _to_device(target, session.language, f"{now:%H%M%S}", now + timedelta(minutes=5))
        except web_push.Gone:
            devices.remove_gone(target)
        except web_push.NotSent as error:
            log.warning("a reminder was not sent: %s", error)
    if not took:
        raise errors.ReminderNotSent()


def _send(row: dict, target: str, due: schedule.Due, clock: Clock) -> None:
    account_id = row["account_id"]
    try:
        _to_device(target, row["language"], due.day.isoformat(), due.expires)
    except web_push.Gone:
        devices.remove_gone(target)
    except web_push.NotSent as error:
        log.warning("a reminder was not sent: %s", error)
        claims.failed(account_id, due.day, target, clock(), error.retry_after)
        return
    claims.sent(account_id, due.day, target)


def _to_device(device: str, language: str, name: str, expires: datetime) -> bool:
    """Sends to one browser; False if it is no longer stored."""
    found = devices.find(device)
    if found is None:
        return False
    message = {
        "title": say(language, "app.name"),
        "body": say(language, "reminder.asks"),
        "lang": language,
        "tag": f"haru-{name}",
    }
    web_push.send(found.subscription, message, expires=expires, contact=found.contact)
    return True


def _rows() -> list[dict]:
    """The schedules of all people who have a place to be reminded at, with their languages and time zones."""
    with database.connect() as db:
        return list(
            db.query("""
            select r.*, a.language, a.timezone from reminders r join accounts a on a.id = r.account_id
            where exists (select 1 from push_devices d where d.account_id = r.account_id)
            order by r.account_id
            """)
        )
