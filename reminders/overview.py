"""Where a person's reminders go, for the export of their data and for the overview of what they allow."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from diary import database
from diary.sessions import Session
from reminders import addresses, devices, schedule, weekly


def exported(session: Session) -> dict[str, Any]:
    """What is stored about this person's reminders; empty if nothing is.

    A browser is named by its push service: the rest of its address is a secret that lets others send to it.
    """
    with database.connect() as db:
        browsers = list(db.query("select id, created_at from push_devices where account_id = ?", [session.account_id]))
        stored = list(
            db.query("select kind, created_at from reminder_addresses where account_id = ?", [session.account_id])
        )
        is_chosen = bool(db.table("reminders").count_where("account_id = ?", [session.account_id]))
    once = weekly.of(session)
    if not (browsers or stored or is_chosen or once):
        return {}
    chosen = schedule.of(session)
    return {
        "at": f"{chosen.at:%H:%M}",
        "weekdays": sorted(chosen.weekdays),
        "weekly": {"at": f"{once.at:%H:%M}", "weekdays": sorted(once.weekdays)} if once else None,
        "browsers": [_browser(row) for row in browsers],
        "addresses": [_address(session, row) for row in stored],
    }


def _browser(row: dict[str, Any]) -> dict[str, Any]:
    device = devices.find(row["id"])
    service = urlsplit(device.subscription.endpoint).hostname if device else None
    return {"push_service": service, "added_at": row["created_at"]}


def _address(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    address = addresses.of(session, row["kind"])
    return {
        "kind": row["kind"],
        "address": address.text if address else None,
        "confirmed": bool(address and address.is_confirmed),
        "added_at": row["created_at"],
    }
