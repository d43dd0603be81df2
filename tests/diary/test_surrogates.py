from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import surrogates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("오늘 🌙", "오늘 🌙"),
        ("half a \ud83d pair", "half a \ufffd pair"),
        ("at the end \ud83d", "at the end \ufffd"),
        ("\udf19 at the beginning", "\ufffd at the beginning"),
        ("two halves \ud83c\udf19 that belong together", "two halves 🌙 that belong together"),
    ],
)
def test_halves_are_joined_or_replaced(text: str, shown: str) -> None:
    assert surrogates.repaired(text) == shown


@given(st.text(st.characters()))
def test_whatever_was_stored_can_be_written_as_utf_8_afterwards(text: str) -> None:
    shown = surrogates.decoded(text.encode("utf-8", "surrogatepass"))
    shown.encode()
    assert shown == surrogates.repaired(text)


def test_json_is_mended_in_every_place_and_counted() -> None:
    content = {"no\ud800te": ["a \udfff", {"b": "🌙\ud800"}], "n": 1.5}
    mended, count = surrogates.read_json(json.dumps(content))
    assert mended == {"no\ufffdte": ["a \ufffd", {"b": "🌙\ufffd"}], "n": 1.5}
    assert count == 3


def test_json_without_halves_stays_as_it_is() -> None:
    content = {"note": "🌙 \ufffd \\ud800"}
    assert surrogates.read_json(json.dumps(content)) == (content, 0)
    assert surrogates.read_json(json.dumps(content, ensure_ascii=False)) == (content, 0)
