"""The HARU_* settings: types, sentences for wrong values, and the READMEs' table."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import settings
from language import LANGUAGES
from tests.imports import imported_by

PROJECT = Path(__file__).parent.parent
BACKUP_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8nbOxj"
TURN = '[{"urls": ["turn:here:3478"], "username": "haru", "credential": "a-secret-word"}]'


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HARU_")]:
        monkeypatch.delenv(name)


def test_without_variables_every_setting_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for emptied in (False, True):
        for setting in settings.ALL:
            if emptied:
                monkeypatch.setenv(setting.name, " ")
            assert setting.get() == setting.default, setting.name
        assert settings.problems() == []
    assert settings.DATA.get() == PROJECT / "data"


def values(folder: Path) -> dict[settings.Setting[Any], tuple[str, Any]]:
    """A usable text of each setting, and what it is read as."""
    weights = folder / "voice.safetensors"
    weights.touch()
    return {
        settings.DATA: (str(folder), folder),
        settings.ADDRESS: ("[::1]", "::1"),
        settings.FORWARDED_ALLOW_IPS: ("127.0.0.1, 10.1.0.0/16,::1", "127.0.0.1, 10.1.0.0/16,::1"),
        settings.DEMO_LANGUAGE: ("ko", "ko"),
        settings.ICE_SERVERS: (TURN, tuple(json.loads(TURN))),
        settings.MUSIC_FOLDER: (str(folder), folder),
        settings.YOUTUBE_KEY: (" AIza_a-key ", "AIza_a-key"),
        settings.SPEECH_MODEL: (str(folder), folder),
        settings.SPEECH_MINUTES: ("2.5", 2.5),
        settings.SIGN_UP: ("invited", "invited"),
        settings.ACCOUNT_ENTRIES: ("20000", 20_000),
        settings.ACCOUNT_MEGABYTES: ("2000", 2000),
        settings.BACKUPS: ("14/0/12", settings.KeptBackups(14, 0, 12)),
        settings.BACKUP_KEY: (BACKUP_KEY, bytes(range(32))),
        settings.BACKUP_TO: (
            "s3://diaries/haru/?endpoint=https://s3.example.org&region=eu",
            settings.BackupPlace("https://s3.example.org", "diaries", "haru", "eu"),
        ),
        settings.BACKUP_USER: ("haru", "haru"),
        settings.BACKUP_PASSWORD: ("a word: ü@/", "a word: ü@/"),
        settings.SMTP: (
            "smtps://haru:p%40ss@mail.example.org",
            settings.SmtpServer("mail.example.org", 465, "tls", "haru", "p@ss"),
        ),
        settings.SMTP_FROM: ("Haru <haru@example.org>", "Haru <haru@example.org>"),
        settings.APPRISE_URL: ("ntfys://ntfy.example.org/{}", "ntfys://ntfy.example.org/{}"),
        settings.APPRISE_LABEL: ("ntfy topic", "ntfy topic"),
        settings.PUBLIC_URL: ("https://diary.example.org/", "https://diary.example.org"),
        settings.OIDC_ISSUER: ("https://login.example.org/realms/main", "https://login.example.org/realms/main"),
        settings.OIDC_CLIENT_ID: ("haru", "haru"),
        settings.OIDC_CLIENT_SECRET: ("a-secret: word", "a-secret: word"),
        settings.OIDC_NAME: ("Example University", "Example University"),
        settings.OIDC_SIGN_UP: ("1", True),
        settings.METRICS_TOKEN: ("a-secret-word-and-more", "a-secret-word-and-more"),
        settings.LOG_LEVEL: ("DEBUG", "debug"),
        settings.LOG_FORMAT: ("json", "json"),
        settings.BASE_PATH: ("haru/diary/", "/haru/diary"),
        settings.FREE_WEIGHTS: ("1", True),
        settings.WEIGHTS: (os.pathsep.join([str(weights), str(folder)]), (weights, folder)),
    }


def test_every_value_arrives_with_its_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    examples = values(tmp_path)
    assert {setting.name for setting in examples} == {setting.name for setting in settings.ALL}
    for setting, (text, value) in examples.items():
        monkeypatch.setenv(setting.name, text)
        assert setting.get() == value, setting.name
    assert settings.problems() == []
    monkeypatch.setenv("HARU_SPEECH_MODEL", "small")
    assert settings.SPEECH_MODEL.get() == tmp_path / "models" / "whisper-small"
    monkeypatch.setenv("HARU_DATA", "~/haru")
    assert settings.DATA.get() == Path.home() / "haru"


def test_a_wrong_value_is_answered_by_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file.txt"
    file.touch()
    wrong = {
        "HARU_DATA": [str(file)],
        "HARU_ADDRESS": ["everywhere", "*", "0.0.0.0:8501", "localhost"],
        "FORWARDED_ALLOW_IPS": ["*", "127.0.0.1,*", "0.0.0.0/0", "::/0", "10.1.0.7/16", "caddy"],
        "HARU_LANG": ["fr", "KO", "ko_KR"],
        "HARU_ICE_SERVERS": [
            *("turn:here:3478", '{"urls": "stun:x"}', "[1]", '[{"url": "stun:x"}]', "null", '[{"urls": []}]'),
            *('[{"urls": [1]}]', '[{"urls": "https://x"}]', '[{"urls": "turn:x", "credential": "a-secret-word"]'),
        ],
        "HARU_MUSIC_FOLDER": [str(file), str(tmp_path / "gone")],
        "HARU_YOUTUBE_KEY": ["a-secret-word and more", "'a-secret-word'"],
        "HARU_SPEECH_MODEL": ["small", "huge", str(tmp_path / "gone"), str(file)],
        "HARU_SPEECH_MINUTES": ["0", "-3", "ten", "nan", "2000"],
        "HARU_SMTP_URL": [
            *("mail.example.org", "https://mail.example.org", "smtp://", "smtps://haru:a-secret-word@mail:x"),
            *("smtps://haru:a-secret-word@mail.example.org/x", "smtps://haru:a-secret-word@mail.example.org"),
        ],
        "HARU_SMTP_FROM": ["haru", "haru@", "@example.org", "haru@example.org\nBcc: x@example.org", "하루@example.org"],
        "HARU_FREE_WEIGHTS": ["yes", "true", "2"],
        "HARU_SIGN_UP": ["yes", "Open", "invite"],
        "HARU_ACCOUNT_ENTRIES": ["0", "-1", "2.5", "many", "1e3"],
        "HARU_ACCOUNT_MEGABYTES": ["0", "-1", "2.5", "many", "1e3"],
        "HARU_BACKUPS": ["7", "7/4", "0/4/6", "7/4/6/1", "-1/4/6", "never", "1000/1/1"],
        "HARU_BACKUP_TO": [
            *("cloud.example.org", "ftp://cloud.example.org", "https://", "https://me:a-secret-word@cloud.example.org"),
            *(
                "http://cloud.example.org/dav",
                "https://cloud.example.org/dav?x=1",
                "s3://",
                "s3://bucket?x=1",
                "https://[",
            ),
            *("s3://bucket?endpoint=http://s3.example.org", "s3://bucket?endpoint=x", "https://cloud.example.org/dav"),
        ],
        "HARU_BACKUP_USER": ["x" * 200, "a\nb"],
        "HARU_BACKUP_PASSWORD": ["a-secret-word\nb"],
        "HARU_BACKUP_KEY": ["a-secret-word", BACKUP_KEY[:-1], BACKUP_KEY.replace("A", "B", 1), BACKUP_KEY + "=="],
        "HARU_APPRISE_URL": [
            *(
                "ntfy.example.org/{}",
                "ntfys://ntfy.example.org/a-secret-word",
                "tgram://a-secret-word/{}/{}",
                "json://{}",
            ),
            *("json://{}:80/x", "json://a-secret-word@{}/x", "json://user:{}@host/", "{}://host/a-secret-word"),
        ],
        "HARU_APPRISE_LABEL": ["x" * 41, "a\nb"],
        "HARU_PUBLIC_URL": [
            *("diary.example.org", "ftp://diary.example.org", "https://", "https://diary.example.org/haru"),
            *("https://me:a-secret-word@diary.example.org", "https://diary.example.org?x=1", "https://[::1"),
        ],
        "HARU_OIDC_ISSUER": [
            *("login.example.org", "http://login.example.org", "https://", "https://login.example.org?x=1"),
            *("https://me:a-secret-word@login.example.org", "https://[::1", "https://login.example.org"),
        ],
        "HARU_OIDC_CLIENT_ID": ["하루"],
        "HARU_OIDC_CLIENT_SECRET": ["a-secret-word-하루"],
        "HARU_OIDC_NAME": ["a" * 41, "two\nlines"],
        "HARU_OIDC_SIGN_UP": ["yes", "2"],
        "HARU_METRICS_TOKEN": ["a-secret-word", "a-secret-word and more", "a-secret-word-하루-하루"],
        "HARU_LOG_LEVEL": ["loud", "10", "notset"],
        "HARU_LOG_FORMAT": ["xml", "text json"],
        "HARU_BASE_PATH": ["/a b", "/../x", "https://diary.example.org/haru", "/x?y", "/x#y", "/하루", "/.x"],
        "HARU_WEIGHTS": [str(tmp_path / "gone.safetensors"), f"{tmp_path}{os.pathsep}{file}"],
    }
    assert set(wrong) == {setting.name for setting in settings.ALL}
    for name, values in wrong.items():
        for value in values:
            with monkeypatch.context() as patch:
                patch.setenv(name, value)
                assert len(settings.problems()) == 1, (name, value)
                (sentence,) = settings.problems()
            assert re.match(rf"{name} (must|names) .+ Correct it or unset it\.$", sentence), sentence
            assert "a-secret-word" not in sentence


SECRETS = [setting for setting in settings.ALL if setting.is_secret]


def test_what_holds_a_secret_is_marked_as_one() -> None:
    named = {setting.name for setting in settings.ALL if re.search("KEY|SECRET|TOKEN|PASSWORD|SMTP_URL", setting.name)}
    assert named <= {setting.name for setting in SECRETS}
    assert {"HARU_YOUTUBE_KEY", "HARU_SMTP_URL", "HARU_ICE_SERVERS", "HARU_APPRISE_URL"} <= {s.name for s in SECRETS}


@pytest.mark.parametrize("secret", SECRETS, ids=lambda setting: setting.name)
def test_a_secret_may_be_in_a_file(
    secret: settings.Setting[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HARU_SMTP_FROM", "haru@example.org")
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org")
    (text, value) = values(tmp_path)[secret]
    file = tmp_path / "secret.txt"
    file.write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.setenv(secret.file_name, str(file))
    assert secret.get() == value
    assert settings.problems() == []
    assert settings.misspelt() == []

    def sentence() -> str:
        (found,) = settings.problems()
        assert text not in found, "no message repeats a secret"
        return found

    monkeypatch.setenv(secret.name, text)
    assert sentence() == f"{secret.name} and {secret.file_name} are both set. Unset one of them."
    monkeypatch.setenv(secret.name, " ")
    assert secret.get() == value
    file.write_text(" \n", encoding="utf-8")
    assert sentence() == f"{secret.file_name} names {file}, which is empty. Fill it or unset the variable."
    file.write_bytes(b"\xff\xfe")
    assert sentence() == f"{secret.file_name} names {file}, which is not text. Correct it or unset it."
    file.write_text("x" * 70_000, encoding="utf-8")
    assert sentence() == f"{secret.file_name} names {file}, which is too large for a secret. Correct it or unset it."
    file.unlink()
    assert sentence() == f"{secret.file_name} names {file}, which is not a file. Correct it or unset it."


def test_what_is_no_secret_has_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "language.txt").write_text("ko", encoding="utf-8")
    monkeypatch.setenv("HARU_LANG_FILE", str(tmp_path / "language.txt"))
    assert settings.DEMO_LANGUAGE.get() is None
    assert settings.misspelt() == ["Haru has no setting HARU_LANG_FILE; did you mean HARU_LANG?"]


def test_a_variable_that_haru_does_not_know_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HARU_LANGUAGE", "HARU_XYZZY_AND_MORE", "HARU_DOMAIN", "HARU_TURN_SECRET"):
        monkeypatch.setenv(name, "ko")
    assert settings.misspelt() == [
        "Haru has no setting HARU_LANGUAGE; did you mean HARU_LANG?",
        "Haru has no setting HARU_XYZZY_AND_MORE.",
    ]


@pytest.mark.parametrize(
    ("variables", "is_for_this_machine_only"),
    [
        ({}, True),
        ({"HARU_ADDRESS": "127.0.0.2", "HARU_PUBLIC_URL": "http://localhost:8501"}, True),
        (
            {"HARU_ADDRESS": "[::1]", "STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost, 127.0.0.1,[::1],a.localhost"},
            True,
        ),
        ({"HARU_ADDRESS": "0.0.0.0"}, False),  # noqa: S104
        ({"HARU_ADDRESS": "::"}, False),
        ({"HARU_ADDRESS": "192.168.0.5"}, False),
        ({"HARU_PUBLIC_URL": "https://diary.example.org"}, False),  # a proxy on the same machine
        ({"STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost,diary.example.org"}, False),
        ({"STREAMLIT_SERVER_ALLOWED_HOSTS": '["localhost", "192.168.0.5"]'}, False),
        ({"STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost.example.org"}, False),
    ],
)
def test_who_reaches_haru(
    variables: dict[str, str], is_for_this_machine_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings.is_for_this_machine_only() is is_for_this_machine_only


@pytest.mark.parametrize("command", [["streamlit", "run", "app.py", "--server.port", "8699"], ["demo"]])
def test_haru_does_not_start_with_a_wrong_setting(command: list[str], tmp_path: Path) -> None:
    wrong = {"HARU_DATA": str(tmp_path), "HARU_ICE_SERVERS": "turn:here", "HARU_MUSIC_FOLDER": "/no/such/folder"}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=PROJECT, env=os.environ | wrong, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "HARU_ICE_SERVERS must be a JSON list" in done.stderr
    assert "HARU_MUSIC_FOLDER names /no/such/folder, which is not a folder." in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == [], "a server that does not start leaves no diary"


def test_only_settings_reads_the_variables() -> None:
    rooms = [folder for folder in PROJECT.iterdir() if folder.is_dir() and folder.name not in ("tests", "benchmarks")]
    files = [*PROJECT.glob("*.py"), *(file for room in rooms if room.name[0] != "." for file in room.rglob("*.py"))]
    assert len(files) > 100
    reading = re.compile(r"(?:environ\.get|getenv)\(\s*[\"']HARU_|environ\[[\"']HARU_\w+[\"']\](?!\s*=[^=])")
    assert [file.name for file in files if reading.search(file.read_text(encoding="utf-8"))] == []


def test_settings_imports_only_the_standard_library() -> None:
    names = set().union(*(imported_by(file) for file in (PROJECT / "settings").glob("*.py")))
    assert {name.partition(".")[0] for name in names} <= {"settings"} | sys.stdlib_module_names


def test_the_demo_speaks_every_language() -> None:
    for language in LANGUAGES:
        assert settings.DEMO_LANGUAGE.parse(language) == language


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_readmes_hold_the_table(readme: str, language: str) -> None:
    text = (PROJECT / readme).read_text(encoding="utf-8")
    assert settings.table(language) in text, f"python -m settings {language} prints the table of {readme}"
    assert text.count("`HARU_LANG`") == 1


def test_streamlits_own_base_path_would_go_past_the_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "/haru")
    (sentence,) = settings.problems()
    assert "HARU_BASE_PATH" in sentence
