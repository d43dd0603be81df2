"""Passwords that guessing programs try first; the browser's copy of the rule is held to the same cases."""

from __future__ import annotations

import pytest

from diary import common_passwords

COMMON = (
    *("1111111111", "abababababa", "하루하루하루하루하루", "12345123451", "0123456789", "9876543210", "qwertyuiop"),
    *("poiuytrewq", "1q2w3e4r5t", "1qaz2wsx3edc", "Password123", "!!password!!", "iloveyou2026", "비밀번호1234!"),
    *("qlalfqjsgh1", "2026dragon2026", "1234567890", "passwordpassword", "Dragon Monkey 12", "일기장비밀번호!"),
    *("Summer2026!", "december.2026", "2026여름2027겨울", "Winter Winter"),
)
LEAKED = ("123qweasdzxc", "Manchester", "terminator99", "HarryPotter!")
"""The browser knows no list of them: the server says the sentence."""
UNCOMMON = (
    "correct horse battery",
    "비밀번호는 하루하루 다르다",
    "qwertyuiop is not all",
    "passwords-1234",
    "abcabcdabcde",
    "summer rain 2026",
)


@pytest.mark.parametrize("password", [*COMMON, *LEAKED])
def test_common(password: str) -> None:
    assert common_passwords.is_common(password)


@pytest.mark.parametrize("password", UNCOMMON)
def test_uncommon(password: str) -> None:
    assert not common_passwords.is_common(password)
