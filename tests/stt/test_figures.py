"""The measured figures of speech to text: each command writes its part of one file, and reads back what it wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inference.metrics import Interval
from stt import figures
from stt.figures import ErrorRates, Figures, Inventions, Speed

RATES = ErrorRates(
    name="korean",
    condition="clean",
    model="whisper 1",
    command="python -m measure",
    unit="characters",
    count=80,
    people=4,
    refused=0,
    rate=Interval(0.08, 0.07, 0.09),
    by_mood={"anger": 0.07},
    by_speaker={"korean-a": 0.08},
    plain=0.1,
)
INVENTIONS = Inventions("whisper 1", "python -m invent", 200, 1, {"rain": [8, 1]})
SPEED = Speed("whisper 1", "python -m time", 2, 5.0, 0.5, 60.0, 1.5, 12.0, 200.0, 10.0)


def test_where_nothing_was_measured_there_are_no_figures(tmp_path: Path) -> None:
    assert figures.read(tmp_path) == Figures()
    assert figures.read(tmp_path / "missing").of("korean") is None


def test_each_part_is_read_as_it_was_written_and_leaves_the_others(tmp_path: Path) -> None:
    figures.write_error_rates(tmp_path, [RATES])
    figures.write_inventions(tmp_path, INVENTIONS)
    figures.write_speed(tmp_path, SPEED)
    assert figures.read(tmp_path) == Figures((RATES,), INVENTIONS, SPEED)
    assert SPEED.real_time_factor == 0.2


def test_a_condition_is_found_by_its_name(tmp_path: Path) -> None:
    noisy = replace(RATES, condition="noise", rate=Interval(0.2, 0.1, 0.3))
    figures.write_error_rates(tmp_path, [RATES, noisy])
    found = figures.read(tmp_path)
    assert found.of("korean") == RATES
    assert found.of("korean", "noise") == noisy
    assert found.of("cremad") is None
