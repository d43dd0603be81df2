from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from diary import analysis, fusion
from diary.analysis import Analyst, Offered
from emotions import EMOTIONS
from learning.personal import Correction
from learning.weights import WeightsError
from reading import Reading, Refusal
from tests.sounds import spoken

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
        return [analysis.faces.Seen(answer, None, {"alexnet": answer.scores}, np.zeros((48, 48), np.uint8))]


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)


def analyst(voice="sadness", face="sadness", words="sadness", seconds=0.0) -> Analyst:
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
    found = analyst().analyse(offered)
    assert set(found.readings) == sources
    assert found.refusals == {}
    assert found.fused.label == "sadness"
    assert len(found.told) == len(sources) + 1


def test_nothing_offered_is_nothing() -> None:
    assert not Offered(line="  \n ")
    found = analyst().analyse(Offered())
    assert found.fused is None
    assert found.told == []


def test_what_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    found = analyst(face=Refusal("no_face", "No face.")).analyse(
        Offered(sound=b"no sound", picture=b"p", line="a line")
    )
    assert set(found.readings) == {"words"}
    assert found.refusals["voice"].code == "unreadable"
    assert found.refusals["face"].code == "no_face"


def test_a_missing_model_leaves_the_others(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def gone():
        raise WeightsError("The weights are missing.")

    monkeypatch.setattr(analysis, "_LOADERS", dict.fromkeys(fusion.SOURCES, gone))
    empty = Analyst.load()
    assert empty.missing == ["voice", "face", "words"]
    assert empty.analyse(Offered(sound=spoken(), line="a line")).fused is None
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "The weights are missing." in line.message


def test_voice_and_face_run_side_by_side() -> None:
    found = analyst(seconds=0.5).analyse(Offered(sound=spoken(), picture=b"p", line="a line"))
    assert found.seconds < 1.2


def test_no_more_analyses_at_once_than_places() -> None:
    busy = analyst(seconds=0.05)
    threads = [threading.Thread(target=busy.analyse, args=(Offered(line="a line"),)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= busy.words.most <= (analysis.os.cpu_count() or 1)


def test_a_corrected_reading_is_sure_only_by_the_models_own_margin() -> None:
    correction = Correction((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.5), 1.0)  # 0.7 of sadness becomes 0.16 of 1
    found = analyst().analyse(Offered(sound=spoken()), {"voice": correction})
    assert found.raw["voice"].label == "sadness"
    assert not found.readings["voice"].sure


def test_the_threads_of_one_analysis_serve_the_next() -> None:
    made = analyst()
    for _ in range(40):
        made.analyse(Offered(sound=spoken(0.5), picture=b"p", line="a line"))
    assert len(made.voice.threads | made.face.threads | made.words.threads) <= 3 * (analysis.os.cpu_count() or 1)


def test_neither_sound_nor_words_show_in_a_log() -> None:
    offered = Offered(sound=b"private", picture=b"private", line="private")
    assert "private" not in repr(offered)
    assert "private" not in repr(analyst().analyse(Offered(line="private")))
