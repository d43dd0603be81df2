import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import counters
from inference.weights import WeightsError
from reading import Refusal
from stt.transcriber import Part
from stt.transcript import Segment, Word
from understanding.speech_to_text import SpeechToText

SOUND = np.zeros(16_000, np.float32)
WAIT = 10.0


class FakeTranscriber:
    """Writes the given windows down; a window waits for `gate`, and one that is an exception is raised."""

    model = "fake 1"

    def __init__(self, *windows: str | Exception) -> None:
        self.windows = windows
        self.gate = threading.Event()
        self.gate.set()
        self.log: list[str] = []
        self.unloaded = 0
        self.at_once = self.most_at_once = 0
        self.niceness = 0

    def parts(self, recording: object, languages: tuple[str, ...]) -> Iterator[Part]:
        name = str(recording) if isinstance(recording, str) else "sound"
        for number, text in enumerate(self.windows, start=1):
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            assert self.gate.wait(WAIT)
            self.at_once -= 1
            self.log.append(name)
            if hasattr(os, "getpriority"):
                self.niceness = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            if isinstance(text, Exception):
                raise text
            segment = Segment((Word(f" {text}", number - 1, number, 0.9),))
            yield Part((segment,) if text else (), number, len(self.windows), languages[0], 1.0)

    def unload(self) -> None:
        self.unloaded += 1


@pytest.fixture
def made():
    """`made(transcriber)` gives the service of a fake; all are stopped at the end."""
    services = []

    def make(transcriber: FakeTranscriber, idle: float = 60.0) -> SpeechToText:
        services.append(SpeechToText(lambda: transcriber, lambda: idle))
        return services[-1]

    yield make
    for service in services:
        service.stop()


def until(condition, seconds: float = WAIT) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


def test_words_grow_window_by_window(made):
    fake = FakeTranscriber("one", "two")
    fake.gate.clear()
    found = made(fake).start(SOUND, ["en"])
    assert (found.state, found.text, found.transcript, found.share) in [
        ("waiting", "", None, 0.0),
        ("running", "", None, 0.0),
    ]
    fake.gate.set()
    assert found.wait(WAIT)
    assert (found.state, found.text, found.share) == ("done", "one two", 1.0)
    assert found.transcript is not None
    assert (found.transcript.text, found.transcript.language, found.transcript.model) == ("one two", "en", "fake 1")


def test_several_recordings_take_turns_and_never_two_at_once(made):
    fake = FakeTranscriber("a", "b", "c")
    fake.gate.clear()
    service = made(fake)
    both = [service.start(name, ["ko"]) for name in ("long", "short")]
    fake.gate.set()
    assert all(found.wait(WAIT) for found in both)
    assert fake.log[:4] in (["long", "short", "long", "short"], ["long", "long", "short", "long"])
    assert fake.most_at_once == 1


def test_cancel_keeps_the_words_so_far(made):
    fake = FakeTranscriber("one", "two", "three")
    service = made(fake)
    fake.gate.clear()
    found = service.start(SOUND, ["en"])
    until(lambda: found.state == "running")
    found.cancel()
    fake.gate.set()
    assert found.wait(WAIT)
    assert found.state == "cancelled"
    assert found.text == "one"
    assert found.transcript.text == "one"


def test_cancelled_before_its_turn_it_is_never_decoded(made):
    fake = FakeTranscriber("one")
    fake.gate.clear()
    service = made(fake)
    first, second = service.start("first", ["en"]), service.start("second", ["en"])
    until(lambda: fake.at_once == 1)
    second.cancel()
    fake.gate.set()
    assert first.wait(WAIT)
    assert second.wait(WAIT)
    assert (second.state, second.text, fake.log) == ("cancelled", "", ["first"])


def test_a_refusal_is_kept_and_the_next_recording_is_written_down(made):
    fake = FakeTranscriber(Refusal("no_words", "No words."))
    service = made(fake)
    found = service.start(SOUND, ["en"])
    assert found.wait(WAIT)
    assert (found.state, found.refusal.code) == ("refused", "no_words")
    fake.windows = ("one",)
    after = service.start(SOUND, ["en"])
    assert after.wait(WAIT)
    assert after.text == "one"


def test_a_failure_loses_no_words_and_logs_none(made, caplog):
    service = made(FakeTranscriber("one", ValueError("what she said: secret")))
    with caplog.at_level(logging.DEBUG):
        found = service.start(SOUND, ["en"])
        assert found.wait(WAIT)
    assert (found.state, found.refusal.code, found.text) == ("refused", "failed", "one")
    assert found.transcript.text == "one"
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
    assert "one" not in caplog.text


@pytest.mark.parametrize("error", [WeightsError("The folder is damaged; copy it again."), RuntimeError("odd")])
def test_a_model_that_cannot_be_loaded_refuses_and_is_tried_again(error, caplog):
    fake, tries = FakeTranscriber("one"), []

    def load():
        tries.append(1)
        if len(tries) == 1:
            raise error
        return fake

    service = SpeechToText(load, lambda: 60.0)
    first = service.start(SOUND, ["en"])
    assert first.wait(WAIT)
    assert first.refusal.code == "failed"
    assert ("damaged" in caplog.text) == isinstance(error, WeightsError)
    second = service.start(SOUND, ["en"])
    assert second.wait(WAIT)
    assert second.text == "one"
    service.stop()


def test_after_idle_time_the_model_leaves_and_comes_back(made):
    fake = FakeTranscriber("one")
    service = made(fake, idle=0.05)
    assert service.start(SOUND, ["en"]).wait(WAIT)
    until(lambda: fake.unloaded == 1)
    again = service.start(SOUND, ["en"])
    assert again.wait(WAIT)
    assert again.text == "one"


def test_a_recording_that_comes_just_as_the_idle_time_ends_is_written_down(made, monkeypatch):
    service = made(FakeTranscriber("one"), idle=0.05)
    late = []

    class JustBefore(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            was_notified = super().wait(timeout)
            if not was_notified and not late:  # the lock is held again: start() runs in this thread as if just before
                late.append(service.start(SOUND, ["en"]))
            return was_notified

    monkeypatch.setattr(service, "_changed", JustBefore())
    assert service.start(SOUND, ["en"]).wait(WAIT)
    until(lambda: late)
    assert late[0].wait(WAIT)


def test_the_sound_leaves_the_memory_at_the_end(made):
    found = made(FakeTranscriber("one")).start(SOUND, ["en"])
    assert found.wait(WAIT)
    assert not any(isinstance(value, np.ndarray) for value in vars(found).values())


def test_stop_ends_what_is_waiting_and_the_worker(made):
    fake = FakeTranscriber("one", "two")
    fake.gate.clear()
    service = made(fake)
    all_of_them = [service.start(SOUND, ["en"]) for _ in range(3)]
    until(lambda: fake.at_once == 1)
    threading.Timer(0.1, fake.gate.set).start()
    service.stop()
    until(lambda: all(found.is_over for found in all_of_them))
    assert fake.unloaded == 1


def test_many_threads_may_start_at_once(made):
    service = made(FakeTranscriber("one", "two"))
    with ThreadPoolExecutor(8) as threads:
        all_of_them = list(threads.map(lambda _: service.start(SOUND, ["en"]), range(30)))
    assert all(found.wait(WAIT) for found in all_of_them)
    assert {found.text for found in all_of_them} == {"one two"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_decoding_has_a_lower_priority_than_pages(made):
    fake = FakeTranscriber("one")
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert made(fake).start(SOUND, ["en"]).wait(WAIT)
    assert fake.niceness == min(19, here + 10)
    assert os.getpriority(os.PRIO_PROCESS, 0) == here


def test_what_waits_and_what_was_done_is_counted(made):
    def value(name: str, **labels: str) -> float:
        return counters.REGISTRY.get_sample_value(name, labels) or 0.0

    fake = FakeTranscriber("one")
    fake.gate.clear()
    service = made(fake)
    before = value("haru_reading_seconds_count", recogniser="speech", outcome="answer")
    found = [service.start(SOUND, ["en"]) for _ in range(3)]
    until(lambda: value("haru_speech_waiting") == 2)
    fake.gate.set()
    assert all(each.wait(WAIT) for each in found)
    until(lambda: value("haru_reading_seconds_count", recogniser="speech", outcome="answer") == before + 3)
    assert value("haru_speech_waiting") == 0
    refused = value("haru_refusals_total", recogniser="speech", reason="failed")
    assert made(FakeTranscriber(ValueError("a text"))).start(SOUND, ["en"]).wait(WAIT)
    until(lambda: value("haru_refusals_total", recogniser="speech", reason="failed") == refused + 1)
