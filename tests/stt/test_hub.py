"""`haru-admin speech` against a hub on this machine: what arrives, what is cut, and what is said."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faster_whisper import WhisperModel
from faster_whisper.utils import _MODELS as REPOSITORIES

import settings
from inference.model_card import verify_checksum
from stt import hub, model_folder
from tests.imports import PROJECT, imported_by, modules
from tests.stt import hub_server, tiny_whisper
from tests.stt.hub_server import Hub
from web import admin

FILES = ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.write(tmp_path_factory.mktemp("hub") / "model", ("안녕",))


@pytest.fixture
def server(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that serves the tiny Whisper as `small`, and an empty data folder."""
    monkeypatch.setitem(hub.VERSIONS, "small", hub_server.version_of(model))
    monkeypatch.setattr(hub, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(hub, "SPARE_BYTES", 0)
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "data"))
    with hub_server.serve(model) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.address)
        yield served


@pytest.fixture
def other(model: Path, tmp_path: Path) -> Path:
    """A folder to change, to be served instead."""
    return Path(shutil.copytree(model, tmp_path / "other"))


def folder() -> Path:
    return settings.speech_model_folder("small")


def unfinished() -> dict[str, int]:
    """The files that wait for the next call, with their sizes."""
    return {file.name: file.stat().st_size for file in hub.unfinished_folder("small").iterdir()}


def nothing_changed() -> bool:
    return not folder().exists() and not hub.unfinished_folder("small").exists()


def fetched(capsys: pytest.CaptureFixture[str]) -> str:
    """Runs the command to its good end; returns what it printed."""
    assert admin.main(["speech", "small"]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """Runs the command; returns its one sentence."""
    assert admin.main(["speech", "small"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    sentence = printed.err.splitlines()[-1]
    assert sentence.startswith("The model small was not fetched: ")
    assert "Traceback" not in printed.err
    assert not folder().exists(), "nothing half-fetched under the model's name"
    return sentence


def test_a_model_is_fetched_verified_and_usable(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert not hub.is_here("small")
    printed = fetched(capsys)
    assert f"The model small is in {folder()}." in printed
    assert "set HARU_SPEECH_MODEL=small" in printed
    assert sorted(file.name for file in folder().iterdir()) == sorted([*FILES, *(f"{name}.sha256" for name in FILES)])
    for name in FILES:
        verify_checksum(folder() / name)
    model_folder.check(folder())
    assert WhisperModel(str(folder()), device="cpu", compute_type="int8").model.is_multilingual
    assert not hub.unfinished_folder("small").exists()
    assert sorted(server.names()) == FILES


def test_the_setting_takes_the_name_once_the_model_is_here(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_SPEECH_MODEL", "small")
    with pytest.raises(settings.SettingError, match="run `haru-admin speech small` first"):
        settings.SPEECH_MODEL.validate()
    fetched(capsys)  # although the setting names a model that is not here
    settings.SPEECH_MODEL.validate()
    assert settings.SPEECH_MODEL.get() == folder()


def test_the_progress_is_shown(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert admin.main(["speech", "small"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1
    assert lines[-1] == "3 of 3 MB (100%)"
    shutil.rmtree(folder())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert admin.main(["speech", "small"]) == 0
    assert capsys.readouterr().err.endswith("\r3 of 3 MB (100%) \n")


def test_a_model_that_is_here_is_not_fetched_again(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    fetched(capsys)
    server.asked.clear()
    assert f"The model small is already in {folder()}." in fetched(capsys)
    assert server.asked == []


@pytest.mark.parametrize("name", ["tiny", "large", "Systran/faster-whisper-small", "../small", ""])
def test_an_unknown_name_is_answered_with_the_names(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.main(["speech", name])
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert all(known in printed for known in settings.SPEECH_MODELS)


def test_without_a_network_it_says_so(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    sentence = refused(capsys)
    assert "http://127.0.0.1:9 cannot be reached" in sentence
    assert "Check the connection" in sentence


def test_an_address_that_is_none_is_named(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    assert "HF_ENDPOINT must be the address of a hub" in refused(capsys)


def test_a_failing_hub_is_asked_again(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    server.failures = [503, 0, 429]
    fetched(capsys)
    assert server.names()[:4] == ["config.json"] * 4


def test_a_hub_that_fails_for_good_is_named(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    server.failures = [500] * 100
    assert "fails (status 500)" in refused(capsys)
    assert len(server.asked) == hub.ATTEMPTS


def test_a_file_that_the_hub_does_not_have(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hub.VERSIONS, "small", hub.Version("someone/else", "0" * 40, hub.VERSIONS["small"].files))
    assert "cannot be fetched (status 404)" in refused(capsys)


def test_a_connection_that_is_cut_goes_on_where_it_was(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    server.cut_after = 700_000
    fetched(capsys)
    model_folder.check(folder())
    ranges = [asked for name, asked in server.asked if name == "model.bin"]
    assert ranges[:3] == [None, "bytes=700000-", "bytes=1400000-"]


def test_a_server_without_ranges_sends_everything_again(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.unfinished_folder("small").mkdir(parents=True)
    (hub.unfinished_folder("small") / "model.bin").write_bytes(b"x" * 1000)
    server.knows_ranges = False
    fetched(capsys)
    model_folder.check(folder())


@pytest.mark.parametrize("change", [lambda content: content[:-1] + b"?", lambda content: content + b"more" * 10**6])
def test_another_file_than_the_pinned_one_is_removed(
    server: Hub, other: Path, capsys: pytest.CaptureFixture[str], change
) -> None:
    (other / "model.bin").write_bytes(change((other / "model.bin").read_bytes()))
    good, server.folder = server.folder, other
    assert "sent another model.bin than the one that Haru knows" in refused(capsys)
    assert "model.bin" not in unfinished()
    server.folder = good
    fetched(capsys)
    assert server.names().count("tokenizer.json") == 1, "files that were good are not fetched again"


def test_a_file_without_end_does_not_fill_the_disk(server: Hub, other: Path) -> None:
    with (other / "model.bin").open("ab") as opened:
        opened.truncate(50_000_000)
    server.folder = other
    seen: list[int] = []
    with pytest.raises(hub.FetchError, match=r"sent another model\.bin"):
        hub.fetch("small", lambda done, size: seen.append(done))
    assert max(seen) < 6_000_000


def test_a_model_that_haru_cannot_use_is_refused(
    server: Hub, other: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take a wrong entry in VERSIONS."""
    (other / "vocabulary.json").write_text('["<|transcribe|>"]')
    server.folder = other
    monkeypatch.setitem(hub.VERSIONS, "small", hub_server.version_of(other))
    assert "knows English only" in refused(capsys)


@pytest.mark.parametrize("has_checksums", [True, False])
def test_a_damaged_folder_is_repaired(server: Hub, capsys: pytest.CaptureFixture[str], has_checksums: bool) -> None:
    """Also one that somebody copied here without checksums: only what is wrong crosses the network."""
    fetched(capsys)
    (folder() / "tokenizer.json").write_text("{}")
    if not has_checksums:
        for file in folder().glob("*.sha256"):
            file.unlink()
    server.asked.clear()
    fetched(capsys)
    model_folder.check(folder())
    assert server.names() == ["tokenizer.json"]


def test_too_little_space_is_said_before_anything_is_fetched(
    server: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SPARE_BYTES", 10**15)
    sentence = refused(capsys)
    assert "3 MB must still be fetched" in sentence
    assert "HARU_DATA" in sentence
    assert server.asked == []


def test_a_disk_that_fills_up_gets_its_space_back(
    server: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk of its own, where the machine lets a test mount one; another program fills it meanwhile."""
    disk = tmp_path / "data"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        monkeypatch.setattr(hub, "_check_space", lambda version, unfinished: None)
        assert "is full; what was fetched is removed again" in refused(capsys)
        assert nothing_changed()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_data_folder_that_cannot_be_written(server: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("in the way")
    assert "Haru cannot write to" in refused(capsys)


def command(server: Hub) -> list[str]:
    """The real command in a process of its own, with the tiny model as `small`."""
    code = (
        "import sys; from pathlib import Path; from stt import hub; from tests.stt import hub_server; "
        f"hub.VERSIONS['small'] = hub_server.version_of(Path({str(server.folder)!r})); hub.SPARE_BYTES = 0; "
        "from web import admin; sys.exit(admin.main(['speech', 'small']))"
    )
    return [sys.executable, "-c", code]


def wait_for_model_bin(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if hub.unfinished_folder("small").exists() and unfinished().get("model.bin", 0) > 1_000_000:
            return
        time.sleep(0.05)
    raise AssertionError(f"model.bin was never begun: {process.stderr and process.stderr.read()}")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_stopped_in_the_middle_it_leaves_no_model_and_continues(
    server: Hub, capsys: pytest.CaptureFixture[str], stop: signal.Signals
) -> None:
    server.slow = threading.Event()
    process = subprocess.Popen(
        command(server),
        cwd=PROJECT,
        env=os.environ,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts what it puts in the background with SIGINT ignored, and the tests may run there.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_for_model_bin(process)
        process.send_signal(stop)
        _, printed = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == (130 if stop is signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in printed
    if stop is signal.SIGINT:
        assert printed.splitlines()[-1].startswith("Stopped. The same command continues from")
    assert not folder().exists()
    server.slow.set()
    server.asked.clear()
    fetched(capsys)
    model_folder.check(folder())
    ((name, asked),) = server.asked
    assert name == "model.bin"
    assert asked is not None
    assert int(asked.removeprefix("bytes=").removesuffix("-")) >= 1_000_000


def test_two_commands_do_not_write_the_same_files(server: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    server.slow = threading.Event()
    process = subprocess.Popen(command(server), cwd=PROJECT, env=os.environ, stderr=subprocess.PIPE, text=True)
    try:
        wait_for_model_bin(process)
        assert "Another haru-admin is fetching this model" in refused(capsys)
        server.slow.set()
        _, printed = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, printed
    model_folder.check(folder())


def test_the_versions_are_pinned_and_are_those_of_faster_whisper() -> None:
    assert tuple(hub.VERSIONS) == settings.SPEECH_MODELS
    for name, version in hub.VERSIONS.items():
        assert version.repository == REPOSITORIES[name]
        assert len(version.revision) == 40
        names = {file.name for file in version.files}
        assert set(model_folder.NEEDED) < names
        assert len(names & set(model_folder.VOCABULARIES)) == 1
        assert version.files[-1].name == "model.bin", "the small files come first"
        for file in version.files:
            assert len(bytes.fromhex(file.sha256)) == 32
    assert [round(version.size / 1e6) for version in hub.VERSIONS.values()] == [486, 1531, 1622]


def test_only_the_command_fetches() -> None:
    importers = {name for name, file in modules().items() if "stt.hub" in imported_by(file)}
    assert importers == {"web.admin_commands.speech"}
