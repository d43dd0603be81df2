"""How the speed of speech to text is timed, with a transcriber whose times are known."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from benchmarks import stt_latency
from stt.transcriber import Part
from stt.transcript import Segment, Word

SEGMENT = Segment((Word("안녕", 0.0, 0.5, 0.9),))


class Slow:
    """Three windows of 0.1 s each; in the first one nobody speaks."""

    def parts(self, recording, languages) -> Iterator[Part]:
        for number in range(3):
            time.sleep(0.1)
            yield Part((SEGMENT,) if number else (), number + 1.0, 3.0, "ko", 1.0)


def test_the_first_words_are_timed_not_the_first_window() -> None:
    first, whole = stt_latency.first_and_all(Slow(), b"")
    assert first == pytest.approx(0.2, abs=0.08)
    assert whole == pytest.approx(0.3, abs=0.1)
    assert first < whole


def test_two_ways_take_turns() -> None:
    calls: list[str] = []
    ways = [lambda: calls.append("haru"), lambda: calls.append("plain") or time.sleep(0.02)]
    haru, plain = stt_latency.p50_in_turn(ways, 3)
    assert calls == ["haru", "plain"] * 5
    assert haru < 0.01 < plain
