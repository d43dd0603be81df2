"""What the shipped words may and may not be sure of."""

from __future__ import annotations

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.calibration import LEAST_SURE
from reading import Reading
from training.words import first_person
from training.words.corpora import diary_lines
from training.words.evaluate import DIARY
from understanding import fusion
from words.parts import encode
from words.predict import Recogniser

EVERYDAY = [
    "오늘은 빨래를 하고 우유를 샀다",
    "마트에서 두부랑 파랑 세제를 샀다",
    "화요일. 출근, 회의, 퇴근.",
    "약국에서 비타민을 사 왔다",
    "Did the laundry and bought milk",
    "Picked up two parcels and broke down the boxes",
    "Paid the electricity bill and the rent",
    "Tuesday. Office, meeting, home.",
]
CLEAR = [
    ("오늘 정말 행복했다", "happiness"),
    ("I am so happy today", "happiness"),
    ("너무 슬퍼서 울었다 ㅠㅠ", "sadness"),
    ("I feel sad and lonely", "sadness"),
    ("너무 무섭고 불안하다", "fear"),
    ("I'm scared and anxious", "fear"),
]


def read(shipped, texts: list[str]) -> list[Reading]:
    return [answer for answer in shipped.read(texts) if isinstance(answer, Reading)]


@pytest.mark.parametrize("line", EVERYDAY)
def test_an_everyday_line_is_not_surely_anything_but_neutral(shipped, line: str) -> None:
    [reading] = read(shipped, [line])
    assert not reading.sure or reading.label == "neutral"
    fused = fusion.fuse([reading])
    assert not fused.sure or fused.label == "neutral"


@pytest.mark.parametrize(("line", "mood"), CLEAR)
def test_a_clear_line_is_surely_its_mood(shipped, line: str, mood: str) -> None:
    [reading] = read(shipped, [line])
    assert (reading.label, reading.sure) == (mood, True)
    fused = fusion.fuse([reading])
    assert (fused.label, fused.sure) == (mood, True)


def test_sure_means_a_probability_of_at_least_six_in_ten_and_nine_right_in_ten(shipped) -> None:
    """No parameter was fitted on the diary lines: this notices scores that have come apart from what they promise."""
    rows = diary_lines(DIARY)
    readings = read(shipped, [row["text"] for row in rows])
    for all_of_them in (readings, [fusion.fuse([reading]) for reading in readings]):
        sure = [
            (one.scores[one.label], one.label == row["mood"])
            for one, row in zip(all_of_them, rows, strict=True)
            if one.sure
        ]
        assert len(sure) >= 30
        assert min(score for score, _ in sure) >= LEAST_SURE
        assert np.mean([right for _, right in sure]) >= 0.9


def test_of_the_plain_lines_that_are_surely_read_nine_in_ten_are_neutral(shipped) -> None:
    lines = [line.text for line in first_person.plain_lines() if not line.tuning]
    sure = [one.label for one in read(shipped, lines) if one.sure]
    assert len(lines) == 50
    assert len(sure) >= 25
    assert sure.count("neutral") >= 0.9 * len(sure)


def test_without_the_prior_the_scores_are_those_of_the_weights(shipped) -> None:
    line = "I am so happy today"
    plain = Recogniser(shipped.words_model)
    [before], [after] = plain.read([line]), shipped.read([line])
    model = shipped.words_model
    raw = model.scores(model.logits(encode(model.tokenizer, [line])), np.array([0.0]))[0]
    assert [before.scores[mood] for mood in EMOTIONS] == pytest.approx(raw.tolist(), abs=1e-6)
    assert after.model.startswith(before.model + " + prior")
