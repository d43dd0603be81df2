"""Transcripts travel with their recordings: in the zip, sealed again at the import, and never at the entries' cost."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from diary import consents, database, entries, media, transcripts
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import detect, export, export_parts, import_plan, importing
from language import LANGUAGES, catalogue
from stt.transcript import Segment, Transcript, Word
from tests.diary.damaging import turn_a_bit
from tests.diary.transfer.conftest import JPEG, WAV, ZONE

DAY = date(2026, 1, 2)
SAID = Transcript(
    (
        Segment((Word("오늘은", 0.0, 0.52, 0.91), Word(" 비가", 0.52, 1.1, 0.4))),
        Segment((Word("그래도", 4.0, 4.4, 1.0), Word(' "좋았다"', 4.4, 5.0, 0.7))),
    ),
    "ko",
    0.97,
    6.5,
    "whisper-base 1",
)


@pytest.fixture
def speaker(person: Session) -> Session:
    """A person with one entry: a recording with a transcript, one without, and a picture."""
    consents.set_given(person, "media", True)
    kept = [NewMedium("sound", WAV, SAID), NewMedium("sound", WAV), NewMedium("picture", JPEG)]
    entries.add(person, NewEntry("sadness", 2, DAY, ZONE, note="오늘은 비가 그래도"), media=kept)
    return person


def stored(session: Session) -> list[Transcript | None]:
    """The transcript of each medium of the only entry."""
    (entry,) = entries.every(session)
    return [transcripts.of_medium(session, medium.id) for medium in media.of_entry(session, entry.id)]


def forget_entries(session: Session) -> None:
    with database.transaction() as db:
        db["entries"].delete_where("account_id = ?", [session.account_id])


def content_of(packed: bytes) -> dict:
    return json.loads(zipfile.ZipFile(io.BytesIO(packed)).read("haru.json"))


def rewritten(packed: bytes, change: Callable[[dict], object], files: bytes | None = None) -> bytes:
    """The same zip, after `change` of its JSON; `files` replaces the content of its recordings."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "haru.json":
                document = json.loads(content)
                change(document)
                content = json.dumps(document).encode()
            elif files is not None and name.endswith(".wav"):
                content = files
            after.writestr(name, content)
    return made.getvalue()


def with_transcript(packed: bytes, change: Callable[[dict], object]) -> bytes:
    """The same zip, after `change` of the line of the recording that has a transcript."""

    def change_line(document: dict) -> None:
        (line,) = (medium for medium in document["entries"][0]["media"] if "transcript" in medium)
        change(line)

    return rewritten(packed, change_line)


def test_a_transcript_comes_back_with_its_recording_and_its_time(speaker: Session, import_file: Callable) -> None:
    exported = export.as_zip(speaker)
    (before,) = transcripts.between(speaker, DAY, DAY).values()
    forget_entries(speaker)
    planned = import_file(speaker, exported)
    assert (planned.media, planned.transcripts, planned.transcripts_damaged) == (3, 1, 0)
    assert stored(speaker) == [SAID, None, None]
    assert list(transcripts.between(speaker, DAY, DAY).values()) == [before]
    assert [line["transcript"]["text"] for line in content_of(exported)["entries"][0]["media"][:1]] == [SAID.text]


def test_it_is_sealed_anew_for_another_account(
    speaker: Session, stranger: Session, import_file: Callable, data_folder
) -> None:
    consents.set_given(stranger, "media", True)
    import_file(stranger, export.as_zip(speaker), was_mine=True)
    assert stored(stranger) == [SAID, None, None]
    whole = b"".join(file.read_bytes() for file in data_folder.rglob("*") if file.is_file())
    assert "좋았다".encode() not in whole
    with database.connect() as db:
        sealed = [row["sealed"] for row in db["transcripts"].rows]
    assert len(set(sealed)) == 2


def test_two_exports_are_the_same_after_an_import(speaker: Session, import_file: Callable) -> None:
    def lines(packed: bytes) -> list:
        found = content_of(packed)["entries"][0]["media"]
        return [{name: value for name, value in line.items() if name != "file"} for line in found]

    exported = export.as_zip(speaker)
    forget_entries(speaker)
    import_file(speaker, exported)
    assert lines(export.as_zip(speaker)) == lines(exported)


def test_without_recordings_there_are_no_transcripts(speaker: Session) -> None:
    exported = json.loads(export.as_json(speaker))
    assert exported["left_out"]["transcripts"] == 0
    assert "media" not in exported["entries"][0]


def test_a_file_of_version_2_is_still_read(speaker: Session, import_file: Callable) -> None:
    def older(document: dict) -> None:
        document["version"] = 2
        del document["left_out"]["transcripts"]
        for medium in document["entries"][0]["media"]:
            medium.pop("transcript", None)

    exported = rewritten(export.as_zip(speaker), older)
    forget_entries(speaker)
    planned = import_file(speaker, exported)
    assert (planned.media, planned.transcripts, planned.transcripts_damaged) == (3, 0, 0)
    assert stored(speaker) == [None, None, None]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.update(transcript=None),
        lambda line: line.update(transcript="오늘은"),
        lambda line: line.update(transcript=[]),
        lambda line: line["transcript"].pop("segments"),
        lambda line: line["transcript"].pop("created_at"),
        lambda line: line["transcript"].update(created_at="yesterday"),
        lambda line: line["transcript"].update(created_at="2026-01-02T03:04:05"),
        lambda line: line["transcript"].update(segments=[[["word", math.nan, 1.0, 0.5]]]),
        lambda line: line["transcript"].update(segments=[[["word", 5.0, 1.0, 0.5]]]),
        lambda line: line["transcript"].update(segments=[[["w" * 1000, 0.0, 1.0, 0.5]]]),
        lambda line: line["transcript"].update(segments=[[["w", 0, 1, 0.5]] * (transcripts.WORDS_MAX + 1)]),
        lambda line: line["transcript"].update(seconds=-1),
        lambda line: line["transcript"].update(model="m" * 1000),
    ],
)
def test_a_damaged_transcript_is_counted_and_costs_nothing_else(
    speaker: Session, import_file: Callable, change: Callable[[dict], object]
) -> None:
    exported = with_transcript(export.as_zip(speaker), change)
    forget_entries(speaker)
    planned = import_file(speaker, exported)
    assert (len(planned.new), planned.media, planned.transcripts, planned.transcripts_damaged) == (1, 3, 0, 1)
    assert stored(speaker) == [None, None, None]
    assert len(transcripts.untranscribed(speaker)) == 2


def test_the_picture_of_a_file_has_no_transcript(speaker: Session, import_file: Callable) -> None:
    def move_to_picture(line: dict) -> None:
        line.update(kind="picture", mime="image/jpeg")

    parsed = detect.read(with_transcript(export.as_zip(speaker), move_to_picture), ZONE)
    (medium, *_) = parsed.entries[0].media
    assert (medium.transcript, medium.is_transcript_damaged) == (None, True)


def test_a_recording_that_cannot_be_opened_takes_its_transcript_along(speaker: Session, import_file: Callable) -> None:
    exported = rewritten(export.as_zip(speaker), lambda document: None, files=b"no sound")
    forget_entries(speaker)
    planned = import_file(speaker, exported)
    assert (planned.media, planned.media_damaged, planned.transcripts) == (1, 2, 0)
    with database.connect() as db:
        assert db["transcripts"].count == 0


def test_where_keeping_is_not_allowed_no_transcript_comes(speaker: Session, import_file: Callable) -> None:
    exported = export.as_zip(speaker)
    forget_entries(speaker)
    consents.set_given(speaker, "media", False)
    planned = import_file(speaker, exported)
    assert (planned.media_left_out, planned.transcripts, planned.transcripts_damaged) == (3, 0, 0)
    with database.connect() as db:
        assert db["transcripts"].count == 0


def test_a_damaged_transcript_is_left_out_of_the_export_and_counted(speaker: Session, import_file: Callable) -> None:
    with database.connect() as db:
        (medium_id,) = (row["medium_id"] for row in db["transcripts"].rows)
    assert export.left_out(speaker, with_media=True).transcripts == 0
    turn_a_bit("transcripts", "sealed", "medium_id", medium_id)
    assert export.left_out(speaker, with_media=True).transcripts == 1
    assert export.left_out(speaker, with_media=False).transcripts == 0
    exported = export.as_zip(speaker)
    left_out = content_of(exported)["left_out"]
    assert {kind: count for kind, count in left_out.items() if count} == {"transcripts": 1}
    forget_entries(speaker)
    planned = import_file(speaker, exported)
    assert (planned.media, planned.transcripts, planned.transcripts_damaged) == (3, 0, 0)


def test_transcripts_count_towards_the_size_of_a_part(speaker: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    long = Transcript((Segment((Word("하" * 100, 0.0, 1.0, 1.0),) * 3000),), "ko", 1.0, 900.0, "m")
    for day in (3, 4):
        entries.add(speaker, NewEntry("fear", 1, date(2026, 1, day), ZONE), media=[NewMedium("sound", WAV, long)])
    monkeypatch.setattr(export_parts, "PART_TEXT_BYTES", 2_500_000)
    assert len(export_parts.parts(speaker, with_media=False)) == 1
    parts = export_parts.parts(speaker, with_media=True)
    assert len(parts) == 2
    for part in parts:
        content = zipfile.ZipFile(io.BytesIO(export.as_zip(speaker, part))).read("haru.json")
        assert len(content) < 1.1 * export_parts.PART_TEXT_BYTES


def test_an_import_that_breaks_off_leaves_no_transcript(speaker: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = detect.read(export.as_zip(speaker), ZONE)
    forget_entries(speaker)
    planned = import_plan.plan(speaker, arrival, {}, zone=ZONE)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    # Music is stored after the media.
    broken = replace(planned, music_feedback=({"said": "liked"},))
    monkeypatch.setattr(importing.music_feedback, "as_row", fail)
    with pytest.raises(RuntimeError):
        importing.run_import(speaker, arrival, broken)
    with database.connect() as db:
        assert (db["entries"].count, db["media"].count, db["transcripts"].count) == (0, 0, 0)
    importing.run_import(speaker, arrival, planned)
    assert stored(speaker) == [SAID, None, None]


def test_every_count_has_its_sentence() -> None:
    keys = ("import.transcripts", "import.transcripts_damaged", "export.left_out_transcripts")
    assert all("{count}" in catalogue(language)[key] for language in LANGUAGES for key in keys)
