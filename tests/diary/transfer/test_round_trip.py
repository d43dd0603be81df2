"""Whatever a diary holds, an import after an export gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import (
    accounts,
    entries,
    media,
    sessions,
    transcripts,
)
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from diary.transfer import detect, export, import_plan, importing
from emotions import EMOTIONS
from reading import Reading
from stt.transcript import Segment, Transcript, Word
from tests.conftest import make_argon2_quick, use_folder
from tests.diary.transfer.conftest import ZONE, recording
from tests.diary.transfer.exports import forget_entries, snapshot

_ZONES = st.sampled_from(["Asia/Seoul", "America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "Europe/London"])
_DAYS = st.dates(date(1900, 1, 1), date(2026, 11, 1))
_TIMES = st.none() | st.times()
_TEXTS = st.text(max_size=60) | st.text(st.characters(categories=["Cs", "Lo", "So", "Cc"]), max_size=20)
_TAGS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), max_size=6)
_PERCENT = st.integers(0, 100).map(lambda percent: percent / 100)
_SCORES = st.lists(st.floats(0.01, 1), min_size=7, max_size=7)


@st.composite
def _readings(draw: st.DrawFn) -> Reading:
    raw = draw(_SCORES)
    return Reading(
        scores={emotion: score / sum(raw) for emotion, score in zip(EMOTIONS, raw, strict=True)},
        sure=draw(st.booleans()),
        quality=draw(st.dictionaries(st.text(max_size=8), st.floats(-1e6, 1e6), max_size=3)),
        source=draw(st.sampled_from(["voice", "face", "words", "fusion"])),
        model=draw(st.text(max_size=20)),
    )


@st.composite
def _transcripts(draw: st.DrawFn) -> Transcript:
    words = st.lists(st.tuples(st.text(max_size=8), st.integers(0, 9), st.integers(0, 9), _PERCENT), max_size=3)
    segments = draw(st.lists(words, max_size=2))
    return Transcript(
        tuple(
            Segment(tuple(Word(text, *sorted((a, b)), sure) for text, a, b, sure in each)) for each in segments if each
        ),
        draw(st.sampled_from(["ko", "en", ""])),
        draw(_PERCENT),
        draw(st.integers(0, 900)),
        draw(st.text(max_size=20)),
    )


@st.composite
def _new_entries(draw: st.DrawFn) -> tuple[NewEntry, list[Reading], list[NewMedium]]:
    draft = NewEntry(
        mood=draw(st.sampled_from(EMOTIONS)),
        intensity=draw(st.integers(1, 5)),
        day=draw(_DAYS),
        timezone=draw(_ZONES),
        note=draw(_TEXTS),
        tags=tuple(draw(_TAGS)),
        at=draw(_TIMES),
        source=draw(st.sampled_from(["hand", "voice", "face", "words", "fusion"])),
    )
    sound = draw(st.lists(st.binary(min_size=1, max_size=50).map(recording), max_size=2))
    media = [NewMedium("sound", content, draw(st.none() | _transcripts())) for content in sound]
    return draft, draw(st.lists(_readings(), max_size=2)), media


@pytest.fixture(scope="module")
def mover(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Session]:
    """One account for all examples of a test."""
    with pytest.MonkeyPatch.context() as patch:
        use_folder(patch, tmp_path_factory.mktemp("moving"), empty_database)
        make_argon2_quick(patch)
        token = accounts.sign_up(
            accounts.NewAccount(
                "Mover",
                "a long password",
                born=date(1995, 5, 5),
                allowed=["diary", "media"],
                language="ko",
                timezone=ZONE,
            ),
            today=date(2026, 11, 20),
            address="192.0.2.1",
        )
        session = sessions.find(token)
        assert session is not None
        yield session


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_new_entries(), max_size=6))
def test_import_after_export_is_the_identity(mover: Session, new_entries: list) -> None:
    forget_entries(mover)
    for new, readings, recordings in new_entries:
        entries.add(mover, new, readings, recordings)
    exported, sounds, written = export.as_zip(mover), sounds_of(mover), transcripts_of(mover)
    before = snapshot(mover)
    forget_entries(mover)

    arrival = detect.read(exported, ZONE)
    planned = import_plan.plan(mover, arrival, {}, zone=ZONE)
    assert (planned.already_here, planned.not_yet, planned.media_left_out) == (0, 0, 0)
    importing.run_import(mover, arrival, planned)

    assert snapshot(mover) == before
    assert sounds_of(mover) == sounds
    assert transcripts_of(mover) == written


def transcripts_of(session: Session) -> list[list[str]]:
    """The transcripts of each entry, with the moment at which each was made."""
    by_medium = transcripts.between(session, date.min, date.max)
    return [
        sorted(str(by_medium.get(medium.id)) for medium in media.of_entry(session, entry.id))
        for entry in entries.every(session)
    ]


def sounds_of(session: Session) -> list[list[bytes]]:
    return [
        sorted(media.content(session, medium.id) for medium in media.of_entry(session, entry.id))
        for entry in entries.every(session)
    ]
