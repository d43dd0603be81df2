from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from diary import challenges, database, errors


class LaterDatetime(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + challenges.LIFETIME


def test_a_challenge_is_answered_once(data_folder: Path) -> None:
    challenge, cookie = challenges.new("sign-in")
    assert challenges.redeem(cookie, "sign-in") == challenge
    with pytest.raises(errors.ChallengeExpired):
        challenges.redeem(cookie, "sign-in")


def test_a_challenge_has_one_purpose(data_folder: Path) -> None:
    _, cookie = challenges.new("add of one session")
    with pytest.raises(errors.ChallengeExpired):
        challenges.redeem(cookie, "add of another session")


@pytest.mark.parametrize("cookie", ["", ".", "..", "a.b.c", "가.1.é", "x" * 100_000])
def test_a_made_up_cookie_is_refused(data_folder: Path, cookie: str) -> None:
    with pytest.raises(errors.ChallengeExpired):
        challenges.redeem(cookie, "sign-in")


def test_nobody_prolongs_a_challenge(data_folder: Path) -> None:
    _, cookie = challenges.new("sign-in")
    text, expires, signature = cookie.split(".")
    with pytest.raises(errors.ChallengeExpired):
        challenges.redeem(f"{text}.{int(expires) + 60}.{signature}", "sign-in")


def test_a_challenge_lasts_minutes(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cookie = challenges.new("sign-in")
    monkeypatch.setattr(challenges, "datetime", LaterDatetime)
    with pytest.raises(errors.ChallengeExpired):
        challenges.redeem(cookie, "sign-in")


def test_used_challenges_are_forgotten_in_time(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cookie = challenges.new("sign-in")
    challenges.redeem(cookie, "sign-in")
    with monkeypatch.context() as later:
        later.setattr(challenges, "datetime", LaterDatetime)
        _, second = challenges.new("sign-in")
        challenges.redeem(second, "sign-in")
    with database.connect() as db:
        assert db["used_challenges"].count == 1
