"""Who has a copy of the data folder reads no word, no name and no length of a note in it."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from diary import (
    accounts,
    api_tokens,
    consents,
    database,
    drafts,
    entries,
    errors,
    inbox,
    music_feedback,
    music_lists,
    own_tracks,
    sessions,
    trackers,
)
from diary.api_tokens import NewToken
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.photos import photo_of
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import EMOTIONS
from music.recommend import Wish
from music.track import Track
from stt.transcript import Segment, Transcript, Word
from tests.diary.transfer.conftest import JPEG, ZONE, recording

DAY = date(2026, 1, 2)
WORDS = {  # and what Haru makes: tokens and a code
    "note": "MarkedNote 하루에적은말",
    "tag": "MarkedTag",
    "draft": "MarkedDraft",
    "recording": "MarkedRecording",
    "transcript": "MarkedTranscript",
    "tracker": "MarkedTracker",
    "track": "MarkedTrackTitle",
    "liked": "MarkedLikedTitle",
    "list": "MarkedListName",
    "token": "MarkedTokenName",
    "inbox": "MarkedInboxNote",
    "name": "MarkedPerson",
    "wrong name": "MarkedTriedName",
    "password": "MarkedPassword q8",
    "wrong password": "MarkedWrong q8",
}
PLACES = {"entries": 5, "media": 1, "photos": 1, "transcripts": 1, "drafts": 1, "tracker_values": 1, "trackers": 1}
PLACES |= {"own_tracks": 1, "tastes": 1, "music_lists": 1, "api_tokens": 1, "inbox": 1}

CLEAR = {
    "accounts": {"id", "language", "timezone", "created_at", "learns_since", "has_clear_qualities"},
    "entries": {
        *("id", "account_id", "day", "happened_at", "time_known", "timezone", "mood", "intensity", "source"),
        *("version", "created_at", "updated_at"),
    },
    "readings": {"id", "entry_id", "source", "model", "sure", *EMOTIONS, "quality", "created_at"},  # `quality` is empty
    "media": {"id", "entry_id", "kind", "mime", "created_at"},
    "photos": {"id", "entry_id", "created_at"},
    "transcripts": {"medium_id", "created_at"},
    "drafts": {"account_id", "form", "version", "updated_at"},
    "trackers": {"id", "account_id", "place", "created_at"},
    "tracker_values": {"tracker_id", "day", "updated_at"},
    "tastes": {"id", "account_id", "created_at"},
    "own_tracks": {"id", "account_id", "created_at"},
    "music_lists": {"id", "account_id", "created_at"},
    "inbox": {"id", "account_id", "day", "received_at"},
    "ledgers": {"account_id"},
}
"""The columns of the diary that are readable; SECURITY.md lists them in words."""
HIDDEN = {"sealed", "sound", "item_key", "name_hash", "own_name", "server_name", "pending_code", "password_hash"}
HIDDEN |= {"password_salt", "key_by_password", "key_by_recovery"}


def spoken_transcript() -> Transcript:
    words = (Word(text=WORDS["transcript"], start=0.0, end=0.5, probability=0.9),)
    return Transcript((Segment(words=words),), language="en", language_probability=1.0, seconds=1.0, model="test")


def track(title: str) -> Track:
    facts = {"work": "w", "genre": "pop", "valence": 0.0, "arousal": 0.0}
    return Track(id="youtube:abcdefghijk", title={"en": title}, by={"en": title}, **facts)  # type: ignore[arg-type]


@pytest.fixture
def stolen(sign_up: Callable[..., str], data_folder: Path) -> Path:
    """The folder of a diary with a marked word in every place."""
    token = sign_up(WORDS["name"], WORDS["password"])
    me = sessions.find(token)
    assert me is not None
    fill(me)
    for name, password in ((WORDS["name"], WORDS["wrong password"]), (WORDS["wrong name"], WORDS["password"])):
        with pytest.raises(errors.SignInFailed):
            accounts.sign_in(name, password, address="203.0.113.77")
    database.backup(data_folder / "backups" / "copy.db")
    WORDS["session"] = token
    return data_folder


def fill(me: Session) -> None:
    WORDS["recovery code"] = accounts.recovery_code(me) or ""
    consents.set_given(me, "media", True)
    sound = recording(WORDS["recording"].encode() * 20)
    new = NewEntry("fear", 3, DAY, ZONE, note=WORDS["note"], tags=(WORDS["tag"],))
    entries.add(me, new, media=[NewMedium("sound", sound, spoken_transcript())], photos=[photo_of(JPEG)])
    for times in range(4):
        entries.add(me, NewEntry("fear", 3, DAY, ZONE, note=WORDS["note"] * times))
    # What was replaced and deleted must be gone, too.
    replaced = entries.add(me, NewEntry("fear", 3, DAY, ZONE, note=WORDS["note"] * 9))
    entries.change(me, replaced, 1, NewEntry("fear", 3, DAY, ZONE, note="short"))
    entries.delete(me, replaced)
    drafts.save(me, {"note": WORDS["draft"]})
    tracker = trackers.add(me, Tracker(WORDS["tracker"], "💤", "minutes"))
    trackers.set_value(me, tracker, DAY, 400, ZONE)
    own_tracks.add(me, OwnTrack(WORDS["track"], 6.0, 0.1, 0.1, "joy", "joy", {"joy": 1.0}, {}, "m"), sound)
    music_feedback.add(me, "liked", track(WORDS["liked"]), Wish(mood="fear", intensity=3, intent="lift"))
    music_lists.add(me, MusicList(WORDS["list"], "youtube", "fear", 3, "lift", (track(WORDS["liked"]),)))
    WORDS["API token"] = api_tokens.make(me, NewToken(WORDS["token"], ("write",), 30), WORDS["password"])
    program = api_tokens.find(WORDS["API token"])
    assert program is not None
    assert program.inbox_key is not None
    inbox.add(program.session, NewEntry("fear", 3, DAY, ZONE, note=WORDS["inbox"]), program.inbox_key)


def forms(word: str) -> Iterator[bytes]:
    """The word as it may stand in a file."""
    raw = word.encode()
    yield from (raw, word.casefold().encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), raw[::-1])
    yield from (raw.hex().encode(), raw.hex().upper().encode(), json.dumps(word)[1:-1].encode())
    for shift in range(3):
        yield base64.b64encode(bytes(shift) + raw)[4 if shift else 0 : -4]


def unpacked(content: bytes) -> Iterator[bytes]:
    """What a file holds in zlib's or gzip's form."""
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", content):
        try:
            yield zlib.decompressobj(47).decompress(content[found.start() :], 2**20)
        except zlib.error:
            continue


def test_no_word_and_no_name_is_readable(stolen: Path) -> None:
    with sqlite3.connect(stolen / "haru.db") as db:
        for table, least in PLACES.items():
            assert db.execute(f"select count(*) from {table}").fetchone()[0] >= least, table
    found = []
    files = [file for file in stolen.rglob("*") if file.is_file()]
    for file in files:
        content = file.read_bytes()
        texts = (content, *unpacked(content))
        found += [
            (file.name, place)
            for place, word in WORDS.items()
            if any(form in text for form in forms(word) if len(form) > 5 for text in texts)
        ]
    assert {"haru.db", "copy.db", "server.secret"} <= {file.name for file in files}
    assert found == []


def test_the_search_finds_a_word_that_is_there(stolen: Path) -> None:
    with sqlite3.connect(stolen / "haru.db") as db:
        db.execute("update accounts set timezone = ?", [base64.b64encode(WORDS["note"].encode()).decode()])
    with pytest.raises(AssertionError, match="note"):
        test_no_word_and_no_name_is_readable(stolen)


def test_only_the_documented_columns_are_readable(stolen: Path) -> None:
    with sqlite3.connect(stolen / "haru.db") as db:
        for table, clear in CLEAR.items():
            columns = {row[1] for row in db.execute(f"pragma table_info({table})")}
            assert columns - HIDDEN == clear, f"{table}: say in SECURITY.md what stands in clear"


def test_lengths_do_not_tell_notes_apart(stolen: Path) -> None:
    """Five notes of 0 to 93 bytes."""
    with sqlite3.connect(stolen / "haru.db") as db:
        lengths = {length for (length,) in db.execute("select length(sealed) from entries")}
    assert len(lengths) == 1


def test_a_thief_with_the_secret_reads_names_but_no_words(stolen: Path) -> None:
    """As SECURITY.md says: the operator's copy of a name opens with server.secret."""
    assert list(accounts.shown_names().values()) == [WORDS["name"]]
