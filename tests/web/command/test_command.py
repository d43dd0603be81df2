"""`haru keep`, `month`, `sign-in` and `sign-out` against the real API, and against what is none."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

import settings
from diary import api_tokens, days, entries, inbox, throttle
from diary.api_tokens import NewToken
from diary.sessions import Session
from language import say
from tests.conftest import PASSWORD
from tests.diary.histories import keep
from tests.web.api.server import serving
from tests.web.conftest import free_port
from web import serve
from web.command import credentials
from web.command.__main__ import ExitCode, main
from web.command.client import Client
from web.command.credentials import Credentials
from web.command.month import colours_of, drawn


@pytest.fixture
def address(data_folder: Path) -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture(autouse=True)
def of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config folder of its own, and an English shell."""
    folder = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return folder / "haru" / "sign-in.json"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    def run_command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        """The exit status, what was printed, and what was said on standard error."""
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        out, error = capsys.readouterr()
        return code, out, error

    return run_command


def token_of(session: Session, *scopes: str) -> str:
    return api_tokens.make(session, NewToken("a terminal", scopes, 30), PASSWORD)


def signed_in(session: Session, url: str, *scopes: str) -> None:
    credentials.store(Credentials(url, token_of(session, *scopes)))


def test_signing_in_stores_the_token_for_this_user_only(
    run: Callable, person: Session, address: str, of_this_user: Path
) -> None:
    token = token_of(person, "write", "moods")
    code, out, _ = run("sign-in", address + "/", typed=token + "\n")
    assert (code, credentials.load()) == (ExitCode.DONE, Credentials(address, token))
    assert say("en", "token.scope_write") in out
    assert token not in out
    assert stat.S_IMODE(of_this_user.stat().st_mode) == 0o600
    assert stat.S_IMODE(of_this_user.parent.stat().st_mode) == 0o700
    assert [path.name for path in of_this_user.parent.iterdir()] == ["sign-in.json"]
    of_this_user.chmod(0o644)
    run("sign-in", address, typed=token)
    assert stat.S_IMODE(of_this_user.stat().st_mode) == 0o600


def test_a_wrong_token_is_not_stored(run: Callable, person: Session, address: str, of_this_user: Path) -> None:
    for typed in ("haru_" + "x" * 43, "", "é"):
        code, _, error = run("sign-in", address, typed=typed)
        assert code == ExitCode.SIGNED_OUT
        assert error.strip() in (say("en", "error.token_unknown"), say("en", "error.token_missing"))
    assert not of_this_user.exists()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://diary.example.org", "needs_https"),
        ("http://192.168.0.5:8501", "needs_https"),
        ("ftp://diary.example.org", "no_address"),
        ("https://me:secret@diary.example.org", "no_address"),
        ("http://[broken", "no_address"),
        ("https://", "no_address"),
        ("http://127.0.0.1:99999", "no_address"),
    ],
)
def test_no_token_goes_to_such_an_address(run: Callable, url: str, key: str) -> None:
    assert run("sign-in", url, typed="haru_") == (ExitCode.REFUSED, "", say("en", f"command.{key}") + "\n")


def test_signing_out_ends_the_token_and_deletes_it(
    run: Callable, person: Session, address: str, of_this_user: Path
) -> None:
    signed_in(person, address, "moods")
    assert run("sign-out") == (ExitCode.DONE, say("en", "command.signed_out_now") + "\n", "")
    assert (api_tokens.every(person), of_this_user.exists()) == ([], False)
    assert run("sign-out")[0] == ExitCode.SIGNED_OUT
    signed_in(person, f"http://127.0.0.1:{free_port()}", "moods")
    code, out, _ = run("sign-out")
    assert (code, of_this_user.exists()) == (ExitCode.DONE, False)
    assert "Settings" in out


def test_keeping_an_entry(run: Callable, person: Session, address: str) -> None:
    signed_in(person, address, "write", "notes")
    arguments = ("--day", "2026-11-20", "--time", "21:30", "--strength", "5", "--tag", "walk", "--tag", "#river")
    code, out, _ = run("keep", "기쁨", "by the river", *arguments)
    assert (code, out) == (0, say("en", "command.kept", mood="Happiness", day="2026-11-20") + "\n")
    (entry,) = entries.of_day(person, date(2026, 11, 20))
    assert (entry.mood, entry.intensity, entry.note, entry.tags) == ("happiness", 5, "by the river", ("walk", "river"))
    run("keep", "SAD", "-", typed="a note\nof two lines\n")
    assert entries.latest(person).note == "a note\nof two lines"
    assert entries.latest(person).mood == "sadness"


def test_a_token_without_the_key_says_when_the_entry_appears(run: Callable, person: Session, address: str) -> None:
    signed_in(person, address, "write")
    assert "when you open the diary" in run("keep", "fear")[1]
    assert inbox.count(person.account_id) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("keep",),
        ("keep", "bliss"),
        ("keep", ""),
        ("keep", "s"),
        ("keep", "fear", "--day", "yesterday"),
        ("keep", "fear", "--time", "late"),
        ("keep", "fear", "--strength", "6"),
        ("keep", "fear", "a note", "another"),
        ("month", "November"),
        ("month", "2026-13"),
        ("sign-in",),
    ],
    ids=str,
)
def test_what_is_typed_wrong_is_said_at_once(run: Callable, arguments: tuple[str, ...]) -> None:
    code, out, error = run(*arguments)
    assert (code, out) == (ExitCode.MISUSED, "")
    assert error


def test_each_refusal_has_its_sentence_and_its_code(
    run: Callable, person: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("month") == (ExitCode.SIGNED_OUT, "", say("en", "command.signed_out") + "\n")
    signed_in(person, address, "moods")
    code, _, error = run("keep", "fear")
    assert (code, error.strip()) == (
        ExitCode.REFUSED,
        say("en", "error.scope_missing", scope=say("en", "token.scope_write")),
    )
    assert "2999" not in run("month", "2026-11")[1]
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert run("keep", "fear")[2].strip() == say("ko", "error.scope_missing", scope=say("ko", "token.scope_write"))
    monkeypatch.setattr(throttle, "API_BY_TOKEN", throttle.Limit("t", 1, throttle.LONGEST_WAIT))
    run("month")
    assert run("month")[0] == ExitCode.REFUSED
    api_tokens.revoke(person, api_tokens.every(person)[0].id)
    code, _, error = run("month")
    assert (code, error.strip()) == (ExitCode.SIGNED_OUT, say("ko", "error.token_unknown"))


def answered(response: Response) -> Starlette:
    async def answer(_request: Request) -> Response:
        return response

    return Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "DELETE"])])


@pytest.mark.parametrize(
    "response",
    [
        PlainTextResponse("Bad gateway", status_code=502),
        PlainTextResponse("It works!"),
        Response("{", media_type="application/json"),
        JSONResponse([1]),
        JSONResponse({"hello": 1}),
        JSONResponse({"error": "no"}, status_code=500),
    ],
    ids=[f"case {number}" for number in range(6)],
)
def test_what_is_not_haru_is_said(run: Callable, person: Session, response: Response) -> None:
    with serving(answered(response)) as url:
        signed_in(person, url, "moods")
        code, out, error = run("month")
        assert (code, out) == (ExitCode.UNREACHABLE, "")
        assert "address" in error


def test_the_token_does_not_follow_to_another_address(run: Callable, person: Session) -> None:
    asked = []

    async def elsewhere(request: Request) -> Response:
        asked.append(request.headers.get("authorization"))
        return JSONResponse({})

    with (
        serving(Starlette(routes=[Route("/{rest:path}", elsewhere)])) as other,
        serving(answered(RedirectResponse(other + "/api/v1/token"))) as url,
    ):
        signed_in(person, url, "moods")
        assert run("month")[0] == ExitCode.UNREACHABLE
    assert asked == []


def test_offline_it_says_so(run: Callable, person: Session) -> None:
    signed_in(person, f"http://127.0.0.1:{free_port()}", "write", "moods")
    for command in (("month",), ("keep", "fear")):
        code, out, error = run(*command)
        assert (code, out) == (ExitCode.UNREACHABLE, "")
        assert "does not answer" in error


def test_a_lost_answer_keeps_one_entry(
    run: Callable, person: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, lost = Client._ask, []

    def ask_and_lose_the_first(self, *arguments):
        answer = ask(self, *arguments)
        if not lost:
            lost.append(answer)
            raise ConnectionResetError
        return answer

    monkeypatch.setattr(Client, "_ask", ask_and_lose_the_first)
    signed_in(person, address, "write", "notes")
    assert run("keep", "fear")[0] == ExitCode.DONE
    assert entries.count(person) == len(lost) == 1


def test_a_config_folder_that_cannot_be_written_is_said(
    run: Callable, person: Session, address: str, of_this_user: Path
) -> None:
    of_this_user.parent.parent.mkdir(exist_ok=True)
    of_this_user.parent.write_text("a file", encoding="utf-8")
    code, _, error = run("sign-in", address, typed=token_of(person, "moods"))
    assert code == ExitCode.REFUSED
    assert str(of_this_user) in error


def test_a_month_by_name_where_there_are_no_colours(run: Callable, person: Session, address: str) -> None:
    for day, mood in (("02", "fear"), ("02", "happiness"), ("30", "sadness")):
        keep(person, f"2026-11-{day}", mood)
    signed_in(person, address, "moods")
    code, out, _ = run("month", "2026-11")
    assert (code, out.splitlines()) == (
        0,
        ["November 2026", "   2 Monday  Fear, Happiness", "  30 Monday  Sadness"],
    )
    assert run("month", "2020-01")[1].splitlines() == ["January 2020", say("en", "command.month_empty")]


def test_this_month_is_that_of_the_person_s_time_zone(
    run: Callable, person: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "today", lambda zone: {"Asia/Seoul": date(2019, 12, 1)}[zone])
    signed_in(person, address, "moods")
    assert run("month")[1].splitlines()[0] == "December 2019"


@pytest.mark.parametrize(("language", "head"), [("en", "Su,Mo,Tu,We,Th,Fr,Sa"), ("ko", "일,월,화,수,목,금,토")])
def test_a_month_in_colours(language: str, head: str) -> None:
    found = {
        "month": "2026-11",
        "first_weekday": 6,
        "days": [{"day": "2026-11-03", "mood": "happiness", "moods": ["happiness"]}],
        "counts": {"happiness": 1, "fear": 0},
        "waiting": 2,
    }
    for colours in (256, 2**24):
        lines = list(drawn(found, language, colours))
        plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
        assert plain[1:3] == ["".join(f" {day} " for day in head.split(",")), "  1   2   3   4   5   6   7"]
        assert len(plain) == 1 + 1 + 5 + 1 + 1
        (coloured,) = [line for line in lines[2:7] if "\x1b" in line]
        code = "48;2;244;200;54" if colours > 256 else "48;5;"
        assert f"\x1b[{code}" in coloured
        assert coloured.count("\x1b[0m") == 1
        assert say(language, "command.month_waiting", count=2) == lines[-1]


def test_colours_only_where_the_terminal_shows_them() -> None:
    assert colours_of(True, {"TERM": "xterm", "COLORTERM": "truecolor"}) == 2**24
    assert colours_of(True, {"TERM": "xterm-256color"}) == 256
    for is_terminal, environment in (
        (False, {"TERM": "xterm"}),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}),
        (True, {"TERM": "dumb"}),
        (True, {}),
    ):
        assert colours_of(is_terminal, environment) == 0


def test_without_a_command_haru_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[list[str]] = []
    monkeypatch.setattr(serve, "main", served.append)
    assert main([]) == main(["--port", "8600"]) == ExitCode.DONE
    assert served == [[], ["--port", "8600"]]


def test_the_commands_start_without_the_models_and_the_database() -> None:
    loaded = "import sys; from web.command import __main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=settings.PROJECT, capture_output=True, text=True)
    heavy = {"torch", "streamlit", "numpy", "diary", "sqlite_utils", "starlette"}
    assert heavy.isdisjoint(done.stdout.split()), done.stderr
