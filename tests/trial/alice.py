"""Alice, whose diary has something of every kind: what Bob looks for in tests/trial/test_two_users.py."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time

import numpy as np
from PIL import Image
from sqlite_utils import Database

from diary import (
    api_tokens,
    consents,
    database,
    drafts,
    entries,
    inbox,
    media,
    music_lists,
    own_tracks,
    photos,
    sessions,
    trackers,
)
from diary.api_tokens import NewToken
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.trackers import Tracker
from music.track import Track
from reminders import addresses, devices
from tests.conftest import PASSWORD
from tests.reminders.push_service import FakeBrowser
from tests.sounds import spoken

SECRET = "ALICESECRET"  # no sign in it that Markdown, JSON or HTML would escape
SOUND = b"OggS" + SECRET.encode() * 20
DAY = date(2026, 11, 20)
MONTH = "2026-11"
UNKNOWN = str.maketrans("123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0" * 61)


@dataclass
class Alice:
    """Her browser's cookie, her program's token, and the ids and secrets of what is hers."""

    cookie: str
    session: Session
    token: str
    ids: dict[str, str] = field(default_factory=dict)
    """By the names that tests/trial/crossings.py uses for them."""
    _tables: list[tuple[str, str]] = field(default_factory=list)

    def rows(self) -> list[tuple[str, list]]:
        """Everything that the database stores of her: her account, and all rows that refer to it."""
        with database.connect() as db:
            if not self._tables:
                self._tables = list(_referring(db, "accounts", "id = ?"))
            account = [self.session.account_id]
            return [
                (table, sorted(db.execute(f"select * from {table} where {where}", account).fetchall(), key=repr))
                for table, where in self._tables
            ]


def _referring(db: Database, table: str, where: str) -> Iterator[tuple[str, str]]:
    """The table, and every table whose rows refer to these, with the condition of these rows."""
    yield table, where
    for child in db.table_names():
        for key in db.table(child).foreign_keys:
            if key.other_table == table:
                parents = f"select {key.other_column} from {table} where {where}"
                yield from _referring(db, child, f"{key.column} in ({parents})")


def unknown(value: str) -> str:
    """A value of the same form that nobody has."""
    stem, dot, ending = value.partition(".")
    return stem.translate(UNKNOWN) + dot + ending


def alice_of(cookie: str) -> Alice:
    session = sessions.find(cookie)
    assert session is not None
    token = api_tokens.make(session, NewToken(f"{SECRET} token", api_tokens.SCOPES, 90), PASSWORD)
    alice = Alice(cookie, session, token)
    for kind in consents.OPTIONAL:
        consents.set_given(session, kind, True)
    _keep_entry(alice)
    _keep_the_rest(alice)
    found = api_tokens.find(token)
    assert found is not None
    alice.ids |= {"token": found.id, "account": session.account_id, "session": session.token_hash}
    return alice


def _keep_entry(alice: Alice) -> None:
    picture = io.BytesIO()
    Image.fromarray(np.full((40, 40, 3), 90, np.uint8)).save(picture, "JPEG")
    new = NewEntry(
        "happiness",
        4,
        DAY,
        "Asia/Seoul",
        note=f"{SECRET} note",
        tags=(f"{SECRET} tag",),
        feelings=("proud",),
        at=time(9),
    )
    sound = NewMedium("sound", spoken(seconds=0.5))
    entry = entries.add(alice.session, new, media=[sound], photos=[photos.photo_of(picture.getvalue())])
    alice.ids |= {
        "entry": entry,
        "medium": media.of_entry(alice.session, entry)[0].id,
        "photo": photos.of_entry(alice.session, entry)[0].id,
    }


def _keep_the_rest(alice: Alice) -> None:
    session = alice.session
    drafts.save(session, {"id": "d" * 32, "fields": {"note": f"{SECRET} draft"}, "readings": []})
    tracker = trackers.add(session, Tracker(f"{SECRET} tracker", "☕", "count"))
    trackers.set_value(session, tracker, DAY, 3, "Asia/Seoul")
    facts = {
        **{"title": f"{SECRET} song", "seconds": 61.5, "valence": 0.4, "arousal": -0.5, "emotion8": "calm"},
        **{"emotion4": "neutral", "scores4": {"joy": 0.1, "sadness": 0.2, "neutral": 0.6, "anger": 0.1}},
        **{"features": {"tempo": 72.0}, "model": "plane 1", "mime": "audio/ogg"},
    }
    own = own_tracks.add(session, OwnTrack(**facts), SOUND)
    track = Track(f"own:{own}", {"en": f"{SECRET} song"}, {"en": ""}, own, "classical", 0.5, -0.25, seconds=90)
    music_lists.add(session, MusicList(f"{SECRET} list", "local", "sadness", 3, "ease", (track,)))
    devices.add(session, FakeBrowser("https://push.example.net/of-alice").subscription, None)
    address, _code = addresses.propose(session, addresses.MAIL, "alice@example.org")
    writer = api_tokens.find(api_tokens.make(session, NewToken("writer", [api_tokens.WRITE], 30), PASSWORD))
    assert writer is not None
    assert writer.inbox_key is not None
    waiting = NewEntry("fear", 1, DAY, "Asia/Seoul", note=f"{SECRET} waiting")
    inbox.add(writer.session, waiting, writer.inbox_key)
    (music_list,) = music_lists.every(session)
    alice.ids |= {
        **{"tracker": tracker, "own_track": own, "music_list": music_list.id, "waiting": waiting.id},
        "stop_token": addresses.stop_token(session.account_id, address),
    }
