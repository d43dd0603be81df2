"""Imports a file as planned, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlite_utils import Database

from diary import (
    consents,
    database,
    entries,
    errors,
    media,
    music_feedback,
    music_lists,
    own_tracks,
    photos,
    quotas,
    readings,
    sessions,
    trackers,
    transcripts,
)
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import tracker_plan
from diary.transfer.budget import Budget
from diary.transfer.import_plan import ImportPlan
from diary.transfer.parsed import ParsedFile
from reading import Refusal

Progress = Callable[[float], object]
_STEP = 250  # entries between two movements of the progress bar
_ENTRIES_SEALED = 0.3  # the share of progress at which the entries are sealed; photographs take longer
_SEALED = 0.7  # the share of progress at which everything is sealed; the database is locked only after it


def run_import(session: Session, file: ParsedFile, planned: ImportPlan, progress: Progress = lambda _: None) -> int:
    """Imports the whole plan or nothing; returns the number of imported entries.

    It unpacks and seals before it locks the database, because both take long and can fail.
    """
    rows = list(_entry_rows(session, planned, progress))
    media_rows, transcript_rows = _media_rows(session, file, planned)
    photo_rows = list(_photo_rows(session, file, planned, progress))
    value_rows = tracker_plan.rows(session, planned.trackers)
    reading_rows = list(_reading_rows(session, planned))
    with sessions.transaction(session) as db:
        quotas.expect_entries(db, session, len(rows))
        quotas.expect_media(db, session, sum(len(row["sealed"]) for row in (*media_rows, *photo_rows)))
        for begin in range(0, len(rows), _STEP):
            db.table("entries").insert_all(rows[begin : begin + _STEP], ignore=True)
            progress(_SEALED + (1 - _SEALED) * begin / len(rows))
        _expect_all(db, session, planned)
        db.table("readings").insert_all(reading_rows)
        if (media_rows or photo_rows) and "media" not in consents.given(session.account_id):
            raise errors.KeepingNotAllowed()
        for row in media_rows:
            db.table("media").insert(row)
        for row in transcript_rows:
            db.table("transcripts").insert(row)
        for row in photo_rows:
            db.table("photos").insert(row)
        db.table("tastes").insert_all(music_feedback.as_row(session, feedback) for feedback in planned.music_feedback)
        db.table("own_tracks").insert_all(own_tracks.as_row(session, track) for track in planned.own_tracks)
        db.table("music_lists").insert_all(music_lists.as_row(session, saved) for saved in planned.music_lists)
        trackers.insert_all(db, session, planned.trackers.new, value_rows)
        db.table("preferences").insert_all(
            (
                {"account_id": session.account_id, "name": name, "value": json.dumps(value)}
                for name, value in planned.preferences.items()
            ),
            ignore=True,  # what the person chose in this account stays
        )
        if file.learns_since is not None:
            # Haru goes on learning from imported corrections, unless the person switched learning off here.
            db.execute(
                "update accounts set learns_since = min(learns_since, ?) where id = ?",
                [database.timestamp(datetime.fromisoformat(file.learns_since)), session.account_id],
            )
    progress(1.0)
    return len(rows)


def _entry_rows(session: Session, planned: ImportPlan, progress: Progress) -> Iterator[dict]:
    for place, parsed in enumerate(planned.new):
        if place % _STEP == 0:
            progress(_ENTRIES_SEALED * place / len(planned.new))
        yield entries.as_row(session, parsed.entry)


def _reading_rows(session: Session, planned: ImportPlan) -> Iterator[dict]:
    for parsed in planned.new:
        for reading, created_at in parsed.readings:
            yield readings.as_row(session, parsed.entry.id, reading, created_at)


def _media_rows(session: Session, file: ParsedFile, planned: ImportPlan) -> tuple[list[dict], list[dict]]:
    """The rows of all recordings and pictures, and those of their transcripts."""
    # All of them fit into memory: detect.LARGEST and foreign_photos.py limit what a zip holds.
    media_rows: list[dict] = []
    transcript_rows: list[dict] = []
    if file.unpack is None:
        return media_rows, transcript_rows
    for parsed in planned.new:
        for medium in parsed.media:
            if medium.kind == "photo":
                continue
            new = NewMedium(medium.kind, file.unpack(medium.file))
            row = media.as_row(session, parsed.entry.id, new, medium.created_at)
            media_rows.append(row)
            if medium.transcript is not None:
                transcript_rows.append(
                    transcripts.as_row(session, row["id"], parsed.entry.id, medium.transcript, medium.transcribed_at)
                )
    return media_rows, transcript_rows


def _photo_rows(session: Session, file: ParsedFile, planned: ImportPlan, progress: Progress) -> Iterator[dict]:
    """The rows of all photographs, each without metadata: somebody may have exchanged the file in the zip."""
    if file.unpack is None:
        return
    found = [(parsed.entry.id, medium) for parsed in planned.new for medium in parsed.media if medium.kind == "photo"]
    found += planned.photos_of_known
    budget = Budget()
    for number, (entry_id, medium) in enumerate(found):
        budget.check()
        progress(_ENTRIES_SEALED + (_SEALED - _ENTRIES_SEALED) * number / len(found))
        try:
            photo = photos.photo_of(file.unpack(medium.file))
        except Refusal:
            continue  # damaged, and beyond the pixels that openable.py decodes of one file
        yield photos.as_row(session, entry_id, photo, medium.created_at)


def _expect_all(db: Database, session: Session, planned: ImportPlan) -> None:
    """Stops the import if another tab or another diary took or deleted one of the ids after the plan was made."""
    expected = {parsed.entry.id: database.timestamp(parsed.entry.created_at) for parsed in planned.new}
    mine = dict(db.execute("select id, created_at from entries where account_id = ?", [session.account_id]).fetchall())
    if any(mine.get(entry_id) != created_at for entry_id, created_at in expected.items()):
        raise errors.DiaryMovedOn()
    if any(entry_id not in mine for entry_id, _ in planned.photos_of_known):
        raise errors.DiaryMovedOn()
