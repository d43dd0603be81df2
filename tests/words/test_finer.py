"""The feelings that a note speaks for."""

from __future__ import annotations

import numpy as np

import feelings
from words import finer
from words.predict import Recogniser, WordsReading


def test_every_label_stands_for_feelings_that_haru_has() -> None:
    for labels in finer.table().values():
        for label, found in labels.items():
            assert found, label
            assert set(found) <= set(feelings.BY_KEY), label


def test_a_label_counts_only_above_a_usual_line_and_the_first_feeling_most() -> None:
    usual = {"goemotions": {"labels": ["sadness", "realization", "remorse"], "usual": [-2.0, -2.0, -6.0]}}
    logits = {"goemotions": np.array([[-1.5, 4.0, -3.0], [1.0, 0.0, -6.0]])}
    regret, sad = finer.feelings_of(logits, usual)
    assert regret == {"regretful": 3.0}
    assert sad == {"down": 3.0, "upset": 3.0 - 0.25}


def test_the_nearest_come_first_and_only_those_that_are_offered() -> None:
    found = {"proud": 4.0, "lonely": 1.5, "hurt": 2.5, "down": 2.0, "upset": 1.2}
    assert finer.nearest(found, ["down", "upset", "hurt", "lonely", "empty"]) == ["hurt", "down", "lonely"]
    assert finer.nearest({}, ["down"]) == []


def test_weights_without_names_of_finer_labels_suggest_none(tiny) -> None:
    (answer,) = Recogniser(tiny).read(["sad"])
    assert isinstance(answer, WordsReading)
    assert answer.feelings == {}
    assert not hasattr(answer.plain(), "feelings")


def test_the_shipped_model_finds_the_feelings_of_plain_sentences(shipped) -> None:
    lines = {
        "Tomorrow I present to everyone and my hands will not stop shaking.": {
            "nervous",
            "worried",
            "anxious",
        },
        "I feel so guilty about what I said to my mother.": {"regretful"},
        "내일 면접이라 심장이 쿵쾅거리고 잠이 안 온다.": {"worried", "anxious", "nervous"},
        "또 야근이라니 진짜 짜증난다.": {"annoyed", "frustrated"},
        "친구가 무거운 짐을 끝까지 들어 줬다. 정말 고맙다.": {"grateful"},
    }
    for line, expected in lines.items():
        (answer,) = shipped.read([line])
        assert isinstance(answer, WordsReading)
        best = sorted(answer.feelings, key=lambda key: -answer.feelings[key])[:3]
        assert expected & set(best), (line, best)
