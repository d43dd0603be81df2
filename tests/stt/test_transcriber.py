"""The logic of the transcriber, with a tiny Whisper that always writes the same words."""

import json

import numpy as np
import pytest

from reading import Refusal
from stt import model_folder, predict, speech
from stt.speech import SAMPLE_RATE, Span
from stt.transcript import Transcript
from tests.sounds import spoken
from tests.stt import tiny_whisper


@pytest.fixture(autouse=True)
def all_sound_is_speech(monkeypatch):
    """Test sounds are no speech to the real detector: each ten seconds of sound are one span."""
    monkeypatch.setattr(
        speech, "_speech_in", lambda piece: _tens(piece.size) if np.abs(piece).max(initial=0) > 0 else []
    )


def _tens(size: int) -> list[Span]:
    step = 10 * SAMPLE_RATE
    return [Span(start, min(start + step, size)) for start in range(0, size, step)]


def model(folder, **how):
    tiny_whisper.write(folder, **how)
    model_folder.write_checksums(folder)
    return predict.load(folder)


def noise(seconds: float) -> np.ndarray:
    return np.full(int(seconds * SAMPLE_RATE), 0.1, np.float32)


def test_a_file_is_written_down_with_times_and_probabilities(tmp_path):
    found = model(tmp_path, words=["오늘은", "좋았어"], probabilities={1: 0.4}).transcribe(spoken(3.0))
    assert (found.text, found.language, found.seconds) == ("오늘은 좋았어", "ko", pytest.approx(3.0, abs=0.05))
    assert found.language_probability > 0.9
    first, second = found.words
    assert 0 <= first.start < first.end <= second.start + 0.05 < second.end <= 3.0
    assert first.is_sure
    assert second.probability == pytest.approx(0.4, abs=0.1)
    assert not second.is_sure
    assert found.model == predict.load(tmp_path).model


def test_words_arrive_window_by_window_with_times_in_the_whole_recording(tmp_path):
    transcriber = model(tmp_path, words=["hello", "day"], language="en")
    parts = list(transcriber.parts(noise(65)))
    assert len(parts) > 1
    assert [part.done for part in parts] == sorted({part.done for part in parts})
    assert parts[-1].done == parts[-1].seconds == 65
    starts = [part.segments[0].start for part in parts]
    assert starts[0] < 2
    assert starts[1] >= 10


def test_the_language_is_one_of_those_asked_for(tmp_path):
    korean = model(tmp_path / "ko", words=["day"], language="ko", language_probability=0.5)
    assert korean.transcribe(noise(2), ["en"]).language == "en"
    assert korean.transcribe(noise(2), ["en"]).language_probability == 1
    assert korean.transcribe(noise(2), ["ko", "en"]).language == "ko"


def test_another_language_is_named_and_written_down_when_asked_again(tmp_path):
    german = model(tmp_path, words=["Guten", "Tag"], language="de")
    with pytest.raises(Refusal) as refusal:
        german.transcribe(noise(2))
    assert refusal.value.code == "other_language"
    assert refusal.value.details["language"] == "de"
    assert german.transcribe(noise(2), ["de"]).text == "Guten Tag"


def test_an_unsure_guess_of_another_language_does_not_stop_the_person(tmp_path):
    unsure = model(tmp_path, words=["day"], language="ja", language_probability=0.6)
    assert unsure.transcribe(noise(2)).language in ("ko", "en")


@pytest.mark.parametrize(
    ("recording", "how"),
    [
        (np.zeros(60 * SAMPLE_RATE, np.float32), {}),
        (np.zeros(0, np.float32), {}),
        (noise(3), {"words": []}),
        (noise(3), {"words": ["시청해", "주셔서", "감사합니다"]}),
        (noise(3), {"words": ["thank", "you"], "probabilities": {0: 0.3, 1: 0.3}}),
        (noise(3), {"no_speech": 0.9, "probabilities": {0: 0.2, 1: 0.2}}),
    ],
    ids=["silence", "empty", "nothing decoded", "subtitles", "unsure thanks", "no speech"],
)
def test_no_words_is_said_and_nothing_is_invented(tmp_path, recording, how):
    with pytest.raises(Refusal) as refusal:
        model(tmp_path, **how).transcribe(recording)
    assert refusal.value.code == "no_words"


def test_files_that_are_no_sound_are_refused_as_everywhere(tmp_path):
    transcriber = model(tmp_path / "model")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for recording in (b"", b"no sound", bytes(10_000), tmp_path / "gone.wav", tmp_path / "picture.png"):
        with pytest.raises(Refusal) as refusal:
            transcriber.transcribe(recording)
        assert refusal.value.code != "no_words"


def test_a_recording_of_more_than_a_quarter_of_an_hour_is_refused(tmp_path):
    with pytest.raises(Refusal) as refusal:
        model(tmp_path).transcribe(_long_wav(15 * 60 + 2))
    assert (refusal.value.code, refusal.value.details["limit_seconds"]) == ("too_long", 900)


def test_a_file_that_was_cut_is_written_down_up_to_the_cut(tmp_path):
    whole = spoken(8.0)
    assert model(tmp_path).transcribe(whole[: len(whole) // 2]).text == "오늘은 좋았어"


def test_a_transcript_survives_json(tmp_path):
    found = model(tmp_path).transcribe(spoken(3.0))
    again = Transcript.from_dict(json.loads(json.dumps(found.as_dict())))
    assert again.text == found.text
    assert again.as_dict() == found.as_dict()


def test_a_model_that_was_unloaded_is_loaded_again_by_a_new_load(tmp_path):
    transcriber = model(tmp_path)
    assert transcriber.transcribe(spoken(2.0)).text
    transcriber.unload()
    assert predict.load(tmp_path).transcribe(spoken(2.0)).text


def _long_wav(seconds: int) -> bytes:
    import io
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(seconds * 8000))
    return out.getvalue()
