"""Taking one's data along: everything, in a form that people and programs can read."""

from __future__ import annotations

import json
from datetime import date, datetime

from diary import consents, database, entries, own_music, preferences, tastes
from diary.entries import Entry
from diary.sessions import Session

FORMAT, FORMAT_VERSION = "haru", 1


def export_json(session: Session) -> bytes:
    """All that is stored about a person except what only guards it (password hash, wrapped keys)."""
    content = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "exported_at": database.now(),
        "account": _account(session),
        "preferences": preferences.every(session),
        "consents": consents.history(session.account_id),
        "music": {"said": tastes.every(session), "own_tracks": own_music.exported(session)},
        "entries": [_entry(entry) for entry in entries.every(session)],
    }
    # Readable Hangul where the text allows it; a lone surrogate has no UTF-8 form and stays escaped.
    try:
        return json.dumps(content, ensure_ascii=False, indent=2).encode()
    except UnicodeEncodeError:
        return json.dumps(content, indent=2).encode()


def _account(session: Session) -> dict:
    with database.connect() as db:
        row = db["accounts"].get(session.account_id)
    return {
        "name": row["shown_name"],
        "language": row["language"],
        "timezone": row["timezone"],
        "created_at": row["created_at"],
    }


def _entry(entry: Entry) -> dict:
    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date | datetime) else value

    return {name: plain(value) for name, value in vars(entry).items()}
