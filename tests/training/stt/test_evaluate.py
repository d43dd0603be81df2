"""The figures of a transcriber that makes known mistakes, from clips to measured.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from reading import Refusal
from stt import figures
from stt.transcript import Segment, Transcript, Word
from tests.ser.conftest import RATE, make_voice
from tests.training.voice.conftest import HEADER
from training.stt import evaluate
from training.stt.conditions import CONDITIONS

SAID = {"korean": "오늘 정말 좋았어", "cremad": "It's eleven o'clock now"}
WRITTEN = {"ko": "오늘 정말 조았어.", "en": "It's 11 o'clock, now!"}


class Mistaken:
    """Writes one wrong syllable of seven, one wrong word of four, and refuses the quiet clips."""

    model = "mistaken 1"

    def transcribe(self, wave, languages):
        if abs(wave).max() < 0.02:
            raise Refusal("no_words", "None.")
        (language,) = languages
        words = (Word(WRITTEN[language], 0.0, 1.0, 0.9),)
        return Transcript((Segment(words),), language, 1.0, 1.0, self.model)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rows = [HEADER]
    for corpus, language, speakers in (("korean", "ko", "abcd"), ("cremad", "en", "xy")):
        for speaker in speakers:
            for mood in ("neutral", "anger"):
                path = f"{corpus}-{speaker}-{mood}.wav"
                rows.append(f"{path},{corpus},{language},{mood},,{speaker},,,{SAID[corpus]}")
                # One angry clip of the reporting half is too quiet.
                quiet = 0.01 if path == "korean-d-anger.wav" else 1.0
                soundfile.write(tmp_path / path, quiet * make_voice(1.0), RATE, subtype="FLOAT")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(evaluate.predict, "load", lambda model: Mistaken())
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *options: object) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate", *map(str, options)])
    evaluate.main()


def test_korean_is_measured_in_characters_on_the_reporting_half(data, monkeypatch, capsys):
    run(monkeypatch, "--data", data, "--corpus", "korean", "--conditions", "clean", "--model", data, "--write")
    rates = figures.read(data).of("korean")
    assert (rates.unit, rates.count, rates.people, rates.refused) == ("characters", 4, 2, 1)
    # Three clips with one error of seven characters, and one of which nothing was written.
    assert rates.rate.value == pytest.approx((3 * 1 + 7) / 28, abs=1e-4)
    assert rates.by_mood == pytest.approx({"neutral": 1 / 7, "anger": 8 / 14}, abs=1e-4)
    assert rates.by_speaker == pytest.approx({"b": 1 / 7, "d": 8 / 14}, abs=1e-4)
    assert rates.as_written is None
    assert "| clean | 4 | 1 | 35.7%" in capsys.readouterr().out


def test_english_is_measured_in_words_and_also_as_written(data, monkeypatch):
    run(monkeypatch, "--data", data, "--corpus", "cremad", "--model", data, "--write")
    rates = figures.read(data).of("cremad")
    assert (rates.unit, rates.count, rates.people) == ("words", 2, 1)
    assert (rates.rate.value, rates.as_written) == (0.0, 0.25)


def test_another_measurement_replaces_its_own_set_only(data, monkeypatch):
    figures.write_inventions(data, figures.Inventions("mistaken 1", "python -m x", 200, 1, {"rain": (8, 1)}))
    for _ in range(2):
        run(monkeypatch, "--data", data, "--model", data, "--write")
    run(monkeypatch, "--data", data, "--corpus", "cremad", "--model", data, "--write")
    found = figures.read(data)
    assert [(each.name, each.condition) for each in found.error_rates] == [
        *(("korean", condition) for condition in CONDITIONS),
        ("cremad", "clean"),
    ]
    assert found.inventions.with_words == 1
    assert json.loads((data / figures.FILE).read_text(encoding="utf-8")).keys() == {"error_rates", "inventions"}


def test_figures_of_some_clips_are_not_stored(data, monkeypatch):
    with pytest.raises(SystemExit):
        run(monkeypatch, "--data", data, "--most", 2, "--write")
    assert not (data / figures.FILE).exists()


def test_transcripts_are_written_for_a_look(data, monkeypatch, tmp_path):
    file = tmp_path / "written.tsv"
    run(monkeypatch, "--data", data, "--conditions", "clean", "--transcripts", file)
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == ["clean", "korean-b-neutral.wav", "neutral", SAID["korean"], WRITTEN["ko"]]
    assert [line[4] for line in lines] == [*3 * [WRITTEN["ko"]], ""]


def test_a_missing_model_is_a_clear_sentence(data, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(SystemExit, match="There is no speech model"):
        run(monkeypatch, "--data", data, "--model", data / "missing")


def test_the_plain_way_is_measured_on_the_same_clips(data, monkeypatch):
    monkeypatch.setattr(evaluate, "plain_way", lambda folder, language: lambda wave: "오늘 정말")
    run(monkeypatch, "--data", data, "--conditions", "clean", "--plain", data, "--model", data, "--write")
    rates = figures.read(data).of("korean")
    assert rates.plain == pytest.approx(3 / 7, abs=1e-4)
    assert rates.rate.value == pytest.approx((3 * 1 + 7) / 28, abs=1e-4)
