from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

import counters
from fer import predict as face_model
from inference.personalise import Correction
from inference.weights import WeightsError
from reading import Reading, Refusal
from ser import predict as voice_model
from tests.sounds import spoken
from tests.understanding.fakes import HOW, Fake, analyst_of, reading
from tests.understanding.transcripts import transcript
from understanding import analyst, fusion, runtime
from understanding.analyst import Analysis, Analyst, UserInput


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)


@pytest.mark.parametrize(
    ("offered", "sources"),
    [
        (UserInput(note="a line"), {"words"}),
        (UserInput(picture=b"picture"), {"face"}),
        (UserInput(recording=spoken(), note="a line"), {"voice", "words"}),
        (UserInput(recording=spoken(), picture=b"picture", note="a line"), {"voice", "face", "words"}),
    ],
)
def test_any_one_or_two_or_all_three(offered: UserInput, sources: set[str]) -> None:
    found = analyst_of().analyse(offered)
    assert set(found.readings) == sources
    assert found.refusals == {}
    assert found.fused.label == "sadness"
    assert len(found.to_store) == len(sources) + 1


def test_each_reading_is_counted() -> None:
    def counted() -> dict[str, float]:
        name = "haru_reading_seconds_count"
        found = {
            source: counters.REGISTRY.get_sample_value(name, {"recogniser": source, "outcome": "answer"})
            for source in ("voice", "face", "words")
        }
        return {source: value or 0.0 for source, value in found.items()}

    before = counted()
    analyst_of().analyse(UserInput(recording=spoken(), picture=b"picture", note="a note"))
    assert {source: value - before[source] for source, value in counted().items()} == {
        "voice": 1, "face": 1, "words": 1,
    }  # fmt: skip


def test_nothing_offered_is_nothing() -> None:
    assert not UserInput(note="  \n ")
    found = analyst_of().analyse(UserInput())
    assert found.fused is None
    assert found.to_store == []


def test_what_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    found = analyst_of(face=Refusal("no_face", "No face.")).analyse(
        UserInput(recording=b"no sound", picture=b"p", note="a line")
    )
    assert set(found.readings) == {"words"}
    assert found.refusals["voice"].code == "unreadable"
    assert found.refusals["face"].code == "no_face"


class Stumbles(Fake):
    def read(self, inputs: list, face: int | None = None) -> list:
        raise ValueError("what a person said")


@pytest.mark.parametrize("source", ["voice", "face", "words"])
def test_a_model_that_stumbles_takes_nobody_with_it(source: str, caplog: pytest.LogCaptureFixture) -> None:
    made = analyst_of()
    setattr(made, source, Stumbles(reading(source, "fear")))
    found = made.analyse(UserInput(recording=spoken(), picture=b"p", note="a line"))
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

    monkeypatch.setattr(voice_model, "load", damaged)
    monkeypatch.setattr(face_model, "load", damaged)
    half = Analyst.load()
    assert half.missing == ["voice", "face"]
    assert half.analyse(UserInput(recording=spoken(), note="a line")).fused is not None
    assert ("Restore them." if isinstance(damage, WeightsError) else type(damage).__name__) in caplog.text
    assert "half a file" not in caplog.text


def test_a_missing_model_leaves_the_others(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def gone():
        raise WeightsError("The weights are missing.")

    for module in analyst.MODULES.values():
        monkeypatch.setattr(module, "load", gone)
    empty = Analyst.load()
    assert empty.missing == ["voice", "face", "words"]
    assert empty.analyse(UserInput(recording=spoken(), note="a line")).fused is None
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "The weights are missing." in line.message


@pytest.mark.skipif(runtime.CORES < 2, reason="on one core there is no side by side")
def test_voice_and_face_run_side_by_side() -> None:
    found = analyst_of(seconds=1.0).analyse(UserInput(recording=spoken(), picture=b"p"))
    assert found.seconds < 1.9


def test_no_more_models_read_at_once_than_there_are_cores() -> None:
    busy = analyst_of(seconds=0.05)
    busy.voice = busy.face = Fake(reading("face", "fear"), 0.05)  # one count for both
    given = UserInput(recording=spoken(0.5), picture=b"p")
    threads = [threading.Thread(target=busy.analyse, args=(given,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert busy.face.most == runtime.CORES


def test_a_line_waits_for_nobody_elses_face() -> None:
    busy = analyst_of(seconds=0.5)
    busy.words = Fake(reading("words", "fear"))
    others = [threading.Thread(target=busy.analyse, args=(UserInput(picture=b"p"),)) for _ in range(2 * runtime.CORES)]
    for other in others:
        other.start()
    assert busy.analyse(UserInput(note="a line")).seconds < 0.4
    for other in others:
        other.join()


def test_a_corrected_reading_is_sure_only_by_the_models_own_margin() -> None:
    correction = Correction((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.5), 1.0)  # 0.94 of sadness becomes 0.56 of 1
    found = analyst_of().analyse(UserInput(recording=spoken()), {"voice": correction})
    assert found.raw["voice"].label == "sadness"
    assert not found.readings["voice"].sure


def test_the_threads_of_one_analysis_serve_the_next() -> None:
    made = analyst_of()
    for _ in range(40):
        made.analyse(UserInput(recording=spoken(0.5), picture=b"p", note="a line"))
    assert len(made.voice.threads | made.face.threads) <= runtime.CORES


def test_neither_sound_nor_words_show_in_a_log() -> None:
    offered = UserInput(recording=b"private", picture=b"private", note="private", transcript=transcript("private"))
    assert "private" not in repr(offered)
    assert "private" not in repr(analyst_of().analyse(UserInput(note="private")))


def test_what_is_stored_is_the_reading_alone() -> None:
    found = analyst_of().analyse(UserInput(recording=spoken(), picture=b"p", note="a line"))
    assert found.voice is not None
    assert found.face is not None
    assert [type(reading) for reading in found.to_store] == [Reading] * 4
    again = Analysis.from_stored(found.to_store, found.user_input)
    assert again is not None
    assert (again.voice, again.face) == (None, None)
    assert again.fused == found.fused
    assert again.readings == {reading.source: reading for reading in found.to_store[:3]}


def test_an_analysis_is_that_of_its_input_until_something_new_is_given() -> None:
    given = UserInput(recording=b"r", picture=b"p", note="a line")
    found = Analysis(given, {}, {}, {}, None)
    assert found.matches(given)
    assert found.matches(UserInput(note="a line"))
    for new in ({"note": "another"}, {"recording": b"x"}, {"picture": b"x"}):
        assert not found.matches(replace(given, **new)), new


def test_a_transcript_counts_where_it_says_what_of_the_note_was_spoken() -> None:
    said = transcript("a heavy day")
    given = UserInput(recording=b"r", note="a heavy day", transcript=said)
    found = Analysis(given, {}, {}, {}, None)
    assert found.matches(given)
    assert found.matches(replace(given, transcript=None))  # as after a reload
    assert found.matches(replace(given, transcript=transcript("a heavy day", "later")))  # taken out of the note again
    assert not found.matches(replace(given, transcript=transcript("a light day")))
    assert not found.matches(replace(given, transcript=transcript("a heavy day", probability=0.2)))
    assert not found.matches(replace(given, note="a lighter day"))
    typed = Analysis(UserInput(recording=b"r", note="a heavy day"), {}, {}, {}, None)
    assert not typed.matches(given)
    # Without its recording, a transcript says nothing new: a draft that is opened again has both readings already.
    assert typed.matches(UserInput(note="a heavy day", transcript=said))


def sad_note(**options) -> Analysis:
    return analyst_of().analyse(UserInput(recording=spoken(), note="a heavy day", **options))


def test_voice_and_words_of_one_recording_are_less_sure_than_two_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: replace(HOW, overlap=1.0))
    typed, said = sad_note(), sad_note(transcript=transcript("a heavy day", probability=1.0))
    half = sad_note(transcript=transcript("a heavy", probability=1.0))
    other = sad_note(transcript=transcript("something else", probability=1.0))
    alone = analyst_of().analyse(UserInput(note="a heavy day"))
    scores = [found.fused.scores["sadness"] for found in (alone, said, half, typed)]
    assert scores[0] == pytest.approx(scores[1])
    assert scores[1] < scores[2] < scores[3]
    assert other.fused == typed.fused
    assert said.fused.quality["overlap"] == 1.0
    assert "overlap" not in typed.fused.quality


def test_words_that_were_not_heard_clearly_weigh_less() -> None:
    clear, unclear = (sad_note(transcript=transcript("a heavy day", probability=p)) for p in (1.0, 0.4))
    assert clear.raw["words"].quality["weight"] == 1.0
    assert unclear.raw["words"].quality == pytest.approx({"weight": 0.4, "spoken": 1.0, "transcription": 0.4})
    assert unclear.fused.quality["exponent_words"] == pytest.approx(0.4 * clear.fused.quality["exponent_words"])
    typed_below = analyst_of().analyse(
        UserInput(note="a heavy day, then rain came", transcript=transcript("a heavy day", probability=0.4))
    )
    assert typed_below.raw["words"].quality["weight"] == pytest.approx(0.7)  # half of the words were typed
    assert sad_note().raw["words"].quality == {"weight": 1.0}


def test_a_refused_note_stays_refused() -> None:
    refused = analyst_of(words=Refusal("no_words", "No words.")).analyse(
        UserInput(note="a heavy day", transcript=transcript("a heavy day"))
    )
    assert refused.refusals["words"].code == "no_words"


@pytest.mark.slow
def test_the_models_need_no_library_of_the_training() -> None:
    code = "import sys, understanding.explanations, understanding.live; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(run.stdout.split())
    assert {"ser.quality", "fer.quality", "words.model", "inference.personalise"} <= modules
    assert not modules & {"training", "scipy", "librosa", "transformers", "sklearn", "onnx", "streamlit"}
