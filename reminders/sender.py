"""Sends the reminders that are due, from one thread of the server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from diary import database, errors, throttle, trusted
from diary.sessions import Session
from language import say
from reminders import addresses, channel, claims, devices, mail, schedule, trusted_mail, web_push, weekly
from reminders.occasions import DAILY, WEEKLY, Message, Occasion
from reminders.outcomes import Gone, NotSent, Rejected

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
    for occasion, row in _rows():
        try:
            _remind(occasion, row, clock, is_stopping)
        except errors.DatabaseError:
            raise
        except Exception:  # what is wrong with one person keeps no reminder from the others
            log.exception("a reminder was not sent")
    for row in trusted_mail.wanted() if mail.is_on() else ():
        try:
            _mail_trusted(row, clock)
        except errors.DatabaseError:
            raise
        except Exception:
            log.exception("a mail to a trusted person was not sent")


def _mail_trusted(row: dict, clock: Clock) -> None:
    """Sends a trusted person the sentence of the week, to the address that they confirmed."""
    account_id, target = row["trusted_id"], trusted_mail.PREFIX + row["id"]
    due = schedule.due(trusted_mail.schedule_of(row), row["timezone"], clock())
    address = addresses.find(account_id, addresses.MAIL)
    if due is None or address is None or not claims.claim(account_id, due.day, target, clock(), unless_kept=False):
        return
    seen = trusted.for_mail(row["id"])
    if seen is None:  # ended just now
        return
    language = row["language"]
    try:
        mail.send_sentence(f"{target} {due.day}", address, account_id, language, trusted_mail.sentence(seen, language))
    except Rejected as error:
        log.warning("a mail to a trusted person was not sent: %s", error)
    except NotSent as error:
        log.warning("a mail to a trusted person was not sent: %s", error)
        claims.failed(account_id, due.day, target, clock(), error.retry_after)
        return
    claims.sent(account_id, due.day, target)


def _remind(occasion: Occasion, row: dict, clock: Clock, is_stopping: Callable[[], bool]) -> None:
    account_id = row["account_id"]
    due = schedule.due(schedule.read(row), row["timezone"], clock())
    if due is None:
        return
    for target in _targets(account_id):
        if is_stopping():
            return
        if claims.claim(account_id, due.day, occasion.prefix + target, clock(), unless_kept=occasion.unless_kept):
            _send(occasion, row, target, due, clock)
    claims.delete_old(clock())


def send_now(session: Session) -> None:
    """Sends one reminder everywhere, for a person who wants to see it; raises `ReminderNotSent` if nothing took it."""
    throttle.count((_SEND_NOW, session.account_id))
    took = False
    for target in _targets(session.account_id):
        try:
            took |= _to(
                target, Message(DAILY, session.account_id, session.language, None, _now() + timedelta(minutes=5))
            )
        except Gone:
            devices.remove_gone(target)
        except (NotSent, Rejected) as error:
            log.warning("a reminder was not sent: %s", error)
    if not took:
        raise errors.ReminderNotSent()


def count_places(account_id: str) -> int:
    """How many places this person's reminders go to."""
    return len(_targets(account_id))


def _targets(account_id: str) -> list[str]:
    """Where this person's reminders go: ids of devices, and kinds of addresses that this server can send to."""
    is_on = {addresses.MAIL: mail.is_on, addresses.CHANNEL: channel.is_on}
    kinds = [kind for kind in addresses.confirmed_kinds(account_id) if is_on[kind]()]
    return [*devices.ids(account_id), *kinds]


def _send(occasion: Occasion, row: dict, target: str, due: schedule.Due, clock: Clock) -> None:
    account_id = row["account_id"]
    try:
        _to(target, Message(occasion, account_id, row["language"], due.day, due.expires))
    except Gone:
        devices.remove_gone(target)
    except Rejected as error:
        log.warning("a reminder was not sent: %s", error)
    except NotSent as error:
        log.warning("a reminder was not sent: %s", error)
        claims.failed(account_id, due.day, occasion.prefix + target, clock(), error.retry_after)
        return
    claims.sent(account_id, due.day, occasion.prefix + target)


def _to(target: str, message: Message) -> bool:
    """Sends to one place; False if it is no longer stored."""
    if target not in (addresses.MAIL, addresses.CHANNEL):
        return _to_device(target, message)
    address = addresses.find(message.account_id, target)
    if address is None:
        return False
    if target == addresses.MAIL:
        mail.send_reminder(message, address)
    else:
        channel.send_reminder(message, address)
    return True


def _to_device(device: str, message: Message) -> bool:
    found = devices.find(device)
    if found is None:
        return False
    occasion, language = message.occasion, message.language
    shown = {
        "title": say(language, "app.name"),
        "body": say(language, occasion.asks),
        "lang": language,
        "tag": f"haru-{occasion.prefix}{message.day or format(_now(), '%H%M%S')}",
        **({"path": occasion.path} if occasion.path else {}),
    }
    web_push.send(found.subscription, shown, expires=message.expires, contact=found.contact)
    return True


def _rows() -> list[tuple[Occasion, dict]]:
    """The schedules of all people who have a place to be reminded at, with their languages and time zones.

    An account that the operator locked gets none.
    """
    with database.connect() as db:
        return [
            (occasion, row)
            for occasion, table in ((DAILY, "reminders"), (WEEKLY, weekly.TABLE))
            for row in db.query(f"""
            select r.*, a.language, a.timezone from {table} r join accounts a on a.id = r.account_id
            where r.account_id not in (select account_id from account_locks)
              and (exists (select 1 from push_devices d where d.account_id = r.account_id)
               or exists (select 1 from reminder_addresses d where d.account_id = r.account_id and d.confirmed = 1))
            order by r.account_id
            """)  # noqa: S608
        ]
