"""`haru-admin invite`: a link that works once, the list of them, and how one is revoked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diary import database, invitations
from tests.web.conftest import Browser
from web import admin


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    """The exit status, and the JSON object."""
    status = admin.main(["invite", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_link_lets_one_person_in(browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org")
    capsys.readouterr()
    status, made = run(capsys)
    assert status == 0
    path = made["link"].removeprefix("https://diary.example.org")
    fields = {"name": "Jiwoo", "password": "correct horse battery", "born": "1995", "allow_diary": "yes"}
    assert browser.post(path, fields).status_code == 303
    _, found = run(capsys, "--list")
    assert [(one["invitation"], one["state"], one["name"]) for one in found["invitations"]] == [(1, "used", "Jiwoo")]
    status, found = run(capsys, "--revoke", "1")
    assert (status, "no unused invitation 1" in found["error"]) == (1, True)


def test_the_link_is_shown_once_and_stored_nowhere(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["invite"]) == 0
    link, sentence, advice = capsys.readouterr().out.splitlines()
    assert link.startswith("/account/sign-up?invitation=")
    assert "not shown again" in sentence
    assert "HARU_PUBLIC_URL" in advice
    admin.main(["invite", "--list"])
    token = link.partition("=")[2]
    assert token not in capsys.readouterr().out
    assert token.encode() not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))


def test_the_list_and_a_revoked_link(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--list") == (0, {"invitations": []})
    for _ in range(3):
        run(capsys)
    with database.transaction() as db:
        past = database.timestamp(datetime.now(UTC) - timedelta(days=1))
        db.execute("update invitations set expires_at = ? where id = 2", [past])
    assert run(capsys, "--revoke", "3") == (0, {"revoked": 3})
    _, found = run(capsys, "--list")
    assert [(one["invitation"], one["state"]) for one in found["invitations"]] == [(1, "open"), (2, "expired")]
    admin.main(["invite", "--list"])
    assert [line.split()[::2] for line in capsys.readouterr().out.splitlines()[1:]] == [["1", "open"], ["2", "expired"]]


@pytest.mark.parametrize("days", ["0", "91", "-1", "a", "1.5", "²", "9" * 5000])
def test_days_out_of_range(data_folder: Path, capsys: pytest.CaptureFixture[str], days: str) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.main(["invite", "--days", days])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
    assert invitations.every() == []


def test_the_days_that_were_asked_for(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, made = run(capsys, "--days", "30")
    left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


@pytest.mark.parametrize("sign_up_mode", ["open", "closed"])
def test_where_a_link_is_of_no_use_that_is_said(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sign_up_mode: str
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", sign_up_mode)
    assert admin.main(["invite"]) == 0
    assert f"HARU_SIGN_UP={sign_up_mode}" in capsys.readouterr().out


def test_with_two_people_the_list_names_each(
    sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    for name in ("Jiwoo", "하나"):
        sign_up(name, invitation=invitations.new()[1])
    _, found = run(capsys, "--list")
    assert [one["name"] for one in found["invitations"]] == ["Jiwoo", "하나"]
