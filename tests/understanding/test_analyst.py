from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.personalise import Correction
from inference.weights import WeightsError
from reading import Reading, Refusal
from tests.sounds import spoken
from understanding import analyst, fusion, runtime
from understanding.analyst import Analyst, Offered

HOW = fusion.Settings("test", {"voice": 0.6, "face": 0.7, "words": 0.8}, contradiction=0.4, margin=0.15)


def reading(source: str, emotion: str) -> Reading:
    return Reading({e: 0.7 if e == emotion else 0.05 for e in EMOTIONS}, True, {"weight": 1.0}, source, "fake 1")


class Fake:
    """Answers at once, or after a while, and counts how many ask at the same time."""

    margin = 0.1

    def __init__(self, answer: Reading | Refusal, seconds: float = 0.0) -> None:
        self.answer, self.seconds = answer, seconds
        self.now, self.most = 0, 0
        self.chosen: int | None = None
        self.threads: set[threading.Thread] = set()
        self._lock = threading.Lock()

    def read(self, inputs: list) -> list:
        with self._lock:
            self.now += 1
            self.threads.add(threading.current_thread())
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        return [self.answer for _ in inputs]

    def see(self, pictures: list, face: int | None = None) -> list:
        self.chosen = face
        (answer,) = self.read(pictures)
        if isinstance(answer, Refusal):
            return [answer]
        return [analyst.faces.Seen(answer, None, {"alexnet": answer.scores}, np.zeros((48, 48), np.uint8))]


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)


def analyst_of(voice="sadness", face="sadness", words="sadness", seconds=0.0) -> Analyst:
    given = {"voice": voice, "face": face, "words": words}
    return Analyst(
        **{
            source: answer and Fake(answer if isinstance(answer, Refusal) else reading(source, answer), seconds)
            for source, answer in given.items()
        }
    )


@pytest.mark.parametrize(
    ("offered", "sources"),
    [
        (Offered(line="a line"), {"words"}),
        (Offered(picture=b"picture"), {"face"}),
        (Offered(sound=spoken(), line="a line"), {"voice", "words"}),
        (Offered(sound=spoken(), picture=b"picture", line="a line"), {"voice", "face", "words"}),
    ],
)
def test_any_one_or_two_or_all_three(offered: Offered, sources: set[str]) -> None:
    found = analyst_of().analyse(offered)
    assert set(found.readings) == sources
    assert found.refusals == {}
    assert found.fused.label == "sadness"
    assert len(found.told) == len(sources) + 1


def test_nothing_offered_is_nothing() -> None:
    assert not Offered(line="  \n ")
    found = analyst_of().analyse(Offered())
    assert found.fused is None
    assert found.told == []


def test_what_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    found = analyst_of(face=Refusal("no_face", "No face.")).analyse(
        Offered(sound=b"no sound", picture=b"p", line="a line")
    )
    assert set(found.readings) == {"words"}
    assert found.refusals["voice"].code == "unreadable"
    assert found.refusals["face"].code == "no_face"


class Stumbles(Fake):
    def read(self, inputs: list) -> list:
        raise ValueError("what a person said")


@pytest.mark.parametrize("source", ["voice", "face", "words"])
def test_a_model_that_stumbles_takes_nobody_with_it(source: str, caplog: pytest.LogCaptureFixture) -> None:
    made = analyst_of()
    setattr(made, source, Stumbles(reading(source, "fear")))
    found = made.analyse(Offered(sound=spoken(), picture=b"p", line="a line"))
    assert set(found.readings) == {"voice", "face", "words"} - {source}
    assert found.refusals[source].code == "failed"
    assert found.fused.label == "sadness"
    assert "ValueError" in caplog.text
    assert "a person said" not in caplog.text


@pytest.mark.parametrize("damage", [WeightsError("Restore them."), ValueError("half a file"), KeyError("labels")])
def test_whatever_a_damaged_file_raises_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, damage: Exception
) -> None:
    def damaged():
        raise damage

    monkeypatch.setattr(analyst, "_LOADERS", {"voice": damaged, "face": damaged, "words": analyst.lines.load})
    half = Analyst.load()
    assert half.missing == ["voice", "face"]
    assert half.analyse(Offered(sound=spoken(), line="a line")).fused is not None
    assert ("Restore them." if isinstance(damage, WeightsError) else type(damage).__name__) in caplog.text
    assert "half a file" not in caplog.text


def test_what_is_explained_of_a_long_clip_is_all_that_stays_of_it() -> None:
    found = analyst_of().analyse(Offered(sound=spoken(25.0)))
    assert found.wave.size <= 10 * 16_000
    assert found.wave.base is None  # a slice would hold the whole


def test_a_missing_model_leaves_the_others(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def gone():
        raise WeightsError("The weights are missing.")

    monkeypatch.setattr(analyst, "_LOADERS", dict.fromkeys(fusion.SOURCES, gone))
    empty = Analyst.load()
    assert empty.missing == ["voice", "face", "words"]
    assert empty.analyse(Offered(sound=spoken(), line="a line")).fused is None
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "The weights are missing." in line.message


@pytest.mark.skipif(runtime.CORES < 2, reason="on one core there is no side by side")
def test_voice_and_face_run_side_by_side() -> None:
    found = analyst_of(seconds=1.0).analyse(Offered(sound=spoken(), picture=b"p"))
    assert found.seconds < 1.9


def test_no_more_models_read_at_once_than_there_are_cores() -> None:
    busy = analyst_of(seconds=0.05)
    busy.voice = busy.face = Fake(reading("face", "fear"), 0.05)  # one count for both
    given = Offered(sound=spoken(0.5), picture=b"p")
    threads = [threading.Thread(target=busy.analyse, args=(given,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert busy.face.most == runtime.CORES


def test_a_line_waits_for_nobody_elses_face() -> None:
    busy = analyst_of(seconds=0.5)
    busy.words = Fake(reading("words", "fear"))
    others = [threading.Thread(target=busy.analyse, args=(Offered(picture=b"p"),)) for _ in range(2 * runtime.CORES)]
    for other in others:
        other.start()
    assert busy.analyse(Offered(line="a line")).seconds < 0.4
    for other in others:
        other.join()


def test_a_corrected_reading_is_sure_only_by_the_models_own_margin() -> None:
    correction = Correction((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.5), 1.0)  # 0.7 of sadness becomes 0.16 of 1
    found = analyst_of().analyse(Offered(sound=spoken()), {"voice": correction})
    assert found.raw["voice"].label == "sadness"
    assert not found.readings["voice"].sure


def test_the_threads_of_one_analysis_serve_the_next() -> None:
    made = analyst_of()
    for _ in range(40):
        made.analyse(Offered(sound=spoken(0.5), picture=b"p", line="a line"))
    assert len(made.voice.threads | made.face.threads) <= runtime.CORES


def test_neither_sound_nor_words_show_in_a_log() -> None:
    offered = Offered(sound=b"private", picture=b"private", line="private")
    assert "private" not in repr(offered)
    assert "private" not in repr(analyst_of().analyse(Offered(line="private")))
