"""Which people are measured, what is fitted, and that the figures of a corpus are fitted without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emotions import EMOTIONS
from inference import strangers
from inference.calibration import softmax
from inference.strangers import Strangers, without_mean
from ser import predict
from tests.inference.test_strangers import CENTRES, FLAT, SIZE, recordings
from training.voice import fit_strangers

NAMES = ("one", "two", "three")


def population(people: int = 200, spread: float = 1.5) -> Strangers:
    rng = np.random.default_rng(0)
    made = [recordings(rng.normal(0, spread, SIZE), 40, seed) for seed in range(people)]
    return fit_strangers.fit({"one": made[::2], "other": made[1::2]}, "model 1")


@pytest.fixture
def people() -> dict[str, list[fit_strangers.Person]]:
    """Six people of each corpus, each with a difference of their own."""
    rng = np.random.default_rng(0)
    return {name: [recordings(rng.normal(0, 2, SIZE), 40, int(rng.integers(1000))) for _ in range(6)] for name in NAMES}


def test_refused_recordings_and_people_with_few_are_left_out() -> None:
    speakers = np.array(["a"] * 30 + ["b"] * 10)
    logs = np.zeros((40, SIZE))
    logs[:3] = np.nan
    found = fit_strangers.people_of(np.full(40, "ased"), speakers, np.zeros(40, int), logs)
    (person,) = found["ased"]
    assert len(person[1]) == 27


def test_the_covariances_are_found() -> None:
    found = population()
    assert found.centres == pytest.approx(CENTRES, abs=0.25)
    assert found.within == pytest.approx(FLAT, abs=0.1)
    assert found.between == pytest.approx(1.5**2 * FLAT, abs=0.6)


def test_corpora_count_alike() -> None:
    large = [recordings(np.zeros(SIZE), 30, seed) for seed in range(60)]
    small = [recordings(2 * np.eye(SIZE)[0], 30, seed) for seed in range(60, 64)]
    shift = without_mean(2 * np.eye(SIZE)[0])
    found = fit_strangers.fit({"large": large, "small": small})
    assert found.centres == pytest.approx(CENTRES + shift / 2, abs=0.4)


def test_a_mood_that_no_corpus_has_leads_as_the_others_do() -> None:
    logs, moods = recordings(np.zeros(SIZE), 2000, 1)
    there = moods != 6
    found = fit_strangers.fit({"one": [(logs[there], moods[there])] * 2})
    assert found.centres == pytest.approx(CENTRES, abs=0.25)


def test_a_difference_gains_more_than_offsets_from_eight(people: dict[str, list[fit_strangers.Person]]) -> None:
    figures = fit_strangers.measure(people)
    assert fit_strangers.table(people, figures).count("\n") == 1 + 2 * len(NAMES)
    before, at_four, at_eight, _ = np.mean([ways["difference"] for ways in figures.values()], 0)
    offsets = np.mean([ways["offsets"] for ways in figures.values()], 0)
    assert before == at_four == offsets[0]
    assert at_eight > offsets[2] > before


def test_a_corpus_is_measured_without_itself(
    people: dict[str, list[fit_strangers.Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted_on: list[list[str]] = []
    fit = fit_strangers.fit

    def watched(given: fit_strangers.People, model: str = "") -> Strangers:
        fitted_on.append(list(given))
        return fit(given, model)

    monkeypatch.setattr(fit_strangers, "fit", watched)
    fit_strangers.measure(people, (0,), fit_on=["one", "two"])
    assert fitted_on == [["two"], ["one"], ["one", "two"]]


def test_scores_are_those_that_the_app_would_store() -> None:
    voice = predict.load(predict.WEIGHTS)
    rng = np.random.default_rng(0)
    logs, distances = rng.normal(0, 3, (4, SIZE)), np.array([0.0, 0.4, 0.6, 3.0])
    assert voice.novelty is not None
    expected = []
    for row, distance in zip(logs, distances, strict=True):
        scores = softmax(row, voice.temperature * float(voice.novelty.temperature_factor(distance)))
        expected.append(voice._adaptation(distance).apply(scores))
    assert softmax(fit_strangers.stored_logs(logs, distances, voice)) == pytest.approx(np.array(expected), abs=1e-3)


def test_what_was_measured_belongs_to_its_weights(tmp_path: Path) -> None:
    file, found = tmp_path / "strangers.json", population(20)
    fit_strangers.write(found, "voice", file)
    again = strangers.of("voice", "model 1", file)
    assert again is not None
    assert again.within == pytest.approx(found.within, abs=1e-3)
    assert strangers.of("voice", "model 2", file) is None
    assert strangers.of("face", "model 1", file) is None
    fit_strangers.write(found, "face", file)
    assert strangers.of("voice", "model 1", file) is not None


def test_log_scores_of_left_out_people_come_from_a_file(
    people: dict[str, list[fit_strangers.Person]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "FILE", tmp_path / "strangers.json")
    monkeypatch.setattr(fit_strangers.write, "__defaults__", ("voice", tmp_path / "strangers.json"))
    rows = [(name, f"{name}-{n}", *one) for name, persons in people.items() for n, one in enumerate(persons)]
    np.savez(
        tmp_path / "scores.npz",
        corpus=np.concatenate([np.full(len(moods), name) for name, _, _, moods in rows]),
        speaker=np.concatenate([np.full(len(moods), who) for _, who, _, moods in rows]),
        mood=np.concatenate([moods for *_, moods in rows]),
        logs=np.concatenate([logs for _, _, logs, _ in rows]),
        distance=np.zeros(sum(len(moods) for *_, moods in rows)),
        kind=np.concatenate(
            [np.full(len(moods), "known" if name == NAMES[0] else "unheard") for name, *_, moods in rows]
        ),
    )
    fitted_on = []
    plain = fit_strangers.fit

    def watched(given: fit_strangers.People, model: str = "") -> Strangers:
        fitted_on.append(sorted(given))
        return plain(given, model)

    monkeypatch.setattr(fit_strangers, "fit", watched)
    fit_strangers.main(["--scores", str(tmp_path / "scores.npz"), "--write", "--only-fit"])
    assert fitted_on == [sorted(NAMES[1:])]
    assert strangers.of("voice", predict.load(predict.WEIGHTS).model, tmp_path / "strangers.json") is not None


def test_the_shipped_file_is_of_the_shipped_voice() -> None:
    found = strangers.of("voice", predict.load(predict.WEIGHTS).model)
    assert found is not None, "fit it again after a change of the weights"
    assert np.linalg.eigvalsh(found.between).min() > -1e-3
    assert np.trace(found.between) > 0.5
    assert found.centres.shape == (len(EMOTIONS), len(EMOTIONS))
