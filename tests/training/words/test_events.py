"""The templates of events are whole, and none repeats a line that measures."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from emotions import EMOTIONS
from training.words import corpora, events, first_person
from training.words.evaluate import DIARY, NEGATION


@pytest.mark.parametrize("language", ["ko", "en"])
def test_templates_are_whole_and_know_all_seven(language: str) -> None:
    found = list(events.templates(language))
    assert len(found) >= 300
    for template in found:
        assert sum(template.shares.values()) == pytest.approx(1), template.text
        assert set(template.shares) <= set(EMOTIONS), template.text
        assert not set("{}|") & set(template.sentence(random.Random(0))), template.text
    leading = Counter(max(template.shares, key=template.shares.__getitem__) for template in found)
    assert min(leading.values()) >= 100
    assert len({template.text for template in found}) == len(found)


def test_a_template_gives_different_sentences() -> None:
    template = events.Template("{my boss|the team lead} {left|quit}", {"surprise": 1.0})
    assert template.size == 4
    assert len(template.sentences(10, random.Random(0))) > 1
    assert template.sentences(1, random.Random(0)) <= {
        "my boss left", "my boss quit", "the team lead left", "the team lead quit"
    }  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _expanded(template: events.Template) -> set[str]:
    rng = random.Random(0)
    return {_bare(sentence) for sentence in template.sentences(300, rng)}


def test_no_sentence_is_a_line_that_measures(request: pytest.FixtureRequest) -> None:
    measured = {_bare(line["text"]) for file in (DIARY, NEGATION) for line in corpora.diary_lines(file)}
    measured |= {_bare(line.text) for line in first_person.plain_lines()}
    story = Path(request.config.rootpath) / "demo" / "story.tsv"
    measured |= {_bare(cell) for row in story.read_text(encoding="utf-8").splitlines() for cell in row.split("\t")}
    measured.discard("")
    for language in ("ko", "en"):
        for template in events.templates(language):
            long_enough = {sentence for sentence in _expanded(template) if len(sentence) > 6}
            assert not long_enough & measured, template.text
