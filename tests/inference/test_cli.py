"""`python -m ser.predict`, `fer.predict` and `words.predict` behave and exit alike."""

from __future__ import annotations

import io
import json
import runpy
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
import torch
from PIL import Image
from skimage import data

from emotions import EMOTIONS
from fer import predict as face
from fer.ensemble import Mix
from fer.faces import Finder
from fer.model import FaceMember
from reading import Recogniser
from ser import predict as voice
from tests.fer.conftest import tiny
from tests.ser.conftest import FakeMember, make_voice, wav_bytes
from tests.words.conftest import tiny_model
from words import predict as words

__all__ = ["tiny"]

NAMES = ("ser", "fer", "words")


@dataclass
class Case:
    """One of the three commands, with an input that it reads and two that it refuses."""

    module: ModuleType
    recogniser: Recogniser
    key: str
    good: str
    bad: dict[str, str]
    """Inputs by the code of their refusal."""


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    (tmp_path / "하루.wav").write_bytes(wav_bytes(make_voice(2.0)))
    Image.fromarray(data.astronaut()).save(tmp_path / "하루.jpg", quality=95)
    Image.fromarray(data.chelsea()).save(tmp_path / "cat.jpg")
    (tmp_path / "text").write_text("neither a sound nor a picture")
    (tmp_path / "short.wav").write_bytes(wav_bytes(make_voice(0.3)))
    torch.manual_seed(0)
    mix = Mix({"tiny": 1.0}, {"tiny": 1.0}, 1.0, (0.0,) * 8)
    made = {
        "ser": lambda: Case(
            voice, voice.Recogniser([FakeMember()]), "path", str(tmp_path / "하루.wav"),
            {"unreadable": str(tmp_path / "text"), "too_short": str(tmp_path / "short.wav")},
        ),
        "fer": lambda: Case(
            face, face.Recogniser({"tiny": FaceMember(tiny, 8)}, mix, 0.2, "tiny", "0", Finder()), "path",
            str(tmp_path / "하루.jpg"), {"unreadable": str(tmp_path / "text"), "no_face": str(tmp_path / "cat.jpg")},
        ),
        "words": lambda: Case(
            words, words.Recogniser(tiny_model()), "text", "행복했다", {"no_text": "", "no_words": "123"}
        ),
    }[request.param]()  # fmt: skip
    monkeypatch.setattr(made.module, "load", lambda path: made.recogniser)
    return made


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    return lambda content: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_json_has_one_object_a_line_in_order(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = case.bad.values()
    given = [case.good, first, case.good, second]
    assert case.module.main(["--json", *given]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer[case.key] for answer in answers] == given
    for answer in (answers[0], answers[2]):
        assert set(answer) >= {case.key, "label", "scores", "sure", "quality"}
        assert list(answer["scores"]) == list(EMOTIONS)
        assert answer["label"] == max(answer["scores"], key=answer["scores"].get)
        assert isinstance(answer["sure"], bool)
        assert 0 <= answer["quality"]["weight"] <= 1
    for answer, code in zip((answers[1], answers[3]), case.bad, strict=True):
        assert set(answer) == {case.key, "error"}
        assert set(answer["error"]) == {"code", "message"}
        assert answer["error"]["code"] == code
        assert answer["error"]["message"].endswith(".")


def test_text_is_one_line_for_each_input(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert case.module.main([case.good, case.good]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
    assert lines[0].startswith(f"{case.good}: ")
    assert lines[0].count("%") == 3
    code, bad = list(case.bad.items())[1]
    assert case.module.main([bad]) == 1
    assert capsys.readouterr().out.startswith(f"{bad}: not read ({code}): ")


def test_a_dash_stands_for_the_lines_of_standard_input(
    case: Case, capsys: pytest.CaptureFixture[str], standard_input: Callable[[bytes], None]
) -> None:
    standard_input(f"{case.good}\n\n{case.good}\r\n".encode())
    assert case.module.main(["--json", case.good, "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer[case.key] for answer in answers] == [case.good] * 3


def test_bytes_that_are_no_text_stop_nothing(
    case: Case, capsys: pytest.CaptureFixture[str], standard_input: Callable[[bytes], None]
) -> None:
    standard_input(b"\xff\xfe\n" + case.good.encode() + b"\n")
    assert case.module.main(["--json", "-"]) == 1
    refused, read = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "error" in refused
    assert "label" in read
    standard_input(b"\xff\xfe\n")
    assert case.module.main(["-"]) == 1
    assert "not read" in capsys.readouterr().out


def test_a_terminal_without_korean_gets_json_all_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="latin-1", write_through=True))
    assert case.module.main(["--json", case.good]) == 0
    assert case.module.main([case.good]) == 0
    lines = out.getvalue().decode("latin-1").splitlines()
    assert json.loads(lines[0])[case.key] == case.good
    assert len(lines) == 2


def test_a_long_note_is_shortened_and_a_long_path_is_not(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    long = "a" * 300
    case.module.main([long])
    line = capsys.readouterr().out
    assert (long in line) == (case.key == "path")


@pytest.mark.parametrize("name", NAMES)
def test_without_weights_or_with_wrong_options_the_command_ends_with_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no weights")
    for weights in (tmp_path / "none.safetensors", broken):
        assert ends_with(name, ["--weights", str(weights), "x"], monkeypatch) == 2
        out, error = capsys.readouterr()
        assert out == ""
        assert len(error.splitlines()) == 1
        assert "restore" in error
    assert ends_with(name, ["--no-such-option", "x"], monkeypatch) == 2
    assert f"usage: python -m {name}.predict" in capsys.readouterr().err


def ends_with(name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """The exit code of `python -m NAME.predict`, without a new process, whose imports take seconds."""
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
        warnings.simplefilter("ignore", RuntimeWarning)  # the module is imported already
        runpy.run_module(f"{name}.predict", run_name="__main__")
    return ended.value.code
