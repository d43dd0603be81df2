import numpy as np
import pytest

from stt import speech
from stt.speech import SAMPLE_RATE, Span
from tests.data_folders import require_data


def seconds(*spans: tuple[float, float]) -> list[Span]:
    return [Span(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE)) for start, end in spans]


def in_seconds(spans) -> list[tuple[float, float]]:
    return [(span.start / SAMPLE_RATE, span.end / SAMPLE_RATE) for span in spans]


@pytest.fixture
def loud_is_speech(monkeypatch):
    """A detector that calls every run of samples above zero speech, and that counts what it was given."""
    read = []

    def spans(piece: np.ndarray) -> list[Span]:
        read.append(piece.size)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (piece > 0).astype(int), [0]])))
        longest = int((speech.LONGEST_WINDOW - 0.6) * SAMPLE_RATE)
        return [
            Span(int(first), int(min(first + longest, end)))
            for start, end in zip(edges[::2], edges[1::2], strict=True)
            for first in range(start, end, longest)
        ]

    monkeypatch.setattr(speech, "_speech_in", spans)
    return read


def wave_with(seconds_long: float, *loud: tuple[float, float]) -> np.ndarray:
    wave = np.zeros(int(seconds_long * SAMPLE_RATE), np.float32)
    for start, end in loud:
        wave[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)] = 0.5
    return wave


def test_sentences_with_short_pauses_share_a_window_and_a_long_pause_ends_it(loud_is_speech):
    wave = wave_with(30, (1, 3), (4, 6), (20, 22))
    assert in_seconds(speech.windows(wave)) == [(1, 6), (20, 22)]


def test_the_first_window_is_short_and_the_others_are_not(loud_is_speech):
    sentences = [(start, start + 4) for start in range(0, 55, 5)]
    found = in_seconds(speech.windows(wave_with(58, *sentences)))
    assert found[0] == (0, 9)
    assert found[1] == (10, 34)
    assert all(end - start <= speech.LONGEST_WINDOW for start, end in found)


def test_speech_across_the_end_of_a_piece_is_read_as_a_whole(loud_is_speech):
    wave = wave_with(130, (55, 65), (118, 125))
    assert in_seconds(speech.speech(wave)) == [(55, 65), (118, 125)]
    assert max(loud_is_speech) <= 60 * SAMPLE_RATE


def test_speech_without_a_pause_is_cut_and_nothing_is_lost_or_read_twice(loud_is_speech):
    wave = wave_with(200, (0, 200))
    spans = list(speech.speech(wave))
    assert spans[0].start == 0
    assert spans[-1].end == wave.size
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert all(span.seconds <= speech.LONGEST_WINDOW for span in spans)


def test_windows_come_while_the_rest_is_not_read_yet(loud_is_speech):
    windows = speech.windows(wave_with(900, *[(start, start + 3) for start in range(0, 890, 6)]))
    next(windows)
    assert sum(loud_is_speech) <= 120 * SAMPLE_RATE


@pytest.mark.parametrize(
    "wave",
    [
        np.zeros(0, np.float32),
        np.zeros(3, np.float32),
        np.zeros(20 * SAMPLE_RATE, np.float32),
        np.random.default_rng(0).normal(0, 0.05, 20 * SAMPLE_RATE).astype(np.float32),
    ],
    ids=["empty", "three samples", "silence", "noise"],
)
def test_the_detector_finds_no_speech_where_there_is_none(wave):
    assert list(speech.windows(wave)) == []


def test_the_detector_finds_real_speech_between_silence():
    from ser import audio

    clip = audio.decode(sorted((require_data("speech") / "korean").iterdir())[0])
    silence = np.zeros(5 * SAMPLE_RATE, np.float32)
    (window,) = speech.windows(np.concatenate([silence, clip, silence]))
    assert 4.5 < window.start / SAMPLE_RATE < 6
    assert abs(window.end - window.start - clip.size) < 1.5 * SAMPLE_RATE
