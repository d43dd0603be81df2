"""Backups of Pixels."""

from __future__ import annotations

import json
from datetime import date

import pytest

from diary import errors
from diary.transfer.parsed import ForeignEntry
from tests.diary.transfer.files import foreign_entries


def test_pixels_with_several_scores_a_day() -> None:
    pixels = [
        {
            "date": "2026-1-5",
            "type": "Mood",
            "scores": [4, 4],
            "notes": "눈",
            "tags": [{"type": "Emotions", "entries": ["calm"]}],
        },
        {"date": "2026-1-6", "type": "Mood", "scores": [], "notes": "", "tags": []},
    ]
    first, second = foreign_entries(json.dumps(pixels))
    assert first == ForeignEntry("4", date(2026, 1, 5), note="눈", tags=("calm",))
    assert second == ForeignEntry("4", date(2026, 1, 5), turn=1)
    assert first.fingerprint() != second.fingerprint()


def test_pixels_of_earlier_years() -> None:
    old = [{"date": "2019-01-28", "mood": 3, "emotions": ["fun", "angry"], "notes": "Zoo."}]
    assert foreign_entries(json.dumps(old)) == [
        ForeignEntry("3", date(2019, 1, 28), note="Zoo.", tags=("fun", "angry"))
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"scores": "4"},
        {"scores": [4.5]},
        {"scores": [True]},
        {"notes": 3},
        {"tags": [3]},
        {"date": None},
        {"date": "?"},
    ],
)
def test_pixels_with_something_else_inside(change: dict) -> None:
    pixel = {"date": "2026-1-5", "type": "Mood", "scores": [4], "notes": "", "tags": []} | change
    with pytest.raises(errors.FileRefused):
        foreign_entries(json.dumps([pixel]))
