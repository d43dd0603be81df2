"""The app lock, and which browser a session is in."""

from __future__ import annotations

from sqlite_utils import Database

from diary.migrations.registry import migrations


@migrations(name="0019_app_lock")
def _app_lock(db: Database) -> None:
    # While a session is locked, its data_key is empty: what is left of the key needs the PIN and the cookie.
    for column in (
        "locked_at text",
        "active_at text",                        # when the person last did something, if they use the lock
        "key_by_pin blob",                       # the data key, wrapped by a key of the PIN and the cookie
        "pin_salt blob",
        "wrong_pins integer not null default 0",
        "known_browser text",                    # its row in known_browsers, which ends with it
        "browser text not null default ''",      # coarse, as in "firefox" and "android"
        "system text not null default ''",
    ):  # fmt: skip
        db.execute(f"alter table sessions add column {column}")
