from __future__ import annotations

import io
import itertools
import threading
import time
import wave
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from fer.predict import FaceReading
from reading import Refusal
from ser.audio import SAMPLE_RATE
from tests.understanding.fake_speech import FakeTranscriber, speech_of
from tests.understanding.fakes import Fake, analyst_of, reading
from understanding import live as streams
from understanding import runtime
from understanding.face_frames import FRAMES
from understanding.live import SOUND_SECONDS, LiveReader

PICTURE = np.zeros((48, 64, 3), np.uint8)
SECOND = np.full(SAMPLE_RATE, 0.1, np.float32)


@pytest.fixture
def live() -> Iterator[LiveReader]:
    made = LiveReader(analyst_of(seconds=0.05))
    yield made
    made.stop()


def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def test_the_face_is_read_at_the_machines_own_pace_without_a_queue(live: LiveReader) -> None:
    for number in range(300):  # twenty seconds of camera at once
        live.add_picture(PICTURE + number % 200)
    until(lambda: live.state().face is not None)
    time.sleep(0.3)
    assert live.state().pictures_read <= 3
    assert live.state().face.label == "sadness"


def test_half_of_the_time_is_left_to_the_connection_and_the_page() -> None:
    spans: list[tuple[float, float]] = []

    class Timed(Fake):
        def read(self, pictures: list, face: int | None = None) -> list:
            began = time.monotonic()
            seen = super().read(pictures, face)
            spans.append((began, time.monotonic()))
            return seen

    made = analyst_of()
    made.face = Timed(reading("face", "fear"), seconds=0.05)
    live = LiveReader(made)
    until(lambda: live.add_picture(PICTURE) or len(spans) >= 4)
    live.stop()
    for (began, ended), (next_began, _) in itertools.pairwise(spans):
        assert next_began - ended >= ended - began


def test_a_long_rest_does_not_keep_a_stopped_stream(live: LiveReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_LONGEST_PAUSE", 60)
    resting = threading.Thread(target=live._pause, args=(60,), daemon=True)
    resting.start()
    live.stop()
    resting.join(10)
    assert not resting.is_alive()


def test_only_the_last_seconds_are_heard(live: LiveReader) -> None:
    for _ in range(20):
        live.add_sound(SECOND)
    until(lambda: live.state().voice is not None)
    with wave.open(io.BytesIO(live.snapshot().recording)) as file:
        assert file.getnframes() == SOUND_SECONDS * SAMPLE_RATE
        assert file.getframerate() == SAMPLE_RATE


def test_voice_and_face_both_move_on(live: LiveReader) -> None:
    for number in range(1, 4):
        live.add_picture(PICTURE)
        live.add_sound(SECOND)
        until(lambda number=number: live.state().pictures_read >= number and live.state().sounds_read >= number)


def test_a_moment_is_the_latest_picture_and_sound(live: LiveReader) -> None:
    assert (live.snapshot().picture, live.snapshot().recording) == (None, None)
    assert not live.snapshot()
    live.add_picture(PICTURE)
    live.add_picture(PICTURE + 200)
    assert live.snapshot()
    assert np.asarray(Image.open(io.BytesIO(live.snapshot().picture))).mean() == pytest.approx(200, abs=2)


def test_a_moment_has_frames_of_the_last_second_and_a_half(live: LiveReader, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(streams.time, "monotonic", lambda: now)
    for number in range(60):  # four seconds of camera
        live.add_picture(PICTURE + 4 * number)
        now += 1 / 15
    moment = live.snapshot()
    levels = [round(float(np.asarray(Image.open(io.BytesIO(frame))).mean()) / 4) for frame in moment.frames]
    assert len(levels) == FRAMES
    assert levels[-1] == 59
    assert 59 - levels[0] == pytest.approx(1.5 * 15, abs=6)
    assert all(4 <= after - before <= 7 for before, after in itertools.pairwise(levels[:-1]))
    assert moment.picture == moment.frames[2]
    now += 60  # the camera stood still for a minute
    live.add_picture(PICTURE)
    assert live.snapshot().frames == ()


def test_the_face_is_the_mean_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = analyst_of(face="fear")
    live = LiveReader(made)
    live.add_picture(PICTURE)
    until(lambda: live.state().pictures_read == 1)
    made.face.answer = reading("face", "surprise")
    live.add_picture(PICTURE)
    until(lambda: live.state().pictures_read == 2)
    scores = live.state().face.scores
    assert scores["surprise"] == pytest.approx(scores["fear"])
    monkeypatch.setattr(streams, "FACE_SECONDS", 0.0)
    live.add_picture(PICTURE)
    until(lambda: live.state().pictures_read == 3)
    assert live.state().face.label == "surprise"
    live.stop()


def test_the_level_moves_with_the_voice(live: LiveReader) -> None:
    assert live.state().level == 0
    live.add_sound(SECOND)
    assert live.state().level > 0.2
    live.add_sound(SECOND * 0)
    assert live.state().level == 0


def test_why_nothing_is_read_is_known_and_passes() -> None:
    nobody = analyst_of(face=Refusal("no_face", "No face."))
    live = LiveReader(nobody)
    live.add_picture(PICTURE)
    until(lambda: live.state().pictures_read == 1)
    assert live.state().face.code == "no_face"
    nobody.face = Fake(reading("face", "fear"))
    live.add_picture(PICTURE)
    until(lambda: isinstance(live.state().face, FaceReading))
    live.stop()


def test_one_odd_picture_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    class Stumbles(Fake):
        def read(self, pictures: list, face: int | None = None) -> list:
            if pictures[0].max() > 0:
                raise ValueError("a private frame")
            return super().read(pictures, face)

    made = analyst_of()
    made.face = Stumbles(reading("face", "fear"))
    live = LiveReader(made)
    live.add_picture(PICTURE + 1)
    until(lambda: caplog.records)
    live.add_picture(PICTURE)
    until(lambda: live.state().face is not None)
    live.stop()
    assert "private" not in caplog.text


def test_without_a_model_for_faces_the_voice_is_still_heard() -> None:
    live = LiveReader(analyst_of(face=None))
    live.add_picture(PICTURE)
    live.add_sound(SECOND)
    until(lambda: live.state().voice is not None)
    assert live.state().face is None
    live.stop()


def test_nothing_is_left_after_stopping(live: LiveReader) -> None:
    live.add_picture(PICTURE)
    live.add_sound(SECOND)
    until(lambda: live.state().face is not None)
    live.stop()
    live.add_picture(PICTURE)
    until(lambda: not any(worker.is_alive() for worker in live._workers))
    assert live.is_over
    assert (live.snapshot().picture, live.snapshot().recording) == (None, None)
    assert live.state().face is None


SPOKEN = (0.1 * np.random.default_rng(0).normal(size=SAMPLE_RATE)).astype(np.float32)


def say(live: LiveReader) -> None:
    """A second of speech between two of silence, in the pieces of a connection."""
    sound = np.concatenate([0 * SECOND, SPOKEN, 0 * SECOND])
    for start in range(0, sound.size, 320):
        live.add_sound(sound[start : start + 320])


def test_what_is_said_is_written_under_the_picture_while_face_and_voice_are_read(live: LiveReader) -> None:
    transcriber = FakeTranscriber("what a day")
    transcriber.waits = True
    live.write_down(speech_of(transcriber), ("ko", "en"))
    say(live)
    until(lambda: transcriber.recordings != [])
    before = live.state()
    for _ in range(3):  # the window is still being decoded
        live.add_picture(PICTURE)
        live.add_sound(SECOND)
        until(lambda: live.state().pictures_read > before.pictures_read)
    until(lambda: live.state().sounds_read > before.sounds_read)
    assert live.state().captions == ()
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    until(lambda: live.add_sound(0 * SECOND[:320]) or live.state().captions != ())
    assert [caption.text for caption in live.state().captions] == ["what a day"]


def test_captions_that_are_there_already_go_on_with_the_next_run_of_the_page(live: LiveReader) -> None:
    transcriber = FakeTranscriber("what a day")
    speech = speech_of(transcriber)
    live.write_down(speech, ("ko", "en"))
    say(live)
    until(lambda: live.add_sound(0 * SECOND[:320]) or live.state().captions != ())
    live.write_down(speech, ("ko", "en"))
    assert live.state().captions != ()
    live.write_down(speech, ("en",))  # another choice in Settings
    assert live.state().captions == ()


def test_without_the_consent_nothing_is_written_down(live: LiveReader) -> None:
    transcriber = FakeTranscriber("what a day")
    say(live)
    live.write_down(speech_of(transcriber), ("ko", "en"))
    live.write_down(None, ())
    say(live)
    time.sleep(0.2)
    assert transcriber.recordings == []
    assert live.state().captions == ()


def test_with_captions_alone_the_voice_is_not_read() -> None:
    transcriber = FakeTranscriber("what a day")
    live = LiveReader(analyst_of())
    live.reads_voice = False
    live.write_down(speech_of(transcriber), ("ko", "en"))
    say(live)
    until(lambda: live.add_sound(0 * SECOND[:320]) or live.state().captions != ())
    live.add_picture(PICTURE)
    until(lambda: live.state().pictures_read == 1)
    assert (live.state().voice, live.state().sounds_read) == (None, 0)
    assert live.snapshot().recording is not None
    live.stop()


def test_stopping_forgets_the_captions_too(live: LiveReader) -> None:
    transcriber = FakeTranscriber("what a day")
    live.write_down(speech_of(transcriber), ("ko", "en"))
    say(live)
    until(lambda: live.add_sound(0 * SECOND[:320]) or live.state().captions != ())
    live.stop()
    assert live.state().captions == ()
    live.write_down(speech_of(transcriber), ("ko", "en"))
    say(live)
    time.sleep(0.2)
    assert live.state().captions == ()
    assert len(transcriber.recordings) == 1


def test_a_stream_that_went_silent_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "IDLE_SECONDS", 0.1)
    live = LiveReader(analyst_of())
    live.add_picture(PICTURE)
    until(lambda: live.is_over)
    assert live.snapshot().picture is None


def test_many_streams_share_the_places_of_the_machine() -> None:
    shared = analyst_of(seconds=0.02)
    streams_at_once = [LiveReader(shared) for _ in range(6)]
    for _ in range(5):
        for live in streams_at_once:
            live.add_picture(PICTURE)
    until(lambda: all(live.state().face is not None for live in streams_at_once))
    for live in streams_at_once:
        live.stop()
    assert 1 <= shared.face.most <= runtime.CORES


def test_a_reading_is_as_old_as_its_picture_and_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = analyst_of(seconds=0.3)
    live = LiveReader(slow)
    assert not live.state().is_fresh("face")
    began = time.monotonic()
    live.add_picture(PICTURE)
    live.add_sound(SECOND)
    until(lambda: live.state().face is not None and live.state().voice is not None)
    current, passed = live.state(), time.monotonic() - began
    for source in ("face", "voice"):
        assert 0.3 <= current.age(source) <= passed + 0.1
    now = max(current.face_at, current.voice_at)
    monkeypatch.setattr(streams.time, "monotonic", lambda: now + 0.1)
    assert current.is_fresh("face")
    assert current.is_fresh("voice")
    monkeypatch.setattr(streams.time, "monotonic", lambda: now + streams.FRESH_SECONDS + 0.1)
    assert not current.is_fresh("face")
    assert not current.is_fresh("voice")
    live.stop()


def test_a_slow_model_reads_the_newest_picture_not_one_that_waited() -> None:
    made = analyst_of()
    made.face = slow = Fake(reading("face", "fear"), seconds=0.2)
    read: list[tuple[float, int]] = []

    class Numbered(Fake):
        def read(self, pictures: list, face: int | None = None) -> list:
            read.append((time.monotonic(), int(pictures[0][0, 0, 0])))
            return slow.read(pictures, face)

    made.face = Numbered(reading("face", "fear"))
    live = LiveReader(made)
    came: dict[int, float] = {}
    for number in range(60):
        came[number] = time.monotonic()
        live.add_picture(PICTURE + number)
        time.sleep(0.02)
    live.stop()
    assert 2 <= len(read) <= 5
    # The picture that a reading begins with is the last one that came, give or take the machine's pauses.
    assert all(at - came[number] < 0.15 for at, number in read)


def test_the_voice_does_not_wait_for_the_face() -> None:
    made = analyst_of()
    made.face = Fake(reading("face", "fear"), seconds=1.5)
    live = LiveReader(made)
    began = time.monotonic()
    live.add_picture(PICTURE)
    live.add_sound(SECOND)
    until(lambda: live.state().voice is not None)
    assert time.monotonic() - began < 1.4
    assert live.state().face is None
    live.stop()


def test_the_page_waits_for_news_only(live: LiveReader) -> None:
    live.add_picture(PICTURE)
    until(lambda: live.state().face is not None)
    before = live.state()
    assert live.wait_for_news(before, 0.05).face_at == before.face_at
    threading.Timer(0.1, live.add_picture, (PICTURE,)).start()
    began = time.monotonic()
    assert live.wait_for_news(before, 30).face_at > before.face_at
    assert time.monotonic() - began < 20
    assert live.wait_for_news(None, 30).face_at > before.face_at
