"""The browsers that show a person's reminders."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from diary import database, errors, sessions
from diary.sessions import Session
from reminders import schedule, server_seal
from reminders.web_push import Subscription

log = logging.getLogger("haru.reminders")

MOST = 5


@dataclass(frozen=True)
class Device:
    id: str
    subscription: Subscription
    contact: str | None
    """Where the person reaches this server, if it is an HTTPS address; a push service may ask for it."""


def add(session: Session, given: object, contact: str | None) -> None:
    """Stores what a browser sent when it subscribed.

    A browser has one subscription: it moves to the account of the person who subscribed last.
    """
    subscription = _read(given)
    device = _id(subscription.endpoint)
    with sessions.transaction(session) as db:
        others = db.table("push_devices").count_where("account_id = ? and id != ?", [session.account_id, device])
        if others >= MOST:
            raise errors.TooManyDevices(most=MOST)
        schedule.ensure(db, session)
        row = {
            "id": device,
            "account_id": session.account_id,
            "sealed": _sealed(device, subscription, contact),
            "created_at": database.now(),
        }
        db.table("push_devices").insert(row, pk="id", replace=True)


def renew(old_endpoint: object, given: object) -> bool:
    """Replaces a subscription that the browser itself replaced; False if the old one is not stored.

    The browser does so at any time, signed in or not. The old endpoint is a long secret, so it identifies the device.
    """
    if not isinstance(old_endpoint, str):
        return False
    old, subscription = _id(old_endpoint), _read(given)
    new = _id(subscription.endpoint)
    with database.transaction() as db:
        row = next(db.query("select account_id, sealed from push_devices where id = ?", [old]), None)
        if row is None:
            return False
        contact = _open(old, row["sealed"]).contact
        db.table("push_devices").delete_where("id in (?, ?)", [old, new])
        sealed = _sealed(new, subscription, contact)
        db.table("push_devices").insert(
            {"id": new, "account_id": row["account_id"], "sealed": sealed, "created_at": database.now()}
        )
    return True


def remove(session: Session, endpoint: object) -> None:
    """Deletes this person's device with this endpoint, if there is one."""
    if isinstance(endpoint, str):
        with sessions.transaction(session) as db:
            db.table("push_devices").delete_where("account_id = ? and id = ?", [session.account_id, _id(endpoint)])


def remove_gone(device: str) -> None:
    """Deletes a device that its push service no longer knows."""
    with database.transaction() as db:
        db.table("push_devices").delete_where("id = ?", [device])


def ids(account_id: str) -> list[str]:
    """The SHA-256 hashes of the endpoints: a browser finds itself among them."""
    with database.connect() as db:
        rows = db.table("push_devices").rows_where("account_id = ?", [account_id], select="id", order_by="created_at")
        return [row["id"] for row in rows]


def find(device: str) -> Device | None:
    """The device; None if it is gone. One that was sealed with another server's secret is deleted: nothing opens it."""
    with database.connect() as db:
        row = next(db.query("select sealed from push_devices where id = ?", [device]), None)
    if row is None:
        return None
    try:
        return _open(device, row["sealed"])
    except (errors.Unopenable, errors.DeviceUnusable):
        log.warning("a device for reminders does not open; it is deleted")
        remove_gone(device)
        return None


def _read(given: object) -> Subscription:
    try:
        return Subscription.read(given)
    except ValueError as error:
        raise errors.DeviceUnusable() from error


def _sealed(device: str, subscription: Subscription, contact: str | None) -> bytes:
    return server_seal.seal(subscription.as_json() | {"contact": contact}, _about(device))


def _open(device: str, sealed: bytes) -> Device:
    content = server_seal.open_(sealed, _about(device))
    return Device(device, _read(content), content.get("contact"))


def _about(device: str) -> str:
    return f"push device {device}"


def _id(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode(errors="surrogatepass")).hexdigest()
