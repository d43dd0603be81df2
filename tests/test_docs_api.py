"""Every recipe of docs/api.md works against the real API."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import jinja2
import pytest
import yaml

from diary import api_tokens, entries, trackers
from diary.api_tokens import SCOPES, NewToken
from diary.sessions import Session
from diary.trackers import Tracker
from emotions import SEVEN
from tests.conftest import PASSWORD
from tests.web.api.conftest import DOCUMENT
from tests.web.api.server import serving
from web.command import credentials
from web.command.__main__ import ExitCode, main
from web.command.credentials import Credentials

TEXT = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
HERE = "https://diary.example.org"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


CURL = [block for block in blocks("sh") if block.startswith("curl")]
COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("haru ")]


@pytest.fixture
def url(data_folder: Path) -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def token(person: Session) -> str:
    return api_tokens.make(person, NewToken("recipes", SCOPES, 30), PASSWORD)


@pytest.fixture
def signed_in(url: str, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    credentials.store(Credentials(url, token))


@pytest.mark.parametrize("recipe", CURL, ids=lambda recipe: recipe.split("/api/v1")[1].split()[0])
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_each_line_of_curl_works(recipe: str, url: str, token: str, person: Session) -> None:
    trackers.add(person, Tracker("Coffee", "☕", "count"))
    command = shlex.split(recipe.replace("\\\n", " ").replace("$HARU_TOKEN", token).replace(HERE, url))
    done = subprocess.run([*command, "--silent", "--noproxy", "*"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    if "-d" in command:
        (entry,) = entries.every(person)
        sent = json.loads(command[command.index("-d") + 1])
        assert sent["mood"] in (entry.mood, next(mood.ko for mood in SEVEN if mood.key == entry.mood))
        assert (sent.get("note", ""), sent.get("strength", 3)) == (entry.note, entry.intensity)
        assert (sent.get("tags", []), sent.get("feelings", [])) == ([*entry.tags], [*entry.feelings])
    if "DELETE" in command:
        assert api_tokens.every(person) == []


def test_there_is_a_line_of_curl_for_each_scope() -> None:
    paths = [recipe.split("/api/v1")[1].split()[0] for recipe in CURL]
    assert len(paths) == 7
    assert len(set(paths)) == 6


def test_the_body_of_the_shortcut_is_kept(url: str, token: str, person: Session) -> None:
    (body,) = blocks("json")
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.post(f"{url}/api/v1/entries", json=json.loads(body), headers=headers).status_code == 201
    assert [(entry.mood, entry.note) for entry in entries.every(person)] == [("happiness", "지하철에서")]
    (names,) = re.findall(r"with the names (.*?), or", TEXT)
    assert names.split(", ") == [mood.ko for mood in SEVEN]


def test_the_command_of_home_assistant_keeps_a_day(url: str, token: str, person: Session) -> None:
    class WithSecrets(yaml.SafeLoader):
        pass

    WithSecrets.add_constructor("!secret", lambda loader, node: f"Bearer {token}")
    configuration, automation = (yaml.load(block, WithSecrets) for block in blocks("yaml"))  # noqa: S506
    domain, name = automation["action"].split(".")
    command = configuration[domain][name]
    environment = jinja2.Environment()  # noqa: S701 - a recipe makes JSON, no page
    environment.filters["to_json"] = json.dumps  # as Home Assistant names it
    payload = environment.from_string(command["payload"]).render(automation["data"])
    headers = command["headers"] | {"Content-Type": command["content_type"]}
    answer = httpx.request(
        command["method"], command["url"].replace(HERE, url), content=payload.encode(), headers=headers
    )
    assert answer.status_code == 201
    assert [(entry.mood, entry.note, entry.tags) for entry in entries.every(person)] == [
        ("happiness", "Home at six.", ("home",))
    ]


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("line", [line for line in COMMANDS if not line.startswith("haru sign-in")])
def test_each_command_line_works(line: str, person: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(line)[1:]) == ExitCode.DONE, capsys.readouterr().err
    assert entries.count(person) == ("keep" in line)


@pytest.mark.usefixtures("signed_in")
def test_what_the_timer_starts_works(person: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service, timer = blocks("ini")
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(service)
    assert main(shlex.split(unit["Service"]["ExecStart"])[1:]) == ExitCode.DONE, capsys.readouterr().err
    assert [entry.mood for entry in entries.every(person)] == ["neutral"]
    if systemd := shutil.which("systemd-analyze"):
        unit.read_string(timer)
        moment = unit["Timer"]["OnCalendar"]
        assert subprocess.run([systemd, "calendar", moment], capture_output=True).returncode == 0


def test_the_tables_are_those_of_the_code() -> None:
    named = re.findall(r"^\| [\w ]+ \(`(\w+)`\) \|", TEXT, re.MULTILINE)
    assert tuple(named) == SCOPES
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    assert codes == {*ExitCode} - {ExitCode.STOPPED}


def test_every_address_that_it_names_is_described() -> None:
    paths = {re.sub(r"\{\w+\}", "x", path) for path in DOCUMENT["paths"]} | {"/openapi.json"}
    named = set(re.findall(r"/api/v1(/[\w./-]+)", TEXT))
    assert {re.sub(r"/months/.*", "/months/x", path) for path in named} <= paths
