import io
import json
import sys

import pytest

from stt import model_folder, predict, speech
from stt.speech import Span
from tests.sounds import spoken
from tests.stt import tiny_whisper


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A tiny model, for which all sound is speech."""
    monkeypatch.setattr(speech, "_speech_in", lambda piece: [Span(0, piece.size)])
    tiny_whisper.write(tmp_path / "model", words=["오늘은", "좋았어"])
    model_folder.write_checksums(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def recording(tmp_path):
    file = tmp_path / "하루.wav"
    file.write_bytes(spoken(2.0))
    return file


def test_each_file_has_a_line_in_order_and_one_that_cannot_be_read_stops_no_other(model, recording, tmp_path, capsys):
    assert predict.main(["--model", str(model), str(recording), str(tmp_path / "gone.wav"), str(recording)]) == 1
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == third == f"{recording} (ko): 오늘은 좋았어"
    assert second.startswith(f"{tmp_path}/gone.wav: not written down (")


def test_json_has_the_words_with_their_times(model, recording, capsys):
    assert predict.main(["--model", str(model), "--json", str(recording)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["path"], found["text"], found["language"]) == (str(recording), "오늘은 좋았어", "ko")
    text, start, end, probability = found["segments"][0][0]
    assert text.strip() == "오늘은"
    assert 0 <= start < end <= found["seconds"]
    assert 0.9 < probability <= 1


def test_paths_come_from_standard_input(model, recording, monkeypatch, capsys):
    lines = f"{recording}\n\n{recording}\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert predict.main(["--model", str(model), "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_fixed_language_is_not_detected(tmp_path, recording, monkeypatch, capsys):
    monkeypatch.setattr(speech, "_speech_in", lambda piece: [Span(0, piece.size)])
    tiny_whisper.write(tmp_path / "model", words=["Guten", "Tag"], language="de")
    model_folder.write_checksums(tmp_path / "model")
    assert predict.main(["--model", str(tmp_path / "model"), str(recording)]) == 1
    assert "other_language" in capsys.readouterr().out
    assert predict.main(["--model", str(tmp_path / "model"), "--language", "de", str(recording)]) == 0
    assert "(de): Guten Tag" in capsys.readouterr().out


def test_a_folder_that_cannot_be_used_ends_with_a_sentence(tmp_path, recording, capsys):
    assert predict.main(["--model", str(tmp_path / "gone"), str(recording)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert "There is no speech model at" in out.err


def test_the_setting_names_the_model(model, recording, monkeypatch, capsys):
    monkeypatch.setenv("HARU_SPEECH_MODEL", str(model))
    assert predict.has_weights()
    assert predict.main([str(recording)]) == 0
    assert "오늘은 좋았어" in capsys.readouterr().out
    monkeypatch.setenv("HARU_SPEECH_MODEL", str(model / "gone"))
    assert not predict.has_weights()
