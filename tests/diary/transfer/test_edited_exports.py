"""Exports that somebody edited, and content that nobody expects."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import errors
from diary.sessions import Session
from diary.transfer import detect, export
from tests.diary.transfer.conftest import ZONE
from tests.diary.transfer.files import refused


@pytest.fixture
def exported(diarist: Session) -> bytes:
    return export.as_json(diarist)


def refusal_of(content: dict) -> errors.FileRefused | None:
    """The error for a file with this content, with its sentences checked; None if the file is accepted."""
    try:
        detect.read(json.dumps(content).encode(), ZONE)
    except errors.FileRefused as refusal:
        refused(json.dumps(content).encode())
        return refusal
    return None


CHANGES = [
    {"mood": "bliss"},
    {"mood": ["fear"]},
    {"intensity": 6},
    {"intensity": True},
    {"intensity": 3.0},
    {"day": "2026-13-01"},
    {"day": "2026-01-20"},
    {"day": "1850-01-01", "happened_at": "1850-01-01T03:00:00+00:00"},
    {"happened_at": "2026-01-02T14:59:00"},
    {"happened_at": 5},
    {"time_known": 1},
    {"source": "psychic"},
    {"note": None},
    {"note": "x" * 100_001},
    {"tags": "walk"},
    {"tags": [1]},
    {"tags": [f"{n}" for n in range(21)]},
    {"tags": ["#hash"]},
    {"id": "../../etc/passwd"},
    {"version": 0},
    {"version": "1"},
    {"created_at": "now"},
    {"readings": [{}]},
    {"readings": {}},
    {"readings": [{"source": "voice", "scores": {}, "quality": {}, "sure": True, "model": "m", "created_at": "x"}]},
    {"media": [{"kind": "virus"}]},
    {"media": [3]},
    {"media": [[]]},
    {"media": ["media/a.wav"]},
    {"readings": [[]]},
    {"readings": ["voice"]},
    {"readings": [{"source": "voice", "scores": {}, "quality": [], "sure": True, "model": "m", "created_at": "x"}]},
]


def test_an_entry_that_was_tampered_with_takes_the_whole_file_back(exported: bytes) -> None:
    outcomes = {}
    for change in CHANGES:
        content = json.loads(exported)
        content["entries"][1] |= change
        refusal = refusal_of(content)
        outcomes[str(change)] = refusal and (refusal.code, refusal.facts)
    assert {
        change: outcome for change, outcome in outcomes.items() if outcome != ("line_unreadable", {"place": 2})
    } == {}


def test_a_reading_with_a_list_for_its_qualities(diarist: Session) -> None:
    content = json.loads(export.as_json(diarist))
    content["entries"][1]["readings"][0]["quality"] = []
    assert refused(json.dumps(content).encode()).code == "line_unreadable"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_export_with_anything_in_any_place_is_understood_or_refused(exported: bytes, data: st.DataObject) -> None:
    content = json.loads(exported)
    place = content
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_JSON)
    with suppress(errors.FileRefused):
        detect.read(json.dumps(content).encode(), ZONE)


def test_scores_that_are_no_numbers(diarist: Session) -> None:
    text = export.as_json(diarist).decode()
    assert refused(text.replace('"fear": 0.4', '"fear": NaN').encode()).code == "line_unreadable"
    assert refused(text.replace('"fear": 0.4', '"fear": 0.9').encode()).code == "line_unreadable"


def test_preferences_and_music_of_another_shape(exported: bytes) -> None:
    shapes = [
        *(
            {"preferences": shape}
            for shape in ([], {"x" * 65: 1}, {"": 1}, {"x": [[1]]}, {"x": {}}, {"x": "y" * 301}, 5)
        ),
        *({"music": shape} for shape in ([], {"said": [1]}, {"said": [{"said": "hated"}]}, {"own_tracks": [{}]}, None)),
        {"music": {"said": [{}] * 3001}},
    ]
    refusals = {str(shape)[:60]: refusal_of(json.loads(exported) | shape) for shape in shapes}
    assert {
        shape: refusal for shape, refusal in refusals.items() if not refusal or refusal.code != "file_damaged"
    } == {}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_whatever_the_bytes_it_is_understood_or_refused(content: bytes) -> None:
    with suppress(errors.FileRefused):
        detect.read(content, ZONE)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["format", "version", "account", "entries", "date", "scores", "mood", "notes", "tags", "created_at"]
                )
                | st.text(max_size=3),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    ),
    st.booleans(),
)
def test_whatever_the_json_it_is_understood_or_refused(content: object, as_haru: bool) -> None:
    if as_haru and isinstance(content, dict):
        content = content | {"format": "haru"}
    with suppress(errors.FileRefused):
        detect.read(json.dumps(content).encode(), ZONE)
