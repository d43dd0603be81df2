"""Fusion weights from films: a good source gets weight, noise gets none, people of the training are left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from emotions import EMOTIONS
from reading import Reading, Refusal
from tests.trees import cremad, write_film
from training.datasets.layouts import Example, LayoutError
from training.fusion import fit
from training.fusion.fit import Pair
from understanding import fusion


def reading(source: str, scores: np.ndarray, weight: float = 1.0) -> Reading:
    return Reading(dict(zip(EMOTIONS, scores.tolist(), strict=True)), True, {"weight": weight}, source, "made up")


def moments(voice: float, face: float, count: int = 420, seed: int = 0) -> list[Pair]:
    """Readings of voice and face; the numbers say how clear each is. At 0 a source is noise with high scores."""
    rng = np.random.default_rng(seed)

    def noisy(mood: int, clear: float, source: str) -> Reading:
        evidence = rng.normal(size=7)
        evidence[mood] += clear
        exponentials = np.exp((clear or 1.6) * evidence)
        return reading(source, exponentials / exponentials.sum())

    pairs = []
    for number in range(count):
        mood = number % 7
        pairs.append(Pair(mood, f"person {number % 12}", noisy(mood, voice, "voice"), noisy(mood, face, "face")))
    return pairs


def test_a_face_that_says_nothing_is_ignored() -> None:
    found = fit.fit(moments(voice=1.6, face=0.0))
    assert found.weights["face"] <= 0.1
    assert found.weights["voice"] > 0.7


def test_two_good_witnesses_are_better_than_one() -> None:
    pairs = moments(voice=1.6, face=1.6)
    found = fit.fit(pairs)
    truth = np.array([pair.mood for pair in pairs])
    alone = np.mean([EMOTIONS.index(pair.voice.label) == pair.mood for pair in pairs])
    assert np.mean(found.crossed.argmax(1) == truth) > alone + 0.1
    assert all(0.7 <= weight <= 1 for weight in found.weights.values())
    assert 0 < found.contradiction <= 1


def test_no_weight_exceeds_1() -> None:
    """Both are underconfident: a weight above 1 would fit better, but is not allowed."""

    def underconfident(one: Reading) -> Reading:
        return reading(one.source, 0.5 / 7 + 0.5 * np.array(list(one.scores.values())))

    clear = moments(voice=2.5, face=2.5)
    pairs = [Pair(pair.mood, pair.person, underconfident(pair.voice), underconfident(pair.face)) for pair in clear]
    assert fit.fit(pairs).weights == {"voice": 1.0, "face": 1.0}


def test_each_person_is_scored_by_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = moments(1.6, 1.6, 84)
    fitted_on = []
    original = fit.best_weights

    def watch(voice, face, truth):
        fitted_on.append(len(truth))
        return original(voice, face, truth)

    monkeypatch.setattr(fit, "best_weights", watch)
    fit.fit(pairs)
    assert len(fitted_on) == fit.GROUPS + 1
    assert sum(len(pairs) - count for count in fitted_on[:-1]) == len(pairs)


def test_a_blurred_picture_counts_for_less() -> None:
    sharp = reading("face", np.array([0.7, *[0.05] * 6]))
    blurred = reading("face", np.array([0.7, *[0.05] * 6]), weight=0.1)
    logs = fit.logs_of([Pair(0, "a", sharp, sharp), Pair(0, "a", sharp, blurred)], "face")
    assert np.allclose(logs[1], 0.1 * logs[0])


def test_too_little_is_refused() -> None:
    with pytest.raises(LayoutError, match="too few to fit on"):
        fit.fit(moments(1.6, 1.6, 12))


def example(dataset: str, person: str) -> Example:
    return Example(Path("x"), dataset, "anger", f"{dataset}-{person}")


def test_people_whom_a_model_has_met_are_not_used() -> None:
    both = [example("crema-d", "1001"), example("crema-d", "1002"), example("ravdess", "05"), example("ravdess", "01")]
    own = {"sense": "voice", "trained_on": ["crema-d"], "left_out_speakers": ["crema-d-1002"]}
    assert [one.person for one in fit.of_new_people(both, own)] == ["crema-d-1002", "ravdess-05", "ravdess-01"]
    shipped = {"left_out": "everyone:2", "trained_speakers": ["cremad-1001", "ravdess-01"]}
    people = [one.person for one in fit.of_new_people(both, shipped)]
    assert people == ["crema-d-1002", "ravdess-05"]
    assert fit.of_new_people(both, {}) == both


class Recogniser:
    """Answers by the brightness of the film or the length of the recording."""

    def __init__(self, source: str) -> None:
        self.source, self.model = source, f"made up {source}"
        self.members = [type("Member", (), {"meta": {"left_out": "none"}})()]

    def read(self, inputs: list) -> list[Reading | Refusal]:
        return [reading(self.source, np.array([0.4, *[0.1] * 6])) for _ in inputs]


def test_the_command_from_films_to_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = cremad(tmp_path / "cremad", actors=(1001, 1002, 1003, 1004, 1005), emotions="ANG HAP SAD")
    for sound in sorted((root / "AudioWAV").glob("*.wav")):
        film = root / "VideoFlash" / f"{sound.stem}.flv"
        write_film(film, (200,), seconds=0.4, pictures=[data.astronaut()[:64, 192:256]])
    (root / "VideoFlash" / "1001_DFA_ANG_XX.flv").write_bytes(b"broken")
    monkeypatch.setattr(fit.voices, "load", lambda path=None: Recogniser("voice"))
    monkeypatch.setattr(fit.faces, "load", lambda path=None: Recogniser("face"))
    monkeypatch.setattr(fit, "FEWEST", 20)
    out = tmp_path / "mine" / "fusion.json"
    before = fusion.SETTINGS.read_bytes()
    assert fit.main(["--data", f"crema-d={root}", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "30 films of people new to both models; 29 read by both; refused: face: unreadable 1" in printed
    assert "| fitted (cross-fitted by person) |" in printed
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["paired"]["people"] == 5
    assert written["weights"]["words"] == json.loads(before)["weights"]["words"]
    assert fusion.SETTINGS.read_bytes() == before
    how = fusion.settings(out)
    assert set(how.weights) == {"voice", "face", "words"}
    monkeypatch.setenv("HARU_WEIGHTS", str(out.parent))
    assert fusion.settings() == how


def test_a_wrong_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setattr(fit.voices, "load", lambda path=None: Recogniser("voice"))
    monkeypatch.setattr(fit.faces, "load", lambda path=None: Recogniser("face"))
    assert fit.main(["--data", f"crema-d={tmp_path}"]) == 2
    assert "VideoFlash/1001_DFA_ANG_XX.flv" in capsys.readouterr().err
