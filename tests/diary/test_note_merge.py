from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import note_merge


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("", "", "", ""),
        ("a", "a", "b", "b"),
        ("a", "b", "a", "b"),
        ("a", "b", "b", "b"),
        ("", "mine", "theirs", "mine\n\ntheirs"),
        ("", "one two", "one", "one two"),
        ("Rain.", "Rain. Sun.", "Rain.\n\nWind.", "Rain. Sun.\n\nWind."),
        ("Rain.", "Rain.\n\nWind.", "Rain. Sun.", "Rain. Sun.\n\nWind."),
        ("Rain.", "Snow.", "First.\nRain.", "First.\nSnow."),
        ("one\ntwo\nthree", "one!\ntwo\nthree", "one\ntwo\nthree!", "one!\ntwo\nthree!"),
        ("one\ntwo\nthree", "one\nthree", "one\ntwo\nthree\nfour", "one\nthree\nfour"),
        ("one\ntwo", "one\nTWO", "one\nzwei", "one\nTWO\n\nzwei"),
        ("a\n\nb", "a+\n\nb", "a\n\nb+", "a+\n\nb+"),
        ("비가 왔다", "비가 왔다. 그리고 갰다", "비가 왔다. 오래", "비가 왔다. 그리고 갰다\n\n비가 왔다. 오래"),
    ],
)
def test_both_changes_are_in_the_joined_note(base: str, mine: str, theirs: str, expected: str) -> None:
    assert note_merge.merged(base, mine, theirs) == expected


def test_typing_on_in_two_tabs_does_not_double_the_note() -> None:
    one = two = base = ""
    for number in range(10):
        one += f"{'' if not one else chr(10)}first {number}"
        joined = note_merge.merged(base, two, one)
        two, base = joined + f"\nsecond {number}", joined
        one = two
    assert len(one.split("\n")) == 20


LINES = st.lists(st.text("ab ", max_size=3), max_size=6).map("\n".join)


@given(LINES, LINES, LINES)
def test_no_line_that_somebody_added_is_lost(base: str, mine: str, theirs: str) -> None:
    joined = note_merge.merged(base, mine, theirs)
    for text in (mine, theirs):
        for line in set(text.split("\n")) - set(base.split("\n")):
            assert line.strip() in joined
