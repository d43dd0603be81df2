"""Speech of a stream is cut at pauses, written down one window at a time, and skipped honestly where it is too much."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from reading import Refusal
from ser.audio import SAMPLE_RATE
from tests.understanding.fake_speech import FakeTranscriber, speech_of
from tests.understanding.test_live import until
from understanding.captions import LONGEST_WINDOW, Caption, Captions, SpeechWindows

NOISE = np.random.default_rng(0)


def silence(seconds: float, level: float = 0.001) -> np.ndarray:
    return (level * NOISE.normal(size=int(seconds * SAMPLE_RATE))).astype(np.float32)


def speech(seconds: float, level: float = 0.1) -> np.ndarray:
    """Four syllables a second: noise whose loudness changes as a voice's does."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (level * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)) * NOISE.normal(size=time.size)).astype(np.float32)


def fed(*sounds: np.ndarray, chunk: int = 320) -> SpeechWindows:
    """What comes of these sounds in the pieces of a connection: 20 milliseconds each."""
    windows = SpeechWindows()
    sound = np.concatenate(sounds)
    for start in range(0, sound.size, chunk):
        windows.add(sound[start : start + chunk])
    return windows


def seconds(sound: np.ndarray) -> float:
    return sound.size / SAMPLE_RATE


def test_a_window_ends_at_a_pause_and_holds_the_whole_of_what_was_said() -> None:
    said = speech(2.0)
    windows = fed(silence(1.0), said, silence(1.0))
    window = windows.take()
    assert window is not None
    assert 2.0 <= seconds(window.sound) <= 3.0
    begins = next(at for at in range(window.sound.size) if window.sound[at] == said[0])
    assert np.array_equal(window.sound[begins : begins + said.size], said)
    assert begins >= 0.2 * SAMPLE_RATE  # soft beginnings and ends
    assert window.sound.size - begins - said.size >= 0.2 * SAMPLE_RATE
    assert not window.after_gap
    assert windows.take() is None


def test_nothing_is_handed_on_while_somebody_still_speaks() -> None:
    assert fed(silence(1.0), speech(3.0)).take() is None


@pytest.mark.parametrize("chunk", [1, 77, 320, 960, 16_000])
def test_the_pieces_may_have_any_size(chunk: int) -> None:
    sounds = (silence(0.5), speech(1.0), silence(1.0))
    window = fed(*sounds, chunk=chunk).take()
    assert window is not None
    assert 1.0 <= seconds(window.sound) <= 2.0


def test_silence_noise_and_clicks_are_no_speech() -> None:
    click = np.zeros(400, np.float32)
    click[:80] = 0.9
    knock = speech(0.15, level=0.5)
    assert fed(silence(5.0)).take() is None
    assert fed(silence(20.0, level=0.01)).take() is None
    assert fed(silence(1.0), click, silence(2.0), click, silence(2.0)).take() is None
    assert fed(silence(1.0), knock, silence(2.0)).take() is None
    assert fed(silence(1.0, level=0.0001), silence(2.0, level=0.002), silence(1.0, level=0.0001)).take() is None
    assert fed(np.zeros(3 * SAMPLE_RATE, np.float32)).take() is None


def test_a_voice_is_heard_over_a_steady_noise_and_a_soft_one_in_silence() -> None:
    noise = silence(6.0, level=0.01)
    noise[3 * SAMPLE_RATE : 5 * SAMPLE_RATE] += speech(2.0, level=0.08)
    window = fed(noise, silence(1.0, level=0.01)).take()
    assert window is not None
    assert 2.0 <= seconds(window.sound) <= 3.0
    assert fed(silence(1.0, level=0.0002), speech(2.0, level=0.008), silence(1.0, level=0.0002)).take() is not None


def test_in_a_loud_room_no_speech_is_lost() -> None:
    said = speech(2.0, level=0.1) + silence(2.0, level=0.05)
    windows = fed(silence(3.0, level=0.05), said, silence(4.0, level=0.05))
    window = windows.take()
    assert window is not None
    assert said[1000] in window.sound
    assert said[-1000] in window.sound


def test_speech_from_the_first_moment_on_is_not_taken_for_noise() -> None:
    assert fed(speech(2.0), silence(1.0)).take() is not None


def test_long_speech_is_cut_where_it_is_quietest_and_no_sound_is_lost() -> None:
    said = speech(12.0)
    dip = slice(round(6.9 * SAMPLE_RATE), round(7.05 * SAMPLE_RATE))  # between two words, shorter than a pause
    said[dip] = silence(0.15)
    windows = SpeechWindows()
    sound = np.concatenate([silence(0.5), said, silence(1.0)])
    taken = []
    for start in range(0, sound.size, 320):
        windows.add(sound[start : start + 320])
        if window := windows.take():
            taken.append(window)
    assert all(seconds(window.sound) <= LONGEST_WINDOW for window in taken)
    assert not any(window.after_gap for window in taken)
    whole = np.concatenate([window.sound for window in taken])
    begins = next(at for at in range(whole.size) if whole[at] == said[0])
    assert np.array_equal(whole[begins : begins + said.size], said)
    first = taken[0].sound.size - begins
    assert dip.start <= first <= dip.stop


def test_short_windows_wait_together_and_older_speech_is_skipped_when_it_is_too_much() -> None:
    windows = fed(silence(0.5), speech(1.0), silence(1.0), speech(1.5), silence(1.0))
    both = windows.take()
    assert both is not None
    assert not both.after_gap
    assert 2.5 <= seconds(both.sound) <= 5.0
    windows = fed(silence(0.5), speech(5.0), silence(1.0), latest := speech(5.0), silence(1.0))
    only = windows.take()
    assert only is not None
    assert only.after_gap
    assert latest[1000] in only.sound
    assert seconds(only.sound) <= LONGEST_WINDOW
    assert windows.take() is None


def test_however_long_nobody_takes_anything_the_memory_is_bounded() -> None:
    windows = fed(*[speech(3.0), silence(0.8)] * 20, chunk=SAMPLE_RATE)
    assert windows.samples_held <= 2 * LONGEST_WINDOW * SAMPLE_RATE + SAMPLE_RATE


# Captions.


def caption_all(captions: Captions, *sounds: np.ndarray) -> None:
    sound = np.concatenate(sounds)
    for start in range(0, sound.size, 320):
        captions.add(sound[start : start + 320])


def over(captions: Captions) -> Callable[[], bool]:
    """Whether nothing is being written down; asks as a stream does, with every piece of sound."""

    def is_over() -> bool:
        captions.add(silence(0.02))
        return not captions.is_writing

    return is_over


def captioned(transcriber: FakeTranscriber, languages: tuple[str, ...] = ("ko", "en")) -> Captions:
    return Captions(speech_of(transcriber), languages)


UTTERANCE = (silence(0.5), speech(1.0), silence(1.0))


def test_what_is_said_becomes_a_caption_in_its_language() -> None:
    transcriber = FakeTranscriber("오늘은 날씨가 좋아요", language="ko")
    captions = captioned(transcriber, ("ko",))
    caption_all(captions, *UTTERANCE)
    until(over(captions))
    assert captions.lines == (Caption("오늘은 날씨가 좋아요", "ko", after_gap=False),)
    assert transcriber.languages == [("ko",)]
    assert isinstance(transcriber.recordings[0], np.ndarray)


def test_only_the_last_two_lines_stay() -> None:
    transcriber = FakeTranscriber()
    numbers = iter(range(1, 9))
    transcriber.hear = lambda _: [f"line {next(numbers)}"]
    captions = captioned(transcriber)
    for _ in range(3):
        caption_all(captions, *UTTERANCE)
        until(over(captions))
    assert [line.text for line in captions.lines] == ["line 2", "line 3"]


def test_one_window_at_a_time_and_what_was_skipped_is_marked() -> None:
    transcriber = FakeTranscriber()
    numbers = iter(range(1, 9))
    transcriber.hear = lambda _: [f"line {next(numbers)}"]
    transcriber.waits = True
    captions = captioned(transcriber)
    for _ in range(4):  # the machine decodes the first window all this time
        caption_all(captions, silence(0.5), speech(5.0), silence(1.0))
    until(lambda: len(transcriber.recordings) == 1)
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    until(lambda: over(captions)() and len(captions.lines) == 2)
    assert [(line.text, line.after_gap) for line in captions.lines] == [("line 1", False), ("line 2", True)]
    assert len(transcriber.recordings) == 2
    caption_all(captions, *UTTERANCE)
    until(over(captions))
    assert captions.lines[-1] == Caption("line 3", "en", after_gap=False)


def test_a_cough_makes_no_caption_and_no_gap() -> None:
    transcriber = FakeTranscriber()
    answers = iter([[], ["words"]])
    transcriber.hear = lambda _: next(answers)
    captions = captioned(transcriber)
    for _ in range(2):
        caption_all(captions, *UTTERANCE)
        until(over(captions))
    assert captions.lines == (Caption("words", "en", after_gap=False),)
    assert captions.problem is None


def test_another_language_is_said_and_leaves_a_gap() -> None:
    transcriber = FakeTranscriber()
    refused = iter([True, False])

    def hear(_: np.ndarray) -> list[str]:
        if next(refused):
            raise Refusal("other_language", "Another.", {"language": "ja", "probability": 0.9})
        return ["words"]

    transcriber.hear = hear
    captions = captioned(transcriber)
    caption_all(captions, *UTTERANCE)
    until(over(captions))
    assert captions.lines == ()
    assert captions.problem is not None
    assert captions.problem.code == "other_language"
    caption_all(captions, *UTTERANCE)
    until(over(captions))
    assert captions.lines == (Caption("words", "en", after_gap=True),)
    assert captions.problem is None


def test_closing_forgets_everything_and_ends_the_decoding() -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    captions = captioned(transcriber)
    caption_all(captions, *UTTERANCE, *UTTERANCE)
    until(lambda: transcriber.recordings != [])
    job = captions._job
    captions.close()
    assert (captions.lines, captions.is_writing) == ((), False)
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    caption_all(captions, *UTTERANCE)
    assert len(transcriber.recordings) == 1
    until(lambda: job.is_over)
    assert len(transcriber.written) <= 1
    assert captions.lines == ()
